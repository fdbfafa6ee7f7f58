//! `report metrics --baseline FILE`: the measures of how it was before, from a spreadsheet (requirement 133). Nothing
//! of it is stored, and no mistake in it is told by what stands there, only by its line.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::referral::calendar::Calendar;
use crate::report::measures::baseline::{self, Column};
use crate::report::measures::life::{Life, Split};
use crate::report::measures::sheet::Sheet;

/// So many mistakes are named; the rest is counted.
const MOST_NAMED: usize = 20;

/// The measures of a CSV file whose first row names its columns.
pub(super) fn sheet(file: &Path, split: Option<Split>, calendar: &Calendar) -> anyhow::Result<Sheet> {
    let bytes = fs::read(file).context("Read the spreadsheet")?;
    let text = String::from_utf8(bytes).context("The spreadsheet is not UTF-8: save it as CSV UTF-8")?;
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let columns = columns(&mut reader)?;
    let (mut found, mut wrong): (Vec<Life>, Vec<String>) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.context("The spreadsheet is no CSV")?;
        let number = record.position().map_or(0, csv::Position::line);
        let named = columns.iter().zip(record.iter());
        let cells: Vec<(Column, &str)> = named
            .filter_map(|(column, text)| Some(((*column)?, text.trim())))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        match baseline::life(&cells, calendar) {
            _ if cells.is_empty() => {}
            Ok(life) => found.push(life),
            Err(column) => wrong.push(format!("line {number}: {}", column.name())),
        }
    }
    if !wrong.is_empty() {
        let more = wrong.len().saturating_sub(MOST_NAMED);
        wrong.truncate(MOST_NAMED);
        let more = if more == 0 { String::new() } else { format!("\nand {more} more") };
        bail!(
            "these cells say nothing that can be meant (days as 2026-11-20 or 2026-11-20 15:00, a decision as accepted, \
             redirected or closed, a bounce as one of the five reasons, what was missing by our labels):\n{}{more}",
            wrong.join("\n")
        );
    }
    let known: Vec<Column> = columns.into_iter().flatten().collect();
    Ok(baseline::sheet(&found, &known, split, calendar))
}

/// What each column holds; others are left alone, so that nothing has to be taken out of a sheet but what is asked.
fn columns(reader: &mut csv::Reader<&[u8]>) -> anyhow::Result<Vec<Option<Column>>> {
    let head = reader.headers().context("The spreadsheet is no CSV")?;
    let named = |name: &str| {
        let said = name.trim().to_lowercase();
        Column::ALL.into_iter().find(|column| column.name() == said)
    };
    let columns: Vec<Option<Column>> = head.iter().map(named).collect();
    if !columns.contains(&Some(Column::Received)) {
        let all: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
        bail!(
            "the first row of the spreadsheet names its columns: received, and any of {}",
            all.get(1..).unwrap_or_default().join(", ")
        );
    }
    Ok(columns)
}
