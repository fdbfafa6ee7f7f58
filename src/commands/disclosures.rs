//! `disclosures`: who was shown something personal, so that a client who asks gets an answer. On this host that is who
//! ran `show`, `history`, `list --json`, `export --records` or `parked show`; by mail it is who was sent what is needed
//! to call the client, the one letter that names anybody, and whom we asked to take them on or handed them to.
//!
//! What is told is times, commands, numbers and who looked; so it is no disclosure itself.

use std::io::Write;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{PAGE, show};
use crate::app;
use crate::referral::party::Actor;
use crate::referral::record::FactKind;
use crate::referral::reference::Reference;
use crate::settings::Settings;
use crate::store::disclosure::Disclosure;
use crate::store::{Store, StoreError};

/// One time that something personal was shown.
#[derive(Serialize)]
struct Line {
    at: DateTime<Utc>,
    by_whom: String,
    what: String,
    about: String,
}

impl From<Disclosure> for Line {
    fn from(Disclosure { at, by_whom, what, about, .. }: Disclosure) -> Line {
        Line { at, by_whom, what, about }
    }
}

/// The disclosures of one referral, letters and all, or every one on this host; the oldest first.
pub(super) async fn run(
    settings: &Settings,
    reference: Option<&str>,
    as_json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let lines = match reference {
        Some(text) => {
            let reference = Reference::parse(text, &settings.organisation.reference_prefix)
                .context("that is no reference of ours: one symbol is wrong or missing")?;
            of_one(&store, &reference).await?
        }
        None => of_all(&store).await?,
    };
    if as_json {
        serde_json::to_writer(&mut *out, &lines)?;
        writeln!(out)?;
        return Ok(());
    }
    for Line { at, by_whom, what, about } in &lines {
        writeln!(out, "{}  {by_whom:<24} {what}: {about}", show::local(settings, *at))?;
    }
    if lines.is_empty() {
        writeln!(out, "Nobody was shown anything.")?;
    }
    Ok(())
}

async fn of_all(store: &Store) -> Result<Vec<Line>, StoreError> {
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let page = store.disclosures_after(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(lines) };
        after = last.id;
        lines.extend(page.into_iter().map(Line::from));
    }
}

/// A referral that was forgotten has no letters any more; who looked at it before is told all the same.
async fn of_one(store: &Store, reference: &Reference) -> anyhow::Result<Vec<Line>> {
    let mut lines: Vec<Line> = store.disclosures_of(reference).await?.into_iter().map(Line::from).collect();
    let stored = store.load(std::slice::from_ref(reference)).await?;
    let Some(stored) = stored.first() else {
        return if lines.is_empty() { Err(anyhow!("there is no referral {reference}")) } else { Ok(lines) };
    };
    let shown = store.history(stored).await?.into_iter().filter(|fact| is_shown(fact.kind));
    lines.extend(shown.map(|fact| Line {
        at: fact.at,
        by_whom: fact.by.map_or_else(|| "the daemon".to_owned(), by),
        what: "letter".to_owned(),
        about: fact.words,
    }));
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

/// Facts that say that somebody was told of the person: by name, or that there is somebody to take on.
fn is_shown(kind: FactKind) -> bool {
    matches!(kind, FactKind::Disclosed | FactKind::Offered | FactKind::Redirected)
}

fn by(actor: Actor) -> String {
    match actor {
        Actor::Host => "host".to_owned(),
        Actor::Staff(id) => id.to_string(),
        Actor::Partner(id) => format!("partner {id}"),
    }
}
