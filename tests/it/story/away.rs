//! Away and back, said by mail (RELIABILITY C1, C8, C22).

use super::{ANA, MARIA, Mail, PARTNER, WENDY, referral, tell};
use crate::world::{OFFICE, World};

const SAM: &str = "sam@example.org";

fn office() -> String {
    format!("{OFFICE}\n[[staff]]\nid = \"sam\"\nname = \"Sam Reed\"\nemail = \"{SAM}\"\n")
}

fn another(number: u32) -> Mail {
    let body = ANA.replace("0142", &format!("{number:04}")).replace("ana@", &format!("p{number}@"));
    Mail::from(PARTNER).subject(&format!("Referral {number}")).body(&body)
}

#[test]
fn who_says_away_is_covered_at_once_over_a_restart_and_until_they_are_back() {
    let mut world = World::with("2026-11-24 10:00", &office());
    world.receive(&referral());
    assert_eq!(world.record(0).owner.0, "maria");
    world.answer(MARIA, "away until Dec 1");
    let said = world.last_to(MARIA);
    world.show(&said);
    let told = world.last_to(WENDY);
    world.show(&told);
    world.receive(&another(143));
    assert_eq!(world.record(1).owner.0, "sam", "nothing new while away");
    world.stop();
    world.restart();
    world.receive(&another(144));
    assert_eq!(world.record(2).owner.0, "sam", "also after a restart");
    let before = world.letters_to(MARIA).len();
    world.pass("30h");
    assert_eq!(world.letters_to(MARIA).len(), before, "what is due goes to who covers");
    assert!(world.letters_to(WENDY).iter().any(|letter| letter.subject.starts_with("Due soon")));
    let digest = world.digest();
    assert!(digest.contains("Maria Lopez is away until Tue 1 Dec 2026"), "{digest}");
    let back = said.answer("back");
    world.receive(&back);
    let here = world.last_to(MARIA);
    world.show(&here);
    world.receive(&another(145));
    assert_eq!(world.record(3).owner.0, "maria", "here again, and the best fit");
    assert!(!world.digest().contains("is away until"));
    tell("away by mail", world);
}

#[test]
fn away_without_its_proofs_changes_nothing_and_a_fresh_letter_that_works_goes_to_the_registered_address() {
    let mut world = World::with("2026-11-24 10:00", &office());
    world.note("-- out of the blue");
    world.receive(&Mail::from(MARIA).subject("Holiday").body("Ausente hasta el 1 de diciembre\n\nMaria"));
    let fresh = world.last_to(MARIA);
    world.show(&fresh);
    world.receive(&referral());
    assert_eq!(world.record(0).owner.0, "maria", "nothing has changed yet");
    world.note("-- in the hands of somebody else");
    world.receive(
        &fresh.answer("away until 2026-12-01").sent_by("evil@elsewhere.example").said("away, a stranger"),
    );
    world.receive(&fresh.answer("away until 2026-12-01").sent_by(SAM).said("away, with Maria's token"));
    world.receive(&another(143));
    world.receive(&another(144));
    assert!(world.records().iter().all(|record| record.owner.0 == "maria"));
    world.note("-- an out-of-office that quotes it");
    world.receive(
        &fresh
            .answer("away until 2026-12-01")
            .header("Auto-Submitted", "auto-replied")
            .said("an out-of-office"),
    );
    assert!(world.letters_to(WENDY).is_empty());
    world.note("-- that letter acts on no referral");
    world.receive(&fresh.answer("accept"));
    let refused = world.last_to(MARIA);
    assert!(refused.text.contains("is about no referral"), "{}", refused.text);
    world.note("-- and the answer to it works");
    world.receive(&fresh.answer("away until 2026-12-01"));
    world.receive(&another(145));
    world.receive(&another(146));
    assert!(world.records().iter().skip(3).all(|record| record.owner.0 == "sam"));
    tell("away without proof", world);
}

#[test]
fn a_day_that_cannot_be_meant_changes_nothing_and_is_asked_about() {
    let mut world = World::with("2026-11-24 10:00", &office());
    world.receive(&referral());
    let task = world.last_to(MARIA);
    for (words, why) in [
        ("away until 2026-11-24", "over or is today"),
        ("away until 2025-12-01", "over or is today"),
        ("away until 2028-01-01", "more than a year ahead"),
        ("away until 2026-02-30", "no such day"),
        ("away until 12/01", "not understood"),
        ("accept\naway until 2026-12-01", "send that line alone"),
    ] {
        world.receive(&task.answer(words));
        let asked = world.last_to(MARIA);
        assert!(asked.text.contains(why), "{words}: {}", asked.text);
        assert!(world.letters_to(WENDY).is_empty(), "{words}");
    }
    world.check();
}

#[test]
fn the_workflow_owner_is_told_that_nobody_covers_for_her() {
    let mut world = World::with("2026-11-24 10:00", &office());
    world.receive(&Mail::from(WENDY).subject("Holiday").body("away until 2026-12-01"));
    world.answer(WENDY, "away until 2026-12-01");
    let said = world.last_to(WENDY);
    assert!(said.text.contains("Nobody covers for the workflow owner"), "{}", said.text);
    world.check();
}

#[test]
fn who_is_away_by_settings_says_back_by_mail() {
    let away = office()
        .replace("email = \"maria@example.org\"", "email = \"maria@example.org\"\naway_until = 2026-12-20");
    let mut world = World::with("2026-11-24 10:00", &away);
    world.receive(&referral());
    assert_eq!(world.record(0).owner.0, "sam");
    world.receive(&Mail::from(MARIA).subject("Hello").body("de vuelta"));
    world.answer(MARIA, "de vuelta");
    world.receive(&another(143));
    assert_eq!(world.record(1).owner.0, "maria");
    world.check();
}

#[test]
fn p37_who_left_while_a_letter_waited_gets_neither_a_digest_nor_any_other() {
    for (stays, is_staff) in [(OFFICE.to_owned(), false), (office(), true)] {
        let with_sam = office().replace("admins = [\"wendy\"]", "admins = [\"wendy\", \"sam\"]");
        let mut world = World::with("2026-11-24 10:00", &with_sam);
        world.pass_to("2026-11-25 07:00");
        world.deaf(true);
        world.receive(&Mail::from(SAM).subject("Mine").body("status"));
        world.pass_to("2026-11-25 07:45");
        world.stop();
        world.configure(&stays);
        world.deaf(false);
        let to_sam = |world: &World| {
            let digests = world.reports().iter().filter(|letter| letter.to == SAM).count();
            (digests, world.letters_to(SAM).len())
        };
        let before = to_sam(&world);
        let wendys = world.reports().len();
        world.restart();
        world.settle();
        let after = to_sam(&world);
        assert_eq!(after.0, before.0, "no digest for who is no admin any more");
        assert_eq!(after.1 > before.1, is_staff, "their own letters for who is still on the roster");
        assert!(world.reports().len() > wendys, "the others get theirs");
        world.check();
    }
}
