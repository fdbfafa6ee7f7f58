//! A store put back from a backup knows less than the world: it must not say things twice, and not to somebody who said
//! stop meanwhile (RELIABILITY P1 to P16 over restores, O10).

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::rig::desk::{self, Desk, PARTNER, header};
use crate::rig::postgres::Postgres;
use crate::rig::relay::{Act, Relay};
use crate::rig::{SOON, free_port, until};

const CLIENT: &str = "ann@client.example";

/// A referral of a client who may be written to.
fn referral(number: usize) -> Vec<u8> {
    let mut mail = desk::referral(number, &format!("worker{number}@{PARTNER}"));
    mail.extend(format!("Email: {CLIENT}\r\nSafe to email: yes\r\n").bytes());
    mail
}

/// A desk whose relay was away when its first referral came: everything to be said waits in the store.
fn with_waiting_letters() -> Desk {
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(free_port()), desk::SQLITE);
    desk.drop_in("1", &referral(1));
    desk.start();
    until("the referral is opened", SOON, || desk.run(&["list", "--json"]).out.contains("reference"));
    until("a letter was tried", SOON, || desk.said("relay cannot be reached") > 0);
    desk.terminate();
    desk
}

#[test]
fn a_store_from_a_backup_sends_nothing_again_and_says_so_at_the_start() {
    let mut desk = with_waiting_letters();
    let store = desk.path("handoffd.db");
    let backup = fs::read(&store).unwrap();
    let relay = Relay::start(|_| Act::Go);
    desk.configure(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.start();
    until("all three are told", SOON, || {
        let told: BTreeSet<String> = relay.taken().into_iter().map(|letter| letter.to).collect();
        told.len() == 3 && told.contains(CLIENT)
    });
    let stop = format!(
        "From: {CLIENT}\r\nTo: referrals@desk.example.org\r\nSubject: Re: Your request\r\nMessage-ID: <s@client.example>\r\n\r\nSTOP\r\n"
    );
    desk.drop_in("2", stop.as_bytes());
    desk.settled(2, SOON);
    desk.terminate();
    let before = relay.taken();

    fs::write(&store, backup).unwrap();
    desk.start();
    until("an admin is told", SOON, || relay.taken().iter().any(|letter| letter.to.starts_with("sam@")));
    desk.settled(2, SOON);
    assert_eq!(desk.said("it was put back from a backup"), 1);
    let after = relay.taken();
    let letters_to = |to: &str| after.iter().filter(|letter| letter.to == to).count();
    assert_eq!(letters_to(CLIENT), 1);
    assert_eq!(letters_to(&format!("worker1@{PARTNER}")), 1);
    let ids: BTreeSet<String> = before.iter().map(|letter| header(&letter.message, "Message-ID")).collect();
    let again = after.get(before.len()..).unwrap_or_default();
    assert!(again.iter().all(|letter| !ids.contains(&header(&letter.message, "Message-ID"))));
    // The stop lay in the mailbox still.
    let reference = desk.json(&["list"])[0]["reference"].as_str().unwrap().to_owned();
    assert!(desk.run(&["history", &reference]).out.contains("we were asked not to write to the client"));
    // An update would be due; the word on safety is from before the backup.
    assert_eq!(desk.run(&["act", &reference, "allow contact she called"]).code, 0);
    assert_eq!(desk.run(&["act", &reference, "accept"]).code, 0);
    desk.terminate();
    desk.start_ready();
    desk.settled(2, SOON);
    assert_eq!(relay.taken().iter().filter(|letter| letter.to == CLIENT).count(), 1);
    assert_eq!(desk.said("it was put back from a backup"), 1, "once");
}

/// The mail that said stop is gone from the mailbox, and the store knows nobody of that address; then a partner refers
/// the same person anew.
#[test]
fn a_stop_that_is_newer_than_the_backup_outlives_it_though_its_mail_is_gone() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("2", &desk::referral(2, &format!("worker2@{PARTNER}")));
    desk.start();
    desk.settled(1, SOON);
    desk.terminate();
    let store = desk.path("handoffd.db");
    let backup = fs::read(&store).unwrap();
    desk.drop_in("1", &referral(1));
    desk.start();
    let told = || relay.taken().iter().filter(|letter| letter.to == CLIENT).count();
    until("the client is told", SOON, || told() == 1);
    let stop = format!(
        "From: {CLIENT}\r\nTo: referrals@desk.example.org\r\nSubject: Re: Your request\r\nMessage-ID: <s@client.example>\r\n\r\nSTOP\r\n"
    );
    desk.drop_in("3", stop.as_bytes());
    desk.settled(3, SOON);
    desk.terminate();
    let kept = fs::read_to_string(desk.path("handoffd.db.stops")).unwrap();
    assert!(kept.trim().lines().count() == 1 && !kept.contains("ann"), "{kept}");
    for folder in ["inbox/new", "inbox/cur"] {
        for file in fs::read_dir(desk.path(folder)).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
    }

    fs::write(&store, backup).unwrap();
    desk.start();
    until("it is said that the store was put back", SOON, || desk.said("was put back from a backup") > 0);
    let again = String::from_utf8(referral(1)).unwrap().replace("<n1@", "<n1-again@");
    desk.drop_in("4", again.as_bytes());
    desk.settled(2, SOON);
    let reference = desk.json(&["list"])[0]["reference"].as_str().unwrap().to_owned();
    let history = desk.run(&["history", &reference]).out;
    assert!(history.contains("we were asked not to write to the client"), "{history}");
    assert_eq!(told(), 1, "the letter from before the stop, and no other");
}

/// A stop that cannot be kept for a store that is put back is told, by mail to the admins and to who said it on the
/// host, and it is kept as soon as it can be.
#[test]
fn a_stop_that_cannot_be_kept_is_told_whichever_way_it_came_and_kept_later() {
    const TOLD: &str = "the file of the stops could not be written";
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1));
    desk.start();
    desk.settled(1, SOON);
    let stops = desk.path("handoffd.db.stops");
    fs::create_dir(&stops).unwrap();
    let reference = desk.json(&["list"])[0]["reference"].as_str().unwrap().to_owned();
    let acted = desk.run(&["act", &reference, "do not contact"]);
    assert!(acted.code == 0 && acted.out.contains(TOLD), "{}{}", acted.out, acted.err);
    let alerts = || {
        let sam = relay.taken().into_iter().filter(|letter| letter.to.starts_with("sam@"));
        sam.filter(|letter| String::from_utf8_lossy(&letter.message).contains("said stop")).count()
    };
    until("an admin is told of what was said on the host", SOON, || alerts() == 1);
    assert_eq!(desk.run(&["act", &reference, "allow contact she called"]).code, 0);
    let stop = format!(
        "From: {CLIENT}\r\nTo: referrals@desk.example.org\r\nSubject: Re: Your request\r\nMessage-ID: <s@client.example>\r\n\r\nSTOP\r\n"
    );
    desk.drop_in("2", stop.as_bytes());
    until("it is said in the log", SOON, || desk.said(TOLD) > 0);
    fs::remove_dir(&stops).unwrap();
    until("the stop is kept", SOON * 4, || fs::read_to_string(&stops).is_ok_and(|kept| kept.contains(' ')));
    assert_eq!(desk.said(TOLD), 1, "once");
}

#[test]
fn a_count_of_letters_that_cannot_be_written_is_told_once() {
    const TOLD: &str = "The file that counts letters could not be written";
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1));
    desk.start();
    desk.settled(1, SOON);
    let claims = desk.path("handoffd.db.claims");
    fs::remove_file(&claims).unwrap();
    fs::create_dir(&claims).unwrap();
    // The letters of one referral are counted in vain, and the next look tells of it.
    for number in 2..=4 {
        desk.drop_in(&number.to_string(), &referral(number));
        desk.settled(u64::try_from(number).unwrap(), SOON);
    }
    until("an admin is told", SOON, || {
        let to_admin = relay.taken().into_iter().filter(|letter| letter.to.starts_with("sam@"));
        to_admin.filter(|letter| String::from_utf8_lossy(&letter.message).contains("counts letters")).count()
            == 1
    });
    assert_eq!(desk.said(TOLD), 1);
}

/// As for SQLite, from the settings to the start.
#[test]
fn a_postgresql_that_was_put_back_is_noticed_where_settings_name_a_folder_for_its_witness() {
    let servers = [Postgres::start(), Postgres::start()];
    let store = "kind = \"postgres\"\nurl_file = \"url\"\nwitness_folder = \"witness\"\n";
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), store);
    desk.secret("url", &servers[0].url);
    let refused = desk.run(&["list"]);
    assert!(refused.code == 1 && refused.err.contains("make it"), "{}", refused.err);
    fs::create_dir(desk.path("witness")).unwrap();
    desk.drop_in("1", &referral(1));
    desk.start();
    desk.settled(1, SOON * 2);
    desk.terminate();
    desk.start_ready();
    desk.terminate();
    assert_eq!(desk.said("was put back from a backup"), 0, "an ordinary start");
    desk.secret("url", &servers[1].url);
    desk.start_ready();
    assert_eq!(desk.said("was put back from a backup"), 1);
}

#[test]
fn an_operator_says_where_the_daemon_cannot_know_that_a_store_was_put_back() {
    let mut desk = with_waiting_letters();
    let said = desk.run(&["restored"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("held, because they may have left before: 3"), "{}", said.out);
    let relay = Relay::start(|_| Act::Go);
    desk.configure(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("2", &desk::referral(2, &format!("worker2@{PARTNER}")));
    desk.start();
    until("the next one is answered", SOON, || {
        relay.taken().iter().any(|letter| letter.to.starts_with("worker2@"))
    });
    desk.settled(2, SOON);
    assert!(relay.taken().iter().all(|letter| letter.to != CLIENT && !letter.to.starts_with("worker1@")));
}

#[test]
fn a_backup_that_is_put_back_beside_the_log_of_the_store_before_is_not_mixed_with_it() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1));
    desk.start();
    desk.settled(1, SOON);
    let (copy, log) = (desk.path("backup.db"), desk.path("handoffd.db-wal"));
    assert_eq!(desk.run(&["backup", copy.to_str().unwrap()]).code, 0);
    let listed = desk.json(&["list"]);
    desk.drop_in("2", &referral(2));
    desk.settled(2, SOON);
    desk.kill();
    assert!(fs::metadata(&log).unwrap().len() > 0, "a store that was killed leaves its log");
    fs::copy(&copy, desk.path("handoffd.db")).unwrap();
    assert_eq!(desk.json(&["list"]), listed, "as it was backed up, with nothing of what came after");
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn a_backup_of_a_store_that_is_being_written_is_whole_and_private_and_never_takes_anothers_place() {
    let relay = Relay::start(|_| Act::Go);
    let mut desk = Desk::new(desk::MAILDIR, &desk::relay(relay.listener.port), desk::SQLITE);
    desk.drop_in("1", &referral(1));
    desk.start();
    desk.settled(1, SOON);
    let (file, part) = (desk.path("backup.db"), desk.path("backup.db.part"));
    fs::write(&part, "an attempt that was broken off").unwrap();
    let name = file.to_str().unwrap();
    let said = desk.run(&["backup", name]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("keep a copy of that, and not beside this"), "{}", said.out);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!part.exists());
    let (bytes, listed) = (fs::read(&file).unwrap(), desk.json(&["list"]));

    let again = desk.run(&["backup", name]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is there already; give another name"), "{}", again.err);
    assert_eq!(fs::read(&file).unwrap(), bytes);
    let nowhere = desk.run(&["backup", desk.path("no/such/backup.db").to_str().unwrap()]);
    assert!(nowhere.code == 1 && nowhere.err.contains("check the folder"), "{}", nowhere.err);

    desk.terminate();
    fs::write(desk.path("handoffd.db"), bytes).unwrap();
    assert_eq!(desk.json(&["list"]), listed, "what lay in the log only is in it too");
    assert_eq!(desk.run(&["verify"]).code, 0);
}
