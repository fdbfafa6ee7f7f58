//! Bounds before parsing (RELIABILITY M): a mail over a bound is never handed to the parser.

use super::ParkCause;

/// The bounds of one mail. Every number is a setting with these defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of the whole mail.
    pub bytes: usize,
    /// Bytes of one header block.
    pub header_bytes: usize,
    /// Header fields in one block.
    pub header_fields: usize,
    /// Nesting of multipart and message parts.
    pub depth: usize,
    /// Parts in all.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 25 * 1024 * 1024,
            header_bytes: 256 * 1024,
            header_fields: 1_000,
            depth: 20,
            parts: 200,
        }
    }
}

/// Whether a mail may be parsed.
///
/// # Errors
/// The [`ParkCause`] that keeps it from the parser.
pub fn check(raw: &[u8], limits: &Limits) -> Result<(), ParkCause> {
    if raw.len() > limits.bytes { Err(ParkCause::TooLarge) } else { Ok(()) }
}
