//! A doubt is heard by whichever way its mail ends: answered, parked, left aside as a machine's, or about somebody else.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER};
use crate::world::{OFFICE, World};
use handoffd::referral::packet::Field;
use handoffd::referral::record::FactKind;

/// Words that take the safety of her mail away, whoever writes them.
const WORDS: &str = "Her husband reads her mail now.";
/// Words that take nothing away.
const HARMLESS: &str = "She will bring her papers on Monday.";

/// How somebody writes these words about the record of a world.
type Write = fn(&mut World, &str) -> Mail;

/// A world at night, in which the letter to her waits for the morning. Our mail server says who is who.
fn waiting() -> World {
    let dmarc =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 21:00", &dmarc);
    world.receive(&vouched(Mail::from(PARTNER).subject("New referral").body(ANA), "harbor.example"));
    assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
    assert_eq!(world.records().len(), 1);
    world
}

fn vouched(mail: Mail, domain: &str) -> Mail {
    mail.header("Authentication-Results", &format!("mx.example.org; dmarc=pass header.from={domain}"))
}

/// Whether a letter reaches her the next morning. Where none does, the owner must have been asked.
fn is_written_to(mut world: World) -> bool {
    world.pass("14h");
    let is_written_to = !world.letters_to(CLIENT).is_empty();
    let record = world.record(0);
    let is_asked = record.questions.iter().any(|question| question.contains("Safe to email"));
    assert_eq!(is_asked, !is_written_to, "{:?}", record.questions);
    world.check();
    is_written_to
}

fn heard(who: &str, mail: Write) {
    for (words, is_safe) in [(WORDS, false), (HARMLESS, true)] {
        let mut world = waiting();
        let mail = mail(&mut world, words);
        world.receive(&mail);
        assert_eq!(world.records().len(), 1, "{who}: {words}");
        assert_eq!(is_written_to(world), is_safe, "{who}: {words}");
    }
}

#[test]
fn a_doubt_in_a_mail_that_a_person_must_look_at_is_heard() {
    heard("somebody to whom an assignment was passed on", |world, words| {
        world.last_to(MARIA).answer(words).sent_by("worker@shelter.example")
    });
    heard("a partner whose mail server vouches for nothing", |world, words| {
        let fail = "mx.example.org; dmarc=fail header.from=harbor.example";
        world.letter(PARTNER, "Received").answer(words).header("Authentication-Results", fail)
    });
}

#[test]
fn a_doubt_of_a_person_whose_mail_asks_for_no_answer_is_heard() {
    heard("the owner", |world, words| world.last_to(MARIA).answer(words).header("X-Loop", "1"));
    heard("a partner that was asked to take it on", |world, words| {
        let redirect = world.last_to(MARIA).answer("redirect to North Clinic: outside our county");
        world.receive(&vouched(redirect, "example.org"));
        world.last_to(OTHER_PARTNER).answer(words).header("X-Loop", "1")
    });
    heard("somebody who names it", |world, words| {
        let reference = world.record(0).reference;
        let body = format!("About {reference}: {words}");
        Mail::from("cousin@mail.example").subject("Ana").body(&body).header("X-Loop", "1")
    });
}

#[test]
fn a_doubt_in_a_mail_of_nobody_knows_whom_is_heard() {
    for (words, is_safe) in [(WORDS, false), (HARMLESS, true)] {
        let mut world = waiting();
        let reference = world.record(0).reference;
        let from = "From: Pat <pat@harbor.example>\r\nFrom: Kim <kim@mail.example>";
        world.receive(
            &Mail::from(PARTNER).head(from).subject("Ana").body(&format!("About {reference}: {words}")),
        );
        assert_eq!(is_written_to(world), is_safe, "{words}");
    }
}

#[test]
fn a_doubt_about_another_referral_than_the_one_a_mail_answers_is_heard() {
    for (words, is_safe) in [(WORDS, false), (HARMLESS, true)] {
        let mut world = waiting();
        let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
        world.receive(&vouched(Mail::from(PARTNER).subject("Another").body(&other), "harbor.example"));
        let reference = world.record(0).reference;
        let answer = world.letter(PARTNER, "Received").answer(&format!("And about {reference}: {words}"));
        world.receive(&vouched(answer, "harbor.example"));
        assert_eq!(world.records().len(), 2);
        assert_eq!(is_written_to(world), is_safe, "{words}");
    }
}

#[test]
fn what_was_heard_in_a_parked_mail_does_not_make_it_a_mail_of_that_record() {
    let mut world = waiting();
    // Of a mail of this size only the head is fetched.
    world.restart_with(&format!("{OFFICE}\n[limits]\nmail_mib = 1\n"));
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    let reference = world.record(0).reference;
    let subject = format!("{reference}: {WORDS}");
    let body = format!("{other}\n{}", format!("{}\n", "x".repeat(70)).repeat(20_000));
    let mail = Mail::from("cousin@mail.example").subject(&subject).body(&body);
    world.receive(&mail);
    assert_eq!(world.parked(), [("too_large".to_owned(), None)]);
    assert_eq!(world.count(0, FactKind::Supplemented), 1, "it was heard");
    world.restart_with(OFFICE);
    world.replay_whole(mail.bytes(2, world.local(world.now())));
    assert_eq!(world.records().len(), 2, "it opens a record of its own");
    assert_eq!(world.record(0).packet.text(Field::ClientName), Some("Ana Canary"));
    assert!(!is_written_to(world));
}

#[test]
fn a_machine_at_another_mailbox_that_answers_her_letter_shows_that_it_was_carried_there() {
    for (from, header, is_safe) in [
        ("fishing77@mail.example", ("Auto-Submitted", "auto-replied"), false),
        ("fishing77@mail.example", ("List-Id", "<family.mail.example>"), false),
        (CLIENT, ("Auto-Submitted", "auto-replied"), true),
        (PARTNER, ("Auto-Submitted", "auto-replied"), true),
        (MARIA, ("Auto-Submitted", "auto-replied"), true),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&super::referral());
        let letter = world.last_to(CLIENT);
        let (name, value) = header;
        world.receive(&letter.answer("I am away until Monday.").sent_by(from).header(name, value));
        let record = world.record(0);
        let is_asked = record.questions.iter().any(|question| question.contains("Safe to email"));
        assert_eq!(is_asked, !is_safe, "{from}, {name}: {:?}", record.questions);
        let before = world.letters_to(CLIENT).len();
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len() > before, is_safe, "{from}, {name}");
        assert!(world.letters_to("fishing77@mail.example").is_empty());
        world.check();
    }
}

#[test]
fn a_form_about_one_takes_nothing_from_another_whom_the_mail_names() {
    let mut world = waiting();
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    world.receive(&vouched(Mail::from(PARTNER).subject("Another").body(&other), "harbor.example"));
    let reference = world.record(0).reference;
    let form = "Client name: Bea Canary\nPhone: 617-555-0177\nSafe to email: no\nConsent to share: no";
    let words = format!("Her sister's is {reference}. What we know by now:\n\n{form}");
    let answer = world.letter(PARTNER, "Received").answer(&words);
    world.receive(&vouched(answer, "harbor.example"));
    assert_eq!(world.records().len(), 2);
    assert!(is_written_to(world), "the form is about Bea");
}

#[test]
fn an_automatic_answer_of_one_client_that_answers_the_letter_of_another_is_heard_for_both() {
    let (bea, words) = ("bea@mail.example", "I am away. My husband answers my mail.");
    for (words, doubts_her_own) in [(words, true), ("I am away until Monday.", false)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&super::referral());
        let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
        world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
        let letter = world.last_to(CLIENT);
        let away = letter.answer(words).sent_by(bea).header("Auto-Submitted", "auto-replied");
        world.receive(&away);
        let is_asked = |place: usize| {
            world.record(place).questions.iter().any(|question| question.contains("Safe to email"))
        };
        assert_eq!((is_asked(0), is_asked(1)), (true, doubts_her_own), "{words}");
        world.check();
    }
}

#[test]
fn a_doubt_in_the_other_body_of_a_mail_that_quotes_our_letter_without_a_mark_is_heard() {
    heard("the owner, in the markup", |world, words| {
        let letter = world.last_to(MARIA);
        let text = format!("attempt call no answer\r\n\r\n{}", letter.text.replace('\n', "\r\n"));
        let body = format!(
            "--two\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
             --two\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
             <p>attempt call no answer</p><p>{words}</p>\r\n--two--\r\n"
        );
        letter.answer("").header("Content-Type", "multipart/alternative; boundary=\"two\"").body(&body)
    });
}
