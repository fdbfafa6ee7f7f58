//! Call back: letters that a wrong clock put off to a time that is far away.

use chrono::{DateTime, Utc};

use super::{Store, StoreError, millis};

impl Store {
    /// Whatever waits for an instant after `far` waits until `at` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn call_back(&self, far: DateTime<Utc>, at: DateTime<Utc>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE outbox SET next_at = $2, due_at = $2 WHERE state IN ('queued', 'claimed', 'in-doubt') \
             AND next_at > $1";
        let _turn = self.turn().await;
        on_pool!(self, pool => { sqlx::query(SQL).bind(millis(far)).bind(millis(at)).execute(pool).await?; });
        Ok(())
    }
}
