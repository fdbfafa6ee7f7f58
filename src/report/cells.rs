//! Small cells: a count under five in a sheet that leaves the house could point at one person, and is not shown.

use std::fmt;

use serde::{Serialize, Serializer};

/// Fewer than this are not told.
const FEW: u64 = 5;

/// A count as it may leave the house.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// As it is.
    Told(u64),
    /// So small that it could point at one person.
    Few,
    /// What it is would tell of another one that is small.
    Hidden,
}

impl Shown {
    /// It can be read.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Shown::Told(_))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Told(count) => write!(f, "{count}"),
            Shown::Few => write!(f, "under {FEW}"),
            Shown::Hidden => f.write_str("not shown"),
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A line of a table that leaves the house.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cell {
    /// What was counted.
    pub label: String,
    /// The count, as far as it is told.
    pub shown: Shown,
}

/// A count that stands alone, fit to leave the house. Nothing at all points at nobody.
#[must_use]
pub const fn alone(count: u64) -> Shown {
    if is_small(count) { Shown::Few } else { Shown::Told(count) }
}

/// The label of the one cell that stands for all parts where none is told: also which of them there are could tell.
pub const EVERY: &str = "every part";

/// The parts of one whole, fit to leave the house. Whoever knows the whole, and how this is done, must not work out any
/// part that is small: beside the small ones the next larger one is not told (nor any as large), and where there is none,
/// neither is which parts are empty. All of these look alike, so that each could be any other of them.
#[must_use]
pub fn parts(parts: &[(String, u64)]) -> Vec<Cell> {
    let counts = || parts.iter().map(|(_, count)| *count);
    if counts().filter(|count| *count > 0).nth(1).is_none() || !counts().any(is_small) {
        return told(parts, |count| Some(alone(count)));
    }
    let beside = counts().filter(|count| *count >= FEW).min().unwrap_or(0);
    let is_hidden = |count: u64| is_small(count) || count == beside;
    if counts().all(is_hidden) {
        // A whole that is small is not told itself.
        let shown = if counts().sum::<u64>() < FEW { Shown::Few } else { Shown::Hidden };
        return vec![Cell { label: EVERY.to_owned(), shown }];
    }
    told(parts, |count| (!is_hidden(count)).then_some(Shown::Told(count)))
}

fn told(parts: &[(String, u64)], shown: impl Fn(u64) -> Option<Shown>) -> Vec<Cell> {
    let cell = |(label, count): &(String, u64)| Cell {
        label: label.clone(),
        shown: shown(*count).unwrap_or(Shown::Hidden),
    };
    parts.iter().map(cell).collect()
}

/// Every one of these parts of a whole can be told.
#[must_use]
pub fn is_told(cells: &[Cell]) -> bool {
    cells.iter().all(|cell| cell.shown.is_told())
}

/// The parts of a whole of these sizes can all be told.
#[must_use]
pub fn are_told(sizes: &[u64]) -> bool {
    is_told(&parts(&unnamed(sizes)))
}

/// A part of this size is told, as one of these.
#[must_use]
pub fn is_told_in(sizes: &[u64], size: u64) -> bool {
    parts(&unnamed(sizes)).iter().any(|cell| cell.shown == Shown::Told(size))
}

fn unnamed(sizes: &[u64]) -> Vec<(String, u64)> {
    sizes.iter().map(|size| (String::new(), *size)).collect()
}

/// So few that it could point at one person.
#[must_use]
pub const fn is_small(count: u64) -> bool {
    count > 0 && count < FEW
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn shown(counts: &[u64]) -> Vec<String> {
        parts(&unnamed(counts)).into_iter().map(|cell| cell.shown.to_string()).collect()
    }

    #[test]
    fn small_cells_and_what_would_give_them_away_are_not_shown() {
        for (counts, expected) in [
            (vec![10, 20, 5], vec!["10", "20", "5"]),
            (vec![10, 20, 0], vec!["10", "20", "0"]),
            (vec![10, 20, 4], vec!["not shown", "20", "not shown"]),
            (vec![3, 20, 1], vec!["not shown"]),
            (vec![1, 20, 1, 9], vec!["not shown", "20", "not shown", "not shown"]),
            (vec![3, 5, 5, 9], vec!["not shown", "not shown", "not shown", "9"]),
            (vec![5, 1, 0], vec!["not shown", "not shown", "0"]),
            (vec![3, 0, 0], vec!["under 5", "0", "0"]),
            (vec![2, 1], vec!["under 5"]),
            (vec![4, 4], vec!["not shown"]),
            (vec![4, 4, 0], vec!["not shown"]),
            (vec![1, 1, 1, 1, 1], vec!["not shown"]),
            (vec![], vec![]),
        ] {
            assert_eq!(shown(&counts), expected, "{counts:?}");
        }
        assert_eq!(
            [alone(0), alone(1), alone(4), alone(5)],
            [Shown::Told(0), Shown::Few, Shown::Few, Shown::Told(5)]
        );
    }

    /// Every table of so many parts up to the largest count.
    fn tables(places: u32, largest: u64) -> impl Iterator<Item = Vec<u64>> {
        (0..(largest + 1).pow(places)).map(move |number| {
            (0..places).map(|place| number / (largest + 1).pow(place) % (largest + 1)).collect()
        })
    }

    /// What an attacker sees of a table: the whole as it is told, and the cells; empty parts may not be listed.
    fn seen(counts: &[u64], lists_empty: bool) -> (Shown, Vec<Cell>) {
        let named = (0..).zip(counts).map(|(place, count): (u32, &u64)| (place.to_string(), *count));
        let listed: Vec<(String, u64)> = named.filter(|(_, count)| lists_empty || *count > 0).collect();
        (alone(counts.iter().sum()), parts(&listed))
    }

    #[test]
    fn whoever_tries_every_table_that_fits_what_is_shown_learns_no_hidden_cell() {
        for (places, largest) in [(1, 40), (2, 30), (3, 15), (4, 9), (5, 6), (6, 5)] {
            for lists_empty in [true, false] {
                let mut fitting: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
                for counts in tables(places, largest) {
                    fitting.entry(format!("{:?}", seen(&counts, lists_empty))).or_default().push(counts);
                }
                for (shown, tables) in &fitting {
                    for place in 0..places as usize {
                        let values: BTreeSet<u64> = tables.iter().map(|counts| counts[place]).collect();
                        let cells = seen(&tables[0], lists_empty).1;
                        let is_told = |cell: &Cell| cell.label == place.to_string() && cell.shown.is_told();
                        let is_fine = values.len() > 1 || values.contains(&0) || cells.iter().any(is_told);
                        assert!(is_fine, "{place} is {values:?}: {shown}");
                    }
                }
            }
        }
    }
}
