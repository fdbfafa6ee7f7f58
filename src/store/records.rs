//! Records: the referrals as they lie in the store, and what one decision changes of them.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::outbox::Queued;
use super::outbox::state::State;
use super::places::history_place;
use super::rows::{self, Column, Wide};
use super::seal::DataKey;
use super::{Store, StoreError};
use crate::referral::address::EmailAddress;
use crate::referral::disposition::Disposition;
use crate::referral::record::{Fact, Referral};
use crate::referral::reference::Reference;
use crate::referral::roster::{Absence, StaffId};

/// A referral as it lies in the store.
#[derive(Clone)]
pub struct Stored {
    /// The record.
    pub referral: Referral,
    pub(super) id: i64,
    pub(super) version: i64,
    pub(super) facts: i64,
    /// The newest link of its history.
    pub(super) head: Vec<u8>,
    pub(super) key: DataKey,
}

impl Stored {
    /// The row and how often it was written: another pair means another record, or the same one changed.
    #[must_use]
    pub const fn edition(&self) -> (i64, i64) {
        (self.id, self.version)
    }

    /// The lines of its history, each with its place, as they lie in the store.
    pub(super) fn read_history(&self, lines: Vec<(i64, Vec<u8>)>) -> Result<Vec<Fact>, StoreError> {
        lines
            .into_iter()
            .map(|(seq, words)| {
                let place = history_place(&self.referral.reference, seq);
                let words = self.key.open(&place, &words)?;
                serde_json::from_slice(&words).map_err(|_| StoreError::Decode(place))
            })
            .collect()
    }
}

impl std::fmt::Debug for Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stored({} v{})", self.referral.reference, self.version)
    }
}

/// A record to be written, with what happened and the letters that follow.
#[derive(Debug)]
pub struct Saved {
    /// As it was read; `None` opens it.
    pub before: Option<Stored>,
    /// As it should be.
    pub referral: Referral,
    /// What happened.
    pub facts: Vec<Fact>,
    /// Keyed digests by which the same person is recognised, and those of the names on either side.
    pub persons: Vec<Vec<u8>>,
    /// Letters about it.
    pub letters: Vec<Queued>,
}

/// One decision: all of it is written, or nothing.
#[derive(Debug, Default)]
pub struct Commit {
    /// The mail it settles.
    pub mail: Option<Settled>,
    /// The records it changes; the mail is linked to the first.
    pub records: Vec<Saved>,
    /// Letters about no referral.
    pub letters: Vec<Queued>,
    /// Whose final warning stands in a letter about many: the letter's natural key, and the referral.
    pub warnings: Vec<(String, Reference)>,
    /// Letters that still wait and need not leave, since one of these tells all they do: their natural keys.
    pub replaced: Vec<String>,
    /// Letters that were claimed and did not leave, as one of the records says from now on: their rows, with the state
    /// they end in, `withheld` or `failed`.
    pub unsent: Vec<(i64, State)>,
    /// Who says that they are away or back.
    pub absence: Option<Absence>,
    /// Who said stop of whom there is no record.
    pub stops: Vec<EmailAddress>,
    /// Whom the mail it settles may be about, who must not be written to until it was read: keyed digests of people
    /// and of referrals.
    pub unheard: Vec<Vec<u8>>,
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Its number in the spool.
    pub mail_id: i64,
    /// What it turned out to be.
    pub disposition: Disposition,
    /// The referral it belongs to, when no record is changed.
    pub about: Option<Reference>,
    /// The keyed digest of its Message-ID.
    pub message_id: Option<Vec<u8>>,
}

pub(super) const COLUMNS: &str = "id, reference, version, facts, head, data_key, record";

/// A row of these columns.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: i64,
    reference: String,
    version: i64,
    facts: i64,
    head: Vec<u8>,
    data_key: Option<Vec<u8>>,
    record: Vec<u8>,
}

impl Store {
    /// The referrals of these references; unknown ones are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(&self, references: &[Reference]) -> Result<Vec<Stored>, StoreError> {
        let rows = self.rows(references).await?;
        rows.into_iter().map(|row| self.stored(row)).collect()
    }

    /// Those of these referrals that can be read; damaged ones are left out like unknown ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load_readable(&self, references: &[Reference]) -> Result<Vec<Stored>, StoreError> {
        let rows = self.rows(references).await?;
        let stored = rows.into_iter().map(|row| self.stored(row));
        stored.filter(|stored| !stored.as_ref().is_err_and(StoreError::is_of_a_record)).collect()
    }

    async fn rows(&self, references: &[Reference]) -> Result<Vec<Row>, StoreError> {
        if references.is_empty() {
            return Ok(Vec::new());
        }
        Ok(on_pool!(self, pool => {
            let mut select = QueryBuilder::new(format!("SELECT {COLUMNS} FROM referral WHERE data_key IS NOT NULL AND reference"));
            Wide::push_among(&mut select, &Column::texts(references.iter().map(Reference::as_str)));
            select.push(" ORDER BY id");
            rows::searching_for(&mut select).fetch_all(pool).await?
        }))
    }

    /// A referral's history, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn history(&self, stored: &Stored) -> Result<Vec<Fact>, StoreError> {
        const SQL: &str = "SELECT seq, words FROM history WHERE referral_id = $1 ORDER BY seq";
        let rows: Vec<(i64, Vec<u8>)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(stored.id).fetch_all(pool).await?);
        stored.read_history(rows)
    }

    /// How many open referrals each member of staff owns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_by_owner(&self) -> Result<BTreeMap<StaffId, u32>, StoreError> {
        const SQL: &str = "SELECT owner, COUNT(*) FROM referral WHERE open = 1 GROUP BY owner ORDER BY owner";
        let rows: Vec<(String, i64)> = on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?);
        Ok(rows
            .into_iter()
            .map(|(owner, count)| (StaffId(owner), u32::try_from(count).unwrap_or(u32::MAX)))
            .collect())
    }

    pub(super) fn stored(&self, row: Row) -> Result<Stored, StoreError> {
        let Row { id, reference, version, facts, head, data_key, record } = row;
        let key = self.keys.open_key(&format!("referral:{reference}"), data_key.as_deref())?;
        let place = format!("referral:record:{reference}");
        let record = key.open(&place, &record)?;
        let referral = serde_json::from_slice(&record).map_err(|_| StoreError::Decode(place))?;
        Ok(Stored { referral, id, version, facts, head, key })
    }
}
