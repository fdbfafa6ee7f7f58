//! Mails meant to stop the daemon, or that would: bounded, kept, parked with a cause; the next mail goes its way.

use std::fs;

use crate::rig::desk::{self, Desk, referral};
use crate::rig::dovecot::Dovecot;
use crate::rig::relay::{Act, Relay};
use crate::rig::rows::{change, rows};
use crate::rig::{SOON, until};

use super::{answered, letters_to, worker};

/// The daemon's memory in use, in MiB, now and at its highest.
fn memory(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    (field("VmRSS"), field("VmHWM"))
}

fn mail(fields: &str, body: &str) -> Vec<u8> {
    format!("From: evil@harbor-house.example\r\nTo: referrals@desk.example.org\r\n{fields}\r\n{body}")
        .into_bytes()
}

/// A mail of at least so many bytes.
fn dull(bytes: usize) -> Vec<u8> {
    let line = "all work and no play\r\n";
    mail("", &line.repeat(bytes / line.len() + 1))
}

/// Each mail of issue 2's "Bad input", and what it is parked for; none where it need not be parked.
fn bad_mails() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    let parts = "--x\r\nContent-Type: text/plain\r\n\r\na\r\n".repeat(100_000);
    vec![
        ("empty", Vec::new(), Some("empty")),
        ("line ends only", b"\r\n\r\n".to_vec(), Some("empty")),
        ("100 MB", dull(100 << 20), Some("too_large")),
        (
            "nested 100,000 deep",
            "Content-Type: message/rfc822\r\n\r\n".repeat(100_000).into_bytes(),
            Some("too_deep"),
        ),
        (
            "multiparts 100,000 deep",
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(100_000).into_bytes(),
            Some("too_deep"),
        ),
        (
            "100,000 parts",
            mail("Content-Type: multipart/mixed; boundary=x\r\n", &format!("{parts}--x--\r\n")),
            Some("too_many"),
        ),
        ("100,000 fields", mail(&"X: y\r\n".repeat(100_000), "body"), Some("too_many")),
        ("unknown charset", mail("Content-Type: text/plain; charset=x-none\r\n", "\u{e9}t\u{e9}\r\n"), None),
        ("no Message-ID", mail("Subject: hello\r\n", "please help\r\n"), None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_mails_are_parked_with_a_cause_and_delay_nobody() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start_ready();
    let mut mails = 0;
    for (number, (what, bytes, cause)) in bad_mails().into_iter().enumerate() {
        desk.drop_in(&format!("{number}-bad"), &bytes);
        desk.drop_in(&format!("{number}-good"), &referral(number, &worker(number)));
        mails += 2;
        answered(&relay, number);
        desk.settled(mails, SOON);
        let parked = desk.json(&["parked", "list"]);
        let newest = parked.as_array().unwrap().last().map(|one| one["cause"].as_str().unwrap().to_owned());
        if cause.is_some() {
            assert_eq!(newest.as_deref(), cause, "{what}");
        }
        let (now, most) = memory(desk.pid());
        println!("{what}: {now} MiB, at most {most} MiB");
        assert!(most < 400, "{what}: {most} MiB");
    }
    assert!(desk.lives());
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    let kept = rows(
        &url,
        "SELECT CAST(bytes AS TEXT), CAST(LENGTH(raw) AS TEXT) FROM mail JOIN mail_raw ON mail_id = id \
         WHERE cause = 'too_large'",
    )
    .await;
    let (size, stored): (u64, u64) = (kept[0][0].parse().unwrap(), kept[0][1].parse().unwrap());
    assert!(size > 100 << 20 && stored < 1 << 20, "{size} bytes, {stored} of them in the store");
}

#[test]
fn a_huge_mail_is_not_fetched_from_the_server() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    dovecot.deliver("desk", &dull(40 << 20));
    dovecot.deliver("desk", &referral(0, &worker(0)));
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start();
    answered(&relay, 0);
    desk.settled(2, SOON);
    let (_, most) = memory(desk.pid());
    assert!(most < 200, "{most} MiB");
    assert_eq!(desk.json(&["parked", "list"])[0]["cause"], "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ended_the_process_twice_is_parked_unread() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    // In the spool, but not handled: `ingest` only keeps it.
    assert_eq!(desk.feed(&["ingest"], &referral(0, &worker(0))).code, 0);
    assert_eq!(desk.feed(&["ingest"], &referral(1, &worker(1))).code, 0);
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    change(&url, "UPDATE mail SET attempts = 2 WHERE id = (SELECT MIN(id) FROM mail)").await;
    desk.start();
    answered(&relay, 1);
    desk.settled(2, SOON);
    let parked = desk.json(&["parked", "list"]);
    assert_eq!((parked.as_array().unwrap().len(), &parked[0]["cause"]), (1, &"poison".into()));
    assert!(letters_to(&relay.taken(), &worker(0)).is_empty());
    // A person looked and lets it in.
    let id = parked[0]["id"].to_string();
    assert_eq!(desk.run(&["parked", "replay", &id]).code, 0);
    answered(&relay, 0);
    until("nothing is parked", SOON, || desk.json(&["parked", "list"]).as_array().unwrap().is_empty());
}
