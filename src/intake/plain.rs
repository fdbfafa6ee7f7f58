//! The letters of a text as they are meant, for words that must be heard however they are written.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::quick;

/// A text in plain letters: wide, circled, mathematical and joined forms as the letters they stand for (NFKC), parts of
/// Hangul put together, Arabic without points, stretchings and the signs on its alef. Between Latin letters and those
/// of another script stands a space, since writers of Chinese and Korean set none: `请不要email她`.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    // Accents of the West are below all of these, and their first bytes too.
    if !quick::has_byte_above(text, BELOW_ODD) || !quick::wide_chars(text).any(is_odd) {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(wide) = quick::find_wide(rest) {
        let (word, after) = word_at(rest, wide);
        plain.push_str(rest.get(..word).unwrap_or_default());
        let word = rest.get(word..after).unwrap_or_default();
        if word.contains(is_odd) {
            push_plain(&mut plain, word);
        } else {
            plain.push_str(word);
        }
        rest = rest.get(after..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain.into()
}

/// A sign of Chinese, Japanese or Korean, which set no space around each word.
pub(crate) const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Where the word around a place begins and ends: nothing joins letters over a space.
fn word_at(text: &str, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let before = bytes.get(..at).and_then(|before| before.iter().rposition(u8::is_ascii_whitespace));
    let after = bytes.get(at..).and_then(|after| after.iter().position(u8::is_ascii_whitespace));
    (before.map_or(0, |space| space + 1), after.map_or(text.len(), |space| at + space))
}

fn push_plain(plain: &mut String, word: &str) {
    let mut before = ' ';
    for c in word.nfkc().filter(|c| !is_ornament(*c)).map(bare_alef) {
        if is_latin(before) && is_joined_to_latin(c) || is_joined_to_latin(before) && is_latin(c) {
            plain.push(' ');
        }
        plain.push(c);
        before = c;
    }
}

/// The first byte of the last character below those that may be odd.
const BELOW_ODD: u8 = 0xcb;

/// A character of which there may be a plainer form. Letters with accents and the signs of typesetters are not.
const fn is_odd(c: char) -> bool {
    c >= '\u{300}' && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20bf}')
}

/// A mark that was not put together with its letter, or the stretching of Arabic script.
fn is_ornament(c: char) -> bool {
    c == '\u{640}' || !c.is_ascii() && is_combining_mark(c)
}

/// The alef and the yeh are as often written without their signs.
const fn bare_alef(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        _ => c,
    }
}

const fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// A letter of Cyrillic, Hebrew, Arabic, Thai, Chinese, Japanese or Korean.
const fn is_joined_to_latin(c: char) -> bool {
    matches!(c,
        '\u{400}'..='\u{52f}' | '\u{590}'..='\u{6ff}' | '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_what_they_stand_for() {
        for (written, meant) in [
            ("do not — “email” José", "do not — “email” José"),
            ("ＤＯ　ＮＯＴ　ｅｍａｉｌ", "DO NOT email"),
            ("𝐝𝐨 𝗇𝗈𝗍 Ⓔⓜⓐⓘⓛ", "do not Email"),
            ("n\u{20e3}o\u{336}t", "not"),
            ("请不要email她", "请不要 email 她"),
            ("email을", "email 을"),
            ("\u{110b}\u{1175}\u{1106}\u{1166}\u{110b}\u{1175}\u{11af}", "이메일"),
            ("لا تُرسِلوا بَريـــد", "لا ترسلوا بريد"),
            ("ﻻ ﺗﺘﺼﻞ", "لا تتصل"),
            ("إيميل", "ايميل"),
            ("Đừng gửi", "Đừng gửi"),
        ] {
            assert_eq!(plain(written), meant);
            assert_eq!(plain(&plain(written)), meant, "twice changes nothing");
        }
    }
}
