//! Letters of ours that did not arrive, since they came back or never left, or that are not wanted. Whoever counted on
//! one is told, and where nobody outside can be, our owner is.

use chrono::{DateTime, Utc};

use super::super::address::EmailAddress;
use super::super::event::Lost;
use super::super::letter::Body;
use super::super::party::Party;
use super::super::record::FactKind;
use super::super::safety::Withheld;
use super::ask::ask;
use super::{Course, onward, update};

/// A mail of ours came back. A hard failure on the client's address proposes `bad_contact_info`; it never bounces by
/// itself.
pub(super) fn came_back(course: &mut Course<'_>, who: Party, hard: bool, to: Option<&EmailAddress>) {
    if hard {
        return does_not_work(course, who, to, None);
    }
    let words = format!("a mail to {} was not delivered this time", named(course, who, to));
    course.fact(FactKind::DeliveryFailed, None, words);
}

/// A mail of ours arrived and was called spam. Nothing follows by itself: our owner is asked, once, to find out why.
pub(super) fn complained(course: &mut Course<'_>, who: Party, to: Option<&EmailAddress>) {
    let named = named(course, who, to);
    let words = format!("somebody complained about our letter to {named}: it was marked as spam");
    course.fact(FactKind::Noted, None, words.clone());
    if !course.referral.questions.contains(&words) {
        say(course, who, &words, course.now);
    }
}

/// An address of theirs takes nothing. When the letter was written is not always known.
fn does_not_work(
    course: &mut Course<'_>,
    who: Party,
    to: Option<&EmailAddress>,
    written_at: Option<DateTime<Utc>>,
) {
    let words = match who {
        Party::Client => {
            "the client's email address does not work; proposed: bounce bad contact info".to_owned()
        }
        Party::Sender => "the sender's email address does not work".to_owned(),
        Party::Receiver | Party::Staff => {
            format!("the address of {} does not work", named(course, who, to))
        }
    };
    course.fact(FactKind::DeliveryFailed, None, words.clone());
    match who {
        Party::Receiver => onward::undeliverable(course, Lost::NoMailbox, to, written_at),
        // Whichever letter it was, the newest one was not heard.
        Party::Client | Party::Sender | Party::Staff => say(course, who, &words, course.now),
    }
}

/// A letter never left. What a refusal by the server of the address means is known at once; everything else may be no
/// fault of the address.
pub(super) fn never_left(
    course: &mut Course<'_>,
    who: Party,
    how: Lost,
    written_at: DateTime<Utc>,
    to: &EmailAddress,
) {
    if how == Lost::NoMailbox {
        return does_not_work(course, who, Some(to), Some(written_at));
    }
    let what =
        if how == Lost::TooLate { "could not be sent in time" } else { "was refused by a mail server" };
    let words = format!("a letter to {} {what}", named(course, who, Some(to)));
    course.fact(FactKind::DeliveryFailed, None, words.clone());
    match who {
        Party::Receiver => onward::undeliverable(course, how, Some(to), Some(written_at)),
        // What the clock says to staff it says again; that one address refuses it is for the workflow owner.
        Party::Staff if how == Lost::TooLate => {}
        Party::Client | Party::Sender | Party::Staff => say(course, who, &words, written_at),
    }
}

/// Whom a letter was for, in words without an address. Several organizations may have been asked, one after the other.
fn named(course: &Course<'_>, who: Party, to: Option<&EmailAddress>) -> String {
    match who {
        Party::Client => "the client".to_owned(),
        Party::Sender => "the sender".to_owned(),
        Party::Receiver => {
            let partner = to.and_then(|to| onward::partner_at(course.rules, to));
            partner
                .map_or_else(|| "the organization that was asked".to_owned(), |partner| partner.name.clone())
        }
        // What is told once is told once of each of them.
        Party::Staff => {
            let staff = to.and_then(|to| course.rules.roster.staff_by_address(to));
            staff.map_or_else(|| "staff".to_owned(), |staff| format!("staff ({})", staff.id))
        }
    }
}

/// Asks somebody to see to it; a client who was to hear by that letter has not heard.
fn say(course: &mut Course<'_>, who: Party, words: &str, written_at: DateTime<Utc>) {
    if course.is_closed() {
        return;
    }
    let is_known = course.referral.questions.iter().any(|known| known == words);
    ask(course, words.to_owned());
    if who == Party::Client && update::unheard(course, written_at) {
        update::ask_owner(course);
    }
    // The letter that says so goes to staff as well, and may come back too: it is said once.
    if who == Party::Staff && is_known {
        return;
    }
    let answers = match who {
        Party::Sender => vec!["note", "attempt call no answer", "confirmed"],
        Party::Receiver => vec!["note", "redirect to", "accept", "decline"],
        Party::Client | Party::Staff => vec!["attempt call no answer", "bounce bad contact info"],
    };
    let task = course.task(answers);
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    let reader = if who == Party::Staff { workflow_owner } else { course.reader() };
    let step = course.now.timestamp();
    course.write_staff(&reader, format!("returned-{step}"), Body::Reminder(task));
}

/// A letter was decided and not sent: the reason is a question for the owner, who is asked to tell the client where the
/// client would have heard it by that letter.
pub(super) fn withheld(course: &mut Course<'_>, why: Withheld, written_at: DateTime<Utc>) {
    // Also one that was said about another referral of the address: from now on staff can take it back here.
    course.referral.stopped |= why == Withheld::Stopped;
    // So does a doubt that was said of another one: from now on the owner is asked about it here.
    if why == Withheld::DoubtedAddress {
        course.referral.address_doubted_at = Some(course.now);
    }
    let words = format!("a letter to the client was not sent: {}", why.words());
    if !course.referral.questions.contains(&words) {
        course.referral.questions.push(words.clone());
    }
    course.fact(FactKind::ClientLetterWithheld, None, words);
    let wants_no_word = matches!(why, Withheld::Stopped | Withheld::DoNotContact);
    if update::unheard(course, written_at) && !wants_no_word {
        update::ask_owner(course);
    }
}
