//! What a text asks, and of whom it speaks, without reading it as a form.

use super::LINES;
use super::fold::{fold, words};
use super::label;
use super::lexicon::{LEXICON, Slot, Whose};
use crate::referral::packet::{Confidence, Field};
use crate::referral::safety::is_guarded;

/// Whether the words are a label we know.
#[must_use]
pub(crate) fn is_label(text: &str) -> bool {
    label::exact(text).is_some()
}

/// Whether a text is a label of a form, word for word or nearly.
pub(crate) fn is_label_nearly(text: &str) -> bool {
    let label = label::near(text).filter(|label| label.sure != Confidence::Low);
    label.is_some_and(|label| label.meaning.is_some())
}

/// What a label asks, word for word.
pub(crate) fn asks(label: &str) -> Option<Slot> {
    label::exact(label).and_then(|label| label.meaning).map(|meaning| meaning.slot)
}

/// What a line of a form asks, before its answer.
fn label_of(line: &str) -> &str {
    let label = line.split([':', '\t', '|']).map(str::trim).find(|part| !part.is_empty()).unwrap_or_default();
    label.split("  ").next().unwrap_or_default()
}

/// Whether a line of a text asks for the reason of a referral: "Reason for referral", "Why are you referring".
pub(crate) fn asks_why_referred(text: &str) -> bool {
    let asks = |line: &str| {
        let label = label::exact(label_of(line));
        let asked = label
            .filter(|label| label.meaning.is_some_and(|meaning| meaning.slot == Slot::Field(Field::Reason)));
        asked.is_some_and(|label| LEXICON.phrases("referral").within(&words(&label.key)))
    };
    text.lines().take(LINES).any(asks)
}

/// Whether words speak of a referral.
pub(crate) fn speaks_of_referral(text: &str) -> bool {
    has_phrase("referral", text)
}

/// Whether words name another kind of paper than a referral: a complaint, an invoice.
pub(crate) fn names_other_paper(text: &str) -> bool {
    has_phrase("other_papers", text)
}

/// Whether words name somebody who is no client: the other side, a relative, whoever wants to work here.
pub(crate) fn names_somebody_else(text: &str) -> bool {
    has_phrase("somebody_else", text)
}

fn has_phrase(list: &str, text: &str) -> bool {
    let folded = fold(text);
    LEXICON.phrases(list).within(&words(&folded))
}

/// Whether a line of a text is a heading over a client's values, or a label that asks for one of theirs.
pub(crate) fn speaks_of_client(text: &str) -> bool {
    let is_clients = |line: &str| {
        let label = label_of(line);
        let meaning = label::exact(label).and_then(|label| label.meaning);
        meaning.is_some_and(|meaning| meaning.whose == Whose::Client)
            || LEXICON.heading(&fold(label)) == Some(Whose::Client)
    };
    text.lines().take(LINES).any(is_clients)
}

/// Whether a text is a label of a question about safety or consent, or of the client's address.
pub(crate) fn asks_of_safety(label: &str) -> bool {
    match asks(label) {
        Some(Slot::Safe(_) | Slot::DoNot(_)) => true,
        Some(Slot::Field(field)) => is_guarded(field) || field == Field::ClientEmail,
        Some(_) | None => false,
    }
}
