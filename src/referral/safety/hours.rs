//! Safe hours: between the settings' local times, and inside the client's own safe times, in every zone the client may
//! be in, whatever the clock change.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::super::calendar::instant_in;
use super::super::zone::{Doubt, Whereabouts};
use super::times::Week;

/// Where the zone is unknown, the hours lose so many minutes at both ends: the zones of one country lie no further
/// apart.
const ANY_ZONE: u16 = 3 * 60;

/// Where no hour is right in all zones for so long, none ever is.
const HORIZON: TimeDelta = TimeDelta::days(8);

/// `now` if it is a safe hour everywhere, else the next instant that is; `None` if there is none.
pub(super) fn next(week: &Week, whereabouts: &Whereabouts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let week = &week.shrunk(if whereabouts.doubt == Some(Doubt::Unknown) { ANY_ZONE } else { 0 });
    let mut at = now;
    // Each step goes to an instant before which no hour is safe in at least one zone, so that none is passed over.
    while at <= now + HORIZON {
        let mut later = at;
        for zone in &whereabouts.zones {
            later = later.max(next_in(*zone, week, at)?);
        }
        if later <= at {
            return Some(at);
        }
        at = later;
    }
    None
}

/// `at` if the clock on the wall of this zone stands in a safe span, else where their next one begins; `None` if there
/// is none in a week.
fn next_in(zone: Tz, week: &Week, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let local = at.with_timezone(&zone);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(u16::MAX);
    for ahead in 0..=7 {
        let day = local.date_naive().checked_add_days(Days::new(ahead))?;
        let weekday = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        for (from, to) in week.of(weekday) {
            if ahead == 0 && (*from..*to).contains(&minute) {
                return Some(at);
            }
            if ahead == 0 && *from <= minute {
                continue;
            }
            let opens = NaiveTime::from_hms_opt(u32::from(from / 60), u32::from(from % 60), 0)?;
            let begins = instant_in(zone, day, opens);
            // A beginning behind us is the first of two that a clock set back gives the day.
            return Some(if begins > at { begins } else { at + TimeDelta::minutes(1) });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe, Pacific};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn hours(text: &str) -> Week {
        let (opens, closes) = text.split_once('-').unwrap();
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        Week::daily((time(opens), time(closes)))
    }

    fn in_zones(zones: &[Tz], doubt: Option<Doubt>) -> Whereabouts {
        Whereabouts { zones: zones.to_vec(), doubt }
    }

    #[test]
    fn a_letter_waits_for_the_clients_morning_also_when_the_clock_changes() {
        let (east, west) = (America::New_York, America::Los_Angeles);
        for (zones, span, now, expected) in [
            (vec![west], "09:00-20:00", "2026-11-24T15:00:00Z", "2026-11-24T17:00:00Z"),
            (vec![west], "09:00-20:00", "2026-11-25T03:59:00Z", "2026-11-25T03:59:00Z"),
            (vec![west], "09:00-20:00", "2026-11-25T04:00:00Z", "2026-11-25T17:00:00Z"),
            (vec![east, west], "09:00-20:00", "2026-11-24T14:00:00Z", "2026-11-24T17:00:00Z"),
            (vec![east, west], "09:00-20:00", "2026-11-25T01:00:00Z", "2026-11-25T17:00:00Z"),
            // The night the clock goes forward, and the one it goes back.
            (vec![east], "09:00-20:00", "2026-03-08T01:00:00Z", "2026-03-08T13:00:00Z"),
            (vec![east], "09:00-20:00", "2026-11-01T00:30:00Z", "2026-11-01T14:00:00Z"),
            // Hours that begin in the gap begin after it; in a fold they begin once more.
            (vec![east], "02:30-05:00", "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z"),
            (vec![east], "01:00-01:30", "2026-11-01T05:10:00Z", "2026-11-01T05:10:00Z"),
            (vec![east], "01:00-01:30", "2026-11-01T05:40:00Z", "2026-11-02T06:00:00Z"),
            // Half-hour zones, and the other side of the world.
            (vec![Asia::Kolkata], "09:00-20:00", "2026-11-24T00:00:00Z", "2026-11-24T03:30:00Z"),
            (vec![Pacific::Apia], "09:00-20:00", "2011-12-30T08:00:00Z", "2011-12-30T19:00:00Z"),
            (vec![Europe::Berlin, west], "09:00-20:00", "2026-11-24T08:00:00Z", "2026-11-24T17:00:00Z"),
        ] {
            let next = next(&hours(span), &in_zones(&zones, None), at(now));
            assert_eq!(next, Some(at(expected)), "{zones:?} {span} {now}");
        }
    }

    #[test]
    fn an_unknown_zone_leaves_the_hours_that_are_safe_across_the_country_and_sometimes_none() {
        let unknown = in_zones(&[America::New_York], Some(Doubt::Unknown));
        assert_eq!(
            next(&hours("09:00-20:00"), &unknown, at("2026-11-24T14:00:00Z")),
            Some(at("2026-11-24T17:00:00Z"))
        );
        assert_eq!(
            next(&hours("09:00-20:00"), &unknown, at("2026-11-24T22:00:00Z")),
            Some(at("2026-11-25T17:00:00Z"))
        );
        assert_eq!(next(&hours("09:00-12:00"), &unknown, at("2026-11-24T14:00:00Z")), None);
        let apart = in_zones(&[America::New_York, Asia::Shanghai], None);
        assert_eq!(next(&hours("09:00-17:00"), &apart, at("2026-11-24T14:00:00Z")), None);
    }

    proptest! {
        #[test]
        fn t22_the_answer_is_safe_in_every_zone_and_nothing_before_it_is(
            minute in 0i64..60 * 24 * 730,
            opens in 0u32..23,
            length in 1u32..23,
            picks in proptest::collection::vec(0usize..chrono_tz::TZ_VARIANTS.len(), 1..3),
        ) {
            let zones: Vec<Tz> = picks.into_iter().map(|pick| chrono_tz::TZ_VARIANTS[pick]).collect();
            let closes = (opens + length).min(23);
            prop_assume!(opens < closes);
            let time = |hour: u32| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
            let span = (time(opens), time(closes));
            let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute);
            let is_safe = |at: DateTime<Utc>| {
                zones.iter().all(|zone| (span.0..span.1).contains(&at.with_timezone(zone).time()))
            };
            match next(&Week::daily(span), &in_zones(&zones, None), now) {
                Some(found) => {
                    prop_assert!(found >= now && is_safe(found));
                    let mut before = now;
                    while before < found && before < now + TimeDelta::days(2) {
                        prop_assert!(!is_safe(before), "{} {} {}", now, before, found);
                        before += TimeDelta::minutes(15);
                    }
                }
                None => prop_assert!((0..96).all(|quarter| !is_safe(now + TimeDelta::minutes(15 * quarter)))),
            }
        }
    }
}
