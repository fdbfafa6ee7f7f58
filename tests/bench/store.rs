//! A store of a million referrals on SQLite: `cargo bench --bench store`. Writes `tests/bench/a-million-referrals.md`.
//!
//! Fifty thousand of them are open and went through the real verbs; the others are closed and were copied by SQL, with
//! their history, mail, letters and digests of people. `HANDOFFD_REFERRALS` sets another number, `TMPDIR` the disk.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]
#![expect(clippy::expect_used, reason = "a benchmark may stop at a mistake of its own")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::app::{self, App};
use handoffd::clock::{Clock, ManualClock};
use handoffd::loops::{Desk, purge, receive, remind, report};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::command::Command;
use handoffd::referral::contact::{Channel, ContactResult};
use handoffd::referral::decide::{arrive, decide};
use handoffd::referral::event::{Arrival, Event, Service};
use handoffd::referral::packet::{Channels, Confidence, Field, Judged, Packet, Safety};
use handoffd::referral::party::{Actor, Sender};
use handoffd::referral::record::Referral;
use handoffd::referral::reference::Reference;
use handoffd::report::digest;
use handoffd::settings::Settings;
use handoffd::store::known::Question;
use handoffd::store::records::{Commit, Saved};
use handoffd::store::seal::Keyring;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

const OPEN: u64 = 50_000;
const DUE: u64 = 10_000;
const CONFIG: &str = include_str!("../../src/settings/starter.toml");

fn main() {
    let all: u64 = std::env::var("HANDOFFD_REFERRALS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("a temp folder");
    let settings = settings(folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let table = runtime.block_on(bench(&settings, folder.path(), all));
    println!("{table}");
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/a-million-referrals.md");
    if all == 1_000_000 {
        std::fs::write(place, table).expect("the table is written");
    }
}

/// One line of the table.
struct Line {
    what: &'static str,
    target: &'static str,
    found: String,
}

async fn bench(settings: &Settings, folder: &Path, all: u64) -> String {
    // 10:00 in New York on a Wednesday; what is due was received the day before.
    let noon: DateTime<Utc> = "2026-11-18T15:00:00Z".parse().expect("an instant");
    let early = noon - TimeDelta::hours(25);
    let hand = ManualClock::at(early);
    let store = app::open_store(settings).await.expect("the store");
    let desk = app::desk(settings, store, Clock::Manual(hand.clone())).expect("the desk");
    let began = Instant::now();
    let references = fill(&desk, noon).await;
    let pool = raw(&folder.join("data/handoffd.db")).await;
    copy(&pool, all - OPEN, noon).await;
    let filled = began.elapsed();
    println!("filled in {:.0} s", filled.as_secs_f64());
    desk.store.beat(receive::INBOX_READ, noon).await.expect("a beat");
    desk.progress.mark_inbox_read(desk.progress.inbox_round());
    let mut found = vec![one_decision(&desk, &references, noon).await];
    found.extend(look_ups(&desk, &references, noon).await);
    found.extend(days(&desk, noon).await);
    desk.store.close().await;
    found.push(start(settings, &hand).await);
    let store = app::open_store(settings).await.expect("the store");
    let desk = Desk { store, ..desk };
    // Everything is open, and nothing due before the clock is moved on.
    sqlx::query("UPDATE referral SET open = 1, status = 'Received', next_action = 'reach the client', look_at = $1 WHERE open = 0")
        .bind((noon + TimeDelta::days(30)).timestamp_millis())
        .execute(&pool)
        .await
        .expect("all are opened");
    pool.close().await;
    found.push(idle_tick(&desk).await);
    hand.move_to(noon);
    // Nobody looked for a day: the inbox is to be read first, and it is.
    assert_eq!(remind::tick(&desk).await.expect("a tick"), remind::Tick::InboxFirst);
    desk.progress.mark_inbox_read(desk.progress.inbox_round());
    found.push(due(&desk).await);
    let size = std::fs::metadata(folder.join("data/handoffd.db")).map_or(0, |file| file.len());
    written(&found, all, size)
}

fn written(found: &[Line], all: u64, size: u64) -> String {
    let mut table = String::from("## A million referrals\n\n");
    let _ = writeln!(
        table,
        "`cargo bench --bench store`: {all} referrals on SQLite (WAL, FULL), {OPEN} of them open, each with a history, a \
         mail, a letter and a person; a file of {:.1} GB. Medians, and the slowest where there are many.\n",
        u32::try_from(size / 1_000_000).map_or(0.0, f64::from) / 1e3
    );
    table.push_str("| what | target | found |\n|---|---|---|\n");
    for Line { what, target, found } in found {
        let _ = writeln!(table, "| {what} | {target} | {found} |");
    }
    table
}

/// The starter config with a Maildir, a folder outlet and a file of SQLite in this folder, everybody enforced.
fn settings(folder: &Path) -> Settings {
    for name in ["secrets", "data", "inbox", "inbox/new", "inbox/cur", "inbox/tmp", "outbox"] {
        std::fs::DirBuilder::new().mode(0o700).create(folder.join(name)).expect("a folder");
    }
    let key = folder.join("secrets/handoffd.key");
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(key).expect("a key");
    let text = Keyring::fresh_file().expect("a key");
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("a key");
    let text = CONFIG.replace("mode = \"observe\"", "mode = \"enforce\"");
    let keep =
        "keep_raw_mail_days = 30\nkeep_closed_days = 60\nkeep_letters_days = 30\nkeep_parked_days = 30\n";
    let text = text.replace("client_mail = false", &format!("{keep}client_mail = false"));
    Settings::parse(&text, "bench.toml", folder).expect("the config is good")
}

// --- a store full of referrals -------------------------------------------------------------------------------------

/// The open ones through the real verbs: a tenth of them came a day earlier, and will be due.
async fn fill(desk: &Desk, noon: DateTime<Utc>) -> Vec<Reference> {
    let mut references = Vec::new();
    let numbers: Vec<u64> = (0..OPEN).collect();
    for some in numbers.chunks(500) {
        let mut commits = Vec::new();
        for number in some {
            let age = if *number < DUE { TimeDelta::hours(24) } else { TimeDelta::zero() };
            let received_at = noon - age + TimeDelta::milliseconds(i64::try_from(*number).unwrap_or(0));
            let reference = Reference::draw("R", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let decisions = arrive(
                &desk.rules,
                &[arrival(*number, received_at)],
                std::slice::from_ref(&reference),
                received_at,
            );
            for decision in decisions {
                let persons = vec![digest_of(*number)];
                let (referral, facts) = (decision.referral, decision.facts);
                let saved = Saved { before: None, referral, facts, persons, letters: Vec::new() };
                commits.push(Commit { records: vec![saved], ..Commit::default() });
            }
            references.push(reference);
        }
        desk.store.commit(&commits, noon).await.expect("five hundred referrals");
    }
    references
}

fn digest_of(number: u64) -> Vec<u8> {
    let mut digest = vec![0_u8; 24];
    digest.extend(number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    digest
}

fn arrival(number: u64, received_at: DateTime<Utc>) -> Arrival {
    Arrival {
        conflicts: Vec::new(),
        packet: packet(number),
        sender: Sender {
            answer_to: EmailAddress::parse("intake@partner.example").ok(),
            partner: Some(handoffd::referral::roster::PartnerId("harbor-house".to_owned())),
            trusted: true,
            message_id: Some(format!("{number}@partner.example")),
        },
        missing: Vec::new(),
        questions: Vec::new(),
        transcribe: false,
        place: 0,
        received_at,
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        open: BTreeMap::new(),
    }
}

fn packet(number: u64) -> Packet {
    let safe = Safety::Safe;
    let channels = Channels { call: safe, voicemail: safe, text: safe, email: safe, letter: safe };
    let mut packet = Packet::default();
    for (field, value, judged) in [
        (Field::ClientName, format!("Person {number} Example"), Judged::Text),
        (
            Field::ClientPhone,
            "212-555-0142".to_owned(),
            Judged::Phone { e164: "+12125550142".to_owned(), problem: None },
        ),
        (Field::SafeToContact, "call, text".to_owned(), Judged::Channels(channels)),
        (Field::Language, "Spanish".to_owned(), Judged::Language("es".to_owned())),
        (Field::Service, "housing".to_owned(), Judged::Text),
        (Field::Reason, "papers came last week, the locks may be changed".to_owned(), Judged::Text),
        (Field::Consent, "yes".to_owned(), Judged::Yes),
    ] {
        packet.put(
            field,
            handoffd::referral::packet::Found {
                value,
                judged,
                confidence: Confidence::High,
                place: "text line 1".to_owned(),
            },
        );
    }
    packet
}

async fn raw(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .pragma("synchronous", "OFF")
        .pragma("cache_size", "-200000");
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the same file")
}

/// The closed ones, as copies of the first: rows, indices and sizes are real, what is sealed in them opens nowhere.
async fn copy(pool: &SqlitePool, count: u64, noon: DateTime<Utc>) {
    let count = i64::try_from(count).unwrap_or(0);
    let month = (noon - TimeDelta::days(20)).timestamp_millis();
    let statements = [
        "INSERT INTO referral (reference, version, facts, head, status, contact, tier, open, stopped, owner, partner, policy, \
           next_action, next_action_at, look_at, received_at, confirmed_at, bounced_at, bounce_reason, data_key, record, changed_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         SELECT printf('R-%010d', i), 2, 3, randomblob(32), 'Closed', CASE WHEN i % 5 = 0 THEN 'bounced' ELSE 'confirmed' END, \
           tier, 0, 0, owner, partner, policy, 'nothing', $2 + i, NULL, $2 + i, CASE WHEN i % 5 = 0 THEN NULL ELSE $2 + i END, \
           CASE WHEN i % 5 = 0 THEN $2 + i END, CASE WHEN i % 5 = 0 THEN 'bad_contact_info' END, data_key, record, $2 + i \
         FROM n, (SELECT * FROM referral WHERE id = 1)",
        "INSERT INTO history (referral_id, seq, at, kind, by_whom, words, chain) \
         SELECT r.id, s.seq, r.received_at, s.kind, '', s.words, r.head FROM referral r, \
           (SELECT 1 AS seq, 'received' AS kind, words FROM history WHERE referral_id = 1 AND seq = 1 \
            UNION ALL SELECT 2, 'confirmed', words FROM history WHERE referral_id = 1 AND seq = 1 \
            UNION ALL SELECT 3, 'closed', words FROM history WHERE referral_id = 1 AND seq = 1) s \
         WHERE r.open = 0 AND $1 > 0 AND $2 > 0 ORDER BY r.id, s.seq",
        "INSERT INTO mail (origin, digest, message_id_digest, bytes, whole, arrived_at, spooled_at, data_key, \
           disposition, referral_id, handled_at) \
         SELECT 'bench:' || id, randomblob(32), randomblob(32), 4000, 1, received_at, received_at, randomblob(41), \
           'referral', id, received_at FROM referral WHERE open = 0 AND $1 > 0 AND $2 > 0",
        "INSERT INTO mail_raw (mail_id, raw) SELECT id, randomblob(400) FROM mail \
         WHERE origin LIKE 'bench:%' AND $1 > 0 AND $2 > 0",
        "INSERT INTO outbox (natural_key, message_id_digest, referral_id, kind, part, recipient_digest, state, attempts, \
           next_at, due_at, created_at, settled_at) \
         SELECT 'bench/' || id, randomblob(32), id, 'receipt', 'sender', randomblob(32), 'sent', \
           1, received_at, received_at, received_at, received_at FROM referral WHERE open = 0 AND $1 > 0 AND $2 > 0",
        "INSERT INTO outbox_parcel (outbox_id, parcel) SELECT id, randomblob(400) FROM outbox \
         WHERE natural_key LIKE 'bench/%' AND $1 > 0 AND $2 > 0",
        "INSERT INTO person (digest, referral_id) SELECT randomblob(32), id FROM referral WHERE open = 0 AND $1 > 0 AND $2 > 0",
    ];
    for statement in statements {
        sqlx::query(statement).bind(count).bind(month).execute(pool).await.expect("a million rows");
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await.expect("the log is folded in");
}

// --- what is measured ----------------------------------------------------------------------------------------------

async fn one_decision(desk: &Desk, references: &[Reference], noon: DateTime<Utc>) -> Line {
    let stored = desk.store.load(references.get(..1).unwrap_or_default()).await.expect("a record");
    let referral: &Referral = &stored.first().expect("the first record").referral;
    let at = referral.look_at.unwrap_or(noon);
    let passed = Event::TimePassed(Service { inbox_read_at: Some(at), warning_sent_at: None });
    let attempt = Command::Attempt { channel: Channel::Call, result: ContactResult::NoAnswer };
    let commanded = Event::Commanded { by: Actor::Host, commands: vec![attempt] };
    let micros = |event: &Event| {
        let rounds: Vec<Duration> = (0..5)
            .map(|_| {
                timed(|| {
                    for _ in 0..2_000 {
                        black_box(decide(&desk.rules, black_box(referral), event, at));
                    }
                })
            })
            .collect();
        median(rounds).as_secs_f64() * 1e6 / 2_000.0
    };
    let (time, command) = (micros(&passed), micros(&commanded));
    Line {
        what: "one decision",
        target: "≤ 20 µs",
        found: format!("{time:.1} µs (a due step), {command:.1} µs (a command)"),
    }
}

async fn look_ups(desk: &Desk, references: &[Reference], noon: DateTime<Utc>) -> Vec<Line> {
    let picked: Vec<&Reference> = references.iter().step_by(251).collect();
    let (mut status, mut show, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (number, reference) in picked.iter().enumerate() {
        let began = Instant::now();
        let stored = desk.store.load(&[(*reference).clone()]).await.expect("a record");
        status.push(began.elapsed());
        desk.store.history(stored.first().expect("the record")).await.expect("its history");
        show.push(began.elapsed());
        let number = u64::try_from(number).unwrap_or(0) * 251;
        let question = Question {
            mail_id: i64::MAX,
            digest: digest_of(number),
            message_id: Some(digest_of(number + 1)),
            thread: vec![format!("{number}@bench.example")],
            persons: vec![digest_of(number), digest_of(number + 7)],
            author: Some(digest_of(number)),
            ..Question::default()
        };
        let began = Instant::now();
        let known = desk.store.known(&[question], noon).await.expect("an answer");
        same.push(began.elapsed());
        assert!(known.iter().all(|known| known.persons.contains(reference)), "the person is known");
    }
    vec![
        Line { what: "`status`: a record by its number", target: "≤ 5 ms", found: spread(status) },
        Line { what: "`show`: a record and its history", target: "≤ 5 ms", found: spread(show) },
        Line { what: "duplicate look-up of one mail", target: "≤ 5 ms", found: spread(same) },
    ]
}

/// The digest by its parts, the whole tick, and what is done once a day after it.
async fn days(desk: &Desk, noon: DateTime<Utc>) -> Vec<Line> {
    let began = Instant::now();
    let figures = report::figures(desk, Some(noon - TimeDelta::days(1)), noon).await.expect("the figures");
    let counted = began.elapsed();
    digest::write(&figures, &desk.templates, &desk.organisation).expect("the digest");
    let written = began.elapsed();
    let began = Instant::now();
    desk.store.audit_head(noon).await.expect("the head");
    let audited = began.elapsed();
    let began = Instant::now();
    purge::tick(desk, noon).await;
    let purged = began.elapsed();
    forget_peak();
    let (before, began) = (peak(), Instant::now());
    report::tick(desk).await.expect("the digest of the day");
    let ticked = began.elapsed();
    let more = peak().saturating_sub(before) / 1024;
    let seconds = |span: Duration| format!("{:.2} s", span.as_secs_f64());
    vec![
        Line {
            what: "daily digest: figures and letter",
            target: "≤ 2 s",
            found: format!("{} ({} counted)", seconds(written), seconds(counted)),
        },
        Line { what: "the audit head in it", target: "", found: seconds(audited) },
        Line {
            what: "the daily tick: digest, head, letters, then purge",
            target: "≤ 2 s, ≤ 64 MiB",
            found: format!("{}, {more} MiB more than before", seconds(ticked)),
        },
        Line { what: "of that, the purge that finds nothing old", target: "", found: seconds(purged) },
    ]
}

async fn start(settings: &Settings, hand: &ManualClock) -> Line {
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let app = App::build(settings, Clock::Manual(hand.clone())).await.expect("the app");
        rounds.push(began.elapsed());
        app.desk.store.close().await;
    }
    Line { what: "start to ready", target: "≤ 2 s", found: spread(rounds) }
}

async fn idle_tick(desk: &Desk) -> Line {
    let mut rounds = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        let tick = remind::tick(desk).await.expect("a tick");
        remind::next(desk).await.expect("the next look");
        rounds.push(began.elapsed());
        assert_eq!(tick, remind::Tick::Decided(0), "nothing is due");
    }
    Line { what: "a tick over a million open ones, none due", target: "≤ 5 ms", found: spread(rounds) }
}

async fn due(desk: &Desk) -> Line {
    let (mut decided, began) = (0_usize, Instant::now());
    while let remind::Tick::Decided(some @ 1..) = remind::tick(desk).await.expect("a tick") {
        decided += some;
    }
    let took = began.elapsed().as_secs_f64();
    assert!(decided >= usize::try_from(DUE).unwrap_or(0), "{decided} were due");
    let rate = u32::try_from(decided).map_or(0.0, f64::from) / took;
    Line {
        what: "due steps worked off: decide, letter, commit",
        target: "≥ 1,000/s",
        found: format!("{rate:.0}/s ({decided} in {took:.1} s)"),
    }
}

// --- figures -------------------------------------------------------------------------------------------------------

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn median(mut spans: Vec<Duration>) -> Duration {
    spans.sort_unstable();
    spans.get(spans.len() / 2).copied().unwrap_or_default()
}

fn spread(spans: Vec<Duration>) -> String {
    let slowest = spans.iter().max().copied().unwrap_or_default();
    let millis = |span: Duration| span.as_secs_f64() * 1e3;
    format!("{:.2} ms (slowest {:.2})", millis(median(spans)), millis(slowest))
}

/// The most memory this process held since [`forget_peak`], in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
