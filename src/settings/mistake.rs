//! One mistake in a config: where it stands, what is wrong, how to mend it.

use std::fmt;

/// One mistake. It never holds a value out of the file: the line may be a secret in the wrong place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The file's name as the person gave it.
    pub file: String,
    /// Counted from 1; 0 when no line can be blamed, as for a file that cannot be read.
    pub line: usize,
    /// Section and key, such as `[inbox] port`; empty for the file as a whole.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub remedy: String,
}

impl fmt::Display for Mistake {
    /// `handoffd.toml:12: [inbox] port: is a text, not a whole number → write it without quotes`, always one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        if !self.place.is_empty() {
            write!(f, " {}:", self.place)?;
        }
        write!(f, " {} → {}", self.what, self.remedy)
    }
}

/// What a reader of one value says when it is wrong; the place is known to whoever asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) remedy: String,
    /// It may follow from a line elsewhere that is not TOML, and is not told beside such a line.
    pub(super) may_follow: bool,
}

/// What is wrong and how to mend it.
pub(super) fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Wrong {
    Wrong { what: what.into(), remedy: remedy.into(), may_follow: false }
}

/// The same for what another broken line may have caused: something missing, unknown, or not found.
pub(super) fn wrong_or_broken(what: impl Into<String>, remedy: impl Into<String>) -> Wrong {
    Wrong { may_follow: true, ..wrong(what, remedy) }
}
