//! Summary: when many referrals of one person want something at once (after downtime, in a flood of mail), that person
//! gets one letter about them in place of one each (RELIABILITY T14). What is urgent keeps its own letter.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Desk;
use super::post::{self, About};
use crate::referral::letter::{Body, Letter, Part, Recipient, SummaryLine, Task};
use crate::referral::policy::Tier;
use crate::referral::reference::Reference;
use crate::store::records::Commit;

/// So many letters of one moment one person can read one by one.
const MOST_SINGLE: usize = 5;

/// Lines to answer with, for each referral.
const MOST_ANSWERS: usize = 3;
/// So many referrals, the gravest, bring addresses to answer to: a longer letter is cut off by mail programs.
const MOST_ANSWERABLE: usize = 200;

/// The letters of one decision, not yet written, and what a line about its referral says.
pub(super) struct Told<'a> {
    pub(super) letters: &'a mut Vec<Letter>,
    pub(super) tier: Tier,
    /// When its next action was due before the decision.
    pub(super) due_at: DateTime<Utc>,
    /// 42 CFR part 2 protects something in its referral.
    pub(super) part_two: bool,
}

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
    Yours,
    DueSoon,
}

/// Takes the letters that can stand in a summary out of the decisions, for everybody who would get too many of them.
pub(super) fn fold(told: &mut [Told<'_>], now: DateTime<Utc>) -> Vec<Summary> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for one in told.iter() {
        for letter in one.letters.iter().filter(|letter| line(one.tier, one.due_at, letter, now).is_some()) {
            *counts.entry(letter.to.address.mailbox()).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count > MOST_SINGLE);
    let mut summaries: BTreeMap<String, Summary> = BTreeMap::new();
    for one in told.iter_mut().filter(|_| !counts.is_empty()) {
        for letter in std::mem::take(one.letters) {
            let mailbox = letter.to.address.mailbox();
            let many = counts.contains_key(&mailbox);
            let line = line(one.tier, one.due_at, &letter, now).filter(|_| many);
            let Some((grade, line)) = line else {
                one.letters.push(letter);
                continue;
            };
            let line = SummaryLine { part_two: one.part_two, ..line };
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
    tier: Tier,
    due_at: DateTime<Utc>,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Option<(Grade, SummaryLine)> {
    if tier != Tier::Standard || letter.to.part != Part::Staff {
        return None;
    }
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
            part_two: false,
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
    if let Body::Assignment(task) = &letter.body {
        return Some(of(Grade::Yours, task, "yours now".to_owned(), task.due_at));
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
