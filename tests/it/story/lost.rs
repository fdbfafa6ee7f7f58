//! Letters that never left: refused by the mail server, or not taken for days. Whoever counted on one hears of it.

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with};
use crate::rig::relay::{Act, Phase, Relay};
use crate::world::{Letter, OFFICE, World};
use handoffd::referral::record::FactKind;

/// The facts that say that a letter did not arrive.
fn failures(world: &World) -> Vec<String> {
    let facts = world.history(0).into_iter().filter(|fact| fact.kind == FactKind::DeliveryFailed);
    facts.map(|fact| fact.words).collect()
}

/// The office behind this mail server.
fn behind(relay: &Relay) -> String {
    let smtp = format!(
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"",
        relay.listener.port
    );
    OFFICE.replace("kind = \"folder\"\npath = \"outbox\"", &smtp)
}

#[test]
fn a_letter_to_the_client_that_the_mail_server_refuses_is_told_to_the_owner() {
    for (answer, words) in [
        ("550 5.1.1 no such user here", "the client's email address does not work"),
        ("554 5.7.1 message looks like spam", "a letter to the client was refused by a mail server"),
    ] {
        let relay = Relay::start(move |turn| {
            let refused = turn.phase == Phase::Rcpt && turn.to.contains("ana@mail.example");
            if refused { Act::Say(answer.to_owned()) } else { Act::Go }
        });
        let office = behind(&relay);
        let mut world = World::with("2026-11-24 10:00", &office);
        world.receive(&referral());
        let told = failures(&world);
        assert_eq!(told.len(), 1, "{answer}: {told:?}");
        assert!(told[0].starts_with(words), "{told:?}");
        assert!(world.record(0).questions.iter().any(|question| question.starts_with(words)), "{answer}");
        let to_owner = relay.taken().iter().filter(|mail| mail.to.contains(MARIA)).count();
        assert_eq!(to_owner, 2, "{answer}: the assignment, and what became of the letter");
        assert!(relay.taken().iter().all(|mail| !mail.to.contains(CLIENT)));
    }
}

#[test]
fn a_letter_that_waits_for_days_of_safe_hours_leaves_at_the_first_of_them() {
    let mut world = World::at("2026-11-23 11:00");
    world.receive(&referral_with("Safe times", "Sunday 10am to 11am"));
    assert!(world.letters_to(CLIENT).is_empty(), "Monday");
    world.pass("6d");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "Sunday, nearly six days later");
    assert_eq!(failures(&world), Vec::<String>::new());
    world.check();
}

#[test]
fn a_letter_to_the_client_that_could_not_be_sent_in_time_is_told_to_the_owner() {
    let mut world = World::at("2026-11-23 10:00");
    world.deaf(true);
    world.receive(&referral());
    world.pass("6d");
    world.deaf(false);
    world.settle();
    assert!(world.letters_to(CLIENT).is_empty(), "it says nothing true any more");
    let told = failures(&world);
    for words in [
        "a letter to the client could not be sent in time",
        "a letter to the sender could not be sent in time",
    ] {
        assert!(told.iter().any(|told| told == words), "{words}: {told:?}");
        assert!(world.record(0).questions.iter().any(|question| question == words), "{words}");
    }
    assert!(world.letters_to(MARIA).iter().any(|letter| letter.text.contains("could not be sent in time")));
}

#[test]
fn a_refused_letter_whose_record_cannot_be_read_holds_up_no_other_and_the_admins_hear_of_it() {
    let relay = Relay::start(|turn| {
        let refused = turn.phase == Phase::Rcpt && turn.to.contains(PARTNER);
        if refused { Act::Say("554 5.7.1 message looks like spam".to_owned()) } else { Act::Go }
    });
    let mut world = World::with("2026-11-24 10:00", &behind(&relay));
    world.deaf(true);
    world.receive(&referral());
    let reference = world.record(0).reference;
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
    world.damage(1);
    world.deaf(false);
    world.settle();
    let taken = relay.taken();
    assert!(taken.iter().any(|mail| mail.to.contains("bea@mail.example")), "what lay behind it left");
    assert!(taken.iter().all(|mail| !mail.to.contains(CLIENT)), "who may not be written to is not known");
    let alert =
        |words: &str| taken.iter().filter(|mail| Letter::parse(&mail.message).text.contains(words)).count();
    assert_eq!(alert(&format!("A letter about {reference} did not leave")), 1);
}

#[test]
fn a_mail_about_a_record_that_cannot_be_read_is_parked_and_holds_up_no_other() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    let answer = world.letters_to(PARTNER).pop().unwrap().answer("She has moved to 12 Elm Street.");
    world.damage(1);
    world.receive(&answer);
    let words = "a record it may be about cannot be read";
    assert_eq!(world.parked(), [(words.to_owned(), None)]);
    let told = world.letters_to(WENDY).into_iter().filter(|letter| letter.text.contains(words)).count();
    assert_eq!(told, 1);
    let other = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    world.receive(&Mail::from(PARTNER).subject("Another").body(&other));
    assert_eq!(world.letters_to("bea@mail.example").len(), 1, "what came behind it is handled");
}

#[test]
fn each_address_of_ours_that_dies_is_told_to_the_admins_by_itself_and_once_a_week() {
    let relay = Relay::start(move |turn| {
        let is_dead = turn.phase == Phase::Rcpt && turn.to.contains("maria@");
        if is_dead { Act::Say("550 5.1.1 no such user here".to_owned()) } else { Act::Go }
    });
    let mut world = World::with("2026-11-24 10:00", &behind(&relay));
    let alerts = || {
        let mails = relay.taken();
        let alerts = mails
            .iter()
            .filter(|mail| Letter::parse(&mail.message).text.contains("The address of maria takes no mail"));
        alerts.count()
    };
    world.receive(&referral());
    assert_eq!(alerts(), 1);
    world.pass("2d");
    assert_eq!(alerts(), 1, "not with each letter");
    world.pass("6d");
    let another = ANA.replace("Ana Canary", "Bea Canary").replace("0142", "0143").replace("ana@", "bea@");
    world.receive(&Mail::from(PARTNER).subject("New referral").body(&another));
    assert_eq!(alerts(), 2, "again while it goes on");
}
