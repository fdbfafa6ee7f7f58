//! Flood: referrals that come faster than one batch holds. Who would get more letters about them than can be read one by
//! one gets one letter about all of them: it waits a moment for the next batch, whose letter takes its place.
//!
//! What waits is in the outbox, and so outlives a crash; what is kept here is only what the next letter must repeat.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::Desk;
use super::summary::{self, Gathering, Summary, Told};
use crate::store::StoreError;
use crate::store::records::Commit;

/// A letter about a flood waits so long for more of it.
const WAIT: TimeDelta = TimeDelta::seconds(30);
/// And no longer than this for all of it: somebody has to begin.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// What the flood of this moment told so far; forgotten when it ends.
#[derive(Default)]
pub struct FloodSlot(Mutex<Flood>);

/// By mailbox.
#[derive(Clone, Default)]
struct Flood(BTreeMap<String, Telling>);

/// What one person was told.
#[derive(Clone)]
struct Telling {
    began_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// The letter that waits for more, and what it tells.
    waiting: Option<(String, Summary)>,
}

/// The letters of one batch about what it opened, and what is to be remembered once they are written.
pub(super) struct Wave {
    commits: Vec<Commit>,
    next: Flood,
    /// Letters that tell nothing that the new ones do not.
    replaced: Vec<String>,
}

/// Takes the letters that belong into one about many out of the decisions of a batch.
pub(super) fn fold(desk: &Desk, told: &mut [Told<'_>], now: DateTime<Utc>) -> Wave {
    let mut next = desk.flood.0.lock().map(|flood| flood.clone()).unwrap_or_default();
    next.0.retain(|_, telling| telling.last_at <= now && now < telling.last_at + WAIT);
    let mut gathering = Gathering::default();
    gathering.add(told, now);
    let (mut summaries, mut places) = (Vec::new(), Vec::new());
    for (mailbox, new) in gathering.all() {
        let fresh = Telling { began_at: now, last_at: now, waiting: None };
        let telling = next.0.entry(mailbox.clone()).or_insert(fresh);
        telling.last_at = now;
        let is_full = telling.waiting.as_ref().is_some_and(|(_, waiting)| !waiting.has_room_for(&new));
        if is_full || now >= telling.began_at + LONGEST {
            (telling.began_at, telling.waiting) = (now, None);
        }
        if telling.waiting.is_none() && !new.is_many() {
            continue;
        }
        let (earlier, mut all) =
            telling.waiting.take().map_or((None, None), |(key, all)| (Some(key), Some(all)));
        match &mut all {
            Some(all) => all.absorb(new),
            None => all = Some(new),
        }
        places.push((mailbox, earlier));
        summaries.extend(all);
    }
    summaries.iter_mut().for_each(Summary::shorten);
    let mailboxes: BTreeSet<String> = places.iter().map(|(mailbox, _)| mailbox.clone()).collect();
    summary::take_out(&mailboxes, told, now);
    let mut commits = summary::commits(desk, summaries.clone(), now);
    let mut replaced = Vec::new();
    for (((mailbox, earlier), summary), commit) in places.into_iter().zip(summaries).zip(&mut commits) {
        for letter in &mut commit.letters {
            letter.send_at = now + WAIT;
        }
        if let (Some(telling), Some(letter)) = (next.0.get_mut(&mailbox), commit.letters.first()) {
            telling.waiting = Some((letter.natural_key.clone(), summary));
            replaced.extend(earlier);
        }
    }
    Wave { commits, next, replaced }
}

impl Wave {
    /// The letters, to be committed with what they tell of.
    pub(super) fn letters(&mut self) -> Vec<Commit> {
        std::mem::take(&mut self.commits)
    }

    /// They are written: what they stand for need not leave any more. One that has left meanwhile was read sooner.
    ///
    /// # Errors
    /// When the store cannot be reached; then somebody reads the same twice.
    pub(super) async fn remember(self, desk: &Desk, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Ok(mut flood) = desk.flood.0.lock() {
            *flood = self.next;
        }
        desk.store.replace(&self.replaced, now).await
    }
}
