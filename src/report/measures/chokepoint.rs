//! Chokepoint: what people waited for longest, in one line (requirement 118). It asks for a decision about the way, not
//! about anybody's work.

use chrono::{DateTime, TimeDelta, Utc};

use super::life::{Life, Reached};
use crate::referral::record::FactKind;

/// Of fewer referrals the largest wait could be one person's.
const FEW: usize = 5;

/// What somebody waits for. Several may be waited for at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wait {
    /// Status Needs Info.
    MissingItems,
    /// Status Under Review, asked of a partner.
    Partner,
    /// Status Received or Under Review, asked of nobody.
    Decision,
    /// The person has not been reached.
    Contact,
}

impl Wait {
    const ALL: [Wait; 4] = [Wait::MissingItems, Wait::Partner, Wait::Decision, Wait::Contact];

    const fn words(self) -> &'static str {
        match self {
            Wait::MissingItems => "waiting for missing items (Needs Info)",
            Wait::Partner => "waiting for the answer of a partner that was asked",
            Wait::Decision => "waiting for our decision (Received and Under Review)",
            Wait::Contact => "waiting until the person was reached",
        }
    }

    /// How long it was waited for in one life.
    fn of(self, life: &Life, now: DateTime<Utc>) -> TimeDelta {
        use FactKind::{
            Accepted, Asked, Bounced, Closed, Confirmed, Incomplete, OfferDeclined, OfferUnanswered, Offered,
            Redirected, Reopened, Reviewed,
        };
        match self {
            Wait::MissingItems => {
                spans(life, &[Incomplete, Asked], &[Reviewed, Accepted, Redirected, Closed], now)
            }
            Wait::Partner => {
                let ends = [OfferDeclined, OfferUnanswered, Accepted, Redirected, Closed];
                spans(life, &[Offered], &ends, now)
            }
            Wait::Decision => {
                let elsewhere = Wait::MissingItems.of(life, now) + Wait::Partner.of(life, now);
                (life.pending(now) - elsewhere).max(TimeDelta::zero())
            }
            Wait::Contact if life.contact == Reached::MustNot => TimeDelta::zero(),
            Wait::Contact => {
                let begins = [FactKind::Received, Reopened];
                spans(life, &begins, &[Confirmed, Bounced, Redirected, Closed], now)
            }
        }
    }
}

/// The time from each of these beginnings to the end that followed it, or until now.
fn spans(life: &Life, begins: &[FactKind], ends: &[FactKind], now: DateTime<Utc>) -> TimeDelta {
    let (mut since, mut all) = (None, TimeDelta::zero());
    for (at, kind) in &life.facts {
        if begins.contains(kind) {
            since = since.or(Some(*at));
        } else if ends.contains(kind) {
            all += since.take().map_or(TimeDelta::zero(), |began| *at - began);
        }
    }
    all + since.map_or(TimeDelta::zero(), |began| now - began)
}

/// The largest of the waits of these referrals in words; `None` where too few waited to tell.
#[must_use]
pub fn in_words(lives: &[Life], now: DateTime<Utc>) -> Option<String> {
    if lives.len() < FEW {
        return None;
    }
    let hours = |wait: Wait| lives.iter().map(|life| wait.of(life, now).num_hours()).sum::<i64>();
    let all: i64 = Wait::ALL.into_iter().map(hours).sum();
    let largest = Wait::ALL.into_iter().max_by_key(|wait| hours(*wait))?;
    let percent = (hours(largest) * 100 + all / 2).checked_div(all)?;
    Some(format!("{}: {percent} % of all waiting, {} days together", largest.words(), hours(largest) / 24))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::measures::life::tests::{beginning, life};

    #[test]
    fn the_largest_wait_is_named_and_each_wait_is_what_the_record_says() {
        use FactKind::{
            Accepted, Closed, Confirmed, Incomplete, OfferUnanswered, Offered, Received, Reopened, Reviewed,
        };
        let now = beginning() + TimeDelta::hours(200);
        let facts = [
            (0, Received),
            (0, Incomplete),
            (40, Reviewed),
            (50, Offered),
            (120, OfferUnanswered),
            (130, Accepted),
            (150, Confirmed),
            (160, Closed),
            (170, Reopened),
        ];
        let one = Life { is_pending: true, ..life(Reached::Open, &facts) };
        let hours: Vec<i64> = Wait::ALL.into_iter().map(|wait| wait.of(&one, now).num_hours()).collect();
        assert_eq!(
            hours,
            [40, 70, 50, 180],
            "missing, partner, decision (20 and 30 after it opened again), contact"
        );
        let many = vec![one.clone(); 5];
        assert_eq!(
            in_words(&many, now).unwrap(),
            "waiting until the person was reached: 53 % of all waiting, 37 days together"
        );
        let unsafe_to = Life { contact: Reached::MustNot, ..one };
        assert_eq!(Wait::Contact.of(&unsafe_to, now), TimeDelta::zero());
        assert!(in_words(&many[..4], now).is_none(), "of so few it could be one person's");
        assert!(in_words(&[], now).is_none());
    }
}
