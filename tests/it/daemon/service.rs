//! The daemon under a service manager.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use crate::rig::desk::{self, Desk};
use crate::rig::{SOON, until};

#[test]
fn the_service_manager_hears_ready_then_watchdog_then_stopping() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    let socket = desk.path("notify");
    let ear = UnixDatagram::bind(&socket).unwrap();
    ear.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
    desk.environment = vec![
        ("NOTIFY_SOCKET".to_owned(), socket.display().to_string()),
        ("WATCHDOG_USEC".to_owned(), "600000".to_owned()),
    ];
    desk.start();
    let mut heard = String::new();
    let mut hear = |words: &str| {
        until(words, SOON, || {
            let mut bytes = [0; 4096];
            while let Ok(length) = ear.recv(&mut bytes) {
                heard.push_str(&String::from_utf8_lossy(&bytes[..length]));
                heard.push('\n');
            }
            heard.contains(words)
        });
    };
    hear("READY=1");
    hear("WATCHDOG=1");
    desk.terminate();
    hear("STOPPING=1");
    let place = |words: &str| heard.find(words).unwrap();
    assert!(place("READY=1") < place("WATCHDOG=1") && place("WATCHDOG=1") < place("STOPPING=1"), "{heard}");
}

#[test]
fn a_second_daemon_on_the_same_store_is_refused() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    let second = desk.run(&["run"]);
    assert_eq!(second.code, 1);
    assert!(second.err.contains("another handoffd runs on this store"), "{}", second.err);
    assert!(desk.lives());
    // After a kill the store is free again: no lock is left behind.
    desk.kill();
    desk.start_ready();
}

#[test]
fn it_opens_no_port() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    desk.drop_in("1", &desk::referral(1, "one@harbor-house.example"));
    desk.settled(1, SOON);
    let own = format!("/proc/{}/fd", desk.pid());
    let sockets: Vec<String> = std::fs::read_dir(own)
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter_map(|target| {
            target
                .to_str()
                .and_then(|text| text.strip_prefix("socket:["))
                .map(|text| text.trim_end_matches(']').to_owned())
        })
        .collect();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let lines = std::fs::read_to_string(format!("/proc/{}/net/{table}", desk.pid())).unwrap();
        for line in lines.lines().skip(1) {
            let inode = line.split_whitespace().nth(9).unwrap().to_owned();
            assert!(!sockets.contains(&inode), "{table}: {line}");
        }
    }
}

#[test]
fn it_ends_by_itself_when_it_has_nothing_to_do() {
    let mut desk = Desk::new(desk::MAILDIR, desk::FOLDER, desk::SQLITE);
    desk.start_ready();
    let code = desk.terminate();
    assert_eq!(code, 0, "{}", desk.log());
    assert!(Command::new("true").status().unwrap().success());
}
