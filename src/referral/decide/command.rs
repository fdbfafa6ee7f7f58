//! What staff say, by reply or on the host: each verb changes the record, or says why not. Nothing is done halfway.

use super::super::event::{Actor, Command, Confirmation};
use super::super::letter::Body;
use super::super::packet::Field;
use super::super::policy::Tier;
use super::super::record::{Attempt, Channel, Clock, Contact, ContactResult, FactKind, NextStep, Status};
use super::super::roster::StaffId;
use super::{Course, client, message, time};

/// What became of one command.
enum Outcome {
    /// Done; the sentence says what.
    Done(String),
    /// Done, and these parts are still to be said.
    Asked(String, Vec<String>),
    /// Not done; the sentence says why.
    Refused(&'static str),
}

/// Obeys each command in turn and answers once: what was done, what is still asked, what was refused.
pub(super) fn obey(course: &mut Course<'_>, by: &Actor, commands: &[Command]) {
    let (mut done, mut asked) = (Vec::new(), Vec::new());
    for command in commands {
        match carry_out(course, by, command) {
            Outcome::Done(words) => done.push(words),
            Outcome::Asked(words, parts) => {
                done.push(words);
                asked.extend(parts);
            }
            Outcome::Refused(why) => asked.push(why.to_owned()),
        }
    }
    let Actor::Staff(id) = by else { return };
    let task = course.task(Vec::new());
    let step = course.now.timestamp_millis().to_string();
    course.write_staff(id, step, Body::Done { task, done, asked });
}

fn carry_out(course: &mut Course<'_>, by: &Actor, command: &Command) -> Outcome {
    if course.is_closed() && !works_when_closed(command) {
        return Outcome::Refused("this referral is closed; write reopen and a reason first");
    }
    match command {
        Command::Attempt { channel, result } => attempt(course, by, *channel, *result),
        Command::Confirmed(confirmation) => confirm(course, by, confirmation),
        Command::Accept => accept(course, by),
        Command::Decline { reason } => close(course, by, reason, "decline needs a reason"),
        Command::Close { reason } => close(course, by, reason, "close needs a reason"),
        Command::Redirect { to, reason } => redirect(course, by, to, reason),
        Command::Needs { fields } => needs(course, by, fields),
        Command::Assign { to } => assign(course, by, to),
        Command::Raise { tier } => raise(course, by, *tier),
        Command::Bounce { reason } => {
            if !course.referral.contact.is_running() {
                return Outcome::Refused(
                    "the contact is not open: it was confirmed, given up or is not wanted",
                );
            }
            time::bounce(course, Some(by), *reason);
            Outcome::Done(format!("contact given up: {}; next: {}", reason.words(), reason.next_action()))
        }
        Command::DoNotContact => {
            course.referral.contact = Contact::DoNotContact;
            course.referral.stopped = true;
            course.referral.held = None;
            course.fact(FactKind::Stopped, Some(by), "do not contact");
            Outcome::Done("the client will not be contacted".to_owned())
        }
        Command::AllowContact { reason } => allow_contact(course, by, reason),
        Command::Reopen { reason } => reopen(course, by, reason),
        Command::Note { text } => {
            course.fact(FactKind::Noted, Some(by), text.chars().take(4_000).collect::<String>());
            Outcome::Done("note kept".to_owned())
        }
        Command::Resume => resume(course, by),
        Command::Status => Outcome::Done("status as below".to_owned()),
        // The history is read from the store, the help from a template: both are answered where the mail is handled.
        Command::History | Command::Help | Command::Form => Outcome::Done(String::new()),
    }
}

fn works_when_closed(command: &Command) -> bool {
    matches!(
        command,
        Command::Reopen { .. }
            | Command::Note { .. }
            | Command::Status
            | Command::History
            | Command::Help
            | Command::DoNotContact
            | Command::AllowContact { .. }
    )
}

fn attempt(course: &mut Course<'_>, by: &Actor, channel: Channel, result: ContactResult) -> Outcome {
    if !course.referral.contact.is_running() {
        return Outcome::Refused("the contact is not open: it was confirmed, given up or is not wanted");
    }
    let at = course.now;
    course.referral.attempts.push(Attempt { channel, result, at, by: by.clone() });
    course.referral.contact = Contact::Attempting;
    course.referral.held = None;
    course.fact(FactKind::Attempted, Some(by), format!("{} {}", channel.word(), result.words()));
    let counted = time::counted_attempts(course).len();
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
        course.referral.tier = Tier::Deadline;
        course.fact(FactKind::Raised, Some(by), "deadline found at contact");
    }
    course.referral.contact = Contact::Confirmed { at: course.now, with };
    course.referral.held = None;
    if missing.is_empty() {
        return Outcome::Done(words.to_owned());
    }
    let asked = missing.into_iter().map(|part| format!("confirmed {part} …")).collect();
    Outcome::Asked(words.to_owned(), asked)
}

fn merged(old: &Confirmation, new: &Confirmation) -> Confirmation {
    Confirmation {
        method: new.method.or(old.method),
        language: new.language.clone().or_else(|| old.language.clone()),
        safe_times: new.safe_times.clone().or_else(|| old.safe_times.clone()),
        next_step: new.next_step.or(old.next_step).or(None::<NextStep>),
        deadline: new.deadline.clone().or_else(|| old.deadline.clone()),
    }
}

fn is_none(deadline: &str) -> bool {
    matches!(deadline.trim().to_lowercase().as_str(), "" | "none" | "no" | "ninguno" | "ninguna")
}

fn accept(course: &mut Course<'_>, by: &Actor) -> Outcome {
    course.referral.status = Status::Accepted;
    course.fact(FactKind::Accepted, Some(by), "accepted");
    message::tell_outcome(course, "accepted");
    client::tell_update(course, "accepted");
    Outcome::Done("accepted; the sender is told".to_owned())
}

fn close(course: &mut Course<'_>, by: &Actor, reason: &str, without: &'static str) -> Outcome {
    if reason.trim().is_empty() {
        return Outcome::Refused(without);
    }
    course.referral.status = Status::Closed { reason: reason.trim().chars().take(500).collect() };
    course.referral.held = None;
    course.fact(FactKind::Closed, Some(by), reason.trim());
    message::tell_outcome(course, "closed");
    client::tell_update(course, "closed");
    Outcome::Done("closed; the sender is told that it is closed, not why".to_owned())
}

fn redirect(course: &mut Course<'_>, by: &Actor, to: &str, reason: &str) -> Outcome {
    if to.trim().is_empty() || reason.trim().is_empty() {
        return Outcome::Refused("redirect needs an organisation and a reason: redirect to NAME: REASON");
    }
    let cut = |text: &str| text.trim().chars().take(500).collect::<String>();
    course.referral.status = Status::Redirected { to: cut(to), reason: cut(reason) };
    course.referral.held = None;
    course.fact(FactKind::Redirected, Some(by), format!("to {}: {}", to.trim(), reason.trim()));
    message::tell_outcome(course, "redirected");
    client::tell_update(course, "redirected");
    Outcome::Done("redirected; the sender is told".to_owned())
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
    if course.referral.status.is_pending() {
        course.referral.status = Status::NeedsInfo { since: course.now };
    }
    let missing: Vec<&'static str> = fields.iter().map(|field| field.label()).collect();
    course.fact(FactKind::Asked, Some(by), missing.join(", "));
    let reference = course.referral.reference.clone();
    let step = course.now.timestamp().to_string();
    course.write_sender(step, Body::NeedsInfo { reference, missing });
    Outcome::Done("the sender is asked for exactly these lines".to_owned())
}

fn assign(course: &mut Course<'_>, by: &Actor, to: &StaffId) -> Outcome {
    if course.rules.roster.staff(to).is_none() {
        return Outcome::Refused("there is nobody of that name on the roster");
    }
    let before = std::mem::replace(&mut course.referral.owner, to.clone());
    course.fact(FactKind::Assigned, Some(by), format!("owner is {to}, was {before}"));
    let step = course.now.timestamp().to_string();
    let task = course.task(vec!["attempt call no answer", "confirmed", "accept", "decline"]);
    course.write_staff(to, step.clone(), Body::Assignment(task.clone()));
    if before != *to {
        course.write_staff(&before, step, Body::Assignment(task));
    }
    Outcome::Done(format!("owner is {}", course.owner_name()))
}

fn raise(course: &mut Course<'_>, by: &Actor, tier: Tier) -> Outcome {
    if tier <= course.referral.tier {
        return Outcome::Refused("the tier is already that high; a tier is never lowered by mail");
    }
    course.referral.tier = tier;
    let ladder = course.ladder();
    let (from, calendar) = (course.now, &course.rules.calendar);
    let step = course.referral.rung.step.min(ladder.steps.len().saturating_sub(1));
    let due_at = ladder.steps.get(step).map_or(ladder.bounce, |step| step.due).after(from, calendar);
    course.referral.rung.step = step;
    course.referral.rung.clock = Clock::due(due_at.min(course.referral.rung.clock.due_at));
    let decision_at = ladder.decision_target.after(from, calendar).min(course.referral.decision.due_at);
    course.referral.decision = Clock::due(decision_at);
    course.fact(FactKind::Raised, Some(by), format!("tier is {}", tier.word()));
    Outcome::Done(format!("tier is {}", tier.word()))
}

fn reopen(course: &mut Course<'_>, by: &Actor, reason: &str) -> Outcome {
    let contact_over = !course.referral.contact.is_running();
    if reason.trim().is_empty() {
        return Outcome::Refused("reopen needs a reason");
    }
    if !course.is_closed() && !contact_over {
        return Outcome::Refused("it is open already");
    }
    if course.is_closed() {
        course.referral.status = Status::UnderReview;
    }
    // Only staff undo a stop of their own; what the client said stays until the client says otherwise to a person.
    if !course.referral.stopped && !matches!(course.referral.contact, Contact::Confirmed { .. }) {
        course.referral.contact = Contact::NotStarted;
    }
    let ladder = course.ladder();
    let (now, calendar) = (course.now, &course.rules.calendar);
    let due_at = ladder.steps.first().map_or(ladder.bounce, |step| step.due).after(now, calendar);
    // The ladder is counted from the day of receipt, so a record that is opened again stands on its last rung.
    course.referral.rung.step = ladder.steps.len().saturating_sub(1);
    course.referral.rung.clock = Clock::due(due_at);
    course.referral.rung.warned_at = None;
    course.referral.decision = Clock::due(ladder.decision_target.after(now, calendar));
    course.fact(FactKind::Reopened, Some(by), reason.trim());
    Outcome::Done("opened again".to_owned())
}

/// Takes a stop back: only staff can, only with a reason, and the gate still asks everything else.
fn allow_contact(course: &mut Course<'_>, by: &Actor, reason: &str) -> Outcome {
    if reason.trim().is_empty() {
        return Outcome::Refused("allow contact needs a reason: what the client said, and to whom");
    }
    if !course.referral.stopped && course.referral.contact != Contact::DoNotContact {
        return Outcome::Refused("nobody asked us to stop");
    }
    course.referral.stopped = false;
    if course.referral.contact == Contact::DoNotContact {
        course.referral.contact = Contact::NotStarted;
    }
    course.fact(FactKind::Allowed, Some(by), reason.trim().chars().take(500).collect::<String>());
    Outcome::Done("contact is allowed again".to_owned())
}

fn resume(course: &mut Course<'_>, by: &Actor) -> Outcome {
    if course.referral.held.take().is_none() {
        return Outcome::Refused("nothing is waiting to be looked at");
    }
    course.fact(FactKind::Resumed, Some(by), "somebody looked; the ladder goes on");
    Outcome::Done("noted that you looked; the ladder goes on".to_owned())
}
