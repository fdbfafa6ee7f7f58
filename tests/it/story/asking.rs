//! Questions by mail: who asks hears of their own, and nobody hears of a client (RELIABILITY C19, P17, P38).

use super::{ANA, MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};

/// A referral of the n-th invented person.
fn another(number: u32) -> Mail {
    let body = ANA.replace("0142", &format!("{number:04}")).replace("ana@", &format!("p{number}@"));
    referral().subject(&format!("Referral {number}")).body(&body)
}

#[test]
fn a_partner_who_asks_without_a_number_hears_of_their_own_open_referrals_only() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&another(143));
    world.receive(&another(144).sent_by(OTHER_PARTNER));
    world.answer(MARIA, "close advice given");
    world.receive(&another(145));
    world.pass("1h");
    let theirs = world.records();
    world.receive(&Mail::from(PARTNER).subject("Question").body("Status").said("status"));
    let answer = world.last_to(PARTNER);
    world.show(&answer);
    for (place, listed) in [(0, true), (1, true), (2, false), (3, true)] {
        assert_eq!(answer.text.contains(theirs[place].reference.as_str()), listed, "{place}");
    }
    assert_eq!(world.records(), theirs, "a question changes nothing");
    tell("a partner asks for everything", world);
}

#[test]
fn a_number_that_is_not_theirs_is_answered_as_if_there_were_none() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&another(143).sent_by(OTHER_PARTNER));
    let foreign = world.record(1).reference.to_string();
    let unknown = handoffd::referral::reference::Reference::draw("R", 77).to_string();
    let mut answers = Vec::new();
    for number in [foreign, unknown] {
        world.receive(&Mail::from(PARTNER).subject("Question").body(&format!("status {number}")));
        answers.push(world.last_to(PARTNER).text);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains("no open referral of yours"), "{}", answers[0]);
    world.check();
}

#[test]
fn a_stranger_who_asks_is_a_new_mail_like_any_other() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from("somebody@elsewhere.example").subject("Question").body("status"));
    let number = world.record(0).reference.to_string();
    assert!(
        world.letters_to("somebody@elsewhere.example").iter().all(|letter| !letter.text.contains(&number))
    );
    assert!(
        world
            .letters_to("somebody@elsewhere.example")
            .iter()
            .all(|letter| !letter.subject.contains("Status"))
    );
    world.check();
}

#[test]
fn a_colleague_who_asks_without_a_number_hears_what_is_theirs_at_their_registered_address() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&another(143));
    world.answer(MARIA, "assign wendy");
    world.receive(
        &Mail::from(MARIA).subject("Mine").body("status").header("Reply-To", "evil@elsewhere.example"),
    );
    let answer = world.last_to(MARIA);
    world.show(&answer);
    assert!(answer.text.contains(world.record(0).reference.as_str()));
    assert!(!answer.text.contains(world.record(1).reference.as_str()));
    world.receive(&Mail::from(WENDY).subject("Mine").body("estado"));
    assert!(world.last_to(WENDY).text.contains(world.record(1).reference.as_str()));
    tell("a colleague asks for everything", world);
}

#[test]
fn a_question_that_comes_with_a_referral_in_one_poll_knows_of_it() {
    let mut world = World::at("2026-11-24 10:00");
    world.drop_in(&referral());
    world.drop_in(&another(143));
    world.drop_in(&Mail::from(PARTNER).subject("Question").body("status"));
    world.settle();
    assert_eq!(world.letter(PARTNER, "Status").text.matches("Number: ").count(), 2);
    world.check();
}

#[test]
fn a_long_list_ends_and_says_so() {
    let mut world = World::at("2026-11-24 10:00");
    for number in 0..53 {
        world.drop_in(&another(200 + number));
    }
    world.settle();
    world.receive(&Mail::from(PARTNER).subject("Question").body("status"));
    let answer = world.last_to(PARTNER);
    assert_eq!(answer.text.matches("Number: ").count(), 50);
    assert!(answer.text.contains("3 more are open"), "{}", answer.text);
    assert!(answer.text.len() < 16_000);
    world.check();
}

#[test]
fn with_a_trusted_server_a_list_needs_its_word_too() {
    let strict =
        OFFICE.replace("client_mail = true", "client_mail = true\ntrusted_authserv_id = \"mx.example.org\"");
    let mut world = World::with("2026-11-24 10:00", &strict);
    let vouched = "mx.example.org; dmarc=pass header.from=harbor.example";
    world.receive(&referral().header("Authentication-Results", vouched));
    let number = world.record(0).reference.to_string();
    world.receive(&Mail::from(MARIA).subject("Mine").body("status"));
    assert!(!world.last_to(MARIA).text.contains(&number), "nobody vouched for her mail");
    let forged = "mx.example.org; dmarc=fail header.from=harbor.example";
    let letters = world.letters_to(PARTNER).len();
    world.receive(&Mail::from(PARTNER).subject("Q").body("status").header("Authentication-Results", forged));
    assert_eq!(world.letters_to(PARTNER).len(), letters, "a forged question is parked");
}
