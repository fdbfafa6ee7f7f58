//! The contract of DESIGN §6, command by command, on the real binary.

mod demo;
mod sheets;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::rig::desk::{self, Desk, PARTNER, ended, program, referral};
use crate::rig::dovecot::{Dovecot, PASSWORD};
use crate::rig::relay::{Act, Phase, Relay};
use crate::rig::{SOON, until};

/// Exactly these keys.
fn has_keys(value: &Value, keys: &[&str]) {
    let found: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, keys.iter().copied().collect::<BTreeSet<_>>(), "{value}");
}

/// RFC 3339, UTC, written with a Z.
fn is_instant(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("{value}"));
    assert!(text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{text}");
}

/// A desk whose daemon runs and has handled one complete referral; its number.
fn with_one_referral() -> (Desk, String) {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.drop_in("1", &referral(1, &format!("worker1@{PARTNER}")));
    desk.start();
    desk.settled(1, SOON);
    let reference = desk.json(&["list"])[0]["reference"].as_str().unwrap().to_owned();
    (desk, reference)
}

#[test]
fn init_makes_a_desk_that_works_as_it_stands_and_touches_nothing_twice() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("desk");
    let config = dir.join("handoffd.toml").display().to_string();
    let init = || ended(program().arg("init").arg(&dir), b"");
    let first = init();
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("handoffd check --config"));
    let key = dir.join("secrets/handoffd.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&key).unwrap();
    let again = init();
    assert_eq!((again.code, again.out.contains("made"), fs::read(&key).unwrap() == before), (0, false, true));
    let check = ended(program().args(["check", "--config", &config]), b"");
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    assert!(check.out.contains("The config is good."));
    let connect = ended(program().args(["check", "--connect", "--config", &config]), b"");
    assert_eq!(connect.code, 0, "{}{}", connect.out, connect.err);
    for part in ["inbox: works", "outlet: works", "store: works"] {
        assert!(connect.out.contains(part), "{}", connect.out);
    }
    // A key that others may read is refused, in words that mend it.
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = ended(program().args(["check", "--config", &config]), b"");
    assert!(open.code == 78 && (open.out + &open.err).contains("chmod 600"));
}

#[test]
fn ten_mistakes_are_ten_lines_with_file_and_line() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let path = desk.path("handoffd.toml");
    let text = [
        ("America/New_York", "Amerika/New_York"),
        ("data_owner = \"sam\"", "data_owner = \"sma\""),
        ("poll_secs = 1", "poll_secs = 0"),
        ("kind = \"folder\"", "kind = \"fodler\""),
        ("monday = \"00:00-23:59\"", "monday = \"late\""),
        ("email = \"maria@desk.example.org\"", "email = \"maria\""),
        ("takes_referrals = false", "takes_referrals = \"no\""),
        ("domains = [\"harbor-house.example\"]", "domain = [\"harbor-house.example\"]"),
        ("key_file = \"key\"", ""),
        ("digest_at = \"23:59\"", "digest_at = \"25:00\""),
    ]
    .into_iter()
    .fold(fs::read_to_string(&path).unwrap(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    fs::write(&path, text).unwrap();
    for command in ["check", "run", "list"] {
        let ended = desk.run(&[command]);
        assert_eq!(ended.code, 78, "{command}: {}", ended.err);
        let lines: BTreeSet<u32> = ended
            .err
            .lines()
            .map(|line| {
                let place = line.split_once("handoffd.toml:").unwrap_or_else(|| panic!("{line}")).1;
                assert!(line.contains('→'), "no remedy: {line}");
                place.split(':').next().unwrap().parse().unwrap()
            })
            .collect();
        assert!(lines.len() >= 9 && ended.err.lines().count() >= 10, "{}", ended.err);
    }
}

#[test]
fn every_mistake_in_the_templates_is_told_at_once() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let files = [
        ("receipt/en.txt", "Subject: x\n\n{{ letter.nothing }}\n"),
        ("reminder/en.txt", "Subject: x\n\n{% if %}\n"),
        ("help/en.txt", "no subject\n"),
    ];
    for (name, text) in files {
        let path = desk.path("letters").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let config = fs::read_to_string(desk.path("handoffd.toml")).unwrap();
    fs::write(desk.path("handoffd.toml"), format!("{config}\n[letters]\ntemplates = \"letters\"\n")).unwrap();
    let check = desk.run(&["check"]);
    assert_eq!(check.code, 78);
    let said = check.out + &check.err;
    for (name, _) in files {
        assert!(said.contains(name), "{name} is not named:\n{said}");
    }
}

#[test]
fn check_connect_names_what_does_not_work() {
    let (dovecot, relay) = (Dovecot::start(), Relay::start(|_| Act::Go));
    let mut desk = Desk::new(&desk::imap(&dovecot, "desk"), &desk::relay(relay.listener.port), desk::SQLITE);
    let good = desk.run(&["check", "--connect"]);
    assert_eq!(good.code, 0, "{}{}", good.out, good.err);
    let nobody = desk::relay(crate::rig::free_port());
    let store = "kind = \"postgres\"\nurl_file = \"url\"\n";
    desk.secret("url", "postgres://nobody:canary-9c1@127.0.0.1:9/nothing");
    desk.secret("password", "canary-77b");
    desk.configure(&desk::imap(&dovecot, "desk"), &nobody, store);
    let bad = desk.run(&["check", "--connect"]);
    assert_eq!(bad.code, 1, "{}{}", bad.out, bad.err);
    for words in
        ["inbox: the mailbox server refuses the login", "outlet: the mail relay cannot be reached", "store: "]
    {
        assert!(bad.out.contains(words), "{words}:\n{}", bad.out);
    }
    assert!(!bad.out.contains("store: works"));
    assert!(!(bad.out + &bad.err).contains("canary"));
    // Looking changes nothing: the mailbox is read from its beginning later on.
    desk.secret("password", PASSWORD);
    desk.configure(&desk::imap(&dovecot, "desk"), &desk::relay(relay.listener.port), desk::SQLITE);
    dovecot.deliver("desk", &referral(1, &format!("worker1@{PARTNER}")));
    assert_eq!(desk.run(&["check", "--connect"]).code, 0);
    desk.start();
    desk.settled(1, SOON);
}

#[test]
fn a_probe_of_plus_addressing_arrives_or_says_what_is_wrong() {
    let relay = Relay::start(|turn| match turn.phase {
        Phase::Rcpt if turn.connection > 2 => Act::Say("550 5.1.1 no such user".to_owned()),
        _ => Act::Go,
    });
    let desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1, &format!("worker1@{PARTNER}")));
    let tried = std::thread::scope(|scope| {
        let tried = scope.spawn(|| desk.run(&["check", "--connect", "--probe"]));
        until("the probe is on its way", SOON, || !relay.taken().is_empty());
        let probe = relay.taken().remove(0);
        assert!(
            probe.to.starts_with("referrals+check") && probe.to.ends_with("@desk.example.org"),
            "{}",
            probe.to
        );
        desk.drop_in("2", &probe.message);
        tried.join().unwrap()
    });
    assert_eq!(tried.code, 0, "{}{}", tried.out, tried.err);
    assert!(tried.out.contains("plus-addressing: works"), "{}", tried.out);
    assert_eq!(relay.taken().len(), 1);
    let mut desk = desk;
    let refused = desk.run(&["check", "--connect", "--probe"]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(refused.out.contains("does not take a mail to a tagged address"), "{}", refused.out);
    let alone = desk.run(&["check", "--connect"]);
    assert!(alone.out.contains("plus-addressing: not tried"), "{}", alone.out);
    // The daemon lets its own probe be, and reads the referral that lay there before.
    desk.start();
    desk.settled(2, SOON);
    assert_eq!(desk.json(&["list"]).as_array().unwrap().len(), 1);
}

#[test]
fn check_connect_says_which_partners_are_proven_by_dmarc() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let config = fs::read_to_string(desk.path("handoffd.toml")).unwrap();
    let more = "[[partner]]\nid = \"north\"\nname = \"North\"\naddresses = [\"desk@north.example\"]\n\n\
                [[partner]]\nid = \"south\"\nname = \"South\"\naddresses = [\"desk@south.example\"]\n\n\
                [privacy]\ntrusted_authserv_id = \"mx.desk.example.org\"\n";
    fs::write(desk.path("handoffd.toml"), config.replace("[privacy]\n", more)).unwrap();
    let said = |verdict: &str, domain: &str, mail: Vec<u8>| -> Vec<u8> {
        let head =
            format!("Authentication-Results: mx.desk.example.org; dmarc={verdict} header.from={domain}\r\n");
        head.into_bytes().into_iter().chain(mail).collect()
    };
    desk.drop_in("1", &said("pass", PARTNER, referral(1, &format!("worker1@{PARTNER}"))));
    desk.drop_in("2", &said("none", "north.example", referral(2, "desk@north.example")));
    desk.start();
    desk.settled(2, SOON);
    desk.terminate();
    let checked = desk.run(&["check", "--connect"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    assert!(!checked.out.contains("[[partner]] harbor-house: n"), "{}", checked.out);
    for words in [
        "[[partner]] north: none of their last 1 mails passed DMARC at mx.desk.example.org",
        "[[partner]] south: no mail of theirs is kept",
    ] {
        assert!(checked.out.contains(words), "{words}: {}", checked.out);
    }
}

#[test]
fn ingest_ends_with_zero_only_when_the_mail_is_safe() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let mail = referral(1, &format!("worker1@{PARTNER}"));
    let kept = desk.feed(&["ingest"], &mail);
    assert_eq!((kept.code, kept.out.as_str(), kept.err.as_str()), (0, "", ""));
    desk.start();
    desk.settled(1, SOON);
    assert_eq!(desk.json(&["list"]).as_array().unwrap().len(), 1);
    // While the daemon runs, too.
    assert_eq!(desk.feed(&["ingest"], &referral(2, &format!("worker2@{PARTNER}"))).code, 0);
    desk.settled(2, SOON);
    // The mail server keeps the mail when we cannot.
    desk.configure(desk::MAILDIR, desk::FOLDER, "kind = \"sqlite\"\npath = \"no-such-folder/handoffd.db\"\n");
    let unwritable = desk.feed(&["ingest"], &mail);
    assert_eq!(unwritable.code, 75, "{}", unwritable.err);
    assert!(!unwritable.err.is_empty());
    desk.configure("kind = \"maildir\"\n", desk::FOLDER, desk::SQLITE);
    assert_eq!(desk.feed(&["ingest"], &mail).code, 75);
    fs::remove_file(desk.path("handoffd.toml")).unwrap();
    assert_eq!(desk.feed(&["ingest"], &mail).code, 75);
}

#[test]
fn a_command_line_that_asks_for_nothing_is_told_so() {
    let said = |words: &[&str]| ended(program().args(words), b"");
    let cases: [(&[&str], i32); 6] = [
        (&["--help"], 0),
        (&["--version"], 0),
        (&["frobnicate"], 64),
        (&[], 64),
        (&["list", "--frobnicate"], 64),
        (&["ingest", "--frobnicate"], 75),
    ];
    for (words, code) in cases {
        let said = said(words);
        assert_eq!(said.code, code, "{words:?}: {}", said.err);
        assert!(!(said.out + &said.err).is_empty());
    }
}

#[test]
fn the_system_of_record_speaks_the_agreed_json() {
    let (desk, reference) = with_one_referral();
    let list = desk.json(&["list"]);
    let shown = desk.json(&["show", &reference]);
    assert_eq!(list, Value::Array(vec![shown.clone()]));
    has_keys(
        &shown,
        &[
            "reference",
            "status",
            "contact_state",
            "owner",
            "next_action",
            "next_action_at",
            "tier",
            "partner",
            "received_at",
            "missing",
            "client",
            "deadlines",
            "attempts",
            "history",
        ],
    );
    has_keys(
        &shown["client"],
        &["name", "phone", "email", "language", "safe_contact", "safe_times", "consent"],
    );
    is_instant(&shown["next_action_at"]);
    is_instant(&shown["received_at"]);
    assert_eq!((&shown["status"], &shown["contact_state"]), (&"Received".into(), &"not started".into()));
    assert_eq!((&shown["owner"], &shown["partner"]), (&"maria".into(), &"harbor-house".into()));
    let history = desk.json(&["history", &reference]);
    assert_eq!(shown["history"], history);
    for fact in history.as_array().unwrap() {
        is_instant(&fact["at"]);
        assert!(fact["kind"].is_string() && fact["words"].is_string(), "{fact}");
    }
    // However it is written down; and one wrong symbol is said to be one.
    let sloppy = reference.to_lowercase().replace('-', " ");
    assert_eq!(desk.json(&["show", &sloppy]), shown);
    let (kept, end) = reference.split_at(reference.len() - 1);
    let wrong = desk.run(&["show", &format!("{kept}{}", if end == "2" { "3" } else { "2" })]);
    assert!(wrong.code == 1 && wrong.err.contains("one symbol is wrong"), "{}", wrong.err);
    // And for people.
    for command in ["list", "show", "history"] {
        let arguments = if command == "list" { vec![command] } else { vec![command, &reference] };
        let text = desk.run(&arguments);
        assert!(text.code == 0 && !text.out.trim().is_empty(), "{command}: {}", text.err);
    }
}

#[test]
fn an_admin_can_act_on_the_host_and_the_history_says_so() {
    let (desk, reference) = with_one_referral();
    let acted = desk.run(&["act", &reference, "attempt", "call", "no", "answer"]);
    assert_eq!(acted.code, 0, "{}", acted.err);
    let shown = desk.json(&["show", &reference]);
    let attempt = &shown["attempts"][0];
    assert_eq!(shown["contact_state"], "attempting");
    is_instant(&attempt["at"]);
    assert!(attempt["channel"].is_string() && attempt["result"].is_string(), "{attempt}");
    let history = desk.run(&["history", &reference]).out;
    assert!(history.lines().any(|line| line.contains("(host)")), "{history}");
    let unclear = desk.run(&["act", &reference, "frobnicate"]);
    assert!(unclear.code == 1 && unclear.err.contains("was not understood"), "{}", unclear.err);
    assert_eq!(desk.json(&["show", &reference])["attempts"].as_array().unwrap().len(), 1);
}

#[test]
fn explain_speaks_the_agreed_json_and_needs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mail.eml");
    fs::write(&file, referral(1, "worker@harbor-house.example")).unwrap();
    let explained = ended(program().arg("explain").arg(&file).arg("--json").current_dir(folder.path()), b"");
    assert_eq!(explained.code, 0, "{}", explained.err);
    let value: Value = serde_json::from_str(&explained.out).unwrap();
    has_keys(
        &value,
        &[
            "disposition",
            "cause",
            "may_answer",
            "may_answer_why",
            "from",
            "subject",
            "new_text",
            "quoted_text",
            "reference",
            "command",
            "packets",
            "missing",
            "forwarded",
            "delivery_report",
            "attachments",
            "problems",
        ],
    );
    assert_eq!((&value["disposition"], &value["may_answer"]), (&"referral".into(), &true.into()));
    let packet = value["packets"][0].as_object().unwrap();
    assert!(!packet.is_empty());
    for found in packet.values() {
        has_keys(found, &["value", "judged", "confidence", "where"]);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "explain left something behind");
    let text = ended(program().arg("explain").arg(&file), b"");
    assert!(text.code == 0 && text.out.contains("referral"));
    assert_eq!(ended(program().arg("explain").arg("/nonexistent.eml"), b"").code, 1);
}

#[test]
fn the_daily_report_reads_as_text_page_and_json() {
    let (desk, reference) = with_one_referral();
    let text = desk.run(&["report", "daily"]);
    assert!(text.code == 0 && text.out.contains(&reference), "{}{}", text.out, text.err);
    assert!(text.out.lines().next().unwrap().contains('1'), "{}", text.out);
    let page = desk.run(&["report", "daily", "--html"]);
    assert!(page.out.trim_start().starts_with("<!") && page.out.contains(&reference));
    let json = desk.json(&["report", "daily"]);
    assert_eq!((&json["mails"]["received"], &json["mails"]["referral"]), (&1.into(), &1.into()));
    is_instant(&json["as_of"]);
    assert_eq!(json["new"][0]["reference"], reference.as_str());
    assert_eq!(desk.run(&["report", "daily", "--json", "--html"]).code, 64);
    for out in [&text.out, &page.out, &json.to_string()] {
        assert!(!out.contains("Number1") && !out.contains("555-0101"), "a person in a report:\n{out}");
    }
}

#[test]
fn parked_mails_are_listed_shown_and_replayed() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let bytes = "Content-Type: message/rfc822\r\n\r\n".repeat(1_000).into_bytes();
    desk.drop_in("1", &bytes);
    desk.start();
    desk.settled(1, SOON);
    let parked = desk.json(&["parked", "list"]);
    has_keys(&parked[0], &["id", "cause", "arrived_at", "bytes", "whole", "reference"]);
    is_instant(&parked[0]["arrived_at"]);
    let id = parked[0]["id"].to_string();
    assert!(desk.run(&["parked", "list"]).out.contains("too_deep"));
    assert_eq!(desk.run(&["parked", "show", &id]).out.into_bytes(), bytes);
    assert_eq!(desk.run(&["parked", "replay", &id]).code, 0);
    desk.settled(1, SOON);
    assert_eq!(desk.json(&["parked", "list"])[0]["cause"], "too_deep");
    for missing in [["parked", "show", "99"], ["parked", "replay", "99"]] {
        assert_eq!(desk.run(&missing).code, 1);
    }
}

#[test]
fn health_tells_by_its_exit_code_whether_the_inbox_is_read() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let never = desk.run(&["health"]);
    assert!(never.code == 1 && never.out.contains("start the daemon"), "{}{}", never.out, never.err);
    assert!(!desk.path("handoffd.db").exists(), "looking makes no store");
    desk.start_ready();
    until("health is good", SOON, || desk.run(&["health"]).code == 0);
    let health = desk.json(&["health"]);
    assert_eq!(health["state"], "ok");
    is_instant(&health["inbox_read_at"]);
}

#[test]
fn the_measures_say_how_each_is_computed_and_on_which_records() {
    let (desk, reference) = with_one_referral();
    let text = desk.run(&["report", "metrics"]).out;
    for words in ["all: under 5 received", "Policies they ran under: seed v1 (under 5)"] {
        assert!(text.contains(words), "{words} is missing:\n{text}");
    }
    assert!(!text.contains(&reference), "what leaves the house names no referral:\n{text}");
    let sheet = desk.json(&["report", "metrics", "--by", "source"]);
    assert_eq!(sheet["groups"][0]["group"], "organization", "{sheet}");
    assert!(sheet["definitions"]["contact-24h"].as_str().unwrap().contains("Requirement 99"), "{sheet}");
    let explained = desk.run(&["report", "metrics", "--explain", "contact-24h"]).out;
    for words in [
        "contact-24h: Contact confirmed within 24 hours",
        "A mail that was sent is never a contact.",
        &format!("{reference}  seed v1  not counted: its 24 hours are not over"),
    ] {
        assert!(explained.contains(words), "{words} is missing:\n{explained}");
    }
    let page = desk.run(&["report", "metrics", "--html"]).out;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("all: under 5 received"), "{page}");
    for wrong in [&["report", "metrics", "--by", "shoe"][..], &["report", "metrics", "--explain", "luck"]] {
        let ended = desk.run(wrong);
        assert!(ended.code == 64 && ended.err.contains("say one of"), "{wrong:?}: {}", ended.err);
    }
    assert_eq!(desk.run(&["report", "daily", "--by", "source"]).code, 1);
    let shown = desk.run(&["show", &reference]).out;
    assert!(shown.lines().any(|line| line.starts_with("Driver ")), "{shown}");
}

#[test]
fn what_the_settings_amount_to_can_be_printed_for_the_house_and_for_partners() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let policy = desk.run(&["policy", "export"]);
    assert_eq!((policy.code, policy.err.as_str()), (0, ""));
    for words in [
        "## The way of a referral",
        "Policy seed v1",
        "## Who does what",
        "owns the workflow",
        "## The standard packet",
        "## What it must have at least\n\n- Client name",
        "## When we look\n\n- every day at 23:59",
    ] {
        assert!(policy.out.contains(words), "{words} is missing:\n{}", policy.out);
    }
    assert_eq!(desk.run(&["policy", "show"]).out, policy.out);
    let spec = desk.run(&["spec", "export"]).out;
    for words in [
        "- Needs Info: blocked, waiting on specific missing items",
        "- decline capacity",
        "## The one way to exchange it",
        "decision: within 3 business days",
        "The blank form comes back by mail",
    ] {
        assert!(spec.contains(words), "{words} is missing:\n{spec}");
    }
    // Who works here is for the house.
    for name in ["Maria", "Sam"] {
        assert!(!spec.contains(name), "{name}");
    }
    assert!(!desk.path("handoffd.db").exists());
}
