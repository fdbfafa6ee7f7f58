//! A yes nobody could read: the owner asks the client, writes down what was said, and the gate asks everything else as
//! before.

use super::{CLIENT, MARIA, Mail, PARTNER, WENDY, referral_with, tell};
use crate::rules::office::rules;
use crate::world::World;
use handoffd::referral::decide::Rules;
use handoffd::referral::packet::consent::Told;
use handoffd::referral::record::FactKind;
use handoffd::referral::roster::Mode;
use handoffd::referral::safety;

const YES: &str = "consent yes, by phone, from the client";

/// A referral whose consent nobody can read.
fn unclear() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "verbal, see notes"));
    assert!(world.letters_to(CLIENT).is_empty());
    world
}

#[test]
fn a_yes_the_client_told_the_owner_opens_the_gate_and_the_history_says_how_and_by_whom() {
    let mut world = unclear();
    world.answer(MARIA, "consent yes, by phone");
    let told = world.last_to(MARIA);
    assert!(told.text.contains(YES), "what is left out is asked for: {}", told.text);
    assert_eq!(world.record(0).consent_told, None);
    world.answer(MARIA, YES);
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(told.text.contains("contact, not sharing") && told.text.contains("may leave from now on"));
    assert_eq!(world.letters_to(CLIENT).len(), 1, "who had no number hears it");
    let facts = world.history(0);
    let fact = facts.iter().find(|fact| fact.kind == FactKind::ConsentTold).unwrap();
    assert_eq!(fact.words, "consent told to us: yes, on the phone, by the client");
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), 2);
    tell("a yes told to the owner", world);
}

#[test]
fn only_the_owner_and_the_workflow_owner_may_say_so() {
    let mut world = unclear();
    let task = world.last_to(MARIA);
    // Handed over: the letter in her hands is about a referral of somebody else's.
    world.receive(&task.answer("assign wendy"));
    world.receive(&task.answer(YES));
    assert_eq!(world.record(0).consent_told, None);
    world.answer(WENDY, YES);
    assert!(world.record(0).consent_told.is_some());
    world.check();
}

#[test]
fn a_yes_on_the_phone_never_undoes_a_stop_a_way_that_is_not_safe_or_the_other_sides_hand() {
    for (lines, why) in [
        ("Safe to email: no\n", "email was not marked as safe"),
        (
            "Opposing party: Bob Doe\nConsent given by: Bob Doe\n",
            "the opposing party has a hand in the consent",
        ),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        let body =
            super::ANA.replace("Safe to email: yes\n", "").replace("share: yes", "share: verbal, see notes");
        let safe = if lines.contains("email") { "" } else { "Safe to email: yes\n" };
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{body}{safe}{lines}")));
        world.answer(MARIA, YES);
        let told = world.last_to(MARIA).text;
        assert!(told.contains(why), "{why}: {told}");
        world.answer(MARIA, "accept");
        assert!(world.letters_to(CLIENT).is_empty(), "{why}");
        world.check();
    }
    let mut world = unclear();
    world.answer(MARIA, YES);
    let said = world.letters_to(CLIENT).len();
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    world.answer(MARIA, YES);
    assert!(world.last_to(MARIA).text.contains("we were asked not to write to the client"));
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), said);
    world.check();
}

#[test]
fn a_no_the_client_told_us_stays_one_through_what_the_sender_adds_and_through_a_stop() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe times", "any time"));
    world.answer(MARIA, "consent no");
    let said = world.letters_to(CLIENT).len();
    let is_no = |world: &World| world.record(0).consent_told.is_some_and(|heard| heard.told == Told::No);
    assert!(is_no(&world));
    let receipt = world.last_to(PARTNER);
    world.receive(&receipt.answer("Consent given by: client\nConsent given how: written"));
    assert!(is_no(&world), "a term of the sender's yes is no yes of the client");
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    world.answer(MARIA, "allow contact she asked for letters");
    assert!(is_no(&world));
    world.answer(MARIA, "accept");
    assert_eq!(world.letters_to(CLIENT).len(), said);
    world.check();
}

#[test]
fn a_yes_is_taken_back_by_the_same_words_as_before_and_by_a_second_stop() {
    let mut world = unclear();
    let receipt = world.last_to(PARTNER);
    world.receive(&receipt.answer("Consent to share: no"));
    world.answer(MARIA, YES);
    assert!(world.record(0).consent_told.is_some());
    world.receive(&receipt.answer("Consent to share: no\nPlease note it."));
    assert_eq!(world.record(0).consent_told, None);
    let mut other = unclear();
    other.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    other.answer(MARIA, YES);
    assert!(other.record(0).consent_told.is_some());
    let before = other.letters_to(MARIA).len();
    other.receive(&Mail::from(CLIENT).subject("stop").body("STOP"));
    assert_eq!(other.record(0).consent_told, None);
    assert_eq!(other.letters_to(MARIA).len(), before + 1, "the owner hears that the yes is gone");
    world.check();
    other.check();
}

#[test]
fn a_yes_told_to_us_ends_with_the_consent_it_was_told_under_and_turns_no_no_to_sharing() {
    for (consent, holds) in [("yes until 11/25/2026", false), ("yes until 12/31/2027", true)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Consent to share", consent));
        world.answer(MARIA, YES);
        let said = world.letters_to(CLIENT).len();
        world.pass("3d");
        world.answer(MARIA, "accept");
        assert_eq!(world.letters_to(CLIENT).len() > said, holds, "{consent}");
    }
    let Rules { calendar, roster, .. } = rules(Mode::Enforce);
    for (consent, may) in [("no", false), ("verbal, see notes", true)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Consent to share", consent));
        world.answer(MARIA, "consent yes, in writing, from the client");
        assert!(world.last_to(MARIA).text.contains("unless the referral says no to that"));
        let record = world.record(0);
        let shares = |partner| safety::may_share(&record, partner, &calendar, record.received_at);
        assert!(roster.partners.iter().all(|partner| shares(partner) == may), "{consent}");
    }
}

#[test]
fn a_no_is_noted_on_a_closed_referral_too() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe times", "any time"));
    world.answer(MARIA, "close advice given");
    world.answer(MARIA, "consent no");
    assert!(world.record(0).consent_told.is_some_and(|heard| heard.told == Told::No));
    world.check();
}

#[test]
fn a_yes_from_before_a_stop_or_before_a_later_word_of_the_sender_is_none_after_it() {
    let mut world = unclear();
    world.answer(MARIA, YES);
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    world.answer(MARIA, "allow contact she asked for letters");
    assert_eq!(world.record(0).consent_told, None, "that writing is fine again is no consent");
    let mut other = unclear();
    other.answer(MARIA, YES);
    let said = other.letters_to(CLIENT).len();
    let receipt = other.last_to(PARTNER);
    other.receive(&receipt.answer("Consent to share: no"));
    assert_eq!(other.record(0).consent_told, None);
    other.answer(MARIA, "accept");
    assert_eq!(other.letters_to(CLIENT).len(), said);
}

#[test]
fn a_no_told_to_the_owner_counts_at_once_for_letters_and_for_sharing() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&super::referral());
    world.answer(MARIA, "consent no");
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty(), "the letter that waited for the morning is held back");
    world.answer(MARIA, "redirect to North Clinic: they are nearer");
    assert!(!world.letters_to("desk@north.example").iter().any(|letter| letter.text.contains("Ana")));
    world.check();
}

#[test]
fn the_digest_says_how_many_clients_were_written_to_and_why_the_others_were_not() {
    let mut world = unclear();
    world.receive(
        &Mail::from(PARTNER)
            .subject("Another")
            .body(&super::ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177")),
    );
    world.pass("1d");
    let digest = world.digest();
    assert!(
        digest.contains("Clients written to: 1 of 2 new. Why not: there is no clear consent (1)."),
        "{digest}"
    );
}
