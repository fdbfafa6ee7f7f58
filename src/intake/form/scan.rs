//! Pieces → entries: which value belongs to which label, in the layouts people and web forms use.

mod awaits;
mod headings;
mod rows;

use super::beside;
use super::cell::joined;
use super::columns::{self, Heads};
use super::entry::{Entry, Item, MOST_ITEMS};
use super::fold::fold;
use super::interview;
use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot, Whose};
use super::matrix::Matrix;
use super::piece::{Dress, Piece, Place, has_cells, is_rule, lines};
use super::saying::{self, Saying};
use super::table;
use super::{calendar, questions, several, signed, soft};
use crate::intake::quick;
use crate::referral::packet::Confidence;
use awaits::{is_date, is_further_phone, is_story, is_word_of_choice, takes_lines};

/// The longest heading over people who are no clients, in bytes.
const LONGEST_HEADING: usize = 60;

/// Reads the items out of the pieces.
pub(crate) fn items(pieces: &[Piece<'_>]) -> Vec<Item> {
    let pieces = &*several::unwrapped(pieces);
    let mut scan = Scan::new(pieces);
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        if scan.items.len() >= MOST_ITEMS {
            break;
        }
        if at < scan.read_to {
            at += 1;
            continue;
        }
        at += match piece {
            Piece::Line { text, dress, place } if quick::find(text, b'\n').is_some() => {
                scan.cell(text, *dress, place, at);
                1
            }
            Piece::Line { text, dress, place } => {
                scan.line(text, *dress, place, at);
                1
            }
            Piece::Row { table, .. } => {
                scan.close();
                let rows = pieces.get(at..).unwrap_or_default();
                let run = table::run(rows);
                scan.rows(*table, rows.get(..run).unwrap_or_default(), at);
                run
            }
        };
    }
    scan.close();
    soft::forget_helpers(&mut scan.items);
    signed::give(&mut scan.items, scan.farewell, pieces);
    scan.items
}

/// A label whose value is still being collected.
struct Open {
    label: Label,
    value: String,
    place: String,
    /// The label stood alone: its value is on the lines below.
    below: bool,
    blank: bool,
    /// The label's line opened as a question: `Q: Client's name?`
    is_question: bool,
}

impl Open {
    /// A label of this line, whose value is awaited below it.
    fn above(label: Label, text: &str, place: &Place) -> Open {
        Open {
            label,
            value: String::new(),
            place: place.shown(),
            below: true,
            blank: false,
            is_question: interview::is_question(text),
        }
    }
}

/// What stands before a label on its line.
#[derive(Default)]
struct Above<'a> {
    /// So many labels.
    labels: usize,
    /// A label of somebody else with its value, if the next question of what is safe may be about them.
    others: Option<&'a str>,
}

/// Whether a line opens with a label we know word for word.
fn is_known(saying: &Saying<'_>) -> bool {
    match saying {
        Saying::Labelled(label, _) => label.meaning.is_some() && label.sure == Confidence::High,
        Saying::Alone { .. } | Saying::Heading(_) | Saying::Another(_) | Saying::Footer => true,
        Saying::Words => false,
    }
}

struct Scan<'a> {
    pieces: &'a [Piece<'a>],
    items: Vec<Item>,
    open: Option<Open>,
    /// Labels of this body are set strong: a light line is no label on its own.
    strong: bool,
    /// The table of ticks whose rows come.
    matrix: Option<Matrix>,
    /// Who stands above the columns of a table whose rows come.
    heads: Option<Heads>,
    /// The pieces before this one are read.
    read_to: usize,
    /// How many items stood above the last farewell.
    farewell: Option<usize>,
}

impl<'a> Scan<'a> {
    fn new(pieces: &'a [Piece<'a>]) -> Self {
        let is_strong_label = |piece: &&Piece<'_>| matches!(piece, Piece::Line { text, dress: Dress::Strong, .. } if label::exact(text).is_some());
        let strong = pieces.iter().filter(is_strong_label).take(2).count() == 2;
        Scan {
            pieces,
            items: Vec::new(),
            open: None,
            strong,
            matrix: None,
            heads: None,
            read_to: 0,
            farewell: None,
        }
    }

    fn line(&mut self, text: &str, dress: Dress, place: &Place, at: usize) {
        // What is quoted fills nothing, whoever left it in (RELIABILITY M25).
        if text.is_empty() || (dress == Dress::Unknown && text.starts_with('>')) {
            self.blank();
            return;
        }
        if is_rule(text) || text == "--" {
            if self.open.as_ref().is_some_and(|open| !open.value.is_empty()) {
                self.close();
            }
            return;
        }
        let text = self
            .open
            .as_ref()
            .filter(|open| open.below && open.value.is_empty())
            .map_or(text, |open| interview::answer(text, open.is_question));
        self.said(text, dress, place, at, &Above::default());
    }

    /// A line, or what follows the labels above it on the same one.
    fn said(&mut self, text: &str, dress: Dress, place: &Place, at: usize, above: &Above<'_>) {
        let mut saying = saying::of(text);
        if self.strong && dress == Dress::Light && matches!(saying, Saying::Alone { .. } | Saying::Heading(_))
        {
            saying = Saying::Words;
        }
        if above.labels == 0
            && !is_known(&saying)
            && let Some((words, form)) = several::behind_words(text)
        {
            self.said(words, dress, place, at, above);
            self.said(form, dress, place, at, above);
            return;
        }
        if let Some(headed) = self.heading_of_somebody(text, &saying, at) {
            self.close();
            // Which of "Her" and "Him" is the client nobody can say.
            let is_either = LEXICON.phrases("either_of_two").is(&fold(text));
            self.items.extend((is_either || self.has_answers_of_another()).then_some(Item::SideBySide));
            self.items.push(headed);
            return;
        }
        match saying {
            Saying::Labelled(_, value)
                if above.labels == 0
                    && (columns::by_gaps(value) || columns::is_below_heads(self.pieces, at))
                    && self.drawn(at) => {}
            Saying::Labelled(label, value) => {
                self.note_several(&label, value, at);
                self.note_owner(&label, text);
                let parted = several::parted(&label, value, above.labels);
                let own = text.get(..text.len() - parted.next.map_or(0, str::len)).unwrap_or(text);
                let doubted = above.others.filter(|_| several::may_be_of_others(&label));
                let beside = doubted.map(|others| [others, own].concat());
                let others = if parted.is_doubtful { Some(own) } else { beside.as_deref().or(above.others) };
                self.labelled(label, beside.as_deref().unwrap_or(parted.own), text, dress, place);
                if let Some(next) = parted.next {
                    self.said(next, dress, place, at, &Above { labels: above.labels + 1, others });
                }
            }
            Saying::Alone { label, strict, heading } => {
                self.alone(label, strict, heading, text, dress, place, at);
            }
            Saying::Heading(whose) => {
                self.close();
                self.items.push(Item::Section(whose));
            }
            Saying::Another(name) => {
                self.close();
                self.items.push(Item::Another);
                if let Some(label) = name.and_then(|_| label::exact("client name")) {
                    let value = name.unwrap_or_default().to_owned();
                    self.items.push(Item::Entry(Entry { label, value, place: place.shown() }));
                }
            }
            Saying::Footer => self.footer(text),
            Saying::Words => self.words(text, dress, place),
        }
    }

    /// Notes that a value holds those of several people, where it does.
    fn note_several(&mut self, label: &Label, value: &str, at: usize) {
        if columns::sets_several(label, value, self.pieces, at) {
            self.items.push(Item::SideBySide);
        }
    }

    /// Notes that a way to reach somebody is said to be another's: "Email (her brother): …".
    fn note_owner(&mut self, label: &Label, text: &str) {
        let asked = quick::parted(text, b':').map_or("", |(asked, _)| asked);
        if asked.contains(['(', '[']) && beside::is_way_of_another(label, asked) {
            self.close();
            self.items.push(Item::Headed);
        }
    }

    /// A cell of several lines: the value that was awaited, or lines of their own.
    fn cell(&mut self, text: &str, dress: Dress, place: &Place, at: usize) {
        if self.open.as_ref().is_some_and(|open| open.below && open.value.is_empty()) {
            if let Some(open) = self.open.as_mut() {
                open.value = joined(&open.label, text);
            }
            self.close();
            return;
        }
        for line in text.lines() {
            self.line(line, dress, place, at);
        }
        self.close();
    }

    fn append(&mut self, line: &str) {
        let Some(open) = self.open.as_mut() else { return };
        if !open.value.is_empty() {
            open.value.push(' ');
        }
        open.value.push_str(label::without_bullet(line));
        open.blank = false;
    }

    fn labelled(&mut self, label: Label, value: &str, text: &str, dress: Dress, place: &Place) {
        // Inside a story "he said: go" is no label; in a strong-labelled body a light line never opens one we do not
        // know.
        let unknown = label.meaning.is_none();
        let inside = self.open.as_ref().is_some_and(|open| {
            open.below && takes_lines(&open.label) && (!open.blank || is_story(&open.label))
        });
        let first_below = self.open.as_ref().is_some_and(|open| open.below && open.value.is_empty());
        if unknown && dress != Dress::Strong && (first_below || inside) {
            self.words(text, dress, place);
            return;
        }
        self.close();
        self.open = Some(Open {
            label,
            value: value.to_owned(),
            place: place.shown(),
            below: false,
            blank: false,
            is_question: false,
        });
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one reading, taken apart once")]
    fn alone(
        &mut self,
        label: Label,
        strict: bool,
        heading: Option<Whose>,
        text: &str,
        dress: Dress,
        place: &Place,
        at: usize,
    ) {
        let heading = heading.filter(|_| self.label_follows(at));
        // A heading under a blank line is no value, whatever the line above waited for: "Submitted values are:".
        let is_apart = heading.is_some() && self.open.as_ref().is_some_and(|open| open.blank);
        if !strict && dress != Dress::Strong && !is_apart && self.is_value_in_disguise(&label, at) {
            self.words(text, dress, place);
            return;
        }
        if let Some(whose) = heading {
            self.close();
            self.items.push(Item::Section(whose));
            return;
        }
        self.close();
        self.open = Some(Open::above(label, text, place));
    }

    /// The line is a label's words but stands where a value is awaited: "Preferred contact" above "Phone".
    fn is_value_in_disguise(&self, label: &Label, at: usize) -> bool {
        let Some(open) = self.open.as_ref().filter(|open| open.below && open.value.is_empty()) else {
            return false;
        };
        match open.label.meaning.map(|meaning| meaning.slot) {
            Some(Slot::Safe(_) | Slot::DoNot(_)) => {
                !questions::asks_the_next(label) || !self.label_precedes_value(at)
            }
            None | Some(Slot::Ignore) => true,
            Some(Slot::Field(field)) if is_word_of_choice(field) => true,
            Some(Slot::Field(field)) => !is_date(field) && !self.label_precedes_value(at),
            Some(_) => false,
        }
    }

    /// Whether the piece after this one reads as a value: then this one is its label.
    fn label_precedes_value(&self, at: usize) -> bool {
        self.next_saying(at).is_some_and(|saying| saying == Saying::Words)
    }

    fn label_follows(&self, at: usize) -> bool {
        let row = self.pieces.get(at + 1..).unwrap_or_default().iter().find(|piece| !is_blank(piece));
        if let Some(Piece::Row { cells, .. }) = row {
            return cells.iter().any(|cell| label::exact(cell).is_some());
        }
        matches!(self.next_saying(at), Some(Saying::Labelled(..) | Saying::Alone { .. }))
    }

    fn next_saying(&self, at: usize) -> Option<Saying<'_>> {
        let next = self.pieces.get(at + 1..)?.iter().take(4).find(|piece| !is_blank(piece))?;
        match next {
            Piece::Line { dress: Dress::Light, .. } if self.strong => Some(Saying::Words),
            Piece::Line { text, .. } => Some(saying::of(text)),
            Piece::Row { .. } => None,
        }
    }

    fn words(&mut self, text: &str, dress: Dress, place: &Place) {
        if let Some(entry) = calendar::of_line(text, place) {
            // Within a story it is told: what stands below is the story still.
            if self.open.as_ref().is_none_or(|open| !is_story(&open.label)) {
                self.close();
            }
            self.append(text);
            self.items.push(Item::Entry(entry));
            return;
        }
        // In plain text a value may be set strong too.
        let is_awaited = |open: &Open| open.value.is_empty() && open.label.meaning.is_some();
        let is_value = &*place.part == "text"
            && self.open.as_ref().is_some_and(is_awaited)
            && !text.trim_end_matches('*').ends_with(['?', ':']);
        if self.strong && dress == Dress::Strong && !is_value {
            // A question of the form we have no field for: its answer is not the former one's continuation.
            self.close();
            let label = Label { key: super::fold::fold(text), meaning: None, sure: Confidence::High };
            self.open = Some(Open::above(label, text, place));
            return;
        }
        let Some(open) = self.open.as_mut() else { return };
        let awaited = open.value.is_empty();
        let asks = text.ends_with('?') || questions::is_next(&open.label, text);
        let question = !awaited && asks && !open.blank && !is_story(&open.label);
        let takes = takes_lines(&open.label) || !open.blank && is_further_phone(&open.label, text);
        if question || (!awaited && !takes && (!open.below || open.blank)) {
            self.close();
            return;
        }
        let full = open.value.len() > 20_000;
        self.append(text);
        if full {
            self.close();
        }
    }

    fn blank(&mut self) {
        let Some(open) = self.open.as_mut() else { return };
        if !open.value.is_empty() && (!is_story(&open.label) || label::says_nothing(&open.value)) {
            self.close();
        } else {
            open.blank = true;
        }
    }

    fn footer(&mut self, text: &str) {
        // "Thanks for calling" below "Message" may be all there is; below a value it is the end.
        if self.open.as_ref().is_some_and(|open| open.below && open.value.is_empty()) {
            let place = Place { part: "text".into(), unit: "line", number: 0 };
            self.words(text, Dress::Unknown, &place);
        } else {
            self.close();
            self.farewell = Some(self.items.len());
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take().filter(|open| !open.value.trim().is_empty()) else { return };
        let label = soft::named_beside(open.label, &open.value);
        // Somebody else may be named under a label that no list has: whose the next address is then is asked.
        if label.meaning.is_some() || beside::names_a_person(&label, &open.value) {
            self.items.push(Item::Entry(Entry { label, value: open.value, place: open.place }));
        }
    }
}

/// Whether markup tells labels from values: rows of cells, or labels set strong.
pub(crate) fn is_structured(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Row { .. })) || Scan::new(pieces).strong
}

/// The longest text that [`holds_at_most`] looks through, in lines.
const SOON_COUNTED: usize = 1_000;

/// Whether plain text surely holds no more labels with values than this, so that nobody has to read it. What it counts
/// is rather too much than too little: every line with a colon, and every other line that names a label.
pub(crate) fn holds_at_most(text: &str, most: usize) -> bool {
    let names_one = |line: &str| match saying::of(line) {
        Saying::Labelled(label, _) | Saying::Alone { label, .. } => label.meaning.is_some(),
        Saying::Heading(_) | Saying::Another(_) | Saying::Footer | Saying::Words => false,
    };
    let mut labels = 0;
    for (at, line) in lines(text).map(str::trim).enumerate() {
        if at >= SOON_COUNTED || has_cells(line) {
            return false;
        }
        let has_one = saying::has_colon(line) || names_one(line);
        labels += if has_one { several::most(line) } else { 0 };
        if labels > most {
            return false;
        }
    }
    true
}

fn is_blank(piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Line { text, .. } if text.is_empty() || is_rule(text))
}
