//! The header fields as they were written: every one, in order, before any parser chose between them.
//!
//! Who wrote a mail and whether it may be answered is judged from these, because a parser that keeps the last of
//! several `From` fields can be led (RELIABILITY trap 16).

use std::borrow::Cow;

use mail_parser::decoders::{base64::base64_decode, charsets::map::charset_decoder};

use super::quick::{self, is_even};

/// The header fields of one mail, in order.
#[derive(Default)]
pub struct Head {
    fields: Vec<(String, String)>,
}

impl Head {
    /// Reads the block up to the first blank line. Whoever calls bounds the bytes.
    #[must_use]
    pub fn read(raw: &[u8]) -> Head {
        // Bytes that are not UTF-8 have no charset anyone declared, so they are replaced, not guessed.
        let text = std::str::from_utf8(raw).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Borrowed);
        let mut fields: Vec<(String, String)> = Vec::with_capacity(32);
        // A name whose colon may stand on the next line (RFC 5322 §4.5): it is a field to some readers.
        let mut bare: Option<&str> = None;
        for line in quick::lines(&text) {
            let line = line.strip_suffix('\n').unwrap_or(line);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let name_above = bare.take();
            if line.starts_with([' ', '\t']) {
                let below = line.trim_start().strip_prefix(':');
                if let Some((name, value)) = name_above.zip(below) {
                    fields.push((name_of(name), value.trim_start().to_owned()));
                } else if let Some((_, value)) = fields.last_mut() {
                    value.push_str(line);
                }
            } else if let Some((name, value)) = quick::parted(line, b':') {
                fields.push((name_of(name), value.trim_start().to_owned()));
            } else {
                bare = Some(line);
            }
        }
        Head { fields }
    }

    /// Every value of a field, top to bottom; `name` in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The topmost value of a field; `name` in lower case.
    #[must_use]
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Whether a field is there at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// The lower-case names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// A field's name in lower case. White space inside it does not hide a field: "From :" and "F rom:" are From to some
/// readers.
fn name_of(written: &str) -> String {
    let mut name = written.to_ascii_lowercase();
    if !is_even(&name) || name.contains(' ') {
        name.retain(|c| !c.is_whitespace());
    }
    name
}

/// Decodes the encoded words (RFC 2047) of one unfolded value. The result is hostile until sanitised.
///
/// Words of one charset that stand beside each other are decoded together, because many mailers cut a character in
/// two; a word glued to other text is decoded too.
#[must_use]
pub fn words(value: &str) -> String {
    if !value.contains('?') {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    let mut run = Run::default();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?") {
        let Some((charset, bytes, after)) = word_of(word) else {
            run.flush(&mut text);
            text.push_str(before);
            text.push_str("=?");
            rest = word;
            continue;
        };
        // White space between two encoded words is not shown (RFC 2047 §6.2).
        if run.charset.is_empty() || !before.trim().is_empty() {
            run.flush(&mut text);
            text.push_str(before);
        }
        if !run.charset.eq_ignore_ascii_case(charset) {
            run.flush(&mut text);
            charset.clone_into(&mut run.charset);
        }
        run.bytes.extend_from_slice(&bytes);
        rest = after;
    }
    run.flush(&mut text);
    text.push_str(rest);
    text
}

/// Decoded bytes of one charset, waiting for the next word.
#[derive(Default)]
struct Run {
    charset: String,
    bytes: Vec<u8>,
}

impl Run {
    fn flush(&mut self, text: &mut String) {
        let Run { charset, bytes } = std::mem::take(self);
        if bytes.is_empty() {
            return;
        }
        match charset_decoder(charset.as_bytes()) {
            Some(decode) => text.push_str(&decode(&bytes)),
            None => text.push_str(&String::from_utf8_lossy(&bytes)),
        }
    }
}

/// `charset[*language]?B|Q?text?=` and what follows it.
fn word_of(word: &str) -> Option<(&str, Vec<u8>, &str)> {
    let (charset, rest) = word.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (coded, after) = rest.split_once("?=")?;
    let charset = charset.split('*').next().unwrap_or(charset);
    if charset.is_empty() || charset.len() > 40 {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => base64_decode(coded.as_bytes())?,
        "Q" | "q" => quoted(coded.as_bytes()),
        _ => return None,
    };
    Some((charset, bytes, after))
}

/// The Q encoding; a broken escape stays as written.
fn quoted(coded: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let escaped = tail
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, escaped) {
            (b'=', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'_', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_kept_in_order_and_unfolded() {
        let head =
            Head::read(b"From: a@example.org\r\nX: 1\r\n\t2\r\nFrom : b@example.org\r\n\r\nFrom: body\r\n");
        assert_eq!(head.all("from").collect::<Vec<_>>(), ["a@example.org", "b@example.org"]);
        assert_eq!(head.first("x"), Some("1\t2"));
        assert!(!head.has("y"));
    }

    #[test]
    fn encoded_words_are_decoded_and_plain_text_is_left_alone() {
        for (value, text) in [
            ("=?utf-8?Q?caf=C3=A9?= x", "café x"),
            ("=?utf-8?B?Y2Fmw6k=?=", "café"),
            ("=?utf-8?Q?caf=C3?=\t =?UTF-8?Q?=A9?=", "café"),
            ("(=?iso-8859-1*en?Q?caf=E9_=zz?=).", "(café =zz)."),
            ("=?euc-kr?B?x9Gxubi7?=", "한국말"),
            ("a =?x?Z?b?= c", "a =?x?Z?b?= c"),
            ("plain: text", "plain: text"),
            ("=? broken", "=? broken"),
        ] {
            assert_eq!(words(value), text);
        }
    }

    #[test]
    fn a_charset_nobody_declared_is_not_guessed() {
        assert_eq!(Head::read(b"Subject: caf\xe9\n\n").first("subject"), Some("caf\u{fffd}"));
    }
}
