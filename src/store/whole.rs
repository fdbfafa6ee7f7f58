//! Whether the store is whole: every table, column and trigger that the migrations made is there, and every key that
//! something lies under is in the key file. What is missing was taken by hand, or left out when the store was put back,
//! or comes yet, as it is put back at this moment: better nothing is read or written with it than half of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use tracing::warn;

use super::migrated::{self, Kind};
use super::rotate::{TABLES, Wraps};
use super::seal::SealError;
use super::{Pool, Store, StoreError};

/// The note that a key wrapped something here, by its number, or that the keys of a table were counted.
const WRAPS: &str = "wraps:";
const COUNTED: &str = "counted ";

/// So many rows under a key that nobody noted are no damage any more, where they are more than one in a hundred.
const CLEAR_SHARE: u64 = 3;

/// What is there: a name and, for a table, each of its columns.
const IN_SQLITE: &str = "SELECT m.name, COALESCE(c.name, '') FROM sqlite_master m \
     LEFT JOIN pragma_table_xinfo(m.name) c ON m.type = 'table' WHERE m.type IN ('table', 'index', 'trigger')";
const IN_POSTGRES: &str = "WITH ours AS (SELECT c.oid, c.relname, c.relkind FROM pg_class c \
     WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = current_schema())) \
     SELECT c.relname::text, CASE WHEN c.relkind IN ('r', 'p') THEN a.attname::text ELSE '' END \
     FROM ours c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     UNION ALL SELECT t.tgname::text, '' FROM pg_trigger t JOIN ours c ON c.oid = t.tgrelid \
     WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'";

impl Store {
    /// Refuses a store that lacks something which the migrations made. A daemon asks before it begins; a command that looks
    /// at a damaged store, as `verify` does, does not. An index that only makes questions fast is told of in the log.
    ///
    /// # Errors
    /// [`StoreError::NotWhole`] with the names; any other when the store cannot be read.
    pub async fn assert_whole(&self) -> Result<(), StoreError> {
        let (scripts, sql) = match &self.pool {
            Pool::Sqlite(_) => (&super::sqlite::MIGRATOR, IN_SQLITE),
            Pool::Postgres(_) => (&super::postgres::MIGRATOR, IN_POSTGRES),
        };
        let there: Vec<(String, String)> = on_pool!(self, pool => sqlx::query_as(sql).fetch_all(pool).await?);
        let (parts, _) = migrated::parts(scripts.iter().map(|migration| migration.sql.as_str()));
        let (mut lacking, mut slow) = (BTreeSet::new(), BTreeSet::new());
        for part in parts {
            let has = |name: &str, column: &str| there.iter().any(|(n, c)| n == name && c == column);
            let has_table = there.iter().any(|(name, _)| *name == part.table);
            match part.kind {
                Kind::Column if !has_table => lacking.insert(part.table),
                Kind::Column if !has(&part.table, &part.name) => {
                    lacking.insert(format!("{}.{}", part.table, part.name))
                }
                Kind::Guard if !has(&part.name, "") => lacking.insert(part.name),
                Kind::Index if !has(&part.name, "") => slow.insert(part.name),
                Kind::Column | Kind::Guard | Kind::Index => false,
            };
        }
        if !lacking.is_empty() {
            return Err(StoreError::NotWhole(listed(lacking)));
        }
        if !slow.is_empty() {
            let slow = listed(slow);
            warn!(
                "The store lacks the index {slow}: nothing is wrong, but it is slow. Make it again as our migrations do."
            );
        }
        Ok(())
    }

    /// Notes that the newest key wraps what is written from now on.
    pub(super) async fn note_newest_key(&self, noted: &[(String,)]) -> Result<(), StoreError> {
        let ours = format!("{WRAPS}{}", self.keys.newest());
        if noted.iter().any(|(name,)| *name == ours) {
            return Ok(());
        }
        self.beat(&ours, DateTime::UNIX_EPOCH).await
    }

    /// Refuses a key file that lacks a key which records, mails or letters lie under. They are counted only where that was
    /// not done yet, or where one of the keys that were ever noted is not in the file, as counting reads all of them. A
    /// table that was counted is noted at once: a start that is ended meanwhile goes on with the next one.
    ///
    /// # Errors
    /// [`StoreError::WrongKeys`] with the keys and the remedy; any other when the store cannot be read.
    pub async fn assert_keys(&self) -> Result<(), StoreError> {
        let noted = self.noted().await?;
        let gone: BTreeSet<u8> = numbers(&noted).filter(|id| !self.keys.has(*id)).collect();
        let mut missing: BTreeMap<u8, u64> = BTreeMap::new();
        for (table, ..) in TABLES {
            if gone.is_empty() && noted.contains(&format!("{COUNTED}{table}")) {
                continue;
            }
            let wraps = self.wraps_of(table).await?;
            let lacking = self.lacking(table, &wraps, &gone);
            if lacking.is_empty() {
                self.note_counted(table, &wraps, &noted).await?;
            }
            for (id, rows) in lacking {
                *missing.entry(id).or_default() += rows;
            }
        }
        if missing.is_empty() {
            return self.forget_noted(gone.into_iter()).await;
        }
        let missing = missing.iter().map(|(id, rows)| format!("{id} ({rows})"));
        Err(StoreError::WrongKeys(format!(
            "key {} is not in the key file, and so many records, mails and letters lie under it; put its line back \
             from your backup of keys. Where no copy of it is left, nobody can read them any more: go on with a backup of \
             the store from before that key, or with a fresh store",
            listed(missing)
        )))
    }

    /// Refuses to take rows that no key opens for damaged ones where so many lie under a key that the file lacks.
    pub(super) async fn assert_no_key_is_gone(&self) -> Result<(), StoreError> {
        let noted = self.noted().await?;
        let gone: BTreeSet<u8> = numbers(&noted).filter(|id| !self.keys.has(*id)).collect();
        for (table, ..) in TABLES {
            let wraps = self.wraps_of(table).await?;
            if let Some((id, _)) = self.lacking(table, &wraps, &gone).pop_first() {
                return Err(SealError::UnknownKey(id).into());
            }
        }
        Ok(())
    }

    /// The keys that a table needs and the file lacks, each with its rows. A row whose key was never noted may just be
    /// damaged, and no single row stops the service: it is told of in the log.
    fn lacking(&self, table: &str, wraps: &Wraps, gone: &BTreeSet<u8>) -> BTreeMap<u8, u64> {
        let all = wraps.damaged + wraps.used.values().sum::<u64>();
        let unknown = wraps.used.iter().filter(|(id, _)| !self.keys.has(**id));
        let (lacking, stray): (BTreeMap<u8, u64>, BTreeMap<u8, u64>) = unknown
            .map(|(id, rows)| (*id, *rows))
            .partition(|(id, rows)| gone.contains(id) || (*rows >= CLEAR_SHARE && *rows > all / 100));
        let damaged = wraps.damaged + stray.values().sum::<u64>();
        if damaged > 0 {
            warn!(
                store.table = table,
                rows.count = damaged,
                "Data keys are damaged; handoffd verify names what lies under them."
            );
        }
        lacking
    }

    /// What was noted of keys, without the word that begins it.
    async fn noted(&self) -> Result<BTreeSet<String>, StoreError> {
        const READ: &str = "SELECT name FROM beat WHERE name LIKE 'wraps:%'";
        let noted: Vec<(String,)> = on_pool!(self, pool => sqlx::query_as(READ).fetch_all(pool).await?);
        Ok(noted.iter().filter_map(|(name,)| Some(name.strip_prefix(WRAPS)?.to_owned())).collect())
    }

    /// Notes the keys of the file that a table's rows lie under, and then that it was counted. What else a row says may be
    /// damage: it is never noted.
    async fn note_counted(
        &self,
        table: &str,
        wraps: &Wraps,
        noted: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let known = wraps.used.keys().filter(|id| self.keys.has(**id)).map(u8::to_string);
        for name in known.chain([format!("{COUNTED}{table}")]).filter(|name| !noted.contains(name)) {
            self.beat(&format!("{WRAPS}{name}"), DateTime::UNIX_EPOCH).await?;
        }
        Ok(())
    }

    /// Takes the notes of all keys but the newest away: nothing lies under them any more.
    pub(super) async fn forget_older_keys(&self) -> Result<(), StoreError> {
        let noted = self.noted().await?;
        self.forget_noted(numbers(&noted).filter(|id| *id != self.keys.newest())).await
    }

    async fn forget_noted(&self, ids: impl Iterator<Item = u8>) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM beat WHERE name = $1";
        for id in ids {
            let name = format!("{WRAPS}{id}");
            let _turn = self.turn().await;
            on_pool!(self, pool => { sqlx::query(FORGET).bind(name).execute(pool).await?; });
        }
        Ok(())
    }
}

fn numbers(noted: &BTreeSet<String>) -> impl Iterator<Item = u8> {
    noted.iter().filter_map(|name| name.parse().ok())
}

fn listed(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}
