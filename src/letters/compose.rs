//! Words → the bytes of one mail to one recipient.
//!
//! Message-ID, Date and MIME boundary come from the head, so that the same letter is the same bytes at every try.
//! All header lines are ASCII, no line is longer than 998, line ends are CRLF and nothing else.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use sha2::Sha256;

use super::token::{self, SecretKey};
use super::{Rendered, clean};
use crate::referral::address::EmailAddress;

/// The most Message-IDs of our own a References field names.
const LONGEST_THREAD: usize = 20;
/// The longest line that may leave as it is (RFC 5322 §2.1.1), without its end.
const LONGEST_LINE: usize = 998;
/// Bytes of the keyed hash in a Message-ID: 120 bits, so that nobody guesses one and no two meet.
const ID_BYTES: usize = 15;
/// The same in symbols of five bits.
const ID_SYMBOLS: usize = ID_BYTES * 8 / 5;
/// A Message-ID of others that is longer is not quoted.
const LONGEST_ID: usize = 500;
/// A longer From goes on two lines.
const ONE_LINE: usize = 60;
/// Bytes of a name in one encoded word: in base64 with its frame within the 75 characters of RFC 2047 §2.
const WORD_BYTES: usize = 42;

/// Everything about a mail that is not its words.
#[derive(Clone)]
pub struct Head<'a> {
    /// The From name; [`super::Organisation::from_name`] knows which.
    pub from_name: &'a str,
    /// The From address.
    pub from: &'a EmailAddress,
    /// The one recipient.
    pub to: &'a EmailAddress,
    /// Where an answer goes; may carry a `+token`.
    pub reply_to: &'a EmailAddress,
    /// Our Message-ID without brackets, from [`message_id`].
    pub message_id: &'a str,
    /// When the letter was decided.
    pub date: DateTime<Utc>,
    /// The Message-ID of the mail this one answers, without brackets; never set in client letters.
    pub answers: Option<&'a str>,
    /// Message-IDs of our own earlier letters in the thread, oldest first, without brackets.
    pub thread: &'a [String],
    /// A digest or another mail of its kind: `Precedence: bulk`.
    pub bulk: bool,
}

impl std::fmt::Debug for Head<'_> {
    /// Shows the date, never a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Head").field("date", &self.date).finish_non_exhaustive()
    }
}

/// Why no mail could be made: an address or a coding the mail library does not accept. Holds neither.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the mail library does not accept {0}")]
pub struct NotComposed(&'static str);

/// Makes the mail.
///
/// # Errors
/// [`NotComposed`]; strict addresses do not lead there.
pub fn compose(rendered: &Rendered, head: &Head<'_>) -> Result<Vec<u8>, NotComposed> {
    let answers = head.answers.and_then(message_id_field);
    let automatic = if answers.is_some() { "auto-replied" } else { "auto-generated" };
    let to = mailbox(head.to, "the To address")?;
    // The library would parse its own headers again to find the recipient; we know it.
    let envelope = Envelope::new(None, vec![to.email.clone()]).map_err(|_| NotComposed("the To address"))?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .date(system_time(head.date))
        .raw_header(from(head)?)
        .reply_to(mailbox(head.reply_to, "the Reply-To address")?)
        .to(to)
        .subject(clean::subject(&rendered.subject))
        .raw_header(field(
            "Message-ID",
            message_id_field(head.message_id).ok_or(NotComposed("the Message-ID"))?,
        ))
        // RFC 3834 §5, and the same wish in the words of MS-OXCMAIL.
        .raw_header(field("Auto-Submitted", automatic.to_owned()))
        .raw_header(field("X-Auto-Response-Suppress", "All".to_owned()));
    if let Some(answers) = &answers {
        builder = builder.raw_header(field("In-Reply-To", answers.clone()));
    }
    let newest = head.thread.iter().skip(head.thread.len().saturating_sub(LONGEST_THREAD));
    let thread: Vec<String> = newest.filter_map(|id| message_id_field(id)).chain(answers).collect();
    if !thread.is_empty() {
        // One id a line: a folded line stays short however long the thread is.
        builder = builder.raw_header(field("References", thread.join("\r\n ")));
    }
    if head.bulk {
        builder = builder.raw_header(field("Precedence", "bulk".to_owned()));
    }
    let message = match &rendered.html {
        None => builder.singlepart(part(ContentType::TEXT_PLAIN, &rendered.text)?),
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .boundary(boundary(head.message_id))
                .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text)?)
                .singlepart(part(ContentType::TEXT_HTML, html)?),
        ),
    };
    Ok(message.map_err(|_| NotComposed("this set of headers"))?.formatted())
}

/// A Message-ID for an outbox row: a keyed hash of its natural key, so that it neither counts nor names anything, and,
/// where staff may answer, the reply token beside it.
#[must_use]
pub fn message_id(key: &str, token: Option<&str>, secret: &SecretKey, domain: &str) -> String {
    let mut mac = Hmac::<Sha256>::new(&secret.padded());
    mac.update(b"message-id\0");
    mac.update(key.as_bytes());
    let hash = token::base32(mac.finalize().into_bytes().iter().copied().take(ID_BYTES));
    match token {
        Some(token) => format!("{hash}.{token}@{domain}"),
        None => format!("{hash}@{domain}"),
    }
}

fn mailbox(address: &EmailAddress, what: &'static str) -> Result<Mailbox, NotComposed> {
    let address = lettre::Address::new(address.local(), address.domain()).map_err(|_| NotComposed(what))?;
    Ok(Mailbox::new(None, address))
}

/// The From field: the name and the one address, on two lines if one would be long. The library would write a longer
/// name as one encoded word beyond the 76 characters of RFC 2047 §2.
fn from(head: &Head<'_>) -> Result<HeaderValue, NotComposed> {
    let address = mailbox(head.from, "the From address")?.email.to_string();
    let name = clean::header_name(head.from_name);
    let name = if name.is_ascii() { format!("\"{name}\"") } else { encoded_words(&name) };
    let gap = if name.len() + address.len() > ONE_LINE { "\r\n " } else { " " };
    let value = if name == "\"\"" { address.clone() } else { format!("{name}{gap}<{address}>") };
    Ok(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str("From"), address, value))
}

/// A name with letters beyond ASCII, as RFC 2047 encoded words, one a line.
fn encoded_words(name: &str) -> String {
    let mut pieces = vec![String::new()];
    for c in name.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.len() + c.len_utf8() <= WORD_BYTES => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    let words = pieces.iter().map(|piece| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(piece)));
    words.collect::<Vec<_>>().join("\r\n ")
}

/// `<id>` if it is one plain Message-ID: printable ASCII without white space or brackets, one `@`, not too long.
fn message_id_field(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let plain = |b: u8| b.is_ascii_graphic() && b != b'<' && b != b'>';
    let (left, right) = id.split_once('@')?;
    let whole = !left.is_empty() && !right.is_empty() && !right.contains('@');
    (whole && id.len() <= LONGEST_ID && id.bytes().all(plain)).then(|| format!("<{id}>"))
}

/// A header whose value is known to be short lines of ASCII; the library would fold a long id in the middle.
fn field(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

fn part(content_type: ContentType, text: &str) -> Result<SinglePart, NotComposed> {
    let text = clean::text(text);
    let body = if leaves_as_it_is(&text) {
        let lines: Vec<&str> = clean::lines(&text).chain([""]).collect();
        Body::dangerous_pre_encoded(lines.join("\r\n").into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        // Valid for any text, and a tenth of all work on a mail where every letter is written so.
        Body::new_with_encoding(text.into_owned(), ContentTransferEncoding::QuotedPrintable)
            .map_err(|_| NotComposed("this coding of a text"))?
    };
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// Is it valid as 7bit (RFC 2045 §2.7), and no line of it one that mail systems take for the start of something else?
fn leaves_as_it_is(text: &str) -> bool {
    let plain =
        |line: &str| line.len() <= LONGEST_LINE && !line.starts_with("From ") && !line.starts_with("--=_");
    text.is_ascii() && clean::lines(text).all(plain)
}

/// `=_` cannot stand in quoted-printable text, and no line of 7bit text starts with it as a boundary does.
fn boundary(message_id: &str) -> String {
    let hash: String = message_id.chars().take_while(char::is_ascii_alphanumeric).take(ID_SYMBOLS).collect();
    format!("=_{hash}")
}

fn system_time(at: DateTime<Utc>) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.timestamp()).unwrap_or(0))
}
