//! A table of simple HTML: one line a cell, columns as wide as their widest cell.

use super::super::WIDTH;
use super::words::{Line, decoded};
use crate::intake::quick::{self, is_even};

/// A table while its rows are read.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) in_row: bool,
    pub(super) in_cell: bool,
}

#[derive(Default)]
pub(super) struct Cell {
    line: Line,
    /// The width the long way gives it: of each text by itself, with one for white space before it.
    width: usize,
    /// Letters in it may take more or less than one column: the width is no less than theirs.
    is_wide: bool,
}

impl Table {
    /// Its lines; `None` when the long way would break them. A column without any text is not there.
    pub(super) fn lines(&self) -> Option<Vec<String>> {
        let rows = &self.rows;
        let mut widths: Vec<usize> = Vec::new();
        for (column, cell) in rows.iter().flat_map(|row| row.iter().enumerate()) {
            match widths.get_mut(column) {
                Some(width) => *width = cell.width.max(*width),
                None => widths.push(cell.width),
            }
        }
        // Nothing stands behind the last column, so that its padding is not seen.
        let inner = widths.len().saturating_sub(1);
        if rows.iter().any(|row| row.iter().take(inner).any(|cell| cell.is_wide)) {
            return None;
        }
        let fits = widths.iter().sum::<usize>() + widths.len() <= WIDTH;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|row| row.iter().any(|cell| cell.line.chars > 0)) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
                line.push_str(&cell.line.text);
                let padding = width.checked_sub(cell.line.chars)?;
                line.extend(std::iter::repeat_n(' ', padding + 1));
            }
            line.truncate(line.trim_end().len());
            lines.push(line);
        }
        fits.then_some(lines)
    }
}

impl Cell {
    /// Adds text between two tags.
    pub(super) fn words(&mut self, text: &str) -> Option<()> {
        if is_even(text) && quick::find(text, b'&').is_none() {
            self.width += text.len();
            return self.line.words(text);
        }
        let (mut width, mut gap, mut is_known) = (0, false, true);
        decoded(text, |c| {
            let is_gap = c.is_whitespace() && c != '\u{a0}';
            if !is_gap {
                width += 1 + usize::from(gap);
            }
            gap = is_gap;
            if !has_one_column(c) {
                is_known &= is_wide(c);
                self.is_wide = true;
                width += 1;
            }
            self.line.push(c);
        })?;
        self.width += width;
        is_known.then_some(())
    }
}

/// Letters of other scripts, of at most two columns: Hebrew, Arabic, Chinese, Japanese, Korean.
const fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Scripts whose every letter takes one column.
const fn has_one_column(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7e}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}' | '\u{20a0}'..='\u{20bf}')
}
