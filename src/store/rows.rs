//! Many rows in one statement. SQLite takes a list of `VALUES`, filled up to the next power of two: few texts, so that
//! each is compiled once and kept. PostgreSQL takes one array for each column: the text of such a statement is short and
//! the same for any number of rows.
//!
//! On PostgreSQL one that looks for rows by these values is not kept: it would plan it once and for all, maybe while the
//! table is so small that reading all of it is cheapest, and would go on so. One that only adds rows has one plan, and is
//! kept.

use sqlx::database::HasStatementCache;
use sqlx::query::{Query, QueryAs};
use sqlx::{Database, FromRow, Postgres, QueryBuilder, Sqlite};

/// The most rows or values that callers give one statement: on SQLite a larger one would be kept, and kept ones are
/// memory.
pub(super) const AT_ONCE: usize = 256;

/// One column of many rows.
pub(super) enum Column<'a> {
    /// `BIGINT`.
    Numbers(Vec<Option<i64>>),
    /// `TEXT`.
    Texts(Vec<Option<&'a str>>),
    /// `BYTEA`.
    Bytes(Vec<Option<&'a [u8]>>),
}

impl<'a> Column<'a> {
    pub(super) fn numbers<T: Into<Option<i64>>>(values: impl IntoIterator<Item = T>) -> Column<'a> {
        Column::Numbers(values.into_iter().map(Into::into).collect())
    }

    pub(super) fn texts<T: Into<Option<&'a str>>>(values: impl IntoIterator<Item = T>) -> Column<'a> {
        Column::Texts(values.into_iter().map(Into::into).collect())
    }

    pub(super) fn bytes<T: Into<Option<&'a [u8]>>>(values: impl IntoIterator<Item = T>) -> Column<'a> {
        Column::Bytes(values.into_iter().map(Into::into).collect())
    }

    fn len(&self) -> usize {
        match self {
            Column::Numbers(values) => values.len(),
            Column::Texts(values) => values.len(),
            Column::Bytes(values) => values.len(),
        }
    }

    fn is_full(&self) -> bool {
        match self {
            Column::Numbers(values) => values.iter().all(Option::is_some),
            Column::Texts(values) => values.iter().all(Option::is_some),
            Column::Bytes(values) => values.iter().all(Option::is_some),
        }
    }
}

/// How a database is told many values at once.
pub(super) trait Wide: Database + HasStatementCache {
    /// Whether a statement that looks for rows by values may be kept.
    const KEEPS_SEARCHES: bool;

    /// A table of these columns, all as long as the first, which are called `column1`, `column2` and so on.
    fn push_rows(into: &mut QueryBuilder<Self>, columns: &[Column<'_>]);

    /// What follows a column that is to be one of these values.
    fn push_among(into: &mut QueryBuilder<Self>, values: &Column<'_>);
}

/// A statement that looks for rows by values told with [`Wide`].
pub(super) fn searching<DB: Wide>(statement: &mut QueryBuilder<DB>) -> Query<'_, DB, DB::Arguments> {
    statement.build().persistent(DB::KEEPS_SEARCHES)
}

/// The same for one that gives rows back.
pub(super) fn searching_for<DB: Wide, Row>(
    statement: &mut QueryBuilder<DB>,
) -> QueryAs<'_, DB, Row, DB::Arguments>
where
    Row: for<'r> FromRow<'r, DB::Row>,
{
    statement.build_query_as().persistent(DB::KEEPS_SEARCHES)
}

impl Wide for Sqlite {
    const KEEPS_SEARCHES: bool = true;

    fn push_rows(into: &mut QueryBuilder<Sqlite>, columns: &[Column<'_>]) {
        debug_assert!(are_of_one_length(columns));
        let rows = columns.first().map_or(0, Column::len);
        // A row that fills up is told by its first value. Where that is missing in a row it is an error to be seen.
        let full = columns.first().is_some_and(Column::is_full);
        into.push("SELECT * FROM (");
        into.push_values(0..if full { filled_up(rows) } else { rows }, |mut row, at| {
            for column in columns {
                match column {
                    Column::Numbers(values) => row.push_bind(values.get(at).copied().flatten()),
                    Column::Texts(values) => row.push_bind(values.get(at).copied().flatten()),
                    Column::Bytes(values) => row.push_bind(values.get(at).copied().flatten()),
                };
            }
        });
        into.push(if full { ") WHERE column1 IS NOT NULL" } else { ") WHERE TRUE" });
    }

    fn push_among(into: &mut QueryBuilder<Sqlite>, values: &Column<'_>) {
        into.push(" IN (");
        let mut list = into.separated(", ");
        for at in 0..filled_up(values.len()) {
            match values {
                Column::Numbers(values) => list.push_bind(values.get(at).copied().flatten()),
                Column::Texts(values) => list.push_bind(values.get(at).copied().flatten()),
                Column::Bytes(values) => list.push_bind(values.get(at).copied().flatten()),
            };
        }
        into.push(")");
    }
}

/// How many places `rows` of them take: beyond what callers give one statement, no more than they need.
fn filled_up(rows: usize) -> usize {
    if rows > AT_ONCE { rows } else { rows.next_power_of_two() }
}

impl Wide for Postgres {
    const KEEPS_SEARCHES: bool = false;

    fn push_rows(into: &mut QueryBuilder<Postgres>, columns: &[Column<'_>]) {
        debug_assert!(are_of_one_length(columns));
        for (number, column) in (1..).zip(columns) {
            into.push(if number == 1 { "SELECT unnest(" } else { ", unnest(" });
            push_array(into, column);
            into.push(format_args!(") AS column{number}"));
        }
    }

    fn push_among(into: &mut QueryBuilder<Postgres>, values: &Column<'_>) {
        into.push(" = ANY (");
        push_array(into, values);
        into.push(")");
    }
}

/// A shorter one would be filled up with `NULL`.
fn are_of_one_length(columns: &[Column<'_>]) -> bool {
    columns.windows(2).all(|two| two.first().map(Column::len) == two.last().map(Column::len))
}

fn push_array(into: &mut QueryBuilder<Postgres>, column: &Column<'_>) {
    match column {
        Column::Numbers(values) => into.push_bind(values.as_slice()),
        Column::Texts(values) => into.push_bind(values.as_slice()),
        Column::Bytes(values) => into.push_bind(values.as_slice()),
    };
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, Column, Wide};
    use sqlx::{QueryBuilder, Sqlite};

    fn told(numbers: impl IntoIterator<Item = Option<i64>>) -> String {
        let mut statement = QueryBuilder::<Sqlite>::new("");
        Wide::push_rows(&mut statement, &[Column::numbers(numbers)]);
        statement.into_string()
    }

    #[test]
    fn a_few_texts_tell_any_number_of_rows() {
        let texts: std::collections::BTreeSet<String> =
            (1..=256).map(|rows| told((0..rows).map(Some))).collect();
        assert_eq!(texts.len(), 9);
    }

    #[test]
    fn more_rows_than_are_told_at_once_are_not_filled_up() {
        let rows = i64::try_from(AT_ONCE).unwrap() + 1;
        assert_eq!(told((0..rows).map(Some)).matches('?').count(), AT_ONCE + 1);
    }

    #[test]
    fn a_row_without_its_first_value_is_not_passed_over() {
        assert!(!told([Some(1), None, Some(3)]).contains("IS NOT NULL"));
    }

    #[tokio::test]
    async fn what_fills_up_is_no_row() {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let mut statement = QueryBuilder::<Sqlite>::new("SELECT COUNT(*), SUM(column1) FROM (");
        Wide::push_rows(
            &mut statement,
            &[Column::numbers([1, 2, 4]), Column::texts([None, Some("a"), None])],
        );
        let found: (i64, i64) = statement.push(")").build_query_as().fetch_one(&pool).await.unwrap();
        assert_eq!(found, (3, 7));
    }
}
