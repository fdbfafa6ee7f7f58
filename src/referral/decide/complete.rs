//! Complete: nothing is missing any more.

use super::super::clock::Clock;
use super::super::record::{FactKind, Status};
use super::{Course, client, dates};

/// If nothing is missing any more, review begins. Answers whether the client may hear their number: who could not be
/// written to before hears it before any news.
pub(super) fn complete(course: &mut Course<'_>, owes_first: bool) -> bool {
    let is_first = owes_first && client::may_confirm(course);
    if settle(course) && !is_first {
        client::tell_update(course, "reviewing");
    }
    is_first
}

/// Nothing is missing any more, and the client hears nothing of it; whether that changed anything. The decision clock
/// stood still while something was, for as long as the cap allows, and starts again from there.
pub(super) fn settle(course: &mut Course<'_>) -> bool {
    let Status::NeedsInfo { since } = course.referral.status else { return false };
    if !course.referral.missing.is_empty() {
        return false;
    }
    course.referral.status = Status::UnderReview;
    course.fact(FactKind::Reviewed, None, "nothing is missing any more");
    let calendar = &course.rules.calendar;
    let from = course.needs_info_cap.after(since, calendar).min(course.now);
    let due_at = course.ladder().decision_target.after(from, calendar);
    let due_at = dates::before_its_own(course, due_at);
    if due_at > course.referral.decision.due_at {
        course.referral.decision = Clock::due(due_at);
    }
    true
}
