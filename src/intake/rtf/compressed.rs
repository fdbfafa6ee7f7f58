//! Rich text as Outlook packs it (MS-OXRTFCP): references into a window of the last 4096 bytes.
//!
//! Own code, because the one crate for it reserves as many bytes as a hostile header asks for. What is broken ends the
//! unpacking, and what was unpacked so far is kept; the checksum is not believed.

/// The most bytes unpacked.
pub(super) const MOST_UNPACKED: usize = 8 * 1024 * 1024;

const COMPRESSED: &[u8] = b"LZFu";
const UNCOMPRESSED: &[u8] = b"MELA";

/// Bytes of the window.
const WINDOW: usize = 4096;

/// What the window holds at the beginning (MS-OXRTFCP §2.1.2.1).
const BEGINNING: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Unpacks rich text; `None` when the bytes are none.
pub(super) fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let (header, content) = packed.split_at_checked(16)?;
    let size = header.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes)?;
    let size = usize::try_from(size).unwrap_or(usize::MAX).min(MOST_UNPACKED);
    match header.get(8..12)? {
        COMPRESSED => Some(window(content, size)),
        UNCOMPRESSED => Some(content.get(..size).unwrap_or(content).to_vec()),
        _ => None,
    }
}

/// A ring of the last bytes written.
struct Window {
    bytes: Vec<u8>,
    at: usize,
    unpacked: Vec<u8>,
}

impl Window {
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.at) {
            *place = byte;
        }
        self.at = (self.at + 1) % WINDOW;
        self.unpacked.push(byte);
    }
}

fn window(content: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = BEGINNING.to_vec();
    bytes.resize(WINDOW, 0);
    let mut window = Window { bytes, at: BEGINNING.len(), unpacked: Vec::new() };
    let mut rest = content.iter().copied();
    while let Some(control) = rest.next() {
        for bit in 0..8 {
            if window.unpacked.len() >= size
                || step(&mut window, &mut rest, control >> bit & 1 == 1).is_none()
            {
                return window.unpacked;
            }
        }
    }
    window.unpacked
}

/// One byte, or a reference to earlier ones; `None` at the end.
fn step(window: &mut Window, rest: &mut impl Iterator<Item = u8>, is_reference: bool) -> Option<()> {
    let first = rest.next()?;
    if !is_reference {
        window.push(first);
        return Some(());
    }
    let reference = usize::from(u16::from_be_bytes([first, rest.next()?]));
    let (from, length) = (reference >> 4, (reference & 15) + 2);
    // The place written next stands for the end.
    if from == window.at {
        return None;
    }
    for at in from..from + length {
        let byte = window.bytes.get(at % WINDOW).copied()?;
        window.push(byte);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of MS-OXRTFCP §4.1.1.
    const HELLO: &[u8] = b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
    /// The example of MS-OXRTFCP §4.1.2: a reference runs over the place written to.
    const OVERLAP: &[u8] = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4KQA\0\x04 WXYZ\x0dn}\x01\x0e\xb0";

    #[test]
    fn the_examples_of_the_specification_are_unpacked() {
        assert_eq!(BEGINNING.len(), 207);
        assert_eq!(unpacked(HELLO).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(unpacked(OVERLAP).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
        let plain = [b"\x12\0\0\0\x05\0\0\0MELA\0\0\0\0" as &[u8], b"{\\rt}tail"].concat();
        assert_eq!(unpacked(&plain).unwrap(), b"{\\rt}");
    }

    #[test]
    fn m6_what_is_broken_or_lies_about_its_size_is_unpacked_as_far_as_it_goes() {
        for end in 0..HELLO.len() {
            let _ = unpacked(&HELLO[..end]);
        }
        let bomb =
            [b"\xff\xff\xff\xff\xff\xff\xff\xffLZFu\0\0\0\0" as &[u8], &vec![0xFF; 3_000_000]].concat();
        assert!(unpacked(&bomb).unwrap().len() <= MOST_UNPACKED + 17);
        assert!(unpacked(b"no rich text at all").is_none());
    }
}
