//! Time: random lives with late clocks. Whoever looks late, or too often, or not at all for days does no harm.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::conflict::Finding;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, Contact, ContactResult};
use handoffd::referral::decide::{Decision, Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::packet::Field;
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::record::{Fact, FactKind, Referral};
use handoffd::referral::roster::{Mode, PartnerId, StaffId};
use proptest::prelude::*;

use super::office::{at, holds, later, one_letter_a_person, opened, packet, rules};

/// Something that happens, so many minutes after the last thing.
#[derive(Clone, Debug)]
enum Happening {
    /// Somebody looks.
    Look,
    /// Somebody looks exactly when the rules asked for it, so often.
    OnTime(u8),
    Attempt,
    Confirm,
    Accept,
    CheckConflict,
    AskPartner,
    PartnerSays(Vec<Command>),
    PersonWrote,
    Resume,
    Reopen,
    Needs,
    Raise,
}

fn happening() -> impl Strategy<Value = (i64, Happening)> {
    let minutes = prop_oneof![0i64..240, 240i64..3_000, 3_000i64..15_000];
    let what = prop_oneof![
        4 => Just(Happening::Look),
        6 => (1u8..12).prop_map(Happening::OnTime),
        3 => Just(Happening::Attempt),
        1 => Just(Happening::Confirm),
        1 => Just(Happening::Accept),
        1 => Just(Happening::CheckConflict),
        2 => Just(Happening::AskPartner),
        1 => prop_oneof![
            Just(vec![Command::Received]),
            Just(vec![Command::Accept]),
            Just(vec![Command::Decline { reason: "capacity".to_owned() }]),
            Just(Vec::new()),
        ].prop_map(Happening::PartnerSays),
        1 => Just(Happening::PersonWrote),
        1 => Just(Happening::Resume),
        1 => Just(Happening::Reopen),
        1 => Just(Happening::Needs),
        1 => Just(Happening::Raise),
    ];
    (minutes, what)
}

fn command(what: &Happening) -> Option<Command> {
    let tier = handoffd::referral::policy::Tier::Safety;
    match what {
        Happening::Attempt => {
            Some(Command::Attempt { channel: Channel::Call, result: ContactResult::NoAnswer })
        }
        Happening::Confirm => Some(Command::Confirmed(Confirmation::default())),
        Happening::Accept => Some(Command::Accept),
        Happening::CheckConflict => Some(Command::Conflict(Finding::Clear)),
        Happening::Resume => Some(Command::Resume),
        Happening::Reopen => Some(Command::Reopen { reason: "because".to_owned() }),
        Happening::Needs => Some(Command::Needs { fields: vec![Field::Language] }),
        Happening::Raise => Some(Command::Raise { tier }),
        Happening::AskPartner => {
            Some(Command::Redirect { to: "North Clinic".to_owned(), reason: "because".to_owned() })
        }
        Happening::Look | Happening::OnTime(_) | Happening::PersonWrote | Happening::PartnerSays(_) => None,
    }
}

/// A life as it goes on: the record, what happened, and the warnings that were really sent.
struct Life {
    rules: Rules,
    referral: Referral,
    now: DateTime<Utc>,
    warned: Vec<DateTime<Utc>>,
    grace: TimeDelta,
}

impl Life {
    /// Takes over a decision after checking it.
    fn take(&mut self, decision: Decision) {
        holds(&self.rules, Some(&self.referral), &decision, self.now);
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Warned) {
            self.warned.push(self.now);
        }
        self.referral = decision.referral;
    }

    /// Somebody looks; the inbox was read just now or not since long.
    fn look(&mut self, inbox_read: bool) {
        let service = Service {
            inbox_read_at: inbox_read.then_some(self.now),
            warning_sent_at: self.warned.last().copied(),
        };
        let event = Event::TimePassed(service);
        let decision = decide(&self.rules, &self.referral, &event, self.now);
        one_letter_a_person(&decision);
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Bounced) {
            assert!(inbox_read, "no bounce before the inbox was read");
            let warned = self.warned.last().expect("no bounce without a warning");
            assert!(*warned + self.grace <= self.now, "no bounce within the grace");
            assert!(self.referral.held.is_none(), "no bounce while somebody waits for an answer");
        }
        let late = decision.facts.iter().any(|fact| fact.kind == FactKind::Warned)
            && decision.facts.iter().any(|fact| fact.kind == FactKind::Bounced);
        assert!(!late, "never warned and given up at once");
        self.take(decision);
        let again = decide(&self.rules, &self.referral, &event, self.now);
        assert!(again.facts.is_empty() && again.letters.is_empty(), "asking too often changes nothing");
    }

    fn live(&mut self, what: &Happening, inbox_read: bool) {
        match what {
            Happening::Look => self.look(inbox_read),
            Happening::OnTime(times) => {
                for _ in 0..*times {
                    let Some(next) = self.referral.look_at else { break };
                    self.now = self.now.max(next);
                    self.look(inbox_read);
                }
            }
            Happening::PersonWrote => {
                let event = Event::PersonWrote { who: Party::Client };
                let decision = decide(&self.rules, &self.referral, &event, self.now);
                self.take(decision);
            }
            Happening::PartnerSays(commands) => {
                let by = PartnerId("north".to_owned());
                let event = Event::Answered { by, commands: commands.clone() };
                let decision = decide(&self.rules, &self.referral, &event, self.now);
                self.take(decision);
            }
            other => {
                let by = Actor::Staff(StaffId("maria".to_owned()));
                let commands = command(other).into_iter().collect();
                let event = Event::Commanded { by, commands };
                let decision = decide(&self.rules, &self.referral, &event, self.now);
                self.take(decision);
            }
        }
    }
}

fn life(mode: Mode, urgency: &str, minute: i64, complete: bool) -> Life {
    let rules = rules(mode);
    let received_at = later(at("2026-10-20T00:00:00Z"), minute);
    let missing = if complete { Vec::new() } else { vec![Field::Language] };
    let decision = opened(&rules, packet(urgency), missing, received_at);
    holds(&rules, None, &decision, received_at);
    assert_eq!(decision.facts[0].kind, FactKind::Received);
    let grace = TimeDelta::hours(i64::from(rules.policies[0].grace_hours));
    Life { rules, referral: decision.referral, now: received_at, warned: Vec::new(), grace }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_life_with_any_clock_holds_the_invariants(
        urgency in prop_oneof![Just("normal"), Just("urgent"), Just("danger")],
        minute in 0i64..60 * 24 * 60,
        complete in any::<bool>(),
        steps in prop::collection::vec((happening(), any::<bool>()), 1..25),
    ) {
        let mut life = life(Mode::Enforce, urgency, minute, complete);
        for ((minutes, what), inbox_read) in steps {
            life.now = later(life.now, minutes);
            life.live(&what, inbox_read);
        }
    }

    #[test]
    fn observe_looks_at_nothing(urgency in prop_oneof![Just("normal"), Just("danger")], minute in 0i64..60 * 24 * 60) {
        let life = life(Mode::Observe, urgency, minute, true);
        prop_assert_eq!(life.referral.look_at, None);
    }
}

/// Every hour of sixty days, Thanksgiving to New Year among them: a ladder takes longer over a closed Christmas, but
/// never more open days.
#[test]
fn a_ladder_looked_after_on_time_ends_and_warns_before() {
    for urgency in ["normal", "urgent", "danger"] {
        for minute in (0..60 * 24 * 60).step_by(60) {
            let mut life = life(Mode::Enforce, urgency, minute, true);
            let received_at = life.now;
            for _ in 0..60 {
                let Some(next) = life.referral.look_at else { break };
                life.now = next;
                life.look(true);
            }
            let Contact::Bounced { at, attempts_logged: false, .. } = life.referral.contact else {
                panic!(
                    "the ladder of {urgency} from {received_at} does not end: {:?}",
                    life.referral.contact
                );
            };
            let latest = life.rules.calendar.end_of_business_day(received_at, 5);
            assert!(at <= latest, "{urgency} from {received_at}: given up {at}, after {latest}");
            assert_eq!(life.warned.len(), 1, "{urgency} from {received_at}");
        }
    }
}

/// Ten thousand lives, each looked at exactly when it asked for it: every stage comes when the calendar says, in order,
/// once, and not a second before (RELIABILITY T17).
#[test]
fn t17_every_stage_comes_at_its_time_in_order_and_never_before() {
    let rules = rules(Mode::Enforce);
    for urgency in ["normal", "urgent", "danger"] {
        for minute in (0..60 * 24 * 60).step_by(25) {
            let received_at = later(at("2026-10-20T00:00:00Z"), minute);
            let mut referral = opened(&rules, packet(urgency), Vec::new(), received_at).referral;
            let mut stages: Vec<FactKind> = Vec::new();
            let mut warned_at = None;
            for _ in 0..60 {
                let Some(now) = referral.look_at else { break };
                let service = Service { inbox_read_at: Some(now), warning_sent_at: warned_at };
                let decision = decide(&rules, &referral, &Event::TimePassed(service), now);
                for fact in decision.facts.iter().filter(|fact| is_of_contact(fact)) {
                    assert_eq!(fact.at, now);
                    let (kind, is_right) = (
                        fact.kind,
                        is_in_time(&rules, (&referral, &decision.referral), fact.kind, warned_at, now),
                    );
                    assert!(is_right, "{urgency} from {received_at}: {kind:?} at {now}");
                    stages.push(fact.kind);
                    if fact.kind == FactKind::Warned {
                        warned_at = Some(now);
                    }
                }
                referral = decision.referral;
                if stages.contains(&FactKind::Bounced) {
                    break;
                }
            }
            let order = |kind: FactKind| stages.iter().position(|one| *one == kind);
            assert!(
                order(FactKind::Reminded) < order(FactKind::Escalated),
                "{urgency} from {received_at}: {stages:?}"
            );
            assert!(
                order(FactKind::Escalated) < order(FactKind::Warned),
                "{urgency} from {received_at}: {stages:?}"
            );
            assert_eq!(stages.last(), Some(&FactKind::Bounced), "{urgency} from {received_at}: {stages:?}");
            assert_eq!(stages.iter().filter(|kind| **kind == FactKind::Warned).count(), 1);
        }
    }
}

fn is_of_contact(fact: &Fact) -> bool {
    match fact.kind {
        FactKind::Reminded | FactKind::Escalated => fact.words.contains("contact"),
        kind => matches!(kind, FactKind::Warned | FactKind::Bounced),
    }
}

/// Whether a stage of the contact may come at this instant, worked out from the policy and the calendar alone.
fn is_in_time(
    rules: &Rules,
    (before, after): (&Referral, &Referral),
    kind: FactKind,
    warned_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    let policy = &rules.policies[0];
    let (ladder, due_at) = (policy.ladder(before.tier), before.rung.clock.due_at);
    let opening = |at: DateTime<Utc>| if ladder.any_hour { at } else { rules.calendar.next_open(at) };
    match kind {
        // The next step may begin, and be due soon, in the same moment.
        FactKind::Reminded => now <= after.rung.clock.due_at,
        FactKind::Escalated => now == opening(due_at + TimeDelta::hours(i64::from(ladder.escalate_hours))),
        FactKind::Bounced => {
            warned_at.is_some_and(|at| now >= at + TimeDelta::hours(i64::from(policy.grace_hours)))
        }
        _ => true,
    }
}

#[test]
fn without_a_relay_for_three_days_nobody_is_given_up() {
    let mut life = life(Mode::Enforce, "normal", 60 * 14, true);
    for _ in 0..400 {
        let Some(next) = life.referral.look_at else { break };
        life.now = next;
        life.warned.clear();
        life.look(true);
    }
    assert!(life.referral.contact.is_running(), "a warning that never left gives nobody up");
}

#[test]
fn without_an_inbox_for_three_days_nobody_is_given_up() {
    let mut life = life(Mode::Enforce, "normal", 60 * 14, true);
    for _ in 0..400 {
        let Some(next) = life.referral.look_at else { break };
        life.now = next;
        life.look(false);
    }
    assert!(life.referral.contact.is_running());
}
