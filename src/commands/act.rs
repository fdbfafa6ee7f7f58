//! `act`: the verbs of a reply, for an admin on the host. No token is asked for; the history names the host.
//!
//! What is about a member of staff and no referral (`away until …`, `back`) names them where the reference stands; the
//! store keeps that the host said it, and they hear of it.

use std::io::Write;

use anyhow::{anyhow, bail};

use super::show;
use crate::app;
use crate::clock::Clock;
use crate::intake::command;
use crate::letters::WayBack;
use crate::letters::render::FALLBACK;
use crate::loops::handle::presence;
use crate::loops::{Desk, absence, beside, post, stops};
use crate::referral::command::Command;
use crate::referral::decide::decide;
use crate::referral::event::Event;
use crate::referral::letter::Body;
use crate::referral::party::Actor;
use crate::referral::roster::StaffId;
use crate::settings::Settings;
use crate::store::StoreError;
use crate::store::records::Commit;

/// Somebody else may change the record at the same moment, so often at most.
const TRIES: u32 = 5;

pub(super) async fn run(
    settings: &Settings,
    about: &str,
    words: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let said = command::read(words, &settings.reasons);
    if said.commands.is_empty() {
        let nearest = if said.unclear.is_empty() { vec!["help".to_owned()] } else { said.unclear.clone() };
        let why = if said.understood.is_empty() {
            format!("\"{words}\" was not understood")
        } else {
            said.why_not()
        };
        bail!("nothing was done: {why}; try: {}", nearest.join(" | "));
    }
    let desk = app::desk(settings, app::open_store(settings).await?, Clock::System)?;
    match said.commands.as_slice() {
        [line] if matches!(line, Command::Away { .. } | Command::Back) => {
            of_staff(&desk, about, line, words, out).await?;
        }
        // What changes nothing is for the eyes of who asks.
        [Command::History] => show::history(settings, about, false, out).await?,
        [Command::Status] => show::one(settings, about, false, out).await?,
        [Command::Help] => shown(&desk, &Body::Help { answers: Vec::new() }, out)?,
        [Command::Form] => shown(&desk, &Body::BlankForm, out)?,
        commands => of_referral(&desk, settings, about, commands, out).await?,
    }
    desk.store.close().await;
    Ok(())
}

/// A letter that names nobody, as it would be sent.
fn shown(desk: &Desk, body: &Body, out: &mut dyn Write) -> anyhow::Result<()> {
    let ours = &desk.organisation;
    let way = WayBack::to(ours.inbox.clone());
    write!(out, "{}", desk.templates.render(body, FALLBACK, ours, &way)?.text)?;
    Ok(())
}

async fn of_referral(
    desk: &Desk,
    settings: &Settings,
    reference: &str,
    commands: &[Command],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for _ in 0..TRIES {
        let stored = show::find(&desk.store, settings, reference).await?;
        let now = desk.clock.now();
        let commands = commands.iter().map(|command| command.clone().asked_at(Some(now))).collect();
        let event = Event::Commanded { by: Actor::Host, commands };
        let event = beside::known(desk, &stored.referral, event).await?;
        let rules = absence::rules(desk, now).await?;
        let decision = decide(&rules, &stored.referral, &event, now);
        let (said, changed) = (decision.said.join("; "), !decision.facts.is_empty());
        let mut records = vec![post::saved(desk, stored, decision, now)];
        let beside = beside::told(desk, &rules, &mut records, beside::Cause::HOST, now).await?;
        records.extend(beside.records);
        match desk.store.commit(&[Commit { records, ..Commit::default() }], now).await {
            Ok(()) if changed => {
                writeln!(out, "{said}")?;
                if stops::look_after(desk).await {
                    writeln!(out, "{} {}", stops::WHAT, stops::REMEDY)?;
                }
                return Ok(());
            }
            Ok(()) => bail!("nothing changed: {said}"),
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(anyhow!("the record kept changing; try again"))
}

async fn of_staff(
    desk: &Desk,
    id: &str,
    line: &Command,
    words: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let now = desk.clock.now();
    let said = presence::said_on_the_host(desk, &StaffId(id.to_owned()), line, now).await?;
    match said {
        Some(Ok(commit)) => {
            let told =
                if commit.letters.len() > 1 { "they and who covers are told" } else { "they are told" };
            desk.store.commit(&[commit], now).await?;
            writeln!(out, "{id}: {words}; {told}")?;
            Ok(())
        }
        Some(Err(why)) => {
            bail!("nothing changed: {why}")
        }
        None => bail!("that line is about a referral"),
    }
}
