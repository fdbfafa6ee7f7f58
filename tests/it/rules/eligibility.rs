//! Eligibility by itself: every combination of the three screens; the outside sees nothing, the owner one line each.

use chrono::TimeDelta;
use handoffd::intake::command;
use handoffd::referral::command::Command;
use handoffd::referral::decide::{Decision, Rules, decide};
use handoffd::referral::eligibility::Eligibility;
use handoffd::referral::event::Event;
use handoffd::referral::letter::{Body, Letter, Part};
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::party::Actor;
use handoffd::referral::reason::Reasons;
use handoffd::referral::record::{FactKind, Status};
use handoffd::referral::roster::{Mode, StaffId};

use super::office::{at, holds, opened, packet, rules};

const MORNING: &str = "2026-11-24T15:00:00Z";

fn screened_rules(named: bool) -> Rules {
    let mut rules = rules(Mode::Enforce);
    let to = |name: &str| named.then(|| name.to_owned());
    rules.eligibility = Eligibility {
        counties: vec!["Example".to_owned()],
        matters: vec!["housing".to_owned()],
        ceilings: vec![30_000],
        each_further: 0,
        county_redirect: to("Harbor Legal"),
        matter_redirect: to("County Law Library"),
        income_redirect: to("Lawyer Referral Line"),
    };
    rules
}

/// A packet that is outside the screens of the set bits; or says nothing about them.
fn with(bits: u32, silent: bool) -> Packet {
    let mut packet = packet("normal");
    let rows = [
        (Field::County, "Example County", "Kings County"),
        (Field::Service, "housing", "taxes"),
        (Field::HouseholdIncome, "$20,000 a year", "$50,000 a year"),
    ];
    for (bit, (field, inside, outside)) in rows.into_iter().enumerate() {
        let value = if silent {
            "unknown"
        } else if bits >> bit & 1 == 1 {
            outside
        } else {
            inside
        };
        let found = Found {
            value: value.to_owned(),
            judged: Judged::Text,
            confidence: Confidence::High,
            place: String::new(),
        };
        packet.put(field, found);
    }
    packet
}

fn outside(decision: &Decision) -> Vec<&Letter> {
    decision.letters.iter().filter(|letter| letter.to.part != Part::Staff).collect()
}

fn lines(decision: &Decision) -> Vec<String> {
    let task = decision.letters.iter().find_map(|letter| {
        if let Body::Assignment(task) = &letter.body { Some(task.answers.clone()) } else { None }
    });
    task.unwrap()
        .into_iter()
        .filter(|line| line.starts_with("redirect to") || line.starts_with("needs "))
        .collect()
}

#[test]
fn each_screen_proposes_one_line_that_works_and_nobody_outside_sees_it() {
    for named in [true, false] {
        let rules = screened_rules(named);
        let plain = opened(&rules, with(0, false), Vec::new(), at(MORNING));
        assert!(lines(&plain).is_empty());
        for bits in 0..8_u32 {
            let decision = opened(&rules, with(bits, false), Vec::new(), at(MORNING));
            holds(&rules, None, &decision, at(MORNING));
            assert_eq!(outside(&decision), outside(&plain), "the same letters, to the letter");
            assert_eq!(decision.referral.status, Status::Received, "never refused, never stopped");
            let lines = lines(&decision);
            assert_eq!(lines.len(), bits.count_ones() as usize);
            let facts = decision.facts.iter().filter(|fact| fact.kind == FactKind::Screened).count();
            assert_eq!(facts, lines.len());
            for line in lines {
                let said = command::read(&line, &Reasons::default()).commands;
                let [command] = said.as_slice() else { panic!("{line}: {said:?}") };
                assert_eq!(matches!(command, Command::Redirect { .. }), named, "{line}");
                let by = Actor::Staff(StaffId("maria".to_owned()));
                let event = Event::Commanded { by, commands: said.clone() };
                let now = at(MORNING) + TimeDelta::minutes(5);
                let next = decide(&rules, &decision.referral, &event, now);
                let expected = if named { "Redirected" } else { "Needs Info" };
                assert_eq!(next.referral.status.word(), expected, "{line}");
            }
        }
    }
}

#[test]
fn nothing_said_is_no_result() {
    let rules = screened_rules(true);
    let decision = opened(&rules, with(7, true), Vec::new(), at(MORNING));
    assert!(lines(&decision).is_empty());
    let required = opened(&rules, with(7, true), vec![Field::County], at(MORNING));
    assert_eq!(required.referral.status.word(), "Needs Info", "only a required field is asked for");
}

#[test]
fn what_comes_later_is_screened_once() {
    let rules = screened_rules(true);
    let mut start = opened(&rules, with(0, false), Vec::new(), at(MORNING)).referral;
    start.packet = Packet::default();
    let event = Event::Supplemented { packet: with(1, false), conflicts: Vec::new() };
    let next = decide(&rules, &start, &event, at(MORNING));
    let count =
        |decision: &Decision| decision.facts.iter().filter(|fact| fact.kind == FactKind::Screened).count();
    assert_eq!(count(&next), 1);
    assert_eq!(count(&decide(&rules, &next.referral, &event, at(MORNING))), 0);
}
