//! The report of a partner's pilot, thirty days after it began (requirements 98 and 117): what came of its referrals,
//! which clocks were met, what the ladder did, and what it would have done before. Counts only, nobody's name.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::cells::{self, Cell, Shown};
use crate::letters::render::{FALLBACK, Templates};
use crate::letters::{Organisation, Rendered, TemplateError, WayBack};

const FOLDER: &str = "pilot";

/// How many met a clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Met {
    /// In time.
    pub met: u64,
    /// Too late, or over and still not done.
    pub missed: u64,
    /// Not due yet.
    pub running: u64,
}

/// A count with its words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// The words.
    pub label: String,
    /// How many.
    pub count: u64,
}

impl Count {
    /// A count with its words.
    #[must_use]
    pub fn of(label: impl Into<String>, count: u64) -> Count {
        Count { label: label.into(), count }
    }
}

/// The figures of one pilot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pilot {
    /// The partner's name.
    pub partner: String,
    /// Its first day.
    pub since: NaiveDate,
    /// The day after its last one.
    pub until: NaiveDate,
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// Referrals that came in the pilot.
    pub received: u64,
    /// How their contact stands; the parts of `received`.
    pub contact: Vec<Count>,
    /// How their decision stands; the parts of `received`.
    pub decision: Vec<Count>,
    /// The target of the contact clock.
    pub contact_clock: Met,
    /// The target of the decision clock.
    pub decision_clock: Met,
    /// What the ladder did.
    pub steps: Vec<Count>,
    /// Referrals of the thirty days before that came in mode observe.
    pub observed: u64,
    /// What the ladder would have done with them.
    pub would_have_been: Vec<Count>,
}

/// Writes the report.
///
/// # Errors
/// A mistake in the template; [`check`] finds it at the start.
pub fn write(
    pilot: &Pilot,
    templates: &Templates,
    organisation: &Organisation,
) -> Result<Rendered, TemplateError> {
    templates.render_kind(
        FOLDER,
        View::of(pilot),
        FALLBACK,
        organisation,
        &WayBack::to(organisation.inbox.clone()),
    )
}

/// Writes a full and an empty report, so that a mistake in the template shows at the start.
#[must_use]
pub fn check(templates: &Templates, organisation: &Organisation) -> Vec<TemplateError> {
    let full = Pilot::sample();
    let empty =
        Pilot { received: 0, observed: 0, contact: vec![], decision: vec![], steps: vec![], ..full.clone() };
    let mut mistakes: Vec<TemplateError> =
        [full, empty].iter().filter_map(|pilot| write(pilot, templates, organisation).err()).collect();
    mistakes.dedup();
    mistakes
}

/// What the template sees: the figures for the house, and the same as they may leave it.
#[derive(Serialize)]
struct View<'a> {
    partner: &'a str,
    since: NaiveDate,
    until: NaiveDate,
    as_of: DateTime<Utc>,
    received: u64,
    contact: &'a [Count],
    decision: &'a [Count],
    contact_clock: Met,
    decision_clock: Met,
    steps: &'a [Count],
    observed: u64,
    would_have_been: &'a [Count],
    outside_received: Shown,
    outside_contact: Vec<Cell>,
    outside_decision: Vec<Cell>,
}

impl View<'_> {
    fn of(pilot: &Pilot) -> View<'_> {
        let outside = |counts: &[Count]| {
            cells::parts(&counts.iter().map(|one| (one.label.clone(), one.count)).collect::<Vec<_>>())
        };
        View {
            partner: &pilot.partner,
            since: pilot.since,
            until: pilot.until,
            as_of: pilot.as_of,
            received: pilot.received,
            contact: &pilot.contact,
            decision: &pilot.decision,
            contact_clock: pilot.contact_clock,
            decision_clock: pilot.decision_clock,
            steps: &pilot.steps,
            observed: pilot.observed,
            would_have_been: &pilot.would_have_been,
            outside_received: cells::alone(pilot.received),
            outside_contact: outside(&pilot.contact),
            outside_decision: outside(&pilot.decision),
        }
    }
}

impl Pilot {
    /// An invented pilot with something in every part.
    #[must_use]
    pub fn sample() -> Pilot {
        let steps = |counts: [u64; 5]| {
            let labels =
                ["reminders", "escalations", "questions back to the partner", "final warnings", "given up"];
            labels.into_iter().zip(counts).map(|(label, count)| Count::of(label, count)).collect()
        };
        Pilot {
            partner: "Harbor House".to_owned(),
            since: NaiveDate::from_ymd_opt(2026, 10, 21).unwrap_or_default(),
            until: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default(),
            as_of: DateTime::from_timestamp(1_795_183_200, 0).unwrap_or_default(),
            received: 46,
            contact: vec![
                Count::of("confirmed", 38),
                Count::of("given up: bad contact info", 3),
                Count::of("given up: capacity delay", 1),
                Count::of("still open", 4),
            ],
            decision: vec![
                Count::of("accepted", 29),
                Count::of("redirected", 6),
                Count::of("closed", 8),
                Count::of("undecided", 3),
            ],
            contact_clock: Met { met: 33, missed: 11, running: 2 },
            decision_clock: Met { met: 36, missed: 7, running: 3 },
            steps: steps([21, 9, 5, 4, 4]),
            observed: 31,
            would_have_been: steps([18, 14, 3, 9, 7]),
        }
    }
}
