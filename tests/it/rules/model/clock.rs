//! The clock of the model: what a look comes to, and what the record must say after every event.

use chrono::TimeDelta;
use handoffd::referral::contact::{Contact, ContactResult};
use handoffd::referral::record::{BounceReason, Referral};

use super::{Instant, Model};

/// What is known of the way to the outside at a look.
#[derive(Clone, Copy)]
pub(crate) struct Service {
    pub(crate) inbox_read_at: Option<Instant>,
    pub(crate) warning_sent_at: Option<Instant>,
}

impl Model<'_> {
    pub(crate) fn looked_at(&mut self, service: Service, now: Instant) {
        if !self.is_open() {
            return;
        }
        let silent_at = self.asked_until.map(|until| self.in_the_open(until + self.late()));
        let ended_at = self.time_goes_by(service, now);
        if let Some(silent_at) = silent_at.filter(|at| *at <= now) {
            let after_the_end = self.decision;
            self.comes_back(now);
            // Of two things that were due at once the later one counts.
            if ended_at.is_some_and(|at| at > silent_at) {
                self.decision = after_the_end;
            }
        }
    }

    /// The contact alone; gives when it was to end, if it did.
    fn time_goes_by(&mut self, service: Service, now: Instant) -> Option<Instant> {
        self.forgets_a_warning_that_never_left(service, now);
        if !self.is_running() || self.wrote_at.is_some() {
            return None;
        }
        // Each step that ended, and what was lost because nobody looked.
        while self.step < self.ladder().steps.len() {
            let over_at = self.in_the_open(self.due_at + self.late());
            if over_at > now {
                return None;
            }
            if now - over_at > TimeDelta::hours(1) {
                self.from += now - over_at;
            }
            self.climbs(now);
        }
        let Some(warned_at) = self.warned_at else {
            self.warned_at = Some(now).filter(|_| self.warns_at() <= now);
            return None;
        };
        let planned = self.in_the_open(self.end_after(warned_at));
        if planned > now || !self.may_end(warned_at, service, now) {
            return None;
        }
        self.given_up_by_the_clock(now);
        Some(planned)
    }

    fn forgets_a_warning_that_never_left(&mut self, service: Service, now: Instant) {
        let Some(at) = self.warned_at else { return };
        let has_left = service.warning_sent_at.is_some_and(|sent_at| sent_at >= at);
        if !has_left && now - at >= TimeDelta::days(6) && self.is_running() {
            self.warned_at = None;
        }
    }

    /// An hour earlier than the grace asks, and while somebody can read it.
    fn warns_at(&self) -> Instant {
        let at = self.due(self.step) - self.grace() - TimeDelta::hours(1);
        if self.ladder().any_hour {
            return at;
        }
        self.calendar.last_open(at).max(self.calendar.next_open(self.received_at))
    }

    /// The end of the contact after a warning: a late one leaves a whole business day.
    fn end_after(&self, warned_at: Instant) -> Instant {
        let (due_at, graced) = (self.due(self.step), warned_at + self.grace());
        let is_late = graced > due_at && !self.ladder().any_hour;
        let at = due_at.max(graced);
        if is_late { at.max(self.next_evening(warned_at)) } else { at }
    }

    /// Its warning left the grace ago, and the inbox was read to its end after that.
    fn may_end(&self, warned_at: Instant, service: Service, now: Instant) -> bool {
        let sent_at = service.warning_sent_at.filter(|at| *at >= warned_at);
        let end = sent_at.map(|at| self.end_after(at));
        end.is_some_and(|end| end <= now && service.inbox_read_at.is_some_and(|at| at >= end))
    }

    fn given_up_by_the_clock(&mut self, now: Instant) {
        let wanted = self.ladder().steps.iter().map(|step| usize::from(step.attempts)).max().unwrap();
        let was_tried = self.tries.len() >= wanted;
        let reason = if !was_tried {
            BounceReason::CapacityDelay
        } else if self.tries.contains(&ContactResult::SomebodyElse) {
            BounceReason::UnsafeToContact
        } else {
            BounceReason::BadContactInfo
        };
        self.given_up(reason, was_tried, now);
    }

    // --- what the record must say --------------------------------------------------------------------------------

    /// The decision stands still in Needs Info, up to the cap.
    fn decides_by(&self) -> Instant {
        let paused = self.needs_since.map(|since| self.policy.needs_info_cap.after(since, self.calendar));
        paused.map_or(self.decision, |until| until.max(self.decision))
    }

    /// By the evening somebody reads what was written; where no hour is too late, as soon as a contact would be made.
    fn read_by(&self, at: Instant) -> Instant {
        let evening = self.calendar.end_of_business_day(at, 0);
        let soon = self.ladder().contact_target.after(at, self.calendar);
        if self.ladder().any_hour { evening.min(soon) } else { evening }
    }

    /// What is due next, as its words begin, and when.
    fn next(&self) -> (&'static str, Instant) {
        let decide_by = self.decides_by();
        if let Some(at) = self.wrote_at {
            return ("read", self.read_by(at));
        }
        if self.is_running() && self.step < self.ladder().steps.len() {
            return ("reach", self.due_at);
        }
        match (self.contact, self.asked_until, self.status) {
            ("not started" | "attempting", ..) => {
                ("reach", self.warned_at.map_or(self.due(self.step), |at| self.end_after(at)))
            }
            (_, Some(until), _) => ("wait", until),
            ("bounced", ..) => ("decide what", decide_by),
            ("do not contact", ..) => ("find a safe", decide_by),
            (_, _, "Accepted") => ("carry out", decide_by),
            (_, _, "Needs Info") => ("get the missing", decide_by),
            _ => ("accept, redirect", decide_by),
        }
    }

    /// By when the rules must ask to be asked again, whatever else they wait for.
    fn asks_by(&self) -> Option<Instant> {
        let ladder_runs = self.is_running() && self.wrote_at.is_none();
        match self.warned_at {
            _ if !ladder_runs => None,
            _ if self.step < self.ladder().steps.len() => Some(self.in_the_open(self.due_at + self.late())),
            None => Some(self.warns_at()),
            Some(at) => Some(self.in_the_open(self.end_after(at))),
        }
    }

    /// Compares what both have come to.
    pub(crate) fn is_told_by(&self, record: &Referral, now: Instant) {
        assert_eq!(record.status.word(), self.status);
        assert_eq!(record.contact.word(), self.contact);
        assert_eq!(record.owner.0, self.owner);
        assert_eq!((record.tier, record.stopped), (self.tier, self.stopped));
        assert_eq!(record.conflict.state.may_accept(), self.may_accept);
        assert_eq!(record.held.map(|hold| hold.since), self.wrote_at, "somebody waits to be read");
        if let Contact::Bounced { reason, attempts_logged, .. } = record.contact {
            assert_eq!(Some((reason, attempts_logged)), self.reason);
        }
        if !self.is_open() {
            assert_eq!(record.look_at, None, "what has ended is left alone");
            return;
        }
        assert_eq!(record.onward.as_ref().map(|onward| onward.decision.due_at), self.asked_until);
        assert_eq!(record.decision.due_at, self.decision, "the decision");
        assert_eq!(record.update.map(|update| update.clock.due_at), self.hears_by, "the next word to them");
        if self.is_running() {
            let rung = &record.rung;
            assert_eq!((rung.step, rung.from, rung.clock.due_at), (self.step, self.from, self.due_at));
            assert_eq!(rung.warned_at, self.warned_at, "the warning");
            assert_eq!(rung.latest, Some(self.latest), "the contact at the latest");
        }
        let (action, due_at) = self.next();
        let checks = record.next_action.words().starts_with("check") && self.contact == "confirmed";
        if !(checks && !self.may_accept && self.wrote_at.is_none()) {
            assert!(record.next_action.words().starts_with(action), "{}", record.next_action.words());
            assert_eq!(record.next_action_at, due_at, "{action}");
        }
        if let Some(by) = self.asks_by().filter(|by| *by > now) {
            let by = by.max(now + TimeDelta::minutes(1));
            assert!(record.look_at.is_some_and(|at| at <= by), "asked again at {:?}, {by}", record.look_at);
        }
    }

    /// Whether it is high time that the workflow owner hears that nobody reached the client.
    pub(crate) fn is_past_the_latest(&self, now: Instant) -> bool {
        let knows = self.warned_at.is_some() && self.wrote_at.is_none();
        self.is_open() && self.is_running() && !knows && self.in_the_open(self.latest + self.late()) <= now
    }
}
