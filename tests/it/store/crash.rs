//! A life that ends by SIGKILL, again and again: whatever the moment, no decision is half there.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use handoffd::referral::disposition::Disposition;
use handoffd::store::records::Commit;
use handoffd::store::spool::Position;
use handoffd::store::{Place, Store};

use super::{Home, IGNORED, Raw, incoming, keys, letter, minute, opening, settled};
use crate::rig::{SOON, until};

on_both! {
    a_killed_process_leaves_no_half_decision
}

const WHERE: &str = "HANDOFFD_TEST_STORE";
const KILLS: u64 = 15;

async fn a_killed_process_leaves_no_half_decision(home: Home) {
    let mut last = 0;
    let mut lives_with_work = 0;
    for round in 0..KILLS {
        live_and_die(&home.place, Duration::from_millis(round * 37 % 90));
        let mails = check(&home).await;
        lives_with_work += u64::from(mails > last);
        last = mails;
    }
    assert!(lives_with_work > KILLS / 2, "too few lives got to work: {lives_with_work} of {KILLS}");
    // The next life takes up what the last one left.
    let store = home.again().await;
    loop {
        let left = store.take_waiting(10_000).await.unwrap();
        if left.is_empty() {
            break;
        }
        decide(&store, &left.iter().map(|mail| mail.id).collect::<Vec<_>>()).await;
    }
    assert_eq!(store.waiting().await.unwrap(), 0);
    check(&home).await;
}

/// Starts this test binary as a process that works on the store, and kills it some time after it has opened it.
fn live_and_die(place: &Place, after: Duration) {
    let place = match place {
        Place::Sqlite(path) => path.display().to_string(),
        Place::Postgres(url) => url.clone(),
    };
    let mut life = Command::new(std::env::current_exe().unwrap())
        .args(["store::crash::a_life", "--exact", "--ignored", "--nocapture"])
        .env(WHERE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(life.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("the store is open")), "the process never got to work");
    let end = Instant::now() + after;
    until("the moment to die", SOON, || Instant::now() >= end);
    life.kill().unwrap();
    life.wait().unwrap();
}

/// The body of the process that is killed: it spools, takes and decides without end.
#[tokio::test]
#[ignore = "it runs as the child of the test above, until it is killed"]
async fn a_life() {
    let Ok(place) = std::env::var(WHERE) else { return };
    let place =
        if place.starts_with("postgres") { Place::Postgres(place) } else { Place::Sqlite(place.into()) };
    let store = Store::open(&place, keys(7)).await.unwrap();
    println!("\nthe store is open");
    loop {
        let position = store.position("inbox").await.unwrap();
        let next_uid = position.next_uid + 3;
        let mails: Vec<_> =
            (position.next_uid..next_uid).map(|uid| incoming(&format!("inbox/{uid}"))).collect();
        store.spool("inbox", Position { next_uid, ..position }, &mails, minute(0)).await.unwrap();
        let waiting = store.take_waiting(100).await.unwrap();
        decide(&store, &waiting.iter().map(|mail| mail.id).collect::<Vec<_>>()).await;
    }
}

/// Every second mail opens a referral, the others are ignored; one letter about no referral a batch.
async fn decide(store: &Store, mails: &[i64]) {
    let mut commits: Vec<Commit> = Vec::new();
    for mail in mails {
        commits.push(if mail % 2 == 0 {
            let commit = opening(mail.cast_unsigned());
            Commit { mail: Some(settled(*mail, Disposition::Referral)), ..commit }
        } else {
            Commit { mail: Some(settled(*mail, IGNORED)), ..Commit::default() }
        });
    }
    if let (Some(commit), Some(mail)) = (commits.first_mut(), mails.first()) {
        commit.letters = vec![letter(&format!("batch/{mail}"), "digest")];
    }
    store.commit(&commits, minute(1)).await.unwrap();
}

/// The damage there is: none. Returns how many mails there are.
async fn check(home: &Home) -> i64 {
    if let Raw::Sqlite(_) = home.raw {
        assert_eq!(home.raw.texts("PRAGMA integrity_check").await, ["ok"]);
        assert_eq!(home.raw.texts("SELECT \"table\" FROM pragma_foreign_key_check").await, [""; 0]);
    }
    for (what, sql) in [
        (
            "a mail that opened a referral, without the referral, its facts or its letter",
            "SELECT COUNT(*) FROM mail m LEFT JOIN referral r ON r.id = m.referral_id \
             WHERE m.disposition = 'referral' AND (r.id IS NULL \
                 OR (SELECT COUNT(*) FROM history h WHERE h.referral_id = r.id) <> 2 \
                 OR (SELECT COUNT(*) FROM person p WHERE p.referral_id = r.id) <> 1 \
                 OR (SELECT COUNT(*) FROM outbox o WHERE o.referral_id = r.id) <> 1)",
        ),
        (
            "a referral without its mail",
            "SELECT COUNT(*) FROM referral r WHERE NOT EXISTS (SELECT 1 FROM mail m WHERE m.referral_id = r.id)",
        ),
        (
            "a waiting mail nobody took, before one that is settled",
            "SELECT COUNT(*) FROM mail m WHERE m.disposition IS NULL \
             AND EXISTS (SELECT 1 FROM mail l WHERE l.id > m.id AND l.disposition IS NOT NULL)",
        ),
        (
            "a settled mail that was never counted",
            "SELECT COUNT(*) FROM mail WHERE attempts = 0 AND disposition IS NOT NULL",
        ),
        (
            "a position that does not fit the mails",
            "SELECT COALESCE((SELECT next_uid FROM mailbox), 0) - (SELECT COUNT(*) FROM mail)",
        ),
    ] {
        assert_eq!(home.raw.number(sql).await, 0, "{what}");
    }
    home.raw.number("SELECT COUNT(*) FROM mail").await
}
