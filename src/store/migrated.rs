//! What the migrations made, read from their own text: a statement begins a line, and so does each column of a table.

/// A part of the store.
pub(super) struct Part {
    /// The table that it is of.
    pub(super) table: String,
    /// Its own name.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holds values.
    Column,
    /// Makes questions fast, and keeps nothing right.
    Index,
    /// Keeps a promise: a trigger, or an index of what is there once.
    Guard,
}

/// What stands after these scripts, and the lines that are not understood: a test keeps those out of our own.
pub(super) fn parts<'a>(scripts: impl Iterator<Item = &'a str>) -> (Vec<Part>, Vec<String>) {
    let (mut parts, mut unknown) = (Vec::new(), Vec::new());
    for script in scripts {
        let mut table = None;
        for line in script.lines() {
            let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || c == ';').collect();
            let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
            if line.starts_with("CREATE TABLE ") {
                table = words.get(2).map(|name| (*name).to_owned());
            } else if line.starts_with(')') {
                table = None;
            } else if let (Some(table), Some(column)) = (&table, words.first())
                && column.starts_with(|c: char| c.is_ascii_lowercase())
            {
                parts.push(Part { table: table.clone(), name: (*column).to_owned(), kind: Kind::Column });
            }
            if !is_inside(line) && follow(&mut parts, line, &words).is_none() {
                unknown.push(line.to_owned());
            }
        }
    }
    (parts, unknown)
}

/// Whether a line begins no statement: it is indented, a comment, an end, or belongs to the body of a function.
fn is_inside(line: &str) -> bool {
    const OF_A_BODY: [&str; 4] = ["BEGIN", "DECLARE", "END", "WHEN"];
    let first = line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    line.is_empty() || line.starts_with([' ', ')']) || line.starts_with("--") || OF_A_BODY.contains(&first)
}

/// Does to the parts what one statement does to the store; `None` where it is not understood.
fn follow(parts: &mut Vec<Part>, line: &str, words: &[&str]) -> Option<()> {
    let is_whole = line.ends_with(';') && !line.contains(", ");
    match words {
        ["CREATE", "TABLE", name, "("] => is_name(name),
        ["CREATE" | "DROP", "FUNCTION", ..]
        | ["INSERT" | "UPDATE" | "DELETE", ..]
        | ["ALTER", "TABLE", _, "SET" | "ALTER", ..] => Some(()),
        ["CREATE", "INDEX", name, rest @ ..] => made(parts, name, rest, Kind::Index),
        ["CREATE", "UNIQUE", "INDEX", name, rest @ ..] | ["CREATE", "TRIGGER", name, rest @ ..] => {
            made(parts, name, rest, Kind::Guard)
        }
        ["DROP", "INDEX" | "TRIGGER", name] | ["DROP", "TRIGGER", name, "ON", _] => {
            without(parts, |part| part.kind != Kind::Column && part.name == *name)
        }
        ["DROP", "TABLE", name] => without(parts, |part| part.table == *name),
        ["ALTER", "TABLE", table, "DROP", "COLUMN", name] => {
            without(parts, |part| part.kind == Kind::Column && part.table == *table && part.name == *name)
        }
        ["ALTER", "TABLE", table, "ADD", "COLUMN", name, ..] if is_whole => {
            is_name(name)?;
            parts.push(Part { table: (*table).to_owned(), name: (*name).to_owned(), kind: Kind::Column });
            Some(())
        }
        ["ALTER", "TABLE", table, "RENAME", "TO", name] => {
            let renamed = parts.iter_mut().filter(|part| part.table == *table);
            renamed.map(|part| (*name).clone_into(&mut part.table)).last()
        }
        _ => None,
    }
}

fn made(parts: &mut Vec<Part>, name: &str, rest: &[&str], kind: Kind) -> Option<()> {
    is_name(name)?;
    let table = rest.iter().skip_while(|word| **word != "ON").nth(1)?;
    parts.push(Part { table: (*table).to_owned(), name: name.to_owned(), kind });
    Some(())
}

/// Takes parts away; there must be one.
fn without(parts: &mut Vec<Part>, is_gone: impl Fn(&Part) -> bool) -> Option<()> {
    let before = parts.len();
    parts.retain(|part| !is_gone(part));
    (parts.len() < before).then_some(())
}

fn is_name(word: &str) -> Option<()> {
    let is_plain = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    is_plain.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = "-- people\nCREATE TABLE person (\n    name  TEXT,\n    -- why\n    age   BIGINT,\n    \
         CHECK (name <> '')\n) STRICT;\nCREATE UNIQUE INDEX person_name ON person (name);\nCREATE INDEX person_age ON \
         person (age);\nCREATE TRIGGER kept BEFORE DELETE ON person BEGIN\n    select 1;\nEND;\n";

    fn said(scripts: &[&str]) -> Vec<String> {
        let (parts, unknown) = parts(scripts.iter().copied());
        assert_eq!(unknown, Vec::<String>::new());
        parts.iter().map(|part| format!("{}.{} {:?}", part.table, part.name, part.kind)).collect()
    }

    #[test]
    fn what_a_migration_makes_is_read_from_its_text() {
        let made = [
            "person.name Column",
            "person.age Column",
            "person.person_name Guard",
            "person.person_age Index",
        ];
        assert_eq!(said(&[PEOPLE]), [&made[..], &["person.kept Guard"]].concat());
    }

    #[test]
    fn what_a_later_migration_takes_away_or_renames_is_followed() {
        let later = "ALTER TABLE person ADD COLUMN email TEXT;\nDROP INDEX person_age;\nDROP TRIGGER kept ON person;\n\
             ALTER TABLE person DROP COLUMN age;\nALTER TABLE person RENAME TO people;\n";
        let left = ["people.name Column", "people.person_name Guard", "people.email Column"];
        assert_eq!(said(&[PEOPLE, later]), left);
        assert_eq!(said(&[PEOPLE, "DROP TABLE person;\n"]), [""; 0]);
    }

    #[test]
    fn a_statement_that_is_not_understood_is_told() {
        for line in [
            "CREATE VIEW people AS SELECT 1;",
            "CREATE TABLE IF NOT EXISTS other (",
            "CREATE TABLE other (name TEXT);",
            "CREATE INDEX IF NOT EXISTS other ON person (name);",
            "create index other on person (name);",
            "DROP INDEX IF EXISTS person_name;",
            "DROP INDEX person_nam;",
            "ALTER TABLE person RENAME COLUMN name TO word;",
            "ALTER TABLE person ADD COLUMN a TEXT, ADD COLUMN b TEXT;",
            "ALTER TABLE person",
        ] {
            let (_, unknown) = parts([PEOPLE, line].into_iter());
            assert_eq!(unknown, [line]);
        }
    }

    #[test]
    fn every_statement_of_our_own_migrations_is_understood() {
        for scripts in [&super::super::sqlite::MIGRATOR, &super::super::postgres::MIGRATOR] {
            let (parts, unknown) = parts(scripts.iter().map(|migration| migration.sql.as_str()));
            assert_eq!(unknown, Vec::<String>::new());
            assert!(parts.len() > 100, "{}", parts.len());
        }
    }
}
