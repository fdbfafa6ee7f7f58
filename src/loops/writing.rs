//! Writing: until when what was decided at one time was being written into the store. A letter to somebody outside
//! whose mark went by meanwhile, on a disk that is slow or stuck, waits for a later mark, so that its delay is not that
//! of the work done for it (RELIABILITY P17).

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Desk, stops};
use crate::letters::departure;
use crate::lock::lock;
use crate::store::StoreError;
use crate::store::note::Note;
use crate::store::outbox::Claimed;
use crate::store::records::Commit;

/// So many commits are remembered: a letter from before that waited for something else.
const MOST: usize = 1_000;
/// Nobody waits any more for a commit that has not ended for so long.
const GIVEN_UP: TimeDelta = TimeDelta::minutes(10);

/// The commits of late, by the millisecond they were decided at, and when they ended; `None` while they are written: a
/// letter may be read back from the store before the one who wrote it hears so.
#[derive(Default)]
pub(super) struct Writing(Mutex<BTreeMap<i64, Option<DateTime<Utc>>>>);

/// Writes what was decided at `now`, and remembers until when that took.
pub(super) async fn commit(desk: &Desk, commits: &[Commit], now: DateTime<Utc>) -> Result<(), StoreError> {
    let writing = &desk.progress.writing;
    writing.note(now, None);
    let written = desk.store.commit(commits, now).await;
    writing.note(now, Some(desk.clock.now()));
    stops::look_after(desk).await;
    written
}

/// The later mark of a letter whose own one went by before it was written; it was never tried.
pub(super) fn put_off(desk: &Desk, row: &Claimed) -> Option<Note> {
    let now = desk.clock.now();
    let missed = row.attempts <= 1 && desk.progress.writing.missed(row.created_at, row.due_at, now);
    let at = departure::next_mark(row.part, &row.kind, now).filter(|_| missed)?;
    Some(Note::NotBefore { id: row.id, at, why: "its time went by while it was written" })
}

impl Writing {
    fn note(&self, decided_at: DateTime<Utc>, ended_at: Option<DateTime<Utc>>) {
        let mut commits = lock(&self.0);
        let decided_at = decided_at.timestamp_millis();
        // What was decided later was decided by a clock that was set back since: it would outlive all others.
        if ended_at.is_none() {
            drop(commits.split_off(&decided_at));
        }
        commits.insert(decided_at, ended_at);
        while commits.len() > MOST {
            commits.pop_first();
        }
    }

    /// Whether the commit with a letter ended after the letter's time, or may not have ended yet. What would have ended
    /// in the future was noted by a clock that was set back since: it holds nothing up.
    fn missed(&self, decided_at: DateTime<Utc>, due_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let ended = lock(&self.0).get(&decided_at.timestamp_millis()).copied();
        match ended {
            Some(Some(ended_at)) => due_at < ended_at && ended_at <= now,
            Some(None) => due_at < now && now - decided_at < GIVEN_UP,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_time_is_missed_if_the_writing_ended_after_it_or_may_not_have_ended() {
        let writing = Writing::default();
        writing.note(at(0), Some(at(7)));
        writing.note(at(1), None);
        for (decided, due, now, missed) in [
            (0, 5, 7, true),
            (0, 7, 7, false),
            (0, 10, 12, false),
            // The clock was set back since.
            (0, 5, 6, false),
            (1, 5, 6, true),
            (1, 5, 5, false),
            (1, 5, 700, false),
            // Of another life of the daemon.
            (2, 5, 7, false),
        ] {
            assert_eq!(writing.missed(at(decided), at(due), at(now)), missed, "{decided} {due} {now}");
        }
        writing.note(at(1), Some(at(4)));
        assert!(!writing.missed(at(1), at(5), at(6)));
    }

    #[test]
    fn only_the_last_commits_are_remembered() {
        let writing = Writing::default();
        for second in 0..=i64::try_from(MOST).unwrap() {
            writing.note(at(second), Some(at(10_000)));
        }
        assert!(!writing.missed(at(0), at(5), at(10_000)));
        assert!(writing.missed(at(1), at(5), at(10_000)));
        assert_eq!(lock(&writing.0).len(), MOST);
    }

    #[test]
    fn what_is_decided_after_the_clock_was_set_back_is_remembered() {
        let writing = Writing::default();
        for second in 0..i64::try_from(MOST).unwrap() {
            writing.note(at(10_000 + second), Some(at(20_000)));
        }
        writing.note(at(0), None);
        writing.note(at(0), Some(at(7)));
        assert!(writing.missed(at(0), at(5), at(7)));
    }
}
