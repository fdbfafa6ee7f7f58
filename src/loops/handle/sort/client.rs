//! Clients: what somebody at a client's address says, and who says stop.

use std::cell::OnceCell;

use super::doubt::in_other_hands;
use super::{Intent, Sorter, same};
use crate::intake::warning::Warnings;
use crate::intake::{Nature, Reading, another, herself, stop};
use crate::referral::address::EmailAddress;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Part;
use crate::referral::packet::{Field, Packet};
use crate::referral::party::Party;
use crate::referral::reference::Reference;
use crate::store::records::Stored;

/// What takes a look at the whole mail, and is the same for each of its referrals.
#[derive(Default)]
pub(super) struct Once {
    stops_brought: OnceCell<Vec<Reference>>,
    pub(super) way_called_wrong: OnceCell<Warnings>,
}

impl Sorter<'_> {
    /// Somebody at a client's address says stop: at once, for every referral of that address, proven or not, by a
    /// person or a machine. So does whoever answers a letter of ours to a client from another address: mail is passed
    /// on, and a person has more than one; also where nobody can say from whom it is. Staff and partners are no clients,
    /// whatever a packet says; but a stop that they pass on is hers, as is one that she passes on herself.
    pub(super) fn stop(&self) -> Option<Intent> {
        if !matches!(self.item.reading.nature, Nature::Human | Nature::AutoReply | Nature::Bulk) {
            return None;
        }
        let envelope = &self.item.reading.envelope;
        let from = envelope.from.as_ref();
        let known = from.is_some_and(|from| self.is_of_the_roster(from));
        let mut referrals = from.map(|from| self.of_client(from)).unwrap_or_default();
        let answered = self.known.threads.iter().filter(|letter| letter.part == Part::Client);
        for reference in answered.filter_map(|letter| letter.reference.clone()) {
            if !referrals.contains(&reference) {
                referrals.push(reference);
            }
        }
        let text = &self.item.reading.text.own;
        let is_human = self.item.reading.nature == Nature::Human;
        let says = if is_human { stop::says_stop } else { stop::is_said_by_machine };
        if known || referrals.is_empty() || !says(&envelope.subject, text) {
            referrals.clear();
        }
        let is_theirs =
            |client: &&EmailAddress| known || from.is_some_and(|from| client.shares_mailbox(from));
        let carried = stop::carried::surely(&self.item.reading).filter(is_theirs);
        for reference in carried.flat_map(|client| self.of_client(client)) {
            if !referrals.contains(&reference) {
                referrals.push(reference);
            }
        }
        (!referrals.is_empty()).then_some(Intent::Happens(referrals, Event::Stopped, Disposition::Reply))
    }

    /// The referrals in whose client's name a mail from elsewhere may say stop. Anybody can write such a mail, and so it
    /// ends no letters for good; but none leaves until a person looked.
    pub(super) fn stops_brought(&self) -> &[Reference] {
        let reading = &self.item.reading;
        self.once.stops_brought.get_or_init(|| match reading.nature {
            Nature::Own | Nature::DeliveryReport(_) => Vec::new(),
            Nature::Human | Nature::AutoReply | Nature::Bulk => {
                stop::carried::perhaps(reading).flat_map(|client| self.of_client(client)).collect()
            }
        })
    }

    /// Such a mail refers nobody, whoever brings it: the owners of those referrals read it.
    pub(super) fn brings_a_stop(&self) -> Option<Intent> {
        (!self.stops_brought().is_empty()).then_some(Intent::Settle(Disposition::Reply))
    }

    /// Somebody of whom there is no record says stop, and refers nobody: they hear nothing of it, and are not written to
    /// either once somebody refers them. A phone below their name refers nobody. A program that speaks of stopping means
    /// its own letters.
    pub(super) fn stop_of_a_stranger(&self) -> Option<&EmailAddress> {
        let reading = &self.item.reading;
        let from = reading.envelope.from.as_ref()?;
        let refers =
            |packet: &Packet| packet.get(Field::ClientName).is_some() || packet.get(Field::Service).is_some();
        let is_one = reading.nature == Nature::Human
            && !reading.packets.iter().any(refers)
            && self.of_client(from).is_empty()
            && !self.is_of_the_roster(from);
        (is_one && stop::says_stop(&reading.envelope.subject, &reading.text.own)).then_some(from)
    }

    pub(super) fn is_of_the_roster(&self, from: &EmailAddress) -> bool {
        let roster = &self.desk.rules.roster;
        roster.staff_by_address(from).is_some() || roster.partner_by_address(from).is_some()
    }

    /// The event with what the mail warns of before it, and that somebody else may have written it.
    fn warned_of_another(&self, event: Event, referrals: &[Reference]) -> Event {
        if !self.may_be_another(referrals) {
            return self.warned(event, referrals);
        }
        let doubt = in_other_hands(self.doubt(referrals).unwrap_or_default());
        Event::Warned { doubt, then: Box::new(event) }
    }

    /// Whoever wrote may not be the client of these referrals: nobody else knows better who sits at the address.
    fn may_be_another(&self, referrals: &[Reference]) -> bool {
        let reading = &self.item.reading;
        let texts = [reading.envelope.subject.as_str(), reading.text.own.as_str()];
        let names = self.names_of(referrals);
        let denies = |text: &str| names.iter().any(|name| another::may_deny(text, name));
        texts.into_iter().any(|text| another::may_write(text) || denies(text))
    }

    /// What the clients of these referrals are called.
    fn names_of(&self, referrals: &[Reference]) -> Vec<&str> {
        let theirs = self.stored.iter().filter(|stored| referrals.contains(&stored.referral.reference));
        theirs.filter_map(|stored| stored.referral.packet.text(Field::ClientName)).collect()
    }

    /// The referrals whose client has this address.
    pub(super) fn of_client(&self, from: &EmailAddress) -> Vec<Reference> {
        let theirs = |stored: &&Stored| {
            stored.referral.client_address().is_some_and(|address| address.shares_mailbox(from))
        };
        self.stored.iter().filter(theirs).map(|stored| stored.referral.reference.clone()).collect()
    }

    /// The client wrote: the ladder is held, and a person reads it. A phone number or a form in it changes nothing,
    /// unless it names somebody else. A warning in it is about the address, and so about every referral of theirs; so
    /// is that it may not be the client who wrote.
    pub(super) fn client(&self, from: &EmailAddress) -> Option<Intent> {
        let referrals = self.of_client(from);
        let theirs: Vec<&Stored> =
            self.stored.iter().filter(|stored| referrals.contains(&stored.referral.reference)).collect();
        let names_another = |packet: &Packet| same::names_another(packet, &theirs);
        if referrals.is_empty() || self.item.reading.packets.iter().any(names_another) {
            return None;
        }
        let Reading { envelope, text, .. } = &self.item.reading;
        let (subject, names) = (&*envelope.subject, self.names_of(&referrals));
        let is_plain = herself::wrote(subject, &text.own, &names);
        let is_unread = !herself::says_nothing_else(subject, &text.own, &names);
        let wrote = if is_plain {
            Event::PersonWrote { who: Party::Client }
        } else {
            Event::SomebodyWrote { is_unread }
        };
        let event = self.warned_of_another(wrote, &referrals);
        let most = if !is_unread && !matches!(event, Event::Warned { .. }) { 1 } else { referrals.len() };
        let about: Vec<Reference> = referrals.into_iter().take(most).collect();
        Some(Intent::Happens(about, event, Disposition::Reply))
    }
}
