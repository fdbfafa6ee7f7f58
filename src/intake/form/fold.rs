//! One way to compare words: lower case, no accents, no punctuation; and one way to make a value safe to keep.

use crate::intake::quick::{find_wide, has_single_spaces};
use crate::referral::fold::{is_mark, unaccented};

/// Folds text for comparison: lower case, accents off, apostrophes and dots gone, everything else that is not a letter
/// or a digit one space. `Client's D.O.B:` becomes `clients dob`.
pub(crate) fn fold(text: &str) -> String {
    // A colon at the end parts nothing. What is left of a label, and of many a line, is words and single spaces.
    let text = text.strip_suffix(':').unwrap_or(text);
    if is_words(text) {
        return text.to_ascii_lowercase();
    }
    let mut folded = Vec::with_capacity(text.len() + 1);
    let mut gap = false;
    let mut rest = text;
    loop {
        let plain = find_wide(rest).unwrap_or(rest.len());
        let (plain, from) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        fold_plain(&mut folded, &mut gap, plain);
        let mut wide = from.chars();
        let Some(c) = wide.next() else { break };
        fold_wide(&mut folded, &mut gap, c);
        rest = wide.as_str();
    }
    String::from_utf8(folded).unwrap_or_default()
}

/// Whether a text is plain letters and digits with single spaces between them: only their case changes. Without a way
/// out of the loop many bytes are looked at at once.
fn is_words(text: &str) -> bool {
    let other = |byte: u8| u8::from(!byte.is_ascii_alphanumeric() && byte != b' ');
    text.bytes().fold(0, |found, byte| found | other(byte)) == 0 && has_single_spaces(text)
}

/// Folds a run of ASCII: into spaces, so that a gap is one of them left over.
fn fold_plain(folded: &mut Vec<u8>, gap: &mut bool, plain: &str) {
    let bare = plain.trim_matches(' ');
    if !bare.is_empty() && is_words(bare) {
        let is_parted = (*gap || plain.starts_with(' ')) && !folded.is_empty();
        folded.extend(is_parted.then_some(b' '));
        folded.extend(bare.bytes().map(|byte| byte.to_ascii_lowercase()));
        *gap = plain.ends_with(' ');
        return;
    }
    let mut end = folded.len();
    let mut waits = usize::from(*gap);
    folded.resize(end + plain.len() + 1, b' ');
    for byte in plain.bytes() {
        // Nothing to guess: every byte is written, and only a letter stays.
        let class = class(byte);
        let stays = usize::from(is_letter(class));
        end += stays & waits & usize::from(end > 0);
        if let Some(slot) = folded.get_mut(end) {
            *slot = if is_letter(class) { class } else { b' ' };
        }
        end += stays;
        waits = usize::from(class == GAP) | waits & !stays;
    }
    folded.truncate(end);
    *gap = waits != 0;
}

/// The class of a byte that parts words.
pub(crate) const GAP: u8 = 0;
/// The class of a byte that is dropped.
const NOTHING: u8 = 1;
/// The class of a byte that is a part of a character outside ASCII.
pub(crate) const WIDE: u8 = 2;

/// What a byte of a text folds to: the letter or the digit, in lower case, or one of [`GAP`], [`NOTHING`] and [`WIDE`].
/// A plain byte, since whoever looks at every byte of a mail cannot take it out of an `enum` first.
pub(crate) fn class(byte: u8) -> u8 {
    ASCII.get(usize::from(byte)).copied().unwrap_or(WIDE)
}

/// Whether a byte of this class is a letter or a digit.
pub(crate) const fn is_letter(class: u8) -> bool {
    class >= b'0'
}

/// The class of each byte.
static ASCII: [u8; 256] = ascii();

#[expect(clippy::indexing_slicing, reason = "a constant table filled at compile time")]
#[expect(clippy::cast_possible_truncation, reason = "the index of a table of 256 bytes")]
const fn ascii() -> [u8; 256] {
    let mut table = [WIDE; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        table[at] = if byte.is_ascii_alphanumeric() {
            byte.to_ascii_lowercase()
        } else if matches!(byte, b'\'' | b'.' | b'`') || is_hidden(byte as char) {
            NOTHING
        } else {
            GAP
        };
        at += 1;
    }
    table
}

/// Folds a character outside ASCII.
fn fold_wide(folded: &mut Vec<u8>, gap: &mut bool, c: char) {
    *gap |= letters_of_wide(c, |letter| {
        if std::mem::take(gap) && !folded.is_empty() {
            folded.push(b' ');
        }
        folded.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    });
}

/// Gives the letters that a character outside ASCII folds to; whether it parts words.
pub(crate) fn letters_of_wide(c: char, letter: impl FnMut(char)) -> bool {
    if is_dropped(c) {
        return false;
    }
    if !is_typesetters(c) && c.is_alphanumeric() {
        c.to_lowercase().filter(|lower| !is_mark(*lower)).map(unaccented).map(ordinal).for_each(letter);
        return false;
    }
    true
}

/// "client’s" is "clients"; a decomposed accent is no letter of its own.
const fn is_dropped(c: char) -> bool {
    matches!(c, '’' | '‘' | '´' | 'ʼ') || is_mark(c) || is_hidden(c)
}

/// Dashes, quotation marks, bullets: most of what is outside ASCII in a mail, and no letter among them.
const fn is_typesetters(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}')
}

/// "N.º" is as often written "No".
const fn ordinal(c: char) -> char {
    match c {
        'ª' => 'a',
        'º' => 'o',
        _ => c,
    }
}

/// A character that shows nothing, or changes how others show: control, bidi, zero-width, tag (RELIABILITY M10).
pub(crate) const fn is_hidden(c: char) -> bool {
    // Nearly every character is one of these.
    if matches!(c, ' '..='~') {
        return false;
    }
    matches!(
        c,
        '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// [`clean`] of a value that nearly always is clean.
pub(crate) fn cleaned(text: String, limit: usize) -> String {
    if text.len() <= limit && is_clean(&text) { text } else { clean(&text, limit) }
}

/// A value as it is kept: hidden characters off, white space folded to single spaces, cut to `limit` characters.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    if text.len() <= limit && is_clean(text) {
        return text.to_owned();
    }
    if text.len() <= limit && text.is_ascii() {
        return clean_ascii(text);
    }
    let mut kept = String::with_capacity(text.len().min(limit.saturating_mul(4)));
    let mut gap = false;
    let mut count = 0;
    for c in text.chars().filter(|c| !is_hidden(*c)) {
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        let width = 1 + usize::from(gap);
        if count + width > limit {
            break;
        }
        if gap {
            kept.push(' ');
            gap = false;
        }
        kept.push(c);
        count += width;
    }
    kept
}

fn clean_ascii(text: &str) -> String {
    let mut kept = Vec::with_capacity(text.len());
    let mut gap = false;
    for byte in text.bytes() {
        if is_hidden(char::from(byte)) {
            continue;
        }
        if byte.is_ascii_whitespace() {
            gap = !kept.is_empty();
            continue;
        }
        if gap {
            kept.push(b' ');
            gap = false;
        }
        kept.push(byte);
    }
    String::from_utf8(kept).unwrap_or_default()
}

/// Words parted by single spaces, and nothing that is hidden.
fn is_clean(text: &str) -> bool {
    if !has_single_spaces(text) || text.bytes().fold(false, |odd, byte| odd | byte.is_ascii_control()) {
        return false;
    }
    let mut rest = text;
    while let Some(at) = find_wide(rest) {
        let mut chars = rest.get(at..).unwrap_or_default().chars();
        if chars.next().is_none_or(|c| is_hidden(c) || c.is_whitespace()) {
            return false;
        }
        rest = chars.as_str();
    }
    true
}

/// Words of a folded text.
pub(crate) fn words(folded: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(folded.len() / 4);
    words.extend(folded.split_ascii_whitespace());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sign by itself: nothing, a gap, or letters.
    fn sign_by_sign(text: &str) -> String {
        let inner = |c: char| {
            let between = fold(&format!("-a{c}a-"));
            between.strip_prefix('a').and_then(|rest| rest.strip_suffix('a')).unwrap().to_owned()
        };
        text.chars()
            .map(inner)
            .collect::<String>()
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    proptest::proptest! {
        #[test]
        fn words_fold_at_once_as_they_do_sign_by_sign(text in "[a-cX-Z0-1 ]{0,6}[a-cX-Z0-1  :.’–é]{0,24}") {
            proptest::prop_assert_eq!(fold(&text), sign_by_sign(&text));
        }
    }

    #[test]
    fn words_compare_without_case_accents_and_punctuation() {
        for (written, folded) in [
            ("Client’s D.O.B. :", "clients dob"),
            ("¿Es seguro llamarle?", "es seguro llamarle"),
            ("  Número   de TELÉFONO*", "numero de telefono"),
            ("cafe\u{301}", "cafe"),
            ("e-mail_address", "e mail address"),
            ("", ""),
        ] {
            assert_eq!(fold(written), folded);
        }
    }

    #[test]
    fn a_value_keeps_no_hidden_character_and_no_second_space() {
        assert_eq!(clean(" A\u{202e}nn\u{200b}  \r\n Smith\u{0} ", 100), "Ann Smith");
        assert_eq!(clean("abc def", 5), "abc d");
        assert_eq!(clean("abc def", 4), "abc");
    }
}
