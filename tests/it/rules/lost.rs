//! Letters that never left, by the rules alone: who hears of it, and that hearing of it makes no circle.

use handoffd::referral::decide::decide;
use handoffd::referral::event::{Actor, Command, Event, Lost, Party};
use handoffd::referral::record::FactKind;
use handoffd::referral::roster::{Mode, StaffId};

use super::office::{at, holds, later, opened, packet, rules};

const MORNING: &str = "2026-11-24T15:00:00Z";
const ALL: [Lost; 3] = [Lost::NoMailbox, Lost::Refused, Lost::TooLate];

fn lost(who: Party, how: Lost) -> Event {
    Event::LetterLost { who, how, written_at: at(MORNING) }
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
    }
}

#[test]
fn a_partner_whose_ask_never_left_was_not_asked() {
    let rules = rules(Mode::Enforce);
    for how in ALL {
        let open = opened(&rules, packet("normal"), Vec::new(), at(MORNING)).referral;
        let redirect = Command::Redirect { to: "North Clinic".to_owned(), reason: "county".to_owned() };
        let by = Actor::Staff(StaffId("maria".to_owned()));
        let asked = Event::Commanded { by, commands: vec![redirect] };
        let asked = decide(&rules, &open, &asked, later(at(MORNING), 1)).referral;
        assert!(asked.onward.is_some());
        let decision = decide(&rules, &asked, &lost(Party::Receiver, how), later(at(MORNING), 3));
        assert!(decision.referral.onward.is_none(), "{how:?}: it is ours again");
        assert!(decision.letters.iter().any(|letter| letter.body.kind() == "redirect-news"), "{how:?}");
    }
}
