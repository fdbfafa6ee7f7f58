//! What can happen to a referral, as past facts and as commands.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::address::EmailAddress;
use super::conflict::Finding;
use super::letter::Part;
use super::packet::Packet;
use super::packet::consent::{How, Told};
use super::policy::Tier;
use super::record::{BounceReason, Channel, ContactResult, NextStep};
use super::reference::Reference;
use super::roster::{PartnerId, StaffId};
use super::safety::{Against, Beside, Withheld};

/// A referral that has just been read from a mail.
#[derive(Clone)]
pub struct Arrival {
    /// What it carries.
    pub packet: Packet,
    /// Who sent it.
    pub sender: Sender,
    /// The required fields that were not found.
    pub missing: Vec<super::packet::Field>,
    /// Sentences for a person: what was unclear in the reading.
    pub questions: Vec<String>,
    /// There are attachments nobody could read: somebody must type them in.
    pub transcribe: bool,
    /// Its place among the referrals of one mail, from 0.
    pub place: u32,
    /// When the mail arrived.
    pub received_at: DateTime<Utc>,
    /// The client's address stands for another client too.
    pub address_shared: bool,
    /// When something else we hold spoke against writing to the client's address.
    pub address_doubted_at: Option<DateTime<Utc>>,
    /// Somebody at the client's address asked us before not to write.
    pub stopped: bool,
    /// Other referrals in which a name of this one stands on the other side.
    pub conflicts: Vec<Reference>,
    /// How many open referrals each member of staff owns, for routing.
    pub open: std::collections::BTreeMap<StaffId, u32>,
}

/// The author of a referral mail and how far we trust that.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Where an answer may go; `None` when none may.
    pub answer_to: Option<EmailAddress>,
    /// The registered partner behind the address.
    pub partner: Option<PartnerId>,
    /// The author is proven as far as the settings ask: rostered, and DMARC-aligned where an authserv-id is set.
    pub trusted: bool,
    /// The Message-ID to answer to.
    pub message_id: Option<String>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("partner", &self.partner)
            .field("trusted", &self.trusted)
            .finish_non_exhaustive()
    }
}

/// Something that happened to a referral.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// Time went by. Too often changes nothing.
    TimePassed(Service),
    /// A proven member of staff, or an admin on the host, said what to do.
    Commanded {
        /// Who.
        by: Actor,
        /// What, in the order said.
        commands: Vec<Command>,
    },
    /// The sender wrote again about the same person: new or corrected fields.
    Supplemented {
        /// The fields of the new mail.
        packet: Packet,
        /// Other referrals in which a name of the new mail stands on the other side.
        conflicts: Vec<Reference>,
    },
    /// The same referral arrived once more.
    SentAgain {
        /// Who sent the copy.
        sender: Sender,
        /// What the copy carries: it may hold more than the first one did.
        packet: Packet,
        /// Other referrals in which a name of the copy stands on the other side.
        conflicts: Vec<Reference>,
    },
    /// A proven partner that was asked to take it on said this.
    Answered {
        /// Who.
        by: PartnerId,
        /// What, in the order said; nothing that was understood is nothing.
        commands: Vec<Command>,
    },
    /// A person wrote, and somebody must look: holds the ladder.
    PersonWrote {
        /// In which part they stand to the referral.
        who: Party,
    },
    /// Somebody wrote from a client's address, not plainly the client: as [`Event::PersonWrote`], but unanswered.
    SomebodyWrote,
    /// A mail casts doubt on consent or safety, whoever wrote it: that counts before what else the mail is.
    Warned {
        /// No more than the doubt.
        doubt: Packet,
        /// What the mail is beside that.
        then: Box<Event>,
    },
    /// The client asked not to be written to.
    Stopped,
    /// Another referral of the client's address, or of their phone, speaks against a way to reach them since now.
    DoubtedBeside(Against),
    /// What one of us says, with what else speaks for or against a letter to the client's address.
    KnownBeside {
        /// What does.
        beside: Beside,
        /// What is said.
        then: Box<Event>,
    },
    /// A letter to the client was decided and is not sent after all: the gate closed meanwhile.
    LetterWithheld {
        /// Why.
        why: Withheld,
        /// When it was written.
        written_at: DateTime<Utc>,
        /// It is the confirmation, and no server can have taken it.
        is_first: bool,
    },
    /// A letter of ours never left.
    LetterLost {
        /// Whose letter it was.
        who: Party,
        /// Why.
        how: Lost,
        /// When it was written.
        written_at: DateTime<Utc>,
        /// The address it was for.
        to: EmailAddress,
        /// It is the client's confirmation, and no server can have taken it.
        is_first: bool,
    },
    /// A mail of ours could not be delivered.
    DeliveryFailed {
        /// Whose address it was.
        who: Party,
        /// The address does not work, as opposed to "not this time".
        hard: bool,
        /// The address, where the report names one of a partner or of staff.
        to: Option<EmailAddress>,
    },
    /// A mail of ours arrived, and whoever has the address said that it is spam (RFC 5965). A client who does so says
    /// [`Event::Stopped`].
    Complained {
        /// Whose address it is.
        who: Party,
        /// The address, where the report names one of a partner or of staff.
        to: Option<EmailAddress>,
    },
}

impl Event {
    /// One of us lets letters go to the client that did not go before.
    #[must_use]
    pub fn permits(&self) -> bool {
        if let Event::Warned { then, .. } | Event::KnownBeside { then, .. } = self {
            return then.permits();
        }
        matches!(self, Event::Commanded { commands, .. } if commands.iter().any(Command::permits))
    }

    /// Somebody proven asks us to do something.
    #[must_use]
    pub fn is_asked_of_us(&self) -> bool {
        match self {
            Event::Commanded { .. } | Event::Answered { .. } => true,
            Event::Warned { then, .. } | Event::KnownBeside { then, .. } => then.is_asked_of_us(),
            Event::TimePassed(_)
            | Event::Supplemented { .. }
            | Event::SentAgain { .. }
            | Event::PersonWrote { .. }
            | Event::SomebodyWrote
            | Event::Stopped
            | Event::DoubtedBeside(_)
            | Event::LetterWithheld { .. }
            | Event::LetterLost { .. }
            | Event::DeliveryFailed { .. }
            | Event::Complained { .. } => false,
        }
    }
}

/// Why a letter never left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lost {
    /// The mail server says that there is no such mailbox.
    NoMailbox,
    /// The mail server refused it for good, and did not say that the address is wrong.
    Refused,
    /// It could not be sent for so long that it says nothing true any more.
    TooLate,
}

/// What the rules must know about ourselves before anything is given up: a bounce must not lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Service {
    /// The inbox was read to its end at this instant.
    pub inbox_read_at: Option<DateTime<Utc>>,
    /// The final warning of this referral was accepted by the mail server at this instant.
    pub warning_sent_at: Option<DateTime<Utc>>,
}

/// In which part somebody stands to a referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person it is about.
    Client,
    /// Who sent it.
    Sender,
    /// The partner that was asked to take it on.
    Receiver,
    /// Owner or other staff.
    Staff,
}

impl Party {
    /// The party that gets letters in this part; an admin's letters are about no referral, and so nobody's here.
    #[must_use]
    pub const fn of_part(part: Part) -> Option<Party> {
        match part {
            Part::Client => Some(Party::Client),
            Part::Sender => Some(Party::Sender),
            Part::Receiver => Some(Party::Receiver),
            Part::Staff => Some(Party::Staff),
            Part::Admin => None,
        }
    }
}

/// Who gave a command.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Staff, by mail, with both proofs.
    Staff(StaffId),
    /// An admin on the host, by `handoffd act`.
    Host,
    /// A partner that was asked to take it on, by mail, with both proofs.
    Partner(PartnerId),
}

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
