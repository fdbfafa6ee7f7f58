//! A clock that leaps ahead while the daemon runs, and a machine that sleeps meanwhile (RELIABILITY T8, T11).

use std::time::Duration;

use chrono::TimeDelta;

use super::clocks::open;
use super::{CLIENT, MARIA, Mail, WENDY, referral};
use crate::world::{Letter, OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::record::FactKind;

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

#[test]
fn t11_a_machine_that_slept_for_days_catches_up_like_one_that_was_down() {
    for hours in [8, 24, 72] {
        let mut world = World::at("2026-11-24 10:00");
        open(&mut world, 1000..1020);
        world.pass("1h");
        let before = world.letters().len();
        // What really went by is what the clock shows: nobody set it. The process went on where it stood.
        world.wait_until(world.now() + TimeDelta::hours(hours));
        let answer =
            "confirmed method call, language English, safe times mornings, next step clinic, deadline none";
        world.drop_in(&world.letter(MARIA, "Action needed").answer(answer));
        world.settle();
        world.pass("1h");
        assert!(
            world.records().iter().all(|record| !matches!(record.contact, Contact::Bounced { .. })),
            "{hours}"
        );
        assert!(matches!(world.record(19).contact, Contact::Confirmed { .. }), "the inbox came first");
        assert_eq!(world.count(19, FactKind::Escalated), 0);
        let since = || world.letters().iter().skip(before);
        assert!(
            since().all(|letter| !letter.text.contains("The clock of this machine")),
            "no alarm: {hours}"
        );
        for person in [MARIA, WENDY] {
            let theirs = since().filter(|letter| letter.to == person && !letter.subject.starts_with("Done"));
            let all: Vec<&str> = theirs.map(|letter| letter.subject.as_str()).collect();
            assert!(all.len() <= 1, "{person}, {hours}: {all:?}");
        }
        world.pass("10d");
        assert_eq!(world.count(0, FactKind::Bounced), 1, "and the ladder goes on: {hours}");
        world.check();
    }
}

#[test]
fn t11_a_letter_that_waited_while_the_machine_slept_leaves_only_after_the_inbox_was_read() {
    for stops in [false, true] {
        // Too late for a client: her letter waits for the morning.
        let mut world = World::at("2026-11-24 21:30");
        world.receive(&referral());
        world.wait_until(world.now() + TimeDelta::hours(13));
        if stops {
            world.drop_in(&Mail::from(CLIENT).subject("STOP").body("STOP"));
        }
        world.hand_over();
        assert!(world.letters_to(CLIENT).is_empty(), "her word may lie in the inbox");
        world.settle();
        world.pass("1m");
        assert_eq!(world.letters_to(CLIENT).len(), usize::from(!stops));
        assert_eq!(world.record(0).stopped, stops);
        world.check();
    }
}

#[test]
fn t11_a_sleep_during_which_the_clock_was_set_back_is_noticed_all_the_same() {
    let mut world = World::at("2026-11-24 21:30");
    world.receive(&referral());
    world.pass_to("2026-11-25 08:58");
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    // Two hours asleep; the clock shows that it was as many minutes.
    world.wait_until(world.now() + TimeDelta::hours(2));
    world.turn_clock(world.now() - TimeDelta::minutes(118));
    world.drop_in(&Mail::from(CLIENT).subject("STOP").body("STOP"));
    world.hand_over();
    assert!(world.letters_to(CLIENT).is_empty(), "her word may lie in the inbox");
    world.settle();
    world.pass("1h");
    assert!(world.letters_to(CLIENT).is_empty() && world.record(0).stopped);
    world.check();
}

#[test]
fn t11_the_inbox_is_read_at_once_when_the_machine_wakes_however_seldom_it_is_polled() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.stop();
    world.configure(&OFFICE.replace("move_to_cur = true", "move_to_cur = true\npoll_secs = 3600"));
    world.restart();
    let letters = world.letters_to(MARIA).len();
    let reached = world.last_to(MARIA).answer(super::clocks::CONFIRMED);
    // After the first reminder would have been due.
    let due_at = world.record(0).next_action_at + TimeDelta::hours(2);
    assert!(world.wakes_to(&reached, due_at, Duration::from_secs(20)), "nobody looked into the inbox");
    assert!(matches!(world.record(0).contact, Contact::Confirmed { .. }));
    let since = world.letters_to(MARIA);
    assert!(
        since.iter().skip(letters).all(|letter| !letter.subject.contains("Due soon")),
        "nobody is chased"
    );
    assert_eq!(world.count(0, FactKind::Reminded) + world.count(0, FactKind::Escalated), 0);
    world.check();
}

#[test]
fn a_daemon_that_just_started_has_not_read_the_inbox_however_much_time_goes_by() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let is_read = |world: &World| world.desk().progress.is_inbox_read();
    world.stop();
    world.sleep_through("1h");
    world.restart();
    assert!(!is_read(&world));
    world.watch("2h");
    assert!(!is_read(&world), "that nobody slept says nothing of what lies in the inbox");
    world.settle();
    assert!(is_read(&world), "it was read");
    world.watch("2h");
    assert!(is_read(&world), "and stays read while nobody sleeps");
    world.check();
}
