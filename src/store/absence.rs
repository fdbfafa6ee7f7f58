//! Absence: what staff said by mail, or an admin on the host for them, about being away. Rows are only added; the
//! newest of each person counts.

use super::{Store, StoreError, instant};
use crate::referral::roster::{Absence, StaffId};

#[derive(sqlx::FromRow)]
struct Row {
    staff: String,
    until: i64,
    settings_said: Option<i64>,
    said_by: String,
}

impl Store {
    /// The newest word of everybody who ever said one, in the order of their short names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn absences(&self) -> Result<Vec<Absence>, StoreError> {
        const SQL: &str = "SELECT staff, until, settings_said, said_by FROM absence \
             WHERE id IN (SELECT MAX(id) FROM absence GROUP BY staff) ORDER BY staff";
        let rows: Vec<Row> = on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?);
        rows.into_iter()
            .map(|row| {
                Ok(Absence {
                    by_host: row.said_by == "host",
                    staff: StaffId(row.staff),
                    until: instant("absence.until", row.until)?,
                    settings_said: row
                        .settings_said
                        .map(|at| instant("absence.settings_said", at))
                        .transpose()?,
                })
            })
            .collect()
    }
}
