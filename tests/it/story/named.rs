//! Who is named as the opposing party of a record is heard by that name in every later mail about it.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER};
use crate::world::World;

/// How somebody writes about the record of a world.
type Write = fn(&World) -> Mail;

/// A world at night, in which the letter to her waits for the morning.
fn waiting(lines: &str) -> World {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{ANA}{lines}\n")));
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    assert_eq!(world.records().len(), 1);
    world
}

/// Whether letters reach her the next morning. Where none does, the owner must have been asked.
fn is_written_to(mut world: World) -> bool {
    world.pass("14h");
    assert_eq!(world.records().len(), 1, "it is about the record that there is");
    let is_written_to = !world.letters_to(CLIENT).is_empty();
    let record = world.record(0);
    let is_asked = record.questions.iter().any(|question| question.contains("Safe to email"));
    assert_eq!(is_asked, !is_written_to, "{:?}", record.questions);
    world.end();
    is_written_to
}

#[test]
fn whoever_names_the_other_side_in_a_later_mail_about_a_referral_is_heard() {
    const WORDS: &str = "John reads her mail now.";
    let by: [(&str, Write); 9] = [
        ("the partner", |world| world.letter(PARTNER, "Received").answer(WORDS)),
        ("the partner, with a form", |world| {
            world.letter(PARTNER, "Received").answer(&format!("Language: Spanish\nNotes: {WORDS}"))
        }),
        ("the partner, once more", |_| {
            Mail::from(PARTNER).subject("Ana again").body(&format!("{ANA}\n{WORDS}\n"))
        }),
        ("the partner, who asks", |world| {
            world.letter(PARTNER, "Received").answer(&format!("status\n{WORDS}"))
        }),
        ("the client", |_| Mail::from(CLIENT).subject("Hello").body("John reads my mail now.")),
        ("somebody in the thread", |world| {
            world.letter(PARTNER, "Received").answer(WORDS).sent_by("pat@harbor.example")
        }),
        ("the owner", |world| world.last_to(MARIA).answer(&format!("She called. {WORDS}"))),
        ("the owner, below a verb", |world| world.last_to(MARIA).answer(&format!("accept\n\n{WORDS}"))),
        ("a colleague without a proof", |world| {
            let reference = world.record(0).reference;
            Mail::from(MARIA).subject("Ana").body(&format!("About {reference}: {WORDS}"))
        }),
    ];
    for (who, mail) in by {
        for (opposing, is_safe) in [("John Doe", false), ("Robert Lee", true)] {
            let mut world = waiting(&format!("Opposing party: {opposing}"));
            let mail = mail(&world);
            world.receive(&mail);
            if who == "the client" {
                world.answer(MARIA, "resume");
            }
            assert_eq!(is_written_to(world), is_safe, "{who}, of {opposing}");
        }
    }
    let mut world = waiting("Opposing party: John Doe");
    world.receive(&Mail::from(OTHER_PARTNER).subject("Hello").body(WORDS));
    world.pass("14h");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "who is meant by that John, nobody knows");
}

#[test]
fn a_partner_that_was_asked_to_take_it_on_is_heard_too() {
    for words in
        ["John reads her mail now.", "status\nJohn reads her mail now.", "received\n\nJohn reads her mail."]
    {
        for (opposing, is_safe) in [("John Doe", false), ("Robert Lee", true)] {
            let mut world = waiting(&format!("Opposing party: {opposing}"));
            world.answer(MARIA, "redirect to North Clinic: outside our county");
            let offer = world.last_to(OTHER_PARTNER);
            world.receive(&offer.answer(words));
            assert_eq!(is_written_to(world), is_safe, "{words}, of {opposing}");
        }
    }
}

#[test]
fn names_that_are_other_words_elsewhere_are_heard() {
    for (opposing, words, is_safe) in [
        ("Al Green", "Al reads her mail now.", false),
        ("Le Van Do", "Le reads her mail now.", false),
        ("Do Van An", "An reads her mail now.", false),
        ("Mae Johnson", "Mae reads her mail now.", false),
        ("Tia Brown", "Tia reads her mail now.", false),
        ("John Doe", "John Jr. reads her mail now.", false),
        ("al green", "Green reads her mail now.", false),
        ("Dr. Green", "She got your mail and the letter of the clinic.", true),
        ("Do Van An", "She will send an email.", true),
        ("Her Husband", "She reads her mail.", true),
        ("Le Van Do", "She came today.", true),
    ] {
        let mut world = waiting(&format!("Opposing party: {opposing}"));
        world.receive(&world.letter(PARTNER, "Received").answer(words));
        assert_eq!(is_written_to(world), is_safe, "{opposing}: {words}");
    }
}

/// Another person of the partner's list.
fn bea() -> String {
    ANA.replace("Ana Canary", "Bea Lark").replace("ana@", "bea@").replace("0142", "0177")
}

#[test]
fn a_list_that_is_sent_again_is_heard_about_each_of_whom_it_names() {
    for (opposing, is_safe) in [("John Doe", false), ("Robert Lee", true)] {
        let mut world = waiting(&format!("Opposing party: {opposing}"));
        let list = format!("John reads Ana's mail now.\n\n{ANA}\n{}", bea());
        world.receive(&Mail::from(PARTNER).subject("Our list").body(&list));
        assert_eq!(world.records().len(), 2, "Ana keeps her record, and Bea gets one");
        world.pass("14h");
        assert_eq!(!world.letters_to(CLIENT).is_empty(), is_safe, "{opposing}");
        assert_eq!(world.letters_to("bea@mail.example").len(), 1, "it is said of Ana: {opposing}");
    }
}
