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

/// A mail about two people, of whom the one at this place is protected.
fn about_two(from: &str, protected: usize) -> Mail {
    let person = |place: usize| {
        let flag = if place == protected { "yes" } else { "no" };
        format!(
            "Client name: Person{place} Canary\nPhone: 617-555-014{place}\nMatter type: housing\nUrgency: normal\n\
             Consent to share: yes\nProtected by 42 CFR part 2: {flag}\n"
        )
    };
    Mail::from(from).subject("Two people").body(&format!("{}\n\n{}", person(1), person(2)))
}

#[test]
fn p16_a_letter_about_several_has_the_notice_whichever_of_them_is_protected() {
    for from in [PARTNER, "stranger@else.example"] {
        for (protected, is_flagged) in [(1, true), (2, true), (3, false)] {
            let mut world = World::at("2026-11-24 10:00");
            world.receive(&about_two(from, protected));
            assert!(world.record(1).packet.is_part_two() == (protected == 2), "two records");
            let receipt = world.last_to(from);
            assert_eq!(receipt.text.contains(NOTICE), is_flagged, "{from} {protected}: {}", receipt.text);
            if from == PARTNER {
                world.receive(&Mail::from(PARTNER).subject("Question").body("status"));
                let answer = world.last_to(PARTNER);
                assert_eq!(answer.text.contains(NOTICE), is_flagged, "{protected}: {}", answer.text);
            }
            world.end();
        }
    }
}

#[test]
fn p16_a_summary_has_the_notice_if_one_line_of_it_is_protected() {
    for is_flagged in [false, true] {
        let mut world = World::at("2026-11-24 10:00");
        for number in 0..7 {
            let flag = if is_flagged && number == 4 { "yes" } else { "no" };
            let words = ANA
                .replace("Ana Canary", &format!("Ana{number} Canary"))
                .replace("0142", &format!("01{number}0"))
                .replace("ana@", &format!("ana{number}@"));
            let words = format!("{words}Protected by 42 CFR part 2: {flag}\n");
            world.drop_in(&Mail::from(PARTNER).subject("New referral").body(&words));
        }
        world.settle();
        world.pass("1m");
        let summary = world.last_to(MARIA);
        assert_eq!(world.letters_to(MARIA).len(), 1, "one letter about seven");
        assert_eq!(summary.text.contains(NOTICE), is_flagged, "{}", summary.text);
        world.end();
    }
}
