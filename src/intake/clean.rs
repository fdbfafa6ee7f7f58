//! Text of a mail made fit to show: no control characters, no direction tricks, cut to a bound (RELIABILITY M10).
//!
//! Every string that leaves intake goes through here once. Both functions change nothing when they run again. Letters
//! and their marks are put together (NFC), so that what looks the same is the same.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::quick::{self, is_even};

/// Characters kept of a header value that is only shown.
pub const HEADER_CHARS: usize = 500;

/// One line: every run of white space becomes one space, tricks are dropped, at most `max_chars` characters are kept.
#[must_use]
pub fn line(text: &str, max_chars: usize) -> String {
    if text.len() <= max_chars && is_even(text) {
        return text.to_owned();
    }
    let mut shown = cut(composed(bare_line(text, max_chars)), max_chars);
    shown.truncate(shown.trim_end().len());
    shown
}

/// A line as its characters come.
fn bare_line(text: &str, max_chars: usize) -> String {
    let mut shown = String::new();
    let mut chars = 0;
    let mut gap = false;
    for c in text.chars().filter(|c| !is_trick(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = !shown.is_empty();
            continue;
        }
        if chars + usize::from(gap) >= max_chars {
            break;
        }
        if gap {
            shown.push(' ');
            chars += 1;
            gap = false;
        }
        shown.push(c);
        chars += 1;
    }
    shown
}

/// Text of several lines: line ends become `\n`, tabs stay, other controls and tricks are dropped, at most
/// `max_chars` characters are kept.
#[must_use]
pub fn block(text: &str, max_chars: usize) -> String {
    if text.len() <= max_chars {
        return composed(whole_block(text));
    }
    let mut shown = String::with_capacity(max_chars);
    let mut chars = text.chars().peekable();
    let mut kept = 0;
    while let Some(c) = chars.next() {
        let Some(c) = in_block(c, chars.peek().copied()) else { continue };
        if kept == max_chars {
            break;
        }
        shown.push(c);
        kept += 1;
    }
    cut(composed(shown), max_chars)
}

/// The first byte of U+02FF, the last character below the marks that are put together with letters.
const BELOW_MARKS: u8 = 0xcb;

/// Letters and their marks put together (Unicode NFC).
fn composed(text: String) -> String {
    // Whatever is below the first mark stays as it is, and so does ASCII: without it marks only stand closer.
    let is_composed = !quick::has_byte_above(&text, BELOW_MARKS)
        || is_nfc_quick(quick::wide_chars(&text)) == IsNormalized::Yes;
    if is_composed { text } else { text.nfc().collect() }
}

/// At most so many characters; a few letters have more of them when they are put together.
fn cut(mut text: String, max_chars: usize) -> String {
    if text.len() > max_chars
        && let Some((at, _)) = text.char_indices().nth(max_chars)
    {
        text.truncate(at);
    }
    text
}

/// A character as a block shows it, by the one that follows; `None` for one that is dropped.
fn in_block(c: char, next: Option<char>) -> Option<char> {
    match c {
        '\r' if next == Some('\n') => None,
        '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some('\n'),
        '\n' | '\t' => Some(c),
        c if c.is_control() || is_trick(c) => None,
        c => Some(c),
    }
}

/// A block that is not too long: lines that stay as they are are copied whole.
fn whole_block(text: &str) -> String {
    if is_plain_block(text) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for line in quick::lines(text) {
        let (bare, end) = line.strip_suffix("\r\n").map_or((line, ""), |bare| (bare, "\n"));
        if is_plain_block(bare) {
            shown.push_str(bare);
            shown.push_str(end);
        } else {
            push_block(&mut shown, line);
        }
    }
    shown
}

/// Adds a text as a block: what stays as it is is copied in runs.
fn push_block(shown: &mut String, text: &str) {
    let mut rest = text;
    loop {
        let even = rest.bytes().position(is_odd).unwrap_or(rest.len());
        let (plain, from) = rest.split_at_checked(even).unwrap_or((rest, ""));
        shown.push_str(plain);
        let mut chars = from.chars();
        let Some(c) = chars.next() else { return };
        rest = chars.as_str();
        shown.extend(in_block(c, chars.next()));
    }
}

/// Whether all of a text stays as it is.
fn is_plain_block(text: &str) -> bool {
    if !text.is_ascii() {
        return !text.bytes().fold(false, |found, byte| found | is_odd(byte));
    }
    let is_dropped = |byte: u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n');
    !text.bytes().fold(false, |found, byte| found | is_dropped(byte))
}

/// A byte that may not stay. A control or a trick outside ASCII begins with one of six bytes, none of which stands
/// elsewhere in a character.
const fn is_odd(byte: u8) -> bool {
    match byte {
        b'\t' | b'\n' => false,
        0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xef | 0xf3 => true,
        _ => byte < b' ' || byte == 0x7f,
    }
}

/// A file name to show: the last step of any path, no separators, no leading dots.
#[must_use]
pub fn file_name(name: &str) -> String {
    let name = line(name, 4 * HEADER_CHARS);
    let last = name.rsplit(['/', '\\']).find(|step| !step.trim().is_empty()).unwrap_or_default();
    let bare = last.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    let short: String = bare.chars().take(200).collect();
    short.trim_end().to_owned()
}

/// Direction marks, zero-width characters, the byte-order mark, tags and private noise: they only serve to deceive.
#[must_use]
pub fn is_trick(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m10_a_shown_line_has_no_controls_and_no_tricks() {
        for (text, shown) in [
            ("Ann\r\nBcc: victim@example.org", "Ann Bcc: victim@example.org"),
            ("a\0b\u{1b}[31m\u{85}c\u{2028}d", "a b [31m c d"),
            ("\u{202e}fdp.exe\u{200b}", "fdp.exe"),
            ("  x \t y  ", "x y"),
            ("", ""),
        ] {
            assert_eq!(line(text, 100), shown);
            assert_eq!(line(shown, 100), shown, "twice changes nothing");
        }
        assert_eq!(line("äöüß", 2), "äö");
    }

    #[test]
    fn m10_letters_and_their_marks_are_put_together() {
        for (apart, together) in [
            ("Jose\u{301} Nun\u{303}ez", "José Núñez".replace('ú', "u").as_str()),
            ("e\u{200b}\u{301}", "é"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("\u{212b}", "å".to_uppercase().as_str()),
        ] {
            assert_eq!(line(apart, 100), together);
            assert_eq!(block(apart, 100), together);
            assert_eq!(line(&line(apart, 2), 2), line(apart, 2), "twice changes nothing");
        }
        assert_eq!(block("\u{958}\u{958}", 3).chars().count(), 3, "no longer than allowed");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("a\r\nb\rc\0\n\u{202e}d\te", 100), "a\nb\nc\nd\te");
        assert_eq!(block("abc", 2), "ab");
    }

    #[test]
    fn m18_a_file_name_is_never_a_path() {
        for (name, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\x.doc", "x.doc"),
            (".htaccess\u{200b}", "htaccess"),
            ("a\r\nb.pdf", "a b.pdf"),
            ("/", ""),
        ] {
            assert_eq!(file_name(name), shown);
        }
        assert_eq!(file_name(&"x".repeat(5_000)).len(), 200);
    }
}
