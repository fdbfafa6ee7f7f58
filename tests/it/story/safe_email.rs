//! A doubt about the client's address: the owner hears of it with the line that settles it, asks the client by phone, and
//! letters leave again, until the next doubt.

use super::{CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::World;
use handoffd::intake::warning::{self, Warnings};
use handoffd::referral::record::FactKind;

const YES: &str = "email safe, by phone";
const ALIAS: &str = "fishing77@mail.example";

/// She was written to, and a machine at another mailbox answered her letter.
fn doubted() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    carried(&mut world);
    world.pass("30m");
    world
}

/// One more automatic answer of a machine at another mailbox.
fn carried(world: &mut World) {
    let away = world.last_to(CLIENT).answer("I am away until Monday.").sent_by(ALIAS);
    world.receive(&away.header("Auto-Submitted", "auto-replied").said("an out-of-office of another mailbox"));
}

/// How many letters reach her when something is decided about her.
fn letters_later(world: &mut World, words: &str) -> usize {
    let before = world.letters_to(CLIENT).len();
    world.answer(MARIA, words);
    world.pass("2h");
    world.letters_to(CLIENT).len() - before
}

fn is_told_safe(world: &World) -> bool {
    world.record(0).email_told.is_some()
}

#[test]
fn the_letter_about_a_doubt_says_what_makes_email_safe_again_and_it_does_until_the_next_doubt() {
    let mut world = doubted();
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(told.subject.contains("a message about") && told.text.contains(YES), "{}", told.text);
    assert_eq!(letters_later(&mut world, "accept"), 0, "in doubt no letter leaves");
    world.answer(MARIA, &format!("{YES}\nresume"));
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(told.text.contains("may leave from now on") && !told.text.contains(YES), "{}", told.text);
    let facts = world.history(0);
    let fact = facts.iter().find(|fact| fact.kind == FactKind::EmailTold).unwrap();
    assert_eq!(fact.words, "email told to us: safe, on the phone");
    assert!(fact.by.is_some(), "the history says who");
    assert!(world.record(0).questions.is_empty(), "nothing of it is left to settle");
    assert_eq!(letters_later(&mut world, "close advice given"), 1);
    world.answer(MARIA, "reopen a new court date");
    carried(&mut world);
    assert!(!is_told_safe(&world));
    assert!(world.last_to(MARIA).text.contains(YES), "asked anew");
    assert_eq!(letters_later(&mut world, "close advice given"), 0, "a later doubt closes it again");
    assert_eq!(world.count(0, FactKind::EmailTold), 2, "the history says so");
    tell("email made safe again", world);
}

#[test]
fn each_later_word_that_doubts_her_mail_closes_it_again() {
    type Doubt = fn(&World) -> Mail;
    let doubts: [(&str, Doubt); 6] = [
        ("the partner", |world| world.last_to(PARTNER).answer("Her husband reads her mail now.")),
        ("a form of the partner", |world| world.last_to(PARTNER).answer("Safe to email: no")),
        ("a form with an end", |world| world.last_to(PARTNER).answer("Safe to email: yes until 11/20/2026")),
        ("the owner", |world| world.last_to(MARIA).answer("Her husband reads her mail now.")),
        ("the owner in a word", |world| world.last_to(MARIA).answer("email not safe, he has her password")),
        ("a stranger", |world| {
            let about = format!("About {}: her husband reads her mail.", world.record(0).reference);
            Mail::from("cousin@mail.example").subject("Ana").body(&about)
        }),
    ];
    for (who, doubt) in doubts {
        let mut world = doubted();
        world.answer(MARIA, &format!("{YES}\nresume"));
        assert!(is_told_safe(&world), "{who}");
        let mail = doubt(&world);
        world.receive(&mail);
        assert!(!is_told_safe(&world), "{who}");
        assert_eq!(letters_later(&mut world, "accept"), 0, "{who}");
        world.check();
    }
}

#[test]
fn only_the_owner_and_the_workflow_owner_say_it_and_neither_partner_client_nor_stranger_by_any_mail() {
    let mut world = doubted();
    let task = world.last_to(MARIA);
    let receipt = world.last_to(PARTNER);
    let letter = world.last_to(CLIENT);
    for mail in [
        receipt.answer(YES),
        receipt.answer("Safe to email: yes"),
        receipt.answer(YES).sent_by(OTHER_PARTNER),
        letter.answer(YES),
        letter.answer("email safe, in person").sent_by(ALIAS),
        Mail::from(CLIENT).subject("email safe").body(YES),
        task.answer(YES).sent_by(CLIENT),
        task.answer(YES).sent_by(PARTNER),
        Mail::from(MARIA).subject(world.record(0).reference.as_str()).body(YES),
    ] {
        world.receive(&mail);
        assert!(!is_told_safe(&world), "{}", mail.summary());
    }
    assert_eq!(letters_later(&mut world, "accept"), 0);
    // Handed over: the letter in her hands is about a referral of somebody else's.
    world.answer(MARIA, "assign wendy");
    world.receive(&task.answer(YES));
    assert!(!is_told_safe(&world));
    world.answer(WENDY, YES);
    assert!(is_told_safe(&world));
    world.check();
}

#[test]
fn what_was_not_asked_by_phone_or_in_person_is_asked_about_and_nothing_done() {
    for words in
        ["email safe", "email safe, in writing", "email safe, she wrote to me", "Email is safe, I think"]
    {
        let mut world = doubted();
        world.answer(MARIA, words);
        let told = world.last_to(MARIA);
        assert!(!is_told_safe(&world) && told.text.contains(YES), "{words}: {}", told.text);
        world.check();
    }
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\nemail not safe"));
    assert!(world.last_to(MARIA).text.contains("contradict each other"));
    assert!(!is_told_safe(&world));
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\n\nHer husband reads her mail."));
    assert!(!is_told_safe(&world), "what else the mail says counts more");
    assert!(world.last_to(MARIA).text.contains("send that line alone"));
    world.check();
}

#[test]
fn it_undoes_neither_a_stop_nor_do_not_contact_and_a_stop_ends_it() {
    let mut world = doubted();
    world.answer(MARIA, &format!("{YES}\nresume"));
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    assert!(!is_told_safe(&world));
    world.answer(MARIA, YES);
    assert!(world.record(0).stopped);
    assert!(world.last_to(MARIA).text.contains("the client asked us not to write"));
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.check();
    let mut world = doubted();
    world.answer(MARIA, "do not contact");
    world.answer(MARIA, YES);
    assert!(world.last_to(MARIA).text.contains("still no letter to the client"));
    assert_eq!(letters_later(&mut world, "accept"), 0);
    world.check();
}

#[test]
fn a_confirmation_that_was_owed_leaves_once_she_said_that_email_is_safe() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Notes", "Her husband reads her mail."));
    assert!(world.letters_to(CLIENT).is_empty());
    let told = world.last_to(MARIA);
    assert!(told.text.contains(YES), "{}", told.text);
    world.answer(MARIA, "email safe, in person");
    assert_eq!(
        world.letters_to(CLIENT).len(),
        1,
        "{:?}",
        world.history(0).last().map(|fact| fact.words.clone())
    );
    world.check();
}

#[test]
fn where_another_referral_speaks_against_the_address_it_is_asked_about_and_answered_alike() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe to email", "no"));
    world.receive(&referral().sent_by(OTHER_PARTNER));
    assert_eq!(world.records().len(), 2);
    let task = world.letter_about(MARIA, 1);
    assert!(task.text.contains(YES), "{}", task.text);
    assert!(world.letters_to(CLIENT).is_empty());
    world.pass("30m");
    world.receive(&task.answer(YES));
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    assert!(world.record(0).email_told.is_none(), "it was said of one of them");
    world.check();
}

#[test]
fn what_we_ask_warns_of_nothing_where_it_is_quoted() {
    let mut world = doubted();
    let told = world.last_to(MARIA).text;
    let asked: Vec<&str> = told.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(asked.len() == 2 && asked[1].contains(YES), "{told}");
    assert_eq!(warning::of(asked), Warnings::default(), "{told}");
    world.check();
}
