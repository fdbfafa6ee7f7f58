//! The outbox: rendered letters on their way. A row is queued, then claimed, then in doubt, then settled ([`State`]).

mod call_back;
pub mod state;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::QueryBuilder;

use self::state::State;
use super::note::Note;
use super::rows::{self, Column, Wide};
use super::seal::{DataKey, SealError};
use super::{Store, StoreError, millis};
use crate::referral::address::EmailAddress;
use crate::referral::letter::Part;
use crate::referral::reference::Reference;

/// A letter to be queued.
#[derive(Clone)]
pub struct Queued {
    /// Referral, kind, step and recipient: a second row with the same key is the same letter.
    pub natural_key: String,
    /// Fixed for ever, also over retries.
    pub message_id: String,
    /// The kind, for figures.
    pub kind: &'static str,
    /// Whom it goes to.
    pub part: Part,
    /// The one recipient.
    pub to: EmailAddress,
    /// Rendered bytes, CRLF.
    pub message: Vec<u8>,
    /// Not before then.
    pub send_at: DateTime<Utc>,
}

impl std::fmt::Debug for Queued {
    /// Shows the kind, never the letter.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queued({} to the {})", self.kind, self.part.name())
    }
}

/// A letter that was claimed for sending.
pub struct Claimed {
    /// Its row.
    pub id: i64,
    /// The referral it is about.
    pub reference: Option<Reference>,
    /// The kind.
    pub kind: String,
    /// Whom it goes to.
    pub part: Part,
    /// The one recipient.
    pub to: EmailAddress,
    /// The bytes to send, as they were rendered.
    pub message: Vec<u8>,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// How often it was in doubt.
    pub doubts: u32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was to go; until then it waited on purpose.
    pub due_at: DateTime<Utc>,
}

impl Claimed {
    /// It is the confirmation of a client, and no server can have taken it.
    #[must_use]
    pub fn is_unheard_confirmation(&self) -> bool {
        self.doubts == 0 && self.part == Part::Client && self.kind == "client-confirmation"
    }
}

/// A letter as listed: no recipient, no words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its row.
    pub id: i64,
    /// The referral it is about.
    pub reference: Option<Reference>,
    /// The kind.
    pub kind: String,
    /// Whom it goes to.
    pub part: Part,
    /// How far it is.
    pub state: State,
}

/// So begins the natural key of a letter that leaves only if none took its place
/// ([`Commit::replaced`](super::records::Commit)).
pub const SPARE: &str = "spare";

pub(super) const INSERT: &str = "INSERT INTO outbox (natural_key, message_id_digest, referral_id, kind, part, \
     recipient_digest, data_key, state, next_at, due_at, created_at) ";

/// A row as it is read for sending.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    natural_key: String,
    kind: String,
    part: String,
    data_key: Option<Vec<u8>>,
    parcel: Option<Vec<u8>>,
    attempts: i64,
    doubts: i64,
    created_at: i64,
    due_at: i64,
    reference: Option<String>,
    referral_key: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: i64,
    reference: Option<String>,
    kind: String,
    part: String,
    state: String,
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    natural_key: String,
    data_key: Option<Vec<u8>>,
    parcel: Vec<u8>,
    reference: Option<String>,
    referral_key: Option<Vec<u8>>,
}

/// A letter with everything sealed, ready for the transaction.
pub(super) struct SealedLetter<'a> {
    pub(super) queued: &'a Queued,
    /// A Message-ID may hold the token by which its letter is answered: it is as good as a password.
    pub(super) message_id_digest: Vec<u8>,
    pub(super) recipient_digest: Vec<u8>,
    pub(super) data_key: Option<Vec<u8>>,
    pub(super) parcel: Vec<u8>,
}

impl Store {
    /// The keyed digest of an address, one for all writings of the same mailbox.
    #[must_use]
    pub fn address_digest(&self, address: &EmailAddress) -> Vec<u8> {
        self.keys.digest("address", address.mailbox().as_bytes())
    }

    /// The keyed digest of a Message-ID, of a mail or of a letter of ours.
    #[must_use]
    pub fn message_id_digest(&self, id: &str) -> Vec<u8> {
        self.keys.digest("message-id", id.as_bytes())
    }

    /// The natural key of a letter: what makes it go out once.
    #[must_use]
    pub fn natural_key(&self, about: &str, kind: &str, step: &str, to: &EmailAddress) -> String {
        format!("{about}/{kind}/{step}/{}", super::places::short_digest(&self.address_digest(to)))
    }

    /// Claims letters that are due, oldest first: the attempt is counted, and nobody else gets them before `lease`
    /// ends. A letter that does not open is settled as failed, one of a forgotten referral as withheld: neither holds
    /// up the others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        most: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        const CLAIM: &str = "UPDATE outbox SET state = 'claimed', attempts = attempts + 1, claims = claims + 1, leased_until = $2, \
             doubts = doubts + CASE WHEN state = 'in-doubt' THEN 1 ELSE 0 END WHERE id IN \
             (SELECT id FROM outbox WHERE settled_at IS NULL AND next_at <= $1 AND leased_until <= $1 \
             ORDER BY next_at, id LIMIT $3";
        let sql = match &self.pool {
            super::Pool::Sqlite(_) => format!("{CLAIM}) RETURNING id"),
            super::Pool::Postgres(_) => format!("{CLAIM} FOR UPDATE SKIP LOCKED) RETURNING id"),
        };
        let turn = self.turn().await;
        let ids: Vec<(i64,)> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(now))
                .bind(millis(now + lease))
                .bind(i64::from(most))
                .fetch_all(pool)
                .await?
        });
        drop(turn);
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(witness) = &self.witness {
            witness.count(ids.len());
        }
        let mut claimed = Vec::new();
        let mut shut = Vec::new();
        for (id, row) in self.claimed(&ids).await? {
            match row {
                Ok(row) => claimed.push(row),
                Err(error) => shut.push(shut_note(id, error)?),
            }
        }
        if !shut.is_empty() {
            self.note(&shut, now).await?;
        }
        Ok(claimed)
    }

    /// At start: rows that were claimed but never reached the final dot are free again at once, and so are
    /// [spare](SPARE) ones, since whoever was to take their place is gone; rows in doubt wait until `again_at`, since
    /// the server may have them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release(&self, now: DateTime<Utc>, again_at: DateTime<Utc>) -> Result<(), StoreError> {
        const CLAIMED: &str = "UPDATE outbox SET state = 'queued', next_at = $1, leased_until = 0 \
             WHERE state = 'claimed' AND settled_at IS NULL";
        const DOUBT: &str = "UPDATE outbox SET leased_until = $1, next_at = CASE WHEN next_at > $1 THEN $1 ELSE next_at END \
             WHERE state = 'in-doubt' AND (leased_until > $1 OR next_at > $1) AND settled_at IS NULL";
        const SPARES: &str = "UPDATE outbox SET next_at = $1 WHERE state = 'queued' AND next_at > $1 \
             AND natural_key LIKE 'spare-%' AND settled_at IS NULL";
        let _turn = self.turn().await;
        on_pool!(self, pool => {
            sqlx::query(SPARES).bind(millis(now)).execute(pool).await?;
            sqlx::query(CLAIMED).bind(millis(now)).execute(pool).await?;
            sqlx::query(DOUBT).bind(millis(again_at)).execute(pool).await?;
        });
        Ok(())
    }

    /// The latest instant for which a letter of the clock to staff is planned, if any waits; spare ones do not count.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_planned(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SQL: &str = "SELECT MAX(next_at) FROM outbox WHERE state = 'queued' AND part = 'staff' \
             AND natural_key NOT LIKE 'spare-%' AND settled_at IS NULL";
        let (at,): (Option<i64>,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        at.map(|at| super::instant("outbox.next_at", at)).transpose()
    }

    /// The earliest instant at which a letter is due and nobody has it. A letter that somebody has is free once it is due
    /// and its lease is over, so never before its `next_at`: none behind the first free one can come before that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_letter(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SQL: &str = "SELECT MIN(CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END) FROM outbox \
             WHERE settled_at IS NULL AND next_at <= COALESCE((SELECT next_at FROM outbox WHERE settled_at IS NULL \
             AND leased_until = 0 ORDER BY next_at LIMIT 1), 9223372036854775807)";
        let (at,): (Option<i64>,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        at.map(|at| super::instant("outbox.next_at", at)).transpose()
    }

    /// The letters written after row `id`, oldest first, some of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn letters_since(&self, id: i64) -> Result<Vec<Line>, StoreError> {
        const SQL: &str = "SELECT o.id, r.reference, o.kind, o.part, o.state FROM outbox o \
             LEFT JOIN referral r ON r.id = o.referral_id WHERE o.id > $1 ORDER BY o.id LIMIT $2";
        let rows: Vec<LineRow> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).bind(super::LISTED).fetch_all(pool).await?);
        rows.into_iter()
            .map(|LineRow { id, reference, kind, part, state }| {
                let reference = reference.map(super::places::reference_of).transpose()?;
                let state =
                    State::of_word(&state).ok_or_else(|| StoreError::Decode("outbox.state".to_owned()))?;
                Ok(Line { id, reference, kind, part: part_of(&part)?, state })
            })
            .collect()
    }

    /// A letter as it was rendered, by its Message-ID; `None` where its words are not kept any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn letter_kept(&self, message_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT o.natural_key, o.data_key, p.parcel, r.reference, r.data_key AS referral_key \
             FROM outbox o JOIN outbox_parcel p ON p.outbox_id = o.id LEFT JOIN referral r ON r.id = o.referral_id \
             WHERE o.message_id_digest = $1";
        let digest = self.message_id_digest(message_id);
        let row: Option<KeptRow> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(digest).fetch_optional(pool).await?);
        let Some(KeptRow { natural_key, data_key, parcel, reference, referral_key }) = row else {
            return Ok(None);
        };
        let key = match &reference {
            Some(reference) => self.keys.open_key(&format!("referral:{reference}"), referral_key.as_deref()),
            None => self.keys.open_key(&format!("outbox:{natural_key}"), data_key.as_deref()),
        };
        Ok(Some(opened_parcel(&key?, &natural_key, &parcel)?.1))
    }

    /// When the last final warning of each of these referrals, its own or in a letter about many, was accepted by the
    /// mail server. A referral that was opened again has warnings of an earlier ladder too; the rules tell them apart
    /// by their time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn warnings_sent(
        &self,
        references: &[Reference],
    ) -> Result<std::collections::BTreeMap<String, DateTime<Utc>>, StoreError> {
        const OWN: &str = "SELECT r.reference, MAX(o.settled_at) FROM outbox o \
             JOIN referral r ON r.id = o.referral_id \
             WHERE o.kind = 'final-warning' AND o.state = 'sent' AND r.reference";
        const AMONG_MANY: &str = "SELECT r.reference, MAX(o.settled_at) FROM referral r \
             JOIN told t ON t.referral_id = r.id JOIN outbox o ON o.natural_key = t.natural_key \
             WHERE o.state = 'sent' AND r.reference";
        let mut sent = std::collections::BTreeMap::new();
        let queries = references.chunks(rows::AT_ONCE).flat_map(|some| [(OWN, some), (AMONG_MANY, some)]);
        for (sql, some) in queries {
            let rows: Vec<(String, Option<i64>)> = on_pool!(self, pool => {
                let mut select = QueryBuilder::new(sql);
                Wide::push_among(&mut select, &Column::texts(some.iter().map(Reference::as_str)));
                select.push(" GROUP BY r.reference");
                rows::searching_for(&mut select).fetch_all(pool).await?
            });
            for (reference, at) in rows {
                let Some(at) = at else { continue };
                let at = super::instant("outbox.settled_at", at)?;
                sent.entry(reference)
                    .and_modify(|known: &mut DateTime<Utc>| *known = at.max(*known))
                    .or_insert(at);
            }
        }
        Ok(sent)
    }

    /// A letter about no referral is sealed under a key of its own.
    pub(super) fn loose_letter<'a>(&self, queued: &'a Queued) -> Result<SealedLetter<'a>, StoreError> {
        let (key, data_key) = self.keys.data_key(&format!("outbox:{}", queued.natural_key))?;
        self.sealed_letter(queued, &key, Some(data_key))
    }

    pub(super) fn sealed_letter<'a>(
        &self,
        queued: &'a Queued,
        key: &DataKey,
        data_key: Option<Vec<u8>>,
    ) -> Result<SealedLetter<'a>, StoreError> {
        let mut parcel = queued.to.as_str().as_bytes().to_vec();
        parcel.push(b'\n');
        parcel.extend(&queued.message);
        Ok(SealedLetter {
            queued,
            message_id_digest: self.message_id_digest(&queued.message_id),
            recipient_digest: self.address_digest(&queued.to),
            data_key,
            parcel: key.seal(&parcel_place(&queued.natural_key), &parcel)?,
        })
    }

    async fn claimed(&self, ids: &[(i64,)]) -> Result<Vec<(i64, Result<Claimed, StoreError>)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<Row> = on_pool!(self, pool => {
            let mut select = QueryBuilder::new(
                "SELECT o.id, o.natural_key, o.kind, o.part, o.data_key, p.parcel, o.attempts, o.doubts, o.created_at, \
                 o.due_at, r.reference, r.data_key AS referral_key FROM outbox o \
                 LEFT JOIN outbox_parcel p ON p.outbox_id = o.id \
                 LEFT JOIN referral r ON r.id = o.referral_id WHERE o.id",
            );
            Wide::push_among(&mut select, &Column::numbers(ids.iter().map(|(id,)| *id)));
            select.push(" ORDER BY o.id");
            rows::searching_for(&mut select).fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(|row| (row.id, self.opened_letter(row))).collect())
    }

    fn opened_letter(&self, row: Row) -> Result<Claimed, StoreError> {
        let key = match &row.reference {
            Some(reference) => {
                self.keys.open_key(&format!("referral:{reference}"), row.referral_key.as_deref())?
            }
            None => self.keys.open_key(&format!("outbox:{}", row.natural_key), row.data_key.as_deref())?,
        };
        let (to, message) = opened_parcel(&key, &row.natural_key, row.parcel.as_deref().unwrap_or_default())?;
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Claimed {
            id: row.id,
            reference: row.reference.map(super::places::reference_of).transpose()?,
            kind: row.kind,
            part: part_of(&row.part)?,
            to,
            message,
            attempts: count(row.attempts),
            doubts: count(row.doubts),
            created_at: super::instant("outbox.created_at", row.created_at)?,
            due_at: super::instant("outbox.due_at", row.due_at)?,
        })
    }
}

/// What is noted about a letter that does not open; a key that is missing from the key file is no fault of the letter.
fn shut_note(id: i64, error: StoreError) -> Result<Note, StoreError> {
    match error {
        StoreError::Seal(SealError::Forgotten(_)) => Ok(Note::Withheld { id, why: "forgotten on request" }),
        error if error.is_of_a_record() => Ok(Note::Failed { id, answer: "it does not open".to_owned() }),
        error => Err(error),
    }
}

pub(super) fn part_of(word: &str) -> Result<Part, StoreError> {
    Part::of_name(word).ok_or_else(|| StoreError::Decode("outbox.part".to_owned()))
}

pub(super) fn parcel_place(natural_key: &str) -> String {
    format!("outbox:parcel:{natural_key}")
}

fn opened_parcel(
    key: &DataKey,
    natural_key: &str,
    parcel: &[u8],
) -> Result<(EmailAddress, Vec<u8>), StoreError> {
    let place = parcel_place(natural_key);
    let mut message = key.open(&place, parcel)?;
    let end = message.iter().position(|byte| *byte == b'\n');
    let end = end.ok_or_else(|| StoreError::Decode(place.clone()))?;
    let body = message.split_off(end + 1);
    message.truncate(end);
    let to = String::from_utf8(message).ok().and_then(|text| EmailAddress::parse(&text).ok());
    Ok((to.ok_or(StoreError::Decode(place))?, body))
}
