//! Commit: decisions are sealed and written, all of them in one transaction.

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::records::{Commit, Saved};
use super::write::{self, Order, RecordRow};
use super::{Store, StoreError};
use crate::referral::record::Referral;

impl Store {
    /// Writes decisions, all of them in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when a record or mail changed since it was read, or a drawn reference is taken: nothing
    /// was written, and the caller decides again.
    pub async fn commit(&self, commits: &[Commit], now: DateTime<Utc>) -> Result<(), StoreError> {
        let records: Vec<&Saved> = commits.iter().flat_map(|commit| &commit.records).collect();
        let mut allowed = Vec::new();
        for saved in &records {
            allowed.push(self.allowed_past_the_day(saved).await?);
        }
        let referrals = records.into_par_iter().zip(allowed);
        let row = |(saved, allowed): (_, Option<Referral>)| self.record_row(saved, allowed.as_ref());
        let rows = referrals.map(row).collect::<Result<_, _>>()?;
        let mut loose = Vec::new();
        for letter in commits.iter().flat_map(|commit| &commit.letters) {
            loose.push(self.loose_letter(letter)?);
        }
        let stops = commits
            .iter()
            .flat_map(|commit| &commit.stops)
            .map(|address| self.stop_digest(address))
            .collect();
        let order = Order { commits, rows, loose, stops, now };
        let turn = self.turn().await;
        match &self.pool {
            super::Pool::Sqlite(pool) => {
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                write::sqlite::everything(&mut tx, &order).await?;
                tx.commit().await?;
            }
            super::Pool::Postgres(pool) => {
                let mut tx = pool.begin().await?;
                write::postgres::everything(&mut tx, &order).await?;
                tx.commit().await?;
            }
        }
        drop(turn);
        // Not before: a stop that is kept and was never written would make the store look older than it is.
        self.witness_stops(commits, now).await;
        Ok(())
    }

    /// The row of a record, which may be kept in another form than it was decided.
    fn record_row<'a>(&self, saved: &'a Saved, kept: Option<&Referral>) -> Result<RecordRow<'a>, StoreError> {
        let reference = &saved.referral.reference;
        let (key, data_key) = match &saved.before {
            Some(stored) => (stored.key.clone(), None),
            None => self
                .keys
                .data_key(&format!("referral:{reference}"))
                .map(|(key, wrapped)| (key, Some(wrapped)))?,
        };
        let decode = |_| StoreError::Decode(format!("referral:record:{reference}"));
        let record = serde_json::to_vec(kept.unwrap_or(&saved.referral)).map_err(decode)?;
        let first = saved.before.as_ref().map_or(0, |stored| stored.facts);
        let mut facts = Vec::new();
        let mut head = saved.before.as_ref().map(|stored| stored.head.clone()).unwrap_or_default();
        for (seq, fact) in (first + 1..).zip(&saved.facts) {
            let row = self.fact_row(reference, seq, fact, &key, &head)?;
            head.clone_from(&row.chain);
            facts.push(row);
        }
        let letters = saved
            .letters
            .iter()
            .map(|letter| self.sealed_letter(letter, &key, None))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(RecordRow {
            id: saved.before.as_ref().map(|stored| (stored.id, stored.version)),
            facts_before: first,
            head,
            record: key.seal(&format!("referral:record:{reference}"), &record)?,
            saved,
            data_key,
            facts,
            letters,
        })
    }
}
