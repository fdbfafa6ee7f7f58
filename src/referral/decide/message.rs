//! What others write: more of the packet, the same again, a sign of life, a stop, a mail that came back.

use super::super::event::{Party, Sender};
use super::super::letter::Body;
use super::super::packet::{Field, Packet};
use super::super::record::{Clock, FactKind, Hold, Status};
use super::{Course, client};

/// The sender filled in what was missing. A value that differs from the one we hold is a question for a person, and a
/// new way to reach the client holds the ladder until somebody looked.
pub(super) fn supplemented(course: &mut Course<'_>, packet: &Packet) {
    let mut filled = Vec::new();
    let mut differs = Vec::new();
    for (field, found) in packet.iter() {
        match course.referral.packet.get(field) {
            Some(known) if known.value == found.value => {}
            Some(_) if !course.referral.missing.contains(&field) => differs.push(field.label()),
            Some(_) | None => {
                course.referral.packet.put(field, found.clone());
                course.referral.missing.retain(|missing| *missing != field);
                filled.push((field, field.label()));
            }
        }
    }
    for label in &differs {
        course.referral.questions.push(format!("the sender now says something else under \"{label}\""));
    }
    if filled.is_empty() && differs.is_empty() {
        return person_wrote(course, Party::Sender);
    }
    let labels: Vec<&str> = filled.iter().map(|(_, label)| *label).collect();
    course.fact(FactKind::Supplemented, None, format!("filled in: {}", labels.join(", ")));
    if matches!(course.referral.status, Status::NeedsInfo { .. }) && course.referral.missing.is_empty() {
        course.referral.status = Status::UnderReview;
        course.fact(FactKind::Reviewed, None, "nothing is missing any more");
        client::tell_update(course, "reviewing");
    }
    let reaches = |field: &Field| {
        matches!(
            field,
            Field::ClientPhone | Field::ClientPhoneOther | Field::ClientEmail | Field::SafeToContact
        )
    };
    if !differs.is_empty() || filled.iter().any(|(field, _)| reaches(field)) {
        person_wrote(course, Party::Sender);
    }
}

/// The same referral once more: the same partner hears the number again, everybody else hears nothing of the first.
pub(super) fn sent_again(course: &mut Course<'_>, sender: &Sender) {
    course.fact(FactKind::SentAgain, None, "the same referral arrived again");
    let same = sender.partner.is_some() && sender.partner == course.referral.sender.partner;
    if same && sender.trusted {
        let reference = course.referral.reference.clone();
        let status = course.referral.status.word();
        let first = std::mem::replace(&mut course.referral.sender, sender.clone());
        course.write_sender(course.now.timestamp().to_string(), Body::AlreadyHave { reference, status });
        course.referral.sender = first;
    }
}

/// A person wrote: the owner is told, the ladder stands still, nothing is confirmed by itself.
pub(super) fn person_wrote(course: &mut Course<'_>, who: Party) {
    if course.is_closed() {
        course.fact(FactKind::Held, None, "somebody wrote about a closed referral");
    } else {
        let due_at = course.rules.calendar.end_of_business_day(course.now, 0);
        course.referral.held = Some(Hold { who, since: course.now, clock: Clock::due(due_at) });
        course.fact(FactKind::Held, None, "somebody wrote; the ladder stands still until you looked");
    }
    let words = match who {
        Party::Client => "client",
        Party::Sender => "sender",
        Party::Staff => "colleague",
    };
    let task = course.task(vec!["resume", "confirmed", "note"]);
    let owner = course.referral.owner.clone();
    let step = course.now.timestamp_millis().to_string();
    course.write_staff(&owner, step, Body::PersonWrote { task, who: words });
    if who == Party::Client && !course.referral.stopped {
        client::answer(course);
    }
}

/// The client said stop: at once, for everything not yet sent, and staff is told. Undoing it takes staff.
pub(super) fn stopped(course: &mut Course<'_>) {
    if course.referral.stopped {
        return;
    }
    course.referral.stopped = true;
    course.fact(FactKind::Stopped, None, "the client asked us not to write");
    person_wrote(course, Party::Client);
}

/// A mail of ours came back. A hard failure on the client's address proposes `bad_contact_info`; it never bounces by
/// itself.
pub(super) fn delivery_failed(course: &mut Course<'_>, who: Party, hard: bool) {
    let words = match (who, hard) {
        (Party::Client, true) => {
            "the client's email address does not work; proposed: bounce bad contact info"
        }
        (Party::Client, false) => "a mail to the client was not delivered this time",
        (Party::Sender, true) => "the sender's email address does not work",
        (Party::Sender, false) => "a mail to the sender was not delivered this time",
        (Party::Staff, true) => "a staff address does not work",
        (Party::Staff, false) => "a mail to staff was not delivered this time",
    };
    course.fact(FactKind::DeliveryFailed, None, words);
    if hard && !course.is_closed() {
        course.referral.questions.push(words.to_owned());
        let task = course.task(vec!["attempt call no answer", "bounce bad contact info"]);
        let workflow_owner = course.rules.roster.workflow_owner.clone();
        let reader = if who == Party::Staff { workflow_owner } else { course.referral.owner.clone() };
        let step = course.now.timestamp().to_string();
        course.write_staff(&reader, format!("returned-{step}"), Body::Reminder(task));
    }
}

/// Tells the sender what became of it: the same words whatever the reason (DESIGN §4).
pub(super) fn tell_outcome(course: &mut Course<'_>, outcome: &'static str) {
    let reference = course.referral.reference.clone();
    let partner_reference = super::arrive::partner_reference(&course.referral.packet);
    let step = format!("{}-{}", outcome.replace(' ', "-"), course.now.timestamp());
    if course.referral.sender.partner.is_some() {
        course.write_sender(step, Body::Outcome { reference, partner_reference, outcome });
    }
}
