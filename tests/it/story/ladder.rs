//! The ladder to its end.

use super::{CLIENT, MARIA, PARTNER, WENDY, referral, tell};
use crate::world::World;
use handoffd::referral::record::{BounceReason, Contact, FactKind};

#[test]
fn three_attempts_and_no_answer_bounce_on_day_3_with_a_reason_and_a_next_action() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "attempt call no answer");
    world.pass("4h");
    world.answer(MARIA, "attempt email no answer");
    world.pass_to("2026-11-25 11:00");
    let asked = world.letter(PARTNER, "help us reach");
    world.show(&asked);
    world.answer(MARIA, "attempt call left message");
    world.pass_to("2026-11-27 18:00");
    let warning = world.letter(MARIA, "Last step");
    world.show(&warning);
    world.pass("4d");
    let notice = world.letter(MARIA, "No contact");
    world.show(&notice);
    let told = world.letter(PARTNER, "No contact");
    world.show(&told);
    assert!(matches!(
        world.record(0).contact,
        Contact::Bounced { reason: BounceReason::BadContactInfo, attempts_logged: true, .. }
    ));
    tell("bounced with attempts", world);
}

#[test]
fn without_attempts_the_record_does_not_say_that_nobody_could_be_reached() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("10d");
    let warned = world.letter(WENDY, "Last step");
    world.note(&format!("the workflow owner was warned first: {}", warned.subject));
    let notice = world.letter(MARIA, "No contact");
    world.show(&notice);
    assert!(matches!(
        world.record(0).contact,
        Contact::Bounced { reason: BounceReason::CapacityDelay, attempts_logged: false, .. }
    ));
    tell("bounced without attempts", world);
}

#[test]
fn too_few_attempts_do_not_prove_that_nobody_could_be_reached() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "attempt call no answer");
    world.pass("10d");
    assert!(matches!(
        world.record(0).contact,
        Contact::Bounced { reason: BounceReason::CapacityDelay, attempts_logged: false, .. }
    ));
    tell("bounced with one attempt of three", world);
}

#[test]
fn an_owner_may_give_up_early_with_a_reason_and_try_again_later() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "bounce language access gap");
    world.pass("1d");
    world.answer(MARIA, "reopen interpreter is booked");
    world.pass("2h");
    world.answer(
        MARIA,
        "confirmed method call, language Mixtec, safe times mornings, next step clinic, deadline none",
    );
    world.answer(MARIA, "accept");
    world.pass("5d");
    tell("given up by hand, then reached", world);
}

#[test]
fn a_second_ladder_has_a_warning_of_its_own() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("10d");
    world.answer(MARIA, "reopen a new number was found");
    let (warnings, bounces) = (world.count(0, FactKind::Warned), world.count(0, FactKind::Bounced));
    assert_eq!((warnings, bounces), (1, 1));
    world.pass("10d");
    assert_eq!((world.count(0, FactKind::Warned), world.count(0, FactKind::Bounced)), (2, 2));
    let warned = world.letters_to(MARIA).iter().filter(|letter| letter.subject.contains("Last step")).count();
    assert_eq!(warned, 2, "the second warning is really sent");
    tell("bounced twice", world);
}

#[test]
fn a_mail_to_the_client_that_comes_back_proposes_a_bounce_and_does_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1m");
    let report = world.last_to(CLIENT).bounced();
    world.receive(&report);
    let told = world.last_to(MARIA);
    world.show(&told);
    assert!(world.record(0).contact.is_running());
    world.pass("2h");
    world.answer(MARIA, "bounce bad contact info");
    world.pass("1d");
    tell("the client's address does not work", world);
}
