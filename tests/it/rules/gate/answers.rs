//! The bad answers to each question of the gate, in the order of its table, and the reason each must give.

use chrono::NaiveTime;
use handoffd::referral::contact::Contact;
use handoffd::referral::packet::consent::{By, How, Scope};
use handoffd::referral::packet::{Field, Judged, WARNED};
use handoffd::referral::record::BounceReason;
use handoffd::referral::safety::Withheld;

use super::super::office::{CLIENT, OPPOSING, address, at};
use super::Case;

pub(super) type Spoil = fn(&mut Case);

/// One bad answer, and the reason it must give.
pub(super) type Answer = (Withheld, Spoil);

/// Bad answers to one question, with the rows of the table it stands for.
pub(super) struct Question {
    pub(super) rows: &'static [&'static str],
    pub(super) answers: Vec<Answer>,
}

pub(super) fn unclear() -> Judged {
    Judged::Unclear("perhaps".to_owned())
}

fn until(date: &str) -> Judged {
    Judged::YesUntil { date: date.parse().unwrap(), time: None }
}

/// In the order of the table.
pub(super) fn questions() -> Vec<Question> {
    let ask = |rows: &'static [&'static str], answers: Vec<Answer>| Question { rows, answers };
    vec![
        ask(
            &["does the organisation write to clients at all?"],
            vec![(Withheld::SwitchedOff, |case| case.rules.client_mail.enabled = false)],
        ),
        ask(&["did the client say stop?"], vec![(Withheld::Stopped, |case| case.referral.stopped = true)]),
        ask(
            &["is contact given up as unsafe, or not wanted?"],
            vec![
                (Withheld::DoNotContact, |case| case.referral.contact = Contact::DoNotContact),
                (Withheld::DoNotContact, |case| {
                    let (reason, at) = (BounceReason::UnsafeToContact, case.now);
                    case.referral.contact =
                        Contact::Bounced { at, reason, added: None, attempts_logged: true };
                }),
            ],
        ),
        ask(
            &["is the sender of the referral proven?"],
            vec![(Withheld::SenderNotProven, |case| case.referral.sender.trusted = false)],
        ),
        ask(
            &["did the client consent?", "who gave the consent?", "how was it given?", "what does it cover?"],
            consents(),
        ),
        ask(&["is there an address?"], addresses()),
        ask(&["is *this* address marked safe for email?"], safeties()),
        ask(
            &["whose address is it?", "who else reads it?", "does another referral speak against it?"],
            owners(),
        ),
        ask(
            &["who sits at the address?"],
            vec![(Withheld::UnreadMail, |case| case.referral.unread_since = Some(case.now))],
        ),
        ask(&["how old is the last word on safety?"], ages()),
        ask(
            &["can the client's safe times be read?"],
            vec![
                (Withheld::SafeTimesUnclear, |case| {
                    case.put(Field::BestTime, "when he is out", Judged::Text);
                }),
                (Withheld::SafeTimesUnclear, |case| case.put(Field::BestTime, "", Judged::Text)),
            ],
        ),
        ask(
            &["is there a safe hour?"],
            vec![
                (Withheld::NoSafeHour, |case| case.put(Field::BestTime, "after 9pm", Judged::Text)),
                (Withheld::NoSafeHour, |case| {
                    // Nine to twelve leave nothing that is safe in an unknown zone.
                    case.rules.client_mail.hours.1 = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
                    case.put(Field::TimeZone, "Mars/Olympus", Judged::Text);
                }),
            ],
        ),
        // No row: the letter was written to an address that is not the client's any more.
        ask(
            &[],
            vec![(Withheld::NotMarkedSafe, |case| {
                case.elsewhere = Some(address("somebody-else@mail.example"));
            })],
        ),
    ]
}

fn addresses() -> Vec<Answer> {
    vec![
        (Withheld::NoAddress, |case| case.drop(&[Field::ClientEmail])),
        (Withheld::NoAddress, |case| {
            let problem = Some("not an address".to_owned());
            case.put(Field::ClientEmail, "x", Judged::Email { address: CLIENT.to_owned(), problem });
        }),
        (Withheld::NoAddress, |case| case.put(Field::ClientEmail, CLIENT, Judged::Text)),
    ]
}

fn consents() -> Vec<Answer> {
    vec![
        (Withheld::NoConsent, |case| case.drop(&[Field::Consent, Field::ConsentContact])),
        (Withheld::NoConsent, |case| case.put(Field::Consent, "x", Judged::No)),
        (Withheld::NoConsent, |case| case.put(Field::Consent, "x", Judged::Text)),
        (Withheld::NoConsent, |case| case.put(Field::Consent, "x", unclear())),
        (Withheld::NoConsent, |case| case.put(Field::ConsentContact, "x", Judged::No)),
        (Withheld::NoConsent, |case| case.put(Field::ConsentContact, "x", unclear())),
        (Withheld::ConsentExpired, |case| case.put(Field::Consent, "x", until("2026-11-23"))),
        (Withheld::ConsentExpired, |case| case.put(Field::ConsentUntil, "x", until("2026-11-23"))),
        (Withheld::ConsentEndUnclear, |case| case.put(Field::ConsentUntil, "x", unclear())),
        (Withheld::ConsentEndUnclear, |case| case.put(Field::Consent, "yes, until the hearing", unclear())),
        (Withheld::ConsentByOpposingParty, |case| {
            case.put(Field::ConsentBy, "x", Judged::By(By::OpposingParty));
        }),
        (Withheld::ConsentByOpposingParty, |case| {
            case.put(Field::ReferrerName, OPPOSING, Judged::Text);
        }),
        (Withheld::ConsentByAnother, |case| {
            case.put(Field::ConsentBy, "x", Judged::By(By::SomebodyElse));
        }),
        (Withheld::ConsentByAnother, |case| case.put(Field::ConsentBy, "x", Judged::By(By::Parent))),
        (Withheld::ConsentByAnother, |case| {
            case.put(Field::ConsentBy, "Somebody", Judged::By(By::Named));
        }),
        (Withheld::ConsentByAnother, |case| case.put(Field::ConsentBy, "x", unclear())),
        (Withheld::ConsentByAnother, |case| {
            case.drop(&[Field::ConsentBy]);
            case.put(Field::ConsentHow, "x", Judged::How(How::Helper));
        }),
        (Withheld::ConsentTermsUnclear, |case| case.put(Field::ConsentHow, "x", unclear())),
        (Withheld::ConsentTermsUnclear, |case| case.put(Field::ConsentScope, "x", unclear())),
        (Withheld::ConsentTermsUnclear, |case| case.put(Field::ConsentGiven, "x", unclear())),
        (Withheld::ConsentTermsUnclear, |case| {
            let date = "2027-01-01".parse().unwrap();
            case.put(Field::ConsentGiven, "x", Judged::Date { date, time: None, ambiguous: false });
        }),
        (Withheld::ConsentTermsUnclear, |case| case.put(Field::ConsentWith, "x", unclear())),
        (Withheld::ConsentNotForEmail, |case| {
            let share_only = Scope { share: true, ..Scope::default() };
            case.put(Field::ConsentScope, "x", Judged::Scope(share_only));
        }),
        (Withheld::ConsentNotForEmail, |case| case.put(Field::ConsentWith, "x", Judged::No)),
        (Withheld::ConsentNotForEmail, |case| {
            case.put(Field::ConsentWith, "North Clinic", Judged::Text);
        }),
    ]
}

fn ages() -> Vec<Answer> {
    vec![
        (Withheld::SafetyTooOld, |case| case.now = at("2026-12-28T17:00:00Z")),
        (Withheld::SafetyTooOld, |case| case.referral.received_at = at("2026-10-24T15:00:00Z")),
        (Withheld::SafetyTooOld, |case| case.rules.client_mail.put_back_at = Some(case.now)),
    ]
}

fn safeties() -> Vec<Answer> {
    vec![
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeEmail, "x", Judged::No)),
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeEmail, "perhaps", unclear())),
        (Withheld::MarkedAndDoubted, |case| case.put(Field::SafeEmail, "x", unclear())),
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeEmail, "x", Judged::Text)),
        (Withheld::MarkedAndDoubted, |case| {
            case.put(Field::SafeEmail, "Yes", Judged::Unclear(WARNED.to_owned()));
        }),
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeEmail, "x", until("2027-01-01"))),
        (Withheld::NotMarkedSafe, |case| case.drop(&[Field::SafeEmail, Field::SafeToContact])),
        // Every other way is safe, and nothing is said of email.
        (Withheld::NotMarkedSafe, |case| {
            case.drop(&[Field::SafeEmail]);
            case.put(Field::SafeToContact, "x", Judged::Yes);
        }),
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeToContact, "x", Judged::No)),
        (Withheld::NotMarkedSafe, |case| case.put(Field::SafeToContact, "x", unclear())),
    ]
}

fn owners() -> Vec<Answer> {
    vec![
        (Withheld::NotTheirOwn, |case| case.referral.sender.answer_to = Some(address(CLIENT))),
        (Withheld::NotTheirOwn, |case| case.rules.roster.partners[1].addresses.push(address(CLIENT))),
        (Withheld::NotTheirOwn, |case| {
            case.rules.roster.partners[1].domains.push("mail.example".to_owned());
        }),
        (Withheld::NotTheirOwn, |case| case.rules.roster.staff[2].address = address(CLIENT)),
        (Withheld::NotTheirOwn, |case| case.rules.inbox = address(CLIENT)),
        (Withheld::OpposingParty, |case| {
            case.put(Field::SafetyNotes, &format!("he reads {CLIENT}"), Judged::Text);
        }),
        (Withheld::OpposingParty, |case| case.client(&format!("{OPPOSING}@mail.example"))),
        (Withheld::RoleAddress, |case| case.client("info@mail.example")),
        (Withheld::JointAddress, |case| case.client("vegafamily1@mail.example")),
        (Withheld::SharedAddress, |case| case.referral.address_shared = true),
        (Withheld::DoubtedAddress, |case| case.referral.address_doubted_at = Some(case.now)),
    ]
}
