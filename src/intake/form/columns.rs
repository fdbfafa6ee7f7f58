//! Tables on their side: the labels stand at the left, and each column beside them is a person.

mod drawn;
mod heads;
#[cfg(test)]
mod tests;

pub(super) use drawn::{by_commas, by_gaps, is_below_heads, is_unsure, sets_several, tabbed};
pub(super) use heads::{Heads, LONGEST_ROLE, kind, role};

use super::cell::{Row, push_cell};
use super::entry::Item;
use super::judge;
use super::lexicon::{Slot, Whose};
use super::saying::{self, Saying};

/// The most columns that are people.
const MOST: usize = 20;

/// The people of such a table: "Client 1" and "Client 2" above its columns, or several names in a row and several
/// phones in another. `None` when it is none.
pub(super) fn people(rows: &[Row<'_>]) -> Option<Vec<Item>> {
    let (first, others) = rows.split_first()?;
    let columns = first.cells.len();
    if !(3..=MOST + 1).contains(&columns) || others.is_empty() {
        return None;
    }
    let (is_counted, asked) = if is_counted(first) { (true, others) } else { (false, rows) };
    let is_asked = |row: &&Row<'_>| row.labels.first().is_some_and(Option::is_some);
    let is_mixed = |row: &Row<'_>| row.labels.iter().skip(1).any(Option::is_some);
    let known = asked.iter().filter(is_asked).count();
    if known == 0 || known * 2 < asked.len() || asked.iter().any(is_mixed) {
        return None;
    }
    let is_of_people = is_counted || asked.iter().any(names_several) && asked.iter().any(reaches_several);
    if !is_of_people {
        return None;
    }
    let mut items = Vec::new();
    for column in 1..columns {
        items.push(Item::Another);
        for row in asked {
            let (Some(Some(label)), Some(value)) = (row.labels.first(), row.cells.get(column)) else {
                continue;
            };
            push_cell(label.clone(), value, row.place, Some(column), &mut items);
        }
    }
    Some(items)
}

/// "Client 1 | Client 2", behind a cell that is empty or a title.
fn is_counted(row: &Row<'_>) -> bool {
    let heads = row.cells.get(1..).unwrap_or_default();
    heads.len() >= 2 && heads.iter().all(|cell| matches!(saying::of(cell), Saying::Another(_)))
}

fn names_several(row: &Row<'_>) -> bool {
    let is_name =
        row.labels.first().and_then(Option::as_ref).and_then(|label| label.meaning).is_some_and(|meaning| {
            matches!(meaning.slot, Slot::Name | Slot::FirstName)
                && matches!(meaning.whose, Whose::Client | Whose::Plain)
        });
    is_name && row.cells.iter().skip(1).all(|cell| cell.chars().any(char::is_alphabetic))
}

fn reaches_several(row: &Row<'_>) -> bool {
    let is_phone = row.labels.first().and_then(Option::as_ref).and_then(|label| label.meaning);
    is_phone.is_some_and(|meaning| meaning.slot == Slot::Phone)
        && row.cells.iter().skip(1).filter(|cell| !judge::phones_in(cell).is_empty()).count() >= 2
}
