//! A redirect to a partner by itself: every short history of what our staff, the partner and time can do to it.

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::command::Command;
use handoffd::referral::decide::{Decision, Rules, decide};
use handoffd::referral::event::{Event, Service};
use handoffd::referral::letter::{Body, Part};
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::party::{Actor, Party};
use handoffd::referral::policy::Span;
use handoffd::referral::record::{FactKind, Referral, Status};
use handoffd::referral::roster::{Mode, PartnerId, StaffId};

use super::office::{address, at, holds, opened, packet, rules};

const MORNING: &str = "2026-11-24T15:00:00Z";

fn office() -> Rules {
    rules(Mode::Enforce)
}

fn staff(command: Command) -> Event {
    Event::Commanded { by: Actor::Staff(StaffId("maria".to_owned())), commands: vec![command] }
}

fn partner(id: &str, commands: Vec<Command>) -> Event {
    Event::Answered { by: PartnerId(id.to_owned()), commands }
}

fn because() -> String {
    "because".to_owned()
}

fn redirect(to: &str) -> Event {
    staff(Command::Redirect { to: to.to_owned(), reason: because() })
}

fn alphabet() -> Vec<Event> {
    vec![
        redirect("North Clinic"),
        redirect("Somebody Else"),
        staff(Command::Close { reason: because() }),
        staff(Command::Reopen { reason: because() }),
        partner("north", vec![Command::Received]),
        partner("north", vec![Command::Accept]),
        partner("north", vec![Command::Decline { reason: "capacity".to_owned() }]),
        partner("north", vec![Command::Decline { reason: String::new() }]),
        Event::DeliveryFailed { who: Party::Receiver, hard: true, to: None },
        Event::TimePassed(Service::default()),
        partner("north", vec![Command::Accept, Command::Decline { reason: because() }]),
        partner("north", Vec::new()),
        partner("nobody", vec![Command::Accept]),
        Event::PersonWrote { who: Party::Receiver },
        redirect("NORTH"),
        redirect("Harbor"),
        staff(Command::Received),
    ]
}

fn walk(rules: &Rules, referral: &Referral, events: &[Event], left: u32, seen: &mut u64) {
    // Two days between any two things: in a short history every clock of it runs out.
    let now = at(MORNING) + TimeDelta::days(2 * i64::from(5 - left));
    for event in events {
        let decision = decide(rules, referral, event, now);
        holds(rules, Some(referral), &decision, now);
        allowed(referral, &decision, event);
        *seen += 1;
        let passed = Event::TimePassed(Service::default());
        let first = decide(rules, &decision.referral, &passed, now);
        let second = decide(rules, &first.referral, &passed, now);
        assert!(second.facts.is_empty() && second.letters.is_empty(), "asking too often changes nothing");
        if left > 1 {
            walk(rules, &first.referral, events, left - 1, seen);
        }
    }
}

fn allowed(before: &Referral, decision: &Decision, event: &Event) {
    let after = &decision.referral;
    assert_eq!(before.owner, after.owner, "one owner of ours, whatever the partner does");
    let open =
        |referral: &Referral| !matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
    assert!(after.onward.is_none() || open(after), "what waits for a partner is open");
    if let Event::Answered { by, commands } = event {
        let asked = before.onward.as_ref().is_some_and(|onward| onward.to == *by);
        let yes = commands.len() == 1 && commands[0] == Command::Accept;
        let closes = open(before) && !open(after);
        assert_eq!(closes, asked && yes, "only the yes of who was asked closes our side");
        let outcome = decision.letters.iter().any(|letter| letter.body.kind() == "outcome");
        assert_eq!(outcome, closes, "the sender hears of it then, and then only");
        let no =
            commands.len() == 1 && matches!(&commands[0], Command::Decline { reason } if !reason.is_empty());
        let declined = decision.facts.iter().any(|fact| fact.kind == FactKind::OfferDeclined);
        assert_eq!(declined, asked && no, "a no needs its reason");
        if asked && before.onward.is_some() && after.onward.is_none() {
            let news = decision.letters.iter().any(|letter| letter.body.kind() == "redirect-news");
            assert!(news, "our owner hears what follows");
        }
    }
    for letter in decision.letters.iter().filter(|letter| letter.to.part == Part::Receiver) {
        assert_eq!(letter.to.address, address("desk@north.example"));
        assert_eq!(letter.answers, None);
    }
    let to_partner = decision.letters.iter().filter(|letter| letter.to.part == Part::Receiver).count();
    assert!(to_partner <= 1, "one letter at a time");
}

#[test]
fn every_short_history_of_a_redirect_holds_the_invariants() {
    let (rules, all) = (office(), alphabet());
    // What differs in the name only, or in who says it, is worth shorter histories.
    let most: Vec<Event> = all.iter().take(10).cloned().collect();
    let first = opened(&rules, packet("normal"), Vec::new(), at(MORNING));
    for (events, length) in [(&all, 3), (&most, 4)] {
        let mut seen = 0;
        walk(&rules, &first.referral, events, length, &mut seen);
        let n = events.len() as u64;
        assert_eq!(seen, (1..=length).map(|steps| n.pow(steps)).sum::<u64>());
    }
}

/// What happens to a redirect nobody answers, by the clock alone: when, and which kind of thing.
fn silence(rules: &Rules, urgency: &str, asked_at: DateTime<Utc>) -> Vec<(DateTime<Utc>, FactKind)> {
    let first = opened(rules, packet(urgency), Vec::new(), asked_at).referral;
    let mut referral = decide(rules, &first, &redirect("north"), asked_at).referral;
    assert!(referral.onward.is_some());
    let (mut seen, mut warned) = (Vec::new(), None);
    for _ in 0..80 {
        let Some(next) = referral.look_at else { break };
        let event = Event::TimePassed(Service { inbox_read_at: Some(next), warning_sent_at: warned });
        let decision = decide(rules, &referral, &event, next);
        holds(rules, Some(&referral), &decision, next);
        if decision.facts.iter().any(|fact| fact.kind == FactKind::Warned) {
            warned = Some(next);
        }
        let about = |words: &str| words.contains("North Clinic");
        let facts = decision.facts.iter().filter(|fact| about(&fact.words));
        seen.extend(facts.map(|fact| (fact.at, fact.kind)));
        referral = decision.referral;
        if referral.onward.is_none() {
            break;
        }
    }
    assert!(referral.onward.is_none(), "a redirect does not wait for ever");
    seen
}

#[test]
fn a_silent_partner_is_reminded_in_its_own_days_and_then_it_is_ours_again() {
    let mut rules = office();
    let hours = rules.calendar.week[0];
    rules.roster.partners[1].week = Some([None, hours, None, None, None, None, None]);
    rules.roster.partners[1].redirect_receipt = Span::business_days(0);
    rules.roster.partners[1].redirect_decision = Span::business_days(1);
    // Asked on a Wednesday: the Tuesday after is theirs.
    let seen = silence(&rules, "normal", at("2026-11-25T15:00:00Z"));
    let expected = [
        ("2026-12-01T18:00:00Z", FactKind::Reminded),
        ("2026-12-02T14:00:00Z", FactKind::Reminded),
        ("2026-12-08T18:00:00Z", FactKind::Reminded),
        ("2026-12-09T14:00:00Z", FactKind::OfferUnanswered),
    ];
    assert_eq!(seen, expected.map(|(instant, kind)| (at(instant), kind)));
}

/// Every hour of two weeks, every tier, two kinds of week.
#[test]
fn a_redirect_always_ends_and_never_later_than_danger_allows() {
    let mut rules = office();
    for slot in [false, true] {
        let hours = rules.calendar.week[0];
        rules.roster.partners[1].week = slot.then_some([None, hours, None, None, None, None, None]);
        for hour in 0..14 * 24 {
            let asked_at = at("2026-11-16T00:30:00Z") + TimeDelta::hours(hour);
            for urgency in ["normal", "danger"] {
                let seen = silence(&rules, urgency, asked_at);
                let (ended_at, kind) = *seen.last().unwrap();
                assert_eq!(kind, FactKind::OfferUnanswered);
                assert!(seen.iter().filter(|(_, kind)| *kind == FactKind::Reminded).count() <= 3);
                let latest = if urgency == "danger" { TimeDelta::hours(50) } else { TimeDelta::days(35) };
                assert!(ended_at - asked_at <= latest, "{urgency} {slot} from {asked_at}: {ended_at}");
                assert!(seen.iter().all(|(at, _)| *at > asked_at));
            }
        }
    }
}

#[test]
fn only_a_clear_yes_to_sharing_lets_a_partner_accept() {
    let rules = office();
    let unclear = || Judged::Unclear("perhaps".to_owned());
    for (share, contact, expected) in [
        (Some(Judged::Yes), Some(Judged::Yes), true),
        (Some(Judged::Yes), None, true),
        (Some(Judged::Yes), Some(Judged::No), false),
        (Some(Judged::No), Some(Judged::Yes), false),
        (Some(unclear()), Some(Judged::Yes), false),
        (Some(Judged::Text), None, false),
        (None, Some(Judged::Yes), false),
        (None, None, false),
    ] {
        let mut packet = packet("normal");
        let mut fields = handoffd::referral::packet::Packet::default();
        for (field, found) in
            packet.iter().filter(|(field, _)| !matches!(field, Field::Consent | Field::ConsentContact))
        {
            fields.put(field, found.clone());
        }
        packet = fields;
        for (field, judged) in [(Field::Consent, &share), (Field::ConsentContact, &contact)] {
            let Some(judged) = judged.clone() else { continue };
            let found =
                Found { value: "x".to_owned(), judged, confidence: Confidence::High, place: String::new() };
            packet.put(field, found);
        }
        let first = opened(&rules, packet, Vec::new(), at(MORNING)).referral;
        let asked = decide(&rules, &first, &redirect("north"), at(MORNING));
        let offer = asked.letters.iter().find_map(|letter| {
            if let Body::RedirectOffer(offer) = &letter.body { Some(offer.clone()) } else { None }
        });
        let offer = offer.unwrap();
        assert_eq!(offer.consented, expected);
        assert_eq!(offer.answers.contains(&"accept"), expected, "{share:?} {contact:?}");
        let yes = decide(&rules, &asked.referral, &partner("north", vec![Command::Accept]), at(MORNING));
        assert_eq!(matches!(yes.referral.status, Status::Redirected { .. }), expected);
    }
}
