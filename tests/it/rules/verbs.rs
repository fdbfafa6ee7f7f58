//! The table of verbs: who may ask what, verb by verb and role by role (RELIABILITY C16).

use handoffd::referral::command::Command;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, ContactResult};
use handoffd::referral::decide::decide;
use handoffd::referral::event::Event;
use handoffd::referral::packet::Field;
use handoffd::referral::packet::consent::{By, How, Told};
use handoffd::referral::party::Actor;
use handoffd::referral::policy::Tier;
use handoffd::referral::record::BounceReason;
use handoffd::referral::roster::{Mode, StaffId};
use handoffd::referral::verbs::{Role, TABLE};

use super::office::{at, opened, packet, rules};

/// One command of every verb that is about a referral.
fn command(word: &str) -> Option<Command> {
    let because = || "because".to_owned();
    Some(match word {
        "attempt" => Command::Attempt { channel: Channel::Call, result: ContactResult::NoAnswer },
        "confirmed" => Command::Confirmed(Confirmation::default()),
        "accept" => Command::Accept,
        "decline" => Command::Decline { reason: because() },
        "redirect" => Command::Redirect { to: "Harbor Legal".to_owned(), reason: because() },
        "needs" => Command::Needs { fields: vec![Field::Language] },
        "details" => Command::Details,
        "assign" => Command::Assign { to: StaffId("wendy".to_owned()) },
        "raise" => Command::Raise { tier: Tier::Safety },
        "bounce" => Command::Bounce { reason: BounceReason::LanguageAccessGap, added: None },
        "allow contact" => Command::AllowContact { reason: because() },
        "consent" => Command::Consent(Told::Yes { how: How::Phone, by: By::Client }),
        "email safe" => Command::EmailSafe { how: How::Phone, asked_at: None },
        "close" => Command::Close { reason: because() },
        "reopen" => Command::Reopen { reason: because() },
        "note" => Command::Note { text: because() },
        "resume" => Command::Resume,
        "status" => Command::Status,
        "history" => Command::History,
        _ => return None,
    })
}

fn said(by: Actor, command: Command) -> Event {
    Event::Commanded { by, commands: vec![Command::Status, command] }
}

fn id(name: &str) -> StaffId {
    StaffId(name.to_owned())
}

#[test]
fn a_verb_taken_away_does_nothing_for_nobody_and_one_given_works_for_those_only() {
    let now = at("2026-11-24T16:00:00Z");
    let mut tried = 0;
    for verb in TABLE {
        let Some(command) = command(verb.word) else { continue };
        assert_eq!(command.verb(), verb.word);
        let mut rules = rules(Mode::Enforce);
        (rules.roster.data_owner, rules.roster.admins) = (id("dora"), vec![id("adam")]);
        for name in ["dora", "adam"] {
            let mut staff = rules.roster.staff[0].clone();
            staff.id = id(name);
            staff.address = super::office::address(&format!("{name}@example.org"));
            staff.takes_referrals = false;
            rules.roster.staff.push(staff);
        }
        let referral = opened(&rules, packet("normal"), Vec::new(), at("2026-11-24T15:00:00Z")).referral;
        let owner = referral.owner.0.clone();
        for (allowed, may) in [
            (vec![], vec![]),
            (vec![Role::Owner], vec![owner.as_str()]),
            (vec![Role::WorkflowOwner], vec!["wendy"]),
            (vec![Role::DataOwner, Role::Admin], vec!["dora", "adam"]),
            (vec![Role::Staff], vec!["wendy", "maria", "sam", "dora", "adam"]),
            (vec![Role::Partner], vec![]),
        ] {
            rules.verbs.give(verb, allowed.clone());
            if verb.word != "status" {
                let status = TABLE.into_iter().find(|verb| verb.word == "status").unwrap();
                rules.verbs.give(status, vec![Role::Staff]);
            }
            for name in ["wendy", "maria", "sam", "dora", "adam"] {
                let event = said(Actor::Staff(id(name)), command.clone());
                let decision = decide(&rules, &referral, &event, now);
                let refused = decision.letters.iter().any(|letter| letter.body.kind() == "not-done");
                assert_eq!(refused, !may.contains(&name), "{} by {name}, given to {allowed:?}", verb.word);
                if refused {
                    assert_eq!(decision.facts, [], "{} by {name}: nothing is done halfway", verb.word);
                    assert_eq!(decision.letters.len(), 1);
                }
                tried += 1;
            }
            let host = decide(&rules, &referral, &said(Actor::Host, command.clone()), now);
            assert!(
                host.letters.iter().all(|letter| letter.body.kind() != "not-done"),
                "the host needs no leave"
            );
        }
    }
    assert_eq!(tried, 19 * 6 * 5);
}

#[test]
fn who_covers_for_an_owner_who_is_away_may_do_what_the_owner_may() {
    let now = at("2026-11-24T16:00:00Z");
    let mut rules = rules(Mode::Enforce);
    let referral = opened(&rules, packet("normal"), Vec::new(), at("2026-11-24T15:00:00Z")).referral;
    let accept = TABLE.into_iter().find(|verb| verb.word == "accept").unwrap();
    rules.verbs.give(accept, vec![Role::Owner]);
    assert!(rules.may(&referral.owner, "accept", Some(&referral), now));
    assert!(!rules.may(&id("wendy"), "accept", Some(&referral), now));
    for staff in &mut rules.roster.staff {
        staff.away_until = (staff.id == referral.owner).then(|| at("2026-12-01T05:00:00Z"));
    }
    assert!(rules.may(&id("wendy"), "accept", Some(&referral), now));
    assert!(!rules.may(&id("sam"), "accept", Some(&referral), now));
}
