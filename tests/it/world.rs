//! A whole office in virtual time: the real loops over SQLite, a Maildir as the inbox, a folder as the outlet, a clock
//! that only [`World::pass`] moves. Nothing sleeps; what a person would see is written down as it happens.
#![cfg(test)]

mod invariants;
mod letter;
mod mail;
mod parked;

use std::collections::BTreeSet;
use std::fmt::Write as _;
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
use handoffd::referral::record::{Fact, FactKind, Referral};
use handoffd::referral::reference::Reference;
use handoffd::settings::Settings;
use handoffd::store::seal::Keyring;
use tempfile::TempDir;
use tokio::runtime::Runtime;

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

/// The office and everything around it.
pub(crate) struct World {
    _folder: TempDir,
    root: PathBuf,
    settings: Settings,
    hand: ManualClock,
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
        let line = format!("{} writes: {}", who(&mail.from), mail.summary());
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
            self.hand.move_to(wake);
            self.settle();
        }
        self.hand.move_to(until);
        self.settle();
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
        self.running = Some(Running {
            desk: Arc::new(desk),
            mailbox: app::mailbox(settings),
            outlet: Courier::new(app::outlet(settings)),
        });
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
    fn turn(&mut self) -> bool {
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
            let sent = deliver::tick(desk, outlet).await.unwrap();
            let decided = |tick: remind::Tick| !matches!(tick, remind::Tick::Decided(0));
            more || handled > 0 || decided(reminded) || sent > 0
        })
    }

    fn next_wake(&self) -> Option<DateTime<Utc>> {
        let desk = self.desk();
        self.runtime.block_on(async {
            let look = desk.store.next_look().await.unwrap();
            let letter = desk.store.next_letter().await.unwrap();
            let digest = report::tick(desk).await.unwrap();
            [look, letter, Some(digest)].into_iter().flatten().min()
        })
    }

    // --- what can be seen --------------------------------------------------------------------------------------

    pub(crate) fn now(&self) -> DateTime<Utc> {
        Clock::Manual(self.hand.clone()).now()
    }

    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.running.as_ref().unwrap().desk
    }

    /// Every letter that left so far, digests aside.
    pub(crate) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Every digest and other report that left so far.
    pub(crate) fn reports(&self) -> &[Letter] {
        &self.reports
    }

    /// The letters to one address.
    pub(crate) fn letters_to(&self, address: &str) -> Vec<&Letter> {
        self.letters.iter().filter(|letter| letter.to == address).collect()
    }

    /// The newest letter to an address.
    pub(crate) fn last_to(&self, address: &str) -> Letter {
        (*self.letters_to(address).last().unwrap_or_else(|| panic!("no letter to {address}"))).clone()
    }

    /// The newest letter to an address whose subject holds these words.
    pub(crate) fn letter(&self, address: &str, subject: &str) -> Letter {
        let found =
            self.letters_to(address).into_iter().rev().find(|letter| letter.subject.contains(subject));
        found.unwrap_or_else(|| panic!("no letter to {address} about {subject}")).clone()
    }

    /// The digest as it would be written now.
    pub(crate) fn digest(&self) -> String {
        let (desk, now) = (self.desk(), self.now());
        self.runtime.block_on(async {
            let figures = report::figures(desk, None, now).await.unwrap();
            let words =
                handoffd::report::digest::write(&figures, &desk.templates, &desk.organisation).unwrap();
            words.text
        })
    }

    /// Staff answers the newest letter with these words; how a mail program would do it.
    pub(crate) fn answer(&mut self, address: &str, words: &str) {
        let mail = self.last_to(address).answer(words);
        self.receive(&mail);
    }

    /// Every record, oldest first.
    pub(crate) fn records(&self) -> Vec<Referral> {
        let stored = self.runtime.block_on(self.desk().store.list(true, 10_000)).unwrap();
        stored.into_iter().rev().map(|stored| stored.referral).collect()
    }

    /// The only record, or the n-th.
    pub(crate) fn record(&self, place: usize) -> Referral {
        self.records().into_iter().nth(place).unwrap()
    }

    /// The history of the n-th record.
    pub(crate) fn history(&self, place: usize) -> Vec<Fact> {
        self.history_of(&self.record(place).reference)
    }

    /// The history of a record.
    pub(crate) fn history_of(&self, reference: &Reference) -> Vec<Fact> {
        self.runtime.block_on(async {
            let stored = self.desk().store.load(std::slice::from_ref(reference)).await.unwrap();
            self.desk().store.history(&stored[0]).await.unwrap()
        })
    }

    /// How often something happened to the n-th record.
    pub(crate) fn count(&self, place: usize, kind: FactKind) -> usize {
        self.history(place).iter().filter(|fact| fact.kind == kind).count()
    }

    pub(crate) fn local(&self, at: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
        at.with_timezone(&self.settings.calendar.zone)
    }

    /// The robots of this story stood in for people who may be written to.
    pub(crate) fn forget_robots(&mut self) {
        self.robots.clear();
    }

    // --- the transcript ----------------------------------------------------------------------------------------

    /// Writes a line into the transcript, with the time.
    pub(crate) fn note(&mut self, words: &str) {
        let at = self.local(self.now()).format("%a %d %b %H:%M").to_string();
        writeln!(self.transcript, "{at}  {words}").unwrap();
    }

    /// Shows the text of a letter in the transcript.
    pub(crate) fn show(&mut self, letter: &Letter) {
        // A link to tap holds a token, which is another one in every run.
        let is_link = |line: &&str| line.starts_with("mailto:");
        for line in letter.text.trim_end().lines().filter(|line| !is_link(line)) {
            writeln!(self.transcript, "                | {line}").unwrap();
        }
    }

    fn look_into_outbox(&mut self) {
        let mut found: Vec<(u64, String)> = fs::read_dir(self.root.join("outbox"))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.') && !self.files.contains(name))
            .map(|name| (name.split('-').next().unwrap().parse().unwrap(), name))
            .collect();
        found.sort();
        for (_, name) in found {
            let raw = fs::read(self.root.join("outbox").join(&name)).unwrap();
            self.files.insert(name);
            let letter = Letter::parse(&raw);
            if letter.is_digest {
                self.reports.push(letter);
                continue;
            }
            self.note(&format!("  -> {}: {}", who(&letter.to), letter.subject));
            self.letters.push(letter);
        }
    }

    /// Ends a story: every invariant holds, and the transcript is told.
    pub(crate) fn end(mut self) -> String {
        self.check();
        let at = self.local(self.now()).format("%a %d %b %H:%M").to_string();
        writeln!(self.transcript, "\n--- as it stands on {at} ---").unwrap();
        for (place, referral) in self.records().into_iter().enumerate() {
            self.tell(&referral, place);
        }
        let mails = self.mail_sum();
        writeln!(self.transcript, "\nmails: {mails}").unwrap();
        let records = self.records();
        for referral in &records {
            let reference = referral.reference.as_str().to_owned();
            if !self.references.contains(&reference) {
                self.references.push(reference);
            }
        }
        let mut transcript = self.transcript.clone();
        for (place, reference) in self.references.iter().enumerate() {
            transcript = transcript.replace(reference, &format!("R-{}", place + 1));
        }
        self.stop();
        transcript.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    fn tell(&mut self, referral: &Referral, place: usize) {
        let due = self.local(referral.next_action_at).format("%a %d %b %H:%M");
        let due =
            if referral.next_action.words() == "nothing" { String::new() } else { format!(" by {due}") };
        writeln!(
            self.transcript,
            "{}: {}, {}; tier {}; owner {}; next: {}{due}",
            referral.reference,
            referral.status.word(),
            referral.contact.word(),
            referral.tier.word(),
            referral.owner,
            referral.next_action.words(),
        )
        .unwrap();
        for question in &referral.questions {
            writeln!(self.transcript, "  ? {question}").unwrap();
        }
        for fact in self.history(place) {
            let at = self.local(fact.at).format("%a %d %b %H:%M");
            let by = fact.by.map_or_else(String::new, |by| format!(" ({})", actor(&by)));
            writeln!(self.transcript, "  {at}  {}{by}", fact.words.replace('\n', " / ")).unwrap();
        }
    }

    fn mail_sum(&self) -> String {
        let day = self.day();
        let piles = day.mails.piles();
        let named: Vec<String> = piles
            .iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        format!("{} = {}", day.mails.received, named.join(" + "))
    }

    fn day(&self) -> handoffd::store::figures::Day {
        let until = self.now() + TimeDelta::seconds(1);
        self.runtime.block_on(self.desk().store.day(self.began_at, until, until)).unwrap()
    }
}

fn actor(by: &handoffd::referral::event::Actor) -> String {
    use handoffd::referral::event::Actor;
    match by {
        Actor::Staff(id) => id.to_string(),
        Actor::Host => "host".to_owned(),
        Actor::Partner(id) => format!("partner {id}"),
    }
}

/// A short word for an address: people are known by what stands before the `@`, partners by their domain.
fn who(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    match domain {
        "example.org" => local.to_owned(),
        "harbor.example" => "partner Harbor".to_owned(),
        "north.example" => "partner North".to_owned(),
        "mail.example" => format!("client {local}"),
        _ => address.to_owned(),
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
