//! Outcome: what became of a command, and what is likely to be said next.

use super::super::contact::Contact;
use super::super::record::Referral;
use super::{CALL, Course};

/// What became of one command.
pub(super) enum Outcome {
    /// Done; the sentence says what.
    Done(String),
    /// Done, and these parts are still to be said.
    Asked(String, Vec<String>),
    /// A letter of its own says it.
    Answered,
    /// Not done; the sentence says why.
    Refused(&'static str),
    /// Not done; the sentence asks what was meant.
    Unclear(String),
}

/// What is likely to be said next, by how it stands now: nothing that would be refused, and no try where nobody is to
/// be tried.
#[must_use]
pub fn likely(referral: &Referral) -> Vec<&'static str> {
    if referral.is_closed() {
        return vec!["reopen", "note"];
    }
    if referral.held.is_some() || referral.unread_since.is_some() {
        return vec!["resume", "confirmed", "note"];
    }
    let is_pending = referral.status.is_pending();
    match &referral.contact {
        Contact::NotStarted | Contact::Attempting if is_pending => vec![CALL, "confirmed", "accept"],
        Contact::NotStarted | Contact::Attempting => vec![CALL, "confirmed", "note"],
        Contact::Bounced { .. } => vec!["redirect to", "close", "reopen"],
        Contact::DoNotContact => vec!["close", "note", "allow contact"],
        Contact::Confirmed { .. } if referral.onward.is_some() => vec!["note", "status"],
        Contact::Confirmed { .. } if is_pending => vec!["accept", "redirect to", "decline"],
        Contact::Confirmed { .. } => vec!["confirmed", "close", "note"],
    }
}

/// The lines the workflow owner can answer with: to give it to somebody else, or what the owner would say.
pub(super) fn help(course: &Course<'_>) -> Vec<&'static str> {
    let likely = likely(&course.referral);
    std::iter::once("assign").chain(likely.into_iter().take(2)).collect()
}
