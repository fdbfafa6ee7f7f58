//! Word documents: paragraphs are lines, tables are rows. What the author does not see is not read.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::form::piece::{Dress, MOST_PIECES, Piece, Place, cut};
use super::super::form::{Harvest, noted, of_pieces};
use super::{Context, MOST_CELLS, Unreadable, beside, entity};

/// The most bytes of the document's text part.
const MOST_XML: u64 = 20 * 1024 * 1024;

/// Reads the body of a DOCX file.
pub(super) fn docx(name: &str, bytes: &[u8], context: &Context) -> Result<Harvest, Unreadable> {
    let xml = document(bytes)?;
    let mut harvest = of_pieces(&pieces(name, &xml)?, context);
    let (asides, is_cut) = beside::heard(bytes);
    harvest.asides.extend(asides);
    Ok(noted(harvest, is_cut))
}

fn document(bytes: &[u8]) -> Result<String, Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let file = archive.by_name("word/document.xml").map_err(|_| Unreadable::Broken)?;
    if file.size() > MOST_XML {
        return Err(Unreadable::TooLarge);
    }
    let mut xml = Vec::new();
    file.take(MOST_XML + 1).read_to_end(&mut xml).map_err(|_| Unreadable::Broken)?;
    if u64::try_from(xml.len()).is_ok_and(|size| size > MOST_XML) {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(xml).map_err(|_| Unreadable::Broken)
}

/// What is open while the document is read.
struct Open<'a> {
    name: &'a str,
    pieces: Vec<Piece<'static>>,
    line: String,
    cells: Vec<String>,
    cell: String,
    /// Open tables; a table in a cell is read as that cell's lines.
    tables: usize,
    table: usize,
    row: usize,
    in_text: bool,
    /// Whether a run of text is open, and whether it is hidden.
    run: Option<bool>,
    /// What follows is how a run looked before somebody changed it.
    before_change: bool,
    /// Open parts that show nothing of what was filled in: the second way a text box is kept, a control's prompt.
    skipped: usize,
    /// Open content controls; true for one that still shows its prompt.
    controls: Vec<bool>,
    /// The box of an old form: what it was at first, and what it is.
    boxed: Option<bool>,
}

fn pieces(name: &str, xml: &str) -> Result<Vec<Piece<'static>>, Unreadable> {
    let mut reader = Reader::from_str(xml);
    let mut open = Open {
        name,
        pieces: Vec::new(),
        line: String::new(),
        cells: Vec::new(),
        cell: String::new(),
        tables: 0,
        table: 0,
        row: 0,
        in_text: false,
        run: None,
        before_change: false,
        skipped: 0,
        controls: Vec::new(),
        boxed: None,
    };
    while open.pieces.len() < MOST_PIECES {
        match reader.read_event().map_err(|_| Unreadable::Broken)? {
            Event::Start(tag) => {
                open.mark(&tag);
                open.start(tag.local_name().as_ref());
            }
            Event::Empty(tag) => {
                open.mark(&tag);
                open.empty(tag.local_name().as_ref());
            }
            Event::End(tag) => open.end(tag.local_name().as_ref()),
            Event::Text(text) if open.is_shown() => open.line.push_str(&text),
            Event::CData(text) if open.is_shown() => open.line.push_str(&text),
            Event::GeneralRef(name) if open.is_shown() => open.line.push(entity::character(&name)),
            Event::Eof => break,
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
    open.end("p");
    Ok(open.pieces)
}

/// A mark that is there is on, unless it says otherwise (ECMA-376 part 1 §17.17.4).
fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

impl Open<'_> {
    fn is_shown(&self) -> bool {
        self.in_text && self.skipped == 0 && self.run != Some(true) && !self.controls.contains(&true)
    }

    /// What a tag says by its attributes: boxes, and signs of a font of signs.
    fn mark(&mut self, tag: &BytesStart<'_>) {
        let said = |name: &str| {
            let found = tag.attributes().flatten().find(|one| one.key.local_name().as_ref() == name);
            found.map(|one| one.value.to_string())
        };
        match tag.local_name().as_ref() {
            "showingPlcHdr" => self.controls.last_mut().into_iter().for_each(|control| *control = true),
            "checkBox" => self.boxed = Some(false),
            "default" | "checked" if self.boxed.is_some() => {
                self.boxed = Some(is_on(said("val").as_deref()));
            }
            // A paragraph says it of its end alone, a run of its text.
            "vanish" if self.run.is_some() && !self.before_change => {
                self.run = Some(is_on(said("val").as_deref()));
            }
            "sym" => match said("char").unwrap_or_default().to_ascii_uppercase().as_str() {
                "F0FE" | "F0FD" | "F052" | "F054" | "F078" | "2612" | "2611" => self.line.push('☒'),
                "F0A8" | "F06F" | "F071" | "F0A3" | "2610" => self.line.push('☐'),
                _ => {}
            },
            _ => {}
        }
    }

    fn start(&mut self, tag: &str) {
        match tag {
            "t" => self.in_text = true,
            "r" => self.run = Some(false),
            "rPrChange" => self.before_change = true,
            "Fallback" => self.skipped += 1,
            "sdt" => self.controls.push(false),
            "tbl" => {
                self.tables += 1;
                if self.tables == 1 {
                    self.table += 1;
                    self.row = 0;
                }
            }
            _ => {}
        }
    }

    fn empty(&mut self, tag: &str) {
        match tag {
            "tab" => self.line.push('\t'),
            "br" | "cr" => self.end("p"),
            "p" if self.tables == 0 => self.push_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: &str) {
        match tag {
            "t" => self.in_text = false,
            "r" => self.run = None,
            "rPrChange" => self.before_change = false,
            "Fallback" => self.skipped = self.skipped.saturating_sub(1),
            "sdt" => drop(self.controls.pop()),
            "checkBox" => match self.boxed.take() {
                Some(true) => self.line.push('☒'),
                Some(false) => self.line.push('☐'),
                None => {}
            },
            "p" if self.skipped > 0 => {}
            "p" if self.tables == 0 => self.push_line(),
            "p" => {
                let line = std::mem::take(&mut self.line);
                if !line.trim().is_empty() && self.cell.len() < 20_000 {
                    if !self.cell.is_empty() {
                        self.cell.push('\n');
                    }
                    self.cell.push_str(line.trim());
                }
            }
            "tc" if self.tables == 1 && self.cells.len() < MOST_CELLS => {
                let cell = std::mem::take(&mut self.cell);
                self.cells.push(cut(&cell));
            }
            "tr" if self.tables == 1 => self.push_row(),
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn push_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let number = self.pieces.len() + 1;
        let place = Place { part: self.name.to_owned().into(), unit: "line", number };
        self.pieces.push(Piece::Line { text: cut(line.trim()).into(), dress: Dress::Unknown, place });
    }

    fn push_row(&mut self) {
        self.row += 1;
        let cells = std::mem::take(&mut self.cells);
        let place = Place { part: self.name.to_owned().into(), unit: "table row", number: self.row };
        let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        match filled.as_slice() {
            [] => {}
            // A form drawn as a grid: label and value in one cell.
            [one] => {
                let text = (*one).clone();
                self.pieces.push(Piece::Line { text: text.into(), dress: Dress::Unknown, place });
            }
            _ => self.pieces.push(Piece::Row { table: self.table, cells, place }),
        }
    }
}
