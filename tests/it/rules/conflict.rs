//! The conflict check by itself: every start, every finding, every later sight of a name; and its clock in time.

use chrono::TimeDelta;
use handoffd::referral::command::Command;
use handoffd::referral::conflict::{ConflictState, Finding};
use handoffd::referral::decide::{Decision, Rules, arrive, decide};
use handoffd::referral::event::{Arrival, Event, Service};
use handoffd::referral::letter::{Letter, Part};
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::party::Actor;
use handoffd::referral::record::{FactKind, Status};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::{Mode, StaffId};

use super::office::{at, holds, packet, rules, sender};

const MORNING: &str = "2026-11-24T15:00:00Z";

fn another(number: u64) -> Reference {
    Reference::draw("R", number)
}

/// A referral whose packet names this other side, and whose names stand in these referrals.
fn opened(rules: &Rules, opposing: &str, conflicts: Vec<Reference>) -> Decision {
    let mut packet = packet("normal");
    let found = Found {
        value: opposing.to_owned(),
        judged: Judged::Text,
        confidence: Confidence::High,
        place: String::new(),
    };
    packet.put(Field::OpposingParty, found);
    let arrival = Arrival {
        packet,
        sender: sender(),
        missing: Vec::new(),
        questions: Vec::new(),
        transcribe: false,
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        conflicts,
        place: 0,
        received_at: at(MORNING),
        open: std::collections::BTreeMap::new(),
    };
    let decision = arrive(rules, &[arrival], &[another(7)], at(MORNING)).remove(0);
    holds(rules, None, &decision, at(MORNING));
    decision
}

fn say(rules: &Rules, decision: &Decision, commands: Vec<Command>) -> Decision {
    let event = Event::Commanded { by: Actor::Staff(StaffId("maria".to_owned())), commands };
    let now = at(MORNING) + TimeDelta::minutes(5);
    let next = decide(rules, &decision.referral, &event, now);
    holds(rules, Some(&decision.referral), &next, now);
    next
}

/// Everything that leaves for the sender and the client.
fn outside(decision: &Decision) -> Vec<&Letter> {
    decision.letters.iter().filter(|letter| letter.to.part != Part::Staff).collect()
}

#[test]
fn the_start_follows_from_the_names() {
    let rules = rules(Mode::Enforce);
    for (opposing, hits, expected) in [
        ("none", vec![], ConflictState::NotApplicable),
        ("Zorblatt9c1e", vec![], ConflictState::ToCheck),
        ("none", vec![another(8)], ConflictState::Hit),
        ("Zorblatt9c1e", vec![another(8)], ConflictState::Hit),
        // The record itself is nobody else's.
        ("none", vec![another(7)], ConflictState::NotApplicable),
    ] {
        let decision = opened(&rules, opposing, hits);
        let conflict = &decision.referral.conflict;
        assert_eq!(conflict.state, expected);
        assert_eq!(conflict.clock.is_some(), !expected.may_accept());
        let seen = decision.facts.iter().filter(|fact| fact.kind == FactKind::ConflictSeen).count();
        assert_eq!(seen, usize::from(!expected.may_accept()));
    }
}

#[test]
fn a_hit_is_told_to_the_reviewers_and_changes_nothing_outside() {
    let rules = rules(Mode::Enforce);
    let (plain, hit) = (opened(&rules, "none", Vec::new()), opened(&rules, "none", vec![another(8)]));
    assert_eq!(outside(&plain), outside(&hit), "the same letters, to the letter");
    let flags: Vec<&Letter> =
        hit.letters.iter().filter(|letter| letter.body.kind() == "conflict-flag").collect();
    assert_eq!(flags.len(), 1, "the owner reads it in the assignment");
    assert_eq!(flags[0].to.address.as_str(), "wendy@example.org", "the data owner reads it too");
    let assignment = hit.letters.iter().find(|letter| letter.body.kind() == "assignment").unwrap();
    let said = serde_json::to_string(&assignment.body).unwrap();
    assert!(said.contains(another(8).as_str()), "staff hears in which referral, so that somebody can look");
}

#[test]
fn every_finding_opens_or_keeps_shut_the_way_to_accepted() {
    let rules = rules(Mode::Enforce);
    let found = || Finding::Found { words: "same landlord".to_owned() };
    let findings: [(Option<Finding>, bool); 5] = [
        (None, false),
        (Some(Finding::Clear), true),
        (Some(Finding::NotApplicable), true),
        (Some(found()), false),
        (Some(Finding::Found { words: " ".to_owned() }), false),
    ];
    for start in [opened(&rules, "Zorblatt9c1e", vec![]), opened(&rules, "none", vec![another(8)])] {
        for (finding, accepts) in &findings {
            let commands = finding.iter().cloned().map(Command::Conflict).chain([Command::Accept]).collect();
            let decision = say(&rules, &start, commands);
            assert_eq!(decision.referral.status == Status::Accepted, *accepts, "{finding:?}");
            let outcome = decision.letters.iter().any(|letter| letter.body.kind() == "outcome");
            assert_eq!(outcome, *accepts, "a refused accept is told to nobody outside");
        }
    }
    let plain = opened(&rules, "none", Vec::new());
    assert_eq!(say(&rules, &plain, vec![Command::Accept]).referral.status, Status::Accepted);
    let both = vec![Command::Conflict(Finding::Clear), Command::Conflict(found())];
    let contradicting = say(&rules, &opened(&rules, "none", vec![another(8)]), both);
    assert!(contradicting.facts.is_empty(), "of two findings none is taken");
}

#[test]
fn a_name_is_told_once_and_a_new_one_asks_again() {
    let rules = rules(Mode::Enforce);
    let start = opened(&rules, "none", vec![another(8)]);
    let cleared = say(&rules, &start, vec![Command::Conflict(Finding::Clear)]);
    let again = |decision: &Decision, conflicts: Vec<Reference>| {
        let now = at(MORNING) + TimeDelta::minutes(9);
        let packet = decision.referral.packet.clone();
        let event = Event::Supplemented { packet, conflicts };
        decide(&rules, &decision.referral, &event, now)
    };
    let same = again(&cleared, vec![another(8)]);
    assert_eq!(same.referral.conflict.state, ConflictState::Clear, "somebody looked at that one");
    let other = again(&cleared, vec![another(8), another(9)]);
    assert_eq!(other.referral.conflict.state, ConflictState::Hit);
    let flags = other.letters.iter().filter(|letter| letter.body.kind() == "conflict-flag").count();
    assert_eq!(flags, 2, "owner and data owner");
}

#[test]
fn an_opposing_party_named_later_is_to_be_checked() {
    let rules = rules(Mode::Enforce);
    let start = opened(&rules, "none", Vec::new());
    let mut bare = start.clone();
    bare.referral.packet = handoffd::referral::packet::Packet::default();
    let event = Event::Supplemented { packet: packet("normal"), conflicts: Vec::new() };
    let next = decide(&rules, &bare.referral, &event, at(MORNING));
    assert_eq!(next.referral.conflict.state, ConflictState::ToCheck);
    // The same packet once more is no news, whatever staff has said since.
    let judged = say(&rules, &next, vec![Command::Conflict(Finding::NotApplicable)]);
    let same = decide(&rules, &judged.referral, &event, at(MORNING));
    assert_eq!(same.referral.conflict.state, ConflictState::NotApplicable);
}

#[test]
fn the_check_is_reminded_and_escalated_in_its_own_time_and_before_the_decision() {
    for (hours, due) in [(24 * 90, "2026-11-27T22:00:00Z"), (2, "2026-11-24T17:00:00Z")] {
        let mut rules = rules(Mode::Enforce);
        rules.policies[0].conflict_check = handoffd::referral::policy::Span::hours(hours);
        let start = opened(&rules, "Zorblatt9c1e", Vec::new());
        assert_eq!(start.referral.conflict.clock.unwrap().due_at, at(due), "never after the decision");
    }
    let rules = rules(Mode::Enforce);
    let mut referral = opened(&rules, "Zorblatt9c1e", Vec::new()).referral;
    let (mut reminded, mut escalated) = (Vec::new(), Vec::new());
    for _ in 0..60 {
        let Some(next) = referral.look_at else { break };
        let event = Event::TimePassed(Service { inbox_read_at: Some(next), warning_sent_at: Some(next) });
        let decision = decide(&rules, &referral, &event, next);
        for fact in decision.facts.iter().filter(|fact| fact.words.contains("conflict check")) {
            if fact.kind == FactKind::Reminded { reminded.push(next) } else { escalated.push(next) }
        }
        referral = decision.referral;
    }
    assert_eq!(reminded, [at("2026-11-25T18:00:00Z")]);
    assert_eq!(escalated, [at("2026-11-26T14:00:00Z")], "when the office opens");
}
