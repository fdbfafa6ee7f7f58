//! What stands for words and is none: the text in place of a picture, a box that nobody ticked.

use super::super::judge;

/// A box without a tick.
pub(super) const BOX: &str = " ☐ ";

/// The longest text in place of a picture that can be an answer, in bytes.
const LONGEST: usize = 160;

/// The text in place of a picture, by its attributes in lower case, if it may answer something.
pub(super) fn answer(attributes: &str) -> Option<&str> {
    let (_, value) = attributes.split_once("alt=")?;
    let words = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split_ascii_whitespace().next()?.trim_end_matches('/'),
    };
    (words.len() <= LONGEST && (words.contains([':', '?']) || judge::only_agrees(words))).then_some(words)
}

/// Whether it is a box of a form, by its attributes in lower case, that is not ticked.
pub(super) fn is_open_box(attributes: &str) -> bool {
    (attributes.contains("checkbox") || attributes.contains("radio")) && !attributes.contains("checked")
}
