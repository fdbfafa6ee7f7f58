//! Figures: what the digest and `health` say, counted by the database. Owners are short names here.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Store, StoreError, instant, millis};
use crate::referral::disposition::{Disposition, Pile};
use crate::referral::reason::BounceReason;
use crate::referral::reference::Reference;
use crate::report::figures::{Arrived, Due, LeftOut, Mails, Parked, Reached, Undelivered};

/// No list of a digest but that of parked mails is longer; how many more there are is counted.
const MOST: i64 = 500;

// What each list is of, from $1 until before $2: asked for its first lines, and counted where these are not all.
const DUE: &str = "referral WHERE open = 1 AND next_action_at >= $1 AND next_action_at < $2";
const ARRIVED: &str =
    "referral r JOIN history h ON h.referral_id = r.id AND h.seq = 1 WHERE h.at >= $1 AND h.at < $2";
const REACHED: &str = "referral WHERE confirmed_at >= $1 AND confirmed_at < $2";
const GIVEN_UP: &str = "referral WHERE bounced_at >= $1 AND bounced_at < $2";
const UNDELIVERED: &str = "outbox o LEFT JOIN referral r ON r.id = o.referral_id \
     WHERE o.troubled = 1 AND o.settled_at >= $1 AND o.settled_at < $2";

/// The lists and sums of one digest.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Day {
    /// Every mail spooled in the window.
    pub mails: Mails,
    /// Open and past its due time.
    pub overdue: Vec<Due>,
    /// Open and due before the day ends.
    pub due_today: Vec<Due>,
    /// Opened in the window.
    pub new: Vec<Arrived>,
    /// Reached in the window.
    pub confirmed: Vec<Reached>,
    /// Given up in the window.
    pub bounced: Vec<GivenUp>,
    /// Parked now.
    pub parked: Vec<Parked>,
    /// Not delivered in the window.
    pub delivery_failures: Vec<Undelivered>,
    /// How many more there are than the lists name.
    pub left_out: LeftOut,
}

/// A contact that was given up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenUp {
    /// The number.
    pub reference: Reference,
    /// One of the five.
    pub reason: BounceReason,
    /// The code of the data owner's own reason.
    pub added: Option<String>,
    /// Who decides what is next.
    pub owner: String,
}

/// What `health` shows.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Health {
    /// When the inbox was last read to its end.
    pub inbox_read_at: Option<DateTime<Utc>>,
    /// When a letter was last accepted.
    pub last_sent_at: Option<DateTime<Utc>>,
    /// Mails that wait to be read.
    pub mails_waiting: i64,
    /// Letters that wait to be sent.
    pub letters_waiting: i64,
    /// The oldest of them.
    pub oldest_letter_at: Option<DateTime<Utc>>,
    /// Mails a person must look at.
    pub parked: i64,
    /// Letters that failed or are held.
    pub letters_failed: i64,
    /// Open referrals.
    pub open: i64,
    /// Open referrals past their due time.
    pub overdue: i64,
}

#[derive(sqlx::FromRow)]
struct HealthRow {
    inbox_read_at: Option<i64>,
    sent_kept_at: Option<i64>,
    sent_emptied_at: Option<i64>,
    mails_waiting: i64,
    letters_waiting: i64,
    oldest_letter_at: Option<i64>,
    parked: i64,
    letters_failed: i64,
    open: i64,
    overdue: i64,
}

#[derive(sqlx::FromRow)]
struct DueRow {
    reference: String,
    owner: String,
    next_action: String,
    next_action_at: i64,
    tier: String,
}

#[derive(sqlx::FromRow)]
struct ArrivedRow {
    reference: String,
    owner: String,
    status: String,
    tier: String,
}

#[derive(sqlx::FromRow)]
struct GivenUpRow {
    reference: String,
    bounce_reason: String,
    bounce_added: Option<String>,
    owner: String,
}

#[derive(sqlx::FromRow)]
struct UndeliveredRow {
    reference: Option<String>,
    kind: String,
    part: String,
    answer: Option<String>,
}

impl Store {
    /// The figures of a window of time, as of now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn day(
        &self,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
        day_end: DateTime<Utc>,
    ) -> Result<Day, StoreError> {
        let ever = DateTime::UNIX_EPOCH;
        let mut day = Day {
            mails: self.mails(from, now).await?,
            overdue: self.due_between(ever, now).await?,
            due_today: self.due_between(now, day_end).await?,
            new: self.arrived(from, now).await?,
            confirmed: self.reached(from, now).await?,
            bounced: self.given_up(from, now).await?,
            parked: self.parked_lines().await?,
            delivery_failures: self.undelivered(from, now).await?,
            left_out: LeftOut::default(),
        };
        day.left_out = LeftOut {
            overdue: self.more_than(day.overdue.len(), DUE, ever, now).await?,
            due_today: self.more_than(day.due_today.len(), DUE, now, day_end).await?,
            new: self.more_than(day.new.len(), ARRIVED, from, now).await?,
            confirmed: self.more_than(day.confirmed.len(), REACHED, from, now).await?,
            bounced: self.more_than(day.bounced.len(), GIVEN_UP, from, now).await?,
            delivery_failures: self.more_than(day.delivery_failures.len(), UNDELIVERED, from, now).await?,
        };
        Ok(day)
    }

    /// Open and past their due time at this instant, the longest first; and how many more there are than these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_before(&self, at: DateTime<Utc>) -> Result<(Vec<Due>, usize), StoreError> {
        let due = self.due_between(DateTime::UNIX_EPOCH, at).await?;
        let more = self.more_than(due.len(), DUE, DateTime::UNIX_EPOCH, at).await?;
        Ok((due, more))
    }

    /// Contacts given up from one instant until before another; and how many more there are than these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn given_up_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<(Vec<GivenUp>, usize), StoreError> {
        let given_up = self.given_up(from, to).await?;
        let more = self.more_than(given_up.len(), GIVEN_UP, from, to).await?;
        Ok((given_up, more))
    }

    /// How many more there are of something than a list of it names.
    async fn more_than(
        &self,
        listed: usize,
        of: &'static str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        if i64::try_from(listed).is_ok_and(|listed| listed < MOST) {
            return Ok(0);
        }
        let sql = format!("SELECT COUNT(*) FROM {of}");
        let (all,): (i64,) = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(millis(from)).bind(millis(to)).fetch_one(pool).await?
        });
        Ok(usize::try_from(all).unwrap_or(0).saturating_sub(listed))
    }

    /// The state of the service in numbers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn health(&self, now: DateTime<Utc>) -> Result<Health, StoreError> {
        const SQL: &str = "SELECT \
             (SELECT at FROM beat WHERE name = 'inbox read') AS inbox_read_at, \
             (SELECT settled_at FROM outbox WHERE kept = 1 AND state = 'sent' AND settled_at IS NOT NULL \
             ORDER BY settled_at DESC LIMIT 1) \
             AS sent_kept_at, \
             (SELECT settled_at FROM outbox WHERE kept = 0 AND state = 'sent' AND settled_at IS NOT NULL \
             ORDER BY settled_at DESC LIMIT 1) \
             AS sent_emptied_at, \
             (SELECT COUNT(*) FROM mail WHERE disposition IS NULL) AS mails_waiting, \
             (SELECT COUNT(*) FROM outbox WHERE settled_at IS NULL) AS letters_waiting, \
             (SELECT MIN(due_at) FROM outbox WHERE settled_at IS NULL) AS oldest_letter_at, \
             (SELECT COUNT(*) FROM mail WHERE disposition = 'parked') AS parked, \
             (SELECT COUNT(*) FROM outbox WHERE troubled = 1) AS letters_failed, \
             (SELECT COUNT(*) FROM referral WHERE open = 1) AS open, \
             (SELECT COUNT(*) FROM referral WHERE open = 1 AND next_action_at < $1) AS overdue";
        let row: HealthRow =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(millis(now)).fetch_one(pool).await?);
        let at = |value: Option<i64>| value.map(|value| instant("health", value)).transpose();
        Ok(Health {
            inbox_read_at: at(row.inbox_read_at)?,
            last_sent_at: at(row.sent_kept_at.max(row.sent_emptied_at))?,
            mails_waiting: row.mails_waiting,
            letters_waiting: row.letters_waiting,
            oldest_letter_at: at(row.oldest_letter_at)?,
            parked: row.parked,
            letters_failed: row.letters_failed,
            open: row.open,
            overdue: row.overdue,
        })
    }

    /// How many mails of a window asked for something without the proofs for it, so that nothing was done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unproven(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<u64, StoreError> {
        const SQL: &str =
            "SELECT COUNT(*) FROM mail WHERE spooled_at >= $1 AND spooled_at < $2 AND cause = $3";
        let cause = Disposition::UnprovenCommand.cause();
        let (count,): (i64,) = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(millis(from)).bind(millis(to)).bind(cause).fetch_one(pool).await?
        });
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn mails(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Mails, StoreError> {
        const TOTAL: &str = "SELECT COUNT(*) FROM mail WHERE spooled_at >= $1 AND spooled_at < $2";
        const PILES: &str = "SELECT disposition, COUNT(*) FROM mail WHERE spooled_at >= $1 AND spooled_at < $2 \
             GROUP BY disposition ORDER BY disposition";
        let (from, to) = (millis(from), millis(to));
        let (received,): (i64,) =
            on_pool!(self, pool => sqlx::query_as(TOTAL).bind(from).bind(to).fetch_one(pool).await?);
        let piles: Vec<(Option<String>, i64)> =
            on_pool!(self, pool => sqlx::query_as(PILES).bind(from).bind(to).fetch_all(pool).await?);
        let piles: BTreeMap<Option<String>, i64> = piles.into_iter().collect();
        let count = |value: i64| u64::try_from(value).unwrap_or(0);
        let pile = |pile: Pile| count(piles.get(&Some(pile.word().to_owned())).copied().unwrap_or(0));
        Ok(Mails {
            received: count(received),
            referral: pile(Pile::Referral),
            reply: pile(Pile::Reply),
            command: pile(Pile::Command),
            auto_reply: pile(Pile::AutoReply),
            delivery_report: pile(Pile::DeliveryReport),
            duplicate: pile(Pile::Duplicate),
            parked: pile(Pile::Parked),
            ignored: pile(Pile::Ignored),
            waiting: count(piles.get(&None).copied().unwrap_or(0)),
        })
    }

    async fn due_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Due>, StoreError> {
        let sql = format!(
            "SELECT reference, owner, next_action, next_action_at, tier FROM {DUE} \
             ORDER BY next_action_at, id LIMIT $3"
        );
        let rows: Vec<DueRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from)).bind(millis(to)).bind(MOST).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|DueRow { reference, owner, next_action, next_action_at, tier }| {
                let due_at = instant("referral.next_action_at", next_action_at)?;
                Ok(Due { reference: number(reference)?, owner, next_action, due_at, tier })
            })
            .collect()
    }

    async fn arrived(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Arrived>, StoreError> {
        let sql =
            format!("SELECT r.reference, r.owner, r.status, r.tier FROM {ARRIVED} ORDER BY r.id LIMIT $3");
        let rows: Vec<ArrivedRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from)).bind(millis(to)).bind(MOST).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|ArrivedRow { reference, owner, status, tier }| {
                Ok(Arrived { reference: number(reference)?, owner, status, tier })
            })
            .collect()
    }

    async fn reached(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Reached>, StoreError> {
        let sql = format!(
            "SELECT reference, owner, confirmed_at - received_at FROM {REACHED} ORDER BY confirmed_at, id LIMIT $3"
        );
        let rows: Vec<(String, String, i64)> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from)).bind(millis(to)).bind(MOST).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|(reference, owner, took)| {
                let hours = u64::try_from(TimeDelta::milliseconds(took).num_hours()).unwrap_or(0);
                Ok(Reached { reference: number(reference)?, owner, hours })
            })
            .collect()
    }

    async fn given_up(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<GivenUp>, StoreError> {
        let sql = format!(
            "SELECT reference, bounce_reason, bounce_added, owner FROM {GIVEN_UP} ORDER BY bounced_at, id LIMIT $3"
        );
        let rows: Vec<GivenUpRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from)).bind(millis(to)).bind(MOST).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|GivenUpRow { reference, bounce_reason: code, bounce_added: added, owner }| {
                let reason = BounceReason::ALL.into_iter().find(|reason| reason.code() == code);
                let reason = reason.ok_or_else(|| StoreError::Decode("referral.bounce_reason".to_owned()))?;
                Ok(GivenUp { reference: number(reference)?, reason, added, owner })
            })
            .collect()
    }

    async fn parked_lines(&self) -> Result<Vec<Parked>, StoreError> {
        let parked = self.parked().await?;
        Ok(parked
            .into_iter()
            .map(|mail| Parked { id: mail.id, cause: mail.cause, since: mail.arrived_at })
            .collect())
    }

    async fn undelivered(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Undelivered>, StoreError> {
        let sql =
            format!("SELECT r.reference, o.kind, o.part, o.answer FROM {UNDELIVERED} ORDER BY o.id LIMIT $3");
        let rows: Vec<UndeliveredRow> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from)).bind(millis(to)).bind(MOST).fetch_all(pool).await?
        });
        rows.into_iter()
            .map(|UndeliveredRow { reference, kind: letter, part: to, answer }| {
                // The first word of the answer is the status code; the server's own text stays in the store.
                let code = answer.as_deref().and_then(|answer| answer.split_whitespace().next());
                let status = code.filter(|code| code.starts_with(['4', '5'])).map(str::to_owned);
                Ok(Undelivered { reference: reference.map(number).transpose()?, letter, to, status })
            })
            .collect()
    }
}

fn number(text: String) -> Result<Reference, StoreError> {
    super::places::reference_of(text)
}
