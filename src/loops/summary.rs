//! Summary: when many referrals of one person want something at once (after downtime, in a flood of mail), that person
//! gets one letter about them in place of one each (RELIABILITY T14). What is urgent keeps its own letter.
//!
//! Who is told is worked out over everything that is due, also what later ticks work off: see [`CatchUp`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Desk;
use super::post::{self, About};
use crate::referral::decide::Rules;
use crate::referral::letter::{Body, Letter, Part, Recipient, SummaryLine, Task};
use crate::referral::policy::Tier;
use crate::referral::reference::Reference;
use crate::store::records::{Commit, Stored};

/// So many letters of one moment one person can read one by one.
const MOST_SINGLE: usize = 5;

/// Lines to answer with, for each referral.
const MOST_ANSWERS: usize = 3;
/// So many referrals, the gravest, bring addresses to answer to: a longer letter is cut off by mail programs.
const MOST_ANSWERABLE: usize = 200;
/// So many referrals, the gravest, have lines of their own.
const MOST_LINES: usize = 500;
/// So many more of which the contact will be given up are named: a warning that does not name it is none.
const MOST_NAMED: usize = 5_000;

/// The letters of one decision, not yet written, and what a line about its referral says.
pub(super) struct Told<'a> {
    pub(super) letters: &'a mut Vec<Letter>,
    pub(super) tier: Tier,
    /// When its next action was due before the decision.
    pub(super) due_at: DateTime<Utc>,
    /// 42 CFR part 2 protects something in its referral.
    pub(super) part_two: bool,
    /// After how many handovers the letters are written.
    pub(super) handovers: u32,
}

/// What everybody would be told, gathered before anything is written.
#[derive(Default)]
pub(super) struct Gathering {
    by_mailbox: BTreeMap<String, Summary>,
}

/// A letter about many referrals.
#[derive(Clone)]
pub(super) struct Summary {
    to: Recipient,
    /// Each with the handovers there were, for its proof.
    lines: Vec<(Grade, SummaryLine, u32)>,
    /// More of which the contact will be given up.
    given_up_too: Vec<Reference>,
    /// How many letters it is in place of.
    all: usize,
    /// 42 CFR part 2 protects something in one of them.
    part_two: bool,
}

/// All that a look at the clock goes by. What many ticks work off is decided by the moment of the first one: what they
/// come to is what was told.
#[derive(Clone)]
pub(super) struct Moment {
    pub(super) now: DateTime<Utc>,
    /// With who was away.
    pub(super) rules: Rules,
    /// The inbox was read to its end then.
    pub(super) inbox_read_at: Option<DateTime<Utc>>,
}

/// Several ticks work off what was due at one instant; the letters of the first one tell of all of it.
pub(super) struct CatchUp {
    pub(super) moment: Moment,
    /// What is part of it; a record that changed since is not.
    editions: BTreeSet<(i64, i64)>,
    /// Whoever has a letter about it, by mailbox.
    told: BTreeSet<String>,
}

impl CatchUp {
    pub(super) fn has(&self, stored: &Stored) -> bool {
        self.editions.contains(&stored.edition())
    }

    /// Takes out the letters that the summary is in place of.
    pub(super) fn take_out(&self, told: &mut [Told<'_>]) {
        take_out(&self.told, told, self.moment.now);
    }
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
    let mut gathering = Gathering::default();
    gathering.add(told, now);
    let (summaries, mailboxes) = gathering.end();
    take_out(&mailboxes, told, now);
    summaries
}

impl Gathering {
    /// Adds what these decisions tell.
    pub(super) fn add(&mut self, told: &[Told<'_>], now: DateTime<Utc>) {
        for one in told {
            for letter in one.letters.iter() {
                let Some((grade, line)) = line(one.tier, one.due_at, letter, now) else { continue };
                let mailbox = letter.to.address.mailbox();
                let summary = self.by_mailbox.entry(mailbox).or_insert_with(|| Summary::to(&letter.to));
                summary.add(grade, line, one.handovers);
                summary.part_two |= one.part_two;
            }
        }
    }

    /// The letters to everybody who would get too many, and their mailboxes.
    pub(super) fn end(self) -> (Vec<Summary>, BTreeSet<String>) {
        let many = self.by_mailbox.into_iter().filter(|(_, summary)| summary.all > MOST_SINGLE);
        let (mailboxes, mut summaries): (BTreeSet<String>, Vec<Summary>) = many.unzip();
        summaries.iter_mut().for_each(Summary::shorten);
        (summaries, mailboxes)
    }

    /// What each of them would be told, many or few, by mailbox.
    pub(super) fn all(self) -> BTreeMap<String, Summary> {
        self.by_mailbox
    }

    /// The same for what later ticks work off too.
    pub(super) fn end_of_many(
        self,
        moment: Moment,
        editions: BTreeSet<(i64, i64)>,
    ) -> (Vec<Summary>, CatchUp) {
        let (summaries, told) = self.end();
        (summaries, CatchUp { moment, editions, told })
    }
}

impl Summary {
    fn to(recipient: &Recipient) -> Summary {
        Summary {
            to: recipient.clone(),
            lines: Vec::new(),
            given_up_too: Vec::new(),
            all: 0,
            part_two: false,
        }
    }

    fn add(&mut self, grade: Grade, line: SummaryLine, handovers: u32) {
        self.all += 1;
        self.lines.push((grade, line, handovers));
        if self.lines.len() > 2 * MOST_LINES {
            self.shorten();
        }
    }

    /// Whether these are too many letters to read one by one.
    pub(super) const fn is_many(&self) -> bool {
        self.all > MOST_SINGLE
    }

    /// Whether each referral of both would have its line.
    pub(super) const fn has_room_for(&self, other: &Summary) -> bool {
        self.all + other.all <= MOST_LINES
    }

    /// Takes in what another letter to the same mailbox would tell.
    pub(super) fn absorb(&mut self, other: Summary) {
        self.all += other.all;
        self.part_two |= other.part_two;
        self.lines.extend(other.lines);
        self.given_up_too.extend(other.given_up_too);
        self.shorten();
    }

    /// The gravest keep their lines.
    pub(super) fn shorten(&mut self) {
        self.lines.sort_by(|(one, a, _), (other, b, _)| {
            (one, a.due_at, &a.reference).cmp(&(other, b.due_at, &b.reference))
        });
        let rest = self.lines.split_off(self.lines.len().min(MOST_LINES));
        let warnings = rest.into_iter().filter(|(grade, _, _)| *grade == Grade::Warning);
        let room = MOST_NAMED.saturating_sub(self.given_up_too.len());
        self.given_up_too.extend(warnings.take(room).map(|(_, line, _)| line.reference));
    }

    /// Whose final warning it is.
    fn warned(&self) -> Vec<Reference> {
        let lines = self.lines.iter().filter(|(grade, _, _)| *grade == Grade::Warning);
        lines.map(|(_, line, _)| &line.reference).chain(&self.given_up_too).cloned().collect()
    }
}

/// Takes out the letters to these mailboxes that a summary is in place of.
pub(super) fn take_out(mailboxes: &BTreeSet<String>, told: &mut [Told<'_>], now: DateTime<Utc>) {
    for one in told.iter_mut().filter(|_| !mailboxes.is_empty()) {
        let (tier, due_at) = (one.tier, one.due_at);
        one.letters.retain(|letter| {
            line(tier, due_at, letter, now).is_none() || !mailboxes.contains(&letter.to.address.mailbox())
        });
    }
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
        let was_due = matches!(grade, Grade::Warning | Grade::GivenUp | Grade::Overdue);
        let line = SummaryLine {
            reference: task.reference.clone(),
            owner: task.owner.clone(),
            news,
            next_action: task.next_action,
            due_at,
            was_due_at: was_due.then_some(due_at),
            until,
            answers: task.answers.iter().take(MOST_ANSWERS).cloned().collect(),
            reply_to: None,
            proof: None,
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

/// The summaries as commits, each beside the decisions it is about. A word and a moment keep letters apart that tell of
/// the same.
pub(super) fn commits(
    desk: &Desk,
    (word, moment): (&str, DateTime<Utc>),
    summaries: Vec<Summary>,
    now: DateTime<Utc>,
) -> Vec<Commit> {
    let mut commits = Vec::new();
    for mut summary in summaries {
        for (_, line, handovers) in summary.lines.iter_mut().take(MOST_ANSWERABLE) {
            let way = post::way_back(desk, &summary.to, (&line.reference, *handovers));
            (line.reply_to, line.proof) = way.map_or((None, None), |way| (Some(way.reply_to), way.proof));
        }
        let warned = summary.warned();
        let Summary { to, lines, given_up_too, all, part_two } = summary;
        let more = all.saturating_sub(lines.len());
        let referrals: Vec<SummaryLine> = lines.into_iter().map(|(_, line, _)| line).collect();
        // Two ticks of one instant are about different referrals, or about more: each has a summary of its own.
        let step = referrals.first().map_or_else(String::new, |line| format!("{}-{all}", line.reference));
        let about = About::Other(format!("{word}-{}", moment.timestamp_millis()));
        let body = Body::Summary { referrals, given_up_too, more, part_two };
        let letters = post::all_queued(desk, &about, &[Letter { to, body, step, answers: None }], now);
        let warnings = letters
            .iter()
            .flat_map(|row| warned.iter().map(|reference| (row.natural_key.clone(), reference.clone())))
            .collect();
        commits.push(Commit { letters, warnings, ..Commit::default() });
    }
    commits
}
