//! Canaries: every personal field of many lives is a word found nowhere else; then everything that leaves or stays is
//! searched for them.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::PARTNER;
use super::office::{self, BIN, drop_in, files, holds};
use crate::rig::until;

const LIVES: u32 = 1_000;

/// The daemon with every log line there is.
fn daemon(dir: &Path, level: &str) -> Child {
    let log = fs::File::create(dir.join("log")).unwrap();
    Command::new(BIN)
        .args(["run", "--config"])
        .arg(dir.join("handoffd.toml"))
        .env("RUST_LOG", level)
        .env("RUST_BACKTRACE", "full")
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap()
}

fn life(n: u32) -> (String, String) {
    let c = format!("qz{n:04}");
    // Words nobody can read hold letters to the client back: a few lives have them.
    let times = if n.is_multiple_of(10) { format!("{c}timesq") } else { "any day".to_owned() };
    let body = format!(
        "Client name: {c}nameq\nDate of birth: 1980-02-03\nPhone: 518 555 0100\nEmail: {c}mailq@client.example\n\
         Address: {c}streetq 5\nSafe to call: yes\nSafe to email: {}\nSafe times: {times}\nLanguage: Spanish\n\
         Matter type: {c}matterq\nReason for referral: {c}reasonq\nOpposing party: {c}opposingq\nSafety notes: {c}notesq\n\
         Household income: {c}incomeq\nDocuments: {c}docsq\nCounty: {c}countyq\nConsent to share: yes\n",
        if n.is_multiple_of(3) { "no" } else { "yes" },
    );
    let from = if n % 4 == 3 { format!("{c}strangerq@else.example") } else { PARTNER.to_owned() };
    (from, body)
}

#[test]
fn no_personal_word_of_a_thousand_lives_is_in_a_log_a_store_file_a_process_or_a_letter_that_may_not_hold_it()
{
    let dir = office::folder();
    let root = dir.path();
    for n in 0..LIVES {
        let (from, body) = life(n);
        drop_in(root, n, &from, &format!("Referral qz{n:04}subjectq"), &body);
    }
    for n in 0..20 {
        let from = format!("qz{:04}mailq@client.example", n * 3 + 1);
        drop_in(root, 5_000 + n, &from, "Re: Your request", &format!("qz{n:04}answerq please call me"));
        drop_in(root, 6_000 + n, "mailer-daemon@else.example", "Undelivered", &format!("qz{n:04}bounceq"));
        drop_in(root, 7_000 + n, "\"qz\u{0}\" <broken", "?", &format!("qz{n:04}brokenq"));
    }
    let mut running = daemon(root, "trace");
    let outbox = root.join("outbox");
    // Each referral has a letter to its owner at least; then nothing more comes.
    let mut before = 0;
    until("letters are written", Duration::from_mins(6), || {
        std::thread::sleep(Duration::from_millis(500));
        // What every user of the machine sees of a process, while it reads, decides and sends.
        for (place, bytes) in seen_of(running.id()) {
            assert_eq!(first_canary(&bytes), None, "{place} of the daemon");
        }
        let now = fs::read_dir(&outbox).unwrap().count();
        let settled = now == before && now >= LIVES as usize;
        before = now;
        settled
    });
    // The worst end there is: what lies in the log of the database then?
    running.kill().unwrap();
    running.wait().unwrap();
    let mut searched = 0;
    for (path, bytes) in files(root) {
        let place = path.strip_prefix(root).unwrap();
        if place.starts_with("inbox") {
            continue;
        }
        searched += 1;
        let bytes = if place.starts_with("outbox") { without_recipient(&bytes) } else { bytes };
        let hit = first_canary(&bytes);
        assert_eq!(hit, None, "{}", place.display());
    }
    assert!(searched > LIVES as usize);
    nothing_printed_names_anybody(root);
}

/// What operators print, send to a helper or read along; the log it makes at its most talkative.
fn nothing_printed_names_anybody(root: &Path) {
    for words in [
        "health",
        "health --json",
        "list",
        "parked list",
        "parked list --json",
        "verify",
        "check",
        "diag",
        "report daily",
        "report daily --html",
        "report daily --json",
        "report metrics",
        "report metrics --html --by partner",
        "report metrics --json --by driver",
        "report metrics --explain missing-fields",
        "export",
        "export --json",
        "disclosures",
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let ended = Command::new(BIN)
            .args(&words)
            .arg("--config")
            .arg(root.join("handoffd.toml"))
            .env("RUST_LOG", "trace")
            .output()
            .unwrap();
        // Of no parked mail there is no line; everything else has something to say.
        assert!(!ended.stdout.is_empty() || words == ["parked", "list"], "{words:?} said nothing");
        let said = [ended.stdout, ended.stderr].concat();
        assert!(!holds(&said, "Usage:"), "{words:?}");
        assert_eq!(first_canary(&said), None, "{words:?}");
    }
}

/// The command line, the surroundings and the names of a process and of its threads.
fn seen_of(process: u32) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new("/proc").join(process.to_string());
    let threads = fs::read_dir(folder.join("task")).into_iter().flatten().flatten();
    let names = threads.map(|thread| thread.path().join("comm"));
    let places = ["cmdline", "environ", "comm"].map(|name| folder.join(name)).into_iter().chain(names);
    let seen: Vec<(String, Vec<u8>)> =
        places.filter_map(|path| Some((path.display().to_string(), fs::read(&path).ok()?))).collect();
    assert!(seen.iter().any(|(place, bytes)| place.ends_with("cmdline") && holds(bytes, "--config")));
    assert!(seen.iter().any(|(place, bytes)| place.ends_with("environ") && holds(bytes, "RUST_LOG")));
    seen
}

/// A letter without the line that must name whom it goes to.
fn without_recipient(mail: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(mail);
    let envelope = |line: &&str| {
        let line = line.to_ascii_lowercase();
        !(line.starts_with("to:") || line.starts_with("x-envelope-to:") || line.starts_with("delivered-to:"))
    };
    text.lines().filter(envelope).collect::<Vec<_>>().join("\n").into_bytes()
}

/// The first word of the form `qz0000…q`.
fn first_canary(bytes: &[u8]) -> Option<String> {
    const ENDS: [&str; 16] = [
        "nameq",
        "mailq",
        "streetq",
        "timesq",
        "matterq",
        "reasonq",
        "opposingq",
        "notesq",
        "incomeq",
        "docsq",
        "countyq",
        "subjectq",
        "answerq",
        "bounceq",
        "brokenq",
        "strangerq",
    ];
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let end = ENDS.into_iter().find(|end| text.contains(end))?;
    let at = text.find(end).unwrap_or(0);
    Some(text.chars().skip(at.saturating_sub(40)).take(80).collect())
}
