//! Rows of cells: each table is asked first whether it is one of ticks, or has a column for each person.

use super::super::above::{self, Above};
use super::super::columns::{self, Heads};
use super::super::entry::Item;
use super::super::matrix::{self, Matrix};
use super::super::piece::Piece;
use super::super::table;
use super::Scan;

impl Scan<'_> {
    /// Rows of one table that follow each other; a row of one cell is a line and parts them.
    pub(super) fn rows(&mut self, table: usize, rows: &[Piece<'_>], at: usize) {
        let before = self.pieces.get(..at).unwrap_or_default().iter().rev();
        let mut above = before.take(3).map_while(|piece| match piece {
            Piece::Line { text, .. } => Some(&**text),
            Piece::Row { .. } => None,
        });
        let above = above.find(|text| !text.is_empty()).unwrap_or_default();
        self.matrix.take_if(|matrix| matrix.table != table);
        let listed = above::above(above);
        if listed == Above::Anybody && self.columns(table, rows, at) {
            return;
        }
        // Rows that are no ticks are read together.
        let mut plain = 0;
        for (at, row) in rows.iter().enumerate() {
            let Piece::Row { cells, place, .. } = row else { continue };
            let said = if let Some(matrix) = Matrix::begins(table, cells, above, at == 0) {
                self.matrix = Some(matrix);
                Some(Vec::new())
            } else {
                let below = self.matrix.as_ref().and_then(|matrix| matrix.answer(cells, place));
                below.or_else(|| matrix::stray_tick(cells, place).map(|item| vec![item]))
            };
            if let Some(items) = said {
                table::read(rows.get(plain..at).unwrap_or_default(), listed, &mut self.items);
                self.items.extend(items);
                plain = at + 1;
            }
        }
        table::read(rows.get(plain..).unwrap_or_default(), listed, &mut self.items);
    }

    /// Rows below people who stand above their columns; whether they are such.
    fn columns(&mut self, table: usize, rows: &[Piece<'_>], at: usize) -> bool {
        self.heads.take_if(|heads| heads.table != table);
        if let Some((heads, below)) = head(table, rows) {
            self.items.extend(heads.items(below));
            self.heads = Some(heads).filter(Heads::is_of_one);
            return true;
        }
        if are_unsure(rows) {
            self.items.push(Item::SideBySide);
            return false;
        }
        match &self.heads {
            Some(heads) => self.items.extend(heads.items(rows)),
            None => return self.drawn(at),
        }
        true
    }

    /// The same where lines draw the table, from its first row on.
    pub(super) fn drawn(&mut self, at: usize) -> bool {
        let Some(drawn) = columns::tabbed(self.pieces, at) else {
            if columns::is_unsure(self.pieces, at) && !matches!(self.items.last(), Some(Item::SideBySide)) {
                self.items.push(Item::SideBySide);
            }
            return false;
        };
        // The heads were taken for a label with its value.
        let head = drawn.head.shown();
        self.open.take_if(|open| open.place == head);
        self.close();
        self.items.pop_if(|item| matches!(item, Item::Entry(entry) if entry.place == head));
        self.items.extend(drawn.heads.items(&drawn.rows));
        self.read_to = at + drawn.taken;
        true
    }
}

/// Who stands above the columns of a table, and the rows below them.
fn head<'r, 'p>(table: usize, rows: &'r [Piece<'p>]) -> Option<(Heads, &'r [Piece<'p>])> {
    let (Piece::Row { cells, .. }, below) = rows.split_first()? else { return None };
    let Piece::Row { cells: next, .. } = below.first()? else { return None };
    // Where nothing stands above what is asked, the stroke behind it may be taken for the edge of the table.
    let heads = if next.len() == cells.len() + 1 {
        let heads: Vec<&str> = cells.iter().map(String::as_str).collect();
        Heads::named(table, &heads, next.first().map(String::as_str))
    } else {
        Heads::of(table, cells, next.first().map(String::as_str))
    };
    Some((heads?, below))
}

/// Whether somebody of whom nobody knows who they are stands above the columns beside the client.
fn are_unsure(rows: &[Piece<'_>]) -> bool {
    let [Piece::Row { cells, .. }, Piece::Row { cells: next, .. }, ..] = rows else { return false };
    if next.len() == cells.len() + 1 {
        let titled: Vec<String> = std::iter::once(String::new()).chain(cells.iter().cloned()).collect();
        return Heads::are_unsure(&titled, next.first().map(String::as_str));
    }
    Heads::are_unsure(cells, next.first().map(String::as_str))
}
