//! Letters that never left, by the rules alone: who hears of it, and that hearing of it makes no circle.

use chrono::{DateTime, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::decide::{Decision, decide};
use handoffd::referral::event::{Event, Lost};
use handoffd::referral::letter::Body;
use handoffd::referral::packet::consent::{By, How, Told};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::record::FactKind;
use handoffd::referral::roster::{Mode, PartnerId, StaffId};
use handoffd::referral::safety::Withheld;

use super::office::{address, at, holds, later, opened, packet, rules};

const MORNING: &str = "2026-11-24T15:00:00Z";
const ALL: [Lost; 3] = [Lost::NoMailbox, Lost::Refused, Lost::TooLate];

fn lost(who: Party, how: Lost) -> Event {
    lost_to(who, how, at(MORNING), "maria@example.org")
}

fn lost_to(who: Party, how: Lost, written_at: DateTime<Utc>, to: &str) -> Event {
    Event::LetterLost { who, how, written_at, to: address(to), is_first: false }
}

fn redirect(to: &str) -> Event {
    let redirect = Command::Redirect { to: to.to_owned(), reason: "county".to_owned() };
    Event::Commanded { by: Actor::Staff(StaffId("maria".to_owned())), commands: vec![redirect] }
}

#[test]
fn a_confirmation_that_may_have_left_is_not_written_again_and_one_that_did_not_is_once() {
    let rules = rules(Mode::Enforce);
    let firsts = |decision: &Decision| -> Vec<String> {
        let firsts = decision.letters.iter();
        let firsts = firsts.filter(|letter| matches!(letter.body, Body::ClientConfirmation { .. }));
        firsts.map(|letter| letter.step.clone()).collect()
    };
    let yes = Command::Consent(Told::Yes { how: How::Phone, by: By::Client });
    let yes = Event::Commanded { by: Actor::Host, commands: vec![yes] };
    for is_first in [true, false] {
        let written_at = at(MORNING);
        let to = address("ana@example.net");
        let lost = Event::LetterLost { who: Party::Client, how: Lost::TooLate, written_at, to, is_first };
        let withheld = Event::LetterWithheld { why: Withheld::NoConsent, written_at, is_first };
        for event in [lost, withheld] {
            let open = opened(&rules, packet("normal"), Vec::new(), written_at);
            assert_eq!(firsts(&open), ["1"]);
            let unsent = decide(&rules, &open.referral, &event, later(written_at, 30));
            let told = decide(&rules, &unsent.referral, &yes, later(written_at, 60));
            assert_eq!(firsts(&told), if is_first { vec!["2"] } else { Vec::new() });
            let again = decide(&rules, &told.referral, &yes, later(written_at, 90));
            assert!(firsts(&again).is_empty());
        }
    }
}

#[test]
fn whoever_a_lost_letter_was_for_somebody_of_us_hears_of_it() {
    let rules = rules(Mode::Enforce);
    for who in [Party::Client, Party::Sender] {
        for how in ALL {
            let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
            let decision = decide(&rules, &open, &lost(who, how), later(at(MORNING), 30));
            holds(&rules, Some(&open), &decision, later(at(MORNING), 30));
            assert_eq!(decision.letters.len(), 1, "{who:?} {how:?}");
            assert_eq!(decision.letters[0].to.address.as_str(), format!("{}@example.org", open.owner));
            assert_eq!(decision.referral.questions.len(), open.questions.len() + 1);
            assert_eq!(decision.facts[0].kind, FactKind::DeliveryFailed);
            assert_eq!(decision.referral.contact, open.contact, "nothing is given up by itself");
        }
    }
}

#[test]
fn a_staff_address_that_takes_nothing_is_told_once_and_a_late_letter_to_staff_not_at_all() {
    let rules = rules(Mode::Enforce);
    for (how, letters) in [(Lost::NoMailbox, 1), (Lost::Refused, 1), (Lost::TooLate, 0)] {
        let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
        let first = decide(&rules, &open, &lost(Party::Staff, how), later(at(MORNING), 1));
        assert_eq!(first.letters.len(), letters, "{how:?}");
        // The letter that says so goes to the workflow owner, and hers may be that very address.
        let second = decide(&rules, &first.referral, &lost(Party::Staff, how), later(at(MORNING), 2));
        assert_eq!(second.letters.len(), 0, "{how:?}: no circle");
        // A colleague whose address fails later is news.
        let colleague = lost_to(Party::Staff, how, at(MORNING), "sam@example.org");
        let third = decide(&rules, &second.referral, &colleague, later(at(MORNING), 60));
        assert_eq!(third.letters.len(), letters, "{how:?}");
        assert!(third.referral.questions.iter().all(|question| !question.contains('@')), "no address");
    }
}

#[test]
fn a_partner_whose_ask_never_left_was_not_asked() {
    let rules = rules(Mode::Enforce);
    for how in ALL {
        let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
        let asked_at = later(at(MORNING), 1);
        let asked = decide(&rules, &open, &redirect("North Clinic"), asked_at).referral;
        assert!(asked.onward.is_some());
        let letter = lost_to(Party::Receiver, how, asked_at, "desk@north.example");
        let decision = decide(&rules, &asked, &letter, later(at(MORNING), 3));
        assert!(decision.referral.onward.is_none(), "{how:?}: it is ours again");
        assert!(decision.letters.iter().any(|letter| letter.body.kind() == "redirect-news"), "{how:?}");
    }
}

#[test]
fn a_lost_letter_takes_nothing_from_another_partner_that_is_asked_by_now_nor_from_one_that_answered() {
    let mut rules = rules(Mode::Enforce);
    let mut south = rules.roster.partners[1].clone();
    (south.id, south.name) = (PartnerId("south".to_owned()), "South Clinic".to_owned());
    south.addresses = vec![address("desk@south.example")];
    rules.roster.partners.push(south);
    let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
    let first_at = later(at(MORNING), 1);
    let first = decide(&rules, &open, &redirect("North Clinic"), first_at).referral;
    let second_at = later(at(MORNING), 2);
    let second = decide(&rules, &first, &redirect("South Clinic"), second_at).referral;
    let received = Event::Answered { by: PartnerId("south".to_owned()), commands: vec![Command::Received] };
    let answered = decide(&rules, &second, &received, later(at(MORNING), 3)).referral;
    let (north, south) = ("desk@north.example", "desk@south.example");
    let came_back =
        |to: Option<&str>| Event::DeliveryFailed { who: Party::Receiver, hard: true, to: to.map(address) };
    for how in ALL {
        let letter = |written_at, to| lost_to(Party::Receiver, how, written_at, to);
        for (before, event, is_taken) in [
            (&second, letter(first_at, north), false),
            (&second, letter(second_at, north), false),
            (&second, letter(first_at, south), false),
            (&second, letter(second_at, south), true),
            (&answered, letter(second_at, south), false),
            (&answered, letter(later(at(MORNING), 4), south), false),
            (&second, came_back(Some(north)), false),
            (&second, came_back(Some(south)), true),
            (&second, came_back(None), true),
            (&answered, came_back(None), false),
        ] {
            let decision = decide(&rules, before, &event, later(at(MORNING), 5));
            holds(&rules, Some(before), &decision, later(at(MORNING), 5));
            assert_eq!(decision.referral.onward.is_none(), is_taken, "{how:?} {event:?}");
            let kept = before.onward.clone().filter(|_| !is_taken);
            assert!(decision.referral.onward == kept, "nothing of the offer changes");
            assert_eq!(decision.facts[0].kind, FactKind::DeliveryFailed, "the history says it");
        }
    }
}

#[test]
fn an_address_is_said_not_to_work_only_where_its_server_said_so() {
    let rules = rules(Mode::Enforce);
    let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
    let asked_at = later(at(MORNING), 1);
    let asked = decide(&rules, &open, &redirect("North Clinic"), asked_at).referral;
    for (how, words) in [
        (Lost::NoMailbox, "the address in the settings does not work"),
        (Lost::Refused, "a mail server refused our letter"),
        (Lost::TooLate, "our letter could not be sent in time"),
    ] {
        let letter = lost_to(Party::Receiver, how, asked_at, "desk@north.example");
        let decision = decide(&rules, &asked, &letter, later(asked_at, 1));
        let told = decision.letters.iter().find_map(|letter| match &letter.body {
            Body::RedirectNews { instead, .. } => Some(*instead),
            _ => None,
        });
        assert!(told.is_some_and(|told| told.ends_with(words)), "{how:?}: {told:?}");
    }
}
