//! Dates in Haitian Creole, for which CLDR has no names; these are glibc's (`ht_HT`).

use chrono::{Datelike as _, NaiveDate, NaiveTime};

/// From Monday.
const DAYS: [&str; 7] = ["lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"];
/// From January.
const MONTHS: [&str; 12] =
    ["janvye", "fevriye", "mas", "avril", "me", "jen", "jiyè", "out", "septanm", "oktòb", "novanm", "desanm"];

/// `madi 24 novanm 2026`.
pub(super) fn day(date: NaiveDate) -> String {
    let name = |names: &[&'static str], at: u32| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let weekday = name(&DAYS, date.weekday().num_days_from_monday());
    format!("{weekday} {} {} {}", date.day(), name(&MONTHS, date.month0()), date.year())
}

/// `madi 24 novanm 2026, 15:00`.
pub(super) fn instant(date: NaiveDate, time: NaiveTime) -> String {
    format!("{}, {}", day(date), time.format("%H:%M"))
}
