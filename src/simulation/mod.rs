//! Simulation: an organisation's own rules against invented referrals, in virtual time → the measures.
//!
//! The rules are the very ones the daemon runs ([`crate::referral::decide`]); what is invented is who is referred
//! ([`person`]), and how staff work ([`habits`]). Nothing is stored or sent; the same rules, plan and seed give the
//! same measures to the last digit.

mod chance;
mod habits;
pub mod measures;
mod office;
mod partners;
mod person;
pub mod replay;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::referral::decide::Rules;
use crate::referral::roster::Mode;

use measures::Measures;

/// What is to be simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The local date of the first day.
    pub from: NaiveDate,
    /// How many days; what is open at their end is counted as open.
    pub days: u32,
    /// Referrals on a business day; a tenth of it on any other day.
    pub per_day: u32,
    /// What one piece of work (a try to call, a decision) takes of a person's office hours, in minutes.
    pub minutes: u32,
    /// How often the inbox is looked into.
    pub poll: TimeDelta,
    /// Where chance begins.
    pub seed: u64,
}

/// Runs the plan under these rules. Every partner counts as enforced: the question is what the ladder would do once it
/// is switched on.
#[must_use]
pub fn run(rules: &Rules, plan: &Plan) -> Measures {
    let mut rules = rules.clone();
    for partner in &mut rules.roster.partners {
        partner.mode = Mode::Enforce;
    }
    let day_after = plan.from + chrono::Days::new(u64::from(plan.days));
    let until = rules.calendar.instant(day_after, NaiveTime::MIN);
    let mut office = office::Office::open(&rules, plan, until);
    office.run();
    Measures::of(&office, until)
}

/// Everything that came of one invented referral, as far as the measures ask.
struct Case {
    referral: crate::referral::record::Referral,
    person: person::Person,
    /// What happened, without words.
    facts: Vec<(DateTime<Utc>, crate::referral::record::FactKind)>,
    /// When its receipt was written.
    receipt_at: Option<DateTime<Utc>>,
    /// The client was written to with the number and the next steps.
    client_confirmed: bool,
    /// Letters to staff, to the sender, to the client.
    letters: [u32; 3],
    /// How many required fields the mail lacked, each by its place among the required ones.
    lacked: Vec<crate::referral::packet::Field>,
    /// When the warning of a bounce was sent.
    warned_at: Option<DateTime<Utc>>,
    /// Counts the changes, so that what was planned before the last one is void.
    turn: u32,
    /// Its place in somebody's pile of work.
    place: Option<(usize, office::Urgency)>,
}
