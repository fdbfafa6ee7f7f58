//! Whether a mail is about what we hold already: the same person, or the same mail on another road.

use super::Sorter;
use crate::referral::packet::{Field, Packet};
use crate::referral::safety;
use crate::store::records::Stored;

/// Whether a packet names somebody else than each of these referrals.
pub(super) fn names_another(packet: &Packet, theirs: &[&Stored]) -> bool {
    theirs.iter().all(|stored| safety::are_named_apart(packet, &stored.referral.packet))
}

impl Sorter<'_> {
    /// A digest of the mail's person leads to this referral, and the name or the birth date is the same.
    pub(super) fn is_same_person(&self, stored: &Stored) -> bool {
        // Two people of one household, or of one shelter, have one phone or address: in doubt it is another person.
        let agrees = |packet: &Packet| packet.agrees_on_person(&stored.referral.packet);
        self.known.persons.contains(&stored.referral.reference)
            && self.item.reading.packets.iter().all(agrees)
    }

    /// The same Message-ID and the same packet: the mail came on two roads.
    pub(super) fn is_same_mail(&self, stored: &Stored) -> bool {
        let twin = self.known.twin.as_ref().and_then(|twin| twin.reference.as_ref());
        let values = |packet: &Packet| -> Vec<(Field, String)> {
            packet.iter().map(|(field, found)| (field, found.value.clone())).collect()
        };
        let theirs = &stored.referral.packet;
        twin == Some(&stored.referral.reference)
            && self.item.reading.packets.first().is_some_and(|packet| values(packet) == values(theirs))
    }
}
