//! Obey: the lines of one mail, or of one command on the host, as a whole: which of them count, and the one answer.
//!
//! What keeps letters from the client counts always: the rest may be refused, contradict itself or not be understood.

use super::super::command::Command;
use super::super::letter::Body;
use super::super::packet::consent::Told;
use super::super::party::Actor;
use super::super::roster::StaffId;
use super::command::{carry_out, protect};
use super::contradiction::{contradict, is_safe};
use super::outcome::{Outcome, likely};
use super::{Course, client, conflict};

/// Obeys each command in turn and answers once: what was done, what is still asked, what was refused. Where a line is
/// not theirs, contradicts another or could not be read, only what protects the client is done.
pub(super) fn obey(course: &mut Course<'_>, by: &Actor, commands: &[Command]) {
    let Some(why) = why_not(course, by, commands) else { return carried_out(course, by, commands, None) };
    let first: Vec<Command> = commands.iter().filter(|command| command.protects()).cloned().collect();
    if !first.is_empty() {
        let rest = format!("nothing else of what you wrote: {why}");
        return carried_out(course, by, &first, Some(rest));
    }
    match by {
        Actor::Staff(id) => refuse(course, id, why, commands),
        Actor::Host | Actor::Partner(_) => course.said = vec![format!("{why}; nothing was done")],
    }
}

const NOT_YOURS: &str =
    "that line is not yours to send about this referral; ask the owner or the workflow owner";
const CONTRADICTORY: &str = "two of your lines contradict each other";

/// Why the lines are not done as they were said.
fn why_not(course: &Course<'_>, by: &Actor, commands: &[Command]) -> Option<String> {
    if let Actor::Staff(id) = by {
        let may = |command: &Command| {
            course.rules.may(id, command.verb(), Some(&course.referral), course.now) || command.protects()
        };
        if !commands.iter().all(may) {
            return Some(NOT_YOURS.to_owned());
        }
    }
    if contradict(commands) {
        return Some(CONTRADICTORY.to_owned());
    }
    commands.iter().find_map(|command| {
        let Command::Unread { nearest } = command else { return None };
        Some(format!("one line was not understood; these would work: {}", nearest.join(" | ")))
    })
}

/// Does what is said, in the order said. `rest` says why no more was done; of what is said then counts what protects.
fn carried_out(course: &mut Course<'_>, by: &Actor, commands: &[Command], rest: Option<String>) {
    let (owes_first, held) = (client::owes_first(course), course.referral.held);
    let (mut done, mut asked, mut refused, mut answered) = (Vec::new(), Vec::new(), Vec::new(), false);
    for (place, command) in commands.iter().enumerate() {
        if commands.iter().take(place).any(|earlier| earlier == command) {
            continue;
        }
        let outcome =
            if rest.is_some() { protect(course, by, command) } else { carry_out(course, by, command) };
        match outcome {
            Outcome::Done(words) => done.push(words),
            Outcome::Asked(words, parts) => {
                let is_host = !matches!(by, Actor::Staff(_));
                done.push(if is_host {
                    format!("{words}; still to be told: {}", parts.join(", "))
                } else {
                    words
                });
                asked.extend(parts.into_iter().filter(|_| !is_host));
            }
            Outcome::Answered => answered = true,
            Outcome::Refused(why) => refused.push(why.to_owned()),
            Outcome::Unclear(question) => asked.push(question),
        }
    }
    refused.extend(rest);
    // Only once all of it is done: what is closed or reached by the same mail needs no confirmation.
    if owes_first && (held.is_some() || commands.iter().any(clears_the_way)) {
        client::confirm_owed(course);
    }
    let Actor::Staff(id) = by else {
        course.said =
            done.into_iter().chain(asked).chain(refused).filter(|words| !words.is_empty()).collect();
        return;
    };
    if answered && done.is_empty() && asked.is_empty() && refused.is_empty() {
        return;
    }
    let mut answers =
        if commands.contains(&Command::Accept) { conflict::answers(course) } else { Vec::new() };
    answers.extend(commands.iter().filter_map(with_its_reason).filter(|_| !refused.is_empty()));
    answers.extend(likely(&course.referral));
    answers.dedup();
    let task = course.task(answers);
    let step = course.now.timestamp_millis().to_string();
    course.write_staff(id, step, Body::Done { task, done, asked, refused, is_news: false });
}

/// A line that says why, for one that did not.
fn with_its_reason(command: &Command) -> Option<&'static str> {
    let is_bare = |reason: &String| reason.is_empty();
    if matches!(command, Command::Decline { reason } if is_bare(reason)) {
        Some("decline outside our area")
    } else if matches!(command, Command::Close { reason } if is_bare(reason)) {
        Some("close advice given at the clinic")
    } else if matches!(command, Command::Reopen { reason } if is_bare(reason)) {
        Some("reopen new court date")
    } else {
        None
    }
}

/// Nothing of the mail is done: a line is not theirs to say by the table of verbs, or lines contradict each other.
fn refuse(course: &mut Course<'_>, id: &StaffId, why: String, commands: &[Command]) {
    let mut suggestions: Vec<String> = Vec::new();
    for command in commands.iter().filter(|_| why == CONTRADICTORY) {
        if !suggestions.iter().any(|known| known == command.verb()) {
            suggestions.push(command.verb().to_owned());
        }
    }
    let reference = Some(course.referral.reference.clone());
    let step = course.now.timestamp_millis().to_string();
    course.write_staff(id, step, Body::NotDone { reference, why: why.into(), suggestions });
}

/// A yes of the client's, or a word that somebody looked: what it lets leave may have waited for it.
fn clears_the_way(command: &Command) -> bool {
    is_safe(command)
        || matches!(
            command,
            Command::Consent(Told::Yes { .. }) | Command::AllowContact { .. } | Command::Resume
        )
}
