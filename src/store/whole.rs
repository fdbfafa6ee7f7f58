//! Whether the store is whole: every table, column, index and trigger that the migrations made is there, and every key
//! that something lies under is in the key file. What is missing was taken by hand, or left out when the store was put
//! back: better nothing is read or written with it than half of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use super::{Pool, Store, StoreError};

/// The note that a key wrapped something here, and the one that all of them were noted.
const WRAPS: &str = "wraps:";
const ALL_NOTED: &str = "wraps:all noted";

/// What is there: a name and, for a table, each of its columns.
const IN_SQLITE: &str = "SELECT m.name, COALESCE(c.name, '') FROM sqlite_master m \
     LEFT JOIN pragma_table_xinfo(m.name) c ON m.type = 'table' WHERE m.type IN ('table', 'index', 'trigger')";
const IN_POSTGRES: &str = "SELECT c.relname::text, CASE WHEN c.relkind IN ('r', 'p') THEN a.attname::text ELSE '' END \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     WHERE c.relnamespace = current_schema()::regnamespace \
     UNION ALL SELECT t.tgname::text, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
     WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'D'";

/// A name and, for a column, the column.
type Part = (String, String);

/// What a migration makes, read from its own text: a statement that makes something begins a line, and so does each
/// column of a table.
fn made_by(script: &str) -> Vec<Part> {
    let (mut made, mut table) = (Vec::new(), None);
    for line in script.lines() {
        let mut words = line.split_whitespace();
        if line.starts_with("CREATE") {
            let kind = words.by_ref().find(|word| ["TABLE", "INDEX", "TRIGGER", "FUNCTION"].contains(word));
            let name = words.next().unwrap_or_default().to_owned();
            table = (kind == Some("TABLE")).then(|| name.clone());
            if matches!(kind, Some("INDEX" | "TRIGGER")) {
                made.push((name, String::new()));
            }
        } else if line.starts_with(')') {
            table = None;
        } else if let (Some(table), Some(column)) = (&table, words.next())
            && column.starts_with(|c: char| c.is_ascii_lowercase())
        {
            made.push((table.clone(), column.to_owned()));
        }
    }
    made
}

impl Store {
    /// Refuses a store that lacks something which the migrations made. A daemon asks before it begins; a command that looks
    /// at a damaged store, as `verify` does, does not.
    ///
    /// # Errors
    /// [`StoreError::NotWhole`] with the names; any other when the store cannot be read.
    pub async fn assert_whole(&self) -> Result<(), StoreError> {
        let (scripts, sql) = match &self.pool {
            Pool::Sqlite(_) => (&super::sqlite::MIGRATOR, IN_SQLITE),
            Pool::Postgres(_) => (&super::postgres::MIGRATOR, IN_POSTGRES),
        };
        let there: Vec<Part> = on_pool!(self, pool => sqlx::query_as(sql).fetch_all(pool).await?);
        let there: BTreeSet<Part> = there.into_iter().collect();
        let made = scripts.iter().flat_map(|migration| made_by(migration.sql.as_str()));
        let mut lacking: BTreeSet<String> = BTreeSet::new();
        for (name, column) in made.filter(|part| !there.contains(part)) {
            let is_gone = !there.iter().any(|(known, _)| *known == name);
            lacking.insert(if is_gone || column.is_empty() { name } else { format!("{name}.{column}") });
        }
        if lacking.is_empty() {
            return Ok(());
        }
        let lacking: Vec<String> = lacking.into_iter().collect();
        Err(StoreError::NotWhole(lacking.join(", ")))
    }

    /// Notes that the newest key wraps what is written from now on.
    pub(super) async fn note_newest_key(&self, noted: &[(String,)]) -> Result<(), StoreError> {
        let ours = format!("{WRAPS}{}", self.keys.newest());
        if noted.iter().any(|(name,)| *name == ours) {
            return Ok(());
        }
        self.beat(&ours, DateTime::UNIX_EPOCH).await
    }

    /// Refuses a key file that lacks a key which records, mails or letters lie under. They are counted only where one of
    /// the keys that were ever noted is not in the file, as counting reads all of them.
    ///
    /// # Errors
    /// [`StoreError::WrongKeys`] with the keys and the remedy; any other when the store cannot be read.
    pub async fn assert_keys(&self) -> Result<(), StoreError> {
        const READ: &str = "SELECT name FROM beat WHERE name LIKE 'wraps:%'";
        let noted: Vec<(String,)> = on_pool!(self, pool => sqlx::query_as(READ).fetch_all(pool).await?);
        let ids: BTreeSet<u8> =
            noted.iter().filter_map(|(name,)| name.strip_prefix(WRAPS)?.parse().ok()).collect();
        let all_noted = noted.iter().any(|(name,)| name == ALL_NOTED);
        if all_noted && ids.iter().all(|id| self.keys.has(*id)) {
            return Ok(());
        }
        let used = self.keys_in_use().await?;
        self.note_keys(&ids, &used).await?;
        let missing: Vec<String> = used
            .iter()
            .filter(|(id, _)| !self.keys.has(**id))
            .map(|(id, rows)| format!("{id} ({rows})"))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(StoreError::WrongKeys(format!(
            "key {} is not in the key file, and so many records, mails and letters lie under it; put its line back \
             from your backup of keys",
            missing.join(", ")
        )))
    }

    /// Notes the keys that are in use, and takes the note of every other one away.
    async fn note_keys(&self, noted: &BTreeSet<u8>, used: &BTreeMap<u8, u64>) -> Result<(), StoreError> {
        const FORGET: &str = "DELETE FROM beat WHERE name = $1";
        let newest = self.keys.newest();
        for id in noted.iter().filter(|id| **id != newest && !used.contains_key(id)) {
            let name = format!("{WRAPS}{id}");
            let _turn = self.turn().await;
            on_pool!(self, pool => { sqlx::query(FORGET).bind(name).execute(pool).await?; });
        }
        for id in used.keys().filter(|id| !noted.contains(id)) {
            self.beat(&format!("{WRAPS}{id}"), DateTime::UNIX_EPOCH).await?;
        }
        self.beat(ALL_NOTED, DateTime::UNIX_EPOCH).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_migration_makes_is_read_from_its_text() {
        let script = "-- people\nCREATE TABLE person (\n    name  TEXT,\n    -- why\n    CHECK (name <> '')\n) STRICT;\n\
             CREATE UNIQUE INDEX person_name ON person (name);\nCREATE TRIGGER kept BEFORE DELETE ON person BEGIN\n    \
             select 1;\nEND;\n";
        let made = made_by(script);
        let made: Vec<(&str, &str)> =
            made.iter().map(|(name, column)| (name.as_str(), column.as_str())).collect();
        assert_eq!(made, [("person", "name"), ("person_name", ""), ("kept", "")]);
    }
}
