//! A contact that is given up, for each of the five reasons and for two that the data owner added.

use super::{CLIENT, MARIA, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::reason::BounceReason;

/// Two reasons of our own, and another plan for one of the five.
const ADDED: &str = r#"
[[reason]]
code = "wrong_number_family"
core = "bad_contact_info"
words = ["wrong number, family answered", "número de la familia"]
next = "partner relay"

[[reason]]
code = "shelter_moved"
core = "unsafe_to_contact"
words = ["shelter moved", "cambió de refugio"]
next = "other: call the shelter's night line"

[next_action]
language_access_gap = "alternate resource"
"#;

/// A day of a contact that was tried once and then given up with this line.
fn given_up(world: &mut World, line: &str) -> (BounceReason, Option<String>) {
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "attempt call no answer");
    world.pass("1h");
    world.answer(MARIA, line);
    let notice = world.letter(MARIA, "No contact");
    world.show(&notice);
    let told = world.last_to(PARTNER);
    world.show(&told);
    world.pass("20h");
    let Contact::Bounced { reason, added, .. } = world.record(0).contact else { panic!("{line}") };
    (reason, added)
}

#[test]
fn each_of_the_five_reasons_can_be_named_in_english_and_in_spanish() {
    for (name, english, spanish, reason) in [
        (
            "bounced for bad contact info",
            "bounce bad contact info",
            "devolver datos incorrectos",
            BounceReason::BadContactInfo,
        ),
        (
            "bounced as unsafe to contact",
            "bounce unsafe to contact",
            "devolver no es seguro",
            BounceReason::UnsafeToContact,
        ),
        (
            "bounced for capacity delay",
            "bounce capacity delay",
            "devolver capacidad",
            BounceReason::CapacityDelay,
        ),
        (
            "bounced for eligibility mismatch",
            "bounce eligibility mismatch",
            "devolver no elegible",
            BounceReason::EligibilityMismatch,
        ),
        (
            "bounced for a language access gap",
            "bounce language access gap",
            "devolver idioma",
            BounceReason::LanguageAccessGap,
        ),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        assert_eq!(given_up(&mut world, english), (reason, None), "{english}");
        tell(name, world);
        let mut world = World::at("2026-11-24 10:00");
        assert_eq!(given_up(&mut world, spanish), (reason, None), "{spanish}");
    }
}

#[test]
fn a_reason_of_our_own_counts_as_one_of_the_five_and_is_told_with_its_own_words_and_plan() {
    let config = format!("{OFFICE}{ADDED}");
    for (line, core, code) in [
        ("bounce wrong number, family answered", BounceReason::BadContactInfo, Some("wrong_number_family")),
        ("Devolver: numero de la familia.", BounceReason::BadContactInfo, Some("wrong_number_family")),
        ("bounce wrong_number_family", BounceReason::BadContactInfo, Some("wrong_number_family")),
        ("bounce wrong number", BounceReason::BadContactInfo, None),
        ("devolver cambió de refugio ayer", BounceReason::UnsafeToContact, Some("shelter_moved")),
    ] {
        let mut world = World::with("2026-11-24 10:00", &config);
        assert_eq!(given_up(&mut world, line), (core, code.map(str::to_owned)), "{line}");
    }
    let mut world = World::with("2026-11-24 10:00", &config);
    given_up(&mut world, "bounce wrong number, family answered");
    let digest = world.reports().last().unwrap().clone();
    let bounced = "bad contact info (wrong number, family answered). Next: ask the partner to relay";
    assert!(digest.text.contains(bounced), "{}", digest.text);
    let line = digest.text.lines().find(|line| line.contains(bounced)).unwrap().to_owned();
    world.note(&format!("the digest of the next morning: {line}"));
    world.answer(MARIA, "history");
    let history = world.last_to(MARIA);
    assert!(history.text.contains("bad_contact_info (wrong_number_family)"), "{}", history.text);
    world.show(&history);
    tell("bounced for a reason of our own", world);
}

#[test]
fn a_reason_of_our_own_that_counts_as_unsafe_stops_every_letter_to_the_client() {
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}{ADDED}"));
    given_up(&mut world, "bounce shelter moved");
    let before = world.letters_to(CLIENT).len();
    assert!(world.record(0).stopped);
    world.pass("5d");
    assert_eq!(world.letters_to(CLIENT).len(), before);
    let notice = world.letter(WENDY, "No contact");
    assert!(notice.text.contains("no contact by us; call the shelter's night line"), "{}", notice.text);
    world.end();
}

#[test]
fn a_partner_is_not_told_that_somebody_tried_where_no_try_is_logged() {
    for (tries, tried) in [(0, false), (1, true)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        for _ in 0..tries {
            world.answer(MARIA, "attempt call wrong number");
        }
        world.answer(MARIA, "bounce bad contact info");
        let told = world.letter(PARTNER, "No contact yet");
        assert_eq!(told.text.contains("We could not get in touch"), tried, "{}", told.text);
        assert!(told.text.contains("way to reach them"), "{}", told.text);
        world.check();
    }
}

#[test]
fn a_reason_nobody_knows_changes_nothing_and_is_answered_with_all_that_work() {
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}{ADDED}"));
    world.receive(&referral());
    world.answer(MARIA, "bounce because");
    let answer = world.last_to(MARIA);
    for line in ["bounce capacity delay", "bounce wrong number, family answered", "bounce shelter moved"] {
        assert!(answer.text.contains(line), "{line}: {}", answer.text);
    }
    assert_eq!(world.record(0).contact, Contact::NotStarted);
    world.answer(MARIA, "help");
    let help = world.last_to(MARIA);
    assert!(help.text.contains("    bounce wrong number, family answered\n"), "{}", help.text);
    world.end();
}
