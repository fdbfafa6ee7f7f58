//! Rich text files: paragraphs are lines, tables are rows.

use std::borrow::Cow;

use super::super::form::piece::{Piece, of_text};
use super::super::form::{Harvest, noted, of_pieces};
use super::super::html;
use super::super::limits::BODY_BYTES;
use super::super::rtf::{self, Held};
use super::{Context, Unreadable};

/// Reads an RTF file.
pub(super) fn read(name: &str, bytes: &[u8], context: &Context) -> Result<Harvest, Unreadable> {
    let text = match rtf::read(bytes).ok_or(Unreadable::Broken)? {
        Held::Plain(text) => text,
        Held::Html(html) => html::text(&html),
    };
    let mut pieces = of_text(&text, "text");
    for piece in &mut pieces {
        let (Piece::Line { place, .. } | Piece::Row { place, .. }) = piece;
        place.part = Cow::Owned(name.to_owned());
    }
    Ok(noted(of_pieces(&pieces, context), text.len() >= BODY_BYTES))
}
