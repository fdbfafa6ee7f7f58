//! Remind: records that are due are decided. It looks at the state, never at "a timer fired"; what was missed while the
//! daemon was down is caught up by itself, and the inbox is drained before any deadline is judged.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::info;

use super::post;
use super::summary::{self, CatchUp, Gathering, Moment, Summary, Told};
use super::{Desk, absence, beside, clock_alarm, receive, stops};
use crate::referral::decide::{Decision, decide};
use crate::referral::event::{Event, Service};
use crate::referral::policy::Tier;
use crate::store::StoreError;
use crate::store::due::Page;
use crate::store::records::{Commit, Stored};

/// A mailbox that cannot be read for so long after the start, or after a sleep, no longer holds up what staff must hear.
const WAIT_FOR_INBOX: TimeDelta = TimeDelta::minutes(5);

/// One letter tells of what so many further ticks will work off: a hundred thousand referrals.
const MOST_PAGES: u32 = 20;

/// What a tick came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tick {
    /// Mail waits to be read first.
    InboxFirst,
    /// The clock cannot be right: nothing is due by it.
    NoClock,
    /// So many records were decided.
    Decided(usize),
}

/// Decides what is due.
///
/// # Errors
/// When the store cannot be reached; nothing is half-done.
pub async fn tick(desk: &Desk) -> anyhow::Result<Tick> {
    let now = desk.clock.now();
    stops::look_after(desk).await;
    if !clock_alarm::is_right(desk).await? {
        return Ok(Tick::NoClock);
    }
    // Before the clock was set back it may have been read "later".
    let inbox_read_at = desk.store.last_beat(receive::INBOX_READ).await?.filter(|at| *at <= now);
    if desk.store.oldest_waiting().await?.is_some() || waits_for_inbox(desk, now) {
        return Ok(Tick::InboxFirst);
    }
    let page = desk.store.due(now, desk.bounds.due_at_once, None).await?;
    let (decided, goes_on) = (page.due.len(), page.next.is_some());
    if decided == 0 && !goes_on {
        desk.catch_up.keep(None);
        return Ok(Tick::Decided(0));
    }
    let rules = absence::rules(desk, now).await?.into_owned();
    let judge = Judge { desk, moment: Moment { now, rules, inbox_read_at } };
    let earlier = desk.catch_up.take();
    match judge.work_off(earlier.as_ref(), page).await {
        Ok(begun) => desk.catch_up.keep(begun.or(earlier).filter(|_| goes_on)),
        Err(error) => {
            // What failed is worked off again, and everybody was told of it all the same.
            desk.catch_up.keep(earlier);
            return Err(error);
        }
    }
    Ok(Tick::Decided(decided))
}

/// Whether the inbox may still be read for the first time since the start, or since the machine slept. A clock that is
/// set meanwhile makes the wait no longer.
fn waits_for_inbox(desk: &Desk, now: DateTime<Utc>) -> bool {
    let (since, awaited) = desk.progress.inbox_awaited();
    let is_young = TimeDelta::from_std(awaited).is_ok_and(|awaited| awaited < WAIT_FOR_INBOX);
    !desk.progress.is_inbox_read() && is_young && now < since.unwrap_or(desk.started_at) + WAIT_FOR_INBOX
}

/// Decides, and gathers who is told what.
struct Judge<'a> {
    desk: &'a Desk,
    moment: Moment,
}

impl Judge<'_> {
    /// Decides and commits; gives the catch-up that begins here.
    async fn work_off(&self, earlier: Option<&CatchUp>, page: Page) -> anyhow::Result<Option<CatchUp>> {
        if page.due.is_empty() {
            return Ok(None);
        }
        let now = self.moment.now;
        let (mut commits, begun) = match earlier {
            Some(earlier) => (self.go_on(earlier, page.due).await?, None),
            None if page.next.is_some() => {
                let (commits, begun) = self.begin(page).await?;
                (commits, Some(begun))
            }
            None => (self.all(page.due).await?, None),
        };
        pace(self.desk, &mut commits, now).await?;
        commit(self.desk, commits, now).await?;
        self.desk.signals.deliver.notify_one();
        Ok(begun)
    }

    async fn decided(
        &self,
        due: Vec<Stored>,
        moment: &Moment,
    ) -> Result<Vec<(Stored, Decision)>, StoreError> {
        let references: Vec<_> = due.iter().map(|stored| stored.referral.reference.clone()).collect();
        let warned = self.desk.store.warnings_sent(&references).await?;
        let decide = |stored: Stored| {
            let warning_sent_at = warned.get(stored.referral.reference.as_str()).copied();
            let event = Event::TimePassed(Service { inbox_read_at: moment.inbox_read_at, warning_sent_at });
            let decision = decide(&moment.rules, &stored.referral, &event, moment.now);
            (stored, decision)
        };
        Ok(due.into_iter().map(decide).collect())
    }

    /// All that is due, in one tick.
    async fn all(&self, due: Vec<Stored>) -> Result<Vec<Commit>, StoreError> {
        let now = self.moment.now;
        let mut decisions = self.decided(due, &self.moment).await?;
        let summaries = summary::fold(&mut told(&mut decisions), now);
        self.commits(summaries, decisions, now).await
    }

    /// More is due than one tick works off: what the later ones will tell is gathered now, so that everybody gets one
    /// letter about all of it.
    async fn begin(&self, first: Page) -> Result<(Vec<Commit>, CatchUp), StoreError> {
        let now = self.moment.now;
        let mut decisions = self.decided(first.due, &self.moment).await?;
        let mut editions: BTreeSet<_> = decisions.iter().map(|(stored, _)| stored.edition()).collect();
        let mut gathering = Gathering::default();
        gathering.add(&told(&mut decisions), now);
        let mut place = first.next;
        for _ in 0..MOST_PAGES {
            if place.is_none() {
                break;
            }
            let page = self.desk.store.due(now, self.desk.bounds.due_at_once, place).await?;
            place = page.next;
            editions.extend(page.due.iter().map(Stored::edition));
            let mut later = self.decided(page.due, &self.moment).await?;
            gathering.add(&told(&mut later), now);
            self.desk.progress.mark("remind");
        }
        let (summaries, catch_up) = gathering.end_of_many(self.moment.clone(), editions);
        catch_up.take_out(&mut told(&mut decisions));
        Ok((self.commits(summaries, decisions, now).await?, catch_up))
    }

    /// What an earlier tick has told of is decided by its moment; what changed or became due since, by this one.
    async fn go_on(&self, earlier: &CatchUp, due: Vec<Stored>) -> Result<Vec<Commit>, StoreError> {
        let (of_it, since): (Vec<Stored>, Vec<Stored>) =
            due.into_iter().partition(|stored| earlier.has(stored));
        let mut decisions = self.decided(of_it, &earlier.moment).await?;
        earlier.take_out(&mut told(&mut decisions));
        let mut commits = self.commits(Vec::new(), decisions, earlier.moment.now).await?;
        commits.extend(self.all(since).await?);
        Ok(commits)
    }

    /// Each decision with what it says to the others of its client's address and phone: who is given up as unsafe by the
    /// clock is called for no other referral either. One of those that is due too is decided again at the next tick.
    async fn commits(
        &self,
        summaries: Vec<Summary>,
        decisions: Vec<(Stored, Decision)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Commit>, StoreError> {
        let (desk, rules) = (self.desk, &self.moment.rules);
        let mut commits = summary::commits(desk, ("summary", now), summaries, now);
        for (stored, decision) in decisions {
            let mut records = vec![post::saved(desk, stored, decision, now)];
            let beside = beside::told(desk, rules, &mut records, beside::Cause::CLOCK, now).await?;
            records.extend(beside.records);
            commits.push(Commit { records, ..Commit::default() });
        }
        Ok(commits)
    }
}

fn told(decisions: &mut [(Stored, Decision)]) -> Vec<Told<'_>> {
    decisions.iter_mut().map(told_of).collect()
}

/// What a decision tells, for a summary.
pub(super) fn told_of((stored, decision): &mut (Stored, Decision)) -> Told<'_> {
    Told {
        tier: decision.referral.tier,
        due_at: stored.referral.next_action_at,
        handovers: decision.referral.handovers.count(),
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
