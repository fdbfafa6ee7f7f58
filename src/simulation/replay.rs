//! Replay: a life that really was, under the same rules in mode enforce → the steps the ladder would have taken.
//!
//! What people did comes from the history, at the time it happened; what the clock would have done comes from the
//! rules. Nothing of it is written anywhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::referral::command::Command;
use crate::referral::conflict::Finding;
use crate::referral::contact::Confirmation;
use crate::referral::contact::{Attempt, Contact};
use crate::referral::decide::{Rules, arrive, decide};
use crate::referral::event::{Arrival, Event, Service};
use crate::referral::party::{Actor, Party};
use crate::referral::record::{BounceReason, Fact, FactKind, Referral};
use crate::referral::roster::Mode;

/// No life has more moments than this; reaching it would be a clock that does not come to rest.
const MOST_MOMENTS: u32 = 2_000;

/// Steps of the ladder.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Steps {
    /// Reminders to owners.
    pub reminded: u64,
    /// Escalations to the workflow owner.
    pub escalated: u64,
    /// Questions back to the partner.
    pub looped_back: u64,
    /// Final warnings.
    pub warned: u64,
    /// Contacts given up.
    pub bounced: u64,
}

impl Steps {
    /// Adds the steps among these facts.
    pub fn count(&mut self, facts: &[Fact]) {
        for (kind, count) in [
            (FactKind::Reminded, &mut self.reminded),
            (FactKind::Escalated, &mut self.escalated),
            (FactKind::LoopedBack, &mut self.looped_back),
            (FactKind::Warned, &mut self.warned),
            (FactKind::Bounced, &mut self.bounced),
        ] {
            *count += facts.iter().map(|fact| u64::from(fact.kind == kind)).sum::<u64>();
        }
    }

    /// Both together.
    pub fn add(&mut self, other: Steps) {
        self.reminded += other.reminded;
        self.escalated += other.escalated;
        self.looped_back += other.looped_back;
        self.warned += other.warned;
        self.bounced += other.bounced;
    }
}

/// The steps the ladder would have taken in this life until then, had its partner stood on enforce.
#[must_use]
pub fn would_have_been(rules: &Rules, referral: &Referral, history: &[Fact], until: DateTime<Utc>) -> Steps {
    let mut steps = Steps::default();
    let Some(mut life) = begun_again(rules, referral) else { return steps };
    let mut attempts = referral.attempts.iter();
    let mut warned_at = None;
    let done = history.iter().filter(|fact| fact.at < until);
    let done: Vec<(DateTime<Utc>, Event)> =
        done.filter_map(|fact| Some((fact.at, event(fact, referral, &mut attempts)?))).collect();
    let mut done = done.into_iter().peekable();
    for _ in 0..MOST_MOMENTS {
        let look_at = life.look_at.filter(|at| *at < until);
        let people_first = match (done.peek(), look_at) {
            (Some((at, _)), Some(look_at)) => *at <= look_at,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let next = if people_first {
            done.next()
        } else {
            let service = |at| Service { inbox_read_at: Some(at), warning_sent_at: warned_at };
            look_at.map(|at| (at, Event::TimePassed(service(at))))
        };
        let Some((at, event)) = next else { break };
        let decision = decide(rules, &life, &event, at);
        if matches!(event, Event::TimePassed(_)) {
            steps.count(&decision.facts);
        }
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Warned) {
            warned_at = Some(at);
        }
        life = decision.referral;
    }
    steps
}

/// The record as it was opened, but enforced.
fn begun_again(rules: &Rules, referral: &Referral) -> Option<Referral> {
    let arrival = Arrival {
        packet: referral.packet.clone(),
        sender: referral.sender.clone(),
        missing: Vec::new(),
        questions: Vec::new(),
        transcribe: false,
        place: 0,
        received_at: referral.received_at,
        conflicts: Vec::new(),
        address_shared: referral.address_shared,
        address_doubted_at: referral.address_doubted_at,
        stopped: false,
        open: BTreeMap::new(),
    };
    let reference = referral.reference.clone();
    let opened = arrive(rules, &[arrival], &[reference], referral.received_at).into_iter().next()?;
    let enforced = Referral { mode: Mode::Enforce, owner: referral.owner.clone(), ..opened.referral };
    // The first decision works out when to look; in another mode it may have been never.
    Some(decide(rules, &enforced, &Event::TimePassed(Service::default()), referral.received_at).referral)
}

/// What somebody did, as an event; `None` for what the clock or the service did.
fn event<'a>(
    fact: &Fact,
    referral: &'a Referral,
    attempts: &mut impl Iterator<Item = &'a Attempt>,
) -> Option<Event> {
    if fact.kind == FactKind::Held {
        return Some(Event::PersonWrote { who: Party::Client });
    }
    if fact.kind == FactKind::Stopped {
        return Some(Event::Stopped);
    }
    let command = if fact.kind == FactKind::Attempted {
        let attempt = attempts.next()?;
        Command::Attempt { channel: attempt.channel, result: attempt.result }
    } else {
        said_then(fact.kind, referral)?
    };
    Some(Event::Commanded { by: Actor::Host, commands: vec![command] })
}

/// The command a fact came of, in words of ours.
fn said_then(kind: FactKind, referral: &Referral) -> Option<Command> {
    let words = || "said then".to_owned();
    let commands = [
        (FactKind::Confirmed, Command::Confirmed(Confirmation::default())),
        (FactKind::Bounced, Command::Bounce { reason: given_up_for(referral), added: None }),
        (FactKind::ConflictChecked, Command::Conflict(Finding::Clear)),
        (FactKind::Accepted, Command::Accept),
        (FactKind::Redirected, Command::Redirect { to: words(), reason: words() }),
        (FactKind::Closed, Command::Close { reason: words() }),
        (FactKind::Reopened, Command::Reopen { reason: words() }),
        (FactKind::Resumed, Command::Resume),
        (FactKind::Allowed, Command::AllowContact { reason: words() }),
    ];
    commands.into_iter().find(|(known, _)| *known == kind).map(|(_, command)| command)
}

fn given_up_for(referral: &Referral) -> BounceReason {
    match referral.contact {
        Contact::Bounced { reason, .. } => reason,
        Contact::NotStarted | Contact::Attempting | Contact::Confirmed { .. } | Contact::DoNotContact => {
            BounceReason::BadContactInfo
        }
    }
}
