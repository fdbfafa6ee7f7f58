//! `export`: what is in the store, to be taken elsewhere. Figures by attribute leave out small counts (RELIABILITY P36);
//! whole records are for the organisation itself and are asked for by name. Either is written down.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::{PAGE, operator, show};
use crate::app;
use crate::referral::record::{Contact, Referral};
use crate::report::cells::{self, Cell};
use crate::settings::Settings;
use crate::store::disclosure::ALL_RECORDS;
use crate::store::pages::Pages;

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
    operator::about_to_see(&store, "export", if records { ALL_RECORDS } else { "figures" }).await?;
    if records {
        return show::write_records(&store, settings, store.pages(true, PAGE), out).await;
    }
    let tables = tables(store.pages(true, PAGE)).await?;
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

/// The attributes that are counted. Nothing that somebody wrote in their own words is one.
const NAMES: [&str; 6] = ["status", "contact", "tier", "partner", "language", "bounce reason"];

/// The tables over every referral, fit to leave the house.
async fn tables(mut pages: Pages<'_>) -> anyhow::Result<Vec<(&'static str, Vec<Cell>)>> {
    let mut tables: [Table; 6] = Default::default();
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for stored in &page {
            count(&mut tables, &stored.referral);
        }
    }
    let fit = |table: Table| cells::parts(&table.into_iter().collect::<Vec<_>>());
    Ok(NAMES.into_iter().zip(tables).map(|(name, table)| (name, fit(table))).collect())
}

fn count(tables: &mut [Table; 6], referral: &Referral) {
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

fn bounced(contact: &Contact) -> Option<String> {
    if let Contact::Bounced { reason, .. } = contact { Some(reason.words().to_owned()) } else { None }
}
