//! The sheets of a week and of a month (requirements 36, 44, 45, 60, 61, 114 to 118): what to decide in twenty minutes,
//! and what is stuck. Not to blame, but to decide. Each ends with measures that may be passed on: no small count is in
//! them.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use serde::Serialize;

use super::figures::{Bounced, Due, Figures};
use super::measures::answered::Answered;
use super::measures::life::Split;
use super::measures::sheet::{Group, Sheet};
use super::pilot::Count;
use crate::letters::render::{FALLBACK, Templates};
use crate::letters::{Organisation, Rendered, TemplateError, WayBack};

/// So many things can be decided on in twenty minutes (requirement 45).
pub const MOST: usize = 10;

/// How often a sheet comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rhythm {
    /// From Monday to Sunday.
    Weekly,
    /// A month of the calendar.
    Monthly,
}

impl Rhythm {
    /// Each of them.
    pub const ALL: [Rhythm; 2] = [Rhythm::Weekly, Rhythm::Monthly];

    /// The word on the command line, in the store and for the folder of its template.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Rhythm::Weekly => "weekly",
            Rhythm::Monthly => "monthly",
        }
    }

    /// The first day of the week or month that a day is in.
    #[must_use]
    pub fn begin(self, day: NaiveDate) -> NaiveDate {
        let back = match self {
            Rhythm::Weekly => day.weekday().num_days_from_monday(),
            Rhythm::Monthly => day.day0(),
        };
        day.checked_sub_days(Days::new(back.into())).unwrap_or(day)
    }

    /// The beginning so many weeks or months before one.
    #[must_use]
    pub fn before(self, begin: NaiveDate, many: u32) -> NaiveDate {
        let before = match self {
            Rhythm::Weekly => begin.checked_sub_days(Days::new(u64::from(many) * 7)),
            Rhythm::Monthly => begin.checked_sub_months(Months::new(many)),
        };
        before.unwrap_or(begin)
    }
}

/// The first of a list, and how many more there are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct First<T> {
    /// At most [`MOST`].
    pub lines: Vec<T>,
    /// How many are not among them.
    pub more: usize,
    /// All of them.
    pub count: usize,
}

impl<T> First<T> {
    /// The first of these; `left_out` are those that were counted and not even listed.
    #[must_use]
    pub fn of(mut lines: Vec<T>, left_out: usize) -> First<T> {
        let count = lines.len() + left_out;
        lines.truncate(MOST);
        First { more: count - lines.len(), lines, count }
    }
}

/// A reason with what the settings do about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reason {
    /// The reason in words.
    pub words: String,
    /// How many contacts were given up for it.
    pub count: u64,
    /// What happens then.
    pub next_action: String,
}

/// What one week comes to: the bounce pack and the quality of the data, for the data owner.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Weekly {
    /// The first local day.
    pub from: NaiveDate,
    /// The last local day.
    pub until: NaiveDate,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// The contacts that were given up, each with a decision to take.
    pub bounced: First<Bounced>,
    /// The same by reason.
    pub reasons: Vec<Reason>,
    /// Referrals received.
    pub made: u64,
    /// How many of them were carried through (requirement 44).
    pub completed: u64,
    /// What drove them (requirement 46).
    pub drivers: Vec<Count>,
    /// How many came with something required missing.
    pub incomplete: u64,
    /// What was missing.
    pub missing: Vec<Count>,
    /// Mails a person must look at, now.
    pub parked: usize,
    /// Records that could not be read.
    pub unreadable: u64,
    /// The measures, fit to leave the house.
    pub sheet: Sheet,
}

/// What one month comes to: what is stuck, for the workflow owner, and what each partner can mend.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Monthly {
    /// The first local day.
    pub from: NaiveDate,
    /// The last local day.
    pub until: NaiveDate,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// Past their due time for a week or longer, the longest first.
    pub stuck: First<Due>,
    /// What people waited for longest in the last three months (requirement 118).
    pub chokepoint: Option<String>,
    /// How partners answered what they were asked to take on (requirement 116); for the house, like all above.
    pub answered: Vec<Answered>,
    /// Records that could not be read.
    pub unreadable: u64,
    /// What may be passed on to each partner, and to it alone.
    pub partners: Vec<ForPartner>,
    /// The measures of all, fit to leave the house by themselves.
    pub sheet: Sheet,
}

/// What may be passed on to one partner.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ForPartner {
    /// Its name.
    pub name: String,
    /// Its measures.
    pub group: Group,
}

/// What comes in a rhythm.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum Periodic {
    /// Of a week.
    Weekly(Box<Weekly>),
    /// Of a month.
    Monthly(Box<Monthly>),
}

impl Periodic {
    /// How often it comes.
    #[must_use]
    pub const fn rhythm(&self) -> Rhythm {
        match self {
            Periodic::Weekly(_) => Rhythm::Weekly,
            Periodic::Monthly(_) => Rhythm::Monthly,
        }
    }

    /// An invented one with something in every part.
    #[must_use]
    pub fn sample(rhythm: Rhythm) -> Periodic {
        let (figures, sheet) = (Figures::sample(), Sheet::sample(None));
        let (from, until, as_of) = (sheet.from, sheet.until, figures.as_of);
        let count = |label: &str, count: u64| vec![Count::of(label, count)];
        match rhythm {
            Rhythm::Weekly => Periodic::Weekly(Box::new(Weekly {
                from,
                until,
                as_of,
                bounced: First::of(many(figures.bounced), 2),
                reasons: vec![Reason {
                    words: "bad contact info".to_owned(),
                    count: 12,
                    next_action: "ask the partner for another way to reach the client".to_owned(),
                }],
                made: 24,
                completed: 12,
                drivers: count("court", 24),
                incomplete: 12,
                missing: count("Phone", 12),
                parked: 2,
                unreadable: 1,
                sheet,
            })),
            Rhythm::Monthly => Periodic::Monthly(Box::new(Monthly {
                from,
                until,
                as_of,
                stuck: First::of(many(figures.overdue), 3),
                chokepoint: Some("waiting for missing items (Needs Info): 41 % of all waiting".to_owned()),
                answered: vec![Answered {
                    name: "North Clinic".to_owned(),
                    asked: 3,
                    received: 2,
                    received_in: Some("2.5 h".to_owned()),
                    decided: 1,
                    decided_in: Some("20.0 h".to_owned()),
                    unanswered: 1,
                }],
                unreadable: 1,
                partners: Sheet::sample(Some(Split::Partner))
                    .groups
                    .into_iter()
                    .map(|group| ForPartner { name: "North Clinic".to_owned(), group })
                    .collect(),
                sheet,
            })),
        }
    }
}

/// Writes it.
///
/// # Errors
/// A mistake in the template; [`check`] finds it at the start.
pub fn write(
    periodic: &Periodic,
    templates: &Templates,
    organisation: &Organisation,
) -> Result<Rendered, TemplateError> {
    let folder = periodic.rhythm().word();
    templates.render_kind(folder, periodic, FALLBACK, organisation, &WayBack::to(organisation.inbox.clone()))
}

/// Writes full and empty ones, so that a mistake in the templates shows at the start.
#[must_use]
pub fn check(templates: &Templates, organisation: &Organisation) -> Vec<TemplateError> {
    let full = Rhythm::ALL.map(Periodic::sample);
    let empty = full.clone().map(Periodic::emptied);
    let mut mistakes: Vec<TemplateError> = full
        .iter()
        .chain(&empty)
        .filter_map(|periodic| write(periodic, templates, organisation).err())
        .collect();
    mistakes.dedup();
    mistakes
}

/// As many as are named, of a few.
fn many<T: Clone>(some: Vec<T>) -> Vec<T> {
    some.into_iter().cycle().take(MOST).collect()
}

impl Periodic {
    /// The same of a time in which nothing happened.
    fn emptied(self) -> Periodic {
        let no_measures = |sheet: Sheet| Sheet { groups: vec![], policies: vec![], ..sheet };
        match self {
            Periodic::Weekly(weekly) => Periodic::Weekly(Box::new(Weekly {
                bounced: First::of(vec![], 0),
                reasons: vec![],
                made: 0,
                completed: 0,
                drivers: vec![],
                incomplete: 0,
                missing: vec![],
                parked: 0,
                unreadable: 0,
                sheet: no_measures(weekly.sheet),
                ..*weekly
            })),
            Periodic::Monthly(monthly) => Periodic::Monthly(Box::new(Monthly {
                stuck: First::of(vec![], 0),
                chokepoint: None,
                answered: vec![],
                unreadable: 0,
                partners: vec![],
                sheet: no_measures(monthly.sheet),
                ..*monthly
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday_and_a_month_on_its_first_day_also_across_a_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (rhythm, today, begin, before) in [
            (Rhythm::Weekly, "2026-11-16", "2026-11-16", "2026-11-09"),
            (Rhythm::Weekly, "2026-11-22", "2026-11-16", "2026-11-09"),
            // Week 53 of 2026 ends in 2027.
            (Rhythm::Weekly, "2027-01-03", "2026-12-28", "2026-12-21"),
            (Rhythm::Weekly, "2027-01-04", "2027-01-04", "2026-12-28"),
            (Rhythm::Weekly, "2028-03-01", "2028-02-28", "2028-02-21"),
            (Rhythm::Monthly, "2027-01-31", "2027-01-01", "2026-12-01"),
            (Rhythm::Monthly, "2028-02-29", "2028-02-01", "2028-01-01"),
        ] {
            assert_eq!(rhythm.begin(day(today)), day(begin), "{today}");
            assert_eq!(rhythm.before(day(begin), 1), day(before), "{today}");
        }
    }

    #[test]
    fn ten_are_named_and_the_rest_is_counted() {
        let some = First::of((0..12).collect(), 30);
        assert_eq!((some.lines.len(), some.more, some.count), (10, 32, 42));
        let few = First::of(vec![1, 2], 0);
        assert_eq!((few.lines.len(), few.more, few.count), (2, 0, 2));
    }
}
