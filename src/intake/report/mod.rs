//! Delivery reports and complaints: which recipient, what happened, which mail of ours.
//!
//! A machine-readable part (RFC 3464 delivery status, RFC 5965 feedback) is believed first (`status`, `complaint`),
//! then JSON (`notification`). Without one, the words of the common mail systems are read (`prose`), but only when the
//! mail system itself wrote: a person who writes about a bounce stays a person.

mod code;
mod complaint;
mod kind;
mod notice;
mod notification;
mod phrases;
mod prose;
mod status;

use std::cell::LazyCell;

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use self::notice::Notice;
use super::body::Bodies;
use super::head::Head;
use super::{DeliveryReport, Envelope, ReportedRecipient, clean, envelope, limits};

/// Recipients kept of one report.
const RECIPIENTS: usize = 100;

/// Bytes read of a part that describes a delivery.
const PART_BYTES: usize = 256 * 1024;

/// Whether a mail server that refused a letter says by this status code and these words that there is no such mailbox.
#[must_use]
pub fn is_no_mailbox(status: &str, said: &str) -> bool {
    kind::kind("failed", Some(status), &[said]) == super::ReportKind::Hard
}

/// The report a mail is, if it is one.
#[must_use]
pub fn find(
    message: &Message<'_>,
    head: &Head,
    envelope: &Envelope,
    bodies: &Bodies,
) -> Option<DeliveryReport> {
    let returned = returned_heads(message);
    let told_in_json = || notification::recipients(bodies.plain.as_deref()?);
    let complete = complaint::recipients(message, head, &returned).or_else(told_in_json);
    let is_complete = complete.is_some();
    let mut recipients = complete.unwrap_or_default();
    if !is_complete {
        recipients = told(message, bodies);
    }
    let mut words = None;
    if recipients.is_empty() && !is_complete {
        let found = prose::read(head, envelope, bodies, &returned, has_status_type(message))?;
        recipients = found.recipients;
        words = Some(found.message_ids);
    }
    recipients.truncate(RECIPIENTS);
    let mut message_ids: Vec<String> =
        returned.iter().filter_map(|head| head.first("message-id")).flat_map(envelope::ids).collect();
    message_ids.extend(words.unwrap_or_default());
    message_ids.dedup();
    message_ids.truncate(RECIPIENTS);
    Some(DeliveryReport { recipients, message_ids })
}

/// What the status parts say: those of the report itself, then those of a report that was returned in it.
fn told(message: &Message<'_>, bodies: &Bodies) -> Vec<ReportedRecipient> {
    let mut found = Vec::new();
    let notice = LazyCell::new(|| Notice::of(limits::cut(&bodies.text(), PART_BYTES)));
    let mut open = vec![message];
    while let Some(message) = open.pop() {
        let parts = message.parts.iter().filter(|part| is_status(part));
        found.extend(parts.flat_map(|part| status::recipients(&part_text(part), &notice)));
        if found.is_empty() || found.len() >= RECIPIENTS {
            break;
        }
        open.extend(message.parts.iter().rev().filter_map(|part| match &part.body {
            PartType::Message(inner) => Some(inner),
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Multipart(_) => None,
        }));
    }
    found
}

/// Whether the mail is a `multipart/report` of any kind, or carries a part only machines write: a receipt, a status,
/// a complaint, the answer to an invitation (A7).
#[must_use]
pub fn is_machine_made(message: &Message<'_>) -> bool {
    let root = message.parts.first().is_some_and(|part| part.is_content_type("multipart", "report"));
    root || is_receipt(message)
        || is_calendar_answer(message)
        || message
            .parts
            .iter()
            .any(|part| is_status(part) || part.is_content_type("message", "feedback-report"))
}

/// A read receipt (RFC 8098).
#[must_use]
pub fn is_receipt(message: &Message<'_>) -> bool {
    message.parts.iter().any(|part| {
        part.is_content_type("message", "disposition-notification")
            || part.is_content_type("message", "global-disposition-notification")
    }) || message.parts.first().is_some_and(|part| {
        part.content_type()
            .and_then(|kind| kind.attribute("report-type"))
            .is_some_and(|kind| kind.eq_ignore_ascii_case("disposition-notification"))
    })
}

/// An answer to an invitation (RFC 5546).
#[must_use]
pub fn is_calendar_answer(message: &Message<'_>) -> bool {
    message.parts.iter().filter(|part| part.is_content_type("text", "calendar")).any(|part| {
        let method = part.content_type().and_then(|kind| kind.attribute("method"));
        let answers =
            |method: &str| ["reply", "counter"].iter().any(|name| method.trim().eq_ignore_ascii_case(name));
        method.is_some_and(answers)
            || part_text(part).lines().filter_map(|line| line.strip_prefix("METHOD:")).any(answers)
    })
}

fn is_status(part: &MessagePart<'_>) -> bool {
    ["delivery-status", "global-delivery-status"].iter().any(|kind| part.is_content_type("message", kind))
}

fn has_status_type(message: &Message<'_>) -> bool {
    message.parts.iter().any(is_status)
        || message.parts.first().is_some_and(|part| {
            part.content_type()
                .and_then(|kind| kind.attribute("report-type"))
                .is_some_and(|kind| kind.eq_ignore_ascii_case("delivery-status"))
        })
}

/// A part's content as text, bounded.
fn part_text(part: &MessagePart<'_>) -> String {
    let bytes = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        PartType::Message(inner) => inner_bytes(inner),
        PartType::Multipart(_) => &[],
    };
    String::from_utf8_lossy(bytes.get(..PART_BYTES).unwrap_or(bytes)).into_owned()
}

/// The bytes of an attached message from its first header field on.
#[must_use]
pub fn inner_bytes<'a>(inner: &'a Message<'_>) -> &'a [u8] {
    let start = inner.parts.first().map_or(0, |root| root.offset_header as usize);
    let end = inner.parts.first().map_or(0, |root| root.offset_end as usize);
    let raw = inner.raw_message.as_ref();
    raw.get(start..end.max(start)).or_else(|| raw.get(start..)).unwrap_or_default()
}

/// The header fields of the mails a report returns.
fn returned_heads(message: &Message<'_>) -> Vec<Head> {
    let is_returned = |part: &&MessagePart<'_>| {
        matches!(part.body, PartType::Message(_))
            || part.is_content_type("text", "rfc822-headers")
            || part.is_content_type("text", "rfc822")
            || part.is_content_type("message", "rfc822-headers")
            || part
                .content_type()
                .is_some_and(|kind| limits::unsealed(&format!("{}/", kind.c_type)).is_some())
    };
    let heads = message.parts.iter().skip(1).filter(is_returned).map(|part| match &part.body {
        PartType::Message(inner) => Head::read(inner_bytes(inner)),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => Head::read(part_text(part).trim_start().as_bytes()),
    });
    heads.take(RECIPIENTS).collect()
}

/// An address as reports write it, cleaned: `rfc822; <Ann@Example.org>` → `ann@example.org`.
fn address(written: &str) -> Option<String> {
    let value = written.split_once(';').map_or(written, |(_, value)| value).trim();
    let value = value.rsplit_once('<').map_or(value, |(_, rest)| rest.split('>').next().unwrap_or(rest));
    // A long address may be folded in its middle.
    let value: String = value.split_whitespace().collect();
    let value = clean::line(value.trim_matches(|c| "<>\"'".contains(c)), 320);
    (!value.is_empty()).then(|| value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_reports_are_cleaned() {
        for (written, expected) in [
            ("rfc822; Ann@Example.org", Some("ann@example.org")),
            ("RFC822;<ann@example.org>", Some("ann@example.org")),
            ("<ann@example.org>", Some("ann@example.org")),
            ("rfc822;", None),
        ] {
            assert_eq!(address(written).as_deref(), expected);
        }
    }
}
