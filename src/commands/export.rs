//! `export`: what is in the store, to be taken elsewhere. Figures by attribute leave out small counts (RELIABILITY P36);
//! whole records are for the organisation itself and are asked for by name. Either is written down.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::{operator, show};
use crate::app;
use crate::referral::record::{Contact, Referral};
use crate::report::cells::{self, Cell};
use crate::settings::Settings;

/// Not said.
const NOT_SAID: &str = "not said";

/// How many referrals have each value of an attribute.
type Table = BTreeMap<String, u64>;

/// Everything by attribute, or every record.
pub(super) async fn run(
    settings: &Settings,
    records: bool,
    as_json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    operator::about_to_see(&store, "export", if records { "all records" } else { "figures" }).await?;
    let stored = store.list(true, show::MOST).await?;
    if records {
        let mut all = Vec::new();
        for stored in &stored {
            all.push(show::as_json(&stored.referral, &store.history(stored).await?));
        }
        serde_json::to_writer(&mut *out, &all)?;
        writeln!(out)?;
        return Ok(());
    }
    let tables = tables(stored.iter().map(|stored| &stored.referral));
    if as_json {
        let all: serde_json::Map<String, Value> =
            tables.into_iter().map(|(name, cells)| (name.to_owned(), json!(cells))).collect();
        writeln!(out, "{}", Value::Object(all))?;
        return Ok(());
    }
    for (name, cells) in tables {
        writeln!(out, "{name}")?;
        for Cell { label, shown } in cells {
            writeln!(out, "  {label:<24} {shown}")?;
        }
    }
    Ok(())
}

/// The tables, fit to leave the house. Nothing that somebody wrote in their own words is an attribute.
fn tables<'a>(referrals: impl Iterator<Item = &'a Referral>) -> Vec<(&'static str, Vec<Cell>)> {
    const NAMES: [&str; 6] = ["status", "contact", "tier", "partner", "language", "bounce reason"];
    let mut tables: [Table; 6] = Default::default();
    for referral in referrals {
        let values = [
            Some(referral.status.word().to_owned()),
            Some(referral.contact.word().to_owned()),
            Some(referral.tier.word().to_owned()),
            Some(referral.sender.partner.as_ref().map_or_else(|| NOT_SAID.to_owned(), ToString::to_string)),
            Some(referral.packet.language().unwrap_or(NOT_SAID).to_owned()),
            bounced(&referral.contact),
        ];
        for (table, value) in tables.iter_mut().zip(values) {
            if let Some(value) = value {
                *table.entry(value).or_default() += 1;
            }
        }
    }
    let fit = |table: Table| cells::parts(&table.into_iter().collect::<Vec<_>>());
    NAMES.into_iter().zip(tables).map(|(name, table)| (name, fit(table))).collect()
}

fn bounced(contact: &Contact) -> Option<String> {
    if let Contact::Bounced { reason, .. } = contact { Some(reason.words().to_owned()) } else { None }
}
