//! Settings: every mistake at once, each with its line and its remedy, and no value of the file in any of them.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use handoffd::referral::policy::Policy;
use handoffd::referral::roster::Mode;
use handoffd::settings::init::{EVERY_KEY, starter};
use handoffd::settings::mistake::Mistake;
use handoffd::settings::{
    After, Security, Settings, Sink, Source, Store, Surroundings, known_keys, ladder_in_words,
};
use proptest::prelude::*;
use tempfile::TempDir;

/// Stands in every secret file; it must never be seen.
const CANARY: &str = "canary-7f3a";

/// A config without a mistake; line 1 is `[organisation]`.
const GOOD: &str = r#"[organisation]
name = "Example Help Center"
phone = "555-0100"
phone_hours = "Monday to Friday"
zone = "America/New_York"
workflow_owner = "maria"
data_owner = "sam"

[inbox]
address = "referrals@example.org"
kind = "imap"
host = "imap.example.org"
user = "referrals"
password_file = "imap"

[outlet]
kind = "smtp"
host = "smtp.example.org"

[store]
kind = "sqlite"
path = "handoffd.db"

[policy.fast]
grace_hours = 4

[policy.fast.standard]
steps = [{ due = "12h", attempts = 1 }, { due = "24h", attempts = 2 }]
bounce = "48h"

[calendar]
monday = "09:00-17:00"
holidays = [2026-12-25]

[[staff]]
id = "maria"
name = "Maria Lopez"
email = "maria@example.org"

[[staff]]
id = "sam"
name = "Sam Reed"
email = "sam@example.org"

[[partner]]
id = "harbor-house"
name = "Harbor House"
addresses = ["intake@partner.example"]
policy = "fast"

[letters]
templates = "letters"

[privacy]
key_file = "key"

[reports]
admins = ["maria"]
"#;

/// The folder a config stands in, with its secrets.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, mode) in [("key", 0o600), ("imap", 0o400), ("open", 0o640), ("empty", 0o600)] {
        let path = folder.path().join(name);
        fs::write(&path, if name == "empty" { "\n" } else { CANARY }).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::create_dir(folder.path().join("letters")).unwrap();
    folder
}

fn mistakes(text: &str, folder: &Path) -> Vec<String> {
    let mistakes = Settings::parse(text, "handoffd.toml", folder).err().unwrap_or_default();
    mistakes.iter().map(Mistake::to_string).collect()
}

#[test]
fn a_good_config_becomes_checked_types() {
    let folder = folder();
    assert_eq!(mistakes(GOOD, folder.path()), Vec::<String>::new());
    let settings = Settings::parse(GOOD, "handoffd.toml", folder.path()).unwrap();
    let Source::Imap(imap) = &settings.inbox.source else { panic!("{settings:?}") };
    assert_eq!((imap.server.port, imap.server.security), (993, Security::Tls));
    assert_eq!((imap.mailbox.as_str(), &imap.after, imap.idle), ("INBOX", &After::Leave, true));
    assert_eq!(imap.password.expose(), CANARY);
    let Sink::Smtp { server, login: None, connections: 2 } = &settings.outlet.sink else {
        panic!("{settings:?}")
    };
    assert_eq!(server.port, 465);
    assert!(matches!(&settings.store, Store::Sqlite { path } if *path == folder.path().join("handoffd.db")));
    assert_eq!(settings.policies.iter().map(Policy::label).collect::<Vec<_>>(), ["fast v1", "seed v1"]);
    assert_eq!(settings.policies[0].standard.steps.len(), 2);
    assert_eq!(settings.policies[0].safety, Policy::seed().safety);
    assert_eq!(settings.roster.partners[0].mode, Mode::Enforce);
    assert!(!settings.roster.partners[0].loop_back);
    assert_eq!(settings.organisation.from_name, "Example Help Center");
    assert_eq!(settings.organisation.message_id_domain, "example.org");
    assert_eq!(settings.privacy.neutral_receipts.map(|caps| caps.per_hour), Some(300));
    assert_eq!(settings.privacy.keep.raw_mail_days, None);
    assert!(!format!("{settings:?}").contains(CANARY));
}

#[test]
fn ten_mistakes_are_ten_messages_with_their_lines() {
    let folder = folder();
    let text = [
        ("zone = \"America/New_York\"", "zone = \"Amerika/New_York\""),
        ("data_owner = \"sam\"", "data_owner = \"sma\""),
        ("host = \"imap.example.org\"", "host = \"imap.example.org\"\nsecurity = \"plain\""),
        ("password_file = \"imap\"", "password_file = \"open\""),
        ("kind = \"smtp\"", "kind = \"smtp\"\nprot = 465"),
        ("path = \"handoffd.db\"", ""),
        ("bounce = \"48h\"", "bounce = \"26h\""),
        ("holidays = [2026-12-25]", "holidays = [\"Christmas\"]"),
        ("email = \"sam@example.org\"", "email = \"maria@example.org\""),
        ("templates = \"letters\"", "templates = \"nowhere\""),
    ]
    .into_iter()
    .fold(GOOD.to_owned(), |text, (from, to)| text.replace(from, to));
    assert_eq!(
        mistakes(&text, folder.path()),
        [
            "handoffd.toml:5: [organisation] zone: is not a time zone we know → did you mean America/New_York?",
            "handoffd.toml:7: [organisation] data_owner: no [[staff]] has this id → did you mean sam?",
            "handoffd.toml:13: [inbox] security: a plain connection to another machine shows everything to whoever \
             listens → write \"tls\" or \"starttls\"; \"plain\" is for localhost only",
            "handoffd.toml:15: [inbox] password_file: others may read the file (mode 0640) → make it yours alone: \
             chmod 600 FILE",
            "handoffd.toml:19: [outlet] prot: is not a key we know → did you mean port?",
            "handoffd.toml:22: [store] path: is missing → add path = \"handoffd.db\"",
            "handoffd.toml:29: [policy.fast.standard]: the bounce (26 h) can come before the last step (24 h) and its \
             grace of 4 h are over → raise bounce or lower grace_hours",
            "handoffd.toml:35: [calendar] holidays: is not a date → write year, month and day, such as 2026-12-25",
            "handoffd.toml:45: [[staff]] email: is also the address of the [[staff]] at line 37 → every mailbox \
             belongs to one: remove it here or there",
            "handoffd.toml:54: [letters] templates: there is no such folder → create it, or remove the key to use the \
             built-in letters",
        ]
    );
}

/// One change to the good config, and the one message it must give: its line, its place, a part of its words.
const SINGLE: &[(&str, &str, usize, &str, &str)] = &[
    ("name = \"Example Help Center\"\n", "", 1, "[organisation] name:", "is missing → add name ="),
    ("\"Example Help Center\"", "\"  \"", 2, "[organisation] name:", "is empty"),
    ("\"Example Help Center\"", "12", 2, "[organisation] name:", "is a number, not a text"),
    (
        "zone = ",
        "reference_prefix = \"LO\"\nzone = ",
        5,
        "[organisation] reference_prefix:",
        "without I, L, O",
    ),
    ("zone = ", "reference_prefix = \"ABCDE\"\nzone = ", 5, "[organisation] reference_prefix:", "1 to 4"),
    ("zone = ", "language = \"English\"\nzone = ", 5, "[organisation] language:", "not a language tag"),
    ("zone = ", "phone_region = \"us\"\nzone = ", 5, "[organisation] phone_region:", "capital letters"),
    ("zone = ", "date_order = \"dmy\"\nzone = ", 5, "[organisation] date_order:", "\"day-first\""),
    (
        "zone = ",
        "required_fields = [\"client_nam\"]\nzone = ",
        5,
        "[organisation] required_fields:",
        "client_name?",
    ),
    (
        "zone = ",
        "default_policy = \"fsat\"\nzone = ",
        5,
        "[organisation] default_policy:",
        "did you mean fast?",
    ),
    (
        "zone = ",
        "message_id_domain = \"x y\"\nzone = ",
        5,
        "[organisation] message_id_domain:",
        "not a domain",
    ),
    ("\"referrals@example.org\"", "\"referrals\"", 10, "[inbox] address:", "exactly one @"),
    ("kind = \"imap\"", "kind = \"pop3\"", 11, "[inbox] kind:", "\"imap\" or \"maildir\""),
    ("kind = \"imap\"\n", "", 9, "[inbox] kind:", "is missing"),
    ("\"imap.example.org\"", "\"imaps://imap.example.org\"", 12, "[inbox] host:", "no scheme"),
    ("user = \"referrals\"", "user = \"referrals\"\nport = 70000", 14, "[inbox] port:", "from 1 to 65535"),
    ("user = \"referrals\"", "user = \"referrals\"\nport = -1", 14, "[inbox] port:", "out of range"),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\nport = \"993\"",
        14,
        "[inbox] port:",
        "is a text, not a whole",
    ),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\nidle = \"yes\"",
        14,
        "[inbox] idle:",
        "is a text, not true",
    ),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\nafter = \"delete\"",
        14,
        "[inbox] after:",
        "\"move:Done\"",
    ),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\nextra_ca = \"no\"",
        14,
        "[inbox] extra_ca:",
        "no such file",
    ),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\nsecurity = \"ssl\"",
        14,
        "[inbox] security:",
        "\"starttls\"",
    ),
    ("password_file = \"imap\"", "password = \"canary-7f3a\"", 14, "[inbox] password:", "password_file ="),
    ("password_file = \"imap\"", "password_file = \"gone\"", 14, "[inbox] password_file:", "no such file"),
    ("password_file = \"imap\"", "password_file = \"empty\"", 14, "[inbox] password_file:", "is empty"),
    (
        "password_file = \"imap\"",
        "password_file = \"letters\"",
        14,
        "[inbox] password_file:",
        "is not a file",
    ),
    (
        "password_file = \"imap\"",
        "password_file = \"credential:imap\"",
        14,
        "[inbox] password_file:",
        "LoadCredential",
    ),
    (
        "\"smtp.example.org\"",
        "\"smtp.example.org\"\nuser = \"x\"",
        16,
        "[outlet] password_file:",
        "is missing",
    ),
    (
        "\"smtp.example.org\"",
        "\"smtp.example.org\"\npassword_file = \"imap\"",
        16,
        "[outlet]:",
        "without a user",
    ),
    (
        "kind = \"sqlite\"\npath = \"handoffd.db\"",
        "kind = \"postgres\"\nurl = \"x\"",
        22,
        "[store] url:",
        "url_file =",
    ),
    (
        "kind = \"sqlite\"\npath = \"handoffd.db\"",
        "kind = \"postgres\"\nurl_file = \"imap\"",
        20,
        "[store]:",
        "no PostgreSQL URL",
    ),
    ("[store]\nkind = \"sqlite\"\npath = \"handoffd.db\"\n", "", 1, "[store]:", "the section is missing"),
    ("grace_hours = 4", "grace_hours = 400", 25, "[policy.fast] grace_hours:", "out of range"),
    ("grace_hours = 4", "grace = 4", 25, "[policy.fast] grace:", "did you mean grace_hours?"),
    ("due = \"12h\"", "due = \"12\"", 28, "[policy.fast.standard.steps] due:", "is not a span"),
    (
        "attempts = 1",
        "atempts = 1, attempts = 1",
        28,
        "[policy.fast.standard.steps] atempts:",
        "did you mean attempts?",
    ),
    ("due = \"12h\"", "due = \"25h\"", 27, "[policy.fast.standard]:", "not in order"),
    ("due = \"12h\"", "due = \"1 business day\"", 27, "[policy.fast.standard]:", "not in order"),
    ("attempts = 1", "attempts = 3", 27, "[policy.fast.standard]:", "fewer attempts"),
    (
        "bounce = \"48h\"",
        "bounce = \"48h\"\ncontact_target = \"30 business days\"",
        27,
        "[policy.fast.standard]:",
        "contact_f",
    ),
    (
        "steps = [{ due = \"12h\", attempts = 1 }, { due = \"24h\", attempts = 2 }]",
        "steps = []",
        28,
        "[policy.fast.standard] steps:",
        "1 to 10",
    ),
    (
        "monday = \"09:00-17:00\"",
        "monday = \"17:00-09:00\"",
        32,
        "[calendar] monday:",
        "closing is not after",
    ),
    ("monday = \"09:00-17:00\"", "monday = \"9 to 5\"", 32, "[calendar] monday:", "are not hours"),
    ("monday = ", "mondy = ", 32, "[calendar] mondy:", "did you mean monday?"),
    ("[2026-12-25]", "[2026-12-25T10:00:00]", 33, "[calendar] holidays:", "is not a date"),
    ("[2026-12-25]", "2026-12-25", 33, "[calendar] holidays:", "is a date, not a list"),
    ("id = \"sam\"", "id = \"sam\"\naway_until = \"soon\"", 42, "[[staff]] away_until:", "is not a date"),
    (
        "email = \"sam@example.org\"",
        "email = \"referrals+x@example.org\"",
        43,
        "[[staff]] email:",
        "the [inbox]",
    ),
    (
        "\"intake@partner.example\"",
        "\"Maria@example.org\"",
        48,
        "[[partner]] addresses:",
        "the [[staff]] at line 35",
    ),
    ("\"intake@partner.example\"", "\"referrals@example.org\"", 48, "[[partner]] addresses:", "the [inbox]"),
    (
        "addresses = [\"intake@partner.example\"]",
        "addresses = []",
        45,
        "[[partner]]:",
        "neither addresses nor domains",
    ),
    ("policy = \"fast\"", "policy = \"fastt\"", 49, "[[partner]] policy:", "did you mean fast?"),
    ("policy = \"fast\"", "mode = \"watch\"", 49, "[[partner]] mode:", "\"observe\""),
    ("policy = \"fast\"", "domains = [\"gmail.com\"]", 49, "[[partner]] domains:", "public mail provider"),
    ("policy = \"fast\"", "domains = [\"example.org\"]", 49, "[[partner]] domains:", "your own inbox"),
    ("key_file = \"key\"", "key_file = \"open\"", 55, "[privacy] key_file:", "others may read"),
    ("key_file = \"key\"", "key = \"canary-7f3a\"", 55, "[privacy] key:", "must not stand in the config"),
    (
        "key_file = \"key\"",
        "key_file = \"key\"\nclient_hours = \"20:00-09:00\"",
        56,
        "[privacy] client_hours:",
        "closing",
    ),
    (
        "key_file = \"key\"",
        "key_file = \"key\"\nkeep_raw_mail_days = 0",
        56,
        "[privacy] keep_raw_mail_days:",
        "from 1",
    ),
    ("admins = [\"maria\"]", "admins = []", 58, "[reports] admins:", "nobody reads the digest"),
    ("admins = [\"maria\"]", "admins = [\"marai\"]", 58, "[reports] admins:", "did you mean maria?"),
    (
        "admins = [\"maria\"]",
        "admins = [\"maria\"]\ndigest_at = \"7.30\"",
        59,
        "[reports] digest_at:",
        "\"07:30\"",
    ),
    ("[letters]", "[leters]", 51, "[leters]:", "did you mean letters?"),
    ("[letters]\n", "[limits]\nparts = 5000\n[letters]\n", 52, "[limits] parts:", "out of range"),
    ("id = \"sam\"", "id = sam", 41, "", "is not TOML"),
    ("id = \"sam\"", "id = \"sam\"\nid = \"sam\"", 42, "", "is not TOML"),
];

#[test]
fn each_mistake_is_one_message_at_its_line_with_a_remedy() {
    let folder = folder();
    for (from, to, line, place, words) in SINGLE {
        assert!(GOOD.contains(from), "{from}");
        let found = mistakes(&GOOD.replacen(from, to, 1), folder.path());
        assert_eq!(found.len(), 1, "{to}: {found:#?}");
        let start = format!("handoffd.toml:{line}: {place}");
        assert!(found[0].starts_with(&start) && found[0].contains(words), "{to}: {found:#?}");
        assert!(found[0].contains(" → ") && !found[0].contains('\n'), "{to}: {found:#?}");
        assert!(!found[0].contains(CANARY), "{to}: {found:#?}");
    }
}

#[test]
fn a_line_that_is_not_toml_hides_no_other_mistake_and_makes_none_up() {
    let folder = folder();
    let text = GOOD.replace("[store]", "[store").replace("America/New_York", "Nowhere");
    let found = mistakes(&text, folder.path());
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("handoffd.toml:5: [organisation] zone:"), "{found:#?}");
    assert!(found[1].starts_with("handoffd.toml:20: is not TOML:"), "{found:#?}");
}

#[test]
fn plain_connections_go_to_this_machine_only() {
    let folder = folder();
    for (host, good) in
        [("localhost", true), ("127.0.0.1", true), ("::1", true), ("127.9.9.9", true), ("10.0.0.1", false)]
    {
        let text = GOOD
            .replace("\"imap.example.org\"", &format!("\"{host}\"\nsecurity = \"plain\""))
            .replace("\"smtp.example.org\"", &format!("\"{host}\"\nsecurity = \"plain\""));
        assert_eq!(mistakes(&text, folder.path()).len(), if good { 0 } else { 2 }, "{host}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_one_message() {
    let folder = folder();
    let told = |path: &Path| Settings::read(path).map(|_| ()).unwrap_err()[0].to_string();
    assert!(told(&folder.path().join("none.toml")).contains("cannot be read"));
    assert!(told(folder.path()).contains("cannot be read"));
    fs::write(folder.path().join("latin1.toml"), b"name = \"\xe9\"").unwrap();
    assert!(told(&folder.path().join("latin1.toml")).contains("UTF-8"));
    fs::write(folder.path().join("long.toml"), " ".repeat(2 << 20)).unwrap();
    assert!(told(&folder.path().join("long.toml")).contains("1 MiB"));
}

/// The folder of the service with its credentials.
fn service(folder: &TempDir) -> Surroundings {
    for name in ["imap", "smtp", "postgres-url"] {
        let path = folder.path().join(name);
        let _ = fs::remove_file(&path);
        fs::write(&path, "postgres://handoffd:canary-7f3a@localhost/handoffd").unwrap();
        // systemd's access list shows as a group's right to read.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    }
    Surroundings {
        file_name: "handoffd.example.toml".to_owned(),
        base_dir: folder.path().to_owned(),
        credentials: Some(folder.path().to_owned()),
    }
}

#[test]
fn the_example_is_sound_and_its_defaults_are_the_real_ones() {
    let folder = folder();
    let example = Settings::parse_in(EVERY_KEY, &service(&folder)).unwrap();
    assert_eq!(example.policies, [Policy::seed()]);
    assert_eq!(example.limits, handoffd::intake::limits::Limits::default());
    let good = Settings::parse(GOOD, "handoffd.toml", self::folder().path()).unwrap();
    assert_eq!(example.privacy.client_mail, good.privacy.client_mail);
    assert_eq!(example.privacy.neutral_receipts, good.privacy.neutral_receipts);
    assert_eq!(example.organisation.required_fields, good.organisation.required_fields);
    assert_eq!(example.organisation.client_from_name, good.organisation.client_from_name);
    assert_eq!(example.calendar.week, good.calendar.week);
    assert_eq!(example.reports.digest_at, good.reports.digest_at);
}

#[test]
fn the_example_names_every_key_the_reader_knows() {
    let folder = folder();
    let named = keys_named(EVERY_KEY);
    let other_kinds = GOOD
        .replace("kind = \"imap\"", "kind = \"maildir\"")
        .replace("kind = \"smtp\"", "kind = \"folder\"")
        .replace("kind = \"sqlite\"", "kind = \"postgres\"");
    let known: BTreeSet<String> =
        [GOOD, &other_kinds].iter().flat_map(|text| known_keys(text, folder.path())).collect();
    assert!(
        known.contains("policy.NAME.standard.steps.loop_back") && known.contains("store.url_file"),
        "{known:?}"
    );
    let unnamed: Vec<&String> = known.iter().filter(|key| !named.contains(*key)).collect();
    assert!(unnamed.is_empty(), "not in the example: {unnamed:?}");
}

/// Every key of a config text as the reader would call it, commented out or not.
fn keys_named(text: &str) -> BTreeSet<String> {
    let mut section = String::new();
    let mut keys = BTreeSet::new();
    for line in text.lines().map(|line| line.trim_start_matches('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = header.trim_start_matches('[').replace("policy.seed", "policy.NAME");
            let top = section.split('.').next().unwrap_or_default();
            keys.extend([section.clone(), top.to_owned()]);
        } else if let Some((key, value)) = line.split_once(" = ") {
            keys.insert(format!("{section}.{key}"));
            let inner = value.split([' ', '{', ',']).collect::<Vec<_>>();
            let inner = inner
                .windows(2)
                .filter(|pair| pair[1] == "=")
                .map(|pair| format!("{section}.{key}.{}", pair[0]));
            keys.extend(inner);
        }
    }
    keys
}

#[test]
fn the_starter_works_as_it_stands() {
    let folder = TempDir::new().unwrap();
    let starter = starter(folder.path());
    for new in &starter.folders {
        fs::create_dir(new).unwrap();
    }
    for (path, text) in &starter.texts {
        fs::write(path, text).unwrap();
    }
    fs::write(&starter.key_file, CANARY).unwrap();
    fs::set_permissions(&starter.key_file, fs::Permissions::from_mode(0o600)).unwrap();
    let settings = Settings::read(&starter.config).unwrap();
    assert!(
        matches!(&settings.inbox.source, Source::Maildir { path, move_to_cur: true } if path.join("new").is_dir())
    );
    assert!(matches!(&settings.outlet.sink, Sink::Folder { path } if path.is_dir()));
    assert!(matches!(&settings.store, Store::Sqlite { path } if path.parent().is_some_and(Path::is_dir)));
    assert!(!settings.warnings().iter().any(|warning| warning.contains("beside the database")));
}

#[test]
fn the_other_blocks_of_the_starter_work_once_the_marks_are_removed() {
    let folder = TempDir::new().unwrap();
    let starter = starter(folder.path());
    fs::create_dir(folder.path().join("secrets")).unwrap();
    for name in ["handoffd.key", "imap-password", "smtp-password"] {
        let path = folder.path().join("secrets").join(name);
        fs::write(&path, CANARY).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let (_, text) = starter.texts.first().unwrap();
    let simple = [
        "kind = \"maildir\"",
        "path = \"inbox\"",
        "move_to_cur = true",
        "kind = \"folder\"",
        "path = \"outbox\"",
    ];
    let real: String = text
        .lines()
        .filter(|line| !simple.contains(line))
        .map(|line| {
            line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned() + "\n"
        })
        .collect();
    let settings = Settings::parse(&real, "handoffd.toml", folder.path()).unwrap();
    assert!(
        matches!(&settings.inbox.source, Source::Imap(imap) if imap.after == After::Keyword("$Handoff".into()))
    );
    assert!(matches!(&settings.outlet.sink, Sink::Smtp { login: Some(_), .. }));
}

#[test]
fn warnings_tell_what_a_careful_person_would_change() {
    let folder = folder();
    let text = GOOD
        .replace("referrals@example.org", "dv-intake@metrolegalaid.example")
        .replace("intake@partner.example", "harbor.house@gmail.com");
    let warnings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap().warnings();
    for part in [
        "the name of the inbox says \"dv\"",
        "the domain of the inbox says \"legal\"",
        "[[partner]] harbor-house: an address is at a public mail provider",
        "no second address to alert",
        "keep_raw_mail_days, keep_closed_days, keep_parked_days, keep_letters_days: not set",
        "the key lies beside the database",
        "trusted_authserv_id: not set",
    ] {
        assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:#?}");
    }
    assert!(
        !warnings.iter().any(|warning| warning.contains("gmail") || warning.contains('@')),
        "{warnings:#?}"
    );
}

#[test]
fn the_ladder_of_a_config_is_told_in_its_own_numbers() {
    let folder = folder();
    let settings = Settings::parse(GOOD, "handoffd.toml", folder.path()).unwrap();
    let told = ladder_in_words(&settings.policies[0]);
    assert!(told.contains("step 1: by 12 h, 1 attempt logged in all\n"), "{told}");
    assert!(told.contains("at least 4 h earlier"), "{told}");
}

#[test]
fn the_service_is_hardened_to_one_point_zero() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/handoffd.service");
    let analyze = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze").args(arguments).arg(&unit).output();
        output.unwrap_or_else(|error| panic!("systemd-analyze is needed (apt-get install systemd): {error}"))
    };
    let security = analyze(&["security", "--offline=yes", "--threshold=10"]);
    assert!(security.status.success(), "{}", String::from_utf8_lossy(&security.stdout));
    // The binary need not be installed where the tests run; everything else must be clean.
    let verify = analyze(&["verify", "--man=no"]);
    let said = String::from_utf8_lossy(&verify.stderr).into_owned();
    let ours = said.lines().filter(|line| line.contains("handoffd.service"));
    let faults: Vec<&str> = ours.filter(|line| !line.contains("is not executable")).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}|([\\[\\]{}=\"'#.,\n a-z0-9-]{0,200})") {
        prop_assert!(Settings::parse(&text, "x.toml", Path::new("/nonexistent")).is_err());
    }

    #[test]
    fn no_value_of_any_key_makes_the_reader_panic_or_is_repeated(
        place in 0usize..60, value in any_value(), cut in any::<bool>(),
    ) {
        let folder = folder();
        let mut lines: Vec<String> = GOOD.lines().map(str::to_owned).collect();
        let place = place % lines.len();
        let changed = lines[place].split_once(" = ").map(|(key, _)| format!("{key} = {value}"));
        lines[place] = if cut { value } else { changed.unwrap_or_default() };
        for message in mistakes(&lines.join("\n"), folder.path()) {
            prop_assert!(!message.contains(CANARY) && !message.contains("hunter2"), "{}", message);
            prop_assert!(message.contains(" → ") && message.lines().count() == 1, "{}", message);
        }
    }
}

fn any_value() -> impl Strategy<Value = String> {
    let odd = [
        "\"hunter2\"",
        "hunter2",
        "\"hunter2",
        "'''hunter2",
        "[12, \"hunter2\"]",
        "{ a = \"hunter2\" }",
        "-1",
        "1e309",
        "nan",
        "0xffffffffffffffffff",
        "99999999999999999999",
        "1979-05-27T07:32:00Z",
        "07:32:00",
        "true",
        "[]",
        "{}",
        "[[[[]]]]",
        "\"\"",
        "\"\\u0000\"",
        "\"a@b.org\"",
        "\"9999-99-99\"",
        "\"99999h\"",
        "\"credential:../key\"",
        "\"/dev/null\"",
        "\"/\"",
        "\"é\"",
        "\"\\n\"",
        "[1, \"a\", true]",
        "[[1], {a = 1}]",
        "",
    ];
    let deep = (1usize..3_000).prop_map(|depth| "[".repeat(depth));
    prop_oneof![proptest::sample::select(odd.to_vec()).prop_map(str::to_owned), deep, "\\PC{0,40}"]
}
