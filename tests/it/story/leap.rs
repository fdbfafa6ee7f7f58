//! A clock that leaps ahead while the daemon runs (RELIABILITY T8).

use chrono::TimeDelta;

use super::clocks::open;
use super::{WENDY, referral};
use crate::world::{Letter, World};
use handoffd::referral::record::{Contact, FactKind};

/// The clock leaps while the daemon runs, and runs on for some hours; the ladder cannot be waited for by it.
fn leap_three_days(world: &mut World, hours: i64) {
    world.turn_clock(world.now() + TimeDelta::days(3));
    world.settle();
    for _ in 0..hours {
        world.wait_until(world.now() + TimeDelta::hours(1));
        world.settle();
    }
}

#[test]
fn t8_a_clock_that_leaps_three_days_while_we_run_is_told_and_nobody_is_chased_by_it() {
    let mut world = World::at("2026-11-24 10:00");
    open(&mut world, 1000..1003);
    world.pass("1h");
    let (right, before) = (world.now(), world.records());
    let letters = world.letters().len();
    leap_three_days(&mut world, 10);
    let since = || world.letters().iter().skip(letters);
    let alerts: Vec<&Letter> = since()
        .filter(|letter| letter.text.contains("cannot be right") || letter.text.contains("far from"))
        .collect();
    assert!(!alerts.is_empty() && alerts.len() <= 11, "once an hour at most: {}", alerts.len());
    assert!(alerts.iter().all(|letter| letter.to == WENDY), "the admin");
    assert_eq!(alerts.len(), since().count(), "nobody is chased by a clock that leapt");
    assert_eq!(world.records(), before, "nothing is skipped, warned of or given up");
    // Mail is taken in all the same.
    world.receive(&referral());
    assert_eq!(world.records().len(), 4);
    // Somebody sets it right, and everything goes on as if nothing had been.
    world.turn_clock(right + TimeDelta::hours(11));
    world.settle();
    assert!(world.records().iter().take(3).all(|record| !matches!(record.contact, Contact::Bounced { .. })));
    world.pass("30h");
    assert!(
        world.count(0, FactKind::Reminded) + world.count(0, FactKind::Escalated) > 0,
        "the ladder goes on"
    );
    assert_eq!(world.count(0, FactKind::Skipped), 0, "no time was missed");
    world.check();
}

#[test]
fn t8_a_clock_that_leapt_and_runs_on_for_a_day_is_the_right_one() {
    let mut world = World::at("2026-11-24 10:00");
    open(&mut world, 1000..1003);
    world.pass("1h");
    leap_three_days(&mut world, 23);
    assert_eq!(world.count(0, FactKind::Reminded) + world.count(0, FactKind::Escalated), 0);
    world.wait_until(world.now() + TimeDelta::hours(1));
    world.settle();
    world.pass("4d");
    assert!(world.count(0, FactKind::Reminded) + world.count(0, FactKind::Escalated) > 0, "it is believed");
    // What a leap of less than a day skips is caught up like a downtime, and nobody is alarmed.
    let mut world = World::at("2026-11-24 10:00");
    open(&mut world, 1000..1003);
    let now = world.now();
    world.turn_clock(now + TimeDelta::hours(23));
    world.settle();
    world.pass("1h");
    assert!(world.letters().iter().all(|letter| !letter.text.contains("The clock of this machine")));
    world.check();
}
