//! Partners that are asked to take somebody on: whether, when and what they answer, and how long that took (requirement
//! 111).

use chrono::{DateTime, TimeDelta, Utc};

use super::Case;
use super::chance::Chance;
use crate::referral::command::Command;
use crate::referral::record::{FactKind, Referral};
use crate::referral::roster::{Partner, PartnerId};

/// Of a hundred that are asked.
const ANSWER_PERCENT: u32 = 85;
const ACCEPT_PERCENT: u32 = 70;
/// Elapsed hours until an answer.
const HOURS: std::ops::Range<u32> = 1..60;

/// The assumptions, in a sentence.
pub(super) const ASSUMED: &str = "of 100 partners that are asked to take somebody on 85 answer within 60 hours, 70 of 100 \
     answers are a yes";

/// Where staff sends somebody who is another organization's: to a partner that did not send them.
pub(super) fn other<'a>(
    partners: &'a [Partner],
    referral: &Referral,
    chance: &mut Chance,
) -> Option<&'a Partner> {
    let sent = referral.sender.partner.as_ref();
    let can_be_asked = |partner: &&Partner| Some(&partner.id) != sent && partner.ask_address().is_some();
    let others: Vec<&Partner> = partners.iter().filter(can_be_asked).collect();
    let count = u32::try_from(others.len()).ok().filter(|count| *count > 0)?;
    usize::try_from(chance.below(count)).ok().and_then(|place| others.get(place).copied())
}

/// After how long they answer; `None` for those who never do.
pub(super) fn answers_after(chance: &mut Chance) -> Option<TimeDelta> {
    let hours = HOURS.start + chance.below(HOURS.end - HOURS.start);
    chance.percent(ANSWER_PERCENT).then(|| TimeDelta::hours(i64::from(hours)))
}

/// What they answer.
pub(super) fn answer(chance: &mut Chance) -> Command {
    if chance.percent(ACCEPT_PERCENT) {
        Command::Accept
    } else {
        Command::Decline { reason: "capacity".to_owned() }
    }
}

/// Who is asked now, and for the how-manieth time.
pub(super) fn asked(referral: &Referral) -> Option<(&PartnerId, u32)> {
    referral.onward.as_ref().map(|onward| (&onward.to, referral.asks))
}

/// How long each question took until a word that they have it, and until their yes or no; `None` where there was none.
pub(super) fn waits(cases: &[Case]) -> Vec<(Option<TimeDelta>, Option<TimeDelta>)> {
    cases.iter().flat_map(|case| waits_of(&case.facts)).collect()
}

fn waits_of(facts: &[(DateTime<Utc>, FactKind)]) -> Vec<(Option<TimeDelta>, Option<TimeDelta>)> {
    let mut waits: Vec<(Option<TimeDelta>, Option<TimeDelta>)> = Vec::new();
    let mut since = None;
    for (at, kind) in facts {
        if *kind == FactKind::Offered {
            since = Some(*at);
            waits.push((None, None));
        }
        let Some((asked_at, (received, decided))) = since.zip(waits.last_mut()) else { continue };
        let took = *at - asked_at;
        if *kind == FactKind::OfferReceived {
            *received = Some(took);
        } else if matches!(kind, FactKind::OfferDeclined | FactKind::Redirected) {
            *decided = Some(took);
            since = None;
        } else if matches!(kind, FactKind::OfferUnanswered | FactKind::Accepted | FactKind::Closed) {
            since = None;
        }
    }
    waits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_is_measured_by_itself_and_one_nobody_answered_ended_nowhere() {
        use FactKind::{Closed, OfferDeclined, OfferReceived, OfferUnanswered, Offered, Redirected};
        let begin = DateTime::UNIX_EPOCH;
        let facts: Vec<_> = [
            (0, Offered),
            (2, OfferReceived),
            (5, OfferDeclined),
            (10, Offered),
            (90, OfferUnanswered),
            (100, Offered),
            (103, OfferReceived),
            (103, Redirected),
            (200, Closed),
        ]
        .map(|(hours, kind)| (begin + TimeDelta::hours(hours), kind))
        .into();
        let hours = |hours: i64| Some(TimeDelta::hours(hours));
        assert_eq!(waits_of(&facts), [(hours(2), hours(5)), (None, None), (hours(3), hours(3))]);
        assert!(waits_of(&[]).is_empty());
    }
}
