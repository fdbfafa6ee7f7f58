//! Due: the referrals the rules want to be asked about. Its cost follows from what is due, not from what is open.

use chrono::{DateTime, Utc};

use super::records::{COLUMNS, Row, Stored};
use super::seal::SealError;
use super::{Store, StoreError, instant, millis};

impl Store {
    /// The referrals the rules want to be asked about now, the most overdue first. One that does not open is asked
    /// about again later and holds up no other; the digest still lists it, since what it lists is not sealed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<Stored>, StoreError> {
        self.due_from(now, most, (i64::MIN, i64::MIN)).await
    }

    /// The next ones that are due, after the last of those that were read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_after(
        &self,
        now: DateTime<Utc>,
        most: u32,
        last: &Stored,
    ) -> Result<Vec<Stored>, StoreError> {
        let look_at = last.referral.look_at.map_or(i64::MIN, millis);
        self.due_from(now, most, (look_at, last.id)).await
    }

    async fn due_from(
        &self,
        now: DateTime<Utc>,
        most: u32,
        (look_at, id): (i64, i64),
    ) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM referral WHERE data_key IS NOT NULL AND look_at <= $1 \
             AND (look_at > $3 OR (look_at = $3 AND id > $4)) ORDER BY look_at, id LIMIT $2"
        );
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(now))
                .bind(i64::from(most))
                .bind(look_at)
                .bind(id)
                .fetch_all(pool)
                .await?
        });
        let mut due = Vec::new();
        for row in rows {
            let id = row.0;
            match self.stored(row) {
                Ok(stored) => due.push(stored),
                Err(
                    StoreError::Seal(SealError::DoesNotOpen(_) | SealError::Forgotten(_))
                    | StoreError::Decode(_),
                ) => self.look_later(id, now).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(due)
    }

    async fn look_later(&self, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE referral SET look_at = $2 WHERE id = $1";
        let later = millis(now + chrono::TimeDelta::hours(1));
        on_pool!(self, pool => { sqlx::query(SQL).bind(id).bind(later).execute(pool).await?; });
        Ok(())
    }

    /// The earliest instant at which the rules want to be asked about anything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_look(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SQL: &str = "SELECT MIN(look_at) FROM referral WHERE look_at IS NOT NULL";
        let (at,): (Option<i64>,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        at.map(|at| instant("referral.look_at", at)).transpose()
    }
}
