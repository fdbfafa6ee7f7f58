//! Memory: the one place with SQL.
//!
//! A verb is a whole unit of work and one transaction: nothing outside can do half of one. Two databases stand behind
//! the same verbs: SQLite, the embedded default, and PostgreSQL for those who outgrow one machine. One SQL text serves
//! both wherever their dialects agree; one suite of tests runs on both.
//!
//! Nevers: it knows no mailbox, no intake, no delivery; nothing personal leaves or enters a column unsealed; a value
//! that does not decode is an error that names its place, never an empty one.

/// Runs one statement or query on whichever pool there is.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pool {
            $crate::store::Pool::Sqlite($pool) => $body,
            $crate::store::Pool::Postgres($pool) => $body,
        }
    };
}

/// Runs a body in one transaction; an error rolls everything back. SQLite takes the write lock at once, so that two
/// writers queue instead of failing half-way.
macro_rules! in_transaction {
    ($store:expr, $tx:ident => $body:expr) => {{
        let _turn = $store.turn().await;
        match &$store.pool {
            $crate::store::Pool::Sqlite(pool) => {
                let mut $tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                let out = $body;
                $tx.commit().await?;
                out
            }
            $crate::store::Pool::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                let out = $body;
                $tx.commit().await?;
                out
            }
        }
    }};
}

mod absence;
pub mod audit;
mod backup;
pub mod client_letters;
mod commit;
pub mod counts;
pub mod disclosure;
pub mod due;
pub mod figures;
pub mod forget;
mod key_file;
pub mod known;
mod migrated;
pub mod note;
pub mod open;
pub mod outbox;
pub mod pages;
mod partner;
pub mod people;
mod places;
mod postgres;
pub mod records;
pub mod replay;
mod rotate;
mod rows;
mod scrub;
pub mod seal;
pub mod spool;
mod sqlite;
mod stops;
pub mod twins;
mod unheard;
mod whole;
pub mod witness;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, MutexGuard};

use seal::{Keyring, SealError};

/// What a command is called among the connections of a PostgreSQL.
const COMMAND: &str = "handoffd";

/// A list for who follows what happens holds no more; the rest is in the next one.
const LISTED: i64 = 1_000;

/// Of what a database says more characters are not shown.
const LONGEST_MESSAGE: usize = 200;

/// Which database, as settings say.
#[derive(Clone)]
pub enum Place {
    /// A file of our own; the folder must exist.
    Sqlite(PathBuf),
    /// `postgres://user@host/database`; the password may come from the file the URL was read from.
    Postgres(String),
}

impl std::fmt::Debug for Place {
    /// A URL may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Place::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// The store: a pool of connections and the keys.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    keys: Arc<Keyring>,
    writing: Arc<Mutex<()>>,
    witness: Option<witness::Witness>,
}

#[derive(Clone)]
enum Pool {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the record meanwhile, or drew the same reference: decide again.
    #[error("the record changed meanwhile")]
    Stale,
    /// The database is locked, out of reach or out of connections: try again later.
    #[error("the store is busy or out of reach ({0}); it is tried again")]
    Unavailable(String),
    /// The disk is full or read-only: nothing can be accepted until an operator made room.
    #[error(
        "the store cannot write ({0}); make room on its disk and let us write there; mail stays in the inbox until then"
    )]
    CannotWrite(String),
    /// The file is damaged, of another version, or not ours.
    #[error("the store is not usable: {0}")]
    Unusable(String),
    /// A table, or a part of one, is gone.
    #[error(
        "the store is not whole: it lacks {0}, which somebody took away or which was left out when it was put back; nothing \
         is done with it until it is put back whole, from a backup; if that is under way, a start after it finds it whole"
    )]
    NotWhole(String),
    /// The key file is another one, or lacks a key that something lies under.
    #[error("the key file does not fit the store: {0}")]
    WrongKeys(String),
    /// Keys and sealed values.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A value in the database is not what we wrote.
    #[error("the store holds a value we did not write: {0}")]
    Decode(String),
    /// Anything else the database refused.
    #[error("the store refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// Whether it is one record that is damaged, and not the store that is out of reach, or a key file that lacks a key:
    /// what is about other records can go on.
    #[must_use]
    pub const fn is_of_a_record(&self) -> bool {
        match self {
            StoreError::Seal(error) => match error {
                SealError::DoesNotOpen(_) | SealError::Forgotten(_) => true,
                SealError::Unreadable { .. }
                | SealError::TooOpen { .. }
                | SealError::Damaged { .. }
                | SealError::UnknownKey(_)
                | SealError::NoRandomness
                | SealError::Unwritable { .. }
                | SealError::TooManyKeys => false,
            },
            StoreError::Decode(_) => true,
            StoreError::Stale
            | StoreError::Unavailable(_)
            | StoreError::CannotWrite(_)
            | StoreError::Unusable(_)
            | StoreError::NotWhole(_)
            | StoreError::WrongKeys(_)
            | StoreError::Refused(_) => false,
        }
    }
}

impl Store {
    /// Opens the store, brings its tables up to date, and asserts the guarantees that everything else stands on.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when a guarantee does not hold, in words that name the remedy.
    pub async fn open(place: &Place, keys: Arc<Keyring>) -> Result<Store, StoreError> {
        Store::open_as(place, keys, COMMAND).await
    }

    /// The same, under a name by which others on the same PostgreSQL know us; see [`Store::others_at_work`].
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_as(place: &Place, keys: Arc<Keyring>, name: &str) -> Result<Store, StoreError> {
        let pool = match place {
            Place::Sqlite(path) => Pool::Sqlite(sqlite::open(path).await?),
            Place::Postgres(url) => Pool::Postgres(postgres::open(url, name).await?),
        };
        let store = Store { pool, keys, writing: Arc::default(), witness: witness::Witness::of(place) };
        if let Err(error) = store.assert_same_keys().await {
            // Where a table is gone, its name says more than the question that failed.
            store.assert_whole().await?;
            return Err(error);
        }
        Ok(store)
    }

    /// The keys, for digests and tokens.
    #[must_use]
    pub fn keys(&self) -> &Arc<Keyring> {
        &self.keys
    }

    /// Closes the pool; what was committed stays, SQLite's log is folded in.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Our turn to write. SQLite has one writer at a time and lets others poll for the lock, up to a tenth of a second
    /// apart; here they queue. PostgreSQL needs no turns.
    async fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        match &self.pool {
            Pool::Sqlite(_) => Some(self.writing.lock().await),
            Pool::Postgres(_) => None,
        }
    }

    /// Notes that a loop got through.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn beat(&self, name: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        const SQL: &str =
            "INSERT INTO beat (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at";
        let _turn = self.turn().await;
        on_pool!(self, pool => { sqlx::query(SQL).bind(name).bind(millis(at)).execute(pool).await?; });
        Ok(())
    }

    /// When a loop last got through.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_beat(&self, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        const SQL: &str = "SELECT at FROM beat WHERE name = $1";
        let row: Option<(i64,)> =
            on_pool!(self, pool => sqlx::query_as(SQL).bind(name).fetch_optional(pool).await?);
        row.map(|(at,)| instant("beat.at", at)).transpose()
    }

    /// A store remembers which key file it was opened with first: another one is refused before anything is read or
    /// written with it.
    async fn assert_same_keys(&self) -> Result<(), StoreError> {
        const READ: &str = "SELECT name FROM beat WHERE name LIKE 'keys:%' OR name LIKE 'wraps:%'";
        let ours = format!("keys:{}", hex::encode(self.keys.digest("key file", b"")));
        let known: Vec<(String,)> = on_pool!(self, pool => sqlx::query_as(READ).fetch_all(pool).await?);
        if known.is_empty() {
            self.beat(&ours, DateTime::UNIX_EPOCH).await?;
        } else if !known.iter().any(|(name,)| *name == ours) {
            return Err(StoreError::WrongKeys(
                "it belongs to another store; put back the key file this store was made with".to_owned(),
            ));
        }
        self.note_newest_key(&known).await
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        use sqlx::Error;
        if let Error::Database(database) = &error {
            return of_database(database.as_ref());
        }
        if let Error::ColumnDecode { index, .. } = &error {
            return StoreError::Decode(format!("column {index}"));
        }
        if matches!(error, Error::PoolTimedOut) {
            return StoreError::Unavailable("no connection to the database came in time".to_owned());
        }
        let shown = without_values(&error.to_string());
        let passing = matches!(
            error,
            Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed | Error::Tls(_)
        );
        if passing { StoreError::Unavailable(shown) } else { StoreError::Refused(shown) }
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let message = without_values(error.message());
    if error.is_unique_violation() {
        return StoreError::Stale;
    }
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        return of_sqlite(code.parse().unwrap_or(0), message);
    }
    of_postgres(&code, message)
}

/// An extended result code of SQLite carries its primary one in the low byte.
fn of_sqlite(code: u32, message: String) -> StoreError {
    match code & 0xff {
        // Busy, locked.
        5 | 6 => StoreError::Unavailable(message),
        // Read-only, I/O error, disk full, a file that cannot be opened (WAL, index of the WAL).
        8 | 10 | 13 | 14 => StoreError::CannotWrite(message),
        // Damaged, not a database.
        11 | 26 => StoreError::Unusable(format!("{message}; restore it from a backup")),
        _ => StoreError::Refused(message),
    }
}

/// SQLSTATE: the first two characters are the class.
fn of_postgres(code: &str, message: String) -> StoreError {
    match code {
        "3D000" => StoreError::Unusable(
            "the PostgreSQL database does not exist; make it with createdb, owned by our user".to_owned(),
        ),
        // Read-only; disk full; I/O error.
        "25006" | "53100" | "58030" => StoreError::CannotWrite(message),
        // A lock or a statement that took too long.
        "55P03" | "57014" => StoreError::Unavailable(message),
        "XX001" | "XX002" => StoreError::Unusable(format!("{message}; restore it from a backup")),
        _ => match code.get(..2) {
            Some("28") => StoreError::Unusable(
                "PostgreSQL does not let our user in; check the user and password of its URL, and its pg_hba.conf; in \
                 a password %23 stands for #, %25 for %, %2F for /, %3A for :, %3F for ?, %40 for @"
                    .to_owned(),
            ),
            // Connection lost; serialization and deadlock; out of connections or memory; shutting down.
            Some("08" | "40" | "53" | "57") => StoreError::Unavailable(message),
            _ => StoreError::Refused(message),
        },
    }
}

/// Database messages may quote a value after a colon or in brackets; only the words before are kept.
fn without_values(message: &str) -> String {
    message.split([':', '(', '"']).next().unwrap_or_default().trim().chars().take(LONGEST_MESSAGE).collect()
}

/// An instant as the store writes it.
fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// An instant as the store reads it.
fn instant(place: &str, millis: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or_else(|| StoreError::Decode(place.to_owned()))
}
