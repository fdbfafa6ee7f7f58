//! The only wall clock. Everything else gets the time as an argument.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
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
    hand: Arc<watch::Sender<DateTime<Utc>>>,
}

impl ManualClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> ManualClock {
        ManualClock { hand: Arc::new(watch::Sender::new(now)) }
    }

    /// Moves the hand; it never goes back. Everybody who sleeps until then wakes.
    pub fn move_to(&self, to: DateTime<Utc>) {
        self.hand.send_if_modified(|now| {
            let later = to > *now;
            if later {
                *now = to;
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
            Clock::Manual(manual) => *manual.hand.borrow(),
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
                let _ = manual.hand.subscribe().wait_for(|now| *now >= at).await;
            }
        }
    }
}
