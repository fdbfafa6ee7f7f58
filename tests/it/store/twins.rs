//! Two databases, one store: the same tables, the same columns, the same indexes.

use handoffd::store::{Place, Store};

use super::{Home, keys};
use crate::rig::postgres::Postgres;

on_both! {
    migrations_run_once
    two_processes_may_open_a_fresh_store_at_once
}

async fn migrations_run_once(home: Home) {
    home.opened(&[1]).await;
    let before = (home.rows().await, home.raw.number("SELECT COUNT(*) FROM _sqlx_migrations").await);
    for _ in 0..2 {
        home.again().await.close().await;
    }
    let after = (home.rows().await, home.raw.number("SELECT COUNT(*) FROM _sqlx_migrations").await);
    assert_eq!(before, after);
}

async fn two_processes_may_open_a_fresh_store_at_once(home: Home) {
    for round in 0..3 {
        let place = match &home.place {
            Place::Sqlite(_) => Place::Sqlite(home.folder.path().join(format!("fresh{round}.db"))),
            Place::Postgres(_) => Place::Postgres(Postgres::start().url),
        };
        let (one, two) = tokio::join!(Store::open(&place, keys(7)), Store::open(&place, keys(7)));
        for opened in [one, two] {
            opened.unwrap_or_else(|error| panic!("round {round}: {error}")).close().await;
        }
    }
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (Home::sqlite().await, Home::postgres().await);
    let columns_of_sqlite = sqlite
        .raw
        .texts(
            "SELECT m.name || '.' || c.name || ' ' || \
                 CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE lower(c.type) END || \
                 CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END || \
                 COALESCE(' ' || c.dflt_value, '') \
             FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE '%sqli%' AND m.name <> '_sqlx_migrations' \
             ORDER BY m.name, c.cid",
        )
        .await;
    let columns_of_postgres = postgres
        .raw
        .texts(
            "SELECT table_name || '.' || column_name || ' ' || data_type || \
                 CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || \
                 COALESCE(' ' || column_default, '') \
             FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' \
             ORDER BY table_name COLLATE \"C\", ordinal_position",
        )
        .await;
    assert!(columns_of_sqlite.len() > 50);
    assert_eq!(columns_of_sqlite, columns_of_postgres);
}

#[tokio::test]
async fn both_databases_have_the_same_keys_references_and_indexes() {
    let (sqlite, postgres) = (Home::sqlite().await, Home::postgres().await);
    let keys_of_sqlite = sqlite.raw.texts(&keys_of_sqlite()).await;
    let keys_of_postgres = postgres.raw.texts(&keys_of_postgres()).await;
    for kind in ["primary", "unique", "foreign", "index"] {
        assert!(keys_of_sqlite.iter().any(|key| key.starts_with(kind)), "no {kind} in {keys_of_sqlite:?}");
    }
    assert_eq!(keys_of_sqlite, keys_of_postgres);
}

/// A line each: `primary told referral_id,natural_key`, `foreign told referral_id referral`, `index outbox_due outbox
/// next_at,id partial`.
fn keys_of_sqlite() -> String {
    const TABLES: &str = "sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE '%sqli%' \
         AND m.name <> '_sqlx_migrations'";
    let columns = "(SELECT group_concat(x.name, ',' ORDER BY x.seqno) FROM pragma_index_info(i.name) x)";
    format!(
        "SELECT line FROM (\
         SELECT 'primary ' || m.name || ' ' || (SELECT group_concat(c.name, ',' ORDER BY c.pk) \
             FROM pragma_table_info(m.name) c WHERE c.pk > 0) AS line FROM {TABLES} \
         UNION ALL SELECT 'foreign ' || t.name || ' ' || f.\"from\" || ' ' || f.\"table\" \
             FROM (SELECT m.name FROM {TABLES}) t JOIN pragma_foreign_key_list(t.name) f \
         UNION ALL SELECT 'unique ' || t.name || ' ' || {columns} \
             FROM (SELECT m.name FROM {TABLES}) t JOIN pragma_index_list(t.name) i WHERE i.origin = 'u' \
         UNION ALL SELECT 'index ' || i.name || ' ' || t.name || ' ' || {columns} || \
             CASE WHEN i.\"unique\" = 1 THEN ' unique' ELSE '' END || \
             CASE WHEN i.partial = 1 THEN ' partial' ELSE '' END \
             FROM (SELECT m.name FROM {TABLES}) t JOIN pragma_index_list(t.name) i WHERE i.origin = 'c'\
         ) WHERE line IS NOT NULL ORDER BY line"
    )
}

/// The same. The lines and the people of a referral are proven to be of one by a trigger, once a statement.
fn keys_of_postgres() -> String {
    let columns = |keys: &str, table: &str| {
        format!(
            "(SELECT string_agg(a.attname::text, ',' ORDER BY k.place) FROM unnest({keys}) WITH ORDINALITY \
             AS k(number, place) JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"
        )
    };
    let (of_constraint, of_index) = (columns("c.conkey", "c.conrelid"), columns("i.indkey", "i.indrelid"));
    format!(
        "SELECT line FROM (\
         SELECT CASE c.contype WHEN 'p' THEN 'primary ' WHEN 'u' THEN 'unique ' ELSE 'foreign ' END || \
             c.conrelid::regclass::text || ' ' || {of_constraint} || COALESCE(' ' || o.relname::text, '') AS line \
             FROM pg_constraint c LEFT JOIN pg_class o ON o.oid = c.confrelid \
             WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f') \
         UNION ALL SELECT 'foreign ' || tgrelid::regclass::text || ' referral_id referral' FROM pg_trigger \
             WHERE tgname = tgrelid::regclass::text || '_is_of_a_referral' \
         UNION ALL SELECT 'index ' || n.relname::text || ' ' || i.indrelid::regclass::text || ' ' || {of_index} || \
             CASE WHEN i.indisunique THEN ' unique' ELSE '' END || \
             CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END \
             FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid \
             WHERE n.relnamespace = 'public'::regnamespace \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))\
         ) AS lines WHERE line NOT LIKE '%\\_sqlx\\_migrations%' ORDER BY line COLLATE \"C\""
    )
}

/// PostgreSQL writes every index of a row again as soon as one column changes that any of them holds or asks for.
#[tokio::test]
async fn a_letter_on_its_way_and_a_mail_that_is_taken_write_no_index_of_postgresql() {
    let home = Home::postgres().await;
    let indexed = home
        .raw
        .texts(
            "SELECT DISTINCT c.relname || '.' || a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0 \
             WHERE c.relname IN ('outbox', 'mail') AND (a.attnum = ANY (i.indkey) OR EXISTS \
             (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid \
             AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum)) ORDER BY 1",
        )
        .await;
    for known in ["outbox.natural_key", "outbox.settled_at", "outbox.troubled", "mail.disposition"] {
        assert!(indexed.iter().any(|column| column == known), "{known} is among {indexed:?}");
    }
    let on_its_way =
        ["outbox.state", "outbox.attempts", "outbox.claims", "outbox.doubts", "outbox.leased_until"];
    for column in on_its_way.into_iter().chain(["mail.attempts"]) {
        assert!(indexed.iter().all(|indexed| indexed != column), "{column} is in an index");
    }
}
