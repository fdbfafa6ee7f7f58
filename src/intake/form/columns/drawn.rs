//! The same tables drawn by lines: columns set apart by gaps, by tabs, or by commas.

use std::borrow::Cow;

use super::super::label::Label;
use super::super::lexicon::{Slot, Whose};
use super::super::piece::{Piece, Place, is_rule, lines};
use super::super::slip::is_delicate;
use super::super::{judge, people};
use super::{Heads, role};
use crate::intake::quick;

/// The longest line that sets heads, in bytes.
const LONGEST_HEAD: usize = 160;
/// The most rows of such a table.
const MOST_ROWS: usize = 60;
/// Two values belong to one column where they begin no further apart, in characters.
const NEAR: usize = 2;
/// What parts two columns.
const GAP: &str = "  ";

/// A table that lines draw: who stands above its columns, its rows, and how many pieces they are.
pub(in crate::intake::form) struct Drawn {
    /// Who stands above the columns.
    pub(in crate::intake::form) heads: Heads,
    /// The rows.
    pub(in crate::intake::form) rows: Vec<Piece<'static>>,
    /// The place of the line of heads.
    pub(in crate::intake::form) head: Place,
    /// So many of the pieces from the first row on are its rows.
    pub(in crate::intake::form) taken: usize,
}

/// What gaps or tabs part in one line.
struct Parts {
    /// Each part with where it begins: in characters, or by the count of tabs before it.
    cells: Vec<(usize, String)>,
    /// Tabs part them: each stands in its column.
    is_exact: bool,
    place: Place,
}

/// Whether a value may hold those of several columns.
pub(in crate::intake::form) fn by_gaps(value: &str) -> bool {
    value.contains(GAP) || quick::find(value, b'\t').is_some()
}

/// Whether a value holds those of several people beside each other: whole names, numbers, addresses or answers that gaps
/// part. Of names of one word, which may be the parts of one name, only below a line that gaps part as well.
pub(in crate::intake::form) fn sets_several(
    label: &Label,
    value: &str,
    pieces: &[Piece<'_>],
    at: usize,
) -> bool {
    let Some(meaning) = label.meaning.filter(|_| by_gaps(value)) else { return false };
    let parts: Vec<&str> =
        value.split(['\t', '\u{a0}']).flat_map(|part| part.split(GAP)).map(str::trim).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let is_name = |part: &&&str| people::name(part) == Some(**part);
    let several = |is: &dyn Fn(&&&str) -> bool| parts.iter().filter(is).count() > 1;
    match meaning.slot {
        Slot::Name => {
            let whole = |part: &&&str| part.contains(' ') && is_name(part);
            several(&whole) || several(&|part| is_word(part)) && head_above(pieces, at).is_some()
        }
        Slot::Phone | Slot::PhoneOther => {
            several(&|part| !judge::phones_in(part).is_empty()) && head_above(pieces, at).is_some()
        }
        Slot::Email => several(&|part| part.contains('@')),
        _ => is_delicate(meaning) && several(&|part| is_an_answer(part)),
    }
}

/// Whether a part answers, and neither asks the next question nor is one of two boxes.
fn is_an_answer(part: &str) -> bool {
    let is_bare = part.chars().all(|c| c.is_alphabetic() || c == ' ');
    is_bare && (judge::opens_with_yes(part) || judge::opens_with_no(part))
}

/// Whether a part may be a name of one word.
fn is_word(part: &str) -> bool {
    part.starts_with(char::is_uppercase) && part.chars().all(char::is_alphabetic)
}

/// The table whose first row stands at `at`, if the line above it sets heads.
pub(in crate::intake::form) fn tabbed(pieces: &[Piece<'_>], at: usize) -> Option<Drawn> {
    let (cells, place) = head_above(pieces, at)?;
    let named: Vec<&str> = cells.iter().map(String::as_str).collect();
    let below = pieces.get(at..)?;
    let first = below.first().and_then(row_of).and_then(|row| Some(row.cells.into_iter().next()?.1));
    let mut rows: Vec<Parts> = Vec::new();
    for piece in below.iter().take(MOST_ROWS) {
        let Some(row) = row_of(piece) else { break };
        rows.push(row);
    }
    // What stands first may be a title or somebody's head: the longest rows say which.
    let longest = rows.iter().max_by_key(|row| row.cells.len())?;
    let readings = [Heads::of(0, &cells, first.as_deref()), Heads::named(0, &named, first.as_deref())];
    let heads = readings.into_iter().flatten().find(|heads| heads.cells() == longest.cells.len())?;
    let starts: Vec<usize> = longest.cells.iter().map(|(start, _)| *start).collect();
    let taken = rows.len();
    let laid = |row: Parts| {
        let place = row.place.clone();
        Piece::Row { table: 0, cells: laid(row, &starts, heads.cells()), place }
    };
    let rows = rows.into_iter().map(laid).collect();
    Some(Drawn { heads, rows, head: place.clone(), taken })
}

/// Whether the line above the one at `at` sets a client beside something else: in a row of one value nobody sees whose
/// column it stands in.
pub(in crate::intake::form) fn is_below_heads(pieces: &[Piece<'_>], at: usize) -> bool {
    let above = head_above(pieces, at);
    above.is_some_and(|(cells, _)| cells.iter().skip(1).any(|cell| role(cell) == Some(Whose::Client)))
}

/// Whether the line above the row at `at`, which sets no heads that are certain, sets somebody beside the client.
pub(in crate::intake::form) fn is_unsure(pieces: &[Piece<'_>], at: usize) -> bool {
    let Some((cells, _)) = head_above(pieces, at) else { return false };
    let titled: Vec<String> = std::iter::once(String::new()).chain(cells.iter().cloned()).collect();
    let next = pieces.get(at).and_then(row_of).and_then(|row| Some(row.cells.into_iter().next()?.1));
    let next = next.as_deref();
    Heads::are_unsure(&titled, next) || Heads::are_unsure(&cells, next)
}

/// The cells of the line above the one at `at`, where gaps part it.
fn head_above<'p>(pieces: &'p [Piece<'_>], at: usize) -> Option<(Vec<String>, &'p Place)> {
    let is_said = |piece: &&Piece<'_>| match piece {
        Piece::Line { text, .. } => !text.is_empty() && !is_rule(text),
        Piece::Row { .. } => true,
    };
    match pieces.get(..at)?.iter().rev().take(3).find(is_said)? {
        Piece::Line { text, place, .. } if text.len() <= LONGEST_HEAD && by_gaps(text) => {
            Some((parted(text).map(str::to_owned).collect(), place))
        }
        // A row of its own, for the one below has fewer cells.
        Piece::Row { cells, place, .. } => Some((cells.clone(), place)),
        Piece::Line { .. } => None,
    }
}

/// The cells of a line or a row.
fn row_of(piece: &Piece<'_>) -> Option<Parts> {
    match piece {
        Piece::Row { cells, place, .. } => {
            let cells = cells.iter().cloned().enumerate().collect();
            Some(Parts { cells, is_exact: true, place: place.clone() })
        }
        Piece::Line { text, place, .. } => {
            let is_exact = quick::find(text, b'\t').is_some();
            let cells: Vec<(usize, String)> = if is_exact {
                text.split('\t').map(|cell| cell.trim().to_owned()).enumerate().collect()
            } else {
                spaced(text)
            };
            (cells.len() > 1).then(|| Parts { cells, is_exact, place: place.clone() })
        }
    }
}

/// The cells that gaps part, with where each begins, in characters.
fn spaced(text: &str) -> Vec<(usize, String)> {
    let mut cells = Vec::new();
    let mut at = 0;
    for part in text.split(GAP) {
        let start = at + part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            let before = text.get(..start).map_or(0, |before| before.chars().count());
            cells.push((before, part.trim().to_owned()));
        }
        at += part.len() + GAP.len();
    }
    cells
}

/// What gaps or tabs part.
fn parted(text: &str) -> impl Iterator<Item = &str> {
    let separator = if quick::find(text, b'\t').is_some() { "\t" } else { GAP };
    let parts = text.split(separator).map(str::trim);
    parts.filter(move |part| separator == "\t" || !part.is_empty())
}

/// The cells of a row in their columns. Of a row that has fewer than the head each stands where it begins; where that
/// is no column's place, nobody knows whose it is, and the row stays short.
fn laid(row: Parts, starts: &[usize], count: usize) -> Vec<String> {
    let Parts { cells, is_exact, .. } = row;
    if is_exact || cells.len() >= count {
        let mut cells: Vec<String> = cells.into_iter().map(|(_, cell)| cell).collect();
        while cells.len() < count {
            cells.push(String::new());
        }
        return cells;
    }
    let mut laid = vec![String::new(); count];
    let column = |start: usize| starts.iter().position(|known| known.abs_diff(start) <= NEAR);
    for (start, cell) in &cells {
        match column(*start).and_then(|column| laid.get_mut(column)) {
            Some(place) if place.is_empty() => cell.clone_into(place),
            Some(_) | None => return cells.into_iter().map(|(_, cell)| cell).collect(),
        }
    }
    laid
}

/// The rows of a table whose cells commas part, the heads first; `None` when the text holds none.
pub(in crate::intake::form) fn by_commas(text: &str) -> Option<Vec<Piece<'static>>> {
    let heads = |line: &str, next: &str| {
        let cells: Vec<String> = line.split(',').map(|cell| cell.trim().to_owned()).collect();
        let next = next.split(',').next();
        Heads::of(0, &cells, next).filter(|_| line.len() <= LONGEST_HEAD && cells.len() > 2)
    };
    let of_two = |(at, (line, next)): (usize, (&str, &str))| {
        let heads = heads(line, next).filter(|_| quick::find(line, b',').is_some())?;
        Some((at, heads.is_of_one()))
    };
    let (at, is_of_one) = lines(text).zip(lines(text).skip(1)).enumerate().find_map(of_two)?;
    let rows = lines(text).enumerate().skip(at).take(MOST_ROWS);
    let rows = rows.take_while(|(_, line)| quick::find(line, b',').is_some());
    let row = |(at, line): (usize, &str)| {
        let cells = record(line)?;
        let place = Place { part: Cow::Borrowed("text"), unit: "line", number: at + 1 };
        Some(Piece::Row { table: 0, cells, place })
    };
    let rows: Vec<Piece<'static>> = rows.map(row).collect::<Option<_>>()?;
    // What stands below may take back what the rows say. Beside somebody else's column a yes is asked about anyway.
    let is_all = || lines(text).skip(at + rows.len()).all(|line| line.trim().is_empty());
    (rows.len() > 1 && (is_of_one || is_all())).then_some(rows)
}

/// The cells of one line as sheets write them: in quotes a comma parts nothing.
fn record(line: &str) -> Option<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(|cell| cell.trim().to_owned()).collect())
}
