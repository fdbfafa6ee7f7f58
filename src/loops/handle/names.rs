//! Names: the keyed digests by which a name on one side of a referral is found on the other side of another one.

use super::Item;
use crate::loops::Desk;
use crate::referral::conflict;
use crate::referral::packet::Packet;
use crate::referral::reference::Reference;
use crate::store::known::Known;

/// The digests of one packet's names.
#[derive(Default)]
pub(super) struct Names {
    /// What later referrals will find.
    pub(super) kept: Vec<Vec<u8>>,
    /// What earlier referrals would be found by.
    pub(super) sought: Vec<Vec<u8>>,
}

impl Names {
    /// Of a packet: the opposing party is sought among clients, the client among opposing parties.
    pub(super) fn of(desk: &Desk, packet: &Packet) -> Names {
        const CLIENT: &str = "name of a client";
        const OPPOSING: &str = "name of an opposing party";
        let (client, opposing) = (conflict::client_forms(packet), conflict::opposing_forms(packet));
        let keys = desk.store.keys();
        let digests = |forms: &[String], side: &str| -> Vec<Vec<u8>> {
            forms.iter().map(|form| keys.digest(side, form.as_bytes())).collect()
        };
        let mut kept = digests(&client, CLIENT);
        kept.extend(digests(&opposing, OPPOSING));
        let mut sought = digests(&opposing, CLIENT);
        sought.extend(digests(&client, OPPOSING));
        Names { kept, sought }
    }

    /// Whether a name of these stands on the other side of the other's.
    pub(super) fn meet(&self, other: &Names) -> bool {
        self.sought.iter().any(|digest| other.kept.contains(digest))
    }
}

/// The stored referrals in which a name of the packet at this place of the mail stands on the other side.
pub(super) fn elsewhere(item: &Item, known: &Known, place: usize) -> Vec<Reference> {
    let Some(names) = item.names.get(place) else { return Vec::new() };
    let mut references: Vec<Reference> = Vec::new();
    for (digest, reference) in &known.named {
        if names.sought.contains(digest) && !references.contains(reference) {
            references.push(reference.clone());
        }
    }
    references
}
