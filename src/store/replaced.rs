//! Replaced: letters that need not leave, since a later one tells all they do.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::{Store, StoreError, millis};

impl Store {
    /// Letters of which another one tells all, by their natural keys: those that still wait need not leave.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace(&self, natural_keys: &[String], now: DateTime<Utc>) -> Result<(), StoreError> {
        if natural_keys.is_empty() {
            return Ok(());
        }
        let _turn = self.turn().await;
        on_pool!(self, pool => {
            let mut update = QueryBuilder::new("UPDATE outbox SET state = 'withheld', settled_at = ");
            update.push_bind(millis(now));
            update.push(", answer = 'a later letter tells it too' WHERE state = 'queued' AND natural_key IN (");
            let mut list = update.separated(", ");
            for key in natural_keys {
                list.push_bind(key.as_str());
            }
            update.push(")");
            update.build().execute(pool).await?;
        });
        Ok(())
    }
}
