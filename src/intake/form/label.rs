//! Labels: what the words that stand before a value ask, word for word or nearly.

use super::fold::{fold, words};
use super::gate::may;
use super::guess::delicate;
use super::lexicon::{LEXICON, Meaning, Slot};
use super::slip::is_delicate;
use crate::intake::quick::{self};
use crate::referral::packet::Confidence;

/// A label that was understood, exactly or nearly.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// The label, folded: two lines with the same one ask the same.
    pub(crate) key: String,
    /// What it asks for; `None` for a label we have no field for.
    pub(crate) meaning: Option<Meaning>,
    /// High for word by word, Medium for nearly.
    pub(crate) sure: Confidence,
}

masked!(Label);

/// The longest label anybody writes, in bytes.
pub(super) const LONGEST: usize = 120;

/// The label of a whole text, word for word; numbering and a trailing bracket note are forgiven.
pub(crate) fn exact(text: &str) -> Option<Label> {
    let text = text.trim();
    if text.len() > LONGEST || text.is_empty() {
        return None;
    }
    let bare = without_number(text);
    known(text)
        .or_else(|| known(Some(bare).filter(|bare| bare.len() < text.len())?))
        .or_else(|| known(without_note(bare)?))
        .or_else(|| known(&split_camel(bare)?))
        .or_else(|| either(bare))
        .or_else(|| renamed(without_note(bare).unwrap_or(bare)))
        .or_else(|| if has_question(text) { asked(bare) } else { None })
}

/// A label in other words than we know it by.
fn asked(text: &str) -> Option<Label> {
    let text = without_note(text).unwrap_or(text);
    let key = fold(text);
    let meaning = LEXICON.in_other_words(&key)?;
    Some(Label { key, meaning: Some(meaning), sure: Confidence::Medium })
}

/// "Applicant/Client name", "Best days/times": known when every way to read it that is known asks the same; of consent,
/// safety, and how somebody is reached every way must be known.
fn either(text: &str) -> Option<Label> {
    let (at, word) = text.split(' ').enumerate().find(|(_, word)| word.contains('/'))?;
    let ways: Vec<Option<Label>> = word
        .split('/')
        .take(4)
        .map(|one| {
            let words = text.split(' ').enumerate().map(|(place, word)| if place == at { one } else { word });
            known(&words.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let meaning = ways.iter().flatten().next()?.meaning?;
    let agree = ways.iter().flatten().all(|label| label.meaning == Some(meaning));
    let is_sure = ways.iter().all(Option::is_some) || !(is_delicate(meaning) || is_reach(meaning.slot));
    (agree && is_sure).then(|| Label { key: fold(text), meaning: Some(meaning), sure: Confidence::Medium })
}

fn is_reach(slot: Slot) -> bool {
    matches!(slot, Slot::Phone | Slot::PhoneOther | Slot::Email | Slot::Address)
}

fn known(text: &str) -> Option<Label> {
    if LEXICON.gate.of(text) & may::LABEL == 0 {
        return None;
    }
    let key = fold(text);
    LEXICON.gated_label(&key).map(|meaning| Label { key, meaning: Some(meaning), sure: Confidence::High })
}

/// The label of a whole text, word for word or nearly.
pub(crate) fn near(text: &str) -> Option<Label> {
    exact(text).or_else(|| {
        let text = without_number(text.trim());
        let text = without_note(text).unwrap_or(text);
        if text.len() > LONGEST {
            return None;
        }
        let key = fold(text);
        let nearly = LEXICON.in_other_words(&key).or_else(|| LEXICON.nearly(&key));
        let nearly = nearly.map(|meaning| (meaning, Confidence::Medium));
        let (meaning, sure) = nearly.or_else(|| Some((delicate(&key)?, Confidence::Low)))?;
        Some(Label { key, meaning: Some(meaning), sure })
    })
}

pub(super) fn has_question(text: &str) -> bool {
    quick::find(text, b'?').is_some()
}

/// The line without its bullet.
pub(crate) fn without_bullet(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return line;
    }
    let bare = line.trim_start_matches([
        '•', '·', '►', '▪', '●', '○', '◦', '‣', '➤', '■', '\u{f0b7}', '»', '*', '#', '_',
    ]);
    let bare = bare.strip_prefix("- ").or_else(|| bare.strip_prefix("– ")).unwrap_or(bare);
    bare.trim_start()
}

/// The text without "3.", "q3.", "a)", "(2)".
pub(super) fn without_number(text: &str) -> &str {
    let text = without_bullet(text);
    let text = text.strip_prefix('(').filter(|rest| rest.chars().take(4).any(|c| c == ')')).unwrap_or(text);
    let Some((at, end)) = text.char_indices().take(6).find(|(_, c)| matches!(c, '.' | ')' | ':')) else {
        return text;
    };
    let Some((number, rest)) = text.split_at_checked(at) else { return text };
    let rest = rest.strip_prefix(end).unwrap_or(rest);
    let digits = number.strip_prefix(['q', 'Q', '#']).unwrap_or(number);
    // "Q: Phone?" is the question alone.
    let counted = !(digits.is_empty() && digits.len() == number.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.len() <= 3;
    let lettered =
        number.len() == 1 && number.bytes().all(|b| b.is_ascii_alphabetic()) && rest.starts_with([' ', '\t']);
    if (counted || lettered) && !rest.trim().is_empty() { rest.trim_start() } else { text }
}

/// The text without its trailing bracket notes; `None` when it has none.
fn without_note(text: &str) -> Option<&str> {
    let trim = |text: &str| -> usize {
        text.trim_end_matches([':', '?', '*', '.', '-', ' ', '\t', '¿', '_']).len()
    };
    let mut bare = text.get(..trim(text))?;
    let mut changed = false;
    for _ in 0..3 {
        let opening = match bare.chars().next_back() {
            Some(')') => '(',
            Some(']') => '[',
            _ => break,
        };
        let Some((before, _)) = bare.rsplit_once(opening) else { break };
        // `Safe to contact: ["Phone","Email"]` is a value, as programs write lists.
        if opening == '[' && before.trim_end().ends_with([':', '=']) {
            break;
        }
        bare = before.get(..trim(before))?;
        changed = true;
    }
    (changed && !bare.is_empty()).then_some(bare)
}

/// `interpreterLanguage` as two words; `None` when there is nothing to part.
pub(super) fn split_camel(text: &str) -> Option<String> {
    if quick::find(text, b' ').is_some() {
        return None;
    }
    let mut parted = String::with_capacity(text.len() + 4);
    let mut before = ' ';
    for c in text.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            parted.push(' ');
        }
        parted.push(c);
        before = c;
    }
    (parted.len() > text.len()).then_some(parted)
}

/// "None", "no concerns": nothing that goes on behind a blank line, where somebody signs.
pub(super) fn says_nothing(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    words.len() < 6 && LEXICON.phrases("no_note").starts(&words) > 0
}

/// The label of a text without its numbering and notes, that calls the client by another word.
fn renamed(text: &str) -> Option<Label> {
    // Nothing shorter than "patient consents now" is one.
    if text.bytes().filter(|byte| *byte == b' ').take(2).count() < 2 {
        return None;
    }
    let key = fold(text);
    let meaning = LEXICON.renamed(&key)?;
    Some(Label { key, meaning: Some(meaning), sure: Confidence::High })
}
