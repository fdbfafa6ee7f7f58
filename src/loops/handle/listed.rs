//! Listed: several referrals in one letter to staff, each with lines to answer with. A tap starts a mail about that
//! one.

use super::super::Desk;
use super::super::post;
use crate::referral::address::EmailAddress;
use crate::referral::decide::{likely, may_be_tried, next_attempt};
use crate::referral::letter::{Body, Part, Recipient, StatusLine};
use crate::referral::reference::Reference;
use crate::store::records::Stored;

/// What staff is likely to say after the status of one referral, besides the next try.
const TO_ONE: [&str; 3] = ["confirmed", "details", "history"];
/// What staff is likely to say of one in a list, besides the next try.
const ANSWERS: [&str; 2] = ["confirmed", "details"];

/// Gives each line of the list what is likely to be answered, and the way there: a fresh proof bound to this member of
/// staff, whose registered address the letter goes to.
fn answerable(desk: &Desk, to: &EmailAddress, stored: &[Stored], lines: &mut [StatusLine]) {
    let to = Recipient { part: Part::Staff, address: to.clone() };
    for line in lines {
        let Some(one) = stored.iter().find(|one| one.referral.reference == line.reference) else { continue };
        let matter = (&line.reference, one.referral.handovers.count());
        if let Some(way) = post::way_back(desk, &to, matter) {
            line.answers = after_try(Some(one), &ANSWERS);
            (line.reply_to, line.proof) = (Some(way.reply_to), way.proof);
        }
    }
}

/// How these stand, the first ones of so many more: for a member of staff with lines to answer with, about the only one
/// or about each; and which one an answer is about.
pub(super) fn answer(
    desk: &Desk,
    staff: Option<&EmailAddress>,
    stored: &[Stored],
    (mut referrals, more): (Vec<StatusLine>, usize),
    only: Option<Reference>,
) -> (Body, Option<Reference>) {
    if let (Some(reader), None) = (staff, &only) {
        answerable(desk, reader, stored, &mut referrals);
    }
    let is_it = |one: &&Stored| only.as_ref() == Some(&one.referral.reference);
    let answers = if only.is_some() { after_try(stored.iter().find(is_it), &TO_ONE) } else { Vec::new() };
    (Body::StatusAnswer { referrals, more, to_staff: staff.is_some(), answers }, only)
}

/// What is likely to be said after the history of a referral.
pub(super) fn after_history(of: Option<&Stored>) -> Vec<&'static str> {
    after_try(of, &ANSWERS)
}

/// The next try by a way that may be tried, and these; where nobody is to be tried, what that leaves to be said.
fn after_try(of: Option<&Stored>, others: &[&'static str]) -> Vec<&'static str> {
    let of = of.map(|stored| &stored.referral);
    if let Some(ended) = of.filter(|referral| !may_be_tried(referral)) {
        return likely(ended);
    }
    let next = of.and_then(next_attempt);
    next.into_iter().chain(others.iter().copied()).collect()
}

/// The verbs, with what is likely to follow once somebody has read them: what is of use with a referral only, where
/// there is one.
pub(super) fn help(about: Option<Reference>) -> (Body, Option<Reference>) {
    let answers = if about.is_some() { vec!["status", "history", "details"] } else { vec!["status"] };
    (Body::Help { answers }, about)
}
