//! Scrubbing: what was overwritten or deleted does not stay in the files either.

use super::{Store, StoreError};

impl Store {
    /// Leaves nothing of what was overwritten in the files of the tables. SQLite folds its log into its file and
    /// empties it. PostgreSQL writes each table anew that is not too large for that, without its dead rows; of a larger
    /// one the dead rows are given free, and their bytes stay until others take their place. Its log keeps what its own
    /// settings say: rotating the key file makes what is left there unreadable.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn scrub(&self) -> Result<(), StoreError> {
        match &self.pool {
            super::Pool::Sqlite(pool) => {
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await?;
            }
            super::Pool::Postgres(pool) => {
                for table in EMPTIED {
                    vacuum(pool, table).await?;
                }
            }
        }
        Ok(())
    }
}

/// The tables in which forgetting and purging leave something.
const EMPTIED: [&str; 6] = ["referral", "mail", "mail_raw", "outbox", "outbox_parcel", "person"];

/// A table is locked while it is written anew: up to this size that takes a few seconds.
const LARGEST: i64 = 256 << 20;

async fn vacuum(pool: &sqlx::PgPool, table: &str) -> Result<(), StoreError> {
    let (bytes,): (i64,) =
        sqlx::query_as("SELECT pg_total_relation_size($1::regclass)").bind(table).fetch_one(pool).await?;
    let plain = format!("VACUUM {table}");
    if bytes <= LARGEST {
        let full = sqlx::query(sqlx::AssertSqlSafe(format!("VACUUM FULL {table}"))).execute(pool).await;
        // Somebody else holds the table for long: the next time does it.
        match full.map_err(StoreError::from) {
            Ok(_) => return Ok(()),
            Err(StoreError::Unavailable(_)) => {}
            Err(other) => return Err(other),
        }
    }
    sqlx::query(sqlx::AssertSqlSafe(plain)).execute(pool).await?;
    Ok(())
}
