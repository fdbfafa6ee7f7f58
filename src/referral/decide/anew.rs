//! What sets clocks anew: a tier that is raised, a referral that is opened again, a client who may be reached again.
//!
//! Whoever says one of these has read what was written: a hold ends with it, since a ladder that begins cannot stand
//! still for what came before it. Only what somebody wrote from the client's address waits for a word that it was read.

use super::super::clock::Clock;
use super::super::contact::Contact;
use super::super::fact::reason_kept;
use super::super::party::{Actor, Party};
use super::super::policy::Tier;
use super::super::record::{FactKind, Rung, Status};
use super::outcome::Outcome;
use super::{Course, consent, dates, due, hold};

/// The faster ladder begins now, on the same rung; what was due sooner stays due sooner.
pub(super) fn raise(course: &mut Course<'_>, by: &Actor, tier: Tier) -> Outcome {
    if tier <= course.referral.tier {
        return Outcome::Refused("the tier is already that high; a tier is never lowered");
    }
    run_faster(course, tier);
    if course.referral.unread_since.is_none() {
        course.referral.held = None;
    }
    course.fact(FactKind::Raised, Some(by), format!("tier is {}", tier.word()));
    Outcome::Done(format!("tier is {}", tier.word()))
}

/// The ladder of a graver tier from now on. While somebody must read what was written it stands still, and what is due
/// comes later by that alone.
pub(super) fn run_faster(course: &mut Course<'_>, tier: Tier) {
    course.run_under_today(tier);
    let ladder = course.ladder();
    let (from, calendar) = (course.now, &course.rules.calendar);
    let step = course.referral.rung.step.min(ladder.steps.len().saturating_sub(1));
    let due_at = due::due_of(ladder, step, from, calendar);
    let rung = &mut course.referral.rung;
    rung.from = from;
    rung.step = step;
    rung.warned_at = None;
    let latest = ladder.contact_fallback.after(from, calendar);
    rung.latest = Some(rung.latest.map_or(latest, |at| at.min(latest)));
    rung.latest_told_at = None;
    let sooner = Some(rung.clock.due_at).filter(|at| *at > from);
    rung.clock = Clock::due(sooner.map_or(due_at, |at| at.min(due_at)));
    let decision_at = ladder.decision_target.after(from, calendar).min(course.referral.decision.due_at);
    course.referral.decision = Clock::due(decision_at);
    let read_by = hold::read_by(course);
    if let Some(hold) = &mut course.referral.held {
        hold.since = from;
        if read_by < hold.clock.due_at {
            hold.clock = Clock::due(read_by);
        }
    }
}

/// Opens what was closed, or a contact that had ended.
pub(super) fn reopen(course: &mut Course<'_>, by: &Actor, reason: &str) -> Outcome {
    let contact_over = !course.referral.contact.is_running();
    if reason.trim().is_empty() {
        return Outcome::Refused("reopen needs a reason");
    }
    if !course.is_closed() && !contact_over {
        return Outcome::Refused("it is open already");
    }
    if course.is_closed() {
        course.referral.status = Status::UnderReview;
    }
    // A person tries again; no mail goes to somebody who said stop, whatever is opened.
    if !matches!(course.referral.contact, Contact::Confirmed { .. }) {
        course.referral.contact = Contact::NotStarted;
    }
    begin_ladder(course);
    let decide_by = course.ladder().decision_target.after(course.now, &course.rules.calendar);
    course.referral.decision = Clock::due(dates::before_its_own(course, decide_by));
    course.fact(FactKind::Reopened, Some(by), reason.trim());
    Outcome::Done("opened again".to_owned())
}

/// Takes a stop back: only staff can, only with a reason, and the gate still asks everything else. Where nobody was to
/// be contacted, somebody tries again from the foot of the ladder.
pub(super) fn allow_contact(course: &mut Course<'_>, by: &Actor, reason: &str) -> Outcome {
    if reason.trim().is_empty() {
        return Outcome::Refused("allow contact needs a reason: what the client said, and to whom");
    }
    let was_ruled_out = course.referral.contact == Contact::DoNotContact;
    let is_stopped = course.beside.onto(&course.referral).stopped;
    let is_by_others_alone = course.beside.is_stopped() && !course.referral.stopped;
    if !was_ruled_out && (!is_stopped || is_by_others_alone) {
        let still = consent::stopped_beside(course, by);
        return Outcome::Refused(if is_by_others_alone { still } else { "nobody asked us to stop" });
    }
    course.referral.stopped = false;
    course.referral.allowed_at = Some(course.now);
    if was_ruled_out {
        course.referral.contact = Contact::NotStarted;
        begin_ladder(course);
    } else {
        hold::release(course);
    }
    course.fact(FactKind::Allowed, Some(by), reason_kept(reason));
    Outcome::Done(format!("contact is allowed again by this referral; {}", consent::letters(course, by)))
}

/// A ladder from its foot, under the policy of its name as it stands today; tries of an earlier one prove nothing.
fn begin_ladder(course: &mut Course<'_>) {
    course.run_under_today(course.referral.tier);
    let ladder = course.ladder();
    let (now, calendar) = (course.now, &course.rules.calendar);
    course.referral.held = None;
    course.referral.rung = Rung {
        from: now,
        first_attempt: course.referral.attempts.len(),
        step: 0,
        clock: Clock::due(dates::before_its_own(course, due::due_of(ladder, 0, now, calendar))),
        warned_at: None,
        looped_back_at: course.referral.rung.looped_back_at,
        latest: Some(ladder.contact_fallback.after(now, calendar)),
        latest_told_at: None,
    };
    if course.referral.unread_since.is_some() {
        hold::hold(course, Party::Client);
    }
}
