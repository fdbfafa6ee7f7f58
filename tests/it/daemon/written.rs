//! Every byte that is ever written to a file, whatever becomes of the file: what a raw image of the device could hold, or
//! swapped pages of files, or a temporary file long gone (RELIABILITY P22, P27).

use std::fs;

use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::relay::{Act, Relay};
use crate::rig::{SOON, until};

/// In every personal value, and nowhere else.
const CANARY: &str = "quokka";
const CLIENT: &str = "quokka@client.example";
/// Every call that writes.
const CALLS: &str =
    "trace=write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,mmap,open,openat,creat";

fn packet() -> String {
    format!(
        "Client name: {CANARY} Smith\r\nDate of birth: 1980-02-03\r\nPhone: 518-555-0142\r\nEmail: {CLIENT}\r\n\
         Address: {CANARY} Street 5, Troy, NY 12180\r\nSafe to call: yes\r\nSafe to email: yes\r\nSafe times: any time\r\n\
         Language: English\r\nMatter type: {CANARY} housing\r\nReason for referral: {CANARY} reason\r\n\
         Opposing party: Bob {CANARY}son\r\nSafety notes: {CANARY} notes\r\nConsent to share: yes\r\n"
    )
}

fn mail(from: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: referrals@desk.example.org\r\nSubject: {subject}\r\nMessage-ID: <{}@rig.example>\r\n\
         Date: Tue, 17 Nov 2026 09:00:00 -0500\r\nMIME-Version: 1.0\r\n\r\n{body}",
        body.len() + subject.len()
    )
    .into_bytes()
}

/// The calls by which something was written into a file: `1 pwrite64(9</tmp/x/handoffd.db-wal>, "...", 4096, 0) = 4096`.
fn written(trace: &str) -> Vec<&str> {
    let is_file = |line: &&str| {
        let path = line.split_once('(').and_then(|(_, rest)| rest.split_once('<')?.1.split_once('>'));
        path.is_some_and(|(path, _)| path.starts_with('/') && !path.starts_with("/dev/"))
    };
    trace.lines().filter(|line| line.contains("write")).filter(is_file).collect()
}

#[test]
fn p27_no_byte_that_is_ever_written_to_a_file_names_anybody() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    let trace = desk.path("trace");
    // The looker-on stands aside, so that the daemon is our own child; no string is cut short.
    desk.looked_at_by = ["strace", "-D", "-f", "-qq", "-y", "-s", "1000000", "-e", CALLS, "-A", "-o"]
        .map(str::to_owned)
        .into_iter()
        .chain([trace.display().to_string()])
        .collect();
    desk.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let partner = format!("worker1@{PARTNER}");
    desk.drop_in("1", &mail(&partner, &format!("Referral of {CANARY}"), &packet()));
    desk.start();
    until("the client is written to", SOON * 4, || relay.taken().iter().any(|letter| letter.to == CLIENT));
    desk.drop_in("2", &mail(CLIENT, &format!("I am {CANARY}"), &format!("Call {CANARY} at 518-555-0142")));
    desk.drop_in("3", &mail(&format!("\"{CANARY}\u{0}\" <broken"), CANARY, CANARY));
    desk.drop_in("4", &mail(&partner, "status", "status\r\n"));
    until("the client is answered", SOON * 4, || {
        relay.taken().iter().filter(|letter| letter.to == CLIENT).count() > 1
    });
    desk.terminate();
    let assignment = relay.taken().into_iter().find(|letter| letter.to.starts_with("maria@")).unwrap();
    let subject = header(&assignment.message, "Subject");
    let reference = subject.split([' ', ':']).find(|word| word.starts_with("R-")).unwrap().to_owned();
    for words in [
        &["act", &reference, "attempt call no answer"][..],
        &["show", &reference],
        &["export", "--records"],
        &["parked", "list"],
        &["key", "rotate"],
        &["forget", &reference],
        &["verify"],
    ] {
        let ended = desk.run(words);
        assert_eq!(ended.code, 0, "{words:?}: {}", ended.err);
    }
    let read = || fs::read_to_string(&trace).unwrap_or_default();
    until("all was looked at", SOON, || {
        read().lines().filter(|line| line.contains("handoffd.db-wal")).count() > 50
    });
    let all = read();
    let lines = written(&all);
    for file in ["handoffd.db>", "handoffd.db-wal>", "/log>"] {
        assert!(lines.iter().any(|line| line.contains(file)), "nothing was seen of {file}");
    }
    for line in &lines {
        let at = line.to_ascii_lowercase().find(CANARY);
        let around = |at: usize| line.chars().skip(at.saturating_sub(60)).take(160).collect::<String>();
        assert_eq!(at.map(around), None);
    }
    // Nothing is written past these calls: a file that is mapped to be written is the index of the log, which holds no words.
    for line in all
        .lines()
        .filter(|line| line.contains("mmap(") && line.contains("PROT_WRITE") && line.contains("MAP_SHARED"))
    {
        assert!(line.contains("handoffd.db-shm>") || !line.contains("</"), "{line}");
    }
    // A file is put in another's place, or made anew, only where these are made.
    let made = all.lines().filter(|line| line.contains("O_CREAT"));
    let known = ["handoffd.db", "trace", "key", "/dev/", "log"];
    for line in made {
        assert!(known.iter().any(|name| line.contains(name)), "{line}");
    }
}
