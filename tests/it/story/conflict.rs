//! The other side is somebody we help, or may be.

use super::{MARIA, Mail, OTHER_PARTNER, PARTNER, WENDY, referral, referral_with, tell};
use crate::world::{OFFICE, World};
use handoffd::referral::conflict::ConflictState;
use handoffd::referral::record::Status;

/// Somebody else, whose case is against Ana.
const AGAINST_ANA: &str = "Client name: Pedro Landlordcanary
Phone: 617-555-0142
Safe ways to contact: call
Language: English
Matter type: housing
Urgency: normal
Opposing party: CANARY, Ana (tenant)
Consent to share: yes
";

#[test]
fn an_opposing_party_we_help_is_flagged_to_the_reviewers_only() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral());
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(AGAINST_ANA));
    let flag = world.letter(WENDY, "conflict");
    world.show(&flag);
    for outside in [PARTNER, OTHER_PARTNER] {
        for letter in world.letters_to(outside) {
            assert!(!letter.text.contains("onflict"), "{}", letter.text);
        }
    }
    assert_eq!(world.record(0).conflict.state, ConflictState::NotApplicable, "the first is not touched");
    assert_eq!(world.record(1).conflict.state, ConflictState::Hit);
    world.pass("1h");
    world.answer(MARIA, "accept");
    let refused = world.last_to(MARIA);
    world.show(&refused);
    world.answer(MARIA, "conflict found the tenant of our other case");
    world.answer(MARIA, "accept");
    world.answer(MARIA, "decline conflict");
    let outcome = world.last_to(OTHER_PARTNER);
    world.show(&outcome);
    assert!(matches!(world.record(1).status, Status::Closed { .. }));
    tell("a conflict is found", world);
}

#[test]
fn both_sides_of_a_quarrel_in_one_mail_are_seen() {
    let mut world = World::at("2026-11-24 10:00");
    let both = format!("Referral 1\n{}\n\nReferral 2\n{AGAINST_ANA}", super::ANA);
    world.receive(&Mail::from(PARTNER).subject("Two referrals").body(&both));
    assert_eq!(world.records().len(), 2);
    assert!(world.records().iter().any(|record| record.conflict.state == ConflictState::Hit));
    tell("both sides in one mail", world);
}

#[test]
fn an_opposing_party_nobody_knows_is_to_be_checked_before_accept() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Opposing party", "Pedro Landlordcanary"));
    let assigned = world.last_to(MARIA);
    world.show(&assigned);
    world.pass("2h");
    world.answer(
        MARIA,
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
    );
    world.pass_to("2026-11-27 09:30");
    world.answer(MARIA, "conflict clear\naccept");
    assert_eq!(world.record(0).status, Status::Accepted);
    world.pass("3d");
    tell("a conflict check that is late", world);
}

#[test]
fn a_client_whom_an_earlier_referral_was_against_is_flagged_too() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(AGAINST_ANA));
    // In one batch or after one another: the comparison is the same.
    world.receive(&referral());
    assert_eq!(world.record(1).conflict.state, ConflictState::Hit);
    assert_eq!(world.record(1).conflict.with, [world.record(0).reference]);
    world.answer(MARIA, "conflict clear");
    world.answer(MARIA, "accept");
    assert_eq!(world.record(1).status, Status::Accepted);
    tell("a conflict is cleared", world);
}

#[test]
fn mails_of_one_batch_see_each_other() {
    let mut world = World::at("2026-11-24 10:00");
    world.drop_in(&referral());
    world.drop_in(&Mail::from(OTHER_PARTNER).subject("New referral").body(AGAINST_ANA));
    world.settle();
    assert!(world.records().iter().any(|record| record.conflict.state == ConflictState::Hit));
}

#[test]
fn an_owner_who_does_not_review_hears_of_no_match_and_a_partner_of_no_check() {
    let config = format!("{OFFICE}\n[verbs]\nconflict = [\"data-owner\"]\n");
    let mut world = World::with("2026-11-24 10:00", &config);
    world.receive(&referral());
    world.receive(&Mail::from(OTHER_PARTNER).subject("New referral").body(AGAINST_ANA));
    let flag = world.letter(WENDY, "conflict");
    assert!(flag.text.contains("a name also stands in"), "{}", flag.text);
    world.pass("1h");
    let hit = world.record(1).reference;
    let task = world.letters_to(MARIA).into_iter().rfind(|letter| letter.subject.contains(hit.as_str()));
    let task = task.unwrap().clone();
    for line in [
        "accept",
        "history",
        "conflict clear",
        "confirmed method call, language English, safe times mornings, next step clinic, deadline none",
        "status",
    ] {
        world.receive(&task.answer(line));
    }
    assert_eq!(world.record(1).status, Status::Received, "accept waits for the review");
    world.receive(&Mail::from(OTHER_PARTNER).subject("?").body("status"));
    let status = world.last_to(OTHER_PARTNER);
    assert!(status.text.contains("Next: accept, redirect or close"), "{}", status.text);
    world.pass("3d");
    for outside in [MARIA, PARTNER, OTHER_PARTNER] {
        for letter in world.letters_to(outside) {
            let told = letter.text.to_lowercase();
            let told = told.replace("eligibility and conflict check in progress", "");
            assert!(
                !told.contains("conflict") && !told.contains("a name also"),
                "{outside}: {}",
                letter.text
            );
        }
    }
    assert!(
        world.letter(WENDY, "Due soon").text.contains("check for a conflict of interest"),
        "its own due time"
    );
    world.receive(&flag.answer("conflict clear"));
    world.receive(&task.answer("accept"));
    assert_eq!(world.record(1).status, Status::Accepted);
    let told = world.last_to(MARIA);
    world.show(&told);
    tell("a conflict the owner does not review", world);
}
