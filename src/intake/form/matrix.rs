//! Tables of ticks: the answers stand above the columns, what is asked stands at the left of each row, and a tick below
//! an answer chooses it. Read as a list of labels and values, a tick in the column of "No" would be a yes.

use super::entry::{Entry, Item};
use super::fold::{fold, words};
use super::judge;
use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot, channel};
use super::piece::Place;
use super::slip;

/// The row of answers of such a table.
pub(super) struct Matrix {
    /// The table.
    pub(super) table: usize,
    /// What is asked of every row; may be empty.
    title: String,
    /// The column of what is asked first, then the others.
    columns: Vec<Column>,
}

/// What stands below a heading.
enum Column {
    /// Ticks for this answer.
    Answer(String),
    /// Words about the row: notes, initials.
    Notes,
}

/// More columns than anybody sets.
const MOST_COLUMNS: usize = 10;

/// A value that is no answer: where a row can be read in two ways, a person is asked.
pub(super) const OPEN_ANSWER: &str = "yes / no";

impl Matrix {
    /// Whether a row sets the answers of a table: behind its first cell stand answers and columns for notes only, a yes
    /// and a no among them. `above` is the line before the table, which asks when the first cell does not. Not the
    /// first row of a table, it must say that it is a heading: a person's row may hold a yes and a no too.
    pub(super) fn begins(table: usize, cells: &[String], above: &str, is_first: bool) -> Option<Matrix> {
        let (first, others) = cells.split_first()?;
        let columns: Vec<Column> = others.iter().map(|cell| column(cell)).collect::<Option<_>>()?;
        let known = |list: &str| {
            let is = |column: &&Column| matches!(column, Column::Answer(answer) if is_in(list, answer));
            columns.iter().filter(is).count()
        };
        let is_heading = is_first || first.trim().is_empty() || HEADING.contains(&fold(first).as_str());
        if known("yes") == 0 || known("no") == 0 || others.len() > MOST_COLUMNS || !is_heading {
            return None;
        }
        let title = if first.trim().is_empty() { above } else { first };
        Some(Matrix { table, title: title.trim().to_owned(), columns })
    }

    /// What a row answers, if anything; `None` when it is no row of ticks, or asks nothing we know.
    pub(super) fn answer(&self, cells: &[String], place: &Place) -> Option<Vec<Item>> {
        let (asked, others) = cells.split_first()?;
        let label = self.label(asked)?;
        let is_delicate = label.meaning.is_some_and(slip::is_delicate);
        let value = match self.ticked(others) {
            Ticked::Answer(value) => value,
            Ticked::Nothing => return Some(Vec::new()),
            Ticked::Words(words) if is_delicate => words,
            Ticked::Unclear if is_delicate => OPEN_ANSWER.to_owned(),
            Ticked::Words(_) | Ticked::Unclear => return None,
        };
        Some(vec![Item::Entry(Entry { label, value, place: place.shown() })])
    }

    fn ticked(&self, cells: &[String]) -> Ticked {
        // Cells that reach over several rows or columns, or are hidden, move the others.
        if cells.len() != self.columns.len() {
            return Ticked::Unclear;
        }
        let mut chosen = None;
        let mut notes = Vec::new();
        for (column, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !is_empty(cell)) {
            match column {
                Column::Notes => notes.push(cell.trim()),
                Column::Answer(answer) if chosen.is_none() => chosen = Some((answer, cell.trim())),
                Column::Answer(_) => return Ticked::Unclear,
            }
        }
        let Some((answer, cell)) = chosen else {
            return if notes.is_empty() { Ticked::Nothing } else { Ticked::Unclear };
        };
        if is_tick(cell) || fold(cell) == fold(answer) {
            let said: Vec<&str> = std::iter::once(answer.as_str()).chain(notes).collect();
            Ticked::Answer(said.join(" - "))
        } else if judge::is_struck(cell) || is_in("yes", cell) || !cell.chars().any(char::is_alphanumeric) {
            Ticked::Unclear
        } else {
            Ticked::Words(cell.to_owned())
        }
    }

    /// What a row asks: one channel of a question about safety, or what it says itself.
    fn label(&self, asked: &str) -> Option<Label> {
        let folded = fold(asked);
        let one = judge::channel_at(&words(&folded)).filter(|_| self.asks_of_channels()).map(|(bit, _)| bit);
        let label = match one {
            Some(bit) => label::exact(question(bit, self.is_reversed())?),
            None => label::exact(asked).or_else(|| label::exact(&[&self.title, " ", asked].concat())),
        };
        label.filter(|label| label.meaning.is_some())
    }

    /// "Is it safe to contact you by:", "Safe contact methods"; not what somebody else may see, or is called by.
    fn asks_of_channels(&self) -> bool {
        let folded = fold(&self.title);
        let words = words(&folded);
        let is_of_safety =
            self.asked().is_some_and(Slot::is_of_safety) || words.iter().any(|word| SAFE.contains(word));
        is_of_safety && !words.iter().any(|word| OTHERS.contains(word))
    }

    /// What is asked is what is not safe.
    fn is_reversed(&self) -> bool {
        let folded = fold(&self.title);
        matches!(self.asked(), Some(Slot::DoNot(_)))
            || words(&folded).iter().any(|word| REVERSING.contains(word))
    }

    fn asked(&self) -> Option<Slot> {
        label::exact(&self.title).and_then(|label| label.meaning).map(|meaning| meaning.slot)
    }
}

/// What is chosen in a row.
enum Ticked {
    Nothing,
    /// The answer above the one tick, and what is noted beside it.
    Answer(String),
    /// Words in place of a tick.
    Words(String),
    /// More than one, or nobody knows in which column.
    Unclear,
}

/// A tick in a row of several columns whose headings we do not know: of consent and safety it says nothing.
pub(super) fn stray_tick(cells: &[String], place: &Place) -> Option<Item> {
    let (asked, others) = cells.split_first()?;
    let is_stray = others.len() > 1 && others.iter().any(|cell| is_tick(cell));
    let label =
        label::exact(asked).filter(|label| is_stray && label.meaning.is_some_and(slip::is_delicate))?;
    Some(Item::Entry(Entry { label, value: OPEN_ANSWER.to_owned(), place: place.shown() }))
}

fn column(cell: &str) -> Option<Column> {
    let folded = fold(cell);
    let bare = ["circle one", "circle", "check", "tick", "marque"]
        .iter()
        .find_map(|word| folded.strip_suffix(word))
        .unwrap_or(&folded)
        .trim();
    let is_answer = ["yes", "no"].iter().any(|list| LEXICON.phrases(list).is(bare)) || OPEN.contains(&bare);
    let is_notes = bare.is_empty() || NOTES.contains(&bare);
    let answer = || Column::Answer(bare.to_owned());
    is_answer.then(answer).or_else(|| is_notes.then_some(Column::Notes))
}

fn is_in(list: &str, text: &str) -> bool {
    LEXICON.phrases(list).is(&fold(text))
}

/// Answers that are neither.
const OPEN: [&str; 12] = [
    "unknown",
    "not sure",
    "unsure",
    "maybe",
    "sometimes",
    "n a",
    "na",
    "dont know",
    "no se",
    "tal vez",
    "a veces",
    "ask first",
];
/// Columns that hold no answers.
const NOTES: [&str; 12] = [
    "notes",
    "note",
    "comments",
    "comment",
    "initials",
    "initial",
    "details",
    "explain",
    "explanation",
    "date",
    "notas",
    "comentarios",
];
/// What stands above the questions of such a table.
const HEADING: [&str; 10] = [
    "question",
    "questions",
    "item",
    "items",
    "please answer",
    "please check",
    "safe to contact",
    "pregunta",
    "preguntas",
    "safety",
];
const SAFE: [&str; 3] = ["safe", "safely", "seguro"];
/// Who is not the client.
const OTHERS: [&str; 20] = [
    "abuser",
    "party",
    "landlord",
    "worker",
    "agency",
    "emergency",
    "opposing",
    "husband",
    "wife",
    "spouse",
    "ex",
    "partner",
    "mother",
    "father",
    "friend",
    "family",
    "referring",
    "see",
    "read",
    "access",
];
const REVERSING: [&str; 7] = ["not", "unsafe", "dont", "never", "no", "inseguro", "avoid"];

/// A question about one channel, as we know it.
pub(super) const fn question(bit: u8, is_reversed: bool) -> Option<&'static str> {
    Some(match (bit, is_reversed) {
        (channel::CALL, false) => "safe to call",
        (channel::CALL, true) => "do not call",
        (channel::VOICEMAIL, false) => "safe to leave voicemail",
        (channel::VOICEMAIL, true) => "do not leave voicemail",
        (channel::TEXT, false) => "safe to text",
        (channel::TEXT, true) => "do not text",
        (channel::EMAIL, false) => "safe to email",
        (channel::EMAIL, true) => "do not email",
        (channel::LETTER, false) => "safe to mail",
        (channel::LETTER, true) => "do not mail",
        (_, _) => return None,
    })
}

/// Nothing is in a cell, or a box that is not ticked.
fn is_empty(cell: &str) -> bool {
    const NONE: [&str; 14] = ["", "-", "–", "—", "☐", "□", "⬜", "○", "◯", "⚪", "[ ]", "[]", "( )", "0"];
    NONE.contains(&cell.trim()) || cell.trim().eq_ignore_ascii_case("false")
}

pub(super) fn is_tick(cell: &str) -> bool {
    const TICKS: [&str; 20] = [
        "x", "X", "✓", "✔", "☑", "☒", "●", "◉", "■", "⬤", "[x]", "[X]", "(x)", "(X)", "1", "true", "True",
        "TRUE", "✅", "√",
    ];
    TICKS.contains(&cell.trim().trim_end_matches('\u{fe0f}'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Channels, Field, Safety};

    fn channels(table: &str) -> Channels {
        let html = format!("<p>Client name: Ann Lee</p><p>Email: ann@mail.example</p>{table}");
        read(Source { html: Some(&html), ..Source::default() }, &context()).packets[0].channels()
    }

    #[test]
    fn a_tick_below_no_is_a_no() {
        let rows = "<tr><th>Phone</th><td></td><td>✓</td></tr><tr><th>Voicemail</th><td></td><td></td></tr>\
            <tr><th>Text</th><td>✓</td><td>✓</td></tr><tr><th>Email</th><td>X</td><td></td></tr>";
        let head = |first: &str| format!("<tr><th>{first}</th><th>Yes</th><th>No</th></tr>");
        for table in [
            format!("<p>Is it safe to contact you by:</p><table>{}{rows}</table>", head("")),
            format!("<table>{}{rows}</table>", head("Safe to contact")),
            format!(
                "<table><tr><td>Is it safe to contact you by:</td><td><table>{}{rows}</table></td></tr></table>",
                head("")
            ),
        ] {
            let Channels { call, voicemail, text, email, .. } = channels(&table);
            assert_eq!((call, email), (Safety::NotSafe, Safety::Safe), "{table}");
            assert!(voicemail != Safety::Safe && text != Safety::Safe, "{table}");
        }
    }

    #[test]
    fn a_row_may_ask_by_itself_and_a_table_what_is_not_safe() {
        let table = "<table><tr><th></th><th>No</th><th>Yes</th></tr><tr><td>Safe to email?</td><td>●</td><td>○</td></tr>\
            <tr><td>Safe to text?</td><td>○</td><td>●</td></tr></table>";
        assert_eq!((channels(table).email, channels(table).text), (Safety::NotSafe, Safety::Safe));
        let table = "<table><tr><th>Do not contact by</th><th>Yes</th><th>No</th></tr><tr><td>Email</td><td>x</td><td></td></tr></table>";
        assert_eq!(channels(table).email, Safety::NotSafe);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_no_yes() {
        let head = "<tr><th></th><th>Yes</th><th>No</th></tr>";
        let row = |cells: &str| format!("<table>{head}<tr><td>Safe to email{cells}</table>");
        for table in [
            row("<td>declined<td>"),
            row("<td>N<td>"),
            row("<td>✗<td>"),
            row("<td>?<td>"),
            row("<td><s>X</s><td>"),
            row("<td>X<td>X"),
            row("<td style='display:none'>X</td><td>X</td>"),
            row("<td>⬜<td>"),
            format!("<table>{head}<tr><td colspan=2>Safe to email</td><td>X</td></tr></table>"),
            format!("<table><tr><td>County<td>Albany<td></tr>{head}<tr><td>Safe to email<td><td>X</table>"),
            "<table><tr><td>Question<td>Yes<td>No<td>Notes<tr><td>Safe to email<td><td>X<td></table>".to_owned(),
            "<table><tr><td>Item<td>Agrees<td>Refuses<tr><td>Safe to email<td><td>X</table>".to_owned(),
            "<table><tr><td></td><td>Yes<td>No<td>Question<td>Yes<td>No<tr><td>Safe to email<td><td>X<td>a<td>X<td></table>"
                .to_owned(),
            "<table><tr><td><td>No<td>Yes<tr><td>Safe to text<td>x<td><tr><td><td>Yes<td>No<tr><td>Safe to email<td><td>x</table>"
                .to_owned(),
            format!("<p>Which of these can the abuser see:</p><table>{head}<tr><td>Email<td>X<td></table>"),
            format!("<p>Landlord: ok to contact by</p><table>{head}<tr><td>Email<td>X<td></table>"),
        ] {
            assert_ne!(channels(&table).email, Safety::Safe, "{table}");
        }
        let noted = "<table><tr><td>Question<td>Yes<td>No<td>Notes<tr><td>Safe to email<td>✓<td><td></table>";
        assert_eq!(channels(noted).email, Safety::Safe);
        assert_eq!(channels(&row("<td>Yes<td>")).email, Safety::Safe);
    }

    #[test]
    fn other_rows_of_such_a_table_and_rows_of_people_keep_their_values() {
        let table = "<table><tr><th></th><th>Yes</th><th>No</th></tr><tr><td>Safe to email<td>X<td></tr>\
            <tr><td>Client phone<td>518-555-0142<td></tr></table>";
        let html = format!("<p>Client name: Ann Lee</p>{table}");
        let harvest = read(Source { html: Some(&html), ..Source::default() }, &context());
        assert_eq!(harvest.packets[0].text(Field::ClientPhone), Some("518-555-0142"));
        let people = "<table><tr><th>Client name<th>Safe to call<th>Safe to text<tr><td>Ann Lee<td>Yes<td>No\
            <tr><td>Ben Roe<td>No<td>Yes</table>";
        let harvest = read(Source { html: Some(people), ..Source::default() }, &context());
        assert_eq!(harvest.packets.len(), 2);
    }
}
