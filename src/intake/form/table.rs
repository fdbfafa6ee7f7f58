//! Rows of cells: label beside value, labels above values, one person a row.

mod roles;

use super::above::Above;
use super::beside::names_a_person;
use super::calendar;
use super::cell::{Row, is_client_name, is_explicit_client, push, push_cell};
use super::columns;
use super::entry::{Entry, Item};
use super::fold::fold;
use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot, Whose};
use super::people;
use super::piece::{Piece, Place};
use super::saying::{self, Saying};
use super::soft;
use crate::referral::packet::{Confidence, Field, Packet};
use roles::{Roles, Said};

/// How many of the pieces, from the first on, are one table's. A blank line may stand below the labels above its
/// columns.
pub(crate) fn run(pieces: &[Piece<'_>]) -> usize {
    let rows = |pieces: &[Piece<'_>]| {
        let first = if let Some(Piece::Row { table, .. }) = pieces.first() { Some(*table) } else { None };
        let is_same = |piece: &&Piece<'_>| matches!(piece, Piece::Row { table, .. } if Some(*table) == first);
        pieces.iter().take_while(is_same).count()
    };
    let size = rows(pieces).max(1);
    let (head, rest) = pieces.split_at_checked(size).unwrap_or((pieces, &[]));
    let is_blank = |piece: &&Piece<'_>| matches!(piece, Piece::Line { text, .. } if text.is_empty());
    let blank = rest.iter().take_while(is_blank).count();
    let below = rest.get(blank..).unwrap_or_default();
    let (Some(head), Some(next)) = (head.first().and_then(Row::of), below.first().and_then(Row::of)) else {
        return size;
    };
    let is_head = head.known() >= 3 && head.known() * 2 >= head.filled() && next.known() == 0;
    if size == 1 && blank <= MOST_BLANK && is_head && head.cells.len() == next.cells.len() {
        size + blank + rows(below)
    } else {
        size
    }
}

/// So many blank lines may stand below the head of a table.
const MOST_BLANK: usize = 2;

/// Whether labels gave more people than stand in the running text, or as many in rows of a table.
pub(super) fn says_as_much(packets: &[Packet], told: usize) -> bool {
    let is_row =
        |packet: &Packet| packet.get(Field::ClientName).is_some_and(|name| name.place.contains(" column "));
    packets.len() > told || packets.len() == told && packets.iter().all(is_row)
}

/// Reads one table's rows; all of `rows` belong to the same table. Where the line above lists others than clients its
/// rows are no people.
pub(crate) fn read(rows: &[Piece<'_>], above: Above, items: &mut Vec<Item>) {
    let rows: Vec<Row<'_>> = rows.iter().filter_map(Row::of).collect();
    if let Some(said) = columns::people(&rows) {
        if above == Above::Anybody || above == Above::Section && rows.iter().any(Row::names_client) {
            items.extend(said);
        } else {
            items.push(Item::Unread);
        }
        return;
    }
    if above == Above::Anybody {
        each(&rows, above, items);
        return;
    }
    let (whose, before) = (section(items), items.len());
    if above == Above::List {
        items.push(Item::Others);
    }
    each(&rows, above, items);
    if !items.iter().skip(before).any(|item| matches!(item, Item::Entry(_) | Item::Unread))
        && rows.iter().any(|row| row.filled() > 0)
    {
        items.push(Item::Unread);
    }
    if above == Above::List {
        items.push(Item::Section(whose));
    }
}

/// Whose values the last heading says that follow.
fn section(items: &[Item]) -> Whose {
    let last =
        items.iter().rev().find(|item| !matches!(item, Item::Entry(_) | Item::SideBySide | Item::Unread));
    match last {
        Some(Item::Section(whose)) => *whose,
        Some(Item::Others) => Whose::Other,
        Some(Item::Another | Item::Headed | Item::Entry(_) | Item::SideBySide | Item::Unread) | None => {
            Whose::Plain
        }
    }
}

/// Reads rows one after the other.
fn each(rows: &[Row<'_>], above: Above, items: &mut Vec<Item>) {
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let (before, next) = (at.checked_sub(1).and_then(|before| rows.get(before)), rows.get(at + 1));
        at += if let Some(whose) = grouped(row, before, next) {
            items.push(Item::Section(whose));
            beside(
                row.cells.get(1..).unwrap_or_default(),
                row.labels.get(1..).unwrap_or_default(),
                row.place,
                items,
            );
            1
        } else if let Some(head) = heads(row, next) {
            1 + below(head, rows.get(at + 1..).unwrap_or_default(), above, items)
        } else if let Some(entries) = unlabelled(row) {
            items.extend(entries.into_iter().map(Item::Entry));
            1
        } else {
            items.extend(somebody(row).map(Item::Entry));
            beside(row.cells, &row.labels, row.place, items);
            1
        };
    }
}

/// Who is named in a row of two cells behind a label that no list has: "Cosigner name | Bob Hines".
fn somebody(row: &Row<'_>) -> Option<Entry> {
    let ([asked, named], [None, None]) = (row.cells, &*row.labels) else { return None };
    let label = Label { key: fold(asked), meaning: None, sure: Confidence::High };
    (asked.len() <= LONGEST_ASKED && names_a_person(&label, named)).then(|| Entry {
        label,
        value: named.clone(),
        place: row.place.shown(),
    })
}

/// The longest label that may ask for somebody, in bytes.
const LONGEST_ASKED: usize = 60;

/// What a row says whose cells are no labels: each of them may hold a label with its value, or all a court's calendar.
fn unlabelled(row: &Row<'_>) -> Option<Vec<Entry>> {
    if row.known() > 0 || row.filled() < 3 {
        return None;
    }
    let entry = |cell: &String| match saying::of(cell) {
        Saying::Labelled(label, value) if label.meaning.is_some() => {
            Some(Entry { label, value: value.to_owned(), place: row.place.shown() })
        }
        _ => None,
    };
    let entries: Vec<Entry> = row.cells.iter().filter_map(entry).collect();
    if entries.len() * 2 > row.filled() {
        return Some(entries);
    }
    calendar::of_row(row.cells, row.place).map(|entry| vec![entry])
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
fn below(head: &[Option<Label>], rows: &[Row<'_>], above: Above, items: &mut Vec<Item>) -> usize {
    let is_labels = |row: &Row<'_>| row.known() >= 2 && row.known() * 2 >= row.filled();
    let count = 1 + rows.iter().skip(1).take_while(|row| !is_labels(row)).count();
    let names = head.iter().flatten().any(is_client_name);
    let is_headed = above == Above::Section && count > 1 || section(items) == Whose::Other;
    let is_beside = above == Above::List || is_headed && !head.iter().flatten().any(is_explicit_client);
    if count > 1 && (!names || has_client_name(items)) || is_beside && names {
        // Several rows that are no people, or members of the household of the person above.
        if rows.iter().take(count).any(|row| row.filled() > 0) {
            items.push(Item::Unread);
        }
        return count;
    }
    let rows = rows.get(..count).unwrap_or_default();
    let roles = Roles::of(head, rows);
    for row in rows {
        let said = roles.as_ref().map(|roles| roles.of_row(row));
        if row.filled() == 0 {
            continue;
        }
        if let Some(Said::Other(whose)) = said {
            roles::named(head, row, whose, items);
            continue;
        }
        if count > 1 {
            items.push(Item::Another);
        }
        for (column, (label, value)) in head.iter().zip(row.cells).enumerate() {
            if let Some(label) = label {
                let label = if said == Some(Said::Client) { roles::clients(label) } else { label.clone() };
                push_cell(label, value, row.place, Some(column), items);
            }
        }
    }
    if roles.is_some_and(|roles| rows.iter().any(|row| row.filled() > 0 && roles.of_row(row) != Said::Client))
    {
        items.push(Item::SideBySide);
    }
    count
}

fn has_client_name(items: &[Item]) -> bool {
    let explicit = is_explicit_client;
    items.iter().any(|item| matches!(item, Item::Entry(entry) if explicit(&entry.label)))
}

/// Whose values a row holds behind a first cell that is a heading and reaches over rows: "Client | Name | Ann Lee"
/// above "Client | Phone | …", the first cell again or empty there.
fn grouped(row: &Row<'_>, above: Option<&Row<'_>>, next: Option<&Row<'_>>) -> Option<Whose> {
    let first = row.cells.first().filter(|cell| !cell.is_empty())?;
    let is_same = |other: &&Row<'_>| other.cells.first().is_some_and(|cell| cell.is_empty() || cell == first);
    let reaches = [above, next].into_iter().flatten().filter(is_same).any(Row::holds_pairs);
    if !reaches || !row.holds_pairs() {
        return None;
    }
    let folded = super::fold::fold(first);
    LEXICON.heading(&folded).or_else(|| LEXICON.person(&folded))
}

/// A row of label and value, or of several such pairs.
fn beside(cells: &[String], labels: &[Option<Label>], place: &Place, items: &mut Vec<Item>) {
    let all = cells;
    let cells = cells.iter().map(|cell| cell.trim()).zip(labels);
    let filled: Vec<(&str, &Option<Label>)> = cells.filter(|(cell, _)| !cell.is_empty()).collect();
    match filled.as_slice() {
        [] => {}
        [(one, _)] => alone(one, all, items),
        [(left, known), (right, _)] => {
            if is_head_pair(left, right) {
                return;
            }
            let nearly = || label::near(left.trim_end_matches([':', '*', ' ']));
            let helper = || soft::helper(left.trim_end_matches([':', '*', ' ']), right);
            if let Some(label) = (*known).clone().or_else(nearly).or_else(helper) {
                push(label, right, place, items);
            }
        }
        many => {
            items.extend(names_several(many).then_some(Item::SideBySide));
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
                    push(label.clone(), right, place, items);
                }
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
}

/// "Name | Ana Vega | Bob Hines": whoever stands above the columns, each is somebody's.
fn names_several(cells: &[(&str, &Option<Label>)]) -> bool {
    let Some((_, Some(label))) = cells.first() else { return false };
    let asks_name = label.meaning.is_some_and(|meaning| meaning.slot == Slot::Name);
    let is_named = |(cell, label): &&(&str, &Option<Label>)| {
        label.is_none() && cell.contains(' ') && people::name(cell) == Some(*cell)
    };
    asks_name && cells.iter().skip(1).filter(is_named).count() > 1
}

/// Whether a row's two cells are the heads of a table of labels and values.
fn is_head_pair(left: &str, right: &str) -> bool {
    let is = |list: &str, text: &str| LEXICON.phrases(list).is(&super::fold::fold(text));
    is("label_heads", left) && is("value_heads", right)
}

fn ends_as_label(cell: &str) -> bool {
    cell.ends_with([':', '?', '*'])
}

fn alone(text: &str, cells: &[String], items: &mut Vec<Item>) {
    let first = cells.first().is_some_and(|cell| !cell.is_empty());
    if let Saying::Another(_) = saying::of(text) {
        items.push(Item::Another);
    } else if let Some(whose) = LEXICON.heading(&super::fold::fold(text))
        && (first && (cells.len() == 1 || label::exact(text).is_none()))
    {
        items.push(Item::Section(whose));
    }
}
