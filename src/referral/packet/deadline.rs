//! Dates that must not pass.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::Field;

/// A date that must not pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Deadline {
    /// Court date, filing deadline, lockout or other.
    pub kind: Field,
    /// The day, in the organisation's zone.
    pub date: NaiveDate,
    /// The time of day, if known.
    pub time: Option<NaiveTime>,
    /// A person must look: the date can be read in two ways.
    pub ambiguous: bool,
}
