//! Everything that is sealed, column by column (RELIABILITY P24): with a byte changed, in another column, in another row
//! or without its key it is a loud refusal to whoever reads it, and never an empty text.

use std::collections::BTreeMap;

use handoffd::store::seal::SealError;
use handoffd::store::{Store, StoreError};

use super::keeping::{filled, newest_key};
use super::{Home, Raw, reference};

on_both! {
    p24_no_sealed_value_of_any_column_opens_with_a_byte_changed_or_cut
    p24_no_sealed_value_opens_in_another_column_or_another_row
    p24_without_the_key_it_was_sealed_with_everything_is_refused_by_the_name_of_that_key
}

/// Table, what names its rows, column; in the order in which a value of each is looked for.
const SEALED: [(&str, &str, &str); 7] = [
    ("referral", "id", "data_key"),
    ("referral", "id", "record"),
    ("history", "referral_id * 100 + seq", "words"),
    ("mail", "id", "data_key"),
    ("mail_raw", "mail_id", "raw"),
    ("outbox", "id", "data_key"),
    ("outbox_parcel", "outbox_id", "parcel"),
];

/// The rows of a column that hold a value, and the values, in hex.
async fn values(home: &Home, (table, row, column): (&str, &str, &str)) -> BTreeMap<i64, String> {
    let hex = match home.raw {
        Raw::Sqlite(_) => format!("lower(hex({column}))"),
        Raw::Postgres(_) => format!("encode({column}, 'hex')"),
    };
    let of = format!("FROM {table} WHERE {column} IS NOT NULL ORDER BY {row}");
    let rows = home.raw.numbers(&format!("SELECT CAST({row} AS BIGINT) {of}")).await;
    rows.into_iter().zip(home.raw.texts(&format!("SELECT {hex} {of}")).await).collect()
}

async fn put(home: &Home, (table, row, column): (&str, &str, &str), number: i64, hex: &str) {
    let value = match home.raw {
        Raw::Sqlite(_) => format!("x'{hex}'"),
        Raw::Postgres(_) => format!("'\\x{hex}'::bytea"),
    };
    let changed =
        home.raw.run(&format!("UPDATE {table} SET {column} = {value} WHERE {row} = {number}")).await;
    assert_eq!(changed.unwrap(), 1);
}

/// Two of everything, and a history that can be changed past the store.
async fn two_of_all(home: &Home) {
    filled(home, 2).await;
    let lift = match home.raw {
        Raw::Sqlite(_) => "DROP TRIGGER history_is_never_changed",
        Raw::Postgres(_) => "DROP TRIGGER history_is_never_changed ON history",
    };
    home.raw.run(lift).await.unwrap();
}

/// Reads what lies in this table of the first referral, the first mail or any letter, as the daemon does.
async fn read(store: &Store, table: &str) -> Result<(), StoreError> {
    match table {
        "referral" => {
            let read = store.load(&[reference(1)]).await?;
            assert!(!read.is_empty(), "it is there, and nothing was read");
        }
        "history" => {
            let stored = store.load(&[reference(1)]).await?;
            let facts = store.history(&stored[0]).await?;
            assert!(facts.iter().all(|fact| !fact.words.is_empty()), "an empty text");
        }
        "mail" | "mail_raw" => {
            let raw = store.raw(1).await?.unwrap_or_default();
            assert!(!raw.is_empty(), "an empty mail");
        }
        // A letter that does not open is left out of what is claimed, so that it holds up no other: `verify` says so.
        _ => {
            if let Some(wrong) = store.verify().await?.wrong.first() {
                return Err(StoreError::Seal(SealError::DoesNotOpen(wrong.clone())));
            }
        }
    }
    Ok(())
}

fn is_refused(read: &Result<(), StoreError>) -> bool {
    matches!(read, Err(StoreError::Seal(SealError::DoesNotOpen(_) | SealError::UnknownKey(_))))
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}

/// Each way to change one bit of a byte of it, one for each byte; and without its last byte, and without any.
fn spoiled(hex: &str) -> Vec<String> {
    let whole = bytes_of(hex);
    let flipped = (0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    let cut = [Vec::new(), whole[..whole.len() - 1].to_vec()];
    flipped.chain(cut).map(|bytes| hex::encode(&bytes)).collect()
}

async fn p24_no_sealed_value_of_any_column_opens_with_a_byte_changed_or_cut(home: Home) {
    two_of_all(&home).await;
    for column in SEALED {
        let (number, value) = values(&home, column).await.pop_first().unwrap();
        for (at, spoiled) in spoiled(&value).into_iter().enumerate() {
            put(&home, column, number, &spoiled).await;
            let answer = read(&home.store, column.0).await;
            assert!(is_refused(&answer), "{column:?}, byte {at}: {answer:?}");
        }
        put(&home, column, number, &value).await;
        read(&home.store, column.0).await.unwrap();
    }
}

async fn p24_no_sealed_value_opens_in_another_column_or_another_row(home: Home) {
    two_of_all(&home).await;
    let mut tried = 0;
    for to in SEALED {
        let (number, own) = values(&home, to).await.pop_first().unwrap();
        for from in SEALED {
            for (place, value) in values(&home, from).await {
                if from == to && place == number {
                    continue;
                }
                put(&home, to, number, &value).await;
                let answer = read(&home.store, to.0).await;
                assert!(is_refused(&answer), "{from:?} {place} in {to:?}: {answer:?}");
                tried += 1;
            }
            put(&home, to, number, &own).await;
        }
        read(&home.store, to.0).await.unwrap();
    }
    assert!(tried > 80, "each column has more rows than one: {tried}");
}

async fn p24_without_the_key_it_was_sealed_with_everything_is_refused_by_the_name_of_that_key(home: Home) {
    two_of_all(&home).await;
    let without = Store::open(&home.place, newest_key()).await.unwrap();
    for (table, ..) in SEALED.into_iter().filter(|(table, ..)| !table.starts_with("outbox")) {
        let answer = read(&without, table).await;
        assert!(matches!(answer, Err(StoreError::Seal(SealError::UnknownKey(1)))), "{table}: {answer:?}");
    }
    assert!(read(&without, "outbox").await.is_err());
    assert!(without.verify().await.unwrap().wrong.len() >= 7, "each of the referrals, mails and letters");
}
