//! Sheets: CSV and XLSX. Rows become pieces, so a sheet is read like any table.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::super::form::entry::MOST_PACKETS;
use super::super::form::piece::{Piece, Place, cut};
use super::super::form::{Harvest, noted, of_pieces};
use super::{Context, MOST_CELLS, MOST_ROWS, MOST_UNPACKED, Unreadable, beside, decoded, others};

/// The most sheets of one workbook.
const MOST_SHEETS: usize = 20;
/// What a person is told of sheets that the author does not see.
const HIDDEN: &str = "An attached Excel file has hidden sheets; they were not read.";

/// Reads a CSV file, whatever its separator.
pub(super) fn csv(name: &str, bytes: &[u8], context: &Context) -> Result<Harvest, Unreadable> {
    // The reader counts a line at its last sign: of two it would be one behind.
    let text = decoded(bytes).replace("\r\n", "\n");
    // Excel's own first line, which says what parts the cells and is no row.
    let told = text.lines().next().and_then(|line| line.trim().strip_prefix("sep=")?.bytes().next());
    let separator = told.unwrap_or_else(|| separator(&text));
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut is_cut = false;
    for record in reader.records() {
        if rows.len() >= MOST_ROWS {
            is_cut = true;
            break;
        }
        let record = record.map_err(|_| Unreadable::Broken)?;
        let number = record.position().map_or(rows.len() + 1, |at| usize::try_from(at.line()).unwrap_or(0));
        if told.is_some() && number == 1 {
            continue;
        }
        is_cut |= record.len() > MOST_CELLS;
        rows.push((number, record.iter().take(MOST_CELLS).map(cell).collect()));
    }
    Ok(noted(of_rows(name, 1, rows, context), is_cut))
}

/// What parts the cells: of the first lines the sign that parts one of them most often, so that a title does not count.
fn separator(text: &str) -> u8 {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(10);
    let most = |sign: char| lines().map(|line| line.matches(sign).count()).max().unwrap_or(0);
    [(',', b','), (';', b';'), ('\t', b'\t'), ('|', b'|')]
        .into_iter()
        .max_by_key(|(sign, _)| (most(*sign), *sign == ','))
        .map_or(b',', |(_, byte)| byte)
}

/// Reads every sheet of a workbook that its author sees; each sheet is a table of its own.
pub(super) fn xlsx(name: &str, bytes: &[u8], context: &Context) -> Result<Harvest, Unreadable> {
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let mut all = Harvest::default();
    let (shown_sheets, hidden): (Vec<_>, Vec<_>) =
        book.sheets_metadata().iter().cloned().partition(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = shown_sheets.into_iter().map(|sheet| sheet.name).collect();
    if !hidden.is_empty() {
        all.problems.push(HIDDEN.to_owned());
    }
    let mut is_cut = names.len() > MOST_SHEETS;
    for sheet in names.into_iter().take(MOST_SHEETS) {
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
        let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
        // Cell by cell: a range would allocate every empty cell up to the last one.
        while let Ok(Some(found)) = cells.next_cell() {
            let (row, column) = found.get_position();
            let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { continue };
            if column >= MOST_CELLS {
                is_cut = true;
                continue;
            }
            if rows.last().is_none_or(|(number, _)| *number != row + 1) {
                if rows.len() >= MOST_ROWS {
                    is_cut = true;
                    break;
                }
                rows.push((row + 1, Vec::new()));
            }
            let Some((_, cells)) = rows.last_mut() else { continue };
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            if let Some(slot) = cells.get_mut(column) {
                *slot = shown(found.get_value());
            }
        }
        let harvest = others::left_out(&sheet, of_rows(name, 1, rows, context), false);
        all.calls_client |= harvest.calls_client;
        all.packets.extend(harvest.packets);
        all.problems.extend(harvest.problems);
        all.asides.extend(harvest.asides);
    }
    let (asides, is_more) = beside::heard(bytes);
    all.asides.extend(asides);
    is_cut |= is_more || all.packets.len() > MOST_PACKETS;
    all.packets.truncate(MOST_PACKETS);
    Ok(noted(all, is_cut))
}

fn of_rows(name: &str, table: usize, rows: Vec<(usize, Vec<String>)>, context: &Context) -> Harvest {
    let piece = |(number, cells)| {
        let place = Place { part: name.to_owned().into(), unit: "row", number };
        Piece::Row { table, cells, place }
    };
    let pieces: Vec<Piece<'_>> = rows.into_iter().map(piece).collect();
    of_pieces(&pieces, context)
}

fn cell(text: &str) -> String {
    cut(text.trim())
}

/// A cell as a person reads it: a phone number kept as a number loses its `.0`, a date is a date.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::SharedString(text) => cell(text),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(date) => {
            let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
            if hour == 0 && minute == 0 {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
            }
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cell(text),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// What the archive unpacks to, by its own word and by counting; a lying archive is found before the reader meets it.
fn check_unpacked(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    if archive.len() > 500 {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| Unreadable::Broken)?;
        if file.size() > left {
            return Err(Unreadable::TooLarge);
        }
        let read =
            std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(read).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}
