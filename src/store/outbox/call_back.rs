//! Call back: letters that a wrong clock put off to a time that is far away.

use chrono::{DateTime, Utc};

use crate::store::{Store, StoreError, millis};

impl Store {
    /// Whatever waits for an instant after `far` waits until `at` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn call_back(&self, far: DateTime<Utc>, at: DateTime<Utc>) -> Result<(), StoreError> {
        const PLANNED: &str =
            "UPDATE outbox SET next_at = $2, due_at = $2 WHERE settled_at IS NULL AND next_at > $1";
        const LEASED: &str =
            "UPDATE outbox SET leased_until = $2 WHERE settled_at IS NULL AND leased_until > $1";
        let _turn = self.turn().await;
        on_pool!(self, pool => {
            for sql in [PLANNED, LEASED] {
                sqlx::query(sql).bind(millis(far)).bind(millis(at)).execute(pool).await?;
            }
        });
        Ok(())
    }
}
