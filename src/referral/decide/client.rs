//! Letters to the client: the one door. Each goes through the gate; where it does not pass, the record says why.

use super::super::letter::{Body, Letter, Part, Recipient};
use super::super::record::{BounceReason, FactKind, FirstLetter};
use super::super::roster::Mode;
use super::super::safety::{self, Withheld};
use super::{Course, attempts, dates, due};

/// Writes to the client if the gate allows it. That there is no address is said once, with the confirmation.
pub(super) fn write(course: &mut Course<'_>, step: impl Into<String>, body: Body) {
    let rules = course.rules;
    let allowed = safety::client_address(
        &course.referral,
        &rules.roster,
        &rules.inbox,
        rules.client_mail,
        &rules.calendar,
        course.now,
    );
    let first = matches!(body, Body::ClientConfirmation { .. });
    match allowed {
        Ok(address) => {
            let to = Recipient { part: Part::Client, address };
            course.letters.push(Letter { to, body, step: step.into(), answers: None });
        }
        Err(Withheld::NoAddress | Withheld::SwitchedOff) if !first => {}
        Err(why) => {
            course.fact(FactKind::ClientLetterWithheld, None, why.words());
            let question = format!("no letter to the client: {}", why.words());
            if why.is_a_question() && !course.referral.questions.contains(&question) {
                course.referral.questions.push(question);
            }
        }
    }
}

/// Whether a letter could leave as it stands now.
pub(super) fn may_hear(course: &Course<'_>) -> bool {
    let rules = course.rules;
    let (roster, mail, calendar) = (&rules.roster, rules.client_mail, &rules.calendar);
    safety::client_address(&course.referral, roster, &rules.inbox, mail, calendar, course.now).is_ok()
}

/// Whether the client has no confirmation yet, and none is on its way. Of a record that does not say so, a gate that is
/// shut does.
pub(super) fn owes_first(course: &Course<'_>) -> bool {
    course.referral.first_letter.map_or_else(|| !may_hear(course), |first| !first.is_written)
}

/// Whether the confirmation may leave now, as far as the gate goes and somebody still is to reach the client.
pub(super) fn may_confirm(course: &Course<'_>) -> bool {
    course.referral.contact.is_running() && !course.is_closed() && may_hear(course)
}

/// A confirmation that was owed, once it may leave. While somebody is to look at what the sender wrote, nothing does: an
/// address that came later may be another's.
pub(super) fn confirm_owed(course: &mut Course<'_>) {
    let is_to_be_seen = course.referral.held.is_some_and(|hold| hold.has_senders);
    if !is_to_be_seen && may_confirm(course) {
        confirm(course);
    }
}

/// Of the letters that were lost one was the confirmation, and it certainly did not leave: it is owed anew, and the
/// next one is a letter of its own.
pub(super) fn first_is_unsent(course: &mut Course<'_>, is_first: bool) {
    if is_first {
        let unsent = course.referral.first_letter.unwrap_or_default().unsent.saturating_add(1);
        course.referral.first_letter = Some(FirstLetter { is_written: false, unsent });
    }
}

/// The client's confirmation, if the gate lets it through; if not, the reason is in the record. It has one name until it
/// is known that it did not leave, and so it is never sent twice.
pub(super) fn confirm(course: &mut Course<'_>) {
    // The client hears the same instant as the partner: the one the owner works to. Where that is over, because the
    // ladder stands still, it is when somebody will have read what was written.
    let due_at = due::contact_due(course);
    let hear_by = if due_at > course.now {
        due_at
    } else {
        dates::before_its_own(course, course.rules.calendar.end_of_business_day(course.now, 1))
    };
    let body = Body::ClientConfirmation { reference: course.referral.reference.clone(), hear_by };
    let (first, letters) = (course.referral.first_letter.unwrap_or_default(), course.letters.len());
    write(course, (first.unsent + 1).to_string(), body);
    let is_written = course.letters.len() > letters;
    course.referral.first_letter = Some(FirstLetter { is_written, ..first });
}

/// What staff hears where a letter to the client was due and did not leave, for nobody read what came from there.
pub(super) const fn unread(course: &Course<'_>) -> &'static str {
    if course.referral.unread_since.is_some() {
        "; the client hears nothing of it: somebody wrote from their address, and nobody has read that yet"
    } else {
        ""
    }
}

/// The status changed: `accepted`, `redirected`, `closed` or `reviewing`; or it did not, for long: `open`
/// (requirement 83).
pub(super) fn tell_update(course: &mut Course<'_>, update: &'static str) {
    if course.mode() == Mode::Observe {
        return;
    }
    let reference = course.referral.reference.clone();
    let step = format!("{update}-{}", course.now.timestamp());
    write(course, step, Body::ClientUpdate { reference, update });
}

/// A further rung begins: said only where a try was logged, for else it would not be true.
pub(super) fn tell_trying(course: &mut Course<'_>) {
    if course.mode() == Mode::Observe || attempts::counted_attempts(course).is_empty() {
        return;
    }
    let reference = course.referral.reference.clone();
    let step = format!("rung-{}", course.referral.rung.step + 1);
    write(course, step, Body::ClientTrying { reference });
}

/// The contact was given up although it was tried: how to come back, and what may help meanwhile (requirement 39).
pub(super) fn tell_alternatives(course: &mut Course<'_>, reason: BounceReason) {
    let reachable = matches!(reason, BounceReason::BadContactInfo | BounceReason::CapacityDelay);
    if course.mode() == Mode::Observe || !reachable || attempts::counted_attempts(course).is_empty() {
        return;
    }
    let reference = course.referral.reference.clone();
    let step = course.now.timestamp().to_string();
    write(course, step, Body::ClientAlternatives { reference });
}

/// The client wrote: a person will read it.
pub(super) fn answer(course: &mut Course<'_>) {
    if course.is_closed() {
        return;
    }
    let hear_by = course.rules.calendar.end_of_business_day(course.now, 1);
    let reference = course.referral.reference.clone();
    let step = course.rules.calendar.local(course.now).date_naive().to_string();
    write(course, step, Body::ClientAnswer { reference, hear_by });
}
