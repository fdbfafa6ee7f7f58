//! The real binary as a service: what it does when servers fail, when it is told to stop, and when mail is hostile.

mod health;
mod hostile;
mod lives;
mod matrix;
mod restore;
mod service;
mod start;
mod written;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::rig::ca::Authority;
use crate::rig::desk::{self, Desk, PARTNER, header, referral};
use crate::rig::dovecot::{Dovecot, PASSWORD};
use crate::rig::relay::{Act, Phase, Relay, Taken};
use crate::rig::rows::rows;
use crate::rig::smtp_sink::SmtpSink;
use crate::rig::{SOON, free_port, until};

fn worker(number: usize) -> String {
    format!("worker{number}@{PARTNER}")
}

/// The letters to one address, in the order they were taken.
fn letters_to<'a>(taken: &'a [Taken], to: &str) -> Vec<&'a Taken> {
    taken.iter().filter(|letter| letter.to == to).collect()
}

/// Waits until so many mails are handled and every letter that may leave has left. A letter to a client that waits for
/// an hour of theirs is not waited for; the spare ones of a flood are, because one about all of them takes their place.
fn all_settled(desk: &Desk, mails: usize) {
    const SQL: &str = "SELECT CAST((SELECT COUNT(*) FROM mail WHERE disposition IS NOT NULL) AS TEXT), \
         CAST((SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'claimed', 'in-doubt') AND (part <> 'client' \
         OR due_at < (CAST(strftime('%s', 'now') AS INTEGER) + 120) * 1000)) AS TEXT)";
    until(&format!("{mails} mails are handled and letters have left"), SOON * 20, || {
        looked_up(desk, SQL) == [[mails.to_string(), "0".to_owned()]]
    });
}

/// What the store holds, read past the daemon.
fn looked_up(desk: &Desk, sql: &'static str) -> Vec<Vec<String>> {
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(rows(&url, sql))
}

fn answered(relay: &Relay, number: usize) {
    let to = worker(number);
    until(&format!("a receipt to {to}"), SOON, || !letters_to(&relay.taken(), &to).is_empty());
}

#[test]
fn the_receipt_follows_the_mail_by_idle() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    // Polling alone would take an hour.
    let inbox = desk::imap(&dovecot, "desk").replace("poll_secs = 2", "poll_secs = 3600");
    let mut desk = Desk::new(&inbox, &desk::relay(relay.listener.port), desk::SQLITE);
    dovecot.deliver("desk", &referral(0, &worker(0)));
    desk.start();
    answered(&relay, 0);
    let mut waits: Vec<Duration> = (1..=10)
        .map(|number| {
            let delivered = Instant::now();
            dovecot.save("desk", "INBOX", &referral(number, &worker(number)));
            answered(&relay, number);
            delivered.elapsed()
        })
        .collect();
    waits.sort();
    println!("from delivery to receipt, this build: median {:?}, worst {:?}", waits[5], waits[9]);
}

#[test]
fn without_idle_the_inbox_is_polled() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    let inbox =
        format!("{}idle = false\n", desk::imap(&dovecot, "desk").replace("poll_secs = 2", "poll_secs = 1"));
    let mut desk = Desk::new(&inbox, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start_ready();
    for number in 0..3 {
        dovecot.deliver("desk", &referral(number, &worker(number)));
        answered(&relay, number);
    }
}

#[test]
fn a_sink_that_somebody_else_wrote_takes_our_letters() {
    let sink = SmtpSink::start(&[]);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(sink.port), desk::SQLITE);
    (0..20).for_each(|number| desk.drop_in(&format!("{number}"), &referral(number, &worker(number))));
    desk.start();
    // So many at once wait half a minute for more before their owner hears of them.
    desk.settled(20, Duration::from_mins(2));
    let recipients = sink.recipients();
    for number in 0..20 {
        let to = worker(number);
        assert_eq!(recipients.iter().filter(|recipient| **recipient == to).count(), 1, "{to}");
    }
}

#[test]
fn an_inbox_that_is_down_is_said_once_and_recovers() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    let port = free_port();
    let inbox = desk::imap_at(port, &dovecot.authority.ca, "desk");
    let mut desk = Desk::new(&inbox, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start_ready();
    let trouble = "the mailbox cannot be reached";
    until("the outage is said", SOON, || desk.said(trouble) > 0);
    // The port leads to the server from now on, for two mails; then the line is cut, and comes back.
    let bridge = Bridge::start(port, dovecot.tls_port);
    dovecot.deliver("desk", &referral(0, &worker(0)));
    answered(&relay, 0);
    drop(bridge);
    dovecot.deliver("desk", &referral(1, &worker(1)));
    until("the second outage is said", SOON, || desk.said("mailbox") > 1);
    let _bridge = Bridge::start(port, dovecot.tls_port);
    answered(&relay, 1);
    assert!(desk.lives());
    assert!(desk.said(trouble) <= 2, "once an outage:\n{}", desk.log());
    assert!(desk.said("Works again") >= 1);
}

#[test]
fn a_refused_login_and_a_wrong_authority_are_said_with_their_remedy() {
    let dovecot = Dovecot::start();
    let other = tempfile::tempdir().unwrap();
    let stranger = Authority::new(other.path());
    let wrong_ca = desk::imap_at(dovecot.tls_port, &stranger.ca, "desk");
    let cases = [
        ("not the password", desk::imap(&dovecot, "desk"), "refuses the login"),
        (PASSWORD, wrong_ca, "is not trusted"),
    ];
    for (password, inbox, words) in cases {
        let mut desk = Desk::new(&inbox, desk::FOLDER, desk::SQLITE);
        desk.secret("password", password);
        desk.start_ready();
        until(words, SOON, || desk.said(words) > 0);
        assert!(desk.lives());
        assert_eq!(desk.said(words), 1, "{}", desk.log());
        assert!(!desk.log().contains("not the password"));
        let line = desk.log().lines().find(|line| line.contains(words)).unwrap().to_owned();
        assert!(["check", "extra_ca", "settings"].iter().any(|remedy| line.contains(remedy)), "{line}");
    }
}

#[test]
fn a_relay_that_is_down_loses_nothing_and_keeps_the_order() {
    let port = free_port();
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(port), desk::SQLITE);
    desk.start_ready();
    for number in 0..3 {
        desk.drop_in(&format!("{number}"), &referral(number, &worker(number)));
        until("the mail is handled", SOON, || desk.json(&["list"]).as_array().unwrap().len() == number + 1);
    }
    until("the outage is said", SOON, || desk.said("the mail relay cannot be reached") > 0);
    let relay = Relay::start(|_| Act::Go);
    let _bridge = Bridge::start(port, relay.listener.port);
    desk.settled(3, SOON * 3);
    assert_eq!(desk.said("the mail relay cannot be reached"), 1, "{}", desk.log());
    let taken = relay.taken();
    for number in 0..3 {
        assert_eq!(letters_to(&taken, &worker(number)).len(), 1);
    }
    // Letters to one address arrive in the order they were written.
    let references: Vec<String> = desk
        .json(&["list"])
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reference"].as_str().unwrap().to_owned())
        .collect();
    let place = |letter: &Taken| {
        references.iter().position(|reference| header(&letter.message, "Subject").contains(reference))
    };
    let mut order: Vec<Option<usize>> =
        letters_to(&taken, "maria@desk.example.org").into_iter().map(place).collect();
    let received: BTreeMap<String, usize> =
        (0..3).map(|number| (format!("Number{number}"), number)).collect();
    assert_eq!((order.len(), received.len()), (3, 3));
    // `list` may be sorted either way, the letters only one.
    let forwards = order.is_sorted();
    order.reverse();
    assert!(forwards || order.is_sorted(), "{order:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_always_loses_its_answer_gets_three_copies_at_most() {
    let relay = Relay::start(|turn| {
        let loses = turn.phase == Phase::Dot && turn.to == worker(0);
        if loses { Act::TakeAndDrop } else { Act::Go }
    });
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("0", &referral(0, &worker(0)));
    desk.drop_in("1", &referral(1, &worker(1)));
    desk.start();
    until("the letter is held", SOON, || desk.said("in doubt too often") > 0);
    answered(&relay, 1);
    let taken = relay.taken();
    let copies = letters_to(&taken, &worker(0));
    let ids: Vec<String> = copies.iter().map(|letter| header(&letter.message, "Message-ID")).collect();
    assert!((1..=3).contains(&copies.len()), "{} copies", copies.len());
    assert!(ids.windows(2).all(|two| two[0] == two[1]), "{ids:?}");
    let url = format!("sqlite://{}", desk.path("handoffd.db").display());
    until("the store holds it", SOON, || desk.json(&["health"])["letters_failed"] == 1);
    let held = rows(&url, "SELECT kind, part FROM outbox WHERE state = 'held'").await;
    assert_eq!(held, [["receipt", "sender"]]);
}

#[test]
fn told_to_stop_under_load_it_ends_by_itself_and_loses_nothing() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    (0..150).for_each(|number| desk.drop_in(&format!("{number:04}"), &referral(number, &worker(number))));
    desk.start();
    until("letters leave", SOON, || relay.taken().len() > 20);
    let code = desk.terminate();
    assert_eq!(code, 0, "{}", desk.log());
    desk.start_ready();
    desk.settled(150, SOON * 4);
    let taken = relay.taken();
    for number in 0..150 {
        let ids: Vec<String> = letters_to(&taken, &worker(number))
            .iter()
            .map(|letter| header(&letter.message, "Message-ID"))
            .collect();
        assert!(!ids.is_empty() && ids.windows(2).all(|two| two[0] == two[1]), "{number}: {ids:?}");
    }
}

/// A port that leads to another one for as long as this lives; dropping it cuts every connection.
struct Bridge {
    over: std::sync::Arc<std::sync::atomic::AtomicBool>,
    open: std::sync::Arc<std::sync::Mutex<Vec<std::net::TcpStream>>>,
    accepts: Option<std::thread::JoinHandle<()>>,
    port: u16,
}

impl Bridge {
    fn start(port: u16, to: u16) -> Bridge {
        use std::net::{TcpListener, TcpStream};
        use std::sync::atomic::Ordering;
        // std sets SO_REUSEADDR, so the port can be had again at once.
        let socket = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let (over, open) = (std::sync::Arc::default(), std::sync::Arc::default());
        let mut bridge = Bridge { over, open, accepts: None, port };
        let (over, open) = (bridge.over.clone(), bridge.open.clone());
        bridge.accepts = Some(std::thread::spawn(move || {
            for near in socket.incoming().map(Result::unwrap) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(far) = TcpStream::connect(("127.0.0.1", to)) else { continue };
                let ends = [near.try_clone().unwrap(), far.try_clone().unwrap()];
                open.lock().unwrap().extend(ends);
                for (mut from, mut into) in
                    [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)]
                {
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut into);
                        let _ = into.shutdown(std::net::Shutdown::Both);
                    });
                }
            }
        }));
        bridge
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.over.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(("127.0.0.1", self.port));
        for stream in self.open.lock().unwrap().iter() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        let _ = self.accepts.take().map(std::thread::JoinHandle::join);
    }
}
