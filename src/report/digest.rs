//! The daily digest: first the sum of all mail, then what people must look at.
//!
//! Every mail that came in is in exactly one pile; if the piles do not add up, the first line says so before anything
//! else. What did not work comes before what did, worded so that a team can decide and nobody is blamed
//! (requirements 43 and 139). No client data: references, our own words, counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::figures::{Arrived, Bounced, Due, Figures, Mails, Parked, Reached, Undelivered};
use crate::letters::render::{FALLBACK, Templates};
use crate::letters::{Organisation, Rendered, TemplateError, WayBack};

/// The most lines a section shows; the rest is counted.
pub const MOST_LINES: usize = 50;
const FOLDER: &str = "digest";

/// Writes the digest.
///
/// # Errors
/// A mistake in the template; [`check`] finds it at the start.
pub fn write(
    figures: &Figures,
    templates: &Templates,
    organisation: &Organisation,
) -> Result<Rendered, TemplateError> {
    templates.render_kind(
        FOLDER,
        View::of(figures),
        FALLBACK,
        organisation,
        &WayBack::to(organisation.inbox.clone()),
    )
}

/// Writes a full and an empty digest, so that a mistake in the template shows at the start.
#[must_use]
pub fn check(templates: &Templates, organisation: &Organisation) -> Vec<TemplateError> {
    let full = Figures::sample();
    let empty = Figures {
        mails: Mails::default(),
        overdue: vec![],
        due_today: vec![],
        new: vec![],
        confirmed: vec![],
        bounced: vec![],
        parked: vec![],
        delivery_failures: vec![],
        notes: vec![],
        missed_days: vec![],
        ..full.clone()
    };
    let wrong = Figures { mails: Mails { received: 1, ..Mails::default() }, ..empty.clone() };
    let mut mistakes: Vec<TemplateError> = [full, empty, wrong]
        .iter()
        .filter_map(|figures| write(figures, templates, organisation).err())
        .collect();
    mistakes.dedup();
    mistakes
}

/// What the template sees.
#[derive(Serialize)]
struct View {
    date: NaiveDate,
    as_of: DateTime<Utc>,
    sum: String,
    adds_up: bool,
    quiet: bool,
    overdue_count: usize,
    overdue: Vec<Owner>,
    overdue_more: usize,
    due_today: Section<Row>,
    new: Section<Arrived>,
    confirmed: Section<Reached>,
    bounced: Section<Bounced>,
    parked: Section<Parked>,
    delivery_failures: Section<Undelivered>,
    notes: Section<String>,
    missed_days: Vec<NaiveDate>,
}

/// The lines that fit, and how many did not.
#[derive(Serialize)]
struct Section<T> {
    lines: Vec<T>,
    more: usize,
    count: usize,
}

/// One owner's overdue referrals, oldest first.
#[derive(Serialize)]
struct Owner {
    name: String,
    lines: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    due: Due,
    late: String,
}

impl View {
    fn of(figures: &Figures) -> View {
        let (overdue, overdue_more) = by_owner(&figures.overdue, figures.as_of);
        let mut today = figures.due_today.clone();
        today.sort_by(|a, b| (a.due_at, &a.reference).cmp(&(b.due_at, &b.reference)));
        let left_out = figures.left_out;
        View {
            date: figures.date,
            as_of: figures.as_of,
            sum: sum(&figures.mails),
            adds_up: figures.mails.adds_up(),
            quiet: figures.is_quiet(),
            overdue_count: figures.overdue.len() + left_out.overdue,
            overdue,
            overdue_more: overdue_more + left_out.overdue,
            due_today: Section::of(
                today.into_iter().map(|due| Row::of(due, figures.as_of)).collect(),
                left_out.due_today,
            ),
            new: Section::of(figures.new.clone(), left_out.new),
            confirmed: Section::of(figures.confirmed.clone(), left_out.confirmed),
            bounced: Section::of(figures.bounced.clone(), left_out.bounced),
            parked: Section::of(figures.parked.clone(), 0),
            delivery_failures: Section::of(figures.delivery_failures.clone(), left_out.delivery_failures),
            notes: Section::of(figures.notes.clone(), 0),
            missed_days: figures.missed_days.clone(),
        }
    }
}

impl<T> Section<T> {
    /// `left_out` are those that were counted and not even listed.
    fn of(mut lines: Vec<T>, left_out: usize) -> Section<T> {
        let count = lines.len() + left_out;
        lines.truncate(MOST_LINES);
        Section { more: count - lines.len(), lines, count }
    }
}

impl Row {
    fn of(due: Due, as_of: DateTime<Utc>) -> Row {
        Row { late: late(due.due_at, as_of), due }
    }
}

/// The first line: `48 mails in = 12 referrals + 9 replies + … The sum adds up.`
fn sum(mails: &Mails) -> String {
    if mails.received == 0 && mails.adds_up() {
        return "0 mails in. The sum adds up.".to_owned();
    }
    let word =
        |(count, one, many): (u64, &str, &str)| format!("{count} {}", if count == 1 { one } else { many });
    let piles: Vec<String> = mails.piles().into_iter().filter(|(count, ..)| *count > 0).map(word).collect();
    let received = word((mails.received, "mail", "mails"));
    let piles = if piles.is_empty() { "nothing we know of".to_owned() } else { piles.join(" + ") };
    if mails.adds_up() {
        return format!("{received} in = {piles}. The sum adds up.");
    }
    let accounted = mails.accounted();
    let apart = mails.received.abs_diff(accounted);
    let which = if accounted < mails.received { "missing" } else { "counted twice" };
    format!(
        "THE SUM DOES NOT ADD UP: {received} in, but {piles} = {accounted}. {apart} {which}. Run: handoffd verify"
    )
}

/// Groups what is overdue by owner, the owner with the oldest one first; shows so many lines in all.
fn by_owner(overdue: &[Due], as_of: DateTime<Utc>) -> (Vec<Owner>, usize) {
    let mut sorted: Vec<&Due> = overdue.iter().collect();
    sorted.sort_by(|a, b| (a.due_at, &a.reference).cmp(&(b.due_at, &b.reference)));
    let more = sorted.len().saturating_sub(MOST_LINES);
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut owners: Vec<Owner> = Vec::new();
    for due in sorted.into_iter().take(MOST_LINES) {
        let place = *places.entry(&due.owner).or_insert(owners.len());
        if place == owners.len() {
            owners.push(Owner { name: due.owner.clone(), lines: Vec::new() });
        }
        if let Some(owner) = owners.get_mut(place) {
            owner.lines.push(Row::of(due.clone(), as_of));
        }
    }
    (owners, more)
}

/// `2 days late`, `1 hour late`; empty if it is not late.
fn late(due_at: DateTime<Utc>, as_of: DateTime<Utc>) -> String {
    let minutes = (as_of - due_at).num_minutes();
    let (count, word) = match minutes {
        ..=0 => return String::new(),
        1..60 => (minutes, "minute"),
        60..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("{count} {word}{} late", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::super::figures::LeftOut;
    use super::*;

    #[test]
    fn the_sum_says_loudly_when_a_mail_is_missing() {
        let right = Mails { received: 3, referral: 1, reply: 2, ..Mails::default() };
        assert_eq!(sum(&right), "3 mails in = 1 referral + 2 replies. The sum adds up.");
        let wrong = Mails { received: 4, ..right };
        assert_eq!(
            sum(&wrong),
            "THE SUM DOES NOT ADD UP: 4 mails in, but 1 referral + 2 replies = 3. 1 missing. Run: handoffd verify"
        );
        assert_eq!(sum(&Mails::default()), "0 mails in. The sum adds up.");
    }

    #[test]
    fn lateness_is_told_in_the_largest_unit_that_says_enough() {
        let as_of = Figures::sample().as_of;
        for (minutes, words) in [
            (-5, ""),
            (0, ""),
            (1, "1 minute late"),
            (59, "59 minutes late"),
            (60, "1 hour late"),
            (2_879, "47 hours late"),
            (2_880, "2 days late"),
        ] {
            assert_eq!(late(as_of - chrono::TimeDelta::minutes(minutes), as_of), words);
        }
    }

    #[test]
    fn the_owner_with_the_oldest_one_comes_first() {
        let (owners, more) = by_owner(&Figures::sample().overdue, Figures::sample().as_of);
        let names: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
        assert_eq!((names, more), (vec!["Sam Lee", "Maria Ortiz"], 0));
    }

    #[test]
    fn a_very_long_list_is_cut_and_the_rest_is_counted() {
        let mut overdue = Figures::sample().overdue;
        overdue.extend(std::iter::repeat_n(overdue[0].clone(), MOST_LINES));
        let (owners, more) = by_owner(&overdue, Figures::sample().as_of);
        assert_eq!((owners.iter().map(|owner| owner.lines.len()).sum::<usize>(), more), (MOST_LINES, 3));
    }

    #[test]
    fn what_was_counted_and_not_listed_is_among_the_rest() {
        let left_out = LeftOut {
            overdue: 1_001,
            due_today: 1_002,
            new: 1_003,
            confirmed: 1_004,
            bounced: 1_005,
            delivery_failures: 1_006,
        };
        let view = View::of(&Figures { left_out, ..Figures::sample() });
        assert_eq!((view.overdue_count, view.overdue_more), (1_004, 1_001));
        assert_eq!((view.due_today.count, view.due_today.more), (1_004, 1_002));
        assert_eq!((view.new.count, view.new.more), (1_006, 1_003));
        assert_eq!((view.confirmed.count, view.confirmed.more), (1_006, 1_004));
        assert_eq!((view.bounced.count, view.bounced.more), (1_006, 1_005));
        assert_eq!((view.delivery_failures.count, view.delivery_failures.more), (1_007, 1_006));
        let many = Figures { notes: vec!["We say so.".to_owned(); MOST_LINES + 7], ..Figures::sample() };
        assert_eq!(View::of(&many).notes.more, 7);
    }
}
