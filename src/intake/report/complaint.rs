//! Complaints: a reader pressed "spam" and the provider tells us (RFC 5965, and Hotmail's older shape).

use mail_parser::{Message, MimeHeaders};

use super::{address, part_text};
use crate::intake::head::Head;
use crate::intake::{ReportKind, ReportedRecipient};

/// Who complained; empty when the mail is no complaint.
pub(super) fn recipients(message: &Message<'_>, head: &Head, returned: &[Head]) -> Vec<ReportedRecipient> {
    let feedback = message.parts.iter().find(|part| part.is_content_type("message", "feedback-report"));
    let fields = feedback.map(|part| Head::read(part_text(part).trim_start().as_bytes()));
    if fields.is_none() && !is_hotmail(head, returned) {
        return Vec::new();
    }
    let is_spam = fields
        .as_ref()
        .and_then(|fields| fields.first("feedback-type"))
        .is_none_or(|kind| !kind.eq_ignore_ascii_case("not-spam"));
    let kind = if is_spam { ReportKind::Complaint } else { ReportKind::NoFailure };
    let mut addresses: Vec<String> = Vec::new();
    for value in named(fields.as_ref(), returned) {
        if let Some(one) = address(&value).filter(|one| one.contains('@') && !addresses.contains(one)) {
            addresses.push(one);
        }
    }
    if addresses.is_empty() {
        addresses.push(String::new());
    }
    let one = |address| ReportedRecipient {
        address,
        original: None,
        status: None,
        action: "complaint".to_owned(),
        kind,
    };
    addresses.into_iter().map(one).collect()
}

/// Where a complaint names its author: its own fields first, then the mail that was complained about.
fn named(fields: Option<&Head>, returned: &[Head]) -> Vec<String> {
    const OWN: [&str; 3] = ["original-rcpt-to", "removal-recipient", "redacted-address"];
    const RETURNED: [&str; 5] = ["x-hmxmroriginalrecipient", "x-original-to", "delivered-to", "to", "cc"];
    let own = OWN.iter().flat_map(|name| fields.iter().flat_map(|fields| fields.all(name)));
    let own: Vec<String> = own.map(str::to_owned).collect();
    if !own.is_empty() {
        return own;
    }
    for name in RETURNED {
        let values: Vec<String> =
            returned.iter().flat_map(|head| head.all(name)).map(str::to_owned).collect();
        if !values.is_empty() {
            return values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect();
        }
    }
    Vec::new()
}

fn is_hotmail(head: &Head, returned: &[Head]) -> bool {
    returned.iter().any(|head| head.has("x-hmxmroriginalrecipient"))
        && head
            .first("subject")
            .is_some_and(|subject| subject.to_ascii_lowercase().starts_with("complaint about message"))
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn check(report: &str, returned: &str, expected: &[(&str, ReportKind)]) {
        let mail = format!(
            "Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n\nA complaint.\n--x\n\
             Content-Type: message/feedback-report\n\n{report}\n--x\nContent-Type: message/rfc822\n\n{returned}\n\nbody\n--x--\n"
        );
        let message = MessageParser::default().parse(mail.as_bytes()).unwrap();
        let found = recipients(&message, &Head::default(), &super::super::returned_heads(&message));
        let found: Vec<_> = found.iter().map(|one| (one.address.as_str(), one.kind)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_complaint_names_its_author() {
        check(
            "Feedback-Type: abuse\nOriginal-Rcpt-To: <Ann@example.org>\n",
            "To: x@example.org\n",
            &[("ann@example.org", ReportKind::Complaint)],
        );
        check(
            "Feedback-Type: abuse\n",
            "To: Ann <ann@example.org>\n",
            &[("ann@example.org", ReportKind::Complaint)],
        );
        check(
            "Feedback-Type: not-spam\n",
            "To: ann@example.org\n",
            &[("ann@example.org", ReportKind::NoFailure)],
        );
        check("Feedback-Type: abuse\n", "X: y\n", &[("", ReportKind::Complaint)]);
    }
}
