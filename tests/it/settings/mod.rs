//! Settings: every mistake at once, each with its line and its remedy, and no value of the file in any of them.
#![cfg(test)]

mod fuzz;
mod mistakes;
mod reasons;
mod shipped;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use handoffd::referral::policy::Policy;
use handoffd::referral::roster::Mode;
use handoffd::settings::mistake::Mistake;
use handoffd::settings::{
    After, Security, Settings, Sink, Source, Store, ladder_in_words, redirects_in_words, screens_in_words,
};
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
fn warnings_tell_what_a_careful_person_would_change() {
    let folder = folder();
    let text = GOOD
        .replace("referrals@example.org", "dv-intake@metrolegalaid.example")
        .replace("intake@partner.example", "harbor.house@gmail.com")
        .replace("phone_hours = \"", "phone_hours = \"legal line: ")
        .replace("smtp.example.org", "mail.shelter.example")
        .replace(
            "[organisation]\n",
            "[organisation]\nclient_from_name = \"Victim Services\"\nreference_prefix = \"DV\"\ncallback_plan = \"A lawyer calls you back.\"\n\
             interim_options = \"The shelter is open all night.\"\n",
        );
    let warnings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap().warnings();
    for (client_mail, remedy) in
        [("false", "before you set [privacy]"), ("true", "or set [privacy] client_mail = false")]
    {
        let text = text.replace("[privacy]\n", &format!("[privacy]\nclient_mail = {client_mail}\n"));
        let warnings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap().warnings();
        // The inbox, its domain, that of the message ids, the relay, and five texts of ours.
        assert_eq!(warnings.iter().filter(|warning| warning.contains(remedy)).count(), 9, "{warnings:#?}");
        assert!(!warnings.iter().any(|warning| warning.contains("no client is ever written to")));
    }
    let own = text
        .replace("Victim Services", "Lighthouse Desk")
        .replace("[privacy]\n", "[privacy]\nrevealing_words = [\"Lighthouse\"]\n");
    let own = Settings::parse(&own, "handoffd.toml", folder.path()).unwrap().warnings();
    assert!(
        own.iter().any(|warning| warning.contains("the name clients see says \"lighthouse\"")),
        "{own:#?}"
    );
    for part in [
        "the name of the inbox says \"dv\"",
        "the domain of the inbox, and of the greeting to the relay, which stands in the head of each letter, says \"legal\"",
        "[organisation] client_from_name: the name clients see says \"victim\"",
        "[organisation] message_id_domain: the domain of message ids says \"legal\"",
        "[outlet] host: the name of the relay, which it writes into the head of each letter, says \"shelter\"",
        "[organisation] reference_prefix: the beginning of every number, in the subject of each letter, says \"dv\"",
        "[organisation] phone_hours: what each letter says of the phone says \"legal\"",
        "[organisation] callback_plan: what each letter says of calling back says \"law",
        "[organisation] interim_options: the letter to a client who could not be reached says \"shelter\"",
        "[[partner]] harbor-house: an address is at a public mail provider",
        "no second address to alert",
        "keep_raw_mail_days, keep_closed_days, keep_parked_days, keep_letters_days: not set",
        "the key lies beside the database",
        "[privacy] client_mail: not set, so that no client is ever written to",
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
fn a_tired_admin_is_warned_of_what_shows_more_than_it_should() {
    let folder = folder();
    let warned = |text: &str| Settings::parse(text, "handoffd.toml", folder.path()).unwrap().warnings();
    let changes = [
        ("sam@example.org", "sam@gmail.com", "[[staff]] sam: the address is at a public mail provider"),
        (
            "sam@example.org",
            "all@example.org",
            "[[staff]] sam: the address looks like one that several people",
        ),
        (
            "key_file = \"key\"",
            "key_file = \"key\"\nclient_hours = \"05:00-20:00\"",
            "[privacy] client_hours:",
        ),
        (
            "key_file = \"key\"",
            "key_file = \"key\"\nclient_hours = \"09:00-23:30\"",
            "[privacy] client_hours:",
        ),
        (
            "[organisation]\n",
            "[organisation]\nclient_from_name = \"mydvcenter\"\n",
            "[organisation] client_from_name: the name clients see says \"dv\"",
        ),
        (
            "[organisation]\n",
            "[organisation]\nclient_from_name = \"The Example Help-Center\"\n",
            "[organisation] client_from_name: it is your own name",
        ),
        (
            "email = \"sam@example.org\"",
            "email = \"sam@partner.example\"",
            "[[staff]] sam: the address is at the domain of a [[partner]]",
        ),
        (
            "admins = [\"maria\"]",
            "admins = [\"maria\"]\nalert_address = \"night@partner.example\"",
            "[reports] alert_address: it is at the domain of a [[partner]]",
        ),
    ];
    for (from, to, words) in changes {
        let text =
            GOOD.replace("addresses = [\"intake@partner.example\"]", "domains = [\"partner.example\"]");
        assert!(text.contains(from), "{from}");
        let is_said = |text: &str| warned(text).iter().any(|warning| warning.starts_with(words));
        assert!(
            !is_said(&text) && is_said(&text.replace(from, to)),
            "{to}: {:#?}",
            warned(&text.replace(from, to))
        );
    }
    let own =
        GOOD.replace("admins = [\"maria\"]", "admins = [\"maria\"]\nalert_address = \"sam@example.org\"");
    assert_eq!(mistakes(&own, folder.path()), Vec::<String>::new(), "one of us may be alerted twice");
}

#[test]
fn a_postgresql_is_warned_of_that_nobody_would_see_put_back() {
    let folder = folder();
    fs::write(folder.path().join("url"), "postgres://desk@db.example.org/desk").unwrap();
    fs::set_permissions(folder.path().join("url"), fs::Permissions::from_mode(0o600)).unwrap();
    let postgres = "kind = \"postgres\"\nurl_file = \"url\"";
    let text = GOOD.replace("kind = \"sqlite\"\npath = \"handoffd.db\"", postgres);
    let warned = |text: &str| {
        let warnings = Settings::parse(text, "handoffd.toml", folder.path()).unwrap().warnings();
        assert!(warnings.iter().any(|warning| warning.contains("its write-ahead log")), "{warnings:#?}");
        warnings.iter().any(|warning| warning.starts_with("[store] witness_folder: not set"))
    };
    assert!(warned(&text));
    assert!(!warned(&text.replace(postgres, &format!("{postgres}\nwitness_folder = \"witness\""))));
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
fn what_follows_a_redirect_and_a_screen_is_told_in_words() {
    let folder = folder();
    let screens = "[eligibility]\ncounties = [\"Example\"]\ncounty_redirect = \"Law Library\"\nmatters = [\"housing\"]\n[privacy]";
    let text = GOOD
        .replace("policy = \"fast\"", "policy = \"fast\"\nweek = \"Tuesdays 13:00-17:00\"")
        .replace("[privacy]", screens);
    let settings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap();
    let partner = &settings.roster.partners[0];
    let told = redirects_in_words(partner, &settings.calendar, &settings.policies[0].standard);
    for part in [
        "Redirects to Harbor House (works tuesday 13:00-17:00)",
        "receipt due: the end of the same business day; yes or no due: 1 business day;",
        "it comes back to our owner",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let text = GOOD.replace("addresses = [\"intake@partner.example\"]", "domains = [\"partner.example\"]");
    let settings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap();
    let told =
        redirects_in_words(&settings.roster.partners[0], &settings.calendar, &settings.policies[0].standard);
    assert!(told.contains("not by mail, as only its domain is known here"), "{told}");
    let warned = settings.warnings();
    assert!(warned.iter().any(|warning| warning.contains("nobody there can be asked")), "{warned:#?}");
    let settings =
        Settings::parse(&text.replace("domains", "ask = \"in@partner.example\"\ndomains"), "", folder.path());
    let settings = settings.unwrap();
    assert!(settings.warnings().iter().all(|warning| !warning.contains("nobody there can be asked")));
    let text = GOOD.replace("[privacy]", screens);
    let settings = Settings::parse(&text, "handoffd.toml", folder.path()).unwrap();
    let told = screens_in_words(&settings.eligibility);
    assert!(
        told.contains("counties served Example; outside, the owner is proposed a redirect to Law Library\n"),
        "{told}"
    );
    assert!(told.contains("matters taken on housing; outside, the owner is asked to look"), "{told}");
}
