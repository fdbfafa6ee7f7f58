//! Whether the time an answer takes tells if a number exists (RELIABILITY P17): a measurement, for time is no promise of
//! a test. `cargo test --test it -- --ignored --nocapture privacy::oracle`; the figures are in
//! `tests/bench/delay-of-answers.md`.

use std::time::Instant;

use super::PARTNER;
use super::office::{Office, referral};

/// Mails of each kind, as the case asks for.
const EACH: usize = 500;

/// Microseconds from the mail in the inbox to the committed answer.
async fn asked(office: &mut Office, reference: &str) -> f64 {
    let began = Instant::now();
    office.mail(PARTNER, &format!("About {reference}"), &format!("status {reference}")).await;
    began.elapsed().as_secs_f64() * 1e6
}

/// The largest distance of two samples' distributions, and how likely one at least as large is if they are one (the
/// series of Kolmogorov and Smirnov, as in Numerical Recipes 14.3).
fn kolmogorov_smirnov(one: &[f64], other: &[f64]) -> (f64, f64) {
    let share = |all: &[f64], at: f64| {
        f64::from(u32::try_from(all.iter().filter(|value| **value <= at).count()).unwrap())
            / f64::from(u32::try_from(all.len()).unwrap())
    };
    let points = one.iter().chain(other);
    let distance = points.map(|at| (share(one, *at) - share(other, *at)).abs()).fold(0.0, f64::max);
    let (n, m) =
        (f64::from(u32::try_from(one.len()).unwrap()), f64::from(u32::try_from(other.len()).unwrap()));
    let root = (n * m / (n + m)).sqrt();
    let lambda = (root + 0.12 + 0.11 / root) * distance;
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * (-2.0 * f64::from(k * k) * lambda * lambda).exp()
    };
    let p = if lambda < 0.2 { 1.0 } else { (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0) };
    (distance, p)
}

#[test]
fn the_distance_of_two_samples_is_that_of_the_book() {
    let numbers = |from: u32, to: u32| (from..to).map(f64::from).collect::<Vec<f64>>();
    assert!(kolmogorov_smirnov(&numbers(0, 100), &numbers(0, 100)).1 > 0.99);
    let (distance, p) = kolmogorov_smirnov(&numbers(0, 100), &numbers(50, 150));
    assert!((distance - 0.5).abs() < 0.02 && p < 1e-9, "{distance} {p}");
}

#[tokio::test]
#[ignore = "a measurement, not a check"]
async fn the_time_of_an_answer_about_a_foreign_number_and_about_none() {
    let mut office = Office::open().await;
    let words = referral("Ann Smith", "518 555 0141", "ann@client.example", "");
    office.mail("somebody@else.example", "Referral", &words).await;
    let foreign = office.newest().await;
    let (mut about_foreign, mut about_none) = (Vec::new(), Vec::new());
    for number in 0..EACH + 20 {
        let number = u64::try_from(number).unwrap();
        let none = handoffd::referral::reference::Reference::draw("R", 4_711 + number).to_string();
        // The order changes, so that neither kind is always the second.
        let both = if number % 2 == 0 { [&foreign, &none] } else { [&none, &foreign] };
        for reference in both {
            let took = asked(&mut office, reference).await;
            // The first ones warm up what is read once.
            if number >= 20 && *reference == foreign {
                about_foreign.push(took);
            } else if number >= 20 {
                about_none.push(took);
            }
        }
    }
    let median = |all: &mut Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let (distance, p) = kolmogorov_smirnov(&about_foreign, &about_none);
    println!(
        "a foreign number: median {:.0} µs; none: {:.0} µs; KS distance {distance:.3}, p = {p:.3} ({EACH} each)",
        median(&mut about_foreign),
        median(&mut about_none)
    );
}
