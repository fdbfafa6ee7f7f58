//! The words of a PDF's pages, and what was typed or noted upon them.

use lopdf::{Document, Object, ObjectId, decode_text_string};

use super::{check_depth, resolved};
use crate::intake::aside::Aside;

/// The most pages that are looked at.
const MOST_PAGES: usize = 10;
/// The most bytes one page may unpack to.
const PAGE_BYTES: usize = 256 * 1024;
/// The most notes upon the pages.
const MOST_NOTES: usize = 200;

/// What the pages say, each by itself, and the notes upon them.
pub(super) fn pages(document: &Document) -> Vec<Aside> {
    let pages = document.get_pages();
    let texts = pages.iter().take(MOST_PAGES).filter_map(|(number, id)| page(document, *number, *id));
    let notes = document.objects.values().filter_map(|object| note(document, object)).take(MOST_NOTES);
    let texts = texts.chain(notes).filter(|text| !text.trim().is_empty());
    texts.map(|text| Aside { text, ..Aside::default() }).collect()
}

fn page(document: &Document, number: u32, id: ObjectId) -> Option<String> {
    // Its brackets are as deep as somebody made them, and the reader of pages goes down with them.
    check_depth(&document.get_page_content_with_limit(id, PAGE_BYTES).ok()?).ok()?;
    let chunks = document.extract_text_chunks_with_limit(&[number], PAGE_BYTES);
    let text: Vec<String> = chunks.into_iter().filter_map(Result::ok).collect();
    // Where a line of the page ends is not kept: a sentence may go on over it.
    Some(text.concat().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What somebody typed upon a page, or noted beside it (ISO 32000 §12.5.6).
fn note(document: &Document, object: &Object) -> Option<String> {
    let note = object.as_dict().ok()?;
    let is_note = note
        .get(b"Subtype")
        .and_then(Object::as_name)
        .is_ok_and(|kind| matches!(kind, b"FreeText" | b"Text" | b"Stamp" | b"Highlight"));
    let words = note.get(b"Contents").ok().filter(|_| is_note)?;
    decode_text_string(resolved(document, words)?).ok()
}
