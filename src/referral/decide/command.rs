//! What staff say, by reply or on the host: each verb changes the record, or says why not. Nothing is done halfway.

use super::super::clock::Clock;
use super::super::command::Command;
use super::super::contact::Confirmation;
use super::super::contact::{Attempt, Channel, Contact, ContactResult, NextStep};
use super::super::fact::reason_kept;
use super::super::letter::Body;
use super::super::packet::Field;
use super::super::party::Actor;
use super::super::policy::Tier;
use super::super::record::{FactKind, Status};
use super::super::roster::StaffId;
use super::outcome::Outcome;
use super::{
    Course, anew, attempts, bounce, client, conflict, consent, dates, details, hold, onward, safe_email,
    sender, time,
};

/// Letters of a note that are kept.
const LONGEST_NOTE: usize = 4_000;

pub(super) fn carry_out(course: &mut Course<'_>, by: &Actor, command: &Command) -> Outcome {
    if course.is_closed() && !works_when_closed(command) {
        return Outcome::Refused("this referral is closed; write reopen and a reason first");
    }
    match command {
        Command::Attempt { channel, result } => attempt(course, by, *channel, *result),
        Command::Confirmed(confirmation) => confirm(course, by, confirmation),
        Command::Accept => accept(course, by),
        // Two colleagues decided in the same moment: the first word counts, and the second hears of it.
        Command::Decline { .. } if course.referral.status == Status::Accepted => Outcome::Refused(
            "it was accepted already, and is not declined any more; to end it, write close and why",
        ),
        Command::Decline { reason } => close(course, by, reason, "decline needs a reason"),
        Command::Close { reason } => close(course, by, reason, "close needs a reason"),
        Command::Redirect { to, reason } => redirect(course, by, to, reason),
        Command::Received => {
            Outcome::Refused("received is for the organization that was asked to take it on")
        }
        Command::Needs { fields } => needs(course, by, fields),
        Command::Conflict(finding) => conflict::settle(course, by, finding),
        Command::Assign { to } => assign(course, by, to),
        Command::Raise { tier } => anew::raise(course, by, *tier),
        Command::Bounce { .. } if command.protects() && !is_contact_open(course) => {
            bounce::unsafe_at_once(course, by)
        }
        Command::Bounce { reason, added } => {
            if !is_contact_open(course) {
                return Outcome::Refused(
                    "the contact is not open: it was confirmed, given up or is not wanted",
                );
            }
            hold::release(course);
            bounce::bounce(course, Some(by), *reason, added.as_deref());
            let (words, instead) = bounce::in_words(course, *reason, added.as_deref());
            Outcome::Done(format!("contact given up: {words}; next: {instead}"))
        }
        Command::DoNotContact => {
            do_not_contact(course, by);
            Outcome::Done("the client will not be contacted".to_owned())
        }
        Command::AllowContact { reason } => anew::allow_contact(course, by, reason),
        Command::Consent(told) => consent::told(course, by, *told),
        Command::EmailSafe { how, asked_at } => safe_email::told(course, by, *how, *asked_at),
        Command::EmailNotSafe { why } => safe_email::denied(course, by, why),
        Command::Reopen { reason } => anew::reopen(course, by, reason),
        Command::Note { text } => {
            let kept: String = text.chars().take(LONGEST_NOTE).collect();
            let cut = kept.len() < text.len();
            course.fact(FactKind::Noted, Some(by), kept);
            Outcome::Done(if cut {
                format!("note kept, cut after {LONGEST_NOTE} letters")
            } else {
                "note kept".to_owned()
            })
        }
        Command::Resume => resume(course, by),
        Command::Status => Outcome::Done("status as below".to_owned()),
        Command::Away { .. } | Command::Back => {
            Outcome::Refused("away and back are about you, not about a referral: send that line alone")
        }
        Command::Details => match details::send(course, by) {
            Ok(()) => Outcome::Answered,
            Err(why) => Outcome::Refused(why),
        },
        // The history is read from the store, the help from a template: both are answered where the mail is handled.
        // That a line could not be read is said where the lines are counted.
        Command::History | Command::Help | Command::Form | Command::Unread { .. } => {
            Outcome::Done(String::new())
        }
    }
}

fn works_when_closed(command: &Command) -> bool {
    let protects = command.protects();
    protects
        || matches!(
            command,
            Command::Reopen { .. }
                | Command::Note { .. }
                | Command::Status
                | Command::History
                | Command::Help
                | Command::AllowContact { .. }
                | Command::Unread { .. }
        )
}

/// There is a contact that can be given up.
fn is_contact_open(course: &Course<'_>) -> bool {
    !course.is_closed() && course.referral.contact.is_running()
}

/// Of a line that is not done as it was said, what protects the client.
pub(super) fn protect(course: &mut Course<'_>, by: &Actor, command: &Command) -> Outcome {
    if matches!(command, Command::Bounce { .. }) {
        bounce::unsafe_at_once(course, by)
    } else {
        carry_out(course, by, command)
    }
}

/// Nobody writes or calls any more; what becomes of the referral is to be decided by the next business day at least.
fn do_not_contact(course: &mut Course<'_>, by: &Actor) {
    course.referral.contact = Contact::DoNotContact;
    course.referral.stopped = true;
    consent::forget_yes(course);
    course.referral.email_told = None;
    course.referral.held = None;
    course.referral.unread_since = None;
    // A decision whose time is over meanwhile is due anew, and asked for anew: nobody was to find a safe way before.
    if !course.referral.status.is_pending() || course.referral.decision.due_at <= course.now {
        course.referral.decision = Clock::due(dates::decide_next(course));
    }
    course.fact(FactKind::Stopped, Some(by), "do not contact");
}

fn attempt(course: &mut Course<'_>, by: &Actor, channel: Channel, result: ContactResult) -> Outcome {
    let given_up = matches!(course.referral.contact, Contact::Bounced { .. });
    if !course.referral.contact.is_running() && !given_up {
        return Outcome::Refused("the contact is not open: it was confirmed or is not wanted");
    }
    let at = course.now;
    hold::release(course);
    course.referral.attempts.push(Attempt { channel, result, at, by: by.clone() });
    if given_up {
        // Tries that are logged late belong into the record; they open nothing.
        course.fact(FactKind::Attempted, Some(by), format!("{} {}", channel.word(), result.words()));
        return Outcome::Done("attempt logged; the contact stays given up, reopen to try again".to_owned());
    }
    course.referral.contact = Contact::Attempting;
    course.fact(FactKind::Attempted, Some(by), format!("{} {}", channel.word(), result.words()));
    let counted = attempts::counted_attempts(course).len();
    let needed = course.ladder().steps.get(course.referral.rung.step).map(|step| usize::from(step.attempts));
    if needed.is_some_and(|needed| counted >= needed) {
        time::climb(course);
    }
    Outcome::Done(format!(
        "attempt {} logged: {} {}",
        course.referral.attempts.len(),
        channel.word(),
        result.words()
    ))
}

fn confirm(course: &mut Course<'_>, by: &Actor, confirmation: &Confirmation) -> Outcome {
    if course.referral.contact == Contact::DoNotContact {
        return Outcome::Refused("the client is not to be contacted; write reopen and a reason first");
    }
    let with = match &course.referral.contact {
        Contact::Confirmed { with, .. } => merged(with, confirmation),
        Contact::NotStarted | Contact::Attempting | Contact::Bounced { .. } | Contact::DoNotContact => {
            confirmation.clone()
        }
    };
    let missing = with.missing();
    let words = if missing.is_empty() { "contact confirmed" } else { "contact confirmed, incomplete" };
    course.fact(FactKind::Confirmed, Some(by), words);
    if with.deadline.as_deref().is_some_and(|deadline| !is_none(deadline))
        && course.referral.tier == Tier::Standard
    {
        course.run_under_today(Tier::Deadline);
        course.fact(FactKind::Raised, Some(by), "deadline found at contact");
        if course.referral.status.is_pending() {
            let target = course.ladder().decision_target.after(course.now, &course.rules.calendar);
            course.referral.decision = Clock::due(target.min(course.referral.decision.due_at));
        }
    }
    let over = confirmation.deadline_on.and_then(|day| dates::heard_at_contact(course, by, day));
    // Reached once is reached then: what is told later makes it complete, not later.
    let at = match course.referral.contact {
        Contact::Confirmed { at, .. } => at,
        Contact::NotStarted | Contact::Attempting | Contact::Bounced { .. } | Contact::DoNotContact => {
            course.now
        }
    };
    course.referral.contact = Contact::Confirmed { at, with };
    if confirmation.method == Some(Channel::Email) && confirmation.safe_times.is_some() {
        course.referral.email_confirmed_at = Some(course.now);
    }
    // Whoever says so again told the person where it stands.
    course.referral.update = None;
    course.referral.unread_since = None;
    hold::release(course);
    // One line that works once its dots are filled in.
    let parts: Vec<String> = missing.into_iter().map(|part| format!("{part} …")).collect();
    let line = (!parts.is_empty()).then(|| format!("confirmed {}", parts.join(", ")));
    let asked: Vec<String> = line.into_iter().chain(over.map(str::to_owned)).collect();
    if asked.is_empty() { Outcome::Done(words.to_owned()) } else { Outcome::Asked(words.to_owned(), asked) }
}

fn merged(old: &Confirmation, new: &Confirmation) -> Confirmation {
    Confirmation {
        method: new.method.or(old.method),
        language: new.language.clone().or_else(|| old.language.clone()),
        safe_times: new.safe_times.clone().or_else(|| old.safe_times.clone()),
        next_step: new.next_step.or(old.next_step).or(None::<NextStep>),
        deadline: new.deadline.clone().or_else(|| old.deadline.clone()),
        deadline_on: if new.deadline.is_some() { new.deadline_on } else { old.deadline_on },
    }
}

fn is_none(deadline: &str) -> bool {
    matches!(deadline.trim().to_lowercase().as_str(), "" | "none" | "no" | "ninguno" | "ninguna")
}

fn accept(course: &mut Course<'_>, by: &Actor) -> Outcome {
    if course.referral.status == Status::Accepted {
        return Outcome::Done("it is accepted already".to_owned());
    }
    if let Some(why) = conflict::forbids(course, by) {
        return Outcome::Refused(why);
    }
    onward::withdraw(course);
    course.referral.status = Status::Accepted;
    if !matches!(course.referral.contact, Contact::Bounced { .. }) {
        // The decision is made; the same clock then says by when the agreed step is to be carried out.
        let due_at = course.ladder().decision_target.after(course.now, &course.rules.calendar);
        course.referral.decision = Clock::due(dates::before_its_own(course, due_at));
    }
    course.fact(FactKind::Accepted, Some(by), "accepted");
    let told = sender::tell_outcome(course, "accepted");
    client::tell_update(course, "accepted");
    Outcome::Done(format!("accepted; {told}{}", client::unread(course)))
}

fn close(course: &mut Course<'_>, by: &Actor, reason: &str, without: &'static str) -> Outcome {
    if reason.trim().is_empty() {
        return Outcome::Refused(without);
    }
    onward::withdraw(course);
    course.referral.status = Status::Closed { reason: reason_kept(reason) };
    course.referral.held = None;
    course.fact(FactKind::Closed, Some(by), reason.trim());
    let told = sender::tell_outcome(course, "closed");
    client::tell_update(course, "closed");
    let not_why = if told == sender::TOLD { " that it is closed, not why" } else { "" };
    Outcome::Done(format!("closed; {told}{not_why}{}", client::unread(course)))
}

fn redirect(course: &mut Course<'_>, by: &Actor, to: &str, reason: &str) -> Outcome {
    if to.trim().is_empty() || reason.trim().is_empty() {
        return Outcome::Refused("redirect needs an organisation and a reason: redirect to NAME: REASON");
    }
    if let Some(partner) = course.rules.roster.partner_named(to) {
        return onward::ask(course, by, partner, reason);
    }
    if let Some(partner) = course.rules.roster.partner_nearly_named(to) {
        let (name, id) = (&partner.name, &partner.id);
        return Outcome::Unclear(format!(
            "nothing was redirected; did you mean {name}, which is asked first? Write redirect to {id}: and why"
        ));
    }
    onward::withdraw(course);
    course.referral.status = Status::Redirected { to: reason_kept(to), reason: reason_kept(reason) };
    course.referral.held = None;
    course.fact(FactKind::Redirected, Some(by), format!("to {}: {}", to.trim(), reason.trim()));
    let told = sender::tell_outcome(course, "redirected");
    client::tell_update(course, "redirected");
    Outcome::Done(format!(
        "redirected; {told}. That organization is not on our list, so that nobody has asked it: call them{}",
        client::unread(course)
    ))
}

fn needs(course: &mut Course<'_>, by: &Actor, fields: &[Field]) -> Outcome {
    let fields = if fields.is_empty() { course.referral.missing.clone() } else { fields.to_vec() };
    if fields.is_empty() {
        return Outcome::Refused("nothing is missing; name what you need: needs phone, language");
    }
    for field in &fields {
        if !course.referral.missing.contains(field) {
            course.referral.missing.push(*field);
        }
    }
    // Asking again does not stretch the pause of the decision clock.
    if matches!(course.referral.status, Status::Received | Status::UnderReview) {
        course.referral.status = Status::NeedsInfo { since: course.now };
    }
    let missing: Vec<&'static str> = fields.iter().map(|field| field.label()).collect();
    course.fact(FactKind::Asked, Some(by), missing.join(", "));
    let reference = course.referral.reference.clone();
    let step = course.now.timestamp().to_string();
    if course.referral.sender.answer_to.is_none() {
        return Outcome::Done("kept as missing; the sender cannot be asked by mail".to_owned());
    }
    course.write_sender(step, Body::NeedsInfo { reference, missing });
    Outcome::Done("the sender is asked for exactly these lines".to_owned())
}

fn assign(course: &mut Course<'_>, by: &Actor, to: &StaffId) -> Outcome {
    if course.rules.roster.staff(to).is_none() {
        return Outcome::Refused("there is nobody of that name on the roster");
    }
    if course.referral.owner == *to {
        return Outcome::Refused("that person owns it already");
    }
    let before = course.hand_over(to);
    course.fact(FactKind::Assigned, Some(by), format!("owner is {to}, was {before}"));
    let step = course.now.timestamp().to_string();
    let task = course.task(vec!["details", "attempt call no answer", "confirmed", "accept", "decline"]);
    course.write_staff(to, step.clone(), Body::Assignment(task.clone()));
    // Who hands over hears it as the answer; anybody else who had it is told.
    if *by != Actor::Staff(before.clone()) {
        let done = vec![format!("handed over to {}; nothing is left for you to do", course.owner_name())];
        course.write_staff(
            &before,
            step,
            Body::Done { task, done, asked: Vec::new(), refused: Vec::new(), is_news: false },
        );
    }
    Outcome::Done(format!("owner is {}", course.owner_name()))
}

fn resume(course: &mut Course<'_>, by: &Actor) -> Outcome {
    let was_unread = course.referral.unread_since.take().is_some();
    if !hold::release(course) && !was_unread {
        return Outcome::Refused("nothing is waiting to be looked at");
    }
    course.fact(FactKind::Resumed, Some(by), "somebody looked; the ladder goes on");
    Outcome::Done("noted that you looked; the ladder goes on".to_owned())
}
