//! Text files and web pages that somebody filled in: read like the text of a mail.
//!
//! What is quoted or signed in them fills nothing. All of it is heard, packet or not.

use super::super::aside::Aside;
use super::super::form::{
    Harvest, Source, asks_why_referred, names_other_paper, names_somebody_else, read, speaks_of_client,
    speaks_of_referral,
};
use super::super::limits::{BODY_BYTES, cut};
use super::super::reply;
use super::{Context, decoded};
use crate::referral::packet::{Confidence, Field, Found, Packet};
use crate::referral::safety::is_guarded;

/// So many labelled values make a form of a text that has no label for the client's name.
const FORM: usize = 4;

/// What a person is told of one that is not about a client, as far as its labels say.
pub(crate) const SOMEBODY: &str = "An attached text is filled in like a form but does not call anybody a client; it was not read, please ask whose \
                        it is.";

/// So many of its first lines may say what it is.
const HEAD: usize = 5;

/// A line of so many words at most may be a heading.
const HEADING_WORDS: usize = 8;

/// Reads a text file.
pub(super) fn plain(name: &str, bytes: &[u8], context: &Context) -> Harvest {
    let whole = decoded(bytes);
    let text = reply::split(Some(cut(&whole, BODY_BYTES)), None);
    let source = Source { text: &text.own, quoted: &text.quoted, ..Source::default() };
    of(name, source, cut(&whole, BODY_BYTES).to_owned(), context)
}

/// Reads a web page.
pub(super) fn page(name: &str, bytes: &[u8], context: &Context) -> Harvest {
    let whole = decoded(bytes);
    let html = cut(&whole, BODY_BYTES);
    let text = reply::split(None, Some(html));
    let source = Source { text: &text.own, html: Some(html), quoted: &text.quoted, ..Source::default() };
    of(name, source, [&*text.own, &text.aside].concat(), context)
}

/// The forms in a text, and all of its words.
fn of(name: &str, source: Source<'_>, words: String, context: &Context) -> Harvest {
    let mut harvest = read(source, context);
    harvest.packets.retain(is_filled_in);
    let is_form = !harvest.packets.is_empty();
    if !speaks_of_client(source.text) && !asks_why_referred(source.text) {
        sort_out(&mut harvest, &head(name, source.text));
    }
    if harvest.packets.is_empty() {
        // What was not found in words that are no form is nobody's worry.
        harvest.problems.clear();
        harvest.problems.extend((is_form && harvest.unsure.is_empty()).then(|| SOMEBODY.to_owned()));
    }
    let is_read = !harvest.packets.is_empty();
    for packet in harvest.packets.iter_mut().chain(&mut harvest.unsure) {
        *packet = placed(packet, name);
    }
    harvest.asides.push(Aside { place: String::new(), text: words, is_read });
    harvest
}

/// Leaves what may be a client's of a text that calls nobody one. What is headed with somebody on the other side is a
/// client's only if it is called a referral and asks how to reach them safely; another paper is only where it asks what
/// only a referral does.
fn sort_out(harvest: &mut Harvest, head: &str) {
    if names_somebody_else(head) {
        // "Lawyer Referral Service", "Landlord-Tenant Intake": programs are named for what they do. Nobody asks whether it
        // is safe to call the other side.
        let asks_of_safety = |packet: &Packet| packet.iter().any(|(field, _)| is_guarded(field));
        harvest.packets.retain(|packet| speaks_of_referral(head) && asks_of_safety(packet));
    } else if names_other_paper(head) {
        harvest.packets.retain(asks_of_a_client);
    } else if !speaks_of_referral(head) {
        let (clients, others): (Vec<Packet>, _) =
            std::mem::take(&mut harvest.packets).into_iter().partition(asks_of_a_client);
        harvest.unsure = if clients.is_empty() { others } else { Vec::new() };
        harvest.packets = clients;
    }
}

/// What a file says it is: its name, and the short lines at its top that are no labels.
fn head(name: &str, text: &str) -> String {
    let is_heading = |line: &&str| {
        let words = line.split_whitespace().count();
        (1..=HEADING_WORDS).contains(&words) && !line.trim_end().trim_end_matches(':').contains(':')
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(HEAD).filter(is_heading);
    let name = name.replace(|c: char| !c.is_alphanumeric(), " ");
    std::iter::once(name.as_str()).chain(lines).collect::<Vec<_>>().join(" ")
}

/// What only a referral asks: a complaint and a report to the police have a name and an address too.
fn asks_of_a_client(packet: &Packet) -> bool {
    let is_asked = |field: Field| {
        is_guarded(field)
            || matches!(
                field,
                Field::Service
                    | Field::SafetyNotes
                    | Field::CourtDate
                    | Field::FilingDeadline
                    | Field::LockoutDate
                    | Field::ReferrerName
                    | Field::ReferrerOrg
                    | Field::ReferrerPhone
                    | Field::ReferrerEmail
                    | Field::ReferralDate
            )
    };
    packet.iter().any(|(field, found)| is_asked(field) && found.confidence != Confidence::Low)
}

/// What an office asks of whom it will help, and a complaint does not.
pub(crate) fn asks_of_an_applicant(packet: &Packet) -> bool {
    let is_asked = |field: Field| {
        matches!(
            field,
            Field::Language
                | Field::Interpreter
                | Field::HouseholdSize
                | Field::HouseholdIncome
                | Field::County
                | Field::BestTime
                | Field::PreferredContact
        )
    };
    packet.iter().any(|(field, found)| is_asked(field) && found.confidence != Confidence::Low)
}

/// A signature, a log and a letter have a phone number too: a form names its client, or has several labels.
fn is_filled_in(packet: &Packet) -> bool {
    let is_labelled = |found: &Found| found.confidence != Confidence::Low;
    let labelled = packet.iter().filter(|(_, found)| is_labelled(found)).count();
    labelled >= FORM || labelled >= 2 && packet.get(Field::ClientName).is_some_and(is_labelled)
}

/// The packet with its places in the file: `form.txt line 3`.
fn placed(packet: &Packet, name: &str) -> Packet {
    let mut placed = packet.emptied();
    for (field, found) in packet.iter() {
        let line = found.place.split_once(' ').map_or("", |(_, line)| line);
        let place = [name, line].join(" ").trim_end().to_owned();
        placed.put(field, Found { place, ..found.clone() });
    }
    placed
}
