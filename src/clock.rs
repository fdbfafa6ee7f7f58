//! The only wall clock. Everything else gets the time as an argument.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use tokio::sync::watch;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// A hand on a dial: for the demo and for whole lives of referrals in a moment.
    Manual(ManualClock),
}

/// A clock that stands still until somebody moves it.
#[derive(Clone, Debug)]
pub struct ManualClock {
    hand: Arc<watch::Sender<Hand>>,
}

/// What a manual clock shows, and how far its hand has moved by itself.
#[derive(Clone, Copy, Debug)]
struct Hand {
    shows: DateTime<Utc>,
    ran: TimeDelta,
}

impl ManualClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> ManualClock {
        ManualClock { hand: Arc::new(watch::Sender::new(Hand { shows: now, ran: TimeDelta::zero() })) }
    }

    /// Sets the clock to another time, forwards or back, while no time goes by.
    pub fn set(&self, to: DateTime<Utc>) {
        self.hand.send_modify(|hand| hand.shows = to);
    }

    /// Moves the hand; it never goes back. Everybody who sleeps until then wakes.
    pub fn move_to(&self, to: DateTime<Utc>) {
        self.hand.send_if_modified(|hand| {
            let later = to > hand.shows;
            if later {
                hand.ran += to - hand.shows;
                hand.shows = to;
            }
            later
        });
    }
}

impl Clock {
    /// The time, in whole milliseconds, as the store keeps it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now().trunc_subsecs(3),
            Clock::Manual(manual) => manual.hand.borrow().shows,
        }
    }

    /// How long time has gone by, whatever the clock was set to meanwhile; it counts from the first time it is asked. A
    /// machine that sleeps may not count its sleep.
    #[must_use]
    pub fn ran(&self) -> TimeDelta {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        match self {
            Clock::System => {
                TimeDelta::from_std(BEGAN.get_or_init(Instant::now).elapsed()).unwrap_or(TimeDelta::MAX)
            }
            Clock::Manual(manual) => manual.hand.borrow().ran,
        }
    }

    /// Waits until the clock shows `at`. May be dropped at any time. A system clock that is set meanwhile is noticed
    /// within a minute.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match self {
            Clock::System => {
                while let Ok(left) = (at - self.now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    tokio::time::sleep(left.min(Duration::from_mins(1))).await;
                }
            }
            Clock::Manual(manual) => {
                // The sender lives in `self`, so waiting for a change cannot fail.
                let _ = manual.hand.subscribe().wait_for(|hand| hand.shows >= at).await;
            }
        }
    }
}
