//! One referral as the measures see it: numbers, times and words of ours, nobody's name.

use chrono::{DateTime, TimeDelta, Utc};

use crate::referral::contact::{Contact, NextStep};
use crate::referral::decide::Rules;
use crate::referral::driver::{self, Driver};
use crate::referral::packet::Field;
use crate::referral::party::Actor;
use crate::referral::record::{BounceReason, Fact, FactKind, Referral, Status};
use crate::referral::roster::{PartnerId, Roster};

const DECIDED: [FactKind; 3] = [FactKind::Accepted, FactKind::Redirected, FactKind::Closed];
/// What ends a referral.
pub(super) const ENDED: [FactKind; 2] = [FactKind::Closed, FactKind::Redirected];

/// One referral.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Life {
    /// Its number.
    pub name: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// What happened, oldest first, without words.
    pub facts: Vec<(DateTime<Utc>, FactKind)>,
    /// How its contact stands.
    pub contact: Reached,
    /// It was carried through: help is scheduled, it was handed on, or it was closed with a documented outcome.
    pub is_completed: bool,
    /// It waits for a decision.
    pub is_pending: bool,
    /// Required fields that the mail did not have.
    pub lacked: Vec<Field>,
    /// What drove it.
    pub drivers: Vec<Driver>,
    /// The partners that were asked to take it on.
    pub asked: Vec<Asked>,
    /// What the mail server took of ours.
    pub letters: Letters,
    /// The word of each [`Split`].
    pub words: [String; Split::ALL.len()],
}

/// How the contact stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// Really reached.
    Confirmed,
    /// Given up, for this reason.
    GivenUp(BounceReason),
    /// Not to be contacted, or not safely.
    MustNot,
    /// Somebody still tries.
    Open,
}

/// Letters that the mail server took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Letters {
    /// To the client.
    pub to_client: u64,
    /// To anybody.
    pub all: u64,
}

/// A partner that was asked to take somebody on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Which.
    pub partner: PartnerId,
    /// When.
    pub at: DateTime<Utc>,
    /// When it said that it has it.
    pub received_at: Option<DateTime<Utc>>,
    /// When it said yes or no.
    pub decided_at: Option<DateTime<Utc>>,
    /// Its time ran out, or we took the question back.
    pub is_over: bool,
}

/// By what every measure can be split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Split {
    /// Who sent it.
    Partner,
    /// What kind of source that is (requirement 128).
    Source,
    /// What drove it (requirement 46).
    Driver,
    /// How urgent it is.
    Tier,
    /// The policy it runs under (requirement 95).
    Policy,
    /// How far the ladder acts for it.
    Mode,
}

impl Split {
    /// Each of them.
    pub const ALL: [Split; 6] =
        [Split::Partner, Split::Source, Split::Driver, Split::Tier, Split::Policy, Split::Mode];

    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Split::Partner => "partner",
            Split::Source => "source",
            Split::Driver => "driver",
            Split::Tier => "tier",
            Split::Policy => "policy",
            Split::Mode => "mode",
        }
    }

    /// Where a referral belongs by it: in one place, so that the parts make a whole.
    #[must_use]
    pub fn of(self, roster: &Roster, referral: &Referral) -> String {
        let sender = referral.sender.partner.as_ref();
        match self {
            Split::Partner => sender.map_or_else(|| OUTSIDE.to_owned(), ToString::to_string),
            Split::Source => {
                let known = sender.and_then(|id| roster.partner(id));
                known.map_or(OUTSIDE, |partner| partner.source.word()).to_owned()
            }
            Split::Driver => {
                let drivers: Vec<&str> =
                    driver::drivers(&referral.packet).into_iter().map(Driver::word).collect();
                if drivers.is_empty() { UNDRIVEN.to_owned() } else { drivers.join(" and ") }
            }
            Split::Tier => referral.tier.word().to_owned(),
            Split::Policy => referral.policy.clone(),
            Split::Mode => referral.mode.word().to_owned(),
        }
    }
}

/// Nobody of the roster sent it.
pub const OUTSIDE: &str = "outside the roster";
/// No driver is known.
pub const UNDRIVEN: &str = "none";

impl Life {
    /// The life of a record.
    #[must_use]
    pub fn of(rules: &Rules, referral: &Referral, history: &[Fact], letters: Letters) -> Life {
        Life {
            name: referral.reference.to_string(),
            received_at: referral.received_at,
            facts: history.iter().map(|fact| (fact.at, fact.kind)).collect(),
            contact: reached(&referral.contact),
            is_completed: is_completed(referral),
            is_pending: referral.status.is_pending(),
            lacked: lacked(history),
            asked: asked(rules, history),
            letters,
            words: Split::ALL.map(|split| split.of(&rules.roster, referral)),
            drivers: driver::drivers(&referral.packet).into_iter().collect(),
        }
    }

    /// An invented one, received some days before; a few turns make a full sheet.
    #[must_use]
    pub fn sample(turn: i64, now: DateTime<Utc>) -> Life {
        let received_at = now - TimeDelta::days(6) + TimeDelta::hours(turn);
        let after = |hours: i64, kind: FactKind| (received_at + TimeDelta::hours(hours), kind);
        let is_reached = turn % 2 == 0;
        let facts = if is_reached {
            vec![after(3 + turn, FactKind::Confirmed), after(30, FactKind::Accepted)]
        } else {
            vec![after(0, FactKind::Incomplete), after(72, FactKind::Bounced)]
        };
        let bounced = Reached::GivenUp(BounceReason::BadContactInfo);
        let partner = PartnerId("north-clinic".to_owned());
        let (at, answered) = (received_at, Some(received_at + TimeDelta::hours(5)));
        Life {
            name: String::new(),
            received_at,
            facts,
            contact: if is_reached { Reached::Confirmed } else { bounced },
            is_completed: is_reached,
            is_pending: !is_reached,
            lacked: if is_reached { Vec::new() } else { vec![Field::ClientPhone] },
            drivers: vec![Driver::Court],
            asked: vec![Asked { partner, at, received_at: answered, decided_at: answered, is_over: true }],
            letters: Letters { to_client: 1, all: 3 },
            words: Split::ALL.map(|split| split.word().to_owned()),
        }
    }

    /// When the first of these happened.
    #[must_use]
    pub fn first(&self, kinds: &[FactKind]) -> Option<DateTime<Utc>> {
        self.facts.iter().find(|(_, kind)| kinds.contains(kind)).map(|(at, _)| *at)
    }

    /// How often one of these happened.
    #[must_use]
    pub fn times(&self, kinds: &[FactKind]) -> u64 {
        self.facts.iter().map(|(_, kind)| u64::from(kinds.contains(kind))).sum()
    }

    /// The word by which it is split.
    #[must_use]
    pub fn word(&self, split: Split) -> &str {
        let place = Split::ALL.iter().position(|one| *one == split);
        place.and_then(|place| self.words.get(place)).map_or("", String::as_str)
    }

    /// What ended its wait first.
    #[must_use]
    pub fn decision(&self) -> Option<FactKind> {
        self.facts.iter().map(|(_, kind)| *kind).find(|kind| DECIDED.contains(kind))
    }

    /// It was opened again after it had ended. A contact that is tried again while the referral stays open is none.
    #[must_use]
    pub fn is_opened_again(&self) -> bool {
        let since_it_ended = self.facts.iter().skip_while(|(_, kind)| !ENDED.contains(kind));
        since_it_ended.into_iter().any(|(_, kind)| *kind == FactKind::Reopened)
    }

    /// The time it waited for a decision until `now`: from each beginning to the decision that ended it. It begins when
    /// it is received, when it is opened after it had ended, and when a partner is asked to take on what we had
    /// accepted.
    #[must_use]
    pub fn pending(&self, now: DateTime<Utc>) -> TimeDelta {
        let (mut since, mut waited, mut has_ended) = (Some(self.received_at), TimeDelta::zero(), false);
        for (at, kind) in &self.facts {
            if DECIDED.contains(kind) {
                waited += since.take().map_or(TimeDelta::zero(), |began| *at - began);
                has_ended = ENDED.contains(kind);
            } else if (has_ended && *kind == FactKind::Reopened) || (!has_ended && *kind == FactKind::Offered)
            {
                since = since.or(Some(*at));
                has_ended = false;
            }
        }
        waited + since.filter(|_| self.is_pending).map_or(TimeDelta::zero(), |began| now - began)
    }
}

fn reached(contact: &Contact) -> Reached {
    match contact {
        Contact::Confirmed { .. } => Reached::Confirmed,
        Contact::Bounced { reason: BounceReason::UnsafeToContact, .. } | Contact::DoNotContact => {
            Reached::MustNot
        }
        Contact::Bounced { reason, .. } => Reached::GivenUp(*reason),
        Contact::NotStarted | Contact::Attempting => Reached::Open,
    }
}

fn is_completed(referral: &Referral) -> bool {
    let ended = matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
    let scheduled = |step: Option<NextStep>| matches!(step, Some(NextStep::Appointment | NextStep::Clinic));
    ended || matches!(&referral.contact, Contact::Confirmed { with, .. } if scheduled(with.next_step))
}

/// What was missing when it came, as its history says.
fn lacked(history: &[Fact]) -> Vec<Field> {
    let said = history.iter().find(|fact| fact.kind == FactKind::Incomplete);
    let labels = said.and_then(|fact| fact.words.strip_prefix("missing: ")).unwrap_or_default();
    labels
        .split(", ")
        .filter_map(|label| Field::ALL.into_iter().find(|field| field.label() == label))
        .collect()
}

fn asked(rules: &Rules, history: &[Fact]) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for fact in history {
        if fact.kind == FactKind::Offered {
            if let Some(before) = asked.last_mut() {
                before.is_over = true;
            }
            let partners = rules.roster.partners.iter();
            let partner = partners
                .filter(|partner| fact.words.starts_with(&format!("{} is asked", partner.name)))
                .map(|partner| partner.id.clone())
                .next();
            let partner = partner.unwrap_or_else(|| PartnerId("left the roster".to_owned()));
            asked.push(Asked { partner, at: fact.at, received_at: None, decided_at: None, is_over: false });
            continue;
        }
        let Some(last) = asked.last_mut().filter(|last| !last.is_over) else { continue };
        let is_theirs = matches!(fact.by, Some(Actor::Partner(_)));
        if fact.kind == FactKind::OfferReceived {
            last.received_at = Some(fact.at);
        } else if fact.kind == FactKind::OfferDeclined || (fact.kind == FactKind::Redirected && is_theirs) {
            (last.decided_at, last.is_over) = (Some(fact.at), true);
        } else if fact.kind == FactKind::OfferUnanswered || DECIDED.contains(&fact.kind) {
            last.is_over = true;
        }
    }
    asked
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(in super::super) fn beginning() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_183_200, 0).unwrap()
    }

    /// An invented life: what happened so many hours after it was received.
    pub(in super::super) fn life(contact: Reached, facts: &[(i64, FactKind)]) -> Life {
        Life {
            name: String::new(),
            received_at: beginning(),
            facts: facts
                .iter()
                .map(|(hours, kind)| (beginning() + TimeDelta::hours(*hours), *kind))
                .collect(),
            contact,
            is_completed: false,
            is_pending: true,
            lacked: Vec::new(),
            drivers: Vec::new(),
            asked: Vec::new(),
            letters: Letters::default(),
            words: Split::ALL.map(|split| split.word().to_owned()),
        }
    }

    #[test]
    fn it_waits_only_while_its_status_waits() {
        use FactKind::{Accepted, Bounced, Closed, OfferDeclined, Offered, Reopened};
        for (hours, is_pending, facts) in [
            (100, true, &[][..]),
            (10, false, &[(10, Accepted)]),
            // A contact that is tried again is no new wait: the decision stands.
            (10, false, &[(10, Accepted), (20, Bounced), (30, Reopened), (90, Closed)]),
            (15, false, &[(10, Closed), (20, Reopened), (25, Accepted)]),
            (90, true, &[(10, Closed), (20, Reopened)]),
            // A partner is asked: it is under review until the next decision.
            (40, false, &[(10, Accepted), (20, Offered), (30, OfferDeclined), (50, Accepted)]),
            (50, false, &[(20, Offered), (50, Accepted)]),
        ] {
            let life = Life { is_pending, ..life(Reached::Open, facts) };
            assert_eq!(life.pending(beginning() + TimeDelta::hours(100)).num_hours(), hours, "{facts:?}");
        }
    }
}
