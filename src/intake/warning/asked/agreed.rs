//! Labels about consent beside those that a form's reader knows: whose consent it is, that there is none, or that it is
//! one to something else.

use super::lists::{FROM, KIN, ORGANIZATION, OTHER, PARTNER, PARTNERS, REFERRAL, Said, TO, UNDONE};

/// What such a label and its answer say of the consent to be referred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Consent {
    Nothing,
    /// It may be missing, or somebody else's.
    Doubt,
    /// It is plainly about another one.
    OfAnother,
}

/// What a label and its answer say; the label is about consent, and none that is known.
pub(super) fn said(asked: &Said<'_>, answered: &Said<'_>, is_no: bool) -> Consent {
    let is_plain = answered.len() == 1 || answered.is(&["n", "a"]);
    let is_of_other = asked.has(OTHER) && !asked.has(REFERRAL);
    let is_other = is_of_other || (0..asked.len()).any(|at| is_told(asked, at));
    if asked.has(UNDONE) {
        let is_denied = is_no || answered.is(&["none"]) || answered.is(&["na"]) || answered.is(&["n", "a"]);
        return if is_plain && is_denied { Consent::OfAnother } else { Consent::Doubt };
    }
    let is_given = || (0..asked.len()).any(|at| is_given_by(asked, at));
    let is_answered = || {
        let counts = |at| !answered.has_at(at, KIN) || asked.ends_with(FROM);
        (0..answered.len()).any(|at| is_person(answered, at) && counts(at))
    };
    match () {
        () if !is_no && is_given() || !asked.ends_with(TO) && is_answered() => Consent::Doubt,
        () if is_other && is_plain => Consent::OfAnother,
        () if is_no && !is_other => Consent::Doubt,
        () => Consent::Nothing,
    }
}

/// Whether a word is of a person, and of no organisation.
fn is_person(said: &Said<'_>, at: usize) -> bool {
    let is_organization =
        said.has_at(at, PARTNERS) || said.has_at(at, PARTNER) && said.has_at(at + 1, ORGANIZATION);
    said.is_somebody_at(at) && !is_organization
}

/// What stands last before a word of what tells whose it is, [`FROM`], and of what tells who is asked or called, [`TO`].
fn before(asked: &Said<'_>, at: usize) -> Option<u64> {
    let mark = |place: usize| {
        let is_given = || place.checked_sub(1).is_some_and(|at| asked.is_at(at, "given"));
        let tells_whom = || asked.has_at(place, TO) && !(asked.is_at(place, "to") && is_given());
        asked.has_at(place, FROM).then_some(FROM).or_else(|| tells_whom().then_some(TO))
    };
    (0..at).rev().find_map(mark)
}

/// "Consent from husband", "husband's consent"; of the family only what is plainly theirs.
fn is_given_by(asked: &Said<'_>, at: usize) -> bool {
    let mark = before(asked, at);
    is_person(asked, at) && (mark == Some(FROM) || mark.is_none() && !asked.has_at(at, KIN))
}

/// "Permission to contact landlord".
fn is_told(asked: &Said<'_>, at: usize) -> bool {
    asked.is_somebody_at(at) && before(asked, at) == Some(TO)
}
