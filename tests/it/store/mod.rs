//! The store's conformance: every promise of `handoffd::store`, written once and kept on SQLite and on PostgreSQL.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::clock::Clock;
use handoffd::referral::contact::Contact;
use handoffd::referral::disposition::{Disposition, IgnoreCause, ParkCause};
use handoffd::referral::handovers::Handovers;
use handoffd::referral::letter::Part;
use handoffd::referral::packet::Packet;
use handoffd::referral::party::{Actor, Sender};
use handoffd::referral::policy::Tier;
use handoffd::referral::record::{Fact, FactKind, NextAction, Referral, Rung, Status};
use handoffd::referral::reference::Reference;
use handoffd::referral::roster::{Mode, PartnerId, StaffId};
use handoffd::store::outbox::Queued;
use handoffd::store::records::{Commit, Saved, Settled, Stored};
use handoffd::store::seal::Keyring;
use handoffd::store::spool::{Incoming, Position, Waiting};
use handoffd::store::{Place, Store};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::rig::postgres::Postgres;

/// Makes two tests of each function: one on a fresh SQLite file, one on a fresh PostgreSQL database.
macro_rules! on_both {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[tokio::test] async fn $test() { super::$test(crate::store::Home::sqlite().await).await; })*
        }
        mod postgres {
            $(#[tokio::test] async fn $test() { super::$test(crate::store::Home::postgres().await).await; })*
        }
    };
}

mod addresses;
mod crash;
mod decisions;
mod disclosures;
mod failures;
mod flipped;
mod forgotten;
mod keeping;
mod killed;
mod measured;
mod outbox;
mod reading;
mod refusals;
mod sealed;
mod spool;
mod twins;
mod unheard;
mod whole;
mod witness;

/// A store with a way past it: what no verb shows is looked at by raw SQL.
pub(super) struct Home {
    pub(super) store: Store,
    pub(super) raw: Raw,
    pub(super) place: Place,
    pub(super) folder: TempDir,
}

/// Raw SQL on either database.
pub(super) enum Raw {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Home {
    async fn sqlite() -> Home {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("store.db");
        let store = Store::open(&Place::Sqlite(path.clone()), keys(7)).await.unwrap();
        // One connection only: another one may remember tables as they were.
        let one = SqlitePoolOptions::new().max_connections(1);
        let raw = Raw::Sqlite(one.connect(&format!("sqlite://{}", path.display())).await.unwrap());
        Home { store, raw, place: Place::Sqlite(path), folder }
    }

    async fn postgres() -> Home {
        let url = Postgres::start().url;
        let store = Store::open(&Place::Postgres(url.clone()), keys(7)).await.unwrap();
        let raw = Raw::Postgres(PgPool::connect(&url).await.unwrap());
        Home { store, raw, place: Place::Postgres(url), folder: TempDir::new().unwrap() }
    }

    /// The same store, as a second process opens it.
    async fn again(&self) -> Store {
        Store::open(&self.place, keys(7)).await.unwrap()
    }

    /// Closed, as after the last process: SQLite's log is folded in and taken away.
    async fn shut(&self) {
        self.store.close().await;
        match &self.raw {
            Raw::Sqlite(pool) => pool.close().await,
            Raw::Postgres(pool) => pool.close().await,
        }
    }

    /// Open again after it was shut.
    async fn reopened(self) -> Home {
        let raw = match &self.place {
            Place::Sqlite(path) => {
                let one = SqlitePoolOptions::new().max_connections(1);
                Raw::Sqlite(one.connect(&format!("sqlite://{}", path.display())).await.unwrap())
            }
            Place::Postgres(url) => Raw::Postgres(PgPool::connect(url).await.unwrap()),
        };
        Home { store: self.again().await, raw, ..self }
    }

    /// Spools mails of these origins and takes them.
    async fn arrived(&self, origins: &[&str]) -> Vec<Waiting> {
        let mails: Vec<Incoming> = origins.iter().map(|origin| incoming(origin)).collect();
        self.store.spool("inbox", Position::default(), &mails, minute(0)).await.unwrap();
        self.store.take_waiting(1_000).await.unwrap()
    }

    /// Opens referrals of these numbers.
    async fn opened(&self, numbers: &[u64]) -> Vec<Stored> {
        let commits: Vec<Commit> = numbers.iter().map(|number| opening(*number)).collect();
        self.store.commit(&commits, minute(0)).await.unwrap();
        let references: Vec<Reference> = numbers.iter().map(|number| reference(*number)).collect();
        self.store.load(&references).await.unwrap()
    }

    /// Rows of every table that a decision writes, and the mails that still wait.
    async fn rows(&self) -> Vec<i64> {
        let mut rows = Vec::new();
        for table in ["referral", "history", "person", "outbox", "mail WHERE disposition IS NULL"] {
            rows.push(self.raw.number(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        rows.push(self.raw.number("SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM referral").await);
        rows
    }
}

impl Raw {
    async fn run(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let query = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Raw::Sqlite(pool) => sqlx::raw_sql(query).execute(pool).await?.rows_affected(),
            Raw::Postgres(pool) => sqlx::raw_sql(query).execute(pool).await?.rows_affected(),
        })
    }

    async fn numbers(&self, sql: &str) -> Vec<i64> {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Raw::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.unwrap(),
            Raw::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.unwrap(),
        }
    }

    async fn number(&self, sql: &str) -> i64 {
        self.numbers(sql).await[0]
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Raw::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await.unwrap(),
            Raw::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await.unwrap(),
        }
    }

    /// Makes the database refuse new rows of a table, as a step in the middle of a transaction that fails.
    async fn refuse_rows(&self, table: &str) {
        let sql = match self {
            Raw::Sqlite(_) => format!(
                "CREATE TRIGGER refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"
            ),
            Raw::Postgres(_) => format!("ALTER TABLE {table} ADD CONSTRAINT refused CHECK (FALSE) NOT VALID"),
        };
        self.run(&sql).await.unwrap();
    }

    async fn accept_rows(&self, table: &str) {
        let sql = match self {
            Raw::Sqlite(_) => "DROP TRIGGER refused".to_owned(),
            Raw::Postgres(_) => format!("ALTER TABLE {table} DROP CONSTRAINT refused"),
        };
        self.run(&sql).await.unwrap();
    }
}

/// A keyring of one key, all its bytes the same.
fn keys(byte: u8) -> Arc<Keyring> {
    Arc::new(Keyring::of(&[(1, Zeroizing::new([byte; 32]))]).unwrap())
}

/// Minutes after a fixed instant.
fn minute(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn incoming(origin: &str) -> Incoming {
    let raw = format!("Subject: {origin}\r\n\r\nInvented.\r\n").into_bytes();
    Incoming { origin: origin.to_owned(), bytes: raw.len() as u64, raw, whole: true, arrived_at: minute(0) }
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn reference(number: u64) -> Reference {
    Reference::draw("R", number)
}

fn fact(kind: FactKind, words: &str) -> Fact {
    Fact { at: minute(0), kind, by: Some(Actor::Staff(StaffId("ana".to_owned()))), words: words.to_owned() }
}

fn referral(number: u64) -> Referral {
    Referral {
        reference: reference(number),
        status: Status::Received,
        contact: Contact::NotStarted,
        owner: StaffId("ana".to_owned()),
        next_action: NextAction::ReachClient,
        next_action_at: minute(60),
        look_at: Some(minute(60)),
        tier: Tier::Standard,
        sender: Sender {
            answer_to: Some(address("intake@partner.example.org")),
            partner: Some(PartnerId("harbour".to_owned())),
            trusted: true,
            message_id: None,
        },
        received_at: minute(0),
        mode: Mode::Enforce,
        policy: "default".to_owned(),
        decision: Clock::due(minute(600)),
        rung: Rung {
            from: minute(0),
            first_attempt: 0,
            step: 0,
            clock: Clock::due(minute(60)),
            warned_at: None,
            looped_back_at: None,
            latest: None,
            latest_told_at: None,
        },
        packet: Packet::default(),
        consent_told: None,
        address_shared: false,
        address_doubted_at: None,
        email_doubted_at: None,
        email_confirmed_at: None,
        email_told: None,
        email_refused_at: None,
        address_came_at: None,
        unread_since: None,
        allowed_at: None,
        terms: None,
        update: None,
        onward: None,
        asks: 0,
        handovers: Handovers::default(),
        first_letter: None,
        conflict: handoffd::referral::conflict::Conflict::default(),
        missing: Vec::new(),
        questions: Vec::new(),
        attempts: Vec::new(),
        held: None,
        stopped: false,
        transcribe: false,
    }
}

fn letter(key: &str, kind: &'static str) -> Queued {
    Queued {
        natural_key: key.to_owned(),
        message_id: format!("{key}@example.org"),
        kind,
        part: Part::Sender,
        to: address("intake@partner.example.org"),
        message: format!("Subject: {key}\r\n\r\nInvented.\r\n").into_bytes(),
        send_at: minute(0),
    }
}

/// A referral with two facts, a person and a letter.
fn saved(number: u64) -> Saved {
    Saved {
        before: None,
        referral: referral(number),
        facts: vec![fact(FactKind::Received, "It came."), fact(FactKind::Assigned, "Ana owns it.")],
        persons: vec![vec![u8::try_from(number % 200).unwrap(); 32]],
        letters: vec![letter(&format!("{}/receipt", reference(number)), "receipt")],
    }
}

fn opening(number: u64) -> Commit {
    Commit { records: vec![saved(number)], ..Commit::default() }
}

/// The change of a stored record: one more fact, no letter.
fn changing(stored: &Stored, words: &str) -> Commit {
    let saved = Saved {
        before: Some(stored.clone()),
        referral: stored.referral.clone(),
        facts: vec![fact(FactKind::Noted, words)],
        persons: Vec::new(),
        letters: Vec::new(),
    };
    Commit { records: vec![saved], ..Commit::default() }
}

/// A mail that nobody could read.
const PARKED: Disposition = Disposition::Parked(ParkCause::Empty);

/// A mail that was nothing for us.
const IGNORED: Disposition = Disposition::Ignored(IgnoreCause::Bulk);

fn settled(mail_id: i64, disposition: Disposition) -> Settled {
    Settled { mail_id, disposition, about: None, message_id: None }
}

/// The commit that settles a mail as one thing and does nothing else.
fn settling(mail_id: i64, disposition: Disposition) -> Commit {
    Commit { mail: Some(settled(mail_id, disposition)), ..Commit::default() }
}
