//! Attempts: which tries count, and which is next.

use super::super::contact::{Attempt, Channel, Contact};
use super::super::packet::{Field, Safety};
use super::super::record::{BounceReason, Referral};
use super::super::safety;
use super::{Course, ask};

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
    let is_asked = phones.into_iter().any(|phone| ask::is_asked(referral, phone));
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
