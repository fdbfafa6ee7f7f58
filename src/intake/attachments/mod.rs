//! Attachments that carry a packet: CSV, XLSX, PDF forms, DOCX, JSON, vCard.

use super::{Context, form::Harvest};

/// Reads packets out of one attachment; `None` when it is not of a kind we read.
#[must_use]
pub fn read(_name: &str, _media_type: &str, _bytes: &[u8], _context: &Context) -> Option<Harvest> {
    None
}
