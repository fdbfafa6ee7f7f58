//! Look-ups that every line of every mail passes: words in tables of our own, and signs in a text.
//!
//! The hash is fast and not keyed: the keys are our own words, so nobody outside can choose keys that collide.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map keyed by words of the language files.
pub(crate) type WordMap<V> = HashMap<String, V, BuildHasherDefault<WordHasher>>;
/// A set of words of the language files.
pub(crate) type WordSet = HashSet<String, BuildHasherDefault<WordHasher>>;

/// Where a byte of ASCII first stands in a text. The searches of others begin to be quick only where it stands farther
/// away than the next line.
pub(crate) fn find(text: &str, byte: u8) -> Option<usize> {
    let all = ONES * u64::from(byte);
    // A byte is zero where it is the one that is looked for; the first zero makes the lowest of the marks, and a true
    // one.
    let marks = |eight: u64| (eight ^ all).wrapping_sub(ONES) & !(eight ^ all) & HIGHEST;
    let bytes = text.as_bytes();
    let Some((near, far)) = bytes.split_at_checked(NEAR).filter(|_| bytes.len() > LONG) else {
        return first_mark(bytes, marks);
    };
    first_mark(near, marks).or_else(|| memchr::memchr(byte, far).map(|at| NEAR + at))
}

/// Texts of more bytes than this are worth the way to a search that looks at 32 bytes at once.
const LONG: usize = 256;

/// In those what is looked for mostly stands among so many bytes all the same: the end of a line.
const NEAR: usize = 64;

/// The lowest bit of each of eight bytes.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each of eight bytes.
const HIGHEST: u64 = ONES << 7;

/// Where the first byte stands that is marked, when eight bytes at once are given a highest bit for a mark.
fn first_mark(bytes: &[u8], marks: impl Fn(u64) -> u64) -> Option<usize> {
    let place = |from: usize, marks: u64| (marks != 0).then(|| from + marks.trailing_zeros() as usize / 8);
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let found = place(8 * at, marks(u64::from_le_bytes(*eight)));
        if found.is_some() {
            return found;
        }
    }
    if let Some(last) = bytes.last_chunk::<8>() {
        // Bytes that were looked at already have no marks.
        return place(bytes.len() - 8, marks(u64::from_le_bytes(*last)));
    }
    let few = rest.iter().rev().fold(0, |few, byte| few << 8 | u64::from(*byte));
    place(0, marks(few)).filter(|at| *at < bytes.len())
}

/// Where one of several bytes of ASCII first stands among others.
pub(crate) fn find_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    let marks = |eight: u64| {
        let zeros = |all: u64| (eight ^ all).wrapping_sub(ONES) & !(eight ^ all) & HIGHEST;
        wanted.iter().fold(0, |marks, byte| marks | zeros(ONES * u64::from(*byte)))
    };
    first_mark(bytes, marks)
}

/// Where two bytes of ASCII first stand side by side in a text no longer than lines are.
pub(crate) fn find_pair(text: &str, pair: [u8; 2]) -> Option<usize> {
    text.as_bytes().array_windows().position(|two| *two == pair)
}

/// What stands before and behind the first such byte of ASCII.
pub(crate) fn parted(text: &str, byte: u8) -> Option<(&str, &str)> {
    let (before, from) = text.split_at_checked(find(text, byte)?)?;
    Some((before, from.get(1..)?))
}

/// Where the first character outside ASCII stands in a text.
pub(crate) fn find_wide(text: &str) -> Option<usize> {
    first_mark(text.as_bytes(), |eight| eight & HIGHEST)
}

/// The characters of a text that are outside ASCII.
pub(crate) fn wide_chars(text: &str) -> impl Iterator<Item = char> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut from = rest.get(find_wide(rest)?..)?.chars();
        let wide = from.next();
        rest = from.as_str();
        wide
    })
}

/// A line without its end.
pub(crate) fn bare(line: &str) -> &str {
    line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line))
}

/// The lines of a text, each with its line end.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = find(rest, b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at_checked(end).filter(|(line, _)| !line.is_empty())?;
        rest = after;
        Some(line)
    })
}

/// Whether a text is plain ASCII words parted by single spaces, as nearly every line and value is: then it needs no
/// cleaning and no folding of white space.
pub(crate) fn is_even(text: &str) -> bool {
    let odd = |byte: u8| u8::from(!matches!(byte, b' '..=b'~'));
    text.bytes().fold(0, |found, byte| found | odd(byte)) == 0 && has_single_spaces(text)
}

/// Whether no space stands beside another, nor at either end. Looks at neighbours only, so that many are looked at at
/// once.
pub(crate) fn has_single_spaces(text: &str) -> bool {
    let both = |one: u8, two: u8| u8::from(one == b' ') & u8::from(two == b' ');
    let gaps = neighbours(text).fold(0, |found, (one, two)| found | both(*one, *two));
    gaps == 0 && !text.starts_with(' ') && !text.ends_with(' ')
}

/// Each byte of a text with the one behind it.
pub(crate) fn neighbours(text: &str) -> impl Iterator<Item = (&u8, &u8)> {
    let bytes = text.as_bytes();
    // Two plain slices: a loop over them that has no way out looks at many bytes at once.
    bytes.iter().zip(bytes.get(1..).unwrap_or_default())
}

/// A text with its letters of ASCII in lower case, as names of tags nearly always are.
pub(crate) fn lowered(text: &str) -> Cow<'_, str> {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_lower { text.into() } else { text.to_ascii_lowercase().into() }
}

/// Whether a text holds a byte above this one; many bytes are looked at at once.
pub(crate) fn has_byte_above(text: &str, most: u8) -> bool {
    text.bytes().fold(0, u8::max) > most
}

/// Whether there is a digit in a text; many bytes are looked at at once.
pub(crate) fn has_digit(text: &str) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from(byte.is_ascii_digit())) != 0
}

/// Multiply and rotate, eight bytes at a time.
#[derive(Default, Clone, Copy)]
pub(crate) struct WordHasher(u64);

/// What hashes here multiply by.
pub(super) const ODD: u64 = 0x517c_c1b7_2722_0a95;

impl WordHasher {
    const fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(ODD);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.add(u64::from_le_bytes(*eight));
        }
        self.add(tail(rest) ^ ((bytes.len() as u64) << 56));
    }

    /// The end of a text: its length is in the hash already.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// At most seven bytes as one word: the first and the last four, which may overlap.
fn tail(bytes: &[u8]) -> u64 {
    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => four(first) | four(last) << 32,
        _ => bytes.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_is_found_wherever_it_stands() {
        for length in (0..40).chain([255, 256, 257, 600]) {
            let plain = "a".repeat(length);
            assert_eq!((find(&plain, b':'), find_wide(&plain)), (None, None));
            for at in 0..length {
                let (before, after) = plain.split_at(at);
                for sign in [":", "b", "\0", "\n", "\u{7f}"] {
                    let text = [before, sign, ";é", sign, after].concat();
                    assert_eq!(find(&text, sign.as_bytes()[0]), Some(at), "{text:?}");
                }
                assert_eq!(find_wide(&[before, "\u{7f}é:", after].concat()), Some(at + 1));
            }
        }
    }
}
