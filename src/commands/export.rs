//! `export`: what is in the store, to be taken elsewhere. Figures by attribute leave out small counts (RELIABILITY
//! P36), and what another table of the same export would tell of them; two exports of different days may tell more.
//! Whole records are for the organisation itself and are asked for by name. Either is written down.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::{PAGE, operator, show};
use crate::app;
use crate::referral::contact::Contact;
use crate::referral::record::Referral;
use crate::referral::roster::Roster;
use crate::report::cells::{self, Cell, Shown};
use crate::report::measures::life::Split;
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
    let tables = tables(&settings.roster, store.pages(true, PAGE)).await?;
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
const NAMES: [&str; 8] =
    ["status", "contact", "tier", "partner", "source", "driver", "language", "bounce reason"];

/// The tables over every referral, fit to leave the house.
async fn tables(roster: &Roster, mut pages: Pages<'_>) -> anyhow::Result<Vec<(&'static str, Vec<Cell>)>> {
    let mut tables: [Table; NAMES.len()] = Default::default();
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for stored in &page {
            count(&mut tables, roster, &stored.referral);
        }
    }
    Ok(fit(tables))
}

/// A table that adds up the parts of another, or takes one of them apart, and that other one.
const ADDS_UP: [(&str, &str); 2] = [("source", "partner"), ("bounce reason", "contact")];

fn fit(tables: [Table; NAMES.len()]) -> Vec<(&'static str, Vec<Cell>)> {
    let fit = |table: Table| cells::parts(&table.into_iter().collect::<Vec<_>>());
    let mut all: Vec<(&str, Vec<Cell>)> =
        NAMES.into_iter().zip(tables).map(|(name, table)| (name, fit(table))).collect();
    for (name, other) in ADDS_UP {
        let is_told = all.iter().any(|(known, cells)| *known == other && cells::is_told(cells));
        let hidden = all.iter_mut().filter(|(known, _)| *known == name && !is_told);
        for cell in hidden.flat_map(|(_, cells)| cells) {
            cell.shown = Shown::Hidden;
        }
    }
    all
}

fn count(tables: &mut [Table; NAMES.len()], roster: &Roster, referral: &Referral) {
    let values = [
        Some(referral.status.word().to_owned()),
        Some(referral.contact.word().to_owned()),
        Some(Split::Tier.of(roster, referral)),
        Some(Split::Partner.of(roster, referral)),
        Some(Split::Source.of(roster, referral)),
        Some(Split::Driver.of(roster, referral)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_adds_up_another_is_told_only_if_that_one_is_told_whole() {
        let shown = |partners: &[(&str, u64)], sources: &[(&str, u64)]| {
            let table = |counts: &[(&str, u64)]| -> Table {
                counts.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
            };
            let tables = NAMES.map(|name| match name {
                "partner" => table(partners),
                "source" => table(sources),
                _ => Table::new(),
            });
            let told = fit(tables).into_iter().find(|(name, _)| *name == "source").unwrap().1;
            told.into_iter().map(|cell| cell.shown.to_string()).collect::<Vec<_>>()
        };
        let sources = [("court-clinic", 12), ("organization", 30)];
        assert_eq!(shown(&[("harbor", 12), ("north", 30)], &sources), ["12", "30"]);
        // The small one is the only other one of its source.
        assert_eq!(
            shown(&[("east", 2), ("harbor", 10), ("north", 30)], &sources),
            ["not shown", "not shown"]
        );
    }
}
