//! Values are judged, not trusted: what a yes, a phone number, a date or a language written by people is worth.

mod answer;
mod asked;
mod channels;
mod clauses;
mod contact;
mod date;
mod dates;
mod given;
mod glance;
mod hour;
mod options;
mod terms;
mod ticks;
mod token;
mod tongue;
mod until;
mod ways;

use chrono::{NaiveDate, NaiveTime};

use super::Context;
use super::fold::{fold, words};
use super::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Field, Judged};
use crate::referral::safety::is_guarded;

pub(crate) use answer::{is_answer, only_agrees, opens_with_no, opens_with_yes};
pub(crate) use channels::safer;
pub(crate) use contact::{address_in, number, phones_in};
pub(crate) use date::{Style, UNDATED, find as find_date, names_day_just_past};
pub(crate) use dates::{KINDS, kind_of, parts as dated_parts};
pub(crate) use glance::may_name_a_day;
pub(crate) use ticks::is_drawn;
pub(crate) use tongue::{alone as tongue_alone, of as tongue_of};
pub(crate) use ways::channel_at;

/// What was asked.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// The field.
    pub(crate) field: Field,
    /// The channels the label named, bits of `lexicon::channel`.
    pub(crate) channels: u8,
    /// The label asked what is not safe.
    pub(crate) reversed: bool,
}

/// What a value is worth.
pub(crate) struct Verdict {
    /// The reading.
    pub(crate) judged: Judged,
    /// No higher than this.
    pub(crate) confidence: Confidence,
    /// A sentence for a person, without the value.
    pub(crate) problem: Option<String>,
    /// Other fields the value answers as well.
    pub(crate) also: Vec<(Field, String, Judged)>,
}

impl Verdict {
    fn of(judged: Judged) -> Verdict {
        Verdict { judged, confidence: Confidence::High, problem: None, also: Vec::new() }
    }
}

/// Judges a value.
pub(crate) fn judge(asked: Asked, value: &str, context: &Context) -> Verdict {
    if is_guarded(asked.field) && is_struck(value) {
        return answer::unclear(format!("The answer to {} is struck out; please ask.", asked.field.key()));
    }
    match asked.field {
        Field::Consent | Field::ConsentContact => asked::consent(asked.field, value, context),
        Field::ConsentScope => terms::scope(value),
        Field::ConsentUntil => terms::holds_until(value, context),
        Field::ConsentHow => terms::how(value),
        Field::ConsentBy => terms::by(value),
        Field::ConsentGiven => terms::given_on(value, context),
        Field::ConsentWith => terms::with_whom(value),
        Field::SafeToContact => channels::channels(asked, value),
        Field::SafeCall | Field::SafeVoicemail | Field::SafeText | Field::SafeEmail | Field::SafeLetter => {
            asked::safe(asked, value)
        }
        Field::Interpreter => asked::interpreter(value),
        Field::PartTwo => asked::plain(value),
        Field::ClientPhone | Field::ClientPhoneOther | Field::ReferrerPhone => {
            contact::phone(value, context, asked.field)
        }
        Field::ClientEmail | Field::ReferrerEmail => contact::email(value, asked.field),
        Field::ClientDob => date::judged(value, context, Style::Birth),
        Field::ReferralDate => date::judged(value, context, Style::Past),
        Field::CourtDate | Field::FilingDeadline | Field::LockoutDate | Field::OtherDeadline => {
            dates::judged(asked.field, value, context)
        }
        Field::Language => tongue::judged(value),
        Field::ClientName
        | Field::ClientAddress
        | Field::BestTime
        | Field::TimeZone
        | Field::PreferredContact
        | Field::GenderPronouns
        | Field::HouseholdSize
        | Field::HouseholdIncome
        | Field::County
        | Field::Service
        | Field::Reason
        | Field::Urgency
        | Field::Documents
        | Field::OpposingParty
        | Field::SafetyNotes
        | Field::ReferrerName
        | Field::ReferrerOrg
        | Field::Relationship
        | Field::PartnerReference => Verdict::of(Judged::Text),
    }
}

/// A value where only what was chosen counts, and nothing that was struck out. About consent and safety a stroke makes a
/// doubt, and stays.
pub(crate) fn chosen(field: Field, value: String) -> String {
    let is_kept = is_guarded(field) || !value.contains(is_stroke);
    let value = if is_kept {
        value
    } else {
        value.split_whitespace().filter(|word| !word.contains(is_stroke)).collect::<Vec<_>>().join(" ")
    };
    match value.trim_end().strip_suffix(')').and_then(|value| value.split_once('(')) {
        // What stands beside an address may take it back: only what a yes may have beside it as well is left out.
        Some((address, note)) if field == Field::ClientEmail && asked::is_calm_beside(note) => {
            address.trim_end().to_owned()
        }
        _ => ticks::chosen(field, value),
    }
}

/// A stroke over the letter before it.
fn is_stroke(c: char) -> bool {
    matches!(c, '\u{335}'..='\u{338}')
}

/// Whether words are struck out: by a stroke over their letters, or as plain text writes it.
pub(crate) fn is_struck(value: &str) -> bool {
    value.contains("~~") || value.contains(is_stroke)
}

/// The longest way of saying "nothing", in bytes, with the dots and dashes people set around it.
const LONGEST_NOTHING: usize = 200;

/// Whether the value only says that there is none. Where "none" is an answer it stays, and so does a question mark where
/// a yes is asked for: nobody knows whether it is safe.
pub(crate) fn is_nothing(field: Field, value: &str) -> bool {
    if is_guarded(field) && value.contains(['?', '¿', '？']) {
        return false;
    }
    if value
        .chars()
        .all(|c| !c.is_alphanumeric() && !matches!(c, '☑' | '☒' | '✓' | '✔' | '✗' | '✘' | '✅' | '❌'))
    {
        return true;
    }
    if is_guarded(field)
        || matches!(
            field,
            Field::Interpreter
                | Field::SafetyNotes
                | Field::Urgency
                | Field::HouseholdIncome
                | Field::PartTwo
        )
    {
        return false;
    }
    if value.len() > LONGEST_NOTHING {
        return false;
    }
    let folded = fold(value);
    LEXICON.phrases("nothing").is(&folded)
        || (folded == "no" && !matches!(field, Field::Documents | Field::OpposingParty))
}

/// A date in running words, for the free-text pass.
pub(crate) struct Dated {
    /// The day.
    pub(crate) date: NaiveDate,
    /// The time of day.
    pub(crate) time: Option<NaiveTime>,
    /// Two readings.
    pub(crate) ambiguous: bool,
}

/// Whether the folded text has a word of the list.
pub(crate) fn says(list: &str, folded: &str) -> bool {
    LEXICON.phrases(list).within(&words(folded))
}
