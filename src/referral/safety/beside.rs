//! Beside: what the other referrals of a client's address say of writing there, and a stop that stands in none of them.
//! The gate asks it before a letter leaves, and whoever of us lets letters go is told by it.

use chrono::{DateTime, Utc};

use super::super::packet::{Field, Judged, Packet, Safety};
use super::super::record::{BounceReason, Contact, Referral};
use super::{are_named_apart, doubt_of, share_an_address};

/// What else speaks for or against the address of one referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Beside {
    /// Another client has the address too.
    is_shared: bool,
    /// The client of another referral there is not to be written to.
    is_stopped: bool,
    /// When somebody last said stop at the address, whatever record there was of them.
    stopped_at: Option<DateTime<Utc>>,
    /// When another referral last spoke against writing there.
    doubted_at: Option<DateTime<Utc>>,
}

impl Beside {
    /// Of a record there that cannot be read nobody knows what it says: it may be a stop.
    pub const UNREAD: Beside =
        Beside { is_shared: false, is_stopped: true, stopped_at: None, doubted_at: None };

    /// What these say beside a referral, which may be among them.
    #[must_use]
    pub fn of<'a>(
        referral: &Referral,
        all: impl Iterator<Item = &'a Referral>,
        stopped_at: Option<DateTime<Utc>>,
    ) -> Beside {
        let mut beside = Beside { stopped_at, ..Beside::default() };
        for other in all.filter(|other| other.reference != referral.reference) {
            beside.is_shared |= share_an_address(&referral.packet, &other.packet);
            beside.is_stopped |= other.stopped;
            beside.doubted_at = beside.doubted_at.max(doubt_of(other));
        }
        beside
    }

    /// The referral as the gate must see it. A stop that is in no record ends once one of us allowed contact here.
    #[must_use]
    pub fn onto(&self, referral: &Referral) -> Referral {
        let mut seen = referral.clone();
        let holds = |at| referral.allowed_at.is_none_or(|allowed| allowed <= at);
        seen.address_shared |= self.is_shared;
        seen.stopped |= self.is_stopped || self.stopped_at.is_some_and(holds);
        seen.address_doubted_at = seen.address_doubted_at.max(self.doubted_at);
        seen
    }

    /// Another referral holds a stop, which a word about this one does not take back.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        self.is_stopped
    }
}

/// What one referral says that others must hear of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// Email to the address may not be safe.
    Email,
    /// Nobody may write to the address.
    Stop,
    /// These ways by the phone may not be safe.
    Phone(Ways),
}

/// Ways by phone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Ways {
    /// Calls.
    pub call: bool,
    /// Text messages.
    pub text: bool,
    /// A message on a machine.
    pub voicemail: bool,
}

impl Ways {
    /// All of both.
    #[must_use]
    pub const fn and(self, others: Ways) -> Ways {
        Ways {
            call: self.call || others.call,
            text: self.text || others.text,
            voicemail: self.voicemail || others.voicemail,
        }
    }

    /// Those of them that the others lack.
    #[must_use]
    pub const fn without(self, others: Ways) -> Ways {
        Ways {
            call: self.call && !others.call,
            text: self.text && !others.text,
            voicemail: self.voicemail && !others.voicemail,
        }
    }
}

/// The client's phone numbers, as they are dialled.
pub fn phones(packet: &Packet) -> impl Iterator<Item = &str> {
    [Field::ClientPhone, Field::ClientPhoneOther].into_iter().filter_map(|field| {
        let Judged::Phone { e164, .. } = &packet.get(field)?.judged else { return None };
        (!e164.is_empty()).then_some(e164.as_str())
    })
}

/// What a record says against its client's phone that it did not say before of the same number. A doubt is about the
/// number, whoever else is called there; a plain no may be one person's wish.
#[must_use]
pub fn newly_against_phone(before: Option<&Referral>, after: &Referral) -> Option<Ways> {
    phones(&after.packet).next()?;
    let is_same = |before: &&Referral| phones(&before.packet).eq(phones(&after.packet));
    let known = before.filter(is_same).map(against_phone).unwrap_or_default();
    Some(against_phone(after).without(known)).filter(|ways| *ways != Ways::default())
}

/// The ways by phone that a referral speaks against, for whoever has this packet: with the same number in it, and where
/// no more than a no was said, the same person.
#[must_use]
pub fn against_phone_of(referral: &Referral, other: &Packet) -> Ways {
    let packet = &referral.packet;
    if !phones(packet).any(|phone| phones(other).any(|theirs| theirs == phone)) {
        Ways::default()
    } else if are_named_apart(packet, other) {
        let is_unclear =
            |field| matches!(packet.get(field).map(|found| &found.judged), Some(Judged::Unclear(_)));
        Ways {
            call: is_unclear(Field::SafeCall),
            text: is_unclear(Field::SafeText),
            voicemail: is_unclear(Field::SafeVoicemail),
        }
    } else {
        against_phone(referral)
    }
}

/// Who is not to be contacted, or was given up as unsafe, is not called either.
fn against_phone(referral: &Referral) -> Ways {
    let is_unsafe =
        matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
    if is_unsafe || referral.contact == Contact::DoNotContact {
        return Ways { call: true, text: true, voicemail: true };
    }
    ways_against(&referral.packet)
}

/// The ways by phone that a packet speaks against, for its own client.
#[must_use]
pub fn ways_against(packet: &Packet) -> Ways {
    let channels = packet.channels();
    Ways {
        call: channels.call == Safety::NotSafe,
        text: channels.text == Safety::NotSafe,
        voicemail: channels.voicemail == Safety::NotSafe,
    }
}
