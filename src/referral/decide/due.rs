//! Due: when the contact and the steps of its ladder are due, and when it may be given up.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::calendar::Calendar;
use super::super::policy::Ladder;
use super::Course;

/// When a step of the ladder is due, or, past the last step, the bounce. A ladder that keeps business hours gives every
/// step a business day of its own, so that a weekend is not a missed step.
pub(super) fn due_of(
    ladder: &Ladder,
    step: usize,
    from: DateTime<Utc>,
    calendar: &Calendar,
) -> DateTime<Utc> {
    let spans = ladder.steps.iter().map(|step| step.due).take(step.saturating_add(1));
    let bounce = (step >= ladder.steps.len()).then_some(ladder.bounce);
    spans.chain(bounce).fold(from, |before, span| {
        let due_at = span.after(from, calendar);
        if ladder.any_hour { due_at } else { due_at.max(calendar.end_of_business_day(before, 0)) }
    })
}

/// When the person must have been reached or the rung's attempts logged.
pub(super) fn contact_due(course: &Course<'_>) -> DateTime<Utc> {
    if course.ladder().steps.get(course.referral.rung.step).is_some() {
        course.referral.rung.clock.due_at
    } else {
        bounce_at(course)
    }
}

/// When the ladder ends, whatever was warned of.
pub(super) fn bounce_due(course: &Course<'_>) -> DateTime<Utc> {
    let ladder = course.ladder();
    due_of(ladder, ladder.steps.len(), course.referral.rung.from, &course.rules.calendar)
}

/// The bounce, but never sooner than the grace after the warning.
pub(super) fn bounce_at(course: &Course<'_>) -> DateTime<Utc> {
    course.referral.rung.warned_at.map_or(bounce_due(course), |at| bounce_after(course, at))
}

/// The bounce after a warning of this instant: the grace later, and if the warning came late (we were down, the relay
/// was down), also a whole business day later (RELIABILITY T13, T14).
pub(super) fn bounce_after(course: &Course<'_>, warned_at: DateTime<Utc>) -> DateTime<Utc> {
    let due_at = bounce_due(course);
    let at = due_at.max(warned_at + grace(course));
    let late = warned_at + grace(course) > due_at && !course.ladder().any_hour;
    if late { at.max(course.rules.calendar.end_of_business_day(warned_at, 1)) } else { at }
}

pub(super) fn grace(course: &Course<'_>) -> TimeDelta {
    TimeDelta::hours(i64::from(course.grace_hours))
}
