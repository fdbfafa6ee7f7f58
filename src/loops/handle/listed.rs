//! Listed: several referrals in one letter to staff, each with lines to answer with. A tap starts a mail about that
//! one.

use super::super::Desk;
use super::super::post;
use crate::referral::address::EmailAddress;
use crate::referral::letter::{Body, Part, Recipient, StatusLine};
use crate::referral::reference::Reference;
use crate::store::records::Stored;

/// What staff is likely to say after the status of one referral.
const TO_ONE: [&str; 4] = ["attempt call no answer", "confirmed", "details", "history"];
/// What staff is likely to say of one in a list.
const ANSWERS: [&str; 3] = ["attempt call no answer", "confirmed", "details"];

/// Gives each line of the list what is likely to be answered, and the way there: a fresh proof bound to this member of
/// staff, whose registered address the letter goes to.
fn answerable(desk: &Desk, to: &EmailAddress, stored: &[Stored], lines: &mut [StatusLine]) {
    let to = Recipient { part: Part::Staff, address: to.clone() };
    for line in lines {
        let Some(one) = stored.iter().find(|one| one.referral.reference == line.reference) else { continue };
        let matter = (&line.reference, one.referral.handovers.count());
        if let Some(way) = post::way_back(desk, &to, matter) {
            line.answers = ANSWERS.to_vec();
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
    let answers = if only.is_some() { TO_ONE.to_vec() } else { Vec::new() };
    (Body::StatusAnswer { referrals, more, to_staff: staff.is_some(), answers }, only)
}

/// The verbs, with what is likely to follow once somebody has read them: what is of use with a referral only, where
/// there is one.
pub(super) fn help(about: Option<Reference>) -> (Body, Option<Reference>) {
    let answers = if about.is_some() { vec!["status", "history", "details"] } else { vec!["status"] };
    (Body::Help { answers }, about)
}
