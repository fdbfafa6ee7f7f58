//! Row "text": subject, author, attachment names and the beginning of the text as independent parsers agree on them.

use handoffd::intake::Reading;
use serde_json::Value;

use super::{Labelled, Tally, mails};

#[test]
fn subject_author_attachments_and_text_are_as_others_read_them() {
    let Some(mails) = mails() else { return };
    let mut tallies: [Tally; 4] = Default::default();
    // Other parsers cannot read mails whose lines end in a lone CR, so there is no consensus about them.
    for mail in mails.iter().filter(|mail| mail.text("corpus") != "sisimai-eol-mac") {
        let consensus = &mail.label["consensus"];
        let reading = mail.read();
        for (tally, (found, expected)) in tallies.iter_mut().zip(pairs(mail, &reading, consensus)) {
            if let Some(expected) = expected {
                tally.count(mail, found == expected, &format!("{found:?} for {expected:?}"));
            }
        }
    }
    for (tally, (what, level)) in tallies.iter().zip(LEVELS) {
        tally.judge(&format!("text: {what}"), level);
    }
}

const LEVELS: [(&str, f64); 4] =
    [("subject", 0.97), ("author", 0.97), ("attachment names", 0.97), ("text", 0.97)];

/// What was found beside what is expected, if anything is.
fn pairs(mail: &Labelled, reading: &Reading, consensus: &Value) -> [(String, Option<String>); 4] {
    let subject = consensus["subject"].as_str().map(folded);
    let from = consensus["from"].as_array().and_then(|from| from.first()).and_then(Value::as_str);
    let names = consensus["attachment_names"].as_array().map(|names| {
        let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.join("|")
    });
    let mut found: Vec<&str> =
        reading.attachments.iter().map(|one| one.name.as_str()).filter(|name| !name.is_empty()).collect();
    found.sort_unstable();
    let shown =
        reading.envelope.from.as_ref().map_or(reading.envelope.from_shown.as_str(), |from| from.as_str());
    let head = consensus["text_head"].as_str().map(plain);
    let whole = plain(&whole_text(mail));
    let length = head.as_ref().map_or(0, |head| head.chars().count().min(300));
    let beginning = |text: &str| text.chars().take(length).collect::<String>();
    [
        (folded(&reading.envelope.subject), subject),
        (shown.to_lowercase(), from.map(str::to_lowercase)),
        (found.join("|"), names),
        (beginning(&whole), head.map(|head| beginning(&head))),
    ]
}

/// The whole body, before any quote or signature is taken off.
fn whole_text(mail: &Labelled) -> String {
    handoffd::intake::shown_text(&mail.raw, &super::context().limits)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// White space left out: layouts differ, words do not.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
