//! Summary: when many referrals of one person want something in one tick (after downtime, after a flood), that person gets
//! one letter about them in place of one each (RELIABILITY T14). What is urgent keeps its own letter.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Desk;
use super::post::{self, About};
use crate::referral::decide::Decision;
use crate::referral::letter::{Body, Letter, Part, Recipient, SummaryLine, Task};
use crate::referral::policy::Tier;
use crate::referral::reference::Reference;
use crate::store::records::{Commit, Stored};

/// So many letters of one tick one person can read one by one.
const MOST_SINGLE: usize = 5;

/// Lines to answer with, for each referral.
const MOST_ANSWERS: usize = 3;
/// So many referrals, the gravest, bring addresses to answer to: a longer letter is cut off by mail programs.
const MOST_ANSWERABLE: usize = 200;

/// A letter about many referrals.
pub(super) struct Summary {
    to: Recipient,
    lines: Vec<(Grade, SummaryLine)>,
    /// Whose final warning it is.
    warned: Vec<Reference>,
}

/// How grave a piece of news is; the gravest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Warning,
    GivenUp,
    Overdue,
    DueSoon,
}

/// Takes the letters that can stand in a summary out of the decisions, for everybody who would get too many of them.
pub(super) fn fold(decided: &mut [(Stored, Decision)], now: DateTime<Utc>) -> Vec<Summary> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (stored, decision) in decided.iter() {
        for letter in decision.letters.iter().filter(|letter| line(stored, decision, letter, now).is_some()) {
            *counts.entry(letter.to.address.mailbox()).or_default() += 1;
        }
    }
    let mut summaries: BTreeMap<String, Summary> = BTreeMap::new();
    for (stored, decision) in decided {
        for letter in std::mem::take(&mut decision.letters) {
            let mailbox = letter.to.address.mailbox();
            let many = counts.get(&mailbox).is_some_and(|count| *count > MOST_SINGLE);
            let line = line(stored, decision, &letter, now).filter(|_| many);
            let Some((grade, line)) = line else {
                decision.letters.push(letter);
                continue;
            };
            let summary = summaries.entry(mailbox).or_insert_with(|| Summary {
                to: letter.to.clone(),
                lines: Vec::new(),
                warned: Vec::new(),
            });
            if grade == Grade::Warning {
                summary.warned.push(line.reference.clone());
            }
            summary.lines.push((grade, line));
        }
    }
    summaries.into_values().collect()
}

/// What a letter comes to in one line; `None` for one that must stand alone.
fn line(
    stored: &Stored,
    decision: &Decision,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Option<(Grade, SummaryLine)> {
    if decision.referral.tier != Tier::Standard || letter.to.part != Part::Staff {
        return None;
    }
    let due_at = stored.referral.next_action_at;
    let of = |grade: Grade, task: &Task, news: String, until: DateTime<Utc>| {
        let line = SummaryLine {
            reference: task.reference.clone(),
            owner: task.owner.clone(),
            news,
            next_action: task.next_action,
            due_at,
            until,
            answers: task.answers.iter().take(MOST_ANSWERS).cloned().collect(),
            reply_to: None,
        };
        (grade, line)
    };
    if let Body::FinalWarning { task, bounce_at } = &letter.body {
        return Some(of(Grade::Warning, task, "the contact will be given up".to_owned(), *bounce_at));
    }
    if let Body::BounceNotice { task, reason, instead, .. } = &letter.body {
        let news = format!("the contact was given up, {reason}; next plan: {instead}");
        return Some(of(Grade::GivenUp, task, news, task.due_at));
    }
    if let Body::Reminder(task) | Body::Escalation(task) = &letter.body {
        let (grade, news) =
            if due_at <= now { (Grade::Overdue, "overdue") } else { (Grade::DueSoon, "due soon") };
        return Some(of(grade, task, news.to_owned(), task.due_at));
    }
    None
}

/// The summaries as commits, each beside the decisions it is about.
pub(super) fn commits(desk: &Desk, summaries: Vec<Summary>, now: DateTime<Utc>) -> Vec<Commit> {
    let mut commits = Vec::new();
    for Summary { to, mut lines, warned } in summaries {
        lines.sort_by(|(one, a), (other, b)| {
            (one, a.due_at, &a.reference).cmp(&(other, b.due_at, &b.reference))
        });
        let mut referrals: Vec<SummaryLine> = lines.into_iter().map(|(_, line)| line).collect();
        for line in referrals.iter_mut().take(MOST_ANSWERABLE) {
            line.reply_to = post::reply_to(desk, &to, &line.reference, now);
        }
        // Two ticks of one instant are about different referrals: each has a summary of its own.
        let step = referrals.first().map_or_else(String::new, |line| line.reference.to_string());
        let about = About::Other(format!("summary-{}", now.timestamp_millis()));
        let letter = Letter { to, body: Body::Summary { referrals }, step, answers: None };
        let letters = post::all_queued(desk, &about, &[letter], now);
        let warnings = letters
            .iter()
            .flat_map(|row| warned.iter().map(|reference| (row.natural_key.clone(), reference.clone())))
            .collect();
        commits.push(Commit { letters, warnings, ..Commit::default() });
    }
    commits
}
