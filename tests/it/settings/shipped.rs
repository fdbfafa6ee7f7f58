//! What is shipped beside the binary: the example, the starter, the unit.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use handoffd::referral::policy::Policy;
use handoffd::referral::verbs::TABLE;
use handoffd::settings::init::{EVERY_KEY, starter};
use handoffd::settings::{
    After, Secrets, Settings, Sink, Source, Store, Surroundings, known_keys, verbs_in_words,
};
use tempfile::TempDir;

use super::{CANARY, GOOD, folder};

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
        secrets: Secrets::All,
    }
}

#[test]
fn what_needs_no_secrets_works_on_the_example_where_systemd_handed_none_over() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/handoffd.example.toml");
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_handoffd"));
        command.env_remove("CREDENTIALS_DIRECTORY").args(words).arg("--config").arg(&example);
        let ended = command.output().unwrap();
        let said = String::from_utf8(ended.stdout).unwrap() + &String::from_utf8(ended.stderr).unwrap();
        (ended.status.code().unwrap(), said)
    };
    let (code, said) = run(&["simulate", "--days", "2", "--per-day", "3"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Contact confirmed"), "{said}");
    let (code, said) = run(&["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("not looked at: imap, key, smtp"), "{said}");
    let (code, said) = run(&["check", "--connect"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("run this command as handoffd.service does"), "{said}");
    let (code, said) = run(&["list"]);
    assert_eq!(code, 78, "{said}");
    assert!(said.contains("run it as handoffd.service does"), "{said}");
}

#[test]
fn the_example_is_sound_and_its_defaults_are_the_real_ones() {
    let folder = folder();
    let example = Settings::parse_in(EVERY_KEY, &service(&folder)).unwrap();
    assert_eq!(example.policies, [Policy::seed()]);
    assert_eq!(example.limits, handoffd::intake::limits::Limits::default());
    let good = Settings::parse(GOOD, "handoffd.toml", super::folder().path()).unwrap();
    assert_eq!(example.privacy.client_mail, good.privacy.client_mail);
    assert_eq!(example.privacy.neutral_receipts, good.privacy.neutral_receipts);
    assert_eq!(example.organisation.required_fields, good.organisation.required_fields);
    assert_eq!(example.organisation.client_from_name, good.organisation.client_from_name);
    assert_eq!(example.calendar.week, good.calendar.week);
    assert_eq!(example.reports.digest_at, good.reports.digest_at);
    for verb in TABLE {
        assert_eq!(example.verbs.roles(verb.word), Some(verb.roles), "{}", verb.word);
        assert_eq!(good.verbs.roles(verb.word), Some(verb.roles), "{}", verb.word);
    }
}

#[test]
fn the_table_of_verbs_is_shown_in_words() {
    let text = format!("{GOOD}\n[verbs]\ndetails = []\nclose = [\"owner\", \"data-owner\"]\n");
    let settings = Settings::parse(&text, "handoffd.toml", folder().path()).unwrap();
    let shown = verbs_in_words(&settings.verbs);
    for line in [
        "  accept: every member of staff",
        "  details: nobody",
        "  close: the owner or who covers, the data owner",
        "  status: every member of staff, the partner who sent it",
        "  away, back: every member of staff",
        "  STOP: anyone who writes from the client's address",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
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
fn the_service_is_hardened_to_one_point_zero() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/handoffd.service");
    let analyze = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze").args(arguments).arg(&unit).output();
        output.unwrap_or_else(|error| panic!("systemd-analyze is needed (apt-get install systemd): {error}"))
    };
    let security = analyze(&["security", "--offline=yes", "--threshold=10"]);
    assert!(security.status.success(), "{}", String::from_utf8_lossy(&security.stdout));
    // What the store seals is in memory in the clear: it is written down nowhere else (RELIABILITY P22).
    let text = std::fs::read_to_string(&unit).unwrap();
    for line in ["LimitCORE=0", "MemorySwapMax=0", "PrivateTmp=yes", "UMask=0077", "StateDirectoryMode=0700"]
    {
        assert!(text.lines().any(|one| one == line), "{line}");
    }
    // However long a database or a disk is away, it is tried again; what no try mends is not.
    for line in ["StartLimitIntervalSec=0", "Restart=on-failure", "RestartPreventExitStatus=78"] {
        assert!(text.lines().any(|one| one == line), "{line}");
    }
    // The binary need not be installed where the tests run; everything else must be clean.
    let verify = analyze(&["verify", "--man=no"]);
    let said = String::from_utf8_lossy(&verify.stderr).into_owned();
    let ours = said.lines().filter(|line| line.contains("handoffd.service"));
    let faults: Vec<&str> = ours.filter(|line| !line.contains("is not executable")).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}
