//! `simulate`: an organisation's own rules against invented referrals, on the real binary and as plain values.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use handoffd::referral::record::BounceReason;
use handoffd::referral::roster::Mode;
use handoffd::simulation::measures::Measures;
use handoffd::simulation::{Plan, run};

use crate::rig::desk::{self, Desk};
use crate::rules::office;

const MONTH: [&str; 9] =
    ["simulate", "--days", "30", "--per-day", "20", "--staff-speed", "fast", "--seed", "7"];

/// A month of two owners.
fn month(minutes: u32, per_day: u32, seed: u64) -> Measures {
    let from = "2026-11-02".parse().unwrap();
    let plan = Plan { from, days: 30, per_day, minutes, poll: TimeDelta::minutes(1), seed };
    run(&office::rules(Mode::Observe), &plan)
}

#[test]
fn the_same_line_prints_the_same_text_and_another_seed_another() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let first = desk.run(&MONTH);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert_eq!(desk.run(&MONTH).out, first.out);
    let mut other = MONTH;
    other[8] = "8";
    assert_ne!(desk.run(&other).out, first.out);
    // Nothing was stored or sent.
    assert!(!desk.path("handoffd.db").exists());
}

#[test]
fn the_text_names_every_measure_and_nobody() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let text = desk.run(&MONTH).out;
    for number in [99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111] {
        assert!(text.contains(&number.to_string()), "{number} is missing:\n{text}");
    }
    for words in
        ["Time to receipt: p50", "Time to first attempt: p50", "Escalations", "Capacity delays", "Owner 1"]
    {
        assert!(text.contains(words), "{words} is missing:\n{text}");
    }
    for name in ["maria", "lopez", "sam", "reed", "harbor", "example.org", "518", "invented@"] {
        assert!(
            !text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word == name),
            "{name}:\n{text}"
        );
    }
}

#[test]
fn a_speed_or_a_day_nobody_can_work_at_is_a_mistake_of_the_command_line() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    for wrong in
        [["--staff-speed", "soon"], ["--staff-speed", "0"], ["--days", "0"], ["--from", "262000-01-01"]]
    {
        let ended = desk.run(&[&["simulate"], wrong.as_slice()].concat());
        assert_eq!(ended.code, 64, "{wrong:?}: {}", ended.err);
    }
}

#[test]
fn faster_staff_means_fewer_bounces_and_no_more_delays_of_our_own() {
    for seed in [1, 2, 3] {
        let [slow, normal, fast] = [60, 20, 4].map(|minutes| month(minutes, 20, seed));
        assert!(fast.shares.bounced < slow.shares.bounced, "{slow}\n{fast}");
        assert!(fast.untried <= normal.untried && normal.untried <= slow.untried, "{slow}\n{normal}\n{fast}");
        assert!(
            fast.within_a_day.0 > slow.within_a_day.0 && fast.chased[1] < slow.chased[1],
            "{slow}\n{fast}"
        );
        assert_eq!(fast.received, slow.received);
    }
}

#[test]
fn every_referral_is_counted_once_in_every_split() {
    let month = month(12, 20, 5);
    assert!(month.received > 400, "{month}");
    let shares = month.shares;
    assert_eq!(shares.confirmed + shares.bounced + shares.not_wanted + shares.open, month.received);
    assert_eq!(month.decisions.iter().sum::<usize>(), month.received);
    assert_eq!(month.bounces.values().sum::<usize>(), shares.bounced);
    assert_eq!(month.receipt.ended, month.received);
    assert!(month.receipt.p90 <= TimeDelta::minutes(1));
    assert_eq!(month.loads.iter().map(|load| load.owned as usize).sum::<usize>(), month.received);
    let reasons: BTreeSet<BounceReason> = month.bounces.keys().copied().collect();
    assert!(reasons.contains(&BounceReason::UnsafeToContact), "{month}");
}

#[test]
fn partners_that_are_asked_answer_or_do_not_and_are_measured() {
    let month = month(12, 20, 5);
    let [received, decided] = month.partner;
    // Three of twenty people are another organization's: some seventy of some four hundred and fifty.
    assert!(received.ended > 30 && received.open > 0, "{month}");
    assert_eq!(received.ended + received.open, decided.ended + decided.open, "the same questions");
    assert!(decided.p50 >= received.p50 && decided.p90 <= TimeDelta::hours(60), "{month}");
    assert!(decided.p50 > TimeDelta::hours(10), "nobody answers at once: {month}");
    assert!(month.decisions[1] > 20, "a yes is a redirect: {month}");
}

#[test]
fn the_ladder_is_simulated_as_enforced_whatever_the_modes_say() {
    // The office above stands on observe, where nobody is ever chased.
    assert!(month(60, 20, 1).chased.iter().all(|count| *count > 0));
}
