//! Letters of ours that did not arrive: they came back, or never left. Whoever counted on one is told, and where nobody
//! outside can be, our owner is.

use chrono::{DateTime, Utc};

use super::super::event::{Lost, Party};
use super::super::letter::Body;
use super::super::record::FactKind;
use super::message::ask;
use super::{Course, onward, update};

/// A mail of ours came back. A hard failure on the client's address proposes `bad_contact_info`; it never bounces by
/// itself.
pub(super) fn came_back(course: &mut Course<'_>, who: Party, hard: bool) {
    let words = match (who, hard) {
        (Party::Client, true) => {
            "the client's email address does not work; proposed: bounce bad contact info"
        }
        (Party::Client, false) => "a mail to the client was not delivered this time",
        (Party::Sender, true) => "the sender's email address does not work",
        (Party::Sender, false) => "a mail to the sender was not delivered this time",
        (Party::Receiver, true) => "the address of the organization that was asked does not work",
        (Party::Receiver, false) => "a mail to the organization that was asked was not delivered this time",
        (Party::Staff, true) => "a staff address does not work",
        (Party::Staff, false) => "a mail to staff was not delivered this time",
    };
    course.fact(FactKind::DeliveryFailed, None, words);
    if who == Party::Receiver {
        if hard {
            onward::undeliverable(course);
        }
        return;
    }
    if hard {
        // Which letter came back is not known; the newest one was not heard.
        say(course, who, words, course.now);
    }
}

/// A letter never left. What a refusal by the server of the address means is known at once; everything else may be no
/// fault of the address.
pub(super) fn never_left(course: &mut Course<'_>, who: Party, how: Lost, written_at: DateTime<Utc>) {
    if how == Lost::NoMailbox {
        return came_back(course, who, true);
    }
    let to = match who {
        Party::Client => "the client",
        Party::Sender => "the sender",
        Party::Receiver => "the organization that was asked",
        Party::Staff => "staff",
    };
    let what =
        if how == Lost::TooLate { "could not be sent in time" } else { "was refused by a mail server" };
    let words = format!("a letter to {to} {what}");
    course.fact(FactKind::DeliveryFailed, None, words.clone());
    match who {
        Party::Receiver => onward::undeliverable(course),
        // What the clock says to staff it says again; that one address refuses it is for the workflow owner.
        Party::Staff if how == Lost::TooLate => {}
        Party::Client | Party::Sender | Party::Staff => say(course, who, &words, written_at),
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
    let answers = if who == Party::Sender {
        vec!["note", "attempt call no answer", "confirmed"]
    } else {
        vec!["attempt call no answer", "bounce bad contact info"]
    };
    let task = course.task(answers);
    let workflow_owner = course.rules.roster.workflow_owner.clone();
    let reader = if who == Party::Staff { workflow_owner } else { course.reader() };
    let step = course.now.timestamp();
    course.write_staff(&reader, format!("returned-{step}"), Body::Reminder(task));
}
