//! Rows of cells: label beside value, labels above values, one person a row.

use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot, Whose};
use super::piece::{Piece, Place};
use super::scan::{Entry, Item, is_head_pair};
use crate::referral::packet::Confidence;

/// Reads one table's rows; all of `rows` belong to the same table.
pub(crate) fn read(rows: &[Piece<'_>], items: &mut Vec<Item>) {
    let rows: Vec<Row<'_>> = rows.iter().filter_map(Row::of).collect();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        at += if let Some(head) = heads(row, rows.get(at + 1)) {
            1 + below(head, rows.get(at + 1..).unwrap_or_default(), items)
        } else {
            beside(row, items);
            1
        };
    }
}

/// A row whose cells were asked once whether they are labels.
struct Row<'a> {
    cells: &'a [String],
    labels: Vec<Option<Label>>,
    place: &'a Place,
}

impl<'a> Row<'a> {
    fn of(piece: &'a Piece<'_>) -> Option<Row<'a>> {
        let Piece::Row { cells, place, .. } = piece else { return None };
        Some(Row { cells, labels: cells.iter().map(|cell| label::exact(cell)).collect(), place })
    }

    fn known(&self) -> usize {
        self.labels.iter().flatten().count()
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// The labels of a row of labels; `None` when the row is not one.
fn heads<'r>(row: &'r Row<'_>, next: Option<&Row<'_>>) -> Option<&'r [Option<Label>]> {
    let next = next?;
    let (known, filled, below) = (row.known(), row.filled(), next.known());
    if known < 2 || known * 2 < filled || below * 2 > known {
        return None;
    }
    // In two columns "Preferred contact | Phone" is label and value: only when the row below begins with no label is
    // this one a row of labels.
    let first_below = next.cells.first().map(String::as_str).unwrap_or_default();
    if filled == 2
        && (first_below.is_empty() || label::near(first_below).is_some() || first_below.ends_with([':', '?']))
    {
        return None;
    }
    // Label, value, label, value; empty cells between them part the columns of a form.
    let written = row.cells.iter().zip(&row.labels).filter(|(cell, _)| !cell.is_empty());
    let alternate = written.enumerate().all(|(place, (_, label))| place % 2 == 0 || label.is_none());
    if filled >= 4 && alternate && known * 2 == filled {
        return None;
    }
    Some(&row.labels)
}

/// Rows under a row of labels, until one that is itself a row of labels; says how many were read.
fn below(head: &[Option<Label>], rows: &[Row<'_>], items: &mut Vec<Item>) -> usize {
    let is_labels = |row: &Row<'_>| row.known() >= 2 && row.known() * 2 >= row.filled();
    let count = 1 + rows.iter().skip(1).take_while(|row| !is_labels(row)).count();
    let names = head.iter().flatten().any(is_client_name);
    if count > 1 && (!names || has_client_name(items)) {
        // Several rows that are no people, or members of the household of the person above.
        return count;
    }
    for row in rows.iter().take(count) {
        if count > 1 && row.filled() > 0 {
            items.push(Item::Another);
        }
        for (column, (label, value)) in head.iter().zip(row.cells).enumerate() {
            if let Some(label) = label {
                push_cell(label.clone(), value, row.place, Some(column), items);
            }
        }
    }
    count
}

fn is_client_name(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| {
        matches!(meaning.slot, Slot::Name | Slot::FirstName | Slot::LastName)
            && matches!(meaning.whose, Whose::Client | Whose::Plain)
    })
}

fn has_client_name(items: &[Item]) -> bool {
    let explicit = |label: &Label| {
        label.meaning.is_some_and(|meaning| meaning.whose == Whose::Client) && is_client_name(label)
    };
    items.iter().any(|item| matches!(item, Item::Entry(entry) if explicit(&entry.label)))
}

/// A row of label and value, or of several such pairs.
fn beside(row: &Row<'_>, items: &mut Vec<Item>) {
    let cells = row.cells.iter().map(|cell| cell.trim()).zip(&row.labels);
    let filled: Vec<(&str, &Option<Label>)> = cells.filter(|(cell, _)| !cell.is_empty()).collect();
    match filled.as_slice() {
        [] => {}
        [(one, _)] => alone(one, row.cells, items),
        [(left, known), (right, _)] => {
            if is_head_pair(left, right) {
                return;
            }
            let nearly = || label::near(left.trim_end_matches([':', '*', ' ']));
            if let Some(label) = (*known).clone().or_else(nearly) {
                push(label, right, row.place, items);
            }
        }
        many => {
            let mut rest = many;
            while let [(_, label), after @ ..] = rest {
                rest = after;
                // A label right behind a label: the first one was left without a value.
                let Some((right, _)) =
                    after.first().filter(|(right, other)| other.is_none() || !ends_as_label(right))
                else {
                    continue;
                };
                if let Some(label) = label {
                    push(label.clone(), right, row.place, items);
                }
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
}

fn ends_as_label(cell: &str) -> bool {
    cell.ends_with([':', '?', '*'])
}

fn alone(text: &str, cells: &[String], items: &mut Vec<Item>) {
    let first = cells.first().is_some_and(|cell| !cell.is_empty());
    if let label::Saying::Another(_) = label::saying(text) {
        items.push(Item::Another);
    } else if let Some(whose) = LEXICON.heading(&super::fold::fold(text))
        && (first && (cells.len() == 1 || label::exact(text).is_none()))
    {
        items.push(Item::Section(whose));
    }
}

/// The lines of a cell as one value. A name or an address may come in parts with little labels of their own
/// ("City: Albany"), which are no part of it.
pub(crate) fn joined(label: &Label, value: &str) -> String {
    let parts = label.meaning.is_some_and(|meaning| matches!(meaning.slot, Slot::Name | Slot::Address));
    let bare = |line: &'_ str| -> String {
        if parts
            && let label::Saying::Labelled(inner, value) = label::saying(line)
            && inner.meaning.is_some()
        {
            return value.trim().to_owned();
        }
        label::without_bullet(line).trim().to_owned()
    };
    value.lines().map(bare).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn push(label: Label, value: &str, place: &Place, items: &mut Vec<Item>) {
    push_cell(label, value, place, None, items);
}

fn push_cell(label: Label, value: &str, place: &Place, column: Option<usize>, items: &mut Vec<Item>) {
    if !value.trim().is_empty() && label.meaning.is_some() {
        let sure = label.sure.min(Confidence::High);
        let label = Label { sure, ..label };
        let value = joined(&label, value);
        let place = match column {
            Some(column) => format!("{} column {}", place.shown(), letter(column)),
            None => place.shown(),
        };
        items.push(Item::Entry(Entry { label, value, place }));
    }
}

/// The name of a column: A to Z, then AA.
fn letter(column: usize) -> String {
    let one = |index: usize| char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    if column < 26 { one(column).to_string() } else { format!("{}{}", one(column / 26 - 1), one(column)) }
}
