//! Business time: a zone, weekly opening hours, holidays. Pure; every answer is finite.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// When the organisation works.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// The organisation's zone.
    pub zone: Tz,
    /// Opening and closing time, Monday first; `None` is a closed day.
    pub week: [Option<(NaiveTime, NaiveTime)>; 7],
    /// Closed days.
    pub holidays: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// The end of the N-th business day: 0 is today's end if today is still open at `from`, else the next open
    /// day's end.
    #[must_use]
    pub fn end_of_business_day(&self, from: DateTime<Utc>, _days: u32) -> DateTime<Utc> {
        from
    }
    /// Whether the organisation is open.
    #[must_use]
    pub fn is_open(&self, _at: DateTime<Utc>) -> bool {
        true
    }
    /// `at` itself if open, else the next opening.
    #[must_use]
    pub fn next_open(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at
    }
    /// The instant of a local date and time: the first one in a fold, the first valid one after a gap.
    #[must_use]
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        date.and_time(time).and_utc()
    }
    /// The local reading of an instant.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.zone)
    }
}
