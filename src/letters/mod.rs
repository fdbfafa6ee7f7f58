//! Letters: what is to be said → mail bytes, pure.
//!
//! [`render`] puts the facts of a letter into words by templates an organisation can edit, [`compose`] makes one mail
//! of them for one recipient, [`token`] lets a reply act. The same letter with the same head is the same bytes,
//! always.
//!
//! Nevers: no clock, no log, no network, no store; no text from outside reaches a header or a line of a letter before
//! [`clean`] had it; no letter has more than one recipient. Only [`sources`] reads files, and only when the app asks.

mod check;
pub mod clean;
pub mod compose;
pub mod departure;
mod filters;
pub mod render;
pub mod revealing;
mod samples;
pub mod sources;
pub mod token;
pub mod tongues;
mod translations;

use chrono_tz::Tz;
use serde::Serialize;

use crate::referral::address::EmailAddress;
use crate::referral::letter::Part;
use crate::referral::packet::Field;

/// What every letter may say about the organisation; from settings.
#[derive(Clone, Debug, Serialize)]
pub struct Organisation {
    /// The name in letters to staff and partners, and their From name.
    pub name: String,
    /// The From name and signature of client letters: neutral, such as "Front desk".
    pub short_from_name: String,
    /// The number to call, as people write it.
    pub phone: String,
    /// When somebody answers it: "Monday to Friday, 9 to 5".
    pub phone_hours: String,
    /// What happens when nobody can answer: "Leave a number that is safe; we call back the same day." (requirement 87)
    pub callback_plan: String,
    /// Whom we take on, in a few sentences (requirement 49).
    pub acceptance_rules: Option<String>,
    /// What people can do while they wait (requirement 39).
    pub interim_options: Option<String>,
    /// The zone all times are shown in.
    pub zone: Tz,
    /// The shared inbox.
    pub inbox: EmailAddress,
    /// Fields a packet must have; the blank form asks for them first.
    pub required: Vec<Field>,
    /// The words of the reasons of a bounce beside the five; the help letter names them.
    pub reasons: Vec<String>,
}

impl Organisation {
    /// The From name for a recipient: neutral to clients, the organisation's to everybody else.
    #[must_use]
    pub fn from_name(&self, part: Part) -> &str {
        match part {
            Part::Client => &self.short_from_name,
            Part::Sender | Part::Receiver | Part::Staff | Part::Admin => &self.name,
        }
    }
}

/// How a mail that a tap started comes back to what it answers.
#[derive(Clone, PartialEq, Eq)]
pub struct WayBack {
    /// Where it goes.
    pub reply_to: EmailAddress,
    /// The token that stands in its text, where the address cannot carry it; see [`crate::intake::mentions`].
    pub proof: Option<String>,
}

impl WayBack {
    /// A mail to this address, which proves nothing.
    #[must_use]
    pub const fn to(address: EmailAddress) -> WayBack {
        WayBack { reply_to: address, proof: None }
    }
}

impl std::fmt::Debug for WayBack {
    /// Shows neither: the address or the text proves who answers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WayBack(***)")
    }
}

/// A letter in words, not yet a mail. Lines end in `\n`, paragraphs are one line.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of ASCII.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same in HTML, if the letter has it; client letters never do.
    pub html: Option<String>,
}

/// What 42 CFR 2.32 wants said wherever a record it protects may be spoken of, in its short form.
pub const PART_TWO: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

impl Rendered {
    /// The same with a notice at its end.
    #[must_use]
    pub fn with_notice(mut self, notice: &str) -> Rendered {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push('\n');
        self.text.push_str(notice);
        self.text.push('\n');
        if let Some(html) = &mut self.html {
            let at = html.rfind("</body>").unwrap_or(html.len());
            html.insert_str(at, &format!("<p>{notice}</p>\n"));
        }
        self
    }
}

impl std::fmt::Debug for Rendered {
    /// Shows the size, never the words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({} + {} bytes)", self.text.len(), self.html.as_ref().map_or(0, String::len))
    }
}

/// A mistake in a template; never holds a letter's facts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
#[error("{}: {what}", self.at())]
pub struct TemplateError {
    /// The file; `built-in` stands before the path of a template that came with the program.
    pub place: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and, where we know it, how to mend it.
    pub what: String,
}

impl TemplateError {
    /// `receipt/en.txt:4`, as editors and terminals understand it.
    fn at(&self) -> String {
        if self.line == 0 { self.place.clone() } else { format!("{}:{}", self.place, self.line) }
    }
}
