//! `backup`, `restored`, `forget`, `hold`, `release`: what is copied, what came back, what may go and what must stay.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use chrono::{DateTime, Utc};

use super::{Config, show, shown};
use crate::app;
use crate::clock::Clock;
use crate::referral::fact::reason_kept;
use crate::referral::party::Actor;
use crate::referral::record::{Fact, FactKind};
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::forget::Forgetting;
use crate::store::records::{Commit, Saved};

/// What an operator wants kept, or gone.
#[derive(clap::Subcommand, Debug)]
pub(super) enum Asked {
    /// Copies the SQLite store into a new file while the daemon goes on.
    Backup {
        /// The new file; the key file is not in it.
        copy: PathBuf,
        #[command(flatten)]
        config: Config,
    },
    /// Says that the store was put back from a backup, where the daemon cannot know (PostgreSQL, another machine): run
    /// it before the daemon starts.
    Restored {
        #[command(flatten)]
        config: Config,
    },
    /// Forgets a referral for good: record, mails, letters. The figures stay.
    Forget {
        /// The number, however it is written.
        reference: String,
        #[command(flatten)]
        config: Config,
    },
    /// Forbids to delete a referral, whatever the settings say, until another operator releases it.
    Hold {
        /// The number, however it is written.
        reference: String,
        #[command(flatten)]
        config: Config,
        /// Who says so: the id of a member of staff.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lifts a hold that another operator placed.
    Release {
        /// The number, however it is written.
        reference: String,
        #[command(flatten)]
        config: Config,
        /// Who says so: the id of a member of staff.
        #[arg(long)]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

impl Asked {
    pub(super) const fn config(&self) -> &Config {
        match self {
            Asked::Backup { config, .. }
            | Asked::Restored { config }
            | Asked::Forget { config, .. }
            | Asked::Hold { config, .. }
            | Asked::Release { config, .. } => config,
        }
    }
}

pub(super) async fn run(settings: &Settings, asked: &Asked, out: &mut dyn Write) -> anyhow::Result<()> {
    match asked {
        Asked::Backup { copy, .. } => back_up(settings, copy, out).await,
        Asked::Restored { .. } => restored(settings, out).await,
        Asked::Forget { reference, .. } => forget(settings, reference, out).await,
        Asked::Hold { reference, by, reason, .. } => hold(settings, reference, by, reason, out).await,
        Asked::Release { reference, by, reason, .. } => release(settings, reference, by, reason, out).await,
    }
}

async fn back_up(settings: &Settings, copy: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let done = store.back_up(copy).await;
    store.close().await;
    done?;
    writeln!(
        out,
        "The store is copied into {}. Without the key file nobody can read it: keep a copy of that, and not beside this.",
        shown(copy)
    )?;
    Ok(())
}

async fn forget(settings: &Settings, reference: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let name = parsed(settings, reference)?;
    let done = store.forget(&name, "host", Clock::System.now()).await?;
    store.scrub().await?;
    store.close().await;
    match done {
        Forgetting::Done => writeln!(
            out,
            "{name} is forgotten: its record, mails and letters cannot be read any more; the figures stay. The original \
             mail may still lie in the mailbox, and every backup made until now still holds it."
        )?,
        Forgetting::Already => writeln!(out, "{name} was forgotten before.")?,
        Forgetting::Unknown => bail!("there is no referral {name}"),
        Forgetting::StopUnread => bail!(
            "its record does not open, and its client said stop: forgetting it would lose the stop. See `handoffd verify`, \
             and put the record back from a backup first"
        ),
        Forgetting::Unheard(mail) => bail!(
            "mail {mail} belongs to it, was parked since a record could not be read, and may say stop. Read it with \
             `handoffd parked show {mail}`; then `handoffd parked replay {mail}`, or, where it asks nothing of us, \
             `handoffd parked settle {mail} --by ID`"
        ),
        Forgetting::Kept(hold) => {
            bail!(
                "a legal hold keeps it, placed by {} on {}; another operator may release it",
                hold.by,
                hold.at.date_naive()
            )
        }
    }
    Ok(())
}

async fn hold(
    settings: &Settings,
    reference: &str,
    by: &str,
    reason: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let by = operator(settings, by, reason)?;
    let store = app::open_store(settings).await?;
    let name = show::find(&store, settings, reference).await?.referral.reference;
    let now = Clock::System.now();
    if let Some(hold) = store.place_hold(&name, &by.0, now).await? {
        bail!("{} placed a hold already, on {}", hold.by, hold.at.date_naive());
    }
    write_down(&store, settings, reference, FactKind::LegalHold, &by, reason, now).await?;
    writeln!(out, "{name} is kept until another operator releases it.")?;
    store.close().await;
    Ok(())
}

async fn release(
    settings: &Settings,
    reference: &str,
    by: &str,
    reason: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let by = operator(settings, by, reason)?;
    let store = app::open_store(settings).await?;
    let name = show::find(&store, settings, reference).await?.referral.reference;
    let Some(hold) = store.legal_hold(&name).await? else { bail!("there is no hold on {name}") };
    if hold.by == by.0 {
        bail!("{} placed the hold; another operator must release it", hold.by);
    }
    let now = Clock::System.now();
    write_down(&store, settings, reference, FactKind::LegalRelease, &by, reason, now).await?;
    store.lift_hold(&name, &by.0, now).await?;
    writeln!(out, "The hold on {name} is released.")?;
    store.close().await;
    Ok(())
}

async fn restored(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let held = store.put_back(Clock::System.now()).await?;
    store.close().await;
    writeln!(
        out,
        "Letters that waited are held, because they may have left before: {held}. No client is written to on a word from \
         before now; confirm safe times with each of them."
    )?;
    Ok(())
}

/// Whoever holds or releases is on the roster and says why.
fn operator(settings: &Settings, by: &str, reason: &str) -> anyhow::Result<StaffId> {
    let id = StaffId(by.to_owned());
    if settings.roster.staff(&id).is_none() {
        bail!("\"{by}\" is no id of [[staff]]");
    }
    if reason.trim().is_empty() {
        bail!("a hold needs a reason: --reason \"…\"");
    }
    Ok(id)
}

async fn write_down(
    store: &Store,
    settings: &Settings,
    reference: &str,
    kind: FactKind,
    by: &StaffId,
    reason: &str,
    at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let stored = show::find(store, settings, reference).await?;
    let words = reason_kept(reason);
    let fact = Fact { at, kind, by: Some(Actor::Staff(by.clone())), words };
    let referral = stored.referral.clone();
    let saved =
        Saved { before: Some(stored), referral, facts: vec![fact], persons: Vec::new(), letters: Vec::new() };
    store.commit(&[Commit { records: vec![saved], ..Commit::default() }], at).await?;
    Ok(())
}

fn parsed(settings: &Settings, reference: &str) -> anyhow::Result<Reference> {
    Reference::parse(reference, &settings.organisation.reference_prefix)
        .ok_or_else(|| anyhow!("\"{reference}\" is no reference of ours"))
}
