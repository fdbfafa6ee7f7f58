//! The Maildir mailbox, on real files.

use std::fs;
use std::path::Path;
use std::time::Duration;

use handoffd::mailbox::maildir::{Maildir, MaildirSettings};
use handoffd::mailbox::{Batch, Cursor, MailboxError, Origin, Raw};
use tempfile::TempDir;

fn maildir(move_to_cur: bool) -> (TempDir, Maildir) {
    let folder = tempfile::tempdir().unwrap();
    for part in ["new", "cur", "tmp"] {
        fs::create_dir(folder.path().join(part)).unwrap();
    }
    let settings = MaildirSettings {
        path: folder.path().to_owned(),
        move_to_cur,
        poll: Duration::from_millis(1),
        max_mail_bytes: 1000,
    };
    (folder, Maildir::new(settings))
}

fn put(folder: &Path, file: &str, text: &str) {
    fs::write(folder.join(file), text).unwrap();
}

fn names(batch: &Batch) -> Vec<&str> {
    batch.mails.iter().map(|mail| mail.origin.name.as_str()).collect()
}

fn origins(batch: &Batch) -> Vec<Origin> {
    batch.mails.iter().map(|mail| mail.origin.clone()).collect()
}

#[tokio::test]
async fn mails_come_oldest_first_whatever_their_flags_until_they_are_filed() {
    let (folder, mut maildir) = maildir(true);
    put(folder.path(), "new/1700000003.c.host", "three");
    put(folder.path(), "cur/1700000001.a.host:2,S", "one");
    put(folder.path(), "new/1700000002.b.host", "two");
    put(folder.path(), "new/.hidden", "no mail");
    put(folder.path(), "tmp/1700000000.d.host", "half a mail");
    let cursor = Cursor { validity: 1, next_uid: 2 };
    for _ in 0..2 {
        let batch = maildir.fetch(&cursor).await.unwrap();
        assert_eq!(names(&batch), ["1700000001.a.host", "1700000002.b.host", "1700000003.c.host"]);
        assert_eq!((&batch.cursor, batch.more, batch.vanished), (&cursor, false, 0));
    }
    let batch = maildir.fetch(&cursor).await.unwrap();
    maildir.file_away(&origins(&batch)[..2]).await.unwrap();
    maildir.file_away(&origins(&batch)[..2]).await.unwrap();
    assert!(folder.path().join("cur/1700000002.b.host:2,").exists());
    assert!(folder.path().join("cur/1700000001.a.host:2,S").exists());
    assert_eq!(names(&maildir.fetch(&cursor).await.unwrap()), ["1700000003.c.host"]);
    maildir.skip(["1700000003.c.host".to_owned()]);
    assert!(maildir.fetch(&cursor).await.unwrap().mails.is_empty());
}

#[tokio::test]
async fn settings_may_leave_everything_in_place() {
    let (folder, mut maildir) = maildir(false);
    put(folder.path(), "new/1.a.host", "one");
    let batch = maildir.fetch(&Cursor::default()).await.unwrap();
    maildir.file_away(&origins(&batch)).await.unwrap();
    assert!(folder.path().join("new/1.a.host").exists());
    assert!(maildir.fetch(&Cursor::default()).await.unwrap().mails.is_empty());
}

#[tokio::test]
async fn a_backlog_comes_in_pieces_of_a_hundred() {
    let (folder, mut maildir) = maildir(true);
    (0..250).for_each(|number| put(folder.path(), &format!("new/{number}.a.host"), "mail"));
    let mut sizes = Vec::new();
    loop {
        let batch = maildir.fetch(&Cursor::default()).await.unwrap();
        sizes.push(batch.mails.len());
        maildir.file_away(&origins(&batch)).await.unwrap();
        if !batch.more {
            break;
        }
    }
    assert_eq!(sizes, [100, 100, 50]);
}

#[tokio::test]
async fn a_mail_over_the_cap_comes_as_its_header_only() {
    let (folder, mut maildir) = maildir(true);
    put(folder.path(), "new/1.a.host", &format!("Subject: large\n\n{}", "x".repeat(2000)));
    put(folder.path(), "new/2.b.host", &"x".repeat(1000));
    let batch = maildir.fetch(&Cursor::default()).await.unwrap();
    let Raw::HeaderOnly { header, size } = &batch.mails[0].raw else { panic!("it came whole") };
    assert_eq!((header.as_slice(), *size), (b"Subject: large\n\n".as_slice(), 2016));
    assert!(matches!(&batch.mails[1].raw, Raw::Whole(bytes) if bytes.len() == 1000));
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_does_not_stop_the_others() {
    let (folder, mut maildir) = maildir(true);
    fs::create_dir(folder.path().join("new/1.a.host")).unwrap();
    put(folder.path(), "new/2.b.host", "mail");
    let batch = maildir.fetch(&Cursor::default()).await.unwrap();
    assert_eq!(names(&batch), ["2.b.host"]);
    maildir.file_away(&origins(&batch)).await.unwrap();
    assert!(matches!(maildir.fetch(&Cursor::default()).await, Err(MailboxError::Io { .. })));
    fs::remove_dir_all(folder.path().join("new")).unwrap();
    assert!(matches!(maildir.fetch(&Cursor::default()).await, Err(MailboxError::Io { .. })));
}
