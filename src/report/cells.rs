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

/// The parts of one whole, fit to leave the house. Whoever knows the whole knows what the parts that are not told come
/// to: so many of the next larger ones are not told either that this leaves each of them open. Where even all of them
/// would not be enough, not even which of them are small is told.
#[must_use]
pub fn parts(parts: &[(String, u64)]) -> Vec<Cell> {
    let counts: Vec<u64> = parts.iter().map(|(_, count)| *count).collect();
    let small: Vec<u64> = counts.iter().copied().filter(|count| is_small(*count)).collect();
    let mut large: Vec<(usize, u64)> =
        counts.iter().copied().enumerate().filter(|(_, count)| *count >= FEW).collect();
    large.sort_by_key(|(_, count)| *count);
    let whole: u64 = counts.iter().sum();
    let enough = (0..=large.len()).find(|many| is_open(&small, large.iter().take(*many)));
    // A whole that is small is not told itself.
    let is_nothing_told = enough.is_none() && whole >= FEW;
    let last =
        enough.map_or(u64::MAX, |many| large.iter().take(many).map(|(_, count)| *count).max().unwrap_or(0));
    // One as large as the last of them would tell how large that is.
    let beside: Vec<usize> =
        large.iter().filter(|(_, count)| *count <= last).map(|(place, _)| *place).collect();
    parts
        .iter()
        .enumerate()
        .map(|(place, (label, count))| {
            let is_hidden = beside.contains(&place) || (is_nothing_told && *count > 0);
            let shown = if is_hidden { Shown::Hidden } else { alone(*count) };
            Cell { label: label.clone(), shown }
        })
        .collect()
}

/// Every one of these parts of a whole can be told.
#[must_use]
pub fn is_told(cells: &[Cell]) -> bool {
    cells.iter().all(|cell| cell.shown.is_told())
}

const fn is_small(count: u64) -> bool {
    count > 0 && count < FEW
}

/// The sum of these small parts, and of the larger ones that are hidden beside them, leaves each of them open.
fn is_open<'a>(small: &[u64], beside: impl Iterator<Item = &'a (usize, u64)>) -> bool {
    let beside: Vec<u64> = beside.map(|(_, count)| *count).collect();
    if small.is_empty() {
        return true;
    }
    if beside.is_empty() {
        return small.len() > 1
            && small.iter().any(|count| *count > 1)
            && small.iter().any(|count| *count < FEW - 1);
    }
    small.iter().any(|count| *count > 1) || beside.iter().any(|count| *count > FEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(counts: &[u64]) -> Vec<String> {
        let named: Vec<(String, u64)> = counts.iter().map(|count| (String::new(), *count)).collect();
        parts(&named).into_iter().map(|cell| cell.shown.to_string()).collect()
    }

    #[test]
    fn no_small_cell_can_be_read_or_worked_out() {
        for (counts, expected) in [
            (vec![10, 20, 5], vec!["10", "20", "5"]),
            (vec![10, 20, 0], vec!["10", "20", "0"]),
            (vec![10, 20, 4], vec!["not shown", "20", "under 5"]),
            (vec![3, 20, 1], vec!["under 5", "20", "under 5"]),
            (vec![1, 20, 1, 9], vec!["under 5", "20", "under 5", "not shown"]),
            (vec![4, 20, 4], vec!["under 5", "not shown", "under 5"]),
            (vec![3, 0, 0], vec!["under 5", "0", "0"]),
            (vec![3, 5, 5, 9], vec!["under 5", "not shown", "not shown", "9"]),
            (vec![2, 1], vec!["under 5", "under 5"]),
            // What is hidden is as small as it can be: whoever knows the sum would know each.
            (vec![5, 1, 9], vec!["not shown", "under 5", "not shown"]),
            (vec![5, 1, 1, 5, 30], vec!["not shown", "under 5", "under 5", "not shown", "not shown"]),
            (vec![5, 1, 0], vec!["not shown", "not shown", "0"]),
            (vec![4, 4], vec!["not shown", "not shown"]),
            (vec![], vec![]),
        ] {
            assert_eq!(shown(&counts), expected, "{counts:?}");
        }
        assert_eq!(
            [alone(0), alone(1), alone(4), alone(5)],
            [Shown::Told(0), Shown::Few, Shown::Few, Shown::Told(5)]
        );
    }
}
