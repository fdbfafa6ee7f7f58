//! What stands below a label: which values run over several lines, and which are words that are labels elsewhere.

use super::super::fold::{fold, words};
use super::super::label::Label;
use super::super::lexicon::{Slot, Whose};
use super::super::{judge, people};
use crate::referral::packet::Field;

/// A field whose values are often words that are labels elsewhere: "Phone", "Case manager", "Housing".
pub(super) fn is_word_of_choice(field: Field) -> bool {
    matches!(
        field,
        Field::PreferredContact
            | Field::Relationship
            | Field::BestTime
            | Field::Service
            | Field::Documents
            | Field::ConsentScope
            | Field::ConsentHow
            | Field::ConsentBy
            | Field::ConsentWith
    )
}

pub(super) fn is_date(field: Field) -> bool {
    matches!(
        field,
        Field::ClientDob
            | Field::CourtDate
            | Field::FilingDeadline
            | Field::LockoutDate
            | Field::ReferralDate
    )
}

/// A value that may run over several lines.
pub(super) fn takes_lines(label: &Label) -> bool {
    let Some(meaning) = label.meaning else { return true };
    match meaning.slot {
        Slot::Address
        | Slot::AddressMore
        | Slot::Safe(_)
        | Slot::DoNot(_)
        | Slot::ContactLine
        | Slot::Ignore
        | Slot::Matter => true,
        Slot::Field(field) => matches!(
            field,
            Field::Reason
                | Field::SafetyNotes
                | Field::Documents
                | Field::Service
                | Field::BestTime
                | Field::Consent
                | Field::ConsentContact
                | Field::ConsentScope
                | Field::ConsentWith
                | Field::Urgency
                | Field::OtherDeadline
                | Field::HouseholdIncome
        ),
        slot => slot.is_of_person() && meaning.whose == Whose::Opposing,
    }
}

/// A number below a number: "518-555-0143 (work)". Not a line that opens with words, or names somebody else.
pub(super) fn is_further_phone(label: &Label, line: &str) -> bool {
    label.meaning.is_some_and(|meaning| meaning.slot == Slot::Phone)
        && line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))
        && !judge::phones_in(line).is_empty()
        && !words(&fold(line)).into_iter().any(people::is_bystander_word)
}

/// A value that may run over several paragraphs.
pub(super) fn is_story(label: &Label) -> bool {
    label
        .meaning
        .is_some_and(|meaning| matches!(meaning.slot, Slot::Field(Field::Reason | Field::SafetyNotes)))
}
