//! The lives most referrals have.

use super::{CLIENT, MARIA, Mail, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::World;
use handoffd::referral::contact::Contact;
use handoffd::referral::record::{Fact, FactKind, Status};

#[test]
fn confirmed_on_day_1_is_never_chased() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    for letter in world.letters().to_vec() {
        world.note(&format!("the letter to {}:", letter.to));
        world.show(&letter);
    }
    world.pass("30m");
    world.answer(MARIA, "attempt call no answer");
    world.pass("3h");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step appointment, deadline none",
    );
    let done = world.last_to(MARIA);
    world.show(&done);
    world.pass("1h");
    world.answer(MARIA, "accept");
    world.pass("7d");
    assert_eq!(world.count(0, FactKind::Escalated), 0);
    tell("confirmed on day 1", world);
}

#[test]
fn a_late_owner_is_reminded_and_the_workflow_owner_is_told() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass_to("2026-11-25 15:00");
    let reminder = world.letter(MARIA, "Due soon");
    world.show(&reminder);
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
    );
    world.pass("1d");
    world.answer(MARIA, "accept");
    world.pass("5d");
    tell("late, then confirmed", world);
}

#[test]
fn an_incomplete_confirmation_says_what_is_still_to_be_told() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("1h");
    world.answer(MARIA, "confirmed method call, language English");
    let done = world.last_to(MARIA);
    world.show(&done);
    world.pass("2h");
    world.answer(MARIA, "confirmed safe times evenings, next step waitlist, deadline none");
    world.pass("1h");
    world.answer(MARIA, "accept");
    tell("confirmed in two steps", world);
}

#[test]
fn a_decline_looks_the_same_outside_whatever_the_reason() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("2h");
    world.answer(MARIA, "decline");
    let asked = world.last_to(MARIA);
    world.show(&asked);
    world.answer(MARIA, "decline conflict with another case of ours");
    let outcome = world.last_to(PARTNER);
    world.show(&outcome);
    world.pass("7d");
    tell("declined", world);
}

/// What those outside see of the check for a conflict and of the decline two hours later: after how many seconds a
/// letter came, to whom, its size and its words without the number.
fn seen_outside(check: &str, reason: &str) -> Vec<(u32, String, usize, String)> {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Opposing party", "Otto Lord"));
    let number = world.record(0).reference.to_string();
    let mut known = world.letters().len();
    world.pass("30m");
    world.answer(MARIA, check);
    world.pass("90m");
    world.pass("2s");
    world.answer(MARIA, &format!("decline {reason}"));
    assert!(matches!(world.record(0).status, Status::Closed { .. }), "{check}, {reason}");
    let mut seen = Vec::new();
    for second in 0..20 {
        for letter in &world.letters()[known..] {
            if letter.to != MARIA && letter.to != WENDY {
                let words = format!("{}\n{}", letter.subject, letter.text).replace(&number, "R");
                seen.push((second, letter.to.clone(), letter.size, words));
            }
        }
        known = world.letters().len();
        world.pass("1s");
    }
    seen
}

#[test]
fn p19_neither_the_hour_nor_the_size_of_a_letter_tells_why_somebody_was_declined() {
    let conflict = seen_outside("conflict found same landlord", "conflict with another case of ours");
    assert_eq!(conflict.iter().filter(|(_, to, ..)| to == PARTNER).count(), 1, "{conflict:?}");
    for (second, ..) in &conflict {
        assert_eq!(second % 5, 3, "it leaves at a mark of time: {conflict:?}");
    }
    for (check, reason) in [
        ("conflict clear", "capacity, we are full until spring"),
        ("conflict clear", "eligibility: income too high for us"),
        ("note full", "capacity"),
        ("conflict not applicable", "language, no interpreter"),
        ("conflict found the other side is a client of ours", "capacity, we are full until spring"),
    ] {
        assert_eq!(seen_outside(check, reason), conflict, "{check}, {reason}");
    }
}

#[test]
fn a_redirect_needs_an_organisation_and_a_reason() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("2h");
    world.answer(MARIA, "redirect to Harbor Legal");
    world.answer(MARIA, "redirect to Harbor Legal: outside our county");
    let outcome = world.last_to(PARTNER);
    world.show(&outcome);
    world.pass("7d");
    tell("redirected", world);
}

#[test]
fn a_closed_referral_is_opened_again_with_a_fresh_ladder() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("4h");
    world.answer(MARIA, "attempt call no answer");
    world.pass_to("2026-11-25 10:00");
    world.answer(MARIA, "close moved out of state");
    world.pass("20d");
    world.answer(MARIA, "attempt call no answer");
    world.answer(MARIA, "reopen she came back");
    world.pass("10d");
    tell("closed and reopened", world);
}

#[test]
fn a_client_who_writes_about_a_closed_referral_is_heard() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.pass("4h");
    world.answer(MARIA, "close helped elsewhere");
    world.pass("2d");
    world.receive(&Mail::from(CLIENT).subject("Hello").body("Are you still there? I need help."));
    world.pass("1d");
    tell("client writes after the end", world);
}

#[test]
fn a_note_is_no_part_of_a_confirmation_and_its_words_are_kept() {
    for words in [
        "Next time call only her work number.",
        "Language line was busy.",
        "Deadlines moved to Friday",
        "Times are hard for her.",
        "Byron Street is her new home.",
        "Next week I try again\nLanguage line was busy",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.answer(MARIA, "confirmed method call");
        let before = world.record(0);
        world.answer(MARIA, words);
        let after = world.record(0);
        assert_eq!((&after.contact, after.tier), (&before.contact, before.tier), "{words}");
        let kept = |fact: &Fact| fact.kind == FactKind::Noted && fact.words == words;
        assert!(world.history(0).iter().any(kept), "{words}");
    }
    for words in [
        "language English, safe times evenings",
        "Language: English\nSafe times: evenings",
        "safe times evenings; language English\nShe was glad.",
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&referral());
        world.answer(MARIA, "confirmed method call");
        world.answer(MARIA, words);
        let Contact::Confirmed { with, .. } = world.record(0).contact else { panic!("{words}") };
        let told = (with.language.as_deref(), with.safe_times.as_deref());
        assert_eq!(told, (Some("English"), Some("evenings")), "{words}");
        let kept = |fact: &Fact| fact.kind == FactKind::Noted && fact.words == words;
        assert!(world.history(0).iter().any(kept), "whatever was made of it: {words}");
    }
}
