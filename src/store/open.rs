//! Open: the referrals that still run, of one partner or of one owner. What somebody is told who asks how their own
//! stand.

use super::records::{COLUMNS, Row, Stored};
use super::{Store, StoreError};
use crate::referral::roster::{PartnerId, StaffId};

/// Whose referrals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Those this partner sent.
    Partner(PartnerId),
    /// Those this member of staff owns.
    Owner(StaffId),
}

/// The open referrals of somebody.
#[derive(Debug)]
pub struct Open {
    /// The first of them, what is due soonest first.
    pub first: Vec<Stored>,
    /// How many there are in all.
    pub all: u32,
}

impl Store {
    /// The open referrals of a partner or an owner, what is due soonest first, at most so many; forgotten ones are left
    /// out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_of(&self, whose: &Whose, most: u32) -> Result<Open, StoreError> {
        let (column, id) = match whose {
            Whose::Partner(id) => ("partner", id.0.as_str()),
            Whose::Owner(id) => ("owner", id.0.as_str()),
        };
        let condition = format!("FROM referral WHERE open = 1 AND data_key IS NOT NULL AND {column} = $1");
        let count = format!("SELECT COUNT(*) {condition}");
        let list = format!("SELECT {COLUMNS} {condition} ORDER BY next_action_at, id LIMIT $2");
        let (all,): (i64,) = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(id).fetch_one(pool).await?
        });
        let rows: Vec<Row> = on_pool!(self, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(list)).bind(id).bind(i64::from(most)).fetch_all(pool).await?
        });
        let first = rows.into_iter().map(|row| self.stored(row)).collect::<Result<Vec<_>, _>>()?;
        Ok(Open { first, all: u32::try_from(all).unwrap_or(u32::MAX) })
    }
}
