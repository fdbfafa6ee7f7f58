//! PostgreSQL 15 or newer, for those who outgrow one machine.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};

use super::{Pool, Store, StoreError};

const SETTINGS: &str =
    "SET lock_timeout = '10s'; SET client_min_messages = error; SET random_page_cost = 1.1";

pub(super) static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

/// What begins the name of a daemon among the connections.
const DAEMON: &str = "handoffd run ";

/// So long a server may take to let us in.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects under a name, migrates and asserts the guarantees.
pub(super) async fn open(url: &str, name: &str) -> Result<PgPool, StoreError> {
    let options = parsed(url)?.application_name(name);
    reach(&options).await?;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        // A foreign lock makes a statement fail after a while, as SQLite's does; we would wait for ever otherwise. The
        // notice that the `ROLLBACK` below had nothing to do is no news. What we ask for by its index is in memory: at
        // the default of 4 a page of an index counts as four of a scan, and a note about a dozen letters read the whole
        // outbox while that was small.
        .after_connect(|connection, _| {
            Box::pin(async move {
                let settings = sqlx::raw_sql(SETTINGS);
                settings.execute(&mut *connection).await?;
                Ok(())
            })
        })
        // A `BEGIN` that was cancelled leaves its transaction open on the connection, and whatever is written next is
        // lost; rolling back on release ends it.
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::query("ROLLBACK").execute(&mut *connection).await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    assert_guarantees(&pool).await?;
    MIGRATOR.run(&pool).await.map_err(of_migration)?;
    Ok(pool)
}

fn parsed(url: &str) -> Result<PgConnectOptions, StoreError> {
    let malformed = || {
        StoreError::Unusable(
            "the PostgreSQL URL is malformed; write postgres://user@host/database, with :password behind the user, in \
             which %23 stands for #, %25 for %, %2F for /, %3A for :, %3F for ?, %40 for @"
                .to_owned(),
        )
    };
    // What follows this sign is no part of a URL: the rest of a password would be lost without a word.
    if url.contains('#') {
        return Err(malformed());
    }
    PgConnectOptions::from_str(url).map_err(|_| malformed())
}

/// Connects once by itself: the pool tries again until its time is over, and then says of no failure what it was.
async fn reach(options: &PgConnectOptions) -> Result<(), StoreError> {
    let unreachable = |why: &str| {
        StoreError::Unavailable(format!(
            "PostgreSQL at {}: {why}; check the host and port in its URL, and whether it runs",
            place(options)
        ))
    };
    match tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await {
        Err(_) => Err(unreachable("no answer in time")),
        Ok(Ok(connection)) => Ok(connection.close().await?),
        Ok(Err(sqlx::Error::Io(error))) => Err(unreachable(&said(&error))),
        Ok(Err(other)) => Err(match StoreError::from(other) {
            StoreError::Unusable(why) => StoreError::Unusable(format!("{why} (at {})", place(options))),
            StoreError::Unavailable(why) => unreachable(&why),
            other => other,
        }),
    }
}

/// Where the server is, without a word of who we are.
fn place(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => format!("the socket {} port {}", socket.display(), options.get_port()),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// The system's own words, without its numbers.
fn said(error: &std::io::Error) -> String {
    error.to_string().split('(').next().unwrap_or_default().trim().to_lowercase()
}

impl Store {
    /// A name for a daemon, which no other one has.
    ///
    /// # Errors
    /// [`StoreError::Seal`] where the system gives no randomness.
    pub fn daemon_name() -> Result<String, StoreError> {
        Ok(format!("{DAEMON}{}", hex::encode(super::seal::random::<6>()?.as_slice())))
    }

    /// The other daemons that work on the same PostgreSQL database, each by where it connects from; none for SQLite, which
    /// one daemon locks. `own` is our own [name](Store::daemon_name).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn others_at_work(&self, own: &str) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT DISTINCT application_name::text, COALESCE(host(client_addr), 'a socket of the server') \
             FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'handoffd run %' \
             AND application_name <> $1 ORDER BY 1";
        let Pool::Postgres(pool) = &self.pool else { return Ok(Vec::new()) };
        let rows: Vec<(String, String)> = sqlx::query_as(SQL).bind(own).fetch_all(pool).await?;
        Ok(rows.into_iter().map(|(_, from)| from).collect())
    }
}

async fn assert_guarantees(pool: &PgPool) -> Result<(), StoreError> {
    let setting = async |name: &str| -> Result<String, StoreError> {
        let (value,): (String,) =
            sqlx::query_as("SELECT current_setting($1)").bind(name).fetch_one(pool).await?;
        Ok(value)
    };
    let version: u32 = setting("server_version_num").await?.parse().unwrap_or(0);
    let (fsync, synchronous) = (setting("fsync").await?, setting("synchronous_commit").await?);
    let holds = [
        (version >= 150_000, "PostgreSQL is older than 15; upgrade it"),
        (fsync == "on", "PostgreSQL runs with fsync = off and can lose mail; set it to on"),
        (
            synchronous != "off" && synchronous != "local",
            "PostgreSQL runs with synchronous_commit off or local; set it to on",
        ),
    ];
    match holds.into_iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err(StoreError::Unusable(why.to_owned())),
        None => Ok(()),
    }
}

/// A migration that cannot run is for an operator: the store is of another version, or out of reach.
pub(super) fn of_migration(error: MigrateError) -> StoreError {
    let error = match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => return error.into(),
        other => other,
    };
    let why = if let MigrateError::VersionMissing(_) = error {
        "it was written by a newer handoffd; install that one".to_owned()
    } else if let MigrateError::VersionMismatch(version) = error {
        format!("its migration {version} differs from ours; it is not our store")
    } else if let MigrateError::Dirty(version) = error {
        format!("its migration {version} stopped half-way; restore it from a backup")
    } else {
        super::without_values(&error.to_string())
    };
    StoreError::Unusable(why)
}
