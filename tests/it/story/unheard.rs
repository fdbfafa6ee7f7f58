//! A mail about a record that cannot be read: what can be heard in it is heard, and until somebody read the rest no
//! letter leaves to a client it may be about.

use chrono::TimeDelta;

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, WENDY, referral};
use crate::world::World;

const BEA: &str = "bea@mail.example";
const CAUSE: &str = "a record it may be about cannot be read";

/// Another person at the same partner.
fn bea() -> Mail {
    let lines = ANA.replace("Ana", "Bea").replace("ana@", "bea@").replace("0142", "0177");
    Mail::from(PARTNER).subject("Another").body(&lines)
}

/// A world at night, in which a letter to each of them waits for the morning.
fn waiting() -> World {
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&referral());
    world.receive(&bea());
    assert!(world.letters_to(CLIENT).is_empty() && world.letters_to(BEA).is_empty(), "outside safe hours");
    world
}

/// Both were written to, and the daemon runs on.
fn written_to() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&bea());
    assert_eq!((world.letters_to(CLIENT).len(), world.letters_to(BEA).len()), (1, 1));
    world
}

fn is_parked(world: &World) -> bool {
    let told = world.letters_to(WENDY).into_iter().filter(|letter| letter.text.contains(CAUSE)).count();
    world.parked() == [(CAUSE.to_owned(), None)] && told == 1
}

#[test]
fn a_stop_that_was_parked_counts_although_the_record_can_be_read_again() {
    let mut world = waiting();
    world.damage(1);
    world.receive(&Mail::from(CLIENT).subject("Please").body("STOP"));
    assert!(is_parked(&world));
    world.mend();
    assert!(!world.record(0).stopped, "nobody could write it down");
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty(), "her word waits for somebody to read it");
    assert_eq!(world.letters_to(BEA).len(), 1, "it is about nobody else");
    world.replay_parked();
    assert!(world.record(0).stopped);
    world.pass("1d");
    assert!(world.letters_to(CLIENT).is_empty());
    world.end();
}

#[test]
fn letters_leave_again_once_somebody_read_what_was_parked() {
    let mut world = waiting();
    let answer = world.letter_about(PARTNER, 0).answer("She will come on Monday.");
    world.damage(1);
    world.receive(&answer);
    assert!(is_parked(&world));
    world.mend();
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty(), "nobody knows yet what was written about her");
    world.replay_parked();
    world.pass("2h");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.end();
}

#[test]
fn a_stop_from_another_mailbox_counts_although_the_record_of_that_one_cannot_be_read() {
    let mut world = written_to();
    let letter = world.last_to(CLIENT);
    let accepts =
        [world.letter_about(MARIA, 0).answer("accept"), world.letter_about(MARIA, 1).answer("accept")];
    world.damage(2);
    world.receive(&letter.answer("STOP").sent_by(BEA));
    assert!(is_parked(&world));
    world.mend();
    assert!(world.record(0).stopped, "her own record can be read");
    for accept in &accepts {
        world.receive(accept);
    }
    world.pass("2h");
    assert_eq!(
        (world.letters_to(CLIENT).len(), world.letters_to(BEA).len()),
        (1, 1),
        "neither is written to"
    );
    world.replay_parked();
    assert!(world.record(1).stopped, "it came from her address");
    world.pass("1d");
    assert_eq!((world.letters_to(CLIENT).len(), world.letters_to(BEA).len()), (1, 1));
    world.end();
}

#[test]
fn a_doubt_is_heard_although_another_record_it_may_be_about_cannot_be_read() {
    for (words, is_safe) in [("Her husband reads her mail now.", false), ("She will come on Monday.", true)] {
        let mut world = waiting();
        let (ana, bea) = (world.record(0).reference, world.record(1).reference);
        world.damage(2);
        world.receive(&Mail::from(PARTNER).subject("Both").body(&format!("About {ana} and {bea}: {words}")));
        assert!(is_parked(&world));
        world.mend();
        let is_asked = |world: &World, place: usize| {
            world.record(place).questions.iter().any(|question| question.contains("Safe to email"))
        };
        assert_eq!((is_asked(&world, 0), is_asked(&world, 1)), (!is_safe, false), "{words}");
        world.pass("14h");
        assert!(world.letters_to(CLIENT).is_empty() && world.letters_to(BEA).is_empty(), "{words}");
        world.replay_parked();
        world.pass("2h");
        assert_eq!(is_asked(&world, 1), !is_safe, "{words}");
        assert_eq!(world.letters_to(BEA).is_empty(), !is_safe, "{words}");
        assert_eq!(world.records().len(), 2, "it belongs to what it names");
        world.check();
    }
}

#[test]
fn a_mail_about_a_record_under_a_key_that_is_not_known_yet_waits_for_it() {
    let mut world = waiting();
    world.rotate_keys_beside();
    world.drop_in(&Mail::from(CLIENT).subject("Please").body("STOP"));
    assert!(!world.handle_once(), "nothing can be read");
    assert!(world.parked().is_empty(), "the mail waits for the key");
    world.wait_until(world.now() + TimeDelta::hours(13));
    world.stop();
    world.restart();
    world.settle();
    assert!(world.record(0).stopped);
    world.pass("1d");
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(world.letters_to(BEA).len(), 1);
    world.end();
}

#[test]
fn a_mail_that_was_parked_for_a_record_it_is_not_about_holds_no_letter() {
    let mut world = waiting();
    let away = world.letter_about(MARIA, 0).answer("away until 2026-12-01");
    world.damage(2);
    // It is about her, and she hears what else is hers: that list cannot be made, but what it may be about can be read.
    world.receive(&away);
    assert!(is_parked(&world));
    world.mend();
    world.pass("14h");
    assert_eq!((world.letters_to(CLIENT).len(), world.letters_to(BEA).len()), (1, 1));
    world.end();
}

#[test]
fn what_a_parked_mail_held_leaves_once_a_person_read_in_the_mailbox_what_does_not_open_here() {
    let mut world = waiting();
    let answer = world.letter_about(PARTNER, 0).answer("She will come on Monday.");
    world.damage(1);
    world.receive(&answer);
    assert!(is_parked(&world));
    world.mend();
    world.damage_mails();
    world.replay_parked();
    assert_eq!(world.parked().len(), 1, "its own bytes do not open now");
    world.pass("14h");
    assert!(world.letters_to(CLIENT).is_empty());
    assert!(world.letters_to(WENDY).iter().any(|letter| letter.text.contains("handoffd parked settle")));
    world.settle_parked();
    world.pass("2h");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.end();
}
