//! Many rows in one statement. SQLite takes a list of `VALUES`. PostgreSQL takes one array for each column: the text of
//! such a statement is short and the same for any number of rows.
//!
//! One that looks for rows by these values is not kept: PostgreSQL would plan it once and for all, maybe while the table
//! is so small that reading all of it is cheapest, and would go on so. One that only adds rows has one plan, and is kept.

use sqlx::{Database, Postgres, QueryBuilder, Sqlite};

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
}

/// How a database is told many values at once.
pub(super) trait Wide: Database {
    /// A table of these columns, all as long as the first, which are called `column1`, `column2` and so on.
    fn push_rows(into: &mut QueryBuilder<Self>, columns: &[Column<'_>]);

    /// What follows a column that is to be one of these values.
    fn push_among(into: &mut QueryBuilder<Self>, values: &Column<'_>);
}

impl Wide for Sqlite {
    fn push_rows(into: &mut QueryBuilder<Sqlite>, columns: &[Column<'_>]) {
        debug_assert!(are_of_one_length(columns));
        let rows = columns.first().map_or(0, Column::len);
        into.push_values(0..rows, |mut row, at| {
            for column in columns {
                match column {
                    Column::Numbers(values) => row.push_bind(values.get(at).copied().flatten()),
                    Column::Texts(values) => row.push_bind(values.get(at).copied().flatten()),
                    Column::Bytes(values) => row.push_bind(values.get(at).copied().flatten()),
                };
            }
        });
    }

    fn push_among(into: &mut QueryBuilder<Sqlite>, values: &Column<'_>) {
        into.push(" IN (");
        let mut list = into.separated(", ");
        for at in 0..values.len() {
            match values {
                Column::Numbers(values) => list.push_bind(values.get(at).copied().flatten()),
                Column::Texts(values) => list.push_bind(values.get(at).copied().flatten()),
                Column::Bytes(values) => list.push_bind(values.get(at).copied().flatten()),
            };
        }
        into.push(")");
    }
}

impl Wide for Postgres {
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
