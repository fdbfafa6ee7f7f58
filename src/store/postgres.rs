//! PostgreSQL 15 or newer, for those who outgrow one machine.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::StoreError;

const SETTINGS: &str =
    "SET lock_timeout = '10s'; SET client_min_messages = error; SET random_page_cost = 1.1";

static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

/// Connects, migrates and asserts the guarantees.
pub(super) async fn open(url: &str) -> Result<PgPool, StoreError> {
    let malformed = |_| {
        StoreError::Unusable(
            "the PostgreSQL URL is malformed; write postgres://user@host/database".to_owned(),
        )
    };
    let options = PgConnectOptions::from_str(url).map_err(malformed)?.application_name("handoffd");
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(10))
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
