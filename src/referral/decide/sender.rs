//! Sender: what they hear of the end.

use super::super::letter::Body;
use super::{Course, theirs};

/// The sender hears it.
pub(super) const TOLD: &str = "the sender is told";

/// Tells the sender what became of it: the same words whatever the reason (DESIGN §4). Who is not on our list is not
/// told (RELIABILITY §4). Answers what our own people should know of that.
pub(super) fn tell_outcome(course: &mut Course<'_>, outcome: &'static str) -> &'static str {
    let reference = course.referral.reference.clone();
    let partner_reference = theirs::partner_reference(&course.referral.packet);
    let step = format!("{}-{}", outcome.replace(' ', "-"), course.now.timestamp());
    if course.referral.sender.partner.is_none() {
        return "the sender is not on our list and hears nothing of it by mail";
    }
    if course.referral.sender.answer_to.is_none() {
        return "the sender cannot be told by mail";
    }
    course.write_sender(step, Body::Outcome { reference, partner_reference, outcome });
    TOLD
}
