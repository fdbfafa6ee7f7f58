//! Small cells: a count under five in a sheet that leaves the house could point at one person, and is not shown.

use serde::Serialize;

/// Fewer than this are not told.
const FEW: u64 = 5;

/// A line of a table that leaves the house.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Cell {
    /// What was counted.
    pub label: String,
    /// The count, or words for why it is not told.
    pub shown: String,
}

/// A count that stands alone, fit to leave the house. Nothing at all points at nobody.
#[must_use]
pub fn alone(count: u64) -> String {
    if count > 0 && count < FEW { format!("under {FEW}") } else { count.to_string() }
}

/// The parts of one whole, fit to leave the house: where the whole minus the rest would tell a part that is too small to
/// be told, the next larger one is not told either. It tells one that stands alone, and several that are all as small or
/// as large as such a part can be.
#[must_use]
pub fn parts(parts: &[(String, u64)]) -> Vec<Cell> {
    let is_small = |count: u64| count > 0 && count < FEW;
    let small: Vec<u64> = parts.iter().map(|(_, count)| *count).filter(|count| is_small(*count)).collect();
    let is_told = small.len() == 1
        || (!small.is_empty()
            && (small.iter().all(|one| *one == 1) || small.iter().all(|one| *one == FEW - 1)));
    let beside =
        parts.iter().enumerate().filter(|(_, (_, count))| *count >= FEW).min_by_key(|(_, (_, count))| *count);
    let hidden = beside.map(|(place, _)| place).filter(|_| is_told);
    parts
        .iter()
        .enumerate()
        .map(|(place, (label, count))| {
            let shown = if hidden == Some(place) { "not shown".to_owned() } else { alone(*count) };
            Cell { label: label.clone(), shown }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(counts: &[u64]) -> Vec<String> {
        let named: Vec<(String, u64)> = counts.iter().map(|count| (String::new(), *count)).collect();
        parts(&named).into_iter().map(|cell| cell.shown).collect()
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
            (vec![], vec![]),
        ] {
            assert_eq!(shown(&counts), expected, "{counts:?}");
        }
        assert_eq!([alone(0), alone(1), alone(4), alone(5)], ["0", "under 5", "under 5", "5"]);
    }
}
