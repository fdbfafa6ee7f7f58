//! What was heard of one mail or of one person in it: the warnings, and why they are taken for such.

use super::Warnings;
use crate::intake::clean;
use crate::referral::packet::Grounds;

/// Warnings with their grounds.
#[derive(Clone, Default)]
pub(super) struct Said {
    /// What is warned of.
    pub(super) warnings: Warnings,
    /// Why.
    pub(super) grounds: Grounds,
}

masked!(Said);

impl Said {
    /// Adds what a sentence warns of, if anything.
    pub(super) fn hear(&mut self, sentence: &str, warnings: Warnings) {
        if warnings != Warnings::default() {
            self.warnings = self.warnings.and(warnings);
            // A sentence is at most as long as a text; only its beginning is shown.
            self.grounds.quote(&clean::line(sentence, 2 * Grounds::LONGEST));
        }
    }

    /// Adds what no sentence says.
    pub(super) fn doubt(&mut self, warnings: Warnings, why: &str) {
        self.warnings = self.warnings.and(warnings);
        self.grounds.say(why);
    }

    /// Both together.
    #[must_use]
    pub(super) fn and(mut self, other: &Said) -> Said {
        self.warnings = self.warnings.and(other.warnings);
        other.grounds.iter().for_each(|ground| self.grounds.say(ground));
        self
    }

    /// Whether it warns of anything.
    pub(super) fn is_any(&self) -> bool {
        self.warnings != Warnings::default()
    }
}
