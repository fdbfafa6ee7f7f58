//! Case: a mail with all that is known about it, and what every answer to it does with records.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Item;
use crate::intake::warning::Warnings;
use crate::loops::Desk;
use crate::loops::post;
use crate::referral::decide::{Rules, decide};
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Letter;
use crate::referral::reference::Reference;
use crate::store::known::Known;
use crate::store::records::{Commit, Settled, Stored};

/// A mail and what is known about it.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) desk: &'a Desk,
    /// With who is away now.
    pub(super) rules: &'a Rules,
    pub(super) item: &'a Item,
    pub(super) known: &'a Known,
    pub(super) now: DateTime<Utc>,
    /// What staff wrote without the letter they quote, where that is known.
    pub(super) said: Option<&'a OwnWords>,
}

/// What one mail leads to. The letters of the records it opens are written with those of its batch: who would get many
/// at once gets one about all of them.
pub(super) struct Decided {
    pub(super) commit: Commit,
    /// The letters of each opened record, with its place in the commit.
    pub(super) unwritten: Vec<(usize, Vec<Letter>)>,
    /// The keyed digests of the addresses that it speaks against.
    pub(super) against: Vec<Vec<u8>>,
}

impl From<Commit> for Decided {
    fn from(commit: Commit) -> Decided {
        Decided { commit, unwritten: Vec::new(), against: Vec::new() }
    }
}

/// What is staff's own in a mail of theirs.
pub(super) struct OwnWords {
    /// What they wrote.
    pub(super) own: String,
    /// What the mail warns of beside it: in its other body, or in words that a program does not show.
    pub(super) beside: Warnings,
}

/// What is written down of a mail, and of nothing else.
pub(super) fn settle(item: &Item, disposition: Disposition, about: Option<Reference>) -> Commit {
    let message_id = item.message_id.clone();
    let mail = Some(Settled { mail_id: item.mail_id, disposition, about, message_id });
    Commit { mail, ..Commit::default() }
}

/// The keyed digests under which the person and the names of a packet are found again.
pub(super) fn persons(item: &Item, place: u32) -> Vec<Vec<u8>> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    let names = item.names.get(place).into_iter().flat_map(|names| &names.kept);
    item.persons.get(place).into_iter().flatten().chain(names).cloned().collect()
}

/// Events that happened to stored referrals; those the store no longer has are left out.
pub(super) fn happened(
    case: &Case<'_>,
    stored: Vec<Stored>,
    events: Vec<(Reference, Event)>,
    disposition: Disposition,
) -> Commit {
    let Case { desk, rules, item, now, .. } = *case;
    let mut by_reference: BTreeMap<Reference, Stored> =
        stored.into_iter().map(|stored| (stored.referral.reference.clone(), stored)).collect();
    let about = events.first().map(|(reference, _)| reference.clone());
    let mut commit = settle(item, disposition, about);
    for (reference, event) in events {
        let Some(stored) = by_reference.remove(&reference) else { continue };
        let decision = decide(rules, &stored.referral, &event, now).follow_from(item.mail_id);
        let mut saved = post::saved(desk, stored, decision, now);
        saved.persons.clone_from(&item.persons.concat());
        // Of several packets nobody knows whose names these are; such a mail adds none to the record.
        if let [names] = item.names.as_slice() {
            saved.persons.extend(names.kept.iter().cloned());
        }
        commit.records.push(saved);
    }
    commit
}
