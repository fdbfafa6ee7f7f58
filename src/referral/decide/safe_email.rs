//! Email told to staff: where a mail made it doubtful whether email to the client is safe, the client says it to the
//! owner, by phone or in person, and the gate asks everything else as before (issue 5). A later doubt ends it.

use super::super::event::Actor;
use super::super::packet::consent::How;
use super::super::packet::{Confidence, Field, Found, Judged};
use super::super::record::{Contact, EmailTold, FactKind};
use super::super::safety;
use super::command::Outcome;
use super::{Course, client, consent, message};

/// Letters of a reason that are kept.
const LONGEST_REASON: usize = 500;

/// Writes down that the client calls email safe. It holds for the address they have now, and undoes neither a stop nor
/// `do not contact`.
pub(super) fn told(course: &mut Course<'_>, by: &Actor, how: How) -> Outcome {
    let Some(address) = course.referral.client_address() else {
        return Outcome::Refused("there is no email address of the client that could be safe");
    };
    if course.referral.email_doubted_at.is_some_and(|at| at >= course.now) {
        return Outcome::Refused(
            "other words of your mail warn of writing to the client; if none is meant, send that line alone",
        );
    }
    let owes_first = client::owes_first(course);
    course.referral.email_told = Some(EmailTold { at: course.now, address });
    course.fact(FactKind::EmailTold, Some(by), format!("email told to us: safe, {}", how.words()));
    course.referral.missing.retain(|field| *field != Field::SafeEmail);
    course.referral.questions.retain(|question| *question != message::doubt_about(Field::SafeEmail.label()));
    message::complete(course, owes_first);
    Outcome::Done(format!("email to the client is noted as safe; {}", consent::letters(course)))
}

/// Writes down that email to the client is not safe: whoever of us says so is heard.
pub(super) fn denied(course: &mut Course<'_>, by: &Actor, why: &str) -> Outcome {
    let why: String = why.trim().chars().take(LONGEST_REASON).collect();
    doubted(course);
    let value = course.referral.packet.text(Field::SafeEmail).unwrap_or_default().to_owned();
    let place = "what was told to us".to_owned();
    let found = Found { value, judged: Judged::No, confidence: Confidence::High, place };
    course.referral.packet.put(Field::SafeEmail, found);
    let said = if why.is_empty() { String::new() } else { format!(": {why}") };
    course.fact(FactKind::EmailTold, Some(by), format!("email told to us: not safe{said}"));
    Outcome::Done("noted: email to the client is not safe; nothing is sent to them".to_owned())
}

/// Somebody spoke against writing to the client: what the client told us counts no longer.
pub(super) fn doubted(course: &mut Course<'_>) {
    course.referral.email_doubted_at = Some(course.now);
    if course.referral.email_told.take().is_some() {
        course.fact(FactKind::EmailTold, None, "a later word speaks against the client's that email is safe");
    }
}

/// What an owner is asked where email is in doubt, with the line that settles it.
pub(super) fn question(course: &Course<'_>) -> Option<String> {
    let referral = &course.referral;
    let is_ruled_out = referral.stopped || matches!(referral.contact, Contact::DoNotContact);
    let is_asked = course.rules.client_mail.enabled && !is_ruled_out && !course.is_closed();
    (is_asked && safety::is_email_in_doubt(referral)).then(|| QUESTION.to_owned())
}

const QUESTION: &str = "please ask the client by phone whether email to them is safe; if they say so, reply: email safe, by phone";
