//! Answered: how soon each partner said that it has what we asked it to take on, and yes or no (requirements 111 and
//! 116). For the house that reviews it: its counts may be small, and are not for handing out.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::life::{Asked, Life};
use super::sheet::span;
use crate::referral::roster::PartnerId;

/// What one partner was asked in some time, and how it answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answered {
    /// Its name; the id where it left the roster.
    pub name: String,
    /// How often it was asked.
    pub asked: usize,
    /// How often it said that it has it; any answer is one.
    pub received: usize,
    /// The middle of the times until then, in elapsed time.
    pub received_in: Option<String>,
    /// How often it said yes or no.
    pub decided: usize,
    /// The middle of the times until then.
    pub decided_in: Option<String>,
    /// How often its time ran out, or we took the question back.
    pub unanswered: usize,
}

/// What each partner was asked from one instant until before another, by its id.
#[must_use]
pub fn by_partner(lives: &[Life], from: DateTime<Utc>, to: DateTime<Utc>) -> BTreeMap<PartnerId, Answered> {
    let mut asked: BTreeMap<&PartnerId, Vec<&Asked>> = BTreeMap::new();
    for one in lives.iter().flat_map(|life| &life.asked).filter(|one| (from..to).contains(&one.at)) {
        asked.entry(&one.partner).or_default().push(one);
    }
    asked.into_iter().map(|(id, asked)| (id.clone(), answered(id, &asked))).collect()
}

fn answered(id: &PartnerId, asked: &[&Asked]) -> Answered {
    let until = |what: fn(&Asked) -> Option<DateTime<Utc>>| -> Vec<TimeDelta> {
        let mut times: Vec<TimeDelta> =
            asked.iter().filter_map(|one| what(one).map(|at| at - one.at)).collect();
        times.sort_unstable();
        times
    };
    let received = until(|one| one.received_at.or(one.decided_at));
    let decided = until(|one| one.decided_at);
    let unanswered = asked.iter().filter(|one| one.is_over && one.decided_at.is_none()).count();
    Answered {
        name: id.to_string(),
        asked: asked.len(),
        received: received.len(),
        received_in: middle(&received),
        decided: decided.len(),
        decided_in: middle(&decided),
        unanswered,
    }
}

/// By nearest rank: a time that really occurred.
fn middle(sorted: &[TimeDelta]) -> Option<String> {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().map(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::measures::life::Reached;
    use crate::report::measures::life::tests::{beginning, life};

    #[test]
    fn each_partner_is_told_by_what_it_was_asked_in_the_time_and_small_counts_are_told() {
        let hour = |hours: i64| beginning() + TimeDelta::hours(hours);
        let ask =
            |partner: &str, at: i64, received: Option<i64>, decided: Option<i64>, is_over: bool| Asked {
                partner: PartnerId(partner.to_owned()),
                at: hour(at),
                received_at: received.map(hour),
                decided_at: decided.map(hour),
                is_over,
            };
        let asked = vec![
            ask("north", 0, Some(2), Some(30), true),
            ask("north", 10, None, Some(14), true),
            ask("north", 20, Some(29), None, true),
            ask("north", 40, None, None, false),
            ask("south", 10, None, None, false),
            // Asked before the time, and after it.
            ask("north", -1, Some(0), Some(1), true),
            ask("north", 100, None, None, false),
        ];
        let lives = [Life { asked, ..life(Reached::Open, &[]) }];
        let told = by_partner(&lives, hour(0), hour(100));
        let north = &told[&PartnerId("north".to_owned())];
        assert_eq!((north.asked, north.received, north.decided, north.unanswered), (4, 3, 2, 1));
        assert_eq!(north.received_in.as_deref(), Some("4.0 h"), "2, 4 and 9 hours");
        assert_eq!(north.decided_in.as_deref(), Some("4.0 h"), "4 and 30 hours");
        let south = &told[&PartnerId("south".to_owned())];
        assert_eq!((south.asked, south.received, south.received_in.clone()), (1, 0, None));
    }
}
