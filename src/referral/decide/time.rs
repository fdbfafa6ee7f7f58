//! Time: one table of marks ([`marks`]) says everything that will become due; [`passes`] works off what is.
//!
//! The rules look at the state, never at "a timer fired": a lost wake-up loses nothing, one too many changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::event::{Actor, Service};
use super::super::letter::Body;
use super::super::policy::{Ladder, Step};
use super::super::record::{BounceReason, Clock, Contact, ContactResult, FactKind, Status};
use super::super::roster::Mode;
use super::{Course, client};

/// Something that becomes due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Mark {
    /// The owner has not looked at what somebody wrote.
    HoldEscalates,
    /// The contact is due soon.
    ContactReminder,
    /// The partner may be asked for a better way.
    LoopBack,
    /// The contact is overdue.
    ContactEscalation,
    /// The next rung begins.
    NextRung,
    /// The contact will be given up.
    Warning,
    /// The contact is given up.
    Bounce,
    /// The decision is due soon.
    DecisionReminder,
    /// The decision is overdue.
    DecisionEscalation,
}

/// A bounce whose conditions are not met yet is looked at again so soon.
const BOUNCE_RETRY: TimeDelta = TimeDelta::minutes(15);
/// No record can have more marks due at once; reaching it would be a mark that does not clear itself.
const MOST_MARKS: usize = 32;

/// Works off everything that is due. After a long silence one person gets one letter: the gravest.
pub(super) fn passes(course: &mut Course<'_>, service: Service) {
    for _ in 0..MOST_MARKS {
        let Some((_, mark)) = marks(course).into_iter().filter(|(at, _)| *at <= course.now).min() else {
            break;
        };
        if mark == Mark::Bounce && !may_bounce(course, service) {
            break;
        }
        work_off(course, mark);
    }
    keep_gravest(course);
}

/// When the rules want to be asked again.
pub(super) fn next_look(course: &Course<'_>) -> Option<DateTime<Utc>> {
    let (at, _) = marks(course).into_iter().min()?;
    Some(if at <= course.now { course.now + BOUNCE_RETRY } else { at })
}

/// When the person must have been reached or the rung's attempts logged.
pub(super) fn contact_due(course: &Course<'_>) -> DateTime<Utc> {
    if course.ladder().steps.get(course.referral.rung.step).is_some() {
        course.referral.rung.clock.due_at
    } else {
        bounce_at(course)
    }
}

/// Everything that will become due in this state, each with the instant at which it is worked off.
fn marks(course: &Course<'_>) -> Vec<(DateTime<Utc>, Mark)> {
    all_marks(course).into_iter().map(|(at, mark)| (open_from(course, at, mark), mark)).collect()
}

fn all_marks(course: &Course<'_>) -> Vec<(DateTime<Utc>, Mark)> {
    let referral = &course.referral;
    if course.is_closed() || course.mode() == Mode::Observe {
        return Vec::new();
    }
    let mut marks = Vec::new();
    if let Some(hold) = &referral.held {
        if hold.clock.escalated_at.is_none() {
            marks.push((hold.clock.due_at, Mark::HoldEscalates));
        }
        return marks;
    }
    if referral.contact.is_running() {
        contact_marks(course, &mut marks);
    }
    if referral.status.is_pending() || matches!(referral.contact, Contact::Bounced { .. }) {
        decision_marks(course, &mut marks);
    }
    marks
}

fn contact_marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let (referral, ladder) = (&course.referral, course.ladder());
    let rung = &referral.rung;
    let Some(step) = ladder.steps.get(rung.step) else {
        let warn_at = bounce_due(course) - TimeDelta::hours(i64::from(course.policy().grace_hours));
        marks.push(if rung.warned_at.is_none() {
            (warn_at, Mark::Warning)
        } else {
            (bounce_at(course), Mark::Bounce)
        });
        return;
    };
    let overdue_at = rung.clock.due_at + TimeDelta::hours(i64::from(ladder.escalate_hours));
    let remind_at = rung.clock.due_at - TimeDelta::hours(i64::from(ladder.remind_hours));
    if rung.clock.reminded_at.is_none() {
        marks.push((remind_at, Mark::ContactReminder));
    }
    if may_loop_back(course, step) {
        marks.push((previous_due(course, ladder), Mark::LoopBack));
    }
    if rung.clock.escalated_at.is_none() {
        marks.push((overdue_at, Mark::ContactEscalation));
    } else {
        marks.push((overdue_at, Mark::NextRung));
    }
}

fn decision_marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let (referral, ladder) = (&course.referral, course.ladder());
    let pause_until = match &referral.status {
        Status::NeedsInfo { since } => {
            Some(course.policy().needs_info_cap.after(*since, &course.rules.calendar))
        }
        Status::Received
        | Status::UnderReview
        | Status::Accepted
        | Status::Redirected { .. }
        | Status::Closed { .. } => None,
    };
    let not_before = |at: DateTime<Utc>| pause_until.map_or(at, |pause| pause.max(at));
    let clock = &referral.decision;
    if clock.reminded_at.is_none() {
        let at = clock.due_at - TimeDelta::hours(i64::from(ladder.remind_hours));
        marks.push((not_before(at), Mark::DecisionReminder));
    }
    if clock.escalated_at.is_none() {
        let at = clock.due_at + TimeDelta::hours(i64::from(ladder.escalate_hours));
        marks.push((not_before(at), Mark::DecisionEscalation));
    }
}

fn work_off(course: &mut Course<'_>, mark: Mark) {
    let now = course.now;
    match mark {
        Mark::HoldEscalates => {
            if let Some(hold) = &mut course.referral.held {
                hold.clock.escalated_at = Some(now);
            }
            escalate(course, "hold");
        }
        Mark::ContactReminder => {
            course.referral.rung.clock.reminded_at = Some(now);
            remind(course, "contact");
        }
        Mark::LoopBack => loop_back(course),
        Mark::ContactEscalation => {
            course.referral.rung.clock.reminded_at = Some(now);
            course.referral.rung.clock.escalated_at = Some(now);
            escalate(course, "contact");
        }
        Mark::NextRung => climb(course),
        Mark::Warning => warn(course),
        Mark::Bounce => bounce_by_clock(course),
        Mark::DecisionReminder => {
            course.referral.decision.reminded_at = Some(now);
            remind(course, "decision");
        }
        Mark::DecisionEscalation => {
            course.referral.decision.reminded_at = Some(now);
            course.referral.decision.escalated_at = Some(now);
            escalate(course, "decision");
        }
    }
}

fn remind(course: &mut Course<'_>, about: &str) {
    let step = format!("{about}-{}", course.referral.rung.step + 1);
    course.fact(FactKind::Reminded, None, format!("owner reminded of the {about}"));
    let owner = course.referral.owner.clone();
    let task = course.task(vec!["attempt call no answer", "confirmed", "accept", "decline"]);
    course.write_staff(&owner, step, Body::Reminder(task));
}

fn escalate(course: &mut Course<'_>, about: &str) {
    let step = format!("{about}-{}-{}", course.referral.rung.step + 1, course.now.timestamp());
    course.fact(FactKind::Escalated, None, format!("workflow owner told that the {about} is overdue"));
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    let task = course.task(vec!["assign", "attempt call no answer", "confirmed"]);
    course.write_staff(&workflow_owner, step, Body::Escalation(task));
}

fn loop_back(course: &mut Course<'_>) {
    course.referral.rung.looped_back_at = Some(course.now);
    course.fact(FactKind::LoopedBack, None, "partner asked for a better way to reach the client");
    let reference = course.referral.reference.clone();
    let attempts = course.referral.attempts.len();
    course.write_sender("1", Body::LoopBack { reference, attempts });
}

fn may_loop_back(course: &Course<'_>, step: &Step) -> bool {
    let partner = course.referral.sender.partner.as_ref().and_then(|id| course.rules.roster.partner(id));
    step.loop_back
        && course.referral.rung.looped_back_at.is_none()
        && partner.is_some_and(|partner| partner.loop_back)
}

fn previous_due(course: &Course<'_>, ladder: &Ladder) -> DateTime<Utc> {
    let before = course.referral.rung.step.checked_sub(1).and_then(|step| ladder.steps.get(step));
    before.map_or(course.referral.received_at, |step| {
        step.due.after(course.referral.received_at, &course.rules.calendar)
    })
}

/// Goes to the next rung; one whose time has passed meanwhile (the service was down) is skipped, and the record says so.
pub(super) fn climb(course: &mut Course<'_>) {
    let ladder = course.ladder();
    let (received_at, calendar) = (course.referral.received_at, &course.rules.calendar);
    let mut step = course.referral.rung.step + 1;
    let due = |step: usize| ladder.steps.get(step).map(|step| step.due.after(received_at, calendar));
    while due(step).is_some_and(|at| at + TimeDelta::hours(i64::from(ladder.escalate_hours)) <= course.now) {
        course.fact(FactKind::Skipped, None, format!("step {} was not sent: its time had passed", step + 1));
        step += 1;
    }
    course.referral.rung.step = step;
    course.referral.rung.clock = Clock::due(due(step).unwrap_or_else(|| bounce_due(course)));
    client::tell_trying(course);
}

fn warn(course: &mut Course<'_>) {
    course.referral.rung.warned_at = Some(course.now);
    let bounce_at = bounce_at(course);
    course.fact(FactKind::Warned, None, "final warning: the contact will be given up");
    let task = course.task(vec!["attempt call no answer", "confirmed", "bounce bad contact info", "resume"]);
    for id in both(course) {
        course.write_staff(&id, "1", Body::FinalWarning { task: task.clone(), bounce_at });
    }
}

/// The bounce must not lie: the warning was really sent the grace ago, and the inbox was read after the deadline.
fn may_bounce(course: &Course<'_>, service: Service) -> bool {
    let grace = TimeDelta::hours(i64::from(course.policy().grace_hours));
    let warned = service.warning_sent_at.is_some_and(|at| at + grace <= course.now);
    let drained = service.inbox_read_at.is_some_and(|at| at >= bounce_due(course));
    warned && drained
}

fn bounce_by_clock(course: &mut Course<'_>) {
    let logged = !counted_attempts(course).is_empty();
    let reason = if logged { reason_from_attempts(course) } else { BounceReason::CapacityDelay };
    bounce(course, None, reason);
}

/// Gives the contact up: says why, what happens instead, and tells everybody who waits.
pub(super) fn bounce(course: &mut Course<'_>, by: Option<&Actor>, reason: BounceReason) {
    let attempts_logged = !counted_attempts(course).is_empty();
    course.referral.contact = Contact::Bounced { at: course.now, reason, attempts_logged };
    let due_at = course.rules.calendar.end_of_business_day(course.now, 1);
    course.referral.decision = Clock::due(due_at.max(course.now));
    let cause = if attempts_logged { "" } else { ", no attempt logged" };
    course.fact(FactKind::Bounced, by, format!("{}{cause}; next: {}", reason.code(), reason.next_action()));
    let task = course.task(vec!["redirect to", "close", "reopen"]);
    for id in both(course) {
        let body = Body::BounceNotice {
            task: task.clone(),
            reason: reason.words(),
            instead: reason.next_action(),
            attempts_logged,
        };
        course.write_staff(&id, course.now.timestamp().to_string(), body);
    }
    super::message::tell_outcome(course, "no contact");
    client::tell_alternatives(course, reason);
}

/// The reason the attempts speak for; staff may name another one.
fn reason_from_attempts(course: &Course<'_>) -> BounceReason {
    let somebody_else =
        course.referral.attempts.iter().any(|attempt| attempt.result == ContactResult::SomebodyElse);
    if somebody_else { BounceReason::UnsafeToContact } else { BounceReason::BadContactInfo }
}

/// Attempts on channels that were not ruled out count; others are in the record, but prove nothing.
pub(super) fn counted_attempts<'a>(course: &'a Course<'_>) -> Vec<&'a super::super::record::Attempt> {
    use super::super::packet::Safety;
    use super::super::record::Channel;
    let channels = course.referral.packet.channels();
    let safety = |channel: Channel| match channel {
        Channel::Call => channels.call,
        Channel::Text => channels.text,
        Channel::Email => channels.email,
        Channel::Letter => channels.letter,
        Channel::Portal => Safety::Unknown,
    };
    course.referral.attempts.iter().filter(|attempt| safety(attempt.channel) != Safety::NotSafe).collect()
}

fn bounce_due(course: &Course<'_>) -> DateTime<Utc> {
    course.ladder().bounce.after(course.referral.received_at, &course.rules.calendar)
}

/// The bounce, but never sooner than the grace after the warning.
fn bounce_at(course: &Course<'_>) -> DateTime<Utc> {
    let grace = TimeDelta::hours(i64::from(course.policy().grace_hours));
    let warned = course.referral.rung.warned_at.map(|at| at + grace);
    warned.map_or(bounce_due(course), |at| at.max(bounce_due(course)))
}

/// Owner and workflow owner, once each.
fn both(course: &Course<'_>) -> Vec<super::super::roster::StaffId> {
    let owner = course.referral.owner.clone();
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    if owner == workflow_owner { vec![owner] } else { vec![owner, workflow_owner] }
}

/// Letters of the standard tier keep to business hours: what warns of something goes out while somebody can still act
/// before it, everything else when the office opens.
fn open_from(course: &Course<'_>, at: DateTime<Utc>, mark: Mark) -> DateTime<Utc> {
    let calendar = &course.rules.calendar;
    match mark {
        _ if course.ladder().any_hour => at,
        Mark::ContactReminder | Mark::DecisionReminder | Mark::Warning => {
            calendar.last_open(at).max(calendar.next_open(course.referral.received_at))
        }
        Mark::HoldEscalates
        | Mark::LoopBack
        | Mark::ContactEscalation
        | Mark::NextRung
        | Mark::Bounce
        | Mark::DecisionEscalation => calendar.next_open(at),
    }
}

/// Several marks at once mean the service was down: each person gets one letter, the gravest.
fn keep_gravest(course: &mut Course<'_>) {
    const GRAVITY: [&str; 4] = ["reminder", "escalation", "final-warning", "bounce-notice"];
    let weight = |body: &Body| GRAVITY.iter().position(|kind| *kind == body.kind()).map_or(0, |at| at + 1);
    let letters = std::mem::take(&mut course.letters);
    for letter in &letters {
        let graver = |other: &&super::super::letter::Letter| {
            other.to == letter.to && weight(&other.body) > weight(&letter.body)
        };
        if weight(&letter.body) == 0 || !letters.iter().any(|other| graver(&other)) {
            course.letters.push(letter.clone());
        }
    }
}
