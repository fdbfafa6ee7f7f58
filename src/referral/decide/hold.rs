//! Hold: the ladder stands still until somebody looked, and goes on from there.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::party::Party;
use super::super::record::{FactKind, Hold};
use super::{Course, dates};

/// The ladder stands still until somebody looked.
pub(super) fn hold(course: &mut Course<'_>, who: Party) {
    if course.is_closed() {
        course.fact(FactKind::Held, None, "somebody wrote about a closed referral");
    } else {
        let due_at = read_by(course);
        let first = course.referral.held;
        course.referral.held = Some(Hold {
            who,
            has_senders: who == Party::Sender || first.is_some_and(|hold| hold.has_senders),
            since: first.map_or(course.now, |hold| hold.since),
            clock: first.map_or(Clock::due(due_at), |hold| hold.clock),
        });
        course.fact(FactKind::Held, None, "somebody wrote; the ladder stands still until you looked");
    }
}

/// By when somebody must have looked at what was written now: by the evening, and where no hour is too late, as soon as
/// the contact itself would have to be made.
pub(super) fn read_by(course: &Course<'_>) -> DateTime<Utc> {
    let (ladder, calendar) = (course.ladder(), &course.rules.calendar);
    let evening = calendar.end_of_business_day(course.now, 0);
    let soon = ladder.any_hour.then(|| ladder.contact_target.after(course.now, calendar));
    dates::before_its_own(course, soon.map_or(evening, |soon| soon.min(evening)))
}

/// Lets go of a hold, but for one that waits until somebody read what came from the client's address. The ladder stood
/// still meanwhile: all that is due comes later by as much, though before a date that must not pass, and a warning from
/// before is out of date.
pub(super) fn release(course: &mut Course<'_>) -> bool {
    if course.referral.unread_since.is_some() {
        return false;
    }
    let Some(hold) = course.referral.held.take() else { return false };
    let paused = (course.now - hold.since).max(TimeDelta::zero());
    let rung = &mut course.referral.rung;
    rung.from += paused;
    rung.warned_at = None;
    let due_at = rung.clock.due_at + paused;
    course.referral.rung.clock.due_at = dates::before_its_own(course, due_at);
    true
}
