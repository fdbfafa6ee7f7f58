//! What the store says when its ground gives way: what happened, what to do, and nobody's data.

use handoffd::store::spool::Position;
use handoffd::store::{Place, Store, StoreError};
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::{Home, Raw, incoming, keys, minute, opening};
use crate::rig::disk::Disk;
use crate::rig::postgres::Postgres;

on_both! {
    a_foreign_writer_makes_the_store_unavailable_for_a_while
    a_store_of_a_newer_handoffd_is_refused
    a_table_that_is_gone_is_an_error_without_values
}

async fn refused(place: &Place) -> StoreError {
    Store::open(place, keys(7)).await.err().expect("it must not open")
}

fn unusable(error: &StoreError, remedy: &str) {
    assert!(matches!(error, StoreError::Unusable(_)), "{error:?}");
    assert!(error.to_string().contains(remedy), "no {remedy:?} in: {error}");
}

async fn a_foreign_writer_makes_the_store_unavailable_for_a_while(home: Home) {
    let before = home.rows().await;
    match &home.place {
        Place::Sqlite(path) => {
            let url = format!("sqlite://{}", path.display());
            let mut foreign = SqliteConnection::connect(&url).await.unwrap();
            foreign.execute("BEGIN IMMEDIATE").await.unwrap();
            let error = home.store.commit(&[opening(1)], minute(0)).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            foreign.execute("ROLLBACK").await.unwrap();
        }
        Place::Postgres(url) => {
            let mut foreign = PgConnection::connect(url).await.unwrap();
            foreign.execute("BEGIN").await.unwrap();
            foreign.execute("LOCK TABLE referral IN EXCLUSIVE MODE").await.unwrap();
            let error = home.store.commit(&[opening(1)], minute(0)).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            foreign.execute("ROLLBACK").await.unwrap();
        }
    }
    assert_eq!(home.rows().await, before);
    home.store.commit(&[opening(1)], minute(0)).await.unwrap();
}

async fn a_store_of_a_newer_handoffd_is_refused(home: Home) {
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations LIMIT 1";
    home.raw.run(later).await.unwrap();
    unusable(&refused(&home.place).await, "install that one");
}

async fn a_table_that_is_gone_is_an_error_without_values(home: Home) {
    home.raw.run("ALTER TABLE mail RENAME TO elsewhere").await.unwrap();
    let error =
        home.store.spool("inbox", Position::default(), &[incoming("Qanary")], minute(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("Qanary"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(&path, "Qanary: not a database at all, but longer than its header would be.\n".repeat(99))
        .unwrap();
    let error = refused(&Place::Sqlite(path.clone())).await;
    unusable(&error, "restore it from a backup");
    assert!(!error.to_string().contains("Qanary"));
    assert!(std::fs::read_to_string(path).unwrap().starts_with("Qanary"), "it is left as it was");
}

#[tokio::test]
async fn a_damaged_file_is_refused_or_says_so() {
    let home = Home::sqlite().await;
    home.opened(&(0..50).collect::<Vec<_>>()).await;
    let (Place::Sqlite(path), Raw::Sqlite(raw)) = (&home.place, &home.raw) else { unreachable!() };
    raw.close().await;
    home.store.close().await;
    let mut bytes = std::fs::read(path).unwrap();
    for byte in bytes.iter_mut().skip(4_096) {
        *byte = 0x55;
    }
    std::fs::write(path, bytes).unwrap();
    unusable(&refused(&home.place).await, "restore it from a backup");
}

#[tokio::test]
async fn a_place_where_no_file_can_be_made_is_refused_with_the_remedy() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for place in ["missing/store.db", "file/store.db", "."] {
        let path = folder.path().join(place);
        let error = refused(&Place::Sqlite(path.clone())).await;
        unusable(&error, "check the folder and its owner");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}

#[tokio::test]
async fn a_read_only_disk_is_refused_with_the_remedy() {
    let Some(disk) = Disk::mount("64m") else { return };
    let place = Place::Sqlite(disk.path.join("store.db"));
    Store::open(&place, keys(7)).await.unwrap().close().await;
    disk.remount("ro");
    unusable(&refused(&place).await, "check the folder and its owner");
}

#[tokio::test]
async fn a_full_disk_takes_nothing_and_loses_nothing() {
    let Some(disk) = Disk::mount("2m") else { return };
    let place = Place::Sqlite(disk.path.join("store.db"));
    let store = Store::open(&place, keys(7)).await.unwrap();
    let mut kept = 0;
    let error = loop {
        let mut mail = incoming(&format!("inbox/{kept}"));
        mail.raw = vec![b'.'; 100_000];
        let position = Position { next_uid: kept + 1, ..Default::default() };
        match store.spool("inbox", position, &[mail], minute(0)).await {
            Ok(one) => kept += u32::try_from(one).unwrap(),
            Err(error) => break error,
        }
        assert!(kept < 100, "the disk is never full");
    };
    assert!(matches!(error, StoreError::CannotWrite(_)), "{error:?}");
    assert!(error.to_string().contains("make room"), "{error}");
    assert!(kept > 0);
    let whole = async |store: &Store| {
        assert_eq!(store.position("inbox").await.unwrap().next_uid, kept);
        assert_eq!(store.waiting().await.unwrap(), u64::from(kept));
        assert_eq!(store.raw(i64::from(kept)).await.unwrap().unwrap().len(), 100_000);
    };
    whole(&store).await;
    store.close().await;
    disk.remount("rw,size=64m");
    let store = Store::open(&place, keys(7)).await.unwrap();
    whole(&store).await;
    store.spool("inbox", Position::default(), &[incoming("there is room again")], minute(0)).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_store_on_a_disk_that_was_full_works_again_without_a_restart() {
    let Some(disk) = Disk::mount("2m") else { return };
    let place = Place::Sqlite(disk.path.join("store.db"));
    let store = Store::open(&place, keys(7)).await.unwrap();
    let mut kept = 0;
    let spool = async |name: u32, bytes: usize| {
        let mut mail = incoming(&format!("inbox/{name}"));
        mail.raw = vec![b'.'; bytes];
        store.spool("inbox", Position { next_uid: name + 1, ..Default::default() }, &[mail], minute(0)).await
    };
    for bytes in [100_000, 10_000, 1_000, 1_000, 1_000, 400_000, 1_000] {
        while kept < 500 && spool(kept, bytes).await.is_ok() {
            kept += 1;
        }
        let error = spool(kept, bytes).await.unwrap_err();
        assert!(matches!(error, StoreError::CannotWrite(_)), "{error:?}");
    }
    disk.remount("rw,size=64m");
    spool(kept, 1_000).await.unwrap();
    store.commit(&[opening(9_999)], minute(0)).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), u64::from(kept) + 1);
    store.close().await;
}

#[tokio::test]
async fn a_postgresql_that_may_lose_data_is_refused() {
    for setting in ["off", "local"] {
        let url = Postgres::start().url;
        let name = url.strip_prefix("postgres:///").unwrap().split('?').next().unwrap();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let alter = format!("ALTER DATABASE {name} SET synchronous_commit = {setting}");
        connection.execute(sqlx::AssertSqlSafe(alter)).await.unwrap();
        unusable(&refused(&Place::Postgres(url)).await, "set it to on");
    }
    let careless = Postgres::without_fsync();
    unusable(&refused(&Place::Postgres(careless.url)).await, "fsync = off");
}

#[tokio::test]
async fn a_postgresql_out_of_reach_is_unavailable() {
    let port = crate::rig::free_port();
    for (place, said) in [
        (
            format!("127.0.0.1:{port}"),
            format!("127.0.0.1:{port}: connection refused; check the host and port"),
        ),
        ("nowhere.invalid:5432".to_owned(), "nowhere.invalid:5432: failed to lookup address".to_owned()),
    ] {
        let error = refused(&Place::Postgres(format!("postgres://rig:Qanary@{place}/none"))).await;
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(error.to_string().contains(&said) && !error.to_string().contains("Qanary"), "{error}");
    }
    let cut = refused(&Place::Postgres("postgres://rig:Qan#ary@127.0.0.1/none".to_owned())).await;
    unusable(&cut, "%23 stands for #");
    assert!(!cut.to_string().contains("Qan"), "{cut}");
    unusable(&refused(&Place::Postgres("not a url".to_owned())).await, "postgres://user@host/database");
    let known = Postgres::start().url;
    let unknown = known.replace("postgres:///", "postgres:///no_such_");
    unusable(&refused(&Place::Postgres(unknown)).await, "createdb");
    // A server that lets nobody in.
    let stranger = known.replace("user=rig", "user=nobody-here&password=Qanary");
    let refused = refused(&Place::Postgres(stranger)).await;
    unusable(&refused, "check the user and password");
    assert!(
        refused.to_string().contains("(at the socket ") && !refused.to_string().contains("Qanary"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_lost_connection_is_made_again() {
    let home = Home::postgres().await;
    home.opened(&[1]).await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    home.raw.run(kill).await.unwrap();
    home.store.commit(&[opening(2)], minute(0)).await.unwrap();
    assert_eq!(home.store.list(true, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_read_only_postgresql_cannot_write() {
    let home = Home::postgres().await;
    let name = home.raw.texts("SELECT current_database()::text").await.remove(0);
    home.raw.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await.unwrap();
    let error = match Store::open(&home.place, keys(7)).await {
        Err(error) => error,
        Ok(store) => store.commit(&[opening(1)], minute(0)).await.unwrap_err(),
    };
    assert!(matches!(error, StoreError::CannotWrite(_)), "{error:?}");
    assert!(error.to_string().contains("read-only"), "{error}");
}
