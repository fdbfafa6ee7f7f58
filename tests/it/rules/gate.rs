//! The gate to clients: every combination of its questions, and every answer there is to each of them; a letter leaves
//! where all are good, and the reason is the first row of the table in its doc that speaks against it.

mod answers;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, Contact};
use handoffd::referral::decide::Rules;
use handoffd::referral::packet::consent::{By, Heard, How, Scope, Told};
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::record::{EmailTold, Referral};
use handoffd::referral::roster::Mode;
use handoffd::referral::safety::{Gate, Withheld, gate};

use answers::{Answer, Spoil, questions, unclear};

use super::office::{CLIENT, address, at, opened, packet, rules};

const NOON: &str = "2026-11-24T17:00:00Z";

/// Everything the gate looks at.
#[derive(Clone)]
struct Case {
    rules: Rules,
    referral: Referral,
    /// Where the letter would go, if not to the address of the record.
    elsewhere: Option<EmailAddress>,
    now: DateTime<Utc>,
}

impl Case {
    fn good() -> Case {
        let rules = rules(Mode::Enforce);
        let referral = opened(&rules, packet("normal"), Vec::new(), at(NOON)).referral;
        Case { rules, referral, elsewhere: None, now: at(NOON) }
    }

    fn put(&mut self, field: Field, value: &str, judged: Judged) {
        let found = Found {
            value: value.to_owned(),
            judged,
            confidence: Confidence::High,
            place: "text line 1".to_owned(),
        };
        self.referral.packet.put(field, found);
    }

    fn drop(&mut self, fields: &[Field]) {
        let mut left = Packet::default();
        for (field, found) in self.referral.packet.iter().filter(|(field, _)| !fields.contains(field)) {
            left.put(field, found.clone());
        }
        self.referral.packet = left;
    }

    fn client(&mut self, email: &str) {
        self.put(Field::ClientEmail, email, Judged::Email { address: email.to_owned(), problem: None });
    }

    fn answer(&self) -> Gate {
        let to = self.elsewhere.clone().or_else(|| self.referral.client_address());
        let (rules, to) = (&self.rules, to.unwrap_or_else(|| address(CLIENT)));
        gate(&self.referral, &to, &rules.roster, &rules.inbox, rules.client_mail, &rules.calendar, self.now)
    }
}

/// Sets these answers, the later question first, so that none takes an earlier one's effect away.
fn spoiled(good: &Case, answers: &[&Answer]) -> Case {
    let mut case = good.clone();
    for (_, spoil) in answers.iter().rev() {
        spoil(&mut case);
    }
    case
}

/// Each row of the product asks other answers than the one before, so that every answer meets every set of others' many
/// times.
const TURNS: usize = 5;

#[test]
fn of_all_combinations_one_lets_a_letter_through_and_the_reason_is_the_first_of_the_table() {
    let (questions, good) = (questions(), Case::good());
    let mut sent = 0;
    for row in 0..1_usize << questions.len() {
        for turn in 0..TURNS {
            let bad = questions.iter().enumerate().filter(|(place, _)| row >> place & 1 == 1);
            let bad: Vec<&Answer> = bad
                .map(|(place, question)| {
                    let count = question.answers.len();
                    &question.answers[(row / 7 + place + turn * (1 + count / TURNS)) % count]
                })
                .collect();
            let mut case = spoiled(&good, &bad);
            let expected = bad.first().map_or(Gate::Send, |(why, _)| Gate::Withhold(*why));
            assert_eq!(case.answer(), expected, "row {row}, turn {turn}");
            sent += usize::from(expected == Gate::Send);
            // At night nothing is different but that a letter that may leave waits for the morning.
            case.now += TimeDelta::hours(10);
            match (case.answer(), expected) {
                (Gate::SendAt(later), Gate::Send) => {
                    case.now = later;
                    assert_eq!(case.answer(), Gate::Send, "the hour that was named is a good one");
                }
                (other, expected) => assert_eq!(other, expected, "row {row}, turn {turn}, at night"),
            }
        }
    }
    assert_eq!(sent, TURNS, "the row without a bad answer, and no other");
}

#[test]
fn every_answer_alone_and_every_two_of_them_give_the_reason_of_the_first() {
    let (questions, good) = (questions(), Case::good());
    for (place, first) in questions.iter().enumerate() {
        for answer in &first.answers {
            assert_eq!(spoiled(&good, &[answer]).answer(), Gate::Withhold(answer.0), "question {place}");
            for other in questions.iter().skip(place + 1).flat_map(|question| &question.answers) {
                let both = spoiled(&good, &[answer, other]);
                assert_eq!(both.answer(), Gate::Withhold(answer.0), "question {place}");
            }
        }
    }
}

#[test]
fn every_row_of_the_table_in_the_doc_is_asked_in_its_order() {
    let doc = include_str!("../../../src/referral/safety/mod.rs");
    let rows = doc.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rows: Vec<&str> = rows.filter_map(|row| row.split(" | ").next()).skip(1).collect();
    let asked: Vec<&str> = questions().iter().flat_map(|question| question.rows).copied().collect();
    assert_eq!(rows.split_last(), Some((&"is it a safe hour?", asked.as_slice())));
}

/// A yes told to one of us takes away every doubt about the packet's yes, and answers no other question.
#[test]
fn what_a_client_told_us_answers_the_question_of_consent_and_no_other_and_never_the_other_sides() {
    const CONSENT: &str = "did the client consent?";
    let told = |how, by| {
        let mut good = Case::good();
        good.referral.consent_told = Some(Heard { told: Told::Yes { how, by }, at: good.now });
        good
    };
    let good = told(How::Phone, By::Client);
    assert_eq!(good.answer(), Gate::Send);
    for question in questions() {
        for answer in &question.answers {
            let is_consent = question.rows.contains(&CONSENT) && answer.0 != Withheld::ConsentByOpposingParty;
            let expected = if is_consent { Gate::Send } else { Gate::Withhold(answer.0) };
            assert_eq!(spoiled(&good, &[answer]).answer(), expected, "{:?}", answer.0);
        }
    }
    for (how, by, is_good) in [
        (How::Writing, By::Client, true),
        (How::Spoken, By::Guardian, true),
        // Of age, by the packet.
        (How::Phone, By::Parent, false),
        (How::Phone, By::Named, false),
        (How::Phone, By::SomebodyElse, false),
        (How::Phone, By::OpposingParty, false),
        (How::Helper, By::Client, false),
    ] {
        assert_eq!(told(how, by).answer() == Gate::Send, is_good, "{how:?} {by:?}");
    }
    let mut no = Case::good();
    no.referral.consent_told = Some(Heard { told: Told::No, at: no.now });
    assert_eq!(no.answer(), Gate::Withhold(Withheld::NoConsent), "the newest word is a no");
}

/// What the client told one of us of email ends a doubt about the address, and answers no other question.
#[test]
fn what_a_client_told_us_of_email_answers_the_questions_of_its_safety_and_no_other() {
    let rows = ["is *this* address marked safe for email?", "how old is the last word on safety?"];
    let mut good = Case::good();
    good.referral.email_told = Some(EmailTold { at: good.now, address: address(CLIENT) });
    let good = Case { now: good.now + TimeDelta::minutes(1), ..good };
    for question in questions().iter().filter(|question| !question.rows.contains(&rows[1])) {
        for answer in &question.answers {
            let is_of_safety = question.rows.contains(&rows[0]);
            let expected = if is_of_safety { Gate::Send } else { Gate::Withhold(answer.0) };
            assert_eq!(spoiled(&good, &[answer]).answer(), expected, "{:?}", answer.0);
        }
    }
    let said_at = good.referral.email_told.as_ref().unwrap().at;
    let spoils: [(Spoil, Gate); 4] = [
        (|case| case.referral.received_at -= TimeDelta::days(40), Gate::Send),
        (|case| case.client("ana.other@mail.example"), Gate::Withhold(Withheld::NotMarkedSafe)),
        (|case| case.now = at("2026-12-28T17:00:00Z"), Gate::Withhold(Withheld::SafetyTooOld)),
        (|case| case.rules.client_mail.put_back_at = Some(case.now), Gate::Withhold(Withheld::SafetyTooOld)),
    ];
    let mut doubtful = good.clone();
    doubtful.put(Field::SafeEmail, "perhaps", unclear());
    for (spoil, expected) in spoils {
        let mut case = doubtful.clone();
        spoil(&mut case);
        assert_eq!(case.answer(), expected);
    }
    for (seconds, is_over) in [(-1, false), (0, true), (1, true)] {
        let doubted_at = Some(said_at + TimeDelta::seconds(seconds));
        let (mut own, mut of_another) = (doubtful.clone(), good.clone());
        (own.referral.email_doubted_at, of_another.referral.address_doubted_at) = (doubted_at, doubted_at);
        let unless = |why| if is_over { Gate::Withhold(why) } else { Gate::Send };
        assert_eq!(own.answer(), unless(Withheld::NotMarkedSafe));
        assert_eq!(of_another.answer(), unless(Withheld::DoubtedAddress));
    }
}

/// Being reached by phone says nothing of the mailbox; being reached once says nothing of today.
#[test]
fn the_word_on_safety_is_as_old_as_the_last_time_the_client_said_that_email_is_the_way() {
    // 34 days after the referral.
    let now = at("2026-12-28T17:00:00Z");
    let reached = |at: DateTime<Utc>, method| {
        let with =
            Confirmation { method, safe_times: Some("any time".to_owned()), ..Confirmation::default() };
        Contact::Confirmed { at, with }
    };
    let (long_ago, of_late) = (at("2026-11-25T17:00:00Z"), at("2026-12-20T17:00:00Z"));
    let too_old = Gate::Withhold(Withheld::SafetyTooOld);
    for (contact, said_at, put_back_at, answer) in [
        (Contact::NotStarted, None, None, too_old),
        (reached(of_late, Some(Channel::Call)), None, None, too_old),
        (reached(long_ago, Some(Channel::Email)), Some(long_ago), None, too_old),
        // Reached long ago, and said again since.
        (reached(long_ago, Some(Channel::Email)), Some(of_late), None, Gate::Send),
        // Said since to be by phone only, which takes nothing back that was said of email.
        (reached(long_ago, Some(Channel::Call)), Some(of_late), None, Gate::Send),
        // Not reached any more: whoever opens a contact again asks again.
        (Contact::Attempting, Some(of_late), None, too_old),
        (reached(long_ago, Some(Channel::Email)), Some(of_late), Some(of_late), too_old),
    ] {
        let mut case = Case { now, ..Case::good() };
        case.rules.client_mail.put_back_at = put_back_at;
        (case.referral.contact, case.referral.email_confirmed_at) = (contact, said_at);
        assert_eq!(case.answer(), answer, "{said_at:?} {put_back_at:?}");
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
