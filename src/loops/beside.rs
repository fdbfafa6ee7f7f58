//! Beside: what is said of one referral against writing to its client's address is true of every open one that has the
//! address. Their owners hear of it in the same transaction, so that a crash parts neither from the other.
//!
//! What is said to them names neither the other referral nor anybody of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Desk, remind};
use crate::referral::address::EmailAddress;
use crate::referral::decide::{Rules, decide};
use crate::referral::event::Event;
use crate::referral::record::Referral;
use crate::referral::safety;
use crate::store::StoreError;
use crate::store::records::Saved;

/// So many referrals of one address hear of it, the newest; of all others the gate knows.
const MOST: usize = 20;

/// What follows for others.
#[derive(Default)]
pub(crate) struct Beside {
    /// Their records.
    pub(crate) records: Vec<Saved>,
    /// The keyed digests of the addresses that something was said against.
    pub(crate) against: Vec<Vec<u8>>,
}

/// What these records, about to be written, newly say against their clients' addresses, told to the others there. A
/// record that is about to be written anyway heard it itself, or says it.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn told(
    desk: &Desk,
    rules: &Rules,
    written: &[Saved],
    mail_id: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Beside, StoreError> {
    let mut beside = Beside::default();
    for (digest, (address, is_stop)) in spoken_against(desk, written) {
        beside.against.push(digest);
        for stored in desk.store.open_at_address(&address, MOST).await? {
            let is_this = |saved: &Saved| saved.referral.reference == stored.referral.reference;
            if written.iter().chain(&beside.records).any(is_this) {
                continue;
            }
            let mut decision = decide(rules, &stored.referral, &Event::AddressDoubted { is_stop }, now);
            if let Some(mail_id) = mail_id {
                decision = decision.follow_from(mail_id);
            }
            beside.records.push(remind::saved(desk, stored, decision, now));
        }
    }
    Ok(beside)
}

/// The event of a record with what follows from the others at its client's address before it: where one of us lets letters
/// go, and a stop of another one holds them back all the same, they must hear so. One that cannot be read may hold it.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn with_stops(desk: &Desk, about: &Referral, event: Event) -> Result<Event, StoreError> {
    let Some(address) = about.client_address().filter(|_| event.permits()) else { return Ok(event) };
    let is_stopped = match desk.store.at_address(&address).await {
        Err(error) if error.is_of_a_record() => true,
        others => others?.iter().map(|other| &other.referral).any(|other| {
            let is_theirs = || other.client_address().is_some_and(|theirs| theirs.shares_mailbox(&address));
            other.stopped && other.reference != about.reference && is_theirs()
        }),
    };
    Ok(if is_stopped { Event::StoppedBeside { then: Box::new(event) } } else { event })
}

/// The addresses these records newly speak against, by digest, and whether with a stop: of a stop and a doubt at one
/// address the stop counts.
fn spoken_against(desk: &Desk, written: &[Saved]) -> BTreeMap<Vec<u8>, (EmailAddress, bool)> {
    let mut against: BTreeMap<Vec<u8>, (EmailAddress, bool)> = BTreeMap::new();
    for saved in written {
        let before = saved.before.as_ref().map(|stored| &stored.referral);
        let Some(is_stop) = safety::newly_against(before, &saved.referral) else { continue };
        let Some(address) = saved.referral.client_address() else { continue };
        let told = against.entry(desk.store.address_digest(&address)).or_insert((address, false));
        told.1 |= is_stop;
    }
    against
}
