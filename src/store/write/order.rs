//! What one transaction writes, sealed and ready, and the columns of its records.

use chrono::{DateTime, Utc};

use crate::referral::record::{Contact, Status};
use crate::store::audit::FactRow;
use crate::store::millis;
use crate::store::outbox::SealedLetter;
use crate::store::records::{Commit, Saved};

/// Everything one transaction writes, sealed and ready.
pub(in crate::store) struct Order<'a> {
    pub(in crate::store) commits: &'a [Commit],
    pub(in crate::store) rows: Vec<RecordRow<'a>>,
    pub(in crate::store) loose: Vec<SealedLetter<'a>>,
    /// The keyed digests of those who said stop without a record.
    pub(in crate::store) stops: Vec<Vec<u8>>,
    pub(in crate::store) now: DateTime<Utc>,
}

/// A record with everything sealed.
pub(in crate::store) struct RecordRow<'a> {
    /// Number and version of the row it changes; `None` opens one.
    pub(in crate::store) id: Option<(i64, i64)>,
    pub(in crate::store) facts_before: i64,
    /// The newest link of its history after this.
    pub(in crate::store) head: Vec<u8>,
    pub(in crate::store) saved: &'a Saved,
    pub(in crate::store) data_key: Option<Vec<u8>>,
    pub(in crate::store) record: Vec<u8>,
    pub(in crate::store) facts: Vec<FactRow>,
    pub(in crate::store) letters: Vec<SealedLetter<'a>>,
}

impl RecordRow<'_> {
    pub(super) fn reference(&self) -> &str {
        self.saved.referral.reference.as_str()
    }

    pub(super) fn facts_after(&self) -> i64 {
        self.facts_before + i64::try_from(self.facts.len()).unwrap_or(0)
    }

    /// The time of its last line of history; `None` if this adds none.
    pub(super) fn changed_at(&self) -> Option<i64> {
        self.facts.last().map(|fact| fact.at)
    }

    pub(super) fn open(&self) -> i64 {
        i64::from(!matches!(self.saved.referral.status, Status::Closed { .. } | Status::Redirected { .. }))
    }

    pub(super) fn partner(&self) -> Option<&str> {
        self.saved.referral.sender.partner.as_ref().map(|partner| partner.0.as_str())
    }

    pub(super) fn confirmed_at(&self) -> Option<i64> {
        if let Contact::Confirmed { at, .. } = &self.saved.referral.contact {
            Some(millis(*at))
        } else {
            None
        }
    }

    /// When, for which of the five, and by which reason of the data owner's.
    pub(super) fn bounced(&self) -> (Option<i64>, Option<&'static str>, Option<&str>) {
        if let Contact::Bounced { at, reason, added, .. } = &self.saved.referral.contact {
            (Some(millis(*at)), Some(reason.code()), added.as_deref())
        } else {
            (None, None, None)
        }
    }
}
