//! Business time: a zone, weekly opening hours, holidays. Pure; every answer is finite and no input panics.
//!
//! A day's hours are two instants, worked out once in [`Calendar::hours`]; every other answer compares instants, so
//! that a clock change cannot make two of them disagree (RELIABILITY T1 to T5). The promises, each with a property
//! test: a due time is never before its start; a later start, more days or one more holiday never makes it earlier;
//! it never falls on a closed day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// So many days ahead are searched for an open one; after them every day counts as a business day.
const HORIZON_DAYS: u64 = 400;

/// The open time of so many days is added up at most: ten years.
const LONGEST_SUM_DAYS: usize = 3_660;

/// No two offsets from UTC lie further apart, in seconds.
const WIDEST_OFFSET: i64 = 26 * 3_600;

/// The years in which local readings are exact; instants outside are drawn to the nearer end.
const FIRST: NaiveDate = day(1, 1, 1);
const LAST: NaiveDate = day(9999, 12, 31);

/// When the organisation works. With no hours on any weekday, every day is open from midnight to midnight: missing
/// hours must not make a deadline endless.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// The organisation's zone.
    pub zone: Tz,
    /// Opening and closing time, Monday first; `None` is a closed day, and so is a closing not after its opening.
    pub week: [Option<(NaiveTime, NaiveTime)>; 7],
    /// Closed days.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days that close early, and when; one that closes no later than it opens is a closed day.
    pub half_days: BTreeMap<NaiveDate, NaiveTime>,
}

impl Calendar {
    /// The end of the N-th business day: 0 is today's closing if `from` is before it, else the closing of the next
    /// open day; each further day is one more open day. Where 400 days hold too few open days, the days after them
    /// count as they come, and the answer is the midnight that begins the day.
    #[must_use]
    pub fn end_of_business_day(&self, from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        let from = in_range(from);
        let mut left = u64::from(days);
        for (_, closing) in self.open_days(from) {
            if left == 0 {
                return closing;
            }
            left -= 1;
        }
        let horizon = later(from.date_naive(), HORIZON_DAYS);
        self.instant(later(horizon, left + 1), NaiveTime::MIN).max(from)
    }

    /// Whether the organisation is open: the opening instant counts, the closing instant does not.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let at = in_range(at);
        self.open_days(at).next().is_some_and(|(opening, _)| opening <= at)
    }

    /// `at` itself if open, else the next opening; 400 days later if there is none until then.
    #[must_use]
    pub fn next_open(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let at = in_range(at);
        let horizon = || self.instant(later(at.date_naive(), HORIZON_DAYS + 1), NaiveTime::MIN);
        self.open_days(at).next().map_or_else(horizon, |(opening, _)| opening).max(at)
    }

    /// `at` itself if open, else an hour before the last closing, so that what must be read before `at` still finds
    /// somebody; `at` itself if there was no open day in the 400 days before.
    #[must_use]
    pub fn last_open(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let at = in_range(at);
        let mut date = self.today(at);
        for _ in 0..HORIZON_DAYS {
            if let Some((opening, closing)) = self.hours(date).filter(|(opening, _)| *opening <= at) {
                return if at < closing { at } else { (closing - TimeDelta::hours(1)).max(opening) };
            }
            date = date.pred_opt().unwrap_or(FIRST);
        }
        at
    }

    /// Whether the organisation opens at all on a local date. A date the zone skipped (Apia, 30 December 2011) is
    /// a closed day.
    #[must_use]
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        self.hours(date).is_some()
    }

    /// Opening and closing of a local date; `None` on a closed day.
    #[must_use]
    pub fn hours(&self, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let hours = if self.has_hours() {
            let (opens, closes) = self.weekday_hours(date).filter(|_| !self.holidays.contains(&date))?;
            let closes = self.half_days.get(&date).map_or(closes, |early| closes.min(*early));
            (self.instant(date, opens), self.instant(date, closes))
        } else {
            (self.instant(date, NaiveTime::MIN), self.instant(later(date, 1), NaiveTime::MIN))
        };
        // Hours that a clock change swallows whole leave nothing to work in.
        Some(hours).filter(|(opening, closing)| opening < closing)
    }

    /// The open time between two instants: zero if `to` is not later; at most the first ten years are added up.
    #[must_use]
    pub fn open_hours_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let (from, to) = (in_range(from), in_range(to));
        dates_around(from)
            .take(LONGEST_SUM_DAYS)
            .take_while(|date| *date <= later(to.date_naive(), 1))
            .filter_map(|date| self.hours(date))
            .map(|(opening, closing)| (closing.min(to) - opening.max(from)).max(TimeDelta::zero()))
            .sum()
    }

    /// The instant of a local date and time, as [`instant_in`] has it.
    #[must_use]
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        instant_in(self.zone, date, time)
    }

    /// The local reading of an instant.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        in_range(at).with_timezone(&self.zone)
    }

    /// The hours of the days not yet over at `at`, in order, as far as the horizon. A date before the one on the wall is
    /// over: it closed, at the latest, at the first moment that the wall showed the date after it.
    fn open_days(&self, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> + '_ {
        let horizon = later(at.date_naive(), HORIZON_DAYS);
        self.today(at)
            .iter_days()
            .take_while(move |date| *date <= horizon)
            .filter_map(|date| self.hours(date))
            .filter(move |(_, closing)| *closing > at)
    }

    /// The date on the wall.
    fn today(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive().clamp(FIRST, LAST)
    }

    fn has_hours(&self) -> bool {
        self.week.iter().flatten().any(|(opens, closes)| opens < closes)
    }

    fn weekday_hours(&self, date: NaiveDate) -> Option<(NaiveTime, NaiveTime)> {
        let weekday = usize::try_from(date.weekday().num_days_from_monday()).ok()?;
        self.week.get(weekday).copied().flatten()
    }
}

/// The instant of a zone's local date and time: the first one in a fold, the first valid one after a gap. It is the
/// first moment at which the clock on the wall shows that time or a later one, and so never runs backwards.
#[must_use]
pub fn instant_in(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = date.clamp(FIRST, LAST).and_time(time);
    zone.from_local_datetime(&wall)
        .earliest()
        .map_or_else(|| end_of_gap(zone, wall), |found| found.with_timezone(&Utc))
}

/// The clock change that skips `wall`, to the second: it lies between the two ends of the search.
fn end_of_gap(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let reached = |second: i64| {
        DateTime::from_timestamp(second, 0).is_some_and(|at| at.with_timezone(&zone).naive_local() >= wall)
    };
    let middle = wall.and_utc().timestamp();
    let (mut before, mut after) = (middle - WIDEST_OFFSET, middle + WIDEST_OFFSET);
    while after - before > 1 {
        let between = before + (after - before) / 2;
        if reached(between) { after = between } else { before = between }
    }
    DateTime::from_timestamp(after, 0).unwrap_or_else(|| wall.and_utc())
}

/// The dates any zone may read at or after `at`: local time is at most a day behind UTC.
fn dates_around(at: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> {
    let first = at.date_naive().checked_sub_days(Days::new(1)).unwrap_or(FIRST);
    first.iter_days()
}

fn in_range(at: DateTime<Utc>) -> DateTime<Utc> {
    at.clamp(FIRST.and_time(NaiveTime::MIN).and_utc(), LAST.and_time(NaiveTime::MIN).and_utc())
}

fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(LAST).min(LAST)
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

#[cfg(test)]
mod tests;
