//! `verify`: everything in the store is looked at; exit 1 when something is wrong.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Utc};

use crate::app;
use crate::settings::Settings;

/// What is said of each kind at most; the count says the rest.
const MOST: usize = 50;

pub(super) async fn run(
    settings: &Settings,
    head: Option<(String, DateTime<Utc>)>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let store = app::open_store(settings).await?;
    let mut findings = store.verify().await?;
    if let Some((wanted, as_of)) = head {
        let (found, _) = store.audit_head(as_of).await?;
        if found != wanted.trim().to_lowercase() {
            findings.wrong.push(
                "the audit head differs from the one given: history up to then was rewritten, or the store put back"
                    .to_owned(),
            );
        }
    }
    store.close().await;
    for wrong in findings.wrong.iter().take(MOST) {
        writeln!(out, "{wrong}")?;
    }
    let more = findings.wrong.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "and {more} more")?;
    }
    let (referrals, lines, mails, letters) = findings.looked_at;
    writeln!(
        out,
        "Looked at {}, {} of history, {}, {}: {}.",
        counted(referrals, "referral"),
        counted(lines, "line"),
        counted(mails, "mail"),
        counted(letters, "letter"),
        if findings.wrong.is_empty() {
            "all is well".to_owned()
        } else {
            format!("{} wrong", findings.wrong.len())
        }
    )?;
    Ok(if findings.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn counted(number: u64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
