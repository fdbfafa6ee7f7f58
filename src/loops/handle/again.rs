//! Again: a mail that came on two roads. Its bytes differ by what the roads wrote on top; its Message-ID, its author
//! and its words do not, and what it asks for is done once.

use super::{Item, read};
use crate::loops::Desk;
use crate::store::StoreError;
use crate::store::known::Known;

/// Whether an earlier mail of this Message-ID said the same and was heeded. One whose bytes are gone proves nothing,
/// and one that came by a list's road, or without proof, did nothing.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn was_said(desk: &Desk, item: &Item, known: &Known) -> Result<bool, StoreError> {
    let Some(twin) = known.twin.as_ref().filter(|twin| twin.was_heeded) else { return Ok(false) };
    let raw = match desk.store.raw(twin.mail_id).await {
        Ok(Some(raw)) => raw,
        Ok(None) => return Ok(false),
        Err(error) if error.is_of_a_record() => return Ok(false),
        Err(error) => return Err(error),
    };
    let earlier = read(desk, &raw, item.arrived_at);
    let same_author = earlier.envelope.from == item.reading.envelope.from;
    Ok(same_author && earlier.text.own == item.reading.text.own)
}
