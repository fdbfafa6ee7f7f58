//! Bounds before parsing (RELIABILITY M): a mail over a bound is never handed to the parser.
//!
//! The scan walks header blocks and boundaries exactly as the parser will, because the parser recurses when it drops
//! or copies nested messages and the stack of a process that overflows cannot be caught (RELIABILITY traps 6 and 7).
//! It reads headers with the parser itself, so the two cannot disagree about what a boundary is.

mod loose;
mod scan;

use std::borrow::Cow;
use std::sync::LazyLock;

use mail_parser::{Message, MessageParser};

use super::ParkCause;
use scan::Scan;

/// The bounds of one mail. Every number is a setting with these defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the whole mail.
    pub bytes: usize,
    /// Bytes of one header block.
    pub header_bytes: usize,
    /// Header fields in one block.
    pub header_fields: usize,
    /// Nesting of multipart and message parts.
    pub depth: usize,
    /// Parts in all.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 25 * 1024 * 1024,
            header_bytes: 256 * 1024,
            header_fields: 1_000,
            depth: 20,
            parts: 200,
        }
    }
}

/// Containers without an end that are closed where their parent goes on.
const MENDED: usize = 3;

/// How often the folds found in headers are undone: parts behind a boundary that stood in a fold are seen only then.
const UNFOLDED: usize = 3;

/// How often text that looks like a delimiter or a field is set apart; what is still odd then is for a person.
const OPENED: usize = 3;

/// A mail that may be parsed.
pub struct Prepared<'a> {
    /// The bytes to parse.
    pub mail: Cow<'a, [u8]>,
    /// Text stood where only delimiters or fields belong: other programs may show the mail otherwise.
    pub is_odd: bool,
    /// The fields as they stood before any text was set apart from them, if it was.
    pub head: Option<Vec<u8>>,
    /// Text among the fields that the parser will pass over.
    pub dropped: Vec<u8>,
}

/// Whether a mail may be parsed.
///
/// # Errors
/// The [`ParkCause`] that keeps it from the parser.
pub fn check(raw: &[u8], limits: &Limits) -> Result<(), ParkCause> {
    prepare(raw, limits).map(|_| ())
}

/// The bytes to parse: within the bounds, line ends and leading lines set right where that is safe, text that the
/// parser would take for a delimiter or a field set apart by one byte, and attached messages under base64 or
/// quoted-printable turned into plain attachments, so that nothing unseen is parsed.
///
/// # Errors
/// The [`ParkCause`] that keeps the mail from the parser.
pub fn prepare<'a>(raw: &'a [u8], limits: &Limits) -> Result<Prepared<'a>, ParkCause> {
    if raw.len() > limits.bytes {
        return Err(ParkCause::TooLarge);
    }
    let mut mail = normalise(raw);
    if mail.iter().all(u8::is_ascii_whitespace) {
        return Err(ParkCause::Empty);
    }
    let (mut mended, mut unfolded, mut opened) = (0, 0, 0);
    let mut head = None;
    let scan = loop {
        let mut scan = Scan::new(&mail, limits, mended < MENDED).run()?;
        if !scan.folds.is_empty() && unfolded < UNFOLDED {
            unfolded += 1;
            overwrite(mail.to_mut(), &scan.folds, b' ');
            continue;
        }
        if !scan.gaps.is_empty() {
            head = head.or_else(|| mail.get(..scan.head).map(<[u8]>::to_vec));
            opened += 1;
            if opened > OPENED {
                return Err(ParkCause::TooMany);
            }
            mail = Cow::Owned(with_gaps(&mail, scan.gaps));
            continue;
        }
        let Some((at, close)) = scan.unclosed.take() else { break scan };
        mended += 1;
        mail.to_mut().splice(at..at, close);
    };
    if !scan.sealed.is_empty() {
        overwrite(mail.to_mut(), &scan.sealed, SEALED);
    }
    Ok(Prepared { mail, is_odd: opened > 0 || !scan.dropped.is_empty(), head, dropped: scan.dropped })
}

/// The bytes with others set in between.
fn with_gaps(bytes: &[u8], mut gaps: Vec<(usize, u8)>) -> Vec<u8> {
    gaps.sort_unstable();
    gaps.dedup();
    let mut opened = Vec::with_capacity(bytes.len() + gaps.len());
    let mut from = 0;
    for (at, byte) in gaps {
        opened.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        opened.push(byte);
        from = at;
    }
    opened.extend_from_slice(bytes.get(from..).unwrap_or_default());
    opened
}

fn overwrite(bytes: &mut [u8], places: &[usize], with: u8) {
    for at in places {
        if let Some(byte) = bytes.get_mut(*at) {
            *byte = with;
        }
    }
}

/// The parser of this room: only the fields that describe parts are read, the rest is skipped at full speed. Scan and
/// parse share it, so that they see the same parts.
#[must_use]
pub fn parser() -> &'static MessageParser {
    static PARSER: LazyLock<MessageParser> =
        LazyLock::new(|| MessageParser::new().with_mime_headers().default_header_ignore());
    &PARSER
}

/// The parser panicked.
pub(super) struct Stopped;

/// A panic of the parser on hostile bytes ends here: the mail waits for a person, the thread goes on.
pub(super) fn parse(mail: &[u8]) -> Result<Option<Message<'_>>, Stopped> {
    std::panic::catch_unwind(|| parser().parse(mail)).map_err(|_| Stopped)
}

/// What replaces the `m` of an encoded `message/…`: the parser then sees an unknown type and leaves the bytes alone.
const SEALED: u8 = b'x';

/// The media type as the sender meant it: the mark of [`prepare`] taken off again.
#[must_use]
pub fn unsealed(media_type: &str) -> Option<String> {
    media_type.strip_prefix("xessage/").map(|kind| format!("message/{kind}"))
}

/// A short view for mails that are not parsed: the first bytes, with line ends set right.
#[must_use]
pub fn head_only<'a>(raw: &'a [u8], limits: &Limits) -> Cow<'a, [u8]> {
    const SHOWN: usize = 64 * 1024;
    normalise(raw.get(..SHOWN.min(limits.header_bytes)).unwrap_or(raw))
}

/// Takes off what stands before the first field (byte-order mark, blank lines, an mbox `From ` line) and turns the
/// lone CRs of a mail without any LF into line ends.
fn normalise(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut mail = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw).trim_ascii_start();
    let is_mac = mail.contains(&b'\r') && !mail.contains(&b'\n');
    let end = if is_mac { b'\r' } else { b'\n' };
    while mail.starts_with(b"From ") || mail.starts_with(b">From ") {
        let Some(at) = mail.iter().position(|byte| *byte == end) else { break };
        mail = mail.get(at + 1..).unwrap_or_default();
    }
    if is_mac {
        let line_end = |byte: &u8| if *byte == b'\r' { b'\n' } else { *byte };
        return Cow::Owned(mail.iter().map(line_end).collect());
    }
    Cow::Borrowed(mail)
}

/// Bytes of one body that are read; what stands behind is dropped with a problem noted by the caller.
pub const BODY_BYTES: usize = 1024 * 1024;

/// The longest start of `text` within `max` bytes.
#[must_use]
pub fn cut(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn check_default(raw: &[u8]) -> Result<(), ParkCause> {
        check(raw, &Limits::default())
    }

    fn nested(levels: usize, header: &str) -> Vec<u8> {
        let mut mail = b"From: a@example.org\n".to_vec();
        for _ in 0..levels {
            mail.extend_from_slice(header.as_bytes());
        }
        mail.extend_from_slice(b"\nx\n");
        mail
    }

    fn multiparts(levels: usize) -> Vec<u8> {
        let mut mail = String::from("From: a@example.org\n");
        for level in 0..levels {
            write!(mail, "Content-Type: multipart/mixed; boundary=b{level}.\n\n--b{level}.\n").unwrap();
        }
        (mail + "\nx\n").into_bytes()
    }

    #[test]
    fn m1_nested_messages_are_refused_by_the_scan_and_never_parsed() {
        assert!(check_default(&nested(10, "Content-Type: message/rfc822\n\n")).is_ok());
        for levels in [21, 50, 500, 5_000, 100_000] {
            for header in [
                "Content-Type: message/rfc822\n\n",
                "Content-Type: message/global\n\n",
                "content-type:\n MESSAGE / RFC822; x=y\n\n",
            ] {
                assert_eq!(
                    check_default(&nested(levels, header)),
                    Err(ParkCause::TooDeep),
                    "{levels} {header}"
                );
            }
        }
    }

    #[test]
    fn m1_digests_inside_digests_are_refused() {
        let mut mail = String::from("From: a@example.org\n");
        for level in 0..5_000 {
            write!(mail, "Content-Type: multipart/digest; boundary=d{level}.\n\n--d{level}.\n\n").unwrap();
        }
        assert_eq!(check_default(mail.as_bytes()), Err(ParkCause::TooDeep));
    }

    #[test]
    fn m2_nested_multiparts_are_refused() {
        assert!(check_default(&multiparts(10)).is_ok());
        assert_eq!(check_default(&multiparts(100_000)), Err(ParkCause::TooDeep));
    }

    #[test]
    fn m3_an_encoded_message_is_left_unparsed() {
        let mail = b"From: a@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbQ==\n";
        let prepared = prepare(mail, &Limits::default()).unwrap().mail;
        assert!(prepared.windows(14).any(|word| word == b"xessage/rfc822"));
        let parsed = MessageParser::default().parse(&*prepared).unwrap();
        assert!(matches!(parsed.parts[0].body, mail_parser::PartType::Binary(_)));
    }

    #[test]
    fn a_value_may_stand_on_the_line_below_its_parameter() {
        for end in ["\n", "\r\n"] {
            let mail = "From: a@example.org\nContent-Type: multipart/mixed; boundary=\n \"a b\"\n\n--a b\n\nhello=\n there\n--a b\n\
                 Content-Disposition: attachment; filename=\n\ta.pdf; size=3\n\nx\n--a b--\n";
            let mail = mail.replace('\n', end);
            let prepared = prepare(mail.as_bytes(), &Limits::default()).unwrap().mail;
            let message = parser().parse(&*prepared).unwrap();
            assert_eq!(message.body_text(0).unwrap(), format!("hello={end} there"));
            assert_eq!(
                mail_parser::MimeHeaders::attachment_name(message.attachment(0).unwrap()),
                Some("a.pdf")
            );
        }
    }

    #[test]
    fn m4_too_many_parts_are_refused() {
        let parts = |count: usize| {
            let mut mail = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n".to_vec();
            for _ in 0..count {
                mail.extend_from_slice(b"--x\n\ny\n");
            }
            mail
        };
        assert!(check_default(&parts(150)).is_ok());
        assert_eq!(check_default(&parts(100_000)), Err(ParkCause::TooMany));
    }

    #[test]
    fn m5_headers_are_bounded_in_number_and_size() {
        let fields = |count: usize| [b"X: y\n".repeat(count), b"\nbody".to_vec()].concat();
        assert!(check_default(&fields(900)).is_ok());
        assert_eq!(check_default(&fields(200_000)), Err(ParkCause::TooMany));
        let subject = [b"Subject: ".to_vec(), b"x".repeat(300_000), b"\n\nbody".to_vec()].concat();
        assert_eq!(check_default(&subject), Err(ParkCause::TooMany));
        assert_eq!(check_default(&b"no colon anywhere\n".repeat(50_000)), Err(ParkCause::TooMany));
    }

    #[test]
    fn m5_boundaries_that_never_come_are_not_searched_for_ever() {
        let mut mail = String::from("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n");
        for part in 0..150 {
            write!(mail, "--x\nContent-Type: multipart/mixed; boundary=never{part}.\n\ny\n").unwrap();
        }
        assert_eq!(check_default(mail.as_bytes()), Err(ParkCause::TooMany));
    }

    #[test]
    fn m8_a_container_without_an_end_does_not_swallow_its_siblings() {
        let mail = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=out\n\n--out\n\
            Content-Type: multipart/alternative; boundary=in\n\n--in\n\ntext\n\n--out\n\
            Content-Type: text/csv; name=a.csv\n\na,b\n--out--\n";
        let prepared = prepare(mail, &Limits::default()).unwrap().mail;
        let message = parser().parse(&*prepared).unwrap();
        assert_eq!(message.attachment_count(), 1);
        assert_eq!(message.body_text(0).unwrap().trim(), "text");
    }

    #[test]
    fn m8_a_boundary_that_begins_like_another_keeps_the_others_parts() {
        for (outer, inner) in [
            ("b12", "Content-Type: multipart/alternative; boundary=b1\n\n--b1\n\ntext\n\n"),
            ("b12", "Content-Type: multipart/alternative; boundary=b1\n\ntext\n\n"),
            (
                "b12",
                "Content-Type: multipart/related; boundary=b1\n\n--b1\nContent-Type: multipart/alternative; boundary=in\n\n--in\n\ntext\n\
                 --in--\n",
            ),
            (
                "b123",
                "Content-Type: multipart/related; boundary=b12\n\n--b12\nContent-Type: multipart/alternative; boundary=b1\n\n--b1\n\n\
                 text\n",
            ),
        ] {
            let mail = format!(
                "From: a@example.org\nContent-Type: multipart/mixed; boundary={outer}\n\n--{outer}\n{inner}--{outer}\n\
                 Content-Type: text/csv; name=a.csv\n\na,b\n--{outer}--\n"
            );
            let prepared = prepare(mail.as_bytes(), &Limits::default()).unwrap();
            let message = parser().parse(&*prepared.mail).unwrap();
            let files: Vec<&str> =
                message.attachments().filter_map(mail_parser::MimeHeaders::attachment_name).collect();
            assert_eq!(files, ["a.csv"], "{mail}");
            assert!(!prepared.is_odd, "{mail}");
        }
    }

    #[test]
    fn m8_more_boundaries_that_begin_like_another_than_are_set_right_go_to_a_person() {
        let mail = |many: usize| {
            let inner =
                "--b12\nContent-Type: multipart/alternative; boundary=b1\n\n--b1\n\ntext\n\n".repeat(many);
            format!(
                "From: a@example.org\nContent-Type: multipart/mixed; boundary=b12\n\n{inner}--b12\n\
                 Content-Type: text/csv; name=a.csv\n\na,b\n--b12--\n"
            )
        };
        let last = mail(MENDED);
        let prepared = prepare(last.as_bytes(), &Limits::default()).unwrap().mail;
        let message = parser().parse(&*prepared).unwrap();
        assert!(
            message
                .attachments()
                .any(|part| mail_parser::MimeHeaders::attachment_name(part) == Some("a.csv"))
        );
        // One more, and the parser would take the file for text.
        assert_eq!(check_default(mail(MENDED + 1).as_bytes()), Err(ParkCause::TooMany));
    }

    #[test]
    fn an_empty_mail_is_empty() {
        for raw in [&b""[..], b" \r\n\n", b"\xef\xbb\xbf\n"] {
            assert_eq!(check_default(raw), Err(ParkCause::Empty));
        }
    }

    #[test]
    fn m8_line_ends_and_leading_lines_are_set_right() {
        for (raw, prepared) in [
            (&b"A: b\rC: d\r\rbody\r"[..], &b"A: b\nC: d\n\nbody\n"[..]),
            (b"From x@example.org Mon Jan 1\nA: b\n\nbody", b"A: b\n\nbody"),
            (b"\r\n\r\nA: b\r\n\r\nbody\r\r\n", b"A: b\r\n\r\nbody\r\r\n"),
        ] {
            assert_eq!(&*prepare(raw, &Limits::default()).unwrap().mail, prepared);
        }
    }

    #[test]
    fn a_mail_over_the_size_bound_is_too_large() {
        let limits = Limits { bytes: 10, ..Limits::default() };
        assert_eq!(check(b"A: b\n\n0123456789", &limits), Err(ParkCause::TooLarge));
    }
}
