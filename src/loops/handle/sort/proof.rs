//! Proof: for whom the tokens in a mail were made, and whether they still stand (RELIABILITY C6, C7, C14, C32).

use chrono::{DateTime, Utc};

use super::{Intent, Lines, Sorter};
use crate::intake::ParkCause;
use crate::letters::token::{self, Claim, Person, PersonMark};
use crate::referral::command::Command;
use crate::referral::contact::Contact;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Part;
use crate::referral::packet::Safety;
use crate::referral::party::{Actor, Party};
use crate::referral::record::Referral;
use crate::referral::reference::Reference;
use crate::referral::roster::{Staff, StaffId};
use crate::referral::safety;
use crate::store::known::Letter;
use crate::store::records::Stored;

/// Letters from before so many handovers, or so many asks, prove nothing.
const MOST_BACK: u32 = 100;

/// A token that was made for the author.
pub(super) enum Proof {
    /// It says what it said.
    Stands(Claim),
    /// They owned that referral when it was made, and somebody else does now.
    OutOfDate(Reference),
}

impl Sorter<'_> {
    /// The person was reached, and we asked for more.
    pub(super) fn is_half_confirmed(&self, reference: &Reference) -> bool {
        let contact = self.stored_of(reference).map(|stored| &stored.referral.contact);
        matches!(contact, Some(Contact::Confirmed { with, .. }) if !with.missing().is_empty())
    }

    /// What staff said, where the lines that are offered for an unclear one propose no text to a client for whom none is
    /// safe.
    pub(super) fn within_what_is_safe(&self, said: Lines, reference: &Reference) -> Lines {
        let channels = self.stored_of(reference).map(|stored| safety::channels(&stored.referral));
        if channels.is_some_and(|channels| channels.text == Safety::Safe) {
            return said;
        }
        let unclear = said.unclear.into_iter().filter(|line| !line.starts_with("attempt text")).collect();
        Lines { unclear, ..said }
    }

    /// Every token of ours in the mail that has not expired, whoever it was made for.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let tokens = self.item.reading.mentions.tokens.iter();
        tokens.filter_map(|text| token::check(&self.desk.tokens, text, self.expiry_at).ok()).collect()
    }

    /// What the mail carries that was made for this member of staff: what stands before what does not.
    pub(super) fn proof_of(&self, staff: &Staff) -> Option<Proof> {
        let mut out_of_date = None;
        for claim in self.claims() {
            let Some(written_after) = self.made_for(&claim, &staff.id) else { continue };
            let stored = self.stored_of(&claim.reference);
            if stored.is_none_or(|it| !it.referral.handovers.is_out_of_date(&staff.id, written_after)) {
                return Some(Proof::Stands(claim));
            }
            out_of_date.get_or_insert(claim.reference);
        }
        out_of_date.map(Proof::OutOfDate)
    }

    /// After how many handovers the token was made, if it was made for them: the newest ones first.
    fn made_for(&self, claim: &Claim, id: &StaffId) -> Option<u32> {
        let handovers =
            self.stored_of(&claim.reference).map_or(0, |stored| stored.referral.handovers.count());
        self.newest(0..=handovers, |written_after| Person::Staff(id, written_after), &[claim.person])
    }

    /// The newest of these times at which one of the tokens was made for this person.
    pub(super) fn newest<'p>(
        &self,
        times: std::ops::RangeInclusive<u32>,
        person: impl Fn(u32) -> Person<'p>,
        tokens: &[PersonMark],
    ) -> Option<u32> {
        let last = *times.end();
        let first = last.saturating_sub(MOST_BACK).max(*times.start());
        (first..=last).rev().find(|time| tokens.contains(&self.mark(person(*time))))
    }

    /// What proven staff command of this referral, with what the mail warns of before it.
    pub(super) fn commanded(&self, staff: &Staff, commands: Vec<Command>, about: &Reference) -> Event {
        let asked_at = self.answered_at(about);
        let commands = commands.into_iter().map(|command| command.asked_at(asked_at)).collect();
        let event = Event::Commanded { by: Actor::Staff(staff.id.clone()), commands };
        self.warned_by_staff(event, std::slice::from_ref(about))
    }

    /// When the letter to staff about this referral was written that the mail answers: the nearest one of its thread.
    fn answered_at(&self, about: &Reference) -> Option<DateTime<Utc>> {
        let is_read =
            |letter: &&Letter| letter.part == Part::Staff && letter.reference.as_ref() == Some(about);
        self.known.threads.iter().find(is_read).map(|letter| letter.written_at)
    }

    fn mark(&self, person: Person<'_>) -> PersonMark {
        self.desk.tokens.mark(person)
    }

    fn stored_of(&self, reference: &Reference) -> Option<&Stored> {
        self.stored.iter().find(|stored| stored.referral.reference == *reference)
    }

    /// Somebody we do not know answers a letter of ours. One to staff came into other hands: nothing follows, a person
    /// must look, and whose letter it was is told. One to the sender was passed on by them: a human reply holds the
    /// ladder until somebody looked. A token made for nobody we know (any more) is nobody's.
    pub(super) fn in_our_thread(&self) -> Option<Intent> {
        let reading = &self.item.reading;
        if !reading.packets.is_empty() || reading.silence.is_some() {
            return None;
        }
        let parked = Intent::Settle(Disposition::Parked(ParkCause::Unproven));
        let claims = self.claims();
        if let Some(strayed) = claims.iter().find_map(|claim| self.strayed(claim)) {
            return Some(strayed);
        }
        let threads = &self.known.threads;
        if threads.iter().any(|letter| letter.part == Part::Staff || letter.part == Part::Admin) {
            return Some(parked);
        }
        let by_thread = threads.iter().find_map(|letter| letter.reference.clone());
        let by_token = claims.iter().find(|claim| self.is_senders(claim));
        let Some(reference) = by_token.map(|claim| claim.reference.clone()).or(by_thread) else {
            return (!claims.is_empty()).then_some(parked);
        };
        let event = self.warned_in_other_hands(Event::PersonWrote { who: Party::Sender }, &reference);
        Some(Intent::Happens(vec![reference], event, Disposition::Reply))
    }

    fn strayed(&self, claim: &Claim) -> Option<Intent> {
        let staff = &self.desk.rules.roster.staff;
        let whose = staff.iter().find(|staff| self.made_for(claim, &staff.id).is_some())?;
        Some(Intent::Strayed(claim.reference.clone(), whose.id.clone()))
    }

    /// The token was made for who sent the referral, or for the partner that was asked to take it on.
    fn is_senders(&self, claim: &Claim) -> bool {
        let Some(Stored { referral, .. }) = self.stored_of(&claim.reference) else { return false };
        let sender = referral.sender.answer_to.as_ref();
        sender.is_some_and(|address| claim.person == self.mark(Person::Mailbox(address)))
            || self.is_askeds(claim, referral)
    }

    fn is_askeds(&self, claim: &Claim, referral: &Referral) -> bool {
        let partner = referral.onward.as_ref().and_then(|onward| self.desk.rules.roster.partner(&onward.to));
        let address = partner.and_then(|partner| partner.ask_address());
        address.is_some_and(|address| claim.person == self.mark(Person::Asked(address, referral.asks)))
    }
}
