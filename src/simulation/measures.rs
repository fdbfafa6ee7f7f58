//! The measures of a simulated time (REQUIREMENTS 99 to 111), computed from what happened, and their plain lines.
//!
//! What is open at the end is counted as open, never as done. Owners are numbered as they stand in the settings:
//! whoever shows this text around shows nobody's load by name.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::office::Office;
use super::{Case, partners, person};
use crate::referral::contact::Contact;
use crate::referral::packet::Field;
use crate::referral::record::{BounceReason, FactKind, Status};

/// Confirmed contact is measured against so long (requirement 99).
const A_DAY: TimeDelta = TimeDelta::hours(24);

/// How long things took: those that ended, and how many did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Times {
    /// Half of them took no longer.
    pub p50: TimeDelta,
    /// Nine of ten took no longer.
    pub p90: TimeDelta,
    /// So many ended.
    pub ended: usize,
    /// So many had not ended when the time was over.
    pub open: usize,
}

/// Where the referrals stand at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shares {
    /// Contact confirmed.
    pub confirmed: usize,
    /// Contact given up.
    pub bounced: usize,
    /// Not to be contacted.
    pub not_wanted: usize,
    /// Still to be reached.
    pub open: usize,
}

/// The work of one owner.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Load {
    /// Referrals that were given to them on arrival.
    pub owned: u32,
    /// Pieces of work they did.
    pub worked: u32,
    /// The most that waited for them at once.
    pub most: usize,
    /// Their office time spent on it, in percent.
    pub busy_percent: i64,
}

/// The measures of one simulated time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Measures {
    from: NaiveDate,
    days: u32,
    seed: u64,
    minutes: u32,
    policies: Vec<String>,
    /// Referrals that came.
    pub received: usize,
    /// From the mail to its receipt.
    pub receipt: Times,
    /// To the first logged try.
    pub attempt: Times,
    /// To the confirmed contact (100, 104).
    pub contact: Times,
    /// Confirmed within 24 hours, of those that had 24 hours (99).
    pub within_a_day: (usize, usize),
    /// How the contact stands.
    pub shares: Shares,
    /// The contact was given up, by reason (101).
    pub bounces: BTreeMap<BounceReason, usize>,
    /// Given up without enough logged tries: our own delay.
    pub untried: usize,
    /// Carried out, or closed with a documented outcome (102).
    pub completed: usize,
    /// The same referral sent again and recognised (103).
    pub repeats: usize,
    /// Accepted, redirected, closed without either, undecided (105).
    pub decisions: [usize; 4],
    /// The mail lacked so many times this field (106).
    pub lacked: BTreeMap<Field, usize>,
    /// The mail lacked anything.
    pub incomplete: usize,
    /// Tries and confirmations; letters to staff, to senders, to clients (107).
    pub touches: [usize; 4],
    /// Time until the decision (108).
    pub pending: Times,
    /// From asking a partner to its word that it has it, and to its yes or no (111).
    pub partner: [Times; 2],
    /// The client was written to, or the record says why not (109).
    pub told: (usize, usize),
    /// Opened again (110), and how many had ended.
    pub reopened: (usize, usize),
    /// Reminders, escalations, final warnings, questions to partners.
    pub chased: [usize; 4],
    /// The work of each member of staff, in the order of settings.
    pub loads: Vec<Load>,
}

impl Measures {
    /// Counts what came of every case.
    pub(super) fn of(office: &Office<'_>, until: DateTime<Utc>) -> Measures {
        let (plan, cases) = (office.plan, &office.cases);
        let count = |kind: FactKind| cases.iter().map(|case| case.times(kind)).sum::<usize>();
        let letters = |place: usize| {
            cases
                .iter()
                .filter_map(|case| case.letters.get(place))
                .map(|count| *count as usize)
                .sum::<usize>()
        };
        let wanted = cases.iter().filter(|case| !case.person.unsafe_to_contact);
        let had_a_day: Vec<&Case> = wanted.filter(|case| case.received_at() + A_DAY <= until).collect();
        let reached = had_a_day.iter().filter(|case| case.reached_within(A_DAY)).count();
        let told =
            |case: &&Case| case.client_confirmed || case.first(&[FactKind::ClientLetterWithheld]).is_some();
        Measures {
            from: plan.from,
            days: plan.days,
            seed: plan.seed,
            minutes: plan.minutes,
            policies: office.rules().policies.iter().map(crate::referral::policy::Policy::label).collect(),
            received: cases.len(),
            receipt: times(cases, |case| case.receipt_at),
            attempt: times(cases, |case| case.first(&[FactKind::Attempted, FactKind::Confirmed])),
            contact: times(cases, |case| case.first(&[FactKind::Confirmed])),
            within_a_day: (reached, had_a_day.len()),
            shares: shares(cases),
            bounces: bounces(cases),
            untried: cases.iter().filter(|case| untried(case)).count(),
            completed: cases
                .iter()
                .filter(|case| matches!(case.referral.status, Status::Closed { .. }))
                .count(),
            repeats: count(FactKind::SentAgain),
            decisions: decisions(cases),
            lacked: lacked(cases),
            incomplete: cases.iter().filter(|case| !case.lacked.is_empty()).count(),
            touches: [
                count(FactKind::Attempted) + count(FactKind::Confirmed),
                letters(0),
                letters(1),
                letters(2),
            ],
            pending: times(cases, |case| case.first(&DECIDED)),
            partner: partner_times(cases),
            told: (cases.iter().filter(told).count(), cases.len()),
            reopened: (
                cases.iter().filter(|case| case.is_opened_again()).count(),
                cases.iter().filter(|case| case.first(&ENDED).is_some()).count(),
            ),
            chased: [
                count(FactKind::Reminded),
                count(FactKind::Escalated),
                count(FactKind::Warned),
                count(FactKind::LoopedBack),
            ],
            loads: loads(office, until),
        }
    }
}

const DECIDED: [FactKind; 3] = [FactKind::Accepted, FactKind::Redirected, FactKind::Closed];
const ENDED: [FactKind; 2] = [FactKind::Closed, FactKind::Redirected];

impl Case {
    fn received_at(&self) -> DateTime<Utc> {
        self.referral.received_at
    }

    fn times(&self, kind: FactKind) -> usize {
        self.facts.iter().filter(|(_, known)| *known == kind).count()
    }

    fn first(&self, kinds: &[FactKind]) -> Option<DateTime<Utc>> {
        self.facts.iter().find(|(_, kind)| kinds.contains(kind)).map(|(at, _)| *at)
    }

    /// A contact that is tried again while the referral stays open is none.
    fn is_opened_again(&self) -> bool {
        let since_it_ended = self.facts.iter().skip_while(|(_, kind)| !ENDED.contains(kind));
        since_it_ended.into_iter().any(|(_, kind)| *kind == FactKind::Reopened)
    }

    fn reached_within(&self, span: TimeDelta) -> bool {
        self.first(&[FactKind::Confirmed]).is_some_and(|at| at <= self.received_at() + span)
    }
}

fn times(cases: &[Case], ended_at: impl Fn(&Case) -> Option<DateTime<Utc>>) -> Times {
    let took = |case: &Case| ended_at(case).map(|at| at - case.received_at());
    ranked(cases.iter().map(took).collect())
}

fn partner_times(cases: &[Case]) -> [Times; 2] {
    let waits = partners::waits(cases);
    let received = waits.iter().map(|(received, _)| *received).collect();
    [ranked(received), ranked(waits.iter().map(|(_, decided)| *decided).collect())]
}

/// By nearest rank: a time that really occurred.
fn ranked(took: Vec<Option<TimeDelta>>) -> Times {
    let of = took.len();
    let mut all: Vec<TimeDelta> = took.into_iter().flatten().collect();
    all.sort_unstable();
    let rank = |percent: usize| {
        let place = (all.len() * percent).div_ceil(100).saturating_sub(1);
        all.get(place).copied().unwrap_or_default()
    };
    Times { p50: rank(50), p90: rank(90), ended: all.len(), open: of - all.len() }
}

fn shares(cases: &[Case]) -> Shares {
    let mut shares = Shares::default();
    for case in cases {
        *match &case.referral.contact {
            Contact::Confirmed { .. } => &mut shares.confirmed,
            Contact::Bounced { .. } => &mut shares.bounced,
            Contact::DoNotContact => &mut shares.not_wanted,
            Contact::NotStarted | Contact::Attempting => &mut shares.open,
        } += 1;
    }
    shares
}

fn bounces(cases: &[Case]) -> BTreeMap<BounceReason, usize> {
    let mut bounces = BTreeMap::new();
    for case in cases {
        if let Contact::Bounced { reason, .. } = case.referral.contact {
            *bounces.entry(reason).or_insert(0) += 1;
        }
    }
    bounces
}

fn untried(case: &Case) -> bool {
    matches!(case.referral.contact, Contact::Bounced { reason: BounceReason::CapacityDelay, .. })
}

fn decisions(cases: &[Case]) -> [usize; 4] {
    let mut decisions = [0; 4];
    for case in cases {
        let first = case.facts.iter().map(|(_, kind)| *kind).find(|kind| DECIDED.contains(kind));
        let [accepted, redirected, closed, undecided] = &mut decisions;
        *match first {
            Some(FactKind::Accepted) => accepted,
            Some(FactKind::Redirected) => redirected,
            Some(_) => closed,
            None => undecided,
        } += 1;
    }
    decisions
}

fn lacked(cases: &[Case]) -> BTreeMap<Field, usize> {
    let mut lacked = BTreeMap::new();
    for field in cases.iter().flat_map(|case| &case.lacked) {
        *lacked.entry(*field).or_insert(0) += 1;
    }
    lacked
}

fn loads(office: &Office<'_>, until: DateTime<Utc>) -> Vec<Load> {
    let calendar = &office.rules().calendar;
    let begins = calendar.instant(office.plan.from, chrono::NaiveTime::MIN);
    let open_minutes = calendar.open_hours_between(begins, until).num_minutes().max(1);
    let load = |worker: &super::office::Worker| Load {
        owned: worker.owned,
        worked: worker.worked,
        most: worker.most,
        busy_percent: i64::from(worker.worked) * i64::from(office.plan.minutes) * 100 / open_minutes,
    };
    office.workers.iter().map(load).collect()
}

impl fmt::Display for Measures {
    /// Plain lines, one measure a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        self.contact_lines(f)?;
        self.decision_lines(f)?;
        self.work_lines(f)
    }
}

impl Measures {
    fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Simulated: {} days from {}, seed {}, {} referrals received.",
            self.days, self.from, self.seed, self.received
        )?;
        writeln!(f, "Policies: {}. Every partner counts as enforced.", self.policies.join(", "))?;
        writeln!(
            f,
            "One piece of work takes {} minutes of office time; 3 hours between two tries.",
            self.minutes
        )?;
        writeln!(f, "Assumed: {}; {}.", person::Person::ASSUMED, partners::ASSUMED)?;
        writeln!(f, "Not simulated: letters that are not delivered.")
    }

    fn contact_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |count: usize| share(count, self.received);
        writeln!(f, "\nTime to receipt: {}", self.receipt)?;
        writeln!(f, "Time to first attempt: {}", self.attempt)?;
        writeln!(f, "Time to confirmed contact (100, 104): {}", self.contact)?;
        let (reached, had) = self.within_a_day;
        writeln!(
            f,
            "Contact confirmed within 24 h (99): {}, of those with a safe channel and 24 h gone by",
            share(reached, had)
        )?;
        writeln!(f, "Contact confirmed: {}", of(self.shares.confirmed))?;
        writeln!(f, "Contact bounced (101): {}", of(self.shares.bounced))?;
        for (reason, count) in &self.bounces {
            writeln!(f, "  {}: {count}", reason.words())?;
        }
        writeln!(f, "Contact open at the end: {}", of(self.shares.open))?;
        if self.shares.not_wanted > 0 {
            writeln!(f, "Do not contact: {}", of(self.shares.not_wanted))?;
        }
        writeln!(f, "Capacity delays (given up without enough tries): {}", of(self.untried))
    }

    fn decision_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |count: usize| share(count, self.received);
        let [accepted, redirected, closed, undecided] = self.decisions;
        writeln!(f, "\nTime in pending (108): {}", self.pending)?;
        writeln!(f, "Accepted (105): {}", of(accepted))?;
        writeln!(f, "Redirected: {}", of(redirected))?;
        writeln!(f, "Closed at once: {}", of(closed))?;
        writeln!(f, "Undecided at the end: {}", of(undecided))?;
        writeln!(f, "Completed, of those made (102): {}", of(self.completed))?;
        let [received, decided] = self.partner;
        writeln!(f, "Until a partner said that it has a redirect (111): {received}")?;
        writeln!(f, "Until a partner said yes or no to a redirect (111): {decided}")?;
        let (reopened, ended) = self.reopened;
        writeln!(f, "Reopened (110): {}", share(reopened, ended))?;
        writeln!(f, "Sent again and recognised (103): {}", self.repeats)?;
        writeln!(f, "Key fields missing at intake (106): {}", of(self.incomplete))?;
        for (field, count) in &self.lacked {
            writeln!(f, "  {}: {}", field.label(), of(*count))?;
        }
        let (told, all) = self.told;
        writeln!(f, "Client confirmation sent, or the record says why not (109): {}", share(told, all))
    }

    fn work_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [tries, to_staff, to_senders, to_clients] = self.touches;
        let each = |count: usize| tenths(count, self.received);
        writeln!(
            f,
            "\nTouches per handoff (107): {} tries, {} letters to staff, {} to senders, {} to clients",
            each(tries),
            each(to_staff),
            each(to_senders),
            each(to_clients)
        )?;
        let [reminded, escalated, warned, looped_back] = self.chased;
        writeln!(f, "Reminders: {reminded}")?;
        writeln!(f, "Escalations to the workflow owner: {escalated}")?;
        writeln!(f, "Final warnings: {warned}")?;
        writeln!(f, "Questions back to partners: {looped_back}")?;
        for (place, load) in self.loads.iter().enumerate() {
            let Load { owned, worked, most, busy_percent } = load;
            writeln!(
                f,
                "Owner {} (of the settings): {owned} given, {worked} pieces of work, busy {busy_percent} % of office time, at most {most} waiting",
                place + 1
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ended == 0 {
            return write!(f, "never; {} without", self.open);
        }
        let (p50, p90) = (span(self.p50), span(self.p90));
        write!(f, "p50 {p50}, p90 {p90} ({} measured, {} without)", self.ended, self.open)
    }
}

/// `45 s`, `12 min`, `6.5 h`, `3.1 d`.
fn span(span: TimeDelta) -> String {
    match span.num_seconds() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..259_200 => format!("{}.{} h", seconds / 3_600, seconds % 3_600 / 360),
        seconds => format!("{}.{} d", seconds / 86_400, seconds % 86_400 / 8_640),
    }
}

fn share(count: usize, of: usize) -> String {
    let tenths = (count * 1_000 + of / 2).checked_div(of).unwrap_or(0);
    format!("{}.{} % ({count} of {of})", tenths / 10, tenths % 10)
}

fn tenths(count: usize, of: usize) -> String {
    let tenths = (count * 10 + of / 2).checked_div(of).unwrap_or(0);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_shares_are_told_in_words_people_use() {
        for (seconds, words) in [(45, "45 s"), (600, "10 min"), (23_400, "6.5 h"), (270_000, "3.1 d")] {
            assert_eq!(span(TimeDelta::seconds(seconds)), words);
        }
        assert_eq!(share(1, 3), "33.3 % (1 of 3)");
        assert_eq!(share(0, 0), "0.0 % (0 of 0)");
        assert_eq!(tenths(7, 2), "3.5");
    }
}
