//! Email told to staff: where a mail made it doubtful whether email to the client is safe, the client says it to the
//! owner, by phone or in person, and the gate asks everything else as before (issue 5). It settles what the letter says
//! that was answered, and nothing that came after; a later doubt ends it.

use chrono::{DateTime, Utc};

use super::super::contact::Contact;
use super::super::fact::reason_kept;
use super::super::letter::{Body, Task};
use super::super::packet::consent::How;
use super::super::packet::{Confidence, Field, Found, Judged, Safety};
use super::super::party::Actor;
use super::super::record::{EmailTold, FactKind};
use super::super::roster::StaffId;
use super::super::safety;
use super::outcome::{self, Outcome};
use super::{Course, ask, client, complete, consent};

/// Writes down that the client calls email safe, in answer to a letter of this instant. It holds for the address they
/// have now, and undoes neither a stop nor `do not contact`.
pub(super) fn told(
    course: &mut Course<'_>,
    by: &Actor,
    how: How,
    asked_at: Option<DateTime<Utc>>,
) -> Outcome {
    let Some(address) = course.referral.client_address() else {
        return Outcome::Refused("there is no email address of the client that could be safe");
    };
    if let Some(why) = why_not(course, asked_at) {
        return Outcome::Refused(why);
    }
    let owes_first = client::owes_first(course);
    let over = doubt_for_the_host(course, by);
    course.referral.email_told = Some(EmailTold { at: course.now, address });
    course.fact(FactKind::EmailTold, Some(by), format!("email told to us: safe, {}", how.words()));
    course.referral.missing.retain(|field| *field != Field::SafeEmail);
    course.referral.questions.retain(|question| *question != ask::doubt_about(Field::SafeEmail.label()));
    complete::complete(course, owes_first);
    Outcome::Done(format!("email to the client is noted as safe{over}; {}", consent::letters(course, by)))
}

/// Why the word does not count: who says it had not read what speaks against it, or nothing is in doubt.
fn why_not(course: &Course<'_>, asked_at: Option<DateTime<Utc>>) -> Option<&'static str> {
    let referral = &course.referral;
    if referral.email_doubted_at.is_some_and(|at| at >= course.now) {
        return Some(
            "your mail, or another one of this moment, warns of writing to the client; read it, and if none is meant, answer this letter and send that line alone",
        );
    }
    if !safety::may_be_told_safe(referral) {
        return Some(
            "there is no doubt about email that the line could settle: the referral says no to it, or nothing of it; call instead of writing",
        );
    }
    let Some(asked_at) = asked_at else {
        return Some(
            "your mail does not say which letter of ours it answers; read how it stands, and answer this letter",
        );
    };
    let last = referral.email_doubted_at.max(referral.address_doubted_at).max(referral.address_came_at);
    // The letter about a doubt is of the same instant, to the millisecond that the store keeps.
    last.is_some_and(|at| at.timestamp_millis() > asked_at.timestamp_millis()).then_some(
        "a later mail speaks against it, or brought another address; read it, ask again, and answer this letter",
    )
}

/// An admin on the host answers no letter, and reads here what their word goes over.
fn doubt_for_the_host(course: &Course<'_>, by: &Actor) -> String {
    let last = course.referral.email_doubted_at.max(course.referral.address_doubted_at);
    let at = last.filter(|_| matches!(by, Actor::Host)).map(|at| course.rules.calendar.local(at));
    at.map_or_else(String::new, |at| format!(" over the doubt of {}", at.format("%Y-%m-%d %H:%M")))
}

/// Writes down that email to the client is not safe: whoever of us says so is heard, and the owner hears of it.
pub(super) fn denied(course: &mut Course<'_>, by: &Actor, why: &str) -> Outcome {
    let why: String = reason_kept(why);
    doubted(course);
    let value = course.referral.packet.text(Field::SafeEmail).unwrap_or_default().to_owned();
    let place = "what was told to us".to_owned();
    let found = Found { value, judged: Judged::No, confidence: Confidence::High, place };
    course.referral.packet.put(Field::SafeEmail, found);
    let said = if why.is_empty() { String::new() } else { format!(": {why}") };
    course.fact(FactKind::EmailTold, Some(by), format!("email told to us: not safe{said}"));
    tell_owner(course, by, "one of us called email to the client not safe");
    Outcome::Done("noted: email to the client is not safe; nothing is sent to them".to_owned())
}

/// The owner may have asked the client before a colleague said so, and be about to answer.
pub(super) fn tell_owner(course: &mut Course<'_>, by: &Actor, what: &str) {
    let reader = course.reader();
    if *by == Actor::Staff(reader.clone()) || course.is_closed() {
        return;
    }
    let task = course.task(outcome::likely(&course.referral));
    let done = vec![format!("{what}; \"history\" says who and why")];
    let step = course.now.timestamp_millis().to_string();
    let news = Body::Done { task, done, asked: Vec::new(), refused: Vec::new(), is_news: true };
    course.write_staff(&reader, step, news);
}

/// Somebody spoke against writing to the client: what the client told us counts no longer, and the sender, whose word
/// alone would not undo it, is not asked.
pub(super) fn doubted(course: &mut Course<'_>) {
    course.referral.email_doubted_at = Some(course.now);
    if course.referral.email_told.take().is_some() {
        course.fact(FactKind::EmailTold, None, "a later word speaks against the client's that email is safe");
    }
    if course.referral.missing.contains(&Field::SafeEmail) {
        course.referral.missing.retain(|field| *field != Field::SafeEmail);
        complete::settle(course);
    }
}

/// What an owner is asked where email is in doubt, with the line that settles it.
pub(super) fn question(course: &Course<'_>) -> Option<String> {
    let referral = &course.referral;
    let is_ruled_out = referral.stopped || matches!(referral.contact, Contact::DoNotContact);
    let is_asked = course.rules.client_mail.enabled && !is_ruled_out && !course.is_closed();
    let may_not_be_called = safety::channels(referral).call == Safety::NotSafe;
    let question = if may_not_be_called { UNCALLED } else { QUESTION };
    (is_asked && safety::is_email_in_doubt(referral)).then(|| question.to_owned())
}

const QUESTION: &str = "please ask the client by phone whether email to them is safe; if they say so, reply: email safe, by phone, from the client";
/// The same where calls are in doubt as well: nobody is sent to the phone.
const UNCALLED: &str = "calls to the client are in doubt as well: please ask whoever referred them for a safe way; if the client then calls email safe, reply: email safe, in person, from the client";
const ASK_THE_OWNER: &str = "please tell the owner what the client says of email to them";

/// Who may not send the line reads whom to tell.
pub(super) fn show(course: &Course<'_>, reader: &StaffId, task: &mut Task) {
    if course.rules.may(reader, "email safe", Some(&course.referral), course.now) {
        return;
    }
    for question in
        task.questions.iter_mut().filter(|question| [QUESTION, UNCALLED].contains(&question.as_str()))
    {
        ASK_THE_OWNER.clone_into(question);
    }
}
