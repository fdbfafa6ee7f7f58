//! The reference: the number people quote (`R-7K4M-2QX9`).
//!
//! Seven random symbols of Crockford's base 32 and one check symbol. The eight symbols form a code word over GF(32):
//! the sum of `αⁱ · symbolᵢ` is zero. The weights differ from zero and from each other, so that every single wrong
//! symbol and every swap of any two symbols is caught (a test tries them all).

use std::fmt;

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 8;
/// A reference is written in so many words at most, as `R 7K4M 2QX9` is.
const MOST_PARTS: usize = 4;
/// More characters in them are no reference.
const LONGEST: usize = 64;
/// More references of one text are not looked at.
const MOST_FOUND: usize = 10;

/// A valid reference in its canonical writing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// Makes a reference out of 35 random bits; uniqueness is for the store to decide.
    #[must_use]
    pub fn draw(prefix: &str, random: u64) -> Reference {
        let mut values = [0u8; SYMBOLS];
        for (place, value) in values.iter_mut().skip(1).enumerate() {
            *value = u8::try_from((random >> (5 * place)) & 31).unwrap_or(0);
        }
        // The weight of place 0 is 1, so the check symbol is the sum of all the others.
        let sum = syndrome(values);
        let [check, ..] = &mut values;
        *check = sum;
        values.rotate_left(1);
        Reference(written(prefix, values))
    }

    /// Reads a reference as people write or dictate it: O for 0, I or L for 1, any case, spaces, dashes of every
    /// kind, full-width digits. `None` if the prefix, the length or the check symbol is wrong.
    #[must_use]
    pub fn parse(text: &str, prefix: &str) -> Option<Reference> {
        let mut letters = String::new();
        for c in text.chars().filter(|c| !is_forgiven(*c)) {
            if letters.len() > prefix.len() + SYMBOLS {
                return None;
            }
            letters.push(narrow(c)?.to_ascii_uppercase());
        }
        let body = strip_prefix_loosely(&letters, prefix)?;
        let mut values = [0u8; SYMBOLS];
        if body.len() != SYMBOLS {
            return None;
        }
        for (value, symbol) in values.iter_mut().zip(body.bytes()) {
            *value = symbol_value(symbol)?;
        }
        let mut word = values;
        word.rotate_right(1);
        (syndrome(word) == 0).then(|| Reference(written(prefix, values)))
    }

    /// Every valid reference in a text that carries its prefix, first come first, without repeats; at most ten.
    #[must_use]
    pub fn find_all(text: &str, prefix: &str) -> Vec<Reference> {
        let mut found = Vec::new();
        let words: Vec<&str> = text.split(ends_word).filter(|word| !word.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            if !begins_like(word, prefix) {
                continue;
            }
            let candidates =
                (1..=MOST_PARTS).filter_map(|parts| words.get(at..at + parts).map(<[&str]>::concat));
            let hit = candidates
                .filter(|text| text.len() <= LONGEST)
                .find_map(|text| Reference::parse(&text, prefix));
            if let Some(reference) = hit.filter(|reference| !found.contains(reference)) {
                found.push(reference);
            }
            if found.len() == MOST_FOUND {
                break;
            }
        }
        found
    }

    /// The canonical writing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Σ αⁱ · valueᵢ over GF(32), by Horner's rule from the highest place down.
fn syndrome(values: [u8; SYMBOLS]) -> u8 {
    values.iter().rev().fold(0, |sum, value| times_alpha(sum) ^ value)
}

/// Multiplies by the root α of x⁵ + x² + 1, which is primitive: its powers are all 31 nonzero elements.
fn times_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

fn written(prefix: &str, values: [u8; SYMBOLS]) -> String {
    let mut text = format!("{prefix}-");
    for (place, value) in values.into_iter().enumerate() {
        if place == SYMBOLS / 2 {
            text.push('-');
        }
        text.push(ALPHABET.get(usize::from(value)).copied().map_or('0', char::from));
    }
    text
}

fn symbol_value(symbol: u8) -> Option<u8> {
    let symbol = match symbol {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|known| *known == symbol).and_then(|at| u8::try_from(at).ok())
}

/// Characters that people and mail programs put between the symbols.
fn is_forgiven(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | '#' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{2212}' | '\u{feff}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// White space and punctuation end a word, but a dash of any kind stays inside a reference.
fn ends_word(c: char) -> bool {
    c.is_whitespace() && c != '\u{a0}' || !c.is_alphanumeric() && !is_forgiven(c)
}

/// A cheap look that spares most words the full reading.
fn begins_like(word: &str, prefix: &str) -> bool {
    let mut letters = word.chars().filter(|c| !is_forgiven(*c)).filter_map(narrow);
    prefix.chars().all(|wanted| letters.next().is_some_and(|c| c.eq_ignore_ascii_case(&wanted)))
}

/// A full-width letter or digit as its plain one; anything else outside ASCII letters and digits is not a symbol.
fn narrow(c: char) -> Option<char> {
    let plain = match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0)?,
        _ => c,
    };
    plain.is_ascii_alphanumeric().then_some(plain)
}

/// The prefix is forgiven like the symbols are; it may be missing when the rest has the full length.
fn strip_prefix_loosely<'a>(letters: &'a str, prefix: &str) -> Option<&'a str> {
    if letters.len() == SYMBOLS {
        return Some(letters);
    }
    let (head, body) = letters.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(reference: &Reference) -> Vec<char> {
        reference.as_str().chars().skip(2).filter(|c| *c != '-').collect()
    }

    fn samples() -> impl Iterator<Item = Reference> {
        (0..200u64).map(|n| Reference::draw("R", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    #[test]
    fn every_single_wrong_symbol_is_caught() {
        for reference in samples() {
            let right = symbols(&reference);
            for at in 0..right.len() {
                for wrong in ALPHABET.iter().map(|b| char::from(*b)).filter(|c| *c != right[at]) {
                    let mut text = right.clone();
                    text[at] = wrong;
                    let text = format!("R{}", text.into_iter().collect::<String>());
                    assert_eq!(Reference::parse(&text, "R"), None, "{reference} read as {text}");
                }
            }
        }
    }

    #[test]
    fn every_swap_of_two_symbols_is_caught() {
        for reference in samples() {
            let right = symbols(&reference);
            for one in 0..right.len() {
                for other in one + 1..right.len() {
                    let mut text = right.clone();
                    text.swap(one, other);
                    if text == right {
                        continue;
                    }
                    let text = format!("R{}", text.into_iter().collect::<String>());
                    assert_eq!(Reference::parse(&text, "R"), None, "{reference} read as {text}");
                }
            }
        }
    }

    #[test]
    fn the_code_has_every_symbol_in_every_place() {
        // The two tests above speak for all words because the check is linear; this one shows that drawing uses the
        // whole space: no symbol is missing in any place.
        let mut seen = vec![std::collections::BTreeSet::new(); SYMBOLS];
        for n in 0..4_000u64 {
            for (place, symbol) in
                symbols(&Reference::draw("R", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).into_iter().enumerate()
            {
                seen[place].insert(symbol);
            }
        }
        assert!(seen.iter().all(|place| place.len() == 32));
    }

    #[test]
    fn what_a_phone_call_does_is_forgiven() {
        let reference = samples().find(|r| r.as_str().contains('0') && r.as_str().contains('1')).unwrap();
        let plain = reference.as_str();
        for text in [
            plain.to_lowercase(),
            plain.replace('-', ""),
            plain.replace('-', " "),
            plain.replace('-', "\u{2013}"),
            plain.replace('-', "\u{a0}"),
            plain.replace('0', "O"),
            plain.replace('1', "l"),
            plain.replace('1', "I"),
            plain.replace('0', "\u{ff10}"),
            plain.replace("R-", ""),
            format!("  {plain}\u{200b} "),
        ] {
            assert_eq!(Reference::parse(&text, "R").as_ref(), Some(&reference), "{text:?}");
        }
        assert_eq!(Reference::parse(&format!("{plain}0"), "R"), None);
        assert_eq!(Reference::parse("", "R"), None);
    }

    #[test]
    fn references_are_found_in_running_text() {
        let all: Vec<Reference> = samples().take(3).collect();
        let spaced = all[2].as_str().replace('-', " ");
        let text = format!("Re: [{}] and ({}), also {spaced}. Call 518 555 0100.", all[0], all[1]);
        assert_eq!(Reference::find_all(&text, "R"), all);
    }

    #[test]
    fn long_hostile_text_is_read_without_panic() {
        let text = "R-".repeat(200_000);
        assert!(Reference::find_all(&text, "R").is_empty());
        assert_eq!(Reference::parse(&"-".repeat(1_000_000), "R"), None);
    }
}
