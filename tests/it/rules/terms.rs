//! What a referral runs under: the numbers of its policy when its clocks were set, whatever settings say later; and the
//! two clocks that end no ladder: the last day of the contact, and the next word to a client who was reached.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::decide::{Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::letter::{Body, Part};
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::policy::{Ladder, Policy, Span, Step, Tier};
use handoffd::referral::record::{Fact, FactKind, Referral};
use handoffd::referral::roster::{Mode, StaffId};

use super::office::{at, holds, opened, packet, rules};

/// Every number of it is another one.
fn other_numbers(version: u32) -> Policy {
    let ladder = |seed: Ladder| Ladder {
        contact_target: Span::hours(90),
        contact_fallback: Span::hours(900),
        decision_target: Span::business_days(20),
        decision_fallback: Span::business_days(30),
        update_target: Span::business_days(40),
        update_fallback: Span::business_days(50),
        steps: vec![Step { due: Span::hours(200), attempts: 9, loop_back: false }; 5],
        bounce: Span::hours(1_000),
        remind_hours: 30,
        escalate_hours: 60,
        any_hour: !seed.any_hour,
    };
    let seed = Policy::seed();
    Policy {
        version,
        safety: ladder(seed.safety),
        deadline: ladder(seed.deadline),
        standard: ladder(seed.standard),
        grace_hours: 100,
        needs_info_cap: Span::business_days(50),
        conflict_check: Span::business_days(50),
        ..Policy::seed()
    }
}

/// A life in progress.
struct Life {
    referral: Referral,
    warned_at: Option<DateTime<Utc>>,
    facts: Vec<Fact>,
    /// To whom each letter of the clock went, and which.
    letters: Vec<(Part, Body)>,
}

impl Life {
    fn opened(rules: &Rules, packet: Packet, missing: Vec<Field>, received_at: DateTime<Utc>) -> Life {
        let referral = opened(rules, packet, missing, received_at).referral;
        Life { referral, warned_at: None, facts: Vec::new(), letters: Vec::new() }
    }

    fn happens(&mut self, rules: &Rules, event: &Event, now: DateTime<Utc>) {
        let decision = decide(rules, &self.referral, event, now);
        holds(rules, Some(&self.referral), &decision, now);
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Warned) {
            self.warned_at = Some(now);
        }
        self.facts.extend(decision.facts);
        self.letters.extend(decision.letters.into_iter().map(|letter| (letter.to.part, letter.body)));
        self.referral = decision.referral;
    }

    fn told(&mut self, rules: &Rules, command: Command, now: DateTime<Utc>) {
        let by = Actor::Staff(StaffId("maria".to_owned()));
        self.happens(rules, &Event::Commanded { by, commands: vec![command] }, now);
    }

    /// The clock looks whenever the record asks for it.
    fn until(&mut self, rules: &Rules, end: DateTime<Utc>) {
        while let Some(now) = self.referral.look_at.filter(|at| *at <= end) {
            let service = Service { inbox_read_at: Some(now), warning_sent_at: self.warned_at };
            self.happens(rules, &Event::TimePassed(service), now);
        }
    }

    fn count(&self, kind: FactKind, words: &str) -> usize {
        self.facts.iter().filter(|fact| fact.kind == kind && fact.words.contains(words)).count()
    }

    fn to_client(&self) -> usize {
        self.letters.iter().filter(|(part, _)| *part == Part::Client).count()
    }
}

fn confirmed() -> Command {
    Command::Confirmed(Confirmation::default())
}

#[test]
fn a_running_deadline_keeps_the_numbers_it_was_set_under() {
    let began = rules(Mode::Enforce);
    let received_at = at("2026-11-24T15:00:00Z");
    for (urgency, missing) in [("normal", vec![]), ("normal", vec![Field::Language]), ("danger", vec![])] {
        let mut straight = Life::opened(&began, packet(urgency), missing.clone(), received_at);
        straight.until(&began, received_at + TimeDelta::days(40));
        assert!(straight.count(FactKind::Bounced, "") == 1 && straight.count(FactKind::Escalated, "") > 1);
        // The same name and version with other numbers, the next version, and no policy of that name any more.
        let elsewhere = Policy { name: "elsewhere".to_owned(), ..other_numbers(1) };
        for policy in [other_numbers(1), other_numbers(2), elsewhere] {
            let later = Rules { policies: vec![policy], ..rules(Mode::Enforce) };
            for hours in [0, 20, 50, 71] {
                let mut life = Life::opened(&began, packet(urgency), missing.clone(), received_at);
                life.until(&began, received_at + TimeDelta::hours(hours));
                life.until(&later, received_at + TimeDelta::days(40));
                assert_eq!(life.facts, straight.facts, "{urgency}, other settings after {hours} hours");
                assert_eq!(life.referral, straight.referral, "{urgency}, {hours}");
            }
        }
    }
}

#[test]
fn what_is_set_anew_runs_under_the_policy_of_that_day_and_the_record_names_it() {
    let (began, later) =
        (rules(Mode::Enforce), Rules { policies: vec![other_numbers(2)], ..rules(Mode::Enforce) });
    let received_at = at("2026-11-24T15:00:00Z");
    let next_day = received_at + TimeDelta::days(1);
    let mut raised = Life::opened(&began, packet("normal"), vec![], received_at);
    assert_eq!(raised.referral.policy, "seed v1");
    raised.told(&later, Command::Raise { tier: Tier::Safety }, next_day);
    assert_eq!(raised.referral.policy, "seed v2");
    assert_eq!(raised.referral.terms.unwrap().ladder.bounce, Span::hours(1_000));
    let mut reopened = Life::opened(&began, packet("normal"), vec![], received_at);
    reopened.told(&began, Command::Close { reason: "moved away".to_owned() }, received_at);
    assert_eq!(reopened.referral.policy, "seed v1");
    reopened.told(&later, Command::Reopen { reason: "is back".to_owned() }, next_day);
    assert_eq!(reopened.referral.policy, "seed v2");
    assert_eq!(reopened.referral.rung.clock.due_at, next_day + TimeDelta::hours(200));
}

#[test]
fn the_last_day_of_the_contact_stands_still_for_nobody_and_is_said_once() {
    let rules = rules(Mode::Enforce);
    let received_at = at("2026-11-24T15:00:00Z");
    let words = "nobody reached the client by the last day for it";
    // Friday 17:00 is the end of the third business day; the office opens on Monday.
    let told_at = at("2026-11-30T14:00:00Z");
    let mut held = Life::opened(&rules, packet("normal"), vec![], received_at);
    held.happens(&rules, &Event::PersonWrote { who: Party::Client }, received_at + TimeDelta::hours(1));
    held.until(&rules, received_at + TimeDelta::days(20));
    assert_eq!(held.count(FactKind::Escalated, words), 1);
    assert!(held.facts.iter().any(|fact| fact.words.contains(words) && fact.at == told_at));
    // Who looks after it hears of the end itself, and whoever was reached is not chased.
    let mut left_alone = Life::opened(&rules, packet("normal"), vec![], received_at);
    left_alone.until(&rules, received_at + TimeDelta::days(20));
    let mut reached = Life::opened(&rules, packet("normal"), vec![], received_at);
    reached.told(&rules, confirmed(), received_at + TimeDelta::hours(30));
    reached.until(&rules, received_at + TimeDelta::days(9));
    for life in [left_alone, reached] {
        assert_eq!(life.count(FactKind::Escalated, words), 0);
    }
}

#[test]
fn a_client_who_was_reached_hears_where_it_stands_or_somebody_is_asked_to_tell_them() {
    let rules = rules(Mode::Enforce);
    let received_at = at("2026-11-24T15:00:00Z");
    let open = "client told that it is still open";
    // Letters may leave, one in ten business days, for thirty days; then the owner has to ask again whether they may.
    let mut life = Life::opened(&rules, packet("normal"), vec![], received_at);
    life.told(&rules, confirmed(), received_at);
    for (days, letters, asked) in [(9, 0, 0), (20, 1, 0), (32, 2, 0), (50, 2, 1)] {
        life.until(&rules, received_at + TimeDelta::days(days));
        assert_eq!((life.count(FactKind::ClientTold, open), life.to_client()), (letters, letters), "{days}");
        assert_eq!(life.count(FactKind::Reminded, "to tell the client"), asked, "{days}");
    }
    // No letter may leave: the owner is asked, then the workflow owner is told, once; saying so begins anew.
    let mut packet_without = packet("normal");
    let no = Found {
        value: "no".to_owned(),
        judged: Judged::No,
        confidence: Confidence::High,
        place: String::new(),
    };
    packet_without.put(Field::Consent, no);
    let mut silent = Life::opened(&rules, packet_without, vec![], received_at);
    silent.told(&rules, confirmed(), received_at);
    silent.until(&rules, received_at + TimeDelta::days(60));
    assert_eq!((silent.count(FactKind::ClientTold, open), silent.to_client()), (0, 0));
    assert_eq!(silent.count(FactKind::Reminded, "to tell the client"), 1);
    assert_eq!(silent.count(FactKind::Escalated, "the client was not told"), 1);
    let again = received_at + TimeDelta::days(60);
    silent.told(&rules, confirmed(), again);
    silent.until(&rules, again + TimeDelta::days(18));
    assert_eq!(silent.count(FactKind::Reminded, "to tell the client"), 2);
    assert_eq!(silent.count(FactKind::Escalated, "the client was not told"), 1);
    // Nobody writes to who was not reached, said stop, or is done with.
    for ends in [Event::Stopped, close()] {
        let mut over = Life::opened(&rules, packet("normal"), vec![], received_at);
        over.told(&rules, confirmed(), received_at);
        over.happens(&rules, &ends, received_at + TimeDelta::hours(1));
        over.until(&rules, received_at + TimeDelta::days(20));
        assert_eq!(over.count(FactKind::ClientTold, "") + over.count(FactKind::Reminded, "to tell"), 0);
        assert_eq!(over.referral.update, None);
    }
}

fn close() -> Event {
    let commands = vec![Command::Close { reason: "done".to_owned() }];
    Event::Commanded { by: Actor::Host, commands }
}
