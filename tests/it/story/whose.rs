//! Whose address a letter would go to, and whose consent a yes is (RELIABILITY P10, P14): in doubt nobody is written to,
//! now or later, the owner is asked, and what was said is undone by no yes of the sender.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral};
use crate::world::{OFFICE, World};

/// Her referral with another address, and more lines.
fn with(address: &str, more: &str) -> Mail {
    let body = format!("{}\n{more}\n", ANA.replace(CLIENT, address));
    Mail::from(PARTNER).subject("New referral").body(&body)
}

/// How many letters left for nobody of the roster.
fn to_clients(world: &World) -> usize {
    let roster =
        |to: &str| to.ends_with("@example.org") || to.ends_with("harbor.example") || to == OTHER_PARTNER;
    world.letters().iter().filter(|letter| !roster(&letter.to)).count()
}

/// Nobody is written to whatever is decided later, and the owner's first letter asks.
fn nobody_is_written_to(mut world: World, what: &str, question: &str) {
    let owner = world.letters_to(MARIA).last().map(|letter| letter.text.clone()).unwrap();
    assert!(owner.contains(question), "{what}: {owner}");
    for words in ["conflict clear", "attempt call no answer", "accept", "close advice given"] {
        world.answer(MARIA, words);
        world.pass("1d");
    }
    // The kinds that are the sender's own letters go to the sender's own address only.
    assert_eq!(to_clients(&world), 0, "{what}");
    world.check();
}

#[test]
fn p10_an_address_that_is_not_the_clients_alone_gets_no_letter_and_the_owner_is_asked() {
    let others = "belongs to somebody else";
    let role = "others may read";
    let opposing = "may be the opposing party";
    for (address, more, question) in [
        ("intake@harbor.example", "", others),
        ("INTAKE+ana@Harbor.example", "", others),
        (OTHER_PARTNER, "", others),
        ("maria@example.org", "", others),
        ("referrals@example.org", "", others),
        ("info@mail.example", "", role),
        ("office@mail.example", "", role),
        ("family@mail.example", "", role),
        ("Reception@mail.example", "", role),
        ("smithfamily@mail.example", "", "the address looks like several people's"),
        ("john.doe@mail.example", "Opposing party: John Doe", opposing),
        ("jd77@mail.example", "Opposing party: John Doe <jd77@mail.example>", "ask what is safe"),
        ("jd77@mail.example", "Safety notes: her husband is jd77@mail.example", "ask what is safe"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&with(address, more));
        nobody_is_written_to(world, &format!("{address} {more}"), question);
    }
    // An address that may be written to, by the same mails.
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&with("ana77@mail.example", "Opposing party: John Doe"));
    assert_eq!(to_clients(&world), 1);
    world.check();
}

#[test]
fn p10_an_address_that_turns_out_to_be_anothers_gets_no_letter_any_more() {
    // Another client, then the roster itself, has the address from now on.
    let bea = ANA.replace("Ana Canary", "Bea Other").replace("0142", "0199");
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    world.receive(&Mail::from(OTHER_PARTNER).subject("Referral").body(&bea));
    world.pass("14h");
    assert_eq!(to_clients(&world), 0, "two clients have it");
    world.check();
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    world.restart_with(&OFFICE.replace("wendy@example.org", CLIENT));
    world.pass("14h");
    assert!(!world.letters_to(CLIENT).iter().any(|letter| letter.text.contains("STOP")), "it is staff's");
}

#[test]
fn p14_a_yes_that_the_other_side_gave_is_none_whatever_is_said_of_it_later() {
    let opposing = "the opposing party seems to have given";
    let another = "somebody other than the client";
    for (more, question) in [
        ("Consent given by: opposing party", opposing),
        ("Opposing party: John Doe\nConsent given by: John Doe", opposing),
        ("Opposing party: John Doe\nConsent given by: her husband John", opposing),
        ("Opposing party: John Doe\nReferrer name: John Doe", opposing),
        ("Opposing party: John Doe\nConsent to contact: yes, given by John Doe", opposing),
        ("Relationship to client: opposing party", opposing),
        ("Consent given by: her husband", another),
        ("Consent given by: a friend", another),
        ("Consent given by: mother", another),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&with(CLIENT, more));
        assert_eq!(to_clients(&world), 0, "{more}");
        let receipt = world.letters_to(PARTNER).first().copied().cloned().unwrap();
        world.receive(&receipt.answer("Consent to share: yes"));
        nobody_is_written_to(world, more, question);
    }
    for more in ["Consent given by: client", "Opposing party: John Doe\nConsent given by: Ana Canary"] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&with(CLIENT, more));
        assert_eq!(to_clients(&world), 1, "{more}");
    }
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&with(CLIENT, "Opposing party: John Doe\nConsent given by: John Doe"));
    world.answer(MARIA, "consent yes, by phone, from the client");
    assert!(world.last_to(MARIA).text.contains("a line does not undo that"), "{}", world.last_to(MARIA).text);
    assert_eq!((to_clients(&world), world.record(0).consent_told), (0, None));
    world.check();
}
