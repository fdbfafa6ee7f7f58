//! With a scripted server that lies, floods, goes silent, or is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use handoffd::mailbox::imap::{Imap, ImapSettings};
use handoffd::mailbox::{Cursor, MailboxError};
use handoffd::wire::Security;
use tokio::time::timeout;

use super::script::{MAIL, cursor, first_look, good, server};
use super::{uids, whole};
use crate::rig::SOON;
use crate::rig::imap::{FakeImap, Talk};

#[tokio::test]
async fn i7_answers_nobody_asked_for_become_no_mail() {
    let server = server(|talk, command| {
        let bodies = command.contains("BODY.PEEK[]");
        if bodies {
            talk.mail(99, "Subject: not asked\r\n\r\n");
            talk.raw(b"* 1 FETCH (BODY[] {3}\r\nabc)\r\n* 2 FETCH (UID 2 BODY[HEADER] {3}\r\nabc)\r\n");
            talk.raw(b"* 2 FETCH (UID 2 BODY[1] {3}\r\nabc)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n");
            for uid in [3, 2, 1, 2] {
                talk.mail(uid, &format!("Subject: {uid}\r\n\r\n"));
            }
            talk.raw(b"* 1 FETCH (UID 1 BODY[] {5}\r\nother)\r\n");
            talk.done("OK fetched");
        } else if command.contains("RFC822.SIZE") {
            talk.say("* 9 FETCH (UID 99 RFC822.SIZE 5)\n* 8 FETCH (FLAGS ())\n* 2 EXPUNGE");
            talk.list(&[3, 1, 2, 1], 7);
        }
        bodies || command.contains("RFC822.SIZE")
    });
    let batch = first_look(&server).await.unwrap();
    assert_eq!(uids(&batch), [1, 2, 3]);
    for mail in &batch.mails {
        assert_eq!(whole(mail), format!("Subject: {}\r\n\r\n", mail.origin.uid).as_bytes());
    }
}

#[tokio::test]
async fn i9_to_i12_floods_are_cut_before_they_cost_memory_or_time() {
    type Flood = fn(&mut Talk);
    let floods: [(&str, Flood); 4] = [
        ("a literal of 512 MiB", |talk| {
            talk.raw(b"* 1 FETCH (UID 1 BODY[] {536870912}\r\n");
            while talk.raw(&b"x".repeat(65_536)) {}
        }),
        ("a quoted string without an end", |talk| {
            talk.raw(b"* 1 FETCH (UID 1 BODY[] \"");
            while talk.raw(&b"x".repeat(65_536)) {}
        }),
        ("a search of 4 MB", |talk| {
            talk.raw(b"* SEARCH");
            while talk.raw(&b" 4294967295".repeat(6000)) {}
        }),
        ("200,000 small literals", |talk| {
            talk.raw(b"* 1 FETCH (UID 1 X (");
            while talk.raw(&b"{1}\r\nx ".repeat(1000)) {}
        }),
    ];
    for (what, flood) in floods {
        let server = server(move |talk, command| {
            let bodies = command.contains("BODY.PEEK[]");
            if bodies {
                flood(talk);
            }
            bodies
        });
        let error = timeout(SOON, first_look(&server)).await.expect(what).expect_err(what);
        assert!(matches!(error, MailboxError::Protocol { .. }), "{what}: {error}");
    }
}

#[tokio::test]
async fn i13_i14_a_silent_or_slow_server_costs_one_deadline() {
    for stage in ["greeting", "LOGIN", "SELECT", "UID FETCH", "endless chatter"] {
        let server = FakeImap::start(move |talk, _| {
            if stage == "greeting" {
                while talk.hear().is_some() {}
                return;
            }
            talk.say("* OK ready");
            while let Some(command) = talk.hear() {
                if stage == "endless chatter" && command.starts_with("SELECT") {
                    while talk.raw(&b"* OK still here\r\n".repeat(100)) {}
                } else if command.starts_with(stage) {
                    // Never a whole line.
                    talk.raw(b"* ");
                } else {
                    good(talk, &command);
                }
            }
        });
        let settings = ImapSettings { timeout: Duration::from_millis(300), ..server.settings() };
        let mut imap = Imap::new(settings);
        let looked = timeout(SOON, imap.fetch(&Cursor::default())).await.expect(stage);
        let error = looked.expect_err(stage);
        assert!(matches!(error, MailboxError::Timeout { .. }), "{stage}: {error}");
    }
}

#[tokio::test]
async fn i16_odd_greetings_are_refused_and_no_password_follows() {
    for (greeting, preauth) in
        [("* PREAUTH hello", true), ("* BYE full", false), ("+ go", false), ("HTTP/1.1", false)]
    {
        let heard = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&heard);
        let server = FakeImap::start(move |talk, _| {
            talk.say(greeting);
            while talk.hear().is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        let error = first_look(&server).await.expect_err(greeting);
        assert_eq!(matches!(error, MailboxError::Preauthenticated), preauth, "{error}");
        drop(server);
        assert_eq!(heard.load(Ordering::SeqCst), 0, "{greeting}");
    }
}

#[tokio::test]
async fn i16_what_a_server_says_is_shown_as_plain_short_text() {
    let server = server(|talk, command| {
        let here = command.starts_with("LOGIN");
        if here {
            talk.done(&format!("NO \x1b[2J <ann@example.org> {}", "x".repeat(5000)));
        }
        here
    });
    let error = first_look(&server).await.unwrap_err().to_string();
    assert!(error.len() < 400 && !error.contains('\x1b') && !error.contains("ann@"), "{error}");
}

#[tokio::test]
async fn plain_connections_never_leave_this_machine() {
    let server = server(|_, _| false);
    let settings = ImapSettings { host: "192.0.2.1".to_owned(), ..server.settings() };
    let error = Imap::new(settings).fetch(&Cursor::default()).await.unwrap_err();
    assert!(error.is_permanent() && error.to_string().contains("loopback"), "{error}");
}

#[tokio::test]
async fn i25_wherever_the_connection_is_cut_every_mail_comes_once() {
    let mut cuts = 0;
    for bytes in 0.. {
        let server = FakeImap::start(move |talk, number| {
            talk.cut_after(if number == 0 { bytes } else { usize::MAX });
            talk.say("* OK ready");
            while let Some(command) = talk.hear() {
                good(talk, &command);
            }
        });
        let mut imap = Imap::new(server.settings());
        let (mut at, mut read) = (Cursor { validity: 7, next_uid: 1 }, Vec::new());
        while at != cursor(4) {
            if let Ok(batch) = imap.fetch(&at).await {
                assert!(!batch.renumbered && batch.vanished == 0, "cut after {bytes}");
                assert!(batch.mails.iter().all(|mail| whole(mail) == MAIL.as_bytes()), "cut after {bytes}");
                read.extend(uids(&batch));
                at = batch.cursor;
            }
        }
        assert_eq!(read, [1, 2, 3], "cut after {bytes}");
        if server.0.connections() == 1 {
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 400, "{cuts}");
}

#[tokio::test]
async fn i18_without_tls_agreed_no_password_is_sent() {
    for (greeting, answer) in [
        ("* OK ready", "BAD unknown command"),
        ("* OK ready", "NO not today"),
        ("* OK ready", "OK begin\n* CAPABILITY IMAP4rev1\nA0002 OK LOGIN done"),
        ("* PREAUTH you are in", "OK begin"),
    ] {
        let passwords = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&passwords);
        let server = FakeImap::start(move |talk, _| {
            talk.say(greeting);
            while let Some(command) = talk.hear() {
                counted.fetch_add(usize::from(command.contains("secret")), Ordering::SeqCst);
                talk.done(answer);
            }
        });
        let settings = ImapSettings { security: Security::StartTls, ..server.settings() };
        let error = Imap::new(settings).fetch(&Cursor::default()).await.expect_err(answer);
        drop(server);
        assert_eq!(passwords.load(Ordering::SeqCst), 0, "{answer}: {error}");
    }
}
