//! What staff can do, by reply or on the host.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::conflict::Finding;
use super::contact::{Channel, Confirmation, ContactResult, Day};
use super::packet::consent::{How, Told};
use super::policy::Tier;
use super::reason::BounceReason;
use super::roster::StaffId;

/// What staff can do, by reply or on the host. Each verb is one word of the help letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Log one try to reach the person.
    Attempt {
        /// By which channel.
        channel: Channel,
        /// With what result.
        result: ContactResult,
    },
    /// The person was really reached.
    Confirmed(Confirmation),
    /// Take the case on: the next step and the owner are clear.
    Accept,
    /// Not a fit; closed with a reason.
    Decline {
        /// The reason, for staff and the record.
        reason: String,
    },
    /// Handed on to another organisation.
    Redirect {
        /// Where to.
        to: String,
        /// Why.
        reason: String,
    },
    /// A partner that was asked has the redirect.
    Received,
    /// Ask the sender for these fields.
    Needs {
        /// The fields' keys.
        fields: Vec<super::packet::Field>,
    },
    /// What the conflict check came to.
    Conflict(Finding),
    /// Give it to somebody else.
    Assign {
        /// The new owner.
        to: StaffId,
    },
    /// Make it more urgent.
    Raise {
        /// The tier to raise to.
        tier: Tier,
    },
    /// Give the contact up, with the reason.
    Bounce {
        /// One of the five.
        reason: BounceReason,
        /// The code of the data owner's own reason, which counts as that one.
        #[serde(default)]
        added: Option<String>,
    },
    /// Never write to the person again.
    DoNotContact,
    /// The client told a person that writing is fine again: takes a stop back.
    AllowContact {
        /// What they said, and to whom.
        reason: String,
    },
    /// What the client said about consent to who writes this, how and by whom: a yes nobody could read becomes one.
    Consent(Told),
    /// The client said to who writes this that email to their address is safe: a doubt about it ends.
    EmailSafe {
        /// How they said it: never by mail, which whoever reads theirs could have written.
        how: How,
        /// When the letter was written that this answers, or the command was given on the host: what came later, who
        /// says it had not read. `None` where nobody knows.
        #[serde(default)]
        asked_at: Option<DateTime<Utc>>,
    },
    /// Email to the client is not safe, whoever said so.
    EmailNotSafe {
        /// The words behind it.
        why: String,
    },
    /// Finished.
    Close {
        /// The documented reason (requirement 78).
        reason: String,
    },
    /// Open it again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Write something down.
    Note {
        /// The words, sealed in the record.
        text: String,
    },
    /// Somebody looked at what the client or partner wrote; the ladder goes on.
    Resume,
    /// The four lines: owner, package, status, next due.
    Status,
    /// Who writes is away until a day begins; about no referral, and so alone in its mail.
    Away {
        /// The day, as said.
        until: Day,
    },
    /// Who writes is here again; about no referral, and so alone in its mail.
    Back,
    /// What we hold to reach the client, for who is to call them.
    Details,
    /// The record's history.
    History,
    /// The list of verbs.
    Help,
    /// The blank packet form.
    Form,
    /// A line nobody could read, behind or before one that protects the client: of its mail only such are done.
    Unread {
        /// Lines that would have worked.
        nearest: Vec<String>,
    },
}

impl Command {
    /// The same, said in answer to a letter of this instant, where that matters.
    #[must_use]
    pub fn asked_at(self, at: Option<DateTime<Utc>>) -> Command {
        if let Command::EmailSafe { how, .. } = self {
            Command::EmailSafe { how, asked_at: at }
        } else {
            self
        }
    }

    /// Whether it keeps letters from the client: it is the safer reading, and is done whoever of us says it and
    /// whatever becomes of the lines beside it; of a bounce only that part of it.
    #[must_use]
    pub const fn protects(&self) -> bool {
        let is_unsafe = matches!(self, Command::Bounce { reason: BounceReason::UnsafeToContact, .. });
        let is_no = matches!(self, Command::EmailNotSafe { .. } | Command::Consent(Told::No));
        is_unsafe || is_no || matches!(self, Command::DoNotContact)
    }

    /// Whether it lets letters go to the client that did not go before.
    #[must_use]
    pub const fn permits(&self) -> bool {
        matches!(
            self,
            Command::EmailSafe { .. } | Command::Consent(Told::Yes { .. }) | Command::AllowContact { .. }
        )
    }

    /// The word of the help letter.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Command::Attempt { .. } => "attempt",
            Command::Confirmed(_) => "confirmed",
            Command::Accept => "accept",
            Command::Decline { .. } => "decline",
            Command::Redirect { .. } => "redirect",
            Command::Received => "received",
            Command::Needs { .. } => "needs",
            Command::Conflict(_) => "conflict",
            Command::Assign { .. } => "assign",
            Command::Raise { .. } => "raise",
            Command::Bounce { .. } => "bounce",
            Command::DoNotContact => "do not contact",
            Command::AllowContact { .. } => "allow contact",
            Command::Consent(_) => "consent",
            Command::EmailSafe { .. } => "email safe",
            Command::EmailNotSafe { .. } => "email not safe",
            Command::Close { .. } => "close",
            Command::Reopen { .. } => "reopen",
            Command::Note { .. } => "note",
            Command::Resume => "resume",
            Command::Status => "status",
            Command::Away { .. } => "away",
            Command::Back => "back",
            Command::Details => "details",
            Command::History => "history",
            Command::Help => "help",
            Command::Form => "form",
            Command::Unread { .. } => "unread",
        }
    }
}
