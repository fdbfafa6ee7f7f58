//! Status: the four lines about a referral that whoever may ask is told.

use super::case::Case;
use crate::loops::Desk;
use crate::referral::letter::StatusLine;
use crate::referral::record::NextAction;
use crate::referral::roster::StaffId;
use crate::store::records::Stored;

/// No list in an answer is longer; it says how many more there are.
pub(super) const MOST_LISTED: u32 = 50;

pub(super) fn owner_name(desk: &Desk, stored: &Stored) -> String {
    let owner = &stored.referral.owner;
    desk.rules.roster.staff(owner).map_or_else(|| owner.to_string(), |staff| staff.name.clone())
}

/// Whether somebody of us may hear of a conflict of interest in this referral.
pub(super) fn reviews(case: &Case<'_>, id: &StaffId, stored: &Stored) -> bool {
    case.rules.may(id, "conflict", Some(&stored.referral), case.now)
}

/// The four lines. Who does not review conflicts, and everybody outside, reads of the decision that the check is for.
pub(super) fn status_line(desk: &Desk, stored: &Stored, reviews: bool) -> StatusLine {
    let referral = &stored.referral;
    let required = desk.rules.required.len();
    let checks = referral.next_action == NextAction::CheckConflict;
    let next_action = if checks && !reviews { NextAction::Decide } else { referral.next_action };
    StatusLine {
        reference: referral.reference.clone(),
        owner: owner_name(desk, stored),
        items: (required.saturating_sub(referral.missing.len()), required),
        status: referral.status.word(),
        contact: referral.contact.word(),
        next_action: next_action.words(),
        next_at: referral.next_action_at,
        part_two: referral.packet.is_part_two(),
        answers: Vec::new(),
        reply_to: None,
        proof: None,
    }
}
