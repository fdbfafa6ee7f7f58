//! Canaries: every personal field of many lives is a word found nowhere else; then everything that leaves or stays is
//! searched for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use handoffd::referral::packet::Field;
use memchr::memmem;

use super::PARTNER;
use super::office::{self, BIN, drop_in, files, holds};
use crate::rig::rows::rows;
use crate::rig::{run, until};

const LIVES: u32 = 1_000;

/// The daemon with every log line there is.
fn daemon(dir: &Path, level: &str) -> Child {
    let log = fs::File::options().create(true).append(true).open(dir.join("log")).unwrap();
    Command::new(BIN)
        .args(["run", "--config"])
        .arg(dir.join("handoffd.toml"))
        .env("RUST_LOG", level)
        .env("RUST_BACKTRACE", "full")
        .stderr(Stdio::from(log))
        .spawn()
        .unwrap()
}

/// A number of nobody else.
fn phone(n: u32) -> String {
    format!("(518) 600-{n:04}")
}

/// A day of nobody else.
fn birth(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(1940, 1, 1).unwrap() + Days::new(u64::from(n))
}

/// Every field of a form with a word of the person's own, but those that the rest of a life gives a value; such a form
/// holds letters to the client back.
fn of_every_field(c: &str, given: &str) -> String {
    let is_given = |field: &Field| given.contains(&format!("{}:", field.label()));
    // A partner reads its own number of a person in our answer, so that it finds its record again.
    let others = Field::ALL.into_iter().filter(|field| !is_given(field) && *field != Field::PartnerReference);
    let lines = others.map(|field| format!("{}: {c}{}fieldq\n", field.label(), field.key()));
    lines.collect::<Vec<String>>().concat()
}

fn life(n: u32) -> (String, String) {
    let c = format!("qz{n:04}");
    // Words nobody can read hold letters to the client back: a few lives have them.
    let times = if n.is_multiple_of(10) { format!("{c}timesq") } else { "any day".to_owned() };
    let mut body = format!(
        "Client name: {c}nameq\nDate of birth: {}\nPhone: {}\nEmail: {c}mailq@client.example\n\
         Address: {c}streetq 5\nSafe to call: yes\nSafe to email: {}\nSafe times: {times}\nLanguage: Spanish\n\
         Matter type: {c}matterq\nReason for referral: {c}reasonq\nOpposing party: {c}opposingq\nSafety notes: {c}notesq\n\
         Household income: {c}incomeq\nDocuments: {c}docsq\nCounty: {c}countyq\nConsent to share: yes\n",
        birth(n).format("%m/%d/%Y"),
        phone(n),
        if n.is_multiple_of(3) { "no" } else { "yes" },
    );
    if n % 10 == 7 {
        body += &of_every_field(&c, &body);
    }
    let from = if n % 4 == 3 { format!("{c}strangerq@else.example") } else { PARTNER.to_owned() };
    (from, body)
}

/// What comes by mail once they were written to: a report with the whole of our letter in it, a stop, an answer, the
/// same referral again.
fn afterwards(root: &Path, n: u32, letters: &[(String, Vec<u8>)]) {
    let (c, number, (from, body)) = (format!("qz{n:04}"), 10_000 + n, life(n));
    let client = format!("{c}mailq@client.example");
    match n % 4 {
        0 => {
            let ours = letters.iter().find(|(to, _)| *to == client).map(|(_, letter)| letter.as_slice());
            let report = format!(
                "From: mailer-daemon@client.example\r\nTo: referrals@example.org\r\nSubject: Undelivered\r\n\
                 Message-ID: <{number}@client.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
                 --b\r\nContent-Type: text/plain\r\n\r\n{c}nameq <{client}> could not be reached\r\n--b\r\n\
                 Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n\
                 Final-Recipient: rfc822; {client}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
                 Diagnostic-Code: smtp; 550 no {c}bounceq\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                 {}\r\n--b--\r\n",
                String::from_utf8_lossy(ours.unwrap_or_default())
            );
            fs::write(root.join(format!("inbox/new/{number:06}.test")), report).unwrap();
        }
        1 => drop_in(root, number, &client, &format!("{c}subjectq"), "STOP"),
        2 => drop_in(root, number, &client, &format!("I am {c}nameq"), &format!("{c}answerq: call me")),
        _ => drop_in(root, number, &from, &format!("Once more {c}subjectq"), &body),
    }
}

/// The letters that lie in the outlet, with whom each goes to.
fn letters(root: &Path) -> Vec<(String, Vec<u8>)> {
    let to = |letter: &[u8]| {
        let text = String::from_utf8_lossy(letter).into_owned();
        let to = text.lines().find_map(|line| line.strip_prefix("To: ").map(str::to_owned));
        to.unwrap_or_default().rsplit(' ').next().unwrap_or_default().trim_matches(['<', '>']).to_owned()
    };
    files(&root.join("outbox")).into_iter().map(|(_, letter)| (to(&letter), letter)).collect()
}

/// How many letters went to each client who said stop.
fn letters_to_the_stopped(letters: &[(String, Vec<u8>)]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (to, _) in letters {
        let number = to.strip_prefix("qz").and_then(|rest| rest.get(..4)).and_then(|n| n.parse::<u32>().ok());
        if number.is_some_and(|n| n % 4 == 1) && to.ends_with("mailq@client.example") {
            *counts.entry(to.clone()).or_default() += 1;
        }
    }
    counts
}

/// How many mails were handled, and how many letters wait that may leave now; the processes are asked past the daemon.
fn settled(root: &Path, mails: usize) -> bool {
    const SQL: &str = "SELECT CAST((SELECT COUNT(*) FROM mail WHERE disposition IS NOT NULL) AS TEXT), \
         CAST((SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'claimed', 'in-doubt') \
         AND due_at < CAST(strftime('%s', 'now') AS INTEGER) * 1000) AS TEXT)";
    let url = format!("sqlite://{}", root.join("data/handoffd.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(rows(&url, SQL)) == [[mails.to_string(), "0".to_owned()]]
}

fn until_settled(root: &Path, mails: usize) {
    until(&format!("{mails} mails are handled and letters have left"), Duration::from_mins(6), || {
        std::thread::sleep(Duration::from_millis(500));
        settled(root, mails)
    });
}

/// Each life goes on, and then the store is put back as it was before: nothing that follows names anybody either, and
/// whoever said stop meanwhile is not written to.
fn goes_on_and_is_put_back(root: &Path, running: &mut Child, mails: usize) -> Child {
    let backup = root.join("backup.db");
    let done = Command::new(BIN)
        .arg("backup")
        .arg(&backup)
        .arg("--config")
        .arg(root.join("handoffd.toml"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let written = letters(root);
    for n in 0..LIVES {
        afterwards(root, n, &written);
    }
    until_settled(root, mails + LIVES as usize);
    let told = letters_to_the_stopped(&letters(root));
    run(Command::new("kill").args(["-TERM", &running.id().to_string()]));
    running.wait().unwrap();
    fs::copy(&backup, root.join("data/handoffd.db")).unwrap();
    let again = daemon(root, "trace");
    until_settled(root, mails + LIVES as usize);
    assert_eq!(letters_to_the_stopped(&letters(root)), told, "letters after a stop");
    again
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
    let mut running = goes_on_and_is_put_back(root, &mut running, LIVES as usize + 60);
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
        let bytes = if place.starts_with("outbox") { as_read(&bytes) } else { bytes };
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

/// A letter as it lies there and as its reader sees it, however it is coded; without the line that must name whom it
/// goes to.
fn as_read(letter: &[u8]) -> Vec<u8> {
    let mut all = without_recipient(letter);
    let Ok(mail) = mailparse::parse_mail(letter) else { return all };
    for field in mail.headers.iter().filter(|field| {
        !["to", "x-envelope-to", "delivered-to"].contains(&field.get_key_ref().to_lowercase().as_str())
    }) {
        all.extend(field.get_value().into_bytes());
        all.push(b'\n');
    }
    for part in mail.parts() {
        all.extend(part.get_body_raw().unwrap_or_default());
    }
    all
}

fn without_recipient(mail: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(mail);
    let envelope = |line: &&str| {
        let line = line.to_ascii_lowercase();
        !(line.starts_with("to:") || line.starts_with("x-envelope-to:") || line.starts_with("delivered-to:"))
    };
    text.lines().filter(envelope).collect::<Vec<_>>().join("\n").into_bytes()
}

/// The first word of the form `qz0000…q`, or number or day of somebody's.
fn first_canary(bytes: &[u8]) -> Option<String> {
    first_word(bytes).or_else(|| first_figure(bytes))
}

/// A phone number or a birth date of these lives, in every way we or a partner may write it.
fn first_figure(bytes: &[u8]) -> Option<String> {
    let phones = ["518600", "518-600-", "518 600 ", "518.600.", "(518) 600-", "(518) 600 "];
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let phone = phones.into_iter().find_map(|start| {
        memmem::find_iter(bytes, start)
            .find(|at| bytes.get(at + start.len()) == Some(&b'0') && is_digit(at + start.len() + 3))
    });
    let year = ["1940", "1941", "1942"].into_iter().find_map(|year| {
        memmem::find_iter(bytes, year).find(|at| {
            let is_first =
                bytes.get(at + 4) == Some(&b'-') && is_digit(at + 6) && bytes.get(at + 7) == Some(&b'-');
            is_first || ends_like_a_day(bytes.get(at.saturating_sub(16)..*at).unwrap_or_default())
        })
    });
    let at = phone.or(year)?;
    let around = bytes.get(at.saturating_sub(20)..(at + 20).min(bytes.len())).unwrap_or_default();
    Some(String::from_utf8_lossy(around).into_owned())
}

/// Whether a year behind these bytes would end a date: `2/12/`, `February 12, `, `12 Feb `.
fn ends_like_a_day(before: &[u8]) -> bool {
    const MONTHS: &str =
        "january february march april may june july august september october november december";
    match before {
        // A name of a letter ends in a number too: `/1/`, and digits behind it may begin like a year.
        [.., month, b'/', day, b'/'] | [.., month, b'/', _, day, b'/'] => {
            [month, day].iter().all(|c| c.is_ascii_digit())
        }
        [.., day, b',', b' '] => day.is_ascii_digit(),
        [words @ .., b' '] => {
            let word = words.rsplit(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
            let word = String::from_utf8_lossy(word).to_lowercase();
            word.len() >= 3 && MONTHS.split(' ').any(|month| month.starts_with(&word))
        }
        _ => false,
    }
}

#[test]
fn a_figure_is_found_however_it_is_written() {
    for text in [
        "5186000042",
        "+1 518 600 0042",
        "518-600-0042",
        "(518) 600-0042",
        "born 1940-02-12.",
        "02/12/1940",
        "February 12, 1941",
        "12 Feb 1942",
    ] {
        assert!(first_figure(text.as_bytes()).is_some(), "{text}");
    }
    for text in
        ["518-555-0100", "5186001942", "1940", "at 1940 Main Street", "19:40", "/1940x", "receipt/1/19417f52"]
    {
        assert_eq!(first_figure(text.as_bytes()), None, "{text}");
    }
}

fn first_word(bytes: &[u8]) -> Option<String> {
    const ENDS: [&str; 17] = [
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
        "fieldq",
    ];
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let end = ENDS.into_iter().find(|end| text.contains(end))?;
    let at = text.find(end).unwrap_or(0);
    Some(text.chars().skip(at.saturating_sub(40)).take(80).collect())
}
