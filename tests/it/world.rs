//! A whole office in virtual time: the real loops over SQLite, a Maildir as the inbox, a folder as the outlet, a clock
//! that only [`World::pass`] moves. Nothing sleeps; what a person would see is written down as it happens.
#![cfg(test)]

mod alone;
mod damaged;
mod invariants;
mod letter;
mod mail;
mod parked;
mod seen;
mod transcript;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use handoffd::app;
use handoffd::clock::{Clock, ManualClock};
use handoffd::loops::deliver::Courier;
use handoffd::loops::{Desk, deliver, handle, receive, remind, report};
use handoffd::mailbox::Mailbox;
use handoffd::settings::Settings;
use handoffd::store::seal::Keyring;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::rig::rows;

pub(crate) use letter::Letter;
pub(crate) use mail::Mail;

/// An office of two, one partner that may be asked back, letters to clients on. Stories change single lines of it.
pub(crate) const OFFICE: &str = r#"
[organisation]
name = "Example Help Center"
client_from_name = "Front Desk"
phone = "555-0100"
phone_hours = "Monday to Friday, 9 am to 5 pm"
zone = "America/New_York"
workflow_owner = "wendy"
data_owner = "wendy"

[inbox]
address = "referrals@example.org"
kind = "maildir"
path = "inbox"
move_to_cur = true

[outlet]
kind = "folder"
path = "outbox"

[store]
kind = "sqlite"
path = "handoffd.db"

[calendar]
monday = "09:00-17:00"
tuesday = "09:00-17:00"
wednesday = "09:00-17:00"
thursday = "09:00-17:00"
friday = "09:00-17:00"
saturday = "closed"
sunday = "closed"
holidays = [2026-12-25]

[[staff]]
id = "wendy"
name = "Wendy Ross"
email = "wendy@example.org"
takes_referrals = false

[[staff]]
id = "maria"
name = "Maria Lopez"
email = "maria@example.org"
languages = ["en", "es"]

[[partner]]
id = "harbor-house"
name = "Harbor House"
addresses = ["intake@harbor.example"]
mode = "enforce"
loop_back = true

[[partner]]
id = "north-clinic"
name = "North Clinic"
addresses = ["desk@north.example"]
mode = "enforce"

[privacy]
key_file = "key"
client_mail = true

[reports]
digest_at = "07:30"
admins = ["wendy"]
"#;

/// The loops look at the clock every minute, and take five without a look for a sleep.
const LOOK_EVERY: TimeDelta = TimeDelta::minutes(4);

/// The office and everything around it.
pub(crate) struct World {
    _folder: TempDir,
    root: PathBuf,
    settings: Settings,
    hand: ManualClock,
    /// How many due records one tick works off.
    due_at_once: Option<u32>,
    is_deaf: bool,
    runtime: Runtime,
    running: Option<Running>,
    began_at: DateTime<Utc>,
    mails: u32,
    robots: Vec<String>,
    letters: Vec<Letter>,
    reports: Vec<Letter>,
    files: BTreeSet<String>,
    references: Vec<String>,
    transcript: String,
}

/// What runs: dropped while the daemon is down.
struct Running {
    desk: Arc<Desk>,
    mailbox: Mailbox,
    outlet: Courier,
}

impl World {
    /// The office of [`OFFICE`], at a local time such as `2026-11-24 10:00`.
    pub(crate) fn at(local: &str) -> World {
        World::with(local, OFFICE)
    }

    /// An office of this config.
    pub(crate) fn with(local: &str, config: &str) -> World {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        for name in ["inbox", "inbox/new", "inbox/cur", "inbox/tmp", "outbox"] {
            fs::DirBuilder::new().mode(0o700).create(root.join(name)).unwrap();
        }
        let mut key =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(root.join("key")).unwrap();
        std::io::Write::write_all(&mut key, Keyring::fresh_file().unwrap().as_bytes()).unwrap();
        let settings =
            Settings::parse(config, "office.toml", &root).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let zone = settings.calendar.zone;
        let wall = chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        let now = wall.and_local_timezone(zone).earliest().unwrap().with_timezone(&Utc);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut world = World {
            _folder: folder,
            root,
            settings,
            hand: ManualClock::at(now),
            due_at_once: None,
            is_deaf: false,
            runtime,
            running: None,
            began_at: now,
            mails: 0,
            robots: Vec::new(),
            letters: Vec::new(),
            reports: Vec::new(),
            files: BTreeSet::new(),
            references: Vec::new(),
            transcript: String::new(),
        };
        world.start();
        // The digest of the first day is not part of any story.
        world.settle();
        world
    }

    // --- what happens around the daemon ------------------------------------------------------------------------

    /// A mail arrives in the inbox and everything that follows at this instant happens.
    pub(crate) fn receive(&mut self, mail: &Mail) {
        self.drop_in(mail);
        self.settle();
    }

    /// A mail arrives; nobody looks yet.
    pub(crate) fn drop_in(&mut self, mail: &Mail) {
        self.mails += 1;
        if mail.is_robot() {
            self.robots.push(mail.from.clone());
        }
        let now = self.now();
        let path = self.root.join(format!("inbox/new/{}.m{:04}.office", now.timestamp(), self.mails));
        let bytes = mail.bytes(self.mails, self.local(now));
        fs::write(&path, bytes).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(now.into()).unwrap();
        let line = format!("{} writes: {}", transcript::who(&mail.from), mail.summary());
        self.note(&line);
    }

    /// Time goes by: `30m`, `4h`, `2d`. The clock stands still at every instant at which something is due.
    pub(crate) fn pass(&mut self, span: &str) {
        let until = self.now() + span_of(span);
        self.pass_until(until);
    }

    /// Time goes by until a local time of day or date and time: `2026-11-25 16:30`.
    pub(crate) fn pass_to(&mut self, local: &str) {
        let wall = chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        let until = wall.and_local_timezone(self.settings.calendar.zone).earliest().unwrap();
        self.pass_until(until.with_timezone(&Utc));
    }

    fn pass_until(&mut self, until: DateTime<Utc>) {
        assert!(self.running.is_some(), "the daemon is down: use sleep_through");
        while let Some(wake) = self.next_wake().filter(|wake| *wake <= until) {
            assert!(wake > self.now(), "something due at {wake} was not worked off");
            self.watch_until(wake);
            self.settle();
        }
        self.watch_until(until);
        self.settle();
    }

    /// Time goes by, and nobody does anything but look at the clock.
    pub(crate) fn watch(&mut self, span: &str) {
        let until = self.now() + span_of(span);
        self.watch_until(until);
    }

    /// The clock goes to this instant, and the daemon looks at it on the way as its loops do: the machine does not
    /// sleep, and nobody may take what goes by for a sleep. What is far off is leapt over.
    fn watch_until(&mut self, at: DateTime<Utc>) {
        let near = at - LOOK_EVERY * 2;
        let mut round = (near > self.now()).then(|| self.leap_to(near));
        while self.now() < at {
            self.hand.move_to(at.min(self.now() + LOOK_EVERY));
            let seen = self.look();
            assert_eq!(*round.get_or_insert(seen), seen, "nobody slept, and the inbox is to be read anew");
        }
    }

    /// To look every few minutes of many days would take long: what the look after a leap makes of it is taken back.
    fn leap_to(&self, at: DateTime<Utc>) -> u32 {
        let progress = &self.desk().progress;
        let is_read = progress.is_inbox_read();
        self.hand.move_to(at);
        let round = self.look();
        // Only what held before that look: whoever just started has read nothing yet.
        if is_read {
            progress.mark_inbox_read(round);
        }
        round
    }

    /// Somebody looks at the clock. Returns how often it was taken for that of a machine that slept.
    fn look(&self) -> u32 {
        self.wait(handoffd::loops::clock_alarm::is_right(self.desk())).unwrap();
        self.desk().progress.inbox_round()
    }

    /// The daemon is stopped.
    pub(crate) fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.runtime.block_on(running.desk.store.close());
        }
        self.note("(the daemon stops)");
    }

    /// Time goes by while the daemon is down.
    pub(crate) fn sleep_through(&mut self, span: &str) {
        assert!(self.running.is_none(), "the daemon runs: use pass");
        self.hand.move_to(self.now() + span_of(span));
    }

    /// Somebody sets the clock of the machine, forwards or back; the daemon may run meanwhile.
    pub(crate) fn set_clock(&mut self, at: DateTime<Utc>) {
        let runs = self.running.is_some();
        if runs {
            self.stop();
        }
        self.hand = ManualClock::at(at);
        if runs {
            self.restart();
        }
    }

    /// Somebody sets the clock of the machine, forwards or back, and the daemon runs on.
    pub(crate) fn turn_clock(&mut self, at: DateTime<Utc>) {
        self.hand.set(at);
    }

    /// The ladder is asked while the store takes no change of a record.
    pub(crate) fn remind_in_vain(&mut self) {
        let url = format!("sqlite://{}", self.root.join("handoffd.db").display());
        let desk = &self.running.as_ref().unwrap().desk;
        self.runtime.block_on(async {
            let refuse =
                "CREATE TRIGGER refuse BEFORE UPDATE ON referral BEGIN SELECT RAISE(ABORT, 'no'); END";
            rows::change(&url, refuse).await;
            assert!(remind::tick(desk).await.is_err());
            rows::change(&url, "DROP TRIGGER refuse").await;
        });
    }

    /// Letters that are due are handed over, before any other loop looks.
    pub(crate) fn hand_over(&mut self) {
        let Running { desk, outlet, .. } = self.running.as_mut().unwrap();
        self.runtime.block_on(async { deliver::tick(desk, outlet).await.unwrap() });
        self.look_into_outbox();
    }

    /// The daemon is started again.
    pub(crate) fn restart(&mut self) {
        self.start();
        self.note("(the daemon starts)");
    }

    fn start(&mut self) {
        let clock = Clock::Manual(self.hand.clone());
        let now = clock.now();
        let settings = &self.settings;
        let desk = self.runtime.block_on(async {
            let store = app::open_store(settings).await.unwrap();
            store.release(now, now + TimeDelta::minutes(1)).await.unwrap();
            app::desk(settings, store, clock).unwrap()
        });
        let mut desk = desk;
        desk.bounds.due_at_once = self.due_at_once.unwrap_or(desk.bounds.due_at_once);
        self.running = Some(Running {
            desk: Arc::new(desk),
            mailbox: app::mailbox(settings),
            outlet: Courier::new(app::outlet(settings)),
        });
    }

    /// Somebody changes the config while the daemon is down.
    pub(crate) fn configure(&mut self, config: &str) {
        assert!(self.running.is_none(), "the daemon runs: stop it first");
        self.settings = Settings::parse(config, "office.toml", &self.root)
            .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    }

    /// So many due records are worked off at once, from the next start on.
    pub(crate) fn at_once(&mut self, most: u32) {
        self.due_at_once = Some(most);
    }

    /// The mail server takes nothing (or takes letters again).
    pub(crate) fn deaf(&mut self, deaf: bool) {
        self.is_deaf = deaf;
    }

    /// The clock goes to this instant while nobody looks.
    pub(crate) fn wait_until(&mut self, at: DateTime<Utc>) {
        self.hand.move_to(at);
    }

    // --- the loops, by hand ------------------------------------------------------------------------------------

    /// Turns every loop until nothing changes. The ladder is asked first: it must see for itself that mail waits.
    pub(crate) fn settle(&mut self) {
        for round in 0.. {
            assert!(round < 100, "the loops never come to rest");
            if !self.turn() {
                break;
            }
            self.look_into_outbox();
        }
        self.look_into_outbox();
    }

    /// One turn of each loop; whether anything happened.
    pub(crate) fn turn(&mut self) -> bool {
        let is_deaf = self.is_deaf;
        let Running { desk, mailbox, outlet } = self.running.as_mut().unwrap();
        self.runtime.block_on(async {
            let waiting_before = desk.store.waiting().await.unwrap();
            let first = remind::tick(desk).await.unwrap();
            if waiting_before > 0 {
                assert_eq!(
                    first,
                    remind::Tick::InboxFirst,
                    "the inbox is drained before a deadline is judged"
                );
            }
            let more = receive::tick(desk, mailbox, "maildir").await.unwrap();
            let handled = handle::tick(desk).await.unwrap();
            let reminded = if more { first } else { remind::tick(desk).await.unwrap() };
            report::tick(desk).await.unwrap();
            let sent = if is_deaf { 0 } else { deliver::tick(desk, outlet).await.unwrap() };
            let decided =
                |tick: remind::Tick| matches!(tick, remind::Tick::InboxFirst | remind::Tick::Decided(1..));
            more || handled > 0 || decided(reminded) || sent > 0
        })
    }

    fn next_wake(&self) -> Option<DateTime<Utc>> {
        let desk = self.desk();
        let is_deaf = self.is_deaf;
        self.runtime.block_on(async {
            let look = desk.store.next_look().await.unwrap();
            let letter = desk.store.next_letter().await.unwrap().filter(|_| !is_deaf);
            let digest = report::tick(desk).await.unwrap();
            [look, letter, Some(digest)].into_iter().flatten().min()
        })
    }
}

fn span_of(text: &str) -> TimeDelta {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: i64 = number.parse().unwrap();
    match unit {
        "s" => TimeDelta::seconds(number),
        "m" => TimeDelta::minutes(number),
        "h" => TimeDelta::hours(number),
        "d" => TimeDelta::days(number),
        _ => panic!("a span such as 30m, 4h, 2d, not {text}"),
    }
}
