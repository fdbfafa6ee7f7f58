//! Row "bounces": recipient and status exact where a status part says so, recipients found where none does.

use std::collections::BTreeSet;

use handoffd::intake::{Nature, ReportedRecipient};
use serde_json::Value;

use super::{Labelled, Tally, mails};

#[test]
fn recipient_and_status_are_exact_where_a_status_part_says_them() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in &mails {
        let Some(blocks) = mail.expected()["dsn"].as_array() else { continue };
        let expected: BTreeSet<(String, String)> = blocks.iter().map(expected_pair).collect();
        let found: BTreeSet<(String, String)> =
            reported(mail).into_iter().map(|one| (one.address, one.status.unwrap_or_default())).collect();
        tally.count(mail, found == expected, &format!("{found:?} for {expected:?}"));
    }
    tally.judge("bounces: recipient and status exact", 1.0);
}

#[test]
fn recipients_are_found_where_only_words_say_them() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    let mut kinds = Tally::default();
    for mail in mails.iter().filter(|mail| mail.text("kind") == "bounce" && mail.expected()["dsn"].is_null())
    {
        let expected = expected_recipients(mail);
        let reported = reported(mail);
        for one in &expected {
            let hit = reported.iter().any(|found| found.address == *one);
            let found: Vec<&str> = reported.iter().map(|found| found.address.as_str()).collect();
            tally.count(mail, hit, &format!("{found:?} for {one}"));
        }
        let surplus = reported.iter().filter(|found| !expected.contains(&found.address)).count();
        kinds.count(mail, expected.is_empty() || surplus == 0, &format!("{surplus} too many"));
    }
    tally.judge("bounces: recipients in words", 0.96);
    kinds.judge("bounces: no recipient too many", 0.98);
}

#[test]
fn bounces_are_called_bounces() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    for mail in
        mails.iter().filter(|mail| mail.text("kind") == "bounce" && mail.expected()["is_bounce"] == true)
    {
        tally.count(mail, matches!(mail.read().nature, Nature::DeliveryReport(_)), "not called a bounce");
    }
    tally.judge("bounces: called so", 0.99);
}

fn reported(mail: &Labelled) -> Vec<ReportedRecipient> {
    match mail.read().nature {
        Nature::DeliveryReport(report) => report.recipients,
        Nature::Human | Nature::AutoReply | Nature::Bulk | Nature::Own => Vec::new(),
    }
}

fn expected_pair(block: &Value) -> (String, String) {
    let text = |key: &str| block[key].as_str().unwrap_or_default().to_lowercase();
    (text("final_recipient"), text("status"))
}

fn expected_recipients(mail: &Labelled) -> Vec<String> {
    let own = mail.expected()["recipients"].as_array();
    let silver = mail.label["silver_sisimai"].as_array();
    let own = own.into_iter().flatten().filter_map(Value::as_str);
    let mut expected: Vec<String> = own.map(str::to_lowercase).collect();
    if expected.is_empty() {
        let silver = silver.into_iter().flatten().filter_map(|one| one["recipient"].as_str());
        expected = silver.map(str::to_lowercase).collect();
    }
    expected
}
