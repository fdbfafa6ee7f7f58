//! Hand: whether the hand of the clock can be right (RELIABILITY T9, T10). By a clock that cannot be, nothing is chased,
//! given up, deleted or written to a client; mail is taken in and answered all the same, and the admins hear of it.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::warn;

use super::{Desk, report};
use crate::store::StoreError;

/// The beat of "the clock showed this and was believed".
const SEEN: &str = "clock seen";
/// The beat of "the clock is far from what it showed, since this instant of its own".
const OFF_SINCE: &str = "clock off since";
/// Before this program and after its tokens no clock is right: seconds since 1970, 2026-01-01 and 2090-01-01.
const POSSIBLE: std::ops::Range<i64> = 1_767_225_600..3_786_912_000;
/// A clock that goes back by more was set, and not by a hand that mends seconds.
const BACK: TimeDelta = TimeDelta::days(1);
/// Nobody is down for longer without somebody looking at the alert.
const AHEAD: TimeDelta = TimeDelta::days(100);
/// A clock that is off, but runs for so long as it is, is the right one: the one before was wrong.
const BELIEVED_AFTER: TimeDelta = TimeDelta::days(1);
/// One look is good for so long.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// What was seen is written down so often.
const WRITE_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// What a look at the clock came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    at: DateTime<Utc>,
    right: bool,
    /// The latest instant that was ever believed.
    latest: DateTime<Utc>,
}

/// Whether the clock can be right; if not, the admins are told, once an hour.
///
/// # Errors
/// When the store cannot be reached.
pub async fn is_right(desk: &Desk) -> anyhow::Result<bool> {
    let right = looked(desk).await?.right;
    if !right {
        let shown = desk.clock.now().format("%Y-%m-%d %H:%M UTC");
        warn!("The clock of this machine shows {shown}, which cannot be right");
        let what = format!(
            "The clock of this machine shows {shown}, far from what it showed before. Mail is taken in and answered, but \
             nobody is reminded, nothing is given up or deleted, and no client is written to."
        );
        let remedy = "Set the clock, and see that it is kept right (timedatectl). If it is right as it is, do nothing: \
                      after a day it is believed, unless its year cannot be right.";
        report::alert(desk, "clock", what, remedy.to_owned()).await?;
    }
    Ok(right)
}

/// Whether the clock was right when somebody last looked, which is at most a minute ago.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn is_believed(desk: &Desk) -> Result<bool, StoreError> {
    Ok(looked(desk).await?.right)
}

/// The time by which things expire: what is over stays over when the clock is set back.
#[must_use]
pub fn expiry_time(desk: &Desk) -> DateTime<Utc> {
    let now = desk.clock.now();
    match desk.progress.look() {
        Some(Look { right: false, latest, .. }) => latest,
        Some(Look { latest, .. }) => latest.max(now),
        None => now,
    }
}

/// The time at which mail is taken in: by a clock too far ahead it would be due years from now, and nobody would be
/// reminded of it once the clock is set right. What it is taken in as is too early then, never too late.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn arrival_time(desk: &Desk) -> Result<DateTime<Utc>, StoreError> {
    let look = looked(desk).await?;
    let now = desk.clock.now();
    Ok(if look.right { now } else { now.min(look.latest) })
}

async fn looked(desk: &Desk) -> Result<Look, StoreError> {
    let now = desk.clock.now();
    if let Some(look) = desk.progress.look().filter(|look| look.at <= now && now < look.at + LOOK_AGAIN) {
        return Ok(look);
    }
    let seen = desk.store.last_beat(SEEN).await?;
    let off_since = desk.store.last_beat(OFF_SINCE).await?.filter(|at| *at > DateTime::UNIX_EPOCH);
    let possible = POSSIBLE.contains(&now.timestamp());
    let near = seen.is_none_or(|seen| now + BACK >= seen && now <= seen + AHEAD);
    let steady = off_since.is_some_and(|since| since <= now && now - since >= BELIEVED_AFTER);
    let right = possible && (near || steady);
    if right {
        let moved = seen.is_none_or(|seen| (now - seen) >= WRITE_AGAIN || !near);
        if moved {
            desk.store.beat(SEEN, now).await?;
        }
        if off_since.is_some() {
            desk.store.beat(OFF_SINCE, DateTime::UNIX_EPOCH).await?;
        }
    } else if off_since.is_none_or(|since| since > now || now - since > BELIEVED_AFTER * 2) {
        desk.store.beat(OFF_SINCE, now).await?;
    }
    let latest = if right && near { seen.map_or(now, |seen| seen.max(now)) } else { seen.unwrap_or(now) };
    let look = Look { at: now, right, latest: if right && !near { now } else { latest } };
    desk.progress.keep_look(look);
    Ok(look)
}
