//! A referral as the design tells it, in as few words as will do: what every command and every look at the clock must
//! come to. It shares the policy and the calendar with the rules, and nothing else; [`super::histories`] lets both live
//! the same life.

mod clock;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::calendar::Calendar;
use handoffd::referral::command::Command;
use handoffd::referral::conflict::Finding;
use handoffd::referral::contact::ContactResult;
use handoffd::referral::policy::{Ladder, Policy, Tier};
use handoffd::referral::record::BounceReason;

pub(super) use clock::Service;

type Instant = DateTime<Utc>;

/// Everything a person would keep on a card.
#[derive(Clone)]
pub(super) struct Model<'a> {
    policy: &'a Policy,
    calendar: &'a Calendar,
    pub(super) status: &'static str,
    pub(super) contact: &'static str,
    pub(super) owner: String,
    pub(super) tier: Tier,
    pub(super) stopped: bool,
    may_accept: bool,
    lacks_something: bool,
    /// The decision waits for somebody else since then.
    needs_since: Option<Instant>,
    /// Somebody wrote then, and nobody has looked.
    wrote_at: Option<Instant>,
    /// A partner was asked, and is waited for until then.
    asked_until: Option<Instant>,
    received_at: Instant,
    /// The ladder counts from there; every pause moves it.
    from: Instant,
    step: usize,
    due_at: Instant,
    /// Nothing moves it.
    latest: Instant,
    /// Tries since it was opened: what came of each.
    tries: Vec<ContactResult>,
    warned_at: Option<Instant>,
    decision: Instant,
    reason: Option<(BounceReason, bool)>,
    /// A client who was reached hears again by then.
    hears_by: Option<Instant>,
}

impl<'a> Model<'a> {
    pub(super) fn opened(
        policy: &'a Policy,
        calendar: &'a Calendar,
        (owner, tier): (&str, Tier),
        is_complete: bool,
        at: Instant,
    ) -> Model<'a> {
        let ladder = policy.ladder(tier);
        let mut model = Model {
            policy,
            calendar,
            status: if is_complete { "Received" } else { "Needs Info" },
            contact: "not started",
            owner: owner.to_owned(),
            tier,
            stopped: false,
            // Every packet here names another side.
            may_accept: false,
            lacks_something: !is_complete,
            needs_since: (!is_complete).then_some(at),
            wrote_at: None,
            asked_until: None,
            received_at: at,
            from: at,
            step: 0,
            due_at: at,
            latest: ladder.contact_fallback.after(at, calendar),
            tries: Vec::new(),
            warned_at: None,
            decision: ladder.decision_target.after(at, calendar),
            reason: None,
            hears_by: None,
        };
        model.due_at = model.due(0);
        model
    }

    fn ladder(&self) -> &'a Ladder {
        self.policy.ladder(self.tier)
    }

    pub(super) fn is_open(&self) -> bool {
        !matches!(self.status, "Closed" | "Redirected")
    }

    fn is_running(&self) -> bool {
        matches!(self.contact, "not started" | "attempting")
    }

    fn is_pending(&self) -> bool {
        matches!(self.status, "Received" | "Needs Info" | "Under Review")
    }

    fn target(&self, now: Instant) -> Instant {
        self.ladder().decision_target.after(now, self.calendar)
    }

    fn next_evening(&self, now: Instant) -> Instant {
        self.calendar.end_of_business_day(now, 1)
    }

    /// A step is due after its span and, in business time, on a day of its own; after the last one comes the end.
    fn due(&self, step: usize) -> Instant {
        let ladder = self.ladder();
        let mut due_at = self.from;
        for place in 0..=step {
            let span = ladder.steps.get(place).map_or(ladder.bounce, |step| step.due);
            let own_day = self.calendar.end_of_business_day(due_at, 0);
            let at = span.after(self.from, self.calendar);
            due_at = if ladder.any_hour { at } else { at.max(own_day) };
        }
        due_at
    }

    /// Nobody chases staff at night, but where somebody is in danger.
    fn in_the_open(&self, at: Instant) -> Instant {
        if self.ladder().any_hour { at } else { self.calendar.next_open(at) }
    }

    fn late(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.ladder().escalate_hours))
    }

    fn grace(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.policy.grace_hours))
    }

    // --- what is said --------------------------------------------------------------------------------------------

    pub(super) fn said(&mut self, command: &Command, now: Instant) {
        let is_unsafe = matches!(command, Command::Bounce { reason: BounceReason::UnsafeToContact, .. });
        if is_unsafe && !(self.is_open() && self.is_running()) {
            // There is no contact to give up, and no letter leaves all the same.
            self.stopped = true;
            return;
        }
        let anew = matches!(command, Command::Reopen { .. } | Command::AllowContact { .. });
        if !self.is_open() && !anew && *command != Command::DoNotContact {
            return;
        }
        match command {
            Command::Attempt { result, .. } => self.tried(*result, now),
            Command::Confirmed(said) if self.contact != "do not contact" => {
                self.reached(said.deadline.is_some(), now);
            }
            Command::Accept if self.may_accept && self.status != "Accepted" => {
                self.asked_until = None;
                self.becomes("Accepted");
                if self.contact != "bounced" {
                    self.decision = self.target(now);
                }
            }
            Command::Decline { .. } if self.status != "Accepted" => self.ended("Closed"),
            Command::Close { .. } => self.ended("Closed"),
            Command::Needs { .. } => {
                self.lacks_something = true;
                if matches!(self.status, "Received" | "Under Review") {
                    self.becomes("Needs Info");
                    self.needs_since = Some(now);
                }
            }
            Command::Conflict(finding) => self.may_accept = !matches!(finding, Finding::Found { .. }),
            Command::Assign { to } => self.owner.clone_from(&to.0),
            Command::Raise { tier } if *tier > self.tier => self.raised(*tier, now),
            Command::Bounce { reason, .. } if self.is_running() => {
                self.looked(now);
                self.given_up(*reason, !self.tries.is_empty(), now);
            }
            Command::DoNotContact => {
                self.contact = "do not contact";
                self.stopped = true;
                self.wrote_at = None;
                if !self.is_pending() || self.decision <= now {
                    self.decision = self.next_evening(now).min(self.target(now));
                }
            }
            Command::AllowContact { .. } if self.contact == "do not contact" => {
                self.stopped = false;
                self.contact = "not started";
                self.begun(now);
            }
            Command::AllowContact { .. } if self.stopped => {
                self.stopped = false;
                self.looked(now);
            }
            Command::Reopen { .. } if !self.is_open() || !self.is_running() => self.opened_again(now),
            Command::Resume => self.looked(now),
            _ => {}
        }
    }

    fn becomes(&mut self, status: &'static str) {
        self.status = status;
        self.needs_since = None;
    }

    fn ended(&mut self, status: &'static str) {
        self.becomes(status);
        self.asked_until = None;
        self.wrote_at = None;
    }

    /// Whoever acts on it has read what was written: the ladder goes on, later by as much as it stood still.
    fn looked(&mut self, now: Instant) {
        let Some(since) = self.wrote_at.take() else { return };
        self.from += now - since;
        self.due_at += now - since;
        self.warned_at = None;
    }

    fn tried(&mut self, result: ContactResult, now: Instant) {
        if !self.is_running() && self.contact != "bounced" {
            return;
        }
        self.looked(now);
        self.tries.push(result);
        if self.is_running() {
            self.contact = "attempting";
            let wanted = self.ladder().steps.get(self.step).map(|step| usize::from(step.attempts));
            if wanted.is_some_and(|wanted| self.tries.len() >= wanted) {
                self.climbs(now);
            }
        }
    }

    fn reached(&mut self, has_a_deadline: bool, now: Instant) {
        self.contact = "confirmed";
        self.hears_by = None;
        self.looked(now);
        if has_a_deadline && self.tier == Tier::Standard {
            self.tier = Tier::Deadline;
            if self.is_pending() {
                self.decision = self.decision.min(self.target(now));
            }
        }
    }

    fn opened_again(&mut self, now: Instant) {
        if !self.is_open() {
            self.status = "Under Review";
        }
        if self.contact != "confirmed" {
            self.contact = "not started";
        }
        self.begun(now);
        self.decision = self.target(now);
    }

    /// The next step whose time is not over.
    fn climbs(&mut self, now: Instant) {
        self.step += 1;
        while self.step < self.ladder().steps.len() && self.due(self.step) + self.late() <= now {
            self.step += 1;
        }
        self.due_at = self.due(self.step);
    }

    /// A ladder from its foot: the tries of an earlier one prove nothing.
    fn begun(&mut self, now: Instant) {
        (self.from, self.step, self.warned_at, self.wrote_at) = (now, 0, None, None);
        self.tries.clear();
        self.due_at = self.due(0);
        self.latest = self.ladder().contact_fallback.after(now, self.calendar);
    }

    /// The faster ladder begins now, on the same step; nothing is due later for it.
    fn raised(&mut self, tier: Tier, now: Instant) {
        let before = Some(self.due_at).filter(|at| *at > now);
        self.tier = tier;
        (self.from, self.warned_at, self.wrote_at) = (now, None, None);
        self.step = self.step.min(self.ladder().steps.len() - 1);
        self.due_at = before.map_or(self.due(self.step), |at| at.min(self.due(self.step)));
        self.latest = self.latest.min(self.ladder().contact_fallback.after(now, self.calendar));
        self.decision = self.decision.min(self.target(now));
    }

    fn given_up(&mut self, reason: BounceReason, was_tried: bool, now: Instant) {
        self.contact = "bounced";
        self.reason = Some((reason, was_tried));
        self.stopped |= reason == BounceReason::UnsafeToContact;
        self.decision = self.next_evening(now).min(self.target(now));
    }

    // --- what happens --------------------------------------------------------------------------------------------

    pub(super) fn somebody_wrote(&mut self, now: Instant) {
        if self.is_open() && self.wrote_at.is_none() {
            self.wrote_at = Some(now);
        }
    }

    pub(super) fn client_says_stop(&mut self, now: Instant) {
        if !self.stopped {
            self.stopped = true;
            self.somebody_wrote(now);
        }
    }

    /// The sender says what was missing, or something else where nothing was.
    pub(super) fn sender_fills_in(&mut self, now: Instant) {
        if !std::mem::take(&mut self.lacks_something) {
            return self.somebody_wrote(now);
        }
        if let Some(since) = self.needs_since {
            let until = self.policy.needs_info_cap.after(since, self.calendar).min(now);
            self.becomes("Under Review");
            self.decision = self.decision.max(self.target(until));
        }
    }

    /// Our staff asks a partner, which has until then.
    pub(super) fn partner_is_asked(&mut self, until: Option<Instant>, now: Instant) {
        if !self.is_open() || self.asked_until.is_some() {
            return;
        }
        self.looked(now);
        self.asked_until = until;
        if matches!(self.status, "Received" | "Accepted") {
            self.becomes("Under Review");
        }
    }

    pub(super) fn partner_says(&mut self, yes: Option<bool>, may_share: bool, now: Instant) {
        match yes.filter(|_| self.asked_until.is_some()) {
            Some(true) if may_share => self.ended("Redirected"),
            Some(false) => self.comes_back(now),
            Some(true) | None => {}
        }
    }

    fn comes_back(&mut self, now: Instant) {
        self.asked_until = None;
        self.decision = self.next_evening(now).min(self.target(now));
    }

    /// After every event: whether the client heard from us in it.
    pub(super) fn has_happened(&mut self, client_heard: bool, now: Instant) {
        if self.contact != "confirmed" || !self.is_open() || self.stopped {
            self.hears_by = None;
        } else if client_heard || self.hears_by.is_none() {
            self.hears_by = Some(self.ladder().update_target.after(now, self.calendar));
        }
    }
}
