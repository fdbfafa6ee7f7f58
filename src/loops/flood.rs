//! Flood: referrals that come faster than one batch holds. Who would get more letters about them than can be read one
//! by one gets one letter about all of them: it is written once, half a minute after the last of them, or when it is
//! full.
//!
//! Until then each batch leaves a spare letter of its own in the outbox, due later: the one letter takes their place,
//! and if the daemon stops before it is written, they are what leaves when it starts again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::summary::{self, Gathering, Summary, Told};
use super::{Desk, clock_trust};
use crate::lock::lock;
use crate::store::StoreError;
use crate::store::outbox::SPARE as SPARE_LETTER;
use crate::store::records::Commit;

/// A flood is over so long after its last batch.
const WAIT: TimeDelta = TimeDelta::seconds(30);
/// And is told after this at the latest: somebody has to begin.
const LONGEST: TimeDelta = TimeDelta::minutes(10);
/// The letters of its batches leave by themselves only if nothing took their place by then.
const SPARE: TimeDelta = TimeDelta::minutes(11);

/// What the flood of this moment tells; forgotten when it ends.
#[derive(Default)]
pub struct FloodSlot(Mutex<Flood>);

/// By mailbox.
type Flood = BTreeMap<String, Telling>;

/// What one person is told.
struct Telling {
    began_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// All that the letters of the batches tell.
    all: Summary,
    /// Those letters, by their natural keys.
    letters: Vec<String>,
}

/// Letters about floods, and what is to be remembered once they are committed.
#[derive(Default)]
pub(super) struct Wave {
    commits: Vec<Commit>,
    /// Whose flood is told.
    ended: Vec<String>,
    /// Whose flood began or goes on.
    going_on: Vec<(String, Telling)>,
}

/// Takes the letters that belong into one about many out of the decisions of a batch.
pub(super) fn fold(desk: &Desk, told: &mut [Told<'_>], now: DateTime<Utc>) -> Wave {
    let flood = lock(&desk.flood.0);
    let mut gathering = Gathering::default();
    gathering.add(told, now);
    let mut batch = gathering.all();
    let is_told = |mailbox: &String, telling: &Telling| {
        telling.is_over(now) || batch.get(mailbox).is_some_and(|new| !telling.all.has_room_for(new))
    };
    let mut wave = Wave::that_ends(desk, &flood, is_told, now);
    let goes_on = |mailbox: &String| flood.contains_key(mailbox) && !wave.ended.contains(mailbox);
    batch.retain(|mailbox, new| new.is_many() || goes_on(mailbox));
    summary::take_out(&batch.keys().cloned().collect(), told, now);
    let (mailboxes, mut parts): (Vec<String>, Vec<Summary>) = batch.into_iter().unzip();
    parts.iter_mut().for_each(Summary::shorten);
    let mut commits = summary::commits(desk, (SPARE_LETTER, now), parts.clone(), now);
    for ((mailbox, all), commit) in mailboxes.into_iter().zip(parts).zip(&mut commits) {
        for letter in &mut commit.letters {
            // What is sent goes by the clock, also while that is ahead of the time by which mail is taken in.
            letter.send_at = desk.clock.now() + SPARE;
        }
        let letters = commit.letters.iter().map(|letter| letter.natural_key.clone()).collect();
        wave.going_on.push((mailbox, Telling { began_at: now, last_at: now, all, letters }));
    }
    wave.commits.extend(commits);
    wave
}

/// Writes the letters about floods that are over.
///
/// # Errors
/// When the store cannot be reached; they are written at the next look.
pub(super) async fn end(desk: &Desk) -> Result<(), StoreError> {
    let now = clock_trust::arrival_time(desk).await?;
    let mut wave = Wave::of_what_is_over(desk, now);
    if wave.ended.is_empty() {
        return Ok(());
    }
    desk.store.commit(&wave.letters(), now).await?;
    wave.remember(desk);
    desk.signals.deliver.notify_one();
    Ok(())
}

impl Telling {
    /// Also after a clock that was set back.
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        now < self.last_at || self.last_at + WAIT <= now || self.began_at + LONGEST <= now
    }

    /// Nobody came to write the letter about it before those of the batches were due.
    fn has_left(&self, now: DateTime<Utc>) -> bool {
        self.last_at + SPARE <= now
    }

    fn absorb(&mut self, more: Telling) {
        self.last_at = more.last_at;
        self.all.absorb(more.all);
        self.letters.extend(more.letters);
    }
}

impl Wave {
    fn of_what_is_over(desk: &Desk, now: DateTime<Utc>) -> Wave {
        let flood = lock(&desk.flood.0);
        Wave::that_ends(desk, &flood, |_, telling| telling.is_over(now), now)
    }

    /// With the letters about what these told, each whole.
    fn that_ends(
        desk: &Desk,
        flood: &Flood,
        is_told: impl Fn(&String, &Telling) -> bool,
        now: DateTime<Utc>,
    ) -> Wave {
        let mut wave = Wave::default();
        for (mailbox, telling) in flood.iter().filter(|(mailbox, telling)| is_told(mailbox, telling)) {
            // By when it began: what is written a second time, as the store's answer was lost, is the same letter.
            let about = ("flood-told", telling.began_at);
            wave.ended.push(mailbox.clone());
            if telling.has_left(now) {
                continue;
            }
            let mut letters = summary::commits(desk, about, vec![telling.all.clone()], now);
            // If it cannot be written, those of the batches tell it.
            for commit in letters.iter_mut().filter(|commit| !commit.letters.is_empty()) {
                commit.replaced.clone_from(&telling.letters);
            }
            wave.commits.extend(letters);
        }
        wave
    }

    /// The letters, to be committed with what they tell of.
    pub(super) fn letters(&mut self) -> Vec<Commit> {
        std::mem::take(&mut self.commits)
    }

    /// They are written.
    pub(super) fn remember(self, desk: &Desk) {
        let mut flood = lock(&desk.flood.0);
        flood.retain(|mailbox, _| !self.ended.contains(mailbox));
        for (mailbox, telling) in self.going_on {
            match flood.entry(mailbox) {
                Entry::Occupied(earlier) => earlier.into_mut().absorb(telling),
                Entry::Vacant(place) => {
                    place.insert(telling);
                }
            }
        }
    }
}
