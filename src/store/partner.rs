//! Referrals by when they came: one partner's, for the report of its pilot, and all of a time, for the measures.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::outbox::part_of;
use super::records::{COLUMNS, Row, Stored};
use super::rows::{self, Column, Wide};
use super::{Store, StoreError, millis};
use crate::referral::letter::Part;
use crate::referral::record::Fact;
use crate::referral::roster::PartnerId;

/// No report looks at more.
const MOST: i64 = 20_000;

/// How many letters the mail server took, to each part, by the number of the referral.
type Taken = BTreeMap<String, Vec<(Part, u64)>>;

/// The lines of one history, each with its place.
type Lines = Vec<(i64, Vec<u8>)>;

/// Some of what was received in a time.
#[derive(Debug)]
pub struct Page {
    /// Each with what happened, oldest first.
    pub lived: Vec<(Stored, Vec<Fact>)>,
    /// How many more there are on it whose record or history cannot be read.
    pub unreadable: u64,
    /// The newest row of it.
    last: Option<i64>,
}

impl Page {
    /// It is beyond the last one.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.last.is_none()
    }
}

impl Store {
    /// What a partner sent from one instant until before another, oldest first; forgotten ones are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_partner(
        &self,
        partner: &PartnerId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM referral WHERE received_at >= $1 AND received_at < $2 AND partner = $3 \
             AND data_key IS NOT NULL ORDER BY received_at, id LIMIT $4"
        );
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from))
                .bind(millis(to))
                .bind(partner.0.as_str())
                .bind(MOST)
                .fetch_all(pool)
                .await?
        });
        rows.into_iter().map(|row| self.stored(row)).collect()
    }

    /// What was received from one instant until before another, in the order it was opened, with its history; forgotten
    /// ones are left out. With a page: what comes after it. One that cannot be read hides no other.
    ///
    /// # Errors
    /// [`StoreError`], when the store cannot be asked.
    pub async fn received_between(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        after: Option<&Page>,
        most: u32,
    ) -> Result<Page, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM referral WHERE received_at >= $1 AND received_at < $2 AND id > $3 \
             AND data_key IS NOT NULL ORDER BY id LIMIT $4"
        );
        let after = after.map_or(0, |page| page.last.unwrap_or(i64::MAX));
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql))
                .bind(millis(from))
                .bind(millis(to))
                .bind(after)
                .bind(i64::from(most))
                .fetch_all(pool)
                .await?
        });
        let last = rows.last().map(|row| row.id);
        let mut histories = self.histories(&rows).await?;
        let mut page = Page { lived: Vec::new(), unreadable: 0, last };
        for row in rows {
            let lines = histories.remove(&row.id).unwrap_or_default();
            let read = self.stored(row).and_then(|stored| Ok((stored.read_history(lines)?, stored)));
            match read {
                Ok((facts, stored)) => page.lived.push((stored, facts)),
                Err(_) => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    /// The sealed lines of the histories of these rows.
    async fn histories(&self, of: &[Row]) -> Result<BTreeMap<i64, Lines>, StoreError> {
        let mut histories: BTreeMap<i64, Lines> = BTreeMap::new();
        if of.is_empty() {
            return Ok(histories);
        }
        let rows: Vec<(i64, i64, Vec<u8>)> = on_pool!(self, pool => {
            let mut select =
                QueryBuilder::new("SELECT referral_id, seq, words FROM history WHERE referral_id");
            Wide::push_among(&mut select, &Column::numbers(of.iter().map(|row| row.id)));
            select.push(" ORDER BY referral_id, seq");
            rows::searching_for(&mut select).fetch_all(pool).await?
        });
        for (id, seq, words) in rows {
            histories.entry(id).or_default().push((seq, words));
        }
        Ok(histories)
    }

    /// How many letters the mail server took about the referrals received in a time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn letters_taken(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Taken, StoreError> {
        const SQL: &str = "SELECT r.reference, o.part, COUNT(*) FROM outbox o \
             JOIN referral r ON r.id = o.referral_id \
             WHERE r.received_at >= $1 AND r.received_at < $2 AND o.state = 'sent' \
             GROUP BY r.reference, o.part ORDER BY r.reference, o.part";
        let rows: Vec<(String, String, i64)> = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(millis(from)).bind(millis(to)).fetch_all(pool).await?
        });
        let mut taken = Taken::new();
        for (reference, part, count) in rows {
            taken.entry(reference).or_default().push((part_of(&part)?, u64::try_from(count).unwrap_or(0)));
        }
        Ok(taken)
    }
}
