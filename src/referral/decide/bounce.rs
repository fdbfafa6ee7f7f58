//! The bounce: when the contact may be given up, for which reason, and who hears of it. It must not lie.

use super::super::clock::Clock;
use super::super::contact::{Contact, ContactResult};
use super::super::event::Service;
use super::super::letter::Body;
use super::super::party::{Actor, Party};
use super::super::record::{BounceReason, FactKind};
use super::attempts::counted_attempts;
use super::due::bounce_after;
use super::escalation::both;
use super::outcome::Outcome;
use super::{Course, client, consent, dates, hold, safe_email, sender};

/// The bounce must not lie: the warning of this ladder was really sent the grace ago, and the inbox was read to its end
/// after the deadline. A warning of an earlier ladder proves nothing.
pub(super) fn may_bounce(course: &Course<'_>, service: Service) -> bool {
    let warned_at = course.referral.rung.warned_at;
    let sent_at = service.warning_sent_at.filter(|sent_at| warned_at.is_some_and(|at| *sent_at >= at));
    let Some(bounce_at) = sent_at.map(|sent_at| bounce_after(course, sent_at)) else { return false };
    bounce_at <= course.now && service.inbox_read_at.is_some_and(|at| at >= bounce_at)
}

/// By the clock only what was really tried counts as "could not be reached"; too few tries are our own delay.
pub(super) fn bounce_by_clock(course: &mut Course<'_>) {
    let enough = counted_attempts(course).len() >= needed_attempts(course);
    let reason = if enough { reason_from_attempts(course) } else { BounceReason::CapacityDelay };
    bounce(course, None, reason, None);
}

fn needed_attempts(course: &Course<'_>) -> usize {
    course.ladder().steps.iter().map(|step| usize::from(step.attempts)).max().unwrap_or(0).max(1)
}

/// Gives the contact up: says why, what happens instead, and tells everybody who waits.
pub(super) fn bounce(course: &mut Course<'_>, by: Option<&Actor>, reason: BounceReason, added: Option<&str>) {
    let (counted, needed) = (counted_attempts(course).len(), needed_attempts(course));
    let attempts_logged = if by.is_some() { counted > 0 } else { counted >= needed };
    course.referral.contact =
        Contact::Bounced { at: course.now, reason, added: added.map(str::to_owned), attempts_logged };
    let (words, instead) = in_words(course, reason, added);
    course.referral.decision = Clock::due(dates::decide_next(course));
    if reason == BounceReason::UnsafeToContact {
        end_letters(course);
    }
    let cause = match counted {
        _ if attempts_logged => String::new(),
        0 => ", no attempt logged".to_owned(),
        few => format!(", only {few} of {needed} attempts logged"),
    };
    let code = added.map_or_else(|| reason.code().to_owned(), |added| format!("{} ({added})", reason.code()));
    let language = course.referral.packet.language().filter(|_| reason == BounceReason::LanguageAccessGap);
    let language = language.map(|tag| format!(", language {tag}")).unwrap_or_default();
    course.fact(FactKind::Bounced, by, format!("{code}{language}{cause}; next: {instead}"));
    let task = course.task(vec!["redirect to", "close", "reopen"]);
    for id in both(course) {
        let body = Body::BounceNotice {
            task: task.clone(),
            reason: words.clone(),
            instead: instead.clone(),
            attempts_logged,
        };
        course.write_staff(&id, course.now.timestamp().to_string(), body);
    }
    // To say "we could not get in touch" where nobody tried would be a lie to the partner too.
    let outcome = match reason {
        BounceReason::CapacityDelay => "delayed",
        _ if attempts_logged => "no contact",
        BounceReason::BadContactInfo
        | BounceReason::UnsafeToContact
        | BounceReason::EligibilityMismatch
        | BounceReason::LanguageAccessGap => "untried",
    };
    sender::tell_outcome(course, outcome);
    client::tell_alternatives(course, reason);
}

/// What is unsafe for a call is not made safe by a mail (requirement 38).
fn end_letters(course: &mut Course<'_>) {
    course.referral.stopped = true;
    consent::forget_yes(course);
    safe_email::doubted(course);
}

/// Of a bounce that is not done, what protects the client: no letter leaves from here on, and nobody calls before
/// somebody looked.
pub(super) fn unsafe_at_once(course: &mut Course<'_>, by: &Actor) -> Outcome {
    end_letters(course);
    course.fact(FactKind::Stopped, Some(by), "unsafe to contact");
    if course.referral.contact.is_running() && !course.is_closed() {
        hold::hold(course, Party::Staff);
    }
    safe_email::tell_owner(course, by, "one of us called it unsafe to contact the client");
    Outcome::Done(
        "no letter goes to the client any more; the contact itself is not given up by it".to_owned(),
    )
}

/// The reason, and what happens instead, as settings have them now.
pub(super) fn in_words(course: &Course<'_>, reason: BounceReason, added: Option<&str>) -> (String, String) {
    let reasons = &course.rules.reasons;
    (reasons.words(reason, added), reasons.instead(reason, added))
}

/// The reason the attempts speak for; staff may name another one.
fn reason_from_attempts(course: &Course<'_>) -> BounceReason {
    let somebody_else =
        course.referral.attempts.iter().any(|attempt| attempt.result == ContactResult::SomebodyElse);
    if somebody_else { BounceReason::UnsafeToContact } else { BounceReason::BadContactInfo }
}
