//! With a scripted server that refuses, hangs up, leaves out, or numbers oddly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use handoffd::mailbox::imap::{After, Imap, ImapSettings};
use handoffd::mailbox::{Cursor, MailboxError, Raw};

use super::script::{MAIL, asks, cursor, first_look, good, server};
use super::{uids, whole};
use crate::rig::imap::FakeImap;

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
