//! With a private Dovecot.

use std::fs;
use std::time::{Duration, Instant};

use handoffd::mailbox::imap::{After, Imap, ImapSettings};
use handoffd::mailbox::{Cursor, MailboxError, Raw};
use handoffd::wire::Security;
use handoffd::wire::secret::Secret;

use super::{uids, whole};
use crate::rig::SOON;
use crate::rig::ca::Authority;
use crate::rig::dovecot::Dovecot;

fn mail(number: u32) -> Vec<u8> {
    format!("From: desk@partner.example.org\r\nSubject: referral {number}\r\n\r\nbody of {number}\r\n")
        .into_bytes()
}

/// Reads on from `cursor` until nothing more waits.
async fn drain(imap: &mut Imap, cursor: &mut Cursor) -> Vec<u32> {
    let mut all = Vec::new();
    loop {
        let batch = imap.fetch(cursor).await.unwrap();
        all.extend(uids(&batch));
        cursor.clone_from(&batch.cursor);
        if !batch.more {
            return all;
        }
    }
}

#[tokio::test]
async fn every_mail_comes_once_byte_for_byte_and_nothing_is_marked() {
    let dovecot = Dovecot::start();
    let mails: Vec<_> = (1..=3).map(mail).collect();
    for mail in &mails {
        dovecot.deliver("desk", mail);
    }
    let mut imap = Imap::new(dovecot.settings("desk"));
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    assert_eq!(batch.mails.iter().map(whole).collect::<Vec<_>>(), mails);
    assert_eq!(
        (uids(&batch), batch.more, batch.vanished, batch.renumbered),
        (vec![1, 2, 3], false, 0, false)
    );
    assert!(batch.mails.iter().all(|mail| mail.internal_date.is_some()));
    let again = imap.fetch(&batch.cursor).await.unwrap();
    assert_eq!((again.mails.len(), &again.cursor), (0, &batch.cursor));
    assert!(dovecot.fields("desk", "INBOX", "flags").iter().all(|flags| !flags.contains("Seen")));
    dovecot.deliver("desk", &mail(4));
    assert_eq!(uids(&imap.fetch(&batch.cursor).await.unwrap()), vec![4]);
}

#[tokio::test]
async fn l6_marks_of_other_clients_hide_nothing() {
    let dovecot = Dovecot::start();
    (1..=10).for_each(|number| dovecot.deliver("desk", &mail(number)));
    let marks = "\\Seen \\Flagged \\Answered";
    dovecot.doveadm(&["flags", "add", "-u", "desk", marks, "mailbox", "INBOX", "all"]);
    let mut imap = Imap::new(dovecot.settings("desk"));
    assert_eq!(imap.fetch(&Cursor::default()).await.unwrap().mails.len(), 10);
}

#[tokio::test]
async fn l7_mails_that_a_colleague_removed_first_are_counted() {
    let dovecot = Dovecot::start();
    dovecot.deliver("desk", &mail(0));
    let mut imap = Imap::new(dovecot.settings("desk"));
    let first = imap.fetch(&Cursor::default()).await.unwrap();
    (1..=100).for_each(|number| dovecot.deliver("desk", &mail(number)));
    dovecot.doveadm(&["expunge", "-u", "desk", "mailbox", "INBOX", "uid", "11:30"]);
    let batch = imap.fetch(&first.cursor).await.unwrap();
    assert_eq!((batch.mails.len(), batch.vanished, batch.more), (80, 20, false));
    assert_eq!(batch.cursor.next_uid, 102);
}

#[tokio::test]
async fn holes_from_before_the_first_look_are_not_counted() {
    let dovecot = Dovecot::start();
    (1..=250).for_each(|number| dovecot.deliver("desk", &mail(number)));
    dovecot.doveadm(&["expunge", "-u", "desk", "mailbox", "INBOX", "uid", "3:120"]);
    let mut imap = Imap::new(dovecot.settings("desk"));
    let mut cursor = Cursor::default();
    let batch = imap.fetch(&cursor).await.unwrap();
    cursor.clone_from(&batch.cursor);
    assert_eq!((uids(&batch), batch.vanished, batch.more), (vec![1, 2], 0, true));
    assert_eq!(drain(&mut imap, &mut cursor).await, (121..=250).collect::<Vec<_>>());
}

#[tokio::test]
async fn l8_a_new_numbering_is_said_and_everything_is_read_again() {
    let dovecot = Dovecot::start();
    (1..=3).for_each(|number| dovecot.deliver("desk", &mail(number)));
    let mut imap = Imap::new(dovecot.settings("desk"));
    let before = imap.fetch(&Cursor::default()).await.unwrap();
    for (validity, mails) in [(777, 4), (778, 5)] {
        dovecot.renumber("desk", validity);
        dovecot.deliver("desk", &mail(validity));
        // Dovecot may end the session when the numbering changes under it; the look after that is the same look.
        let looked = match imap.fetch(&before.cursor).await {
            Err(MailboxError::Closed { .. }) => imap.fetch(&before.cursor).await,
            looked => looked,
        };
        let batch = looked.unwrap();
        assert!(batch.renumbered);
        assert_eq!(batch.cursor.validity, validity);
        assert_eq!((batch.vanished, batch.mails.len()), (0, mails));
        let next = imap.fetch(&batch.cursor).await.unwrap();
        assert_eq!((next.renumbered, next.mails.len()), (false, 0));
    }
    let stale: Vec<_> = before.mails.iter().map(|mail| mail.origin.clone()).collect();
    imap.file_away(&stale).await.unwrap();
}

#[tokio::test]
async fn a_wide_hole_in_the_numbering_is_crossed_quickly() {
    let dovecot = Dovecot::start();
    dovecot.deliver("desk", &mail(1));
    let mut imap = Imap::new(dovecot.settings("desk"));
    let mut cursor = Cursor::default();
    assert_eq!(drain(&mut imap, &mut cursor).await, [1]);
    dovecot.doveadm(&["mailbox", "update", "-u", "desk", "--min-next-uid", "4000000000", "INBOX"]);
    dovecot.deliver("desk", &mail(2));
    assert_eq!(drain(&mut imap, &mut cursor).await, [4_000_000_000]);
}

#[tokio::test]
async fn a_mail_over_the_cap_comes_as_its_header_only() {
    let dovecot = Dovecot::start();
    let large = [mail(1), vec![b'x'; 1_500_000]].concat();
    dovecot.deliver("desk", &large);
    dovecot.deliver("desk", &mail(2));
    let batch = Imap::new(dovecot.settings("desk")).fetch(&Cursor::default()).await.unwrap();
    let Raw::HeaderOnly { header, size } = &batch.mails[0].raw else { panic!("it came whole") };
    assert_eq!(*size, large.len() as u64);
    assert_eq!(header, b"From: desk@partner.example.org\r\nSubject: referral 1\r\n\r\n");
    assert_eq!(whole(&batch.mails[1]), mail(2));
}

#[tokio::test]
async fn what_was_read_gets_its_keyword_or_its_folder() {
    let dovecot = Dovecot::start();
    (1..=3).for_each(|number| dovecot.deliver("desk", &mail(number)));
    let settings = dovecot.settings("desk");
    let keyword = After::Keyword("$Handoff".to_owned());
    let mut imap = Imap::new(ImapSettings { after: keyword, ..settings.clone() });
    let batch = imap.fetch(&Cursor::default()).await.unwrap();
    let origins: Vec<_> = batch.mails.iter().map(|mail| mail.origin.clone()).collect();
    imap.file_away(&origins[..2]).await.unwrap();
    let flags = dovecot.fields("desk", "INBOX", "flags");
    assert_eq!(flags.iter().filter(|flags| flags.contains("$Handoff")).count(), 2);
    assert!(flags.iter().all(|flags| !flags.contains("Seen")));

    dovecot.doveadm(&["mailbox", "create", "-u", "desk", "Done"]);
    let mut imap = Imap::new(ImapSettings { after: After::Move("Done".to_owned()), ..settings.clone() });
    imap.file_away(&origins[..2]).await.unwrap();
    // The same again: they are gone from here, and that is no error.
    imap.file_away(&origins[..2]).await.unwrap();
    assert_eq!(dovecot.fields("desk", "Done", "uid").len(), 2);
    assert_eq!(dovecot.fields("desk", "INBOX", "uid"), ["3"]);

    let mut imap = Imap::new(ImapSettings { after: After::Move("Nowhere".to_owned()), ..settings });
    assert!(matches!(imap.file_away(&origins).await, Err(MailboxError::Refused { command: "UID MOVE", .. })));
    assert_eq!(dovecot.fields("desk", "INBOX", "uid"), ["3"]);
}

#[tokio::test]
async fn starttls_and_utf8_logins_reach_the_mailbox() {
    let dovecot = Dovecot::start();
    dovecot.deliver("desk", &mail(1));
    let mut settings =
        ImapSettings { security: Security::StartTls, port: dovecot.port, ..dovecot.settings("desk") };
    assert_eq!(Imap::new(settings.clone()).fetch(&Cursor::default()).await.unwrap().mails.len(), 1);
    // The user is accepted as any is; its password is not.
    settings.password = Secret::new("geheimß".to_owned());
    assert!(matches!(
        Imap::new(settings).fetch(&Cursor::default()).await,
        Err(MailboxError::LoginRefused { .. })
    ));
}

#[tokio::test]
async fn i19_a_server_that_cannot_prove_its_name_gets_no_password() {
    let dovecot = Dovecot::start();
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = Authority::new(elsewhere.path());
    let wrong_ca = ImapSettings { extra_ca: Some(stranger.ca), ..dovecot.settings("desk") };
    let no_ca = ImapSettings { extra_ca: None, ..dovecot.settings("desk") };
    let wrong_name =
        ImapSettings { host: "ip6-localhost.example.org".to_owned(), ..dovecot.settings("desk") };
    for settings in [wrong_ca, no_ca] {
        let error = Imap::new(settings).fetch(&Cursor::default()).await.unwrap_err();
        assert!(matches!(error, MailboxError::CertificateWrong(_)), "{error}");
        assert!(error.is_permanent());
        assert!(error.to_string().contains("its issuer is unknown here"), "{error}");
    }
    let error = Imap::new(wrong_name).fetch(&Cursor::default()).await.unwrap_err();
    assert!(matches!(error, MailboxError::Unreachable(_)), "{error}");
    let log = fs::read_to_string(dovecot.log()).unwrap();
    assert!(!log.contains("user=<desk>"), "{log}");
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_mailbox_say_what_to_mend() {
    let dovecot = Dovecot::start();
    let wrong = ImapSettings { password: Secret::new("canary-7".to_owned()), ..dovecot.settings("desk") };
    let error = Imap::new(wrong).fetch(&Cursor::default()).await.unwrap_err();
    assert!(matches!(error, MailboxError::LoginRefused { .. }) && error.is_permanent(), "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"));
    let missing = ImapSettings { mailbox: "No \"such\" box".to_owned(), ..dovecot.settings("desk") };
    let error = Imap::new(missing).fetch(&Cursor::default()).await.unwrap_err();
    assert!(matches!(error, MailboxError::MailboxMissing { .. }) && error.is_permanent(), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_ends_the_wait() {
    let dovecot = Dovecot::start();
    dovecot.deliver("desk", &mail(1));
    let settings = ImapSettings { poll: Duration::from_mins(3), ..dovecot.settings("desk") };
    let mut imap = Imap::new(settings);
    let first = imap.fetch(&Cursor::default()).await.unwrap();
    let begun = Instant::now();
    let waiting = tokio::spawn(async move {
        imap.wait().await.unwrap();
        imap
    });
    dovecot.save("desk", "INBOX", &mail(2));
    let mut imap = waiting.await.unwrap();
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(uids(&imap.fetch(&first.cursor).await.unwrap()), [2]);
}

#[tokio::test]
async fn l11_a_mailbox_that_is_deleted_and_made_again_is_said_and_read_from_the_start() {
    let dovecot = Dovecot::start();
    dovecot.doveadm(&["mailbox", "create", "-u", "desk", "Referrals"]);
    dovecot.save("desk", "Referrals", &mail(1));
    let settings = ImapSettings { mailbox: "Referrals".to_owned(), ..dovecot.settings("desk") };
    let mut imap = Imap::new(settings);
    let first = imap.fetch(&Cursor::default()).await.unwrap();
    dovecot.doveadm(&["mailbox", "delete", "-u", "desk", "Referrals"]);
    assert!(imap.fetch(&first.cursor).await.is_err());
    let error = imap.fetch(&first.cursor).await.unwrap_err();
    assert!(matches!(error, MailboxError::MailboxMissing { .. }), "{error}");
    dovecot.doveadm(&["mailbox", "create", "-u", "desk", "Referrals"]);
    dovecot.doveadm(&["mailbox", "update", "-u", "desk", "--uid-validity", "4242", "Referrals"]);
    dovecot.save("desk", "Referrals", &mail(2));
    let again = imap.fetch(&first.cursor).await.unwrap();
    assert_eq!((again.renumbered, uids(&again), again.cursor.validity), (true, vec![1], 4242));
}

#[tokio::test]
async fn a_connection_that_was_cut_is_opened_again() {
    let dovecot = Dovecot::start();
    dovecot.deliver("desk", &mail(1));
    let mut imap = Imap::new(dovecot.settings("desk"));
    let first = imap.fetch(&Cursor::default()).await.unwrap();
    dovecot.deliver("desk", &mail(2));
    dovecot.doveadm(&["kick", "desk"]);
    assert!(matches!(imap.fetch(&first.cursor).await, Err(MailboxError::Closed { .. })));
    assert_eq!(uids(&imap.fetch(&first.cursor).await.unwrap()), [2]);
}

#[tokio::test]
#[ignore = "a figure, not a check: run it alone"]
async fn throughput_over_tls() {
    let dovecot = Dovecot::start();
    let body = "word ".repeat(800);
    for number in 0..5000 {
        dovecot.deliver("desk", &[mail(number), body.as_bytes().to_vec(), b"\r\n".to_vec()].concat());
    }
    let mut imap = Imap::new(dovecot.settings("desk"));
    for round in ["cold", "warm", "warm"] {
        let begun = Instant::now();
        let count = drain(&mut imap, &mut Cursor::default()).await.len();
        println!(
            "{round}: {:.0} mails/s",
            f64::from(u32::try_from(count).unwrap()) / begun.elapsed().as_secs_f64()
        );
    }
}
