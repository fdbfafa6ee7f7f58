//! Mails become records: one decision a person, one receipt a mail.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::Clock;
use super::super::contact::Contact;
use super::super::event::Arrival;
use super::super::handovers::Handovers;
use super::super::letter::{Body, Letter, Part, Receipt, ReceiptLine, Recipient};
use super::super::packet::{Judged, Packet};
use super::super::policy::{Policy, Tier};
use super::super::record::{FactKind, NextAction, Referral, Rung, Status};
use super::super::reference::Reference;
use super::super::roster::Mode;
use super::super::safety;
use super::{Course, Decision, Rules, client, conflict, dates, due, eligibility, theirs, urgency};

/// A mail read within so long of its arrival counts from its arrival.
const PROMPT: TimeDelta = TimeDelta::hours(1);

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
    let tier = urgency::tier(rules, policy, &arrival.packet, arrival.received_at, now);
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
    client::confirm(&mut course);
    dates::at_arrival(&mut course);
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
    let first_due = due::due_of(ladder, 0, from, &rules.calendar);
    let before_a_date = |due_at| dates::before_one(rules, &arrival.packet, due_at, from);
    let first_due = before_a_date(first_due);
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
        decision: Clock::due(before_a_date(ladder.decision_target.after(from, &rules.calendar))),
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
        first_letter: None,
        allowed_at: None,
        transcribe: arrival.transcribe,
        consent_told: None,
        address_shared: arrival.address_shared,
        address_doubted_at: arrival.address_doubted_at,
        email_doubted_at: None,
        email_confirmed_at: None,
        email_told: None,
        email_refused_at: safety::says_no_to_email(&arrival.packet).then_some(received_at),
        address_came_at: None,
        unread_since: None,
        conflict: super::super::conflict::Conflict::default(),
        onward: None,
        asks: 0,
        handovers: Handovers::default(),
    }
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
        partner_reference: theirs::partner_reference(&referral.packet),
        owner: rules.name_of(&referral.owner),
        contact_by: due::contact_due(course),
        decision_by: referral.decision.due_at,
        missing: arrival.missing.iter().map(|field| field.label()).collect(),
        remarks: remarks(&referral.packet),
        part_two: referral.packet.is_part_two(),
    }
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
