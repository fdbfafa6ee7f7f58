//! What was heard of one mail or of one person in it: the warnings, and why they are taken for such.

use super::Warnings;
use crate::intake::clean;
use crate::referral::packet::Grounds;

/// Warnings with their grounds.
#[derive(Clone, Default)]
pub(super) struct Said {
    /// What is warned of.
    pub(super) warnings: Warnings,
    /// Why somebody else may read what the client gets: before all else.
    grave: Grounds,
    /// Why anything else is warned of.
    other: Grounds,
}

masked!(Said);

impl Said {
    /// Adds what a sentence warns of, if anything.
    pub(super) fn hear(&mut self, sentence: &str, warnings: Warnings) {
        if warnings != Warnings::default() {
            self.warnings = self.warnings.and(warnings);
            // A sentence may be as long as a text; only its beginning is shown.
            self.grounds_of(warnings).quote(&clean::line(sentence, 2 * Grounds::LONGEST));
        }
    }

    /// Adds what no sentence says.
    pub(super) fn doubt(&mut self, warnings: Warnings, why: &str) {
        self.warnings = self.warnings.and(warnings);
        self.grounds_of(warnings).say(why);
    }

    fn grounds_of(&mut self, warnings: Warnings) -> &mut Grounds {
        if warnings.is_grave { &mut self.grave } else { &mut self.other }
    }

    /// Both together.
    #[must_use]
    pub(super) fn and(mut self, other: &Said) -> Said {
        self.warnings = self.warnings.and(other.warnings);
        self.grave.join(&other.grave);
        self.other.join(&other.other);
        self
    }

    /// Why, the gravest first.
    pub(super) fn grounds(&self) -> Grounds {
        let mut all = self.grave.clone();
        all.join(&self.other);
        all
    }

    /// Why somebody else may read what the client gets.
    pub(super) const fn grave(&self) -> &Grounds {
        &self.grave
    }

    /// Whether it warns of anything.
    pub(super) fn is_any(&self) -> bool {
        self.warnings != Warnings::default()
    }
}
