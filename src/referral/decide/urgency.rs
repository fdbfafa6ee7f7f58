//! Urgency: the tier follows from the packet (requirement 94), whenever it came; it only ever rises.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::packet::{Field, Judged, Packet};
use super::super::policy::{Policy, Tier};
use super::super::record::FactKind;
use super::{Course, Rules, anew, dates};

/// A date so long after the end of the standard ladder still makes it urgent.
const AFTER_THE_LADDER: TimeDelta = TimeDelta::days(4);

/// The tier of a packet that counts from this instant: words of danger first, then dates that come before the standard
/// ladder would end, or soon after.
pub(super) fn tier(
    rules: &Rules,
    policy: &Policy,
    packet: &Packet,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Tier {
    if speaks_of_danger(packet) {
        return Tier::Safety;
    }
    let ends_at = policy.standard.bounce.after(from, &rules.calendar) + AFTER_THE_LADDER;
    let soon = dates::next(rules, packet, now);
    if soon.is_some_and(|at| at <= ends_at) || speaks_of_urgency(packet) {
        Tier::Deadline
    } else {
        Tier::Standard
    }
}

/// A later mail of the sender may make it more urgent: the faster ladder begins now. What waits for somebody to read it
/// still waits.
pub(super) fn said_later(course: &mut Course<'_>, said: &Packet) {
    let (rules, now) = (course.rules, course.now);
    let policy = rules.policy_labelled(&course.referral.policy);
    let of = |packet: &Packet| tier(rules, policy, packet, now, now);
    let tier = of(said).max(of(&course.referral.packet));
    if tier <= course.referral.tier || course.is_closed() {
        return;
    }
    anew::run_faster(course, tier);
    course.fact(FactKind::Raised, None, format!("tier is {}, by what the sender wrote", tier.word()));
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
