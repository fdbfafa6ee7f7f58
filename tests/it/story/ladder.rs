//! The ladder to its end.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{BounceReason, FactKind};

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

#[test]
fn a_channel_that_failed_is_never_the_only_next_step() {
    let offered = |world: &World| -> Vec<String> {
        let text = world.last_to(MARIA).text;
        text.lines().filter_map(|line| line.trim().strip_prefix("attempt ")).map(str::to_owned).collect()
    };
    for (ways, expected) in [
        ("call, email", vec!["call no answer", "email no answer", "call no answer"]),
        ("text, letter, email", vec!["text no answer", "email no answer", "letter no answer"]),
        ("call", vec!["call no answer", "call no answer", "call no answer"]),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        let said = format!("Safe ways to contact: {ways}\n");
        let body =
            ANA.replace("Safe to email: yes\n", "").replace("Safe ways to contact: call, email\n", &said);
        world.receive(&referral().body(&body));
        for line in expected {
            while offered(&world).is_empty() {
                world.pass("1h");
            }
            assert_eq!(offered(&world), [line], "{ways}");
            assert!(!world.record(0).next_action.words().is_empty());
            let tries = world.record(0).attempts.len();
            world.answer(MARIA, &format!("attempt {line}"));
            assert_eq!(world.record(0).attempts.len(), tries + 1, "the line works: {line}");
            if tries > 0 {
                assert_eq!(world.record(0).next_action.words(), "reach the client by another channel");
            }
        }
        world.check();
    }
}

#[test]
fn a_partner_whose_referrals_are_somebodys_goes_to_them_before_language_and_load() {
    let sam = "[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"sam@example.org\"\npartners = [\"north-clinic\"]\n";
    let mut world = World::with("2026-11-24 10:00", &format!("{OFFICE}\n{sam}"));
    for place in 0..4 {
        let body = ANA.replace("0142", &format!("{:04}", 200 + place)).replace("ana@", &format!("p{place}@"));
        let from = if place < 3 { OTHER_PARTNER } else { PARTNER };
        world.receive(&Mail::from(from).subject("Referral").body(&body));
        let owner = world.record(usize::try_from(place).unwrap()).owner;
        assert_eq!(owner.0, if place < 3 { "sam" } else { "maria" }, "{place}");
    }
    world.check();
}
