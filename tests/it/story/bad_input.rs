//! What people get wrong: each gets a clear answer, and nothing is changed that was not meant.

use super::{CLIENT, MARIA, Mail, OTHER_PARTNER, WENDY, referral, referral_with, tell};
use crate::world::World;
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{FactKind, Status};

#[test]
fn a_line_that_cannot_be_meant_changes_nothing_and_is_answered() {
    let note = "x".repeat(100_000);
    let note = format!("note {note}");
    for (line, answer) in [
        ("accept\ndecline full", "two of your lines contradict each other"),
        ("decline", "decline needs a reason"),
        ("cerrar", "close needs a reason"),
        ("reopen", "reopen needs a reason"),
        ("assign olga", "there is nobody of that name on the roster"),
        ("assign maria", "that person owns it already"),
        ("raise standard", "raise deadline"),
        ("redirect to Nowhere", "redirect to Harbor Legal: outside our county"),
        ("redirect to North Clinik: they are nearer", "did you mean North Clinic, which is asked first?"),
        ("redirect to clinic: they are nearer", "write redirect to north-clinic"),
        ("redirect to Harbor House: they know her", "that organization sent it to us"),
        ("needs the moon", "needs phone, language, consent"),
        ("resume", "nothing is waiting to be looked at"),
        ("allow contact", "allow contact needs a reason"),
        ("consent yes", "consent yes, by phone, from the client"),
        ("conflict maybe", "conflict clear"),
        ("received", "for the organization that was asked"),
        ("bounce for reasons", "bounce capacity delay"),
        ("attempt smoke signal", "attempt call no answer"),
        ("away until 2020-01-01", "that day is over or is today"),
        ("acept", "accept"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let (before, history) = (world.records(), world.history(0).len());
        world.answer(MARIA, line);
        let told = world.last_to(MARIA).text.to_lowercase();
        assert!(told.contains(&answer.to_lowercase()), "{line}: {told}");
        assert_eq!(world.records(), before, "{line}");
        assert_eq!(world.history(0).len(), history, "{line}");
        world.end();
    }
    // Words that are no command are kept as a note, and no more; what is too long says so.
    for (line, answer) in [
        ("Thank you, I will look at it.\n\n> accept\n> decline", "note kept"),
        ("Thank you!\n\n-- \naccept\ndo not contact", "note kept"),
        (note.as_str(), "note kept, cut after 4000 letters"),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        let before = world.records();
        let task = world.last_to(MARIA);
        world.receive(&task.answer(line).said("a note"));
        let told = world.last_to(MARIA).text;
        assert!(told.contains(answer), "{answer}: {told}");
        assert_eq!(world.records(), before);
        assert_eq!(world.count(0, FactKind::Noted), 1);
        assert!(world.history(0).iter().all(|fact| fact.words.len() <= 4_000));
        world.end();
    }
}

#[test]
fn a_number_with_one_wrong_symbol_acts_on_nothing() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let before = world.records();
    let number = before[0].reference.to_string();
    let (kept, last) = number.split_at(number.len() - 1);
    let wrong = format!("{kept}{}", if last == "2" { "3" } else { "2" });
    let task = world.last_to(MARIA);
    world.receive(&task.answer("accept").subject(&format!("Re: {wrong}")));
    assert!(world.last_to(MARIA).text.contains("is not that of the letter you answered"));
    world.receive(&Mail::from(OTHER_PARTNER).subject("?").body(&format!("status {wrong}")));
    assert!(world.last_to(OTHER_PARTNER).text.contains("no open referral of yours"));
    assert_eq!(world.records(), before);
    world.end();
}

#[test]
fn an_organization_that_is_not_on_our_list_was_asked_by_nobody_and_the_owner_is_told_so() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "redirect to County Law Library: a clinic on Tuesdays");
    assert!(matches!(world.record(0).status, Status::Redirected { .. }));
    let told = world.last_to(MARIA);
    assert!(told.text.contains("nobody has asked it: call them"), "{}", told.text);
    world.end();
}

#[test]
fn a_deadline_heard_at_contact_moves_the_decision_before_it_and_one_that_is_over_is_said_to_be() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    let before = world.record(0).decision.due_at;
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline 2026-11-20",
    );
    let told = world.last_to(MARIA);
    assert!(told.text.contains("that date is over already"), "{}", told.text);
    assert!(
        matches!(world.record(0).contact, Contact::Confirmed { .. }),
        "the person was reached all the same"
    );
    world.pass("1h");
    world.answer(MARIA, "confirmed deadline Nov 26");
    let done = world.last_to(MARIA);
    world.show(&done);
    assert!(world.record(0).decision.due_at < before);
    let heard = world.letter(WENDY, "Help needed");
    world.show(&heard);
    world.pass("18h");
    world.answer(MARIA, "accept");
    tell("a deadline heard at contact", world);
}

#[test]
fn a_court_date_tomorrow_is_told_at_once_and_the_first_step_comes_before_it() {
    let mut world = World::at("2026-11-24 19:30");
    world.receive(&referral_with("Court date", "2026-11-25 09:00"));
    let told = world.letter(WENDY, "Help needed");
    world.show(&told);
    let record = world.record(0);
    let due = world.desk().rules.calendar.local(record.next_action_at).to_string();
    assert!(due.as_str() < "2026-11-25 09:00", "{due}");
    world.pass("30m");
    world.answer(MARIA, "attempt call no answer");
    world.pass("30m");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times any, next step appointment, deadline 2026-11-25",
    );
    world.answer(MARIA, "accept");
    assert!(!world.letters_to(CLIENT).is_empty());
    tell("court date tomorrow", world);
}

#[test]
fn of_two_colleagues_who_decide_in_the_same_moment_the_first_word_counts_and_the_second_hears_of_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, "assign wendy");
    let (maria, wendy) = (world.last_to(MARIA), world.last_to(WENDY));
    world.drop_in(&maria.answer("accept"));
    world.drop_in(&wendy.answer("decline no room"));
    world.settle();
    assert_eq!(world.record(0).status, Status::Accepted);
    let told = world.last_to(WENDY);
    assert!(told.text.contains("it was accepted already"), "{}", told.text);
    world.receive(&wendy.answer("assign maria"));
    let handed_over = world.last_to(WENDY);
    world.receive(&maria.answer("close advice given"));
    world.receive(&handed_over.answer("accept"));
    assert!(world.last_to(WENDY).text.contains("this referral is closed"));
    assert!(matches!(world.record(0).status, Status::Closed { .. }));
    world.end();
}
