//! A whole office in a folder: config, key, inbox, store, outbox. The loops are ticked by hand, on a clock of our own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::app;
use handoffd::clock::{Clock, ManualClock};
use handoffd::loops::deliver::Courier;
use handoffd::loops::{Desk, deliver, handle, receive, remind, report};
use handoffd::mailbox::Mailbox;
use handoffd::referral::letter::Part;
use handoffd::settings::Settings;

pub(super) const BIN: &str = env!("CARGO_BIN_EXE_handoffd");

pub(super) struct Office {
    pub(super) dir: tempfile::TempDir,
    pub(super) desk: Arc<Desk>,
    hand: ManualClock,
    mailbox: Mailbox,
    courier: Courier,
    mails: u32,
}

/// A folder with a config that writes to clients.
pub(super) fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    assert!(Command::new(BIN).arg("init").arg(dir.path()).output().unwrap().status.success());
    let config = dir.path().join("handoffd.toml");
    let text = fs::read_to_string(&config).unwrap();
    let text = text
        .replace("client_mail = false", "client_mail = true\nkeep_raw_mail_days = 30\nkeep_closed_days = 60\nkeep_letters_days = 30\nkeep_parked_days = 30")
        .replace("mode = \"observe\"", "mode = \"enforce\"");
    fs::write(&config, text).unwrap();
    dir
}

/// One referral by the partner, in labels.
pub(super) fn referral(name: &str, phone: &str, email: &str, more: &str) -> String {
    format!(
        "Client name: {name}\nPhone: {phone}\nEmail: {email}\nSafe to call: yes\nSafe to email: yes\nMatter type: housing\n\
         Consent to share: yes\n{more}\n"
    )
}

impl Office {
    pub(super) async fn open() -> Office {
        Office::at(folder()).await
    }

    /// One whose store is a PostgreSQL of this address.
    pub(super) async fn on_postgres(url: &str) -> Office {
        let dir = folder();
        let secret = dir.path().join("secrets/url");
        fs::write(&secret, url).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let config = dir.path().join("handoffd.toml");
        let text = fs::read_to_string(&config).unwrap();
        let (before, after) = text.split_once("kind = \"sqlite\"\n").unwrap();
        let rest = after.split_once('\n').unwrap().1;
        let store = "kind = \"postgres\"\nurl_file = \"secrets/url\"\n";
        fs::write(&config, before.to_owned() + store + rest).unwrap();
        Office::at(dir).await
    }

    pub(super) async fn at(dir: tempfile::TempDir) -> Office {
        // A Tuesday, 11 in New York.
        let hand = ManualClock::at("2026-11-17T16:00:00Z".parse().unwrap());
        Office::with(dir, hand.clone(), Clock::Manual(hand)).await
    }

    /// One that lives in the time of this machine; [`Office::pass`] has no place there.
    pub(super) async fn in_real_time() -> Office {
        let hand = ManualClock::at("2026-11-17T16:00:00Z".parse().unwrap());
        Office::with(folder(), hand, Clock::System).await
    }

    async fn with(dir: tempfile::TempDir, hand: ManualClock, clock: Clock) -> Office {
        let settings = Settings::read(&dir.path().join("handoffd.toml")).unwrap();
        let store = app::open_store(&settings).await.unwrap();
        let desk = app::desk(&settings, store, clock).unwrap();
        Office {
            dir,
            desk: Arc::new(desk),
            hand,
            mailbox: app::mailbox(&settings),
            courier: Courier::new(app::outlet(&settings)),
            mails: 0,
        }
    }

    pub(super) async fn mail(&mut self, from: &str, subject: &str, body: &str) {
        self.take_in(from, subject, body).await;
        while handle::tick(&self.desk).await.unwrap() > 0 {}
    }

    /// Into the spool only.
    pub(super) async fn take_in(&mut self, from: &str, subject: &str, body: &str) {
        self.mails += 1;
        drop_in(self.dir.path(), self.mails, from, subject, body);
        while receive::tick(&self.desk, &mut self.mailbox, "maildir").await.unwrap() {}
    }

    pub(super) async fn send(&mut self) {
        while deliver::tick(&self.desk, &mut self.courier).await.unwrap() > 0 {}
    }

    pub(super) async fn pass(&mut self, time: TimeDelta) {
        // A clock that goes on by more than this between two looks cannot be right, and nothing is done by it.
        let (until, step) = (self.now() + time, TimeDelta::days(90));
        while self.now() + step < until {
            self.hand.move_to(self.now() + step);
            remind::tick(&self.desk).await.unwrap();
        }
        self.hand.move_to(until);
        while receive::tick(&self.desk, &mut self.mailbox, "maildir").await.unwrap() {}
        remind::tick(&self.desk).await.unwrap();
        report::tick(&self.desk).await.unwrap();
        self.send().await;
    }

    /// The clock is set to a later instant; nobody looks yet.
    pub(super) fn turn_to(&self, at: DateTime<Utc>) {
        self.hand.move_to(at);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.desk.clock.now()
    }

    /// Kind and state of each letter to a client.
    pub(super) async fn client_letters(&self) -> Vec<(String, String)> {
        let lines = self.desk.store.letters_since(0).await.unwrap();
        lines
            .into_iter()
            .filter(|line| line.part == Part::Client)
            .map(|line| (line.kind, line.state.word().to_owned()))
            .collect()
    }

    pub(super) async fn newest(&self) -> String {
        self.desk.store.list(true, 1).await.unwrap()[0].referral.reference.to_string()
    }

    /// A command of the binary on this office.
    pub(super) fn run(&self, words: &[&str]) -> Output {
        run_in(self.dir.path(), words)
    }
}

pub(super) fn run_in(dir: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(BIN);
    let split = words.iter().position(|word| *word == "--config-first").unwrap_or(words.len());
    command.args(&words[..split]).arg("--config").arg(dir.join("handoffd.toml"));
    command.args(words.get(split + 1..).unwrap_or_default());
    command.output().unwrap()
}

pub(super) fn drop_in(dir: &Path, number: u32, from: &str, subject: &str, body: &str) {
    let mail = format!(
        "From: {from}\r\nTo: referrals@example.org\r\nSubject: {subject}\r\nMessage-ID: <{number}@sender.example>\r\n\
         Date: Tue, 17 Nov 2026 16:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}",
        body.replace('\n', "\r\n")
    );
    fs::write(dir.join(format!("inbox/new/{number:06}.test")), mail).unwrap();
}

/// Every file under a folder with its bytes.
pub(super) fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            // A file that is being written may be renamed meanwhile.
            all.push((path.clone(), fs::read(&path).unwrap_or_default()));
        }
    }
    all
}

pub(super) fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
