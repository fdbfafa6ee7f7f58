//! The bounce: when the contact may be given up, for which reason, and who hears of it. It must not lie.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::contact::{Attempt, Channel, Contact, ContactResult};
use super::super::event::Service;
use super::super::letter::Body;
use super::super::packet::{Field, Safety};
use super::super::party::{Actor, Party};
use super::super::record::{BounceReason, FactKind, Referral};
use super::super::safety;
use super::command::Outcome;
use super::time::{both, due_of};
use super::{Course, beside, client, consent, dates, message, safe_email};

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
    message::tell_outcome(course, outcome);
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
        message::hold(course, Party::Staff);
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

/// Attempts since the referral was opened, on channels that were not ruled out; others are in the record, but prove
/// nothing. Those by email from before the client called it safe were made while it was as the referral says.
pub(super) fn counted_attempts<'a>(course: &'a Course<'_>) -> Vec<&'a Attempt> {
    let channels = safety::channels(&course.referral);
    let safety = |channel: Channel| match channel {
        Channel::Call => channels.call,
        Channel::Text => channels.text,
        Channel::Email => channels.email,
        Channel::Letter => channels.letter,
        Channel::Portal => Safety::Unknown,
    };
    let told_at = course.referral.email_told.as_ref().map(|told| told.at);
    let was_unsafe = |attempt: &Attempt| {
        attempt.channel == Channel::Email
            && told_at.is_some_and(|told_at| attempt.at < told_at)
            && safety::is_unsafe_for_email(&course.referral.packet)
    };
    let attempts = course.referral.attempts.iter().skip(course.referral.rung.first_attempt);
    attempts.filter(|attempt| safety(attempt.channel) != Safety::NotSafe && !was_unsafe(attempt)).collect()
}

/// The line that logs the next try: on the channel that was tried least of those the client called safe, so that the
/// one that failed is never the only one proposed. Where none was called safe, or the number is to be asked about
/// first, the first that was not called unsafe: never a text or a letter of which nothing was said where calls are in
/// doubt, for whoever the client fears may have the phone, or open the post. None where nobody is to be tried.
#[must_use]
pub fn next_attempt(referral: &Referral) -> Option<&'static str> {
    if !may_be_tried(referral) {
        return None;
    }
    let channels = safety::channels(referral);
    let phones = [Field::ClientPhone, Field::ClientPhoneOther];
    let is_asked = phones.into_iter().any(|phone| beside::is_asked(referral, phone));
    let by_phone = |safety| if is_asked && safety == Safety::Safe { Safety::Unknown } else { safety };
    let ways = [
        (Channel::Call, by_phone(channels.call), "attempt call no answer"),
        (Channel::Text, by_phone(channels.text), "attempt text no answer"),
        (Channel::Email, channels.email, "attempt email no answer"),
        (Channel::Letter, channels.letter, "attempt letter no answer"),
    ];
    let tried =
        |channel: Channel| referral.attempts.iter().filter(|attempt| attempt.channel == channel).count();
    let safe = ways.into_iter().filter(|(_, safety, _)| *safety == Safety::Safe);
    let unsaid = ways.into_iter().find(|(_, safety, _)| *safety == Safety::Unknown);
    let unsaid = unsaid.filter(|(channel, ..)| *channel == Channel::Call || channels.call != Safety::NotSafe);
    safe.min_by_key(|(channel, ..)| tried(*channel)).or(unsaid).map(|(_, _, line)| line)
}

/// Whether a try is of use: the referral is open, and its client was neither ruled out nor given up as unsafe.
#[must_use]
pub fn may_be_tried(referral: &Referral) -> bool {
    let is_unsafe =
        matches!(referral.contact, Contact::Bounced { reason: BounceReason::UnsafeToContact, .. });
    !referral.is_closed() && !is_unsafe && referral.contact != Contact::DoNotContact
}

/// When the ladder ends, whatever was warned of.
pub(super) fn bounce_due(course: &Course<'_>) -> DateTime<Utc> {
    let ladder = course.ladder();
    due_of(ladder, ladder.steps.len(), course.referral.rung.from, &course.rules.calendar)
}

/// The bounce, but never sooner than the grace after the warning.
pub(super) fn bounce_at(course: &Course<'_>) -> DateTime<Utc> {
    course.referral.rung.warned_at.map_or(bounce_due(course), |at| bounce_after(course, at))
}

/// The bounce after a warning of this instant: the grace later, and if the warning came late (we were down, the relay
/// was down), also a whole business day later (RELIABILITY T13, T14).
pub(super) fn bounce_after(course: &Course<'_>, warned_at: DateTime<Utc>) -> DateTime<Utc> {
    let due_at = bounce_due(course);
    let at = due_at.max(warned_at + grace(course));
    let late = warned_at + grace(course) > due_at && !course.ladder().any_hour;
    if late { at.max(course.rules.calendar.end_of_business_day(warned_at, 1)) } else { at }
}

pub(super) fn grace(course: &Course<'_>) -> TimeDelta {
    TimeDelta::hours(i64::from(course.grace_hours))
}
