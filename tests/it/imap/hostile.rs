//! With a scripted server that refuses, hangs up, lies or floods.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use handoffd::mailbox::imap::{After, Imap, ImapSettings};
use handoffd::mailbox::{Batch, Cursor, MailboxError, Raw};
use handoffd::wire::Security;

use super::{uids, whole};
use crate::rig::imap::{FakeImap, Talk};

const MAIL: &str = "Subject: x\r\n\r\ncanary-Ann-Smith\r\n";

/// A good server with three mails, except where `odd` answers a command itself and says true.
fn server(odd: impl Fn(&mut Talk, &str) -> bool + Send + Sync + 'static) -> FakeImap {
    FakeImap::start(move |talk, _| {
        talk.say("* OK ready");
        while let Some(command) = talk.hear() {
            if odd(talk, &command) {
                continue;
            }
            good(talk, &command);
        }
    })
}

fn good(talk: &mut Talk, command: &str) {
    if command.starts_with("SELECT") {
        talk.select(7, 3);
    } else if command.contains("RFC822.SIZE") {
        talk.list(&[1, 2, 3], MAIL.len() as u64);
    } else if command.contains("BODY.PEEK[]") {
        (1..=3).filter(|uid| asks(command, *uid)).for_each(|uid| talk.mail(uid, MAIL));
        talk.done("OK fetched");
    } else if command.starts_with("UID SEARCH") {
        let found: Vec<String> =
            (1..=3).filter(|uid| asks(command, *uid)).map(|uid| uid.to_string()).collect();
        talk.say(format!("* SEARCH {}", found.join(" ")).trim_end());
        talk.done("OK searched");
    } else {
        talk.usual(command);
    }
}

/// Is this UID in the command's set?
fn asks(command: &str, uid: u32) -> bool {
    let set = command.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("");
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        (first.parse().unwrap()..=last.parse().unwrap()).contains(&uid)
    })
}

async fn first_look(server: &FakeImap) -> Result<Batch, MailboxError> {
    Imap::new(server.settings()).fetch(&Cursor::default()).await
}

fn cursor(next_uid: u32) -> Cursor {
    Cursor { validity: 7, next_uid }
}

#[tokio::test]
async fn a_good_script_is_read_whole() {
    let server = server(|_, _| false);
    let batch = first_look(&server).await.unwrap();
    assert_eq!((uids(&batch), batch.cursor), (vec![1, 2, 3], cursor(4)));
    assert_eq!(whole(&batch.mails[0]), MAIL.as_bytes());
}

#[tokio::test]
async fn i1_to_i3_a_refusal_or_a_hang_up_is_never_an_empty_mailbox() {
    for stage in ["CAPABILITY", "SELECT", "UID FETCH 1:3 (UID RFC822.SIZE", "UID FETCH 1:3 (UID BODY"] {
        for end in ["NO [UNAVAILABLE] later", "BAD [SERVERBUG] what", "BYE", ""] {
            let server = server(move |talk, command| {
                let here = command.starts_with(stage);
                match end {
                    _ if !here => {}
                    "" | "BYE" => {
                        let last = if end == "BYE" { "* BYE going down\r\n" } else { "" };
                        talk.raw(last.as_bytes());
                        talk.hang_up();
                    }
                    refusal => talk.done(refusal),
                }
                here
            });
            let error = first_look(&server).await.expect_err(&format!("{stage} answered {end:?}"));
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn i1_a_refused_search_takes_nothing_for_gone() {
    for end in ["NO [UNAVAILABLE] later", "BAD what", ""] {
        let server = server(move |talk, command| {
            if command.contains("BODY.PEEK[]") {
                talk.mail(1, MAIL);
                talk.done("OK that is all I say");
                return true;
            }
            let here = command.starts_with("UID SEARCH");
            match end {
                _ if !here => {}
                "" => talk.hang_up(),
                refusal => talk.done(refusal),
            }
            here
        });
        let batch = first_look(&server).await.unwrap();
        assert_eq!((uids(&batch), batch.vanished), (vec![1], 0), "{end:?}");
        assert_eq!((batch.cursor, batch.more), (cursor(2), true), "{end:?}");
    }
}

#[tokio::test]
async fn i4_i5_i8_what_came_before_a_break_is_kept_and_the_rest_is_asked_for_again() {
    for way in ["NO", "BYE", "cut literal", "silence"] {
        let server = FakeImap::start(move |talk, number| {
            talk.say("* OK ready");
            while let Some(command) = talk.hear() {
                if number > 0 || !command.contains("BODY.PEEK[]") || !asks(&command, 1) {
                    good(talk, &command);
                    continue;
                }
                talk.mail(1, MAIL);
                match way {
                    "NO" => talk.done("NO [SERVERBUG] broken"),
                    "BYE" => talk.say("* BYE overloaded"),
                    "cut literal" => drop(talk.raw(b"* 2 FETCH (UID 2 BODY[] {30}\r\nSubject: cana")),
                    _ => continue,
                }
                if way != "NO" {
                    return;
                }
            }
        });
        let settings = ImapSettings { timeout: Duration::from_secs(1), ..server.settings() };
        let mut imap = Imap::new(settings);
        let batch = imap.fetch(&Cursor::default()).await.unwrap();
        assert_eq!((uids(&batch), batch.vanished), (vec![1], 0), "{way}");
        assert_eq!((&batch.cursor, batch.more), (&cursor(2), true), "{way}");
        let rest = imap.fetch(&batch.cursor).await.unwrap();
        assert_eq!((uids(&rest), rest.cursor, rest.more), (vec![2, 3], cursor(4), false), "{way}");
    }
}

#[tokio::test]
async fn i6_a_refused_mark_or_move_is_an_error_and_can_be_repeated() {
    for after in [After::Keyword("$Handoff".to_owned()), After::Move("Done".to_owned())] {
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        let server = server(move |talk, command| {
            let here = command.starts_with("UID STORE") || command.starts_with("UID MOVE");
            if here {
                let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
                talk.done(if first { "NO [INUSE] later" } else { "OK done" });
            }
            here
        });
        let mut imap = Imap::new(ImapSettings { after, ..server.settings() });
        let batch = imap.fetch(&Cursor::default()).await.unwrap();
        let origins: Vec<_> = batch.mails.into_iter().map(|mail| mail.origin).collect();
        assert!(matches!(imap.file_away(&origins).await, Err(MailboxError::Refused { .. })));
        imap.file_away(&origins).await.unwrap();
        assert_eq!((tries.load(Ordering::SeqCst), server.0.connections()), (2, 1));
    }
}

#[tokio::test]
async fn without_the_means_to_move_mails_are_left_and_nothing_is_expunged() {
    let server = server(|talk, command| {
        assert!(!command.contains("EXPUNGE") && !command.contains("COPY") && !command.contains("STORE"));
        let here = command == "CAPABILITY";
        if here {
            talk.say("* CAPABILITY IMAP4rev1");
            talk.done("OK done");
        }
        here
    });
    let mut imap = Imap::new(ImapSettings { after: After::Move("Done".to_owned()), ..server.settings() });
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    let origins: Vec<_> = batch.mails.into_iter().map(|mail| mail.origin).collect();
    imap.file_away(&origins).await.unwrap();
}

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
async fn a_mail_left_out_of_the_list_is_not_skipped() {
    let looks = Arc::new(AtomicUsize::new(0));
    let server = server(move |talk, command| {
        let listing = command.contains("RFC822.SIZE");
        if listing && looks.fetch_add(1, Ordering::SeqCst) == 0 {
            talk.list(&[1, 3], 30);
            return true;
        }
        if listing {
            talk.list(&[2, 3], 30);
        }
        listing
    });
    let mut imap = Imap::new(server.settings());
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    assert_eq!((uids(&batch), &batch.cursor, batch.vanished), (vec![1], &cursor(2), 0));
    assert_eq!(uids(&imap.fetch(&batch.cursor).await.unwrap()), [2, 3]);
}

#[tokio::test]
async fn a_mail_gone_between_list_and_reading_is_counted() {
    let server = server(|talk, command| {
        if command.contains("BODY.PEEK[]") {
            talk.mail(1, MAIL);
            talk.mail(3, MAIL);
            talk.done("NO [EXPUNGEISSUED] some are gone");
            return true;
        }
        let search = command.starts_with("UID SEARCH");
        if search {
            talk.say("* SEARCH");
            talk.done("OK searched");
        }
        search
    });
    let batch = Imap::new(server.settings()).fetch(&cursor(1)).await.unwrap();
    assert_eq!((uids(&batch), batch.vanished, batch.cursor), (vec![1, 3], 1, cursor(4)));
}

#[tokio::test]
async fn a_mail_the_server_never_gives_is_handed_out_as_unreadable_once_others_come() {
    let server = server(|talk, command| {
        let bodies = command.contains("BODY.PEEK[]");
        if bodies {
            (1..=3).filter(|uid| *uid != 1 && asks(command, *uid)).for_each(|uid| talk.mail(uid, MAIL));
            talk.done("NO [SERVERBUG] mail 1 is corrupt");
        }
        bodies
    });
    let mut imap = Imap::new(server.settings());
    for _ in 0..5 {
        assert!(matches!(imap.fetch(&Cursor::default()).await, Err(MailboxError::Refused { .. })));
    }
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    assert_eq!((uids(&batch), &batch.cursor, batch.more), (vec![1, 2, 3], &cursor(4), false));
    assert!(matches!(&batch.mails[0].raw, Raw::HeaderOnly { header, .. } if header.is_empty()));
    assert_eq!(whole(&batch.mails[1]), MAIL.as_bytes());
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
        let begun = Instant::now();
        let error = first_look(&server).await.expect_err(what);
        assert!(matches!(error, MailboxError::Protocol { .. }), "{what}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn i13_i14_a_silent_or_slow_server_costs_one_deadline() {
    for stage in ["greeting", "LOGIN", "SELECT", "UID FETCH"] {
        let server = FakeImap::start(move |talk, _| {
            if stage == "greeting" {
                while talk.hear().is_some() {}
                return;
            }
            talk.say("* OK ready");
            while let Some(command) = talk.hear() {
                if command.starts_with(stage) {
                    // Never a whole line.
                    talk.raw(b"* ");
                } else {
                    good(talk, &command);
                }
            }
        });
        let settings = ImapSettings { timeout: Duration::from_millis(300), ..server.settings() };
        let begun = Instant::now();
        let error = Imap::new(settings).fetch(&Cursor::default()).await.expect_err(stage);
        assert!(matches!(error, MailboxError::Timeout { .. }), "{stage}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{stage}: {:?}", begun.elapsed());
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
async fn l10_odd_numbering_skips_nothing() {
    // UIDNEXT is missing: the highest UID tells the end.
    let without_next = server(|talk, command| {
        if command.starts_with("SELECT") {
            talk.say("* 3 EXISTS\n* OK [UIDVALIDITY 7] v");
            talk.done("OK opened");
        } else if command.starts_with("UID FETCH *") {
            talk.say("* 3 FETCH (UID 3)");
            talk.done("OK done");
        }
        command.starts_with("SELECT") || command.starts_with("UID FETCH *")
    });
    assert_eq!(uids(&first_look(&without_next).await.unwrap()), [1, 2, 3]);
    let none_left = Imap::new(without_next.settings()).fetch(&cursor(9)).await.unwrap();
    assert_eq!((none_left.renumbered, none_left.cursor), (false, cursor(9)));

    // UIDNEXT fell though UIDVALIDITY did not change: everything is read again.
    let fell = server(|_, _| false);
    let batch = Imap::new(fell.settings()).fetch(&cursor(9)).await.unwrap();
    assert_eq!((batch.renumbered, uids(&batch), batch.cursor), (true, vec![1, 2, 3], cursor(4)));

    // UIDVALIDITY is 0 or missing: a mail could not be recognised, so none is taken.
    for validity in ["* OK [UIDVALIDITY 0] v", "* OK nothing"] {
        let nameless = server(move |talk, command| {
            let here = command.starts_with("SELECT");
            if here {
                talk.say(&format!("* 3 EXISTS\n{validity}\n* OK [UIDNEXT 4] n"));
                talk.done("OK opened");
            }
            here
        });
        assert!(matches!(first_look(&nameless).await, Err(MailboxError::Protocol { .. })));
    }
}

#[tokio::test]
async fn idle_announcements_are_heard_early_late_and_refusals_fall_back_to_polling() {
    for way in ["before +", "after +", "refused", "closed"] {
        let server = server(move |talk, command| {
            if command == "DONE" {
                talk.done_idle();
                return true;
            }
            let idle = command == "IDLE";
            match way {
                _ if !idle => {}
                "before +" => talk.say("* 4 EXISTS\n+ idling"),
                "after +" => talk.say("+ idling\n* OK still here\n* 4 EXISTS"),
                "refused" => talk.done("NO not now"),
                _ => talk.hang_up(),
            }
            if idle {
                talk.keep_tag();
            }
            idle
        });
        let settings = ImapSettings { poll: Duration::from_mins(3), ..server.settings() };
        let mut imap = Imap::new(settings);
        imap.fetch(&Cursor::default()).await.unwrap();
        let waited = tokio::time::timeout(Duration::from_secs(5), imap.wait()).await.expect(way);
        assert_eq!(waited.is_ok(), way != "closed", "{way}");
        assert_eq!(uids(&imap.fetch(&cursor(1)).await.unwrap()), [1, 2, 3], "{way}");
    }
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

#[tokio::test]
async fn l11_a_read_only_mailbox_is_read_and_never_written() {
    let server = server(|talk, command| {
        assert!(!command.contains("STORE") && !command.contains("MOVE"), "{command}");
        let here = command.starts_with("SELECT");
        if here {
            talk.say("* 3 EXISTS\n* OK [UIDVALIDITY 7] v\n* OK [UIDNEXT 4] n");
            talk.done("OK [READ-ONLY] opened");
        }
        here
    });
    let after = After::Keyword("$Handoff".to_owned());
    let mut imap = Imap::new(ImapSettings { after, ..server.settings() });
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    let origins: Vec<_> = batch.mails.into_iter().map(|mail| mail.origin).collect();
    assert_eq!(origins.len(), 3);
    imap.file_away(&origins).await.unwrap();
}
