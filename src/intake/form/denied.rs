//! What an answer in running text denies, where no form is read: only a clear no counts, a yes gives nothing.

use super::judge;
use super::label;
use super::lexicon::{Slot, channel};
use crate::intake::warning::{Phone, Warnings};
use crate::referral::packet::{Confidence, Field};

/// What the answer to a question about safety or consent speaks against.
pub(crate) fn denied(label: &str, answer: &str) -> Warnings {
    let slot = label::exact(label).and_then(|label| label.meaning).map(|meaning| meaning.slot);
    match slot {
        Some(Slot::Safe(ways)) if judge::opens_with_no(answer) => of_ways(ways),
        Some(Slot::DoNot(ways)) if judge::opens_with_yes(answer) => of_ways(ways),
        Some(Slot::Field(Field::Consent | Field::ConsentContact)) if judge::opens_with_no(answer) => {
            Warnings { consent: true, ..Warnings::default() }
        }
        Some(_) | None => Warnings::default(),
    }
}

/// Whether a text is a label of a form, word for word or nearly.
pub(crate) fn is_label_nearly(text: &str) -> bool {
    let label = label::near(text).filter(|label| label.sure != Confidence::Low);
    label.is_some_and(|label| label.meaning.is_some())
}

/// Warnings of these ways; of all where a label names none.
fn of_ways(ways: u8) -> Warnings {
    let has = |way: u8| ways == 0 || ways & way != 0;
    let phone =
        Phone { call: has(channel::CALL), text: has(channel::TEXT), voicemail: has(channel::VOICEMAIL) };
    let mail = has(channel::EMAIL);
    let letter = has(channel::LETTER);
    Warnings { mail, phone, letter, is_grave: mail, ..Warnings::default() }
}
