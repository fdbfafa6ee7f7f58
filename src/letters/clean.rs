//! Hostile text → one harmless line.
//!
//! A decoded name can hold CR, LF, NUL, or marks that turn the writing direction: lettre panics on some, mail programs
//! obey others. Nothing from outside is printed before it passed here.

use std::borrow::Cow;

use crate::intake::clean::is_trick;

/// The longest value a letter prints; the rest is cut with `…`.
pub const LONGEST_VALUE: usize = 1_000;
/// More characters of a name are not looked at.
const LONGEST_NAME_READ: usize = 400;
/// A name in a header is no longer, in characters.
const LONGEST_NAME: usize = 60;
/// A subject is no longer, in characters.
const LONGEST_SUBJECT: usize = 120;
/// A partner's own reference that is longer is no word.
const LONGEST_WORD: usize = 40;

/// One line: every control and line break becomes a space, runs of white space become one, invisible and
/// direction-turning characters go, and more than `most` characters are cut. Doing it twice changes nothing.
#[must_use]
pub fn one_line(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most && is_plain(text) && !text.contains("  ") {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len().min(4 * most));
    let mut written = 0;
    for c in text.chars().filter(|c| !is_trick(*c)) {
        let c = if c.is_control() || c.is_whitespace() { ' ' } else { c };
        if c == ' ' && line.ends_with(' ') {
            continue;
        }
        if written + 1 == most && text.chars().count() > most {
            line.push('…');
            break;
        }
        line.push(c);
        written += 1;
    }
    Cow::Owned(line)
}

/// A name fit for a header: one line of letters, digits and plain punctuation; at most 60 characters.
#[must_use]
pub fn header_name(name: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || " .,&'()-+/".contains(*c);
    let line: String = one_line(name, LONGEST_NAME_READ).chars().filter(plain).take(LONGEST_NAME).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of ASCII for a subject, at most 120 characters; anything else becomes `?`, and nothing in it reads as an
/// encoded word (RFC 2047).
#[must_use]
pub fn subject(text: &str) -> String {
    let line = one_line(text.trim(), LONGEST_SUBJECT);
    let ascii: String = line.trim().chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
    ascii.replace("=?", "= ?")
}

/// A whole text: `\n` line ends only, no other controls, no direction marks, no blanks at a line's end, never
/// two empty lines together, one line end at the end.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in lines(text) {
        let line = line.trim_end();
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        if is_plain(line) {
            out.push_str(line);
        } else {
            out.extend(line.chars().filter(|c| !is_trick(*c) && !c.is_control()));
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    Cow::Owned(out)
}

/// Whether nothing of a text would change, as of every letter in English that was cleaned before.
fn is_clean(text: &str) -> bool {
    let has = |part: &str| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some();
    let ends_well = text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with('\n');
    ends_well && no_byte(text, |byte| byte != b'\n' && is_odd(byte)) && !has(" \n") && !has("\n\n\n")
}

fn is_plain(text: &str) -> bool {
    no_byte(text, is_odd)
}

/// Anything but printable ASCII.
const fn is_odd(byte: u8) -> bool {
    !matches!(byte, b' '..=b'~')
}

/// Whether no byte of a text is of a kind; without a way out of the loop many are looked at at once.
fn no_byte(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from(is(byte))) == 0
}

/// The lines of a text without their `\n`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let last = (!text.is_empty() && !text.ends_with('\n')).then_some(text.len());
    let mut from = 0;
    memchr::memchr_iter(b'\n', text.as_bytes()).chain(last).filter_map(move |end| {
        let line = text.get(from..end);
        from = end + 1;
        line
    })
}

/// A partner's own reference, if it is a short plain word; anything else could carry a person's data or markup.
#[must_use]
pub fn plain_word(text: &str) -> Option<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./#".contains(c);
    (!text.is_empty() && text.len() <= LONGEST_WORD && text.chars().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hostile_is_left_in_a_line() {
        for (hostile, harmless) in [
            ("Ann\r\nBcc: v@example.org", "Ann Bcc: v@example.org"),
            ("a\0b\u{1b}[31mc", "a b [31mc"),
            ("exe\u{202e}fdp", "exefdp"),
            ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"),
            ("z\u{200b}w\u{feff}j\u{e0041}", "zwj"),
            ("plain", "plain"),
            ("two  blanks", "two blanks"),
        ] {
            assert_eq!(one_line(hostile, 100), harmless);
            assert_eq!(one_line(&one_line(hostile, 100), 100), harmless);
        }
    }

    #[test]
    fn a_long_value_is_cut_by_characters() {
        let cut = one_line("äääää", 3).into_owned();
        assert_eq!(cut, "ää…");
        assert_eq!(one_line(&"x".repeat(10_000), LONGEST_VALUE).chars().count(), LONGEST_VALUE);
    }

    #[test]
    fn a_header_name_has_no_special_characters() {
        assert_eq!(header_name("Ann \"<x@y.org>\" Söder\r\n"), "Ann xy.org Söder");
        assert_eq!(header_name(&"n".repeat(10_000)).len(), 60);
    }

    #[test]
    fn a_text_has_plain_line_ends_and_no_empty_runs() {
        assert_eq!(text("\n\na \r\nb\rc\n\n\n\nd\u{202e}"), "a\nbc\n\nd\n");
        for (written, cleaned) in [
            ("", "\n"),
            ("\n", "\n"),
            ("a", "a\n"),
            ("a\n\n", "a\n"),
            ("a \n", "a\n"),
            ("a\n\n\nb\n", "a\n\nb\n"),
            ("\na\n", "a\n"),
            ("a\tb\n", "ab\n"),
            ("é \n", "é\n"),
            ("a\n\nb\n", "a\n\nb\n"),
        ] {
            assert_eq!(text(written), cleaned, "{written:?}");
            assert_eq!(text(cleaned), cleaned, "{written:?}");
        }
    }
}
