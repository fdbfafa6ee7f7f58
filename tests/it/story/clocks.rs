//! Clocks that lie, jump, stand still or are set anew, and dates at the edges (RELIABILITY T1, T2, T6 to T11, T13, T15,
//! T16, T18, T19, T21, T24).

use chrono::{DateTime, TimeDelta, Utc};

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with};
use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{FactKind, Status};

pub(super) const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step clinic, deadline none";

/// So many calm referrals of invented people, by phone only.
pub(super) fn open(world: &mut World, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let body = ANA.replace("617-555-0142", &format!("617-555-{number:04}"));
        let body = body.replace("Email: ana@mail.example\n", "").replace("call, email", "call");
        let body = body.replace("Safe to email: yes", "Safe to email: no");
        world.receive(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
    }
}

/// What was said to whom about what: nothing of it twice.
fn said_once(world: &World) {
    let mut said = std::collections::BTreeSet::new();
    for letter in world.letters() {
        let first = said.insert((letter.to.clone(), letter.subject.clone(), letter.text.clone()));
        assert!(first, "twice to {}: {}\n{}", letter.to, letter.subject, letter.text);
    }
}

fn digest_days(world: &World) -> Vec<String> {
    let digests = world.reports().iter().filter(|report| report.subject.starts_with("Daily digest"));
    digests.map(|report| report.subject.split(':').next().unwrap().to_owned()).collect()
}

#[test]
fn t1_t2_t21_one_digest_a_local_day_also_when_its_hour_is_missing_or_comes_twice() {
    for (begin, digest_at) in [("2026-03-06 12:00", "02:30"), ("2026-10-30 12:00", "01:30")] {
        let office = OFFICE.replace("digest_at = \"07:30\"", &format!("digest_at = \"{digest_at}\""));
        let mut world = World::with(begin, &office);
        world.receive(&referral());
        let before = digest_days(&world).len();
        for _ in 0..4 {
            world.pass("12h");
            world.stop();
            world.restart();
            world.pass("12h");
        }
        let days = digest_days(&world);
        let mut once = days.clone();
        once.dedup();
        assert_eq!(days, once, "one a day");
        assert_eq!(days.len() - before, 4, "and one every day: {days:?}");
        world.check();
    }
}

#[test]
fn t21_a_day_that_was_missed_is_named_in_the_next_digest() {
    let mut world = World::at("2026-11-23 10:00");
    world.stop();
    world.sleep_through("3d");
    world.restart();
    world.settle();
    let digest = world.reports().last().unwrap().clone();
    assert_eq!(world.reports().len(), 2, "the days before have no digest of their own");
    assert!(digest.text.contains("24 Nov") && digest.text.contains("25 Nov"), "{}", digest.text);
    world.check();
}

#[test]
fn t7_a_leap_day_a_year_that_ends_and_the_end_of_32_bits_are_days_like_others() {
    for begin in
        ["2028-02-25 10:00", "2026-12-29 10:00", "2032-12-30 10:00", "2038-01-15 10:00", "2037-12-30 10:00"]
    {
        let mut world = World::at(begin);
        world.receive(&referral());
        world.pass("12d");
        assert_eq!(world.count(0, FactKind::Bounced), 1, "{begin}");
        assert_eq!(world.count(0, FactKind::Skipped), 0, "{begin}");
        world.check();
    }
    let mut world = World::at("2028-02-28 10:00");
    world.receive(&referral_with("Court date", "February 29, 2028"));
    let told = world.letter(MARIA, "Action needed");
    assert!(!told.text.contains("is over"), "{}", told.text);
    let due = world.local(world.record(0).next_action_at).to_string();
    assert!(due.as_str() < "2028-03-01", "the leap day counts: {due}");
}

#[test]
fn t8_t11_a_clock_that_jumps_ahead_gives_nobody_up_and_floods_nobody() {
    for ahead in [TimeDelta::hours(8), TimeDelta::days(3)] {
        let mut world = World::at("2026-11-24 10:00");
        open(&mut world, 1000..1020);
        world.pass("1h");
        let before = world.letters().len();
        let now = world.now();
        world.set_clock(now + ahead);
        // One answer lies in the inbox already.
        world.drop_in(&world.letter(MARIA, "Action needed").answer(CONFIRMED));
        world.settle();
        world.pass("1h");
        assert!(world.records().iter().all(|record| !matches!(record.contact, Contact::Bounced { .. })));
        assert!(matches!(world.record(19).contact, Contact::Confirmed { .. }), "the inbox came first");
        assert_eq!(world.count(19, FactKind::Escalated), 0);
        for person in [MARIA, WENDY] {
            let theirs = world.letters().iter().skip(before).filter(|letter| letter.to == person);
            let all: Vec<&str> =
                theirs.map(|letter| letter.subject.as_str()).filter(|s| !s.starts_with("Done")).collect();
            assert!(all.len() <= 1, "{person}: {all:?}");
        }
        said_once(&world);
        world.check();
    }
}

#[test]
fn t9_a_clock_that_is_set_back_fires_nothing_twice_and_moves_no_due_time() {
    let life = |back: TimeDelta| {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.pass("30h");
        let (record, letters, now) = (world.record(0), world.letters().len(), world.now());
        if back > TimeDelta::zero() {
            world.set_clock(now - back);
            world.settle();
        }
        assert_eq!(world.record(0), record, "a due time stays");
        world.pass_to("2026-11-25 16:00");
        assert_eq!(world.letters().len(), letters, "nothing fires twice");
        assert_eq!(digest_days(&world).len(), 2);
        world.pass_to("2026-12-05 12:00");
        let number = world.record(0).reference.to_string();
        let told =
            world.letters().iter().map(|letter| (letter.to.clone(), letter.subject.replace(&number, "R")));
        (told.collect::<Vec<_>>(), digest_days(&world))
    };
    let straight = life(TimeDelta::zero());
    for back in [TimeDelta::minutes(30), TimeDelta::hours(3), TimeDelta::hours(20)] {
        assert_eq!(life(back), straight, "{back}: the life goes on as it would have, and nothing is frozen");
    }
}

#[test]
fn t9_what_has_expired_does_not_come_alive_when_the_clock_is_set_back() {
    let observe = OFFICE.replacen("mode = \"enforce\"", "mode = \"observe\"", 1);
    let mut world = World::with("2026-11-24 10:00", &observe);
    world.receive(&referral());
    let task = world.last_to(MARIA);
    world.pass_to("2026-12-25 20:00");
    world.receive(&task.answer("accept"));
    assert_eq!(world.record(0).status, Status::Received, "it has expired");
    let now = world.now();
    world.set_clock(now - TimeDelta::hours(22));
    world.settle();
    world.receive(&task.answer("accept").message_id("<later@example.org>"));
    assert_eq!(world.record(0).status, Status::Received, "an expired proof stays expired");
    world.answer(MARIA, "accept");
    assert_eq!(world.record(0).status, Status::Accepted, "a fresh one works");
}

#[test]
fn t10_with_a_clock_that_cannot_be_right_mail_is_taken_and_nothing_is_chased_or_sent_to_clients() {
    for wrong in
        ["1970-01-02T00:00:00Z", "2025-11-24T15:00:00Z", "2028-12-24T15:00:00Z", "2099-01-01T00:00:00Z"]
    {
        let mut world = World::at("2026-11-24 10:00");
        let ben = ANA.replace("0142", "0188").replace("ana@", "ben@").replace("Ana C", "Ben C");
        world.receive(&referral().body(&ben));
        world.pass("1h");
        let (before, clients) = (world.record(0), world.letters_to("ben@mail.example").len());
        let right = world.now();
        world.set_clock(wrong.parse::<DateTime<Utc>>().unwrap());
        world.settle();
        world.receive(&referral());
        watched(&mut world, TimeDelta::hours(3));
        assert_eq!(world.record(0), before, "{wrong}: nothing is judged by such a clock");
        assert_eq!(world.records().len(), 2, "{wrong}: mail is taken in");
        assert!(world.letters_to(PARTNER).len() > 1, "{wrong}: the partner hears that we have it");
        assert!(world.letters_to(CLIENT).is_empty(), "{wrong}: nobody knows whether a consent still holds");
        assert_eq!(world.letters_to("ben@mail.example").len(), clients);
        let alerts: Vec<&str> = world
            .letters_to(WENDY)
            .iter()
            .map(|letter| letter.text.as_str())
            .filter(|text| text.contains("clock"))
            .collect();
        assert!((1..=4).contains(&alerts.len()), "{wrong}: told once an hour, {}", alerts.len());
        world.set_clock(right + TimeDelta::hours(1));
        world.settle();
        world.pass("30h");
        for number in [0, 1] {
            assert!(world.count(number, FactKind::Reminded) > 0, "{wrong}: the ladder of {number} goes on");
        }
    }
}

/// Time goes by, and the daemon looks at its clock every now and then, as it does.
fn watched(world: &mut World, span: TimeDelta) {
    let until = world.now() + span;
    while world.now() < until {
        let next = (world.now() + TimeDelta::minutes(30)).min(until);
        world.wait_until(next);
        world.settle();
    }
}

#[test]
fn t10_a_clock_that_is_set_wrong_again_is_believed_no_sooner() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let before = world.record(0);
    for wrong in ["2028-12-24T15:00:00Z", "2029-06-01T15:00:00Z", "2031-01-01T00:00:00Z"] {
        world.set_clock(wrong.parse().unwrap());
        world.settle();
        watched(&mut world, TimeDelta::hours(20));
        assert_eq!(world.record(0), before, "{wrong}");
    }
}

#[test]
fn t10_mail_that_came_by_a_clock_too_far_ahead_has_the_time_of_the_right_one() {
    for wrong in ["2028-12-24T15:00:00Z", "2099-01-01T00:00:00Z"] {
        let mut world = World::at("2026-11-24 10:00");
        world.pass("10m");
        let right = world.now();
        world.set_clock(wrong.parse().unwrap());
        world.settle();
        watched(&mut world, TimeDelta::hours(1));
        world.receive(&referral());
        let received_at = world.record(0).received_at;
        let early = right + TimeDelta::hours(1) - received_at;
        assert!((0..=10).contains(&early.num_minutes()), "{wrong}: {received_at}");
    }
}

#[test]
fn t10_what_a_wrong_clock_put_off_leaves_once_it_is_set_right() {
    // A letter to the client waits for the morning; the clock is wrong for a while and never stops the daemon.
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    let right = world.now();
    world.turn_clock("2099-01-01T15:00:00Z".parse().unwrap());
    world.settle();
    assert!(world.letters_to(CLIENT).is_empty());
    world.turn_clock(right + TimeDelta::hours(11));
    world.settle();
    world.pass("6h");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.check();
}

#[test]
fn t10_a_start_by_a_wrong_clock_holds_nothing_up_once_it_is_set_right() {
    for wrong in ["1970-01-02T00:00:00Z", "2099-01-01T15:00:00Z"] {
        let mut world = World::at("2026-11-24 10:00");
        let right = world.now() + TimeDelta::hours(1);
        world.set_clock(wrong.parse().unwrap());
        world.receive(&referral());
        world.turn_clock(right);
        world.settle();
        world.pass("2h");
        // By a clock that was behind the consent is as old as that, and a person has to ask.
        assert_eq!(world.letters_to(CLIENT).len(), usize::from(wrong > "2026"), "{wrong}");
        world.pass("30h");
        assert!(world.count(0, FactKind::Reminded) > 0, "{wrong}: the ladder runs");
    }
    // A machine that never knew the time: what could not leave is not too old for it afterwards.
    let mut world = World::at("1970-01-02 10:00");
    world.deaf(true);
    world.receive(&referral());
    world.turn_clock("2026-11-24T15:00:00Z".parse().unwrap());
    world.deaf(false);
    world.settle();
    assert_eq!(world.letters_to(PARTNER).len(), 1);
}

#[test]
fn t10_a_clock_that_stays_behind_for_a_day_is_the_right_one() {
    let mut world = World::at("2027-11-24 10:00");
    world.receive(&referral());
    world.set_clock("2026-11-24T15:00:00Z".parse().unwrap());
    world.settle();
    watched(&mut world, TimeDelta::hours(25));
    let number = world.records().len();
    world.receive(&referral().body(&ANA.replace("0142", "0188").replace("ana@", "bea@")));
    world.pass("5d");
    assert_eq!(world.records().len(), number + 1);
    assert!(world.count(number, FactKind::Reminded) > 0, "nothing is frozen for a year");
}

#[test]
fn t13_no_contact_is_given_up_on_a_warning_that_lay_with_us_and_one_that_never_left_is_written_again() {
    // Letters are kept for five days: after ten, the first warning is given up and a second one has left.
    for days in [4, 10] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.deaf(true);
        world.pass(&format!("{days}d"));
        assert_eq!(world.count(0, FactKind::Bounced), 0, "{days}: no warning left");
        world.deaf(false);
        world.settle();
        let back_at = world.now();
        world.pass("6h");
        assert_eq!(world.count(0, FactKind::Bounced), 0, "{days}: what leaves now gives its time");
        world.pass("10d");
        assert_eq!(world.count(0, FactKind::Bounced), 1, "{days}: nothing is frozen");
        let bounced = world.history(0).into_iter().find(|fact| fact.kind == FactKind::Bounced).unwrap();
        assert!(bounced.at - back_at >= TimeDelta::hours(24), "{days}: {}", bounced.at);
    }
}

#[test]
fn t15_a_daemon_that_starts_again_and_again_says_everything_once() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass_to("2026-11-25 05:00");
    for _ in 0..60 {
        world.stop();
        world.sleep_through("6m");
        world.restart();
        world.settle();
        world.stop();
        world.restart();
        world.settle();
    }
    assert_eq!(digest_days(&world).len(), 2, "no digest twice");
    said_once(&world);
    for kind in [FactKind::Reminded, FactKind::Escalated, FactKind::Warned] {
        let mut said: Vec<(DateTime<Utc>, String)> = world
            .history(0)
            .into_iter()
            .filter(|fact| fact.kind == kind)
            .map(|fact| (fact.at, fact.words))
            .collect();
        let all = said.len();
        said.dedup_by(|one, other| one.1 == other.1);
        assert_eq!(said.len(), all, "no stage twice: {kind:?}");
    }
    world.check();
}

#[test]
fn t16_a_thousand_due_in_one_minute_are_one_letter_a_person_and_danger_comes_first() {
    let mut world = World::at("2026-11-24 10:00");
    for number in 0..300 {
        let body = ANA.replace("617-555-0142", &format!("617-555-{number:04}"));
        let body = body.replace("Email: ana@mail.example\n", "");
        let body = if number % 100 == 7 {
            body.replace("Urgency: normal", "Urgency: immediate danger")
        } else {
            body
        };
        world.drop_in(&Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body));
    }
    world.settle();
    world.pass("1h");
    world.stop();
    world.sleep_through("2d");
    let before = world.letters().len();
    world.restart();
    world.settle();
    let first: Vec<String> =
        world.letters().iter().skip(before).map(|letter| letter.subject.clone()).collect();
    assert!(first.iter().filter(|subject| subject.starts_with("Catch-up")).count() <= 2, "{first:?}");
    let urgent =
        first.iter().filter(|subject| !subject.starts_with("Catch-up") && !subject.starts_with("Daily"));
    assert!(urgent.count() >= 3, "danger leaves at once: {first:?}");
    assert!(first.len() <= 60, "{}", first.len());
    for _ in 0..20 {
        let sent = world.letters().len();
        world.pass("1m");
        assert!(world.letters().len() - sent <= 60);
    }
    world.check();
}

#[test]
fn t18_what_lies_in_the_inbox_when_the_time_is_up_counts_and_what_comes_after_does_not_undo() {
    for (seconds, counts) in [(-1, true), (0, true), (3600, false)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let task = world.last_to(MARIA);
        while world.count(0, FactKind::Warned) == 0 {
            world.pass("1h");
        }
        let due_at = world.record(0).look_at.unwrap();
        world.pass_to(&world.local(due_at - TimeDelta::minutes(1)).format("%Y-%m-%d %H:%M").to_string());
        assert_eq!(world.count(0, FactKind::Bounced), 0);
        if !counts {
            world.pass("30m");
        }
        world.wait_until(due_at + TimeDelta::seconds(seconds));
        world.receive(&task.answer(CONFIRMED));
        world.pass("1h");
        assert_eq!(world.count(0, FactKind::Bounced), usize::from(!counts), "{seconds}");
        assert!(
            matches!(world.record(0).contact, Contact::Confirmed { .. }),
            "{seconds}: reached is reached"
        );
        world.check();
    }
}

#[test]
fn t19_no_clock_runs_by_the_date_a_mail_gives_itself() {
    let plain = {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.record(0)
    };
    for date in [
        "Fri, 01 Jan 1999 00:00:00 +0000",
        "Thu, 01 Jan 2099 00:00:00 +0000",
        "Tue, 24 Nov 2026 10:00:00 -1200",
        "Tue, 24 Nov 2026 23:59:60 +9959",
        "yesterday",
        "Wed, 00 Foo 0000 99:99:99 +9999",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral().dated(date));
        let record = world.record(0);
        assert_eq!(record.received_at, plain.received_at, "{date}");
        assert_eq!((record.rung.clock, record.decision), (plain.rung.clock, plain.decision), "{date}");
        let task = world.last_to(MARIA);
        world.receive(&task.answer("attempt call no answer").dated(date));
        assert_eq!(world.record(0).attempts[0].at, world.now(), "{date}");
    }
}

#[test]
fn t6_t24_other_settings_move_no_due_time_that_runs_and_count_for_what_comes_next() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    let before = world.record(0);
    let other = OFFICE
        .replace("America/New_York", "America/Los_Angeles")
        .replace("09:00-17:00", "10:00-16:00")
        .replace("holidays = [2026-12-25]", "holidays = [2026-11-25, 2026-11-26, 2026-11-27]")
        + "\n[policy.seed]\nversion = 2\n[policy.seed.standard]\ndecision_target = \"4 business days\"\n";
    world.restart_with(&other);
    world.settle();
    let after = world.record(0);
    assert_eq!(
        (after.rung, after.decision, after.policy.clone()),
        (before.rung, before.decision, before.policy)
    );
    assert_eq!(after.next_action_at, before.next_action_at, "a due time stays");
    world.receive(&referral().body(&ANA.replace("0142", "0188").replace("ana@", "bea@")));
    assert!(world.record(1).decision.due_at > after.decision.due_at, "the new calendar counts from here on");
    assert_eq!((after.policy.as_str(), world.record(1).policy.as_str()), ("seed v1", "seed v2"));
    world.check();
}
