//! Who wrote a mail, to whom, in which thread: judged strictly, shown safely.
//!
//! An author is somebody only when the mail has exactly one `From` field with exactly one plain address, as written
//! in the raw header; everything else is only shown (RELIABILITY C10 to C13, trap 16).

mod authentication;

use super::{Context, Envelope, clean, head, head::Head};
use crate::referral::address::EmailAddress;

/// Entries kept of an address list or of a thread.
const LIST: usize = 100;

/// Reads the envelope from the raw header fields.
#[must_use]
pub fn read(head: &Head, context: &Context) -> Envelope {
    let mut authors = head.all("from");
    let first = authors.next().unwrap_or_default();
    let author = if authors.next().is_none() { author(first) } else { None };
    let (from, from_name) = author.map_or((None, String::new()), |(from, name)| (Some(from), name));
    let dmarc = authentication::dmarc(head, context.trusted_authserv_id.as_deref(), from.as_ref());
    Envelope {
        from_shown: shown(first),
        from,
        from_name,
        reply_to: head.first("reply-to").and_then(|value| mailboxes(value).into_iter().next()),
        return_path: return_path(head),
        to: recipients(head),
        to_us: is_to_us(head, context),
        subject: subject(head),
        message_id: head.first("message-id").and_then(|value| ids(value).into_iter().next()),
        thread: thread(head),
        dmarc,
    }
}

/// The decoded subject, one line.
#[must_use]
pub fn subject(head: &Head) -> String {
    head.first("subject")
        .map(|value| clean::line(&head::words(value), clean::HEADER_CHARS))
        .unwrap_or_default()
}

/// The one author of a `From` value and the name beside it; `None` when anything about it is odd.
#[must_use]
pub fn author(value: &str) -> Option<(EmailAddress, String)> {
    let value = value.trim();
    let Some((name, rest)) = value.split_once('<').filter(|_| value.ends_with('>')) else {
        return EmailAddress::parse(value).ok().map(|address| (address, String::new()));
    };
    let (name, rest) =
        if name.matches('"').count() % 2 == 1 { value.rsplit_once('<')? } else { (name, rest) };
    let written = rest.strip_suffix('>')?;
    if written != written.trim() {
        return None;
    }
    let address = EmailAddress::parse(written).ok()?;
    let name = phrase(name.trim(), &address)?;
    Some((address, clean::line(&head::words(&name), clean::HEADER_CHARS)))
}

/// A display name without quotes (RFC 5322 phrase, dots allowed); `None` when it holds a character that would end it.
fn phrase(name: &str, address: &EmailAddress) -> Option<String> {
    let mut text = String::new();
    let mut quoted = false;
    let mut chars = name.chars();
    let mut plain_at = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => text.extend(chars.next()),
            '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | ',' | '\\' if !quoted => return None,
            c if c.is_control() && c != '\t' => return None,
            c => {
                plain_at |= c == '@' && !quoted;
                text.push(c);
            }
        }
    }
    // `ann@example.org <ann@example.org>` is common and harmless; any other bare @ could be a second author.
    let repeats = text.trim().eq_ignore_ascii_case(address.as_str());
    (!quoted && (!plain_at || repeats)).then_some(text)
}

/// What to show of a `From` that is not one strict author: the first thing like an address, else what stands in angle
/// brackets, else the words.
fn shown(value: &str) -> String {
    let pieces = pieces(value);
    let bracketed =
        || pieces.iter().find_map(|piece| in_brackets(&without_comments(piece)).map(str::to_owned));
    let lenient = pieces.iter().find_map(|piece| addressed(piece)).or_else(bracketed);
    clean::line(&lenient.unwrap_or_else(|| head::words(value)), clean::HEADER_CHARS)
}

fn in_brackets(piece: &str) -> Option<&str> {
    let (inner, _) = piece.rsplit_once('<')?.1.split_once('>')?;
    (!inner.trim().is_empty()).then_some(inner.trim())
}

/// The words between the last angle brackets, else the word with an `@`.
fn addressed(piece: &str) -> Option<String> {
    let bare = without_comments(piece);
    let inner =
        bare.rsplit_once('<').map_or(bare.as_str(), |(_, rest)| rest.split('>').next().unwrap_or(rest));
    let word = inner.split_whitespace().find(|word| word.contains('@'))?;
    Some(word.trim_matches(|c| "<>\"',;".contains(c)).to_owned())
}

/// A header value with its balanced `(comments)` taken out.
fn without_comments(value: &str) -> String {
    if !value.contains('(') {
        return value.to_owned();
    }
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(value.len());
    let mut quoted = false;
    for c in value.chars() {
        match c {
            '"' if depth == 0 => {
                quoted = !quoted;
                kept.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// An address list cut at its commas and semicolons, outside quotes, comments and angle brackets.
fn pieces(value: &str) -> Vec<String> {
    if !value.bytes().any(|byte| matches!(byte, b',' | b';')) {
        return vec![value.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let (mut quoted, mut depth, mut angle) = (false, 0_usize, false);
    for c in value.chars() {
        match c {
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '<' if !quoted && depth == 0 => angle = true,
            '>' if !quoted && depth == 0 => angle = false,
            _ => {}
        }
        if matches!(c, ',' | ';') && !quoted && depth == 0 && !angle {
            if pieces.len() == LIST {
                break;
            }
            pieces.push(String::new());
        } else if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

/// The strict addresses of a list; odd ones are left out.
#[must_use]
pub fn mailboxes(value: &str) -> Vec<EmailAddress> {
    pieces(value).iter().filter_map(|piece| EmailAddress::parse(&addressed(piece)?).ok()).collect()
}

/// Where this mail says it goes: To, Cc and what the delivering server noted.
fn recipients(head: &Head) -> Vec<EmailAddress> {
    let mut found = Vec::new();
    for name in ["to", "cc", "delivered-to", "x-original-to", "envelope-to", "resent-to"] {
        for address in head.all(name).flat_map(mailboxes) {
            if found.len() < LIST && !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

fn is_to_us(head: &Head, context: &Context) -> bool {
    let is_own = |address: &EmailAddress| context.own_addresses.iter().any(|own| own.shares_mailbox(address));
    ["to", "cc"].iter().flat_map(|name| head.all(name)).flat_map(mailboxes).take(LIST).any(|to| is_own(&to))
}

/// The return path of the last hop, which is the topmost field; `Some(None)` for the null path.
#[expect(clippy::option_option, reason = "a null path, an unreadable one and none at all differ")]
fn return_path(head: &Head) -> Option<Option<EmailAddress>> {
    let value = without_comments(head.first("return-path")?);
    let inner = value.trim().trim_start_matches('<').trim_end_matches('>').trim();
    if inner.is_empty() {
        return value.contains('<').then_some(None);
    }
    EmailAddress::parse(inner).ok().map(Some)
}

/// In-Reply-To, then References from the nearest back.
fn thread(head: &Head) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let answered = head.all("in-reply-to").flat_map(ids);
    let references = head.first("references").map(ids).unwrap_or_default();
    for id in answered.chain(references.into_iter().rev()) {
        if found.len() < LIST && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The message ids in a value, without brackets; a lone word without brackets counts too.
#[must_use]
pub fn ids(value: &str) -> Vec<String> {
    let mut found: Vec<String> =
        value.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| id_text(id)).collect();
    if found.is_empty() {
        found = value.split_whitespace().filter(|word| word.contains('@')).map(id_text).collect();
    }
    found.retain(|id| !id.is_empty());
    // A mail of 256 KB can name thousands; the last ones of References are the nearest.
    let surplus = found.len().saturating_sub(LIST);
    found.drain(..surplus);
    found
}

fn id_text(id: &str) -> String {
    clean::line(&id.split_whitespace().collect::<String>(), clean::HEADER_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: Option<(&str, &str)>) {
        let found = author(value);
        let found = found.as_ref().map(|(address, name)| (address.as_str(), name.as_str()));
        assert_eq!(found, expected, "{value:?}");
    }

    #[test]
    fn c13_a_plain_author_is_read_with_the_name() {
        for (value, address, name) in [
            ("ann@example.org", "ann@example.org", ""),
            ("<ann@example.org>", "ann@example.org", ""),
            ("Ann Q. Smith <ann@Example.org>", "ann@example.org", "Ann Q. Smith"),
            ("\"Smith, Ann (she)\" <ann@example.org>", "ann@example.org", "Smith, Ann (she)"),
            ("\"a \\\"b\\\" <c>\" <ann@example.org>", "ann@example.org", "a \"b\" <c>"),
            (
                "=?utf-8?Q?Ann=0D=0ABcc=3A_victim=40x.org?= <ann@example.org>",
                "ann@example.org",
                "Ann Bcc: victim@x.org",
            ),
            ("\"staff@legal.example\" <mallory@example.org>", "mallory@example.org", "staff@legal.example"),
            ("ann@example.org <ann@example.org>", "ann@example.org", "ann@example.org"),
        ] {
            check(value, Some((address, name)));
        }
    }

    #[test]
    fn c12_an_odd_author_is_nobody() {
        for value in [
            "",
            "staff@legal.example, mallory@example.org",
            "staff@legal.example(\t<mallory@example.org>",
            "(comment) staff@legal.example",
            "staff@legal.example (Staff)",
            "Staff <staff@legal.example> (x)",
            "Staff: staff@legal.example;",
            "<@a.example,@b.example:staff@legal.example>",
            "<mallory@example.org>staff@legal.example",
            "<staff@legal.example>\\,<mallory@example.org>",
            "staff@legal.example <mallory@example.org>",
            "<staff@legal.example> <mallory@example.org>",
            "\"staff@legal.example \"@example.org",
            "=?utf-8?Q?staff=40legal.example?=",
            "Staff <=?utf-8?Q?staff=40legal.example?=>",
            "Staff < staff@legal.example >",
            "staff@legal.example\0",
            "staff＠legal.example",
            "\"Staff <staff@legal.example>",
            "Smith, Ann <ann@example.org>",
            "staff%legal.example@",
            "staff@legal.example.",
        ] {
            check(value, None);
        }
    }

    fn envelope(raw: &str) -> Envelope {
        read(&Head::read(raw.as_bytes()), &crate::intake::tests::context())
    }

    #[test]
    fn c10_two_from_fields_are_nobody() {
        for raw in [
            "From: a@example.org\nFrom: b@example.org\n",
            "From: a@example.org\nFrom : a@example.org\n",
            "F rom: a@example.org\nFROM: b@example.org\n",
            "From\n : a@example.org\nFrom: b@example.org\n",
        ] {
            let envelope = envelope(raw);
            assert!(envelope.from.is_none());
            assert_eq!(envelope.from_shown, "a@example.org");
        }
    }

    #[test]
    fn an_author_we_cannot_trust_is_still_shown() {
        for (raw, shown) in [
            ("From: MAILER-DAEMON@example.org (Mail Delivery System)\n", "MAILER-DAEMON@example.org"),
            ("From: Somebody\n", "Somebody"),
            ("From: Mail System <MAILER-DAEMON>\n", "MAILER-DAEMON"),
            ("From: =?utf-8?Q?caf=C3=A9?= <x@localhost>\n", "x@localhost"),
            ("X: y\n", ""),
        ] {
            assert_eq!(envelope(raw).from_shown, shown);
        }
    }

    #[test]
    fn lists_paths_and_threads_are_read() {
        let envelope = envelope(
            "Return-Path: <>\nTo: \"Smith, A\" <a@example.org>, b@example.org; c\nCc: a@example.org\n\
             Delivered-To: in+tok@example.net\nIn-Reply-To: <2@x>\nReferences: <0@x> <1@x>\n <2@x>\nMessage-ID: <m@x>\n",
        );
        assert_eq!(envelope.return_path, Some(None));
        let to: Vec<&str> = envelope.to.iter().map(EmailAddress::as_str).collect();
        assert_eq!(to, ["a@example.org", "b@example.org", "in+tok@example.net"]);
        assert_eq!(envelope.thread, ["2@x", "1@x", "0@x"]);
        assert_eq!(envelope.message_id.as_deref(), Some("m@x"));
    }

    #[test]
    fn a_return_path_is_null_only_when_it_says_so() {
        for (raw, expected) in [
            ("Return-Path: <>\n", Some(true)),
            ("Return-Path: < >\n", Some(true)),
            ("Return-Path: <a@example.org>\n", Some(false)),
            ("Return-Path: <MAILER-DAEMON>\n", None),
            ("Return-Path:\n", None),
            ("X: y\n", None),
        ] {
            let path = envelope(raw).return_path;
            assert_eq!(path.map(|path| path.is_none()), expected, "{raw}");
        }
    }
}
