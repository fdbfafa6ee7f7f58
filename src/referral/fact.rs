//! What happened, as facts: the lines of a referral's history.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::party::Actor;

/// One line of a referral's history: append-only.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in one word of [`FactKind`].
    pub kind: FactKind,
    /// Who, if somebody did it.
    pub by: Option<Actor>,
    /// A sentence for staff, sealed; may hold what staff wrote.
    pub words: String,
}

impl Fact {
    /// It tells of a conflict check, which is for reviewers only.
    #[must_use]
    pub fn is_about_conflict(&self) -> bool {
        let told =
            matches!(self.kind, FactKind::Reminded | FactKind::Escalated) && self.words.contains("conflict");
        told || matches!(self.kind, FactKind::ConflictSeen | FactKind::ConflictChecked)
    }
}

/// More characters of what somebody gave as a reason are not kept.
const LONGEST_REASON: usize = 500;

/// What somebody gave as a reason, or found, as a record and its history keep it.
#[must_use]
pub fn reason_kept(words: &str) -> String {
    words.trim().chars().take(LONGEST_REASON).collect()
}

/// The kinds of facts; figures are computed from these (requirement 17).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// The mail arrived and became this record.
    Received,
    /// The packet lacks required fields.
    Incomplete,
    /// More of the packet arrived.
    Supplemented,
    /// The same referral came again.
    SentAgain,
    /// An owner was named.
    Assigned,
    /// The tier was set or raised.
    Raised,
    /// The client letter was held back, and why.
    ClientLetterWithheld,
    /// The client was told that it is still open.
    ClientTold,
    /// The owner was reminded.
    Reminded,
    /// The workflow owner was told.
    Escalated,
    /// The final warning went out.
    Warned,
    /// The partner was asked for a better way.
    LoopedBack,
    /// A try was logged.
    Attempted,
    /// The person was reached.
    Confirmed,
    /// The contact was given up.
    Bounced,
    /// The packet is outside a screen of ours: a redirect or a question is proposed to the owner.
    Screened,
    /// A name of it stands in another referral, or the other side was named: somebody must check.
    ConflictSeen,
    /// Staff said what the conflict check came to.
    ConflictChecked,
    /// Review began.
    Reviewed,
    /// Accepted.
    Accepted,
    /// A partner was asked to take it on.
    Offered,
    /// The partner has the redirect.
    OfferReceived,
    /// The partner said no.
    OfferDeclined,
    /// The partner did not answer in its time, or could not be reached.
    OfferUnanswered,
    /// Handed on.
    Redirected,
    /// Closed.
    Closed,
    /// Opened again.
    Reopened,
    /// Somebody wrote; the ladder stands still.
    Held,
    /// The ladder goes on.
    Resumed,
    /// The person asked not to be written to.
    Stopped,
    /// A mail of ours was not delivered.
    DeliveryFailed,
    /// Staff wrote something down.
    Noted,
    /// Missing items were asked for.
    Asked,
    /// A step was skipped because the service was down.
    Skipped,
    /// Staff took a stop back.
    Allowed,
    /// Staff wrote down what the client said about consent.
    ConsentTold,
    /// Staff wrote down whether the client calls email safe, or a later word ended that.
    EmailTold,
    /// Another referral speaks against calling a number that this one has too: the owner is asked.
    PhoneDoubted,
    /// Who is to reach the client was sent what we hold for that.
    Disclosed,
    /// An operator forbade to delete it.
    LegalHold,
    /// Another operator lifted that.
    LegalRelease,
}
