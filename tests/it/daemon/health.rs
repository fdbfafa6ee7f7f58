//! `health` as an operator sees it when something is wrong: at once, in words, and with what to do.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::rig::desk::{self, Desk, ended, program};
use crate::rig::disk::Disk;
use crate::rig::postgres::Postgres;
use crate::rig::{SOON, free_port, until};

const POSTGRES: &str = "kind = \"postgres\"\nurl_file = \"url\"\n";

/// What `health` says while it is not well.
fn ill(desk: &Desk) -> String {
    let health = desk.run(&["health"]);
    if health.code == 0 { String::new() } else { health.out + &health.err }
}

fn well(desk: &Desk) {
    until("health is good", SOON, || desk.run(&["health"]).code == 0);
}

fn a_daemon_that_ended_is_said_at_once(mut desk: Desk) {
    for ends in [|desk: &mut Desk| assert_eq!(desk.terminate(), 0), Desk::kill] {
        desk.start_ready();
        well(&desk);
        ends(&mut desk);
        // A server takes a moment to notice that a connection is gone.
        until("the end is said", SOON, || {
            [
                "stopped: no daemon works on this store; start it",
                "stopped: no daemon is connected to this store; start it",
            ]
            .iter()
            .any(|said| ill(&desk).contains(said))
        });
        let json: Value = serde_json::from_str(&desk.run(&["health", "--json"]).out).unwrap();
        assert!(json["state"].as_str().unwrap().starts_with("stopped") && json["open"] == 0, "{json}");
    }
}

#[test]
fn a_daemon_that_ended_is_said_at_once_on_sqlite() {
    a_daemon_that_ended_is_said_at_once(Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE));
}

#[test]
fn a_daemon_that_ended_is_said_at_once_on_postgresql() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, POSTGRES);
    desk.secret("url", &Postgres::start().url);
    a_daemon_that_ended_is_said_at_once(desk);
}

#[test]
fn a_full_disk_is_said_at_once_with_the_remedy_and_is_over_when_there_is_room() {
    let Some(small) = Disk::mount("2m") else { return };
    let store = format!("kind = \"sqlite\"\npath = \"{}\"\n", small.path.join("store.db").display());
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, &store);
    desk.start_ready();
    well(&desk);
    let filler = small.path.join("filler");
    fs::write(&filler, vec![0; 4 << 20]).unwrap_err();
    desk.drop_in("1", &[&desk::referral(1, "one@harbor-house.example")[..], &vec![b'.'; 500_000]].concat());
    until("the full disk is said", SOON, || {
        let said = ill(&desk);
        said.contains("the store fails") && said.contains("make room on its disk")
    });
    fs::remove_file(filler).unwrap();
    well(&desk);
}

#[test]
fn a_store_that_was_deleted_under_the_daemon_is_said_at_once() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    well(&desk);
    for name in ["handoffd.db", "handoffd.db-wal", "handoffd.db-shm"] {
        let _ = fs::remove_file(desk.path(name));
    }
    assert!(ill(&desk).contains("is gone while the daemon runs"), "{}", ill(&desk));
    assert!(!desk.path("handoffd.db").exists(), "an empty one would hide it");
}

#[test]
fn a_store_that_was_put_in_the_place_of_the_daemons_own_is_said_at_once() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    well(&desk);
    let (store, kept) = (desk.path("handoffd.db"), desk.path("kept.db"));
    fs::copy(&store, &kept).unwrap();
    fs::rename(&kept, &store).unwrap();
    let said = ill(&desk);
    assert!(said.contains("was put there while the daemon runs"), "{said}");
}

#[test]
fn a_database_that_is_away_is_said_with_where_it_should_be() {
    let desk = Desk::new(desk::MAILDIR, desk::FOLDER, POSTGRES);
    let port = free_port();
    desk.secret("url", &format!("postgres://desk:Qanary@127.0.0.1:{port}/none"));
    let said = ill(&desk);
    assert!(said.contains(&format!("127.0.0.1:{port}: connection refused")), "{said}");
    let json: Value = serde_json::from_str(&desk.run(&["health", "--json"]).out).unwrap();
    assert!(json["state"].as_str().unwrap().contains("connection refused"), "{json}");
    assert!(!said.contains("Qanary"), "{said}");
}

#[test]
fn what_troubles_the_mailbox_is_said_beside_the_state() {
    let authority = tempfile::tempdir().unwrap();
    let ca = crate::rig::ca::Authority::new(authority.path()).ca;
    let mut desk = Desk::new(&desk::imap_at(free_port(), &ca, "desk"), desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    until("the outage is said", SOON, || ill(&desk).contains("trouble: the mailbox cannot be reached"));
}

#[test]
fn a_demo_that_goes_on_by_a_clock_of_its_own_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let log = fs::File::create(folder.path().join("log")).unwrap();
    let mut demo = program();
    demo.args(["demo", "--keep", "--dir"]).arg(&dir).stdin(Stdio::null()).stdout(log).stderr(Stdio::null());
    let mut demo = demo.spawn().unwrap();
    let told = || fs::read_to_string(folder.path().join("log")).unwrap();
    until("the demo stays", SOON * 4, || told().contains("The daemon goes on"));
    let health = ended(program().args(["health", "--config"]).arg(dir.join("handoffd.toml")), b"");
    demo.kill().unwrap();
    demo.wait().unwrap();
    assert!(health.code == 0 && health.out.starts_with("ok\n"), "{}{}", health.out, health.err);
}
