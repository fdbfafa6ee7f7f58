//! Tables of ticks: the answers stand above the columns, what is asked stands at the left of each row, and a tick below
//! an answer chooses it. Read as a list of labels and values, a tick in the column of "No" would be a yes.

use super::fold::{fold, words};
use super::judge;
use super::label::{self, Label};
use super::lexicon::{LEXICON, Slot, channel};
use super::piece::Place;
use super::scan::{Entry, Item};

/// The first row of such a table.
pub(super) struct Matrix {
    /// The table.
    pub(super) table: usize,
    /// What is asked of every row; may be empty.
    title: String,
    /// The answer above each column, the first one without.
    answers: Vec<String>,
}

/// More columns of answers than anybody sets.
const MOST_ANSWERS: usize = 8;

impl Matrix {
    /// Whether a row begins such a table: behind its first cell stand answers only, a yes and a no among them. `above` is
    /// the line before the table, which asks when the first cell does not.
    pub(super) fn begins(table: usize, cells: &[String], above: &str) -> Option<Matrix> {
        let (first, answers) = cells.split_first()?;
        let known =
            |list: &str| answers.iter().filter(|answer| LEXICON.phrases(list).is(&fold(answer))).count();
        let is_open = |answer: &&String| answer.is_empty() || OPEN.contains(&fold(answer).as_str());
        let (yes, no) = (known("yes"), known("no"));
        let all = yes + no + answers.iter().filter(is_open).count();
        if yes == 0 || no == 0 || all < answers.len() || answers.len() > MOST_ANSWERS {
            return None;
        }
        let title = if first.trim().is_empty() { above } else { first };
        Some(Matrix { table, title: title.trim().to_owned(), answers: answers.to_vec() })
    }

    /// The answer of one row, if it is one to a question we know.
    pub(super) fn answer(&self, cells: &[String], place: &Place) -> Option<Item> {
        let (asked, ticks) = cells.split_first()?;
        let label = self.label(asked)?;
        let ticked = self.answers.iter().zip(ticks).filter(|(_, tick)| is_tick(tick));
        let value = ticked.map(|(answer, _)| answer.as_str()).collect::<Vec<_>>().join(" / ");
        (!value.is_empty()).then(|| Item::Entry(Entry { label, value, place: place.shown() }))
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

    /// "Is it safe to contact you by:", "Safe contact methods".
    fn asks_of_channels(&self) -> bool {
        let slot = label::exact(&self.title).and_then(|label| label.meaning).map(|meaning| meaning.slot);
        matches!(slot, Some(Slot::Safe(_) | Slot::DoNot(_)))
            || words(&fold(&self.title)).iter().any(|word| ASKING.contains(word))
    }

    /// What is asked is what is not safe.
    fn is_reversed(&self) -> bool {
        let slot = label::exact(&self.title).and_then(|label| label.meaning).map(|meaning| meaning.slot);
        let folded = fold(&self.title);
        matches!(slot, Some(Slot::DoNot(_))) || words(&folded).iter().any(|word| REVERSING.contains(word))
    }
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
const ASKING: [&str; 9] = ["safe", "ok", "okay", "may", "can", "contact", "contacted", "seguro", "contactar"];
const REVERSING: [&str; 7] = ["not", "unsafe", "dont", "never", "no", "inseguro", "avoid"];

/// A question about one channel, as we know it.
const fn question(bit: u8, is_reversed: bool) -> Option<&'static str> {
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

/// Anything in a cell is a tick but what says that there is none.
fn is_tick(cell: &str) -> bool {
    const NONE: [&str; 12] = ["", "-", "–", "—", "☐", "□", "○", "◯", "[ ]", "[]", "( )", "0"];
    !NONE.contains(&cell.trim()) && !cell.trim().eq_ignore_ascii_case("false")
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Channels, Safety};

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
}
