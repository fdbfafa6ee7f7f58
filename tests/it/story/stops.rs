//! A stop that comes another way than from the client's own mailbox, and mail from there that may be somebody else's.

use super::{CLIENT, MARIA, Mail, PARTNER, referral};
use crate::world::World;

/// She was written to.
fn written_to() -> World {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world
}

fn passed_on(words: &str) -> String {
    let said = format!(
        "From: Ana <{CLIENT}>\nDate: Tue, 24 Nov 2026 10:30:00 -0500\nSubject: Re: Your request\nTo: <{MARIA}>"
    );
    format!("fyi\n\n---------- Forwarded message ---------\n{said}\n\n{words}\n")
}

#[test]
fn a_stop_that_somebody_passes_on_is_hers() {
    for carrier in [MARIA, PARTNER] {
        let mut world = written_to();
        world.receive(&Mail::from(carrier).subject("Fwd: Re: Your request").body(&passed_on("STOP")));
        assert!(world.record(0).stopped, "{carrier}");
        assert_eq!(world.records().len(), 1, "{carrier}: no new referral");
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{carrier}");
        world.end();
    }
    // Anybody could end the letters to her by it, without writing as her.
    let mut world = written_to();
    world.receive(&Mail::from("someone@other.example").subject("Fwd: Your request").body(&passed_on("STOP")));
    assert!(!world.record(0).stopped);
    world.end();
    let mut world = written_to();
    world.receive(
        &Mail::from(MARIA).subject("Fwd: Re: Your request").body(&passed_on("When is my appointment?")),
    );
    assert!(!world.record(0).stopped);
    world.end();
}

#[test]
fn a_stop_that_a_partners_form_brings_for_her_is_hers() {
    let mut world = written_to();
    let form = Mail::from(PARTNER).subject("Message from our site").body("Please stop writing to me.");
    world.receive(&form.header("Reply-To", CLIENT));
    assert!(world.record(0).stopped);
    world.end();
}

#[test]
fn a_machine_at_her_address_that_says_stop_among_other_things_is_heard() {
    for words in ["I am away. STOP.", "Hi, STOP", "Merci de ne plus m'écrire", "Estoy fuera. Alto."] {
        let mut world = written_to();
        let letter = world.last_to(CLIENT);
        world.receive(&letter.answer(words).header("Auto-Submitted", "auto-replied"));
        assert!(world.record(0).stopped, "{words}");
        world.end();
    }
}

#[test]
fn only_what_is_plainly_hers_is_answered() {
    for (words, is_hers) in [
        ("When is my appointment?", true),
        ("¿Cuándo es mi cita?", true),
        ("I found this on her phone", false),
        ("Is this the shelter?", false),
        ("This is John.", false),
        ("We share this account", false),
        ("leave my wife alone", false),
    ] {
        let mut world = written_to();
        let letter = world.last_to(CLIENT);
        let told = world.letters_to(MARIA).len();
        world.receive(&letter.answer(words));
        world.pass("10m");
        assert_eq!(world.letters_to(CLIENT).len(), 1 + usize::from(is_hers), "{words}");
        assert!(world.letters_to(MARIA).len() > told, "{words}: a person reads it");
        assert!(world.record(0).held.is_some(), "{words}");
        world.end();
    }
}
