//! Text of a mail that stands in none of its parts: before the first delimiter or behind the last one (RFC 2046
//! §5.1.1). No program shows it, so nobody meant it to be read; but whoever typed a delimiter by chance wrote what
//! stands behind it.

use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::limits::cut;

/// Bytes of all of it that are kept.
const MOST: usize = 64 * 1024;

/// What is longer was not written by a mail program for readers without MIME.
const USUAL: usize = 400;

/// The text outside the parts of a mail and of the messages in it, a piece a line; empty when there is none.
#[must_use]
pub(super) fn text(message: &Message<'_>) -> String {
    let mut found = String::new();
    let mut open = vec![message];
    while let Some(message) = open.pop() {
        for part in &message.parts {
            match &part.body {
                PartType::Multipart(ids) => pieces(message, part, ids, &mut found),
                PartType::Message(inner) => open.push(inner),
                PartType::Text(_) | PartType::Html(_) | PartType::Binary(_) | PartType::InlineBinary(_) => {}
            }
        }
    }
    found
}

/// Whether a person has to hear of it: more than the words for readers without MIME.
#[must_use]
pub(super) fn is_unusual(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_usual =
        ["mime", "multipart", "multi-part", "s/mime", "openpgp"].iter().any(|word| lower.contains(word));
    !text.trim().is_empty() && (text.len() > USUAL || !is_usual)
}

fn pieces(message: &Message<'_>, part: &MessagePart<'_>, ids: &[u32], found: &mut String) {
    let child = |id: Option<&u32>| id.and_then(|id| message.parts.get(*id as usize));
    let boundary = part.content_type().and_then(|kind| kind.attribute("boundary"));
    let (Some(first), Some(last), Some(boundary)) = (child(ids.first()), child(ids.last()), boundary) else {
        return;
    };
    let delimiter = format!("--{boundary}");
    let bytes = |from: u32, to: u32| message.raw_message.get(from as usize..to as usize).unwrap_or_default();
    let before = bytes(part.offset_body, first.offset_header);
    let before = memchr::memmem::rfind(before, delimiter.as_bytes()).and_then(|at| before.get(..at));
    let behind = bytes(last.offset_end, part.offset_end);
    let behind =
        memchr::memmem::find(behind, delimiter.as_bytes()).and_then(|at| behind.get(at + delimiter.len()..));
    // Only a delimiter with two dashes behind it closes; what follows any other was a part.
    let behind = behind.and_then(|rest| rest.strip_prefix(b"--"));
    for piece in
        [before, behind].into_iter().flatten().map(<[u8]>::trim_ascii).filter(|piece| !piece.is_empty())
    {
        let piece = String::from_utf8_lossy(piece.get(..MOST).unwrap_or(piece));
        found.push_str(cut(&piece, MOST.saturating_sub(found.len())));
        found.push('\n');
    }
}
