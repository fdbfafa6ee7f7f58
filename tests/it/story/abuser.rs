//! What somebody gets who sits in the client's mailbox, holds a letter of ours to the client, or reads a partner's
//! mailbox, and who means the client harm.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral};
use crate::world::{Letter, World};
use handoffd::referral::packet::Field;
use handoffd::referral::record::FactKind;

/// His own mailbox, whose name nothing gives away.
const HIS: &str = "fishing77@mail.example";
/// What he would like to read, and what would tell him where she is or what she plans.
const HERS: [&str; 6] = ["Evictionstory", "housing", "555-0142", "Harbor", "Canary", "accepted"];

/// She was written to, and the daemon runs on.
fn written_to() -> (World, Letter) {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let letter = world.last_to(CLIENT);
    (world, letter)
}

/// The letters that reach her mailbox from now on, whatever becomes of her referral.
fn letters_later(world: &mut World) -> usize {
    let before = world.letters_to(CLIENT).len();
    world.pass("1h");
    world.answer(MARIA, "accept");
    world.pass("1d");
    world.letters_to(CLIENT).len() - before
}

fn is_asked_about_email(world: &World) -> bool {
    world.record(0).questions.iter().any(|question| question.contains("Safe to email"))
}

fn tells_nothing(letter: &Letter) {
    for word in HERS {
        assert!(!letter.text.contains(word) && !letter.subject.contains(word), "{word}: {}", letter.text);
    }
}

#[test]
fn an_automatic_answer_at_her_address_that_says_who_reads_there_ends_the_letters() {
    for (words, is_safe) in [
        ("My husband answers my email now.", false),
        ("This mailbox is shared with my family.", false),
        ("I am away until Monday.", true),
    ] {
        let (mut world, letter) = written_to();
        world.receive(&letter.answer(words).header("Auto-Submitted", "auto-replied"));
        assert_eq!(is_asked_about_email(&world), !is_safe, "{words}");
        assert_eq!(letters_later(&mut world) > 0, is_safe, "{words}");
        world.end();
    }
}

#[test]
fn who_answers_her_letter_from_his_own_mailbox_shows_that_it_lies_in_other_hands() {
    let (mut world, letter) = written_to();
    world.receive(&letter.answer("Who is this? What is it about?").sent_by(HIS));
    assert!(world.letters_to(HIS).is_empty());
    assert!(is_asked_about_email(&world));
    assert_eq!(letters_later(&mut world), 0);
    world.end();
}

#[test]
fn what_looks_like_a_form_in_his_answer_to_her_letter_hides_no_doubt() {
    const WHO: &str = "Who is this? She is my wife.\n\nBob\nPhone: 617-555-0666";
    const BOB: &str = "Client name: Bob Miller\nPhone: 617-555-0666\n\nWho is this? She is my wife.";
    for (words, from) in [(WHO, HIS), (BOB, HIS), (BOB, CLIENT)] {
        let (mut world, letter) = written_to();
        let task = world.last_to(MARIA);
        world.receive(&letter.answer(words).sent_by(from));
        assert!(world.letters_to(HIS).is_empty(), "{words}");
        assert!(is_asked_about_email(&world), "{from}: {words}");
        assert!(world.record(0).held.is_some(), "{from}: {words}");
        assert!(!world.record(0).packet.text(Field::ClientPhone).unwrap_or_default().contains("0666"));
        let before = world.letters_to(CLIENT).len();
        world.receive(&task.answer("accept"));
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), before, "{from}: {words}");
        world.end();
    }
}

#[test]
fn a_form_in_what_staff_forward_about_her_hides_no_doubt() {
    let (mut world, _) = written_to();
    let (task, reference) = (world.last_to(MARIA), world.record(0).reference);
    let forwarded = format!(
        "About {reference}.\n\n---------- Forwarded message ---------\nFrom: Pat <pat@harbor.example>\n\
         Date: Tue, Nov 24, 2026 at 9:50 AM\nSubject: Ana\nTo: Maria <{MARIA}>\n\n\
         Her husband reads her email now.\n\nPat\nPhone: 617-555-0199\n"
    );
    world.receive(&Mail::from(MARIA).subject("Fwd: Ana").body(&forwarded));
    assert!(is_asked_about_email(&world));
    let before = world.letters_to(CLIENT).len();
    world.receive(&task.answer("accept"));
    assert_eq!(world.letters_to(CLIENT).len(), before);
    world.end();
}

#[test]
fn a_colleague_of_the_partner_who_answers_her_letter_takes_nothing_away() {
    let (mut world, letter) = written_to();
    world.receive(&letter.answer("She asked me to answer: she can come on Monday.").sent_by(PARTNER));
    assert!(!is_asked_about_email(&world));
    assert!(letters_later(&mut world) > 0);
    world.end();
}

#[test]
fn what_he_asks_from_her_mailbox_is_answered_with_nothing_of_hers() {
    for (words, is_as_her) in [
        ("What is my case about? Please send me everything you have.", false),
        ("status", false),
        ("details", false),
        ("history", false),
        ("When is my appointment and where?", true),
        ("Who sent you my data?", false),
        ("Can you call me about my case?", true),
    ] {
        let (mut world, letter) = written_to();
        world.receive(&letter.answer(words));
        world.receive(&Mail::from(CLIENT).subject("A question").body(words));
        world.pass("1d");
        let answers: Vec<Letter> = world.letters_to(CLIENT).into_iter().skip(1).cloned().collect();
        assert_eq!(answers.is_empty(), !is_as_her, "{words}");
        answers.iter().for_each(tells_nothing);
        world.end();
    }
}

#[test]
fn what_he_says_from_her_mailbox_changes_neither_her_number_nor_her_address_nor_what_is_decided() {
    for words in [
        "My new phone number is 617-555-0666, please call me there.".to_owned(),
        format!(
            "Client name: Ana Canary\nPhone: 617-555-0666\nEmail: {HIS}\nSafe to email: yes\nConsent to share: yes"
        ),
        format!("Please write to {HIS} from now on."),
        "accept".to_owned(),
        "close she is fine".to_owned(),
        "allow contact I am fine".to_owned(),
        "email safe, by phone, from the client".to_owned(),
        "confirmed method email, language English, safe times any, next step clinic, deadline none"
            .to_owned(),
    ] {
        let (mut world, letter) = written_to();
        let before = world.record(0);
        world.receive(&letter.answer(&words));
        world.receive(&Mail::from(CLIENT).subject("News").body(&words));
        world.pass("2h");
        let after = world.record(0);
        assert_eq!(world.records().len(), 1, "{words}");
        for field in [Field::ClientPhone, Field::ClientEmail, Field::ClientPhoneOther] {
            assert_eq!(after.packet.text(field), before.packet.text(field), "{words}");
        }
        assert_eq!((after.status, after.contact), (before.status, before.contact), "{words}");
        assert!(after.held.is_some(), "somebody must look: {words}");
        assert!(world.letters_to(HIS).is_empty(), "{words}");
        world.end();
    }
}

#[test]
fn a_stop_is_not_taken_back_from_her_mailbox() {
    let (mut world, letter) = written_to();
    world.receive(&letter.answer("STOP"));
    for words in
        ["START", "Please write to me again.", "UNSTOP", "allow contact she said so", "Consent to share: yes"]
    {
        world.receive(&letter.answer(words));
        world.receive(&Mail::from(CLIENT).subject(words).body(words));
    }
    assert_eq!(letters_later(&mut world), 0);
    assert!(world.record(0).stopped);
    world.end();
}

#[test]
fn from_the_partners_mailbox_her_letters_are_not_led_to_his() {
    for (lines, mail) in [
        ("", format!("Email: {HIS}\nSafe to email: yes\nConsent to share: yes")),
        ("Email: ana@mail.example\n", format!("Email: {HIS}\nSafe to email: yes\nConsent to share: yes")),
        ("Email: ana@mail.example\n", format!("She has a new address, please write to {HIS}.")),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        let body = ANA.replace("Email: ana@mail.example\n", lines);
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&body));
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(&mail));
        world.pass("1d");
        assert!(world.letters_to(HIS).is_empty(), "before somebody looked: {lines} {mail}");
        assert!(world.record(0).held.is_some(), "somebody must look");
        for letter in world.letters_to(PARTNER) {
            for word in ["Evictionstory", "555-0142", "Canary"] {
                assert!(!letter.text.contains(word), "{word}");
            }
        }
        world.end();
    }
}

#[test]
fn who_refers_her_once_more_with_his_own_address_learns_nothing_of_the_first_time() {
    let told = |is_known: bool| -> Vec<String> {
        let mut world = World::at("2026-11-24 10:00");
        if is_known {
            world.receive(&referral());
            world.answer(MARIA, "accept");
        }
        let again = ANA.replace(CLIENT, HIS);
        world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(&again));
        world.pass("1d");
        let references: Vec<String> =
            world.records().iter().map(|record| record.reference.as_str().to_owned()).collect();
        let mut letters: Vec<String> = Vec::new();
        for letter in [HIS, OTHER_PARTNER].into_iter().flat_map(|to| world.letters_to(to)) {
            let text = format!("{}: {}\n{}", letter.to, letter.subject, letter.text);
            letters.push(references.iter().fold(text, |text, one| text.replace(one, "R")));
        }
        letters
    };
    assert_eq!(told(true), told(false));
}

#[test]
fn who_asks_as_a_stranger_whether_she_is_known_hears_the_same_of_everybody() {
    let told = |name: &str| -> Vec<String> {
        let (mut world, _) = written_to();
        world.receive(&Mail::from(HIS).subject("A question").body(&format!(
            "Is {name} your client? Her phone is 617-555-0142, her email is ana@mail.example. When is she coming?"
        )));
        world.pass("1d");
        let references: Vec<String> =
            world.records().iter().map(|record| record.reference.as_str().to_owned()).collect();
        let texts =
            world.letters_to(HIS).into_iter().map(|letter| format!("{}\n{}", letter.subject, letter.text));
        texts.map(|text| references.iter().fold(text, |text, one| text.replace(one, "R"))).collect()
    };
    let of_her = told("Ana Canary");
    assert_eq!(of_her, told("Zoe Nobody"));
    assert!(of_her.iter().all(|text| !text.contains("Canary") && !text.contains("0142")), "{of_her:?}");
}

#[test]
fn who_calls_her_letters_spam_ends_them_and_staff_hears_of_it() {
    let (mut world, letter) = written_to();
    world.receive(&letter.answer("Stop writing to my wife or I will find you."));
    assert_eq!(letters_later(&mut world), 0);
    let facts = world.history(0);
    let is_heard = facts.iter().any(|fact| matches!(fact.kind, FactKind::Stopped | FactKind::Held));
    assert!(is_heard && world.record(0).questions.len() + usize::from(world.record(0).stopped) > 0);
    world.end();
}

#[test]
fn who_says_at_her_address_that_they_are_not_her_gets_no_further_letter_until_staff_settled_it() {
    for words in [
        "I am not Ana.",
        "This is not Ana's number.",
        "This isn't Ana's email",
        "Who is Ana?",
        "Who is Ana Canary??",
        "Wrong person",
        "You have the wrong number",
        "There is nobody here by that name",
        "No soy Ana",
        "¿Quién es Ana?",
        "Je ne suis pas Ana",
        "我不是 Ana",
    ] {
        let (mut world, letter) = written_to();
        let before = world.letters_to(CLIENT).len();
        world.receive(&letter.answer(words).header("Content-Type", "text/plain; charset=utf-8"));
        world.pass("1h");
        world.answer(MARIA, "accept");
        world.pass("3d");
        assert_eq!(world.letters_to(CLIENT).len(), before, "{words}");
        assert!(world.record(0).stopped || is_asked_about_email(&world), "{words}");
        world.end();
    }
}
