//! A clock of a referral: by when something is due, and what was said of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A clock that was set: its due time and what has been said about it. Each mark is set when the letter is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// When the owner was reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When the workflow owner was told.
    pub escalated_at: Option<DateTime<Utc>>,
}

impl Clock {
    /// A fresh clock.
    #[must_use]
    pub const fn due(due_at: DateTime<Utc>) -> Clock {
        Clock { due_at, reminded_at: None, escalated_at: None }
    }
}
