//! What can happen to a referral.

use chrono::{DateTime, Utc};

use super::address::EmailAddress;
use super::command::Command;
use super::packet::Packet;
use super::party::{Actor, Party, Sender};
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
    SomebodyWrote {
        /// It says more than thanks and the like: until somebody looked, nothing is sent there.
        is_unread: bool,
    },
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
            | Event::SomebodyWrote { .. }
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
