//! `diag`: what a stranger who helps needs to know, and nothing about anybody: no name, no address, no host, no text of
//! a mail or of a mail server's answer (RELIABILITY P39).

use std::io::Write;

use serde_json::{Value, json};

use super::health;
use crate::app;
use crate::clock::Clock;
use crate::report::cells::{self, Cell};
use crate::settings::{Server, Settings, Sink, Source, Store};

/// Writes it as JSON.
pub(super) async fn run(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let now = Clock::System.now();
    let figures = store.health(now).await?;
    let counts = store.counts().await?;
    let findings = store.verify().await?;
    let disclosures = store.disclosures(1).await?.first().map_or(0, |newest| newest.id);
    store.close().await;
    let counted: serde_json::Map<String, Value> = counts
        .into_iter()
        .map(|(table, counts)| {
            let cells = cells::parts(&counts);
            let cells = cells.into_iter().map(|Cell { label, shown }| (label, json!(shown)));
            (table.to_owned(), Value::Object(cells.collect()))
        })
        .collect();
    let all = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "at": now,
        "settings": about(settings),
        "health": figures,
        "state": health::state(&figures, now),
        "counts": counted,
        "verify": {"looked_at": findings.looked_at, "wrong": findings.wrong.len()},
        "disclosures": disclosures,
    });
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)?;
    Ok(())
}

/// The settings as kinds, numbers and yes or no.
fn about(settings: &Settings) -> Value {
    let server = |server: &Server| format!("{:?}, {} s", server.security, server.timeout.as_secs());
    let inbox = match &settings.inbox.source {
        Source::Imap(imap) => json!({"kind": "imap", "server": server(&imap.server), "idle": imap.idle}),
        Source::Maildir { move_to_cur, .. } => json!({"kind": "maildir", "move_to_cur": move_to_cur}),
    };
    let outlet = match &settings.outlet.sink {
        Sink::Smtp { server: host, login, connections } => json!({
            "kind": "smtp", "server": server(host), "login": login.is_some(), "connections": connections,
        }),
        Sink::Folder { .. } => json!({"kind": "folder"}),
    };
    let store = match &settings.store {
        Store::Sqlite { .. } => "sqlite",
        Store::Postgres { .. } => "postgres",
    };
    let (privacy, keep) = (&settings.privacy, settings.privacy.keep);
    json!({
        "inbox": inbox,
        "inbox_poll_secs": settings.inbox.poll.as_secs(),
        "plus_addressing": settings.inbox.plus_addressing,
        "outlet": outlet,
        "outlet_per_minute": settings.outlet.per_minute,
        "store": store,
        "zone": settings.organisation.zone.name(),
        "language": settings.organisation.language,
        "staff": settings.roster.staff.len(),
        "partners": settings.roster.partners.len(),
        "policies": settings.policies.len(),
        "own_templates": settings.templates.is_some(),
        "client_mail": privacy.client_mail.enabled,
        "neutral_receipts": privacy.neutral_receipts.is_some(),
        "trusted_authserv_id": privacy.trusted_authserv_id.is_some(),
        "keep_days": {
            "raw_mail": keep.raw_mail_days,
            "closed": keep.closed_days,
            "parked": keep.parked_days,
            "letters": keep.letters_days,
        },
        "digest_at": settings.reports.digest_at,
        "admins": settings.reports.admins.len(),
    })
}
