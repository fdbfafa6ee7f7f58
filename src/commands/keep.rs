//! `forget`, `hold`, `release`, `restored`: what may go, what must stay, and what came back.

use std::io::Write;

use anyhow::{anyhow, bail};
use chrono::{DateTime, Utc};

use super::show;
use crate::app;
use crate::clock::Clock;
use crate::referral::event::Actor;
use crate::referral::record::{Fact, FactKind};
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::forget::Forgetting;
use crate::store::records::{Commit, Saved};

pub(super) async fn forget(settings: &Settings, reference: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let name = parsed(settings, reference)?;
    let done = store.forget(&name, "host", Clock::System.now()).await?;
    store.scrub().await?;
    store.close().await;
    match done {
        Forgetting::Done => writeln!(
            out,
            "{name} is forgotten: its record, mails and letters cannot be read any more; the figures stay. The original \
             mail may still lie in the mailbox, and backups made before today still hold it."
        )?,
        Forgetting::Already => writeln!(out, "{name} was forgotten before.")?,
        Forgetting::Unknown => bail!("there is no referral {name}"),
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

pub(super) async fn hold(
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

pub(super) async fn release(
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

pub(super) async fn restored(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
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
    let words = reason.trim().chars().take(500).collect();
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
