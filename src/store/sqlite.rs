//! SQLite: one file, WAL, every commit synced to the disk before it counts.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use super::StoreError;

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// The first SQLite without the WAL-reset corruption (3.7.0 to 3.51.2).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

/// Opens or makes the file, migrates it, and asserts the guarantees.
pub(super) async fn open(path: &Path) -> Result<SqlitePool, StoreError> {
    keep_private(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        .pragma("secure_delete", "ON");
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
    assert_guarantees(&pool).await?;
    MIGRATOR.run(&pool).await.map_err(super::postgres::of_migration)?;
    Ok(pool)
}

/// The file is made by us with 0600 before SQLite sees it; its log files inherit that.
fn keep_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let unusable = |what: &str, cause: &std::io::Error| {
        StoreError::Unusable(format!(
            "{what} {} ({}); check the folder and its owner",
            path.display(),
            cause.kind()
        ))
    };
    let file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    let file = file.map_err(|cause| unusable("cannot open or make", &cause))?;
    let private = std::fs::Permissions::from_mode(0o600);
    file.set_permissions(private).map_err(|cause| unusable("cannot protect", &cause))
}

async fn assert_guarantees(pool: &SqlitePool) -> Result<(), StoreError> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(pool).await?;
    let (journal,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(pool).await?;
    let (synchronous,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(pool).await?;
    let (foreign_keys,): (i64,) = sqlx::query_as("PRAGMA foreign_keys").fetch_one(pool).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let holds = [
        (
            version >= OLDEST,
            "SQLite is older than 3.51.3, which can damage its log; build with the bundled one",
        ),
        (journal == "wal", "the disk does not allow SQLite's WAL; do not use a network disk"),
        (synchronous == 2, "SQLite does not sync every commit; synchronous must be FULL"),
        (foreign_keys == 1, "SQLite does not check foreign keys"),
    ];
    match holds.into_iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err(StoreError::Unusable(why.to_owned())),
        None => Ok(()),
    }
}
