//! The record: everything that is true of one referral now. What happened is in its history ([`Fact`]).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::EmailAddress;
use super::clock::Clock;
use super::conflict::Conflict;
use super::contact::{Attempt, Contact};
use super::handovers::Handovers;
use super::onward::Onward;
use super::packet::consent::Heard;
use super::packet::{Field, Packet};
use super::party::{Party, Sender};
use super::policy::{Terms, Tier};
use super::reference::Reference;
use super::roster::{Mode, StaffId};

pub use super::fact::{Fact, FactKind};
pub use super::reason::BounceReason;

/// One referral.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    /// The number people quote.
    pub reference: Reference,
    /// The decision axis.
    pub status: Status,
    /// The contact axis.
    pub contact: Contact,
    /// Exactly one, while open and after.
    pub owner: StaffId,
    /// What is to be done next; never empty while open.
    pub next_action: NextAction,
    /// When that is due.
    pub next_action_at: DateTime<Utc>,
    /// When the rules want to be asked again; `None` once closed.
    pub look_at: Option<DateTime<Utc>>,
    /// How urgent.
    pub tier: Tier,
    /// Who sent it.
    pub sender: Sender,
    /// When its mail arrived.
    pub received_at: DateTime<Utc>,
    /// How far the ladder acts for it: the mode of its partner when it came.
    pub mode: Mode,
    /// The name of the policy it runs under.
    pub policy: String,
    /// The numbers of that policy when its clocks were set; without them those of today count.
    #[serde(default)]
    pub terms: Option<Terms>,
    /// When the decision is due, and what has been said about it.
    pub decision: Clock,
    /// When the contact is due: the rung being climbed.
    pub rung: Rung,
    /// When a client who was reached heard from us, and is to hear again; `None` while there is nobody to tell.
    #[serde(default)]
    pub update: Option<Update>,
    /// What it carries.
    pub packet: Packet,
    /// Required fields nobody has given yet.
    pub missing: Vec<Field>,
    /// What a person must settle, in our words.
    pub questions: Vec<String>,
    /// Every logged try to reach the person.
    pub attempts: Vec<Attempt>,
    /// The last attempt, confirmation or sign of life waits for somebody to look; the ladder stands still.
    pub held: Option<Hold>,
    /// The person asked not to be written to.
    pub stopped: bool,
    /// How far the client's confirmation is; `None` in a record from before this was kept.
    #[serde(default)]
    pub first_letter: Option<FirstLetter>,
    /// When staff last took a stop back.
    #[serde(default)]
    pub allowed_at: Option<DateTime<Utc>>,
    /// Attachments wait to be typed in.
    pub transcribe: bool,
    /// What the client said about consent to one of us: newer than the packet, until a later word takes it back.
    #[serde(default)]
    pub consent_told: Option<Heard>,
    /// The client's address stood for another client too when the referral came.
    pub address_shared: bool,
    /// When something else we hold spoke against writing to the client's address, as known when the referral came.
    #[serde(default)]
    pub address_doubted_at: Option<DateTime<Utc>>,
    /// When somebody last said of this client, after the referral came, that email is not safe, or that it may not be.
    #[serde(default)]
    pub email_doubted_at: Option<DateTime<Utc>>,
    /// When the client last said to one of us that email is the way, and at which times.
    #[serde(default)]
    pub email_confirmed_at: Option<DateTime<Utc>>,
    /// The client's last word to one of us that email to them is safe, until a later word speaks against it.
    #[serde(default)]
    pub email_told: Option<EmailTold>,
    /// When it came, if it said then plainly that email is not safe: no word to one of us undoes that.
    #[serde(default)]
    pub email_refused_at: Option<DateTime<Utc>>,
    /// When the address that they have now came, if it came after the referral.
    #[serde(default)]
    pub address_came_at: Option<DateTime<Utc>>,
    /// Since when nobody has looked at what somebody wrote from the client's address who was not plainly the client.
    #[serde(default)]
    pub unread_since: Option<DateTime<Utc>>,
    /// Whether the other side is somebody we help: only staff hears of it.
    #[serde(default)]
    pub conflict: Conflict,
    /// A partner was asked to take it on, and has not answered; it is ours until then.
    #[serde(default)]
    pub onward: Option<Onward>,
    /// How many times a partner was asked to take it on; the proof of an answer is good for one of them.
    #[serde(default)]
    pub asks: u32,
    /// Who owned it before: the proof in a letter to an earlier owner ends with the handover.
    #[serde(default)]
    pub handovers: Handovers,
}

impl Referral {
    /// The client's own address, if the packet has one that can be right.
    #[must_use]
    pub fn client_address(&self) -> Option<EmailAddress> {
        self.packet.client_email().and_then(|text| EmailAddress::parse(text).ok())
    }

    /// It is not ours any more: closed, or handed on.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.status, Status::Closed { .. } | Status::Redirected { .. })
    }
}

/// The client told one of us, by phone or in person, that email to this address is safe.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmailTold {
    /// When it was noted.
    pub at: DateTime<Utc>,
    /// The address they have; it says nothing of another one.
    pub address: EmailAddress,
}

/// The decision axis (requirements 73 to 79); nothing added.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// In the queue, not yet reviewed.
    Received,
    /// Blocked, waiting on specific missing items.
    NeedsInfo {
        /// Since when, for the cap on the paused decision clock.
        since: DateTime<Utc>,
    },
    /// Eligibility and conflict check in progress.
    UnderReview,
    /// Assigned; next step and owner are clear.
    Accepted,
    /// Not a fit; warm referral sent elsewhere.
    Redirected {
        /// Where to, as staff named it.
        to: String,
        /// Why.
        reason: String,
    },
    /// No further action, documented reason.
    Closed {
        /// The reason.
        reason: String,
    },
}

impl Status {
    /// Each word with what it means (requirements 73 to 78), for whoever agrees with us on them.
    pub const DEFINITIONS: [(&'static str, &'static str); 6] = [
        ("Received", "in the queue, not yet reviewed"),
        ("Needs Info", "blocked, waiting on specific missing items"),
        ("Under Review", "eligibility and conflict check in progress"),
        ("Accepted", "assigned, next step and owner are clear"),
        ("Redirected", "not a fit, warm referral sent elsewhere"),
        ("Closed", "no further action, documented reason"),
    ];

    /// The word of the seed, in letters and JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Status::Received => "Received",
            Status::NeedsInfo { .. } => "Needs Info",
            Status::UnderReview => "Under Review",
            Status::Accepted => "Accepted",
            Status::Redirected { .. } => "Redirected",
            Status::Closed { .. } => "Closed",
        }
    }

    /// Waits for a decision.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        match self {
            Status::Received | Status::NeedsInfo { .. } | Status::UnderReview => true,
            Status::Accepted | Status::Redirected { .. } | Status::Closed { .. } => false,
        }
    }
}

/// The rung of the ladder being climbed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rung {
    /// What its due times count from: the day the referral was opened, opened again or raised; later by every pause.
    pub from: DateTime<Utc>,
    /// The first attempt that counts for it; earlier ones belong to an earlier opening.
    pub first_attempt: usize,
    /// Which step, from 0; one past the last is the bounce.
    pub step: usize,
    /// Its clock.
    pub clock: Clock,
    /// When the final warning before a bounce was sent.
    pub warned_at: Option<DateTime<Utc>>,
    /// When the partner was asked for a better way.
    pub looped_back_at: Option<DateTime<Utc>>,
    /// The contact at the latest. It stands still for nobody: neither for a hold nor while the service is down.
    #[serde(default)]
    pub latest: Option<DateTime<Utc>>,
    /// When the workflow owner was told that it is over.
    #[serde(default)]
    pub latest_told_at: Option<DateTime<Utc>>,
}

/// The client was reached, and is not left in silence (requirement 83).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Update {
    /// When they last heard from us.
    pub since: DateTime<Utc>,
    /// When they heard before that: if that letter did not arrive, they heard last then.
    #[serde(default)]
    pub before: Option<DateTime<Utc>>,
    /// By when they are to hear again.
    pub clock: Clock,
}

/// The client's confirmation, which they get once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FirstLetter {
    /// It was written, and left, or may have left, or still may.
    pub is_written: bool,
    /// So many were written of which certainly none left.
    pub unsent: u32,
}

/// Why the ladder stands still.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hold {
    /// Who wrote last.
    pub who: Party,
    /// Whether the sender is among those who wrote.
    #[serde(default)]
    pub has_senders: bool,
    /// Since when.
    pub since: DateTime<Utc>,
    /// By when somebody must have looked.
    pub clock: Clock,
}

/// What is to be done next. The words are fixed; the details are in the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextAction {
    /// Try to reach the person.
    ReachClient,
    /// Try once more, by another channel.
    ReachClientAgain,
    /// Look at what somebody wrote.
    ReadMessage,
    /// Type in what nobody could read.
    Transcribe,
    /// Get the missing items.
    CompletePacket,
    /// Accept, redirect or close.
    Decide,
    /// See whether we help the other side.
    CheckConflict,
    /// Wait until the partner that was asked has answered; its clock runs.
    AwaitPartner,
    /// Do what was agreed with the person.
    CarryOut,
    /// Decide what happens after a bounce.
    AfterBounce,
    /// Find a safe way, or close.
    FindSafeWay,
    /// Tell a client who was reached where it stands.
    TellClient,
    /// Nothing: it is closed.
    Nothing,
}

impl NextAction {
    /// The words in letters, JSON and the store.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            NextAction::ReachClient => "reach the client",
            NextAction::ReachClientAgain => "reach the client by another channel",
            NextAction::ReadMessage => "read what was written and answer",
            NextAction::Transcribe => "type in the attachment",
            NextAction::CompletePacket => "get the missing items",
            NextAction::Decide => "accept, redirect or close",
            NextAction::CheckConflict => "check for a conflict of interest",
            NextAction::AwaitPartner => "wait for the answer of the organization that was asked",
            NextAction::CarryOut => "carry out the agreed step",
            NextAction::AfterBounce => "decide what happens after the bounce",
            NextAction::FindSafeWay => "find a safe way or close",
            NextAction::TellClient => "tell the client where it stands",
            NextAction::Nothing => "nothing",
        }
    }
}
