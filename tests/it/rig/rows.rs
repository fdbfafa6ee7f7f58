//! What a store holds, read past the code under test.

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

/// The rows of a query whose columns are all text; NULL reads as an empty text.
pub(crate) async fn rows(url: &str, sql: &'static str) -> Vec<Vec<String>> {
    let texts = |count: usize, text: &dyn Fn(usize) -> Option<String>| -> Vec<String> {
        (0..count).map(|column| text(column).unwrap_or_default()).collect()
    };
    if url.starts_with("postgres") {
        let mut connection = PgConnection::connect(url).await.unwrap();
        let rows = connection.fetch_all(sql).await.unwrap();
        rows.iter().map(|row| texts(row.len(), &|column| row.get(column))).collect()
    } else {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        let rows = connection.fetch_all(sql).await.unwrap();
        rows.iter().map(|row| texts(row.len(), &|column| row.get(column))).collect()
    }
}

/// Changes a SQLite store as no verb of ours does, to set a scene.
pub(crate) async fn change(url: &str, sql: &'static str) {
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}
