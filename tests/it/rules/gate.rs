//! The gate to clients: every combination of its questions; a letter leaves in the one good row only.

use handoffd::referral::decide::Rules;
use handoffd::referral::packet::consent::{By, How, Scope};
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::record::{Contact, Referral};
use handoffd::referral::roster::Mode;
use handoffd::referral::safety::{Gate, gate};

use super::office::{CLIENT, address, at, opened, packet, rules};

/// One bit a question; zero is the answer that lets a letter through.
const QUESTIONS: u32 = 17;

#[test]
fn of_all_combinations_one_lets_a_letter_through() {
    let noon = at("2026-11-24T17:00:00Z");
    let good = rules(Mode::Enforce);
    let base = opened(&good, packet("normal"), Vec::new(), noon).referral;
    let mut sent = Vec::new();
    for row in 0..1_u32 << QUESTIONS {
        let is = |question: u32| row >> question & 1 == 1;
        let (mut rules, mut referral, mut to) = (good.clone(), base.clone(), address(CLIENT));
        let mut now = noon;
        spoil(row, &mut rules, &mut referral);
        if is(9) {
            to = address("somebody-else@mail.example");
        }
        if is(10) {
            now = at("2026-12-28T17:00:00Z");
        }
        if is(11) {
            now += chrono::TimeDelta::hours(10);
        }
        let answer =
            gate(&referral, &to, &rules.roster, &rules.inbox, rules.client_mail, &rules.calendar, now);
        match answer {
            Gate::Send => sent.push(row),
            Gate::SendAt(later) => {
                assert_eq!(row, 1 << 11, "only the hour may be waited for");
                let again = gate(
                    &referral,
                    &to,
                    &rules.roster,
                    &rules.inbox,
                    rules.client_mail,
                    &rules.calendar,
                    later,
                );
                assert_eq!(again, Gate::Send, "and the hour that was named is a good one");
            }
            Gate::Withhold(_) => assert_ne!(row, 0),
        }
    }
    assert_eq!(sent, [0]);
}

/// Sets the bits of a row that are facts of the settings or the record.
fn spoil(row: u32, rules: &mut Rules, referral: &mut Referral) {
    let is = |question: u32| row >> question & 1 == 1;
    let said = |judged: Judged| Found {
        value: "x".to_owned(),
        judged,
        confidence: Confidence::High,
        place: "text line 1".to_owned(),
    };
    if is(0) {
        rules.client_mail.enabled = false;
    }
    if is(1) {
        referral.stopped = true;
    }
    if is(2) {
        referral.contact = Contact::DoNotContact;
    }
    if is(3) {
        referral.sender.trusted = false;
    }
    if is(4) {
        referral.packet.put(Field::Consent, said(Judged::Unclear("maybe".to_owned())));
    }
    if is(5) {
        referral.packet.put(Field::SafeEmail, said(Judged::No));
    }
    if is(6) {
        let problem = Some("not an address".to_owned());
        referral.packet.put(Field::ClientEmail, said(Judged::Email { address: CLIENT.to_owned(), problem }));
    }
    if is(7) {
        rules.roster.partners[0].addresses.push(address(CLIENT));
    }
    if is(8) {
        rules.inbox = address(CLIENT);
    }
    if is(12) {
        referral.address_shared = true;
    }
    if is(14) {
        referral.packet.put(Field::ConsentBy, said(Judged::By(By::SomebodyElse)));
    }
    if is(15) {
        let share_only = Scope { share: true, ..Scope::default() };
        referral.packet.put(Field::ConsentScope, said(Judged::Scope(share_only)));
    }
    if is(16) {
        let times = Found { value: "when he is out".to_owned(), ..said(Judged::Text) };
        referral.packet.put(Field::BestTime, times);
    }
    if is(13) {
        // Nine to twelve leave nothing that is safe in an unknown zone.
        rules.client_mail.hours.1 = chrono::NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        let zone = Found { value: "Mars/Olympus".to_owned(), ..said(Judged::Text) };
        referral.packet.put(Field::TimeZone, zone);
    }
}

#[test]
fn every_reading_of_the_terms_of_a_consent_but_those_that_fit_is_a_no() {
    let noon = at("2026-11-24T17:00:00Z");
    let rules = rules(Mode::Enforce);
    let unclear = || Judged::Unclear("perhaps".to_owned());
    let until = |date: &str| Judged::YesUntil { date: date.parse().unwrap(), time: None };
    let dated = |date: &str| Judged::Date { date: date.parse().unwrap(), time: None, ambiguous: false };
    let no_email = Scope { share: true, ..Scope::default() };
    for (field, judged, is_good) in [
        (Field::ConsentScope, Judged::Scope(Scope::ALL), true),
        (Field::ConsentScope, Judged::Scope(no_email), false),
        (Field::ConsentScope, unclear(), false),
        (Field::ConsentScope, Judged::Text, false),
        (Field::ConsentUntil, until("2026-11-24"), true),
        (Field::ConsentUntil, until("2026-11-23"), false),
        (Field::ConsentUntil, unclear(), false),
        (Field::ConsentHow, Judged::How(How::Phone), true),
        (Field::ConsentHow, Judged::How(How::Helper), true),
        (Field::ConsentHow, unclear(), false),
        (Field::ConsentBy, Judged::By(By::Guardian), true),
        (Field::ConsentBy, Judged::By(By::Parent), false),
        (Field::ConsentBy, Judged::By(By::Named), false),
        (Field::ConsentBy, Judged::By(By::SomebodyElse), false),
        (Field::ConsentBy, Judged::By(By::OpposingParty), false),
        (Field::ConsentBy, unclear(), false),
        (Field::ConsentGiven, dated("2026-11-24"), true),
        (Field::ConsentGiven, dated("2026-11-26"), false),
        (Field::ConsentGiven, unclear(), false),
        (Field::ConsentGiven, Judged::Text, false),
        (Field::ConsentWith, Judged::Yes, true),
        (Field::ConsentWith, Judged::No, false),
        (Field::ConsentWith, unclear(), false),
        // It names "said", which is not our name.
        (Field::ConsentWith, Judged::Text, false),
    ] {
        let mut packet = packet("normal");
        let value = Found {
            value: "said".to_owned(),
            judged: judged.clone(),
            confidence: Confidence::High,
            place: String::new(),
        };
        packet.put(field, value);
        let decision = opened(&rules, packet, Vec::new(), noon);
        let written = decision.letters.iter().any(|letter| letter.body.kind() == "client-confirmation");
        assert_eq!(written, is_good, "{field:?} {judged:?}");
    }
}

#[test]
fn every_reading_of_consent_and_safety_but_a_clear_yes_is_a_no() {
    let noon = at("2026-11-24T17:00:00Z");
    let rules = rules(Mode::Enforce);
    let unclear = || Judged::Unclear("perhaps".to_owned());
    let until = |date: &str| Judged::YesUntil { date: date.parse().unwrap(), time: None };
    let readings =
        [Judged::Yes, Judged::No, unclear(), Judged::Text, until("2026-11-23"), until("2026-11-24")];
    for field in [Field::Consent, Field::ConsentContact, Field::SafeEmail] {
        for judged in &readings {
            let mut packet = packet("normal");
            let value = Found {
                value: "x".to_owned(),
                judged: judged.clone(),
                confidence: Confidence::High,
                place: String::new(),
            };
            packet.put(field, value);
            let decision = opened(&rules, packet, Vec::new(), noon);
            let written = decision.letters.iter().any(|letter| letter.body.kind() == "client-confirmation");
            // A yes that still holds today is a clear yes to consent; about safety nobody reads an end.
            let holds = *judged == readings[5] && field != Field::SafeEmail;
            assert_eq!(written, *judged == Judged::Yes || holds, "{field:?} {judged:?}");
        }
    }
}
