//! Parked mails on their way back: read again as if they had just arrived; or out, where nobody but a person can read
//! them.

use chrono::{DateTime, Utc};

use super::spool::Incoming;
use super::{Store, StoreError, millis};
use crate::referral::disposition::IgnoreCause;

/// What became of a wish to read a parked mail again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replay {
    /// It waits to be read.
    Waits,
    /// Only its head is kept: read again it would say nothing new.
    HeadOnly,
    /// Its bytes were forgotten: nobody can read it again.
    Gone,
    /// No parked mail has this number.
    NotParked,
}

/// What became of a wish to settle a parked mail that a person read where it lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settling {
    /// It is settled, and holds up nothing any more.
    Done,
    /// Its bytes can be read here: it is to be read again, and not taken for heard.
    Readable,
    /// No parked mail has this number.
    NotParked,
}

impl Store {
    /// Settles a parked mail whose bytes do not open, or the record it belongs to, on the word of a person who read it:
    /// what it held up goes on. Only that word is known of it; who gave it is for the caller to write down first.
    ///
    /// # Errors
    /// [`StoreError`]; where a key is missing, the mail waits for it.
    pub async fn settle_unread(&self, id: i64, now: DateTime<Utc>) -> Result<Settling, StoreError> {
        const SQL: &str = "UPDATE mail SET disposition = 'ignored', cause = $2, handled_at = $3 \
             WHERE id = $1 AND disposition = 'parked'";
        if !self.is_parked(id).await? {
            return Ok(Settling::NotParked);
        }
        match self.raw(id).await {
            Ok(_) if !self.is_of_a_damaged_record(id).await? => return Ok(Settling::Readable),
            Ok(_) => {}
            Err(error) if error.is_of_a_record() => {}
            Err(error) => return Err(error),
        }
        let changed = in_transaction!(self, tx => {
            let changed = sqlx::query(SQL)
                .bind(id)
                .bind(IgnoreCause::ReadByAPerson.words())
                .bind(millis(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                sqlx::query("DELETE FROM unheard WHERE mail_id = $1").bind(id).execute(&mut *tx).await?;
            }
            changed
        });
        Ok(if changed == 1 { Settling::Done } else { Settling::NotParked })
    }

    /// Whether the mail belongs to a referral whose record does not open: read again, it would be parked again.
    async fn is_of_a_damaged_record(&self, id: i64) -> Result<bool, StoreError> {
        const SQL: &str =
            "SELECT r.reference FROM mail m JOIN referral r ON r.id = m.referral_id WHERE m.id = $1";
        let row: Option<(String,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?);
        let Some((reference,)) = row else { return Ok(false) };
        match self.load(&[super::places::reference_of(reference)?]).await {
            Ok(_) => Ok(false),
            Err(error) if error.is_of_a_record() => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn is_parked(&self, id: i64) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT id FROM mail WHERE id = $1 AND disposition = 'parked'";
        let row: Option<(i64,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?);
        Ok(row.is_some())
    }

    /// Puts a parked mail back among the waiting ones, as if it had just arrived. What it holds up it holds up until it
    /// is settled: it may not be readable this time either.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replay(&self, id: i64) -> Result<Replay, StoreError> {
        const SQL: &str = "UPDATE mail SET disposition = NULL, cause = NULL, handled_at = NULL, attempts = 0 \
             WHERE id = $1 AND disposition = 'parked' AND whole = 1 AND data_key IS NOT NULL";
        const KEPT: &str = "SELECT whole FROM mail WHERE id = $1 AND disposition = 'parked'";
        let (changed, whole): (u64, Option<(i64,)>) = on_pool!(self, pool => {
            let changed = sqlx::query(SQL).bind(id).execute(pool).await?.rows_affected();
            (changed, sqlx::query_as(KEPT).bind(id).fetch_optional(pool).await?)
        });
        Ok(match whole {
            _ if changed == 1 => Replay::Waits,
            None => Replay::NotParked,
            Some((0,)) => Replay::HeadOnly,
            Some(_) => Replay::Gone,
        })
    }

    /// Puts the whole of a parked mail in the place of its head, which was all that was kept, and the mail back among
    /// the waiting ones. Its number, the time it arrived and the referral it led to stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replay_whole(
        &self,
        id: i64,
        raw: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<Replay, StoreError> {
        const SQL: &str = "UPDATE mail SET data_key = $2, digest = $3, bytes = $4, whole = 1, \
             disposition = NULL, cause = NULL, handled_at = NULL, attempts = 0 \
             WHERE id = $1 AND disposition = 'parked' AND whole = 0";
        const RAW: &str = "INSERT INTO mail_raw (mail_id, raw) VALUES ($1, $2) \
             ON CONFLICT (mail_id) DO UPDATE SET raw = excluded.raw";
        let Some(origin) = self.head_of(id).await? else { return Ok(Replay::NotParked) };
        let bytes = u64::try_from(raw.len()).unwrap_or(u64::MAX);
        let sealed = self.sealed_row(&Incoming { origin, raw, whole: true, bytes, arrived_at: now }, now)?;
        let changed = in_transaction!(self, tx => {
            let changed = sqlx::query(SQL)
                .bind(id)
                .bind(sealed.data_key)
                .bind(sealed.digest)
                .bind(sealed.bytes)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed == 1 {
                sqlx::query(RAW).bind(id).bind(sealed.raw).execute(&mut *tx).await?;
            }
            changed
        });
        Ok(if changed == 1 { Replay::Waits } else { Replay::NotParked })
    }

    /// Where a parked mail lay of which only the head is kept.
    async fn head_of(&self, id: i64) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT origin FROM mail WHERE id = $1 AND disposition = 'parked' AND whole = 0";
        let row: Option<(String,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?);
        Ok(row.map(|(origin,)| origin))
    }
}
