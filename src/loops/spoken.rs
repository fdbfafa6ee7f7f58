//! Spoken: figures in the words that people read. The store knows short names and codes.

use super::Desk;
use crate::referral::roster::StaffId;
use crate::report::figures::{Bounced, Figures};
use crate::store::figures::GivenUp;

/// The reason and the plan in words, as settings have them now; the owner is a short name still.
pub(super) fn bounced(desk: &Desk, one: GivenUp) -> Bounced {
    let reasons = &desk.rules.reasons;
    Bounced {
        reason: reasons.words(one.reason, one.added.as_deref()),
        next_action: reasons.instead(one.reason, one.added.as_deref()),
        reference: one.reference,
        owner: one.owner,
    }
}

/// The names of the owners, in place of their short ones.
pub(super) fn name_owners(desk: &Desk, figures: &mut Figures) {
    figures.overdue.iter_mut().chain(&mut figures.due_today).for_each(|line| name(desk, &mut line.owner));
    figures.new.iter_mut().for_each(|line| name(desk, &mut line.owner));
    figures.confirmed.iter_mut().for_each(|line| name(desk, &mut line.owner));
    figures.bounced.iter_mut().for_each(|line| name(desk, &mut line.owner));
}

/// The store knows short names; people read names.
pub(super) fn name(desk: &Desk, owner: &mut String) {
    if let Some(staff) = desk.rules.roster.staff(&StaffId(owner.clone())) {
        owner.clone_from(&staff.name);
    }
}
