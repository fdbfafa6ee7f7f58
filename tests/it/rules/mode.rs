//! The mode of a partner counts for what comes; what already runs goes on as it began.

use chrono::{DateTime, Utc};
use handoffd::referral::decide::{Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::packet::Field;
use handoffd::referral::record::{Fact, FactKind, Referral};
use handoffd::referral::roster::Mode;
use handoffd::simulation::replay::{Steps, would_have_been};

use super::office::{at, opened, packet, rules};

/// A referral that came under one mode and lives on for two weeks under another.
fn life(came_under: Mode, then: Mode) -> (Referral, Vec<Fact>) {
    let received_at = at("2026-11-16T15:00:00Z");
    let opened = opened(&rules(came_under), packet("normal"), Vec::<Field>::new(), received_at);
    let (mut referral, mut facts) = (opened.referral, opened.facts);
    let mut warned_at = None;
    for day in 1..15 {
        let now = received_at + chrono::TimeDelta::days(day);
        let (next, happened) = until(&rules(then), referral, now, &mut warned_at);
        referral = next;
        facts.extend(happened);
    }
    (referral, facts)
}

/// The clock looks whenever the record asks for it, until then, and once more at the end.
fn until(
    rules: &Rules,
    mut referral: Referral,
    end: DateTime<Utc>,
    warned_at: &mut Option<DateTime<Utc>>,
) -> (Referral, Vec<Fact>) {
    let mut facts = Vec::new();
    loop {
        let now = referral.look_at.filter(|at| *at < end).unwrap_or(end);
        let service = Service { inbox_read_at: Some(now), warning_sent_at: *warned_at };
        let decision = decide(rules, &referral, &Event::TimePassed(service), now);
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Warned) {
            *warned_at = Some(now);
        }
        facts.extend(decision.facts);
        referral = decision.referral;
        if now == end {
            return (referral, facts);
        }
    }
}

fn kinds(facts: &[Fact]) -> Vec<FactKind> {
    facts.iter().map(|fact| fact.kind).collect()
}

#[test]
fn another_mode_changes_nothing_that_already_runs() {
    let modes = [Mode::Observe, Mode::Pilot, Mode::Enforce];
    for came_under in modes {
        let (as_it_began, facts) = life(came_under, came_under);
        for then in modes {
            let (switched, other_facts) = life(came_under, then);
            assert_eq!(switched, as_it_began, "{came_under:?} then {then:?}");
            assert_eq!(kinds(&other_facts), kinds(&facts), "{came_under:?} then {then:?}");
        }
        let chased = kinds(&facts).contains(&FactKind::Escalated);
        assert_eq!(chased, came_under != Mode::Observe, "{came_under:?}");
    }
}

#[test]
fn what_an_observed_life_would_have_been_is_what_an_enforced_one_was() {
    let (_, enforced) = life(Mode::Enforce, Mode::Enforce);
    let mut steps = Steps::default();
    steps.count(&enforced);
    let (observed, facts) = life(Mode::Observe, Mode::Observe);
    let end = at("2026-11-30T15:00:00Z");
    assert_eq!(would_have_been(&rules(Mode::Observe), &observed, &facts, end), steps);
    assert!(
        steps.reminded > 0 && steps.escalated > 0 && steps.warned == 1 && steps.bounced == 1,
        "{steps:?}"
    );
}
