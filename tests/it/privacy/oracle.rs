//! Whether the time an answer takes tells if a number exists (RELIABILITY P17). When it leaves is a rule, and shown
//! here; how long the work takes before that is a measurement, for time is no promise of a test: `cargo test --test it
//! -- --ignored --nocapture privacy::oracle`; the figures are in `tests/bench/delay-of-answers.md`.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::loops::handle;
use handoffd::referral::reference::Reference;
use handoffd::store::note::Note;
use handoffd::store::outbox::state::State;
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::PARTNER;
use super::office::{Office, referral};
use crate::rig::SOON;
use crate::rig::postgres::Postgres;

/// Mails of each kind, as the case asks for.
const EACH: usize = 500;

/// An office with a referral of somebody else's, and its number.
async fn with_a_foreign_one(mut office: Office) -> (Office, String) {
    let words = referral("Ann Smith", "518 555 0141", "ann@client.example", "");
    office.mail("somebody@else.example", "Referral", &words).await;
    settle(&office).await;
    let foreign = office.newest().await;
    (office, foreign)
}

/// A number that nobody has.
fn nobodys(number: u64) -> String {
    Reference::draw("R", 4_711 + number).to_string()
}

/// A partner asks, and the answer is committed; when it leaves.
async fn asked(office: &mut Office, reference: &str) -> DateTime<Utc> {
    office.mail(PARTNER, &format!("About {reference}"), &format!("status {reference}")).await;
    office.desk.store.next_letter().await.unwrap().unwrap()
}

/// All that waits counts as sent.
async fn settle(office: &Office) {
    settle_after(office, 0).await;
}

/// The same of what was written after this letter. Returns the last one.
async fn settle_after(office: &Office, mut after: i64) -> i64 {
    loop {
        let lines = office.desk.store.letters_since(after).await.unwrap();
        let Some(last) = lines.last() else { return after };
        after = last.id;
        let waiting = lines.iter().filter(|line| line.state == State::Queued);
        let notes: Vec<Note> =
            waiting.map(|line| Note::Sent { id: line.id, answer: "250".to_owned() }).collect();
        if !notes.is_empty() {
            office.desk.store.note(&notes, office.now()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn p17_an_answer_about_a_foreign_number_leaves_at_the_mark_of_one_about_none() {
    let (mut office, foreign) = with_a_foreign_one(Office::open().await).await;
    let (start, mut last) = (office.now(), 0);
    for number in 0..i64::try_from(EACH).unwrap() {
        // Any moment between two marks, and the same one a minute later.
        let moment = start + TimeDelta::minutes(2 * number) + TimeDelta::milliseconds(167 * number);
        let mut waits = Vec::new();
        for (place, reference) in (0..).zip([foreign.clone(), nobodys(number.unsigned_abs())]) {
            let arrived = moment + TimeDelta::minutes(place);
            office.turn_to(arrived);
            let leaves = asked(&mut office, &reference).await;
            last = settle_after(&office, last).await;
            assert_eq!(leaves.timestamp_millis() % 5_000, 0, "{leaves}");
            waits.push(leaves - arrived);
        }
        // The same wait each time: no test of two distributions tells more.
        assert_eq!(waits[0], waits[1], "at {moment}");
    }
}

/// A connection past the store holds the outbox; the handler is in the middle of its commit when the mark goes by.
#[tokio::test(flavor = "multi_thread")]
async fn p17_an_answer_whose_commit_was_stuck_past_its_mark_waits_for_another_one() {
    let url = Postgres::start().url;
    let (mut office, foreign) = with_a_foreign_one(Office::on_postgres(&url).await).await;
    let mut holder = PgConnection::connect(&url).await.unwrap();
    for (round, reference) in [foreign, nobodys(1)].into_iter().enumerate() {
        let arrived: DateTime<Utc> = format!("2026-11-17T1{}:00:01Z", 7 + round).parse().unwrap();
        office.turn_to(arrived);
        office.take_in(PARTNER, "About a number", &format!("status {reference}")).await;
        holder.execute("BEGIN; LOCK TABLE outbox IN EXCLUSIVE MODE").await.unwrap();
        let desk = Arc::clone(&office.desk);
        let handling = tokio::spawn(async move { handle::tick(&desk).await });
        let end = Instant::now() + SOON;
        while sqlx::query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'outbox'::regclass")
            .fetch_optional(&mut holder)
            .await
            .unwrap()
            .is_none()
        {
            assert!(Instant::now() < end, "nobody wants to write");
        }
        office.turn_to(arrived + TimeDelta::milliseconds(8_300 + 1_000 * i64::try_from(round).unwrap()));
        holder.execute("ROLLBACK").await.unwrap();
        handling.await.unwrap().unwrap();
        office.send().await;
        let letters = office.desk.store.letters_since(0).await.unwrap();
        assert_eq!(
            letters.last().map(|line| (line.kind.as_str(), line.state.word())),
            Some(("status-answer", "queued"))
        );
        let leaves = office.desk.store.next_letter().await.unwrap().unwrap();
        assert_eq!(
            leaves,
            arrived + TimeDelta::seconds(14),
            "a mark after the writing, whichever number it was about"
        );
        office.turn_to(leaves);
        office.send().await;
        let letters = office.desk.store.letters_since(0).await.unwrap();
        assert_eq!(letters.last().map(|line| line.state.word()), Some("sent"));
    }
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
    let (mut office, foreign) = with_a_foreign_one(Office::in_real_time().await).await;
    let (mut works, mut waits) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for number in 0..EACH + 20 {
        let none = nobodys(u64::try_from(number).unwrap());
        // The order changes, so that neither kind is always the second.
        let both = if number % 2 == 0 { [(0, &foreign), (1, &none)] } else { [(1, &none), (0, &foreign)] };
        for (kind, reference) in both {
            let (arrived, began) = (office.now(), Instant::now());
            let leaves = asked(&mut office, reference).await;
            let worked = began.elapsed();
            settle(&office).await;
            // The first ones warm up what is read once.
            if number >= 20 {
                works[kind].push(worked.as_secs_f64() * 1e6);
                waits[kind].push(f64::from(i32::try_from((leaves - arrived).num_milliseconds()).unwrap()));
            }
            assert!(office.now() < leaves, "the work is over before the answer leaves");
        }
    }
    for (what, unit, [foreign, none]) in
        [("until it is written", "µs", works), ("until it leaves", "ms", waits)]
    {
        let median = |all: &[f64]| {
            let mut all = all.to_vec();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        let (distance, p) = kolmogorov_smirnov(&foreign, &none);
        println!(
            "{what}: a foreign number, median {:.0} {unit}; none, {:.0} {unit}; KS distance {distance:.3}, p = {p:.3} \
             ({EACH} each)",
            median(&foreign),
            median(&none)
        );
    }
}
