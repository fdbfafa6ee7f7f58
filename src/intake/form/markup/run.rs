//! The text of one line or cell as it grows, tag by tag.

use super::super::piece::Dress;
use crate::intake::quick::is_even;

/// Text of one line or cell, with what was strong in it.
#[derive(Default, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    /// All of it is strong; nobody knows before its first word.
    strong: Option<bool>,
    /// Something in it is hard to see.
    pub(super) faint: bool,
    gap: bool,
    /// Rows below that it reaches into, as a cell.
    pub(super) below: usize,
}

impl Run {
    /// An empty cell that reaches into so many rows below.
    pub(super) fn cell(below: usize) -> Run {
        Run { below, ..Run::default() }
    }

    /// The same cell in the row below; without its text where that is longer than `longest` bytes.
    pub(super) fn in_row_below(&self, longest: usize) -> Run {
        let below = self.below.saturating_sub(1);
        if self.text.len() > longest {
            return Run { text: String::new(), below, ..self.clone() };
        }
        Run { below, ..self.clone() }
    }

    /// Adds text; any white space in it is one space.
    pub(super) fn push(&mut self, text: &str, strong: bool) {
        if is_even(text) {
            if !text.is_empty() {
                self.word(text, strong);
            }
            return;
        }
        for (at, word) in text.split(char::is_whitespace).enumerate() {
            self.gap |= at > 0;
            if !word.is_empty() {
                self.word(word, strong);
            }
        }
    }

    fn word(&mut self, word: &str, strong: bool) {
        if self.text.is_empty() {
            self.text.reserve(word.len().max(80));
        }
        // A strong label with its value behind it and no sign between: the change of dress is the sign.
        if !strong && self.strong == Some(true) && !self.text.ends_with([':', '\n']) {
            self.text.push('\t');
        } else if self.gap && !self.text.is_empty() && !self.text.ends_with(['\n', '\t']) {
            self.text.push(' ');
        }
        self.strong = Some(strong && self.strong != Some(false));
        self.gap = false;
        self.text.push_str(word);
    }

    pub(super) fn newline(&mut self, with: &str) {
        self.gap = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(with);
        }
    }

    pub(super) fn dress(&self) -> Dress {
        if self.strong == Some(true) { Dress::Strong } else { Dress::Light }
    }

    /// One of its lines, dressed as all of it.
    pub(super) fn line(&self, line: &str) -> Run {
        Run { text: line.to_owned(), ..self.clone() }
    }
}
