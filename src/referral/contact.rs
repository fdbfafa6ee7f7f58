//! The contact: how somebody tried to reach the person, and what was settled once they did.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::party::Actor;
use super::reason::BounceReason;

/// The contact axis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// Nobody has tried.
    NotStarted,
    /// Tried, not reached.
    Attempting,
    /// Really reached.
    Confirmed {
        /// When.
        at: DateTime<Utc>,
        /// What was settled.
        with: Confirmation,
    },
    /// Given up, with a reason and what happens instead.
    Bounced {
        /// When.
        at: DateTime<Utc>,
        /// Why: one of the five.
        reason: BounceReason,
        /// The code of the data owner's own reason, if one was named; it counts as the one above.
        #[serde(default)]
        added: Option<String>,
        /// Whether attempts had been logged; if not, that is the cause.
        attempts_logged: bool,
    },
    /// Asked to be left alone, or contact is not safe.
    DoNotContact,
}

impl Contact {
    /// The word in letters and JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Contact::NotStarted => "not started",
            Contact::Attempting => "attempting",
            Contact::Confirmed { .. } => "confirmed",
            Contact::Bounced { .. } => "bounced",
            Contact::DoNotContact => "do not contact",
        }
    }

    /// The same with what a person should see beside it: a contact of which parts are still to be told is incomplete
    /// (requirement 24).
    #[must_use]
    pub fn shown(&self) -> &'static str {
        let incomplete = matches!(self, Contact::Confirmed { with, .. } if !with.missing().is_empty());
        if incomplete { "confirmed, incomplete" } else { self.word() }
    }

    /// Somebody still has to reach the person.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        match self {
            Contact::NotStarted | Contact::Attempting => true,
            Contact::Confirmed { .. } | Contact::Bounced { .. } | Contact::DoNotContact => false,
        }
    }
}

/// One logged try to reach the person (requirements 19 and 33).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// How.
    pub channel: Channel,
    /// With what result.
    pub result: ContactResult,
    /// When it was logged.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
}

/// A way to reach a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Phone call.
    Call,
    /// Text message.
    Text,
    /// Email.
    Email,
    /// The partner's portal or the partner itself.
    Portal,
    /// Letter by post.
    Letter,
}

impl Channel {
    /// The word in commands and letters.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Channel::Call => "call",
            Channel::Text => "text",
            Channel::Email => "email",
            Channel::Portal => "portal",
            Channel::Letter => "letter",
        }
    }
}

/// What came of a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactResult {
    /// Nobody answered.
    NoAnswer,
    /// A message was left, where that is safe.
    LeftMessage,
    /// The number or address does not work.
    WrongNumber,
    /// Busy or not available now.
    Busy,
    /// Somebody else answered.
    SomebodyElse,
    /// The person was reached but could not talk.
    NotNow,
}

impl ContactResult {
    /// The words in commands and letters.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            ContactResult::NoAnswer => "no answer",
            ContactResult::LeftMessage => "left message",
            ContactResult::WrongNumber => "wrong number",
            ContactResult::Busy => "busy",
            ContactResult::SomebodyElse => "somebody else",
            ContactResult::NotNow => "not now",
        }
    }
}

/// What the person understands to come next (requirement 25).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// An appointment.
    Appointment,
    /// A clinic.
    Clinic,
    /// Help to help oneself.
    SelfHelp,
    /// A place on the waiting list, honestly told.
    Waitlist,
    /// Something else.
    Other,
}

/// What a confirmed contact must have settled (requirements 24 to 26).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Confirmation {
    /// The channel the person wants.
    pub method: Option<Channel>,
    /// The language, as said.
    pub language: Option<String>,
    /// Safe times, as said.
    pub safe_times: Option<String>,
    /// What the person understands to come next.
    pub next_step: Option<NextStep>,
    /// The deadline that was found, or "none".
    pub deadline: Option<String>,
    /// The day those words name, where they name one plainly.
    #[serde(default)]
    pub deadline_on: Option<Day>,
}

impl Confirmation {
    /// The words for what is still to be asked; empty means complete.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let parts = [
            (self.method.is_none(), "method"),
            (self.language.is_none(), "language"),
            (self.safe_times.is_none(), "safe times"),
            (self.next_step.is_none(), "next step"),
            (self.deadline.is_none(), "deadline"),
        ];
        parts.into_iter().filter_map(|(missing, word)| missing.then_some(word)).collect()
    }
}

/// A day as people say it: with a year, or without one the next such day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Day {
    /// The year, if it was said.
    pub year: Option<i32>,
    /// The month, 1 to 12.
    pub month: u32,
    /// The day of the month.
    pub day: u32,
}

impl Day {
    /// The date that is meant, said on this day. `None` when there is no such date.
    #[must_use]
    pub fn on(self, today: NaiveDate) -> Option<NaiveDate> {
        let Day { year, month, day } = self;
        if let Some(year) = year {
            return NaiveDate::from_ymd_opt(year, month, day);
        }
        // 29 February may be years ahead.
        (0..=8)
            .filter_map(|ahead| NaiveDate::from_ymd_opt(today.year().saturating_add(ahead), month, day))
            .find(|date| *date > today)
    }
}
