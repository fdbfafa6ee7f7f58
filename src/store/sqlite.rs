//! SQLite: one file, WAL, every commit synced to the disk before it counts.

use std::fs::{OpenOptions, Permissions};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{StoreError, backup};

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

/// The first SQLite without the WAL-reset corruption (3.7.0 to 3.51.2).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

/// Two processes that make the same store at the same moment get in each other's way for so long at most.
const FIRST_MOMENTS: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);
/// Another process that writes, such as a command, is waited for so long.
const BUSY: Duration = Duration::from_secs(10);
/// Pages of the log before they are copied back: a busy hour writes the same pages again and again.
const LOG_PAGES: &str = "4000";
/// All statements of a busy hour, also the wide ones of some sizes.
const STATEMENTS_KEPT: usize = 96;

/// Opens or makes the file, migrates it, and asserts the guarantees. Another process may do the same at this moment,
/// and SQLite has no lock for all of it: what the other one did is seen at the next try.
pub(super) async fn open(path: &Path) -> Result<SqlitePool, StoreError> {
    keep_private(path)?;
    backup::part_from_anothers_log(path)?;
    let began = Instant::now();
    loop {
        let opened = open_once(path).await;
        let may_pass = matches!(opened, Err(StoreError::Refused(_) | StoreError::Unavailable(_)));
        if !may_pass || began.elapsed() > FIRST_MOMENTS {
            return opened;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn open_once(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", LOG_PAGES)
        // What a statement may have to take back is kept in memory, in no temporary file.
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(STATEMENTS_KEPT)
        // Putting them into words costs as much as running some of them.
        .disable_statement_logging();
    // One connection: writers wait for each other anyway, and a second one would lose its page cache at every write of
    // the first.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        // SQLite itself takes a transaction back when the disk is full; the library, which then cannot, takes it for
        // open for ever and refuses every other one.
        .after_release(|connection, _| {
            let is_in_transaction = connection.is_in_transaction();
            Box::pin(async move { Ok(!is_in_transaction) })
        })
        .connect_with(options)
        .await?;
    assert_guarantees(&pool).await?;
    MIGRATOR.run(&pool).await.map_err(super::postgres::of_migration)?;
    Ok(pool)
}

/// The file is made by us with 0600 before SQLite sees it; its log files inherit that. One that exists is not opened:
/// closing it would drop the locks that SQLite holds on it elsewhere in this process.
fn keep_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let unusable = |what: &str, cause: ErrorKind| {
        let shown = path.display();
        StoreError::Unusable(format!("{what} {shown} ({cause}); check the folder and its owner"))
    };
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if let Err(cause) = made.map_err(|error| error.kind())
        && cause != ErrorKind::AlreadyExists
    {
        return Err(unusable("cannot make", cause));
    }
    if !path.is_file() {
        return Err(unusable("cannot open", ErrorKind::IsADirectory));
    }
    let private = Permissions::from_mode(0o600);
    std::fs::set_permissions(path, private).map_err(|error| unusable("cannot write to", error.kind()))
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
