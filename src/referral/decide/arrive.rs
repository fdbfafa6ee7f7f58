//! Mails become records: one decision a person, one receipt a mail.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::event::{Actor, Arrival, Day};
use super::super::handovers::Handovers;
use super::super::letter::{Body, Letter, Part, Receipt, ReceiptLine, Recipient};
use super::super::packet::{Confidence, Deadline, Field, Found, Judged, Packet};
use super::super::policy::{Policy, Tier};
use super::super::record::{Clock, Contact, FactKind, NextAction, Referral, Rung, Status};
use super::super::reference::Reference;
use super::super::roster::Mode;
use super::{Course, Decision, Rules, bounce, client, conflict, eligibility, time};

/// A mail read within so long of its arrival counts from its arrival.
const PROMPT: TimeDelta = TimeDelta::hours(1);
/// Nobody can be reached sooner than this, whatever date comes.
const SOONEST: TimeDelta = TimeDelta::hours(2);

/// Opens one record for each person of a mail. The references were drawn by the caller, one each; the receipt, one for
/// all, hangs on the first decision.
#[must_use]
pub fn arrive(
    rules: &Rules,
    arrivals: &[Arrival],
    references: &[Reference],
    now: DateTime<Utc>,
) -> Vec<Decision> {
    let mut courses: Vec<Course<'_>> = arrivals
        .iter()
        .zip(references)
        .map(|(arrival, reference)| open(rules, arrival, reference, now))
        .collect();
    let receipt = receipt(rules, arrivals, &courses);
    if let (Some(letter), Some(first)) = (receipt, courses.first_mut()) {
        first.letters.insert(0, letter);
    }
    courses.into_iter().map(Course::end).collect()
}

fn open<'a>(rules: &'a Rules, arrival: &Arrival, reference: &Reference, now: DateTime<Utc>) -> Course<'a> {
    let partner = arrival.sender.partner.as_ref().and_then(|id| rules.roster.partner(id));
    let policy = rules.policy(partner.and_then(|partner| partner.policy.as_deref()));
    let tier = tier(rules, policy, arrival, now);
    let referral = record(rules, policy, tier, arrival, reference, now);
    let mut course = Course::of(rules, referral, None, now);
    course.fact(
        FactKind::Received,
        None,
        format!("received, tier {}, policy {}", tier.word(), policy.label()),
    );
    if !arrival.missing.is_empty() {
        let labels: Vec<&str> = arrival.missing.iter().map(|field| field.label()).collect();
        course.fact(FactKind::Incomplete, None, format!("missing: {}", labels.join(", ")));
    }
    let owner = course.referral.owner.clone();
    course.fact(FactKind::Assigned, None, format!("owner is {owner}"));
    write_to_client(&mut course);
    speak_of_dates(&mut course);
    eligibility::screened(&mut course, None);
    conflict::at_arrival(&mut course, &arrival.conflicts);
    let mut answers = vec!["details", "attempt call no answer", "confirmed", "needs"];
    answers.extend(conflict::answers(&course));
    answers.extend(["accept", "decline"]);
    let task = course.task(answers);
    course.write_staff(&owner, "1", Body::Assignment(task));
    course
}

fn record(
    rules: &Rules,
    policy: &Policy,
    tier: Tier,
    arrival: &Arrival,
    reference: &Reference,
    now: DateTime<Utc>,
) -> Referral {
    let ladder = policy.ladder(tier);
    let received_at = arrival.received_at;
    let status = if arrival.missing.is_empty() { Status::Received } else { Status::NeedsInfo { since: now } };
    // What waited in the inbox while we could not read it is not late on the day we read it.
    let from = if now - received_at > PROMPT { now } else { received_at };
    let first_due = time::due_of(ladder, 0, from, &rules.calendar);
    let first_due = before_a_date(rules, &arrival.packet, first_due, from);
    Referral {
        reference: reference.clone(),
        status,
        contact: Contact::NotStarted,
        owner: rules.roster.route(&arrival.packet, arrival.sender.partner.as_ref(), &arrival.open, now),
        next_action: NextAction::ReachClient,
        next_action_at: first_due,
        look_at: None,
        tier,
        sender: arrival.sender.clone(),
        received_at,
        mode: arrival
            .sender
            .partner
            .as_ref()
            .and_then(|id| rules.roster.partner(id))
            .map_or(Mode::Enforce, |partner| partner.mode),
        policy: policy.label(),
        terms: Some(policy.terms(tier)),
        decision: Clock::due(ladder.decision_target.after(from, &rules.calendar)),
        rung: Rung {
            from,
            first_attempt: 0,
            step: 0,
            clock: Clock::due(first_due),
            warned_at: None,
            looped_back_at: None,
            latest: Some(ladder.contact_fallback.after(from, &rules.calendar)),
            latest_told_at: None,
        },
        update: None,
        packet: arrival.packet.clone(),
        missing: arrival.missing.clone(),
        questions: arrival.questions.clone(),
        attempts: Vec::new(),
        held: None,
        stopped: arrival.stopped,
        allowed_at: None,
        transcribe: arrival.transcribe,
        consent_told: None,
        address_shared: arrival.address_shared,
        address_doubted_at: arrival.address_doubted_at,
        conflict: super::super::conflict::Conflict::default(),
        onward: None,
        asks: 0,
        handovers: Handovers::default(),
    }
}

/// A rung is due before a date that must not pass, though never sooner than somebody can act.
pub(super) fn before_a_date(
    rules: &Rules,
    packet: &Packet,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    coming(rules, packet, now).map_or(due_at, |(_, at)| due_at.min(at.max(now + SOONEST)))
}

/// The next date that must not pass, with its label. A day without a time of day begins at midnight and counts until
/// it is over.
fn coming(rules: &Rules, packet: &Packet, now: DateTime<Utc>) -> Option<(&'static str, DateTime<Utc>)> {
    let dates = packet.deadlines().filter(|deadline| !is_over(rules, deadline, now));
    dates.map(|deadline| (deadline.kind.label(), begins(rules, &deadline))).min_by_key(|(_, at)| *at)
}

fn begins(rules: &Rules, deadline: &Deadline) -> DateTime<Utc> {
    rules.calendar.instant(deadline.date, deadline.time.unwrap_or_default())
}

fn is_over(rules: &Rules, deadline: &Deadline, now: DateTime<Utc>) -> bool {
    let length = if deadline.time.is_some() { TimeDelta::zero() } else { TimeDelta::days(1) };
    begins(rules, deadline) + length <= now
}

/// A date before the end of the ladder is told to the workflow owner at once, also at night; one that is over is said
/// to be over (requirement 94).
fn speak_of_dates(course: &mut Course<'_>) {
    let (rules, now) = (course.rules, course.now);
    let over: Vec<&str> = course
        .referral
        .packet
        .deadlines()
        .filter(|deadline| is_over(rules, deadline, now))
        .map(|deadline| deadline.kind.label())
        .collect();
    course.referral.questions.extend(over.into_iter().map(|label| format!("\"{label}\" is over already")));
    let ends_at = bounce::bounce_due(course);
    let soon = coming(rules, &course.referral.packet, now).filter(|(_, at)| *at < ends_at);
    let Some((label, _)) = soon else { return };
    course.fact(FactKind::Raised, None, format!("\"{label}\" comes before the last step"));
    let workflow_owner = rules.roster.workflow_owner.clone();
    if course.mode() != Mode::Observe && course.referral.owner != workflow_owner {
        let task = course.task(vec!["assign", "attempt call no answer", "confirmed"]);
        course.write_staff(&workflow_owner, "date", Body::Escalation(task));
    }
}

/// A date that staff heard from the person: it counts like one of the packet, moves the decision before it, and is told
/// at once where it comes soon. Answers why it does not count.
pub(super) fn date_found(course: &mut Course<'_>, by: &Actor, day: Day) -> Option<&'static str> {
    let (rules, now) = (course.rules, course.now);
    let today = rules.calendar.local(now).date_naive();
    let date = day.on(today)?;
    if date < today {
        return Some("that date is over already: confirmed deadline …");
    }
    let packet = &mut course.referral.packet;
    let vacant =
        [Field::OtherDeadline, Field::FilingDeadline].into_iter().find(|one| packet.get(*one).is_none());
    let known = packet.deadlines().any(|deadline| deadline.date == date);
    let kind = vacant.filter(|_| !known)?;
    let judged = Judged::Date { date, time: None, ambiguous: false };
    let place = "heard at contact".to_owned();
    packet.put(kind, Found { value: date.to_string(), judged, confidence: Confidence::High, place });
    let due_at = before_a_date(rules, &course.referral.packet, course.referral.decision.due_at, now);
    if due_at < course.referral.decision.due_at {
        course.referral.decision = Clock::due(due_at);
    }
    let latest = course.ladder().decision_fallback.after(now, &rules.calendar);
    let (_, at) = coming(rules, &course.referral.packet, now).filter(|(_, at)| *at < latest)?;
    let shown = rules.calendar.local(at).format("%a %-d %b");
    course.fact(FactKind::Raised, Some(by), format!("a date that must not pass is near: {shown}"));
    let workflow_owner = rules.roster.workflow_owner.clone();
    if course.mode() != Mode::Observe && *by != Actor::Staff(workflow_owner.clone()) {
        let task = course.task(vec!["assign", "accept", "redirect to"]);
        course.write_staff(&workflow_owner, format!("date-{}", now.timestamp()), Body::Escalation(task));
    }
    None
}

/// The tier follows from the packet (requirement 94): words of danger first, then dates that come before the ladder
/// would end.
fn tier(rules: &Rules, policy: &Policy, arrival: &Arrival, now: DateTime<Utc>) -> Tier {
    if speaks_of_danger(&arrival.packet) {
        return Tier::Safety;
    }
    let ends_at = policy.standard.bounce.after(arrival.received_at, &rules.calendar) + TimeDelta::days(4);
    let soon = coming(rules, &arrival.packet, now);
    if soon.is_some_and(|(_, at)| at <= ends_at) || speaks_of_urgency(&arrival.packet) {
        Tier::Deadline
    } else {
        Tier::Standard
    }
}

fn speaks_of_danger(packet: &Packet) -> bool {
    const WORDS: [&str; 14] = [
        "danger",
        "unsafe",
        "safety",
        "emergency",
        "crisis",
        "violen",
        "threat",
        "immediate",
        "life",
        "peligro",
        "emergencia",
        "inseguro",
        "amenaza",
        "inmediat",
    ];
    urgency(packet)
        .is_some_and(|words| !speaks_against(&words) && WORDS.iter().any(|word| words.contains(word)))
}

fn speaks_of_urgency(packet: &Packet) -> bool {
    const WORDS: [&str; 8] = ["urgent", "high", "asap", "today", "tomorrow", "alta", "hoy", "mañana"];
    packet.get(Field::Urgency).is_some_and(|found| found.judged == Judged::Yes)
        || urgency(packet)
            .is_some_and(|words| !speaks_against(&words) && WORDS.iter().any(|word| words.contains(word)))
}

fn urgency(packet: &Packet) -> Option<String> {
    packet.text(Field::Urgency).map(str::to_lowercase)
}

fn speaks_against(words: &str) -> bool {
    ["not ", "no ", "non-", "none", "low"].iter().any(|word| words.starts_with(word))
}

/// The client's confirmation, if the gate lets it through; if not, the reason is in the record.
fn write_to_client(course: &mut Course<'_>) {
    // The client hears the same instant as the partner: the one the owner works to.
    let hear_by = time::contact_due(course);
    let body = Body::ClientConfirmation { reference: course.referral.reference.clone(), hear_by };
    client::write(course, "1", body);
}

/// One receipt for the whole mail: full for the roster, neutral for everybody else, none where no answer may go.
fn receipt(rules: &Rules, arrivals: &[Arrival], courses: &[Course<'_>]) -> Option<Letter> {
    let sender = &arrivals.first()?.sender;
    let to = Recipient { part: Part::Sender, address: sender.answer_to.clone()? };
    let body = if sender.partner.is_some() {
        let lines = arrivals.iter().zip(courses).map(|(arrival, course)| line(rules, arrival, course));
        Body::Receipt(Receipt { referrals: lines.collect() })
    } else if rules.neutral_receipts {
        Body::NeutralReceipt {
            references: courses.iter().map(|course| course.referral.reference.clone()).collect(),
            part_two: courses.iter().any(|course| course.referral.packet.is_part_two()),
        }
    } else {
        return None;
    };
    Some(Letter { to, body, step: "1".to_owned(), answers: sender.message_id.clone() })
}

fn line(rules: &Rules, arrival: &Arrival, course: &Course<'_>) -> ReceiptLine {
    let referral = &course.referral;
    ReceiptLine {
        reference: referral.reference.clone(),
        place: arrival.place + 1,
        partner_reference: partner_reference(&referral.packet),
        owner: rules.name_of(&referral.owner),
        contact_by: time::contact_due(course),
        decision_by: referral.decision.due_at,
        missing: arrival.missing.iter().map(|field| field.label()).collect(),
        remarks: remarks(&referral.packet),
        part_two: referral.packet.is_part_two(),
    }
}

/// The sender's own reference may be echoed only if it is a short plain word (RELIABILITY §4).
pub(super) fn partner_reference(packet: &Packet) -> Option<String> {
    let text = packet.text(Field::PartnerReference)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-/._#".contains(c);
    (text.len() <= 40 && text.chars().all(plain) && text.chars().any(|c| c.is_ascii_digit()))
        .then(|| text.to_owned())
}

/// What is wrong with a value, never the value.
fn remarks(packet: &Packet) -> Vec<String> {
    packet
        .iter()
        .filter_map(|(_, found)| match &found.judged {
            Judged::Phone { problem, .. } | Judged::Email { problem, .. } => problem.clone(),
            Judged::Text
            | Judged::Yes
            | Judged::YesUntil { .. }
            | Judged::No
            | Judged::Unclear(_)
            | Judged::Channels(_)
            | Judged::Date { .. }
            | Judged::Language(_)
            | Judged::Scope(_)
            | Judged::How(_)
            | Judged::By(_) => None,
        })
        .collect()
}
