//! `[calendar]`: when the organisation works; and spans of local time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::referral::calendar::Calendar;

use super::mistake::{Wrong, wrong};
use super::reader::{Item, Read, Section, nearest};

/// The weekdays as keys, Monday first.
pub(super) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// More holidays, or more half days, are a list out of control.
const MOST_HOLIDAYS: usize = 2_000;

/// Opening and closing.
pub(super) type Hours = (NaiveTime, NaiveTime);

/// Nine to five, where settings say nothing else.
pub(super) const USUAL: Hours = (time(9, 0), time(17, 0));

/// Business time; without the section Monday to Friday, nine to five.
pub(super) fn calendar(section: &Section<'_>, zone: Tz) -> Read<Calendar> {
    let days = WEEKDAYS.map(|day| {
        let weekend = matches!(day, "saturday" | "sunday");
        section.read_or(day, (!weekend).then_some(USUAL), open_or_closed)
    });
    let holidays = holidays(section);
    let half_days = half_days(section);
    section.finish();
    let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = days;
    let week = [monday?, tuesday?, wednesday?, thursday?, friday?, saturday?, sunday?];
    if week.iter().all(Option::is_none) {
        let remedy = "give at least one day its hours: monday = \"09:00-17:00\"";
        return Err(section.wrong(wrong("no day of the week is open", remedy)));
    }
    Ok(Calendar { zone, week, holidays: holidays?, half_days: half_days? })
}

fn holidays(section: &Section<'_>) -> Read<BTreeSet<NaiveDate>> {
    let dates: Vec<Read<NaiveDate>> = days(section, "holidays")?.iter().map(Item::date).collect();
    dates.into_iter().collect()
}

fn half_days(section: &Section<'_>) -> Read<BTreeMap<NaiveDate, NaiveTime>> {
    let days = days(section, "half_days")?;
    let closings: Vec<Read<(NaiveDate, NaiveTime)>> = days.iter().map(|day| day.read(closing)).collect();
    closings.into_iter().collect()
}

/// `2026-12-24 13:00`.
fn closing(text: &str) -> Result<(NaiveDate, NaiveTime), Wrong> {
    NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M")
        .map(|closing| (closing.date(), closing.time()))
        .map_err(|_| {
            wrong("is not a day and its closing", "write both as \"2026-12-24 13:00\" (24-hour clock)")
        })
}

fn days<'a>(section: &Section<'a>, key: &'static str) -> Read<Vec<Item<'a>>> {
    let Some(item) = section.get(key) else { return Ok(Vec::new()) };
    let items = item.items()?;
    if items.len() > MOST_HOLIDAYS {
        return Err(item.wrong(wrong("are too many", format!("list at most {MOST_HOLIDAYS} days"))));
    }
    Ok(items)
}

fn open_or_closed(text: &str) -> Result<Option<Hours>, Wrong> {
    if text == "closed" { Ok(None) } else { hours(text).map(Some) }
}

/// `09:00-17:00`.
pub(super) fn hours(text: &str) -> Result<Hours, Wrong> {
    let (opens, closes) = text
        .split_once('-')
        .and_then(|(opens, closes)| time_of_day(opens).ok().zip(time_of_day(closes).ok()))
        .ok_or_else(|| wrong("are not hours", "write them as \"09:00-17:00\" (24-hour clock)"))?;
    if opens < closes {
        Ok((opens, closes))
    } else {
        Err(wrong(
            "the closing is not after the opening",
            "write the earlier time first, such as \"09:00-17:00\"",
        ))
    }
}

/// A time of day known when this is compiled.
pub(super) const fn time(hour: u32, minute: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// `07:30`.
pub(super) fn time_of_day(text: &str) -> Result<NaiveTime, Wrong> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map_err(|_| wrong("is not a time of day", "write it as \"07:30\" (24-hour clock)"))
}

/// A zone of the IANA database.
pub(super) fn zone(text: &str) -> Result<Tz, Wrong> {
    let remedy = || {
        nearest(text, TZ_VARIANTS.iter().map(|zone| zone.name())).map_or_else(
            || "write an IANA name, such as America/New_York".to_owned(),
            |known| format!("did you mean {known}?"),
        )
    };
    if let Some(instead) = instead_of_abbreviation(text) {
        return Err(wrong(
            "stands still all year; where clocks change, every local time would be an hour off for half of it",
            instead,
        ));
    }
    text.parse().map_err(|_| wrong("is not a time zone we know", remedy()))
}

/// What to write for a zone that stands still all year, though people mean one that does not.
fn instead_of_abbreviation(text: &str) -> Option<String> {
    let instead = match text {
        "EST" => "write America/New_York; where clocks never change, America/Panama",
        "MST" => "write America/Denver; in Arizona, America/Phoenix",
        "HST" => "write Pacific/Honolulu",
        _ if is_offset(text) => "write the zone of your place, such as America/Chicago",
        _ => return None,
    };
    Some(instead.to_owned())
}

/// `Etc/GMT+5`, whose sign is the other way round than people think.
fn is_offset(text: &str) -> bool {
    let offset = text.strip_prefix("Etc/").unwrap_or(text).strip_prefix("GMT");
    offset.is_some_and(|offset| offset.starts_with(['+', '-']) && !matches!(offset, "+0" | "-0"))
}
