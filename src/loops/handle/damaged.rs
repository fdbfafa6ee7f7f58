//! Damaged: a mail about a record that cannot be read waits for a person, and holds up no other.

use tracing::warn;

use super::case::{Case, Decided, settle};
use super::{candidates, heard, question, sort};
use crate::loops::alert;
use crate::referral::disposition::{Disposition, ParkCause};
use crate::store::StoreError;

/// Why it is parked.
const CAUSE: ParkCause = ParkCause::DamagedRecord;

/// What the mail leads to. Where a record is damaged it is parked, and the admins hear of it. A stop or a doubt in it
/// counts at once for the records that can be read. Where one that it may be about cannot, no letter leaves to a client it
/// may be about until somebody had it read again, whether their record can be read by then or not.
///
/// # Errors
/// When it is the store that is in trouble; the mail waits then.
pub(super) async fn parked_if_so(
    case: &Case<'_>,
    decided: Result<Decided, StoreError>,
) -> anyhow::Result<Decided> {
    let error = match decided {
        Err(error) if error.is_of_a_record() => error,
        decided => return Ok(decided?),
    };
    let id = case.item.mail_id;
    warn!(mail.id = id, "A mail is parked: a record it may be about cannot be read: {error}");
    let what = format!(
        "Mail {id} was parked: {}. Nobody was answered, and until it is replayed no letter leaves to a client it \
         may be about.",
        CAUSE.words()
    );
    let remedy = "Run: handoffd verify. Once the record is whole again: handoffd parked replay.".to_owned();
    alert::tell(case.desk, "parked-record", what, remedy).await?;
    Ok(parked(case).await?)
}

async fn parked(case: &Case<'_>) -> Result<Decided, StoreError> {
    let Case { desk, item, known, .. } = *case;
    let wanted = candidates(desk, item, known);
    let (all, stored) = (desk.store.load(&wanted).await, desk.store.load_readable(&wanted).await?);
    let events = sort::heard_at_once(case, &stored);
    let mut commit = settle(item, Disposition::Parked(CAUSE), known.linked.clone());
    commit.records = heard::records(case, &stored, events);
    commit.stops.extend(sort::stop_of_a_stranger(case, &stored));
    if all.is_err() {
        commit.unheard = question(desk, item).persons;
        commit.unheard.extend(wanted.iter().map(|reference| desk.store.reference_digest(reference)));
    }
    Ok(commit.into())
}
