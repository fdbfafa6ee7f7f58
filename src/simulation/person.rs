//! Invented people: what their referral says, and what nobody knows before they are called.
//!
//! The shares are assumptions, said in the output; they hold for every run, so that two policies can be compared.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::chance::Chance;
use crate::referral::address::EmailAddress;
use crate::referral::decide::Rules;
use crate::referral::event::Arrival;
use crate::referral::packet::{Channels, Confidence, Field, Found, Judged, Packet, Safety};
use crate::referral::party::Sender;
use crate::referral::roster::{Partner, StaffId};

/// What nobody knows before somebody tries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Person {
    /// The number is wrong: nobody is ever reached by it.
    pub(super) wrong_number: bool,
    /// No channel is safe.
    pub(super) unsafe_to_contact: bool,
    /// No interpreter can be found in time.
    pub(super) no_interpreter: bool,
    /// How many of a hundred tries reach them.
    pub(super) reached_percent: u32,
    /// What the decision will be.
    pub(super) fits: Fit,
}

/// What the decision will be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    /// A case for us.
    Ours,
    /// Another organisation's.
    Theirs,
    /// Nobody's, or not any more.
    Nobodys,
}

impl Person {
    /// Draws what nobody knows yet.
    pub(super) fn draw(chance: &mut Chance) -> Person {
        let wrong_number = chance.percent(8);
        let hard_to_reach = chance.percent(25);
        Person {
            wrong_number,
            unsafe_to_contact: chance.percent(4),
            no_interpreter: chance.percent(2),
            reached_percent: if hard_to_reach { 15 } else { 50 },
            fits: match chance.below(100) {
                0..70 => Fit::Ours,
                70..85 => Fit::Theirs,
                _ => Fit::Nobodys,
            },
        }
    }

    /// The assumptions, in a sentence.
    pub(super) const ASSUMED: &'static str = "of 100 people 8 have a wrong number, 4 no safe channel, 2 no interpreter \
         in time, 25 are hard to reach (a try reaches 15 %, anybody else 50 %); 5 are in danger, 12 have a date coming";
}

/// The mail about a person: what stands in it, and what is missing.
pub(super) fn arrival(
    rules: &Rules,
    person: Person,
    at: DateTime<Utc>,
    open: std::collections::BTreeMap<StaffId, u32>,
    chance: &mut Chance,
) -> Arrival {
    let packet = packet(rules, person, at, chance);
    let missing = rules.required.iter().copied().filter(|field| packet.get(*field).is_none()).collect();
    Arrival {
        packet,
        sender: sender(&rules.roster.partners, chance),
        missing,
        questions: Vec::new(),
        transcribe: false,
        place: 0,
        received_at: at,
        conflicts: Vec::new(),
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        open,
    }
}

/// What the sender adds when asked: every missing field.
pub(super) fn rest_of_packet(missing: &[Field]) -> Packet {
    let mut packet = Packet::default();
    for field in missing {
        packet.put(*field, found(judged(*field)));
    }
    packet
}

fn packet(rules: &Rules, person: Person, at: DateTime<Utc>, chance: &mut Chance) -> Packet {
    let mut packet = Packet::default();
    for field in &rules.required {
        // Bad contact data is the commonest gap (requirement 36).
        let missing = if *field == Field::ClientPhone { 12 } else { 5 };
        if !chance.percent(missing) {
            packet.put(*field, found(judged(*field)));
        }
    }
    if person.unsafe_to_contact {
        packet.put(Field::SafeToContact, found(Judged::No));
    }
    if chance.percent(40) {
        packet.put(Field::ClientEmail, found(judged(Field::ClientEmail)));
    }
    match chance.below(100) {
        0..5 => drop(packet.put(Field::Urgency, Found { value: "danger".to_owned(), ..found(Judged::Text) })),
        5..17 => {
            let days = u64::from(chance.below(14));
            let date = rules.calendar.local(at).date_naive() + Days::new(1 + days);
            let judged = Judged::Date { date, time: None, ambiguous: false };
            packet.put(Field::CourtDate, found(judged));
        }
        _ => {}
    }
    if chance.percent(20) {
        packet.put(Field::Language, found(Judged::Language("es".to_owned())));
    }
    packet
}

/// The plainest value a field can have.
fn judged(field: Field) -> Judged {
    let safe = Safety::Safe;
    let channels = Channels { call: safe, voicemail: safe, text: safe, email: safe, letter: safe };
    let values = [
        (Field::SafeToContact, Judged::Channels(channels)),
        (Field::Consent, Judged::Yes),
        (Field::ConsentContact, Judged::Yes),
        (Field::SafeCall, Judged::Yes),
        (Field::SafeEmail, Judged::Yes),
        (Field::Language, Judged::Language("en".to_owned())),
        (Field::ClientPhone, Judged::Phone { e164: "+15185550100".to_owned(), problem: None }),
        (Field::ClientEmail, Judged::Email { address: "somebody@client.example".to_owned(), problem: None }),
    ];
    let known = values.into_iter().find(|(known, _)| *known == field);
    known.map_or(Judged::Text, |(_, judged)| judged)
}

fn found(judged: Judged) -> Found {
    let (value, place) = ("invented".to_owned(), "simulation".to_owned());
    Found { value, judged, confidence: Confidence::High, place }
}

fn sender(partners: &[Partner], chance: &mut Chance) -> Sender {
    let count = u32::try_from(partners.len()).unwrap_or(u32::MAX);
    let partner = usize::try_from(chance.below(count)).ok().and_then(|place| partners.get(place));
    let own = partner.and_then(|partner| partner.addresses.first().cloned());
    let at_domain = partner.and_then(|partner| partner.domains.first());
    let answer_to = own.or_else(|| {
        EmailAddress::parse(&format!("intake@{}", at_domain.map_or("example.org", String::as_str))).ok()
    });
    Sender { answer_to, partner: partner.map(|partner| partner.id.clone()), trusted: true, message_id: None }
}

/// When the mails of the plan arrive, in order: most of them while the office is open.
pub(super) fn arrivals(rules: &Rules, plan: &super::Plan, chance: &mut Chance) -> Vec<DateTime<Utc>> {
    let mut instants = Vec::new();
    for day in 0..plan.days {
        let date = plan.from + Days::new(u64::from(day));
        let begins = rules.calendar.instant(date, chrono::NaiveTime::MIN);
        let hours = rules.calendar.hours(date);
        let count = if hours.is_some() { plan.per_day } else { plan.per_day / 10 };
        for _ in 0..count {
            let (from, to) =
                hours.filter(|_| chance.percent(85)).unwrap_or((begins, begins + TimeDelta::days(1)));
            let seconds = u32::try_from((to - from).num_seconds()).unwrap_or(0);
            instants.push(from + TimeDelta::seconds(i64::from(chance.below(seconds))));
        }
    }
    instants.sort_unstable();
    instants
}
