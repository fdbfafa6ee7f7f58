//! Mails as an advocate for victims of domestic violence would fear them.

use super::{ANA, CLIENT, Mail, PARTNER};
use crate::world::World;

/// Her referral with lines changed, and more words below it.
fn with(edits: &[(&str, &str)], more: &str) -> Mail {
    let mut lines: Vec<String> = ANA.lines().map(str::to_owned).collect();
    for (label, value) in edits {
        let of = |line: &String| line.starts_with(&format!("{label}:"));
        if let Some(at) = lines.iter().position(of) {
            if value.is_empty() {
                lines.remove(at);
            } else {
                lines[at] = format!("{label}: {value}");
            }
        } else {
            lines.push(format!("{label}: {value}"));
        }
    }
    Mail::from(PARTNER).subject("New referral").body(&format!("{}\n{more}\n", lines.join("\n")))
}

/// Letters to anybody who is neither staff nor the partner, and the owner's questions.
fn outcome(mail: &Mail) -> (usize, Vec<String>) {
    let mut world = World::at("2026-11-24 10:00");
    world.receive(mail);
    let client = |to: &str| to != PARTNER && !to.ends_with("@example.org");
    let letters = world.letters().iter().filter(|letter| client(&letter.to)).count();
    let questions = world.record(0).questions.clone();
    world.end();
    (letters, questions)
}

#[test]
fn words_that_warn_of_a_mail_hold_it_back_wherever_they_stand_and_somebody_is_asked() {
    for words in [
        "Please note that emailing her is not safe.",
        "He reads all of her emails.",
        "The abuser has her email password.",
        "Her email has been hacked by her ex.",
        "Only call, never write.",
        "DO NOT CONTACT CLIENT DIRECTLY, go through me.",
        "Contact client only through advocate.",
        "Her phone is shared with her husband.",
        "Is email monitored by anyone? Yes",
        "Does the abuser have access to email? Yes",
        "Does anyone else have access to this email? Yes, husband",
        "Email belongs to: her husband",
        "Contact by email: no",
        "Emails ok? No",
        "Husband's email: ana@mail.example",
        "Opposing party email: ana@mail.example",
        "Safety notes: husband reads her email",
        "Safety notes: do not email",
        "Notes: please do not send emails, he checks her phone",
        "Her ex installed spyware, he sees her inbox",
        "Su esposo lee sus correos.",
        "No le escriban, por favor.",
        "Update: she has withdrawn her consent.",
        "She has not signed the release yet.",
        "Referred without her consent",
        "Ella retiró su consentimiento.",
    ] {
        // A blank line and a label between: it is nobody's answer.
        let (letters, questions) = outcome(&with(&[], &format!("Documents: none\n\n{words}\n")));
        assert_eq!(letters, 0, "{words}");
        assert!(!questions.is_empty(), "{words}: somebody is asked");
        // Above the form it counts the same.
        let above = Mail::from(PARTNER).subject("New referral").body(&format!("Hello,\n\n{words}\n\n{ANA}"));
        assert_eq!(outcome(&above).0, 0, "above: {words}");
    }
    for subject in ["URGENT: do not email client", "Referral - not safe to email"] {
        assert_eq!(outcome(&Mail::from(PARTNER).subject(subject).body(ANA)).0, 0, "{subject}");
    }
}

#[test]
fn an_answer_with_anything_beside_a_clear_yes_is_none() {
    for (label, value) in [
        ("Safe to email", "Not really"),
        ("Safe to email", "yes, I think so"),
        ("Safe to email", "yes but husband has the password"),
        ("Safe to email", "ok for now"),
        ("Safe to email", "yes (shared with her sister)"),
        ("Safe to email", "yes, he knows"),
        ("Safe to email", "yes monitored"),
        ("Safe to email", "sí, pero no de noche"),
        ("Safe to email", "yes?"),
        ("Safe to email", "YES / NO"),
        ("Safe to email", "yes - work hours only"),
        ("Safe ways to contact", "call only"),
        ("Safe ways to contact", "call, text, not email"),
        ("Safe ways to contact", "through her sister"),
        ("Preferred contact method", "phone, never email"),
        ("Reason for referral", "Her husband checks her email account every night"),
        ("Consent to share", "yes, per her husband"),
        ("Consent to share", "yes (mother consented)"),
        ("Consent to share", "spouse says yes"),
        ("Consent to share", "yes, probably"),
        ("Consent to share", "Y / N"),
        ("Consent to share", "yes for phone only"),
        ("Safe times", "when he is at work"),
        ("Safe times", "not mornings"),
        ("Safe times", "today only until 9am"),
        ("Safe times", "after the hearing on Dec 1"),
    ] {
        assert_eq!(outcome(&with(&[(label, value)], "")).0, 0, "{label}: {value}");
    }
}

#[test]
fn an_address_that_looks_like_more_people_or_like_the_other_side_gets_no_letter() {
    for (address, other) in [
        ("smithfamily@mail.example", "John Doe"),
        ("the.canarys@mail.example", "John Doe"),
        ("anaandjohn@mail.example", "John Canary"),
        ("johnandana@mail.example", "John Canary"),
        ("john.and.ana@mail.example", ""),
        ("jcanary@mail.example", "John Canary"),
        ("canaryj@mail.example", "John Canary"),
        ("john77@mail.example", "John Doe"),
        ("ana@mail.example", "Ana Canary"),
        ("ana@mail.example (old, husband has it)", ""),
        ("ana@mail.example (work, IT monitors)", ""),
        ("ana@mail.example or ana.work@corp.example", ""),
        ("ana@mail.example (do not use)", ""),
    ] {
        let mail = with(&[("Email", address), ("Opposing party", other)], "");
        assert_eq!(outcome(&mail).0, 0, "{address} {other}");
    }
    for (address, other) in [
        ("ana@mail.example", "John Canary"),
        ("acanary@mail.example", "John Canary"),
        ("canary.ana82@mail.example", "John Canary"),
        ("ana@mail.example (personal)", "John Doe"),
        ("Ana Canary <ana@mail.example>", ""),
        ("ana@mail.example<mailto:ana@mail.example>", ""),
        ("sandy.canary@mail.example", ""),
        ("brandy@mail.example", ""),
    ] {
        let mail = with(&[("Email", address), ("Opposing party", other)], "");
        assert_eq!(outcome(&mail).0, 1, "{address} {other}");
    }
}

#[test]
fn what_every_referral_says_is_no_warning() {
    for words in [
        "Please do not hesitate to contact me by email with questions.",
        "This email is confidential. If you are not the intended recipient, do not read or share this email.",
        "There is a no contact order since May.",
        "I could not contact her landlord.",
        "She has an eviction hearing and no lawyer.",
        "Her husband was served with the papers last week.",
        "She cannot pay the rent. Thank you for your help!",
        "Does anyone else read this email? No",
        "Is email monitored by anyone? No",
        "She lives with her two children and her mother.",
        "She speaks some English but no French.",
    ] {
        let (letters, questions) = outcome(&with(&[], &format!("Documents: none\n\n{words}\n")));
        assert_eq!(letters, 1, "{words}: {questions:?}");
    }
}

#[test]
fn p13_a_warning_in_a_later_mail_without_any_form_holds_back_what_was_not_sent() {
    for words in [
        "She has withdrawn her consent.",
        "Her ex reads her email now.",
        "Please do not email her any more, it is not safe.",
        "Language: Spanish\nHer ex reads her email now.",
    ] {
        let mut world = World::at("2026-11-24 21:00");
        world.receive(&with(&[], ""));
        assert!(world.letters_to(CLIENT).is_empty(), "outside safe hours");
        let receipt = world.letter(PARTNER, "Received");
        world.receive(&receipt.answer(words));
        assert_eq!(world.records().len(), 1, "{words}");
        world.pass("14h");
        assert!(world.letters_to(CLIENT).is_empty(), "{words}");
        assert!(!world.record(0).questions.is_empty(), "{words}");
        world.end();
    }
    let mut world = World::at("2026-11-24 21:00");
    world.receive(&with(&[], ""));
    let receipt = world.letter(PARTNER, "Received");
    world.receive(&receipt.answer("Thank you, she can bring the papers on Monday."));
    world.pass("14h");
    assert_eq!(world.letters_to(CLIENT).len(), 1, "other words hold nothing back");
    world.end();
}

#[test]
fn one_warning_counts_for_everybody_in_the_mail() {
    let other = ANA.replace("Ana Canary", "Bea Other").replace("0142", "0199").replace("ana@", "bea@");
    let words = format!("Two people.\n\n{ANA}\n\n{other}\n\nMatter notes:\n\nDo not email either of them.\n");
    let mut world = World::at("2026-11-24 10:00");
    world.receive(&Mail::from(PARTNER).subject("Two").body(&words));
    assert_eq!(world.records().len(), 2);
    assert!(world.letters_to(CLIENT).is_empty() && world.letters_to("bea@mail.example").is_empty());
    world.end();
}
