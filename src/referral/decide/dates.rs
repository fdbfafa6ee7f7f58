//! Dates that must not pass: whatever is to be done is due before them, and one that comes soon is told at once, by
//! whichever mail or call it came.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::contact::Day;
use super::super::letter::Body;
use super::super::packet::{Confidence, Deadline, Field, Found, Judged, Packet};
use super::super::party::Actor;
use super::super::record::FactKind;
use super::super::roster::Mode;
use super::ask::ask;
use super::{Course, Rules, due, outcome};

/// Nobody can be reached sooner than this, whatever date comes.
const SOONEST: TimeDelta = TimeDelta::hours(2);
/// So many days before a deadline are looked at for one on which we are open.
const DAYS_BEFORE: usize = 30;

/// What is due is due before a date that must not pass, though never sooner than somebody can act.
pub(super) fn before_one(
    rules: &Rules,
    packet: &Packet,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    coming(rules, packet.deadlines(), now).map_or(due_at, |(_, at)| due_at.min(at.max(now + SOONEST)))
}

/// Until when something may wait that began then: for no date that must not pass, which leaves the business day before
/// it to act, and at least so much time.
pub(super) fn well_before_one(
    rules: &Rules,
    packet: &Packet,
    latest: DateTime<Utc>,
    since: DateTime<Utc>,
    lead: TimeDelta,
) -> DateTime<Utc> {
    let Some((_, at)) = coming(rules, packet.deadlines(), since) else { return latest };
    let days_before = rules.calendar.local(at).date_naive().iter_days().rev().skip(1).take(DAYS_BEFORE);
    let opens = days_before.filter_map(|day| rules.calendar.hours(day)).map(|(opens, _)| opens).next();
    let until = opens.map_or(at - lead, |opens| opens.min(at - lead));
    latest.min(until.max(since + SOONEST))
}

/// The same for the dates of the referral in hand.
pub(super) fn before_its_own(course: &Course<'_>, due_at: DateTime<Utc>) -> DateTime<Utc> {
    before_one(course.rules, &course.referral.packet, due_at, course.now)
}

/// By when is to be decided what to do next, where a plan came to nothing: by the end of the next business day, sooner
/// where every decision is, and before a date that must not pass.
pub(super) fn decide_next(course: &Course<'_>) -> DateTime<Utc> {
    let calendar = &course.rules.calendar;
    let evening = calendar.end_of_business_day(course.now, 1);
    before_its_own(course, evening.min(course.ladder().decision_target.after(course.now, calendar)))
}

/// The next date of a packet that must not pass.
pub(super) fn next(rules: &Rules, packet: &Packet, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    coming(rules, packet.deadlines(), now).map(|(_, at)| at)
}

/// The next of these dates, with its label. A day without a time of day begins at midnight and counts until it is over.
fn coming(
    rules: &Rules,
    dates: impl Iterator<Item = Deadline>,
    now: DateTime<Utc>,
) -> Option<(&'static str, DateTime<Utc>)> {
    let dates = dates.filter(|deadline| !is_over(rules, deadline, now));
    dates.map(|deadline| (deadline.kind.label(), begins(rules, &deadline))).min_by_key(|(_, at)| *at)
}

fn begins(rules: &Rules, deadline: &Deadline) -> DateTime<Utc> {
    rules.calendar.instant(deadline.date, deadline.time.unwrap_or_default())
}

fn is_over(rules: &Rules, deadline: &Deadline, now: DateTime<Utc>) -> bool {
    let length = if deadline.time.is_some() { TimeDelta::zero() } else { TimeDelta::days(1) };
    begins(rules, deadline) + length <= now
}

/// A date before the end of the ladder is told to the workflow owner at once, also at night; one that is over is said
/// to be over (requirement 94). Who owns it hears of it with the assignment.
pub(super) fn at_arrival(course: &mut Course<'_>) {
    let dates: Vec<Deadline> = course.referral.packet.deadlines().collect();
    if say(course, &dates) && course.referral.owner != course.rules.roster.workflow_owner {
        alert(course, "date", &outcome::help(course));
    }
}

/// The dates a later mail added count as if the first one had named them: what is due comes before them, and the
/// workflow owner is told of one that comes soon.
pub(super) fn said_later(course: &mut Course<'_>, before: &[Deadline]) {
    let added: Vec<Deadline> =
        course.referral.packet.deadlines().filter(|deadline| !before.contains(deadline)).collect();
    if added.is_empty() || course.is_closed() {
        return;
    }
    come_before(course);
    if say(course, &added) {
        let step = format!("date-{}", course.now.timestamp());
        alert(course, &step, &outcome::help(course));
    }
}

/// Whether a later mail's date is taken in place of the one we hold: the sooner one is the safe one, and one that is
/// over is none. That they differ is asked about all the same.
pub(super) fn is_safer(course: &Course<'_>, field: Field, known: &Found, said: &Found) -> bool {
    let date = |found: &Found| {
        let mut alone = Packet::default();
        alone.put(field, found.clone());
        coming(course.rules, alone.deadlines(), course.now).map(|(_, at)| at)
    };
    date(said).is_some_and(|said| date(known).is_none_or(|known| said < known))
}

/// Everything that is due comes before the dates there are.
fn come_before(course: &mut Course<'_>) {
    let sooner = |course: &Course<'_>, clock: Clock| {
        let due_at = before_its_own(course, clock.due_at);
        if due_at < clock.due_at { Clock::due(due_at) } else { clock }
    };
    course.referral.rung.clock = sooner(course, course.referral.rung.clock);
    course.referral.decision = sooner(course, course.referral.decision);
    if let Some(mut hold) = course.referral.held {
        hold.clock = sooner(course, hold.clock);
        course.referral.held = Some(hold);
    }
    if let Some(mut onward) = course.referral.onward.take() {
        onward.receipt = sooner(course, onward.receipt);
        onward.decision = sooner(course, onward.decision);
        course.referral.onward = Some(onward);
    }
}

/// Writes down which of these dates are over; whether one of them comes before the work would end.
fn say(course: &mut Course<'_>, dates: &[Deadline]) -> bool {
    let (rules, now) = (course.rules, course.now);
    for deadline in dates.iter().filter(|deadline| is_over(rules, deadline, now)) {
        let question = format!("\"{}\" is over already", deadline.kind.label());
        if !course.referral.questions.contains(&question) {
            course.referral.questions.push(question);
        }
    }
    let ends_at = if course.referral.contact.is_running() {
        due::bounce_due(course)
    } else {
        course.ladder().decision_fallback.after(now, &rules.calendar)
    };
    let soon = coming(rules, dates.iter().copied(), now).filter(|(_, at)| *at < ends_at);
    let Some((label, _)) = soon else { return false };
    course.fact(FactKind::Raised, None, format!("\"{label}\" comes before the last step"));
    true
}

fn alert(course: &mut Course<'_>, step: &str, answers: &[&'static str]) {
    if course.mode() == Mode::Observe {
        return;
    }
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    let task = course.task(answers.to_vec());
    course.write_staff(&workflow_owner, step, Body::Escalation(task));
}

/// A date that staff heard from the person: it counts like one of the packet, moves the decision before it, and is told
/// at once where it comes soon. Answers what is wrong with it, or what it leaves open.
pub(super) fn heard_at_contact(course: &mut Course<'_>, by: &Actor, day: Day) -> Option<&'static str> {
    let (rules, now) = (course.rules, course.now);
    let today = rules.calendar.local(now).date_naive();
    let date = day.on(today)?;
    if date < today {
        return Some("that date is over already: confirmed deadline …");
    }
    let packet = &mut course.referral.packet;
    if packet.deadlines().any(|deadline| deadline.date == date) {
        return None;
    }
    let judged = Judged::Date { date, time: None, ambiguous: false };
    let place = "heard at contact".to_owned();
    let found = Found { value: date.to_string(), judged, confidence: Confidence::High, place };
    let kept = keep_heard(course, by, date, found);
    if kept != Kept::No {
        is_near(course, by);
    }
    (kept != Kept::Alone).then_some("only the sooner of these dates has a clock; both are in its questions")
}

/// What became of a date that was heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// It counts, beside all there were.
    Alone,
    /// It counts in place of another one.
    Instead,
    /// A sooner one stays.
    No,
}

/// Keeps a date that was heard: where there is none, or one that is over, or in place of a later one. Whichever of two
/// has to go, its day stays among the questions and in the history.
fn keep_heard(course: &mut Course<'_>, by: &Actor, date: NaiveDate, found: Found) -> Kept {
    let (rules, now, packet) = (course.rules, course.now, &course.referral.packet);
    let fields = [Field::OtherDeadline, Field::FilingDeadline];
    let held = |field: Field| packet.deadlines().find(|deadline| deadline.kind == field);
    let is_past = |field: &Field| held(*field).is_some_and(|deadline| is_over(rules, &deadline, now));
    let vacant = fields.into_iter().find(|field| packet.get(*field).is_none());
    if let Some(free) = vacant.or_else(|| fields.into_iter().find(is_past)) {
        course.referral.packet.put(free, found);
        return Kept::Alone;
    }
    let field = Field::OtherDeadline;
    let safer = packet.get(field).is_some_and(|known| is_safer(course, field, known, &found));
    let shown = |date: NaiveDate| date.format("%-d %b %Y").to_string();
    let known =
        held(field).map_or_else(|| "what nobody could read as a day".to_owned(), |one| shown(one.date));
    let (heard, label) = (shown(date), field.label());
    let question = if safer {
        format!(
            "{heard} was heard at contact and counts as \"{label}\"; {known} stood there and has no clock any more: \
             see to both"
        )
    } else {
        format!("{heard} was heard at contact, after \"{label}\" {known}, and has no clock: see to both")
    };
    course.fact(FactKind::Noted, Some(by), question.clone());
    ask(course, question);
    if !safer {
        return Kept::No;
    }
    course.referral.packet.put(field, found);
    Kept::Instead
}

/// The decision comes before the dates there are, and one that comes before the last day for it is told at once.
fn is_near(course: &mut Course<'_>, by: &Actor) {
    let (rules, now) = (course.rules, course.now);
    let due_at = before_its_own(course, course.referral.decision.due_at);
    if due_at < course.referral.decision.due_at {
        course.referral.decision = Clock::due(due_at);
    }
    let latest = course.ladder().decision_fallback.after(now, &rules.calendar);
    let Some(at) = next(rules, &course.referral.packet, now).filter(|at| *at < latest) else { return };
    let shown = rules.calendar.local(at).format("%a %-d %b");
    course.fact(FactKind::Raised, Some(by), format!("a date that must not pass is near: {shown}"));
    if *by != Actor::Staff(rules.roster.workflow_owner.clone()) {
        let step = format!("date-{}", now.timestamp());
        alert(course, &step, &["assign", "accept", "redirect to"]);
    }
}
