//! Who stands where to a referral: who sent it, who says something, who acts.

use serde::{Deserialize, Serialize};

use super::address::EmailAddress;
use super::letter::Part;
use super::roster::{PartnerId, StaffId};

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
