//! A date that must not pass, and words of danger, count by whichever mail they come.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::World;
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{FactKind, Status};

#[test]
fn a_court_date_in_a_later_mail_counts_like_one_in_the_first() {
    let mut world = World::at("2026-11-24 19:30");
    world.receive(&referral());
    assert_eq!(world.record(0).tier, Tier::Standard);
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Court date: 2026-11-25 11:00"));
    let record = world.record(0);
    assert_eq!(record.tier, Tier::Deadline);
    let court = "2026-11-25 11:00:00 EST";
    for (what, at) in [
        ("the next step", record.next_action_at),
        ("the rung", record.rung.clock.due_at),
        ("the decision", record.decision.due_at),
    ] {
        assert!(world.local(at).to_string().as_str() <= court, "{what} is due {}", world.local(at));
    }
    let told = world.letter(WENDY, "Help needed");
    world.show(&told);
    world.pass_to("2026-11-25 12:00");
    assert!(world.count(0, FactKind::Escalated) > 0, "nobody slept over it");
    tell("a court date in a later mail", world);
}

#[test]
fn a_copy_that_names_a_court_date_or_danger_makes_it_urgent() {
    for (label, value, tier) in [
        ("Court date", "2026-11-27 09:00", Tier::Deadline),
        ("Filing deadline", "2026-11-26", Tier::Deadline),
        ("Urgency", "immediate danger", Tier::Safety),
        ("Urgency", "not urgent", Tier::Standard),
        ("Court date", "2027-03-01", Tier::Standard),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.pass("1h");
        world.receive(&referral_with(label, value));
        assert_eq!(world.records().len(), 1, "the same referral");
        assert_eq!(world.record(0).tier, tier, "{label}: {value}");
        world.check();
    }
}

#[test]
fn of_two_dates_the_sooner_one_counts_and_one_that_is_over_is_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Court date", "2026-12-20"));
    for (said, held) in [
        ("Court date: 2026-12-10", "2026-12-10"),
        ("Court date: 2026-12-15", "2026-12-10"),
        ("Court date: 2026-11-02", "2026-12-10"),
    ] {
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(said));
        let date = world.record(0).packet.deadlines().next().unwrap().date;
        assert_eq!(date.to_string(), held, "{said}");
        assert!(world.record(0).questions.iter().any(|question| question.contains("Court date")), "{said}");
    }
    world.pass_to("2026-12-11 10:00");
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Court date: 2027-01-12"));
    let date = world.record(0).packet.deadlines().next().unwrap().date;
    assert_eq!(date.to_string(), "2027-01-12", "the one we held is over");
    world.check();
}

#[test]
fn a_date_in_a_later_mail_that_is_over_is_said_to_be_over() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Court date: 2026-11-20"));
    assert_eq!(world.record(0).tier, Tier::Standard);
    assert!(world.record(0).questions.iter().any(|question| question == "\"Court date\" is over already"));
    assert_eq!(world.count(0, FactKind::Raised), 0);
    world.check();
}

#[test]
fn neither_a_pause_nor_missing_items_put_anything_off_past_a_court_date() {
    // Somebody wrote; nobody looks for three days.
    let mut world = World::at("2026-11-23 10:00");
    world.receive(&referral_with("Court date", "2026-11-30 09:00"));
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Please call me before you call her."));
    world.pass_to("2026-11-27 10:00");
    world.answer(MARIA, "resume");
    let record = world.record(0);
    assert!(world.local(record.rung.clock.due_at).to_string().as_str() <= "2026-11-30 09:00:00 EST");
    world.check();

    // The decision waits for what is missing, but not past the date.
    let mut world = World::at("2026-11-23 10:00");
    let body: String =
        ANA.lines().filter(|line| !line.starts_with("Language")).collect::<Vec<_>>().join("\n");
    world.receive(&referral().body(&format!("{body}\nCourt date: 2026-11-25 15:00\n")));
    assert!(matches!(world.record(0).status, Status::NeedsInfo { .. }));
    let decision = world.local(world.record(0).decision.due_at).to_string();
    assert!(decision.as_str() <= "2026-11-25 15:00:00 EST", "{decision}");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
    );
    world.pass_to("2026-11-25 15:30");
    let reminded = world.history(0).into_iter().filter(|fact| fact.words.contains("decision")).count();
    assert!(reminded > 0, "somebody was told that the decision is due");
    world.check();
}

#[test]
fn a_client_in_danger_who_writes_on_a_weekend_is_not_left_until_monday() {
    let mut world = World::at("2026-11-27 16:00");
    world.receive(&referral_with("Urgency", "immediate danger"));
    world.answer(MARIA, "attempt call left message");
    world.pass_to("2026-11-29 09:00");
    let before = world.letters_to(WENDY).len();
    world.receive(&Mail::from(CLIENT).subject("hello").body("Please call me back, it is getting worse."));
    world.pass_to("2026-11-29 14:30");
    let told = world.letters_to(WENDY);
    assert!(told.len() > before, "Sunday afternoon: four hours, and one more");
    assert!(told.last().unwrap().text.contains("read what was written"), "{}", told.last().unwrap().text);
    world.check();
}

#[test]
fn what_comes_after_a_contact_that_failed_is_decided_before_a_court_date() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Court date", "2026-11-25 14:00"));
    world.answer(MARIA, "attempt call wrong number");
    world.answer(MARIA, "bounce bad contact info");
    let due = world.local(world.record(0).next_action_at).to_string();
    assert!(due.as_str() <= "2026-11-25 14:00:00 EST", "{due}");
    world.check();
}

#[test]
fn a_decision_that_waits_for_missing_items_is_asked_for_a_business_day_before_a_hearing() {
    let body: String =
        ANA.lines().filter(|line| !line.starts_with("Language")).collect::<Vec<_>>().join("\n");
    // A Thursday, and a Monday: the weekend is no time to decide in.
    for (court, from, until) in [
        ("2026-12-03 09:00", "2026-12-02 08:00", "2026-12-02 12:00"),
        ("2026-12-07 09:00", "2026-12-04 08:00", "2026-12-04 12:00"),
    ] {
        let mut world = World::at("2026-11-30 10:00");
        world.receive(&referral().body(&format!("{body}\nCourt date: {court}\n")));
        world.answer(MARIA, "confirmed method call, safe times mornings, next step clinic, deadline none");
        assert!(matches!(world.record(0).status, Status::NeedsInfo { .. }));
        let asked = |world: &World| {
            let facts = world.history(0).into_iter();
            facts.filter(|fact| fact.words.contains("reminded of the decision")).count()
        };
        world.pass_to(from);
        assert_eq!(asked(&world), 0, "{court}: it waits");
        world.pass_to(until);
        assert_eq!(asked(&world), 1, "{court}: a business day before");
        world.check();
    }
}

#[test]
fn of_more_dates_than_there_is_room_for_the_sooner_one_counts_and_none_is_lost_silently() {
    let mut world = World::at("2026-11-23 10:00");
    let body = format!("{ANA}\nFiling deadline: 2026-12-10\nOther deadline: 2026-12-01\n");
    world.receive(&referral().body(&body));
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline 2026-11-25",
    );
    for (heard, others) in
        [(None, ["25 Nov 2026", "1 Dec 2026"]), (Some("2026-12-20"), ["20 Dec 2026", "25 Nov 2026"])]
    {
        if let Some(heard) = heard {
            world.answer(MARIA, &format!("confirmed deadline {heard}"));
        }
        let dates: Vec<String> = world.record(0).packet.deadlines().map(|one| one.date.to_string()).collect();
        assert_eq!(dates, ["2026-12-10", "2026-11-25"], "{heard:?}");
        let names_both = |words: &String| others.iter().all(|other| words.contains(other));
        assert!(world.record(0).questions.iter().any(names_both), "{heard:?}");
        assert!(world.history(0).iter().any(|fact| names_both(&fact.words)), "{heard:?}");
        let told = world.last_to(MARIA).text;
        assert!(told.contains("only the sooner of these dates has a clock"), "{heard:?}: {told}");
        assert!(
            world.local(world.record(0).decision.due_at).to_string().as_str() <= "2026-11-25",
            "{heard:?}"
        );
    }
    // When the sooner one is over there is room.
    world.pass_to("2026-11-27 10:00");
    world.answer(MARIA, "confirmed deadline 2026-12-01");
    let dates: Vec<String> = world.record(0).packet.deadlines().map(|one| one.date.to_string()).collect();
    assert_eq!(dates, ["2026-12-10", "2026-12-01"]);
    world.check();
}
