//! The bodies of a mail as text: charsets that lie, several inline parts, HTML.

use std::borrow::Cow;

use mail_parser::decoders::{
    base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode,
};
use mail_parser::{Encoding, HeaderName, Message, MessagePart, MimeHeaders, PartType};

use super::limits::{BODY_BYTES, cut};
use super::{charset, clean, flowed, html, quick};

/// The inline bodies of a mail.
#[derive(Clone, Default)]
pub struct Bodies {
    /// The plain text, decoded; `None` when the mail has only HTML.
    pub plain: Option<String>,
    /// The HTML as sent, decoded; `None` when there is none.
    pub html: Option<String>,
}

/// Characters kept of a body.
pub(super) const TEXT_CHARS: usize = 400_000;

impl Bodies {
    /// The same made fit to show and cut to a bound.
    #[must_use]
    pub(super) fn cleaned(self) -> Bodies {
        let clean = |text: String| clean::block(&text, TEXT_CHARS);
        Bodies { plain: self.plain.map(clean), html: self.html.map(clean) }
    }

    /// The inline bodies of a parsed mail, each cut at [`BODY_BYTES`].
    #[must_use]
    pub fn of(message: &Message<'_>) -> Bodies {
        let parts = |ids: &[u32]| -> Vec<Inline> {
            ids.iter()
                .filter_map(|id| Inline::of(message.parts.get(*id as usize)?, &message.raw_message))
                .collect()
        };
        let html = parts(&message.html_body)
            .into_iter()
            .filter_map(|part| match part {
                Inline::Html(html) => Some(html),
                Inline::Plain(_) => None,
            })
            .collect::<Vec<_>>();
        let plain = plain_of(parts(&[message.text_body.as_slice(), &shown_files(message)].concat()));
        let plain = plain.or_else(|| {
            // A multipart without any of its boundaries is one text.
            if !html.is_empty() {
                return None;
            }
            plain_of(parts(&[0]))
                .or_else(|| plain_of(parts(&undisposed(message))))
                .or_else(|| unparted(message))
        });
        Bodies { plain, html: joined(html) }
    }

    /// These bodies, or others when there is no word in them.
    #[must_use]
    pub fn or(self, others: impl FnOnce() -> Bodies) -> Bodies {
        let is_blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if is_blank(&self.plain) && is_blank(&self.html) { others() } else { self }
    }

    /// The whole text a person would see: the plain body, else the HTML as text.
    #[must_use]
    pub fn text(&self) -> String {
        match (&self.plain, &self.html) {
            (Some(plain), _) => plain.clone(),
            (None, Some(html)) => html::text(html),
            (None, None) => String::new(),
        }
    }
}

/// Texts of a mail without any body that the parser hung at it as files because its parts are not closed. A part
/// without a name that is not called an attachment is to be shown (RFC 2183 §2).
fn undisposed(message: &Message<'_>) -> Vec<u32> {
    let is_text =
        |part: &MessagePart<'_>| matches!(&part.body, PartType::Text(text) if !text.trim().is_empty());
    let is_shown = |part: &MessagePart<'_>| {
        part.attachment_name().is_none()
            && part.content_disposition().is_none_or(|said| said.c_type.eq_ignore_ascii_case("inline"))
    };
    let part = |id: &&u32| message.parts.get(**id as usize);
    let shown = |id: &&u32| part(id).is_some_and(|part| is_text(part) && is_shown(part));
    message.attachments.iter().filter(shown).copied().collect()
}

/// The text of a multipart that names no boundary.
fn unparted(message: &Message<'_>) -> Option<String> {
    let root = message.parts.first().filter(|_| message.parts.len() == 1)?;
    let is_multipart = root.content_type().is_some_and(|kind| kind.c_type == "multipart");
    let bytes = message.raw_message.get(root.offset_body as usize..root.offset_end as usize)?;
    let bytes = bytes.get(..BODY_BYTES).unwrap_or(bytes);
    is_multipart.then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// Text files that are to be shown as part of the text (RFC 2183 §2.1), by their place among the parts; none in a mail
/// of HTML alone.
#[must_use]
pub fn shown_files(message: &Message<'_>) -> Vec<u32> {
    let part = |id: &u32| message.parts.get(*id as usize);
    let is_plain =
        |part: &MessagePart<'_>| matches!(&part.body, PartType::Text(text) if !text.trim().is_empty());
    if !message.text_body.iter().filter_map(part).any(is_plain) {
        return Vec::new();
    }
    let is_shown = |id: &&u32| part(id).is_some_and(is_shown_file);
    message.attachments.iter().filter(is_shown).copied().collect()
}

fn is_shown_file(part: &MessagePart<'_>) -> bool {
    // Said twice, the first word counts; the parser would take the last.
    let first = part.headers.iter().find(|field| field.name == HeaderName::ContentDisposition);
    let said = first.and_then(|field| field.value.as_content_type());
    let is_inline = said.is_some_and(|said| said.c_type.eq_ignore_ascii_case("inline"));
    let is_text = part.is_content_type("text", "plain") && matches!(part.body, PartType::Text(_));
    let name = part.attachment_name().unwrap_or_default().to_ascii_lowercase();
    // Names may be encoded words, which hide the dot.
    is_inline && is_text && [".txt", ".text", "=2etxt?="].iter().any(|end| name.ends_with(end))
}

/// The messages of a digest as text, each below its header fields: they are its content and no files (RFC 2046 §5.1.5).
#[must_use]
pub fn digest(message: &Message<'_>) -> Option<String> {
    let mut texts = Vec::new();
    for part in message.parts.iter().filter(|part| part.is_content_type("multipart", "digest")) {
        let PartType::Multipart(ids) = &part.body else { continue };
        for inner in ids.iter().filter_map(|id| message.parts.get(*id as usize)) {
            let PartType::Message(inner) = &inner.body else { continue };
            let Some(root) = inner.parts.first() else { continue };
            let head = inner.raw_message.get(root.offset_header as usize..root.offset_body as usize);
            let head = String::from_utf8_lossy(head.unwrap_or_default()).into_owned();
            texts.push([head, Bodies::of(inner).text()].concat());
        }
    }
    joined(texts)
}

enum Inline {
    Plain(String),
    Html(String),
}

impl Inline {
    fn of(part: &MessagePart<'_>, raw: &[u8]) -> Option<Inline> {
        let text = |text: &str| cut(&repaired(part, raw, text), BODY_BYTES).to_owned();
        match &part.body {
            PartType::Text(plain) if is_flowed(part) => {
                Some(Inline::Plain(flowed::unfolded(&text(plain), says(part, "delsp", "yes"))))
            }
            PartType::Text(plain) => Some(Inline::Plain(text(plain))),
            PartType::Html(html) => Some(Inline::Html(text(html))),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => None,
        }
    }
}

fn is_flowed(part: &MessagePart<'_>) -> bool {
    says(part, "format", "flowed")
}

fn says(part: &MessagePart<'_>, name: &str, value: &str) -> bool {
    let said = part.content_type().and_then(|kind| kind.attribute(name));
    said.is_some_and(|said| said.trim().eq_ignore_ascii_case(value))
}

/// The plain parts joined; HTML between them (a footer some server added) is laid out in its place. A mail of HTML
/// alone has no plain body.
fn plain_of(parts: Vec<Inline>) -> Option<String> {
    if !parts.iter().any(|part| matches!(part, Inline::Plain(text) if !text.trim().is_empty())) {
        let is_plain = parts.iter().all(|part| matches!(part, Inline::Plain(_)));
        return (is_plain && !parts.is_empty()).then(String::new);
    }
    let texts = parts.into_iter().map(|part| match part {
        Inline::Plain(text) => text,
        Inline::Html(html) => html::text(&html),
    });
    joined(texts.filter(|text| !text.trim().is_empty()).collect())
}

fn joined(mut texts: Vec<String>) -> Option<String> {
    if texts.len() > 1 { Some(texts.join("\n")) } else { texts.pop() }
}

/// Text whose declared charset cannot be right is decoded again: as UTF-8 or UTF-16 if its bytes are that, else as
/// Windows-1252. The parser reads `us-ascii` as Windows-1252, and a missing or unknown charset as UTF-8 with holes.
fn repaired<'a>(part: &MessagePart<'_>, raw: &[u8], text: &'a str) -> Cow<'a, str> {
    if says_nothing(part)
        && quick::find(text, 0x1b).is_some()
        && text.contains("\u{1b}$")
        && text.len() <= 2 * BODY_BYTES
    {
        // Japanese mails of old say their charset by escapes alone (RFC 1468).
        return charset_decoder(b"iso-2022-jp").map_or(text.into(), |decode| decode(text.as_bytes()).into());
    }
    if text.len() > 2 * BODY_BYTES {
        return text.into();
    }
    misread(part, raw, text).map_or(text.into(), |bytes| charset::decoded(&bytes).into())
}

/// Whether a part does not say its charset, or says one that programs write without looking.
fn says_nothing(part: &MessagePart<'_>) -> bool {
    const SAYS_NOTHING: [&str; 6] = ["us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit", "utf-8"];
    let charset = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or("unknown-8bit");
    SAYS_NOTHING.iter().any(|name| charset.eq_ignore_ascii_case(name))
}

/// The bytes of a text part whose charset the parser cannot have read right.
pub(super) fn misread<'a>(part: &MessagePart<'_>, raw: &'a [u8], text: &str) -> Option<Cow<'a, [u8]>> {
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let is_utf8 = charset.is_some_and(|charset| charset.eq_ignore_ascii_case("utf-8"));
    let is_utf8 = is_utf8 || part.content_type().is_none();
    let has_zeros = || quick::find(text, 0).is_some();
    let is_right = if text.is_ascii() {
        !has_zeros() || !says_nothing(part)
    } else {
        !says_nothing(part) || is_utf8 && !text.contains('\u{fffd}') && !has_zeros()
    };
    // Of a charset that nobody may decode any more the decoder keeps one character in all.
    let is_refused = text == "\u{fffd}";
    if is_right && !is_refused { None } else { content(part, raw) }
}

/// The bytes of a part behind its transfer encoding.
fn content<'a>(part: &MessagePart<'_>, raw: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let bytes = raw.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(bytes.into()),
        Encoding::Base64 => base64_decode(bytes).map(Into::into),
        Encoding::QuotedPrintable => quoted_printable_decode(bytes).map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn bodies(mail: &str) -> Bodies {
        Bodies::of(&MessageParser::default().parse(mail.as_bytes()).unwrap())
    }

    #[test]
    fn utf_8_under_a_declared_us_ascii_is_utf_8() {
        let mail = "Content-Type: text/plain; charset=us-ascii\n\ncafé “quoted” …\n";
        assert_eq!(bodies(mail).plain.unwrap(), "café “quoted” …\n");
        let coded = "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: quoted-printable\n\ncaf=C3=A9";
        assert_eq!(bodies(coded).plain.unwrap(), "café");
    }

    #[test]
    fn undeclared_latin_1_is_shown_and_not_replaced() {
        let message = MessageParser::default().parse(&b"Subject: x\n\ncaf\xe9"[..]).unwrap();
        assert_eq!(Bodies::of(&message).plain.unwrap(), "café");
    }

    #[test]
    fn html_alone_has_no_plain_body_and_its_cells_stay_apart() {
        let mail = "Content-Type: text/html\n\n<table><tr><td>Name:</td><td>Ann</td></tr>\
                    <tr><td>Phone:</td><td>5</td></tr></table>";
        let bodies = bodies(mail);
        assert!(bodies.plain.is_none());
        let text = bodies.text();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines, [vec!["Name:", "Ann"], vec!["Phone:", "5"]]);
    }

    #[test]
    fn a_text_file_to_be_shown_is_part_of_the_text() {
        let mail = |kind: &str| {
            let file = format!(
                "Content-Type: text/plain; name=a.txt\nContent-Disposition: {kind}; filename=a.txt\n\ntwo"
            );
            bodies(&format!("Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\n{file}\n--x--\n"))
        };
        assert_eq!(mail("inline").plain.unwrap(), "one\ntwo");
        assert_eq!(mail("attachment").plain.unwrap(), "one");
        assert_eq!(mail("inline\nContent-Disposition: attachment").plain.unwrap(), "one\ntwo");
        assert_eq!(mail("attachment\nContent-Disposition: inline").plain.unwrap(), "one");
    }

    #[test]
    fn the_messages_of_a_digest_are_its_text() {
        let mail = "Content-Type: multipart/digest; boundary=x\n\n--x\n\nFrom: a@example.org\n\none\n--x\n\nSubject: b\n\ntwo\n--x--\n";
        let message = MessageParser::default().parse(mail.as_bytes()).unwrap();
        let text = digest(&message).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["From: a@example.org", "one", "Subject: b", "two"]);
    }

    #[test]
    fn text_in_parts_that_are_never_closed_is_shown() {
        let mail = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\
                    Content-Type: text/plain\n\nPlease call.\n";
        assert_eq!(bodies(mail).plain.unwrap().trim(), "Please call.");
    }

    #[test]
    fn undeclared_japanese_is_read() {
        let mail = "Subject: x\n\n\u{1b}$B%W%l%9\u{1b}(B ok\n";
        assert_eq!(bodies(mail).plain.unwrap(), "プレス ok\n");
    }

    #[test]
    fn a_flowed_body_is_put_together_again() {
        let line = "She can be reached in the morning, but please do not leave any ";
        let mail = format!("Content-Type: text/plain; Format=Flowed; DelSp=no\n\n{line}\nmessage.\n");
        assert_eq!(bodies(&mail).plain.unwrap(), format!("{line}message.\n"));
    }

    #[test]
    fn inline_parts_are_joined_in_order() {
        let mail = "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x\nContent-Type: text/html\n\n<p>two</p>\n\
                    --x\nContent-Type: text/plain\n\nthree\n--x--\n";
        let text = bodies(mail).plain.unwrap();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["one", "two", "three"]);
    }
}
