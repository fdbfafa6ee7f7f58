//! The two bodies of one mail: what is read of each, and what they say otherwise about consent and safety.

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memmem;

use super::entry::{Entry, Item, MOST_ITEMS};
use super::fold::fold;
use super::label::{self};
use super::lexicon::{LEXICON, Slot};
use super::meaning::Meaning;
use super::piece::{self, Piece, has_cells};
use super::saying::{self, Saying};
use super::scan;
use super::{LINES, Source, asks_of_safety, columns, judge, markup, several, slip};
use crate::intake::aside::Aside;

/// What the bodies say.
#[derive(Default)]
pub(super) struct Said {
    /// The labels and values of the body that says more.
    pub(super) items: Vec<Item>,
    /// What the other body answers otherwise about consent and safety: neither is believed.
    pub(super) otherwise: Vec<Item>,
    /// Words that stand in the markup only.
    pub(super) asides: Vec<Aside>,
    /// Somebody reads more or less of it than a person sees.
    pub(super) is_hidden: bool,
    /// What a person does not see, or hardly, answers a question about consent or safety: no yes is believed.
    pub(super) is_doubtful: bool,
    /// A body is longer than is searched.
    pub(super) is_cut: bool,
}

/// Reads the bodies.
pub(super) fn read(source: Source<'_>) -> Said {
    let mut said = Said::default();
    let Some(html) = source.html else {
        said.items = said.searched(&mut piece::of_text(source.text, "text"));
        // Lines that only commas part hold no label that is known as one.
        if fields(&said.items) == 0
            && let Some(mut rows) = columns::by_commas(source.text)
        {
            said.items = said.searched(&mut rows);
        }
        return said;
    };
    let page = markup::of_html(html);
    let mut pieces = own_pieces(page.pieces, source);
    said.asides = unsaid(&pieces, source.text);
    // A warning that nobody sees is one all the same.
    said.asides.extend((!page.hidden.trim().is_empty()).then(|| Aside {
        place: String::new(),
        text: page.hidden.clone(),
        is_read: true,
    }));
    // The same form stands in both bodies as a rule. Markup tells labels from values better, plain lines read better.
    let from_html = said.searched(&mut pieces);
    let text = if from_html.iter().any(|item| matches!(item, Item::SideBySide)) {
        Cow::Owned(without_rows(source.text, &pieces))
    } else {
        Cow::Borrowed(source.text)
    };
    let source = Source { text: &text, ..source };
    said.is_hidden = hides_answers(&page.hidden, &from_html);
    said.is_doubtful = denies(&page.hidden, &from_html) || answers(&page.faint);
    let in_html = fields(&from_html);
    let is_structured = scan::is_structured(&pieces);
    if is_structured && scan::holds_at_most(source.text, in_html) {
        said.otherwise = otherwise(&from_html, &guarded(source.text));
        said.items = from_html;
        return said;
    }
    let from_text = said.searched(&mut piece::of_text(source.text, "text"));
    let in_text = fields(&from_text);
    (said.items, said.otherwise) = if in_html > in_text || (in_html == in_text && is_structured) {
        let otherwise = otherwise(&from_html, &from_text);
        (from_html, otherwise)
    } else {
        let otherwise = otherwise(&from_text, &from_html);
        (from_text, otherwise)
    };
    said
}

/// The text without the lines that say what a row of a table says, cell behind cell: whose column each stands in is lost
/// there.
fn without_rows(text: &str, pieces: &[Piece<'_>]) -> String {
    let bare = |words: &mut dyn Iterator<Item = &str>| words.collect::<Vec<_>>().join(" ");
    let row = |piece: &Piece<'_>| match piece {
        Piece::Row { cells, .. } => Some(bare(&mut cells.iter().flat_map(|cell| cell.split_whitespace()))),
        Piece::Line { .. } => None,
    };
    let rows: HashSet<String> = pieces.iter().filter_map(row).collect();
    let lines = text.lines().map(|line| {
        let is_row = rows.contains(&bare(&mut line.split_whitespace()));
        if is_row { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// How many labels with values were understood.
fn fields(items: &[Item]) -> usize {
    let meaning = |item: &Item| if let Item::Entry(entry) = item { entry.label.meaning } else { None };
    items.iter().filter_map(meaning).filter(|meaning| meaning.slot != Slot::Ignore).count()
}

impl Said {
    fn searched(&mut self, pieces: &mut Vec<Piece<'_>>) -> Vec<Item> {
        self.is_cut |= pieces.len() > LINES;
        pieces.truncate(LINES);
        let items = scan::items(pieces);
        self.is_cut |= items.len() >= MOST_ITEMS;
        items
    }
}

/// The pieces up to the first that only the quoted part of the text has: what is quoted fills nothing.
fn own_pieces(mut pieces: Vec<Piece<'static>>, source: Source<'_>) -> Vec<Piece<'static>> {
    if source.quoted.trim().is_empty() {
        return pieces;
    }
    let has = |text: &str, words: &str| memmem::find(text.as_bytes(), words.as_bytes()).is_some();
    let is_quoted = |words: &str| !words.is_empty() && has(source.quoted, words) && !has(source.text, words);
    let from = pieces.iter().position(|piece| match piece {
        Piece::Line { text, .. } => text.lines().any(&is_quoted),
        Piece::Row { cells, .. } => cells.iter().flat_map(|cell| cell.lines()).any(&is_quoted),
    });
    pieces.truncate(from.unwrap_or(pieces.len()));
    pieces
}

/// What the pieces say that the text does not, in its order.
fn unsaid(pieces: &[Piece<'_>], text: &str) -> Vec<Aside> {
    let mut from = 0;
    let mut is_said = |words: &str| {
        let rest = text.get(from..).unwrap_or_default();
        // As a rule what comes next here comes next there.
        let next = rest.trim_ascii_start();
        let found = if next.starts_with(words) && words.starts_with(|c: char| !c.is_ascii_whitespace()) {
            Some(rest.len() - next.len())
        } else {
            memmem::find(rest.as_bytes(), words.as_bytes())
        };
        from += found.map_or(0, |at| at + words.len());
        found.is_some()
    };
    let mut is_all_said = |piece: &&Piece<'_>| match piece {
        Piece::Line { text, .. } => text.lines().all(&mut is_said),
        Piece::Row { cells, .. } => cells.iter().flat_map(|cell| cell.lines()).all(&mut is_said),
    };
    pieces.iter().filter(|piece| !is_all_said(piece)).filter_map(aside).collect()
}

/// The words of a piece with their place; `None` when there are none.
pub(super) fn aside(piece: &Piece<'_>) -> Option<Aside> {
    let (text, place) = match piece {
        Piece::Line { text, place, .. } => (text.to_string(), place.shown()),
        Piece::Row { cells, place, .. } => {
            let filled: Vec<&str> =
                cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
            // A label and its answer belong together.
            let text = match filled.as_slice() {
                [left, right] if !left.ends_with([':', '?']) => [left, right].map(|cell| *cell).join(": "),
                [left, right] => [left, right].map(|cell| *cell).join(" "),
                many => many.join("\n"),
            };
            (text, place.shown())
        }
    };
    (!text.trim().is_empty()).then_some(Aside { place, text, is_read: true })
}

/// What the other body answers otherwise about consent, safety and the client's address.
fn otherwise(chosen: &[Item], other: &[Item]) -> Vec<Item> {
    let known: Vec<_> = chosen.iter().filter_map(answer).collect();
    let is_other = |item: &&Item| answer(item).is_some_and(|said| !known.contains(&said));
    other.iter().filter(is_other).cloned().map(spelled_out).collect()
}

/// A struck answer must not be taken for the same words that are not.
fn spelled_out(item: Item) -> Item {
    match item {
        Item::Entry(entry) if judge::is_struck(&entry.value) => {
            Item::Entry(Entry { value: ["struck out: ", &entry.value].concat(), ..entry })
        }
        item => item,
    }
}

/// What an entry answers about consent, safety or an address, made fit to compare.
fn answer(item: &Item) -> Option<(Meaning, String)> {
    let Item::Entry(entry) = item else { return None };
    let meaning = entry.label.meaning?;
    if meaning.slot == Slot::Email {
        // How an address is dressed differs from body to body.
        return Some((meaning, judge::address_in(&entry.value)?.to_lowercase()));
    }
    let struck = if judge::is_struck(&entry.value) { "struck out " } else { "" };
    slip::is_delicate(meaning).then(|| (meaning, [struck, &fold(&entry.value)].concat()))
}

/// The labels and values about consent, safety and the address in a text, without reading all of it.
fn guarded(text: &str) -> Vec<Item> {
    let mut is_awaited = false;
    let mut has_any = false;
    let mut keeps = |line: &str| {
        if line.trim().is_empty() {
            return false;
        }
        let is_answer = std::mem::take(&mut is_awaited);
        let asks = match saying::of(line) {
            Saying::Labelled(label, _) => asks_guarded(&label),
            Saying::Alone { label, .. } => {
                is_awaited = asks_guarded(&label);
                is_awaited
            }
            Saying::Heading(_) | Saying::Another(_) | Saying::Footer | Saying::Words => false,
        };
        let asks = asks
            || has_cells(line) && line.split(['|', '\t']).any(asks_of_safety)
            || several::holds(line, asks_guarded);
        has_any |= asks;
        asks || is_answer
    };
    let lines: Vec<&str> = text.lines().take(LINES).map(|line| if keeps(line) { line } else { "" }).collect();
    if has_any { scan::items(&piece::of_text(&lines.join("\n"), "text")) } else { Vec::new() }
}

fn asks_guarded(label: &label::Label) -> bool {
    label.meaning.is_some_and(|meaning| meaning.slot == Slot::Email || slip::is_delicate(meaning))
}

/// Whether something that is not shown answers a question about consent or safety that is shown, otherwise and not by a
/// yes.
fn denies(hidden: &str, shown: &[Item]) -> bool {
    if hidden.trim().is_empty() {
        return false;
    }
    let known: Vec<_> = shown.iter().filter_map(answer).collect();
    let denied = |(meaning, value): (Meaning, String)| {
        slip::is_delicate(meaning)
            && !LEXICON.phrases("yes").is(&value)
            && known.iter().any(|(shown, said)| *shown == meaning && *said != value)
    };
    scan::items(&piece::of_text(hidden, "html")).iter().filter_map(answer).any(denied)
}

/// Whether lines answer a question about consent or safety, or are an answer without a question or the question alone.
fn answers(faint: &str) -> bool {
    let is_delicate = |label: &label::Label| label.meaning.is_some_and(slip::is_delicate);
    let asks_alone = |line| matches!(saying::of(line), Saying::Alone { label, .. } if is_delicate(&label));
    let asks = |item: &Item| answer(item).is_some_and(|(meaning, _)| slip::is_delicate(meaning));
    faint.lines().any(|line| judge::is_answer(line) || asks_alone(line))
        || scan::items(&piece::of_text(faint, "html")).iter().any(asks)
}

/// Whether something that is not shown answers what is shown otherwise, or not at all.
fn hides_answers(hidden: &str, shown: &[Item]) -> bool {
    if hidden.trim().is_empty() {
        return false;
    }
    let value = |item: &Item| match item {
        Item::Entry(entry) => Some((entry.label.meaning?, fold(&entry.value))),
        Item::Section(_) | Item::Another | Item::Others | Item::Headed | Item::SideBySide | Item::Unread => {
            None
        }
    };
    let known: Vec<_> = shown.iter().filter_map(value).collect();
    let items = scan::items(&piece::of_text(hidden, "html"));
    items.iter().filter_map(value).any(|said| said.0.slot != Slot::Ignore && !known.contains(&said))
}
