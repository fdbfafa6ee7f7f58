//! The witness: whether a SQLite store was put back from a backup. A small file beside the store counts how often
//! letters were claimed for sending; a store that knows of fewer claims than its witness is an older one, and letters it
//! still wants to send have left already. PostgreSQL has no such file: there an operator says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use super::{Place, Store, StoreError, millis};

/// When the store was last put back.
const PUT_BACK: &str = "put back";

/// The file and the count in it; nothing is counted before the count is known.
#[derive(Clone)]
pub(super) struct Witness {
    path: PathBuf,
    claims: Arc<AtomicI64>,
}

impl Witness {
    /// The witness of a place; `None` where there is no folder for one.
    pub(super) fn of(place: &Place) -> Option<Witness> {
        let Place::Sqlite(path) = place else { return None };
        let mut name = path.clone().into_os_string();
        name.push(".claims");
        Some(Witness { path: name.into(), claims: Arc::new(AtomicI64::new(-1)) })
    }

    /// Counts claims that were committed. A witness that cannot be written is no reason to keep letters back.
    pub(super) fn count(&self, more: usize) {
        if self.claims.load(Ordering::Relaxed) >= 0 {
            let more = i64::try_from(more).unwrap_or(0);
            let claims = self.claims.fetch_add(more, Ordering::Relaxed).saturating_add(more);
            let _ = write(&self.path, claims);
        }
    }

    fn begin(&self, claims: i64) {
        self.claims.store(claims, Ordering::Relaxed);
        let _ = write(&self.path, claims);
    }

    /// What the file says; one that is missing or torn says nothing.
    fn seen(&self) -> Option<i64> {
        std::fs::read_to_string(&self.path).ok()?.trim().parse().ok()
    }
}

fn write(path: &Path, claims: i64) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{claims}")
}

impl Store {
    /// At start: whether this is an older store than the one that ran here before. If so, no letter that waits in it
    /// is sent by itself, and the instant is remembered for [`Store::put_back_at`]. Returns how many were held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn look_for_a_put_back(&self, now: DateTime<Utc>) -> Result<Option<u64>, StoreError> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) FROM outbox";
        let Some(witness) = &self.witness else { return Ok(None) };
        let (claims,): (i64,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        let is_older = witness.seen().is_some_and(|seen| seen > claims);
        let held = if is_older { Some(self.put_back(now).await?) } else { None };
        witness.begin(claims);
        Ok(held)
    }

    /// Holds every letter that waits: the store was put back, and they may have left before. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`]; what was held stays held.
    pub async fn put_back(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        const HOLD: &str = "UPDATE outbox SET state = 'held', settled_at = $1, answer = 'the store was put back' \
             WHERE state IN ('queued', 'claimed', 'in-doubt')";
        // First the instant: without it letters to clients would be written again.
        self.beat(PUT_BACK, now).await?;
        let _turn = self.turn().await;
        let held =
            on_pool!(self, pool => sqlx::query(HOLD).bind(millis(now)).execute(pool).await?.rows_affected());
        Ok(held)
    }

    /// When the store was last put back. Who said stop between its backup and then is not known to it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_back_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.last_beat(PUT_BACK).await
    }
}
