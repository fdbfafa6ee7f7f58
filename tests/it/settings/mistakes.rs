//! Each mistake, and ten of them.

use std::fs;
use std::path::Path;

use handoffd::settings::Settings;

use super::{CANARY, GOOD, folder, mistakes};

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
            "handoffd.toml:45: [[staff]] email: already belongs to the [[staff]] at line 37 → remove it \
             here or there: mail from it must be one's alone",
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
        "\"America/New_York\"",
        "\"EST\"",
        5,
        "[organisation] zone: stands still all year",
        "write America/New_York",
    ),
    (
        "\"America/New_York\"",
        "\"Etc/GMT+5\"",
        5,
        "[organisation] zone: stands still all year",
        "the zone of your place",
    ),
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
    ("[calendar]", "[policy.\"Très vite\"]\n[calendar]", 31, "[policy.Très vite]:", "is not a short name"),
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
        "bounce = \"48h\"",
        "bounce = \"48h\"\nupdate_target = \"10 business days\"\nupdate_fallback = \"3 business days\"",
        27,
        "[policy.fast.standard]:",
        "update_fallback can end before update_target",
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
    (
        "[2026-12-25]",
        "[2026-12-25]\nhalf_days = [\"2026-12-24\"]",
        34,
        "[calendar] half_days:",
        "is not a day and its closing",
    ),
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
    (
        "policy = \"fast\"",
        "source = \"clinic\"",
        49,
        "[[partner]] source:",
        "is not a kind of source we know",
    ),
    (
        "policy = \"fast\"",
        "mode = \"observe\"\npilot_since = 2026-11-02",
        50,
        "[[partner]] pilot_since:",
        "is for a pilot only",
    ),
    (
        "policy = \"fast\"",
        "ask = \"x@elsewhere.example\"",
        49,
        "[[partner]] ask:",
        "is no address of this partner",
    ),
    (
        "addresses = [\"intake@partner.example\"]",
        "domains = [\"own.example\"]\nask = \"x@other.example\"",
        49,
        "[[partner]] ask:",
        "add it to addresses as well",
    ),
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
    (
        "admins = [\"maria\"]",
        "admins = [\"maria\"]\nalert_address = \"Referrals+night@example.org\"",
        59,
        "[reports] alert_address:",
        "belongs to the [inbox]",
    ),
    (
        "admins = [\"maria\"]",
        "admins = [\"maria\"]\nalert_address = \"intake@partner.example\"",
        59,
        "[reports] alert_address:",
        "belongs to the [[partner]] at line 45",
    ),
    ("[letters]", "[leters]", 51, "[leters]:", "did you mean letters?"),
    ("[letters]\n", "[limits]\nparts = 5000\n[letters]\n", 52, "[limits] parts:", "out of range"),
    (
        "password_file = \"imap\"",
        "password_file = \"imap\"\npassword = \"canary-7f3a\"",
        15,
        "[inbox] password:",
        "must not",
    ),
    (
        "user = \"referrals\"",
        "user = \"referrals\"\npasswrd = \"x\"",
        14,
        "[inbox] passwrd:",
        "did you mean password_file?",
    ),
    (
        "\"smtp.example.org\"",
        "\"smtp.example.org\"\npassword = \"canary-7f3a\"",
        19,
        "[outlet] password:",
        "must not",
    ),
    (
        "[policy.fast]",
        "[policy]\nslow = 3\n[policy.fast]",
        25,
        "[policy] slow:",
        "as a section [policy.slow]",
    ),
    (
        "monday = \"09:00-17:00\"",
        "monday = \"closed\"\ntuesday = \"closed\"\nwednesday = \"closed\"\nthursday = \"closed\"\nfriday = \"closed\"",
        31,
        "[calendar]:",
        "no day of the week is open",
    ),
    (
        "[[partner]]",
        "[[staff]]\nid = \"sam\"\nname = \"Sam\"\nemail = \"s@example.org\"\n[[partner]]",
        46,
        "[[staff]] id:",
        "the id of another one above",
    ),
    ("id = \"harbor-house\"", "id = \"Harbor House\"", 46, "[[partner]] id:", "a to z, 0 to 9"),
    ("id = \"harbor-house\"\n", "", 45, "[[partner]] id:", "is missing"),
    (
        "addresses = [\"intake@partner.example\"]",
        "addresses = \"intake@partner.example\"",
        48,
        "[[partner]] addresses:",
        "is a text, not a list",
    ),
    (
        "policy = \"fast\"",
        "domains = [\"a.example\", \"a.example\"]",
        49,
        "[[partner]] domains:",
        "already belongs to",
    ),
    (
        "address = \"referrals@example.org\"",
        "address = \"referrals@example.org\"\naliases = [\"Referrals+a@example.org\"]",
        9,
        "[inbox] aliases:",
        "the [inbox]",
    ),
    (
        "[[staff]]\nid = \"sam\"",
        "[[staff]]\nlanguages = [\"English\"]\nid = \"sam\"",
        41,
        "[[staff]] languages:",
        "not a language tag",
    ),
    (
        "[[staff]]\nid = \"sam\"",
        "[[staff]]\npartners = [\"harbour-house\"]\nid = \"sam\"",
        41,
        "[[staff]] partners:",
        "there is no [[partner]] of this id",
    ),
    ("policy = \"fast\"", "week = \"sometimes\"", 49, "[[partner]] week:", "\"Tuesdays\""),
    (
        "policy = \"fast\"",
        "redirect_receipt = \"soon\"",
        49,
        "[[partner]] redirect_receipt:",
        "is not a span of time",
    ),
    (
        "[privacy]",
        "[eligibility]\ncounty_redirect = \"Law Library, Main Street\"\n[privacy]",
        55,
        "[eligibility] county_redirect:",
        "fits into a line",
    ),
    (
        "[privacy]",
        "[eligibility]\nincome_ceilings = [40000, 30000]\n[privacy]",
        55,
        "[eligibility] income_ceilings:",
        "none lower than the one before",
    ),
    (
        "[letters]\n",
        "[verbs]\naccept = [\"partner\"]\n[letters]\n",
        52,
        "[verbs] accept:",
        "remove partner: only status",
    ),
    ("[letters]\n", "[verbs]\nclose = [\"stuff\"]\n[letters]\n", 52, "[verbs] close:", "did you mean staff?"),
    ("[letters]\n", "[verbs]\nacept = []\n[letters]\n", 52, "[verbs] acept:", "did you mean accept?"),
    ("[letters]\n", "[verbs]\nstop = []\n[letters]\n", 52, "[verbs] stop:", "is not a key we know"),
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
