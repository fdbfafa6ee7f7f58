//! Known: what the store knows about the mails of a batch before they are decided.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::people::{self, At};
use super::places::reference_of;
use super::rows::{self, Column, Wide};
use super::twins::Twin;
use super::{Store, StoreError, instant, millis};
use crate::referral::letter::Part;
use crate::referral::reference::Reference;

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
        let message_ids = questions.iter().filter_map(|question| question.message_id.as_deref());
        let twins = self.twins(&message_ids.collect::<Vec<_>>()).await?;
        let linked = questions.iter().filter_map(|question| question.linked);
        let linked = self.linked(&linked.collect::<Vec<_>>()).await?;
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
}
