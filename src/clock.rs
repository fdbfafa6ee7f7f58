//! The only wall clock. Everything else gets the time as an argument.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use rustix::time::{ClockId, clock_gettime};
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

    /// How long time has gone by since some beginning, whatever the clock was set to meanwhile. A machine that sleeps
    /// counts its sleep; one that is frozen from outside, such as a virtual one, may not.
    #[must_use]
    pub fn ran(&self) -> TimeDelta {
        match self {
            // Not `Instant`, which stands still while a Linux machine is suspended: a laptop closed for two days would
            // look like a clock that was set ahead.
            Clock::System => {
                let since_boot = clock_gettime(ClockId::Boottime);
                TimeDelta::new(since_boot.tv_sec, u32::try_from(since_boot.tv_nsec).unwrap_or(0))
                    .unwrap_or(TimeDelta::MAX)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel says of how long the machine is up, its sleep included.
    fn up() -> TimeDelta {
        let told = std::fs::read_to_string("/proc/uptime").unwrap();
        let seconds: f64 = told.split_whitespace().next().unwrap().parse().unwrap();
        TimeDelta::milliseconds(format!("{:.0}", seconds * 1000.0).parse().unwrap())
    }

    /// Set where the test runs once more, on a machine that slept for ten days.
    const SLEPT: &str = "HANDOFFD_TEST_SLEPT";

    /// A program where the machine has slept for ten days, as far as the kernel tells it.
    fn after_a_sleep(program: &std::ffi::OsStr) -> std::process::Command {
        let mut command = std::process::Command::new("unshare");
        command.args(["--user", "--map-root-user", "--time", "--boottime", "864000", "--fork"]).arg(program);
        command
    }

    #[test]
    fn t11_what_went_by_counts_the_sleep_of_the_machine() {
        // The kernel's uptime counts it too; both are of the same beginning, and read within a moment.
        let (before, ran, after) = (up(), Clock::System.ran(), up());
        let slack = TimeDelta::milliseconds(20);
        assert!(before - slack <= ran && ran <= after + slack, "{before} {ran} {after}");
        if std::env::var_os(SLEPT).is_some() {
            assert!(ran >= TimeDelta::days(10), "{ran}");
            return;
        }
        if !after_a_sleep("true".as_ref()).status().is_ok_and(|ended| ended.success()) {
            println!(
                "this machine lets nobody set how long it slept: only shown for one that may never have"
            );
            return;
        }
        let once_more = after_a_sleep(std::env::current_exe().unwrap().as_os_str())
            .args(["--exact", "clock::tests::t11_what_went_by_counts_the_sleep_of_the_machine"])
            .env(SLEPT, "yes")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&once_more.stdout);
        assert!(once_more.status.success() && told.contains("1 passed"), "{told}");
    }
}
