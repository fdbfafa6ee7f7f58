//! Keys that change, histories that were tampered with.

use std::fs;
use std::process::{Command, Stdio};

use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::PARTNER;
use super::office::{BIN, Office, referral, run_in};

async fn with_referrals(count: u32) -> tempfile::TempDir {
    let mut office = Office::open().await;
    for n in 0..count {
        let (phone, email) = (format!("518 555 {n:04}"), format!("client{n}@client.example"));
        office.mail(PARTNER, "Referral", &referral(&format!("Client Number{n}"), &phone, &email, "")).await;
    }
    office.desk.store.close().await;
    office.dir
}

#[tokio::test]
async fn a_rotation_that_is_killed_at_any_point_goes_on_and_the_old_key_may_go() {
    let dir = with_referrals(30).await;
    for wait in [0_u64, 2, 5, 10, 20, 40, 80] {
        let mut child = Command::new(BIN)
            .args(["key", "rotate", "--config"])
            .arg(dir.path().join("handoffd.toml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
        // SIGKILL; it may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let verified = run_in(dir.path(), &["verify"]);
        assert!(verified.status.success(), "after {wait} ms: {}", String::from_utf8_lossy(&verified.stdout));
    }
    let done = run_in(dir.path(), &["key", "rotate"]);
    assert!(done.status.success(), "{done:?}");
    let key_file = dir.path().join("secrets/handoffd.key");
    let text = fs::read_to_string(&key_file).unwrap();
    let keys: Vec<&str> =
        text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(keys.len() >= 2, "a key was added");
    let newest = keys.last().unwrap();
    let kept: String = text
        .lines()
        .filter(|line| line.starts_with("lookup") || line == newest)
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(&key_file, kept).unwrap();
    let verified = run_in(dir.path(), &["verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let listed = run_in(dir.path(), &["list", "--json"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("Client Number29"));
}

#[tokio::test]
async fn whatever_is_done_to_a_history_is_found_and_named() {
    let tampered = [
        (
            "UPDATE history SET kind = 'closed' WHERE referral_id = 2 AND seq = 2",
            "line 2 of its history was changed",
        ),
        (
            "UPDATE history SET at = at + 1 WHERE referral_id = 2 AND seq = 1",
            "line 1 of its history was changed",
        ),
        (
            "UPDATE history SET by_whom = 'sam' WHERE referral_id = 2 AND seq = 2",
            "line 2 of its history was changed",
        ),
        ("DELETE FROM history WHERE referral_id = 2 AND seq = 1", "line 1 of its history is missing"),
        (
            "DELETE FROM history WHERE referral_id = 2 AND seq = (SELECT MAX(seq) FROM history WHERE referral_id = 2)",
            "the end is missing",
        ),
        (
            "INSERT INTO history SELECT 2, 1 + (SELECT MAX(seq) FROM history WHERE referral_id = 2), at, kind, by_whom, \
             words, chain FROM history WHERE referral_id = 1 AND seq = 1",
            "of its history was changed",
        ),
        (
            "UPDATE history SET words = (SELECT words FROM history WHERE referral_id = 1 AND seq = 1), \
             chain = (SELECT chain FROM history WHERE referral_id = 1 AND seq = 1) WHERE referral_id = 2 AND seq = 1",
            "line 1 of its history was changed",
        ),
        (
            "UPDATE history SET seq = 99 WHERE referral_id = 2 AND seq = 1; \
             UPDATE history SET seq = 1 WHERE referral_id = 2 AND seq = 2; \
             UPDATE history SET seq = 2 WHERE referral_id = 2 AND seq = 99",
            "line 1 of its history was changed",
        ),
        (
            "UPDATE referral SET record = (SELECT record FROM referral WHERE id = 1) WHERE id = 2",
            "does not open",
        ),
        (
            "UPDATE mail_raw SET raw = (SELECT raw FROM mail_raw WHERE mail_id = 1) WHERE mail_id = 2",
            "mail 2 does not open",
        ),
    ];
    let dir = with_referrals(3).await;
    let database = dir.path().join("data/handoffd.db");
    let clean = fs::read(&database).unwrap();
    assert!(run_in(dir.path(), &["verify"]).status.success());
    for (sql, found) in tampered {
        for log in ["data/handoffd.db-wal", "data/handoffd.db-shm"] {
            let _ = fs::remove_file(dir.path().join(log));
        }
        fs::write(&database, &clean).unwrap();
        let mut connection =
            SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
        if sql.contains("history SET") || sql.starts_with("DELETE") {
            assert!(connection.execute(sql).await.is_err(), "the store itself refuses: {sql}");
        }
        connection.execute("DROP TRIGGER history_is_never_changed").await.unwrap();
        connection.execute("DROP TRIGGER history_is_never_deleted").await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
        let verified = run_in(dir.path(), &["verify"]);
        let said = String::from_utf8_lossy(&verified.stdout);
        assert_eq!(verified.status.code(), Some(1), "{sql}: {said}");
        assert!(said.contains(found), "{sql}: {said}");
    }
}

#[tokio::test]
async fn a_store_that_was_put_back_does_not_match_the_head_that_was_mailed() {
    let mut office = Office::open().await;
    office.mail(PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", "")).await;
    let later = office.now() + chrono::TimeDelta::hours(1);
    let (head, _) = office.desk.store.audit_head(later).await.unwrap();
    let as_of = later.to_rfc3339();
    let good = office.run(&["verify", "--head", &head, "--as-of", &as_of]);
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stdout));
    let other = "0".repeat(head.len());
    assert_eq!(office.run(&["verify", "--head", &other, "--as-of", &as_of]).status.code(), Some(1));
}

/// What leaves every chain whole, as somebody with the key could do it: a shorter history whose record says so too, a
/// referral that never was, an earlier copy that went on another way.
#[tokio::test]
async fn p31_what_no_chain_shows_does_not_match_the_head_that_was_mailed() {
    let mut office = Office::open().await;
    let database = office.dir.path().join("data/handoffd.db");
    office.mail(PARTNER, "Referral", &referral("Ann Smith", "518 555 0141", "ann@client.example", "")).await;
    office.mail(PARTNER, "Referral", &referral("Bo Jones", "518 555 0177", "bo@client.example", "")).await;
    office.desk.store.scrub().await.unwrap();
    let earlier = fs::read(&database).unwrap();
    office.mail("ann@client.example", "Hello", "Please call me.").await;
    let later = office.now() + chrono::TimeDelta::hours(1);
    let (head, _) = office.desk.store.audit_head(later).await.unwrap();
    office.desk.store.scrub().await.unwrap();
    let clean = fs::read(&database).unwrap();
    assert!(earlier != clean);
    office.desk.store.close().await;
    let as_of = later.to_rfc3339();
    let put = |bytes: &[u8]| {
        for log in ["data/handoffd.db-wal", "data/handoffd.db-shm"] {
            let _ = fs::remove_file(office.dir.path().join(log));
        }
        fs::write(&database, bytes).unwrap();
    };
    for (copy, sql, is_whole) in [
        (&clean, "", true),
        (
            &clean,
            "DELETE FROM history WHERE referral_id = 1 AND seq = (SELECT MAX(seq) FROM history WHERE referral_id = 1); \
             UPDATE referral SET facts = facts - 1, head = (SELECT chain FROM history WHERE referral_id = 1 \
              ORDER BY seq DESC LIMIT 1) WHERE id = 1",
            false,
        ),
        (
            &clean,
            "DELETE FROM history WHERE referral_id = 2; DELETE FROM person WHERE referral_id = 2; \
             DELETE FROM outbox_parcel WHERE outbox_id IN (SELECT id FROM outbox WHERE referral_id = 2); \
             DELETE FROM outbox WHERE referral_id = 2; DELETE FROM mail_about WHERE referral_id = 2; \
             UPDATE mail SET disposition = 'reply', referral_id = 1 WHERE referral_id = 2; \
             DELETE FROM referral WHERE id = 2",
            false,
        ),
        (&earlier, "", false),
        (&earlier, "fork", false),
    ] {
        put(copy);
        let mut connection =
            SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
        if sql == "fork" {
            let reference: String = sqlx::query_scalar("SELECT reference FROM referral WHERE id = 1")
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let words = ["act", "--config-first", reference.as_str(), "note", "another", "life"];
            assert!(run_in(office.dir.path(), &words).status.success());
        } else if !sql.is_empty() {
            connection.execute("DROP TRIGGER history_is_never_deleted").await.unwrap();
            connection.execute(sql).await.unwrap();
        }
        connection.close().await.unwrap();
        let verified = run_in(office.dir.path(), &["verify"]);
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert!(verified.status.success(), "no chain is broken: {sql}: {said}");
        let verified = run_in(office.dir.path(), &["verify", "--head", &head, "--as-of", &as_of]);
        let said = String::from_utf8_lossy(&verified.stdout).into_owned();
        assert_eq!(verified.status.success(), is_whole, "{sql}: {said}");
        assert_eq!(said.contains("the audit head differs"), !is_whole, "{sql}: {said}");
    }
}
