//! The client's confirmation: withheld or lost, it is owed, and leaves once a later yes lets it; never twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral, referral_with};
use crate::rig::relay::{Act, Phase, Relay};
use crate::world::{Letter, OFFICE, World};

/// How often she had the letter that says that we have her referral.
fn confirmations(world: &World) -> usize {
    let letters = world.letters_to(CLIENT);
    letters.iter().filter(|letter| letter.text.contains("We got your referral")).count()
}

/// Her letter waited for the morning; at ten in the evening the partner took the yes back, and it did not leave.
fn withheld_at_nine() -> World {
    let mut world = World::at("2026-11-24 21:30");
    world.receive(&referral());
    world.pass("30m");
    world.answer(PARTNER, "Consent to share: no");
    world.pass_to("2026-11-25 09:30");
    assert!(world.letters_to(CLIENT).is_empty(), "there is no consent");
    world
}

#[test]
fn a_confirmation_that_was_withheld_leaves_once_after_the_partners_later_yes() {
    let mut world = withheld_at_nine();
    world.answer(MARIA, "resume\nneeds consent");
    world.answer(PARTNER, "Consent to share: yes");
    assert_eq!(confirmations(&world), 1);
    assert_eq!(world.letters_to(CLIENT).len(), 1, "the number comes before any news");
    world.answer(MARIA, "needs consent");
    world.answer(PARTNER, "Consent to share: no");
    world.answer(MARIA, "resume\nneeds consent");
    world.answer(PARTNER, "Consent to share: yes");
    world.pass("1d");
    assert_eq!(confirmations(&world), 1);
    assert!(
        world.letters_to(CLIENT).iter().any(|letter| letter.text.contains("There is news about")),
        "then the news"
    );
    world.check();
}

#[test]
fn a_confirmation_waits_until_somebody_looked_at_what_was_written() {
    let mut world = withheld_at_nine();
    world.answer(MARIA, "needs consent");
    world.answer(PARTNER, "Consent to share: yes");
    assert_eq!(world.letters_to(CLIENT).len(), 0, "what the partner wrote at night waits to be looked at");
    world.answer(MARIA, "resume");
    assert_eq!(confirmations(&world), 1);
    world.pass("1d");
    assert_eq!(confirmations(&world), 1);
    world.check();
}

#[test]
fn a_confirmation_leaves_once_after_a_yes_that_staff_was_told() {
    let mut world = withheld_at_nine();
    world.answer(MARIA, "resume\nconsent yes, by phone, from the client");
    assert_eq!(confirmations(&world), 1);
    world.answer(MARIA, "consent yes, by phone, from the client");
    world.pass("1d");
    assert_eq!(confirmations(&world), 1);
    let mut never = World::at("2026-11-24 10:00");
    never.receive(&referral_with("Consent to share", "no"));
    never.answer(MARIA, "consent yes, by phone, from the client");
    assert_eq!(confirmations(&never), 1);
    let mut reached = World::at("2026-11-24 10:00");
    reached.receive(&referral_with("Consent to share", "no"));
    reached.answer(MARIA, "consent yes, by phone, from the client\nconfirmed method call");
    assert_eq!(confirmations(&reached), 0, "who was reached heard more than it says");
    world.check();
    never.check();
    reached.check();
}

#[test]
fn a_confirmation_that_a_stop_held_back_leaves_once_the_client_allows_it_again() {
    let mut world = World::at("2026-11-24 21:30");
    world.receive(&referral());
    world.receive(&Mail::from(CLIENT).subject("STOP").body(""));
    world.pass_to("2026-11-25 09:30");
    assert!(world.letters_to(CLIENT).is_empty());
    world.answer(MARIA, "allow contact she asked for letters on the phone");
    assert_eq!(confirmations(&world), 1);
    world.pass("1d");
    assert_eq!(confirmations(&world), 1);
    world.check();
}

#[test]
fn an_address_that_came_later_hears_the_confirmation_once_somebody_looked() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(
        &Mail::from(PARTNER).subject("New referral").body(&ANA.replace("Email: ana@mail.example\n", "")),
    );
    world.answer(PARTNER, "Email: ana@mail.example");
    assert!(world.letters_to(CLIENT).is_empty(), "it may be another's");
    world.answer(MARIA, "resume");
    assert_eq!(confirmations(&world), 1);
    world.check();
}

/// The office behind a mail server that refuses the first letter to her.
fn refused_once() -> (Relay, World) {
    let seen = AtomicUsize::new(0);
    let relay = Relay::start(move |turn| {
        let is_hers = turn.phase == Phase::Rcpt && turn.to.contains(CLIENT);
        let is_first = is_hers && seen.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first { Act::Say("554 5.7.1 message looks like spam".to_owned()) } else { Act::Go }
    });
    let smtp = format!(
        "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"",
        relay.listener.port
    );
    let office = OFFICE.replace("kind = \"folder\"\npath = \"outbox\"", &smtp);
    let world = World::with("2026-11-24 10:00", &office);
    (relay, world)
}

/// The letters that the mail server took for somebody.
fn taken(relay: &Relay, address: &str) -> Vec<Letter> {
    let theirs = relay.taken().into_iter().filter(|mail| mail.to.contains(address));
    theirs.map(|mail| Letter::parse(&mail.message)).collect()
}

#[test]
fn a_confirmation_that_was_refused_leaves_once_after_the_next_yes() {
    let (relay, mut world) = refused_once();
    world.receive(&referral());
    assert!(taken(&relay, CLIENT).is_empty(), "refused");
    for _ in 0..2 {
        for (who, words) in [
            (PARTNER, "Consent to share: no"),
            (MARIA, "resume\nneeds consent"),
            (PARTNER, "Consent to share: yes"),
        ] {
            let answer = taken(&relay, who).pop().unwrap().answer(words);
            world.receive(&answer);
        }
        let letters = taken(&relay, CLIENT);
        let firsts = letters.iter().filter(|letter| letter.text.contains("We got your referral"));
        assert_eq!(firsts.count(), 1);
    }
}

#[test]
fn an_address_that_came_later_is_not_written_to_until_somebody_looked_whoever_writes_meanwhile() {
    for meanwhile in [None, Some(CLIENT)] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral_with("Email", ""));
        world.answer(MARIA, "needs email, language");
        world.answer(PARTNER, &format!("Client email: {CLIENT}"));
        if let Some(author) = meanwhile {
            world.receive(&Mail::from(author).subject("Hello").body("When do you call me?"));
        }
        let letters = world.letters_to(CLIENT).len();
        world.answer(PARTNER, "Language: Spanish");
        assert_eq!(
            world.letters_to(CLIENT).len(),
            letters,
            "{meanwhile:?}: nobody looked at the address yet"
        );
        world.answer(MARIA, "resume");
        assert_eq!(world.letters_to(CLIENT).len(), letters + 1, "{meanwhile:?}");
        world.check();
    }
}
