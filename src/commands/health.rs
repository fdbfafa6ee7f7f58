//! `health`: whether the daemon does its work; exit 1 if not. It believes three voices: the daemon's own notice, which
//! needs no store; a small write, which a store that fails refuses; and what the store says of the inbox and letters.

use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::app;
use crate::app::notice::{self, Said, Seen};
use crate::clock::Clock;
use crate::settings::{self, Settings};
use crate::store::figures::Health;

/// The inbox was not read for so long: we are blind.
const BLIND_AFTER: TimeDelta = TimeDelta::minutes(15);
/// A letter waits for so long: we are mute.
const MUTE_AFTER: TimeDelta = TimeDelta::minutes(15);
/// The daemon does its work.
const WELL: &str = "ok";
/// The beat that `health` writes, to see whether anything can be written.
const LOOKED: &str = "health looked";
/// No daemon is there.
const STOPPED: &str = "stopped: no daemon works on this store; start it, and see its log for why it ended";
/// None is connected to PostgreSQL. One that waits after an outage is not either.
const APART: &str = "stopped: no daemon is connected to this store; start it if it does not run (after an outage of the \
     database it comes back by itself within five minutes), and see its log";

pub(super) async fn run(settings: &Settings, json: bool, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let seen = notice::seen(settings);
    let now = Clock::System.now();
    let (state, figures, other) = match looked(settings, &seen, now).await {
        Ok((figures, seen)) => (of(&seen, &figures, now), Some(figures), other(seen)),
        Err(error) => (failing(&format!("{error:#}")), None, other(seen)),
    };
    if json {
        let mut value = figures.as_ref().map_or_else(|| Ok(json!({})), serde_json::to_value)?;
        if let Value::Object(fields) = &mut value {
            fields.insert("state".to_owned(), json!(state));
            fields.insert("trouble".to_owned(), json!(other));
        }
        writeln!(out, "{value}")?;
    } else {
        writeln!(out, "{state}")?;
        for trouble in &other {
            writeln!(out, "trouble: {trouble}")?;
        }
        if let Some(figures) = &figures {
            in_words(figures, out)?;
        }
    }
    Ok(if state == WELL { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(health: &Health, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "open {}, overdue {}, parked {}", health.open, health.overdue, health.parked)?;
    let (mails, letters) = (health.mails_waiting, health.letters_waiting);
    writeln!(
        out,
        "mails waiting {mails}, letters waiting {letters}, letters failed {}",
        health.letters_failed
    )?;
    Ok(())
}

/// Opens the store, writes to it, and asks it. Where there is no notice it says itself whether a daemon is there.
async fn looked(settings: &Settings, seen: &Seen, now: DateTime<Utc>) -> anyhow::Result<(Health, Seen)> {
    is_there(settings, seen)?;
    let store = app::open_store(settings).await?;
    let wrote = store.beat(LOOKED, now).await;
    let health = store.health(now).await;
    let at_work = store.others_at_work("").await;
    store.close().await;
    wrote?;
    let seen = match (&settings.store, at_work?.is_empty()) {
        (settings::Store::Sqlite { .. }, _) => seen.clone(),
        (settings::Store::Postgres { .. }, true) => Seen::Apart,
        (settings::Store::Postgres { .. }, false) => Seen::Runs(Said::default()),
    };
    Ok((health?, seen))
}

/// A store that is not there is not made by looking at it.
fn is_there(settings: &Settings, seen: &Seen) -> anyhow::Result<()> {
    let settings::Store::Sqlite { path } = &settings.store else { return Ok(()) };
    if path.exists() {
        return Ok(());
    }
    let shown = path.display();
    Err(match seen {
        Seen::Runs(_) => anyhow!(
            "{shown} is gone while the daemon runs, and what it writes is lost when it ends; stop it, put the file back \
             from a backup, and start it again"
        ),
        Seen::Stopped | Seen::Apart | Seen::Unknown => {
            anyhow!("there is no {shown} yet; start the daemon, or mend [store] path")
        }
    })
}

fn failing(why: &str) -> String {
    format!("the store fails: {why}")
}

/// What troubles the loops beside the store.
fn other(seen: Seen) -> Vec<String> {
    match seen {
        Seen::Runs(said) => said.other,
        Seen::Stopped | Seen::Apart | Seen::Unknown => Vec::new(),
    }
}

/// Whether the daemon does its work, and where to look if not, by all that is known.
fn of(seen: &Seen, health: &Health, now: DateTime<Utc>) -> String {
    match seen {
        Seen::Stopped => STOPPED.to_owned(),
        Seen::Apart => APART.to_owned(),
        Seen::Runs(said) => match said.store.first() {
            Some(why) => failing(why),
            // Its instants are those of another clock.
            None if said.has_own_clock => WELL.to_owned(),
            None => state(health, now).to_owned(),
        },
        Seen::Unknown => state(health, now).to_owned(),
    }
}

/// Whether the daemon does its work, by what the store says.
pub(super) fn state(health: &Health, now: DateTime<Utc>) -> &'static str {
    let blind = health.inbox_read_at.is_none_or(|at| at + BLIND_AFTER < now);
    let mute = health.oldest_letter_at.is_some_and(|at| at + MUTE_AFTER < now);
    match (blind, mute) {
        (false, false) => WELL,
        (true, false) => "blind: the inbox was not read for too long; see the log for the mailbox's answer",
        (false, true) => "mute: letters wait too long; see the log for the mail server's answer",
        (true, true) => "blind and mute: see the log for what the mailbox and the mail server answer",
    }
}
