//! One partner's referrals, for the report of its pilot.

use chrono::{DateTime, Utc};

use super::records::{COLUMNS, Row, Stored};
use super::{Store, StoreError, millis};
use crate::referral::roster::PartnerId;

/// No report looks at more.
const MOST: i64 = 20_000;

impl Store {
    /// What a partner sent from one instant until before another, oldest first; forgotten ones are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_partner(
        &self,
        partner: &PartnerId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM referral WHERE received_at >= $1 AND received_at < $2 AND partner = $3 \
             AND data_key IS NOT NULL ORDER BY received_at, id LIMIT $4"
        );
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from))
                .bind(millis(to))
                .bind(partner.0.as_str())
                .bind(MOST)
                .fetch_all(pool)
                .await?
        });
        rows.into_iter().map(|row| self.stored(row)).collect()
    }
}
