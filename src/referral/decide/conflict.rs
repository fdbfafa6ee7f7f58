//! The conflict check: seen at intake or when more arrives, told to the reviewers only, with a due time of its own, and
//! asked for before anything is accepted (requirement 50).
//!
//! The sender and the client never hear of it. Reviewers are who may say `conflict` by the table of verbs; they hear in
//! which referral a name stands, never whose it is. Anybody else of the staff, the owner too, hears of a review at
//! most.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::conflict::{ConflictState, Finding, names_another_side};
use super::super::fact::reason_kept;
use super::super::letter::{Body, Letter, Part, Recipient, Task};
use super::super::packet::Packet;
use super::super::party::Actor;
use super::super::policy::Tier;
use super::super::record::{FactKind, NextAction};
use super::super::reference::Reference;
use super::super::roster::StaffId;
use super::Course;
use super::mark::Mark;
use super::outcome::Outcome;

/// More other referrals are not named: somebody must look anyway.
const MOST_NAMED: usize = 5;
/// More are not remembered.
const MOST_KEPT: usize = 200;

/// The first look. The owner reads it in the assignment; of a name that stands elsewhere the data owner hears too.
pub(super) fn at_arrival(course: &mut Course<'_>, with: &[Reference]) {
    let names = names_another_side(&course.referral.packet);
    if note(course, names, with) && course.referral.conflict.state == ConflictState::Hit {
        let owner = course.referral.owner.clone();
        flag(course, Some(&owner));
    }
}

/// A look at what the sender added to the packet `before`. A name that stands elsewhere is told to both reviewers.
pub(super) fn seen(course: &mut Course<'_>, before: &Packet, with: &[Reference]) {
    if course.is_closed() {
        return;
    }
    let newly = names_another_side(&course.referral.packet) && !names_another_side(before);
    if note(course, newly, with) && course.referral.conflict.state == ConflictState::Hit {
        flag(course, None);
    }
}

/// Takes down that another side is named now, and in which referrals names stand; whether somebody must look because
/// of it.
fn note(course: &mut Course<'_>, newly: bool, with: &[Reference]) -> bool {
    let own = course.referral.reference.clone();
    let conflict = &mut course.referral.conflict;
    let told: Vec<Reference> = with
        .iter()
        .filter(|other| **other != own && !conflict.with.contains(other))
        .take(MOST_KEPT)
        .cloned()
        .collect();
    let first = newly && conflict.state != ConflictState::Hit;
    if told.is_empty() && !first {
        return false;
    }
    let words = if told.is_empty() {
        conflict.state = ConflictState::ToCheck;
        "the packet names an opposing party: to be checked".to_owned()
    } else {
        conflict.state = ConflictState::Hit;
        conflict.with.extend(told.iter().cloned());
        format!("a name also stands in {}: to be checked", list(&told))
    };
    let due_at = due_after(course, course.now);
    course.referral.conflict.clock = Some(Clock::due(due_at));
    course.fact(FactKind::ConflictSeen, None, words);
    true
}

/// A check is due in time of its own, and never after the decision it is for.
fn due_after(course: &Course<'_>, from: DateTime<Utc>) -> DateTime<Utc> {
    let calendar = &course.rules.calendar;
    let check = course.conflict_check.after(from, calendar);
    check.min(course.ladder().decision_target.after(from, calendar))
}

fn list(references: &[Reference]) -> String {
    let named: Vec<&str> = references.iter().take(MOST_NAMED).map(Reference::as_str).collect();
    match references.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Tells the reviewers, but not one who reads it in another letter of this moment.
fn flag(course: &mut Course<'_>, knows: Option<&StaffId>) {
    let step = course.now.timestamp_millis().to_string();
    for id in reviewers(course).iter().filter(|id| Some(*id) != knows) {
        let task = task(course);
        course.write_staff(id, step.clone(), Body::ConflictFlag(task));
    }
}

/// Whether this member of staff reviews conflicts of this referral, and so may hear of one.
fn reviews(course: &Course<'_>, id: &StaffId) -> bool {
    course.rules.may(id, "conflict", Some(&course.referral), course.now)
}

/// Whom a match is told: the owner and the data owner, as far as they review; else the first of those who do.
fn reviewers(course: &Course<'_>) -> Vec<StaffId> {
    let roster = &course.rules.roster;
    let mut usual = vec![course.reader(), roster.data_owner.clone()];
    usual.dedup();
    usual.retain(|id| reviews(course, id));
    if usual.is_empty() {
        let rest = std::iter::once(&roster.workflow_owner)
            .chain(&roster.admins)
            .chain(roster.staff.iter().map(|staff| &staff.id));
        usual.extend(rest.filter(|id| reviews(course, id)).take(1).cloned());
    }
    usual
}

/// What somebody who does not review reads instead of the check.
const REVIEW: &str = "see that the review is done";
/// And what keeps them from accepting, whatever it comes to.
const REVIEW_FIRST: &str = "a review comes before accept, and it has not ended with a yes";

/// Puts what there is to know of the check into a task, as far as the reader may know it.
pub(super) fn show(course: &Course<'_>, reader: &StaffId, task: &mut Task) {
    if reviews(course, reader) {
        let place = course.referral.questions.len().min(task.questions.len());
        task.questions.splice(place..place, question(course));
        return;
    }
    hide(task);
}

/// Takes every trace of the check out of a task.
fn hide(task: &mut Task) {
    task.answers.retain(|line| !line.starts_with("conflict "));
    if task.next_action == NextAction::CheckConflict.words() {
        task.next_action = REVIEW;
    }
}

/// The referral as it stands, with the check as what is to be done.
fn task(course: &Course<'_>) -> Task {
    let due_at = course.referral.conflict.clock.map_or(course.now, |clock| clock.due_at);
    let next_action = NextAction::CheckConflict.words();
    Task { next_action, due_at, ..course.task(answers(course)) }
}

/// The question in every letter to a reviewer while it is open.
fn question(course: &Course<'_>) -> Option<String> {
    let conflict = &course.referral.conflict;
    let with = list(&conflict.with);
    match (conflict.state, conflict.clock) {
        _ if course.is_closed() => None,
        (ConflictState::NotApplicable | ConflictState::Clear, _) => None,
        (ConflictState::ToCheck, _) => {
            Some("conflict check: the packet names an opposing party; do we help them?".to_owned())
        }
        (ConflictState::Hit, None) => Some("a conflict was found: decline or redirect".to_owned()),
        (ConflictState::Hit, Some(_)) => Some(format!(
            "conflict check: a name also stands in {with}; is it the same person, on the other side?"
        )),
    }
}

/// The lines that settle it.
pub(super) fn answers(course: &Course<'_>) -> Vec<&'static str> {
    match course.referral.conflict.clock {
        None => Vec::new(),
        Some(_) => vec!["conflict clear", "conflict found", "conflict not applicable"],
    }
}

/// Why the referral must not be accepted yet, for who says so.
pub(super) fn forbids(course: &Course<'_>, by: &Actor) -> Option<&'static str> {
    let conflict = &course.referral.conflict;
    let outside = if let Actor::Staff(id) = by { !reviews(course, id) } else { false };
    if conflict.state.may_accept() {
        None
    } else if outside {
        Some(REVIEW_FIRST)
    } else if conflict.clock.is_some() {
        Some(
            "the conflict check comes before accept; write conflict clear or conflict not applicable, then accept; or \
             write conflict found and what",
        )
    } else {
        Some(
            "a conflict was found, so that it cannot be accepted; decline or redirect it, or write conflict clear",
        )
    }
}

/// Staff looked.
pub(super) fn settle(course: &mut Course<'_>, by: &Actor, finding: &Finding) -> Outcome {
    let (state, words, done) = match finding {
        Finding::Clear => (ConflictState::Clear, "conflict check: clear".to_owned(), "noted: no conflict"),
        Finding::NotApplicable => (
            ConflictState::NotApplicable,
            "conflict check: not applicable".to_owned(),
            "noted: a conflict check is not applicable",
        ),
        Finding::Found { words } if words.trim().is_empty() => {
            return Outcome::Refused(
                "conflict found needs a word on what was found: conflict found same landlord",
            );
        }
        Finding::Found { words } => {
            let words = reason_kept(words);
            (
                ConflictState::Hit,
                format!("conflict found: {words}"),
                "noted: a conflict; decline or redirect it next",
            )
        }
    };
    let conflict = &mut course.referral.conflict;
    conflict.state = state;
    conflict.clock = None;
    course.fact(FactKind::ConflictChecked, Some(by), words);
    Outcome::Done(done.to_owned())
}

/// What becomes due of it.
pub(super) fn marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let Some(clock) = &course.referral.conflict.clock else { return };
    let ladder = course.ladder();
    if clock.reminded_at.is_none() {
        marks.push((clock.due_at - TimeDelta::hours(i64::from(ladder.remind_hours)), Mark::ConflictReminder));
    }
    if clock.escalated_at.is_none() {
        marks.push((
            clock.due_at + TimeDelta::hours(i64::from(ladder.escalate_hours)),
            Mark::ConflictEscalation,
        ));
    }
}

/// The reviewer is reminded: the owner, where the owner reviews.
pub(super) fn remind(course: &mut Course<'_>) {
    let now = course.now;
    let Some(clock) = &mut course.referral.conflict.clock else { return };
    clock.reminded_at = Some(now);
    let step = format!("conflict-{}", clock.due_at.timestamp());
    course.fact(FactKind::Reminded, None, "reviewer reminded of the conflict check");
    let reviewer = reviewers(course).into_iter().next().unwrap_or_else(|| course.reader());
    let task = task(course);
    course.write_staff(&reviewer, step, Body::Reminder(task));
}

/// The workflow owner is told.
pub(super) fn escalate(course: &mut Course<'_>) {
    let now = course.now;
    let Some(clock) = &mut course.referral.conflict.clock else { return };
    clock.reminded_at = Some(now);
    clock.escalated_at = Some(now);
    let step = format!("conflict-{}", now.timestamp());
    course.fact(FactKind::Escalated, None, "workflow owner told that the conflict check is overdue");
    let (workflow_owner, task) = (course.rules.roster.workflow_owner.clone(), task(course));
    if let Some(address) = course.rules.alert_address.clone().filter(|_| course.referral.tier == Tier::Safety)
    {
        let to = Recipient { part: Part::Staff, address };
        // Nobody knows who reads there.
        let mut outside = Task { initials: None, ..task.clone() };
        hide(&mut outside);
        let body = Body::Escalation(outside);
        course.letters.push(Letter { to, body, step: step.clone(), answers: None });
    }
    course.write_staff(&workflow_owner, step, Body::Escalation(task));
}
