//! The same table as a stranger measures it: through `handoffd explain FILE --json`.

use std::collections::BTreeSet;

use handoffd::intake::command;
use handoffd::intake::explain::Explanation;
use handoffd::referral::reason::Reasons;
use serde_json::Value;

use super::{Labelled, Tally, context, mails};

fn explained(mail: &Labelled) -> Value {
    let reading = mail.read();
    let verb = command::read(&reading.text.own, &Reasons::default())
        .commands
        .first()
        .map(|command| command.verb().to_owned());
    serde_json::to_value(Explanation::new(&reading, &context(), verb)).unwrap()
}

#[test]
fn what_explain_shows_is_what_others_read() {
    let Some(mails) = mails() else { return };
    let mut tallies: [Tally; 4] = Default::default();
    for mail in mails.iter().filter(|mail| mail.text("corpus") != "sisimai-eol-mac") {
        let consensus = &mail.label["consensus"];
        let json = explained(mail);
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        if let Some(subject) = consensus["subject"].as_str() {
            tallies[0].count(mail, squeezed(&text("subject")) == squeezed(subject), &text("subject"));
        }
        if let Some(from) = consensus["from"][0].as_str() {
            tallies[1].count(mail, text("from").to_lowercase().contains(&from.to_lowercase()), &text("from"));
        }
        if let Some(names) = consensus["attachment_names"].as_array() {
            let wanted: BTreeSet<&str> = names.iter().filter_map(Value::as_str).collect();
            let listed = json["attachments"].as_array().unwrap();
            let found: BTreeSet<&str> = listed
                .iter()
                .filter_map(|one| one["name"].as_str())
                .filter(|name| !name.is_empty())
                .collect();
            tallies[2].count(mail, found == wanted, &format!("{found:?} for {wanted:?}"));
        }
        if let Some(head) = consensus["text_head"].as_str() {
            let wanted: String = squeezed(head).chars().take(300).collect();
            let found = squeezed(&format!("{}{}", text("new_text"), text("quoted_text")));
            let note = format!("{found:.200?} for {wanted:.200?}");
            tallies[3].count(mail, shares(&found, head), &note);
        }
    }
    let levels = [("subject", 0.99), ("from", 0.99), ("attachments", 0.98), ("text", 0.97)];
    for (tally, (what, level)) in tallies.iter().zip(levels) {
        tally.judge(&format!("explain: {what}"), level);
    }
}

/// Nearly all words of the beginning are shown. Signatures are shown apart, so a few words may be missing.
fn shares(found: &str, head: &str) -> bool {
    let head: String = head.chars().take(300).collect();
    let words: Vec<String> = head.split_whitespace().map(squeezed).collect();
    let missing = words.iter().filter(|word| !found.contains(word.as_str())).count();
    missing * 10 <= words.len()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn no_raw_markup_is_shown_as_text() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in mails.iter().filter(|mail| mail.text("format") == "html-body") {
        let json = explained(mail);
        let shown =
            format!("{}{}", json["new_text"].as_str().unwrap(), json["quoted_text"].as_str().unwrap());
        let raw =
            ["</div>", "<br", "</p>", "</td>", "&nbsp;", "<style"].iter().find(|tag| shown.contains(**tag));
        tally.count(mail, raw.is_none(), &format!("{raw:?}"));
    }
    tally.judge("explain: no raw markup", 0.99);
}

#[test]
fn nobody_is_answered_who_must_not_be() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in &mails {
        let reasons = mail.expected()["no_autoreply_reasons"].as_array().map_or(0, Vec::len);
        if reasons > 0 {
            tally.count(mail, explained(mail)["may_answer"] == false, "may answer");
        }
    }
    tally.judge("explain: no answer where none may go", 1.0);
}

/// Our words for the classes of the corpora. A refusal for ever of what was sent says nothing about the address.
fn means(class: &str) -> &'static [&'static str] {
    match class {
        "hard" => &["hard"],
        "permanent-other" => &["soft"],
        "transient" => &["soft", "delay"],
        "complaint" => &["complaint"],
        "delivered" => &["no_failure"],
        _ => &[],
    }
}

#[test]
fn the_kinds_of_reports_agree_with_their_classes() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in &mails {
        let Some(classes) = mail.expected()["classes"].as_array() else { continue };
        let classes: BTreeSet<&str> = classes.iter().filter_map(Value::as_str).collect();
        let json = explained(mail);
        let Some(recipients) = json["delivery_report"]["recipients"].as_array() else { continue };
        // Labels without a class say nothing about it.
        if recipients.is_empty() || classes.is_empty() {
            continue;
        }
        let kinds: BTreeSet<&str> = recipients.iter().filter_map(|one| one["kind"].as_str()).collect();
        let fits = |kind: &&str| classes.iter().any(|class| means(class).contains(kind));
        let statuses: Vec<&Value> = recipients.iter().map(|one| &one["status"]).collect();
        let reason = &mail.expected()["reports"][0]["reason"];
        let note = format!("{kinds:?} for {classes:?} {reason} {statuses:?}");
        tally.count(mail, kinds.iter().all(fits), &note);
    }
    tally.judge("explain: kinds of reports", 0.95);
}
