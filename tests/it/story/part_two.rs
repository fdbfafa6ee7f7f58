//! What 42 CFR part 2 protects is named as such to whoever works with it, and never to the client (RELIABILITY P16).

use super::{ANA, CLIENT, MARIA, Mail, PARTNER, referral, referral_with};
use crate::world::World;

const NOTICE: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

#[test]
fn p16_a_referral_that_part_two_protects_has_its_notice_in_letters_to_partner_and_staff_only() {
    let words = format!("{ANA}\n\nThis mail is protected by 42 CFR Part 2.\n");
    let said_in_words = Mail::from(PARTNER).subject("New referral").body(&words);
    for (mail, is_flagged) in [
        (referral_with("Protected by 42 CFR part 2", "yes"), true),
        (referral_with("Part 2 records", "not sure, ask"), true),
        (said_in_words, true),
        (referral_with("Protected by 42 CFR part 2", "no"), false),
        (referral(), false),
    ] {
        let mut world = World::at("2026-11-24 10:00");
        world.receive(&mail);
        world.answer(MARIA, "attempt call no answer");
        world.answer(MARIA, "accept");
        world.pass("2h");
        let letters = world.letters();
        assert!(letters.iter().any(|letter| letter.to == PARTNER), "a receipt");
        for letter in letters {
            let has = letter.text.contains(NOTICE);
            let goes_to_client = letter.to == CLIENT;
            assert_eq!(has, is_flagged && !goes_to_client, "{}: {}", letter.subject, letter.text);
            assert!(!letter.subject.contains("CFR") && letter.text.find(NOTICE).is_none_or(|at| at > 140));
        }
        world.end();
    }
}
