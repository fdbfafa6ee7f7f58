//! Nobody gets hurt by a mail: where two readings are possible, the safer one counts, and a person hears of it.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral_with};
use crate::world::World;
use handoffd::referral::record::FactKind;

/// The reasons in the record for which letters to the client were held back.
fn withheld(world: &World, place: usize) -> Vec<String> {
    let facts = world.history(place).into_iter();
    facts.filter(|fact| fact.kind == FactKind::ClientLetterWithheld).map(|fact| fact.words).collect()
}

/// The owner was told: a question stands in the record.
fn asked(world: &World, place: usize, words: &str) -> bool {
    world.record(place).questions.iter().any(|question| question.contains(words))
}

#[test]
fn p12_a_consent_with_an_end_lets_letters_through_until_then() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until 2026-11-25"));
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.pass_to("2026-11-26 10:00");
    world.answer(MARIA, "accept");
    world.pass("1h");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "the consent has run out");
    assert_eq!(withheld(&world, 0), ["the consent has run out"]);
    world.end();
}

#[test]
fn p12_a_consent_that_ends_while_a_letter_waits_holds_it_back_and_the_record_says_why() {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral_with("Consent to share", "sí, hasta el 24 de noviembre"));
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    assert_eq!(withheld(&world, 0), Vec::<String>::new());
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(withheld(&world, 0), ["a letter to the client was not sent: the consent has run out"]);
    assert!(asked(&world, 0, "was not sent: the consent has run out"));
    world.end();
}

#[test]
fn an_end_of_a_consent_that_nobody_can_read_is_no_consent_and_is_asked_about() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until the hearing"));
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(withheld(&world, 0), ["nobody could read until when the consent holds"]);
    assert!(asked(&world, 0, "could not be read; please ask"));
    world.end();
}

#[test]
fn p13_a_consent_the_partner_takes_back_counts_before_the_letter_leaves() {
    for (line, why) in [
        ("Consent to share: no, she withdrew it", "there is no clear consent"),
        ("Safe to email: no", "email was not marked as safe"),
    ] {
        let mut world = World::at("2026-11-24 21:00");
        world.receive(&super::referral());
        world.pass("1h");
        world.answer(PARTNER, line);
        world.pass("14h");
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        assert_eq!(withheld(&world, 0), [format!("a letter to the client was not sent: {why}")]);
        assert!(asked(&world, 0, "the sender now says something else"), "{line}");
        // The yes comes back by a person's word only.
        world.answer(PARTNER, &line.replace("no, she withdrew it", "yes").replace("no", "yes"));
        world.answer(MARIA, "accept");
        world.pass("2h");
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        world.end();
    }
}

#[test]
fn t22_a_letter_waits_for_the_clients_own_morning_and_a_zone_in_doubt_is_asked_about() {
    for (line, hour, question) in [
        ("Time zone: Eastern", 9, None),
        ("Time zone: Pacific", 12, None),
        ("Address: 12 Elm St, Fresno, CA 93650", 12, None),
        ("Safe times: after 9 am PT", 12, None),
        ("Address: 12 Elm St, El Paso, TX 79901", 11, None),
        ("Time zone: Mars/Olympus", 12, Some("time zone could not be read")),
        ("Time zone: Pacific\nAddress: 12 Elm St, Troy, NY 12180", 12, Some("do not agree")),
    ] {
        let mut world = World::at("2026-11-24 08:00");
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ANA}{line}\n")));
        world.pass_to(&format!("2026-11-24 {:02}:59", hour - 1));
        assert!(world.letters_to(CLIENT).is_empty(), "{line}");
        world.pass("2m");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{line}");
        let questions = world.record(0).questions;
        assert_eq!(questions.iter().find(|asked| asked.contains("zone")).is_some(), question.is_some());
        assert!(question.is_none_or(|words| asked(&world, 0, words)), "{line}");
        world.end();
    }
}
