//! Purge: what is older than the settings keep it, and under no legal hold, is deleted; keys first, then bytes. It runs
//! once a day, after the digest: nothing that waits for mail waits for it.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{info, warn};

use super::{Desk, alert};
use crate::store::StoreError;
use crate::store::forget::{Before, Purged};

/// Steps of one day at most; the rest goes the next day.
const MOST_STEPS: u32 = 2_000;

/// Deletes what is due. A failure is told and tried again the next day: nothing half-deleted can be read.
pub async fn tick(desk: &Desk, now: DateTime<Utc>) {
    let mut all = Purged::default();
    let ended = purge(desk, now, &mut all).await;
    let scrubbed = if all.is_nothing() { Ok(()) } else { scrub(desk, all).await };
    if let Err(error) = ended.and(scrubbed) {
        warn!(%error, "What was kept long enough could not be deleted; it is tried again tomorrow");
    }
    if all.stuck > 0
        && let Err(error) = tell(desk, all.stuck).await
    {
        warn!(%error, "The admins could not be told what is kept too long");
    }
}

async fn purge(desk: &Desk, now: DateTime<Utc>, all: &mut Purged) -> Result<(), StoreError> {
    let keep = desk.bounds.keep;
    let at = |days: Option<u32>| days.map(|days| now - TimeDelta::days(i64::from(days)));
    let before = Before {
        raw_mail: at(keep.raw_mail_days),
        closed: at(keep.closed_days),
        parked: at(keep.parked_days),
        letters: at(keep.letters_days),
    };
    for _ in 0..MOST_STEPS {
        let some = desk.store.purge_some(before, now).await?;
        all.stuck = some.stuck;
        if some.is_nothing() {
            break;
        }
        all.mails += some.mails;
        all.referrals += some.referrals;
        all.letters += some.letters;
        desk.progress.mark("report");
    }
    Ok(())
}

async fn scrub(desk: &Desk, Purged { mails, referrals, letters, .. }: Purged) -> Result<(), StoreError> {
    desk.store.scrub().await?;
    info!(
        mails.count = mails,
        referrals.count = referrals,
        letters.count = letters,
        "Deleted what was kept long enough"
    );
    Ok(())
}

/// What should be gone and is not is for the admins to know, each day.
async fn tell(desk: &Desk, stuck: u64) -> anyhow::Result<()> {
    warn!(
        referrals.count = stuck,
        "Closed referrals are kept beyond their age: a stop could be lost with them"
    );
    let what = format!(
        "Closed referrals that are older than the settings keep them, and are not forgotten: {stuck}. A record does not \
         open, or a parked mail of theirs was not read; either may say stop."
    );
    let remedy =
        "Run: handoffd verify. Put records or keys back from a backup, then: handoffd parked replay."
            .to_owned();
    alert::tell(desk, "kept-too-long", what, remedy).await
}
