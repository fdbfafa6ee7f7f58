//! A redirect to a partner: it is asked, reminded and heard; until its yes the referral stays ours, and whatever else
//! comes of it goes back to our owner with a next step.
//!
//! Its clocks run in its own working days. Its letters carry the number, the age and our owner's name, nothing else.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::address::EmailAddress;
use super::super::calendar::Calendar;
use super::super::clock::Clock;
use super::super::command::Command;
use super::super::event::Lost;
use super::super::fact::reason_kept;
use super::super::letter::{Body, Letter, Offer, Part, Recipient};
use super::super::onward::{DeclineReason, Onward};
use super::super::party::Actor;
use super::super::record::{FactKind, Referral, Status};
use super::super::roster::{Partner, PartnerId};
use super::super::safety;
use super::mark::Mark;
use super::outcome::Outcome;
use super::{Course, Rules, client, contradiction, dates, hold, sender};

/// So much of a day must be left to somebody who is asked on it.
const ENOUGH: TimeDelta = TimeDelta::hours(2);

/// Asks a partner to take the referral on.
pub(super) fn ask(course: &mut Course<'_>, by: &Actor, partner: &Partner, reason: &str) -> Outcome {
    if course.referral.sender.partner.as_ref() == Some(&partner.id) {
        return Outcome::Refused("that organization sent it to us; call them, or close it with a reason");
    }
    if course.referral.onward.as_ref().is_some_and(|onward| onward.to == partner.id) {
        return Outcome::Refused("that organization was asked already and has not answered yet");
    }
    if partner.ask_address().is_none() {
        return Outcome::Refused(
            "the settings hold no address at which that organization can be asked; call them, then close it",
        );
    }
    withdraw(course);
    hold::release(course);
    let calendar = partner.calendar(&course.rules.calendar);
    let from = begins(course.now, &calendar);
    let receipt_at = soonest(course, partner.redirect_receipt.after(from, &calendar));
    let decision_at = soonest(course, partner.redirect_decision.after(from, &calendar)).max(receipt_at);
    if matches!(course.referral.status, Status::Received | Status::Accepted) {
        course.referral.status = Status::UnderReview;
    }
    course.referral.asks = course.referral.asks.saturating_add(1);
    course.referral.onward = Some(Onward {
        to: partner.id.clone(),
        reason: reason_kept(reason),
        by: by.clone(),
        asked_at: course.now,
        received_at: None,
        receipt: Clock::due(receipt_at),
        decision: Clock::due(decision_at),
    });
    course.fact(
        FactKind::Offered,
        Some(by),
        format!("{} is asked to take it on: {}", partner.name, reason.trim()),
    );
    tell_partner(course, "new");
    let local = course.rules.calendar.local(decision_at).format("%a %-d %b %H:%M");
    Outcome::Done(format!("{} is asked; it answers by {local}, and until then it stays yours", partner.name))
}

/// A day of theirs that is nearly over does not count as one.
fn begins(now: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let closing = calendar.end_of_business_day(now, 0);
    if closing - calendar.next_open(now) < ENOUGH { closing } else { now }
}

/// Where somebody is in danger or a date must not pass, the partner's week does not outlast our own decision.
fn soonest(course: &Course<'_>, due_at: DateTime<Utc>) -> DateTime<Utc> {
    let (ladder, now) = (course.ladder(), course.now);
    let latest = ladder.any_hour.then(|| ladder.decision_fallback.after(now, &course.rules.calendar));
    let due_at = latest.map_or(due_at, |latest| due_at.min(latest));
    dates::before_its_own(course, due_at)
}

/// What stands in the letter to the partner; `None` when nobody is asked.
#[must_use]
pub fn offer(rules: &Rules, referral: &Referral, about: &'static str, now: DateTime<Utc>) -> Option<Letter> {
    let onward = referral.onward.as_ref()?;
    let partner = rules.roster.partner(&onward.to)?;
    let consented = safety::may_share(referral, partner, &rules.calendar, now);
    let answers: &[&'static str] = match (about, consented) {
        ("reason", _) => &["decline capacity", "decline eligibility", "decline conflict", "decline language"],
        (_, true) if onward.received_at.is_none() => {
            &["accept", "decline capacity", "decline eligibility", "received"]
        }
        (_, true) => &["accept", "decline capacity", "decline eligibility"],
        (_, false) if onward.received_at.is_none() => {
            &["received", "decline capacity", "decline eligibility"]
        }
        (_, false) => &["decline capacity", "decline eligibility"],
    };
    let body = Body::RedirectOffer(Offer {
        reference: referral.reference.clone(),
        ask: referral.asks,
        about,
        owner: rules.name_of(&referral.owner),
        asked_at: onward.asked_at,
        received: onward.received_at.is_some(),
        receipt_by: onward.receipt.due_at,
        answer_by: onward.decision.due_at,
        consented,
        answers: answers.to_vec(),
    });
    let address = address_of(rules, &onward.to)?;
    let to = Recipient { part: Part::Receiver, address };
    Some(Letter { to, body, step: format!("{about}-{}", now.timestamp()), answers: None })
}

fn address_of(rules: &Rules, id: &PartnerId) -> Option<EmailAddress> {
    rules.roster.partner(id)?.ask_address().cloned()
}

fn tell_partner(course: &mut Course<'_>, about: &'static str) {
    let Some(letter) = offer(course.rules, &course.referral, about, course.now) else { return };
    course.letters.retain(|known| known.to != letter.to);
    course.letters.push(letter);
}

/// The last word to a partner about a redirect: `accepted`, `declined` or `ended`.
fn tell_over(course: &mut Course<'_>, id: &PartnerId, outcome: &'static str) {
    let Some(address) = address_of(course.rules, id) else { return };
    let body = Body::RedirectOver {
        reference: course.referral.reference.clone(),
        ask: course.referral.asks,
        outcome,
        owner: course.owner_name(),
    };
    let to = Recipient { part: Part::Receiver, address };
    course.letters.push(Letter {
        to,
        body,
        step: format!("{outcome}-{}", course.now.timestamp()),
        answers: None,
    });
}

/// What the owner hears.
struct News {
    /// What the partner did, after its name.
    news: &'static str,
    /// What follows from it.
    instead: &'static str,
}

fn tell_owner(course: &mut Course<'_>, id: &PartnerId, News { news, instead }: News) {
    let partner = name_of(course, id);
    let answers = ["redirect to", "attempt call no answer", "accept", "decline"];
    let task = course.task(if course.is_closed() { Vec::new() } else { answers.to_vec() });
    let (owner, step) = (course.reader(), course.now.timestamp_millis().to_string());
    // Of two things at once the later one counts.
    course.letters.retain(|letter| !matches!(letter.body, Body::RedirectNews { .. }));
    course.write_staff(&owner, step, Body::RedirectNews { task, partner, news, instead });
}

fn name_of(course: &Course<'_>, id: &PartnerId) -> String {
    course.rules.roster.partner(id).map_or_else(|| id.to_string(), |partner| partner.name.clone())
}

/// The partner need not answer any more, because our staff decided otherwise.
pub(super) fn withdraw(course: &mut Course<'_>) {
    if let Some(onward) = course.referral.onward.take() {
        tell_over(course, &onward.to, "ended");
    }
}

// --- the partner answers ---------------------------------------------------------------------------------------

/// A proven partner said something about a redirect. No command, or two that contradict each other: it is asked again.
pub(super) fn answered(course: &mut Course<'_>, by: &PartnerId, commands: &[Command]) {
    if course.referral.onward.as_ref().is_none_or(|onward| onward.to != *by) {
        return too_late(course, by, commands);
    }
    received(course, by);
    match decisive(commands) {
        Some(Command::Accept) => accepted(course, by),
        Some(Command::Decline { reason } | Command::Close { reason }) => declined(course, by, reason),
        Some(Command::Redirect { to, reason }) => elsewhere(course, by, to, reason),
        Some(_) => tell_partner(course, "received"),
        None => tell_partner(course, "unclear"),
    }
}

/// The one command that counts: a yes or a no before "received".
fn decisive(commands: &[Command]) -> Option<&Command> {
    if contradiction::contradict(commands) {
        return None;
    }
    let decides = |command: &&Command| {
        let says_no =
            matches!(command, Command::Decline { .. } | Command::Close { .. } | Command::Redirect { .. });
        says_no || matches!(command, Command::Accept)
    };
    let receives = |command: &&Command| matches!(command, Command::Received);
    commands.iter().find(decides).or_else(|| commands.iter().find(receives))
}

/// Any word of theirs shows that they have it.
fn received(course: &mut Course<'_>, by: &PartnerId) {
    let now = course.now;
    let Some(onward) = course.referral.onward.as_mut().filter(|onward| onward.received_at.is_none()) else {
        return;
    };
    onward.received_at = Some(now);
    let (actor, name) = (Actor::Partner(by.clone()), name_of(course, by));
    course.fact(FactKind::OfferReceived, Some(&actor), format!("{name} has the redirect"));
}

/// Their yes closes our side, and the sender hears of it at once.
fn accepted(course: &mut Course<'_>, by: &PartnerId) {
    let partner = course.rules.roster.partner(by);
    if !partner.is_some_and(|partner| {
        safety::may_share(&course.referral, partner, &course.rules.calendar, course.now)
    }) {
        tell_partner(course, "consent");
        return tell_owner(
            course,
            by,
            News {
                news: "would take it on, but the person has not clearly agreed that we share their details",
                instead: "ask the person, and call the organization",
            },
        );
    }
    let Some(onward) = course.referral.onward.take() else { return };
    let name = name_of(course, by);
    course.referral.held = None;
    course.referral.status = Status::Redirected { to: name.clone(), reason: onward.reason };
    let actor = Actor::Partner(by.clone());
    course.fact(
        FactKind::Redirected,
        Some(&actor),
        format!("{name} accepted the redirect; our side is closed"),
    );
    tell_over(course, by, "accepted");
    tell_owner(
        course,
        by,
        News {
            news: "accepted",
            instead: "give them by phone what they need, so that nobody is asked again",
        },
    );
    sender::tell_outcome(course, "redirected");
    client::tell_update(course, "redirected");
}

/// Their no needs a reason, and brings it back to our owner at once.
fn declined(course: &mut Course<'_>, by: &PartnerId, words: &str) {
    let Some(reason) = DeclineReason::read(words) else { return tell_partner(course, "reason") };
    let actor = Actor::Partner(by.clone());
    let words = reason_kept(words);
    back(course, FactKind::OfferDeclined, Some(&actor), &format!("declined ({}): {words}", reason.code()));
    tell_over(course, by, "declined");
    let news = match reason {
        DeclineReason::Capacity => "declined it: no capacity",
        DeclineReason::Eligibility => "declined it: not eligible there",
        DeclineReason::Conflict => "declined it: a conflict",
        DeclineReason::Language => "declined it: the language",
        DeclineReason::Other => "declined it; the reason is in the history",
    };
    tell_owner(course, by, News { news, instead: reason.next_action() });
}

/// Their no with a place to go is a no like others: what they did not take on they cannot hand on, and whether that
/// place fits is for our owner to judge, who has the consent in hand.
fn elsewhere(course: &mut Course<'_>, by: &PartnerId, to: &str, reason: &str) {
    let actor = Actor::Partner(by.clone());
    let words = format!("declined, and named {} in its place: {}", reason_kept(to), reason_kept(reason));
    back(course, FactKind::OfferDeclined, Some(&actor), words.trim_end_matches([':', ' ']));
    tell_over(course, by, "declined");
    let instead = "see the history for which one, and redirect it there if it fits";
    tell_owner(course, by, News { news: "declined it, and named another organization", instead });
}

/// They answer what is over. The same yes again is answered again; a late one is for our owner to take up.
fn too_late(course: &mut Course<'_>, by: &PartnerId, commands: &[Command]) {
    let name = name_of(course, by);
    if matches!(&course.referral.status, Status::Redirected { to, .. } if *to == name) {
        return match went_on(commands) {
            Some((words, news, outcome)) => gone(course, by, &format!("{name} {words}"), news, outcome),
            None => tell_over(course, by, "accepted"),
        };
    }
    tell_over(course, by, "ended");
    if decisive(commands) == Some(&Command::Accept) && !course.is_closed() {
        let actor = Actor::Partner(by.clone());
        course.fact(FactKind::Noted, Some(&actor), format!("{name} would take it on, after it was over"));
        let instead = "if it still fits, redirect it to them again";
        tell_owner(course, by, News { news: "would take it on now, after the time had run out", instead });
    }
}

/// What became with them of one they had taken on (requirement 86): the words of the history, the news for our owner,
/// and the outcome for who sent it to us.
fn went_on(commands: &[Command]) -> Option<(String, &'static str, &'static str)> {
    if contradiction::contradict(commands) {
        return None;
    }
    commands.iter().find_map(|command| {
        if let Command::Redirect { to, reason } = command {
            let words = format!("redirected it on to {}: {}", reason_kept(to), reason_kept(reason));
            return Some((words, "redirected it on to another organization", "passed on"));
        }
        let Command::Close { reason } = command else { return None };
        let has_reason = !reason.trim().is_empty();
        has_reason.then(|| {
            (format!("closed it: {}", reason_kept(reason)), "closed it on their side", "ended there")
        })
    })
}

/// Our side is closed and stays so; our owner and the sender hear how it went on.
fn gone(course: &mut Course<'_>, by: &PartnerId, words: &str, news: &'static str, outcome: &'static str) {
    let actor = Actor::Partner(by.clone());
    course.fact(FactKind::Noted, Some(&actor), words);
    tell_over(course, by, "noted");
    let instead = "nothing is to be done; if the person still needs you, open it again";
    tell_owner(course, by, News { news, instead });
    sender::tell_outcome(course, outcome);
}

/// It is ours to decide again, by the end of the next business day, and before a date that must not pass.
fn back(course: &mut Course<'_>, kind: FactKind, by: Option<&Actor>, what: &str) {
    let Some(onward) = course.referral.onward.take() else { return };
    course.referral.decision = Clock::due(dates::decide_next(course));
    let name = name_of(course, &onward.to);
    course.fact(kind, by, format!("{name} {what}; back to us"));
}

/// Our letter to a partner did not arrive for good. Where it was the ask, and they did not say yet that they have it,
/// they have not been asked. A letter to whom was asked before takes nothing from whom is asked now.
pub(super) fn undeliverable(
    course: &mut Course<'_>,
    how: Lost,
    to: Option<&EmailAddress>,
    written_at: Option<DateTime<Utc>>,
) {
    // The outbox keeps milliseconds.
    let is_older = |onward: &Onward| {
        written_at.is_some_and(|at| at.timestamp_millis() < onward.asked_at.timestamp_millis())
    };
    let is_theirs = |onward: &Onward| {
        let partner = course.rules.roster.partner(&onward.to);
        to.is_none_or(|to| partner.is_some_and(|partner| is_at(partner, to)))
    };
    let unheard = course
        .referral
        .onward
        .as_ref()
        .filter(|onward| onward.received_at.is_none() && !is_older(onward) && is_theirs(onward));
    let Some(asked) = unheard.map(|onward| onward.to.clone()) else { return };
    let instead = match how {
        Lost::NoMailbox => {
            "call them, or ask another organization; the address in the settings does not work"
        }
        Lost::Refused => "call them, or ask another organization; a mail server refused our letter",
        Lost::TooLate => "call them, or ask them once more; our letter could not be sent in time",
    };
    back(course, FactKind::OfferUnanswered, None, "could not be reached by mail");
    tell_owner(course, &asked, News { news: "could not be reached by mail", instead });
}

/// The partner with this very address: another one of its domain is somebody else's.
pub(super) fn partner_at<'a>(rules: &'a Rules, address: &EmailAddress) -> Option<&'a Partner> {
    rules.roster.partners.iter().find(|partner| is_at(partner, address))
}

fn is_at(partner: &Partner, address: &EmailAddress) -> bool {
    partner.ask.iter().chain(&partner.addresses).any(|known| known.shares_mailbox(address))
}

// --- its clocks ------------------------------------------------------------------------------------------------

/// What becomes due of it; reminders leave while the partner is open.
pub(super) fn marks(course: &Course<'_>, marks: &mut Vec<(DateTime<Utc>, Mark)>) {
    let Some(onward) = &course.referral.onward else { return };
    let hours = |hours: u32| TimeDelta::hours(i64::from(hours));
    let ladder = course.ladder();
    // Never in the first half of the time they have.
    let reminder_at = |clock: &Clock| {
        let half = onward.asked_at + (clock.due_at - onward.asked_at) / 2;
        let at = clock.due_at - hours(ladder.remind_hours);
        open_there(course, onward, at).max(half)
    };
    if onward.received_at.is_none() && onward.receipt.due_at < onward.decision.due_at {
        if onward.receipt.reminded_at.is_none() {
            marks.push((reminder_at(&onward.receipt), Mark::ReceiptReminder));
        }
        if onward.receipt.escalated_at.is_none() {
            marks.push((onward.receipt.due_at + hours(ladder.escalate_hours), Mark::ReceiptOverdue));
        }
    }
    if onward.decision.reminded_at.is_none() {
        marks.push((reminder_at(&onward.decision), Mark::AnswerReminder));
    }
    marks.push((onward.decision.due_at + hours(ladder.escalate_hours), Mark::AnswerOverdue));
}

fn open_there(course: &Course<'_>, onward: &Onward, at: DateTime<Utc>) -> DateTime<Utc> {
    let partner = course.rules.roster.partner(&onward.to).filter(|_| !course.ladder().any_hour);
    partner.map_or(at, |partner| partner.calendar(&course.rules.calendar).last_open(at))
}

/// Works off one of them.
pub(super) fn work_off(course: &mut Course<'_>, mark: Mark) {
    let now = course.now;
    let Some(onward) = &mut course.referral.onward else { return };
    let to = onward.to.clone();
    match mark {
        Mark::ReceiptReminder => {
            onward.receipt.reminded_at = Some(now);
            remind(course, &to);
        }
        Mark::AnswerReminder => {
            onward.decision.reminded_at = Some(now);
            remind(course, &to);
        }
        Mark::ReceiptOverdue => {
            onward.receipt.reminded_at = Some(now);
            onward.receipt.escalated_at = Some(now);
            remind(course, &to);
            let instead = "call them: it stays yours until they say yes";
            tell_owner(course, &to, News { news: "has not said that it has the redirect", instead });
        }
        Mark::AnswerOverdue => run_out(course, &to),
        Mark::HoldEscalates
        | Mark::ContactReminder
        | Mark::LoopBack
        | Mark::ContactEscalation
        | Mark::NextRung
        | Mark::Warning
        | Mark::Bounce
        | Mark::DecisionReminder
        | Mark::DecisionEscalation
        | Mark::ConflictReminder
        | Mark::ConflictEscalation
        | Mark::ContactLatest
        | Mark::UpdateDue
        | Mark::UpdateOverdue => {}
    }
}

fn remind(course: &mut Course<'_>, to: &PartnerId) {
    let name = name_of(course, to);
    course.fact(FactKind::Reminded, None, format!("{name} reminded of the redirect"));
    tell_partner(course, "reminder");
}

fn run_out(course: &mut Course<'_>, to: &PartnerId) {
    back(course, FactKind::OfferUnanswered, None, "did not answer: redirect unanswered");
    course.letters.retain(|letter| letter.to.part != Part::Receiver);
    tell_over(course, to, "ended");
    let instead = "call them, or ask another organization, or decide again here";
    tell_owner(course, to, News { news: "did not answer in its time: redirect unanswered", instead });
}
