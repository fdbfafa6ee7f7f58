//! `winmail.dat`: Outlook's own envelope (MS-OXTNEF), opened for the text and the files in it.
//!
//! Everything is a slice of the bytes given, so nothing can grow beyond them; what does not fit ends the reading, and
//! what was found so far is kept. Text that exists only as rich text is unpacked within its own bounds.

use super::body::Bodies;
use super::charset;
use super::limits::BODY_BYTES;
use super::rtf::{self, Held};

/// What was in the envelope.
#[derive(Default)]
pub struct Opened<'a> {
    /// The plain text.
    pub plain: Option<String>,
    /// The HTML.
    pub html: Option<String>,
    /// The rich text, as packed.
    pub rich: Option<&'a [u8]>,
    /// The files.
    pub files: Vec<File<'a>>,
}

/// One file in the envelope.
#[derive(Default)]
pub struct File<'a> {
    /// The sender's name for it, not cleaned.
    pub name: String,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Files kept of one envelope.
const FILES: usize = 50;
/// Properties read of one list.
const PROPERTIES: u32 = 2_000;

// Attributes (MS-OXTNEF §2.1.3.2).
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const BODY: u32 = 0x0002_800C;
const NEXT_FILE: u32 = 0x0006_9002;
const FILE_TITLE: u32 = 0x0001_8010;
const FILE_DATA: u32 = 0x0006_800F;
const FILE_PROPERTIES: u32 = 0x0006_9005;

// Properties (MS-OXPROPS).
const PLAIN: u16 = 0x1000;
const HTML: u16 = 0x1013;
const RICH: u16 = 0x1009;
const LONG_NAME: u16 = 0x3707;

/// Opens an envelope; `None` when the bytes are none.
#[must_use]
pub fn open(bytes: &[u8]) -> Option<Opened<'_>> {
    let mut rest = Reader(bytes);
    if rest.number(4)? != 0x223E_9F78 {
        return None;
    }
    rest.take(2)?;
    let mut opened = Opened::default();
    while let Some((attribute, data)) = attribute(&mut rest) {
        opened.add(attribute, data);
    }
    opened.files.retain(|file| !file.bytes.is_empty());
    Some(opened)
}

/// Level, attribute, length, data, checksum. The checksum is not believed, because mailers write it wrong.
fn attribute<'a>(rest: &mut Reader<'a>) -> Option<(u32, &'a [u8])> {
    rest.take(1)?;
    let attribute = rest.number(4)?;
    let length = rest.length()?;
    let data = rest.take(length)?;
    rest.take(2)?;
    Some((attribute, data))
}

impl<'a> Opened<'a> {
    /// The texts, out of the rich text when they stand nowhere else.
    #[must_use]
    pub fn bodies(self) -> Bodies {
        let rich = || match self.rich.and_then(rtf::read_compressed) {
            Some(Held::Html(html)) => Bodies { plain: None, html: Some(html) },
            Some(Held::Plain(text)) => Bodies { plain: Some(text), html: None },
            None => Bodies::default(),
        };
        Bodies { plain: self.plain, html: self.html }.or(rich)
    }

    fn add(&mut self, attribute: u32, data: &'a [u8]) {
        match attribute {
            BODY => self.plain = Some(narrow(data)),
            MESSAGE_PROPERTIES => properties(data, |property, value| match property {
                PLAIN => self.plain = Some(value.text()),
                HTML => self.html = Some(value.text()),
                RICH => self.rich = Some(value.bytes),
                _ => {}
            }),
            NEXT_FILE if self.files.len() < FILES => self.files.push(File::default()),
            FILE_TITLE | FILE_DATA | FILE_PROPERTIES => {
                if let Some(file) = self.files.last_mut() {
                    file.add(attribute, data);
                }
            }
            _ => {}
        }
    }
}

impl<'a> File<'a> {
    fn add(&mut self, attribute: u32, data: &'a [u8]) {
        match attribute {
            FILE_TITLE if self.name.is_empty() => self.name = narrow(data),
            FILE_DATA => self.bytes = data,
            FILE_PROPERTIES => properties(data, |property, value| {
                if property == LONG_NAME {
                    self.name = value.text();
                }
            }),
            _ => {}
        }
    }
}

/// The bytes of a property with what they are.
struct Value<'a> {
    is_wide: bool,
    bytes: &'a [u8],
}

impl Value<'_> {
    fn text(&self) -> String {
        if !self.is_wide {
            return narrow(self.bytes);
        }
        let bytes = self.bytes.get(..2 * BODY_BYTES).unwrap_or(self.bytes);
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        });
        let text = char::decode_utf16(units.take_while(|unit| *unit != 0));
        text.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

/// Text of one byte a character up to its NUL: UTF-8 if it is that, else Windows-1252.
fn narrow(bytes: &[u8]) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let bytes = bytes.get(..BODY_BYTES).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| charset::windows_1252(*byte)).collect(),
    }
}

/// Calls `found` with each property of a list that has text or bytes.
fn properties<'a>(list: &'a [u8], mut found: impl FnMut(u16, Value<'a>)) {
    let mut rest = Reader(list);
    let count = rest.number(4).unwrap_or_default().min(PROPERTIES);
    for _ in 0..count {
        if property(&mut rest, &mut found).is_none() {
            break;
        }
    }
}

fn property<'a>(rest: &mut Reader<'a>, found: &mut impl FnMut(u16, Value<'a>)) -> Option<()> {
    const MANY: u16 = 0x1000;
    let kind = u16::try_from(rest.number(2)?).ok()?;
    let property = u16::try_from(rest.number(2)?).ok()?;
    if property >= 0x8000 {
        skip_name(rest)?;
    }
    let single = kind & !MANY;
    if matches!(single, 0x0D | 0x1E | 0x1F | 0x102) {
        for _ in 0..rest.number(4)?.min(PROPERTIES) {
            let bytes = rest.padded()?;
            found(property, Value { is_wide: single == 0x1F, bytes });
        }
        return Some(());
    }
    let count = if kind & MANY == 0 { 1 } else { rest.length()? };
    let size = match single {
        0x02 | 0x03 | 0x04 | 0x0A | 0x0B => 4,
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
        0x48 => 16,
        _ => return None,
    };
    rest.take(count.checked_mul(size)?)?;
    Some(())
}

/// A named property carries its name: a number, or text.
fn skip_name(rest: &mut Reader<'_>) -> Option<()> {
    rest.take(16)?;
    match rest.number(4)? {
        0 => rest.take(4)?,
        _ => rest.padded()?,
    };
    Some(())
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A little-endian number of `bytes` bytes, at most four.
    fn number(&mut self, bytes: usize) -> Option<u32> {
        Some(self.take(bytes)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number(4)?).ok()
    }

    /// A length, so many bytes, and what fills them up to a multiple of four.
    fn padded(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        let bytes = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        // The last value of a list may lack its padding.
        self.take(padding.min(self.0.len()))?;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte))).to_le_bytes();
        [&[level][..], &id.to_le_bytes(), &length, data, &sum].concat()
    }

    fn property(kind: u16, id: u16, value: &[u8]) -> Vec<u8> {
        let length = u32::try_from(value.len()).unwrap().to_le_bytes();
        let padding = vec![0; value.len().next_multiple_of(4) - value.len()];
        [&kind.to_le_bytes()[..], &id.to_le_bytes(), &1_u32.to_le_bytes(), &length, value, &padding].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
    }

    /// An envelope with a text and one file, as Outlook writes it.
    fn envelope(text: &str, name: &str, file: &[u8]) -> Vec<u8> {
        let number = [&0x0003_u16.to_le_bytes()[..], &0x0E07_u16.to_le_bytes(), &[1, 0, 0, 0]].concat();
        let message = [2_u32.to_le_bytes().to_vec(), number, property(0x1F, PLAIN, &wide(text))].concat();
        let named = [1_u32.to_le_bytes().to_vec(), property(0x1F, LONG_NAME, &wide(name))].concat();
        [
            0x223E_9F78_u32.to_le_bytes().to_vec(),
            vec![1, 0],
            attribute(1, 0x0008_9006, &[0, 0, 1, 0]),
            attribute(1, MESSAGE_PROPERTIES, &message),
            attribute(2, NEXT_FILE, &[0; 14]),
            attribute(2, FILE_TITLE, b"SHORT~1.CSV\0"),
            attribute(2, FILE_DATA, file),
            attribute(2, FILE_PROPERTIES, &named),
        ]
        .concat()
    }

    #[test]
    fn text_and_files_are_taken_out() {
        let bytes = envelope("Client name: Ann\nPhone: 5", "clients.csv", b"a,b\n");
        let opened = open(&bytes).unwrap();
        assert_eq!(opened.plain.as_deref(), Some("Client name: Ann\nPhone: 5"));
        assert_eq!(opened.files.len(), 1);
        assert_eq!((opened.files[0].name.as_str(), opened.files[0].bytes), ("clients.csv", &b"a,b\n"[..]));
        assert!(open(b"not an envelope").is_none());
    }

    #[test]
    fn a_mail_whose_text_is_in_the_envelope_is_read() {
        use base64::Engine as _;
        let bytes = envelope("Client name: Ann Example\nPhone: 212-555-0142", "notes.txt", b"x");
        let coded = base64::engine::general_purpose::STANDARD.encode(bytes);
        let mail = format!(
            "From: ann@partner.example\nSubject: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\
             Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{coded}\n--x--\n"
        );
        let reading = crate::intake::read(mail.as_bytes(), &crate::intake::tests::context());
        assert!(reading.text.own.starts_with("Client name: Ann Example"));
        assert_eq!(reading.packets.len(), 1);
        let names: Vec<&str> = reading.attachments.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["winmail.dat", "notes.txt"]);
    }

    #[test]
    fn text_that_stands_only_as_rich_text_is_read() {
        for (rich, expected) in [
            (r"{\rtf1\ansi\fromtext Client name: Ann\par Phone: 5}", "Client name: Ann\nPhone: 5"),
            (r"{\rtf1\fromhtml1 {\*\htmltag64 <p>}Client name: Ann{\*\htmltag72 </p>}}", "Client name: Ann"),
        ] {
            let size = u32::try_from(rich.len()).unwrap().to_le_bytes();
            let packed = [&[0; 4], &size, &b"MELA"[..], &[0; 4], rich.as_bytes()].concat();
            let message = [1_u32.to_le_bytes().to_vec(), property(0x102, RICH, &packed)].concat();
            let bytes = [
                0x223E_9F78_u32.to_le_bytes().to_vec(),
                vec![1, 0],
                attribute(1, MESSAGE_PROPERTIES, &message),
            ]
            .concat();
            assert_eq!(open(&bytes).unwrap().bodies().text().trim(), expected);
        }
    }

    #[test]
    fn m6_a_broken_envelope_is_read_as_far_as_it_goes() {
        let bytes = envelope("text", "a.csv", b"a,b\n");
        for end in 0..bytes.len() {
            let _ = open(&bytes[..end]);
        }
        for at in 0..bytes.len() {
            for byte in [0, 0x7F, 0xFF] {
                let mut broken = bytes.clone();
                broken[at] = byte;
                let _ = open(&broken);
            }
        }
    }
}
