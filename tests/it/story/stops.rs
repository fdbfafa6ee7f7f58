//! A stop that comes another way than from the client's own mailbox, and mail from there that may be somebody else's.

use super::{ANA, CLIENT, MARIA, Mail, OTHER_PARTNER, PARTNER, referral};
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
    let mut world = written_to();
    world.receive(
        &Mail::from(MARIA).subject("Fwd: Re: Your request").body(&passed_on("When is my appointment?")),
    );
    assert!(!world.record(0).stopped);
    world.end();
}

/// Anybody could end the letters to her by it, without writing as her; but it may be hers.
#[test]
fn a_stop_that_a_stranger_brings_for_her_holds_her_letters_until_a_person_looked() {
    let form = |from: &str| {
        let mail = Mail::from(from).subject("Message from our site");
        mail.body("Please stop writing to me.\nAna, 518-555-0199").header("Reply-To", CLIENT)
    };
    let stranger = "someone@other.example";
    let forward = |words: &str| Mail::from(stranger).subject("Fwd: Your request").body(&passed_on(words));
    for (mail, from) in [
        (form("forms@relay.example"), "forms@relay.example"),
        (form("noreply@relay.example"), "noreply@relay.example"),
        (form("noreply@relay.example").header("Auto-Submitted", "auto-generated"), "noreply@relay.example"),
        (form("list@relay.example").header("Precedence", "bulk"), "list@relay.example"),
        (forward("STOP"), stranger),
    ] {
        let mut world = written_to();
        let told = world.letters_to(MARIA).len();
        world.receive(&mail);
        assert_eq!(world.records().len(), 1, "{from}: no new referral");
        assert!(!world.record(0).stopped, "{from}");
        assert!(world.record(0).held.is_some(), "{from}");
        assert!(world.letters_to(MARIA).len() > told, "{from}: a person reads it");
        assert!(world.letters_to(from).is_empty(), "{from}");
        world.answer(MARIA, "accept");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{from}");
        world.answer(MARIA, "resume\nemail safe, by phone, from the client");
        world.pass("1d");
        world.answer(MARIA, "close advice given");
        world.pass("1d");
        assert!(world.letters_to(CLIENT).len() > 1, "{from}: staff lets letters go again");
        world.check();
    }
    // What asks for no stop, and what is about somebody we do not know, holds nothing.
    let mut world = written_to();
    world.receive(&forward("When is my appointment?"));
    let of_nobody = passed_on("STOP").replace(CLIENT, "zoe@mail.example");
    world.receive(&Mail::from(stranger).subject("Fwd: Your request").body(&of_nobody));
    assert!(world.record(0).held.is_none());
    world.check();
}

/// Nobody lists all that another may write from her mailbox, nor all the ways of asking not to be written to.
#[test]
fn what_is_not_plainly_hers_closes_her_letters_until_somebody_says_that_they_looked() {
    for words in ["My husband saw your email.", "When is my appointment? he is watching", "请勿回复"] {
        let mut world = written_to();
        world.receive(&Mail::from(CLIENT).subject("Re: Your request").body(words));
        assert!(world.record(0).unread_since.is_some(), "{words}");
        let told = world.last_to(MARIA).text;
        assert!(
            told.contains("\"email not safe\"") && told.contains("Nothing is sent to them until then"),
            "{told}"
        );
        world.answer(MARIA, "accept");
        assert!(world.last_to(MARIA).text.contains("the client hears nothing of it"), "{words}");
        world.answer(MARIA, "raise safety");
        world.answer(MARIA, "attempt call no answer");
        assert!(world.record(0).held.is_some(), "{words}: it still waits to be read");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{words}");
        world.answer(MARIA, "resume");
        assert!(world.record(0).unread_since.is_none(), "{words}");
        world.answer(MARIA, "close advice given");
        world.pass("1d");
        assert_eq!(world.letters_to(CLIENT).len(), 2, "{words}: staff looked, and lets letters go on");
        world.check();
    }
    let mut world = written_to();
    for plainly in ["When is my appointment?", "Thank you!"] {
        world.receive(&Mail::from(CLIENT).subject("Re: Your request").body(plainly));
        assert!(world.record(0).unread_since.is_none(), "{plainly}");
    }
    world.check();
}

#[test]
fn a_new_referral_of_an_address_from_which_something_waits_to_be_read_waits_too() {
    let mut world = written_to();
    world.receive(&Mail::from(CLIENT).subject("Re: Your request").body("My husband saw your email."));
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(ANA));
    world.pass("1h");
    assert_eq!(world.records().len(), 2);
    assert_eq!(world.letters_to(CLIENT).len(), 1, "nothing about either");
    world.answer(MARIA, "resume");
    world.check();
}

/// Who referred her is no stranger to her record; what they bring holds it all the same.
#[test]
fn a_stop_that_the_partners_robot_may_mean_for_itself_holds_her_letters_and_ends_none() {
    let mut world = written_to();
    let form =
        Mail::from(PARTNER).subject("Message from our site").body("Please do not reply to this message.");
    world.receive(&form.header("Reply-To", CLIENT).header("Auto-Submitted", "auto-generated"));
    assert!(!world.record(0).stopped);
    world.answer(MARIA, "accept");
    world.pass("1d");
    assert_eq!(world.letters_to(CLIENT).len(), 1);
    world.end();
}

#[test]
fn a_stop_of_hers_that_she_passes_on_herself_is_hers() {
    let mut world = written_to();
    world.receive(&Mail::from(CLIENT).subject("Fwd: Re: Your request").body(&passed_on("STOP")));
    assert!(world.record(0).stopped);
    world.end();
}

#[test]
fn what_denies_an_answer_gets_none_though_it_is_no_stop() {
    for words in ["You do not reply to my calls, can you call me?", "I need help, no reply needed"] {
        let mut world = written_to();
        let letter = world.last_to(CLIENT);
        world.receive(&letter.answer(words));
        world.pass("10m");
        assert!(!world.record(0).stopped, "{words}");
        assert_eq!(world.letters_to(CLIENT).len(), 1, "{words}");
        assert!(world.record(0).held.is_some(), "{words}");
        world.end();
    }
    let mut world = written_to();
    let letter = world.last_to(CLIENT);
    world.receive(&letter.answer("Do not reply, I am not alone"));
    assert!(world.record(0).stopped);
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
        ("Why are you emailing my girl?", false),
        ("¿Qué quieren con mi señora?", false),
        ("I got your email. Please call me", false),
        ("Yes I can talk tomorrow", true),
        ("Can you call me? Thanks, Ana", true),
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
