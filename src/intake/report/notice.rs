//! The words of a report for people: apart from the mail they quote, and those about one recipient.

use crate::intake::limits;

/// Bytes about one recipient that are looked at.
const NEAR_BYTES: usize = 4096;

/// A notice in lower case.
#[derive(Default)]
pub(super) struct Notice(String);

impl Notice {
    /// The notice at the top of a text.
    pub(super) fn of(text: &str) -> Notice {
        Notice(apart(text).0.to_lowercase())
    }

    /// What is said about a lower-case address: from its line to the line that opens with another one; all of it when
    /// it does not name the address.
    pub(super) fn near(&self, address: &str) -> &str {
        let Some(place) = self.0.find(address) else { return limits::cut(&self.0, NEAR_BYTES) };
        let start = self.0.get(..place).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let rest = limits::cut(self.0.get(start..).unwrap_or_default(), NEAR_BYTES);
        let is_other = |line: &str| {
            let first = line.split_whitespace().next().unwrap_or_default();
            first.contains('@') && !first.contains(address)
        };
        let lines = rest.split_inclusive('\n').take_while(|line| !is_other(line));
        rest.get(..lines.map(str::len).sum()).unwrap_or(rest)
    }
}

/// Cuts a notice from the original mail it quotes.
pub(super) fn apart(text: &str) -> (String, String) {
    let mut notice = String::new();
    let mut original = String::new();
    let mut is_original = false;
    for line in text.lines() {
        if !is_original && starts_original(line, &notice) {
            is_original = true;
            // A header line is part of the original, a ruler above it is not.
            if !is_header_line(line) {
                continue;
            }
        }
        let side = if is_original { &mut original } else { &mut notice };
        side.push_str(line);
        side.push('\n');
    }
    (notice, original)
}

fn is_header_line(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["received: from", "received: by", "return-path: <", "received: (", "x-original-to:"]
        .iter()
        .any(|name| line.starts_with(name))
}

fn starts_original(line: &str, notice: &str) -> bool {
    const MARKS: &[&str] = &[
        "original message",
        "copy of the message",
        "copy of your message",
        "copy of the mail",
        "copy of the original",
        "returned message",
        "header of the original",
        "headers of the original",
        "headers follow",
        "header follows",
        "message follows",
        "unsent message",
        "message header",
        "message text follows",
        "below this line",
        "original mail",
        "text of message",
        "message contents",
        "forwarded message",
        "original email",
        "source mail",
        "returned mail follows",
        "included is a copy",
        "mensaje original",
        "ursprüngliche nachricht",
        "message d'origine",
        "mensagem original",
        "исходное",
    ];
    if notice.trim().is_empty() {
        return false;
    }
    if is_header_line(line) {
        return true;
    }
    let line = line.trim().to_lowercase();
    if line.chars().count() > 100
        || line.contains("transcript")
        || !MARKS.iter().any(|mark| line.contains(mark))
    {
        return false;
    }
    let ruled = line.starts_with(['-', '=', '*', '_', '#', '~', '+']);
    let announces = line.trim_end_matches(['.', ':', '!']).ends_with("follow")
        || line.trim_end_matches(['.', ':', '!']).ends_with("follows")
        || line.starts_with("included is a copy")
        || line.ends_with("is following.");
    ruled || announces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_about_an_address_ends_where_another_one_opens_a_line() {
        let notice = Notice::of("Sorry.\n<A@example.org>: no\n such user\n<b@example.org>: full\n");
        assert_eq!(notice.near("a@example.org"), "<a@example.org>: no\n such user\n");
        assert_eq!(notice.near("b@example.org"), "<b@example.org>: full\n");
        assert!(notice.near("c@example.org").starts_with("sorry."));
    }
}
