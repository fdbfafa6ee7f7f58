//! A store that is not whole, and a key file that does not fit: what stops a start, and what does not.

use handoffd::store::{Place, Store, StoreError};
use sqlx::PgPool;

use super::keeping::two_keys;
use super::{Home, Raw, keys};
use crate::rig::postgres::Postgres;

on_both! {
    a_store_that_lacks_a_part_is_refused
    an_index_that_is_gone_stops_nothing
    a_damaged_data_key_stops_no_start_and_no_rotation
    many_rows_under_a_key_that_nobody_noted_stop_the_start
    what_no_key_opens_holds_up_no_other_row_of_a_rotation
    many_rows_that_nothing_opens_hide_none_behind_them
}

async fn a_store_that_lacks_a_part_is_refused(home: Home) {
    home.opened(&[1]).await;
    let trigger = match &home.raw {
        Raw::Sqlite(_) => "DROP TRIGGER disclosure_is_never_changed",
        Raw::Postgres(_) => "ALTER TABLE disclosure DISABLE TRIGGER disclosure_is_never_changed",
    };
    for (sql, part) in [
        ("ALTER TABLE absence DROP COLUMN said_by", "absence.said_by"),
        (trigger, "disclosure_is_never_changed"),
        ("DROP TABLE hold", "hold"),
        ("DROP TABLE beat", "beat"),
    ] {
        home.raw.run(sql).await.unwrap();
        let error = match Store::open(&home.place, keys(7)).await {
            Err(error) => error,
            Ok(store) => store.assert_whole().await.unwrap_err(),
        };
        assert!(matches!(error, StoreError::NotWhole(_)), "{error:?}");
        assert!(error.to_string().contains(part), "no {part:?} in: {error}");
    }
}

async fn an_index_that_is_gone_stops_nothing(home: Home) {
    home.raw.run("DROP INDEX mail_spooled").await.unwrap();
    home.again().await.assert_whole().await.unwrap();
}

/// Sets the wrapped keys of some records.
async fn damage(home: &Home, bytes: &[u8], ids: &str) {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap();
    let hex: String = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    let value = match &home.raw {
        Raw::Sqlite(_) => format!("x'{hex}'"),
        Raw::Postgres(_) => format!("decode('{hex}', 'hex')"),
    };
    let sql = format!("UPDATE referral SET data_key = {value} WHERE id IN ({ids})");
    assert!(home.raw.run(&sql).await.unwrap() > 0);
}

/// A wrapped key under this one, as far as its form says.
fn wrapped(id: u8) -> Vec<u8> {
    [&[1, id][..], &[0; 72]].concat()
}

async fn noted(home: &Home) -> Vec<String> {
    home.raw.texts("SELECT name FROM beat WHERE name LIKE 'wraps:%' ORDER BY name").await
}

const COUNTED: [&str; 4] =
    ["wraps:1", "wraps:counted mail", "wraps:counted outbox", "wraps:counted referral"];

async fn a_damaged_data_key_stops_no_start_and_no_rotation(home: Home) {
    home.opened(&[1, 2, 3, 4, 5, 6]).await;
    damage(&home, &wrapped(9), "1").await;
    home.again().await.assert_keys().await.unwrap();
    assert_eq!(noted(&home).await, COUNTED);
    home.raw.run("DELETE FROM beat WHERE name LIKE 'wraps:counted%'").await.unwrap();
    damage(&home, &wrapped(1), "1").await;
    // No key at all, a whole key under none, one of another version, and one that was cut off, more than a few of it.
    let other = [&[2, 8][..], &[0; 72]].concat();
    for (bytes, ids) in [(&[][..], "1"), (&wrapped(0), "2"), (&other, "3"), (&wrapped(7)[..73], "4, 5, 6")] {
        damage(&home, bytes, ids).await;
    }
    let store = home.again().await;
    store.assert_keys().await.unwrap();
    assert_eq!(noted(&home).await, COUNTED);
    assert!(!store.keys_in_use().await.unwrap().keys().any(|id| *id != 1));
    assert_eq!(store.rewrap_some().await.unwrap(), 0);
}

async fn many_rows_under_a_key_that_nobody_noted_stop_the_start(home: Home) {
    home.opened(&[1, 2, 3, 4]).await;
    damage(&home, &wrapped(9), "1, 2, 3").await;
    for _ in 0..2 {
        let error = home.again().await.assert_keys().await.unwrap_err();
        assert!(matches!(error, StoreError::WrongKeys(_)), "{error:?}");
        for words in ["key 9 (3) is not", "put its line back", "from before that key, or with a fresh store"]
        {
            assert!(error.to_string().contains(words), "no {words:?} in: {error}");
        }
        // What was counted without a doubt is not counted again, and no key is noted that we did not write with.
        assert_eq!(noted(&home).await, &COUNTED[..3]);
    }
    damage(&home, &wrapped(1), "1, 2, 3").await;
    home.again().await.assert_keys().await.unwrap();
    assert_eq!(noted(&home).await, COUNTED);
}

#[tokio::test]
async fn a_schema_whose_name_has_capitals_is_whole() {
    const SCHEMA: &str = "CREATE SCHEMA \"Desk\"; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO \
         \"Desk\"', current_database()); END $$";
    let url = Postgres::start().url;
    let raw = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql(SCHEMA).execute(&raw).await.unwrap();
    raw.close().await;
    let store = Store::open(&Place::Postgres(url), keys(7)).await.unwrap();
    store.assert_whole().await.unwrap();
    store.assert_keys().await.unwrap();
}

async fn what_no_key_opens_holds_up_no_other_row_of_a_rotation(home: Home) {
    home.opened(&[1, 2, 3, 4, 5, 6]).await;
    damage(&home, &wrapped(9), "1").await;
    damage(&home, &wrapped(1), "2").await;
    let store = Store::open(&home.place, two_keys()).await.unwrap();
    store.assert_keys().await.unwrap();
    let mut done = 0;
    loop {
        match store.rewrap_some().await.unwrap() {
            0 => break,
            some => done += some,
        }
    }
    assert_eq!(done, 4);
    let used: Vec<(u8, u64)> = store.keys_in_use().await.unwrap().into_iter().collect();
    assert_eq!(used, [(1, 1), (2, 4), (9, 1)]);
    assert!(noted(&home).await.contains(&"wraps:1".to_owned()), "something may lie under it");
    store.assert_keys().await.unwrap();
    // Without them, nothing is left to do.
    home.raw.run("UPDATE referral SET data_key = NULL WHERE id IN (1, 2)").await.unwrap();
    assert_eq!(store.rewrap_some().await.unwrap(), 0);
    assert!(!noted(&home).await.contains(&"wraps:1".to_owned()));
}

async fn many_rows_that_nothing_opens_hide_none_behind_them(home: Home) {
    let numbers: Vec<u64> = (1..=520).collect();
    home.opened(&numbers).await;
    let ids: Vec<String> = (1..=510).map(|id: u32| id.to_string()).collect();
    damage(&home, &wrapped(1), &ids.join(", ")).await;
    let store = Store::open(&home.place, two_keys()).await.unwrap();
    assert_eq!(store.rewrap_some().await.unwrap(), 10);
    assert_eq!(store.rewrap_some().await.unwrap(), 0);
}
