//! How the way a partner writes shows in records and receipts.

use handoffd::referral::packet::Field;
use handoffd::referral::record::Status;

use super::{MARIA, Mail, PARTNER, referral_with};
use crate::world::World;

#[test]
fn the_receipt_says_what_is_wrong_with_a_number_and_not_the_number() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Phone", "617-555-014"));
    let receipt = world.last_to(PARTNER);
    assert!(receipt.text.contains("the phone number has 9 digits"), "{}", receipt.text);
    assert!(!receipt.text.contains("617"), "{}", receipt.text);
}

#[test]
fn answers_typed_between_the_quoted_lines_of_needs_info_fill_the_record() {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&referral_with("Language", ""));
    assert!(matches!(world.record(0).status, Status::NeedsInfo { .. }));
    world.pass("2h");
    world.answer(MARIA, "needs");
    let asked = world.last_to(PARTNER);
    let quoted = asked.text.lines().map(|line| {
        let answer = if line.trim_end() == "Preferred language:" || line.trim_end() == "Language:" {
            "\nSpanish"
        } else {
            ""
        };
        format!("> {line}{answer}\n")
    });
    let body = format!(
        "On Tue, Nov 24, 2026 at 12:00 PM Example Help Center wrote:\n{}",
        quoted.collect::<String>()
    );
    assert!(body.contains("\nSpanish\n"), "{body}");
    world.receive(&asked.answer("").body(&body));
    assert_eq!(world.record(0).packet.text(Field::Language), Some("Spanish"));
    assert_eq!(world.record(0).status, Status::UnderReview);
    assert_eq!(world.records().len(), 1);
}

#[test]
fn two_people_in_a_list_are_two_records_and_nobody_has_the_others_number() {
    let mut world = World::at("2026-11-24 10:00");
    let body = "Please help:\n\n1) Ann Lee, 617-555-0101, eviction\n2) Bob Ray, 617-555-0102, wage theft\n\nThanks,\nJo";
    world.receive(&Mail::from(PARTNER).subject("Two referrals").body(body));
    let phones: Vec<(Option<String>, bool)> = world
        .records()
        .iter()
        .map(|one| {
            (
                one.packet.text(Field::ClientPhone).map(str::to_owned),
                one.packet.get(Field::ClientPhoneOther).is_some(),
            )
        })
        .collect();
    assert_eq!(phones, [(Some("617-555-0101".to_owned()), false), (Some("617-555-0102".to_owned()), false)]);
    assert_eq!(world.letters_to(PARTNER).len(), 1);
}

#[test]
fn where_it_is_not_certain_how_many_people_a_mail_is_about_the_owner_is_asked() {
    let mut world = World::at("2026-11-24 10:00");
    let body = "Ann Lee (617-555-0101) is being evicted. Bob Ray (617-555-0102) lost his wages.";
    world.receive(&Mail::from(PARTNER).body(body));
    assert_eq!(world.records().len(), 1);
    let record = world.record(0);
    assert!(
        [Field::ClientPhone, Field::ClientPhoneOther].iter().all(|field| record.packet.get(*field).is_none())
    );
    assert!(
        record.questions.iter().any(|question| question.starts_with("This mail may hold several people"))
    );
    assert!(world.last_to(MARIA).text.contains("may hold several people"));
}
