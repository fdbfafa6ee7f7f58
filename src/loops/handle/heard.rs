//! Heard: whatever a mail leads to, it may warn besides of referrals that there are.

use super::case::{Case, Decided, happened};
use super::intent::Intent;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::reference::Reference;
use crate::store::records::{Saved, Stored};

/// What a mail warns of or commands besides, each about its referral.
pub(super) type Heard = Vec<(Reference, Event)>;

/// The records of what was heard. The people in such a mail are not those of these records: nobody's phone number leads
/// to a referral because its owner wrote about it.
pub(super) fn records(case: &Case<'_>, stored: &[Stored], events: Heard) -> Vec<Saved> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut records = happened(case, stored.to_vec(), events, Disposition::Reply).records;
    for saved in &mut records {
        saved.persons.clear();
    }
    records
}

/// What counts of it although the rest waits: that somebody said stop, and what a machine or the client warns of.
pub(super) fn of_parked(intent: Intent) -> Heard {
    let counts = |event: &Event| match event {
        Event::Stopped => true,
        Event::Warned { then, .. } => {
            matches!(**then, Event::PersonWrote { .. } | Event::SomebodyWrote { .. })
        }
        Event::TimePassed(_)
        | Event::Commanded { .. }
        | Event::Supplemented { .. }
        | Event::SentAgain { .. }
        | Event::Answered { .. }
        | Event::PersonWrote { .. }
        | Event::SomebodyWrote { .. }
        | Event::DoubtedBeside(_)
        | Event::KnownBeside { .. }
        | Event::LetterWithheld { .. }
        | Event::LetterLost { .. }
        | Event::DeliveryFailed { .. }
        | Event::Complained { .. } => false,
    };
    let events = match intent {
        Intent::Happens(about, event, _) => {
            about.into_iter().map(|reference| (reference, event.clone())).collect()
        }
        Intent::Several(events, _) => events,
        Intent::Settle(..)
        | Intent::Open(_)
        | Intent::OpenParked(..)
        | Intent::Presence(..)
        | Intent::Strayed(..)
        | Intent::Answer(..) => Vec::new(),
    };
    events.into_iter().filter(|(_, event)| counts(event)).collect()
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
