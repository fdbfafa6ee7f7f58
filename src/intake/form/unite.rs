//! The same person in two places of a mail, such as the text and a file with the same form, is one packet.

use super::merge::merge;
use crate::referral::packet::{Confidence, Field, Packet};

/// Adds packets of another place: whoever is among the known ones gets what is new about them, the others are added.
pub(crate) fn unite(known: &mut Vec<Packet>, more: Vec<Packet>, problems: &mut Vec<String>) {
    let before = known.len();
    for packet in more {
        let same = known.iter_mut().take(before).find(|known| known.is_same_person(&packet));
        match same {
            Some(known) => join(known, &packet, problems),
            None => known.push(packet),
        }
    }
}

fn join(known: &mut Packet, packet: &Packet, problems: &mut Vec<String>) {
    for (field, after) in packet.iter() {
        let joined = match known.get(field).cloned() {
            None => after.clone(),
            Some(before) if before.value == after.value && before.judged == after.judged => continue,
            // What running text suggests gives way to what a label says.
            Some(before) if before.confidence == Confidence::Low && after.confidence != Confidence::Low => {
                after.clone()
            }
            Some(_) if after.confidence == Confidence::Low => continue,
            Some(before) => merge(field, before, after.clone(), known, problems),
        };
        known.put(field, joined);
    }
}

/// Running text around a file that names its people is about them: where it gives nobody's name, phone or address, it
/// is no person of its own. About one person it says what the file does not.
pub(crate) fn take_in_prose(packets: &mut Vec<Packet>) {
    const OWN: [Field; 3] = [Field::ClientName, Field::ClientPhone, Field::ClientEmail];
    let is_prose = |packet: &Packet| {
        packet.iter().all(|(_, found)| found.confidence == Confidence::Low)
            && OWN.iter().all(|field| packet.get(*field).is_none())
    };
    if packets.len() < 2 || !packets.first().is_some_and(is_prose) || packets.iter().skip(1).any(is_prose) {
        return;
    }
    let prose = packets.remove(0);
    if let [packet] = packets.as_mut_slice() {
        for (field, found) in prose.iter() {
            if packet.get(field).is_none() {
                packet.put(field, found.clone());
            }
        }
    }
}
