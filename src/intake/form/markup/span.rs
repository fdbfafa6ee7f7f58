//! Cells that reach over several rows: what stands in one stands in each of its rows.

use super::Run;

/// The most cells of one page that are set again in a row below; behind them the others move up, as if they reached
/// nowhere.
const MOST: usize = 4_000;
/// The longest text that is set again, in bytes; a longer one is a gap there.
const LONGEST: usize = 300;
/// The most rows that a cell reaches over.
const MOST_ROWS: usize = 1_000;

/// The cells of a table that reach into the row to come, by their columns.
#[derive(Default)]
pub(super) struct Spans(Vec<Span>);

struct Span {
    column: usize,
    run: Run,
}

impl Spans {
    /// A whole row: its own cells, and those from above in their columns. `repeats` counts the cells set again.
    pub(super) fn laid(&mut self, own: Vec<Run>, repeats: &mut usize) -> Vec<Run> {
        // A row is ended by its end and by the start of the next.
        if own.is_empty() || self.0.is_empty() && own.iter().all(|run| run.below == 0) {
            return own;
        }
        let mut above = std::mem::take(&mut self.0).into_iter().peekable();
        let mut own = own.into_iter();
        let mut row = Vec::new();
        loop {
            let reaches = above.next_if(|span| span.column <= row.len());
            let Some(run) = reaches.map(|span| span.run).or_else(|| own.next()) else { break };
            self.reach(row.len(), &run, repeats);
            row.push(run);
        }
        // A row that is too short for what reaches into it; the last of these stand behind its end.
        for span in above {
            self.reach(span.column, &span.run, repeats);
        }
        row
    }

    fn reach(&mut self, column: usize, run: &Run, repeats: &mut usize) {
        if run.below > 0 && *repeats < MOST {
            *repeats += 1;
            self.0.push(Span { column, run: run.in_row_below(LONGEST) });
        }
    }
}

/// The rows below its own that a cell reaches into, by its attributes in lower case.
pub(super) fn rows_below(attributes: &str) -> usize {
    let Some((_, value)) = attributes.split_once("rowspan") else { return 0 };
    let value = value.trim_start().trim_start_matches(['=', '"', '\'', ' ']);
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let rows: usize = value.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or(1);
    rows.min(MOST_ROWS).saturating_sub(1)
}
