//! Beside: what the other referrals of a client's address say of writing there, and a stop that stands in none of them.
//! The gate asks it before a letter leaves, and whoever of us lets letters go is told by it.

use chrono::{DateTime, Utc};

use super::super::contact::Contact;
use super::super::packet::{Field, Judged, Packet, Safety, WARNED};
use super::super::record::{BounceReason, Referral};
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
    /// Since when nobody has looked at what somebody wrote from there about an open one.
    unread_since: Option<DateTime<Utc>>,
}

impl Beside {
    /// Of a record there that cannot be read nobody knows what it says: it may be a stop.
    pub const UNREAD: Beside =
        Beside { is_shared: false, is_stopped: true, stopped_at: None, doubted_at: None, unread_since: None };

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
            let unread = other.unread_since.filter(|_| !other.is_closed());
            beside.unread_since = beside.unread_since.max(unread);
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
        seen.unread_since = seen.unread_since.max(self.unread_since);
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
    /// The number that the hearer has under this label may not be the client's, or not theirs alone.
    Phone(Field),
}

/// Ways by phone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Ways {
    /// Calls.
    call: bool,
    /// Text messages.
    text: bool,
    /// A message on a machine.
    voicemail: bool,
}

impl Ways {
    /// All of both.
    #[must_use]
    const fn and(self, others: Ways) -> Ways {
        Ways {
            call: self.call || others.call,
            text: self.text || others.text,
            voicemail: self.voicemail || others.voicemail,
        }
    }

    /// Those of them that the others lack.
    #[must_use]
    const fn without(self, others: Ways) -> Ways {
        Ways {
            call: self.call && !others.call,
            text: self.text && !others.text,
            voicemail: self.voicemail && !others.voicemail,
        }
    }
}

/// The client's phone numbers, as they are dialled.
pub fn phones(packet: &Packet) -> impl Iterator<Item = &str> {
    numbers(packet).map(|(_, phone)| phone)
}

/// The same with the labels they stand under.
fn numbers(packet: &Packet) -> impl Iterator<Item = (Field, &str)> {
    [Field::ClientPhone, Field::ClientPhoneOther].into_iter().filter_map(|field| {
        let Judged::Phone { e164, .. } = &packet.get(field)?.judged else { return None };
        (!e164.is_empty()).then_some((field, e164.as_str()))
    })
}

/// Whether a record says something against its client's phone that it did not say before of the same number, and that
/// others hear of. `is_proven`: a sender of our list or one of us says it.
#[must_use]
pub fn is_newly_against_phone(before: Option<&Referral>, after: &Referral, is_proven: bool) -> bool {
    let is_same = |before: &&Referral| phones(&before.packet).eq(phones(&after.packet));
    let known = before.filter(is_same).map(|before| Doubts::of(before, is_proven)).unwrap_or_default();
    let now = Doubts::of(after, is_proven);
    phones(&after.packet).next().is_some()
        && (now.of_number.without(known.of_number) != Ways::default()
            || now.of_person.without(known.of_person) != Ways::default())
}

/// The labels of another packet whose numbers a referral speaks against, more than that packet does itself.
#[must_use]
pub fn phones_doubted(referral: &Referral, other: &Packet, is_proven: bool) -> Vec<Field> {
    doubted(&referral.packet, || Doubts::of(referral, is_proven), other)
}

/// The same of a packet of which there is no record yet.
#[must_use]
pub fn phones_doubted_by(packet: &Packet, other: &Packet, is_proven: bool) -> Vec<Field> {
    doubted(packet, || Doubts::of_packet(packet, is_proven), other)
}

fn doubted(packet: &Packet, doubts: impl Fn() -> Doubts, other: &Packet) -> Vec<Field> {
    let is_shared = |phone: &str| phones(packet).any(|own| own == phone);
    let shared = numbers(other).filter(|(_, phone)| is_shared(phone)).map(|(field, _)| field);
    let shared: Vec<Field> = shared.collect();
    // Asked of every two of a long list: most have nothing in common.
    if shared.is_empty() {
        return shared;
    }
    let Doubts { of_number, of_person } = doubts();
    let ways = if are_named_apart(packet, other) { of_number } else { of_number.and(of_person) };
    if ways.without(ways_against(other)) == Ways::default() { Vec::new() } else { shared }
}

/// Whether a record stands for its numbers from now on and did not before: it is new, it has others, or it is open again.
/// What was said of them meanwhile it did not hear.
#[must_use]
pub fn has_fresh_phones(before: Option<&Referral>, after: &Referral) -> bool {
    let is_known =
        |before: &Referral| !before.is_closed() && phones(&before.packet).eq(phones(&after.packet));
    !after.is_closed() && !before.is_some_and(is_known)
}

/// Somebody said in words what is wrong with it ("that number is my husband's"), as opposed to a value that nobody can
/// read ("not sure").
pub(super) fn is_said(judged: &Judged) -> bool {
    matches!(judged, Judged::Unclear(why) if why == WARNED)
}

/// What a referral says against its client's phone, as far as others hear of it.
#[derive(Default)]
struct Doubts {
    /// About the number, whoever else is called there.
    of_number: Ways,
    /// About the person: a plain no may be one person's wish.
    of_person: Ways,
}

impl Doubts {
    /// What nobody vouches for counts where somebody said in words what is wrong with the number, so that no stranger's
    /// "not sure" makes work for others. Who is not to be contacted, or was given up as unsafe, is not called either.
    fn of(referral: &Referral, is_proven: bool) -> Doubts {
        let mut doubts = Doubts::of_packet(&referral.packet, is_proven);
        let is_unsafe =
            matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
        if is_unsafe || referral.contact == Contact::DoNotContact {
            doubts.of_person = Ways { call: true, text: true, voicemail: true };
        }
        doubts
    }

    /// What came in says of it.
    fn of_packet(packet: &Packet, is_proven: bool) -> Doubts {
        let is_doubted = |field| {
            let judged = packet.get(field).map(|found| &found.judged);
            judged.is_some_and(|it| is_said(it) || is_proven && matches!(it, Judged::Unclear(_)))
        };
        let of_number = Ways {
            call: is_doubted(Field::SafeCall),
            text: is_doubted(Field::SafeText),
            voicemail: is_doubted(Field::SafeVoicemail),
        };
        let of_person = if is_proven { ways_against(packet) } else { Ways::default() };
        Doubts { of_number, of_person }
    }
}

/// The ways by phone that a packet speaks against, for its own client.
fn ways_against(packet: &Packet) -> Ways {
    let channels = packet.channels();
    Ways {
        call: channels.call == Safety::NotSafe,
        text: channels.text == Safety::NotSafe,
        voicemail: channels.voicemail == Safety::NotSafe,
    }
}
