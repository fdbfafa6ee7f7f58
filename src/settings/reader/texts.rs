//! Plain texts, and words that were meant to be others.

use super::super::mistake::{Wrong, wrong};

/// A key this close to a known one is taken for a slip.
const LIKE: f64 = 0.75;

/// Longer words are not compared: it takes time, and helps nobody.
const LONGEST_SLIP: usize = 64;

/// A text of one or more lines that says something.
pub(in crate::settings) fn plain_text(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong("is empty", "write something, or remove the key if it may be missing"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(wrong("holds a control character", "write plain text"));
    }
    Ok(text.to_owned())
}

/// A text of one line that says something.
pub(in crate::settings) fn one_line(text: &str) -> Result<String, Wrong> {
    let text = plain_text(text)?;
    if text.contains('\n') { Err(wrong("has several lines", "write it on one line")) } else { Ok(text) }
}

/// The short name of a person, a partner or a policy.
pub(in crate::settings) fn short_id(text: &str) -> Result<String, Wrong> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if (1..=40).contains(&text.len()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(wrong("is not a short name", "use 1 to 40 of: a to z, 0 to 9, - and _"))
    }
}

/// The known word most like `word`, if `word` may be a slip of it: one wrong, missing, extra or swapped letter, or
/// much the same letters in much the same order.
pub(in crate::settings) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > LONGEST_SLIP {
        return None;
    }
    known
        .map(|known| (strsim::osa_distance(word, known), strsim::jaro_winkler(word, known), known))
        .filter(|(slips, like, _)| *slips <= 1 || *like >= LIKE)
        .min_by(|(slips, like, _), (others, other, _)| slips.cmp(others).then(other.total_cmp(like)))
        .map(|(_, _, known)| known)
}

/// The name of a key as a message may show it: hostile characters and length cut off.
pub(super) fn name(key: &str) -> String {
    key.chars().filter(|c| !c.is_control()).take(40).collect()
}
