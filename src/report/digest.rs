//! The daily digest: first the sum of all mail, then what people must look at.
//!
//! Every mail that came in is in exactly one pile; if the piles do not add up, the first line says so before anything
//! else. What did not work comes before what did, worded so that a team can decide and nobody is blamed
//! (requirements 43 and 139). No client data: references, our own words, counts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::letters::render::{FALLBACK, Templates};
use crate::letters::{Organisation, Rendered, TemplateError};
use crate::referral::reference::Reference;

/// The most lines a section shows; the rest is counted.
pub const MOST_LINES: usize = 50;
const FOLDER: &str = "digest";

/// What happened on one local day, as counted by the store.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// The local date the digest is for; there is one a date.
    pub date: NaiveDate,
    /// When it was counted; lateness is measured from here.
    pub as_of: DateTime<Utc>,
    /// Every mail that came in since the last digest, by what became of it.
    pub mails: Mails,
    /// Past their due time, in any order.
    pub overdue: Vec<Due>,
    /// Due before the local day ends.
    pub due_today: Vec<Due>,
    /// Received since the last digest.
    pub new: Vec<Arrived>,
    /// Really reached since the last digest.
    pub confirmed: Vec<Reached>,
    /// Contact given up since the last digest.
    pub bounced: Vec<Bounced>,
    /// Mails a person must look at, all of them, not only new ones.
    pub parked: Vec<Parked>,
    /// Letters of ours that could not be delivered since the last digest.
    pub delivery_failures: Vec<Undelivered>,
    /// What the service itself wants to say: alerts, limits reached, steps skipped. Our words only.
    pub notes: Vec<String>,
    /// Days on which no digest went out; this one covers them too.
    pub missed_days: Vec<NaiveDate>,
}

/// How many mails came in, and what became of them (DESIGN §3, 2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mails {
    /// All of them.
    pub received: u64,
    /// Became or updated a referral.
    pub referral: u64,
    /// A person's answer.
    pub reply: u64,
    /// Staff said what to do.
    pub command: u64,
    /// Out of office and its kind.
    pub auto_reply: u64,
    /// Delivery reports.
    pub delivery_report: u64,
    /// Copies of a mail we have.
    pub duplicate: u64,
    /// Set aside for a person.
    pub parked: u64,
    /// Newsletters and our own mail, with a reason.
    pub ignored: u64,
    /// Safe in the spool, not read yet.
    pub waiting: u64,
}

impl Mails {
    /// Every pile with its words for one and for many.
    #[must_use]
    pub const fn piles(&self) -> [(u64, &'static str, &'static str); 9] {
        [
            (self.referral, "referral", "referrals"),
            (self.reply, "reply", "replies"),
            (self.command, "command", "commands"),
            (self.auto_reply, "automatic reply", "automatic replies"),
            (self.delivery_report, "delivery report", "delivery reports"),
            (self.duplicate, "duplicate", "duplicates"),
            (self.parked, "parked", "parked"),
            (self.ignored, "ignored", "ignored"),
            (self.waiting, "waiting", "waiting"),
        ]
    }

    /// All piles together.
    #[must_use]
    pub fn accounted(&self) -> u64 {
        self.piles().iter().map(|(count, ..)| count).sum()
    }

    /// No mail is missing and none is in two piles.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.accounted() == self.received
    }
}

/// A referral with something due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Due {
    /// Its number.
    pub reference: Reference,
    /// Its owner's name.
    pub owner: String,
    /// What is to be done, in our words.
    pub next_action: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Tier word.
    pub tier: String,
}

/// A referral that came in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Arrived {
    /// Its number.
    pub reference: Reference,
    /// Its owner's name.
    pub owner: String,
    /// Status word.
    pub status: String,
    /// Tier word.
    pub tier: String,
}

/// A person who was really reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reached {
    /// The number.
    pub reference: Reference,
    /// The owner's name.
    pub owner: String,
    /// From received to reached, in hours.
    pub hours: u64,
}

/// A contact that was given up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bounced {
    /// The number.
    pub reference: Reference,
    /// The reason in words.
    pub reason: String,
    /// What happens next.
    pub next_action: String,
    /// Who does it.
    pub owner: String,
}

/// A mail set aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parked {
    /// The id for `handoffd parked show`.
    pub id: i64,
    /// Why, in our words.
    pub cause: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A letter of ours that did not arrive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Undelivered {
    /// The referral it was about, if it was about one.
    pub reference: Option<Reference>,
    /// The kind of letter.
    pub letter: String,
    /// To which part: sender, client, staff, admin.
    pub to: String,
    /// The enhanced status code, if there was one.
    pub status: Option<String>,
}

/// Writes the digest.
///
/// # Errors
/// A mistake in the template; [`check`] finds it at the start.
pub fn write(
    figures: &Figures,
    templates: &Templates,
    organisation: &Organisation,
) -> Result<Rendered, TemplateError> {
    templates.render_kind(FOLDER, View::of(figures), FALLBACK, organisation, &organisation.inbox)
}

/// Writes a full and an empty digest, so that a mistake in the template shows at the start.
#[must_use]
pub fn check(templates: &Templates, organisation: &Organisation) -> Vec<TemplateError> {
    let full = sample();
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

impl Figures {
    /// Nothing waits for a person.
    fn is_quiet(&self) -> bool {
        let waiting = [
            self.overdue.len(),
            self.due_today.len(),
            self.bounced.len(),
            self.parked.len(),
            self.delivery_failures.len(),
            self.notes.len(),
        ];
        self.mails.adds_up() && waiting.into_iter().all(|count| count == 0)
    }
}

impl View {
    fn of(figures: &Figures) -> View {
        let (overdue, overdue_more) = by_owner(&figures.overdue, figures.as_of);
        let mut today = figures.due_today.clone();
        today.sort_by(|a, b| (a.due_at, &a.reference).cmp(&(b.due_at, &b.reference)));
        View {
            date: figures.date,
            as_of: figures.as_of,
            sum: sum(&figures.mails),
            adds_up: figures.mails.adds_up(),
            quiet: figures.is_quiet(),
            overdue_count: figures.overdue.len(),
            overdue,
            overdue_more,
            due_today: Section::of(today.into_iter().map(|due| Row::of(due, figures.as_of)).collect()),
            new: Section::of(figures.new.clone()),
            confirmed: Section::of(figures.confirmed.clone()),
            bounced: Section::of(figures.bounced.clone()),
            parked: Section::of(figures.parked.clone()),
            delivery_failures: Section::of(figures.delivery_failures.clone()),
            notes: Section::of(figures.notes.clone()),
            missed_days: figures.missed_days.clone(),
        }
    }
}

impl<T> Section<T> {
    fn of(mut lines: Vec<T>) -> Section<T> {
        let count = lines.len();
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

/// An invented day with something in every section.
#[must_use]
pub fn sample() -> Figures {
    let reference = |n: u64| Reference::draw("R", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let hour = |hours: i64| DateTime::from_timestamp(1_795_183_200 + hours * 3_600, 0).unwrap_or_default();
    let due = |n: u64, owner: &str, next_action: &str, hours: i64, tier: &str| Due {
        reference: reference(n),
        owner: owner.to_owned(),
        next_action: next_action.to_owned(),
        due_at: hour(hours),
        tier: tier.to_owned(),
    };
    let arrived = |n: u64, owner: &str, status: &str, tier: &str| Arrived {
        reference: reference(n),
        owner: owner.to_owned(),
        status: status.to_owned(),
        tier: tier.to_owned(),
    };
    Figures {
        date: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default(),
        as_of: hour(0),
        mails: Mails {
            received: 48,
            referral: 12,
            reply: 9,
            command: 14,
            auto_reply: 3,
            delivery_report: 2,
            duplicate: 1,
            parked: 2,
            ignored: 5,
            waiting: 0,
        },
        overdue: vec![
            due(1, "Maria Ortiz", "reach the client by another channel", -30, "standard"),
            due(2, "Maria Ortiz", "accept, redirect or close", -3, "deadline"),
            due(3, "Sam Lee", "get the missing items", -75, "standard"),
        ],
        due_today: vec![
            due(4, "Sam Lee", "reach the client", 3, "safety"),
            due(5, "Maria Ortiz", "read what was written and answer", 7, "standard"),
        ],
        new: vec![
            arrived(6, "Maria Ortiz", "Received", "safety"),
            arrived(7, "Sam Lee", "Needs Info", "standard"),
            arrived(8, "Sam Lee", "Received", "deadline"),
        ],
        confirmed: vec![
            Reached { reference: reference(9), owner: "Maria Ortiz".to_owned(), hours: 6 },
            Reached { reference: reference(10), owner: "Sam Lee".to_owned(), hours: 21 },
        ],
        bounced: vec![Bounced {
            reference: reference(11),
            reason: "bad contact info".to_owned(),
            next_action: "ask the partner for another way to reach the client".to_owned(),
            owner: "Sam Lee".to_owned(),
        }],
        parked: vec![
            Parked { id: 41, cause: "larger than the limit".to_owned(), since: hour(-5) },
            Parked { id: 42, cause: "the proof of the author is missing".to_owned(), since: hour(-2) },
        ],
        delivery_failures: vec![Undelivered {
            reference: Some(reference(12)),
            letter: "receipt".to_owned(),
            to: "sender".to_owned(),
            status: Some("5.1.1".to_owned()),
        }],
        notes: vec!["The mail server could not be reached from 02:10 to 02:40. Nothing was lost.".to_owned()],
        missed_days: vec![NaiveDate::from_ymd_opt(2026, 11, 19).unwrap_or_default()],
    }
}

#[cfg(test)]
mod tests {
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
        let as_of = sample().as_of;
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
        let (owners, more) = by_owner(&sample().overdue, sample().as_of);
        let names: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
        assert_eq!((names, more), (vec!["Sam Lee", "Maria Ortiz"], 0));
    }

    #[test]
    fn a_very_long_list_is_cut_and_the_rest_is_counted() {
        let mut overdue = sample().overdue;
        overdue.extend(std::iter::repeat_n(overdue[0].clone(), MOST_LINES));
        let (owners, more) = by_owner(&overdue, sample().as_of);
        assert_eq!((owners.iter().map(|owner| owner.lines.len()).sum::<usize>(), more), (MOST_LINES, 3));
    }
}
