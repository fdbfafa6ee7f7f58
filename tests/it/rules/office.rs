//! A small office as plain values, referrals in it, and the invariants every decision must hold.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::calendar::Calendar;
use handoffd::referral::contact::Contact;
use handoffd::referral::decide::{Decision, Rules, arrive};
use handoffd::referral::event::Arrival;
use handoffd::referral::letter::Part;
use handoffd::referral::packet::consent::{By, How, Scope};
use handoffd::referral::packet::{Channels, Confidence, Field, Found, Judged, Packet, Safety};
use handoffd::referral::party::Sender;
use handoffd::referral::policy::{Policy, Span};
use handoffd::referral::record::{FactKind, NextAction, Referral, Status};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::{Mode, Partner, PartnerId, Roster, SourceKind, Staff, StaffId};
use handoffd::referral::safety::ClientMail;
use handoffd::referral::verbs::Verbs;

/// Stands in every field of every packet; no letter may show it.
pub(crate) const CANARY: &str = "Canary7f3a";
pub(crate) const OPPOSING: &str = "Zorblatt9c1e";
pub(crate) const CLIENT: &str = "canary7f3a@mail.example";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn staff(id: &str, takes_referrals: bool) -> Staff {
    Staff {
        id: StaffId(id.to_owned()),
        name: id.to_owned(),
        address: address(&format!("{id}@example.org")),
        takes_referrals,
        languages: Vec::new(),
        matters: Vec::new(),
        partners: Vec::new(),
        away_until: None,
    }
}

fn partner(id: &str, name: &str, at: &str, mode: Mode) -> Partner {
    Partner {
        id: PartnerId(id.to_owned()),
        name: name.to_owned(),
        addresses: vec![address(at)],
        domains: Vec::new(),
        ask: None,
        source: SourceKind::Organization,
        mode,
        pilot_since: None,
        policy: None,
        loop_back: true,
        week: None,
        redirect_receipt: Span::business_days(1),
        redirect_decision: Span::business_days(3),
    }
}

pub(crate) fn rules(mode: Mode) -> Rules {
    let hours = Some((NaiveTime::from_hms_opt(9, 0, 0).unwrap(), NaiveTime::from_hms_opt(17, 0, 0).unwrap()));
    Rules {
        roster: Roster {
            house: "Example Help Center".to_owned(),
            staff: vec![staff("wendy", false), staff("maria", true), staff("sam", true)],
            partners: vec![
                partner("harbor", "Harbor", "intake@harbor.example", mode),
                partner("north", "North Clinic", "desk@north.example", mode),
            ],
            workflow_owner: StaffId("wendy".to_owned()),
            data_owner: StaffId("wendy".to_owned()),
            admins: vec![StaffId("wendy".to_owned())],
        },
        calendar: Calendar {
            zone: chrono_tz::America::New_York,
            week: [hours, hours, hours, hours, hours, None, None],
            holidays: std::iter::once("2026-12-25".parse().unwrap()).collect(),
            half_days: std::collections::BTreeMap::new(),
        },
        policies: vec![Policy::seed()],
        reasons: handoffd::referral::reason::Reasons::default(),
        eligibility: handoffd::referral::eligibility::Eligibility::default(),
        required: Field::REQUIRED.to_vec(),
        client_mail: ClientMail {
            enabled: true,
            recheck_days: 30,
            put_back_at: None,
            hours: (NaiveTime::from_hms_opt(9, 0, 0).unwrap(), NaiveTime::from_hms_opt(20, 0, 0).unwrap()),
        },
        neutral_receipts: true,
        alert_address: None,
        staff_initials: false,
        verbs: Verbs::default(),
        inbox: address("referrals@example.org"),
    }
}

fn found(judged: Judged) -> Found {
    Found { value: CANARY.to_owned(), judged, confidence: Confidence::High, place: "text line 1".to_owned() }
}

/// A packet with the canary as every value, and consent and safety as an honest partner would say them.
pub(crate) fn packet(urgency: &str) -> Packet {
    let mut packet = Packet::default();
    for field in Field::ALL {
        packet.put(field, found(Judged::Text));
    }
    packet.put(Field::ClientEmail, found(Judged::Email { address: CLIENT.to_owned(), problem: None }));
    let safe = Safety::Safe;
    let channels = Channels { call: safe, voicemail: safe, text: safe, email: safe, letter: safe };
    packet.put(Field::SafeToContact, found(Judged::Channels(channels)));
    for field in [
        Field::Consent,
        Field::ConsentContact,
        Field::SafeCall,
        Field::SafeVoicemail,
        Field::SafeText,
        Field::SafeEmail,
        Field::SafeLetter,
    ] {
        packet.put(field, found(Judged::Yes));
    }
    for (field, judged) in [
        (Field::ConsentScope, Judged::Scope(Scope::ALL)),
        (Field::ConsentUntil, Judged::Yes),
        (Field::ConsentHow, Judged::How(How::Writing)),
        (Field::ConsentBy, Judged::By(By::Client)),
        (
            Field::ConsentGiven,
            Judged::Date { date: "2026-11-20".parse().unwrap(), time: None, ambiguous: false },
        ),
        (Field::ConsentWith, Judged::Yes),
    ] {
        packet.put(field, found(judged));
    }
    let times = "weekdays 9am to 8pm".to_owned();
    packet.put(Field::BestTime, Found { value: times, ..found(Judged::Text) });
    // Somebody else than the client, whose address would otherwise seem to be the opposing party's.
    packet.put(Field::OpposingParty, Found { value: OPPOSING.to_owned(), ..found(Judged::Text) });
    packet.put(Field::TimeZone, Found { value: "Eastern".to_owned(), ..found(Judged::Text) });
    // The one value that goes back, to the sender it came from: their own number, a short plain word.
    packet.put(Field::PartnerReference, Found { value: "HH-2291".to_owned(), ..found(Judged::Text) });
    packet.put(Field::Urgency, Found { value: format!("{urgency} {CANARY}"), ..found(Judged::Text) });
    packet
}

pub(crate) fn sender() -> Sender {
    Sender {
        answer_to: Some(address("intake@harbor.example")),
        partner: Some(PartnerId("harbor".to_owned())),
        trusted: true,
        message_id: Some("m1@harbor.example".to_owned()),
    }
}

/// One referral, just opened.
pub(crate) fn opened(
    rules: &Rules,
    packet: Packet,
    missing: Vec<Field>,
    received_at: DateTime<Utc>,
) -> Decision {
    let arrival = Arrival {
        packet,
        sender: sender(),
        missing,
        questions: Vec::new(),
        transcribe: false,
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        conflicts: Vec::new(),
        place: 0,
        received_at,
        open: std::collections::BTreeMap::new(),
    };
    let reference = Reference::draw("R", 7);
    arrive(rules, &[arrival], &[reference], received_at).remove(0)
}

/// What holds after every decision.
pub(crate) fn holds(rules: &Rules, before: Option<&Referral>, decision: &Decision, now: DateTime<Utc>) {
    let referral = &decision.referral;
    let closed = matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
    assert!(rules.roster.staff(&referral.owner).is_some(), "an owner on the roster, always");
    assert_eq!(referral.next_action == NextAction::Nothing, closed, "open means a next action");
    assert!(referral.look_at.is_none_or(|at| at > now), "asked again later, never at once");
    assert!(!closed || referral.look_at.is_none(), "closed is closed");
    match &referral.status {
        Status::Closed { reason } | Status::Redirected { reason, .. } => assert!(!reason.trim().is_empty()),
        Status::Received | Status::NeedsInfo { .. } | Status::UnderReview | Status::Accepted => {}
    }
    if let Some(before) = before {
        assert!(referral.tier >= before.tier, "a tier is never lowered");
        assert!(referral.attempts.starts_with(&before.attempts), "attempts are only added");
        assert_eq!(referral.received_at, before.received_at);
        assert_eq!(referral.reference, before.reference);
        assert!(referral.stopped >= before.stopped, "a stop stays");
        let was_confirmed = matches!(before.contact, Contact::Confirmed { .. });
        let chased = decision.facts.iter().any(|fact| {
            fact.kind == FactKind::Escalated && fact.words.contains("the contact")
                || fact.kind == FactKind::Warned
        });
        assert!(!(was_confirmed && chased), "confirmed is not chased");
    }
    assert!(decision.facts.iter().all(|fact| fact.at == now), "facts happen now");
    for letter in &decision.letters {
        let body = serde_json::to_string(&letter.body).unwrap();
        assert!(
            !body.contains(CANARY) && !body.contains(OPPOSING),
            "a packet's value stands in a {} letter",
            letter.body.kind()
        );
        if letter.to.part == Part::Client {
            assert_eq!(letter.to.address, address(CLIENT));
            assert_eq!(letter.answers, None, "nothing ties a client's letter to another thread");
        }
    }
}

/// At most one letter of the ladder to each person.
pub(crate) fn one_letter_a_person(decision: &Decision) {
    for letter in &decision.letters {
        // What a partner did is news, and no step of the ladder.
        let is_news = letter.body.kind() == "redirect-news";
        let others = decision.letters.iter().filter(|other| other.to == letter.to);
        let same = others.filter(|other| is_news == (other.body.kind() == "redirect-news")).count();
        assert!(same <= 1, "{same} letters to one person at one instant");
    }
}

pub(crate) fn later(from: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    from + TimeDelta::minutes(minutes)
}
