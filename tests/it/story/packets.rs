//! What a referral carries: missing, doubled, twice, urgent.

use super::{ANA, MARIA, Mail, OTHER_PARTNER, PARTNER, referral, referral_with, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::policy::Tier;
use handoffd::referral::record::Status;

#[test]
fn missing_items_are_asked_for_and_filled_in_by_reply() {
    let mut world = World::at("2026-11-24 10:00");
    let body: String = ANA
        .lines()
        .filter(|line| !line.starts_with("Consent") && !line.starts_with("Language"))
        .collect::<Vec<_>>()
        .join("\n");
    world.receive(&Mail::from(PARTNER).body(&body));
    let receipt = world.last_to(PARTNER);
    world.show(&receipt);
    assert!(matches!(world.record(0).status, Status::NeedsInfo { .. }));
    world.pass("2h");
    world.answer(MARIA, "needs");
    let asked = world.last_to(PARTNER);
    world.show(&asked);
    world.pass_to("2026-11-25 09:30");
    world.answer(PARTNER, "Language: Spanish\nConsent to share: yes");
    assert_eq!(world.record(0).status, Status::UnderReview);
    world.pass("1h");
    world.answer(
        MARIA,
        "confirmed method call, language Spanish, safe times mornings, next step clinic, deadline none",
    );
    world.answer(MARIA, "accept");
    tell("needs info, filled in by reply", world);
}

#[test]
fn needs_info_pauses_the_decision_but_not_for_ever() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", ""));
    world.pass("1h");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
    );
    world.pass("21d");
    tell("needs info for ever", world);
}

#[test]
fn two_people_in_one_mail_are_two_records_and_one_receipt() {
    let mut world = World::at("2026-11-24 10:00");
    let second = ANA.replace("Ana Canary", "Ben Canary").replace("0142", "0143").replace("ana@", "ben@");
    world.receive(&Mail::from(PARTNER).subject("Two referrals").body(&format!("{ANA}\n{second}")));
    assert_eq!(world.records().len(), 2);
    let receipts = world.letters_to(PARTNER);
    assert_eq!(receipts.len(), 1);
    let receipt = receipts[0].clone();
    world.show(&receipt);
    tell("two people in one mail", world);
}

#[test]
fn the_same_referral_by_the_same_partner_is_the_same_record() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("3h");
    world.receive(&referral().subject("Did you get this?"));
    assert_eq!(world.records().len(), 1);
    let known = world.last_to(PARTNER);
    world.show(&known);
    world.pass("1h");
    world.receive(
        &referral_with("Phone", "617-555-0177")
            .subject("New number")
            .said("the same again, with another number"),
    );
    assert_eq!(world.records().len(), 1);
    tell("sent again by the same partner", world);
}

#[test]
fn the_same_person_by_another_partner_looks_like_new_outside() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("3h");
    world.receive(&referral().sent_by(OTHER_PARTNER));
    assert_eq!(world.records().len(), 2);
    let receipt = world.last_to(OTHER_PARTNER);
    assert!(!receipt.text.contains(world.record(0).reference.as_str()));
    tell("sent again by another partner", world);
}

/// Somebody whom no other mail names.
fn somebody_else() -> Mail {
    let lines = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    Mail::from(PARTNER).subject("Another").body(&lines)
}

/// What another partner sees of its referral of Ana: after how many seconds a letter came, its size and its words
/// without the number.
fn seen_by_another(earlier: &Mail, what: &str) -> Vec<(u32, usize, String)> {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(earlier);
    match what {
        "stopped" => world.receive(&Mail::from(super::CLIENT).subject("STOP").body("")),
        "" => {}
        words => world.answer(MARIA, words),
    }
    world.pass_to("2026-11-24 15:00");
    world.pass("2s");
    world.drop_in(&referral().sent_by(OTHER_PARTNER));
    let (mut seen, mut known) = (Vec::new(), world.letters().len());
    for second in 0..20 {
        world.settle();
        let number = world.records().last().unwrap().reference.to_string();
        for letter in world.letters()[known..].iter().filter(|letter| letter.to == OTHER_PARTNER) {
            let words = format!("{}\n{}", letter.subject, letter.text).replace(&number, "R");
            seen.push((second, letter.size, words));
        }
        known = world.letters().len();
        world.pass("1s");
    }
    world.check();
    seen
}

#[test]
fn p18_a_receipt_for_somebody_we_know_has_the_words_the_size_and_the_hour_of_any_other() {
    let of_nobody_known = seen_by_another(&somebody_else(), "");
    assert_eq!(of_nobody_known.len(), 1, "{of_nobody_known:?}");
    for what in ["", "stopped", "close advice given", "do not contact", "decline conflict"] {
        assert_eq!(seen_by_another(&referral(), what), of_nobody_known, "known, {what}");
    }
}

#[test]
fn a_court_date_tomorrow_is_told_at_once_also_at_night() {
    let mut world = World::at("2026-11-28 22:00");
    world.receive(&referral_with("Court date", "11/30/2026 9:00 am"));
    assert_eq!(world.record(0).tier, Tier::Deadline);
    world.pass("36h");
    tell("court date on Monday, mail on Saturday night", world);
}

#[test]
fn a_court_date_that_is_over_is_said_to_be_over() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Court date", "11/20/2026"));
    assert_eq!(world.record(0).tier, Tier::Standard);
    tell("court date last week", world);
}

#[test]
fn danger_runs_on_the_fast_ladder_at_any_hour() {
    let mut world = World::at("2026-11-28 22:00");
    world.receive(&referral_with("Urgency", "immediate danger"));
    assert_eq!(world.record(0).tier, Tier::Safety);
    world.pass("4d");
    tell("safety tier at the weekend", world);
}

#[test]
fn a_second_address_hears_of_danger_that_nobody_answers_and_of_nothing_else() {
    let config = format!("{OFFICE}alert_address = \"duty@phone.example\"\n");
    for (urgency, hears) in [("routine", false), ("immediate danger", true)] {
        let mut world = World::with("2026-11-24 10:00", &config);
        world.receive(&referral_with("Urgency", urgency));
        world.pass("30h");
        assert_eq!(!world.letters_to("duty@phone.example").is_empty(), hears, "{urgency}");
    }
}

#[test]
fn staff_may_raise_a_tier_and_nobody_lowers_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("25h");
    world.answer(MARIA, "raise safety");
    world.pass("1h");
    world.answer(MARIA, "raise deadline");
    assert_eq!(world.record(0).tier, Tier::Safety);
    world.pass("2h");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step appointment, deadline none",
    );
    tell("raised by staff", world);
}
