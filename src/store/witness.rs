//! The witness: whether a store was put back from a backup. A small file beside the store counts how often letters were
//! claimed for sending; a store that knows of fewer claims than its witness is an older one, and letters it still wants
//! to send have left already. So is one that does not know one of the [stops](super::stops) that are kept beside it.
//! PostgreSQL has no folder of its own here: settings name one, or an operator says so.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use super::records::{Commit, Saved};
use super::stops::{Kept, Stops, end_of_day, read_if_there};
use super::{Place, Store, StoreError, millis};

/// When the store was last put back.
const PUT_BACK: &str = "put back";
/// A kept stop that is further ahead of all that is known, in milliseconds, was said by a wrong clock: 100 days.
const AHEAD: i64 = 100 * 24 * 60 * 60 * 1000;

/// The file and the count in it; nothing is counted before the count is known.
#[derive(Clone)]
pub(super) struct Witness {
    path: PathBuf,
    stops: Stops,
    claims: Arc<AtomicI64>,
    /// The count could not be written the last time.
    is_behind: Arc<AtomicBool>,
    /// Somebody was told of that.
    is_told: Arc<AtomicBool>,
}

impl Witness {
    /// The witness of a place; `None` where there is no folder for one.
    pub(super) fn of(place: &Place) -> Option<Witness> {
        let Place::Sqlite(path) = place else { return None };
        Some(Witness::beside(path))
    }

    /// The witness whose files are named like this one.
    fn beside(path: &Path) -> Witness {
        let beside = |end: &str| {
            let mut name = path.to_path_buf().into_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        let claims = Arc::new(AtomicI64::new(-1));
        let (is_behind, is_told) = (Arc::default(), Arc::default());
        Witness { path: beside(".claims"), stops: Stops::at(beside(".stops")), claims, is_behind, is_told }
    }

    /// Counts claims that were committed. A witness that cannot be written is no reason to keep letters back, but
    /// somebody must be told.
    pub(super) fn count(&self, more: usize) {
        if self.claims.load(Ordering::Relaxed) >= 0 {
            let more = i64::try_from(more).unwrap_or(0);
            let claims = self.claims.fetch_add(more, Ordering::Relaxed).saturating_add(more);
            self.write(claims);
        }
    }

    fn write(&self, claims: i64) {
        let is_behind = write(&self.path, claims).is_err();
        self.is_behind.store(is_behind, Ordering::Relaxed);
        self.is_told.fetch_and(is_behind, Ordering::Relaxed);
    }

    fn begin(&self, claims: i64) {
        self.claims.store(claims, Ordering::Relaxed);
        self.write(claims);
    }

    /// What the file says; one that is missing or torn says nothing.
    fn seen(&self) -> Result<Option<i64>, StoreError> {
        let bytes = read_if_there(&self.path)?;
        Ok(bytes.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.trim().parse().ok()))
    }
}

/// Always as many digits, over the old ones: the file is never empty, so that a crash leaves one count or the other.
fn write(path: &Path, claims: i64) -> std::io::Result<()> {
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    file.write_all(format!("{claims:020}\n").as_bytes())
}

/// When a kept stop counts in a store that was put back then: one of the far future beats no word that is said later.
fn counts_at(at: i64, put_back_at: i64) -> i64 {
    if at > put_back_at.saturating_add(AHEAD) { put_back_at } else { at }
}

impl Store {
    /// The same store with its witness in a folder of this machine, where the store itself has none: `handoffd.claims`
    /// and `handoffd.stops`.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when there is no such folder.
    pub fn witnessed_in(self, folder: &Path) -> Result<Store, StoreError> {
        if !folder.is_dir() {
            return Err(StoreError::Unusable(format!(
                "there is no folder {} for what a backup does not know; make it, and give it to our user",
                folder.display()
            )));
        }
        Ok(Store { witness: Some(Witness::beside(&folder.join("handoffd"))), ..self })
    }

    /// At start: whether this is an older store than the one that ran here before. If so, no letter that waits in it
    /// is sent by itself, and the instant is remembered for [`Store::put_back_at`]. Returns how many were held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn look_for_a_put_back(&self, now: DateTime<Utc>) -> Result<Option<u64>, StoreError> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(claims), 0) AS BIGINT) FROM outbox";
        let Some(witness) = &self.witness else { return Ok(None) };
        let (claims,): (i64,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        let is_older =
            witness.seen()?.is_some_and(|seen| seen > claims) || self.misses_a_stop(witness).await?;
        let held = if is_older { Some(self.put_back(now).await?) } else { None };
        witness.begin(claims);
        Ok(held)
    }

    /// Whether a stop was kept that the store does not know. Each was in its history before it was kept, at the same
    /// instant, and a put back notes all. No clock is asked: it may be wrong.
    async fn misses_a_stop(&self, witness: &Witness) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM history WHERE at = $1) \
             + (SELECT COUNT(*) FROM stopped WHERE digest = $2 AND at >= $3)";
        let put_back_at = self.put_back_at().await?.map_or(i64::MAX, millis);
        for (at, digest) in witness.stops.read()? {
            let noted_at = counts_at(at, put_back_at);
            let (known,): (i64,) = on_pool!(self, pool => {
                sqlx::query_as(SQL).bind(at).bind(digest.as_slice()).bind(noted_at).fetch_one(pool).await?
            });
            if known == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// When a store is put back by a clock that may be behind: not before anything it knows, a mail that waits in it
    /// among that, nor before what was kept since. No word from before may count as newer.
    async fn not_before_what_is_known(&self, now: i64, stops: &[Kept]) -> Result<i64, StoreError> {
        const SQL: &str = "SELECT MAX(at) FROM (SELECT MAX(at) AS at FROM history \
             UNION ALL SELECT MAX(arrived_at) FROM mail) AS known";
        let (known,): (Option<i64>,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        let known = known.unwrap_or(now).max(now);
        let kept = stops.iter().map(|(at, _)| *at).filter(|at| *at <= known.saturating_add(AHEAD)).max();
        Ok(kept.unwrap_or(known).max(known))
    }

    /// Holds every letter that waits: the store was put back, and they may have left before. Returns how many. It was
    /// put back at `now`, or at the newest instant that is known where the clock is behind that.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing changed.
    pub async fn put_back(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        const REMEMBER: &str =
            "INSERT INTO beat (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at";
        const HOLD: &str = "UPDATE outbox SET state = 'held', settled_at = $1, answer = 'the store was put back' \
             WHERE settled_at IS NULL";
        let now = millis(now);
        let stops =
            self.witness.as_ref().map(|witness| witness.stops.read()).transpose()?.unwrap_or_default();
        let put_back_at = self.not_before_what_is_known(now, &stops).await?;
        let held = in_transaction!(self, tx => {
            sqlx::query(REMEMBER).bind(PUT_BACK).bind(put_back_at).execute(&mut *tx).await?;
            for (at, digest) in &stops {
                sqlx::query(super::forget::NOTE_STOP)
                    .bind(digest.as_slice()).bind(counts_at(*at, put_back_at)).execute(&mut *tx).await?;
            }
            sqlx::query(HOLD).bind(now).execute(&mut *tx).await?.rows_affected()
        });
        Ok(held)
    }

    /// Keeps the stops of decisions that were written, for a store that is put back and does not know them.
    pub(super) async fn witness_stops(&self, commits: &[Commit], now: DateTime<Utc>) {
        let Some(witness) = &self.witness else { return };
        let records =
            commits.iter().flat_map(|commit| &commit.records).filter(|saved| saved.referral.stopped);
        let fresh =
            records.filter(|saved| saved.before.as_ref().is_none_or(|before| !before.referral.stopped));
        let strangers = commits.iter().flat_map(|commit| &commit.stops);
        let of_strangers = strangers.map(|address| (end_of_day(millis(now)), self.stop_digest(address)));
        let stops: Vec<Kept> = fresh.filter_map(|saved| self.stop_of(saved)).chain(of_strangers).collect();
        if !stops.is_empty() {
            witness.stops.keep(stops).await;
        }
    }

    /// The stop of a record, at the instant at which it stands in its history. It is not rounded while the record is
    /// there: a rounded one could not be found in the history of a store that knows it, and would beat a word from after
    /// the stop or give way to one from before. See [`Store::blur_stops`].
    fn stop_of(&self, saved: &Saved) -> Option<Kept> {
        let address = saved.referral.client_address()?;
        let at = saved.facts.iter().map(|fact| fact.at).max().unwrap_or(saved.referral.received_at);
        Some((millis(at), self.stop_digest(&address)))
    }

    /// Leaves of the stops of forgotten referrals only the day: with the instant, the digest of an address could be told
    /// to be that of the reference whose history keeps its times.
    pub(super) async fn blur_stops(&self) {
        const SQL: &str = "SELECT digest, at FROM stopped";
        let Some(witness) = &self.witness else { return };
        let known: Result<Vec<(Vec<u8>, i64)>, StoreError> =
            async { Ok(on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?)) }.await;
        if let Ok(known) = known {
            witness.stops.blur(known.into_iter().collect()).await;
        }
    }

    /// Tries once more to keep the stops that could not be kept for a store that is put back. Returns whether all are
    /// kept now.
    pub async fn keep_stops_again(&self) -> bool {
        match &self.witness {
            Some(witness) => witness.stops.keep_again().await,
            None => true,
        }
    }

    /// Whether a stop could not be kept for a store that is put back, and nobody was [told](Store::told_of_a_stop) yet.
    #[must_use]
    pub fn missed_keeping_a_stop(&self) -> bool {
        self.witness.as_ref().is_some_and(|witness| witness.stops.is_short())
    }

    /// Whether the count of claims could not be written, so that a store that is put back from a backup may not be
    /// known as one, and nobody was [told](Store::told_of_the_claims) yet.
    #[must_use]
    pub fn missed_counting_claims(&self) -> bool {
        self.witness.as_ref().is_some_and(|witness| {
            witness.is_behind.load(Ordering::Relaxed) && !witness.is_told.load(Ordering::Relaxed)
        })
    }

    /// Somebody was told that the count of claims could not be written.
    pub fn told_of_the_claims(&self) {
        if let Some(witness) = &self.witness {
            // It may have been written meanwhile: then nobody knows of the next time that it cannot be.
            witness.is_told.store(witness.is_behind.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Somebody was told of the stops that could not be kept until now.
    pub fn told_of_a_stop(&self) {
        if let Some(witness) = &self.witness {
            witness.stops.told();
        }
    }

    /// When the store was last put back. Who said stop between its backup and then it may not know: see the kept stops.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_back_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.last_beat(PUT_BACK).await
    }
}
