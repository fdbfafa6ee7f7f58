//! Onward: a redirect to a partner of ours, which is asked first. Until it has said yes the referral is ours, with an
//! owner of ours (requirements 53, 77 and 89).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::fold::{front, words};
use super::party::Actor;
use super::roster::PartnerId;

/// A redirect that waits for the partner's answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// Who was asked.
    pub to: PartnerId,
    /// Why, as our staff said.
    pub reason: String,
    /// Who redirected it.
    pub by: Actor,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When they said that they have it.
    pub received_at: Option<DateTime<Utc>>,
    /// By when they should have said so, in their own working days.
    pub receipt: Clock,
    /// By when they should have said yes or no.
    pub decision: Clock,
}

/// Why a partner says no: each leads to another next step of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// They have no room.
    Capacity,
    /// They do not take such people or matters.
    Eligibility,
    /// They stand on the other side.
    Conflict,
    /// They do not speak the language.
    Language,
    /// Anything else, in their words.
    Other,
}

impl DeclineReason {
    /// Each of them.
    pub const ALL: [DeclineReason; 5] = [
        DeclineReason::Capacity,
        DeclineReason::Eligibility,
        DeclineReason::Conflict,
        DeclineReason::Language,
        DeclineReason::Other,
    ];

    /// The reason a partner's words stand for; none for no words.
    #[must_use]
    pub fn read(text: &str) -> Option<DeclineReason> {
        let said = words(&front(text));
        let says = |known: &[&str]| said.iter().any(|word| known.iter().any(|start| word.starts_with(start)));
        let reasons: [(&[&str], DeclineReason); 4] = [
            (&["conflict", "conflicto"], DeclineReason::Conflict),
            (&["capacity", "capacidad", "full", "staff", "waitlist"], DeclineReason::Capacity),
            (&["eligib", "county", "income", "area", "elegib", "condado"], DeclineReason::Eligibility),
            (&["language", "interpreter", "idioma", "interprete"], DeclineReason::Language),
        ];
        if said.is_empty() {
            return None;
        }
        let named = reasons.into_iter().find(|(known, _)| says(known));
        Some(named.map_or(DeclineReason::Other, |(_, reason)| reason))
    }

    /// The code in the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            DeclineReason::Capacity => "capacity",
            DeclineReason::Eligibility => "eligibility",
            DeclineReason::Conflict => "conflict",
            DeclineReason::Language => "language",
            DeclineReason::Other => "other",
        }
    }

    /// What it means for our owner.
    #[must_use]
    pub const fn next_action(self) -> &'static str {
        match self {
            DeclineReason::Capacity => "ask another organization, or help meanwhile with interim options",
            DeclineReason::Eligibility => "redirect to an organization that fits, or decide again here",
            DeclineReason::Conflict => "ask another organization: this one cannot help",
            DeclineReason::Language => "offer them an interpreter and ask again, or ask another organization",
            DeclineReason::Other => "call them, then decide again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_from_its_words() {
        for (text, reason) in [
            ("", None),
            (" - ", None),
            ("capacity", Some(DeclineReason::Capacity)),
            ("We are full until March", Some(DeclineReason::Capacity)),
            ("eligibility: income over our limit", Some(DeclineReason::Eligibility)),
            ("Conflict", Some(DeclineReason::Conflict)),
            ("no interpreter", Some(DeclineReason::Language)),
            ("our office has burned down", Some(DeclineReason::Other)),
        ] {
            assert_eq!(DeclineReason::read(text), reason, "{text}");
        }
    }
}
