//! Whose what stands in several places of a mail is: in its text, in a file, on a card.
//!
//! 1. Packets that share a phone, an address, or a name with its birth date are one person's, also where a slip of the
//!    pen parts their names; so are those of the only two who have one whole name. One that names nobody is theirs whose
//!    phone it has; what the text says to nobody's name or phone is the only person's. Whom another place calls the other
//!    side is nobody of these.
//! 2. Where it may be several people's, or only running text says it, it is nobody's: what protects counts for each of
//!    them, a person asks about the rest.
//! 3. A yes counts for the address and the phones that stand in one place with it, and for no other.
//! 4. A no counts against the yes of whoever may be the same person.

use super::doubt::{OTHERWISE, less, question};
use super::entry::MOST_PACKETS;
use super::gather::{SHARED, too_many};
use super::merge::{merge, say};
use super::respelt;
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Channels, Confidence, Field, Found, Judged, Packet, Person, Safety};
use crate::referral::safety::{is_consent, is_guarded};

/// Said where two places give one person different phones.
const PHONES: &str =
    "Two places of the mail give different phones for one person; please ask which of them is safe.";
/// Said where a yes stands in another place than the address or the phone.
const APART: &str =
    "An address or a phone stands in another place of the mail than the answer that it is safe; please ask.";
/// Said where a file or a card without a name has an address.
const NAMELESS: &str =
    "The mail has an address without a name, which may be somebody else's; it was left out.";
/// Said where a name alone parts or joins nobody.
const NAMESAKES: &str =
    "Two places of the mail have one name and nothing that says whether it is one person; please ask.";
/// Said where a client is also the other side.
const SIDES: &str = "Somebody in the mail is called the other side of somebody else in it; nothing is safe before a person looks.";
/// Said where a yes to sharing stands with the name, and the matter with the name in another place.
const MATTER: &str = "The consent stands in another place of the mail than the matter, with the name only in common; please ask.";

/// Adds packets of another place: whoever is among the known ones gets what is new about them, the others are added
/// until the mail has its most. Those without a name wait until all places are read ([`settle`]).
pub(crate) fn unite(known: &mut Vec<Packet>, more: Vec<Packet>, problems: &mut Vec<String>) {
    if known.is_empty() {
        let room = more.len() <= MOST_PACKETS;
        known.extend(more.into_iter().take(MOST_PACKETS));
        if !room {
            say(problems, too_many());
        }
        return;
    }
    // Those of before: rows of one place are people of their own.
    let mut persons: Vec<Person> = known.iter().map(Person::of).collect();
    let all: Vec<Person> = more.iter().map(Person::of).collect();
    for (packet, person) in more.into_iter().zip(&all) {
        let same = whom(&persons, person, &all);
        if let Some((known, known_person)) =
            same.and_then(|at| Some((known.get_mut(at)?, persons.get_mut(at)?)))
        {
            join(known, &packet, problems);
            *known_person = Person::of(known);
        } else if known.len() < MOST_PACKETS {
            if persons.iter().any(|known| known.is_called_alike(person)) {
                say(problems, NAMESAKES.to_owned());
            }
            known.push(packet);
        } else {
            say(problems, too_many());
        }
    }
}

/// Which of the known persons one of `others`, who stand in one place, is. By a name alone, or one that is misspelt, it
/// is only whom nobody else of either place may be.
fn whom(known: &[Person], person: &Person, others: &[Person]) -> Option<usize> {
    let is_one = |known: &Person, person: &Person| {
        let are_sides = known.is_against(person) || person.is_against(known);
        known.is_named() == person.is_named() && known.is_same(person) && !are_sides
    };
    if let Some(at) = known.iter().position(|known| is_one(known, person)) {
        return Some(at);
    }
    let is_alike = |known: &Person, person: &Person| known.is_misspelt(person) || known.is_namesake(person);
    let mut alike = known.iter().enumerate().filter(|(_, known)| is_alike(known, person));
    let (at, only) = alike.next().filter(|_| alike.next().is_none())?;
    let rivals = others.iter().filter(|other| is_one(only, other) || is_alike(only, other));
    (rivals.count() == 1).then_some(at)
}

/// Gives what names nobody to whom it speaks of, and lets each no count for whoever may be meant. `has_text` says that
/// the first packet is all that the text of the mail gave, `cards` which files are cards. What is left of packets that
/// are nobody's is returned.
pub(crate) fn settle(
    packets: &mut Vec<Packet>,
    has_text: bool,
    cards: &[&str],
    problems: &mut Vec<String>,
) -> Vec<Packet> {
    let mut beside = Vec::new();
    // One alone can be nobody else's.
    if packets.len() < 2 {
        return beside;
    }
    // The text comes last: by then it is known who is there.
    for at in (0..packets.len()).rev() {
        let whose = whose(packets, at, has_text && at == 0);
        if whose.is_empty() {
            continue;
        }
        let nameless = packets.remove(at);
        let whose: Vec<usize> =
            whose.into_iter().map(|other| if other > at { other - 1 } else { other }).collect();
        let left = match whose.as_slice() {
            [only] if !is_signed(packets.get(*only), &nameless, cards) => {
                packets.get_mut(*only).and_then(|only| give(only, &nameless, problems))
            }
            _ => Some(nameless),
        };
        if let Some(left) = left {
            for other in whose {
                packets.get_mut(other).into_iter().for_each(|packet| protect(packet, &left));
            }
            problems.insert(0, asked(&left));
            beside.push(left);
        }
    }
    doubt_each_other(packets, problems);
    part_sides(packets, problems);
    beside
}

/// Whether nothing but a card says who this is, which may be the sender's, and the packet without a name shares no way
/// to reach anybody with it.
fn is_signed(known: Option<&Packet>, nameless: &Packet, cards: &[&str]) -> bool {
    let is_cards = |place: &str| {
        cards.iter().any(|card| place.strip_prefix(card).is_some_and(|rest| rest.starts_with(" line ")))
    };
    let is_only_card = |packet: &Packet| {
        let mut own = packet.iter().filter(|(field, _)| !SHARED.contains(field));
        own.all(|(_, found)| is_cards(&found.place))
    };
    !Person::of(nameless).can_be_reached() && known.is_some_and(is_only_card)
}

/// Whose a packet without a name may be, by their places; nobody's where it is a person of its own.
fn whose(packets: &[Packet], at: usize, is_text: bool) -> Vec<usize> {
    let Some(person) = packets.get(at).map(Person::of).filter(|person| !person.is_named()) else {
        return Vec::new();
    };
    let is_whose = |packet: &Packet| {
        let other = Person::of(packet);
        if person.can_be_reached() {
            other.is_named() && other.is_same(&person)
        } else {
            is_text && !is_prose(packet) && !other.is_apart(&person)
        }
    };
    let others = packets.iter().enumerate().filter(|(other, packet)| *other != at && is_whose(packet));
    others.map(|(other, _)| other).collect()
}

/// Nobody but running text says anything of it, and it says neither a name nor how to reach somebody.
fn is_prose(packet: &Packet) -> bool {
    let person = Person::of(packet);
    !person.is_named()
        && !person.can_be_reached()
        && packet.iter().all(|(_, found)| found.confidence == Confidence::Low)
}

/// Joins what names nobody to the only person it can speak of. Without a phone in common, what running text says is
/// given back: it may speak of somebody else, as her husband's hearing does. An address without a name is nobody's.
fn give(known: &mut Packet, nameless: &Packet, problems: &mut Vec<String>) -> Option<Packet> {
    let is_reached = Person::of(nameless).can_be_reached();
    let (mut said, mut left) = (nameless.emptied(), Packet::default());
    for (field, found) in nameless.iter() {
        let part = if is_reached || found.confidence != Confidence::Low { &mut said } else { &mut left };
        part.put(field, found.clone());
    }
    let is_another_address = mailbox(nameless).is_some() && mailbox(nameless) != mailbox(known);
    if is_another_address {
        said = without(&said, Field::ClientEmail);
        say(problems, NAMELESS.to_owned());
    }
    join_beside(known, &said, nameless, problems);
    if is_another_address && known.channels().email == Safety::Safe {
        question(known, Field::SafeEmail, "the mail has another address");
    }
    (!left.is_empty()).then_some(left)
}

fn without(packet: &Packet, left_out: Field) -> Packet {
    let mut rest = packet.emptied();
    for (field, found) in packet.iter().filter(|(field, _)| *field != left_out) {
        rest.put(field, found.clone());
    }
    rest
}

fn join(known: &mut Packet, packet: &Packet, problems: &mut Vec<String>) {
    let (one, other) = (Person::of(known), Person::of(packet));
    if one.is_misspelt(&other) {
        let rest = respelt::unvouched(known, packet, problems);
        join_beside(known, &rest, &rest, problems);
    } else {
        let before = known.clone();
        join_beside(known, packet, packet, problems);
        if !one.is_same(&other) {
            stand_with_matter(known, [&before, packet], problems);
        }
    }
}

/// Takes back a consent that neither of two places gives together with the matter: a name alone does not say that it is
/// for this one.
fn stand_with_matter(packet: &mut Packet, places: [&Packet; 2], problems: &mut Vec<String>) {
    let is_yes = |packet: &Packet, field: Field| {
        matches!(packet.get(field).map(|found| &found.judged), Some(Judged::Yes | Judged::YesUntil { .. }))
    };
    for field in [Field::Consent, Field::ConsentContact] {
        let mut places = places.iter();
        let is_vouched = places.any(|place| is_yes(place, field) && place.get(Field::Service).is_some());
        if is_yes(packet, field) && packet.get(Field::Service).is_some() && !is_vouched {
            question(packet, field, "it is said of another place of the mail");
            say(problems, MATTER.to_owned());
        }
    }
}

/// Joins a packet to what is known. `whole` is the packet as it stood in its place.
fn join_beside(known: &mut Packet, packet: &Packet, whole: &Packet, problems: &mut Vec<String>) {
    known.because(packet.grounds());
    let before = known.clone();
    let is_named_alike = !Person::of(&before).is_named_apart(&Person::of(packet));
    for (field, after) in packet.iter() {
        let joined = match known.get(field).cloned() {
            None => after.clone(),
            Some(before) if before.value == after.value && before.judged == after.judged => continue,
            Some(before) => {
                // What running text suggests gives way to what a label says, and is told.
                let is_surer = before.confidence == Confidence::Low && after.confidence != Confidence::Low;
                let (first, second) =
                    if is_surer { (after.clone(), before) } else { (before, after.clone()) };
                // Whoever is joined has one name, however it is spelt.
                if field == Field::ClientName && (second.confidence == Confidence::Low || is_named_alike) {
                    first
                } else {
                    merge(field, first, second, known, problems)
                }
            }
        };
        known.put(field, joined);
    }
    vouch(known, [&before, whole], problems);
}

/// Takes back each yes that none of the places said of the address or the phones that the packet has.
fn vouch(packet: &mut Packet, places: [&Packet; 2], problems: &mut Vec<String>) {
    type Way = (Field, fn(&Channels) -> Safety, fn(&Packet) -> Vec<String>);
    const WAYS: [Way; 4] = [
        (Field::SafeEmail, |channels| channels.email, |packet| mailbox(packet).into_iter().collect()),
        (Field::SafeCall, |channels| channels.call, phones),
        (Field::SafeText, |channels| channels.text, phones),
        (Field::SafeVoicemail, |channels| channels.voicemail, phones),
    ];
    let [one, other] = places.map(phones);
    let holds = |all: &[String], some: &[String]| some.iter().all(|phone| all.contains(phone));
    if !holds(&one, &other) && !holds(&other, &one) {
        say(problems, PHONES.to_owned());
    }
    for (field, safety, reach) in WAYS {
        let has = reach(packet);
        let is_vouched = |place: &&Packet| {
            let there = reach(place);
            safety(&place.channels()) == Safety::Safe
                && (if has.is_empty() { there.is_empty() } else { holds(&there, &has) })
        };
        if safety(&packet.channels()) == Safety::Safe && !places.iter().any(is_vouched) {
            question(packet, field, "it is said of another place of the mail");
            say(problems, APART.to_owned());
        }
    }
}

fn mailbox(packet: &Packet) -> Option<String> {
    EmailAddress::parse(packet.client_email()?).ok().map(|address| address.mailbox())
}

fn phones(packet: &Packet) -> Vec<String> {
    let fields = [Field::ClientPhone, Field::ClientPhoneOther];
    let found = fields.into_iter().filter_map(|field| packet.get(field));
    let form = |found: &Found| match &found.judged {
        Judged::Phone { e164, .. } if !e164.is_empty() => e164.clone(),
        _ => found.value.clone(),
    };
    found.map(form).collect()
}

/// Lets what is said of nobody in particular count for a packet as far as it protects whoever is meant: what is not
/// safe, a day that must not pass, urgency. Of what the day is, and whose, a person asks.
fn protect(packet: &mut Packet, said: &Packet) {
    const KEPT: [Field; 3] = [Field::PartTwo, Field::Urgency, Field::SafetyNotes];
    for (field, found) in said.iter() {
        let known = packet.get(field);
        let is_kept = known.is_none() && (KEPT.contains(&field) || SHARED.contains(&field));
        if is_guarded(field) {
            if let Some(judged) = less(field, known, found) {
                packet.put(field, Found { judged, ..found.clone() });
            }
        } else if said.deadlines().any(|deadline| deadline.kind == field) {
            may_end(packet, found);
        } else if is_kept {
            packet.put(field, found.clone());
        }
    }
}

/// A day that may be this person's: the earliest counts.
fn may_end(packet: &mut Packet, found: &Found) {
    let Judged::Date { date, time, .. } = found.judged else { return };
    let is_known = packet.deadlines().any(|known| known.date == date);
    let is_later = |known: &Found| {
        known.confidence != Confidence::Low
            || matches!(known.judged, Judged::Date { date: known, .. } if known <= date)
    };
    if !is_known && !packet.get(Field::OtherDeadline).is_some_and(is_later) {
        let judged = Judged::Date { date, time, ambiguous: true };
        packet.put(Field::OtherDeadline, Found { judged, confidence: Confidence::Low, ..found.clone() });
    }
}

/// What a person is asked about words that name nobody.
fn asked(left: &Packet) -> String {
    let fields = left.iter().map(|(field, _)| field).filter(|field| *field != Field::Reason);
    let mut named: Vec<String> = fields.map(|field| field.label().to_lowercase()).collect();
    if named.is_empty() {
        named.push(Field::Reason.label().to_lowercase());
    }
    format!(
        "The mail says something of nobody it names there ({}); please ask whose it is.",
        named.join(", ")
    )
}

/// Of packets that may be one person's a no counts against the yes of the others. Whether they are one nobody can tell,
/// so that it becomes a question.
fn doubt_each_other(packets: &mut [Packet], problems: &mut Vec<String>) {
    let all: Vec<(Person, Packet)> =
        packets.iter().map(|packet| (Person::of(packet), packet.clone())).collect();
    for (at, packet) in packets.iter_mut().enumerate() {
        let Some(own) = all.get(at) else { continue };
        let others = all.iter().enumerate().filter(|(other, (them, _))| *other != at && them.may_be(&own.0));
        let said =
            others.flat_map(|(_, other)| other.1.iter().filter(|(field, _)| reaches(*field, own, other)));
        for (field, word) in said {
            let Some(judged) = less(field, packet.get(field), word) else { continue };
            if matches!(judged, Judged::No) {
                question(packet, field, "another place of the mail says no");
            } else {
                let known = packet.get(field).unwrap_or(word).clone();
                packet.put(field, Found { judged, ..known });
            }
            say(problems, OTHERWISE.to_owned());
        }
    }
}

/// Of two packets of which one is the other side of the other, nothing counts as safe that both have: a phone of the
/// household is theirs too. Whoever is the other side is no client before a person has looked.
fn part_sides(packets: &mut [Packet], problems: &mut Vec<String>) {
    let persons: Vec<Person> = packets.iter().map(Person::of).collect();
    for (at, packet) in packets.iter_mut().enumerate() {
        let Some(own) = persons.get(at) else { continue };
        let others = persons.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        let is_side = others.clone().any(|other| other.is_against(own));
        let shares = others.clone().any(|other| own.is_against(other) && own.shares_a_way(other));
        let fields: Vec<Field> = packet.iter().map(|(field, _)| field).collect();
        let fields = fields.into_iter().filter(|field| is_guarded(*field));
        for field in fields.filter(|field| is_side || shares && !is_consent(*field)) {
            if packet.get(field).is_some_and(|found| !matches!(found.judged, Judged::No | Judged::Unclear(_)))
            {
                question(
                    packet,
                    field,
                    "somebody in the mail is called the other side of somebody else in it",
                );
            }
        }
        if is_side {
            say(problems, SIDES.to_owned());
        }
    }
}

/// Whether what one packet says of this field may be meant for the other. Rows of one table are people of their own: of
/// a way they share both are told what is safe, and of a consent nothing. A row without a name is told by its phone.
fn reaches(field: Field, one: &(Person, Packet), other: &(Person, Packet)) -> bool {
    let is_one_table = || table(&one.1).is_some_and(|name| table(&other.1) == Some(name));
    let are_reached = || one.0.can_be_reached() && other.0.can_be_reached();
    if one.0.is_named() && other.0.is_named() {
        is_shared(field) || one.0.may_be_called(&other.0) || !is_one_table()
    } else {
        one.0.shares_a_way(&other.0) || !are_reached() || !is_one_table()
    }
}

/// Whether a field says what is safe on a phone or at an address that several people may have.
const fn is_shared(field: Field) -> bool {
    matches!(
        field,
        Field::SafeToContact | Field::SafeCall | Field::SafeVoicemail | Field::SafeText | Field::SafeEmail
    )
}

/// The table that a packet is one row of, if all that it says of a person stands in that row.
fn table(packet: &Packet) -> Option<&str> {
    let own = packet.iter().filter(|(field, _)| !SHARED.contains(field));
    let mut rows = own.map(|(_, found)| found.place.rsplit_once(" column ").map(|(row, _)| row));
    let row = rows.next()??;
    let is_row = rows.all(|other| other == Some(row));
    row.rsplit_once(" row ").map(|(table, _)| table).filter(|_| is_row)
}

#[cfg(test)]
mod tests {
    use super::*;

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
