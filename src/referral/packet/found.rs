//! A value and where it came from.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Judged;

/// How sure we are of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Found in running text.
    Low,
    /// A label matched only nearly, or two places disagree.
    Medium,
    /// A label of ours and a value in its place.
    High,
}

/// A value with its provenance.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The words as written, white space folded, control characters removed, cut to a bound.
    pub value: String,
    /// What we made of them.
    pub judged: Judged,
    /// How sure we are.
    pub confidence: Confidence,
    /// Part, line or cell: `text line 12`, `form.xlsx row 3 column B`.
    pub place: String,
}

impl fmt::Debug for Found {
    /// Shows what was made of a value, never the value nor its place, which may be the name of a file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("judged", &self.judged)
            .field("confidence", &self.confidence)
            .finish_non_exhaustive()
    }
}
