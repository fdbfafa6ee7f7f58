//! How many senders outside the roster were answered lately: a flood of forged mails must not make us a nuisance to the
//! people in whose names they come. Counted since the daemon started.

use std::collections::VecDeque;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use crate::lock::lock;

/// The answers to senders outside the roster in the last hour.
#[derive(Default)]
pub struct Neutral(Mutex<VecDeque<DateTime<Utc>>>);

impl Neutral {
    /// Whether `most` of them went out in the hour before `now`.
    #[must_use]
    pub fn is_spent(&self, most: u32, now: DateTime<Utc>) -> bool {
        let mut times = lock(&self.0);
        while times.front().is_some_and(|at| *at <= now - TimeDelta::hours(1)) {
            times.pop_front();
        }
        u32::try_from(times.len()).unwrap_or(u32::MAX) >= most
    }

    /// One more.
    pub fn count(&self, now: DateTime<Utc>) {
        lock(&self.0).push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_an_hour() {
        let neutral = Neutral::default();
        let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
        assert!(!neutral.is_spent(2, at(0)));
        neutral.count(at(0));
        neutral.count(at(30));
        assert!(neutral.is_spent(2, at(59)) && !neutral.is_spent(3, at(59)));
        assert!(!neutral.is_spent(2, at(60)));
    }
}
