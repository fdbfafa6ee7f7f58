//! The machine-readable part of a delivery report (RFC 3464), as servers really write it: fields folded or not, blank
//! lines missing or doubled, types left out.

use super::code::status;
use super::kind::kind;
use super::notice::Notice;
use super::{RECIPIENTS, address};
use crate::intake::ReportedRecipient;

/// Every recipient a delivery status speaks of, in order. `notice` are the words beside it: many servers put their
/// reasons only there.
pub(super) fn recipients(text: &str, notice: &Notice) -> Vec<ReportedRecipient> {
    let mut found = Vec::new();
    let mut block = Block::default();
    for (name, value) in fields(text) {
        match name.as_str() {
            "" => block.finish(notice, &mut found),
            "final-recipient" => {
                if block.last.is_some() {
                    block.finish(notice, &mut found);
                }
                block.last = address(&value);
            }
            "original-recipient" => {
                if block.original.is_some() {
                    block.finish(notice, &mut found);
                }
                block.original = address(&value);
            }
            "action" => block.action = Some(value),
            "status" => block.status = status(&value),
            // In front stands the kind of the code, which may be the name of a mail system.
            "diagnostic-code" => {
                let words = value.split_once(';').map_or(value.as_str(), |(_, words)| words);
                words.clone_into(&mut block.words);
            }
            _ => {}
        }
        if found.len() >= RECIPIENTS {
            break;
        }
    }
    block.finish(notice, &mut found);
    found
}

#[derive(Default)]
struct Block {
    last: Option<String>,
    original: Option<String>,
    action: Option<String>,
    status: Option<String>,
    words: String,
}

impl Block {
    fn finish(&mut self, notice: &Notice, found: &mut Vec<ReportedRecipient>) {
        let block = std::mem::take(self);
        let Some(address) = block.last.or_else(|| block.original.clone()) else {
            // Fields of the whole report, or a recipient whose address follows behind a stray blank line.
            *self =
                Block { action: block.action, status: block.status, words: block.words, ..Block::default() };
            return;
        };
        let action = action(block.action.as_deref().unwrap_or_default(), block.status.as_deref());
        let kind = kind(&action, block.status.as_deref(), &[&block.words, notice.near(&address)]);
        let original = block.original.filter(|original| *original != address);
        found.push(ReportedRecipient { address, original, status: block.status, action, kind });
    }
}

/// The action in the words of RFC 3464 §2.3.3.
fn action(written: &str, status: Option<&str>) -> String {
    let word =
        written.split([' ', '(', ';']).find(|word| !word.is_empty()).unwrap_or_default().to_ascii_lowercase();
    let known = match word.as_str() {
        "delayed" | "delay" | "deferred" => "delayed",
        "delivered" | "success" => "delivered",
        "relayed" => "relayed",
        "expanded" | "expand" => "expanded",
        _ if status.is_some_and(|status| status.starts_with('2')) && word.is_empty() => "delivered",
        _ => "failed",
    };
    known.to_owned()
}

/// Lower-case names and unfolded values; a blank line gives an empty name.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            found.push((String::new(), String::new()));
        } else if line.starts_with([' ', '\t']) && found.last().is_some_and(|(name, _)| !name.is_empty()) {
            if let Some((_, value)) = found.last_mut() {
                value.push(' ');
                value.push_str(line.trim_start());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::ReportKind;

    /// Address, original, status, action, kind.
    type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a str, ReportKind);

    fn check(text: &str, expected: &[Row<'_>]) {
        let found = recipients(text, &Notice::default());
        let found: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.address.as_str(),
                    one.original.as_deref(),
                    one.status.as_deref(),
                    one.action.as_str(),
                    one.kind,
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_status_by_the_book_is_read() {
        check(
            "Reporting-MTA: dns; mx.example.net\nArrival-Date: x\n\nOriginal-Recipient: rfc822;team@example.org\n\
             Final-Recipient: rfc822; Ann@Example.org\nAction: failed\nStatus: 5.1.1 (bad mailbox)\n\
             Diagnostic-Code: smtp; 550 no such\n user\n\nFinal-Recipient: rfc822; bob@example.org\nAction: delayed\nStatus: 4.4.1\n",
            &[
                ("ann@example.org", Some("team@example.org"), Some("5.1.1"), "failed", ReportKind::Hard),
                ("bob@example.org", None, Some("4.4.1"), "delayed", ReportKind::Delay),
            ],
        );
    }

    #[test]
    fn blank_lines_may_be_missing_or_stray() {
        check(
            "Reporting-MTA: dns; x\nFinal-Recipient: rfc822;a@example.org\nAction: failure\nStatus: 5.0.0\n\
             Final-Recipient: rfc822;b@example.org\nAction: failed\nStatus: 5.2.2\n",
            &[
                ("a@example.org", None, Some("5.0.0"), "failed", ReportKind::Soft),
                ("b@example.org", None, Some("5.2.2"), "failed", ReportKind::Soft),
            ],
        );
        check(
            "Original-Recipient: <a@example.org>\nAction: failed\nStatus: 5.1.1\n",
            &[("a@example.org", None, Some("5.1.1"), "failed", ReportKind::Hard)],
        );
    }

    #[test]
    fn reasons_may_stand_only_in_the_words_beside_it() {
        let notice = Notice::of(
            "The following address failed:\n\n<a@example.org>: quota\n\n<b@example.org>:\n  no such user\n",
        );
        let block =
            |address: &str| format!("Final-Recipient: rfc822;{address}\nAction: failed\nStatus: 5.0.0\n\n");
        let text = format!("{}{}", block("b@example.org"), block("a@example.org"));
        let kinds: Vec<ReportKind> = recipients(&text, &notice).iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [ReportKind::Hard, ReportKind::Soft]);
    }

    #[test]
    fn a_report_without_recipients_has_none() {
        check("Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.0.0\n", &[]);
        check("", &[]);
    }
}
