//! Purge: what is older than the settings keep it, and under no legal hold, is deleted; keys first, then bytes. It runs
//! once a day, after the digest: nothing that waits for mail waits for it.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};

use super::Desk;
use crate::store::StoreError;
use crate::store::forget::{Before, Purged};

/// Steps of one day at most; the rest goes the next day.
const MOST_STEPS: u32 = 2_000;

/// Deletes what is due. A failure is told and tried again the next day: nothing half-deleted can be read.
pub async fn tick(desk: &Desk, now: DateTime<Utc>) {
    match purge(desk, now).await {
        Ok(Purged { mails: 0, referrals: 0, letters: 0 }) => {}
        Ok(purged) => {
            let Purged { mails, referrals, letters } = purged;
            info!(
                mails.count = mails,
                referrals.count = referrals,
                letters.count = letters,
                "Deleted what was kept long enough"
            );
        }
        Err(error) => {
            warn!(%error, "What was kept long enough could not be deleted; it is tried again tomorrow");
        }
    }
}

async fn purge(desk: &Desk, now: DateTime<Utc>) -> Result<Purged, StoreError> {
    let keep = desk.bounds.keep;
    let at = |days: Option<u32>| days.map(|days| now - TimeDelta::days(i64::from(days)));
    let before = Before {
        raw_mail: at(keep.raw_mail_days),
        closed: at(keep.closed_days),
        parked: at(keep.parked_days),
        letters: at(keep.letters_days),
    };
    let mut all = Purged::default();
    for _ in 0..MOST_STEPS {
        let some = desk.store.purge_some(before, now).await?;
        if some == Purged::default() {
            break;
        }
        all.mails += some.mails;
        all.referrals += some.referrals;
        all.letters += some.letters;
        desk.progress.mark("report");
    }
    if all != Purged::default() {
        desk.store.scrub().await?;
    }
    Ok(all)
}
