//! Whether a label behind a gap begins a value of its own, or is a part of the one before it.

use super::super::fold::{fold, words};
use super::super::judge;
use super::super::label::Label;
use super::super::lexicon::{LEXICON, Meaning, Slot, Whose};
use super::super::people;
use super::super::slip::is_delicate;
use super::super::soft;
use super::{asks_of_safety, is_quoted, opening};
use crate::referral::packet::Field;
use crate::referral::safety::is_consent;

/// What stands before the gap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Words under no label.
    Words,
    /// A value of the client's, or one that may be.
    Clients,
    /// An answer about consent or safety: what follows may be its condition.
    Answer,
    /// Something that a form says of itself, behind other labels.
    Forms,
    /// A story, behind the labels of a form.
    Story,
    /// Notes on what is safe, behind the labels of a form.
    Notes,
    /// A value of somebody else's, or under a label we do not know behind those of a form.
    Others,
    /// A value under a label we do not know.
    Unknown,
    /// A story by itself: what it holds is told, unless a form follows.
    Told,
}

impl Before {
    /// What a label's value is; `above` labels stand before it on its line.
    pub(super) fn of(label: &Label, value: &str, above: usize) -> Before {
        let Some(meaning) = label.meaning else {
            let is_somebodys = above > 0 || soft::helper(&label.key, head(value)).is_some();
            return if is_somebodys { Before::Others } else { Before::Unknown };
        };
        let is_open = matches!(meaning.whose, Whose::Client | Whose::Plain | Whose::Your);
        match meaning.slot {
            Slot::Field(Field::Reason) if above >= 2 => Before::Story,
            Slot::Field(Field::SafetyNotes) if above >= 2 => Before::Notes,
            Slot::Field(Field::Reason | Field::SafetyNotes) => Before::Told,
            Slot::Ignore if above > 0 => Before::Forms,
            Slot::Ignore | Slot::Field(Field::OpposingParty) => Before::Others,
            _ if asks_of_safety(label) => Before::Answer,
            _ if is_open => Before::Clients,
            _ => Before::Others,
        }
    }
}

/// Whether a label is one of what is safe for somebody, or is not.
pub(in crate::intake::form) fn is_of_safety(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| meaning.slot.is_of_safety())
}

/// Whether a label asks what is safe for somebody, or for a consent that is not plainly the client's: behind a value of
/// somebody else's it may be theirs.
pub(in crate::intake::form) fn may_be_of_others(label: &Label) -> bool {
    let is_consent = |slot| matches!(slot, Slot::Field(Field::Consent | Field::ConsentContact));
    is_of_safety(label)
        || label.meaning.is_some_and(|meaning| is_consent(meaning.slot) && meaning.whose != Whose::Client)
}

/// Whether a label asks for something of whoever refers, who speaks for the client in what follows.
pub(super) fn is_referrers(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| meaning.whose == Whose::Referrer)
}

/// Whether the label, with what follows it, begins a value of its own behind what is before the gap.
pub(super) fn may_follow((label, after): (Label, &str), own: &str, before: Before, is_weak: bool) -> bool {
    let Some(meaning) = label.meaning else { return false };
    let value = head(after);
    let is_denied = || is_delicate(meaning) && before != Before::Answer && negates(own);
    let fits = || !is_weak || fits(meaning, value) && !is_open(own) && !is_denied();
    match before {
        Before::Told => meaning.whose == Whose::Client && !is_weak,
        Before::Unknown => meaning.whose == Whose::Client && fits(),
        Before::Words => meaning.slot != Slot::Ignore && fits_well(meaning, value),
        Before::Clients => fits() && !(is_weak && is_delicate(meaning) && leads_on(own)),
        // One that we have no field for may hold a condition: "Safe to call: yes. Time: only after he leaves".
        Before::Answer => {
            meaning.slot != Slot::Ignore
                && fits()
                && !(is_weak && (is_condition(meaning, value) || leads_on(own) || own.contains([':', '?'])))
        }
        Before::Forms => meaning.slot != Slot::Ignore && fits(),
        Before::Story if is_weak => tells_nothing(own) && !is_denied() && is_form_to_its_end(meaning, after),
        Before::Story | Before::Notes => !is_weak && (is_asked_of_clients(meaning) || is_of_safety(&label)),
        Before::Others => {
            meaning.whose == Whose::Client && fits()
                || is_asked_of_clients(meaning) && fits()
                || !is_weak && is_of_safety(&label)
        }
    }
}

/// Whether a story is told to its end where a comma stands: "she says, safe to email: yes" goes on.
fn tells_nothing(own: &str) -> bool {
    !is_open(own)
        && !leads_on(own)
        && !own.contains(['?', ':', ';'])
        && !LEXICON.phrases("telling").within(&words(&fold(own)))
}

/// Whether from a label on nothing but labels with their values follows, parted by commas, and what is answered about
/// consent and safety is a yes or a no and nothing else: nothing in it can be part of a story.
fn is_form_to_its_end(meaning: Meaning, after: &str) -> bool {
    let after = after.trim_end().trim_end_matches('.');
    let mut parts = after.split(", ");
    let first = parts.next().unwrap_or_default();
    let mut asked = meaning;
    is_whole(meaning, first)
        && parts.all(|part| {
            if let Some((label, value)) = opening(part)
                && let Some(meaning) = label.meaning
            {
                asked = meaning;
                return is_whole(meaning, value);
            }
            // "12 Oak St, Albany, NY", "December 3, 2026".
            let is_parted =
                matches!(asked.slot, Slot::Address | Slot::CityStateZip | Slot::Field(Field::CourtDate));
            is_parted && part.len() <= LONGEST_PART && !part.contains(':') && tells_nothing(part)
        })
}

/// The longest part of an address or a date behind a comma, in bytes.
const LONGEST_PART: usize = 24;

/// Whether between two commas stands a label with a value that it fits, and no more.
fn is_whole(meaning: Meaning, value: &str) -> bool {
    let is_answer = || judge::only_agrees(value) || LEXICON.phrases("no").is(&fold(value));
    let is_plain = !value.contains([':', ';', '|', '?']) && !value.contains(". ");
    is_plain && fits(meaning, value) && (!is_delicate(meaning) || is_answer())
}

/// What only a client is asked.
fn is_asked_of_clients(meaning: Meaning) -> bool {
    let is_field = |field| {
        matches!(
            field,
            Field::Consent
                | Field::ConsentContact
                | Field::Service
                | Field::Urgency
                | Field::CourtDate
                | Field::FilingDeadline
                | Field::LockoutDate
                | Field::HouseholdSize
                | Field::HouseholdIncome
        )
    };
    meaning.whose == Whose::Client
        || meaning.slot == Slot::Matter
        || matches!(meaning.slot, Slot::Field(field) if is_field(field))
}

/// The words up to where a value may end.
pub(super) fn head(after: &str) -> &str {
    let end = after.find([',', ';', '|']).into_iter().chain(after.find(". ")).min().unwrap_or(after.len());
    after.get(..end).unwrap_or(after).trim().trim_end_matches('.')
}

/// Whether a value can be what its label asks for. A gap that says little needs it: "no, email: only mornings".
fn fits(meaning: Meaning, value: &str) -> bool {
    let is_none = || LEXICON.phrases("nothing").is(&fold(value));
    let digits = || value.bytes().filter(u8::is_ascii_digit).count();
    match meaning.slot {
        Slot::Email | Slot::FromLine => value.contains('@') || is_none(),
        Slot::Phone | Slot::PhoneOther => digits() >= 7 || is_none(),
        Slot::ContactLine => value.contains('@') || digits() >= 7,
        _ => !value.is_empty(),
    }
}

/// The same, behind words that are no form: a name too must be one.
fn fits_well(meaning: Meaning, value: &str) -> bool {
    fits(meaning, value) && (meaning.slot != Slot::Name || people::name(value) == Some(value))
}

/// Whether it may limit the answer before it: "yes, best time: after nine", "yes, email: none of his".
fn is_condition(meaning: Meaning, value: &str) -> bool {
    let is_odd = match meaning.slot {
        Slot::Email => !value.contains('@'),
        Slot::Phone | Slot::PhoneOther => !value.bytes().any(|byte| byte.is_ascii_digit()),
        Slot::Name => people::name(value) != Some(value),
        Slot::Address | Slot::AddressMore => !value.bytes().any(|byte| byte.is_ascii_digit()),
        Slot::ContactLine | Slot::FromLine | Slot::NickName => true,
        // What limits a consent, and not another one.
        Slot::Field(field) if is_consent(field) => !matches!(field, Field::Consent | Field::ConsentContact),
        Slot::Field(field) => matches!(
            field,
            Field::Reason
                | Field::SafetyNotes
                | Field::BestTime
                | Field::TimeZone
                | Field::PreferredContact
                | Field::OtherDeadline
                | Field::Documents
        ),
        _ => false,
    };
    is_odd || limits(meaning, value)
}

/// Whether a value of several words says that something is not yet, not all, or not without more.
fn limits(meaning: Meaning, value: &str) -> bool {
    let folded = fold(value);
    let all = words(&folded);
    !is_delicate(meaning) && all.len() > 1 && all.iter().any(|word| LEXICON.phrases("value_limits").is(word))
}

/// Whether a bracket or a quotation is open behind the words.
fn is_open(own: &str) -> bool {
    own.matches('(').count() > own.matches(')').count() || is_quoted(own)
}

/// Whether the words before a gap go on behind it: "not, or never, safe to email: yes".
fn leads_on(own: &str) -> bool {
    let folded = fold(own);
    let last = words(&folded).last().copied().unwrap_or_default();
    let is_answer = words(&folded).len() == 1;
    !is_answer && LEXICON.phrases("goes_on").is(last)
}

/// Whether the last sentence of the words denies something: what follows them may be what is denied.
pub(super) fn negates(own: &str) -> bool {
    let last = own.rsplit(['.', '!', '?', ';']).next().unwrap_or(own);
    let folded = fold(last);
    let is_not = |word: &&str| word.ends_with("nt") && word.len() <= 7 || LEXICON.phrases("denials").is(word);
    words(&folded).iter().any(is_not)
}
