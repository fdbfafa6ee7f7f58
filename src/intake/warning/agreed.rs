//! Labels about consent beside those that a form's reader knows: whose consent it is, that there is none, or that it is
//! one to something else.

use super::asked::{is_kin, is_somebody};

/// What such a label and its answer say of the consent to be referred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    Nothing,
    /// It may be missing, or somebody else's.
    Doubt,
    /// It is plainly about another one.
    OfAnother,
}

/// Behind these stands whose consent it is.
const FROM: [&str; 8] = ["from", "by", "of", "del", "de", "du", "da", "do"];
/// Behind these, who is to be asked, told or called; "to" but in "given to".
const TO: [&str; 14] = [
    "to",
    "with",
    "contact",
    "contacting",
    "call",
    "calling",
    "notify",
    "inform",
    "tell",
    "speak",
    "talk",
    "for",
    "release",
    "about",
];
/// What the consent to be referred is about, whatever else a label names: "Consent to treatment and referral".
const REFERRAL: [&str; 12] = [
    "refer",
    "referral",
    "referrals",
    "referred",
    "share",
    "shared",
    "sharing",
    "disclose",
    "disclosure",
    "services",
    "records",
    "information",
];
/// What other consents are about.
const OTHER: [&str; 34] = [
    "media",
    "press",
    "photo",
    "photos",
    "photograph",
    "photographs",
    "photographed",
    "photography",
    "picture",
    "pictures",
    "video",
    "videos",
    "record",
    "recorded",
    "recording",
    "research",
    "survey",
    "surveys",
    "study",
    "newsletter",
    "marketing",
    "text",
    "texts",
    "texting",
    "sms",
    "voicemail",
    "voicemails",
    "message",
    "messages",
    "landlord",
    "employer",
    "school",
    "references",
    "treatment",
];
/// That it was not given, or is no more.
const UNDONE: [&str; 9] =
    ["refused", "declined", "withdrawn", "revoked", "denied", "rescinded", "cancelled", "expired", "lapsed"];
/// Behind "partner" these make an organisation of them.
const ORGANIZATIONS: [&str; 14] = [
    "agency",
    "agencies",
    "organization",
    "organizations",
    "organisation",
    "organisations",
    "org",
    "orgs",
    "program",
    "programs",
    "provider",
    "providers",
    "site",
    "staff",
];

/// What a label and its answer, both folded, say; the label is about consent, and none that is known.
pub(super) fn said(asked: &[&str], answered: &[&str], is_no: bool) -> Said {
    let is_plain = answered.len() == 1 || matches!(answered, ["n", "a"]);
    let is_undone = asked.iter().any(|word| UNDONE.contains(word));
    let is_of_referral = asked.iter().any(|word| REFERRAL.contains(word));
    let is_of_other = !is_of_referral && asked.iter().any(|word| OTHER.contains(word));
    let is_other = is_of_other || (0..asked.len()).any(|at| is_told(asked, at));
    if is_undone {
        let is_denied = is_plain && (is_no || matches!(answered, ["none" | "na"] | ["n", "a"]));
        return if is_denied { Said::OfAnother } else { Said::Doubt };
    }
    let is_given = || (0..asked.len()).any(|at| is_given_by(asked, at));
    let ends_with = |list: &[&str]| asked.last().is_some_and(|last| list.contains(last));
    let is_told = || ends_with(&TO);
    let is_answered = || {
        (0..answered.len())
            .any(|at| is_person(answered, at) && (!is_kin_at(answered, at) || ends_with(&FROM)))
    };
    match () {
        () if !is_no && is_given() || !is_told() && is_answered() => Said::Doubt,
        () if is_other && is_plain => Said::OfAnother,
        () if is_no && !is_other => Said::Doubt,
        () => Said::Nothing,
    }
}

/// Whether a word is of a person, and of no organisation.
fn is_person(words: &[&str], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or_default();
    let next = words.get(at + 1).copied().unwrap_or_default();
    let is_organization = word == "partners" || word == "partner" && ORGANIZATIONS.contains(&next);
    is_somebody(word) && !is_organization
}

fn is_kin_at(words: &[&str], at: usize) -> bool {
    words.get(at).is_some_and(|word| is_kin(word))
}

/// What stands last before a word of what tells whose it is, and of what tells who is asked or called.
fn before<'a>(asked: &[&'a str], at: usize) -> Option<&'a str> {
    let before = asked.get(..at).unwrap_or_default();
    let marks = |place: &usize| {
        let word = before.get(*place).copied().unwrap_or_default();
        let is_given = || place.checked_sub(1).and_then(|at| before.get(at)) == Some(&"given");
        FROM.contains(&word) || TO.contains(&word) && !(word == "to" && is_given())
    };
    let last = (0..before.len()).rev().find(marks);
    last.and_then(|place| before.get(place)).copied()
}

/// "Consent from husband", "husband's consent"; of the family only what is plainly theirs.
fn is_given_by(asked: &[&str], at: usize) -> bool {
    let mark = before(asked, at);
    let is_from = mark.is_some_and(|mark| FROM.contains(&mark));
    is_person(asked, at) && (is_from || mark.is_none() && !is_kin_at(asked, at))
}

/// "Permission to contact landlord".
fn is_told(asked: &[&str], at: usize) -> bool {
    let is_somebody = asked.get(at).is_some_and(|word| is_somebody(word));
    is_somebody && before(asked, at).is_some_and(|mark| TO.contains(&mark))
}
