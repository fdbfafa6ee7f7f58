//! Eligibility in a decision: what a screen says is a fact for the record and a proposal in the owner's letters. It
//! changes no status, so that nobody outside sees anything of it.

use super::super::eligibility::Screen;
use super::super::packet::Packet;
use super::super::record::FactKind;
use super::Course;

/// Takes down the screens the packet is outside of now and was not with the packet `before`.
pub(super) fn screened(course: &mut Course<'_>, before: Option<&Packet>) {
    let rules = &course.rules.eligibility;
    let known = before.map(|packet| rules.outside(packet)).unwrap_or_default();
    let new: Vec<Screen> = outside(course).into_iter().filter(|screen| !known.contains(screen)).collect();
    for screen in new {
        let words = format!("eligibility screen: {}; proposed: {}", screen.reason(), rules.proposal(screen));
        course.fact(FactKind::Screened, None, words);
    }
}

/// The screens that still matter: a decision that was made is not questioned.
fn outside(course: &Course<'_>) -> Vec<Screen> {
    if !course.referral.status.is_pending() {
        return Vec::new();
    }
    course.rules.eligibility.outside(&course.referral.packet)
}

/// What the owner should settle.
pub(super) fn questions(course: &Course<'_>) -> Vec<String> {
    let question = |screen: Screen| format!("eligibility screen: {}; please look", screen.reason());
    outside(course).into_iter().map(question).collect()
}

/// The lines that would settle it.
pub(super) fn proposals(course: &Course<'_>) -> Vec<String> {
    outside(course).into_iter().map(|screen| course.rules.eligibility.proposal(screen)).collect()
}
