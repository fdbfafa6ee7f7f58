//! Damaged: a mail about a record that cannot be read waits for a person, and holds up no other.

use tracing::warn;

use super::Item;
use super::carry_out::{self, Decided};
use crate::loops::{Desk, report};
use crate::store::StoreError;
use crate::store::records::Known;
use crate::store::spool::Disposition;

/// Why it is parked; a replay after the mend handles it as if it had just arrived.
const CAUSE: &str = "a record it may be about cannot be read";

/// What the mail leads to. Where a record is damaged it is parked, and the admins hear of it. A stop that is parked so
/// lets no letter go: the gate opens for nobody whose record, or another one at whose address, cannot be read.
///
/// # Errors
/// When it is the store that is in trouble; the mail waits then.
pub(super) async fn parked_if_so(
    desk: &Desk,
    item: &Item,
    known: &Known,
    decided: Result<Decided, StoreError>,
) -> anyhow::Result<Decided> {
    let error = match decided {
        Err(error) if error.is_of_a_record() => error,
        decided => return Ok(decided?),
    };
    warn!(mail.id = item.mail_id, "A mail is parked: a record it may be about cannot be read: {error}");
    let what = format!(
        "Mail {} was parked: {CAUSE}. Nobody was answered, and nothing in it was done.",
        item.mail_id
    );
    let remedy = "Run: handoffd verify. Once the record is whole again: handoffd parked replay.".to_owned();
    report::alert(desk, "parked-record", what, remedy).await?;
    Ok(carry_out::settle(item, Disposition::Parked, Some(CAUSE), known.linked.clone()).into())
}
