//! Rich text as Outlook sends it: unpacked (MS-OXRTFCP), and HTML or plain text that was wrapped into it taken out
//! again (MS-OXRTFEX). Other rich text gives its words.
//!
//! One pass over the bytes, bounded in what is unpacked, kept and nested; what is broken ends nothing but itself.

mod compressed;
mod tokens;

use mail_parser::decoders::charsets::map::charset_decoder;

use super::charset;
use super::limits::{self, BODY_BYTES};
use tokens::{Token, Tokens};

/// What rich text holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Held {
    /// HTML that was wrapped into rich text.
    Html(String),
    /// Text.
    Plain(String),
}

masked!(Held);

/// Groups inside groups beyond this depth are not read.
const DEEPEST: usize = 100;
/// Fonts remembered for their alphabets.
const FONTS: usize = 200;

/// Reads rich text as it stands in an envelope of Outlook; `None` when the bytes are none.
#[must_use]
pub fn read_compressed(packed: &[u8]) -> Option<Held> {
    read(&compressed::unpacked(packed)?)
}

/// Reads rich text; `None` when the bytes are none.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Held> {
    if !bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return None;
    }
    let mut reader = Reader::default();
    for token in Tokens(bytes) {
        reader.take(&token);
        if reader.text.len() > BODY_BYTES {
            break;
        }
    }
    reader.flush();
    let text = limits::cut(&reader.text, BODY_BYTES).to_owned();
    Some(if reader.is_html { Held::Html(text) } else { Held::Plain(text) })
}

/// Where the text of a group goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    /// A piece of the wrapped HTML.
    Markup,
    Fonts,
    /// A picture, a style sheet: no text of the document.
    Nowhere,
}

/// What holds inside one group.
#[derive(Clone, Copy)]
struct Group {
    destination: Destination,
    /// What only programs without HTML are to show.
    is_substitute: bool,
    font: i32,
    /// Characters behind a `\u` that say the same for old programs.
    spare: usize,
}

impl Default for Group {
    fn default() -> Self {
        Group { destination: Destination::Text, is_substitute: false, font: -1, spare: 1 }
    }
}

struct Reader {
    text: String,
    is_html: bool,
    group: Group,
    outer: Vec<Group>,
    /// Groups open beyond [`DEEPEST`].
    too_deep: usize,
    /// A `\*` stood in front: the next word names a destination that may be unknown.
    is_starred: bool,
    /// Bytes in the alphabet of the font.
    pending: Vec<u8>,
    /// The first half of a character written as two numbers.
    half: Option<u16>,
    /// Characters still to be passed over behind a `\u`.
    passed: usize,
    codepage: i32,
    /// The font described, and the alphabets known: font, code page.
    described: i32,
    fonts: Vec<(i32, i32)>,
}

impl Default for Reader {
    fn default() -> Self {
        Reader {
            text: String::new(),
            is_html: false,
            group: Group::default(),
            outer: Vec::new(),
            too_deep: 0,
            is_starred: false,
            pending: Vec::new(),
            half: None,
            passed: 0,
            codepage: 1252,
            described: -1,
            fonts: Vec::new(),
        }
    }
}

impl Reader {
    fn take(&mut self, token: &Token<'_>) {
        match token {
            Token::Open if self.outer.len() < DEEPEST => {
                self.flush();
                self.outer.push(self.group);
                self.passed = 0;
            }
            Token::Open => self.too_deep += 1,
            Token::Close if self.too_deep > 0 => self.too_deep -= 1,
            Token::Close => {
                self.flush();
                self.group = self.outer.pop().unwrap_or_default();
                self.passed = 0;
            }
            Token::Star => self.is_starred = true,
            _ if self.too_deep > 0 => {}
            Token::Byte(byte) => self.byte(*byte),
            Token::Character(c) => {
                self.flush();
                self.push(*c);
            }
            Token::Word(name, number) => self.word(name, *number),
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.passed > 0 {
            self.passed -= 1;
        } else if self.is_shown() {
            self.pending.push(byte);
        }
    }

    fn is_shown(&self) -> bool {
        match self.group.destination {
            Destination::Text => !self.group.is_substitute,
            Destination::Markup => true,
            Destination::Fonts | Destination::Nowhere => false,
        }
    }

    fn push(&mut self, c: char) {
        if self.is_shown() {
            self.text.push(c);
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>) {
        self.flush();
        let is_starred = std::mem::take(&mut self.is_starred);
        match name {
            b"htmltag" if is_starred && self.is_html => self.group.destination = Destination::Markup,
            b"fonttbl" => self.group.destination = Destination::Fonts,
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer"
            | b"headerf" | b"footerf" | b"footnote" | b"xmlnstbl" | b"listtable" | b"fldinst"
            | b"nonshppict" => {
                self.group.destination = Destination::Nowhere;
            }
            _ if is_starred => self.group.destination = Destination::Nowhere,
            b"fromhtml" => self.is_html = number != Some(0),
            b"htmlrtf" => self.group.is_substitute = self.is_html && number != Some(0),
            b"ansicpg" => self.codepage = number.unwrap_or(1252),
            b"f" if self.group.destination == Destination::Fonts => self.described = number.unwrap_or(0),
            b"f" => self.group.font = number.unwrap_or(0),
            b"fcharset" if self.group.destination == Destination::Fonts && self.fonts.len() < FONTS => {
                if let Some(codepage) = codepage(number.unwrap_or(0)) {
                    self.fonts.push((self.described, codepage));
                }
            }
            b"uc" => self.group.spare = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            b"u" => {
                self.unit(number.unwrap_or(0));
                self.passed = self.group.spare;
            }
            b"plain" => self.group.font = -1,
            _ => {
                if let Some(c) = spoken(name) {
                    self.push(c);
                }
            }
        }
    }

    /// A character by its number; numbers over 32767 are written as negative ones.
    fn unit(&mut self, number: i32) {
        let Ok(unit) = u16::try_from(number & 0xFFFF) else { return };
        match (self.half.take(), unit) {
            (None, 0xD800..=0xDBFF) => self.half = Some(unit),
            (Some(half), _) => {
                char::decode_utf16([half, unit])
                    .for_each(|c| self.push(c.unwrap_or(char::REPLACEMENT_CHARACTER)));
            }
            (None, _) => self.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    /// Bytes become characters where the alphabet may change.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        if bytes.is_ascii() {
            self.text.push_str(&String::from_utf8_lossy(&bytes));
            return;
        }
        let own = self.fonts.iter().find(|(font, _)| *font == self.group.font).map(|(_, codepage)| *codepage);
        self.text.push_str(&decoded(&bytes, own.unwrap_or(self.codepage)));
    }
}

fn decoded(bytes: &[u8], codepage: i32) -> String {
    let name = match codepage {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        65_001 => "utf-8".to_owned(),
        other => format!("windows-{other}"),
    };
    match charset_decoder(name.as_bytes()).filter(|_| codepage != 1252) {
        Some(decode) => decode(bytes),
        None => bytes.iter().map(|byte| charset::windows_1252(*byte)).collect(),
    }
}

/// The code page of a font's alphabet; 0 and 1 are the document's own.
fn codepage(charset: i32) -> Option<i32> {
    Some(match charset {
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// Words that stand for a character.
fn spoken(name: &[u8]) -> Option<char> {
    Some(match name {
        b"par" | b"line" | b"row" | b"sect" | b"page" => '\n',
        b"tab" | b"cell" => '\t',
        b"emdash" => '—',
        b"endash" => '–',
        b"bullet" => '•',
        b"lquote" => '‘',
        b"rquote" => '’',
        b"ldblquote" => '“',
        b"rdblquote" => '”',
        b"emspace" | b"enspace" | b"qmspace" => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rtf: &str, expected: &Held) {
        assert_eq!(read(rtf.as_bytes()).as_ref(), Some(expected), "{rtf}");
    }

    fn plain(text: &str) -> Held {
        Held::Plain(text.to_owned())
    }

    #[test]
    fn the_words_of_rich_text_are_its_text() {
        check(
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator X;}\pard Client: \b Ann\b0  O\rquote Neil\par Phone:\tab 5\par}",
            &plain("Client: Ann O’Neil\nPhone:\t5\n"),
        );
        check("{\\rtf1 a\r\nb\\~c\\_d\\-e\\{\\}\\\\}", &plain("ab\u{a0}c-de{}\\"));
        check(r"{\rtf1\bin3 }}}x}", &plain("x"));
        check(r"{\rtf1\trowd Name:\cell Ann\cell\row}", &plain("Name:\tAnn\t\n"));
    }

    #[test]
    fn letters_are_read_in_the_alphabet_of_their_font() {
        check(r"{\rtf1\ansi\ansicpg1252 Mar\'eda Mu\u241?oz \u-10179?\u-8704?!}", &plain("María Muñoz 😀!"));
        check(
            r"{\rtf1\ansicpg1252{\fonttbl{\f1\fcharset204 X;}{\f2\fcharset128 Y;}}\'e9{\f1 \'cc\'e0}{\f2 \'83\'65}\'e9}",
            &plain("éМаテé"),
        );
        check(r"{\rtf1\uc2 a\u8364\'80\'80b{\uc0\u8364 c}}", &plain("a€b€c"));
    }

    #[test]
    fn wrapped_html_is_taken_out_again() {
        check(
            r#"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag19 <html>}{\*\htmltag64 <p class="a\'e9">}\htmlrtf {\htmlrtf0 Client: {\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 Mar\'eda{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 x\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}{\*\mhtmltag1 no}{\*\htmltag27 </html>}}"#,
            &Held::Html("<html><p class=\"aé\">Client: <b>María</b>&nbsp;x</p></html>".to_owned()),
        );
        check(r"{\rtf1\fromtext One\par Two\line Three}", &plain("One\nTwo\nThree"));
    }

    #[test]
    fn m6_deep_broken_and_endless_rich_text_is_read_as_far_as_it_goes() {
        assert!(read(b"not rich").is_none());
        let deep = format!("{{\\rtf1 {}deep{}shown}}", "{".repeat(100_000), "}".repeat(100_000));
        check(&deep, &plain("shown"));
        let _ = read(format!("{{\\rtf1 {}", "\\'".repeat(1_000_000)).as_bytes());
        let _ = read(format!("{{\\rtf1 {}", "\\u99999999999?".repeat(100_000)).as_bytes());
        let _ = read(format!("{{\\rtf1 {}", "}".repeat(100_000)).as_bytes());
        let _ = read(b"{\\rtf1\\bin999999999 x");
        let long = format!("{{\\rtf1 {}}}", "x".repeat(3_000_000));
        let Some(Held::Plain(text)) = read(long.as_bytes()) else { panic!() };
        assert_eq!(text.len(), BODY_BYTES);
    }
}
