//! Due: the referrals the rules want to be asked about. Its cost follows from what is due, not from what is open.

use chrono::{DateTime, Utc};

use super::records::{COLUMNS, Row, Stored};
use super::{Store, StoreError, instant, millis};

/// Some of what is due, the most overdue first.
pub struct Page {
    /// Those that open. One that does not is asked about again later and holds up no other; the digest still lists it,
    /// since what it lists is not sealed.
    pub due: Vec<Stored>,
    /// Where the next page begins; `None` when nothing more is due.
    pub next: Option<Place>,
}

/// A place among what is due, by the columns of the store: what is sealed in a record may say something older.
#[derive(Clone, Copy)]
pub struct Place {
    look_at: i64,
    id: i64,
}

/// The columns of a record, and when the rules want to be asked about it.
#[derive(sqlx::FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    record: Row,
    look_at: i64,
}

impl Store {
    /// The referrals the rules want to be asked about now, after a place or from the beginning, so many at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due(&self, now: DateTime<Utc>, most: u32, after: Option<Place>) -> Result<Page, StoreError> {
        let after = after.unwrap_or(Place { look_at: i64::MIN, id: i64::MIN });
        let sql = format!(
            "SELECT {COLUMNS}, look_at FROM referral WHERE data_key IS NOT NULL AND look_at <= $1 \
             AND (look_at > $3 OR (look_at = $3 AND id > $4)) ORDER BY look_at, id LIMIT $2"
        );
        let rows: Vec<DueRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(now))
                .bind(i64::from(most))
                .bind(after.look_at)
                .bind(after.id)
                .fetch_all(pool)
                .await?
        });
        let is_full = u32::try_from(rows.len()).is_ok_and(|rows| rows == most);
        let last = rows.last().map(|row| Place { look_at: row.look_at, id: row.record.id });
        let mut due = Vec::new();
        for row in rows {
            let id = row.record.id;
            match self.stored(row.record) {
                Ok(stored) => due.push(stored),
                Err(error) if error.is_of_a_record() => self.look_later(id, now).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(Page { due, next: last.filter(|_| is_full) })
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
