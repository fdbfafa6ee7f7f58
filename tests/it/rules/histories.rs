//! Random histories with late clocks, lived by the rules and by the [`Model`] side by side: after every event both must
//! have come to the same.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::conflict::Finding;
use handoffd::referral::contact::Confirmation;
use handoffd::referral::contact::{Channel, ContactResult};
use handoffd::referral::decide::{Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::letter::Part;
use handoffd::referral::packet::consent::How;
use handoffd::referral::packet::{Confidence, Field, Found, Judged, Packet};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{BounceReason, Fact, FactKind, Referral};
use handoffd::referral::roster::{Mode, StaffId};
use handoffd::referral::safety;
use proptest::prelude::*;

use super::model::{self, Model};
use super::office::{at, holds, later, opened, packet, rules};

const PARTNER: &str = "north";

#[derive(Clone, Debug)]
enum Happening {
    /// Somebody looks at the clock.
    Look,
    /// Somebody looks exactly when the rules asked for it, so often.
    OnTime(u8),
    Said(Command),
    PartnerSays(Vec<Command>),
    PersonWrote(Party),
    FilledIn,
    Stopped,
    MailCameBack,
}

fn because() -> String {
    "because".to_owned()
}

fn command() -> impl Strategy<Value = Command> {
    let attempt = |result| Command::Attempt { channel: Channel::Call, result };
    let confirmed = |deadline| Command::Confirmed(Confirmation { deadline, ..Confirmation::default() });
    prop_oneof![
        8 => Just(attempt(ContactResult::NoAnswer)),
        1 => Just(attempt(ContactResult::SomebodyElse)),
        2 => Just(confirmed(None)),
        1 => Just(confirmed(Some("answer is due".to_owned()))),
        2 => Just(Command::Accept),
        1 => Just(Command::Decline { reason: because() }),
        1 => Just(Command::Close { reason: because() }),
        4 => Just(Command::Reopen { reason: because() }),
        2 => Just(Command::Needs { fields: vec![Field::Language] }),
        2 => Just(Command::Conflict(Finding::Clear)),
        1 => Just(Command::Conflict(Finding::Found { words: because() })),
        1 => prop_oneof![Just("sam"), Just("maria"), Just("nobody")]
            .prop_map(|to| Command::Assign { to: StaffId(to.to_owned()) }),
        3 => prop_oneof![Just(Tier::Deadline), Just(Tier::Safety)].prop_map(|tier| Command::Raise { tier }),
        1 => prop::sample::select(BounceReason::ALL.to_vec())
            .prop_map(|reason| Command::Bounce { reason, added: None }),
        1 => Just(Command::DoNotContact),
        2 => Just(Command::AllowContact { reason: because() }),
        3 => Just(Command::Redirect { to: "North Clinic".to_owned(), reason: because() }),
        3 => Just(Command::Resume),
        1 => Just(Command::EmailSafe { how: How::Phone, asked_at: None }),
        1 => Just(Command::EmailNotSafe { why: because() }),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => Just(Happening::Look),
        6 => (1u8..12).prop_map(Happening::OnTime),
        10 => command().prop_map(Happening::Said),
        2 => prop_oneof![
            Just(vec![Command::Received]),
            Just(vec![Command::Accept]),
            Just(vec![Command::Decline { reason: "capacity".to_owned() }]),
        ].prop_map(Happening::PartnerSays),
        2 => prop_oneof![Just(Party::Client), Just(Party::Sender)].prop_map(Happening::PersonWrote),
        1 => Just(Happening::FilledIn),
        1 => Just(Happening::Stopped),
        1 => Just(Happening::MailCameBack),
    ]
}

/// The record and the model of one referral, and what has left the house.
struct Life<'a> {
    rules: &'a Rules,
    referral: Referral,
    model: Model<'a>,
    now: DateTime<Utc>,
    inbox_read_at: Option<DateTime<Utc>>,
    /// A warning that was decided and not yet taken by the mail server.
    waits: bool,
    warning_sent_at: Option<DateTime<Utc>>,
    /// What was last said to chase the contact.
    said_last: Option<FactKind>,
    knows_of_latest: bool,
}

impl<'a> Life<'a> {
    fn begun(rules: &'a Rules, urgency: &str, is_complete: bool, at: DateTime<Utc>) -> Life<'a> {
        let missing = if is_complete { Vec::new() } else { vec![Field::Language] };
        let referral = opened(rules, packet(urgency), missing, at).referral;
        let owner = (referral.owner.0.as_str(), referral.tier);
        let model = Model::opened(&rules.policies[0], &rules.calendar, owner, is_complete, at);
        model.is_told_by(&referral, at);
        Life {
            rules,
            referral,
            model,
            now: at,
            inbox_read_at: None,
            waits: false,
            warning_sent_at: None,
            said_last: None,
            knows_of_latest: false,
        }
    }

    /// The same event for both.
    fn happens(&mut self, event: &Event, model: impl FnOnce(&mut Model<'a>, &Referral)) {
        let decision = decide(self.rules, &self.referral, event, self.now);
        holds_but_for_a_stop(self.rules, &self.referral, &decision, self.now);
        let before = self.referral.rung;
        self.referral = decision.referral;
        model(&mut self.model, &self.referral);
        let client_heard = decision.letters.iter().any(|letter| letter.to.part == Part::Client);
        self.model.has_happened(client_heard, self.now);
        self.model.is_told_by(&self.referral, self.now);
        let rung = self.referral.rung;
        self.speaks_in_turn(&decision.facts);
        // Who climbed because of what was done is reminded of the next step.
        let was_looked_at = matches!(event, Event::TimePassed(_));
        if !was_looked_at && (before.step, before.from) != (rung.step, rung.from) {
            self.said_last = None;
        }
        if before.latest != rung.latest {
            self.knows_of_latest = false;
        }
        self.waits |= decision.facts.iter().any(|fact| fact.kind == FactKind::Warned);
        self.knows_of_latest |= decision.facts.iter().any(|fact| fact.words.contains("by the last day"));
    }

    /// The owner is reminded, then the workflow owner told, for each step of the ladder once.
    fn speaks_in_turn(&mut self, facts: &[Fact]) {
        let of_contact = |fact: &&Fact| {
            fact.words.ends_with("reminded of the contact") || fact.words.ends_with("the contact is overdue")
        };
        for fact in facts.iter().filter(of_contact) {
            assert_ne!(self.said_last, Some(fact.kind), "the same said twice");
            self.said_last = Some(fact.kind);
        }
    }

    fn looks(&mut self) {
        let (inbox_read_at, warning_sent_at) = (self.inbox_read_at, self.warning_sent_at);
        let (now, event) = (self.now, Event::TimePassed(Service { inbox_read_at, warning_sent_at }));
        let service = model::Service { inbox_read_at, warning_sent_at };
        self.happens(&event, |model, _| model.looked_at(service, now));
        assert!(
            !self.model.is_past_the_latest(now) || self.knows_of_latest,
            "the contact clock never stops, and somebody hears of it"
        );
    }

    fn lives(&mut self, what: &Happening, (inbox, relay): (bool, bool)) {
        let now = self.now;
        if inbox {
            self.inbox_read_at = Some(now);
        }
        if relay && std::mem::take(&mut self.waits) {
            self.warning_sent_at = Some(now);
        }
        match what {
            Happening::Look => self.looks(),
            Happening::OnTime(times) => {
                for _ in 0..*times {
                    let Some(next) = self.referral.look_at else { break };
                    self.now = self.now.max(next);
                    self.inbox_read_at = self.inbox_read_at.map(|at| if inbox { self.now } else { at });
                    self.looks();
                    if relay && std::mem::take(&mut self.waits) {
                        self.warning_sent_at = Some(self.now);
                    }
                }
            }
            Happening::Said(command) => {
                let by = Actor::Staff(self.referral.owner.clone());
                let event = Event::Commanded { by, commands: vec![command.clone().asked_at(Some(now))] };
                let is_nobody = matches!(command, Command::Assign { to } if to.0 == "nobody");
                self.happens(&event, |model, record| match command {
                    Command::Redirect { .. } => {
                        let until = record.onward.as_ref().map(|onward| onward.decision.due_at);
                        model.partner_is_asked(until, now);
                    }
                    _ if is_nobody => {}
                    other => model.said(other, now),
                });
            }
            Happening::PartnerSays(commands) => {
                let yes = match commands[0] {
                    Command::Accept => Some(true),
                    Command::Decline { .. } => Some(false),
                    _ => None,
                };
                let partner = self.rules.roster.partners.iter().find(|one| one.id.0 == PARTNER).unwrap();
                let share = safety::may_share(&self.referral, partner, &self.rules.calendar, now);
                let event = Event::Answered { by: partner.id.clone(), commands: commands.clone() };
                self.happens(&event, |model, _| model.partner_says(yes, share, now));
            }
            Happening::PersonWrote(who) => {
                self.happens(&Event::PersonWrote { who: *who }, |model, _| model.somebody_wrote(now));
            }
            Happening::FilledIn => {
                let mut packet = Packet::default();
                let value = format!("Language {now}");
                let place = "text line 1".to_owned();
                packet.put(
                    Field::Language,
                    Found { value, judged: Judged::Text, confidence: Confidence::High, place },
                );
                let event = Event::Supplemented { packet, conflicts: Vec::new() };
                self.happens(&event, |model, _| model.sender_fills_in(now));
            }
            Happening::Stopped => self.happens(&Event::Stopped, |model, _| model.client_says_stop(now)),
            Happening::MailCameBack => {
                self.happens(&Event::DeliveryFailed { who: Party::Client, hard: true, to: None }, |_, _| {});
            }
        }
    }
}

/// What holds after every decision; that a stop stays is for the model to say, since here staff may take one back.
fn holds_but_for_a_stop(
    rules: &Rules,
    before: &Referral,
    decision: &handoffd::referral::decide::Decision,
    now: DateTime<Utc>,
) {
    let before = Referral { stopped: before.stopped && decision.referral.stopped, ..before.clone() };
    holds(rules, Some(&before), decision, now);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_rules_and_the_model_live_every_history_alike(
        urgency in prop_oneof![3 => Just("normal"), 1 => Just("urgent"), 1 => Just("danger")],
        minute in 0i64..60 * 24 * 60,
        is_complete in any::<bool>(),
        steps in prop::collection::vec(
            (prop_oneof![0i64..240, 240i64..3_000, 3_000i64..15_000], happening(), any::<(bool, bool)>()),
            1..30,
        ),
    ) {
        let rules = rules(Mode::Enforce);
        let mut life = Life::begun(&rules, urgency, is_complete, later(at("2026-10-20T00:00:00Z"), minute));
        for (minutes, what, way) in steps {
            life.now += TimeDelta::minutes(minutes);
            life.lives(&what, way);
        }
    }
}
