//! Rotation and purge by a process that is killed, again and again: whatever the moment, everything that should be can
//! be read, and the next process goes on.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use handoffd::store::forget::{Before, Purged};
use handoffd::store::seal::Keyring;
use handoffd::store::{Place, Store};
use zeroize::Zeroizing;

use super::keeping::{close, filled, is_whole, left, purge, two_keys};
use super::{Home, minute};
use crate::rig::{SOON, until};

on_both! {
    a_rotation_killed_at_any_moment_is_finished_by_the_next_process
    a_purge_killed_at_any_moment_is_finished_by_the_next_process
    p25_a_rotation_killed_at_each_call_of_the_system_is_never_half_done_and_finished_later
    p29_a_purge_killed_at_each_call_of_the_system_is_never_half_done_and_finished_later
}

const WHERE: &str = "HANDOFFD_TEST_STORE";
const WORK: &str = "HANDOFFD_TEST_WORK";
/// Some transactions of each kind.
const MANY: u64 = 600;
/// The moment to die: after so many steps, and so many milliseconds more.
const MOMENTS: [(usize, u64); 7] = [(0, 0), (0, 2), (1, 0), (0, 5), (1, 1), (0, 15), (1, 20)];

const LIFE: [&str; 4] = ["store::killed::a_life", "--exact", "--ignored", "--nocapture"];

fn named(place: &Place) -> String {
    match place {
        Place::Sqlite(path) => path.display().to_string(),
        Place::Postgres(url) => url.clone(),
    }
}

/// Starts this test binary as a process that does the work, and kills it some time after it began.
fn begin_and_die(place: &Place, work: &str, (steps, millis): (usize, u64)) {
    let mut life = Command::new(std::env::current_exe().unwrap())
        .args(LIFE)
        .env(WHERE, named(place))
        .env(WORK, work)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(life.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("work begins")), "the process never got to work");
    // The pipe stays open until the end: who writes into a closed one dies of that.
    for _ in 0..steps {
        lines.by_ref().find(|line| line.as_ref().is_ok_and(|line| line.contains("step done")));
    }
    let end = Instant::now() + Duration::from_millis(millis);
    until("the moment to die", SOON, || Instant::now() >= end);
    // It may have ended by itself.
    let _ = life.kill();
    life.wait().unwrap();
}

#[tokio::test]
#[ignore = "it runs as the child of the tests above, until it is killed"]
async fn a_life() {
    let (Ok(place), Ok(work)) = (std::env::var(WHERE), std::env::var(WORK)) else { return };
    let place =
        if place.starts_with("postgres") { Place::Postgres(place) } else { Place::Sqlite(place.into()) };
    let store = Store::open(&place, two_keys()).await.unwrap();
    println!("\nwork begins");
    if work == "rotate" {
        while store.rewrap_some().await.unwrap() > 0 {
            println!("step done");
        }
    } else {
        while store.purge_some(everything(), minute(100)).await.unwrap() != Purged::default() {
            println!("step done");
        }
    }
    // SQLite folds its log in and takes it away.
    store.close().await;
}

fn everything() -> Before {
    let late = Some(minute(99));
    Before { raw_mail: late, closed: late, parked: late, letters: late }
}

async fn a_rotation_killed_at_any_moment_is_finished_by_the_next_process(home: Home) {
    filled(&home, MANY).await;
    let mut halfway = 0;
    for moment in MOMENTS {
        begin_and_die(&home.place, "rotate", moment);
        let store = Store::open(&home.place, two_keys()).await.unwrap();
        is_whole(&store).await;
        halfway += u32::from(store.keys_in_use().await.unwrap().len() == 2);
        store.close().await;
    }
    assert!(halfway > 0, "no process was killed in the middle");
    let store = Store::open(&home.place, two_keys()).await.unwrap();
    while store.rewrap_some().await.unwrap() > 0 {}
    let used: Vec<u8> = store.keys_in_use().await.unwrap().into_keys().collect();
    assert_eq!(used, [2]);
    let store = Store::open(&home.place, newest_key()).await.unwrap();
    is_whole(&store).await;
    assert_eq!(store.list(true, 9_999).await.unwrap().len(), usize::try_from(MANY).unwrap());
}

async fn a_purge_killed_at_any_moment_is_finished_by_the_next_process(home: Home) {
    filled(&home, MANY).await;
    close(&home, 1..=MANY).await;
    let mut halfway = 0;
    for moment in MOMENTS {
        begin_and_die(&home.place, "purge", moment);
        let store = home.again().await;
        is_whole(&store).await;
        let [records, mails, ..] = left(&home).await;
        halfway += u32::from(mails < MANY.cast_signed() && records > 0);
        store.close().await;
    }
    assert!(halfway > 0, "no process was killed in the middle");
    purge(&home.store, everything()).await;
    let [records, mails, letters, persons, ..] = left(&home).await;
    assert_eq!([records, mails, letters, persons], [0, 0, 1, 0], "the digest that waits is nobody's");
    is_whole(&home.store).await;
}

/// Does the work in a process that is killed as it makes its `nth` such call of the system; whether it got to the end.
fn live_until(place: &Place, work: &str, call: &str, nth: u32) -> bool {
    let mut life = Command::new("strace");
    life.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
    life.args(["-e", &format!("inject={call}:signal=SIGKILL:when={nth}")]);
    life.arg(std::env::current_exe().unwrap()).args(LIFE).env(WHERE, named(place)).env(WORK, work);
    let ended = life.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let (code, killed) = (ended.status.code(), ended.status.signal() == Some(9));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(code == Some(0) || killed, "{call} {nth}: {code:?} {said}");
    !killed
}

/// What is left in the key file once the old key was taken out.
fn newest_key() -> Arc<Keyring> {
    Arc::new(Keyring::with_root(&Zeroizing::new([7; 32]), &[(2, Zeroizing::new([8; 32]))]).unwrap())
}

/// By the same calls as a purge, and as it does.
fn calls_of(place: &Place) -> (&'static [&'static str], usize) {
    match place {
        Place::Sqlite(_) => (&["openat", "ftruncate", "pwrite64", "fsync", "unlink"], 1),
        Place::Postgres(_) => (&["sendto"], 5),
    }
}

async fn another(home: &Home) -> Home {
    match &home.place {
        Place::Sqlite(_) => Home::sqlite().await,
        Place::Postgres(_) => Home::postgres().await,
    }
}

/// Each transaction of it changes all that it changes or nothing; whatever it got to, everything opens with both keys,
/// and with the newest alone once the next process was through.
async fn p25_a_rotation_killed_at_each_call_of_the_system_is_never_half_done_and_finished_later(home: Home) {
    let (calls, step) = calls_of(&home.place);
    let (mut deaths, mut between) = (BTreeMap::new(), 0);
    for call in calls {
        deaths.insert(*call, 0);
        for nth in (1..2_000).step_by(step) {
            let home = another(&home).await;
            filled(&home, 2).await;
            home.shut().await;
            let is_over = live_until(&home.place, "rotate", call, nth);
            let store = Store::open(&home.place, two_keys()).await.unwrap();
            is_whole(&store).await;
            let used: Vec<u8> = store.keys_in_use().await.unwrap().into_keys().collect();
            assert!(!is_over || used == [2], "{call} {nth}: {used:?}");
            between += u32::from(used == [1, 2]);
            while store.rewrap_some().await.unwrap() > 0 {}
            store.close().await;
            let store = Store::open(&home.place, newest_key()).await.unwrap();
            is_whole(&store).await;
            assert_eq!(store.list(true, 9).await.unwrap().len(), 2, "{call} {nth}");
            store.close().await;
            if is_over {
                break;
            }
            deaths.entry(*call).and_modify(|deaths| *deaths += 1);
        }
    }
    assert!(deaths.values().all(|deaths| *deaths > 0), "a call that nobody died at: {deaths:?}");
    let all: i32 = deaths.values().sum();
    assert!(all > 10 && between > 0, "{deaths:?}, {between} of them between two tables");
}

/// RELIABILITY R1: by these calls the process makes, changes and takes away files of SQLite's, or tells PostgreSQL
/// something. There the server does what is done at once, so that every fifth call is enough.
async fn p29_a_purge_killed_at_each_call_of_the_system_is_never_half_done_and_finished_later(home: Home) {
    let (calls, step) = calls_of(&home.place);
    let (mut deaths, mut between) = (BTreeMap::new(), 0);
    for call in calls {
        deaths.insert(*call, 0);
        for nth in (1..2_000).step_by(step) {
            let home = another(&home).await;
            filled(&home, 2).await;
            close(&home, 1..=2).await;
            // Alone with the store, so that the process makes SQLite's log, folds it in and takes it away.
            home.shut().await;
            let is_over = live_until(&home.place, "purge", call, nth);
            let home = home.reopened().await;
            let gone = forgotten(&home).await;
            between += u32::from(gone == 1);
            purge(&home.store, everything()).await;
            assert_eq!(forgotten(&home).await, 2);
            let [records, mails, letters, persons, ..] = left(&home).await;
            assert_eq!([records, mails, letters, persons], [0, 0, 1, 0], "{call} {nth}");
            if is_over {
                assert_eq!(gone, 2, "{call} {nth}");
                break;
            }
            deaths.entry(*call).and_modify(|deaths| *deaths += 1);
        }
    }
    assert!(deaths.values().all(|deaths| *deaths > 0), "a call that nobody died at: {deaths:?}");
    let all: i32 = deaths.values().sum();
    assert!(all > 15 && between > 0, "{deaths:?}, {between} of them between two referrals");
}

/// How many of the two are forgotten: each as a whole, with what is left of it, or not at all.
async fn forgotten(home: &Home) -> i64 {
    let store = home.again().await;
    is_whole(&store).await;
    store.close().await;
    for (what, sql) in [
        (
            "a record without its key, or a key without its record",
            "referral r WHERE (r.data_key IS NULL) <> (length(r.record) = 0)",
        ),
        (
            "a history that says something else",
            "referral r WHERE (r.data_key IS NULL) <> EXISTS (SELECT 1 FROM history h WHERE h.referral_id = r.id \
             AND h.kind = 'forgotten')",
        ),
        (
            "people of nobody",
            "referral r WHERE (r.data_key IS NULL) = EXISTS (SELECT 1 FROM person p WHERE p.referral_id = r.id)",
        ),
        (
            "words of a letter about nobody",
            "outbox o JOIN outbox_parcel w ON w.outbox_id = o.id JOIN referral r ON r.id = o.referral_id \
             WHERE r.data_key IS NULL OR o.kept = 0",
        ),
        (
            "a letter about nobody that waits",
            "outbox o JOIN referral r ON r.id = o.referral_id WHERE r.data_key IS NULL \
             AND o.state IN ('queued', 'claimed', 'in-doubt')",
        ),
        (
            "a mail without its key, or a key without its mail",
            "mail m WHERE (m.data_key IS NULL) = EXISTS (SELECT 1 FROM mail_raw w WHERE w.mail_id = m.id)",
        ),
        (
            "a mail about nobody",
            "mail m JOIN referral r ON r.id = m.referral_id WHERE r.data_key IS NULL AND m.data_key IS NOT NULL",
        ),
    ] {
        assert_eq!(home.raw.number(&format!("SELECT COUNT(*) FROM {sql}")).await, 0, "{what}");
    }
    home.raw.number("SELECT COUNT(*) FROM referral WHERE data_key IS NULL").await
}
