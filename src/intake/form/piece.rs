//! The pieces a body falls into before anybody asks what they mean: lines, and rows of cells.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::intake::quick;

/// Where a piece stood, for a person to find it again.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// `text`, `html`, or the name of an attachment.
    pub(crate) part: Cow<'static, str>,
    /// `line` or `row`.
    pub(crate) unit: &'static str,
    /// Counted from 1.
    pub(crate) number: usize,
}

masked!(Place);

impl Place {
    /// In words: `text line 12`.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.part.len() + self.unit.len() + 8);
        for part in [&*self.part, " ", self.unit, " "] {
            shown.push_str(part);
        }
        // Writing to a string cannot fail.
        let _ = write!(shown, "{}", self.number);
        shown
    }
}

/// How a line was set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dress {
    /// Plain text: nothing is known.
    Unknown,
    /// Bold, a heading, a table head, a term.
    Strong,
    /// In markup, and not strong.
    Light,
}

/// A line or a row.
#[derive(Clone)]
pub(crate) enum Piece<'a> {
    /// A line; empty for a blank one. A cell that stands alone in its row keeps its line breaks.
    Line {
        /// The words.
        text: Cow<'a, str>,
        /// How they were set.
        dress: Dress,
        /// Where.
        place: Place,
    },
    /// A row of at least two filled cells, or of a table that has such rows.
    Row {
        /// The table it belongs to.
        table: usize,
        /// Its cells, empty ones kept.
        cells: Vec<String>,
        /// Where.
        place: Place,
    },
}

masked!(Piece<'_>);

/// The most pieces of one body that are looked at.
pub(crate) const MOST_PIECES: usize = 20_000;

/// The longest line that is kept; the rest is cut.
const LONGEST: usize = 8_000;

/// Cuts plain text into lines; a line with two or more cell separators is a row.
pub(crate) fn of_text<'a>(text: &'a str, part: &'static str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::with_capacity(64);
    let mut table = 0;
    let mut in_table = false;
    let has_cells = has_cells(text);
    for (number, line) in (1..).zip(lines(text)).take(MOST_PIECES) {
        if let Some(cells) = if has_cells { cells_of(line) } else { None } {
            if is_rule(line) {
                continue;
            }
            table += usize::from(!in_table);
            in_table = true;
            pieces.push(Piece::Row {
                table,
                cells,
                place: Place { part: Cow::Borrowed("table"), unit: "row", number },
            });
        } else if in_table && line.trim_start().starts_with('+') && is_rule(line.trim()) {
            // The edge of a table, or what is drawn between its rows.
        } else {
            in_table = false;
            let line = line.trim();
            let text = if line.len() <= LONGEST { Cow::Borrowed(line) } else { Cow::Owned(cut(line)) };
            pieces.push(Piece::Line {
                text,
                dress: if is_starred(line) { Dress::Strong } else { Dress::Unknown },
                place: Place { part: Cow::Borrowed(part), unit: "line", number },
            });
        }
    }
    pieces
}

/// A line that is set strong as plain text sets it: `*What is your name?*`.
fn is_starred(line: &str) -> bool {
    let inner = line.strip_prefix('*').and_then(|rest| rest.strip_suffix('*'));
    inner.is_some_and(|inner| {
        let inner = inner.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')).unwrap_or(inner);
        !inner.contains('*') && inner.starts_with(|c: char| !c.is_whitespace()) && !inner.ends_with(' ')
    })
}

/// Whether there is a sign in a text that parts cells.
pub(crate) fn has_cells(text: &str) -> bool {
    memchr::memchr2(b'|', b'\t', text.as_bytes()).is_some()
}

/// Lines, whatever ends them: LF, CRLF, CR, or the Unicode separators.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    // Most texts know one line end only; the others are looked for once.
    let is_lone = |pair: &[u8]| matches!(pair, [b'\r', next] if *next != b'\n');
    let returns = quick::find(text, b'\r').is_some()
        && (text.ends_with('\r') || text.as_bytes().windows(2).any(is_lone));
    let others = returns || !text.is_ascii() && WIDE_ENDS.iter().any(|end| text.contains(*end));
    quick::lines(text).flat_map(move |line| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut whole = (!others).then_some(line).into_iter();
        let mut parts =
            others.then(|| line.split(['\r', '\u{85}', '\u{2028}', '\u{2029}'])).into_iter().flatten();
        std::iter::from_fn(move || whole.next().or_else(|| parts.next()))
    })
}

/// Line ends outside ASCII.
const WIDE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

pub(super) fn cells_of(line: &str) -> Option<Vec<String>> {
    if !has_cells(line) {
        return None;
    }
    let bars = line.bytes().filter(|b| *b == b'|').count();
    let tabs = line.trim().bytes().filter(|b| *b == b'\t').count();
    let separator = if bars >= 2 {
        '|'
    } else if tabs >= 2 {
        '\t'
    } else {
        return None;
    };
    let line = line.trim();
    let line = if separator == '|' { line.strip_prefix('|').unwrap_or(line) } else { line };
    let line = if separator == '|' { line.strip_suffix('|').unwrap_or(line) } else { line };
    Some(line.split(separator).take(100).map(|cell| cut(cell.trim())).collect())
}

/// A line of nothing but drawing: `-----`, `=====`, `|---|---|`.
pub(crate) fn is_rule(line: &str) -> bool {
    if !line.starts_with(['-', '=', '_', '*', '~', '#', '—', '–', '─', '+', '|', ':', '>']) {
        return false;
    }
    let drawn = line
        .chars()
        .filter(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '#' | '—' | '–' | '─' | '+'))
        .count();
    drawn >= 3
        && line.chars().all(|c| {
            matches!(
                c,
                '-' | '=' | '_' | '*' | '~' | '#' | '—' | '–' | '─' | '+' | '|' | ':' | ' ' | '\t' | '>'
            )
        })
}

/// The line, at most [`LONGEST`] characters of it.
pub(crate) fn cut(line: &str) -> String {
    if line.len() <= LONGEST { line.to_owned() } else { line.chars().take(LONGEST).collect() }
}
