//! `act`: the verbs of a reply, for an admin on the host. No token is asked for; the history names the host.

use std::io::Write;

use anyhow::{anyhow, bail};

use super::show;
use crate::app;
use crate::clock::Clock;
use crate::intake::command;
use crate::loops::{absence, remind};
use crate::referral::decide::decide;
use crate::referral::event::{Actor, Event};
use crate::settings::Settings;
use crate::store::StoreError;
use crate::store::records::Commit;

/// Somebody else may change the record at the same moment, so often at most.
const TRIES: u32 = 5;

pub(super) async fn run(
    settings: &Settings,
    reference: &str,
    words: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let said = command::read(words, &settings.reasons);
    if said.commands.is_empty() {
        let nearest = if said.unclear.is_empty() { vec!["help".to_owned()] } else { said.unclear };
        bail!("\"{words}\" was not understood; try: {}", nearest.join(" | "));
    }
    let desk = app::desk(settings, app::open_store(settings).await?, Clock::System)?;
    for _ in 0..TRIES {
        let stored = show::find(&desk.store, settings, reference).await?;
        let now = desk.clock.now();
        let event = Event::Commanded { by: Actor::Host, commands: said.commands.clone() };
        let rules = absence::rules(&desk, now).await?;
        let decision = decide(&rules, &stored.referral, &event, now);
        let facts: Vec<String> = decision.facts.iter().map(|fact| fact.words.clone()).collect();
        let saved = remind::saved(&desk, stored, decision, now);
        match desk.store.commit(&[Commit { records: vec![saved], ..Commit::default() }], now).await {
            Ok(()) => {
                let done = if facts.is_empty() { "nothing changed".to_owned() } else { facts.join("; ") };
                writeln!(out, "{done}")?;
                desk.store.close().await;
                return Ok(());
            }
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(anyhow!("the record kept changing; try again"))
}
