//! HTML → pieces: what a reader would see, line by line and row by row, with what was set strong.
//!
//! Not a browser: one pass over the tags, linear and bounded, nothing is fetched. Hidden text, scripts, styles and
//! quoted mails are not read (a field smuggled into a quote fills nothing, RELIABILITY M25).

mod dressed;
mod pictures;
mod run;
mod sheet;
mod skip;
mod span;

use super::drawn;
use super::entity::entity;
use super::label;
use super::piece::{Dress, MOST_PIECES, Piece, Place, cut};
use super::saying::{self, Saying};
use crate::intake::html::names;
use crate::intake::quick;
use dressed::{Nest, STRUCK, Shade, is_strong, is_struck, shade};
use run::Run;
use sheet::Sheet;
use skip::{Inside, Skip, is_hidden, is_unread};
use span::{Spans, rows_below};

/// The most HTML that is read, in bytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Tables inside tables beyond this depth are read as plain lines.
const DEEPEST: usize = 40;

/// What HTML shows, and what it hides.
pub(crate) struct Page {
    /// What a reader would see.
    pub(crate) pieces: Vec<Piece<'static>>,
    /// The text of hidden elements, a line an element.
    pub(crate) hidden: String,
    /// The lines of which something is shown so small or so pale that hardly a reader sees it; they stand in the pieces
    /// too.
    pub(crate) faint: String,
}

/// Cuts HTML into pieces.
pub(crate) fn of_html(html: &str) -> Page {
    let mut reader = Reader::default();
    let mut rest = html;
    if rest.len() > MOST_BYTES {
        rest = html
            .get(..MOST_BYTES)
            .or_else(|| html.get(..MOST_BYTES - 1))
            .or_else(|| html.get(..MOST_BYTES - 2))
            .unwrap_or("");
    }
    reader.sheet = Sheet::of(rest);
    while !rest.is_empty() && !reader.done && reader.pieces.len() < MOST_PIECES {
        let (text, from) = match quick::find(rest, b'<') {
            Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
            None => (rest, ""),
        };
        match &reader.skip {
            None => reader.text(text),
            Some(skip) if skip.is_hidden => reader.hide(text),
            Some(_) => {}
        }
        rest = reader.tag(from);
    }
    reader.finish()
}

/// A table that is being read.
struct Frame {
    table: usize,
    row: usize,
    cells: Vec<Run>,
    /// The cell that is open.
    cell: Option<Run>,
    /// This row holds a table: its cells only lay out the page.
    layout: bool,
    /// Cells of rows above that reach into this one.
    spans: Spans,
}

#[derive(Default)]
struct Reader {
    pieces: Vec<Piece<'static>>,
    line: Run,
    frames: Vec<Frame>,
    tables: usize,
    /// The open tags that set text strong.
    strong: Nest<()>,
    /// Those that strike it out.
    struck: Nest<()>,
    /// Those that set its colour, its ground or its size.
    shades: Nest<Shade>,
    /// Those that a style sheet hides, or sets other words beside.
    unseen: Nest<()>,
    sheet: Sheet,
    /// The element whose content is not read.
    skip: Option<Skip>,
    /// The text of what was hidden.
    hidden: String,
    /// The lines in which something is hard to see.
    faint: String,
    /// Cells that were set again in rows below their own.
    repeats: usize,
    done: bool,
}

/// The most text that is kept of what is hidden or hard to see, in bytes.
const MOST_HIDDEN: usize = 64 * 1024;

impl Reader {
    fn text(&mut self, text: &str) {
        let is_faint = self.unseen.is_open() || self.shades.innermost().is_some_and(|shade| shade.is_faint());
        let (strong, is_struck) = (self.strong.is_open(), self.struck.is_open());
        let run = self.run();
        run.faint |= is_faint && !text.trim().is_empty();
        if is_struck && !text.trim().is_empty() {
            let words = text.split_whitespace().map(|word| [word, STRUCK].concat());
            run.push(&words.collect::<Vec<_>>().join(" "), strong);
            return;
        }
        let mut rest = text;
        while let Some(at) = quick::find(rest, b'&') {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            run.push(before, strong);
            let (c, after) = entity(from);
            run.push(c.encode_utf8(&mut [0; 4]), strong);
            rest = after;
        }
        run.push(rest, strong);
    }

    /// Keeps a text that is not shown.
    fn hide(&mut self, text: &str) {
        if self.hidden.len() + text.len() > MOST_HIDDEN {
            return;
        }
        push_decoded(&mut self.hidden, text);
    }

    /// Where text goes now: the open cell, or the line.
    fn run(&mut self) -> &mut Run {
        if let Some(Frame { cell: Some(cell), layout: false, .. }) = self.frames.last_mut() {
            return cell;
        }
        &mut self.line
    }

    fn in_cell(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { cell: Some(_), layout: false, .. }))
    }

    /// Reads the tag at the start and hands back what follows it.
    fn tag<'t>(&mut self, from: &'t str) -> &'t str {
        let Some(body) = from.strip_prefix('<') else { return from };
        if let Some(comment) = body.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, after)| after);
        }
        let closing = body.starts_with('/');
        let named = body.strip_prefix('/').unwrap_or(body);
        if !named.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?')) {
            if self.skip.is_none() {
                self.run().push("<", false);
            }
            return body;
        }
        let (inside, after) = tag_end(named);
        let name_end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at_checked(name_end).unwrap_or((inside, ""));
        let name = quick::lowered(name);
        if let Some(skip) = self.skip.as_mut() {
            // Cells of a row stay beside each other, everything else stands on a line of its own.
            let parts = if matches!(&*name, "td" | "th") { "\t" } else { "\n" };
            let inside = skip.tag(&name, closing);
            if skip.is_hidden && !matches!(&*name, "b" | "strong" | "span" | "font" | "i" | "em" | "a") {
                self.hide(parts);
            }
            match inside {
                Inside::Skipped => return after,
                Inside::Ended => {
                    self.skip = None;
                    return after;
                }
                Inside::Read => self.skip = None,
            }
        }
        if closing {
            self.close(&name);
        } else {
            self.open(&name, attributes);
        }
        after
    }

    fn open(&mut self, name: &str, attributes: &str) {
        // Most tags have nothing to say beyond their name.
        let attributes =
            if attributes.trim().len() < 4 { String::new() } else { attributes.to_ascii_lowercase() };
        if !attributes.is_empty() && is_end(&attributes) {
            self.done = true;
            return;
        }
        let is_closed = attributes.ends_with('/');
        let is_foreign = name == "svg" || name.contains(':');
        let is_hidden = is_hidden(name, &attributes) && !(is_closed && is_foreign);
        if is_hidden || !is_closed && is_unread(name, &attributes) {
            self.skip = Some(Skip { name: name.to_owned(), depth: 1, tables: 0, is_hidden });
            return;
        }
        match name {
            "table" => self.table(),
            "tr" => self.row(),
            "td" | "th" => self.cell(&attributes),
            "br" => self.line_break(),
            "li" => self.block(", "),
            "img" => self.picture(&attributes),
            "input" if pictures::is_open_box(&attributes) => self.open_box(),
            "p" | "div" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "dd" | "section"
            | "article" | "header" | "footer" | "hr" | "pre" | "form" | "fieldset" | "legend" | "center"
            | "blockquote" | "dl" | "address" | "body" => self.block("\n"),
            _ => {}
        }
        let tables = self.frames.len();
        if tables < DEEPEST {
            self.strong.ended_by(name, tables);
            self.struck.ended_by(name, tables);
            self.unseen.ended_by(name, tables);
            self.shades.ended_by(name, tables);
        }
        self.strong.open(name, tables, is_strong(name, &attributes).then_some(()));
        let does = self.sheet.does(name, &attributes);
        self.struck.open(name, tables, (does.strikes || is_struck(name, &attributes)).then_some(()));
        self.unseen.open(name, tables, does.hides.then_some(()));
        self.shades.open(name, tables, shade(&attributes, self.shades.innermost()));
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => {
                self.end_row();
                self.flush();
                self.frames.pop();
            }
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.block("\n");
                if !self.in_cell() {
                    self.blank();
                }
            }
            "li" if self.in_cell() => {}
            "div" | "li" | "ul" | "ol" | "dt" | "dd" | "section" | "article" | "header" | "footer"
            | "pre" | "form" | "fieldset" | "legend" | "center" | "blockquote" | "dl" | "address" => {
                self.block("\n");
            }
            _ => {}
        }
        self.strong.close(name);
        self.struck.close(name);
        self.unseen.close(name);
        self.shades.close(name);
    }

    fn line_break(&mut self) {
        if self.in_cell() {
            self.run().newline("\n");
        } else if self.line.text.is_empty() {
            self.blank();
        } else {
            self.flush();
        }
    }

    fn block(&mut self, with: &str) {
        if self.in_cell() { self.run().newline(with) } else { self.flush() }
    }

    fn blank(&mut self) {
        let place = self.place("line");
        self.pieces.push(Piece::Line { text: "".into(), dress: Dress::Light, place });
    }

    fn place(&self, unit: &'static str) -> Place {
        Place { part: "html".into(), unit, number: self.pieces.len() + 1 }
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.line);
        self.emit(&run, "line");
    }

    fn emit(&mut self, run: &Run, unit: &'static str) {
        // Gravity Forms puts a link to a map below every address.
        let text = run.text.trim();
        let text = text.strip_suffix("Map It").map_or(text, str::trim_end);
        if text.is_empty() {
            return;
        }
        if run.faint {
            self.note_faint(text);
        }
        let place = self.place(unit);
        self.pieces.push(Piece::Line { text: cut(text).into(), dress: run.dress(), place });
    }

    /// What stands in place of a picture is no answer: whoever sees the picture does not see the words.
    fn picture(&mut self, attributes: &str) {
        if let Some(words) = pictures::answer(attributes) {
            self.note_faint(words);
        }
    }

    /// What stands beside a box that nobody ticked was not chosen.
    fn open_box(&mut self) {
        let run = self.run();
        run.push(pictures::BOX, false);
        run.faint = true;
    }

    fn note_faint(&mut self, line: &str) {
        if self.faint.len() + line.len() <= MOST_HIDDEN {
            self.faint.extend([line, "\n"]);
        }
    }

    fn table(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.layout = true;
            let mut runs = std::mem::take(&mut frame.cells);
            runs.extend(frame.cell.replace(Run::default()));
            self.flush();
            for run in &runs {
                self.emit_lines(run);
            }
        }
        self.flush();
        if self.frames.len() < DEEPEST {
            self.tables += 1;
            self.frames.push(Frame {
                table: self.tables,
                row: 0,
                cells: Vec::new(),
                cell: None,
                layout: false,
                spans: Spans::default(),
            });
        }
    }

    fn row(&mut self) {
        self.end_row();
        if let Some(frame) = self.frames.last_mut() {
            frame.row += 1;
        }
    }

    fn cell(&mut self, attributes: &str) {
        self.end_cell();
        if let Some(frame) = self.frames.last_mut() {
            frame.cell = Some(Run::cell(rows_below(attributes)));
        }
    }

    fn end_cell(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.layout {
            self.flush();
        } else if let Some(cell) = frame.cell.take()
            && frame.cells.len() < 200
        {
            frame.cells.push(cell);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(frame) = self.frames.last_mut() else { return };
        let runs = frame.spans.laid(std::mem::take(&mut frame.cells), &mut self.repeats);
        frame.cell = None;
        if frame.layout {
            frame.layout = false;
            return;
        }
        let (table, row) = (frame.table, frame.row);
        let filled: Vec<&Run> = runs.iter().filter(|run| !run.text.trim().is_empty()).collect();
        let is_labelled =
            |line: &str| matches!(saying::of(line), Saying::Labelled(label, _) if label.meaning.is_some());
        // Nearly every cell on the left is a label and nothing else, and ends like one.
        let is_label = |text: &str| {
            quick::find(text, b':').is_some_and(|at| at + 1 == text.len()) && !text.contains('\n')
        };
        let holds_value = |run: &&Run| !is_label(&run.text) && run.text.lines().any(is_labelled);
        match filled.as_slice() {
            [] => {}
            [one] if one.text.trim().contains('\n') => self.emit(one, "row"),
            [one] => self.emit(one, "row"),
            [left, ..] if holds_value(left) && label::exact(left.text.trim()).is_none() => {
                let runs: Vec<Run> = filled.into_iter().cloned().collect();
                for run in &runs {
                    self.emit_lines(run);
                }
            }
            _ => {
                let cells: Vec<String> = runs.iter().map(|run| cut(run.text.trim())).collect();
                // White heads of tables stand on a colour that only the style sheet knows.
                if runs.iter().any(|run| run.faint && label::exact(run.text.trim()).is_none()) {
                    self.note_faint(&cells.join("\t"));
                }
                self.pieces.push(Piece::Row {
                    table,
                    cells,
                    place: Place { part: "table".into(), unit: "row", number: row },
                });
            }
        }
    }

    fn emit_lines(&mut self, run: &Run) {
        for line in run.text.lines() {
            self.emit(&run.line(line), "line");
        }
    }

    fn finish(mut self) -> Page {
        for _ in 0..self.frames.len() {
            self.close("table");
        }
        self.flush();
        Page { pieces: drawn::as_rows(self.pieces), hidden: self.hidden, faint: self.faint }
    }
}

/// Adds a text with its entities decoded.
fn push_decoded(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, from)) = quick::find(rest, b'&').and_then(|at| rest.split_at_checked(at)) {
        to.push_str(before);
        let (c, after) = entity(from);
        to.push(c);
        rest = after;
    }
    to.push_str(rest);
}

/// The inside of a tag and what follows it; a `>` inside quotes does not end it, unless the quote never closes.
fn tag_end(named: &str) -> (&str, &str) {
    // Hardly any tag has a quote in it.
    if let Some((inside, after)) =
        quick::parted(named, b'>').filter(|(inside, _)| !inside.contains(['"', '\'']))
    {
        return (inside, after);
    }
    let mut quote = None;
    for (at, c) in named.char_indices().take(20_000) {
        match (quote, c) {
            (None, '>') => {
                let (inside, after) = named.split_at_checked(at).unwrap_or((named, ""));
                return (inside, after.strip_prefix('>').unwrap_or(after));
            }
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    named.split_once('>').unwrap_or((named, ""))
}

/// From here on it is the mail that is answered.
fn is_end(attributes: &str) -> bool {
    names::RESTS.iter().any(|name| attributes.contains(name))
}
