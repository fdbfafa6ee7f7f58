//! Rotation: every data key under the newest key of the key file, some at a time. What was done stays done: stopped at
//! any point, the next run goes on where this one ended.

use std::collections::BTreeMap;

use super::{Store, StoreError};

/// Rows of one transaction.
const AT_ONCE: i64 = 500;

/// The tables with wrapped keys: name, the column that names a row's place, and the place's first word.
const TABLES: [(&str, &str, &str); 3] =
    [("mail", "origin", "mail"), ("referral", "reference", "referral"), ("outbox", "natural_key", "outbox")];

impl Store {
    /// How many data keys lie under each key of the key file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keys_in_use(&self) -> Result<BTreeMap<u8, u64>, StoreError> {
        let mut used: BTreeMap<u8, u64> = BTreeMap::new();
        for (table, ..) in TABLES {
            let sql = format!(
                "SELECT substr(data_key, 2, 1), COUNT(*) FROM {table} WHERE data_key IS NOT NULL \
                 GROUP BY substr(data_key, 2, 1)"
            );
            let rows: Vec<(Vec<u8>, i64)> =
                on_pool!(self, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?);
            for (id, count) in rows {
                let id = id.first().copied().unwrap_or_default();
                *used.entry(id).or_default() += u64::try_from(count).unwrap_or(0);
            }
        }
        Ok(used)
    }

    /// Wraps data keys anew that lie under an older key: at most 500 of each table, in one transaction. Returns how
    /// many; 0 means that none is left.
    ///
    /// # Errors
    /// [`StoreError`]; [`super::seal::SealError::UnknownKey`] when a key was taken out of the file too early.
    pub async fn rewrap_some(&self) -> Result<u64, StoreError> {
        let mut done = 0;
        for (table, column, word) in TABLES {
            let find = format!(
                "SELECT id, {column}, data_key FROM {table} \
                 WHERE data_key IS NOT NULL AND substr(data_key, 2, 1) <> $1 ORDER BY id LIMIT $2"
            );
            let change = format!("UPDATE {table} SET data_key = $1 WHERE id = $2 AND data_key = $3");
            let newest = vec![self.keys.newest()];
            let rows: Vec<(i64, String, Vec<u8>)> = on_pool!(self, pool => {
                sqlx::query_as(sqlx::AssertSqlSafe(find)).bind(newest).bind(AT_ONCE).fetch_all(pool).await?
            });
            let mut renewed = Vec::new();
            for (id, place, old) in rows {
                if let Some(wrapped) = self.keys.rewrapped(&format!("{word}:{place}"), &old)? {
                    renewed.push((id, old, wrapped));
                }
            }
            done += in_transaction!(self, tx => {
                let mut changed = 0;
                for (id, old, wrapped) in &renewed {
                    changed += sqlx::query(sqlx::AssertSqlSafe(change.clone()))
                        .bind(wrapped.as_slice())
                        .bind(*id)
                        .bind(old.as_slice())
                        .execute(&mut *tx)
                        .await?
                        .rows_affected();
                }
                changed
            });
        }
        Ok(done)
    }
}
