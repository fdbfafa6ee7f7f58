//! Whether a SQLite store was put back from a backup, and the stops that outlive it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;
use handoffd::referral::packet::{Confidence, Field, Found, Judged};
use handoffd::referral::record::FactKind;
use handoffd::store::forget::Before;
use handoffd::store::note::Note;
use handoffd::store::records::{Commit, Saved};
use handoffd::store::spool::Position;
use handoffd::store::{Place, Store, StoreError};

use super::{Home, address, fact, incoming, keys, letter, minute, saved};

const LEASE: TimeDelta = TimeDelta::minutes(30);

/// A file beside the store.
fn beside(home: &Home, end: &str) -> PathBuf {
    home.folder.path().join(format!("store.db{end}"))
}

/// The store as it is now, in a folder of its own.
async fn backup(home: &Home) -> PathBuf {
    let copy = home.folder.path().join("backup");
    home.raw.run(&format!("VACUUM INTO '{}'", copy.display())).await.unwrap();
    copy
}

/// The backup opened beside what was kept since.
async fn put_back(home: &Home, copy: &PathBuf, kept: &[&str]) -> Store {
    let folder = home.folder.path().join(format!("again with {}", kept.concat()));
    fs::create_dir_all(&folder).unwrap();
    fs::copy(copy, folder.join("store.db")).unwrap();
    for end in kept {
        fs::copy(beside(home, end), folder.join(format!("store.db{end}"))).unwrap();
    }
    Store::open(&Place::Sqlite(folder.join("store.db")), keys(7)).await.unwrap()
}

async fn queue(home: &Home, keys: &[&str]) {
    let letters = keys.iter().map(|key| letter(key, "receipt")).collect();
    home.store.commit(&[Commit { letters, ..Commit::default() }], minute(0)).await.unwrap();
}

/// A referral whose client said stop as many minutes after the beginning.
fn stopped(number: u64, at: i64) -> Commit {
    let mut saved = Saved { letters: Vec::new(), ..saved(number) };
    let found = Found {
        value: client(number),
        judged: Judged::Email { address: client(number), problem: None },
        confidence: Confidence::High,
        place: String::new(),
    };
    saved.referral.packet.put(Field::ClientEmail, found);
    saved.referral.stopped = true;
    saved.facts.push(handoffd::referral::record::Fact { at: minute(at), ..fact(FactKind::Noted, "Stop.") });
    Commit { records: vec![saved], ..Commit::default() }
}

fn client(number: u64) -> String {
    format!("client{number}@client.example")
}

async fn stops(store: &Store, numbers: &[u64]) -> Vec<Option<i64>> {
    let mut all = Vec::new();
    for number in numbers {
        let at = store.stopped_at(&address(&client(*number))).await.unwrap();
        all.push(at.map(|at| (at - minute(0)).num_minutes()));
    }
    all
}

#[tokio::test]
async fn a_letter_that_was_put_off_makes_no_store_look_older() {
    let home = Home::sqlite().await;
    queue(&home, &["a", "b", "c"]).await;
    assert_eq!(home.store.look_for_a_put_back(minute(1)).await.unwrap(), None);
    let ids: Vec<i64> =
        home.store.claim(minute(1), LEASE, 9).await.unwrap().into_iter().map(|row| row.id).collect();
    let notes = [
        Note::Later { id: ids[0], at: minute(2), why: "not yet" },
        Note::NotBefore { id: ids[1], at: minute(2), why: "outside safe hours" },
        Note::Sent { id: ids[2], answer: "250".to_owned() },
    ];
    home.store.note(&notes, minute(1)).await.unwrap();
    assert_eq!(home.again().await.look_for_a_put_back(minute(2)).await.unwrap(), None);
}

#[tokio::test]
async fn of_a_count_that_was_written_while_somebody_was_told_the_next_failure_is_told_too() {
    let home = Home::sqlite().await;
    let (store, file) = (&home.store, beside(&home, ".claims"));
    queue(&home, &["a", "b", "c", "d"]).await;
    store.look_for_a_put_back(minute(1)).await.unwrap();
    let count = async |is_well: bool| {
        if is_well == file.is_dir() {
            if is_well { fs::remove_dir(&file).unwrap() } else { fs::remove_file(&file).unwrap() }
        }
        if !is_well {
            fs::create_dir_all(&file).unwrap();
        }
        assert_eq!(store.claim(minute(1), LEASE, 1).await.unwrap().len(), 1);
    };
    count(false).await;
    assert!(store.missed_counting_claims());
    // While the admins are written to, it can be written again.
    count(true).await;
    assert!(!store.missed_counting_claims());
    store.told_of_the_claims();
    count(false).await;
    assert!(store.missed_counting_claims(), "nobody knows of this one");
    store.told_of_the_claims();
    count(false).await;
    assert!(!store.missed_counting_claims(), "once");
}

#[tokio::test]
async fn a_store_that_knows_of_fewer_claims_was_put_back_once() {
    let home = Home::sqlite().await;
    queue(&home, &["a", "b"]).await;
    home.store.look_for_a_put_back(minute(1)).await.unwrap();
    // What is put off was claimed as well: the backup does not know of it.
    let first = home.store.claim(minute(1), LEASE, 1).await.unwrap()[0].id;
    let copy = backup(&home).await;
    home.store.note(&[Note::Later { id: first, at: minute(9), why: "not yet" }], minute(1)).await.unwrap();
    home.store.claim(minute(1), LEASE, 1).await.unwrap();

    let store = put_back(&home, &copy, &[".claims"]).await;
    assert_eq!(store.look_for_a_put_back(minute(2)).await.unwrap(), Some(2));
    assert_eq!(store.put_back_at().await.unwrap(), Some(minute(2)));
    assert_eq!(store.look_for_a_put_back(minute(3)).await.unwrap(), None);
}

#[tokio::test]
async fn a_stop_that_is_newer_than_all_a_store_knows_shows_that_it_was_put_back() {
    let home = Home::sqlite().await;
    home.store.look_for_a_put_back(minute(0)).await.unwrap();
    home.store.commit(&[stopped(1, 0)], minute(0)).await.unwrap();
    let copy = backup(&home).await;
    home.store.commit(&[stopped(2, 5)], minute(5)).await.unwrap();
    assert_eq!(home.again().await.look_for_a_put_back(minute(6)).await.unwrap(), None, "an ordinary start");

    // Nothing was claimed since, or the count was lost.
    for kept in [&[".stops"][..], &[".stops", ".claims"]] {
        let store = put_back(&home, &copy, kept).await;
        assert_eq!(stops(&store, &[2]).await, [None]);
        assert_eq!(store.look_for_a_put_back(minute(7)).await.unwrap(), Some(0));
        assert_eq!(stops(&store, &[2]).await, [Some(5)]);
        assert_eq!(store.look_for_a_put_back(minute(8)).await.unwrap(), None, "once");
    }
}

/// The clock is months behind; or it was far ahead before the backup, and is right now.
#[tokio::test]
async fn a_wrong_clock_hides_no_restore_and_makes_none_earlier_than_what_the_store_knows() {
    for (known, now, put_back_at) in [(3, -200_000, 5), (900_000, 7, 900_000)] {
        let home = Home::sqlite().await;
        home.store.look_for_a_put_back(minute(now)).await.unwrap();
        home.store.commit(&[stopped(1, known)], minute(known)).await.unwrap();
        let copy = backup(&home).await;
        home.store.commit(&[stopped(2, 5)], minute(5)).await.unwrap();
        let ordinary = home.again().await.look_for_a_put_back(minute(now)).await.unwrap();
        assert_eq!(ordinary, None, "an ordinary start");

        let store = put_back(&home, &copy, &[".stops"]).await;
        assert_eq!(store.look_for_a_put_back(minute(now)).await.unwrap(), Some(0), "{now}");
        assert_eq!(store.put_back_at().await.unwrap(), Some(minute(put_back_at)));
        assert_eq!(stops(&store, &[2]).await, [Some(5)]);
        assert_eq!(store.look_for_a_put_back(minute(now)).await.unwrap(), None, "once");
    }
}

/// What it says on safety counts from when it came.
#[tokio::test]
async fn a_mail_that_waits_in_the_backup_came_before_the_store_was_put_back() {
    let home = Home::sqlite().await;
    home.store.spool("inbox", Position::default(), &[incoming("a")], minute(0)).await.unwrap();
    home.store.put_back(minute(-200_000)).await.unwrap();
    assert_eq!(home.store.put_back_at().await.unwrap(), Some(minute(0)));
}

#[tokio::test]
async fn a_stop_that_was_never_written_is_not_kept_either() {
    let home = Home::sqlite().await;
    home.store.look_for_a_put_back(minute(0)).await.unwrap();
    home.store.commit(&[stopped(1, 0)], minute(0)).await.unwrap();
    let twice = home.store.commit(&[stopped(1, 5)], minute(5)).await;
    assert!(matches!(twice, Err(StoreError::Stale)), "{twice:?}");
    assert_eq!(home.again().await.look_for_a_put_back(minute(6)).await.unwrap(), None);
}

#[tokio::test]
async fn a_torn_or_foreign_line_hides_no_other_stop() {
    let home = Home::sqlite().await;
    let file = beside(&home, ".stops");
    let copy = backup(&home).await;
    home.store.commit(&[stopped(1, 1)], minute(1)).await.unwrap();
    let first = fs::read(&file).unwrap();
    let torn = [&first[..], b"\n\xff\xfe no text\n", &first[..first.len() - 30]].concat();
    fs::write(&file, torn).unwrap();
    home.store.commit(&[stopped(2, 2)], minute(2)).await.unwrap();
    // The beginning of an instant alone.
    fs::write(&file, [&fs::read(&file).unwrap()[..], b"\n18000"].concat()).unwrap();
    home.store.commit(&[stopped(3, 3)], minute(3)).await.unwrap();

    let store = put_back(&home, &copy, &[".stops"]).await;
    store.put_back(minute(9)).await.unwrap();
    assert_eq!(stops(&store, &[1, 2, 3, 4]).await, [Some(1), Some(2), Some(3), None]);
}

#[tokio::test]
async fn a_stop_of_the_far_future_counts_from_when_the_store_was_put_back() {
    let home = Home::sqlite().await;
    let file = beside(&home, ".stops");
    let copy = backup(&home).await;
    home.store.commit(&[stopped(1, 1)], minute(1)).await.unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let (at, digest) = text.trim().split_once(' ').unwrap();
    fs::write(&file, format!("{at}0000 {digest}\n")).unwrap();

    let store = put_back(&home, &copy, &[".stops"]).await;
    store.put_back(minute(9)).await.unwrap();
    assert_eq!(stops(&store, &[1]).await, [Some(9)]);
}

#[tokio::test]
async fn stops_that_cannot_be_read_end_the_start_before_anything_is_held() {
    let home = Home::sqlite().await;
    queue(&home, &["a"]).await;
    fs::create_dir(beside(&home, ".stops")).unwrap();
    for _ in 0..2 {
        let looked = home.store.look_for_a_put_back(minute(1)).await;
        assert!(matches!(looked, Err(StoreError::Unusable(_))), "{looked:?}");
        let held = home.store.put_back(minute(1)).await;
        assert!(matches!(held, Err(StoreError::Unusable(_))), "{held:?}");
    }
    assert_eq!(home.store.put_back_at().await.unwrap(), None);
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM outbox WHERE state = 'held'").await, 0);
}

#[tokio::test]
async fn a_stop_that_cannot_be_kept_is_written_all_the_same_and_said_once() {
    let home = Home::sqlite().await;
    fs::create_dir(beside(&home, ".stops")).unwrap();
    home.store.commit(&[stopped(1, 1)], minute(1)).await.unwrap();
    assert_eq!(home.raw.number("SELECT COUNT(*) FROM referral").await, 1);
    assert!(home.store.missed_keeping_a_stop());
    assert!(!home.store.keep_stops_again().await);
    assert!(home.store.missed_keeping_a_stop(), "until somebody was told");
    home.store.told_of_a_stop();
    assert!(!home.store.missed_keeping_a_stop());

    // It is in the file as soon as that can be written, beside the next one.
    let empty = Home::sqlite().await;
    let copy = backup(&empty).await;
    fs::remove_dir(beside(&home, ".stops")).unwrap();
    home.store.commit(&[stopped(2, 2)], minute(2)).await.unwrap();
    assert!(home.store.keep_stops_again().await && !home.store.missed_keeping_a_stop());
    let store = put_back(&home, &copy, &[".stops"]).await;
    store.put_back(minute(9)).await.unwrap();
    assert_eq!(stops(&store, &[1, 2]).await, [Some(1), Some(2)]);
}

/// A file whose disk is stuck: a pipe that nobody reads. Whoever reads it and hangs up fails what is written.
fn stuck(file: &Path) {
    assert!(Command::new("mkfifo").arg(file).status().unwrap().success());
}

/// Waits until the pipe is being written, puts it away, and lets the writing fail.
fn fail(file: &Path) {
    let mut pipe = fs::File::open(file).unwrap();
    fs::rename(file, file.with_extension("away")).unwrap();
    std::io::copy(&mut pipe, &mut std::io::sink()).unwrap();
}

/// Whether a look at the stops waits for something.
async fn waits(look: &mut (impl Future<Output = bool> + Unpin)) -> bool {
    tokio::time::timeout(Duration::ZERO, look).await.is_err()
}

#[tokio::test]
async fn a_stop_that_is_being_kept_is_lost_to_nobody_who_looks_meanwhile_or_gives_up() {
    let home = Home::sqlite().await;
    let file = beside(&home, ".stops");
    let copy = backup(&home).await;
    fs::create_dir(&file).unwrap();
    home.store.commit(&[stopped(1, 1)], minute(1)).await.unwrap();
    fs::remove_dir(&file).unwrap();

    stuck(&file);
    let mut first = Box::pin(home.store.keep_stops_again());
    assert!(waits(&mut first).await);
    let mut second = Box::pin(home.store.keep_stops_again());
    let waited = waits(&mut second).await;
    fail(&file);
    fs::create_dir(&file).unwrap();
    assert!(waited, "not all is kept");
    assert!(!first.await && !second.await);
    assert!(home.store.missed_keeping_a_stop());
    fs::remove_dir(&file).unwrap();

    fs::remove_file(file.with_extension("away")).unwrap();
    stuck(&file);
    let mut dropped = Box::pin(home.store.keep_stops_again());
    assert!(waits(&mut dropped).await);
    drop(dropped);
    fail(&file);
    assert!(home.store.keep_stops_again().await && !home.store.missed_keeping_a_stop());
    let store = put_back(&home, &copy, &[".stops"]).await;
    store.put_back(minute(9)).await.unwrap();
    assert_eq!(stops(&store, &[1]).await, [Some(1)]);
}

/// Deleting what is old leaves the counts of what was sent.
#[tokio::test]
async fn a_start_after_a_purge_or_a_forgotten_referral_is_not_taken_for_a_store_that_was_put_back() {
    let home = Home::sqlite().await;
    super::keeping::filled(&home, 3).await;
    home.store.look_for_a_put_back(minute(1)).await.unwrap();
    let ids: Vec<i64> =
        home.store.claim(minute(1), LEASE, 99).await.unwrap().into_iter().map(|row| row.id).collect();
    assert!(ids.len() >= 3, "{ids:?}");
    let sent: Vec<Note> = ids.into_iter().map(|id| Note::Sent { id, answer: "250".to_owned() }).collect();
    home.store.note(&sent, minute(1)).await.unwrap();
    let gone = home.store.list(true, 1).await.unwrap()[0].referral.reference.clone();
    home.store.forget(&gone, "host", minute(2)).await.unwrap();
    assert_eq!(home.again().await.look_for_a_put_back(minute(3)).await.unwrap(), None, "forgotten");
    super::keeping::close(&home, 1..=2).await;
    let late = Some(minute(99));
    let before = Before { raw_mail: late, closed: late, parked: late, letters: late };
    super::keeping::purge(&home.store, before).await;
    home.store.scrub().await.unwrap();
    assert_eq!(home.again().await.look_for_a_put_back(minute(100)).await.unwrap(), None, "purged");
}

/// PostgreSQL lies elsewhere: its witness stands in a folder of this machine. The older store here is an empty one.
#[tokio::test]
async fn a_postgresql_that_was_put_back_is_noticed_by_its_witness_and_loses_no_stop() {
    let folder = tempfile::tempdir().unwrap();
    let now = Home::postgres().await;
    let store = now.again().await.witnessed_in(folder.path()).unwrap();
    assert_eq!(store.look_for_a_put_back(minute(0)).await.unwrap(), None);
    let letters = vec![letter("a", "receipt")];
    store.commit(&[Commit { letters, ..Commit::default() }], minute(0)).await.unwrap();
    store.commit(&[stopped(1, 1)], minute(1)).await.unwrap();
    let again = now.again().await.witnessed_in(folder.path()).unwrap();
    assert_eq!(again.look_for_a_put_back(minute(2)).await.unwrap(), None, "an ordinary start");

    let older = Home::postgres().await.store.clone().witnessed_in(folder.path()).unwrap();
    assert_eq!(older.look_for_a_put_back(minute(3)).await.unwrap(), Some(0), "by the stop");
    assert_eq!(stops(&older, &[1]).await, [Some(1)]);
    assert_eq!(older.look_for_a_put_back(minute(4)).await.unwrap(), None, "once");

    again.look_for_a_put_back(minute(5)).await.unwrap();
    assert_eq!(again.claim(minute(5), LEASE, 9).await.unwrap().len(), 1);
    fs::remove_file(folder.path().join("handoffd.stops")).unwrap();
    let older = Home::postgres().await.store.clone().witnessed_in(folder.path()).unwrap();
    assert_eq!(older.look_for_a_put_back(minute(6)).await.unwrap(), Some(0), "by the letters that left");
}

#[tokio::test]
async fn a_folder_for_a_witness_that_is_not_there_is_said_with_its_remedy() {
    let home = Home::sqlite().await;
    let refused = home.again().await.witnessed_in(&home.folder.path().join("nowhere")).err();
    assert!(matches!(&refused, Some(StoreError::Unusable(why)) if why.contains("make it")), "{refused:?}");
}

/// What is kept of a stop is no instant of the history of the forgotten referral, and is known all the same.
#[tokio::test]
async fn a_kept_stop_is_tied_to_no_history_of_a_forgotten_referral() {
    let home = Home::sqlite().await;
    home.store.look_for_a_put_back(minute(0)).await.unwrap();
    home.store.commit(&[stopped(1, 1), stopped(2, 2)], minute(2)).await.unwrap();
    let old = backup(&home).await;
    let gone =
        home.store.list(true, 9).await.unwrap().into_iter().find(|stored| {
            stored.referral.client_address().is_some_and(|address| address.as_str() == client(1))
        });
    home.store.forget(&gone.unwrap().referral.reference, "host", minute(3)).await.unwrap();

    let mut kept: Vec<i64> = Vec::new();
    for line in fs::read_to_string(beside(&home, ".stops")).unwrap().lines().filter(|line| !line.is_empty()) {
        kept.push(line.split_once(' ').unwrap().0.parse().unwrap());
    }
    assert_eq!(kept.len(), 2);
    let in_histories = async |at: i64| {
        let (from, until) = (at - 60_000, at + 60_000);
        home.raw.number(&format!("SELECT COUNT(*) FROM history WHERE at BETWEEN {from} AND {until}")).await
    };
    assert_eq!(in_histories(kept[0]).await, 0, "the forgotten one");
    assert_ne!(in_histories(kept[1]).await, 0, "the other one is found by its instant");
    let noted = home.raw.number("SELECT at FROM stopped").await;
    assert_eq!(in_histories(noted).await, 0);
    assert_eq!(noted, kept[0], "both say the day");
    assert!(noted >= minute(3).timestamp_millis(), "no word from before counts as newer");

    assert_eq!(home.again().await.look_for_a_put_back(minute(4)).await.unwrap(), None, "both are known");
    let older = put_back(&home, &old, &[".stops"]).await;
    assert!(older.look_for_a_put_back(minute(4)).await.unwrap().is_some(), "it is not forgotten there");
}
