//! The same person in two places of a mail, such as the text and a file with the same form, is one packet.

use super::gather::{MOST_PACKETS, too_many};
use super::merge::{merge, say};
use crate::referral::packet::{Confidence, Field, Packet, Person};

/// Said where running text beside a file says something of nobody it names.
const WHOSE: &str = "The text beside the file names a date or a language; please ask whose.";

/// Adds packets of another place: whoever is among the known ones gets what is new about them, the others are added
/// until the mail has its most.
pub(crate) fn unite(known: &mut Vec<Packet>, more: Vec<Packet>, problems: &mut Vec<String>) {
    // Those of before: rows of one place are people of their own.
    let mut persons: Vec<Person> = known.iter().map(Person::of).collect();
    for packet in more {
        let person = Person::of(&packet);
        let same = known.iter_mut().zip(&mut persons).find(|(_, known)| known.is_same(&person));
        if let Some((known, known_person)) = same {
            join(known, &packet, problems);
            *known_person = Person::of(known);
        } else if known.len() < MOST_PACKETS {
            known.push(packet);
        } else {
            say(problems, too_many());
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

/// Running text around a file that names its people is no person of its own where it gives nobody's name, phone or
/// address. Whom of them it speaks of, or whom else, nobody can tell: a person is asked, before all else, for it may be
/// a court date.
pub(crate) fn set_prose_aside(packets: &mut Vec<Packet>, problems: &mut Vec<String>) {
    const OWN: [Field; 3] = [Field::ClientName, Field::ClientPhone, Field::ClientEmail];
    let is_prose = |packet: &Packet| {
        packet.iter().all(|(_, found)| found.confidence == Confidence::Low)
            && OWN.iter().all(|field| packet.get(*field).is_none())
    };
    if packets.len() < 2 || !packets.first().is_some_and(is_prose) || packets.iter().skip(1).any(is_prose) {
        return;
    }
    let prose = packets.remove(0);
    problems.insert(0, WHOSE.to_owned());
    // What protects a record protects each of them.
    if let Some(guarded) = prose.get(Field::PartTwo) {
        for packet in packets.iter_mut().filter(|packet| packet.get(Field::PartTwo).is_none()) {
            packet.put(Field::PartTwo, guarded.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::{Found, Judged};

    fn person(number: usize) -> Packet {
        let mut packet = Packet::default();
        let judged = Judged::Phone { e164: format!("+1518{number:07}"), problem: None };
        let (value, place) = (number.to_string(), String::new());
        packet.put(Field::ClientPhone, Found { value, judged, confidence: Confidence::High, place });
        packet
    }

    #[test]
    fn forty_files_of_forty_people_are_no_more_packets_than_one_mail_may_have_and_it_is_said_once() {
        let (mut known, mut problems) = (Vec::new(), Vec::new());
        for file in 0..40 {
            let people = (0..40).map(|row| person(file * 40 + row)).collect();
            unite(&mut known, people, &mut problems);
        }
        assert_eq!(known.len(), MOST_PACKETS);
        assert_eq!(problems, [too_many()]);
        unite(&mut known, vec![person(3)], &mut problems);
        assert_eq!((known.len(), problems.len()), (MOST_PACKETS, 1));
    }
}
