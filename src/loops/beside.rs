//! Beside: what is said of one referral against writing to its client's address, or against their phone, is true of every
//! open one that has the address or the number. Their owners hear of it in the same transaction, so that a crash parts
//! neither from the other.
//!
//! What is said to them names neither the other referral nor anybody of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Desk;
use super::post::{self, About};
use crate::referral::address::EmailAddress;
use crate::referral::decide::{Decision, Rules, decide};
use crate::referral::event::Event;
use crate::referral::packet::Field;
use crate::referral::record::Referral;
use crate::referral::safety::{self, Against};
use crate::store::StoreError;
use crate::store::people::At;
use crate::store::records::{Saved, Stored};

/// So many referrals of one address or number hear of it, the newest, so that nobody makes us write to everybody. Of all
/// others of an address the gate knows; the older ones of a number, which only people call, are not asked about.
const MOST: usize = 20;

/// What the records are written for.
#[derive(Clone, Copy)]
pub(crate) struct Cause<'a> {
    /// The mail it follows from, if it is one.
    pub(crate) mail_id: Option<i64>,
    /// A sender of our list or one of us says it: of anybody else, others hear less.
    pub(crate) is_proven: bool,
    /// Which referrals its people have, as the store said when its batch was begun: it need not be asked once more. What
    /// came into the store since is not in it.
    pub(crate) known: &'a At,
}

static NOTHING_KNOWN: At = At::new();

impl Cause<'_> {
    /// An admin on the host.
    pub(crate) const HOST: Cause<'static> = Cause { mail_id: None, is_proven: true, known: &NOTHING_KNOWN };
    /// The time that passed over what one of us noted.
    pub(crate) const CLOCK: Cause<'static> = Cause::HOST;

    fn followed_by(self, decision: Decision) -> Decision {
        match self.mail_id {
            Some(mail_id) => decision.follow_from(mail_id),
            None => decision,
        }
    }

    /// Whether what a record says from now on is vouched for.
    fn vouches_for(self, saved: &Saved) -> bool {
        self.is_proven || saved.before.is_none() && saved.referral.sender.trusted
    }
}

/// What follows for others.
#[derive(Default)]
pub(crate) struct Beside {
    /// Their records.
    pub(crate) records: Vec<Saved>,
    /// The keyed digests of the addresses and numbers that something was said against, or may have been.
    pub(crate) against: Vec<Vec<u8>>,
}

/// What these records, about to be written, newly say against their clients' addresses and phones, told to the others
/// there. Of an address a record that is about to be written anyway heard it itself, or says it; of phones each of them is
/// asked too, and where its number is new, also what was said of that before.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn told(
    desk: &Desk,
    rules: &Rules,
    written: &mut [Saved],
    cause: Cause<'_>,
    now: DateTime<Utc>,
) -> Result<Beside, StoreError> {
    let mut beside = Beside::default();
    for (digest, (address, is_stop)) in spoken_against(desk, written) {
        beside.against.push(digest);
        for stored in desk.store.open_at_address(&address, cause.known, MOST).await? {
            if written.iter().chain(&beside.records).any(|saved| is_of(saved, &stored)) {
                continue;
            }
            let against = if is_stop { Against::Stop } else { Against::Email };
            let decision = decide(rules, &stored.referral, &Event::DoubtedBeside(against), now);
            beside.add(desk, stored, decision, cause, now);
        }
    }
    phones_told(desk, rules, written, cause, now, &mut beside).await?;
    let mut doubted = doubted_among(written, cause);
    doubted.extend(doubted_before(desk, written, &mut beside).await?);
    for (place, field) in doubted {
        if let Some(saved) = written.get_mut(place) {
            ask_here(desk, rules, saved, field, cause, now);
        }
    }
    Ok(beside)
}

fn before(saved: &Saved) -> Option<&Referral> {
    saved.before.as_ref().map(|stored| &stored.referral)
}

/// The numbers of these records, by their place, that another one of them speaks against: newly, or the number is new.
fn doubted_among(written: &[Saved], cause: Cause) -> BTreeSet<(usize, Field)> {
    let mut doubted = BTreeSet::new();
    for (from, saved) in written.iter().enumerate() {
        let is_proven = cause.vouches_for(saved);
        let is_new = safety::is_newly_against_phone(before(saved), &saved.referral, is_proven);
        for (at, other) in written.iter().enumerate().filter(|(at, _)| *at != from) {
            if is_new || safety::has_fresh_phones(before(other), &other.referral) {
                let fields = safety::phones_doubted(&saved.referral, &other.referral.packet, is_proven);
                doubted.extend(fields.into_iter().map(|field| (at, field)));
            }
        }
    }
    doubted
}

/// The same of what was said before. An arrival was asked already.
async fn doubted_before(
    desk: &Desk,
    written: &[Saved],
    beside: &mut Beside,
) -> Result<BTreeSet<(usize, Field)>, StoreError> {
    let mut doubted = BTreeSet::new();
    let has_fresh = |saved: &Saved| {
        before(saved).is_some_and(|before| safety::has_fresh_phones(Some(before), &saved.referral))
    };
    for (place, saved) in written.iter().enumerate().filter(|(_, saved)| has_fresh(saved)) {
        for phone in safety::phones(&saved.referral.packet) {
            beside.against.push(desk.store.phone_digest(phone));
            for Stored { referral, .. } in desk.store.at_phone(phone).await? {
                if referral.reference != saved.referral.reference {
                    let fields =
                        safety::phones_doubted(&referral, &saved.referral.packet, referral.sender.trusted);
                    doubted.extend(fields.into_iter().map(|field| (place, field)));
                }
            }
        }
    }
    Ok(doubted)
}

/// Asks in a record that is written anyway.
fn ask_here(
    desk: &Desk,
    rules: &Rules,
    saved: &mut Saved,
    field: Field,
    cause: Cause<'_>,
    now: DateTime<Utc>,
) {
    let decision = decide(rules, &saved.referral, &Event::DoubtedBeside(Against::Phone(field)), now);
    if decision.facts.is_empty() {
        return;
    }
    let decision = cause.followed_by(decision);
    let letters = post::all_queued(desk, &About::Referral(&decision.referral), &decision.letters, now);
    saved.letters.extend(letters);
    saved.facts.extend(decision.facts);
    saved.referral = decision.referral;
}

/// The same of phones: a record that heard of its address hears of its phone too.
async fn phones_told(
    desk: &Desk,
    rules: &Rules,
    written: &[Saved],
    cause: Cause<'_>,
    now: DateTime<Utc>,
    beside: &mut Beside,
) -> Result<(), StoreError> {
    for saved in written {
        let is_proven = cause.vouches_for(saved);
        if !safety::is_newly_against_phone(before(saved), &saved.referral, is_proven) {
            continue;
        }
        for phone in safety::phones(&saved.referral.packet) {
            beside.against.push(desk.store.phone_digest(phone));
            for stored in desk.store.open_at_phone(phone, cause.known, MOST).await? {
                if written.iter().any(|saved| is_of(saved, &stored)) {
                    continue;
                }
                let fields = safety::phones_doubted(&saved.referral, &stored.referral.packet, is_proven);
                beside.phones_doubted(desk, rules, &stored, &fields, cause, now);
            }
        }
    }
    Ok(())
}

impl Beside {
    fn add(&mut self, desk: &Desk, stored: Stored, decision: Decision, cause: Cause<'_>, now: DateTime<Utc>) {
        let decision = cause.followed_by(decision);
        self.records.push(post::saved(desk, stored, decision, now));
    }

    fn phones_doubted(
        &mut self,
        desk: &Desk,
        rules: &Rules,
        stored: &Stored,
        fields: &[Field],
        cause: Cause<'_>,
        now: DateTime<Utc>,
    ) {
        for field in fields {
            self.phone_doubted(desk, rules, stored.clone(), *field, cause, now);
        }
    }

    /// Of a record that hears of its address in the same moment, what follows for its phone is told with it.
    fn phone_doubted(
        &mut self,
        desk: &Desk,
        rules: &Rules,
        stored: Stored,
        field: Field,
        cause: Cause<'_>,
        now: DateTime<Utc>,
    ) {
        let event = Event::DoubtedBeside(Against::Phone(field));
        let Some(at) = self.records.iter().position(|saved| is_of(saved, &stored)) else {
            let decision = decide(rules, &stored.referral, &event, now);
            if !decision.facts.is_empty() {
                self.add(desk, stored, decision, cause, now);
            }
            return;
        };
        let told = self.records.remove(at);
        let decision = decide(rules, &told.referral, &event, now);
        self.add(desk, stored, decision, cause, now);
        let Some(both) = self.records.last_mut() else { return };
        both.facts.splice(0..0, told.facts);
        // Of a stop they hear that nobody should call.
        if told.referral.stopped && !both.before.as_ref().is_some_and(|before| before.referral.stopped) {
            both.letters = told.letters;
        } else {
            both.letters.splice(0..0, told.letters);
        }
    }
}

fn is_of(saved: &Saved, stored: &Stored) -> bool {
    saved.referral.reference == stored.referral.reference
}

/// The event of a record with what else speaks for or against its client's address before it, as the gate will see it:
/// who lets letters go hears what holds them back all the same. A record there that cannot be read may hold a stop.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn known(desk: &Desk, about: &Referral, event: Event) -> Result<Event, StoreError> {
    let Some(address) = about.client_address().filter(|_| event.permits()) else { return Ok(event) };
    let beside = match desk.store.at_address(&address).await {
        Err(error) if error.is_of_a_record() => safety::Beside::UNREAD,
        others => {
            let stopped_at = desk.store.stopped_at(&address).await?;
            safety::Beside::of(about, others?.iter().map(|other| &other.referral), stopped_at)
        }
    };
    Ok(Event::KnownBeside { beside, then: Box::new(event) })
}

/// The addresses these records newly speak against, by digest, and whether with a stop: of a stop and a doubt at one
/// address the stop counts.
fn spoken_against(desk: &Desk, written: &[Saved]) -> BTreeMap<Vec<u8>, (EmailAddress, bool)> {
    let mut against: BTreeMap<Vec<u8>, (EmailAddress, bool)> = BTreeMap::new();
    for saved in written {
        let Some(is_stop) = safety::newly_against(before(saved), &saved.referral) else { continue };
        let Some(address) = saved.referral.client_address() else { continue };
        let told = against.entry(desk.store.address_digest(&address)).or_insert((address, false));
        told.1 |= is_stop;
    }
    against
}
