//! What a letter to staff offers fits how it stands: what would be refused, or is not safe, is no likely answer. What is
//! nearly right is asked about, and never kept as if it were only words.

use chrono::TimeDelta;

use super::catch_up::links;
use super::{CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with};
use crate::world::World;
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{FactKind, Status};

/// Until nothing more is said of it: a week.
fn a_week(world: &mut World) {
    world.pass("7d");
}

fn offers(world: &World, words: &str) -> bool {
    let mut all = world.letters_to(MARIA);
    all.extend(world.letters_to(WENDY));
    all.iter().any(|letter| letter.text.contains(&format!("    {words}")))
}

#[test]
fn the_parts_that_were_asked_for_need_no_verb_and_settle_nothing_where_nobody_was_reached() {
    let parts = "method call, language English, safe times evenings, next step clinic, deadline none";
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, parts);
    assert_eq!(world.record(0).contact, Contact::NotStarted, "nobody said that the person was reached");
    world.answer(MARIA, "confirmed");
    let asked = world.last_to(MARIA);
    let line = "confirmed method …, language …, safe times …, next step …, deadline …";
    assert!(asked.text.contains(line), "one line to fill in: {}", asked.text);
    assert!(links(&asked).iter().all(|link| !link.contains("language")), "a tap settles nothing nobody said");
    // Sent as it stands, it tells nothing.
    world.receive(&asked.answer(line));
    let Contact::Confirmed { with, .. } = world.record(0).contact else { panic!("confirmed") };
    assert_eq!(with.missing().len(), 5, "{with:?}");
    world.receive(&asked.answer(parts));
    let Contact::Confirmed { with, .. } = world.record(0).contact else { panic!("confirmed") };
    assert!(with.missing().is_empty(), "{with:?}");
    assert_eq!(world.count(0, FactKind::Noted), 2, "what it was taken for, its words are kept");
    world.check();
}

#[test]
fn confirmed_with_words_that_are_no_parts_is_asked_about_and_no_note() {
    for words in
        ["Confirmed call English mornings appointment court 9am", "confirmado con ella ayer por la tarde"]
    {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let before = world.record(0);
        world.answer(MARIA, words);
        assert_eq!(world.record(0), before, "{words}");
        let asked = world.last_to(MARIA);
        assert!(asked.subject.starts_with("Not done"), "{}", asked.subject);
        assert!(asked.text.contains("    confirmed\n"), "{}", asked.text);
    }
}

#[test]
fn a_line_that_cannot_be_done_is_called_not_done_and_says_what_would_work() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for (words, why, instead) in [
        ("decline", "decline needs a reason", "    decline outside our area"),
        ("close", "close needs a reason", "    close advice given at the clinic"),
        ("assign maria", "that person owns it already", "    attempt call no answer"),
    ] {
        world.answer(MARIA, words);
        let answer = world.last_to(MARIA);
        assert!(answer.subject.starts_with("Not done: R-"), "{}", answer.subject);
        assert!(answer.text.starts_with(&format!("Nothing was changed: {why}.")), "{}", answer.text);
        assert!(answer.text.contains(instead) && !answer.text.contains("one more thing"), "{}", answer.text);
    }
    // What was done and what was not stand apart.
    world.answer(MARIA, "attempt call no answer\nassign maria");
    let answer = world.last_to(MARIA);
    assert!(answer.subject.starts_with("Done: R-"), "{}", answer.subject);
    let (done, not_done) = answer.text.split_once("This was not done:").unwrap();
    assert!(done.contains("- attempt 1 logged") && not_done.contains("- that person owns it already"));
    world.check();
}

#[test]
fn who_must_not_be_contacted_is_never_to_be_tried_and_what_comes_instead_is_due_later_than_now() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Urgency", "immediate danger"));
    // The decision was due after a day.
    world.pass("26h");
    let letters = world.letters().len();
    world.answer(MARIA, "do not contact");
    let record = world.record(0);
    assert!(record.next_action_at > world.now(), "{}", record.next_action_at);
    assert!(record.next_action_at <= world.now() + TimeDelta::days(2));
    a_week(&mut world);
    let since: Vec<_> = world.letters().iter().skip(letters).collect();
    let chased: Vec<_> = since.iter().filter(|one| one.subject.starts_with("Help needed")).collect();
    assert!(!chased.is_empty(), "somebody hears of it again");
    assert!(since.iter().any(|one| one.to == MARIA && one.subject.starts_with("Due soon")));
    assert!(since.iter().all(|one| !one.text.contains("    attempt")), "no try is proposed");
    assert!(chased.iter().all(|one| one.text.contains("    assign\n    close\n    note")));
    assert!(chased.iter().all(|one| one.text.contains("It was due")), "{}", chased[0].text);
    world.check();
}

#[test]
fn a_message_nobody_read_and_a_bounce_nobody_decided_on_offer_what_ends_them() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&super::Mail::from(CLIENT).subject("Hello").body("When will you call me?"));
    world.pass("2d");
    let chased = world.letter(WENDY, "Help needed");
    assert!(chased.text.contains("    assign\n    resume\n    confirmed"), "{}", chased.text);
    world.receive(&super::Mail::from(CLIENT).subject("Hello").body("Is anybody there?"));
    let again = world.letter(MARIA, "Please read");
    assert!(again.text.starts_with("Please read what the client wrote and answer. It was due Tue 24 Nov"));
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "accept");
    world.answer(MARIA, "bounce bad contact info");
    assert!(offers(&world, "reopen"));
    a_week(&mut world);
    let reminded = world.letter(MARIA, "Due soon");
    assert!(reminded.text.contains("    redirect to\n    close\n    reopen"), "{}", reminded.text);
    assert!(!reminded.text.contains("    accept"), "{}", reminded.text);
    world.check();
}

#[test]
fn what_is_over_has_no_next_action_and_no_time() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "close helped at the clinic");
    let done = world.last_to(MARIA);
    assert!(done.text.starts_with("Nothing is left to do."), "{}", done.text);
    assert!(done.text.contains("Next: nothing\n"), "{}", done.text);
    assert!(matches!(world.record(0).status, Status::Closed { .. }));
}

#[test]
fn who_could_not_be_written_to_at_first_hears_the_number_before_any_news() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", ""));
    assert!(world.letters_to(CLIENT).is_empty());
    world.receive(&world.last_to(PARTNER).answer("Consent to share: yes"));
    let told = world.letters_to(CLIENT);
    assert_eq!(told.len(), 1, "one letter");
    assert!(told[0].text.starts_with("We got your referral. Your reference number is"), "{}", told[0].text);
    world.answer(MARIA, "accept");
    assert!(world.last_to(CLIENT).text.starts_with("There is news about your request."));
    world.check();
}

#[test]
fn the_client_hears_the_number_once_however_often_the_sender_changes_the_consent() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.receive(&world.letter(PARTNER, "Received").answer("Consent to share: no"));
    world.answer(MARIA, "needs consent");
    world.pass("1h");
    world.receive(&world.letter(PARTNER, "Received").answer("Consent to share: yes"));
    assert!(world.record(0).missing.is_empty(), "the yes was taken");
    world.answer(MARIA, "accept");
    let letters = world.letters_to(CLIENT);
    let numbers = letters.iter().filter(|letter| letter.text.starts_with("We got your referral"));
    assert_eq!(numbers.count(), 1);
    assert!(letters.last().unwrap().text.starts_with("There is news"), "the client may be written to again");
    world.check();
}

#[test]
fn who_is_told_the_number_late_is_promised_no_time_that_is_over() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", ""));
    world.receive(&super::Mail::from(CLIENT).subject("Hello").body("When will you call me?"));
    world.pass("2d");
    assert!(world.record(0).rung.clock.due_at < world.now(), "the rung stands still since Tuesday");
    world.receive(&world.letter(PARTNER, "Received").answer("Consent to share: yes"));
    let told = world.last_to(CLIENT);
    assert!(told.text.starts_with("We got your referral"), "{}", told.text);
    assert!(told.text.contains("It will be by Friday, November 27"), "{}", told.text);
    world.check();
}

#[test]
fn who_is_told_the_number_late_is_promised_the_time_the_owner_works_to() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", ""));
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Consent to share: yes\nCourt date: 2026-11-24 12:30"));
    let due_at = world.local(world.record(0).rung.clock.due_at);
    assert_eq!(due_at.to_string(), "2026-11-24 12:30:00 EST");
    let told = world.last_to(CLIENT);
    assert!(told.text.starts_with("We got your referral"), "{}", told.text);
    assert!(told.text.contains("It will be by Tuesday, November 24, 2026 at 12:30 PM"), "{}", told.text);
    world.check();
}

#[test]
fn parts_on_lines_of_their_own_are_all_taken_and_what_follows_them_is_a_note() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "attempt call no answer");
    world.answer(MARIA, "confirmed");
    world.answer(
        MARIA,
        "method call\nlanguage English\nsafe times evenings\n\nnext step clinic\ndeadline none\nShe asks for a ramp.",
    );
    let Contact::Confirmed { with, .. } = world.record(0).contact else { panic!("confirmed") };
    assert!(with.missing().is_empty(), "{with:?}");
    let facts = world.history(0);
    let noted = facts.iter().filter(|fact| fact.words.contains("She asks for a ramp."));
    assert_eq!(noted.count(), 1, "{facts:?}");
    world.check();
}

#[test]
fn a_line_that_was_not_understood_is_answered_with_ways_that_are_safe() {
    for (ways, text_is_safe) in [("call, email", false), ("call", false), ("call, text", true)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Safe ways to contact", ways));
        world.answer(MARIA, "atempt call");
        let asked = world.last_to(MARIA);
        assert!(asked.subject.starts_with("Not done"), "{}", asked.subject);
        assert!(asked.text.contains("    attempt call no answer\n"), "{}", asked.text);
        assert_eq!(asked.text.contains("    attempt text"), text_is_safe, "{ways}: {}", asked.text);
    }
}

#[test]
fn where_calls_are_in_doubt_no_text_and_no_letter_is_offered_that_nobody_called_safe() {
    for (lines, offered) in [
        ("Safe to call: no", None),
        ("Safe to call: no\nSafe to text: yes", Some("attempt text no answer")),
        ("Safe to text: no", Some("attempt call no answer")),
    ] {
        let form = "Client name: Ana Canary\nPhone: 518-555-0142\nLanguage: English\nMatter type: housing\n\
                    Consent to share: yes\nConsent to contact: yes";
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&Mail::from(PARTNER).subject("New referral").body(&format!("{form}\n{lines}\n")));
        let tries = ["call", "text", "email", "letter"].map(|way| format!("attempt {way} no answer"));
        let found: Vec<&String> = tries.iter().filter(|line| offers(&world, line)).collect();
        assert_eq!(found.first().map(|line| line.as_str()), offered, "{lines}: {found:?}");
        assert!(found.len() <= 1, "{lines}: {found:?}");
        world.end();
    }
}
