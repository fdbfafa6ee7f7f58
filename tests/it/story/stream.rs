//! Mail that keeps coming in: a letter to a client does not wait for the last of it, and never leaves before what may
//! say stop was read.

use chrono::TimeDelta;

use super::{CLIENT, Mail, WENDY, referral};
use crate::world::World;

/// A letter to her is ready, and nobody took it yet.
fn ready() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.deaf(true);
    world.receive(&referral());
    world.deaf(false);
    world
}

/// For so many minutes, in each a mail lies in the spool when the letter is looked at; then it is handled, if mail is.
fn stream(world: &mut World, minutes: u32, is_handled: bool) {
    for _ in 0..minutes {
        world.drop_in(
            &Mail::from("news@list.example").subject("News").body("News").header("List-Id", "<a.b>"),
        );
        world.poll_alone();
        world.hand_over();
        if is_handled {
            assert!(world.handle_once());
        }
        world.wait_until(world.now() + TimeDelta::minutes(1));
    }
}

fn alerts(world: &World) -> usize {
    let alerts = world.letters_to(WENDY).into_iter();
    alerts.filter(|letter| letter.text.contains("A letter to a client has waited for an hour")).count()
}

#[test]
fn a_letter_to_a_client_waits_an_hour_for_a_stream_of_mail_and_somebody_hears_of_it() {
    let mut world = ready();
    stream(&mut world, 60, true);
    assert!(world.letters_to(CLIENT).is_empty());
    assert_eq!(alerts(&world), 0);
    stream(&mut world, 10, true);
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    assert_eq!(alerts(&world), 1);
    world.settle();
    world.check();
}

#[test]
fn a_mail_that_cannot_be_handled_lets_no_letter_to_a_client_leave() {
    for before in [0, 30] {
        let mut world = ready();
        stream(&mut world, before, true);
        world.drop_in(&Mail::from(CLIENT).subject("Please").body("STOP"));
        stream(&mut world, 180, false);
        assert!(world.letters_to(CLIENT).is_empty(), "{before}");
        assert_eq!(alerts(&world), 1, "{before}");
        world.settle();
        world.pass("1d");
        assert!(world.letters_to(CLIENT).is_empty() && world.record(0).stopped, "{before}");
        world.check();
    }
}

#[test]
fn what_came_while_the_machine_slept_is_waited_for_however_long_a_letter_waited_before() {
    let mut world = ready();
    stream(&mut world, 59, true);
    world.wait_until(world.now() + TimeDelta::hours(2));
    world.drop_in(&Mail::from(CLIENT).subject("Please").body("STOP"));
    stream(&mut world, 9, false);
    assert!(world.letters_to(CLIENT).is_empty(), "her word waits in the spool");
    world.settle();
    world.pass("1d");
    assert!(world.letters_to(CLIENT).is_empty() && world.record(0).stopped);
    world.check();
}
