//! The signs beside a colon that part a label from its value: a gap, a dash, dots, or nothing but the value's shape.

use super::label::{Label, exact};
use super::lexicon::Slot;
use crate::intake::quick::{self, has_digit};
use crate::referral::packet::Field;

/// What stands between a label and its value beside a colon, each with the bit of the two bytes it opens with.
const SEPARATORS: [(&str, u8); 14] = [
    ("\t", opens::TAB),
    ("? ", opens::QUESTION),
    ("?** ", opens::QUESTION),
    ("?\t", opens::QUESTION),
    (" - ", opens::DASH),
    (" – ", opens::WIDE),
    (" — ", opens::WIDE),
    (" = ", opens::SIGN),
    (" => ", opens::SIGN),
    (" → ", opens::WIDE),
    ("...", opens::DOTS),
    ("..", opens::DOTS),
    ("  ", opens::SPACES),
    (" | ", opens::SIGN),
];

/// Bits of the two bytes that a separator opens with.
mod opens {
    pub(super) const TAB: u8 = 1;
    pub(super) const QUESTION: u8 = 2;
    pub(super) const DASH: u8 = 4;
    /// The first byte of – and — and →.
    pub(super) const WIDE: u8 = 8;
    /// `=` and `|`, which part a label from its value without spaces too.
    pub(super) const SIGN: u8 = 16;
    pub(super) const DOTS: u8 = 32;
    pub(super) const SPACES: u8 = 64;
}

/// The label before a sign that parts it from its value as a colon does, and what follows.
pub(super) fn parted(line: &str) -> Option<(Label, &str)> {
    let openings = openings(line);
    if openings == 0 {
        return by_shape(line);
    }
    for (separator, opening) in SEPARATORS {
        if openings & opening == 0 {
            continue;
        }
        let Some((left, right)) = line.split_once(separator) else { continue };
        if let Some(label) = exact(left) {
            return Some((label, right.trim_start_matches(['.', ' ', '|', '\t', '-', ':'])));
        }
    }
    if let Some((left, right)) =
        line.split_once(['=', '|', '–', '—']).filter(|(_, right)| !right.starts_with('='))
        && let Some(label) = exact(left)
    {
        return Some((label, right));
    }
    by_shape(line)
}

/// Which separators two neighbours of a line can open, as bits.
fn openings(line: &str) -> u8 {
    // Without a way out of the loop many bytes are looked at at once, and nearly every line has none of these.
    let sign = |before: u8, byte: u8| {
        let one = |is: u8, bit: u8| u8::from(byte == is) * bit;
        let both = |one: u8, two: u8, bit: u8| (u8::from(before == one) & u8::from(byte == two)) * bit;
        let alone =
            one(b'\t', opens::TAB) | one(b'=', opens::SIGN) | one(b'|', opens::SIGN) | one(0xe2, opens::WIDE);
        let asked = both(b'?', b' ', opens::QUESTION)
            | both(b'?', b'*', opens::QUESTION)
            | both(b'?', b'\t', opens::QUESTION);
        let spaced = both(b' ', b' ', opens::SPACES) | both(b' ', b'-', opens::DASH);
        alone | asked | spaced | both(b'.', b'.', opens::DOTS)
    };
    let first = line.bytes().next().map_or(0, |first| sign(0, first));
    quick::neighbours(line).fold(first, |found, (before, byte)| found | sign(*before, *byte))
}

/// "Cell 518-555-0100", "DOB 3/4/1990": no separator at all, but the value can be nothing else.
fn by_shape(line: &str) -> Option<(Label, &str)> {
    if !has_digit(line) || line.bytes().filter(u8::is_ascii_digit).count() < 6 {
        return None;
    }
    let (at, _) = line.char_indices().take(40).find(|(_, c)| c.is_ascii_digit() || matches!(c, '+' | '('))?;
    let (left, right) = line.split_at_checked(at)?;
    if !left.ends_with([' ', '#', '-']) || right.chars().filter(char::is_ascii_digit).count() < 6 {
        return None;
    }
    let label = exact(left)?;
    let shaped = label.meaning.is_some_and(|meaning| {
        matches!(meaning.slot, Slot::Phone | Slot::PhoneOther)
            || meaning.slot == Slot::Field(Field::ClientDob)
    });
    shaped.then_some((label, right))
}
