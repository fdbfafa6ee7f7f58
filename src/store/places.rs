//! Places: how rows and sealed fields name a referral, a line of its history, a recipient.

use super::StoreError;
use crate::referral::reference::Reference;

/// The place of a line of a history, under which it is sealed.
pub(super) fn history_place(reference: &Reference, seq: i64) -> String {
    format!("history:words:{reference}:{seq}")
}

/// The reference that a row names.
pub(super) fn reference_of(text: String) -> Result<Reference, StoreError> {
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|_| StoreError::Decode("referral.reference".to_owned()))
}

/// The beginning of the keyed digest of a recipient, by mailbox.
pub(super) fn short_digest(digest: &[u8]) -> String {
    hex::encode(digest.get(..8).unwrap_or_default())
}
