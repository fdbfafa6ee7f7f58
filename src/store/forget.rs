//! Forgetting: the data key goes first, then the bytes, in one transaction. What stays names nobody: the row that the
//! figures count, its history's kinds and times, and a last line that says when it was forgotten. Where the client had
//! said stop, a keyed digest of the address stays as well, tied to nothing: the stop outlives the referral. The store
//! itself drops the bytes of a mail without a key, and the words of a letter that is no longer kept.
//!
//! A mail that led to several referrals is forgotten with the first of them that is: its bytes hold all. The records of
//! the others stay whole.
//!
//! A legal hold beats every deletion; it is placed by one operator and lifted by another. It keeps the mails of the
//! referral too, and so the referrals that share one with it.

use chrono::{DateTime, TimeDelta, Utc};

use super::records::Saved;
use super::seal::SealError;
use super::{Store, StoreError, instant, millis, stops};
use crate::referral::address::EmailAddress;
use crate::referral::record::Referral;
use crate::referral::reference::Reference;

/// The `kind` of the last line of a forgotten referral's history. It holds no words, so that it needs no key.
pub const FORGOTTEN: &str = "forgotten";

/// Mails or letters that a purge empties in one step, and referrals that it forgets: nothing else waits long for it.
const EMPTIED_AT_ONCE: u32 = 500;
const FORGOTTEN_AT_ONCE: u32 = 100;

/// Up to when things of each kind are deleted; `None` keeps them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Before {
    /// The bytes of mails that were handled before.
    pub raw_mail: Option<DateTime<Utc>>,
    /// Referrals that were closed before, with everything of theirs.
    pub closed: Option<DateTime<Utc>>,
    /// The bytes of mails that were parked before.
    pub parked: Option<DateTime<Utc>>,
    /// The words of letters that were settled before.
    pub letters: Option<DateTime<Utc>>,
}

/// How much was deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Purged {
    /// Mails.
    pub mails: u64,
    /// Referrals.
    pub referrals: u64,
    /// Letters.
    pub letters: u64,
    /// Closed referrals that are old enough and stay: a stop could be lost, or their key is not in the key file. All of
    /// them, where nothing else was left to do.
    pub stuck: u64,
}

impl Purged {
    /// Nothing was left to do.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.mails + self.referrals + self.letters == 0
    }
}

/// A legal hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// Who placed it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a wish to forget.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Forgetting {
    /// It is forgotten now.
    Done,
    /// It was forgotten before.
    Already,
    /// There is no such referral.
    Unknown,
    /// A legal hold keeps it.
    Kept(Hold),
    /// Its client said stop, and its record does not open: nobody could keep the stop.
    StopUnread,
    /// The parked mail of this number belongs to it, and may say stop: nobody heard it yet.
    Unheard(i64),
}

/// Somebody of a digest ($1) said stop then ($2), if nothing later is known.
pub(super) const NOTE_STOP: &str = "INSERT INTO stopped (digest, at) VALUES ($1, $2) ON CONFLICT (digest) \
     DO UPDATE SET at = excluded.at WHERE excluded.at > stopped.at";

/// Parked, and no letter waits for somebody to have it read: a stop must not be purged before it was heard.
const PARKED: &str = "disposition = 'parked' AND NOT EXISTS (SELECT 1 FROM unheard u WHERE u.mail_id = m.id)";

const NOT_HELD: &str = "NOT EXISTS (SELECT 1 FROM hold h WHERE h.referral_id = ";

/// What forgetting a referral ($1) at an instant ($2) writes, apart from the row itself and its history.
const FORGET: [&str; 8] = [
    "UPDATE referral SET data_key = NULL WHERE id = $1 AND $2 > 0",
    // Its mails and all their copies; one that waits is not read any more.
    "UPDATE mail SET data_key = NULL, \
     cause = CASE WHEN disposition IS NULL THEN 'forgotten on request' ELSE cause END, \
     disposition = COALESCE(disposition, 'ignored'), handled_at = COALESCE(handled_at, $2) \
     WHERE digest IN (SELECT digest FROM mail WHERE referral_id = $1 \
      UNION SELECT m.digest FROM mail m JOIN mail_about a ON a.mail_id = m.id WHERE a.referral_id = $1)",
    "UPDATE outbox SET state = 'withheld', answer = 'forgotten', settled_at = $2 \
     WHERE referral_id = $1 AND state IN ('queued', 'claimed', 'in-doubt', 'held')",
    "UPDATE outbox SET data_key = NULL, kept = 0 WHERE referral_id = $1 AND $2 > 0",
    // By the digest of an address somebody could be looked for.
    "UPDATE outbox SET recipient_digest = '', natural_key = 'forgotten:' || CAST(id AS TEXT) \
     WHERE referral_id = $1 AND $2 > 0 AND part IN ('client', 'sender')",
    // The one receipt that lists all people of a mail hangs on the first of them.
    "UPDATE outbox SET data_key = NULL, kept = 0, settled_at = COALESCE(settled_at, $2), \
     answer = CASE WHEN settled_at IS NULL THEN 'forgotten' ELSE answer END, \
     state = CASE WHEN settled_at IS NULL THEN 'withheld' ELSE state END \
     WHERE kind IN ('receipt', 'neutral-receipt', 'already-have') AND referral_id IN (SELECT o.referral_id FROM mail_about a \
      JOIN mail_about o ON o.mail_id = a.mail_id WHERE a.referral_id = $1)",
    // Whom a parked mail may be about stays with its bytes, which say more, and where it may be about another referral too.
    "DELETE FROM unheard WHERE $2 > 0 AND length(digest) = 32 \
     AND EXISTS (SELECT 1 FROM mail m WHERE m.id = unheard.mail_id AND m.data_key IS NULL) \
     AND NOT EXISTS (SELECT 1 FROM person p WHERE p.digest = unheard.digest AND p.referral_id <> $1)",
    "DELETE FROM person WHERE referral_id = $1 AND $2 > 0",
];

/// A hold on a referral that shares a mail with the one whose row number follows.
const SHARED_HOLD: &str = "SELECT 1 FROM mail_about a JOIN mail_about o ON o.mail_id = a.mail_id \
     JOIN hold h ON h.referral_id = o.referral_id WHERE h.released_at IS NULL AND a.referral_id = ";

/// A referral as it is found before it is forgotten.
#[derive(sqlx::FromRow)]
struct Found {
    id: i64,
    forgotten: bool,
    facts: i64,
    head: Vec<u8>,
}

impl Store {
    /// Forgets a referral: its record, its mails, its letters (those not yet sent are not sent any more), the digests
    /// of its people.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was forgotten.
    pub async fn forget(
        &self,
        reference: &Reference,
        by_whom: &str,
        now: DateTime<Utc>,
    ) -> Result<Forgetting, StoreError> {
        let (forgetting, said_stop) = self.forget_one(reference, by_whom, now).await?;
        if said_stop {
            self.blur_stops().await;
        }
        Ok(forgetting)
    }

    /// The same, and whether its client had said stop: then the kept stops are to be blurred.
    async fn forget_one(
        &self,
        reference: &Reference,
        by_whom: &str,
        now: DateTime<Utc>,
    ) -> Result<(Forgetting, bool), StoreError> {
        const FIND: &str =
            "SELECT id, data_key IS NULL AS forgotten, facts, head FROM referral WHERE reference = $1";
        if let Some(hold) = self.hold_on_its_mails(reference).await? {
            return Ok((Forgetting::Kept(hold), false));
        }
        let row: Option<Found> = on_pool!(self, pool => {
            sqlx::query_as(FIND).bind(reference.as_str()).fetch_optional(pool).await?
        });
        let Some(Found { id, forgotten, facts, head }) = row else { return Ok((Forgetting::Unknown, false)) };
        if forgotten {
            return Ok((Forgetting::Already, false));
        }
        if let Some(mail) = self.unheard_mail(id).await? {
            return Ok((Forgetting::Unheard(mail), false));
        }
        let Some(stopped) = self.stopped_address(id, reference).await? else {
            return Ok((Forgetting::StopUnread, false));
        };
        let (seq, number) = (facts + 1, self.reference_digest(reference));
        let chain = self.chain(&head, reference, seq, now, FORGOTTEN, by_whom, &[]);
        in_transaction!(self, tx => {
            for sql in FORGET {
                sqlx::query(sqlx::AssertSqlSafe(self.empty_bytes(sql)))
                    .bind(id).bind(millis(now)).execute(&mut *tx).await?;
            }
            let close = self.empty_bytes(
                "UPDATE referral SET version = version + 1, facts = $2, head = $3, record = '', open = 0, stopped = 0, \
                 status = CASE WHEN open = 1 THEN 'Closed' ELSE status END, next_action = 'nothing', \
                 look_at = NULL, changed_at = $5 WHERE id = $1 AND facts = $4",
            );
            let changed = sqlx::query(sqlx::AssertSqlSafe(close))
                .bind(id).bind(seq).bind(chain.as_slice()).bind(facts).bind(millis(now))
                .execute(&mut *tx).await?.rows_affected();
            if changed != 1 {
                return Err(StoreError::Stale);
            }
            sqlx::query(
                "INSERT INTO history (referral_id, seq, at, kind, by_whom, words, chain) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id).bind(seq).bind(millis(now)).bind(FORGOTTEN).bind(by_whom)
            .bind(Vec::<u8>::new()).bind(chain.as_slice())
            .execute(&mut *tx).await?;
            sqlx::query("DELETE FROM unheard WHERE digest = $1").bind(number).execute(&mut *tx).await?;
            if let Some(digest) = &stopped {
                sqlx::query("INSERT INTO stopped (digest, at) VALUES ($1, $2) \
                     ON CONFLICT (digest) DO UPDATE SET at = excluded.at")
                    .bind(digest.as_slice()).bind(stops::end_of_day(millis(now))).execute(&mut *tx).await?;
            }
        });
        Ok((Forgetting::Done, stopped.is_some()))
    }

    /// When the client at this address said stop, where no record says so any more: the end of the day on which the last
    /// such referral of theirs was forgotten, which is no instant of its history, or the last stop before a store was put
    /// back. Who takes the stop back does so later than that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn stopped_at(&self, address: &EmailAddress) -> Result<Option<DateTime<Utc>>, StoreError> {
        let digest = self.stop_digest(address);
        let row: Option<(i64,)> = on_pool!(self, pool => {
            sqlx::query_as("SELECT at FROM stopped WHERE digest = $1")
                .bind(digest.as_slice()).fetch_optional(pool).await?
        });
        row.map(|(at,)| instant("stopped.at", at)).transpose()
    }

    /// The record, allowed just past the stop, where staff allow contact on the day on which a referral of that address
    /// was forgotten: of its stop only the day is left, and they heard the client after it. Who is forgotten later that
    /// day said stop after all, as far as anybody knows.
    pub(super) async fn allowed_past_the_day(&self, saved: &Saved) -> Result<Option<Referral>, StoreError> {
        let before = saved.before.as_ref().and_then(|before| before.referral.allowed_at);
        let Some(allowed) = saved.referral.allowed_at.filter(|at| Some(*at) != before) else {
            return Ok(None);
        };
        let Some(address) = saved.referral.client_address() else { return Ok(None) };
        let Some(at) = self.stopped_at(&address).await? else { return Ok(None) };
        let is_that_day = at >= allowed && millis(at) <= stops::end_of_day(millis(allowed));
        let later = Some(at + TimeDelta::milliseconds(1));
        Ok(is_that_day.then(|| Referral { allowed_at: later, ..saved.referral.clone() }))
    }

    /// Another digest than the one people are found by: this one finds nobody.
    pub(super) fn stop_digest(&self, address: &EmailAddress) -> Vec<u8> {
        self.keys.digest("stopped", address.mailbox().as_bytes())
    }

    /// The digest of the address of a client who said stop, if they did. A record that is damaged is forgotten all the
    /// same, unless its row says that they did: `None`. One whose key is not in the key file waits for it.
    async fn stopped_address(
        &self,
        id: i64,
        reference: &Reference,
    ) -> Result<Option<Option<Vec<u8>>>, StoreError> {
        let stored = match self.load(std::slice::from_ref(reference)).await {
            Ok(mut stored) => stored.pop(),
            Err(error) if error.is_of_a_record() => {
                return Ok((!self.has_stopped(id).await?).then_some(None));
            }
            Err(error) => return Err(error),
        };
        let stopped = stored.filter(|stored| stored.referral.stopped);
        let address = stopped.and_then(|stored| stored.referral.client_address());
        Ok(Some(address.map(|address| self.stop_digest(&address))))
    }

    async fn has_stopped(&self, id: i64) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT stopped FROM referral WHERE id = $1";
        let (stopped,): (i64,) = on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_one(pool).await?);
        Ok(stopped == 1)
    }

    /// A parked mail that belongs to this referral and that nobody could read up on yet: it may say stop, and would go
    /// with it.
    async fn unheard_mail(&self, id: i64) -> Result<Option<i64>, StoreError> {
        const SQL: &str = "SELECT u.mail_id FROM unheard u JOIN mail m ON m.id = u.mail_id \
             WHERE m.referral_id = $1 ORDER BY u.mail_id LIMIT 1";
        let row: Option<(i64,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?);
        Ok(row.map(|(mail,)| mail))
    }

    /// Deletes what is old enough and under no hold: at most some hundred of each kind, so that nothing else waits
    /// long. Again until [nothing](Purged::is_nothing) was left to do.
    ///
    /// # Errors
    /// [`StoreError`]; what was deleted before stays deleted.
    pub async fn purge_some(&self, before: Before, now: DateTime<Utc>) -> Result<Purged, StoreError> {
        let mut purged = Purged::default();
        if let Some(at) = before.raw_mail {
            purged.mails += self.empty_mails("disposition <> 'parked'", at).await?;
        }
        if let Some(at) = before.parked {
            purged.mails += self.empty_mails(PARKED, at).await?;
        }
        if let Some(at) = before.letters {
            let sql = format!(
                "UPDATE outbox SET data_key = NULL, kept = 0 WHERE id IN (SELECT o.id FROM outbox o \
                 WHERE o.settled_at < $1 AND o.kept = 1 AND {NOT_HELD}o.referral_id AND h.released_at IS NULL) \
                 ORDER BY o.settled_at, o.id LIMIT {EMPTIED_AT_ONCE})"
            );
            purged.letters += on_pool!(self, pool => {
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(millis(at)).execute(pool).await?.rows_affected()
            });
        }
        if let Some(at) = before.closed {
            let (forgotten, stuck) = self.forget_some(at, now).await?;
            purged.referrals += forgotten;
            purged.stuck += stuck;
        }
        Ok(purged)
    }

    /// Forgets some of the referrals that were closed before, the longest closed first. One that cannot be forgotten yet
    /// holds up no other. Returns how many were, and how many were passed by.
    async fn forget_some(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(u64, u64), StoreError> {
        let sql = format!(
            "SELECT r.reference, r.changed_at, r.id FROM referral r WHERE r.open = 0 AND r.data_key IS NOT NULL AND \
             r.changed_at < $1 AND (r.changed_at, r.id) > ($2, $3) AND {NOT_HELD}r.id AND h.released_at IS NULL) \
             AND NOT EXISTS ({SHARED_HOLD}r.id) ORDER BY r.changed_at, r.id LIMIT {FORGOTTEN_AT_ONCE}"
        );
        let (mut last, mut stuck) = ((i64::MIN, 0), 0);
        loop {
            let old: Vec<(String, i64, i64)> = on_pool!(self, pool => {
                sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
                    .bind(millis(before)).bind(last.0).bind(last.1).fetch_all(pool).await?
            });
            let Some((_, changed_at, id)) = old.last() else { return Ok((0, stuck)) };
            last = (*changed_at, *id);
            let mut said_stop = false;
            let forgotten = self.forget_all(old, now, &mut said_stop).await;
            if said_stop {
                self.blur_stops().await;
            }
            let (done, left) = forgotten?;
            stuck += left;
            if done > 0 {
                return Ok((done, stuck));
            }
        }
    }

    /// Forgets these for their age, and says whether a client of one had said stop. Returns how many were forgotten, and
    /// how many could not be.
    async fn forget_all(
        &self,
        old: Vec<(String, i64, i64)>,
        now: DateTime<Utc>,
        said_stop: &mut bool,
    ) -> Result<(u64, u64), StoreError> {
        let (mut done, mut stuck) = (0, 0);
        for (reference, ..) in old {
            let reference = super::places::reference_of(reference)?;
            match self.forget_one(&reference, "retention", now).await {
                Ok((Forgetting::Done, had_said)) => {
                    done += 1;
                    *said_stop |= had_said;
                }
                Ok((Forgetting::StopUnread | Forgetting::Unheard(_), _))
                | Err(StoreError::Seal(SealError::UnknownKey(_))) => stuck += 1,
                Ok((Forgetting::Already | Forgetting::Unknown | Forgetting::Kept(_), _)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((done, stuck))
    }

    /// Places a hold. Returns the one that is there already, if one is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn place_hold(
        &self,
        reference: &Reference,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Hold>, StoreError> {
        const SQL: &str = "INSERT INTO hold (referral_id, by_whom, at) \
             SELECT id, $2, $3 FROM referral WHERE reference = $1";
        if let Some(hold) = self.legal_hold(reference).await? {
            return Ok(Some(hold));
        }
        on_pool!(self, pool => {
            sqlx::query(SQL).bind(reference.as_str()).bind(by).bind(millis(now)).execute(pool).await?;
        });
        Ok(None)
    }

    /// Lifts the hold.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lift_hold(
        &self,
        reference: &Reference,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE hold SET released_by = $2, released_at = $3 WHERE released_at IS NULL \
             AND referral_id = (SELECT id FROM referral WHERE reference = $1)";
        on_pool!(self, pool => {
            sqlx::query(SQL).bind(reference.as_str()).bind(by).bind(millis(now)).execute(pool).await?;
        });
        Ok(())
    }

    /// The hold on a referral, if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn legal_hold(&self, reference: &Reference) -> Result<Option<Hold>, StoreError> {
        const SQL: &str = "SELECT h.by_whom, h.at FROM hold h JOIN referral r ON r.id = h.referral_id \
             WHERE r.reference = $1 AND h.released_at IS NULL";
        let row: Option<(String, i64)> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(reference.as_str()).fetch_optional(pool).await?
        });
        row.map(|(by, at)| Ok(Hold { by, at: instant("hold.at", at)? })).transpose()
    }

    /// The hold on a referral, or on one that came in the same mail.
    async fn hold_on_its_mails(&self, reference: &Reference) -> Result<Option<Hold>, StoreError> {
        const SQL: &str = "SELECT h.by_whom, h.at FROM referral r JOIN mail_about a ON a.referral_id = r.id \
             JOIN mail_about o ON o.mail_id = a.mail_id JOIN hold h ON h.referral_id = o.referral_id \
             WHERE r.reference = $1 AND h.released_at IS NULL ORDER BY h.id LIMIT 1";
        if let Some(hold) = self.legal_hold(reference).await? {
            return Ok(Some(hold));
        }
        let row: Option<(String, i64)> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(reference.as_str()).fetch_optional(pool).await?
        });
        row.map(|(by, at)| Ok(Hold { by, at: instant("hold.at", at)? })).transpose()
    }

    /// Drops the key and with it the bytes of mails, in one transaction.
    async fn empty_mails(&self, which: &str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let sql = format!(
            "UPDATE mail SET data_key = NULL WHERE id IN (SELECT m.id FROM mail m \
             WHERE m.{which} AND m.handled_at < $1 AND m.data_key IS NOT NULL AND \
             {NOT_HELD}m.referral_id AND h.released_at IS NULL) AND NOT EXISTS (SELECT 1 FROM mail_about a \
             JOIN hold h ON h.referral_id = a.referral_id WHERE a.mail_id = m.id AND h.released_at IS NULL) \
             ORDER BY m.handled_at, m.id LIMIT {EMPTIED_AT_ONCE})"
        );
        let emptied = on_pool!(self, pool => {
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(millis(before)).execute(pool).await?.rows_affected()
        });
        Ok(emptied)
    }

    /// Empty bytes are written `x''` by SQLite and `''` by PostgreSQL.
    fn empty_bytes(&self, sql: &str) -> String {
        match &self.pool {
            super::Pool::Sqlite(_) => sql
                .replace("record = ''", "record = x''")
                .replace("recipient_digest = ''", "recipient_digest = x''"),
            super::Pool::Postgres(_) => sql.to_owned(),
        }
    }
}
