//! The nevers of `src/lib.rs`, held against the source text: what a compiler cannot know about the house.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use handoffd::referral::letter::Body;

/// The rooms from the inside out: each imports only rooms to its left, or in its own group.
const ROOMS: [&[&str]; 13] = [
    &["referral"],
    &["intake"],
    &["letters"],
    &["report", "simulation"],
    &["clock", "lock", "wire"],
    &["settings"],
    &["mailbox"],
    &["store"],
    &["delivery"],
    &["loops"],
    &["lifecycle"],
    &["app"],
    &["commands"],
];

/// Rooms without a clock, a log, input, output or waiting.
const PURE: [&str; 5] = ["referral", "intake", "letters", "report", "simulation"];

struct Source {
    /// From the folder of the crate, such as `src/loops/deliver.rs`.
    path: String,
    text: String,
    /// It is compiled for tests only.
    is_test: bool,
}

impl Source {
    /// The first folder or file under `src`.
    fn room(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The lines that run: no comments, nothing from the tests at the end on (`running_code_knows_no_tests`).
    fn code(&self) -> String {
        if self.is_test {
            return String::new();
        }
        let running = self.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let running = running.split("\n#[cfg(test)]\npub(crate) mod tests {").next().unwrap();
        let lines = running.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(under: &str) -> Vec<Source> {
    let mut folders = vec![crate_folder().join(under)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                let path = entry.strip_prefix(crate_folder()).unwrap().display().to_string();
                sources.push(Source { path, text: fs::read_to_string(entry).unwrap(), is_test: false });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!sources.is_empty());
    let tests: BTreeSet<String> = sources.iter().flat_map(test_files).collect();
    for source in &mut sources {
        source.is_test = tests.contains(&source.path);
    }
    sources
}

/// The files that a file names for tests only.
fn test_files(source: &Source) -> Vec<String> {
    let folder = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
    let rests = source.text.split("#[cfg(test)]\nmod ").skip(1);
    let names = rests.filter_map(|rest| rest.lines().next()?.strip_suffix(';'));
    names.map(|name| format!("{folder}/{name}.rs")).collect()
}

/// The files outside `allowed` whose running code holds one of the words.
fn offenders(sources: &[Source], words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !allowed.iter().any(|path| source.path.starts_with(path))) {
        let code = source.code();
        for word in words.iter().filter(|word| code.contains(**word)) {
            found.push(format!("{}: {word}", source.path));
        }
    }
    found
}

/// The rooms a text names after `crate::`, in braces or not.
fn imports(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let name = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        };
        match rest.strip_prefix('{').and_then(|inside| inside.split_once("};")) {
            Some((inside, _)) => rooms.extend(inside.split(',').map(name)),
            None => drop(rooms.insert(name(rest))),
        }
    }
    rooms
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|group| group.contains(&room))
}

#[test]
fn every_room_imports_only_rooms_further_in() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let room = source.room().to_owned();
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let own = rank(&room).unwrap_or_else(|| panic!("{} is no room of the list", source.path));
        for import in imports(&source.code()) {
            let allowed = rank(&import).is_none_or(|theirs| theirs < own || import == room);
            if !allowed {
                wrong.push(format!("{} imports {import}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_names_every_room_in_the_order_of_the_imports() {
    let map = fs::read_to_string(crate_folder().join("src/lib.rs")).unwrap();
    let places: Vec<(usize, usize)> = ROOMS
        .iter()
        .enumerate()
        .flat_map(|(rank, group)| group.iter().map(move |room| (rank, *room)))
        .filter(|(_, room)| *room != "commands")
        .map(|(rank, room)| (rank, map.find(&format!("[`{room}`]")).unwrap_or_else(|| panic!("{room}"))))
        .collect();
    assert!(places.windows(2).all(|two| two[0].0 == two[1].0 || two[0].1 < two[1].1), "{places:?}");
    for (_, room) in
        ROOMS.iter().enumerate().flat_map(|(rank, group)| group.iter().map(move |room| (rank, room)))
    {
        assert!(map.contains(&format!("pub mod {room};")), "{room}");
    }
}

#[test]
fn pure_rooms_neither_wait_nor_log_nor_look_at_the_world() {
    let pure: Vec<Source> =
        sources("src").into_iter().filter(|source| PURE.contains(&source.room())).collect();
    let words = [
        "async fn",
        ".await",
        "tokio",
        "tracing",
        "sqlx",
        "println!",
        "std::env",
        "std::net",
        "std::process",
        "std::time::Instant",
        "std::thread",
    ];
    assert_eq!(offenders(&pure, &words, &[]), [""; 0]);
    // Templates may lie in a folder, and only there a pure room reads files.
    let files = ["std::fs", "File::open"];
    assert_eq!(offenders(&pure, &files, &["src/letters/sources.rs"]), [""; 0]);
}

/// Why one way, and which: `src/lock.rs`.
#[test]
fn a_lock_is_taken_in_one_way() {
    let words =
        ["PoisonError", ".lock().ok()", ".lock().map(", ".lock() {", ".lock() else", ".lock().unwrap"];
    assert_eq!(offenders(&sources("src"), &words, &["src/lock.rs", "src/loops/deliver"]), [""; 0]);
}

#[test]
fn one_file_reads_the_wall_clock() {
    let words = ["Utc::now", "Local::now", "SystemTime::now"];
    assert_eq!(offenders(&sources("src"), &words, &["src/clock.rs"]), [""; 0]);
}

#[test]
fn only_the_app_picks_stores_mailboxes_and_outlets() {
    let words = ["Imap::new(", "Maildir::new(", "Smtp::new(", "Folder::new(", "Store::open("];
    assert_eq!(offenders(&sources("src"), &words, &["src/app.rs"]), [""; 0]);
}

#[test]
fn only_one_loop_sends() {
    let outside = ["src/loops/deliver.rs", "src/delivery/", "src/settings/", "src/letters/"];
    // `finish` is also what sections of settings and builders call their end; a session's takes the parcel.
    assert_eq!(offenders(&sources("src"), &[".finish(parcel", ".finish(&parcel"], &outside), [""; 0]);
    assert_eq!(offenders(&sources("src"), &["lettre::"], &["src/delivery/", "src/letters/"]), [""; 0]);
}

#[test]
fn one_room_speaks_sql() {
    assert_eq!(offenders(&sources("src"), &["sqlx"], &["src/store/"]), [""; 0]);
}

#[test]
fn running_code_knows_no_tests() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let lines: Vec<&str> = source.text.lines().collect();
        for (number, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("cfg(test)")) {
            let next = lines.get(number + 1).copied().unwrap_or_default();
            let a_file = next.starts_with("mod ") && next.ends_with(';');
            let the_end = matches!(next, "mod tests {" | "pub(crate) mod tests {")
                && lines[number + 2..].iter().rposition(|line| *line == "}")
                    == Some(lines.len() - number - 3);
            if !a_file && !the_end {
                wrong.push(format!("{}:{}", source.path, number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_short_and_names_say_something() {
    let mut wrong = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if lines > 500 {
            wrong.push(format!("{}: {lines} lines", source.path));
        }
        if !source.text.starts_with("//!") {
            wrong.push(format!("{}: no header that says what it promises", source.path));
        }
        let name = Path::new(&source.path).file_stem().unwrap().to_str().unwrap().to_owned();
        let says_nothing = ["util", "helper", "manager", "common", "misc"];
        if source.path.split('/').chain([name.as_str()]).any(|part| {
            says_nothing.iter().any(|word| part.trim_end_matches(".rs").trim_end_matches('s') == *word)
        }) {
            wrong.push(format!("{}: the name says nothing", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The wall for functions is clippy's to hold.
    let clippy = fs::read_to_string(crate_folder().join(".clippy.toml")).unwrap();
    assert!(clippy.contains("too-many-lines-threshold = 70"));
}

#[test]
fn the_letters_speak_every_kind_there_is() {
    let folders: BTreeSet<String> = fs::read_dir(crate_folder().join("templates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "parts")
        .collect();
    let mut kinds: BTreeSet<String> = Body::samples().iter().map(|body| body.kind().to_owned()).collect();
    kinds.extend(["digest", "pilot", "measures", "weekly", "monthly"].map(str::to_owned));
    assert_eq!(folders, kinds);
}

/// Rooms whose values may hold words of people.
const PEOPLE: [&str; 7] = ["referral", "intake", "letters", "mailbox", "store", "delivery", "loops"];

/// Types there that hold texts and derive `Debug` all the same, each with the reason why that shows nobody.
const SHOWN: &[(&str, &str)] = &[
    ("src/delivery/error.rs::DeliveryError", "words of ours, hosts, and status codes of the mail server"),
    ("src/delivery/mod.rs::Verdict", "words of ours, and status codes of the mail server"),
    ("src/delivery/smtp/mod.rs::SmtpSettings", "settings; the password is a Secret"),
    ("src/intake/mod.rs::Context", "settings"),
    ("src/intake/mod.rs::Reading", "its parts mask themselves; problems are words of ours"),
    ("src/intake/mod.rs::DeliveryReport", "Message-IDs of ours; its recipients mask themselves"),
    ("src/letters/mod.rs::Organisation", "settings"),
    ("src/letters/mod.rs::TemplateError", "places in templates"),
    ("src/letters/sources.rs::Source", "templates"),
    ("src/letters/token.rs::TokenKey", "settings; the key masks itself"),
    ("src/mailbox/error.rs::MailboxError", "hosts, and what a server says, cut and cleaned"),
    ("src/mailbox/imap/mod.rs::ImapSettings", "settings; the password is a Secret"),
    ("src/mailbox/imap/mod.rs::After", "settings"),
    ("src/mailbox/mod.rs::Origin", "names of mailboxes and of files that mail servers make"),
    (
        "src/referral/decide/mod.rs::Decision",
        "sentences of ours with names from settings; its parts mask themselves",
    ),
    ("src/referral/eligibility.rs::Eligibility", "settings"),
    ("src/referral/policy.rs::Policy", "settings"),
    ("src/referral/reason.rs::", "settings"),
    (
        "src/referral/contact.rs::Contact",
        "its confirmation masks itself; the code of a reason is from settings",
    ),
    ("src/referral/roster.rs::StaffId", "a short name from settings"),
    ("src/referral/roster.rs::PartnerId", "a short name from settings"),
    ("src/referral/roster.rs::Partner", "an organisation in settings"),
    ("src/store/audit.rs::Findings", "sentences of ours with references and row numbers"),
    ("src/store/disclosure.rs::Disclosure", "a user of the host, a command, and a reference"),
    ("src/store/figures.rs::GivenUp", "codes and short names from settings"),
    ("src/store/forget.rs::Hold", "a short name from settings"),
    ("src/store/mod.rs::StoreError", "a database's words before its first quoted value"),
    ("src/store/outbox.rs::Line", "kinds and states"),
    ("src/store/note.rs::Note", "words of ours, and status codes of the mail server"),
    ("src/store/records.rs::Commit", "keys of letters; its parts mask themselves"),
    ("src/store/known.rs::Known", "keyed digests, references and row numbers; its parts mask themselves"),
    ("src/store/known.rs::Letter", "a Message-ID of ours"),
    ("src/store/records.rs::Saved", "digests; its parts mask themselves"),
    ("src/store/records.rs::Settled", "words of ours, and a digest"),
    ("src/store/seal.rs::SealError", "paths and places"),
    ("src/store/spool.rs::", "causes and dispositions, which are words of ours"),
];

/// The types of a file that derive `Debug` and hold texts.
fn shown_types(source: &Source) -> Vec<String> {
    let code = source.code();
    let mut types = Vec::new();
    for (derived, rest) in code.split("#[derive(").skip(1).filter_map(|part| part.split_once(")]")) {
        let is_item = |line: &&str| line.contains("struct ") || line.contains("enum ");
        let Some(item) = rest.lines().find(is_item) else { continue };
        let after = rest.split_once(item).map_or("", |(_, after)| after);
        let inside = if item.ends_with('{') { after.split("\n}").next().unwrap() } else { item };
        let has_text = ["String", "Vec<u8>", "&'a str", "Cow<"].iter().any(|text| inside.contains(text));
        let mut words = item.split([' ', '{', '<', '(', ';']);
        let name = words.find(|word| matches!(*word, "struct" | "enum")).and_then(|_| words.next());
        if derived.contains("Debug") && has_text {
            types.push(format!("{}::{}", source.path, name.unwrap()));
        }
    }
    types
}

#[test]
fn a_type_of_the_rooms_with_people_masks_its_texts_or_says_why_not() {
    let rooms = sources("src").into_iter().filter(|source| PEOPLE.contains(&source.room()));
    let shown: Vec<String> = rooms.flat_map(|source| shown_types(&source)).collect();
    let known = |name: &&String| SHOWN.iter().any(|(start, _)| name.starts_with(start));
    let unknown: Vec<&String> = shown.iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "mask these by hand, see referral/masked.rs: {unknown:#?}");
    for (start, why) in SHOWN {
        assert!(shown.iter().any(|name| name.starts_with(start)), "{start} ({why}) is gone");
    }
}

#[test]
fn one_tls_and_nothing_written_in_c_but_sqlite() {
    let lock = fs::read_to_string(crate_folder().join("Cargo.lock")).unwrap();
    for name in ["openssl-sys", "openssl", "native-tls", "aws-lc-rs", "aws-lc-sys"] {
        assert!(!lock.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

#[test]
fn the_twin_migrations_have_the_same_names() {
    let names = |kind: &str| -> Vec<PathBuf> {
        let files = fs::read_dir(crate_folder().join("migrations").join(kind)).unwrap();
        let mut names: Vec<PathBuf> = files.map(|file| file.unwrap().file_name().into()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
