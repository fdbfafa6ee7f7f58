//! The app: the only place that picks implementations; it starts and stops the loops, and restarts them after failures.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::TimeDelta;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::delivery::{Outlet, folder, smtp};
use crate::letters::render::Templates;
use crate::letters::token::{SecretKey, TokenKey};
use crate::lifecycle::{self, Stop, stopped};
use crate::loops::flood::FloodSlot;
use crate::loops::neutral::Neutral;
use crate::loops::{
    Bounds, CatchUpSlot, Desk, Progress, Signals, alert, deliver, handle, receive, remind, report,
};
use crate::mailbox::{Mailbox, imap, maildir};
use crate::referral::letter::KEPT_DAYS;
use crate::settings::{self, Settings, Sink, Source};
use crate::store::seal::Keyring;
use crate::store::{Place, Store, StoreError};
use crate::wire;

mod facts;
pub mod notice;
mod trouble;

pub use facts::{organisation, reading, rules};

use notice::Notice;
use trouble::Trouble;

/// Everything that runs.
pub struct App {
    /// What the loops share.
    pub desk: Arc<Desk>,
    mailbox: Mailbox,
    mailbox_name: String,
    outlet: Outlet,
    notice: Arc<Notice>,
}

/// Loops end within so long after being asked; what is cut off then is safe, as after a crash.
const LONGEST_END: Duration = Duration::from_secs(8);
/// Work that another process put into the store is noticed after so long at the latest.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// So often it is looked for other daemons before they are believed to run, and so far apart.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// What an operator must know who starts with a store from a backup.
const PUT_BACK: &str = "The store is older than the one that ran here before: it was put back from a backup. Letters that \
     waited in it are held, because they may have left before. No client is written to on a word from before now, because \
     who said since the backup that a way is not safe is not known. Stops that were kept beside the store count still.";
/// And what is to be done about it.
const PUT_BACK_REMEDY: &str = "Mails since the backup are read again from the mailbox, if they lie there still; what they open has a new \
     number. Confirm safe times with each client before letters to them go on.";

/// What an operator must know who starts a second daemon on one PostgreSQL database.
const NOT_ALONE: &str = "Another handoffd works on this database. Both read their inbox and send what is due, each letter \
     by one of them, but the limits of letters a minute and of answers to strangers count for each. Where only one is \
     meant to run, stop the other.";

impl App {
    /// Builds everything from settings; nothing runs yet.
    ///
    /// # Errors
    /// With a context that says what could not be built, and how to mend it.
    pub async fn build(settings: &Settings, clock: Clock) -> anyhow::Result<App> {
        let name = Store::daemon_name()?;
        let keys = Arc::new(Keyring::read(&settings.privacy.key_file)?);
        let store = open_store_as(settings, keys, &name).await?;
        store.assert_whole().await?;
        store.assert_keys().await?;
        let others = others_at_work(&store, &name).await.context("Look who else works on the database")?;
        let now = clock.now();
        let held = store.look_for_a_put_back(now).await.context("Look whether the store was put back")?;
        if others.is_empty() {
            // Letters that were claimed by a process that is gone are free again; those in doubt wait a moment.
            store.release(now, now + doubt(settings)).await.context("Free the letters of the last run")?;
        }
        for from in others {
            warn!("{NOT_ALONE} It is connected from {from}.");
        }
        let put_back_at = store.put_back_at().await.context("Look whether the store was put back")?;
        let mut desk = desk(settings, store, clock)?;
        desk.rules.client_mail.put_back_at = put_back_at;
        if let Some(held) = held {
            warn!(letters.count = held, "{PUT_BACK} {PUT_BACK_REMEDY}");
            let told = alert::tell(&desk, "put-back", PUT_BACK.to_owned(), PUT_BACK_REMEDY.to_owned());
            told.await.context("Tell the admins that the store was put back")?;
        }
        Ok(App {
            desk: Arc::new(desk),
            mailbox: mailbox(settings),
            mailbox_name: mailbox_name(settings),
            outlet: outlet(settings),
            notice: Arc::new(Notice::nowhere()),
        })
    }

    /// The same, which says on this notice what troubles it, and holds its store for as long as it runs.
    #[must_use]
    pub fn with_notice(self, notice: Notice) -> App {
        App { notice: Arc::new(notice), ..self }
    }

    /// Runs all loops until `stop`.
    ///
    /// # Errors
    /// When a loop ended by itself, which is a mistake of ours: the service manager starts us again.
    pub async fn run(self, stop: Stop) -> anyhow::Result<()> {
        let App { desk, mailbox, mailbox_name, outlet, notice } = self;
        lifecycle::ready();
        info!("Ready");
        let mut loops = tokio::task::JoinSet::new();
        loops.spawn(receiving(Arc::clone(&desk), mailbox, mailbox_name, Arc::clone(&notice), stop.clone()));
        loops.spawn(handling(Arc::clone(&desk), Arc::clone(&notice), stop.clone()));
        loops.spawn(reminding(Arc::clone(&desk), Arc::clone(&notice), stop.clone()));
        loops.spawn(reporting(Arc::clone(&desk), Arc::clone(&notice), stop.clone()));
        loops.spawn(delivering(Arc::clone(&desk), outlet, Arc::clone(&notice), stop.clone()));
        tokio::spawn(lifecycle::watch_over(Arc::clone(&desk), stop.clone()));
        let mut asked = stop.clone();
        let ended_early = tokio::select! {
            ended = loops.join_next() => ended.is_some() && !*stop.borrow(),
            () = stopped(&mut asked) => false,
        };
        let all = async { while loops.join_next().await.is_some() {} };
        if tokio::time::timeout(LONGEST_END, all).await.is_err() {
            warn!("A loop did not end in time; what it was doing is done again at the next start");
        }
        desk.store.close().await;
        info!("Stopped");
        if ended_early { Err(anyhow!("a loop ended by itself")) } else { Ok(()) }
    }
}

/// Who else works on the database. A server notices a moment later that a daemon was killed, as the last one may have
/// been.
async fn others_at_work(store: &Store, name: &str) -> Result<Vec<String>, StoreError> {
    for _ in 0..LOOKS {
        if store.others_at_work(name).await?.is_empty() {
            return Ok(Vec::new());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    store.others_at_work(name).await
}

/// Opens the store that settings name.
///
/// # Errors
/// With the remedy.
pub async fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    open_store_with(settings, Arc::new(Keyring::read(&settings.privacy.key_file)?)).await
}

/// Opens the store that settings name with keys that were read anew.
///
/// # Errors
/// With the remedy.
pub async fn open_store_with(settings: &Settings, keys: Arc<Keyring>) -> anyhow::Result<Store> {
    open_store_as(settings, keys, "handoffd").await
}

async fn open_store_as(settings: &Settings, keys: Arc<Keyring>, name: &str) -> anyhow::Result<Store> {
    let place = match &settings.store {
        settings::Store::Sqlite { path } => Place::Sqlite(path.clone()),
        settings::Store::Postgres { url, .. } => Place::Postgres(url.expose().to_owned()),
    };
    let store = Store::open_as(&place, keys, name).await?;
    match &settings.store {
        settings::Store::Postgres { witness_folder: Some(folder), .. } => Ok(store.witnessed_in(folder)?),
        _ => Ok(store),
    }
}

/// Builds what the loops share.
///
/// # Errors
/// Every mistake in the templates.
pub fn desk(settings: &Settings, store: Store, clock: Clock) -> anyhow::Result<Desk> {
    let templates = Templates::load(settings.templates.as_deref()).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        anyhow!("{}", lines.join("\n"))
    })?;
    let secret = SecretKey::of(*store.keys().token_key());
    let caps = settings.privacy.neutral_receipts;
    let now = clock.now();
    Ok(Desk {
        rules: rules(settings),
        templates,
        organisation: organisation(settings),
        reading: reading(settings, now.fixed_offset()),
        tokens: TokenKey { secret, prefix: settings.organisation.reference_prefix.clone() },
        bounds: Bounds {
            per_address: caps.map_or((5, 20), |caps| (caps.per_address_hour, caps.per_address_day)),
            neutral_per_hour: caps.map_or(300, |caps| caps.per_hour),
            doubt: doubt(settings),
            give_up: TimeDelta::days(KEPT_DAYS),
            plus_addressing: settings.inbox.plus_addressing,
            due_at_once: 5_000,
            digest_at: settings.reports.digest_at,
            per_minute: settings.outlet.per_minute,
            keep: settings.privacy.keep,
        },
        neutral: Neutral::default(),
        catch_up: CatchUpSlot::default(),
        flood: FloodSlot::default(),
        signals: Signals::default(),
        progress: Progress::default(),
        started_at: now,
        store,
        clock,
    })
}

/// How long a letter in doubt waits before it is sent again.
fn doubt(settings: &Settings) -> TimeDelta {
    // Settings allow a day at most, so the fallback is never taken.
    TimeDelta::from_std(settings.outlet.resend_doubtful).unwrap_or(TimeDelta::minutes(1))
}

/// The mailbox that settings name.
#[must_use]
pub fn mailbox(settings: &Settings) -> Mailbox {
    let max_mail_bytes = u64::try_from(settings.limits.bytes).unwrap_or(u64::MAX);
    let poll = settings.inbox.poll;
    match &settings.inbox.source {
        Source::Imap(source) => Mailbox::Imap(Box::new(imap::Imap::new(imap::ImapSettings {
            host: source.server.host.clone(),
            port: source.server.port,
            security: security(source.server.security),
            user: source.user.clone(),
            password: source.password.clone(),
            mailbox: source.mailbox.clone(),
            after: match &source.after {
                settings::After::Leave => imap::After::Leave,
                settings::After::Keyword(keyword) => imap::After::Keyword(keyword.clone()),
                settings::After::Move(folder) => imap::After::Move(folder.clone()),
            },
            poll,
            idle: source.idle,
            extra_ca: source.server.extra_ca.clone(),
            max_mail_bytes,
            timeout: source.server.timeout,
        }))),
        Source::Maildir { path, move_to_cur } => {
            Mailbox::Maildir(maildir::Maildir::new(maildir::MaildirSettings {
                path: path.clone(),
                move_to_cur: *move_to_cur,
                poll,
                max_mail_bytes,
            }))
        }
    }
}

fn mailbox_name(settings: &Settings) -> String {
    match &settings.inbox.source {
        Source::Imap(source) => source.mailbox.clone(),
        Source::Maildir { .. } => "maildir".to_owned(),
    }
}

/// The outlet that settings name.
#[must_use]
pub fn outlet(settings: &Settings) -> Outlet {
    match &settings.outlet.sink {
        Sink::Smtp { server, login, connections } => Outlet::Smtp(smtp::Smtp::new(smtp::SmtpSettings {
            host: server.host.clone(),
            port: server.port,
            security: security(server.security),
            login: login.clone(),
            hello: settings.inbox.address.domain().to_owned(),
            connections: usize::try_from(*connections).unwrap_or(1),
            extra_ca: server.extra_ca.clone(),
            patience: smtp::Patience { connect: server.timeout, ..smtp::Patience::default() },
        })),
        Sink::Folder { path } => {
            Outlet::Folder(folder::Folder::new(folder::FolderSettings { path: path.clone() }))
        }
    }
}

fn security(security: settings::Security) -> wire::Security {
    match security {
        settings::Security::Tls => wire::Security::Tls,
        settings::Security::StartTls => wire::Security::StartTls,
        settings::Security::Plain => wire::Security::Plain,
    }
}

// --- the loops, each until it is stopped ---------------------------------------------------------------------------

async fn receiving(desk: Arc<Desk>, mut mailbox: Mailbox, name: String, notice: Arc<Notice>, mut stop: Stop) {
    let mut trouble = Trouble::of("receive", "The inbox cannot be read.", &notice);
    while !*stop.borrow() {
        let ticked = receive::tick(&desk, &mut mailbox, &name).await;
        desk.progress.mark("receive");
        match trouble.after(ticked) {
            Ok(true) => {}
            Ok(false) => {
                let slept = tokio::select! {
                    waited = mailbox.wait() => {
                        if let Err(error) = waited {
                            let pause = trouble.failed(&error.into());
                            tokio::time::sleep(pause.min(Duration::from_secs(1))).await;
                        }
                        false
                    },
                    () = desk.signals.receive.notified() => true,
                    () = stopped(&mut stop) => false,
                };
                if slept {
                    mailbox.hang_up();
                }
            }
            Err(pause) => {
                trouble.tell(&desk).await;
                let until = async {
                    // A look at the clock may wake this loop, also its own: where the store fails it would never rest.
                    tokio::time::sleep(pause.min(Duration::from_secs(1))).await;
                    let _ = tokio::time::timeout(pause, desk.signals.receive.notified()).await;
                };
                rest(&mut stop, until).await;
            }
        }
    }
}

async fn handling(desk: Arc<Desk>, notice: Arc<Notice>, mut stop: Stop) {
    let mut trouble = Trouble::of("handle", "Mails cannot be handled.", &notice);
    while !*stop.borrow() {
        let ticked = handle::tick(&desk).await;
        desk.progress.mark("handle");
        match trouble.after(ticked) {
            Ok(0) => {
                let bell = async {
                    let _ = tokio::time::timeout(LOOK_EVERY, desk.signals.handle.notified()).await;
                };
                rest(&mut stop, bell).await;
            }
            Ok(_) => {}
            Err(pause) => {
                trouble.tell(&desk).await;
                rest(&mut stop, tokio::time::sleep(pause)).await;
            }
        }
    }
}

async fn reminding(desk: Arc<Desk>, notice: Arc<Notice>, mut stop: Stop) {
    let mut trouble = Trouble::of("remind", "Reminders, escalations and bounces stand still.", &notice);
    while !*stop.borrow() {
        let ticked = remind_and_next(&desk).await;
        desk.progress.mark("remind");
        match trouble.after(ticked) {
            Ok(Some(at)) => {
                let until = async {
                    tokio::select! {
                        () = desk.clock.sleep_until(at) => {}
                        () = desk.signals.remind.notified() => {}
                        () = tokio::time::sleep(Duration::from_mins(1)) => {}
                    }
                };
                rest(&mut stop, until).await;
            }
            Ok(None) => rest(&mut stop, tokio::time::sleep(Duration::from_millis(200))).await,
            Err(pause) => {
                trouble.tell(&desk).await;
                rest(&mut stop, tokio::time::sleep(pause)).await;
            }
        }
    }
}

/// One tick; `None` means that mail must be read first, else when to look again.
async fn remind_and_next(desk: &Desk) -> anyhow::Result<Option<chrono::DateTime<chrono::Utc>>> {
    match remind::tick(desk).await? {
        remind::Tick::InboxFirst => Ok(None),
        remind::Tick::NoClock => Ok(Some(desk.clock.now() + TimeDelta::minutes(1))),
        remind::Tick::Decided(_) => {
            let now = desk.clock.now();
            let next = remind::next(desk).await?.unwrap_or(now + TimeDelta::hours(1));
            Ok(Some(next.clamp(now, now + TimeDelta::hours(1))))
        }
    }
}

async fn reporting(desk: Arc<Desk>, notice: Arc<Notice>, mut stop: Stop) {
    let mut trouble = Trouble::of("report", "The digest cannot be written.", &notice);
    while !*stop.borrow() {
        let ticked = report::tick(&desk).await;
        desk.progress.mark("report");
        match trouble.after(ticked) {
            Ok(at) => {
                let until = async {
                    // A system clock that was set, or a machine that slept, is noticed by looking now and then.
                    let _ = tokio::time::timeout(Duration::from_mins(5), desk.clock.sleep_until(at)).await;
                };
                rest(&mut stop, until).await;
            }
            Err(pause) => {
                trouble.tell(&desk).await;
                rest(&mut stop, tokio::time::sleep(pause)).await;
            }
        }
    }
}

async fn delivering(desk: Arc<Desk>, outlet: Outlet, notice: Arc<Notice>, mut stop: Stop) {
    let mut courier = deliver::Courier::new(outlet);
    let mut trouble = Trouble::of("deliver", "Letters cannot be sent.", &notice);
    while !*stop.borrow() {
        let ticked = deliver::tick(&desk, &mut courier).await;
        desk.progress.mark("deliver");
        match trouble.after(ticked) {
            Ok(0) => {
                let now = desk.clock.now();
                let next = desk.store.next_letter().await.ok().flatten().unwrap_or(now + TimeDelta::hours(1));
                let until = async {
                    tokio::select! {
                        () = desk.clock.sleep_until(next) => {}
                        () = desk.signals.deliver.notified() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                };
                rest(&mut stop, until).await;
            }
            Ok(_) => {}
            Err(pause) => {
                trouble.tell(&desk).await;
                rest(&mut stop, tokio::time::sleep(pause)).await;
            }
        }
    }
}

/// Waits for something, but not past the end.
async fn rest(stop: &mut Stop, something: impl Future<Output = ()>) {
    tokio::select! {
        () = something => {}
        () = stopped(stop) => {}
    }
}
