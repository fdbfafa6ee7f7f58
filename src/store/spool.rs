//! The spool: raw mail, committed before anything is parsed, and what became of each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::rows::{self, Column, Wide};
use super::seal::SealError;
use super::{Store, StoreError, instant, millis};
use crate::referral::disposition::{ParkCause, Pile};

/// So many bytes of mails are taken at once, and the one that goes beyond.
const MOST_BYTES: i64 = 8 << 20;

/// A mail as it came, to be kept before it is understood.
pub struct Incoming {
    /// Where it lay: unique for ever.
    pub origin: String,
    /// Its bytes; only the headers when `whole` is false.
    pub raw: Vec<u8>,
    /// Everything of it was fetched.
    pub whole: bool,
    /// Its full size.
    pub bytes: u64,
    /// When it arrived in the mailbox.
    pub arrived_at: DateTime<Utc>,
}

/// How far a mailbox was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// The mailbox's UIDVALIDITY.
    pub validity: u32,
    /// The first UID not yet read.
    pub next_uid: u32,
    /// Mails that were gone before they could be read, in all.
    pub vanished: u32,
    /// How often the mailbox was renumbered.
    pub renumbered: u32,
}

/// A mail that waits to be understood. Its attempt is already counted.
pub struct Waiting {
    /// Its number in the spool.
    pub id: i64,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Everything of it was fetched.
    pub whole: bool,
    /// How often it was taken, this time included.
    pub attempts: u32,
    /// When it arrived in the mailbox.
    pub arrived_at: DateTime<Utc>,
    /// The keyed digest of its bytes.
    pub digest: Vec<u8>,
    /// The row of the referral it led to when it was handled before: it was parked, and is replayed.
    pub linked: Option<i64>,
}

/// A parked mail, as listed.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Parked {
    /// Its number in the spool.
    pub id: i64,
    /// Why it is parked, as it was written; an earlier version may have had other words.
    pub cause: String,
    /// When it arrived.
    pub arrived_at: DateTime<Utc>,
    /// Its size.
    pub bytes: i64,
    /// Everything of it was fetched; otherwise only its head is kept.
    pub whole: bool,
    /// The referral it led to although nobody could read it.
    pub reference: Option<String>,
}

/// A handled mail, as listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handled {
    /// Its number in the spool.
    pub id: i64,
    /// The pile it is on.
    pub pile: Pile,
    /// Why, as it was written; an earlier version may have had other words.
    pub cause: Option<String>,
}

/// A mail that was taken, sealed.
#[derive(sqlx::FromRow)]
struct Taken {
    id: i64,
    origin: String,
    digest: Vec<u8>,
    whole: i64,
    arrived_at: i64,
    attempts: i64,
    data_key: Option<Vec<u8>>,
    raw: Option<Vec<u8>>,
    referral_id: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct PositionRow {
    validity: i64,
    next_uid: i64,
    vanished: i64,
    renumbered: i64,
}

#[derive(sqlx::FromRow)]
struct ParkedRow {
    id: i64,
    cause: String,
    arrived_at: i64,
    bytes: i64,
    whole: i64,
    reference: Option<String>,
}

impl Store {
    /// How far a mailbox was read; a mailbox never read starts at its beginning.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn position(&self, mailbox: &str) -> Result<Position, StoreError> {
        const SQL: &str = "SELECT validity, next_uid, vanished, renumbered FROM mailbox WHERE name = $1";
        let row: Option<PositionRow> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(mailbox).fetch_optional(pool).await?);
        let number = |value: i64| u32::try_from(value).unwrap_or(0);
        Ok(row.map_or_else(Position::default, |row| Position {
            validity: number(row.validity),
            next_uid: number(row.next_uid),
            vanished: number(row.vanished),
            renumbered: number(row.renumbered),
        }))
    }

    /// Keeps mails and the new position in one transaction. A mail from a known place is not kept twice.
    /// Returns how many were new.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was kept and the mails must stay where they are.
    pub async fn spool(
        &self,
        mailbox: &str,
        position: Position,
        mails: &[Incoming],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        const MAILBOX: &str = "INSERT INTO mailbox (name, validity, next_uid, vanished, renumbered) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, \
             next_uid = excluded.next_uid, vanished = excluded.vanished, renumbered = excluded.renumbered";
        let rows = mails.iter().map(|mail| self.sealed_row(mail, now)).collect::<Result<Vec<_>, _>>()?;
        let kept = in_transaction!(self, tx => {
            let mut kept = 0;
            for rows in rows.chunks(rows::AT_ONCE) {
                let mut insert = QueryBuilder::new(
                    "INSERT INTO mail (origin, digest, bytes, whole, arrived_at, spooled_at, data_key) ",
                );
                Wide::push_rows(&mut insert, &columns_of(rows));
                insert.push(" ON CONFLICT (origin) DO NOTHING RETURNING id, origin");
                let fresh: Vec<(i64, String)> = insert.build_query_as().fetch_all(&mut *tx).await?;
                kept += u64::try_from(fresh.len()).unwrap_or(0);
                let bytes = bytes_of(rows, &fresh);
                if !bytes.is_empty() {
                    let mut insert = QueryBuilder::new("INSERT INTO mail_raw (mail_id, raw) ");
                    let columns = [
                        Column::numbers(bytes.iter().map(|(id, _)| *id)),
                        Column::bytes(bytes.iter().map(|(_, raw)| *raw)),
                    ];
                    Wide::push_rows(&mut insert, &columns);
                    insert.build().execute(&mut *tx).await?;
                }
            }
            sqlx::query(MAILBOX)
                .bind(mailbox)
                .bind(i64::from(position.validity))
                .bind(i64::from(position.next_uid))
                .bind(i64::from(position.vanished))
                .bind(i64::from(position.renumbered))
                .execute(&mut *tx)
                .await?;
            kept
        });
        Ok(kept)
    }

    /// Takes the oldest waiting mails and counts the attempt before anybody parses them: a mail that kills the process
    /// is known by its count. A mail that was taken before without an end is taken alone, so that its company is not
    /// suspected with it. One that does not open is parked and holds up no other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_waiting(&self, most: u32) -> Result<Vec<Waiting>, StoreError> {
        const SUSPECT: &str = "UPDATE mail SET attempts = attempts + 1 WHERE id = \
             (SELECT MIN(id) FROM mail WHERE disposition IS NULL AND attempts > 0) \
             RETURNING id, origin, digest, whole, arrived_at, attempts, data_key, \
             (SELECT raw FROM mail_raw WHERE mail_id = mail.id) AS raw, referral_id";
        let turn = self.turn().await;
        let suspect: Vec<Taken> = on_pool!(self, pool => sqlx::query_as(SUSPECT).fetch_all(pool).await?);
        drop(turn);
        if suspect.is_empty() {
            return self.take_fresh(most).await;
        }
        self.opened_or_parked(suspect).await
    }

    /// Takes the oldest waiting mails that were never taken before, and counts the attempt: also while those taken
    /// last are not settled yet. However large they are, they are few enough to be held in memory together.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_fresh(&self, most: u32) -> Result<Vec<Waiting>, StoreError> {
        const FRESH: &str = "UPDATE mail SET attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM (SELECT id, SUM(held) OVER (ORDER BY id) - held AS before_it FROM \
             (SELECT id, bytes * whole AS held FROM mail WHERE disposition IS NULL AND attempts = 0 \
             ORDER BY id LIMIT $1) AS oldest) AS summed WHERE before_it < $2) \
             RETURNING id, origin, digest, whole, arrived_at, attempts, data_key, \
             (SELECT raw FROM mail_raw WHERE mail_id = mail.id) AS raw, referral_id";
        let turn = self.turn().await;
        let mut rows: Vec<Taken> = on_pool!(self, pool => {
            sqlx::query_as(FRESH).bind(i64::from(most)).bind(MOST_BYTES).fetch_all(pool).await?
        });
        drop(turn);
        rows.sort_unstable_by_key(|row| row.id);
        self.opened_or_parked(rows).await
    }

    /// The mails that open; one that does not is parked and holds up no other.
    async fn opened_or_parked(&self, rows: Vec<Taken>) -> Result<Vec<Waiting>, StoreError> {
        let mut taken = Vec::new();
        for row in rows {
            let id = row.id;
            match self.waiting_mail(row) {
                Ok(mail) => taken.push(mail),
                Err(StoreError::Seal(SealError::DoesNotOpen(_) | SealError::Forgotten(_))) => {
                    self.park_unopened(id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }

    /// Whether there may be more than what was taken, at most so many at once.
    #[must_use]
    pub fn may_be_more(taken: &[Waiting], most: u32) -> bool {
        let held: usize = taken.iter().filter(|mail| mail.whole).map(|mail| mail.raw.len()).sum();
        taken.len() >= usize::try_from(most).unwrap_or(usize::MAX)
            || i64::try_from(held).unwrap_or(i64::MAX) >= MOST_BYTES
    }

    /// Takes back the attempt of mails that were taken and not handled although the process lives: it was not theirs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn untake(&self, ids: &[i64]) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        on_pool!(self, pool => {
            let mut update = QueryBuilder::new("UPDATE mail SET attempts = attempts - 1 WHERE attempts > 0 AND id");
            Wide::push_among(&mut update, &Column::numbers(ids.iter().copied()));
            update.push(" AND disposition IS NULL");
            rows::searching(&mut update).execute(pool).await?;
        });
        Ok(())
    }

    fn waiting_mail(&self, row: Taken) -> Result<Waiting, StoreError> {
        Ok(Waiting {
            id: row.id,
            raw: self.open_raw(&row.origin, row.data_key.as_deref(), row.raw.as_deref())?,
            whole: row.whole != 0,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            arrived_at: instant("mail.arrived_at", row.arrived_at)?,
            digest: row.digest,
            linked: row.referral_id,
        })
    }

    /// Handled when it was spooled: nobody ever saw more of it.
    async fn park_unopened(&self, id: i64) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE mail SET disposition = 'parked', cause = $2, handled_at = spooled_at \
             WHERE id = $1 AND disposition IS NULL";
        on_pool!(self, pool => { sqlx::query(SQL).bind(id).bind(ParkCause::DoesNotOpen.code()).execute(pool).await?; });
        Ok(())
    }

    /// How many mails wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn waiting(&self) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM mail WHERE disposition IS NULL";
        let (count,): (i64,) = on_pool!(self, pool => sqlx::query_as(SQL).fetch_one(pool).await?);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// When the first of the mails that wait came into the spool, if any waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn oldest_waiting(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SQL: &str = "SELECT spooled_at FROM mail WHERE disposition IS NULL ORDER BY id LIMIT 1";
        let first: Option<(i64,)> = on_pool!(self, pool => sqlx::query_as(SQL).fetch_optional(pool).await?);
        first.map(|(at,)| instant("mail.spooled_at", at)).transpose()
    }

    /// The parked mails, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        const SQL: &str = "SELECT m.id, m.cause, m.arrived_at, m.bytes, m.whole, r.reference FROM mail m \
             LEFT JOIN referral r ON r.id = m.referral_id WHERE m.disposition = 'parked' ORDER BY m.id";
        let rows: Vec<ParkedRow> = on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?);
        rows.into_iter()
            .map(|ParkedRow { id, cause, arrived_at, bytes, whole, reference }| {
                let arrived_at = instant("mail.arrived_at", arrived_at)?;
                Ok(Parked { id, cause, arrived_at, bytes, whole: whole == 1, reference })
            })
            .collect()
    }

    /// The handled mails after number `id`, oldest first, some of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn handled_since(&self, id: i64) -> Result<Vec<Handled>, StoreError> {
        const SQL: &str = "SELECT id, disposition, cause FROM mail \
             WHERE id > $1 AND disposition IS NOT NULL ORDER BY id LIMIT $2";
        let rows: Vec<(i64, String, Option<String>)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).bind(super::LISTED).fetch_all(pool).await?);
        rows.into_iter()
            .map(|(id, disposition, cause)| {
                let pile = Pile::of_word(&disposition)
                    .ok_or_else(|| StoreError::Decode(format!("mail.disposition of {id}")))?;
                Ok(Handled { id, pile, cause })
            })
            .collect()
    }

    /// The bytes of a mail in the spool, for an operator who must look.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raw(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT m.origin, m.data_key, r.raw FROM mail m LEFT JOIN mail_raw r ON r.mail_id = m.id \
             WHERE m.id = $1";
        type Row = (String, Option<Vec<u8>>, Option<Vec<u8>>);
        let row: Option<Row> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?);
        row.map(|(origin, data_key, raw)| self.open_raw(&origin, data_key.as_deref(), raw.as_deref()))
            .transpose()
    }

    /// The newest mails that can still be read, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(&self, most: u32) -> Result<Vec<i64>, StoreError> {
        const SQL: &str = "SELECT id FROM mail WHERE data_key IS NOT NULL ORDER BY id DESC LIMIT $1";
        let rows: Vec<(i64,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(i64::from(most)).fetch_all(pool).await?);
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Bytes that are missing although their key is there do not open.
    pub(super) fn open_raw(
        &self,
        origin: &str,
        data_key: Option<&[u8]>,
        raw: Option<&[u8]>,
    ) -> Result<Vec<u8>, StoreError> {
        let key = self.keys.open_key(&format!("mail:{origin}"), data_key)?;
        Ok(key.open(&format!("mail:raw:{origin}"), raw.unwrap_or_default())?)
    }

    pub(super) fn sealed_row(&self, mail: &Incoming, now: DateTime<Utc>) -> Result<SealedMail, StoreError> {
        let (key, data_key) = self.keys.data_key(&format!("mail:{}", mail.origin))?;
        Ok(SealedMail {
            raw: key.seal(&format!("mail:raw:{}", mail.origin), &mail.raw)?,
            origin: mail.origin.clone(),
            digest: self.keys.digest("mail", &mail.raw),
            bytes: i64::try_from(mail.bytes).unwrap_or(i64::MAX),
            whole: i64::from(mail.whole),
            arrived_at: millis(mail.arrived_at),
            spooled_at: millis(now),
            data_key,
        })
    }
}

/// The bytes of the mails that were new, each with the number its row was given. Of two from one place the first was
/// kept, with its own key.
fn bytes_of<'a>(mails: &'a [SealedMail], fresh: &[(i64, String)]) -> Vec<(i64, &'a [u8])> {
    let raw: BTreeMap<&str, &[u8]> =
        mails.iter().rev().map(|mail| (mail.origin.as_str(), mail.raw.as_slice())).collect();
    fresh.iter().filter_map(|(id, origin)| Some((*id, *raw.get(origin.as_str())?))).collect()
}

/// The columns of mails, as they stand in the statement.
fn columns_of(mails: &[SealedMail]) -> [Column<'_>; 7] {
    [
        Column::texts(mails.iter().map(|mail| mail.origin.as_str())),
        Column::bytes(mails.iter().map(|mail| mail.digest.as_slice())),
        Column::numbers(mails.iter().map(|mail| mail.bytes)),
        Column::numbers(mails.iter().map(|mail| mail.whole)),
        Column::numbers(mails.iter().map(|mail| mail.arrived_at)),
        Column::numbers(mails.iter().map(|mail| mail.spooled_at)),
        Column::bytes(mails.iter().map(|mail| mail.data_key.as_slice())),
    ]
}

/// A row of the table as it is written.
pub(super) struct SealedMail {
    origin: String,
    pub(super) digest: Vec<u8>,
    pub(super) bytes: i64,
    whole: i64,
    arrived_at: i64,
    spooled_at: i64,
    pub(super) data_key: Vec<u8>,
    pub(super) raw: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(bytes: usize) -> Waiting {
        let (arrived_at, raw) = (DateTime::UNIX_EPOCH, vec![0; bytes]);
        Waiting { id: 1, raw, whole: true, attempts: 1, arrived_at, digest: Vec::new(), linked: None }
    }

    #[test]
    fn a_batch_that_is_full_by_number_or_by_bytes_may_leave_more() {
        let most = usize::try_from(MOST_BYTES).unwrap();
        assert!(!Store::may_be_more(&[], 2) && !Store::may_be_more(&[waiting(most - 1)], 2));
        assert!(Store::may_be_more(&[waiting(1), waiting(1)], 2) && Store::may_be_more(&[waiting(most)], 2));
        // Of a mail whose bytes are not here the store counted none.
        assert!(!Store::may_be_more(&[Waiting { whole: false, ..waiting(most) }], 2));
    }
}
