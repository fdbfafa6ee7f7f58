//! Counts of everything by its state, in words of ours only: what `diag` may take out of the house.

use super::{Store, StoreError};

/// A table's name and how many rows have each value.
pub type Counts = Vec<(&'static str, Vec<(String, u64)>)>;

impl Store {
    /// How many referrals, mails and letters there are of each kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        const TABLES: [(&str, &str); 7] = [
            ("status", "SELECT status, COUNT(*) FROM referral GROUP BY status ORDER BY status"),
            ("contact", "SELECT contact, COUNT(*) FROM referral GROUP BY contact ORDER BY contact"),
            ("tier", "SELECT tier, COUNT(*) FROM referral GROUP BY tier ORDER BY tier"),
            (
                "mail",
                "SELECT COALESCE(disposition, 'waiting'), COUNT(*) FROM mail GROUP BY disposition ORDER BY disposition",
            ),
            ("letter", "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state"),
            ("letter kind", "SELECT kind, COUNT(*) FROM outbox GROUP BY kind ORDER BY kind"),
            (
                "letter not taken",
                "SELECT kind, COUNT(*) FROM outbox WHERE state IN ('failed', 'held', 'in-doubt') GROUP BY kind ORDER BY kind",
            ),
        ];
        let mut counts = Vec::new();
        for (name, sql) in TABLES {
            let rows: Vec<(String, i64)> = on_pool!(self, pool => sqlx::query_as(sql).fetch_all(pool).await?);
            let rows = rows.into_iter().map(|(value, count)| (value, count.unsigned_abs()));
            counts.push((name, rows.collect()));
        }
        Ok(counts)
    }
}
