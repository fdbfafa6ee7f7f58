//! Words of simple HTML: white space is one space, references are decoded.

use crate::intake::quick::{self, is_even};

/// Words with single spaces between them.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// Its characters.
    pub(super) chars: usize,
    gap: bool,
}

impl Line {
    /// Adds text between two tags; `None` at what [`decoded`] does not know.
    pub(super) fn words(&mut self, text: &str) -> Option<()> {
        let bare = text.trim_ascii();
        if !is_even(bare) || quick::find(bare, b'&').is_some() {
            return decoded(text, |c| self.push(c));
        }
        self.gap |= self.chars > 0 && text.starts_with(|c: char| c.is_ascii_whitespace());
        let mut chars = bare.chars();
        if let Some(first) = chars.next() {
            // It knows of the gap before it.
            self.push(first);
            self.text.push_str(chars.as_str());
            self.chars += bare.len() - 1;
        }
        self.gap |= self.chars > 0 && text.ends_with(|c: char| c.is_ascii_whitespace());
        Some(())
    }

    /// Adds one character.
    pub(super) fn push(&mut self, c: char) {
        if c.is_whitespace() && c != '\u{a0}' {
            self.gap = self.chars > 0;
            return;
        }
        if std::mem::take(&mut self.gap) {
            self.text.push(' ');
            self.chars += 1;
        }
        self.text.push(c);
        self.chars += 1;
    }
}

/// Hands on every character of a text, references decoded; `None` at a reference or a character that is seldom.
pub(super) fn decoded(text: &str, mut push: impl FnMut(char)) -> Option<()> {
    let mut rest = text;
    loop {
        let (plain, from) =
            quick::parted(rest, b'&').map_or((rest, None), |(plain, from)| (plain, Some(from)));
        for c in plain.chars() {
            let is_seldom =
                c.is_control() && !c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}');
            push(if is_seldom { None } else { Some(c) }?);
        }
        let Some(from) = from else { return Some(()) };
        let (name, after) = from.split_once(';')?;
        push(reference(name)?);
        rest = after;
    }
}

fn reference(name: &str) -> Option<char> {
    let number = |code: u32| {
        char::from_u32(code).filter(|c| matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}'))
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        _ => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(hex) => number(u32::from_str_radix(hex, 16).ok()?),
            None => number(name.strip_prefix('#')?.parse().ok()?),
        },
    }
}
