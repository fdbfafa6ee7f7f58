//! Pages: every referral in the store, some at a time, so that nothing is left out however many there are and no more
//! of them than a page are in memory.

use super::records::{COLUMNS, Row, Stored};
use super::{Store, StoreError};

/// The referrals of a store, newest first: the open ones, or all of them; forgotten ones are left out. What arrives
/// after the first page is not among them.
pub struct Pages<'a> {
    store: &'a Store,
    all: bool,
    /// Those after this row were handed out.
    before: i64,
    size: u32,
}

impl Pages<'_> {
    /// The next of them, at most a page; none once all were handed out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next(&mut self) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM referral WHERE open >= $1 AND data_key IS NOT NULL AND id < $2 \
             ORDER BY id DESC LIMIT $3"
        );
        let (from, before, size) = (i64::from(!self.all), self.before, i64::from(self.size));
        let rows: Vec<Row> = on_pool!(self.store, pool => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(from).bind(before).bind(size).fetch_all(pool).await?
        });
        let page = rows.into_iter().map(|row| self.store.stored(row)).collect::<Result<Vec<_>, _>>()?;
        self.before = page.last().map_or(0, |stored| stored.id);
        Ok(page)
    }
}

impl Store {
    /// Every referral, page by page.
    #[must_use]
    pub fn pages(&self, all: bool, size: u32) -> Pages<'_> {
        Pages { store: self, all, before: i64::MAX, size: size.max(1) }
    }

    /// The newest referrals in the store, newest first: of the open ones, or of all; forgotten ones are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(&self, all: bool, most: u32) -> Result<Vec<Stored>, StoreError> {
        self.pages(all, most).next().await
    }
}
