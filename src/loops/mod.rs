//! The loops: the hands. Each file does one thing again and again, one `tick` at a time; all they share is the
//! [`Desk`].
//!
//! | loop | a tick |
//! |---|---|
//! | [`receive`] | mails from the mailbox into the spool |
//! | [`handle`] | mails from the spool: read, decide, commit |
//! | [`remind`] | records that are due: decide, commit |
//! | [`report`] | the daily digest, and after it [`pilot`], [`periodic`] and [`purge`] |
//! | [`deliver`] | letters from the outbox to the mail server |
//!
//! A tick too many changes nothing; a tick that fails is tried again, later and later, and said once.

pub mod absence;
pub mod alert;
pub mod beside;
mod client_letters;
pub mod clock_alarm;
pub mod clock_trust;
pub mod deliver;
pub mod flood;
pub mod handle;
mod lost;
pub mod measures;
pub mod neutral;
pub mod periodic;
pub mod pilot;
pub mod post;
pub mod purge;
pub mod receive;
pub mod remind;
pub mod report;
mod spoken;
pub mod stops;
mod summary;
mod writing;
mod zones;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

use flood::FloodSlot;
use neutral::Neutral;

use crate::clock::Clock;
use crate::intake;
use crate::letters::Organisation;
use crate::letters::render::Templates;
use crate::letters::token::TokenKey;
use crate::lock::lock;
use crate::referral::decide::Rules;
use crate::settings::Keep;
use crate::store::Store;

/// What all loops share.
pub struct Desk {
    /// Memory.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// The rules.
    pub rules: Rules,
    /// The words.
    pub templates: Templates,
    /// Facts about ourselves in letters.
    pub organisation: Organisation,
    /// What reading must know; `received_at` is set for each mail.
    pub reading: intake::Context,
    /// Makes and checks reply tokens.
    pub tokens: TokenKey,
    /// Bounds on what we send.
    pub bounds: Bounds,
    /// The answers to senders outside the roster in the last hour.
    pub neutral: Neutral,
    /// What was told of already and is still to be worked off.
    pub catch_up: CatchUpSlot,
    /// What a flood of mail told so far.
    pub flood: FloodSlot,
    /// Wakes one loop when another made work for it.
    pub signals: Signals,
    /// When each loop last got through, for the watchdog.
    pub progress: Progress,
    /// When the daemon started.
    pub started_at: DateTime<Utc>,
}

/// What was told of already and is still to be worked off; [`remind`] fills and empties it.
#[derive(Default)]
pub struct CatchUpSlot(Mutex<Option<summary::CatchUp>>);

impl CatchUpSlot {
    fn take(&self) -> Option<summary::CatchUp> {
        lock(&self.0).take()
    }

    fn keep(&self, catch_up: Option<summary::CatchUp>) {
        *lock(&self.0) = catch_up;
    }
}

/// Bounds on what we send; every number is a setting.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Letters to one address outside the roster: in an hour, in a day.
    pub per_address: (u32, u32),
    /// Records opened for senders outside the roster that are answered, to all of them together in an hour.
    pub neutral_per_hour: u32,
    /// A letter in doubt is sent again after so long.
    pub doubt: TimeDelta,
    /// A letter that could not be sent for so long is given up, visibly.
    pub give_up: TimeDelta,
    /// Replies come back to `inbox+token@`.
    pub plus_addressing: bool,
    /// How many records one tick of [`remind`] works off: nobody gets more than one letter about so many of theirs.
    pub due_at_once: u32,
    /// Letters that the clock decides leave at most so many a minute; receipts and answers leave at once.
    pub per_minute: u32,
    /// The local time of the digest.
    pub digest_at: chrono::NaiveTime,
    /// How long things stay.
    pub keep: Keep,
}

/// One bell for each loop.
#[derive(Default)]
pub struct Signals {
    /// The machine slept: the inbox is to be looked into at once.
    pub receive: Notify,
    /// There is mail in the spool.
    pub handle: Notify,
    /// There are letters in the outbox.
    pub deliver: Notify,
    /// A record changed, or the inbox was read to its end.
    pub remind: Notify,
}

/// When each loop last got through. Instants of the machine, not of the clock: a clock that is set changes nothing.
pub struct Progress {
    began: Instant,
    marks: Mutex<BTreeMap<&'static str, Instant>>,
    inbox: Mutex<Inbox>,
    look: Mutex<Option<clock_trust::Look>>,
    writing: writing::Writing,
}

/// What is known of the inbox since the start, or since the machine slept.
#[derive(Clone, Copy, Default)]
struct Inbox {
    /// How often the machine slept.
    round: u32,
    is_read: bool,
    /// When it was noticed that it had slept, by the clock and by how long we have gone on.
    awaited_since: Option<(DateTime<Utc>, Duration)>,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress {
            began: Instant::now(),
            marks: Mutex::default(),
            inbox: Mutex::default(),
            look: Mutex::default(),
            writing: writing::Writing::default(),
        }
    }
}

impl Progress {
    /// How long it has gone on.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// Nobody looked for a while: the machine slept, or was stopped. What arrived meanwhile is to be read first.
    fn await_inbox(&self, now: DateTime<Utc>) {
        self.with_inbox(|inbox| {
            let (round, awaited_since) = (inbox.round + 1, Some((now, self.age())));
            *inbox = Inbox { round, awaited_since, ..Inbox::default() };
        });
    }

    /// The round in which the inbox is read now; after a sleep another one begins.
    #[must_use]
    pub fn inbox_round(&self) -> u32 {
        self.with_inbox(|inbox| inbox.round)
    }

    /// The inbox was read to its end by somebody who began in that round.
    pub fn mark_inbox_read(&self, round: u32) {
        self.with_inbox(|inbox| inbox.is_read |= inbox.round == round);
    }

    /// Whether the inbox was read to its end since the start, or since the machine slept.
    #[must_use]
    pub fn is_inbox_read(&self) -> bool {
        self.with_inbox(|inbox| inbox.is_read)
    }

    /// Since when the inbox is to be read first, if the machine slept, and how long that lasts already.
    #[must_use]
    fn inbox_awaited(&self) -> (Option<DateTime<Utc>>, Duration) {
        let since = self.with_inbox(|inbox| inbox.awaited_since);
        let before = since.map_or(Duration::ZERO, |(_, age)| age);
        (since.map(|(at, _)| at), self.age().saturating_sub(before))
    }

    fn with_inbox<T>(&self, what: impl FnOnce(&mut Inbox) -> T) -> T {
        what(&mut lock(&self.inbox))
    }

    /// The loop is alive: it finished a tick, or waits for work on purpose.
    pub fn mark(&self, name: &'static str) {
        lock(&self.marks).insert(name, Instant::now());
    }

    /// The last look at the clock.
    fn look(&self) -> Option<clock_trust::Look> {
        *lock(&self.look)
    }

    fn keep_look(&self, look: clock_trust::Look) {
        *lock(&self.look) = Some(look);
    }

    /// The loops that showed no life for so long.
    #[must_use]
    pub fn silent(&self, for_long: Duration) -> Vec<&'static str> {
        lock(&self.marks).iter().filter(|(_, at)| at.elapsed() > for_long).map(|(name, _)| *name).collect()
    }
}

/// How long to wait after so many failures in a row: doubling from one second to five minutes.
#[must_use]
pub fn backoff(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.saturating_sub(1).min(8)).min(Duration::from_mins(5))
}
