//! Cells of tables: what a row asks, and a cell as an entry.

use super::calendar;
use super::entry::{Entry, Item};
use super::label::{self, Label};
use super::lexicon::{Slot, Whose};
use super::piece::{Piece, Place};
use super::saying::{self, Saying};
use crate::referral::packet::Confidence;

/// A row whose cells were asked once whether they are labels.
pub(super) struct Row<'a> {
    pub(super) cells: &'a [String],
    pub(super) labels: Vec<Option<Label>>,
    pub(super) place: &'a Place,
}

impl<'a> Row<'a> {
    pub(super) fn of(piece: &'a Piece<'_>) -> Option<Row<'a>> {
        let Piece::Row { cells, place, .. } = piece else { return None };
        let mut labels: Vec<Option<Label>> = cells.iter().map(|cell| label::exact(cell)).collect();
        calendar::reread(cells, &mut labels);
        Some(Row { cells, labels, place })
    }

    pub(super) fn known(&self) -> usize {
        self.labels.iter().flatten().count()
    }

    /// Whether behind the first cell a label stands before each value.
    pub(super) fn holds_pairs(&self) -> bool {
        let behind = self.cells.iter().zip(&self.labels).skip(1);
        let filled: Vec<bool> =
            behind.filter(|(cell, _)| !cell.is_empty()).map(|(_, label)| label.is_some()).collect();
        !filled.is_empty()
            && filled.len().is_multiple_of(2)
            && filled.iter().enumerate().all(|(at, is)| (at % 2 == 0) == *is)
    }

    /// Whether a label at the left asks for the client's name.
    pub(super) fn names_client(&self) -> bool {
        self.labels.first().and_then(Option::as_ref).is_some_and(is_explicit_client)
    }

    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// The lines of a cell as one value. A name or an address may come in parts with little labels of their own
/// ("City: Albany"), which are no part of it.
pub(crate) fn joined(label: &Label, value: &str) -> String {
    let parts = label.meaning.is_some_and(|meaning| matches!(meaning.slot, Slot::Name | Slot::Address));
    let bare = |line: &'_ str| -> String {
        if parts
            && let Saying::Labelled(inner, value) = saying::of(line)
            && inner.meaning.is_some()
        {
            return value.trim().to_owned();
        }
        label::without_bullet(line).trim().to_owned()
    };
    value.lines().map(bare).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

pub(super) fn push(label: Label, value: &str, place: &Place, items: &mut Vec<Item>) {
    push_cell(label, value, place, None, items);
}

pub(super) fn push_cell(
    label: Label,
    value: &str,
    place: &Place,
    column: Option<usize>,
    items: &mut Vec<Item>,
) {
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

pub(super) fn is_client_name(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| {
        matches!(meaning.slot, Slot::Name | Slot::FirstName | Slot::LastName)
            && matches!(meaning.whose, Whose::Client | Whose::Plain)
    })
}

/// Whether a label asks for a name, and does not say whose.
pub(super) fn is_plain_name(label: &Label) -> bool {
    is_client_name(label) && label.meaning.is_some_and(|meaning| meaning.whose == Whose::Plain)
}

pub(super) fn is_explicit_client(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| meaning.whose == Whose::Client) && is_client_name(label)
}
