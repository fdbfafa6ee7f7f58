//! Clock trust: whether the hand of the clock can be right (RELIABILITY T8, T9, T10). By a clock that cannot be,
//! nothing is chased, given up, deleted or written to a client; mail is taken in and answered all the same, and the
//! admins hear of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::Desk;
use crate::store::StoreError;

/// The beat of "the clock showed this and was believed".
const SEEN: &str = "clock seen";
/// The beat of "the clock is far from what it showed, since this instant of its own".
const OFF_SINCE: &str = "clock off since";
/// The beat of "the clock that is off showed this last".
const OFF_SEEN: &str = "clock off seen";
/// Before this program and after its tokens no clock is right: seconds since 1970, 2026-01-01 and 2090-01-01.
const POSSIBLE: std::ops::Range<i64> = 1_767_225_600..3_786_912_000;
/// A clock that goes back by more was set, and not by a hand that mends seconds.
const BACK: TimeDelta = TimeDelta::days(1);
/// A clock that shows so much more than really went by was set while we ran. A shorter leap is caught up like a
/// downtime.
const LEAP: TimeDelta = TimeDelta::days(1);
/// At a start nobody knows what went by: nobody is down for longer without somebody looking at the alert.
const AHEAD: TimeDelta = TimeDelta::days(100);
/// A clock that is off, but runs for so long as it is, is the right one: the one before was wrong.
const BELIEVED_AFTER: TimeDelta = TimeDelta::days(1);
/// A clock that is off is looked at more often; one that went further meanwhile was set again, and did not run.
const RUNS_ON: TimeDelta = TimeDelta::hours(1);
/// No letter waits longer for its turn, but by a clock that was wrong when it was put off.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);
/// What may be on its way in this moment is not sent a second time.
const ON_ITS_WAY: TimeDelta = TimeDelta::hours(1);
/// One look is good for so long.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);
/// The ladder looks every minute: where nobody did for longer, the machine slept, or somebody held us.
const SLEPT: TimeDelta = TimeDelta::minutes(5);
/// What was seen is written down so often.
const WRITE_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// What a look at the clock came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    at: DateTime<Utc>,
    /// How long time had gone by then.
    ran: TimeDelta,
    right: bool,
    /// The latest instant that was ever believed.
    latest: DateTime<Utc>,
    /// What the clock showed when it was last believed, and how long time had gone by at that look.
    believed: Option<(DateTime<Utc>, TimeDelta)>,
    /// A clock that is off runs as it does since then.
    off_since: Option<DateTime<Utc>>,
}

impl Look {
    fn is_good(&self, now: DateTime<Utc>, ran: TimeDelta) -> bool {
        self.at <= now && now < self.at + LOOK_AGAIN && ran < self.ran + LOOK_AGAIN
    }

    /// Whether nobody looked for so long since. A clock that was set back meanwhile hides it from the clock, and a
    /// machine that was frozen from outside from what went by.
    fn is_of_before_a_sleep(&self, now: DateTime<Utc>, ran: TimeDelta) -> bool {
        now - self.at > SLEPT || ran - self.ran > SLEPT
    }
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
/// reminded of it once the clock is set right. By such a clock time goes on from where it was believed last. What mail
/// is taken in as is too early then, never too late.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn arrival_time(desk: &Desk) -> Result<DateTime<Utc>, StoreError> {
    let look = looked(desk).await?;
    let now = desk.clock.now();
    let believed = |since: DateTime<Utc>| look.latest + (now - since).max(TimeDelta::zero());
    Ok(look.off_since.map_or(now, |since| now.min(believed(since))))
}

/// Whether a right clock could have shown this.
pub(super) fn is_possible(at: DateTime<Utc>) -> bool {
    POSSIBLE.contains(&at.timestamp())
}

async fn looked(desk: &Desk) -> Result<Look, StoreError> {
    let (now, ran) = (desk.clock.now(), desk.clock.ran());
    let before = desk.progress.look();
    if let Some(look) = before.filter(|look| look.is_good(now, ran)) {
        return Ok(look);
    }
    if before.is_some_and(|look| look.is_of_before_a_sleep(now, ran)) {
        desk.progress.await_inbox(now);
        // The timers of the one who reads stood still as well, and its connection is most likely dead.
        desk.signals.receive.notify_one();
    }
    let seen = desk.store.last_beat(SEEN).await?;
    let off_since = off_since(desk, now).await?;
    let believed = before.and_then(|look| look.believed);
    let leapt = believed.is_some_and(|(shown, then)| now - shown > ran - then + LEAP);
    let near = !leapt && seen.is_none_or(|seen| now + BACK >= seen && now <= seen + AHEAD);
    let steady = off_since.is_some_and(|since| now - since >= BELIEVED_AFTER);
    let right = is_possible(now) && (near || steady);
    let latest = seen.max(before.filter(|look| look.right).map(|look| look.latest));
    let look = if right {
        believe(desk, seen.filter(|_| near), now).await?;
        let latest = latest.filter(|_| near).map_or(now, |latest| latest.max(now));
        Look { at: now, ran, right, latest, believed: Some((now, ran)), off_since: None }
    } else {
        if off_since.is_none() {
            desk.store.beat(OFF_SINCE, now).await?;
        }
        desk.store.beat(OFF_SEEN, now).await?;
        let since = off_since.unwrap_or(now);
        Look { at: now, ran, right, latest: latest.unwrap_or(since), believed, off_since: Some(since) }
    };
    desk.progress.keep_look(look);
    Ok(look)
}

/// Since when the clock is off and has run on without being set again.
async fn off_since(desk: &Desk, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let since = desk.store.last_beat(OFF_SINCE).await?.filter(|at| *at > DateTime::UNIX_EPOCH && *at <= now);
    let last = desk.store.last_beat(OFF_SEEN).await?;
    Ok(since.filter(|_| last.is_some_and(|at| at <= now && now - at <= RUNS_ON)))
}

/// Writes down what the clock shows, now and then; after it was off, letters that were put off by it come back.
async fn believe(desk: &Desk, seen: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), StoreError> {
    if seen.is_none_or(|seen| now - seen >= WRITE_AGAIN) {
        desk.store.beat(SEEN, now).await?;
    }
    let was_off = desk.store.last_beat(OFF_SINCE).await?.is_some_and(|at| at > DateTime::UNIX_EPOCH);
    if was_off {
        desk.store.call_back(now + LONGEST_WAIT, now + ON_ITS_WAY).await?;
        desk.store.beat(OFF_SINCE, DateTime::UNIX_EPOCH).await?;
    }
    Ok(())
}
