//! How staff work: what they do next about a referral, and when it is worth doing.

use chrono::{DateTime, TimeDelta, Utc};

use super::Case;
use super::chance::Chance;
use super::person::{Fit, Person};
use crate::referral::calendar::Calendar;
use crate::referral::command::Command;
use crate::referral::conflict::Finding;
use crate::referral::contact::Confirmation;
use crate::referral::contact::{Channel, Contact, ContactResult, NextStep};
use crate::referral::record::{BounceReason, Referral, Status};

/// Whoever was not reached is not tried again sooner.
const BETWEEN_TRIES: TimeDelta = TimeDelta::hours(3);
/// So many of a hundred confirmations leave a part unsaid.
const INCOMPLETE_PERCENT: u32 = 10;

/// Closed, or handed on.
pub(super) fn is_over(referral: &Referral) -> bool {
    matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. })
}

/// When somebody would turn to this referral; `None` when nobody needs to, or while a partner is asked.
pub(super) fn ready_at(case: &Case, calendar: &Calendar, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let referral = &case.referral;
    if is_over(referral) {
        return None;
    }
    if referral.held.is_some() {
        return Some(now);
    }
    if referral.contact.is_running() {
        let tried_at = referral.attempts.last().map(|attempt| attempt.at);
        return Some(tried_at.map_or(now, |at| (at + BETWEEN_TRIES).max(now)));
    }
    // Whoever was asked answers, or their time runs out and it is ours again.
    if referral.onward.is_some() {
        return None;
    }
    // What was agreed with the person takes its days.
    let agreed = referral.status == Status::Accepted && matches!(referral.contact, Contact::Confirmed { .. });
    Some(if agreed { calendar.end_of_business_day(now, 1) } else { now })
}

/// What staff say after one piece of work.
pub(super) fn commands(case: &Case, chance: &mut Chance) -> Vec<Command> {
    let referral = &case.referral;
    if referral.held.is_some() {
        return vec![Command::Resume];
    }
    if referral.contact.is_running() {
        return vec![reach(referral, case.person, chance)];
    }
    match &referral.contact {
        Contact::Bounced { .. } => {
            vec![Command::Close { reason: "pointed to court-based self-help".to_owned() }]
        }
        Contact::DoNotContact => vec![Command::Close { reason: "no safe way was found".to_owned() }],
        Contact::Confirmed { .. } | Contact::NotStarted | Contact::Attempting => {
            if referral.status == Status::Accepted {
                return vec![Command::Close { reason: "the agreed step was carried out".to_owned() }];
            }
            let check = (!referral.conflict.state.may_accept()).then_some(Command::Conflict(Finding::Clear));
            check.into_iter().chain(std::iter::once(decision(case.person.fits))).collect()
        }
    }
}

fn reach(referral: &Referral, person: Person, chance: &mut Chance) -> Command {
    if person.unsafe_to_contact {
        return Command::Bounce { reason: BounceReason::UnsafeToContact, added: None };
    }
    if person.no_interpreter {
        return Command::Bounce { reason: BounceReason::LanguageAccessGap, added: None };
    }
    if !person.wrong_number && chance.percent(person.reached_percent) {
        return Command::Confirmed(confirmation(chance));
    }
    let channel = if referral.attempts.len().is_multiple_of(2) { Channel::Call } else { Channel::Text };
    let result = match (person.wrong_number, channel) {
        (true, Channel::Call) => ContactResult::WrongNumber,
        _ if chance.percent(40) => ContactResult::LeftMessage,
        _ => ContactResult::NoAnswer,
    };
    Command::Attempt { channel, result }
}

fn confirmation(chance: &mut Chance) -> Confirmation {
    Confirmation {
        method: Some(Channel::Call),
        language: Some("English".to_owned()),
        safe_times: Some("mornings".to_owned()),
        next_step: Some(NextStep::Appointment),
        deadline: (!chance.percent(INCOMPLETE_PERCENT)).then(|| "none".to_owned()),
        deadline_on: None,
    }
}

fn decision(fits: Fit) -> Command {
    match fits {
        Fit::Ours => Command::Accept,
        Fit::Theirs => {
            Command::Redirect { to: "another organisation".to_owned(), reason: "not our matter".to_owned() }
        }
        Fit::Nobodys => Command::Decline { reason: "not eligible".to_owned() },
    }
}
