//! Remind: records that are due are decided. It looks at the state, never at "a timer fired"; what was missed while the
//! daemon was down is caught up by itself, and the inbox is drained before any deadline is judged.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::info;

use super::post::{self, About};
use super::summary::{self, Told};
use super::{Desk, absence, receive};
use crate::referral::decide::{Decision, decide};
use crate::referral::event::{Event, Service};
use crate::referral::policy::Tier;
use crate::store::StoreError;
use crate::store::records::{Commit, Saved, Stored};

/// A mailbox that cannot be read for so long after the start no longer holds up what staff must hear.
const WAIT_FOR_INBOX: TimeDelta = TimeDelta::minutes(5);

/// What a tick came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tick {
    /// Mail waits to be read first.
    InboxFirst,
    /// So many records were decided.
    Decided(usize),
}

/// Decides what is due.
///
/// # Errors
/// When the store cannot be reached; nothing is half-done.
pub async fn tick(desk: &Desk) -> anyhow::Result<Tick> {
    let now = desk.clock.now();
    let inbox_read_at = desk.store.last_beat(receive::INBOX_READ).await?;
    let read_since_start = inbox_read_at.is_some_and(|at| at >= desk.started_at);
    if desk.store.waiting().await? > 0 || (!read_since_start && now < desk.started_at + WAIT_FOR_INBOX) {
        return Ok(Tick::InboxFirst);
    }
    let due = desk.store.due(now, desk.bounds.due_at_once).await?;
    let references: Vec<_> = due.iter().map(|stored| stored.referral.reference.clone()).collect();
    let warned = desk.store.warnings_sent(&references).await?;
    let rules = absence::rules(desk, now).await?;
    let mut decisions = Vec::new();
    for stored in due {
        let warning_sent_at = warned.get(stored.referral.reference.as_str()).copied();
        let event = Event::TimePassed(Service { inbox_read_at, warning_sent_at });
        let decision = decide(&rules, &stored.referral, &event, now);
        decisions.push((stored, decision));
    }
    let decided = decisions.len();
    let mut told: Vec<Told<'_>> = decisions.iter_mut().map(told).collect();
    let summaries = summary::fold(&mut told, now);
    let mut commits = summary::commits(desk, summaries, now);
    commits.extend(decisions.into_iter().map(|(stored, decision)| Commit {
        records: vec![saved(desk, stored, decision, now)],
        ..Commit::default()
    }));
    pace(desk, &mut commits, now).await?;
    if decided > 0 {
        commit(desk, commits, now).await?;
        desk.signals.deliver.notify_one();
    }
    Ok(Tick::Decided(decided))
}

fn told((stored, decision): &mut (Stored, Decision)) -> Told<'_> {
    Told {
        tier: decision.referral.tier,
        due_at: stored.referral.next_action_at,
        part_two: decision.referral.packet.is_part_two(),
        letters: &mut decision.letters,
    }
}

/// Spreads the letters of one tick over time, behind those that already wait: after days of downtime nobody is flooded.
/// What is urgent leaves at once.
async fn pace(desk: &Desk, commits: &mut [Commit], now: DateTime<Utc>) -> Result<(), StoreError> {
    let patient = commits.iter_mut().flat_map(|Commit { letters, records, .. }| {
        let calm = records.iter_mut().filter(|saved| saved.referral.tier == Tier::Standard);
        letters.iter_mut().chain(calm.flat_map(|saved| &mut saved.letters))
    });
    let patient: Vec<_> = patient.collect();
    if patient.is_empty() {
        return Ok(());
    }
    let step = TimeDelta::milliseconds(60_000 / i64::from(desk.bounds.per_minute.max(1)));
    let mut free_at = desk.store.last_planned().await?.map_or(now, |at| (at + step).max(now));
    // A handful is no flood: it leaves at once.
    let few = patient.len() <= usize::try_from(desk.bounds.per_minute).unwrap_or(usize::MAX);
    if few && free_at == now {
        return Ok(());
    }
    for letter in patient {
        letter.send_at = free_at;
        free_at += step;
    }
    Ok(())
}

/// When the rules want to be asked again.
///
/// # Errors
/// When the store cannot be reached.
pub async fn next(desk: &Desk) -> Result<Option<DateTime<Utc>>, StoreError> {
    desk.store.next_look().await
}

/// All at once; if one record changed meanwhile, each by itself, and that one at the next tick.
async fn commit(desk: &Desk, commits: Vec<Commit>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Err(error) = desk.store.commit(&commits, now).await else { return Ok(()) };
    if !matches!(error, StoreError::Stale) {
        return Err(error);
    }
    for commit in commits {
        match desk.store.commit(std::slice::from_ref(&commit), now).await {
            Ok(()) => {}
            Err(StoreError::Stale) => info!("A record changed while it was decided; it is asked again"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A decision about a stored record, with its letters rendered. A letter that cannot be rendered never keeps the
/// record from being written: it is missing, and an admin hears it from the log and from `check`.
#[must_use]
pub fn saved(desk: &Desk, stored: Stored, decision: Decision, now: DateTime<Utc>) -> Saved {
    let referral = decision.referral;
    let letters = post::all_queued(
        desk,
        &About::Referral(&referral.reference, &referral.packet),
        &decision.letters,
        now,
    );
    Saved { before: Some(stored), facts: decision.facts, persons: Vec::new(), letters, referral }
}
