//! Time: one table of marks ([`marks`]) says everything that will become due; [`passes`] works off what is.
//!
//! The rules look at the state, never at "a timer fired": a lost wake-up loses nothing, one too many changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::contact::Contact;
use super::super::event::Service;
use super::super::letter::{Body, KEPT_DAYS};
use super::super::policy::{Ladder, Step};
use super::super::record::{FactKind, Status};
use super::super::roster::Mode;
use super::attempts::counted_attempts;
use super::bounce::{bounce_by_clock, may_bounce};
use super::due::{bounce_after, bounce_at, bounce_due, due_of, grace};
use super::escalation::{both, write_escalation};
use super::mark::Mark;
use super::outcome::{help, likely};
use super::{Course, client, conflict, dates, onward, update};

/// A warning goes out so much earlier than the grace asks, so that the way through the outbox does not make it late.
const IN_TIME: TimeDelta = TimeDelta::hours(1);
/// A bounce whose conditions are not met yet is looked at again so soon.
const BOUNCE_RETRY: TimeDelta = TimeDelta::minutes(15);
/// What became due before somebody wrote about it, and was not worked off yet, is looked at again so soon.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);
/// A warning that the mail server has not taken for so long never leaves: the outbox gave it up the day before.
const NEVER_LEFT: TimeDelta = TimeDelta::days(KEPT_DAYS + 1);
/// No record can have more marks due at once; reaching it would be a mark that does not clear itself.
const MOST_MARKS: usize = 32;

/// Nobody was chased while we were down, and so nobody is late for it: the rest of the ladder comes later by as much.
fn make_up(course: &mut Course<'_>, mark_at: DateTime<Utc>) {
    let lost = course.now - mark_at;
    if lost > IN_TIME {
        course.referral.rung.from += lost;
        let words =
            format!("nobody was reminded for {} hours; the ladder goes on from here", lost.num_hours());
        course.fact(FactKind::Skipped, None, words);
    }
}

/// Works off everything that is due. After a long silence one person gets one letter: the gravest.
pub(super) fn passes(course: &mut Course<'_>, service: Service) {
    give_to_somebody_here(course);
    forget_unsent_warning(course, service);
    for _ in 0..MOST_MARKS {
        // A bounce that must wait keeps nothing else waiting.
        let ripe = |mark: Mark| mark != Mark::Bounce || may_bounce(course, service);
        let due = marks(course).into_iter().filter(|(at, mark)| *at <= course.now && ripe(*mark)).min();
        let Some((at, mark)) = due else { break };
        if mark == Mark::NextRung {
            make_up(course, at);
        }
        work_off(course, mark);
    }
    keep_gravest(course);
}

/// Without a warning that left nobody is given up, and so one that never left is written again.
fn forget_unsent_warning(course: &mut Course<'_>, service: Service) {
    let Some(warned_at) = course.referral.rung.warned_at else { return };
    let has_left = service.warning_sent_at.is_some_and(|at| at >= warned_at);
    if !has_left && course.now - warned_at >= NEVER_LEFT && course.referral.contact.is_running() {
        course.referral.rung.warned_at = None;
    }
}

/// An owner who left the roster is nobody: the referral goes to somebody who is here, and both hear of it (there is
/// exactly one owner, always).
fn give_to_somebody_here(course: &mut Course<'_>) {
    if course.is_closed() || course.rules.roster.staff(&course.referral.owner).is_some() {
        return;
    }
    let nobody_owns_yet = std::collections::BTreeMap::new();
    let owner = course.rules.roster.route(
        &course.referral.packet,
        course.referral.sender.partner.as_ref(),
        &nobody_owns_yet,
        course.now,
    );
    let before = course.hand_over(&owner);
    course.fact(FactKind::Assigned, None, format!("owner is {owner}; {before} left"));
    let task = course.task(vec!["details", "attempt call no answer", "confirmed", "accept", "decline"]);
    course.write_staff(&owner, format!("after-{before}"), Body::Assignment(task));
}

/// When the rules want to be asked again.
pub(super) fn next_look(course: &Course<'_>) -> Option<DateTime<Utc>> {
    let again = |(at, mark): (DateTime<Utc>, Mark)| {
        let wait = if mark == Mark::Bounce { BOUNCE_RETRY } else { AT_ONCE };
        if at <= course.now { course.now + wait } else { at }
    };
    marks(course).into_iter().map(again).min()
}

/// Everything that will become due in this state, each with the instant at which it is worked off.
fn marks(course: &Course<'_>) -> Vec<(DateTime<Utc>, Mark)> {
    all_marks(course).into_iter().map(|(at, mark)| (open_from(course, at, mark), mark)).collect()
}

fn all_marks(course: &Course<'_>) -> Vec<(DateTime<Utc>, Mark)> {
    let referral = &course.referral;
    let mut marks = Vec::new();
    if course.is_closed() {
        return marks;
    }
    // Who was asked is waited for in every mode.
    onward::marks(course, &mut marks);
    if course.mode() == Mode::Observe {
        return marks;
    }
    if let Some(hold) = &referral.held {
        // A person waits for an answer and the ladder stands still for it: said again each business day, and where no
        // hour is too late, each day.
        let (ladder, calendar) = (course.ladder(), &course.rules.calendar);
        let next_day = |at| {
            let evening = calendar.end_of_business_day(at, 0);
            if ladder.any_hour { evening.min(at + TimeDelta::days(1)) } else { evening }
        };
        marks.push((hold.clock.escalated_at.map_or(hold.clock.due_at, next_day), Mark::HoldEscalates));
    } else if referral.contact.is_running() {
        contact_marks(course, &mut marks);
    }
    // A hold stops the ladder, neither the last day of the contact nor the decision.
    latest_mark(course, &mut marks);
    let open_end = matches!(referral.contact, Contact::Bounced { .. } | Contact::DoNotContact);
    if (referral.status.is_pending() || open_end) && referral.onward.is_none() {
        decision_marks(course, &mut marks);
    }
    conflict::marks(course, &mut marks);
    update::marks(course, &mut marks);
    marks
}

/// The contact clock never stops (requirement C7): who was warned that the contact ends knows it already.
fn latest_mark(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let (referral, rung) = (&course.referral, &course.referral.rung);
    let knows = rung.latest_told_at.is_some() || (rung.warned_at.is_some() && referral.held.is_none());
    if let Some(latest) = rung.latest.filter(|_| referral.contact.is_running() && !knows) {
        let late = TimeDelta::hours(i64::from(course.ladder().escalate_hours));
        marks.push((latest + late, Mark::ContactLatest));
    }
}

fn contact_marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let (referral, ladder) = (&course.referral, course.ladder());
    let rung = &referral.rung;
    let Some(step) = ladder.steps.get(rung.step) else {
        marks.push(match rung.warned_at {
            None => (bounce_due(course) - grace(course) - IN_TIME, Mark::Warning),
            Some(warned_at) => (bounce_after(course, warned_at), Mark::Bounce),
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

/// Until when the decision clock stands still at most: somebody else has to fill something in. It goes on well before a
/// date that must not pass, while there is time to decide.
fn pause_until(course: &Course<'_>) -> Option<DateTime<Utc>> {
    match &course.referral.status {
        Status::NeedsInfo { since } => {
            let cap = course.needs_info_cap.after(*since, &course.rules.calendar);
            let lead = TimeDelta::hours(i64::from(course.ladder().remind_hours));
            Some(dates::well_before_one(course.rules, &course.referral.packet, cap, *since, lead))
        }
        Status::Received
        | Status::UnderReview
        | Status::Accepted
        | Status::Redirected { .. }
        | Status::Closed { .. } => None,
    }
}

/// When the decision is due, its pause taken into account.
pub(super) fn decision_due(course: &Course<'_>) -> DateTime<Utc> {
    let due_at = course.referral.decision.due_at;
    pause_until(course).map_or(due_at, |pause| pause.max(due_at))
}

fn decision_marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let (referral, ladder) = (&course.referral, course.ladder());
    let pause_until = pause_until(course);
    let not_before = |at: DateTime<Utc>| pause_until.map_or(at, |pause| pause.max(at));
    let clock = &referral.decision;
    if clock.reminded_at.is_none() {
        let at = clock.due_at - TimeDelta::hours(i64::from(ladder.remind_hours));
        marks.push((not_before(at), Mark::DecisionReminder));
    }
    // The target first, then the fallback; after that the digest names it every day.
    let Some(escalated_at) = clock.escalated_at else {
        let at = clock.due_at + TimeDelta::hours(i64::from(ladder.escalate_hours));
        marks.push((not_before(at), Mark::DecisionEscalation));
        return;
    };
    let fallback_at = ladder.decision_fallback.after(referral.rung.from, &course.rules.calendar);
    if escalated_at < fallback_at {
        marks.push((fallback_at, Mark::DecisionEscalation));
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
            remind(course, "contact", course.referral.rung.clock.due_at);
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
            remind(course, "decision", course.referral.decision.due_at);
        }
        Mark::DecisionEscalation => {
            course.referral.decision.reminded_at = Some(now);
            course.referral.decision.escalated_at = Some(now);
            escalate(course, "decision");
        }
        Mark::ConflictReminder => conflict::remind(course),
        Mark::ConflictEscalation => conflict::escalate(course),
        Mark::ReceiptReminder | Mark::ReceiptOverdue | Mark::AnswerReminder | Mark::AnswerOverdue => {
            onward::work_off(course, mark);
        }
        Mark::ContactLatest => {
            course.referral.rung.latest_told_at = Some(now);
            let task = course.task(help(course));
            write_escalation(course, "latest", "nobody reached the client by the last day for it", task);
        }
        Mark::UpdateDue => update::due(course),
        Mark::UpdateOverdue => update::overdue(course),
    }
}

fn remind(course: &mut Course<'_>, about: &str, due_at: DateTime<Utc>) {
    // One reminder a due time: a clock that was set again may remind again.
    let step = format!("{about}-{}", due_at.timestamp());
    course.fact(FactKind::Reminded, None, format!("owner reminded of the {about}"));
    let owner = course.reader();
    let mut lines = likely(&course.referral);
    if lines.contains(&"accept") && !lines.contains(&"decline") {
        lines.push("decline");
    }
    let task = course.task(lines);
    course.write_staff(&owner, step, Body::Reminder(task));
}

fn escalate(course: &mut Course<'_>, about: &str) {
    let task = course.task(help(course));
    write_escalation(course, about, &format!("the {about} is overdue"), task);
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
    // To ask for a better way before anybody tried one would be an odd question.
    step.loop_back
        && !counted_attempts(course).is_empty()
        && course.referral.rung.looped_back_at.is_none()
        && partner.is_some_and(|partner| partner.loop_back)
}

fn previous_due(course: &Course<'_>, ladder: &Ladder) -> DateTime<Utc> {
    let (rung, calendar) = (&course.referral.rung, &course.rules.calendar);
    rung.step.checked_sub(1).map_or(rung.from, |before| due_of(ladder, before, rung.from, calendar))
}

/// Goes to the next rung; one whose time has passed meanwhile (the service was down) is skipped, and the record says
/// so.
pub(super) fn climb(course: &mut Course<'_>) {
    let ladder = course.ladder();
    let (from, calendar) = (course.referral.rung.from, &course.rules.calendar);
    let late = TimeDelta::hours(i64::from(ladder.escalate_hours));
    let mut step = course.referral.rung.step + 1;
    while step < ladder.steps.len() && due_of(ladder, step, from, calendar) + late <= course.now {
        course.fact(FactKind::Skipped, None, format!("step {} was not sent: its time had passed", step + 1));
        step += 1;
    }
    course.referral.rung.step = step;
    let due_at = due_of(ladder, step, from, calendar);
    course.referral.rung.clock = Clock::due(dates::before_its_own(course, due_at));
    client::tell_trying(course);
}

fn warn(course: &mut Course<'_>) {
    course.referral.rung.warned_at = Some(course.now);
    let bounce_at = bounce_at(course);
    let step = course.now.timestamp().to_string();
    course.fact(FactKind::Warned, None, "final warning: the contact will be given up");
    let task = course.task(vec!["attempt call no answer", "confirmed", "bounce bad contact info", "resume"]);
    for id in both(course) {
        course.write_staff(&id, step.clone(), Body::FinalWarning { task: task.clone(), bounce_at });
    }
}

/// Letters of the standard tier keep to business hours: what warns of something goes out while somebody can still act
/// before it, everything else when the office opens.
fn open_from(course: &Course<'_>, at: DateTime<Utc>, mark: Mark) -> DateTime<Utc> {
    let calendar = &course.rules.calendar;
    match mark {
        _ if course.ladder().any_hour => at,
        Mark::ContactReminder | Mark::DecisionReminder | Mark::ConflictReminder | Mark::Warning => {
            calendar.last_open(at).max(calendar.next_open(course.referral.received_at))
        }
        Mark::HoldEscalates
        | Mark::LoopBack
        | Mark::ContactEscalation
        | Mark::NextRung
        | Mark::Bounce
        | Mark::DecisionEscalation
        | Mark::ConflictEscalation
        | Mark::ReceiptOverdue
        | Mark::AnswerOverdue
        | Mark::ContactLatest
        | Mark::UpdateDue
        | Mark::UpdateOverdue => calendar.next_open(at),
        // These leave while the partner is open.
        Mark::ReceiptReminder | Mark::AnswerReminder => at,
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
