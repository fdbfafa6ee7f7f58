//! What belongs to a consent beside the yes: what it covers, how it was given, by whom (RELIABILITY §4).
//!
//! Each is read from a field of its own; what is not said is not here. Whether it is enough is for
//! [`crate::referral::safety`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Channels, Field, Safety};

/// The fields that say it.
pub const TERMS: [Field; 6] = [
    Field::ConsentScope,
    Field::ConsentUntil,
    Field::ConsentHow,
    Field::ConsentBy,
    Field::ConsentGiven,
    Field::ConsentWith,
];

/// What a consent covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Scope {
    /// Sharing what the person told us.
    pub share: bool,
    /// The ways to contact the person: [`Safety::Safe`] where they agreed to it.
    pub contact: Channels,
}

/// How a consent was given. The later of two is the weaker one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// In writing, signed on paper or on a screen.
    Writing,
    /// Spoken, face to face.
    Spoken,
    /// Spoken, on the phone.
    Phone,
    /// A helper passed it on.
    Helper,
}

/// Who gave a consent. The later of two is the weaker one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The client.
    Client,
    /// A guardian, or somebody else with a paper that says so.
    Guardian,
    /// A parent: enough for a child only.
    Parent,
    /// Somebody of this name; whose it is the rest of the packet tells.
    Named,
    /// Somebody else: a friend, a spouse, a caseworker.
    SomebodyElse,
    /// The opposing party.
    OpposingParty,
}

/// What somebody said about consent to a person of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Yes. To contact by any way that is safe; to sharing as well only if it was said in writing and nothing in the
    /// packet says no to that.
    Yes {
        /// How it was said.
        how: How,
        /// By whom.
        by: By,
    },
    /// No, to all of it.
    No,
}

/// What was said, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Heard {
    /// What was said.
    pub told: Told,
    /// When it was noted.
    pub at: DateTime<Utc>,
}

impl Scope {
    /// Sharing, and contact by any way.
    pub const ALL: Scope = Scope {
        share: true,
        contact: Channels {
            call: Safety::Safe,
            voicemail: Safety::Safe,
            text: Safety::Safe,
            email: Safety::Safe,
            letter: Safety::Safe,
        },
    };

    /// What both cover.
    #[must_use]
    pub fn and(self, other: Scope) -> Scope {
        let both = |one: Safety, other: Safety| {
            if one == Safety::Safe && other == Safety::Safe { Safety::Safe } else { Safety::NotSafe }
        };
        Scope {
            share: self.share && other.share,
            contact: Channels {
                call: both(self.contact.call, other.contact.call),
                voicemail: both(self.contact.voicemail, other.contact.voicemail),
                text: both(self.contact.text, other.contact.text),
                email: both(self.contact.email, other.contact.email),
                letter: both(self.contact.letter, other.contact.letter),
            },
        }
    }

    /// In words: "sharing, contact by call, email".
    #[must_use]
    pub fn words(self) -> String {
        let Channels { call, voicemail, text, email, letter } = self.contact;
        let ways =
            [("call", call), ("voicemail", voicemail), ("text", text), ("email", email), ("letter", letter)];
        let agreed: Vec<&str> =
            ways.into_iter().filter(|(_, safety)| *safety == Safety::Safe).map(|(way, _)| way).collect();
        let contact = (!agreed.is_empty()).then(|| format!("contact by {}", agreed.join(", ")));
        let parts: Vec<String> =
            self.share.then(|| "sharing".to_owned()).into_iter().chain(contact).collect();
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }
}

impl Told {
    /// In words: "yes, on the phone, by the client".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Told::Yes { how, by } => format!("yes, {}, by {}", how.words(), by.words()),
            Told::No => "no".to_owned(),
        }
    }
}

impl How {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            How::Writing => "in writing",
            How::Spoken => "spoken",
            How::Phone => "on the phone",
            How::Helper => "passed on by a helper",
        }
    }
}

impl By {
    /// In words, without a name.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            By::Client => "the client",
            By::Guardian => "a guardian",
            By::Parent => "a parent",
            By::Named => "somebody who is named",
            By::SomebodyElse => "somebody else",
            By::OpposingParty => "the opposing party",
        }
    }
}
