//! Baseline: how it was before, from the spreadsheet somebody kept (requirement 133). Each row becomes a life like
//! those of the store, and the same questions are asked of it; what the sheet has no column for is not asked.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::Measure;
use super::life::{Letters, Life, OUTSIDE, Reached, Split};
use super::sheet::Sheet;
use crate::referral::calendar::Calendar;
use crate::referral::fold;
use crate::referral::packet::Field;
use crate::referral::record::{BounceReason, FactKind};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Column {
    /// When it was received; every row has one.
    Received,
    /// When the person was really reached; empty if never.
    Contacted,
    /// When it was decided.
    Decided,
    /// What was decided: accepted, redirected, closed.
    Decision,
    /// Why the contact was given up: one of the five reasons.
    Bounced,
    /// When it was closed.
    Closed,
    /// Who sent it.
    Partner,
    /// What was missing when it came: labels, parted by semicolons.
    Missing,
}

impl Column {
    /// Each of them.
    pub const ALL: [Column; 8] = [
        Column::Received,
        Column::Contacted,
        Column::Decided,
        Column::Decision,
        Column::Bounced,
        Column::Closed,
        Column::Partner,
        Column::Missing,
    ];

    /// Its name in the first row.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Column::Received => "received",
            Column::Contacted => "contacted",
            Column::Decided => "decided",
            Column::Decision => "decision",
            Column::Bounced => "bounced",
            Column::Closed => "closed",
            Column::Partner => "partner",
            Column::Missing => "missing",
        }
    }

    /// The measures that can be asked of a sheet with this column.
    const fn measures(self) -> &'static [Measure] {
        match self {
            Column::Contacted => &[Measure::Contact24h, Measure::TimeToContact, Measure::Contact],
            Column::Decided => &[Measure::Decision, Measure::Pending],
            Column::Closed => &[Measure::Completed],
            Column::Missing => &[Measure::Incomplete, Measure::MissingFields],
            Column::Received | Column::Decision | Column::Bounced | Column::Partner => &[],
        }
    }
}

/// The cells of one row that have something in them.
pub type Cells<'a> = [(Column, &'a str)];

/// The life a row tells of.
///
/// # Errors
/// The column whose cell says nothing that can be meant.
pub fn life(cells: &Cells<'_>, calendar: &Calendar) -> Result<Life, Column> {
    let cell = |wanted: Column| cells.iter().find(|(column, _)| *column == wanted).map(|(_, text)| *text);
    let at = |column: Column| cell(column).map(|text| instant(text, calendar).ok_or(column)).transpose();
    let received_at = at(Column::Received)?.ok_or(Column::Received)?;
    let bounced = cell(Column::Bounced).map(|text| reason(text).ok_or(Column::Bounced)).transpose()?;
    let contacted_at = at(Column::Contacted)?;
    let mut facts = vec![(received_at, FactKind::Received)];
    facts.extend(contacted_at.map(|at| (at, FactKind::Confirmed)));
    if let Some(decided_at) = at(Column::Decided)? {
        facts.push((decided_at, cell(Column::Decision).and_then(decision).ok_or(Column::Decision)?));
    }
    facts.extend(at(Column::Closed)?.map(|at| (at, FactKind::Closed)));
    facts.sort();
    let before = facts.first().filter(|(at, _)| *at < received_at);
    if before.is_some() {
        return Err(Column::Received);
    }
    let has = |kinds: &[FactKind]| facts.iter().any(|(_, kind)| kinds.contains(kind));
    let partner = cell(Column::Partner).unwrap_or(OUTSIDE);
    Ok(Life {
        name: String::new(),
        received_at,
        contact: contact(contacted_at.is_some(), bounced),
        is_completed: has(&[FactKind::Closed, FactKind::Redirected]),
        is_pending: !has(&[FactKind::Accepted, FactKind::Closed, FactKind::Redirected]),
        facts,
        lacked: cell(Column::Missing).map(lacked).transpose()?.unwrap_or_default(),
        drivers: Vec::new(),
        asked: Vec::new(),
        letters: Letters::default(),
        words: Split::ALL.map(|split| if split == Split::Partner { partner } else { BEFORE }.to_owned()),
    })
}

/// What every row is split into where the sheet says nothing.
const BEFORE: &str = "before";

const fn contact(is_reached: bool, bounced: Option<BounceReason>) -> Reached {
    match (is_reached, bounced) {
        (true, _) => Reached::Confirmed,
        (false, Some(BounceReason::UnsafeToContact)) => Reached::MustNot,
        (false, Some(reason)) => Reached::GivenUp(reason),
        (false, None) => Reached::Open,
    }
}

/// The measures of these lives, as far as the columns go.
#[must_use]
pub fn sheet(lives: &[Life], columns: &[Column], split: Option<Split>, calendar: &Calendar) -> Sheet {
    let known: Vec<&str> =
        columns.iter().flat_map(|column| column.measures()).map(|measure| measure.name()).collect();
    let ends = |life: &Life| life.facts.last().map_or(life.received_at, |(at, _)| *at);
    let first = lives.iter().map(|life| life.received_at).min().unwrap_or_default();
    let last = lives.iter().map(|life| life.received_at).max().unwrap_or_default();
    // What is open in the sheet was open when its last line was written.
    let now = lives.iter().map(ends).max().unwrap_or_default();
    let day = |at: DateTime<Utc>| calendar.local(at).date_naive();
    let mut sheet = Sheet::of(lives, (day(first), day(last)), split, now);
    for group in &mut sheet.groups {
        group.measures.retain(|told| known.contains(&told.name));
    }
    sheet
}

/// `2026-11-20 15:00`, `11/20/2026 3:00 PM`, an instant, or a day alone, which counts from its midnight.
fn instant(text: &str, calendar: &Calendar) -> Option<DateTime<Utc>> {
    const TIMES: [&str; 5] =
        ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"];
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    let timed = TIMES.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let dayed = || {
        let forms = ["%Y-%m-%d", "%m/%d/%Y"];
        forms.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
    };
    let local = timed.or_else(|| dayed().map(|day| day.and_time(NaiveTime::MIN)))?;
    (1990..2100)
        .contains(&chrono::Datelike::year(&local))
        .then(|| calendar.instant(local.date(), local.time()))
}

fn decision(text: &str) -> Option<FactKind> {
    match fold::words(text).join(" ").as_str() {
        "accepted" => Some(FactKind::Accepted),
        "redirected" => Some(FactKind::Redirected),
        "closed" | "declined" => Some(FactKind::Closed),
        _ => None,
    }
}

fn reason(text: &str) -> Option<BounceReason> {
    let said = fold::words(text).join(" ");
    BounceReason::ALL.into_iter().find(|reason| reason.words() == said || reason.code() == text.trim())
}

fn lacked(text: &str) -> Result<Vec<Field>, Column> {
    let field = |label: &str| {
        let said = fold::words(label);
        Field::ALL.into_iter().find(|field| fold::words(field.label()) == said).ok_or(Column::Missing)
    };
    text.split(';').map(str::trim).filter(|label| !label.is_empty()).map(field).collect()
}
