//! What a form asked about safety, kept beside each answer: "No" to "is the client safe at home" and "no" to "safety
//! concerns" say the contrary of each other, and a person who calls relies on it.

use super::super::fold::{fold, words};
use super::super::judge;
use super::super::label;
use super::super::lexicon::{LEXICON, Slot};
use super::{Builder, Raw};
use crate::referral::packet::Field;

/// An answer of more words says by itself what it speaks of.
const LONGEST: usize = 3;

impl Builder<'_> {
    /// Puts the notes on safety where they belong, those that answer something with what was asked.
    pub(super) fn place_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        let is_only = notes.len() == 1;
        for (asked, raw) in notes {
            let value = if is_by_itself(&asked, &raw.value, is_only) {
                raw.value
            } else {
                answered(&asked, &raw.value)
            };
            self.put(Field::SafetyNotes, Raw { value, ..raw });
        }
    }
}

/// Whether nobody needs to be told what such a value answers; `is_only` says that there is no other.
fn is_by_itself(asked: &str, value: &str, is_only: bool) -> bool {
    let label = words(asked);
    let has = |list: &str| label.iter().any(|word| LEXICON.phrases(list).is(word));
    let says_it = || judge::opens_with_no(value) || words(&fold(value)).len() > LONGEST;
    let is_plain = |value: &str| !value.contains([';', '\n']);
    has("note_words")
        || is_only && has("concern_words") && !is_question(&label) && says_it()
        || asked.is_empty()
        || !is_plain(asked)
}

fn is_question(label: &[&str]) -> bool {
    label.first().is_some_and(|first| LEXICON.phrases("question_openers").is(first))
}

/// "Is the client safe at home? No", "Domestic violence: yes".
fn answered(asked: &str, value: &str) -> String {
    let mut letters = asked.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mark = if is_question(&words(asked)) { "? " } else { ": " };
    first.chain(letters).chain(mark.chars()).chain(value.chars()).collect()
}

/// A note without the questions that stand beside its answers, as whoever looks for words that warn reads it. The same
/// answer twice is one.
pub(crate) fn unasked(note: &str) -> String {
    let mut seen = Vec::new();
    let mut kept = Vec::new();
    for part in note.split("; ") {
        let answer = answer(part);
        let folded = fold(answer);
        if answer.len() == part.len() || !seen.contains(&folded) {
            kept.push(answer);
            seen.push(folded);
        }
    }
    kept.join("; ")
}

/// What stands behind the question that a part opens with, if it is one of ours.
fn answer(part: &str) -> &str {
    let Some((asked, answer)) = part.split_once("? ").or_else(|| part.split_once(": ")) else { return part };
    let meaning = label::near(asked).and_then(|label| label.meaning);
    if meaning.is_some_and(|meaning| meaning.slot == Slot::Field(Field::SafetyNotes)) { answer } else { part }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::context;
    use super::super::super::{Source, read};
    use super::unasked;
    use crate::referral::packet::Field;

    fn notes(lines: &str) -> String {
        let text = format!("Client name: Ana Vega\nPhone: 518-555-0142\n{lines}\nLanguage: English\n");
        let harvest = read(Source { text: &text, ..Source::default() }, &context());
        harvest.packets[0].text(Field::SafetyNotes).unwrap_or_default().to_owned()
    }

    #[test]
    fn each_answer_about_safety_is_kept_with_its_question() {
        for (lines, kept) in [
            (
                "Is the client safe at home?: No\nSafety concerns: Yes",
                "Is the client safe at home? No; Safety concerns: Yes",
            ),
            (
                "Is the client safe at home?: Yes\nSafety concerns: No",
                "Is the client safe at home? Yes; Safety concerns: No",
            ),
            (
                "Is the client safe at home?: No\nSafety concerns: No",
                "Is the client safe at home? No; Safety concerns: No",
            ),
            ("Is the client safe at home? No", "Is the client safe at home? No"),
            ("Safety concerns: Yes", "Safety concerns: Yes"),
            ("Domestic violence: yes", "Domestic violence: yes"),
            ("Unsafe times to call: nights", "Unsafe times to call: nights"),
            ("Restraining order: no\nSafety notes: call first", "Restraining order: no; call first"),
            ("Safety notes: none", "none"),
            ("Safety notes: No", "No"),
            ("Safety concerns: none", "none"),
            ("Safety concerns: he has her old phone", "he has her old phone"),
        ] {
            assert_eq!(notes(lines), kept, "{lines}");
        }
    }

    #[test]
    fn whoever_looks_for_a_warning_reads_the_answers_alone() {
        for (note, read) in [
            ("Is the client safe at home? No; Safety concerns: Yes", "No; Yes"),
            ("Is the client safe at home? No; Safety concerns: no", "No"),
            ("none", "none"),
            ("Email: no", "Email: no"),
            ("He said: no; Domestic violence: no", "He said: no; no"),
        ] {
            assert_eq!(unasked(note), read);
        }
    }
}
