//! What an answer in running text denies, where no form is read: only a clear no counts, a yes gives nothing.

use super::{Phone, Warnings};
use crate::intake::form::{self, Slot, channel};
use crate::referral::packet::Field;

/// What the answer to a question about safety or consent speaks against.
pub(super) fn denied(label: &str, answer: &str) -> Warnings {
    match form::asks(label) {
        Some(Slot::Safe(ways)) if form::refuses(answer) => of_ways(ways),
        Some(Slot::DoNot(ways)) if form::agrees(answer) => of_ways(ways),
        Some(Slot::Field(Field::Consent | Field::ConsentContact)) if form::refuses(answer) => {
            Warnings { consent: true, ..Warnings::default() }
        }
        Some(_) | None => Warnings::default(),
    }
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
