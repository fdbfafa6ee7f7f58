//! The status machine, exhaustively: every sequence of up to four things that can be said or happen.

use chrono::TimeDelta;
use handoffd::referral::command::Command;
use handoffd::referral::conflict::Finding;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, Contact, ContactResult};
use handoffd::referral::decide::{Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::packet::Field;
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{BounceReason, FactKind, Referral, Status};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::{Mode, StaffId};

use super::office::{at, holds, opened, packet, rules, sender};

fn said(command: Command) -> Event {
    Event::Commanded { by: Actor::Staff(StaffId("maria".to_owned())), commands: vec![command] }
}

/// A referral in which a name of this one stands.
fn another() -> Reference {
    Reference::draw("R", 8)
}

fn alphabet() -> Vec<Event> {
    let because = || "because".to_owned();
    vec![
        said(Command::Attempt { channel: Channel::Call, result: ContactResult::NoAnswer }),
        said(Command::Confirmed(Confirmation::default())),
        said(Command::Accept),
        said(Command::Decline { reason: because() }),
        said(Command::Redirect { to: "Harbor Legal".to_owned(), reason: because() }),
        said(Command::Needs { fields: vec![Field::Language] }),
        said(Command::Conflict(Finding::Clear)),
        said(Command::Conflict(Finding::Found { words: because() })),
        said(Command::Assign { to: StaffId("sam".to_owned()) }),
        said(Command::Raise { tier: Tier::Safety }),
        said(Command::Bounce { reason: BounceReason::LanguageAccessGap, added: None }),
        said(Command::DoNotContact),
        said(Command::Close { reason: String::new() }),
        said(Command::Reopen { reason: because() }),
        said(Command::Resume),
        Event::PersonWrote { who: Party::Client },
        Event::Stopped,
        Event::DeliveryFailed { who: Party::Client, hard: true, to: None },
        Event::Supplemented { packet: packet("normal"), conflicts: vec![another()] },
        Event::SentAgain { sender: sender(), packet: packet("normal"), conflicts: Vec::new() },
    ]
}

/// Walks every sequence of this length, an hour between its steps, and looks at each.
fn walk(rules: &Rules, referral: &Referral, events: &[Event], left: u32, seen: &mut u64) {
    let now = at("2026-11-24T16:00:00Z") + TimeDelta::hours(i64::from(5 - left));
    for event in events {
        let decision = decide(rules, referral, event, now);
        holds(rules, Some(referral), &decision, now);
        allowed(referral, &decision.referral, event);
        *seen += 1;
        // Time passes between any two things, and asking twice at one instant says nothing twice.
        let passed = Event::TimePassed(Service::default());
        let first = decide(rules, &decision.referral, &passed, now);
        holds(rules, Some(&decision.referral), &first, now);
        let second = decide(rules, &first.referral, &passed, now);
        assert!(second.facts.is_empty() && second.letters.is_empty(), "asking too often changes nothing");
        assert_eq!(second.referral, first.referral);
        if left > 1 {
            walk(rules, &first.referral, events, left - 1, seen);
        }
    }
}

/// Which changes of status and contact there may be at all.
fn allowed(before: &Referral, after: &Referral, event: &Event) {
    let was_closed = matches!(before.status, Status::Closed { .. } | Status::Redirected { .. });
    let is_closed = matches!(after.status, Status::Closed { .. } | Status::Redirected { .. });
    let reopened =
        matches!(event, Event::Commanded { commands, .. } if matches!(commands[0], Command::Reopen { .. }));
    assert!(!was_closed || is_closed || reopened, "only reopen opens");
    let by_staff = matches!(event, Event::Commanded { .. });
    assert!(by_staff || is_closed == was_closed, "only staff close");
    let confirmed = |referral: &Referral| matches!(referral.contact, Contact::Confirmed { .. });
    let says_so =
        matches!(event, Event::Commanded { commands, .. } if matches!(commands[0], Command::Confirmed(_)));
    assert!(confirmed(before) || !confirmed(after) || says_so, "nothing confirms by itself");
    assert!(by_staff || before.contact == after.contact, "only staff move the contact between ticks");
    assert!(by_staff || before.owner == after.owner, "only staff hand over");
    let accepted = before.status != Status::Accepted && after.status == Status::Accepted;
    assert!(!accepted || before.conflict.state.may_accept(), "accepted before the conflict check");
    let cleared = !before.conflict.state.may_accept() && after.conflict.state.may_accept();
    assert!(by_staff || !cleared, "only staff clear a conflict");
    assert!(
        after.conflict.clock.is_none() || !after.conflict.state.may_accept(),
        "a check that is over is over"
    );
}

#[test]
fn every_short_history_holds_the_invariants() {
    let (rules, events) = (rules(Mode::Enforce), alphabet());
    let first = opened(&rules, packet("normal"), Vec::new(), at("2026-11-24T15:00:00Z"));
    assert_eq!(first.facts[0].kind, FactKind::Received);
    let mut seen = 0;
    walk(&rules, &first.referral, &events, 4, &mut seen);
    let n = events.len() as u64;
    assert_eq!(seen, n + n.pow(2) + n.pow(3) + n.pow(4));
}

#[test]
fn a_repeated_decision_tells_the_sender_once() {
    let rules = rules(Mode::Enforce);
    let now = at("2026-11-24T15:00:00Z");
    let first = opened(&rules, packet("normal"), Vec::new(), now);
    let refused = decide(&rules, &first.referral, &said(Command::Accept), now);
    assert_eq!(refused.referral.status, Status::Received, "the conflict check comes first");
    let cleared = decide(&rules, &refused.referral, &said(Command::Conflict(Finding::Clear)), now);
    let accepted = decide(&rules, &cleared.referral, &said(Command::Accept), now);
    let again = decide(&rules, &accepted.referral, &said(Command::Accept), now);
    assert!(again.facts.is_empty());
    assert!(again.letters.iter().all(|letter| letter.body.kind() == "done"));
}
