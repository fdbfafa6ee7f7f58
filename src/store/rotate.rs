//! Rotation: every data key under the newest key of the key file, some at a time. What was done stays done: stopped at
//! any point, the next run goes on where this one ended.

use std::collections::BTreeMap;

use tracing::warn;

use super::seal::{SealError, VERSION, WRAPPED};
use super::{Store, StoreError};

/// Rows of one transaction.
const AT_ONCE: i64 = 500;

/// The tables with wrapped keys: name, the column that names a row's place, and the place's first word.
pub(super) const TABLES: [(&str, &str, &str); 3] =
    [("mail", "origin", "mail"), ("referral", "reference", "referral"), ("outbox", "natural_key", "outbox")];

/// What the wrapped keys of a table say of themselves.
#[derive(Default)]
pub(super) struct Wraps {
    /// How many lie under each key.
    pub(super) used: BTreeMap<u8, u64>,
    /// How many are no wrapped keys at all.
    pub(super) damaged: u64,
}

/// What became of some wrapped keys of a table.
#[derive(Default)]
struct Rewrapped {
    /// How many were looked at.
    found: usize,
    /// How many lie under the newest key now.
    done: u64,
    /// How many no key of the file opens.
    closed: u64,
}

impl Store {
    /// How many data keys lie under each key of the key file. What has not the form of a wrapped key is not counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keys_in_use(&self) -> Result<BTreeMap<u8, u64>, StoreError> {
        let mut used: BTreeMap<u8, u64> = BTreeMap::new();
        for (table, ..) in TABLES {
            for (id, count) in self.wraps_of(table).await?.used {
                *used.entry(id).or_default() += count;
            }
        }
        Ok(used)
    }

    /// The same of one table.
    pub(super) async fn wraps_of(&self, table: &str) -> Result<Wraps, StoreError> {
        let sql = format!(
            "SELECT substr(data_key, 1, 2), CAST(length(data_key) AS BIGINT), COUNT(*) FROM {table} \
             WHERE data_key IS NOT NULL GROUP BY 1, 2"
        );
        let rows: Vec<(Vec<u8>, i64, i64)> =
            on_pool!(self, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?);
        let mut wraps = Wraps::default();
        for (head, length, count) in rows {
            let count = u64::try_from(count).unwrap_or(0);
            match head.as_slice() {
                // No key of a key file has the number 0.
                [VERSION, id] if *id > 0 && length == WRAPPED => *wraps.used.entry(*id).or_default() += count,
                _ => wraps.damaged += count,
            }
        }
        Ok(wraps)
    }

    /// Wraps data keys anew that lie under an older key: at most 500 of each table, in one transaction. Returns how
    /// many; 0 means that none is left. What no key of the file opens stays as it is and holds up nothing else: it is told
    /// of in the log once all others are done.
    ///
    /// # Errors
    /// [`StoreError`]; [`super::seal::SealError::UnknownKey`] when a key was taken out of the file too early, once all
    /// others are done.
    pub async fn rewrap_some(&self) -> Result<u64, StoreError> {
        let (mut done, mut found, mut closed) = (0, 0, Vec::new());
        for table in TABLES {
            let some = self.rewrap_some_of(table).await?;
            done += some.done;
            found += some.found;
            closed.push((table.0, some.closed));
        }
        if found == 0 {
            // A start without the older keys need not count then.
            self.forget_older_keys().await?;
        } else if done == 0 {
            self.assert_no_key_is_gone().await?;
            for (table, rows) in closed.into_iter().filter(|(_, rows)| *rows > 0) {
                warn!(
                    store.table = table,
                    rows.count = rows,
                    "Data keys do not open and were not wrapped anew; handoffd verify names what lies under them."
                );
            }
        }
        Ok(done)
    }

    /// The first 500 of a table of which at least one opens.
    async fn rewrap_some_of(
        &self,
        (table, column, word): (&'static str, &str, &str),
    ) -> Result<Rewrapped, StoreError> {
        let mut all = Rewrapped::default();
        let mut last = i64::MIN;
        loop {
            let rows = self.older(table, column, last).await?;
            let Some((id, ..)) = rows.last() else { return Ok(all) };
            last = *id;
            all.found += rows.len();
            let mut renewed = Vec::new();
            for (id, place, old) in rows {
                match self.keys.rewrapped(&format!("{word}:{place}"), &old) {
                    Ok(Some(wrapped)) => renewed.push((id, old, wrapped)),
                    Ok(None) => {}
                    Err(SealError::DoesNotOpen(_) | SealError::UnknownKey(_)) => all.closed += 1,
                    Err(error) => return Err(error.into()),
                }
            }
            if !renewed.is_empty() {
                all.done = self.renew(table, &renewed).await?;
                return Ok(all);
            }
        }
    }

    /// The next wrapped keys of a table that lie under an older key, behind this row.
    async fn older(
        &self,
        table: &str,
        column: &str,
        last: i64,
    ) -> Result<Vec<(i64, String, Vec<u8>)>, StoreError> {
        let find = format!(
            "SELECT id, {column}, data_key FROM {table} \
             WHERE data_key IS NOT NULL AND substr(data_key, 2, 1) <> $1 AND substr(data_key, 1, 1) = $3 \
             AND substr(data_key, 2, 1) <> $4 AND length(data_key) = {WRAPPED} AND id > $5 ORDER BY id LIMIT $2"
        );
        let (newest, version, none) = (vec![self.keys.newest()], vec![VERSION], vec![0_u8]);
        Ok(on_pool!(self, pool => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(find)).bind(newest).bind(AT_ONCE).bind(version);
            query.bind(none).bind(last).fetch_all(pool).await?
        }))
    }

    /// Writes wrapped keys in the place of those they were made from.
    async fn renew(&self, table: &str, renewed: &[(i64, Vec<u8>, Vec<u8>)]) -> Result<u64, StoreError> {
        let change = format!("UPDATE {table} SET data_key = $1 WHERE id = $2 AND data_key = $3");
        Ok(in_transaction!(self, tx => {
            let mut changed = 0;
            for (id, old, wrapped) in renewed {
                changed += sqlx::query(sqlx::AssertSqlSafe(change.clone()))
                    .bind(wrapped.as_slice())
                    .bind(*id)
                    .bind(old.as_slice())
                    .execute(&mut *tx)
                    .await?
                    .rows_affected();
            }
            changed
        }))
    }
}
