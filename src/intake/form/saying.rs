//! What a line says: a label with its value, a label that waits for one, a heading, or just words.

use super::fold::{fold, words};
use super::gate::may;
use super::guess::{bare, delicate};
use super::judge::{is_drawn, opens_with_no, opens_with_yes};
use super::label::{LONGEST, Label, exact, has_question, near, without_bullet, without_number};
use super::lexicon::{LEXICON, Whose};
use super::questions;
use super::separators;
use super::tongues;
use crate::intake::quick::{self, has_digit};
use crate::referral::packet::Confidence;

/// What a line says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Saying<'a> {
    /// Label and value; the value may be empty.
    Labelled(Label, &'a str),
    /// Nothing but a label. `strict` when its form says so too: a colon, a question mark, an asterisk.
    Alone {
        /// The label.
        label: Label,
        /// It ends like a label.
        strict: bool,
        /// The same words are also a heading.
        heading: Option<Whose>,
    },
    /// A heading.
    Heading(Whose),
    /// "Referral 2 of 3", "Client 2: Ann Smith": another person begins, perhaps with the name.
    Another(Option<&'a str>),
    /// The form is over.
    Footer,
    /// Anything else.
    Words,
}

masked!(Saying<'_>);

/// The longest label that does not end like one, in bytes.
const USUAL: usize = 70;
/// Reads one line.
pub(crate) fn of(line: &str) -> Saying<'_> {
    let line = without_bullet(line);
    if line.is_empty() {
        return Saying::Words;
    }
    // A wrapped line of running text is no label: one that is longer than any usual label would end like one.
    let prose = line.len() > USUAL && !line.ends_with(['?', ':', '*', ')', ']']);
    if line.len() > LONGEST || prose {
        if is_long_footer(line) {
            return Saying::Footer;
        }
    } else if let Some(saying) = short_saying(line) {
        return saying;
    }
    if let Some((label, value)) = split(line) {
        return if value.is_empty() {
            Saying::Alone { label, strict: true, heading: None }
        } else {
            Saying::Labelled(label, value)
        };
    }
    Saying::Words
}

fn short_saying(line: &str) -> Option<Saying<'_>> {
    if is_next(line) {
        return Some(Saying::Another(None));
    }
    let hints = LEXICON.gate.of(line);
    let is_counted = hints & may::COUNTED != 0 && may_be_counted(line);
    if !is_counted && hints & !may::COUNTED == 0 {
        let label = if hides_label(line) || has_question(line) { exact(line) } else { None };
        return label.map(|label| alone(label, line, None));
    }
    let folded = fold(line);
    if is_counted && let Some(saying) = another(line, &folded) {
        return Some(saying);
    }
    let may_head = hints & may::HEADING != 0 && !ends_in_a_count(line);
    let heading = if may_head { LEXICON.heading(&folded) } else { None };
    if let Some(label) =
        exact_folded(line, &folded, hints).filter(|label| !questions::holds_an_answer(line, label))
    {
        return Some(alone(label, line, heading));
    }
    if let Some(whose) = heading {
        return Some(Saying::Heading(whose));
    }
    (hints & may::FOOTER != 0 && is_footer(&folded) && !opens_with_label(line)).then_some(Saying::Footer)
}

/// "Household members: 3".
fn ends_in_a_count(line: &str) -> bool {
    let is_count = |value: &str| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    quick::parted(line, b':').is_some_and(|(_, value)| is_count(value.trim()))
}

fn alone(label: Label, line: &str, heading: Option<Whose>) -> Saying<'_> {
    let strict = line.ends_with([':', '?', '*', '：', ')', ']']);
    Saying::Alone { label, strict, heading }
}

/// [`exact`] of a line that is folded already; `hints` is what the gate says of it.
fn exact_folded(line: &str, folded: &str, hints: u8) -> Option<Label> {
    let known = if hints & may::LABEL == 0 { None } else { LEXICON.gated_label(folded) };
    if let Some(meaning) = known {
        return Some(Label { key: folded.to_owned(), meaning: Some(meaning), sure: Confidence::High });
    }
    if hides_label(line) || has_question(line) { exact(line) } else { None }
}

/// Only numbering, a bracket note or a single odd word can hide a label.
fn hides_label(line: &str) -> bool {
    let start = line.chars().take(6).any(|c| matches!(c, '.' | ')' | ':'));
    start
        || line.ends_with([')', ']', '*', ':', '?', '.', '-', '_']) && line.contains([')', ']'])
        || quick::find(line, b' ').is_none()
}

/// Whether a number stands before the first colon, and behind it nothing or a name.
fn may_be_counted(line: &str) -> bool {
    let (left, right) = quick::parted(line, b':').unwrap_or((line, ""));
    has_digit(left) && (right.trim().is_empty() || is_name(right))
}

fn another<'a>(line: &'a str, folded: &str) -> Option<Saying<'a>> {
    let (left, right) = quick::parted(line, b':').unwrap_or((line, ""));
    if right.trim().is_empty() && is_another(folded) {
        return Some(Saying::Another(None));
    }
    (is_name(right) && is_another(&fold(left))).then(|| Saying::Another(Some(right.trim())))
}

/// A footer's sentence runs on: its first words are enough.
fn is_long_footer(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    if LEXICON.gate.of(word) & may::FOOTER == 0 {
        return false;
    }
    let end = line.char_indices().nth(80).map_or(line.len(), |(at, _)| at);
    line.get(..end).is_some_and(|start| is_footer(&fold(start)))
}

/// "Date of consent: pending" is an answer, though a form may end with "Date:".
fn opens_with_label(line: &str) -> bool {
    quick::parted(line, b':').is_some_and(|(label, _)| label.trim().contains(' ') && exact(label).is_some())
}

/// Whether a text that the gate let through ends a form.
fn is_footer(folded: &str) -> bool {
    let words = words(folded);
    // "Submitted 10:05 AM UTC", "Submitted at 10:05 AM UTC".
    let is_time = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_stamped = words.iter().skip(1).find(|word| **word != "at").is_some_and(is_time);
    if is_stamped && matches!(words.first(), Some(&("submitted" | "enviado"))) {
        return true;
    }
    let taken = LEXICON.hot.footers.starts(&words);
    // A one-word farewell ends the form only when little more follows it.
    taken >= 3 || (taken > 0 && words.len() <= taken + 3)
}

fn is_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (1..=6).contains(&words) && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, ':' | '@' | '?'))
}

/// "Second client", "Next referral:".
fn is_next(line: &str) -> bool {
    let mut words = line.split([' ', ':', '-', '#']).filter(|word| !word.is_empty());
    let (Some(opener), Some(who), None) = (words.next(), words.next(), words.next()) else { return false };
    let is_of = |list: &str, word: &str| LEXICON.phrases(list).is(&fold(word));
    line.len() <= USUAL && is_of("next_openers", opener) && is_of("next_persons", who)
}

/// "Referral 2 of 3", "Client #2", "Cliente 2".
fn is_another(folded: &str) -> bool {
    let words = words(folded);
    let counted = &LEXICON.hot.counted;
    let taken = counted.starts(&words);
    let Some(rest) = words.get(taken..).filter(|_| taken > 0) else { return false };
    let small = |word: &&str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    match rest {
        [one] => small(one),
        [one, of, all] => small(one) && matches!(*of, "of" | "de" | "no" | "number") && small(all),
        _ => false,
    }
}

/// The label before the first separator that leaves a known one, and what follows.
fn split(line: &str) -> Option<(Label, &str)> {
    let colon = at_colon(line);
    if let Some((left, right)) = colon
        && let Some(label) = exact(left)
    {
        return Some((label, value(right)));
    }
    if let Some((left, right)) = colon
        && let Some(label) = tongues::label(left, value(right))
    {
        return Some((label, value(right)));
    }
    if let Some((left, right)) = separators::parted(line) {
        return Some((left, value(right)));
    }
    if has_question(line)
        && let Some((left, right)) = line.split_once("? ")
        && left.len() <= LONGEST
        && (right.split_whitespace().count() <= 5 || opens_with_yes(right) || opens_with_no(right))
        && let key = fold(left)
        && let Some(meaning) = delicate(&key)
    {
        return Some((Label { key, meaning: Some(meaning), sure: Confidence::Low }, value(right)));
    }
    let (left, right) = colon?;
    let is_time =
        left.ends_with(|c: char| c.is_ascii_digit()) && right.starts_with(|c: char| c.is_ascii_digit());
    if left.len() > LONGEST || right.starts_with("//") || is_time || !looks_like_label(left) {
        return None;
    }
    let label = near(left).unwrap_or_else(|| unlisted(left, right));
    Some((label, value(right)))
}

/// A label that no list holds: a way to reach somebody beside an answer, or one we have no field for.
fn unlisted(left: &str, right: &str) -> Label {
    let key = fold(without_number(left));
    match bare(&key, value(right)) {
        Some(meaning) => Label { key, meaning: Some(meaning), sure: Confidence::Low },
        None => Label { key, meaning: None, sure: Confidence::High },
    }
}

fn at_colon(line: &str) -> Option<(&str, &str)> {
    quick::parted(line, b':').or_else(|| if line.is_ascii() { None } else { line.split_once('：') })
}

/// Whether a line has the sign that stands behind labels.
pub(crate) fn has_colon(line: &str) -> bool {
    at_colon(line).is_some()
}

fn value(text: &str) -> &str {
    let text = text.trim();
    // "__ Yes _X_ No": the strokes are the box of the yes.
    let is_box = text.starts_with('_') && is_drawn(text);
    let text = if is_box { text } else { text.trim_start_matches(['*', '_', ':', ' ', '\t']) };
    // "Name: (Last, First): Smith, Ann": the note belongs to the label.
    let note = text.strip_prefix('(').and_then(|note| note.split_once(')'));
    match note.filter(|(note, rest)| note.len() <= 60 && rest.starts_with([':', '\t'])) {
        Some((_, rest)) => rest.trim_start_matches([':', ' ', '\t']),
        None => text,
    }
}

fn looks_like_label(left: &str) -> bool {
    let words = left.split_whitespace().count();
    let ends_in_digit = left.ends_with(|c: char| c.is_ascii_digit());
    (1..=9).contains(&words)
        && !left.contains(['@', ',', ';'])
        && (!ends_in_digit || words <= 3)
        && left.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::lexicon::Slot;
    use crate::referral::packet::Field;

    fn labelled(line: &str) -> Option<(Slot, &str)> {
        let Saying::Labelled(label, value) = of(line) else { return None };
        Some((label.meaning?.slot, value))
    }

    #[test]
    fn a_note_that_says_nothing_ends_with_its_paragraph() {
        use super::super::{Source, read};
        use crate::referral::packet::Field;
        for (note, expected) in [
            ("Safety notes: none\n\nDana Cole\nHarbor House", "none"),
            ("Safety concerns: No\n\nPlease let me know if you have questions.", "No"),
            ("Safety notes: He knows the car.\n\nHe waits outside.", "He knows the car. He waits outside."),
            ("Safety concerns: Yes\n\nHe waits outside.", "Yes He waits outside."),
        ] {
            let text = format!("Client name: Ana Vega\nPhone: 617-555-0142\n{note}\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &super::super::tests::context());
            let said = harvest.packets[0].text(Field::SafetyNotes).unwrap_or_default();
            assert_eq!(said.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{note}");
        }
    }

    #[test]
    fn a_label_and_its_value_are_parted_however_they_are_joined() {
        let dob = Slot::Field(Field::ClientDob);
        for (line, slot, value) in [
            ("Client name: Ann Smith", Slot::Name, "Ann Smith"),
            ("Date of birth: unknown", dob, "unknown"),
            ("Date of consent: pending", Slot::Field(Field::ConsentGiven), "pending"),
            ("3. Date of Birth (MM/DD/YYYY): 3/4/1990", dob, "3/4/1990"),
            ("q3. D.O.B - 3/4/1990", dob, "3/4/1990"),
            ("a) Phone # = 518-555-0100", Slot::Phone, "518-555-0100"),
            ("• Phone\t518-555-0100", Slot::Phone, "518-555-0100"),
            ("Cell 518-555-0100", Slot::Phone, "518-555-0100"),
            ("*Email:* ann@example.org", Slot::Email, "ann@example.org"),
            ("client_full_name: Ann Smith", Slot::Name, "Ann Smith"),
            ("clientName: Ann Smith", Slot::Name, "Ann Smith"),
            ("Name (Young Person): Ann", Slot::Name, "Ann"),
            ("Phone ..... 518-555-0100", Slot::Phone, "518-555-0100"),
            ("¿Es seguro dejar un mensaje de voz?: sí", Slot::Safe(2), "sí"),
            ("Safe to Leave a Voicemail? (Y/N) (required): Y", Slot::Safe(2), "Y"),
            ("Is it safe to leave a voicemail? Yes: after 5", Slot::Safe(2), "Yes: after 5"),
            ("Trabajador(a) social: Ana", Slot::Name, "Ana"),
            ("Is it safe to leave a voicemail or text? either", Slot::Safe(6), "either"),
        ] {
            assert_eq!(labelled(line), Some((slot, value)), "{line}");
        }
        for line in ["http://example.org", "I said: no", "At 9:30 we met", "Dear team,"] {
            assert_eq!(labelled(line), None, "{line}");
        }
    }

    #[test]
    fn a_counted_block_is_another_person() {
        for line in ["Referral 1 of 3", "Client #2:", "--- Client 2 ---", "Cliente 2", "Referencia 2 de 3"] {
            assert_eq!(of(line), Saying::Another(None), "{line}");
        }
        assert_eq!(of("Client 2: Ann Smith"), Saying::Another(Some("Ann Smith")));
        assert!(matches!(of("Case number: 11"), Saying::Labelled(..)));
    }
}
