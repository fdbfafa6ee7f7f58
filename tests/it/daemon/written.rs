//! Every byte that is ever written to a file, whatever becomes of the file: what a raw image of the device could hold,
//! or swapped pages of files, or a temporary file long gone (RELIABILITY P22, P27).

use std::fs;

use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::relay::{Act, Relay};
use crate::rig::{SOON, until};

/// In every personal value that is words, and nowhere else.
const CANARY: &str = "quokka";
const CLIENT: &str = "quokka@client.example";
/// The values that are figures, in every way we or a partner may write them.
const FIGURES: [&str; 12] = [
    "518-555-0142",
    "5185550142",
    "(518) 555-0142",
    "518 555 0142",
    "518.555.0142",
    "555-0142",
    "1980-02-03",
    "02/03/1980",
    "2/3/1980",
    "February 3, 1980",
    "3 February 1980",
    "12180-7431",
];
/// Every call by which bytes get into a file, and those that open, name or map one.
const CALLS: &str = "trace=write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice,vmsplice,tee,\
     process_vm_writev,io_uring_setup,io_uring_enter,io_submit,setxattr,fsetxattr,lsetxattr,memfd_create,\
     mmap,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat";
/// Of these none is ever made: what they write is not seen here.
const UNSEEN: [&str; 10] = [
    "sendfile",
    "copy_file_range",
    "splice",
    "vmsplice",
    "tee",
    "process_vm_writev",
    "io_uring_setup",
    "io_uring_enter",
    "io_submit",
    "memfd_create",
];

fn packet() -> String {
    format!(
        "Client name: {CANARY} Smith\r\nDate of birth: 1980-02-03\r\nPhone: 518-555-0142\r\nEmail: {CLIENT}\r\n\
         Address: {CANARY} Street 5, Troy, NY 12180-7431\r\nSafe to call: yes\r\nSafe to email: yes\r\nSafe times: any time\r\n\
         Language: English\r\nMatter type: {CANARY} housing\r\nReason for referral: {CANARY} reason\r\n\
         Opposing party: Bob {CANARY}son\r\nSafety notes: none\r\nConsent to share: yes\r\n"
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

/// A call of the system: `1 pwrite64(9</tmp/x/handoffd.db-wal>, "\x53\x51", 4096, 0) = 4096`.
struct Call {
    name: String,
    line: String,
    /// The file it writes to; `None` for what opens or names one, and for what goes to no file.
    file: Option<String>,
    /// Its texts, byte by byte as they were: what is written, or the names of files.
    texts: Vec<Vec<u8>>,
}

fn call(line: &str) -> Option<Call> {
    let (before, arguments) = line.split_once('(')?;
    let name = before.split_whitespace().last()?.to_owned();
    let descriptor = arguments.split_once(',').map_or(arguments, |(first, _)| first);
    let file = descriptor.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>')).map(|(path, _)| path);
    let file = file.filter(|path| name.contains("write") && path.starts_with('/') && *path != "/dev/null");
    Some(Call { name, line: line.to_owned(), file: file.map(str::to_owned), texts: texts(arguments) })
}

/// What stands in quotes, without the escapes of the looker-on.
fn texts(arguments: &str) -> Vec<Vec<u8>> {
    let (mut texts, mut open): (Vec<Vec<u8>>, Option<Vec<u8>>) = (Vec::new(), None);
    let mut rest = arguments.bytes();
    while let Some(byte) = rest.next() {
        match (&mut open, byte) {
            (None, b'"') => open = Some(Vec::new()),
            (None, _) => {}
            (Some(_), b'"') => texts.extend(open.take()),
            (Some(text), b'\\') => text.push(match rest.next() {
                Some(b'x') => hex(rest.next(), rest.next()),
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b't') => b'\t',
                Some(b'v') => 0x0b,
                Some(b'f') => 0x0c,
                other => other.unwrap_or_default(),
            }),
            (Some(text), byte) => text.push(byte),
        }
    }
    texts
}

fn hex(high: Option<u8>, low: Option<u8>) -> u8 {
    let digits = [high.unwrap(), low.unwrap()];
    u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
}

/// Where a text names somebody, with what stands around it.
fn names(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let mut words = std::iter::once(CANARY).chain(FIGURES).map(str::to_ascii_lowercase);
    let at = words.find_map(|word| text.find(&word))?;
    Some(text.get(at..).unwrap_or_default().chars().take(80).collect())
}

/// The looker-on, who stands aside so that the daemon is our own child; no text is cut short, and one that holds more
/// than letters is given byte by byte.
fn look_at(desk: &mut Desk, number: usize) {
    let trace = desk.path(&format!("trace{number}"));
    let words = ["strace", "-D", "-f", "-q", "-y", "-x", "-s", "1000000", "-e", CALLS, "-o"];
    desk.looked_at_by = words.map(str::to_owned).into_iter().chain([trace.display().to_string()]).collect();
}

/// All that was seen of a process, once its end was.
fn seen(desk: &Desk, number: usize) -> Vec<Call> {
    let read = || fs::read_to_string(desk.path(&format!("trace{number}"))).unwrap_or_default();
    until("the end of the process was seen", SOON, || {
        let all = read();
        let first = all.split_whitespace().next().unwrap_or("none").to_owned();
        all.lines().any(|line| {
            line.split_once(' ').is_some_and(|(process, rest)| {
                process == first && rest.trim_start().starts_with("+++ exited")
            })
        })
    });
    read().lines().filter_map(call).collect()
}

#[test]
fn p27_no_byte_that_is_ever_written_to_a_file_names_anybody() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    look_at(&mut desk, 0);
    desk.environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
    let partner = format!("worker1@{PARTNER}");
    desk.drop_in("1", &mail(&partner, &format!("Referral of {CANARY}"), &packet()));
    desk.start();
    until("the client is written to", SOON * 4, || relay.taken().iter().any(|letter| letter.to == CLIENT));
    desk.drop_in(
        "2",
        &mail(CLIENT, &format!("I am {CANARY}"), &format!("Call me, {CANARY}, at 518-555-0142")),
    );
    desk.drop_in("3", &mail(&format!("\"{CANARY}\u{0}\" <broken"), CANARY, CANARY));
    desk.drop_in("4", &mail(&partner, "status", "status\r\n"));
    until("the client is answered", SOON * 4, || {
        relay.taken().iter().filter(|letter| letter.to == CLIENT).count() > 1
    });
    desk.terminate();
    let mut calls = seen(&desk, 0);
    for file in ["handoffd.db", "handoffd.db-wal", "log"] {
        let is_it = |call: &Call| call.file.as_ref().is_some_and(|path| path.ends_with(&format!("/{file}")));
        assert!(calls.iter().any(is_it), "nothing was seen of {file}");
    }
    let assignment = relay.taken().into_iter().find(|letter| letter.to.starts_with("maria@")).unwrap();
    let subject = header(&assignment.message, "Subject");
    let reference = subject.split([' ', ':']).find(|word| word.starts_with("R-")).unwrap().to_owned();
    let copy = desk.path("copy.db").display().to_string();
    for (words, number) in [
        &["act", &reference, "attempt call no answer"][..],
        &["backup", &copy],
        &["show", &reference],
        &["export", "--records"],
        &["parked", "list"],
        &["key", "rotate"],
        &["forget", &reference],
        &["verify"],
    ]
    .into_iter()
    .zip(1..)
    {
        look_at(&mut desk, number);
        let ended = desk.run(words);
        assert_eq!(ended.code, 0, "{words:?}: {}", ended.err);
        let more = seen(&desk, number);
        assert!(
            more.iter().any(|call| call.file.is_some()),
            "{words:?} writes at least that somebody looked"
        );
        calls.extend(more);
    }
    // What is shown on standard output is found by the same search: words, phone and birth date.
    let is_shown = |word: &str| {
        let shown = calls.iter().filter(|call| call.name.contains("write") && call.file.is_none());
        let mut texts = shown.flat_map(|call| &call.texts);
        texts.any(|text| String::from_utf8_lossy(text).to_ascii_lowercase().contains(word))
    };
    // The copy is a file as the store is: the number is in it, and nobody.
    let copied = fs::read(&copy).unwrap();
    assert!(String::from_utf8_lossy(&copied).contains(&reference));
    assert_eq!(names(&copied), None, "in the backup");
    let is_copied = |call: &Call| call.file.as_ref().is_some_and(|path| path.ends_with("/copy.db.part"));
    assert!(calls.iter().any(is_copied), "nothing was seen of the backup");
    assert!(is_shown(CANARY) && is_shown("518-555-0142") && is_shown("1980-02-03"));
    calls.iter().for_each(judge);
}

fn judge(call: &Call) {
    let Call { name, line, file, texts } = call;
    let around = || line.chars().take(200).collect::<String>();
    assert!(!UNSEEN.contains(&name.as_str()) && !name.contains("xattr"), "{}", around());
    let is_named = texts.iter().find_map(|text| names(text));
    // Answers on standard output, to servers and to other threads go to no file.
    assert!(is_named.is_none() || name.contains("write") && file.is_none(), "{is_named:?} by {}", around());
    // Nothing is written past these calls: a file that is mapped to be written is the index of the log, which holds no
    // words.
    if name == "mmap" && line.contains("PROT_WRITE") && line.contains("MAP_SHARED") {
        assert!(line.contains("handoffd.db-shm>") || !line.contains("</"), "{}", around());
    }
    // A file is made anew, or put in another's place, only where these are made.
    if line.contains("O_CREAT") || name.contains("rename") || name.contains("link") || name == "creat" {
        for path in texts {
            let path = String::from_utf8_lossy(path).into_owned();
            let file = path.rsplit('/').next().unwrap_or_default();
            let is_mail = path.contains("/inbox/new/") || path.contains("/inbox/cur/");
            let is_known =
                ["handoffd.db", "copy.db", "key", "log"].iter().any(|known| file.starts_with(known));
            assert!(is_known || is_mail || path == "/dev/null", "{}", around());
        }
    }
}
