//! Weekends, clock changes, days without a daemon (RELIABILITY T).

use super::{ANA, MARIA, Mail, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::{Letter, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::record::FactKind;

#[test]
fn friday_evening_counts_its_days_from_monday() {
    let mut world = World::at("2026-11-27 17:00");
    world.receive(&referral());
    world.pass("10d");
    assert_eq!(world.count(0, FactKind::Skipped), 0, "a weekend is no downtime");
    tell("Friday 17 00", world);
}

#[test]
fn thursday_morning_is_tried_before_the_weekend() {
    let mut world = World::at("2026-12-03 10:00");
    world.receive(&referral());
    world.pass("8d");
    assert_eq!(world.count(0, FactKind::Skipped), 0);
    tell("Thursday morning", world);
}

#[test]
fn the_night_of_the_clock_change_fires_everything_once() {
    let mut world = World::at("2026-10-31 22:30");
    world.receive(&referral_with("Urgency", "immediate danger"));
    world.pass("12h");
    tell("the hour that comes twice", world);

    let mut world = World::at("2026-03-07 22:30");
    world.receive(&referral_with("Urgency", "immediate danger"));
    world.pass("12h");
    tell("the hour that is missing", world);
}

#[test]
fn after_three_days_down_the_inbox_is_read_before_anybody_is_chased() {
    let mut world = World::at("2026-11-24 10:00");
    let mut tasks: Vec<Letter> = Vec::new();
    for number in 0..30 {
        let body = ANA.replace("0142", &format!("01{number:02}")).replace("ana@", &format!("ana{number}@"));
        world.drop_in(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
        world.settle();
        tasks.push(world.last_to(MARIA));
    }
    world.pass("20h");
    world.stop();
    world.sleep_through("1d");
    for task in tasks.iter().take(25) {
        world.drop_in(&task.answer(
            "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
        ));
    }
    world.sleep_through("2d");
    let before = (world.letters().to_vec().len(), world.now());
    world.restart();
    world.settle();
    for place in 0..30 {
        let confirmed = matches!(world.record(place).contact, Contact::Confirmed { .. });
        assert_eq!(confirmed, place < 25);
        assert_eq!(world.count(place, FactKind::Bounced), 0, "nothing is given up at once");
        if confirmed {
            assert_eq!(world.count(place, FactKind::Escalated), 0, "the confirmed are not escalated");
        }
    }
    world.pass("1h");
    let fresh = world.letters().iter().skip(before.0).collect::<Vec<_>>();
    for place in 25..30 {
        let reference = world.record(place).reference.to_string();
        for person in [MARIA, WENDY] {
            let about =
                fresh.iter().filter(|letter| letter.to == person && letter.text.contains(&reference)).count();
            assert!(about <= 1, "one letter a person and referral, not {about}");
        }
        assert_eq!(world.count(place, FactKind::Bounced), 0);
    }
    world.check();
    world.pass("6h");
    assert!(
        (25..30).all(|place| world.count(place, FactKind::Bounced) == 0),
        "a late warning gives a business day"
    );
    world.check();
}

#[test]
fn a_referral_that_waited_while_the_daemon_was_down_gets_its_time() {
    let mut world = World::at("2026-11-23 10:00");
    world.stop();
    world.drop_in(&referral());
    world.sleep_through("3d");
    world.restart();
    world.settle();
    world.pass("5d");
    tell("three days in the inbox", world);
}

#[test]
fn a_day_down_skips_what_is_over_and_says_so() {
    let mut world = World::at("2026-11-23 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.stop();
    world.sleep_through("2d");
    world.restart();
    world.settle();
    world.pass("4d");
    tell("two days down", world);
}
