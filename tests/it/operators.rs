//! What operators do on the host, by the real binary, on either database: `show`, `hold`, `release`, `forget`,
//! `verify`, `key rotate`, `act`.

use std::fs;

use crate::rig::SOON;
use crate::rig::desk::{self, Desk, PARTNER, referral};
use crate::rig::postgres::Postgres;
use crate::rig::rows;

/// A desk that has handled two referrals, at rest; their numbers.
fn at_rest(store: &str, url: Option<&str>) -> (Desk, Vec<String>) {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, store);
    if let Some(url) = url {
        desk.secret("url", url);
    }
    for number in [1, 2] {
        desk.drop_in(&number.to_string(), &referral(number, &format!("worker{number}@{PARTNER}")));
    }
    desk.start();
    desk.settled(2, SOON);
    desk.terminate();
    let listed = desk.json(&["list"]);
    let numbers = listed.as_array().unwrap().iter().map(|one| one["reference"].as_str().unwrap().to_owned());
    (desk, numbers.collect())
}

fn done(desk: &Desk, arguments: &[&str]) -> String {
    let ended = desk.run(arguments);
    assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
    ended.out
}

fn refused(desk: &Desk, arguments: &[&str], why: &str) {
    let ended = desk.run(arguments);
    assert!(ended.code != 0 && ended.err.contains(why), "{arguments:?}: {}{}", ended.out, ended.err);
}

fn operators_keep_and_forget(store: &str, url: Option<&str>) {
    let (desk, numbers) = at_rest(store, url);
    let (kept, gone) = (numbers[0].as_str(), numbers[1].as_str());
    done(&desk, &["hold", kept, "--by", "maria", "--reason", "subpoena"]);
    refused(&desk, &["hold", kept, "--by", "sam", "--reason", "subpoena"], "placed a hold already");
    refused(&desk, &["forget", kept], "a legal hold keeps it, placed by maria");
    refused(&desk, &["release", kept, "--by", "maria", "--reason", "over"], "");
    done(&desk, &["release", kept, "--by", "sam", "--reason", "over"]);
    assert!(done(&desk, &["forget", gone]).contains("is forgotten"));
    assert!(done(&desk, &["forget", gone]).contains("was forgotten before"));
    refused(&desk, &["show", gone], "there is no referral");
    assert!(done(&desk, &["verify"]).contains("Looked at 2 referrals"));
    // A fresh key wraps everything; then the old one may go, and nothing is lost.
    assert!(done(&desk, &["key", "rotate"]).contains("take its line out"));
    let text = fs::read_to_string(desk.path("key")).unwrap();
    let kept_lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("1 ")).collect();
    desk.secret("key", &kept_lines.join("\n"));
    assert!(done(&desk, &["verify"]).contains("all is well"));
    assert_eq!(desk.json(&["show", kept])["reference"], kept);
    assert!(done(&desk, &["history", kept]).contains("subpoena"));
}

fn an_admin_is_told_why_nothing_changed(store: &str, url: Option<&str>) {
    let (desk, numbers) = at_rest(store, url);
    let one = numbers[0].as_str();
    for (words, why) in [
        ("decline", "decline needs a reason"),
        ("accept\ndecline no room", "contradict each other"),
        ("resume", "nothing is waiting"),
        ("away until 2030-01-01", "nobody of that name"),
    ] {
        refused(&desk, &["act", one, words], why);
    }
    assert!(done(&desk, &["act", one, "ayuda"]).contains("    attempt call no answer\n"));
    assert!(done(&desk, &["act", one, "nota la llamé"]).contains("note kept"));
    assert!(done(&desk, &["act", one, "historial"]).contains("la llamé (host)"));
    // What is about a person and no referral names the person; it is told to them, and who said it is kept.
    refused(&desk, &["act", "maria", "away until 2020-01-01"], "that day is over");
    for (words, away) in [("ausente hasta el 31 de diciembre", true), ("back", false)] {
        assert!(done(&desk, &["act", "maria", words]).contains("they and who covers are told"));
        assert_eq!(done(&desk, &["report", "daily"]).contains("(said on the host)"), away);
    }
}

#[test]
fn an_admin_acts_and_is_told_why_nothing_changed_on_sqlite() {
    an_admin_is_told_why_nothing_changed(desk::SQLITE, None);
}

#[test]
fn an_admin_acts_and_is_told_why_nothing_changed_on_postgresql() {
    let url = Postgres::start().url;
    an_admin_is_told_why_nothing_changed("kind = \"postgres\"\nurl_file = \"url\"\n", Some(&url));
}

#[test]
fn a_damaged_row_ends_no_rotation_of_keys_for_good() {
    const DAMAGE: [&str; 2] = [
        "UPDATE mail SET data_key = CAST(X'0109' || substr(data_key, 3) AS BLOB) WHERE id = 1",
        "UPDATE mail SET data_key = CAST(substr(data_key, 1, 70) || X'61626364' AS BLOB) WHERE id = 2",
    ];
    let (desk, numbers) = at_rest(desk::SQLITE, None);
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for damage in DAMAGE {
        runtime.block_on(rows::change(&url, damage));
    }
    for id in [2, 3] {
        let told = done(&desk, &["key", "rotate"]);
        assert!(told.contains(&format!("Key {id} is added")), "{told}");
        assert!(told.contains("2 data keys do not open and stay as they are"), "{told}");
        assert!(!told.contains("take its line out") && !told.contains("\n0 data keys"), "{told}");
    }
    assert_eq!(desk.json(&["show", &numbers[0]])["reference"], numbers[0].as_str());
}

#[test]
fn operators_keep_and_forget_on_sqlite() {
    operators_keep_and_forget(desk::SQLITE, None);
}

#[test]
fn operators_keep_and_forget_on_postgresql() {
    let url = Postgres::start().url;
    operators_keep_and_forget("kind = \"postgres\"\nurl_file = \"url\"\n", Some(&url));
}

#[test]
fn only_what_fetches_and_sends_mail_reads_the_passwords_of_mailbox_and_relay() {
    let (desk, numbers) = at_rest(desk::SQLITE, None);
    let imap = "kind = \"imap\"\nhost = \"localhost\"\nuser = \"desk\"\npassword_file = \"none/imap\"\n";
    let smtp = "kind = \"smtp\"\nhost = \"localhost\"\nuser = \"desk\"\npassword_file = \"none/smtp\"\n";
    desk.configure(imap, smtp, desk::SQLITE);
    let reference = numbers[0].as_str();
    for words in [
        &["list"][..],
        &["show", reference],
        &["history", reference],
        &["disclosures"],
        &["report", "daily"],
        &["report", "metrics"],
        &["parked", "list"],
        &["verify"],
        &["export"],
        &["diag"],
        &["policy", "export"],
        &["act", reference, "attempt call no answer"],
        &["hold", reference, "--by", "maria", "--reason", "a request"],
        &["release", reference, "--by", "sam", "--reason", "done"],
        &["key", "rotate"],
        &["restored"],
        &["forget", reference],
    ] {
        done(&desk, words);
    }
    assert_eq!(desk.feed(&["ingest"], &referral(3, &format!("worker3@{PARTNER}"))).code, 0);
    assert!(!desk.run(&["health"]).out.is_empty());
    for words in ["run", "check"] {
        let ended = desk.run(&[words]);
        let said = ended.out + &ended.err;
        assert!(ended.code == 78 && said.matches("there is no such file").count() == 2, "{words}: {said}");
    }
    // What opens the store is asked for by all of them.
    fs::remove_file(desk.path("key")).unwrap();
    assert_eq!(desk.run(&["list"]).code, 78);
}

#[test]
fn show_says_of_a_yes_that_is_not_believed_that_it_is_none() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let mail = String::from_utf8(referral(1, &format!("worker1@{PARTNER}"))).unwrap();
    desk.drop_in(
        "1",
        format!("{mail}Safe to email: yes\r\nNotes: he reads her mail and has her phone\r\n").as_bytes(),
    );
    desk.start();
    desk.settled(1, SOON);
    let reference = desk.json(&["list"])[0]["reference"].as_str().unwrap().to_owned();
    let shown = desk.run(&["show", &reference]).out;
    let line = |key: &str| shown.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    let doubted = "-> not believed, somebody must ask: the mail warns of it";
    assert!(line("safe_email").ends_with(doubted), "{shown}");
    assert!(line("Ways").contains("not safe:") && line("Ways").contains("email"), "{shown}");
}
