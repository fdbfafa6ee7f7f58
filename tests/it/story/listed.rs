//! A list and the verbs offer what is likely next, to be tapped or typed, each bound to its referral and its reader.

use super::catch_up::{links, tapped};
use super::{ANA, MARIA, Mail, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;

/// Two referrals of Maria's, and the list of them.
fn listed(office: &str) -> World {
    let mut world = World::with("2026-11-24 10:00", office);
    world.receive(&referral());
    let body = ANA.replace("0142", "0177").replace("ana@", "eve@").replace("Ana Canary", "Eve Canary");
    world.receive(&referral().subject("Referral 2").body(&body));
    world.receive(&Mail::from(MARIA).subject("Mine").body("status"));
    world
}

#[test]
fn each_referral_of_a_list_has_lines_to_tap_that_act_on_it_alone_and_for_its_reader_alone() {
    let plain = OFFICE.replace("[inbox]\n", "[inbox]\nplus_addressing = false\n");
    for office in [OFFICE, plain.as_str()] {
        let mut world = listed(office);
        let list = world.letter(MARIA, "Status");
        let links = links(&list);
        assert_eq!(links.len(), 6, "three lines for each of two: {links:?}");
        let second = world.record(1).reference.to_string();
        let link =
            links.iter().find(|link| link.contains(&second) && link.contains("attempt%20call")).unwrap();
        // In other hands it does nothing.
        world.receive(&tapped(link).sent_by(WENDY));
        assert!(world.records().iter().all(|record| record.attempts.is_empty()));
        world.receive(&tapped(link).sent_by(MARIA));
        let tried: Vec<usize> = world.records().iter().map(|record| record.attempts.len()).collect();
        assert_eq!(tried, [0, 1], "the one it stands under, and no other");
        assert_eq!(world.record(1).contact, Contact::Attempting);
        // The same stands there to be typed.
        let under = list.text.split_once(&format!("Number: {second}")).unwrap().1;
        let to = under.split_once("as the first line to ").unwrap().1.split_once(':').unwrap().0;
        assert!(link.starts_with(&to.replace('+', "%2B")), "{link}: {to}");
        assert_eq!(under.contains("Proof: "), office != OFFICE, "where the address cannot carry it");
        world.check();
    }
}

#[test]
fn a_list_for_a_partner_offers_nothing_that_staff_may_do() {
    let mut world = listed(OFFICE);
    world.receive(&Mail::from(PARTNER).subject("Q").body("status"));
    let list = world.letter(PARTNER, "Status");
    assert!(
        links(&list).is_empty() && !list.text.contains("attempt") && !list.text.contains("first line to")
    );
    let for_staff = world.letter(MARIA, "Status");
    world.show(&for_staff);
    tell("the list of an owner", world);
}

#[test]
fn the_verbs_are_lines_to_tap_too_about_the_referral_whose_letter_was_answered() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "help");
    let help = world.letter(MARIA, "Lines that work");
    let offered = links(&help);
    assert_eq!(offered.len(), 3, "{offered:?}");
    let history = offered.iter().find(|link| link.ends_with("history")).unwrap();
    world.receive(&tapped(history).sent_by(MARIA));
    let told = world.last_to(MARIA);
    assert!(told.subject.contains("History"), "{}: {}", told.subject, told.text);
    // Asked about none, what is of use without one is offered.
    world.receive(&Mail::from(MARIA).subject("?").body("help"));
    let help = world.letter(MARIA, "Lines that work");
    let offered = links(&help);
    assert!(offered.len() == 1 && offered[0].ends_with("status"), "{offered:?}");
    world.receive(&tapped(&offered[0]).sent_by(MARIA));
    assert!(world.last_to(MARIA).text.contains(world.record(0).reference.as_str()));
    world.check();
}

#[test]
fn nobody_is_offered_a_try_where_nobody_is_to_be_tried() {
    for (line, offered) in [
        ("do not contact", vec!["close", "note", "allow contact"]),
        ("bounce unsafe to contact", vec!["redirect to", "close", "reopen"]),
        ("close she found a lawyer", vec!["reopen", "note"]),
    ] {
        for question in ["history", "status"] {
            let mut world = World::at("2026-11-24 10:00");
            world.receive(&referral());
            let task = world.letter_about(MARIA, 0);
            world.receive(&task.answer(line));
            let before = world.letters_to(MARIA).len();
            world.receive(&task.answer(question));
            assert_eq!(world.letters_to(MARIA).len(), before + 1, "{line} {question}");
            let told = world.last_to(MARIA);
            let lines: Vec<String> = links(&told);
            let is_offered = |words: &str| {
                let words = words.replace(' ', "%20");
                lines.iter().any(|link| link.contains(&format!("body={words}")))
            };
            for words in ["attempt", "details", "confirmed"] {
                assert!(!is_offered(words), "{line} {question}: {lines:?}");
            }
            for words in &offered {
                assert!(is_offered(words), "{line} {question} {words}: {lines:?}");
            }
            world.check();
        }
    }
}
