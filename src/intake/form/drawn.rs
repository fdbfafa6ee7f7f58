//! Tables that are drawn with the lines of a screen: │ Client name │ Ana Vega │.

use std::borrow::Cow;

use super::piece::{Piece, Place, cells_of, is_rule};

/// The signs that part the cells of a drawn table.
const BARS: [&str; 3] = ["│", "┃", "║"];

/// Whether a text has one of them.
fn is_drawn(text: &str) -> bool {
    let has = |bar: &&str| memchr::memmem::find(text.as_bytes(), bar.as_bytes()).is_some();
    !text.is_ascii() && BARS.iter().any(has)
}

/// A text whose tables are drawn with the lines of a screen, with the signs that others draw theirs with.
pub(super) fn undrawn(text: &str) -> Cow<'_, str> {
    if !is_drawn(text) {
        return text.into();
    }
    let sign = |c: char| match c {
        '│' | '┃' | '║' | '┆' | '┇' | '┊' | '┋' | '╎' | '╏' => '|',
        '─' | '━' | '═' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍' => '-',
        '┌'..='╋' | '╒'..='╬' | '╭'..='╰' => '+',
        _ => c,
    };
    text.chars().map(sign).collect()
}

/// Tables of the markup are counted from one; drawn ones from here.
const FIRST_TABLE: usize = 1_000_000;

/// The pieces of a page, with the lines that draw a table as its rows: blank lines between them are of the layout.
pub(super) fn as_rows(pieces: Vec<Piece<'static>>) -> Vec<Piece<'static>> {
    if !pieces.iter().any(|piece| line(piece).is_some_and(is_drawn)) {
        return pieces;
    }
    let mut rows: Vec<Piece<'static>> = Vec::with_capacity(pieces.len());
    let mut table = FIRST_TABLE;
    // Blank lines behind a row, until something else follows.
    let mut blank = Vec::new();
    let mut in_table = false;
    for (number, piece) in (1..).zip(pieces) {
        let text = line(&piece).map(undrawn);
        match text.as_deref() {
            Some("") if in_table => blank.push(piece),
            Some(drawn) if is_rule(drawn) && (in_table || drawn.starts_with('+')) => blank.clear(),
            Some(drawn) if line(&piece).is_some_and(is_drawn) && cells_of(drawn).is_some() => {
                table += usize::from(!in_table);
                in_table = true;
                blank.clear();
                let place = Place { part: "table".into(), unit: "row", number };
                rows.push(Piece::Row { table, cells: cells_of(drawn).unwrap_or_default(), place });
            }
            Some(_) | None => {
                in_table = false;
                rows.append(&mut blank);
                rows.push(piece);
            }
        }
    }
    rows
}

/// The words of a line.
fn line<'p>(piece: &'p Piece<'_>) -> Option<&'p str> {
    match piece {
        Piece::Line { text, .. } => Some(text),
        Piece::Row { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Field, Packet};

    const LINES: [&str; 7] = [
        "┌─────────────┬──────────────┐",
        "│ Client name │ Ana Vega     │",
        "├─────────────┼──────────────┤",
        "│ Phone       │ 518-555-0142 │",
        "├─────────────┼──────────────┤",
        "│ Safe to call│ no           │",
        "└─────────────┴──────────────┘",
    ];

    fn packet(html: &str, text: &str) -> Packet {
        let mut packets = read(Source { text, html: Some(html), ..Source::default() }, &context()).packets;
        assert_eq!(packets.len(), 1, "{html}");
        packets.remove(0)
    }

    #[test]
    fn a_table_that_is_drawn_in_markup_is_read_as_one_in_plain_text_is() {
        let each = |open: &str, close: &str| LINES.map(|line| [open, line, close].concat()).concat();
        let text = LINES.join("\n");
        let entities = each("<div>", "</div>").replace('│', "&#9474;");
        for (html, text) in [
            (each("<p>", "</p>"), ""),
            (each("<div>", "</div>"), ""),
            (each("", "<br>"), ""),
            (each("<div>", "</div><div><br></div>"), ""),
            (entities, ""),
            (each("<p>", "</p>").replace('│', "║"), ""),
            (each("<p>", "</p>"), &*text),
            (["<pre>", &text, "</pre>"].concat(), &*text),
        ] {
            let packet = packet(&html, text);
            for (field, value) in [
                (Field::ClientName, "Ana Vega"),
                (Field::ClientPhone, "518-555-0142"),
                (Field::SafeCall, "no"),
            ] {
                assert_eq!(packet.text(field), Some(value), "{html}");
            }
        }
    }

    #[test]
    fn people_in_a_drawn_table_are_one_each_and_what_is_below_it_is_no_row() {
        let html = "<p>│ Client name │ Phone │ Safe to call │</p><p>│ Ana Vega │ 518-555-0142 │ no │</p>\
            <p>│ Bo Kim │ 518-555-0143 │ yes │</p><p>Thanks, Jo Bell</p>";
        let harvest = read(Source { html: Some(html), ..Source::default() }, &context());
        let names: Vec<_> = harvest.packets.iter().map(|packet| packet.text(Field::ClientName)).collect();
        assert_eq!(names, [Some("Ana Vega"), Some("Bo Kim")]);
    }

    #[test]
    fn a_single_bar_in_running_text_draws_no_table() {
        let packet = packet("<p>Client name: Ana Vega</p><p>Agency: Hill House │ Troy</p>", "");
        assert_eq!(packet.text(Field::ClientName), Some("Ana Vega"));
        assert!(packet.text(Field::ReferrerOrg).unwrap().contains("Troy"));
    }
}
