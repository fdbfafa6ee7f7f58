//! Update: a client who was reached is not left in silence (requirement 83). Their letter goes through the gate; where
//! it may not leave, the owner is asked to tell them, and at the latest the workflow owner hears of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::contact::Contact;
use super::super::letter::{Body, Part, Task};
use super::super::record::{FactKind, NextAction, Update};
use super::escalation::write_escalation;
use super::mark::Mark;
use super::{Course, client};

/// Sets the clock once the client was reached, and again whenever they hear from us. A client who does not want to hear
/// from us, and one nobody can reach, has none.
pub(super) fn keep(course: &mut Course<'_>) {
    let reached = matches!(course.referral.contact, Contact::Confirmed { .. });
    if !reached || course.is_closed() || course.referral.stopped {
        course.referral.update = None;
        return;
    }
    let hears = course.letters.iter().any(|letter| letter.to.part == Part::Client);
    if hears || course.referral.update.is_none() {
        let due_at = course.ladder().update_target.after(course.now, &course.rules.calendar);
        let before = course.referral.update.map(|update| update.since);
        course.referral.update = Some(Update { since: course.now, before, clock: Clock::due(due_at) });
    }
}

/// A letter of this instant did not reach them. Whether it was the newest one: they heard last by the one before, or
/// when they were reached.
pub(super) fn unheard(course: &mut Course<'_>, written_at: DateTime<Utc>) -> bool {
    let Contact::Confirmed { at: reached_at, .. } = course.referral.contact else { return false };
    let Some(update) = &mut course.referral.update else { return false };
    if update.since > written_at {
        update.before = update.before.filter(|before| *before > written_at);
        return false;
    }
    update.since = update.before.take().unwrap_or(reached_at).min(update.since);
    true
}

/// What becomes due of it. Who wrote to us waits for an answer anyway.
pub(super) fn marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let Some(update) = course.referral.update.filter(|_| course.referral.held.is_none()) else { return };
    if update.clock.reminded_at.is_none() {
        marks.push((update.clock.due_at, Mark::UpdateDue));
    }
    if update.clock.escalated_at.is_none() {
        let late = TimeDelta::hours(i64::from(course.ladder().escalate_hours));
        marks.push((latest(course, update) + late, Mark::UpdateOverdue));
    }
}

fn latest(course: &Course<'_>, update: Update) -> DateTime<Utc> {
    course.ladder().update_fallback.after(update.since, &course.rules.calendar)
}

/// The client hears that their request is still open, or the owner that they have to tell them.
pub(super) fn due(course: &mut Course<'_>) {
    client::tell_update(course, "open");
    if course.letters.iter().any(|letter| letter.to.part == Part::Client) {
        course.fact(FactKind::ClientTold, None, "client told that it is still open");
        keep(course);
        return;
    }
    ask_owner(course);
}

/// No letter tells the client where it stands, and so the owner has to.
pub(super) fn ask_owner(course: &mut Course<'_>) {
    let Some(update) = course.referral.update.filter(|_| !course.referral.stopped) else { return };
    mark(course, false);
    course.fact(FactKind::Reminded, None, "owner reminded to tell the client where it stands");
    let (owner, task) = (course.reader(), task(course, update));
    course.write_staff(&owner, format!("update-{}", update.clock.due_at.timestamp()), Body::Reminder(task));
}

/// Nobody told them: the workflow owner hears of it, once.
pub(super) fn overdue(course: &mut Course<'_>) {
    let Some(update) = course.referral.update else { return };
    mark(course, true);
    let task = task(course, update);
    write_escalation(course, "update", "the client was not told where it stands", task);
}

fn mark(course: &mut Course<'_>, escalated: bool) {
    let now = course.now;
    if let Some(update) = &mut course.referral.update {
        update.clock.reminded_at = Some(now);
        if escalated {
            update.clock.escalated_at = Some(now);
        }
    }
}

fn task(course: &Course<'_>, update: Update) -> Task {
    let since = course.rules.calendar.local(update.since).format("%a %-d %b");
    let mut task = course.task(vec!["confirmed", "details", "close"]);
    task.next_action = NextAction::TellClient.words();
    task.due_at = latest(course, update);
    task.questions.push(format!(
        "the client has heard nothing from us since {since}; once you told them, write confirmed"
    ));
    task
}
