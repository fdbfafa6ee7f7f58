//! Zones: the rules of the world's time zones come with the program. When a new version of it brings others, what runs
//! keeps the instants it has, what is set from then on goes by the new rules, and log and digest say so (RELIABILITY
//! T6).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use tracing::info;

use super::Desk;
use crate::store::StoreError;

/// The beat of "these rules were in force", its instant made of their version.
const KNOWN: &str = "zone rules";

/// The line of the digest, if this program brought other rules than the one before it; the first one brought none.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn note(desk: &Desk) -> Result<Option<String>, StoreError> {
    let version = chrono_tz::IANA_TZDB_VERSION;
    let Some(mark) = mark(version) else { return Ok(None) };
    let known = desk.store.last_beat(KNOWN).await?;
    if known == Some(mark) {
        return Ok(None);
    }
    desk.store.beat(KNOWN, mark).await?;
    if known.is_none() {
        return Ok(None);
    }
    info!("The rules of time zones are those of {version}: what runs keeps its due time");
    Ok(Some(format!(
        "The rules of time zones changed: they are those of {version}. What runs keeps its due time; what is set from \
         here on goes by the new rules."
    )))
}

/// `2025b` as the second day of 2025: the store keeps instants.
fn mark(version: &str) -> Option<DateTime<Utc>> {
    let (year, letter) = version.split_at_checked(4)?;
    let letter = letter.bytes().next().filter(u8::is_ascii_lowercase)?;
    let day = NaiveDate::from_yo_opt(year.parse().ok()?, u32::from(letter - b'a') + 1)?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_a_mark_of_its_own_and_they_are_in_order() {
        let marks: Vec<_> = ["2024b", "2025a", "2025b", "2026a"].map(|version| mark(version).unwrap()).into();
        assert!(marks.is_sorted_by(|one, next| one < next), "{marks:?}");
        assert!(mark(chrono_tz::IANA_TZDB_VERSION).is_some());
        for odd in ["", "2025", "25b", "2025B", "later"] {
            assert_eq!(mark(odd), None, "{odd}");
        }
    }
}
