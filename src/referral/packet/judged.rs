//! What the intake made of a value.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::channels::Channels;
use super::consent::{By, How, Scope};

/// What is unclear about a way that the words of the mail speak against ("that number is my husband's"), as opposed to
/// a value that nobody can read ("not sure").
pub const WARNED: &str = "the mail warns of it";

/// What we made of a value. Anything in doubt is [`Judged::Unclear`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Plain words; nothing to judge.
    Text,
    /// A clear yes, or one of the listed ways of saying it.
    Yes,
    /// A clear yes that ends: with this day, or at this time of it, in local time.
    YesUntil {
        /// The last day.
        date: NaiveDate,
        /// The time of day, if one was given.
        time: Option<NaiveTime>,
    },
    /// A clear no.
    No,
    /// Somebody must ask; the text says what is unclear.
    Unclear(String),
    /// Which channels are safe, each on its own.
    Channels(Channels),
    /// A phone number in E.164; `problem` says what is wrong with it, in words fit for a receipt.
    Phone {
        /// `+15185550100`, or empty when it could not be read.
        e164: String,
        /// "the phone number has 9 digits".
        problem: Option<String>,
    },
    /// An email address, lower-cased; `problem` says what is wrong with it.
    Email {
        /// The address, or empty when it could not be read.
        address: String,
        /// "the email address has no domain".
        problem: Option<String>,
    },
    /// A calendar date, perhaps with a time of day; ambiguous dates (03/04) wait for a person.
    Date {
        /// The day.
        date: NaiveDate,
        /// The time of day, if one was given.
        time: Option<NaiveTime>,
        /// The other reading was possible too.
        ambiguous: bool,
    },
    /// A language as a BCP 47 tag.
    Language(String),
    /// What a consent covers.
    Scope(Scope),
    /// How a consent was given.
    How(How),
    /// Who gave a consent.
    By(By),
}

impl fmt::Debug for Judged {
    /// Shows which kind of value it is, never the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Judged::Text => "Text",
            Judged::Yes => "Yes",
            Judged::YesUntil { .. } => "YesUntil(..)",
            Judged::No => "No",
            Judged::Unclear(_) => "Unclear(..)",
            Judged::Channels(_) => "Channels(..)",
            Judged::Phone { .. } => "Phone(..)",
            Judged::Email { .. } => "Email(..)",
            Judged::Date { .. } => "Date(..)",
            Judged::Language(_) => "Language(..)",
            Judged::Scope(_) => "Scope(..)",
            Judged::How(_) => "How(..)",
            Judged::By(_) => "By(..)",
        })
    }
}
