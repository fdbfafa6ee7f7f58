//! What a daemon looks at before it says that it is ready, and what a person is told who must mend it.

use std::fs;

use handoffd::store::seal::Keyring;

use super::looked_up;
use crate::rig::desk::{self, Desk, PARTNER, program, referral};
use crate::rig::disk::Disk;
use crate::rig::dovecot::Dovecot;
use crate::rig::postgres::Postgres;
use crate::rig::relay::{Act, Phase, Relay};
use crate::rig::rows::rows;
use crate::rig::{SOON, until};

const POSTGRES: &str = "kind = \"postgres\"\nurl_file = \"url\"\n";

fn on_postgres() -> (Desk, String) {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, POSTGRES);
    let url = Postgres::start().url;
    desk.secret("url", &url);
    (desk, url)
}

/// Starts the daemon and waits until it gave up; a code of 78 keeps the service manager from starting it again.
fn refuses_to_start(desk: &mut Desk, code: i32, words: &[&str]) {
    let before = desk.log().len();
    desk.start();
    until("the daemon gives up", SOON, || !desk.lives());
    let said = desk.log().split_off(before);
    assert!(!said.contains("Ready"), "{said}");
    assert!(words.iter().all(|words| said.contains(words)), "{words:?} are not in: {said}");
    assert_eq!(desk.ended(), code, "{said}");
}

fn a_key_that_records_lie_under_must_be_there(mut desk: Desk) {
    desk.drop_in("1", &referral(1, &format!("worker1@{PARTNER}")));
    desk.start();
    desk.settled(1, SOON);
    assert_eq!(desk.terminate(), 0);
    Keyring::add_key(&desk.path("key")).unwrap();
    let both = fs::read_to_string(desk.path("key")).unwrap();
    let newest: Vec<&str> = both.lines().filter(|line| !line.starts_with("1 ")).collect();
    desk.secret("key", &newest.join("\n"));
    let remedy = "put its line back from your backup of keys";
    refuses_to_start(&mut desk, 78, &["key 1 (", remedy]);
    let checked = desk.run(&["check", "--connect"]);
    assert!(checked.code == 1 && checked.out.contains(remedy), "{}{}", checked.out, checked.err);
    desk.secret("key", &both);
    desk.start_ready();
    assert_eq!(desk.terminate(), 0);
    // Once everything lies under the newest one, the old one may go.
    assert_eq!(desk.run(&["key", "rotate"]).code, 0);
    desk.secret("key", &newest.join("\n"));
    desk.start_ready();
}

#[test]
fn a_key_that_records_lie_under_must_be_there_on_sqlite() {
    a_key_that_records_lie_under_must_be_there(Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE));
}

#[test]
fn a_key_that_records_lie_under_must_be_there_on_postgresql() {
    a_key_that_records_lie_under_must_be_there(on_postgres().0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_ends_the_start_with_its_name() {
    let (mut desk, url) = on_postgres();
    desk.start_ready();
    assert_eq!(desk.terminate(), 0);
    rows(&url, "DROP TABLE unheard").await;
    // It may be put back at this moment: the service manager tries again.
    refuses_to_start(&mut desk, 1, &["it lacks unheard", "put back whole, from a backup"]);
    let checked = desk.run(&["check", "--connect"]);
    assert!(checked.code == 1 && checked.out.contains("it lacks unheard"), "{}{}", checked.out, checked.err);
}

#[test]
fn a_second_daemon_on_one_postgresql_hears_of_the_first() {
    let (mut first, url) = on_postgres();
    first.start_ready();
    let mut second = Desk::new(desk::MAILDIR, desk::FOLDER, POSTGRES);
    second.secret("url", &url);
    second.secret("key", &fs::read_to_string(first.path("key")).unwrap());
    second.start_ready();
    assert_eq!(second.said("Another handoffd works on this database"), 1, "{}", second.log());
    assert_eq!(first.said("Another handoffd works on this database"), 0, "{}", first.log());
    // Commands are not daemons.
    assert_eq!(second.terminate(), 0);
    assert_eq!(first.terminate(), 0);
    assert_eq!(first.run(&["list"]).code, 0);
    first.start_ready();
    assert_eq!(first.said("Another handoffd works on this database"), 0, "{}", first.log());
}

#[test]
fn a_relay_that_puts_us_off_is_heard_in_words_that_name_nobody() {
    let relay = Relay::start(|turn| {
        if turn.phase == Phase::Rcpt {
            let words = "451 4.7.1 Qanary Smith <qanary@x.example>: greylisted, please try again later";
            Act::Say(words.to_owned())
        } else {
            Act::Go
        }
    });
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1, &format!("worker1@{PARTNER}")));
    desk.start_ready();
    let said = "not accepted this time (451 4.7.1 .. greylisted please try again later)";
    until("the answer is said", SOON, || desk.said(said) > 0);
    assert!(!desk.log().to_lowercase().contains("qanary") && !desk.log().contains("Smith"), "{}", desk.log());
}

#[test]
fn a_mail_that_is_too_large_for_the_pipe_goes_back_and_its_head_is_kept_for_a_person() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let mail = [&referral(1, &format!("worker1@{PARTNER}"))[..], &vec![b'.'; 30 << 20]].concat();
    for _ in 0..2 {
        let taken = desk.feed(&["ingest"], &mail);
        assert!(
            taken.code == 65 && taken.err.contains("larger than the 25 MiB"),
            "{}: {}",
            taken.code,
            taken.err
        );
    }
    desk.start();
    until("it is parked", SOON, || desk.run(&["parked", "list"]).out.contains("only its head is kept"));
    let parked = desk.json(&["parked", "list"]);
    assert_eq!((parked.as_array().unwrap().len(), parked[0]["cause"].as_str()), (1, Some("too_large")));
    assert_eq!(parked[0]["bytes"].as_u64(), Some(mail.len() as u64));
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let Some(small) = Disk::mount("64k") else { return };
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    let failed = desk.run(&["backup", small.path.join("copy.db").to_str().unwrap()]);
    assert!(failed.code == 1 && failed.err.contains("make room there"), "{}", failed.err);
    assert_eq!(fs::read_dir(&small.path).unwrap().count(), 0, "what is left takes the room that is needed");
    assert!(!looked_up(&desk, "SELECT name FROM beat").is_empty(), "the store goes on");
}

#[test]
fn a_log_that_is_no_terminal_has_no_colours_and_a_reader_that_left_is_no_error() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    assert_eq!(desk.terminate(), 0);
    let config = desk.path("handoffd.toml");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut export = program();
    let left = export.args(["policy", "export", "--config"]).arg(&config).stdout(writer).output().unwrap();
    assert_eq!((left.status.code(), left.stderr.as_slice()), (Some(0), &b""[..]), "{left:?}");
    // What it has to say by its exit code it says all the same.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let left = program().args(["health", "--config"]).arg(&config).stdout(writer).output().unwrap();
    assert_eq!((left.status.code(), left.stderr.as_slice()), (Some(1), &b""[..]), "{left:?}");
    // Empty, it asks for nothing.
    desk.environment = vec![("NO_COLOR".to_owned(), String::new())];
    desk.start_ready();
    assert!(!desk.log().contains('\u{1b}'), "{}", desk.log());
}

#[test]
fn a_folder_to_move_mails_to_that_is_not_there_is_found_by_check() {
    let dovecot = Dovecot::start();
    let moved_to = |folder: &str| format!("{}after = \"move:{folder}\"\n", desk::imap(&dovecot, "desk"));
    let desk = Desk::new(&moved_to("Done"), desk::FOLDER, desk::SQLITE);
    let checked = desk.run(&["check", "--connect"]);
    assert_eq!(checked.code, 1, "{}{}", checked.out, checked.err);
    assert!(checked.out.contains("inbox: the folder \"Done\" of after ="), "{}", checked.out);
    assert!(checked.out.contains("make it, or correct its name"), "{}", checked.out);
    dovecot.doveadm(&["mailbox", "create", "-u", "desk", "Done"]);
    assert_eq!(desk.run(&["check", "--connect"]).code, 0);
}

#[test]
fn a_key_file_that_is_not_there_is_told_with_both_remedies() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    fs::remove_file(desk.path("key")).unwrap();
    let ended = desk.run(&["run"]);
    assert_eq!(ended.code, 78);
    for words in ["handoffd init DIR", "your backup of keys"] {
        assert!(ended.err.contains(words), "{}", ended.err);
    }
}
