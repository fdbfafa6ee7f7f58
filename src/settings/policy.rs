//! `[policy.NAME]`: clocks and ladders, each starting from the seed's and changed key by key.

use chrono::{DateTime, TimeDelta, Utc};

use crate::referral::calendar::Calendar;
use crate::referral::policy::{Ladder, Policy, Span, Step, Terms};

use super::mistake::{Wrong, wrong};
use super::reader::{Item, Read, Section, short_id};

/// The longest span: a quarter of a year.
const LONGEST_HOURS: u32 = 2_160;
const LONGEST_BUSINESS_DAYS: u32 = 60;

/// The name of the policy that is always there.
pub(super) const SEED: &str = "seed";

/// Every policy, the default one first: `chosen`, else the first in the file, else the seed's.
pub(super) fn policies(
    sections: &[(String, Section<'_>)],
    chosen: Option<&str>,
    calendar: &Calendar,
) -> Read<Vec<Policy>> {
    let read: Vec<Read<Policy>> =
        sections.iter().map(|(name, section)| policy(name, section, calendar)).collect();
    let mut policies = read.into_iter().collect::<Read<Vec<Policy>>>()?;
    if !policies.iter().any(|policy| policy.name == SEED) {
        policies.push(Policy::seed());
    }
    // A stable sort by "is not the chosen one" brings it to the front and leaves the rest in the order of the file.
    policies.sort_by_key(|policy| chosen.is_some_and(|chosen| policy.name != chosen));
    Ok(policies)
}

fn policy(name: &str, section: &Section<'_>, calendar: &Calendar) -> Read<Policy> {
    let seed = Policy::seed();
    let name = short_id(name).map_err(|wrong| section.wrong(wrong));
    let version = section.number("version", 1..=1_000_000, seed.version);
    let grace_hours = section.number("grace_hours", 0..=168, seed.grace_hours);
    let needs_info_cap = span_or(section, "needs_info_cap", seed.needs_info_cap);
    let conflict_check = span_or(section, "conflict_check", seed.conflict_check);
    let grace = grace_hours.unwrap_or(0);
    let safety = ladder(&section.section("safety"), seed.safety, grace, calendar);
    let deadline = ladder(&section.section("deadline"), seed.deadline, grace, calendar);
    let standard = ladder(&section.section("standard"), seed.standard, grace, calendar);
    section.finish();
    Ok(Policy {
        name: name?,
        version: version?,
        safety: safety?,
        deadline: deadline?,
        standard: standard?,
        grace_hours: grace_hours?,
        needs_info_cap: needs_info_cap?,
        conflict_check: conflict_check?,
    })
}

fn ladder(section: &Section<'_>, seed: Ladder, grace_hours: u32, calendar: &Calendar) -> Read<Ladder> {
    let contact_target = span_or(section, "contact_target", seed.contact_target);
    let contact_fallback = span_or(section, "contact_fallback", seed.contact_fallback);
    let decision_target = span_or(section, "decision_target", seed.decision_target);
    let decision_fallback = span_or(section, "decision_fallback", seed.decision_fallback);
    let update_target = span_or(section, "update_target", seed.update_target);
    let update_fallback = span_or(section, "update_fallback", seed.update_fallback);
    let steps = section.get("steps").map_or(Ok(seed.steps), |item| steps(&item));
    let bounce = span_or(section, "bounce", seed.bounce);
    let remind_hours = section.number("remind_hours", 0..=168, seed.remind_hours);
    let escalate_hours = section.number("escalate_hours", 0..=168, seed.escalate_hours);
    let any_hour = section.flag("any_hour", seed.any_hour);
    section.finish();
    let ladder = Ladder {
        contact_target: contact_target?,
        contact_fallback: contact_fallback?,
        decision_target: decision_target?,
        decision_fallback: decision_fallback?,
        update_target: update_target?,
        update_fallback: update_fallback?,
        steps: steps?,
        bounce: bounce?,
        remind_hours: remind_hours?,
        escalate_hours: escalate_hours?,
        any_hour: any_hour?,
    };
    let problems = out_of_order(&ladder, grace_hours, calendar);
    let noted = problems.into_iter().map(|problem| section.wrong(problem)).last();
    noted.map_or(Ok(ladder), Err)
}

fn span_or(section: &Section<'_>, key: &'static str, default: Span) -> Read<Span> {
    section.read_or(key, default, span)
}

fn steps(item: &Item<'_>) -> Read<Vec<Step>> {
    let items = item.items()?;
    if items.is_empty() || items.len() > 10 {
        let remedy = "write steps = [{ due = \"24h\", attempts = 2 }]";
        return Err(item.wrong(wrong("a ladder has 1 to 10 steps", remedy)));
    }
    let steps: Vec<Read<Step>> = items.iter().map(step).collect();
    steps.into_iter().collect()
}

fn step(item: &Item<'_>) -> Read<Step> {
    let section = item.section()?;
    let due = section.need_read("due", "\"24h\"", span);
    let attempts = section.need("attempts", "2").and_then(|item| item.number(1..=20));
    let loop_back = section.flag("loop_back", false);
    section.finish();
    Ok(Step { due: due?, attempts: attempts?, loop_back: loop_back? })
}

/// `24h`, `3 business days`, `same business day`, or two of them with `or`: the stricter one counts.
pub(super) fn span(text: &str) -> Result<Span, Wrong> {
    let mut span = Span { hours: None, business_days: None };
    for part in text.split(" or ") {
        let (hours, days) = one_span(part.trim()).ok_or_else(not_a_span)?;
        if (hours.is_some() && span.hours.is_some()) || (days.is_some() && span.business_days.is_some()) {
            return Err(not_a_span());
        }
        span = Span { hours: hours.or(span.hours), business_days: days.or(span.business_days) };
    }
    let fits = span.hours.is_none_or(|hours| (1..=LONGEST_HOURS).contains(&hours))
        && span.business_days.is_none_or(|days| days <= LONGEST_BUSINESS_DAYS);
    if fits {
        Ok(span)
    } else {
        let most = format!("at least 1h, at most {LONGEST_HOURS}h or {LONGEST_BUSINESS_DAYS} business days");
        Err(wrong("is out of range", most))
    }
}

fn one_span(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    if text == "same business day" {
        return Some((None, Some(0)));
    }
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u32 = number.parse().ok()?;
    match unit.trim() {
        "h" | "hour" | "hours" => Some((Some(number), None)),
        "business day" | "business days" => Some((None, Some(number))),
        _ => None,
    }
}

fn not_a_span() -> Wrong {
    wrong("is not a span of time", "write \"24h\", \"3 business days\" or \"24h or 1 business day\"")
}

/// What is out of order in a ladder.
fn out_of_order(ladder: &Ladder, grace_hours: u32, calendar: &Calendar) -> Vec<Wrong> {
    let plain = Calendar { week: calendar.week, ..super::plain_calendar(calendar.zone) };
    let in_order =
        |first: Span, second: Span, apart_hours: u32| never_after(first, second, apart_hours, &plain);
    let pairs = || ladder.steps.iter().zip(ladder.steps.iter().skip(1));
    let mut problems = Vec::new();
    if pairs().any(|(one, next)| !in_order(one.due, next.due, 1)) {
        problems.push(wrong(
            "the steps are not in order: one is due less than an hour after the one above it",
            "sort them by due, and keep hours and business days comparable on every weekday",
        ));
    }
    if pairs().any(|(one, next)| next.attempts < one.attempts) {
        problems.push(wrong("a later step asks for fewer attempts", "attempts count all made until then"));
    }
    if let Some(last) = ladder.steps.last().filter(|last| !in_order(last.due, ladder.bounce, grace_hours)) {
        let (bounce, due) = (words(ladder.bounce), words(last.due));
        problems.push(wrong(
            format!(
                "the bounce ({bounce}) can come before the last step ({due}) and its grace of {grace_hours} h are over"
            ),
            "raise bounce or lower grace_hours",
        ));
    }
    for (what, target, fallback) in [
        ("contact", ladder.contact_target, ladder.contact_fallback),
        ("decision", ladder.decision_target, ladder.decision_fallback),
        ("update", ladder.update_target, ladder.update_fallback),
    ] {
        if !in_order(target, fallback, 0) {
            let what = format!("{what}_fallback can end before {what}_target");
            problems.push(wrong(what, "the fallback is the later one of the two"));
        }
    }
    problems
}

/// Whether `first`, and so many hours, are always over by the end of `second`. Hours and business days compare
/// differently on each weekday; so every hour of one week without a clock change is tried as the start.
fn never_after(first: Span, second: Span, apart_hours: u32, calendar: &Calendar) -> bool {
    const MONDAY_5_JANUARY_2026: i64 = 1_767_571_200;
    let apart = TimeDelta::hours(i64::from(apart_hours));
    let holds = |start: DateTime<Utc>| first.after(start, calendar) + apart <= second.after(start, calendar);
    let hours = if first.business_days.or(second.business_days).is_some() { 7 * 24 } else { 1 };
    (0..hours).filter_map(|hour| DateTime::from_timestamp(MONDAY_5_JANUARY_2026 + 3600 * hour, 0)).all(holds)
}

/// A policy as a person would say it (requirement 13).
#[must_use]
pub fn ladder_in_words(policy: &Policy) -> String {
    let tiers = [("safety", &policy.safety), ("deadline", &policy.deadline), ("standard", &policy.standard)];
    let tiers: String = tiers.into_iter().map(|(name, ladder)| tier_in_words(name, ladder)).collect();
    format!(
        "Policy {}\n{tiers}  Before every bounce: the last warning was sent at least {} h earlier.\n  \
         While information is missing, the decision waits for {} at most.\n  \
         A conflict check is due within {}, and before the decision; nothing is accepted without it.\n",
        policy.label(),
        policy.grace_hours,
        words(policy.needs_info_cap),
        words(policy.conflict_check),
    )
}

/// What one referral runs under and what a new one would, wherever the two differ, in the words of [`ladder_in_words`].
#[must_use]
pub fn changes_in_words(runs: &Terms, today: &Terms) -> Vec<String> {
    let (runs, today) = (terms_in_words(runs), terms_in_words(today));
    let (old, new): (Vec<&str>, Vec<&str>) = (runs.lines().collect(), today.lines().collect());
    let differ = |place: usize| old.get(place) != new.get(place);
    let line =
        |lines: &[&str], place: usize| lines.get(place).map_or("nothing", |line| line.trim()).to_owned();
    (0..old.len().max(new.len()))
        .filter(|place| differ(*place))
        .map(|place| format!("{}; new ones: {}", line(&old, place), line(&new, place)))
        .collect()
}

fn terms_in_words(terms: &Terms) -> String {
    format!(
        "{}warned before a bounce: {} h\nmissing information holds the decision: {}\nconflict check: within {}\n",
        tier_in_words("", &terms.ladder),
        terms.grace_hours,
        words(terms.needs_info_cap),
        words(terms.conflict_check),
    )
}

fn tier_in_words(name: &str, ladder: &Ladder) -> String {
    let steps: String =
        ladder.steps.iter().enumerate().map(|(place, step)| step_in_words(place, *step)).collect();
    let hours = if ladder.any_hour { "at any hour" } else { "in business hours" };
    format!(
        "  {name}\n    contact: within {}, at the latest {}\n    decision: within {}, at the latest {}\n    update: a client who was reached \
         hears where it stands within {}; after {} without a word the workflow owner is told\n{steps}    \
         bounce: after {}, with a reason and a next action\n    reminder {} h before each step, escalation {} h after \
         a missed one; letters to staff leave {hours}\n",
        words(ladder.contact_target),
        words(ladder.contact_fallback),
        words(ladder.decision_target),
        words(ladder.decision_fallback),
        words(ladder.update_target),
        words(ladder.update_fallback),
        words(ladder.bounce),
        ladder.remind_hours,
        ladder.escalate_hours,
    )
}

fn step_in_words(place: usize, step: Step) -> String {
    let tries = if step.attempts == 1 { "attempt" } else { "attempts" };
    let partner = if step.loop_back { "; ask the partner for a better way, if it allows that" } else { "" };
    format!(
        "    step {}: by {}, {} {tries} logged in all{partner}\n",
        place + 1,
        words(step.due),
        step.attempts
    )
}

pub(super) fn words(span: Span) -> String {
    let days = span.business_days.map(|days| match days {
        0 => "the end of the same business day".to_owned(),
        1 => "1 business day".to_owned(),
        more => format!("{more} business days"),
    });
    match (span.hours, days) {
        (Some(hours), Some(days)) => format!("{hours} h or {days}, whichever is earlier"),
        (Some(hours), None) => format!("{hours} h"),
        (None, Some(days)) => days,
        (None, None) => "at once".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, hours, business_days) in [
            ("24h", Some(24), None),
            ("24 hours", Some(24), None),
            ("3 business days", None, Some(3)),
            ("1 business day", None, Some(1)),
            ("same business day", None, Some(0)),
            ("24h or 1 business day", Some(24), Some(1)),
            ("2 business days or 72h", Some(72), Some(2)),
        ] {
            assert_eq!(span(text), Ok(Span { hours, business_days }), "{text}");
        }
        for bad in [
            "",
            "h",
            "24",
            "24d",
            "0h",
            "-1h",
            "99999h",
            "99999999999h",
            "61 business days",
            "24h or 3h",
            "é",
        ] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_ladder_is_told_in_words() {
        let told = ladder_in_words(&Policy::seed());
        assert!(told.starts_with("Policy seed v1\n  safety\n"), "{told}");
        for line in [
            "    step 1: by 24 h, 2 attempts logged in all\n",
            "    step 2: by 48 h, 3 attempts logged in all; ask the partner for a better way, if it allows that\n",
            "    bounce: after 72 h, with a reason and a next action\n",
            "    decision: within 48 h or 1 business day, whichever is earlier, at the latest 72 h\n",
            "    update: a client who was reached hears where it stands within 10 business days; after 15 business days \
             without a word the workflow owner is told\n",
        ] {
            assert!(told.contains(line), "{line} in {told}");
        }
    }
}
