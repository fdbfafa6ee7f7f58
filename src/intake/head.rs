//! The header fields as they were written: every one, in order, before any parser chose between them.
//!
//! Who wrote a mail and whether it may be answered is judged from these, because a parser that keeps the last of
//! several `From` fields can be led (RELIABILITY trap 16).

use std::borrow::Cow;

use mail_parser::{HeaderName, HeaderValue, MessageParser};

/// The header fields of one mail, in order.
#[derive(Default)]
pub struct Head {
    fields: Vec<(String, String)>,
}

impl Head {
    /// Reads the block up to the first blank line. Whoever calls bounds the bytes.
    #[must_use]
    pub fn read(raw: &[u8]) -> Head {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in raw.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let line = decode(line);
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push_str(&line);
                }
            } else if let Some((name, value)) = line.split_once(':') {
                // White space inside a name does not hide a field: "From :" and "F rom:" are From to some readers.
                let name = name.split_whitespace().collect::<String>().to_ascii_lowercase();
                fields.push((name, value.trim_start().to_owned()));
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

/// Decodes the encoded words (RFC 2047) of one unfolded value. The result is hostile until sanitised.
#[must_use]
pub fn words(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    let field = format!("Subject: {value}\n\n");
    MessageParser::new()
        .header_text(HeaderName::Subject)
        .parse_headers(field.as_bytes())
        .and_then(|message| match message.header(HeaderName::Subject) {
            Some(HeaderValue::Text(text)) => Some(text.clone().into_owned()),
            _ => None,
        })
        .unwrap_or_else(|| value.to_owned())
}

/// Raw header bytes as text: UTF-8, else Windows-1252, which most unlabelled 8-bit headers are.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| encoding_fallback(bytes).into(), Cow::Borrowed)
}

fn encoding_fallback(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| super::body::windows_1252(*byte)).collect()
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
            ("plain: text", "plain: text"),
            ("=? broken", "=? broken"),
        ] {
            assert_eq!(words(value), text);
        }
    }

    #[test]
    fn raw_latin_1_is_shown_and_not_replaced() {
        assert_eq!(Head::read(b"Subject: caf\xe9\n\n").first("subject"), Some("café"));
    }
}
