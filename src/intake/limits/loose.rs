//! What looks like a boundary or stands where fields stand, and is text: the parser would drop it unsaid.

/// Whether what follows a boundary makes a delimiter of it: nothing more on its line but `--` (RFC 2046 §5.1.1), or the
/// next delimiter where a line end was forgotten.
pub(super) fn ends_delimiter(after: &[u8]) -> bool {
    let closed = after.strip_prefix(b"--");
    let rest = closed.unwrap_or(after);
    let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    next.is_none_or(|byte| matches!(byte, b'\r' | b'\n')) || closed.is_some() && rest.starts_with(b"--")
}

/// Text that stands in a header block without an empty line before it.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Loose {
    /// Where it begins, if what follows can be read as text.
    pub(super) at: Option<usize>,
    /// The lines that cannot, with fields below them.
    pub(super) passed: Vec<u8>,
}

masked!(Loose);

/// The text in a header block. In a part only the fields that describe it mean anything (RFC 2046 §5.1); `is_part` says
/// that the block belongs to one.
pub(super) fn text_among_fields(block: &[u8], is_part: bool) -> Loose {
    let mut loose = Loose::default();
    let (mut above, mut at): (&[u8], usize) = (b"", 0);
    let (mut is_known, mut is_encoded, mut waiting) = (false, false, 0..0);
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        let kind = kind(line, above);
        let is_text = match kind {
            Kind::Blank => break,
            Kind::Goes => loose.at.is_some(),
            Kind::Text => true,
            Kind::Field => loose.at.is_some() || is_part && !is_known,
            Kind::Known | Kind::Encodes => {
                loose.passed.extend_from_slice(block.get(waiting).unwrap_or_default());
                (loose.at, is_known, waiting) = (None, true, at..at);
                is_encoded |= matches!(kind, Kind::Encodes);
                false
            }
        };
        if is_text {
            let first = *loose.at.get_or_insert(start);
            waiting = first..at;
        }
        above = line;
    }
    // A line more would spoil what is encoded.
    if is_encoded && loose.at.take().is_some() {
        loose.passed.extend_from_slice(block.get(waiting).unwrap_or_default());
    }
    loose
}

/// What a line of a header block is.
enum Kind {
    Blank,
    /// It goes on with the line above, or would if it were folded as it should.
    Goes,
    /// A field that says that what stands below cannot be read with a line more in it.
    Encodes,
    Known,
    Field,
    Text,
}

fn kind(line: &[u8], above: &[u8]) -> Kind {
    if line.trim_ascii().is_empty() {
        return Kind::Blank;
    }
    if !above.is_empty() && (line.starts_with(b" ") || line.starts_with(b"\t") || is_parameter(line, above)) {
        return Kind::Goes;
    }
    let Some(name) = memchr::memchr(b':', line).and_then(|colon| line.get(..colon)) else {
        return Kind::Text;
    };
    let name = name.trim_ascii_end();
    if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
        return Kind::Text;
    }
    let value = line.get(name.len()..).unwrap_or_default();
    if name.eq_ignore_ascii_case(b"content-transfer-encoding")
        && value.windows(6).any(|word| word.eq_ignore_ascii_case(b"base64"))
    {
        return Kind::Encodes;
    }
    let is_known = KNOWN.iter().any(|known| match known.strip_suffix(b"*") {
        Some(start) => starts_with(name, start),
        None => name.eq_ignore_ascii_case(known),
    });
    if is_known { Kind::Known } else { Kind::Field }
}

/// `charset=utf-8`: a value's second line that was not indented.
fn is_parameter(line: &[u8], above: &[u8]) -> bool {
    let Some(name) = memchr::memchr(b'=', line).and_then(|at| line.get(..at)) else { return false };
    let is_word = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'*');
    let is_usual = || PARAMETERS.iter().any(|usual| starts_with(name, usual));
    is_word && (above.trim_ascii_end().ends_with(b";") || is_usual())
}

/// Whether a name begins like one in lower case.
fn starts_with(name: &[u8], start: &[u8]) -> bool {
    name.get(..start.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(start))
}

/// Parameters of the fields that describe parts (RFC 2045 §5.1, RFC 2183 §2, RFC 3676 §4).
const PARAMETERS: [&[u8]; 9] =
    [b"charset", b"boundary", b"name", b"filename", b"format", b"delsp", b"type", b"size", b"method"];

/// Fields of mails and their parts; a star stands for any end.
const KNOWN: [&[u8]; 24] = [
    b"content-*",
    b"x-*",
    b"mime-version",
    b"received*",
    b"arc-*",
    b"dkim-*",
    b"list-*",
    b"resent-*",
    b"authentication-results",
    b"message-id",
    b"references",
    b"in-reply-to",
    b"from",
    b"sender",
    b"reply-to",
    b"return-path",
    b"delivered-to",
    b"to",
    b"cc",
    b"bcc",
    b"subject",
    b"date",
    b"importance",
    b"thread-*",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_has_its_line_for_itself() {
        for after in ["", "\n", "\r\n", "  \n", "--", "--\n", "-- \r\n", "----outer\n"] {
            assert!(ends_delimiter(after.as_bytes()), "{after:?}");
        }
        for after in [" and more\n", "1\n", "-- is ours\n", ": no"] {
            assert!(!ends_delimiter(after.as_bytes()), "{after:?}");
        }
    }

    #[test]
    fn text_among_fields_is_found_and_fields_are_left_alone() {
        for (block, is_part, at, passed) in [
            ("Do NOT email her.\nCall only.\n\n", true, Some(0), ""),
            ("Phone: 518-555-0100\nSafe to email: no\n\n", true, Some(0), ""),
            ("Content-Type: text/plain\nDo not call.\n\n", true, Some(25), ""),
            ("Content-Type: text/plain;\ncharset=utf-8\nX-Id: 1\n\n", true, None, ""),
            ("Content-Type: text/plain\ncharset=utf-8\n\n", true, None, ""),
            ("Content-Type: text/plain\nemail=no\n\n", true, Some(25), ""),
            ("Content-Type: text/plain\nFoo: 1\n\n", true, None, ""),
            ("no field\nContent-Type: text/plain\n\n", true, None, "no field\n"),
            ("  no field\n more\nContent-Type: text/plain\n\n", true, None, "  no field\n more\n"),
            ("email=no\n\n", true, Some(0), ""),
            ("Content-Transfer-Encoding: base64\nno field\n\n", true, None, "no field\n"),
            ("one\nContent-Transfer-Encoding: base64\ntwo\n\n", true, None, "one\ntwo\n"),
            ("Content-Transfer-Encoding: quoted-printable\ntext\n\n", true, Some(44), ""),
            ("\nDo NOT email her.\n", true, None, ""),
            ("From: a@example.org\nSubject: x\nPlease call Ann.\nTomorrow\n\n", false, Some(31), ""),
            ("From: a@example.org\nPlease call.\nDate: now\nToday\n\n", false, Some(43), "Please call.\n"),
            ("From: a@example.org\nFeedback-Id: 1\n\n", false, None, ""),
        ] {
            let passed = passed.as_bytes().to_vec();
            assert_eq!(text_among_fields(block.as_bytes(), is_part), Loose { at, passed }, "{block}");
        }
    }
}
