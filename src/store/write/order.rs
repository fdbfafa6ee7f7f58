//! What one transaction writes, sealed and ready, and the columns of its records.

use chrono::{DateTime, Utc};

use crate::referral::contact::Contact;
use crate::referral::record::Status;
use crate::store::audit::FactRow;
use crate::store::millis;
use crate::store::outbox::SealedLetter;
use crate::store::outbox::state::State;
use crate::store::records::{Commit, Saved};
use crate::store::rows::Column;

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

/// The columns of records that are opened, as they stand in the statement.
pub(super) fn opened<'a>(rows: &[&'a RecordRow<'_>]) -> Vec<Column<'a>> {
    let referrals = || rows.iter().map(|row| &row.saved.referral);
    vec![
        Column::texts(rows.iter().map(|row| row.reference())),
        Column::numbers(rows.iter().map(|_| 1)),
        Column::numbers(rows.iter().map(|row| row.facts_after())),
        Column::bytes(rows.iter().map(|row| row.head.as_slice())),
        Column::texts(referrals().map(|referral| referral.status.word())),
        Column::texts(referrals().map(|referral| referral.contact.word())),
        Column::texts(referrals().map(|referral| referral.tier.word())),
        Column::numbers(rows.iter().map(|row| row.open())),
        Column::numbers(referrals().map(|referral| i64::from(referral.stopped))),
        Column::texts(referrals().map(|referral| referral.owner.0.as_str())),
        Column::texts(rows.iter().map(|row| row.partner())),
        Column::texts(referrals().map(|referral| referral.policy.as_str())),
        Column::texts(referrals().map(|referral| referral.next_action.words())),
        Column::numbers(referrals().map(|referral| millis(referral.next_action_at))),
        Column::numbers(referrals().map(|referral| referral.look_at.map(millis))),
        Column::numbers(referrals().map(|referral| millis(referral.received_at))),
        Column::numbers(rows.iter().map(|row| row.confirmed_at())),
        Column::numbers(rows.iter().map(|row| row.bounced().0)),
        Column::texts(rows.iter().map(|row| row.bounced().1)),
        Column::texts(rows.iter().map(|row| row.bounced().2)),
        Column::bytes(rows.iter().map(|row| row.data_key.as_deref())),
        Column::bytes(rows.iter().map(|row| row.record.as_slice())),
        Column::numbers(
            rows.iter().map(|row| row.changed_at().unwrap_or(millis(row.saved.referral.received_at))),
        ),
    ]
}

/// The columns of letters that are queued, as they stand in the statement.
pub(super) fn queued<'a>(
    letters: &[(Option<i64>, &'a SealedLetter<'_>)],
    now: DateTime<Utc>,
) -> Vec<Column<'a>> {
    let rows = || letters.iter().map(|(_, letter)| *letter);
    vec![
        Column::texts(rows().map(|letter| letter.queued.natural_key.as_str())),
        Column::bytes(rows().map(|letter| letter.message_id_digest.as_slice())),
        Column::numbers(letters.iter().map(|(referral, _)| *referral)),
        Column::texts(rows().map(|letter| letter.queued.kind)),
        Column::texts(rows().map(|letter| letter.queued.part.name())),
        Column::bytes(rows().map(|letter| letter.recipient_digest.as_slice())),
        Column::bytes(rows().map(|letter| letter.data_key.as_deref())),
        Column::texts(rows().map(|_| State::Queued.word())),
        Column::numbers(rows().map(|letter| millis(letter.queued.send_at))),
        Column::numbers(rows().map(|letter| millis(letter.queued.send_at))),
        Column::numbers(rows().map(|_| millis(now))),
    ]
}
