//! Why a contact failed for good, and what happens instead: the five reasons of the seed, which never change, and what
//! the data owner adds to them in settings (requirements 29, 37 to 42).
//!
//! An added reason counts as one of the five: the rules and every figure go by that one. It brings a code of its own,
//! the words staff write, and perhaps its own plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fold;

/// Why contact failed for good: the five of the seed (requirements 37 to 41).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BounceReason {
    /// Wrong number, email bounces.
    BadContactInfo,
    /// Client asks not to call, shared phone.
    UnsafeToContact,
    /// Wait too long, or nobody tried.
    CapacityDelay,
    /// Wrong place.
    EligibilityMismatch,
    /// No interpreter fast enough.
    LanguageAccessGap,
}

impl BounceReason {
    /// The five, in the order of the seed.
    pub const ALL: [BounceReason; 5] = [
        BounceReason::BadContactInfo,
        BounceReason::UnsafeToContact,
        BounceReason::CapacityDelay,
        BounceReason::EligibilityMismatch,
        BounceReason::LanguageAccessGap,
    ];

    /// The code in commands, JSON and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            BounceReason::BadContactInfo => "bad_contact_info",
            BounceReason::UnsafeToContact => "unsafe_to_contact",
            BounceReason::CapacityDelay => "capacity_delay",
            BounceReason::EligibilityMismatch => "eligibility_mismatch",
            BounceReason::LanguageAccessGap => "language_access_gap",
        }
    }

    /// The words in letters.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            BounceReason::BadContactInfo => "bad contact info",
            BounceReason::UnsafeToContact => "unsafe to contact",
            BounceReason::CapacityDelay => "capacity delay",
            BounceReason::EligibilityMismatch => "eligibility mismatch",
            BounceReason::LanguageAccessGap => "language access gap",
        }
    }

    /// What happens instead (requirement 29); the seed's fix for each reason.
    #[must_use]
    pub const fn instead(self) -> &'static str {
        match self {
            BounceReason::BadContactInfo => {
                "ask the partner for another way to reach the client, or send a letter by post if that is safe"
            }
            BounceReason::UnsafeToContact => "no contact by us; ask the partner to relay",
            BounceReason::CapacityDelay => {
                "offer interim options: court-based self-help or an alternate resource"
            }
            BounceReason::EligibilityMismatch => "redirect to an organisation that fits",
            BounceReason::LanguageAccessGap => "book an interpreter and try again with them",
        }
    }
}

/// What happens instead of reaching the person (requirement 29), as settings may choose it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Instead {
    /// Another place that can help.
    AlternateResource,
    /// A letter by post.
    MailedLetter,
    /// The court's own help desk and forms.
    CourtSelfHelp,
    /// The partner passes it on.
    PartnerRelay,
    /// An interpreter, and then a new try.
    InterpreterBooking,
    /// Something else, in the data owner's words.
    Other(String),
}

impl Instead {
    /// What can be chosen by name; something else is written behind [`Instead::OTHER`].
    pub const ALL: [Instead; 5] = [
        Instead::AlternateResource,
        Instead::MailedLetter,
        Instead::CourtSelfHelp,
        Instead::PartnerRelay,
        Instead::InterpreterBooking,
    ];
    /// Begins words of one's own in settings.
    pub const OTHER: &str = "other:";

    /// The name in settings; words of one's own are their name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Instead::AlternateResource => "alternate resource",
            Instead::MailedLetter => "mailed letter",
            Instead::CourtSelfHelp => "court-based self-help",
            Instead::PartnerRelay => "partner relay",
            Instead::InterpreterBooking => "interpreter booking",
            Instead::Other(words) => words,
        }
    }

    /// The words in letters to staff.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Instead::AlternateResource => "offer an alternate resource",
            Instead::MailedLetter => "send a letter by post, if that is safe",
            Instead::CourtSelfHelp => "offer court-based self-help",
            Instead::PartnerRelay => "ask the partner to relay",
            Instead::InterpreterBooking => "book an interpreter and try again with them",
            Instead::Other(words) => words,
        }
    }

    /// Reaches the person by ourselves after all: no plan for somebody whom contact endangers.
    #[must_use]
    pub const fn reaches_the_person(&self) -> bool {
        match self {
            Instead::MailedLetter | Instead::InterpreterBooking => true,
            Instead::AlternateResource
            | Instead::CourtSelfHelp
            | Instead::PartnerRelay
            | Instead::Other(_) => false,
        }
    }
}

/// A reason of the data owner's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// Its name in the record and in figures: `wrong_number_family`.
    pub code: String,
    /// Which of the five it counts as.
    pub core: BounceReason,
    /// What staff may write behind `bounce`; the first is what letters say. Never empty.
    pub words: Vec<String>,
    /// What happens instead; `None` is what happens for its core.
    pub next: Option<Instead>,
}

/// The reasons of this house: the five, and what settings say beside them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reasons {
    /// The data owner's own, in the order of settings.
    pub added: Vec<Added>,
    /// What happens instead for one of the five, where it is not the seed's.
    pub next: BTreeMap<BounceReason, Instead>,
}

impl Reasons {
    /// The added reason of this code.
    #[must_use]
    pub fn added(&self, code: Option<&str>) -> Option<&Added> {
        code.and_then(|code| self.added.iter().find(|added| added.code == code))
    }

    /// The added reason somebody wrote behind `bounce`, by its code or the longest of its words, and how many letters
    /// of what was written that took. What follows is forgiven.
    #[must_use]
    pub fn said(&self, text: &str) -> Option<(&Added, usize)> {
        let said = plain(text);
        let begins = |name: &str| {
            let rest = said.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with(' ')).then_some(name.len())
        };
        let named = self.added.iter().filter_map(|added| {
            let names = added.words.iter().chain([&added.code]);
            Some((added, names.filter_map(|name| begins(&plain(name))).max()?))
        });
        named.max_by_key(|(_, length)| *length)
    }

    /// The reason in letters and figures: `bad contact info (wrong number, family answered)`. A code that left the
    /// settings speaks for itself.
    #[must_use]
    pub fn words(&self, core: BounceReason, added: Option<&str>) -> String {
        let Some(own) = added else { return core.words().to_owned() };
        let words = self.added(added).and_then(|added| added.words.first()).cloned();
        format!("{} ({})", core.words(), words.unwrap_or_else(|| plain(own)))
    }

    /// What happens instead, for letters to staff: what settings say of the added reason, else of its core, else the
    /// seed.
    #[must_use]
    pub fn instead(&self, core: BounceReason, added: Option<&str>) -> String {
        let own = self.added(added).and_then(|added| added.next.as_ref());
        match (own.or_else(|| self.next.get(&core)), core) {
            (Some(next), BounceReason::UnsafeToContact) => format!("no contact by us; {}", next.words()),
            (Some(next), _) => next.words().to_owned(),
            (None, _) => core.instead().to_owned(),
        }
    }
}

/// Folded words with one space between: how reasons are compared.
#[must_use]
pub fn plain(text: &str) -> String {
    fold::words(text).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons() -> Reasons {
        let added = |code: &str, core, words: &[&str], next| Added {
            code: code.to_owned(),
            core,
            words: words.iter().map(|words| (*words).to_owned()).collect(),
            next,
        };
        Reasons {
            added: vec![
                added(
                    "wrong_number_family",
                    BounceReason::BadContactInfo,
                    &["wrong number, family answered", "número de la familia"],
                    Some(Instead::PartnerRelay),
                ),
                added("shelter_moved", BounceReason::UnsafeToContact, &["shelter moved"], None),
                added("moved_on", BounceReason::BadContactInfo, &["shelter moved on"], None),
            ],
            next: BTreeMap::from([(BounceReason::UnsafeToContact, Instead::AlternateResource)]),
        }
    }

    #[test]
    fn an_added_reason_is_known_by_its_code_and_its_words_however_they_are_written() {
        for (text, code) in [
            ("wrong number, family answered", Some("wrong_number_family")),
            ("WRONG NUMBER family answered.", Some("wrong_number_family")),
            ("wrong_number_family", Some("wrong_number_family")),
            ("Numero de la familia", Some("wrong_number_family")),
            ("shelter moved yesterday", Some("shelter_moved")),
            ("shelter moved on", Some("moved_on")),
            ("shelter", None),
            ("shelter movedly", None),
            ("", None),
        ] {
            let reasons = reasons();
            assert_eq!(reasons.said(text).map(|(added, _)| added.code.as_str()), code, "{text}");
        }
    }

    #[test]
    fn the_plan_is_the_reasons_own_then_its_cores_then_the_seeds() {
        let reasons = reasons();
        for (core, added, instead) in [
            (BounceReason::BadContactInfo, Some("wrong_number_family"), "ask the partner to relay"),
            (
                BounceReason::UnsafeToContact,
                Some("shelter_moved"),
                "no contact by us; offer an alternate resource",
            ),
            (BounceReason::UnsafeToContact, None, "no contact by us; offer an alternate resource"),
            (BounceReason::BadContactInfo, Some("moved_on"), BounceReason::BadContactInfo.instead()),
            (BounceReason::LanguageAccessGap, None, "book an interpreter and try again with them"),
        ] {
            assert_eq!(reasons.instead(core, added), instead);
        }
    }

    #[test]
    fn a_code_that_left_the_settings_is_still_told() {
        let words = |added| reasons().words(BounceReason::BadContactInfo, added);
        assert_eq!(words(Some("wrong_number_family")), "bad contact info (wrong number, family answered)");
        assert_eq!(words(Some("gone_away")), "bad contact info (gone away)");
        assert_eq!(words(None), "bad contact info");
    }
}
