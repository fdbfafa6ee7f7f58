//! A client who was reached and waits hears from us again (requirement 83).

use super::{CLIENT, MARIA, WENDY, referral, referral_with, tell};
use crate::world::World;

const CONFIRMED: &str =
    "confirmed method call, language English, safe times mornings, next step appointment, deadline none";

#[test]
fn a_client_who_waits_for_weeks_hears_that_it_is_still_open() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, CONFIRMED);
    world.answer(MARIA, "accept");
    world.pass("16d");
    let told = world.last_to(CLIENT);
    assert!(told.text.contains("Your request is still open"), "{}", told.text);
    world.show(&told);
    world.pass("12d");
    world.answer(MARIA, "close the appointment took place");
    world.pass("40d");
    tell("a client who waits", world);
}

#[test]
fn a_client_whose_letter_was_held_back_was_not_told_and_the_owner_is_asked_to() {
    // Decided at night, it would leave in the morning; the consent ends at midnight.
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until November 24"));
    world.answer(MARIA, CONFIRMED);
    world.pass_to("2026-11-24 21:00");
    world.answer(MARIA, "accept");
    let letters = world.letters_to(CLIENT).len();
    world.pass_to("2026-11-25 10:00");
    assert_eq!(world.letters_to(CLIENT).len(), letters);
    let asked = world.last_to(MARIA);
    assert!(asked.text.contains("tell the client where it stands"), "{}", asked.text);
    assert!(asked.text.contains("a letter to the client was not sent: the consent has run out"));
    world.show(&asked);
    world.pass("22d");
    assert!(world.letter(WENDY, "Help needed").text.contains("tell the client"));
    tell("a client whose letter was held back", world);
}

#[test]
fn the_owner_is_told_when_the_client_really_heard_last() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Consent to share", "yes, until November 30"));
    world.answer(MARIA, CONFIRMED);
    world.pass_to("2026-11-30 21:00");
    world.answer(MARIA, "accept");
    world.pass_to("2026-12-01 10:00");
    let asked = world.last_to(MARIA);
    assert!(asked.text.contains("heard nothing from us since Tue 24 Nov"), "{}", asked.text);
    let since = world.record(0).update.unwrap().since;
    assert!(world.local(since).to_string().starts_with("2026-11-24"), "{since}");
    world.check();
}

#[test]
fn a_client_whose_letter_came_back_was_not_told_either() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.answer(MARIA, CONFIRMED);
    world.answer(MARIA, "accept");
    let report = world.last_to(CLIENT).bounced();
    world.receive(&report);
    let asked = world.last_to(MARIA);
    assert!(asked.text.contains("tell the client where it stands"), "{}", asked.text);
    assert!(asked.text.contains("email address does not work"));
    world.check();
}

#[test]
fn where_no_letter_may_leave_the_owner_is_asked_to_tell_the_client_and_then_the_workflow_owner_hears_of_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Safe to email", "no"));
    world.pass("1h");
    world.answer(MARIA, CONFIRMED);
    world.answer(MARIA, "accept");
    world.pass("16d");
    let asked = world.letter(MARIA, "Due soon");
    assert!(asked.text.contains("tell the client where it stands"), "{}", asked.text);
    world.show(&asked);
    world.pass("10d");
    let told = world.letter(WENDY, "Help needed");
    world.show(&told);
    world.answer(MARIA, "confirmed");
    world.pass("7d");
    assert!(world.letters_to(CLIENT).is_empty(), "nothing is sent to an address that is not safe");
    tell("a client who waits without a letter", world);
}
