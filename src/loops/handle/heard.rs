//! Heard: a mail that is answered, or opens a record of its own, warns besides of referrals that there are.

use super::carry_out::{Case, Decided, happened};
use crate::referral::event::Event;
use crate::referral::reference::Reference;
use crate::store::records::{Saved, Stored};
use crate::store::spool::Disposition;

/// The records of what was heard. The people in such a mail are not those of these records: nobody's phone number leads
/// to a referral because its owner wrote about it.
pub(super) fn records(case: &Case<'_>, stored: &[Stored], events: Vec<(Reference, Event)>) -> Vec<Saved> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut records = happened(case, stored.to_vec(), events, Disposition::Reply).records;
    for saved in &mut records {
        saved.persons.clear();
    }
    records
}

/// Adds them to what else the mail leads to; a record that it changes anyway is changed once.
pub(super) fn beside(mut decided: Decided, heard: Vec<Saved>) -> Decided {
    let records = &mut decided.commit.records;
    for saved in heard {
        if records.iter().all(|other| other.referral.reference != saved.referral.reference) {
            records.push(saved);
        }
    }
    decided
}
