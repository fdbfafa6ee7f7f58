//! Records: what is known about a mail, the referrals themselves, and the one commit that changes them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use sqlx::QueryBuilder;

use super::outbox::Queued;
use super::outbox::state::State;
use super::people::{self, At};
use super::rows::{self, Column, Wide};
use super::seal::DataKey;
use super::twins::Twin;
use super::write::{self, Order, RecordRow};
use super::{Store, StoreError, instant, millis};
use crate::referral::address::EmailAddress;
use crate::referral::disposition::Disposition;
use crate::referral::letter::Part;
use crate::referral::record::{Fact, Referral};
use crate::referral::reference::Reference;
use crate::referral::roster::{Absence, StaffId};

/// What one mail asks the store.
#[derive(Clone, Default)]
pub struct Question {
    /// The mail's number in the spool.
    pub mail_id: i64,
    /// The keyed digest of its bytes.
    pub digest: Vec<u8>,
    /// The keyed digest of its Message-ID.
    pub message_id: Option<Vec<u8>>,
    /// The row of the referral it led to when it was handled before.
    pub linked: Option<i64>,
    /// The Message-IDs it answers.
    pub thread: Vec<String>,
    /// Keyed digests of the people it is about.
    pub persons: Vec<Vec<u8>>,
    /// Keyed digests under which a name of it would stand on the other side of another referral.
    pub names: Vec<Vec<u8>>,
    /// The keyed digest of the address an answer would go to.
    pub author: Option<Vec<u8>>,
}

impl std::fmt::Debug for Question {
    /// Message-IDs of others may hold names.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Question(mail {})", self.mail_id)
    }
}

/// What the store knows about one mail.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// An earlier mail with the same bytes.
    pub copy_of: Option<i64>,
    /// An earlier mail with the same Message-ID.
    pub twin: Option<Twin>,
    /// The referral it led to when it was handled before.
    pub linked: Option<Reference>,
    /// The referrals whose letters it answers.
    pub threads: Vec<Letter>,
    /// The referrals about the same people, newest first, of each digest the newest few.
    pub persons: Vec<Reference>,
    /// The same by digest.
    pub at: At,
    /// The referrals in which a name of it stands on the other side, with the digest, oldest first.
    pub named: Vec<(Vec<u8>, Reference)>,
    /// Letters to its author in the last hour and the last day.
    pub answered: (u32, u32),
}

/// A letter of ours, found by its Message-ID.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    /// Its Message-ID.
    pub message_id: String,
    /// The referral it was about, if about one.
    pub reference: Option<Reference>,
    /// Whom it went to.
    pub part: Part,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// A referral as it lies in the store.
#[derive(Clone)]
pub struct Stored {
    /// The record.
    pub referral: Referral,
    pub(super) id: i64,
    version: i64,
    facts: i64,
    /// The newest link of its history.
    head: Vec<u8>,
    key: DataKey,
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

/// A letter of ours as it is found by its Message-ID.
#[derive(sqlx::FromRow)]
struct LetterRow {
    message_id_digest: Vec<u8>,
    reference: Option<String>,
    part: String,
    created_at: i64,
}

impl Store {
    /// What is known about each of these mails: a handful of statements, however many mails.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known(&self, questions: &[Question], now: DateTime<Utc>) -> Result<Vec<Known>, StoreError> {
        let copies = self.copies(questions).await?;
        let twins = self.twins(questions).await?;
        let linked = self.linked(questions).await?;
        let letters =
            self.letters_by_message_id(questions.iter().flat_map(|question| &question.thread)).await?;
        let mut digests: Vec<&Vec<u8>> = questions.iter().flat_map(|question| &question.persons).collect();
        digests.extend(questions.iter().flat_map(|question| &question.names));
        let persons = self.by_person(digests.into_iter()).await?;
        let answered =
            self.answered(questions.iter().filter_map(|question| question.author.as_ref()), now).await?;
        let known = questions.iter().map(|question| {
            let same = people::newest(&question.persons, &persons);
            Known {
                copy_of: copies.get(&question.digest).copied().filter(|first| *first < question.mail_id),
                twin: question
                    .message_id
                    .as_ref()
                    .and_then(|digest| twins.get(digest))
                    .filter(|twin| twin.mail_id < question.mail_id)
                    .cloned(),
                linked: question.linked.and_then(|row| linked.get(&row)).cloned(),
                threads: question.thread.iter().filter_map(|id| letters.get(id)).cloned().collect(),
                persons: same,
                at: people::at(&question.persons, &persons),
                named: people::named(&question.names, &persons),
                answered: question
                    .author
                    .as_ref()
                    .and_then(|author| answered.get(author))
                    .copied()
                    .unwrap_or_default(),
            }
        });
        Ok(known.collect())
    }

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

    async fn copies(&self, questions: &[Question]) -> Result<BTreeMap<Vec<u8>, i64>, StoreError> {
        if questions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<(Vec<u8>, i64)> = on_pool!(self, pool => {
            let mut select = QueryBuilder::new("SELECT digest, MIN(id) FROM mail WHERE digest");
            let digests = questions.iter().map(|question| question.digest.as_slice());
            Wide::push_among(&mut select, &Column::bytes(digests));
            select.push(" GROUP BY digest");
            rows::searching_for(&mut select).fetch_all(pool).await?
        });
        Ok(rows.into_iter().collect())
    }

    /// Our letters of these Message-IDs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn letters_by_message_id<'a>(
        &self,
        ids: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, Letter>, StoreError> {
        let ids: BTreeMap<Vec<u8>, &String> = ids.map(|id| (self.message_id_digest(id), id)).collect();
        let digests: Vec<&Vec<u8>> = ids.keys().collect();
        let mut letters = BTreeMap::new();
        for some in digests.chunks(rows::AT_ONCE) {
            let rows: Vec<LetterRow> = on_pool!(self, pool => {
                let mut select = QueryBuilder::new(
                    "SELECT o.message_id_digest, r.reference, o.part, o.created_at FROM outbox o \
                     LEFT JOIN referral r ON r.id = o.referral_id WHERE o.message_id_digest",
                );
                Wide::push_among(&mut select, &Column::bytes(some.iter().map(|digest| digest.as_slice())));
                rows::searching_for(&mut select).fetch_all(pool).await?
            });
            for row in rows {
                let Some(id) = ids.get(&row.message_id_digest) else { continue };
                let message_id = (*id).clone();
                let reference = row.reference.map(reference_of).transpose()?;
                let written_at = instant("outbox.created_at", row.created_at)?;
                let part = super::outbox::part_of(&row.part)?;
                letters.insert(message_id.clone(), Letter { message_id, reference, part, written_at });
            }
        }
        Ok(letters)
    }

    async fn answered<'a>(
        &self,
        authors: impl Iterator<Item = &'a Vec<u8>>,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<Vec<u8>, (u32, u32)>, StoreError> {
        let authors: Vec<&Vec<u8>> = authors.collect();
        let mut answered = BTreeMap::new();
        let hour_ago = now - chrono::TimeDelta::hours(1);
        let day_ago = now - chrono::TimeDelta::days(1);
        for some in authors.chunks(rows::AT_ONCE) {
            let rows: Vec<(Vec<u8>, i64, i64)> = on_pool!(self, pool => {
                let mut select = QueryBuilder::new(
                    "SELECT recipient_digest, COUNT(CASE WHEN created_at > ",
                );
                select.push_bind(millis(hour_ago));
                select.push(" THEN 1 END), COUNT(*) FROM outbox WHERE created_at > ");
                select.push_bind(millis(day_ago));
                select.push(" AND recipient_digest");
                Wide::push_among(&mut select, &Column::bytes(some.iter().map(|author| author.as_slice())));
                select.push(" GROUP BY recipient_digest");
                rows::searching_for(&mut select).fetch_all(pool).await?
            });
            for (author, hour, day) in rows {
                let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
                answered.insert(author, (count(hour), count(day)));
            }
        }
        Ok(answered)
    }

    pub(super) fn stored(&self, row: Row) -> Result<Stored, StoreError> {
        let Row { id, reference, version, facts, head, data_key, record } = row;
        let key = self.keys.open_key(&format!("referral:{reference}"), data_key.as_deref())?;
        let place = format!("referral:record:{reference}");
        let record = key.open(&place, &record)?;
        let referral = serde_json::from_slice(&record).map_err(|_| StoreError::Decode(place))?;
        Ok(Stored { referral, id, version, facts, head, key })
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

pub(super) fn history_place(reference: &Reference, seq: i64) -> String {
    format!("history:words:{reference}:{seq}")
}

pub(super) fn reference_of(text: String) -> Result<Reference, StoreError> {
    serde_json::from_value(serde_json::Value::String(text))
        .map_err(|_| StoreError::Decode("referral.reference".to_owned()))
}

/// The keyed digest of a recipient, by mailbox.
pub(super) fn short_digest(digest: &[u8]) -> String {
    hex::encode(digest.get(..8).unwrap_or_default())
}
