//! `[[reason]]` and `[next_action]`: what is taken, and what is refused because it would mean two things.

use handoffd::referral::reason::{BounceReason, Instead};
use handoffd::settings::{Settings, reasons_in_words};

use super::{GOOD, folder, mistakes};

fn reason(code: &str, counts_as: &str, words: &str, next: &str) -> String {
    format!("[[reason]]\ncode = \"{code}\"\ncore = \"{counts_as}\"\nwords = [{words}]\nnext = \"{next}\"\n")
}

#[test]
fn reasons_and_plans_are_read_and_shown_in_words() {
    let text = [
        GOOD.to_owned(),
        reason(
            "wrong_number_family",
            "bad_contact_info",
            "\"family answered\", \"familia\"",
            "partner relay",
        ),
        "[[reason]]\ncode = \"night_line_full\"\ncore = \"capacity_delay\"\nwords = [\"night line full\"]\n"
            .to_owned(),
        "[next_action]\ncapacity_delay = \"other: name the weekend clinic\"\n".to_owned(),
    ]
    .join("\n");
    let settings = Settings::parse(&text, "handoffd.toml", folder().path()).unwrap();
    let added: Vec<_> = settings.reasons.added.iter().map(|one| (one.code.as_str(), one.core)).collect();
    assert_eq!(
        added,
        [
            ("wrong_number_family", BounceReason::BadContactInfo),
            ("night_line_full", BounceReason::CapacityDelay)
        ]
    );
    assert_eq!(settings.reasons.added[0].next, Some(Instead::PartnerRelay));
    let shown = reasons_in_words(&settings.reasons);
    for line in [
        "    family answered; familia (wrong_number_family): ask the partner to relay",
        "  capacity delay: name the weekend clinic",
        "    night line full (night_line_full): name the weekend clinic",
        "  unsafe to contact: no contact by us; ask the partner to relay",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn a_reason_that_would_mean_two_things_is_a_mistake_with_its_line() {
    let folder = folder();
    let first = GOOD.lines().count() + 1;
    let good = |words: &str| reason("family", "bad_contact_info", words, "partner relay");
    // The text, the line within the section, the place, and a part of the words.
    let table: [(String, usize, &str, &str); 22] = [
        (reason("", "bad_contact_info", "\"at work\"", "partner relay"), 2, "code:", "is not a code"),
        (
            reason("Familie", "bad_contact_info", "\"at work\"", "partner relay"),
            2,
            "code:",
            "begin with a letter",
        ),
        (
            reason("bad_contact_info", "bad_contact_info", "\"at work\"", "partner relay"),
            2,
            "code:",
            "already",
        ),
        (reason("wrong_number", "bad_contact_info", "\"at work\"", "partner relay"), 2, "code:", "already"),
        (
            reason("family", "bad_contact", "\"at work\"", "partner relay"),
            3,
            "core:",
            "did you mean bad_contact_info?",
        ),
        (
            reason("family", "nonsense", "\"at work\"", "partner relay"),
            3,
            "core:",
            "write one of: bad_contact_info,",
        ),
        (good(""), 1, "[[reason]]:", "1 to 12 words"),
        (good("\"unsafe to contact\""), 4, "words:", "one of the five"),
        (good("\"Bad contact\""), 4, "words:", "one of the five"),
        (good("\"unsafe\""), 4, "words:", "one of the five"),
        (good("\"idioma\""), 4, "words:", "one of the five"),
        (good("\"language\""), 4, "words:", "one of the five"),
        (good("\"do not contact\""), 4, "words:", "another line"),
        (good("\"close enough\""), 4, "words:", "another line"),
        (good("\"at work\", \"At Work\""), 4, "words:", "twice"),
        (good("\"at\\twork <b>\""), 4, "words:", "control character"),
        (good("\"at work: <b>\""), 4, "words:", "are not words"),
        (good("\"no\""), 4, "words:", "3 letters or more"),
        (
            reason("family", "bad_contact_info", "\"at work\"", "partner rely"),
            5,
            "next:",
            "did you mean partner relay?",
        ),
        (reason("moved", "unsafe_to_contact", "\"moved\"", "mailed letter"), 5, "next:", "unsafe to contact"),
        (reason("moved", "bad_contact_info", "\"moved\"", "other:"), 5, "next:", "is empty"),
        (
            "[next_action]\nunsafe_to_contact = \"interpreter booking\"\n".to_owned(),
            2,
            "[next_action] unsafe_to_contact:",
            "unsafe to contact",
        ),
    ];
    for (text, line, place, words) in table {
        let found = mistakes(&format!("{GOOD}\n{text}"), folder.path());
        assert_eq!(found.len(), 1, "{text}\n{found:?}");
        let at = format!("handoffd.toml:{}:", first + line);
        assert!(found[0].starts_with(&at) && found[0].contains(place), "{at} {place}\n{text}\n{found:?}");
        assert!(found[0].contains(words), "{words}\n{text}\n{found:?}");
    }
}

#[test]
fn two_reasons_share_neither_code_nor_words() {
    let folder = folder();
    let one = reason("family", "bad_contact_info", "\"at work\"", "partner relay");
    for (other, place) in [
        (reason("family", "bad_contact_info", "\"elsewhere\"", "partner relay"), "code:"),
        (reason("office", "bad_contact_info", "\"At work.\"", "partner relay"), "words:"),
        (reason("office", "bad_contact_info", "\"at work\"", "partner relay"), "words:"),
        (reason("at_work", "bad_contact_info", "\"elsewhere\"", "partner relay"), "code:"),
    ] {
        let found = mistakes(&format!("{GOOD}\n{one}\n{other}"), folder.path());
        assert_eq!(found.len(), 1, "{other}\n{found:?}");
        assert!(found[0].contains(place), "{found:?}");
    }
}
