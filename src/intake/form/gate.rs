//! A cheap look before the dear one: by its first and its last word nearly every line of running text is told to be no
//! label, no heading and no end of a form, before it is folded as a whole.
//!
//! The words are kept as marks in two small tables, by their hash. Two words may share a mark: what passes is looked at
//! closely, so that a mark too many costs time only.

use super::fold::{GAP, WIDE, class, is_letter};

/// Bits of what a text may be.
pub(crate) mod may {
    /// A label.
    pub(crate) const LABEL: u8 = 1;
    /// A heading.
    pub(crate) const HEADING: u8 = 2;
    /// The end of a form.
    pub(crate) const FOOTER: u8 = 4;
    /// The beginning of another person's block.
    pub(crate) const COUNTED: u8 = 8;
    /// What a label made of several asks for: "phone".
    pub(crate) const PART: u8 = 16;
    /// Of whom: "client", "your".
    pub(crate) const WHOSE: u8 = 32;
    /// What stands before it: "please enter".
    pub(crate) const OPENER: u8 = 64;
    /// Any of them.
    pub(crate) const ANYTHING: u8 = 127;
}

/// Marks a table: some ten times the words of all languages.
const MARKS: usize = 1 << 14;

/// The words that open and close everything the lexicon knows.
pub(crate) struct Gate {
    starts: Vec<u8>,
    ends: Vec<u8>,
}

impl Default for Gate {
    fn default() -> Self {
        Gate { starts: vec![0; MARKS], ends: vec![0; MARKS] }
    }
}

impl Gate {
    /// Something that is known opens with this folded word.
    pub(super) fn add_start(&mut self, word: &str, bits: u8) {
        if let Some(mark) = self.starts.get_mut(mark_of(word.bytes())) {
            *mark |= bits;
        }
    }

    /// Something that is known closes with this folded word.
    pub(super) fn add_end(&mut self, word: &str, bits: u8) {
        if let Some(mark) = self.ends.get_mut(mark_of(word.bytes().rev())) {
            *mark |= bits;
        }
    }

    /// What a text may be, as written or folded; zero for nothing that is known.
    pub(crate) fn of(&self, text: &str) -> u8 {
        let start = marked(&self.starts, text.bytes());
        let sure = start & (may::FOOTER | may::COUNTED);
        if start == sure {
            return sure;
        }
        let end = marked(&self.ends, text.bytes().rev());
        let label = if is_label(start, end) { may::LABEL } else { 0 };
        sure | start & end & may::HEADING | label
    }
}

/// Whether a label opens and closes like this: a whole one, "phone", "client phone", "phone of the client", and the
/// last three behind an opener.
const fn is_label(start: u8, end: u8) -> bool {
    start & end & (may::LABEL | may::PART) != 0
        || start & (may::WHOSE | may::OPENER) != 0 && end & may::PART != 0
        || start & (may::PART | may::OPENER) != 0 && end & may::WHOSE != 0
}

/// The bits of the first word of the bytes. A word outside ASCII is not looked up: it may be anything.
fn marked(table: &[u8], bytes: impl Iterator<Item = u8>) -> u8 {
    let mut word = Mark::default();
    for byte in bytes {
        let class = class(byte);
        if is_letter(class) {
            word.add(class);
        } else if class == GAP && !word.is_empty() {
            break;
        } else if class == WIDE {
            return may::ANYTHING;
        }
    }
    table.get(word.place()).copied().unwrap_or_default()
}

/// The place of a folded word's mark.
fn mark_of(word: impl Iterator<Item = u8>) -> usize {
    let mut mark = Mark::default();
    word.for_each(|byte| mark.add(byte));
    mark.place()
}

#[derive(Default)]
struct Mark(u64);

impl Mark {
    const fn add(&mut self, byte: u8) {
        self.0 = (self.0.rotate_left(5) ^ byte as u64).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    fn place(&self) -> usize {
        usize::try_from(self.0 >> 50).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::LEXICON;
    use super::*;

    #[test]
    fn what_is_known_passes_in_every_dress_and_running_text_does_not() {
        for text in ["Client’s name:", "  * DATE OF BIRTH *", "¿Es seguro dejar un mensaje de voz?", "D.O.B."]
        {
            assert_ne!(LEXICON.gate.of(text) & may::LABEL, 0, "{text}");
        }
        assert_ne!(LEXICON.gate.of("== Client Information ==") & may::HEADING, 0);
        for text in ["", "...", "hearing listed because the partner moved", "Client says he was dismissed"] {
            assert_eq!(LEXICON.gate.of(text) & (may::LABEL | may::HEADING), 0, "{text}");
        }
    }
}
