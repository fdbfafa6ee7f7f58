//! The short way from simple HTML to text: a letter's paragraphs and line breaks, a form's table of one line a cell.
//!
//! It gives the very text of the long way (a test holds it to that at random), without a tree and in one pass. At
//! anything it does not know for certain, a tag, a style that hides, a list, a table in a table, it gives up at once.

mod table;
mod words;

use std::sync::LazyLock;

use super::{WIDTH, names, sight};
use crate::intake::any_of::AnyOf;
use crate::intake::quick;
use table::{Cell, Table};
use words::Line;

/// The text of simple HTML in lines; `None` when the long way must be taken.
pub(super) fn text(html: &str) -> Option<String> {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(at) = quick::find(rest, b'<') {
        let (words, from) = rest.split_at_checked(at)?;
        page.words(words)?;
        rest = page.tag(from.strip_prefix('<')?)?;
    }
    page.words(rest)?;
    page.finish()
}

/// What may stand in a tag and change what is shown, or say what a mail program says with an element.
static TELLING: LazyLock<AnyOf> = LazyLock::new(|| {
    let hides = ["font-size", "font:", "white-space"];
    let lays_out = ["colspan", "rowspan", "border-top", "cite"];
    AnyOf::of(hides.into_iter().chain(sight::HIDING).chain(lays_out).chain(names::telling()))
});

/// Elements in each other; deeper nesting is for the long way, which bounds it.
const DEEPEST: usize = 50;

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts about a page that have nothing to do with each other"
)]
struct Page {
    lines: Vec<String>,
    /// One of them has words.
    has_words: bool,
    line: Line,
    /// A paragraph ended: the next text begins below a blank line.
    ended: bool,
    /// The blocks that are open.
    open: Vec<Open>,
    table: Option<Table>,
    in_head: bool,
    /// The body was closed: what follows all the same is put into it by the long way.
    closed: bool,
}

struct Open {
    block: Block,
    /// Something stands in it: one without is not there at all, but for a header.
    begun: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Paragraph,
    Division,
    /// Of this level: its lines begin with as many signs.
    Header(usize),
    /// No block but words set in some way, by its place in [`INLINE`].
    Inline(usize),
}

/// Elements that set words and change nothing of the layout. The first four are there though they are empty.
const INLINE: [&str; 9] = ["b", "strong", "i", "em", "u", "font", "span", "small", "big"];

impl Page {
    /// Text between two tags.
    fn words(&mut self, text: &str) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        let is_blank = is_blank(text);
        if self.closed && !text.trim().is_empty() {
            return None;
        }
        self.in_head &= is_blank;
        match &mut self.table {
            Some(Table { rows, in_cell: true, .. }) => return rows.last_mut()?.last_mut()?.words(text),
            Some(_) => return is_blank.then_some(()),
            None => {}
        }
        self.begin();
        if self.ended {
            if is_blank {
                return Some(());
            }
            self.start_block();
        }
        self.line.words(text)
    }

    /// A tag; gives what follows it.
    fn tag<'t>(&mut self, from: &'t str) -> Option<&'t str> {
        let (inside, rest) = quick::parted(from, b'>')?;
        if inside.starts_with('!') {
            let is_type = inside.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!doctype"));
            return is_type.then_some(rest);
        }
        let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
        let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at_checked(name_end)?;
        let name = quick::lowered(name);
        let attributes = attributes.trim();
        if !attributes.is_empty() && (closes || !is_silent(&attributes.to_ascii_lowercase())) {
            return None;
        }
        if !closes && matches!(&*name, "style" | "title") {
            return behind(rest, &name).filter(|_| self.in_head);
        }
        if closes {
            self.close(&name)?;
        } else {
            self.open(&name)?;
        }
        Some(rest)
    }

    fn open(&mut self, name: &str) -> Option<()> {
        if self.closed {
            return None;
        }
        self.in_head = name == "head" || name == "meta" && self.in_head;
        if matches!(name, "b" | "strong" | "i" | "em" | "br" | "table") {
            self.begin();
        }
        if let (Some(place), None) = (inline(name), &self.table) {
            self.open.push(Open { block: Block::Inline(place), begun: true });
            return (self.open.len() < DEEPEST).then_some(());
        }
        let is_within_words = self.open.iter().any(|open| open.block != Block::Division);
        match (name, &mut self.table) {
            ("html" | "head" | "body", None) => (self.open.is_empty() && self.lines.is_empty()).then_some(()),
            ("meta", None) => self.in_head.then_some(()),
            (_, Some(table)) if inline(name).is_some() => table.in_cell.then_some(()),
            ("br", None) => {
                self.line_break();
                Some(())
            }
            ("p", None) => self.open_block(Block::Paragraph),
            ("div", None) => self.open_block(Block::Division),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", None) => self.open_block(Block::Header(level(name)?)),
            ("table", None) if !is_within_words => {
                self.table = Some(Table::default());
                Some(())
            }
            ("tbody", Some(table)) => table.rows.is_empty().then_some(()),
            ("tr", Some(table)) => {
                table.rows.push(Vec::new());
                (table.in_row, table.in_cell) = (true, false);
                Some(())
            }
            ("td" | "th", Some(table)) if table.in_row => {
                table.rows.last_mut()?.push(Cell::default());
                table.in_cell = true;
                Some(())
            }
            _ => None,
        }
    }

    fn close(&mut self, name: &str) -> Option<()> {
        if let (Some(place), None) = (inline(name), &self.table) {
            return self.close_block(Block::Inline(place));
        }
        match (name, &mut self.table) {
            ("html" | "body", None) => {
                self.closed = true;
                Some(())
            }
            // Out of its place it is not there, and the words around it are one text.
            ("head", None) => (!self.ended).then_some(()),
            (_, Some(table)) if inline(name).is_some() => table.in_cell.then_some(()),
            ("p", None) => self.close_block(Block::Paragraph),
            ("div", None) => self.close_block(Block::Division),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", None) => self.close_block(Block::Header(level(name)?)),
            ("td" | "th", Some(table)) => std::mem::take(&mut table.in_cell).then_some(()),
            ("tr", Some(table)) => {
                table.in_cell = false;
                std::mem::take(&mut table.in_row).then_some(())
            }
            ("tbody", Some(table)) => (!table.in_row).then_some(()),
            ("table", Some(_)) => self.lay_out_table(),
            _ => None,
        }
    }

    /// Blocks within a header or a paragraph are for the long way.
    fn open_block(&mut self, block: Block) -> Option<()> {
        self.end_paragraph();
        let is_within_words =
            self.open.iter().any(|open| matches!(open.block, Block::Paragraph | Block::Header(_)));
        let is_known = !is_within_words && self.open.len() < DEEPEST;
        let begun = matches!(block, Block::Header(_));
        if begun {
            self.begin();
            self.start_block();
        }
        self.open.push(Open { block, begun });
        is_known.then_some(())
    }

    /// Something stands in the open blocks.
    fn begin(&mut self) {
        for at in 0..self.open.len() {
            let Some(open) = self.open.get_mut(at).filter(|open| !open.begun) else { continue };
            open.begun = true;
            match open.block {
                Block::Paragraph => self.start_block(),
                Block::Division => self.flush(),
                Block::Header(_) | Block::Inline(_) => {}
            }
        }
    }

    /// The start or the end of a block ends the paragraph in it.
    fn end_paragraph(&mut self) {
        if self.open.last().is_some_and(|last| last.block == Block::Paragraph) {
            self.end();
        }
    }

    fn close_block(&mut self, block: Block) -> Option<()> {
        if block == Block::Division {
            self.end_paragraph();
        }
        let is_last = self.open.last().is_some_and(|last| last.block == block);
        is_last.then(|| self.end())
    }

    /// Ends the innermost block. The last line of a paragraph waits for what comes next.
    fn end(&mut self) {
        let Some(Open { block, .. }) = self.open.last().filter(|last| last.begun) else {
            self.open.pop();
            return;
        };
        match block {
            Block::Paragraph => self.ended = true,
            Block::Division => self.flush(),
            Block::Header(_) => {
                self.flush();
                self.ended = true;
            }
            Block::Inline(_) => {}
        }
        self.open.pop();
    }

    fn start_block(&mut self) {
        self.flush();
        if self.has_words {
            self.lines.push(String::new());
        }
        self.ended = false;
    }

    fn line_break(&mut self) {
        if self.line.chars == 0 {
            self.push_line("");
            self.ended = false;
        }
        self.flush();
    }

    fn push_line(&mut self, text: &str) {
        let level = self.header().unwrap_or_default();
        let marks = if level > 0 { "#".repeat(level) + " " } else { String::new() };
        self.lines.push(marks + text);
        self.has_words |= level > 0 || !text.is_empty();
    }

    /// The level of the header that is open.
    fn header(&self) -> Option<usize> {
        self.open.iter().find_map(|open| match open.block {
            Block::Header(level) => Some(level),
            Block::Paragraph | Block::Division | Block::Inline(_) => None,
        })
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.chars > 0 {
            self.push_line(&line.text);
        }
    }

    fn lay_out_table(&mut self) -> Option<()> {
        let table = self.table.take()?;
        if table.rows.is_empty() {
            return Some(());
        }
        let lines = table.lines()?;
        self.start_block();
        self.has_words |= !lines.is_empty();
        self.lines.extend(lines);
        Some(())
    }

    fn finish(mut self) -> Option<String> {
        self.flush();
        while !self.open.is_empty() {
            self.end();
        }
        // The long way would break a line that is too long for it.
        if self.table.is_some() || self.lines.iter().any(|line| line.len() > WIDTH) {
            return None;
        }
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.len() + 1).sum());
        for line in &self.lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        Some(text)
    }
}

/// Nothing but white space and what stands for it.
fn is_blank(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('&') && text.split("&nbsp;").all(|text| text.trim().is_empty())
}

fn inline(name: &str) -> Option<usize> {
    INLINE.iter().position(|known| *known == name)
}

/// The level of a header by its name.
fn level(name: &str) -> Option<usize> {
    name.strip_prefix('h')?.parse().ok()
}

/// Whether attributes, in lower case, say nothing that changes what is shown.
fn is_silent(attributes: &str) -> bool {
    !attributes.contains(['&', '<'])
        && !attributes.ends_with('/')
        && has_closed_quotes(attributes)
        && !TELLING.is_in(attributes)
        && !sight::is_off(attributes)
}

/// A `>` within quotes would not have ended the tag.
fn has_closed_quotes(attributes: &str) -> bool {
    let count = |quote: u8| attributes.bytes().filter(|byte| *byte == quote).count();
    count(b'"') % 2 == 0 && count(b'\'') % 2 == 0
}

/// What follows the end of an element whose text is not shown.
fn behind<'t>(rest: &'t str, name: &str) -> Option<&'t str> {
    let (hidden, after) = rest.split_once("</")?;
    let end = after.get(..name.len()).filter(|end| end.eq_ignore_ascii_case(name));
    let after = after.get(name.len()..).filter(|_| end.is_some() && !hidden.contains("<!--"))?;
    after.strip_prefix('>')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{laid_out, remove_hidden};
    use super::*;

    const FORM: &str = "<html><head><style>td{padding:2px}</style></head>\r\n<body><h2>Referral</h2>\n<table>\n\
        <tr><td><b>Name:</b></td><td>Zo\u{eb} O&#x27;Hara</td></tr>\n<tr><td><b>Safe to call:</b></td><td></td></tr>\n</table>\n\
        <p><b>Summary:</b><br>\nfirst line<br>\nsecond &amp; last</p>\n<div>--<br><br>Ann</div></body></html>\n";

    #[test]
    fn a_form_of_one_table_is_laid_out_as_on_the_long_way() {
        let short = text(FORM).unwrap();
        assert_eq!(short, laid_out(FORM, remove_hidden));
        assert!(short.contains("Name:         Zoë O'Hara\n"), "{short}");
    }

    #[test]
    fn what_is_not_simple_takes_the_long_way() {
        for html in [
            "<ul><li>a</ul>",
            "<table><tr><td><table><tr><td>a</table></table>",
            "<td>a",
            "<p style='display: none'>a</p>",
            "<div class=gmail_attr>a</div>",
            "<span id=divRplyFwdMsg>a</span>",
            "a<hr>b",
            "<a href='x'>a</a>",
            "&rsquo;",
            "<p title='>'>a</p>",
            "<!-- a --> b",
        ] {
            assert_eq!(text(html), None, "{html}");
        }
    }

    #[test]
    fn a_stray_end_of_the_body_parts_no_words() {
        let html = "<div><p> </p></div><b>&nbsp;</body>a</b>";
        assert_eq!(text(html), None);
    }

    fn words() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-c ]{1,4}|é|x: ",
            2 => prop::sample::select(vec![" ".to_owned(), "\n".to_owned(), "&nbsp;".to_owned(), "&lt;".to_owned()]),
            2 => Just("<br>".to_owned()),
        ]
    }

    /// A tag out of place, which the long way puts right and the short way may not guess at.
    fn stray() -> impl Strategy<Value = String> {
        let tags = "p|/p|div|/div|/h1|b|/b|/table|tbody|tr|/tr|td|/td|html|/html|head|body|/body|title|style";
        prop::sample::select(tags.split('|').map(|tag| format!("<{tag}>")).collect::<Vec<_>>())
    }

    /// Well-formed blocks in each other.
    fn blocks() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![20 => words(), 3 => table(), 1 => stray()];
        leaf.prop_recursive(4, 30, 5, |inner| {
            let tag = prop::sample::select(vec![
                "p",
                "div",
                "div",
                "h1",
                "h3",
                "b",
                "i",
                "u",
                "font",
                "span",
                "span class=x",
            ]);
            (tag, prop::collection::vec(inner, 0..5)).prop_map(|(tag, inner)| {
                let name = tag.split(' ').next().unwrap_or_default();
                format!("<{tag}>{}</{name}>", inner.concat())
            })
        })
    }

    fn table() -> impl Strategy<Value = String> {
        let cell = prop::collection::vec(
            prop_oneof!["[a-c ]{0,6}|李 娜|حسن|דן", Just("<b>x:</b>".to_owned())],
            0..3,
        );
        let row = prop::collection::vec(cell.prop_map(|cell| format!("<td>{}</td>", cell.concat())), 0..4);
        let rows = prop::collection::vec(row.prop_map(|row| format!("<tr>{}</tr>\n", row.concat())), 0..4);
        rows.prop_map(|rows| format!("<table>\n{}</table>\n", rows.concat()))
    }

    proptest! {
        #[test]
        fn the_short_way_gives_the_text_of_the_long_one(
            pieces in prop::collection::vec(blocks(), 0..6),
        ) {
            let html = pieces.concat();
            if let Some(short) = text(&html) {
                prop_assert_eq!(short, laid_out(&html, remove_hidden), "{}", html);
            }
        }
    }
}
