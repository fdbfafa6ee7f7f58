//! Nobody gets hurt by a mail: where two readings are possible, the safer one counts, and a person hears of it.

use super::{CLIENT, MARIA, PARTNER, referral_with};
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
