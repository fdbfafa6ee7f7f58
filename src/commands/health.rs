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
use crate::store::StoreError;
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
        Err(error) => (failed(&error, &settings.store), None, other(seen)),
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

/// A store that is not there is not made by looking at it, and one that was put there is not what the daemon works on.
fn is_there(settings: &Settings, seen: &Seen) -> anyhow::Result<()> {
    let settings::Store::Sqlite { path } = &settings.store else { return Ok(()) };
    let shown = path.display();
    match (notice::identity(path), seen) {
        (Some(found), Seen::Runs(Said { works_on: Some(known), .. })) if found != *known => Err(anyhow!(
            "{shown} was put there while the daemon runs, and it works on the one that lay there before: what it writes is \
             lost when it ends; stop it, see that the file there is the one you want, and start it again"
        )),
        (Some(_), _) => Ok(()),
        (None, Seen::Runs(_)) => Err(anyhow!(
            "{shown} is gone while the daemon runs, and what it writes is lost when it ends; stop it, put the file back \
             from a backup, and start it again"
        )),
        (None, Seen::Stopped | Seen::Apart | Seen::Unknown) => {
            Err(anyhow!("there is no {shown} yet; start the daemon, or mend [store] path"))
        }
    }
}

fn failing(why: &str) -> String {
    format!("the store fails: {why}")
}

/// A file that another program holds is no failure of the store: who waits loses nothing.
fn failed(error: &anyhow::Error, store: &settings::Store) -> String {
    let is_file = matches!(store, settings::Store::Sqlite { .. });
    match error.downcast_ref() {
        Some(StoreError::Unavailable(why)) if is_file => format!(
            "held: another program holds the store ({why}); mail waits meanwhile and nothing is lost; if this stays so, end \
             what holds it, a backup or a database shell"
        ),
        Some(_) | None => failing(&format!("{error:#}")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_another_program_holds_is_not_said_to_fail() {
        let said = |store: settings::Store| {
            let error = anyhow!(StoreError::Unavailable("database is locked".to_owned()));
            failed(&error.context("Open the store"), &store)
        };
        let file = said(settings::Store::Sqlite { path: "handoffd.db".into() });
        assert!(file.starts_with("held: another program") && file.contains("database is locked"), "{file}");
        let other =
            failed(&anyhow!("no such table"), &settings::Store::Sqlite { path: "handoffd.db".into() });
        assert_eq!(other, "the store fails: no such table");
    }
}
