//! Policies: named, versioned sets of clocks and ladders. A running deadline keeps the policy it was set under.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;

/// How soon, in two measures; the stricter one counts (requirements 90 to 92).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// Elapsed hours.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// The end of the N-th business day; 0 is the same business day.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub business_days: Option<u32>,
}

impl Span {
    /// A span of elapsed hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Span {
        Span { hours: Some(hours), business_days: None }
    }

    /// A span of business days.
    #[must_use]
    pub const fn business_days(days: u32) -> Span {
        Span { hours: None, business_days: Some(days) }
    }

    /// The instant this span ends; with neither measure it is at once.
    #[must_use]
    pub fn after(self, from: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        let elapsed = self.hours.map(|hours| from + TimeDelta::hours(i64::from(hours)));
        let business = self.business_days.map(|days| calendar.end_of_business_day(from, days));
        elapsed.into_iter().chain(business).min().unwrap_or(from)
    }
}

/// How urgent a referral is (requirement 94): derived from the packet; staff may raise it, nothing lowers it silently.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Everything else.
    Standard,
    /// A date must not pass.
    Deadline,
    /// Somebody is in danger.
    Safety,
}

impl Tier {
    /// The word in letters, logs and the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Tier::Standard => "standard",
            Tier::Deadline => "deadline",
            Tier::Safety => "safety",
        }
    }
}

/// One rung: what must have been done by when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// When it is due, from the day the referral was received.
    pub due: Span,
    /// Attempts that must be logged by then, in all.
    #[serde(rename = "n")]
    pub attempts: u8,
    /// Ask the partner for a better way, if the partner allows it.
    #[serde(rename = "ask")]
    pub loop_back: bool,
}

/// The clocks and rungs of one tier. The last due time is followed by the bounce. Every record holds one ([`Terms`]),
/// which is why its names are short there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ladder {
    /// Contact confirmed: the target of the measures.
    #[serde(rename = "ct")]
    pub contact_target: Span,
    /// Contact at the latest: with documented attempts (requirement 91).
    #[serde(rename = "cf")]
    pub contact_fallback: Span,
    /// Accepted, redirected or closed.
    #[serde(rename = "dt")]
    pub decision_target: Span,
    /// The decision at the latest.
    #[serde(rename = "df")]
    pub decision_fallback: Span,
    /// A client who was reached hears again where it stands (requirement 83).
    #[serde(rename = "ut")]
    pub update_target: Span,
    /// The workflow owner hears that the client still has not.
    #[serde(rename = "uf")]
    pub update_fallback: Span,
    /// The rungs before the bounce, in order.
    pub steps: Vec<Step>,
    /// When the contact is given up.
    #[serde(rename = "end")]
    pub bounce: Span,
    /// A reminder goes out so many hours before each due time.
    #[serde(rename = "r")]
    pub remind_hours: u32,
    /// The workflow owner hears so many hours after a missed due time.
    #[serde(rename = "e")]
    pub escalate_hours: u32,
    /// Letters to staff leave outside business hours too.
    #[serde(rename = "any")]
    pub any_hour: bool,
}

/// What one referral runs under: the numbers of its policy for its tier, as they stood when its clocks were set. The
/// record holds them, so that other settings move no deadline that runs (requirement 95).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The clocks and rungs.
    #[serde(flatten)]
    pub ladder: Ladder,
    /// As in [`Policy::grace_hours`].
    #[serde(rename = "g")]
    pub grace_hours: u32,
    /// As in [`Policy::needs_info_cap`].
    #[serde(rename = "cap")]
    pub needs_info_cap: Span,
    /// As in [`Policy::conflict_check`].
    #[serde(rename = "cc")]
    pub conflict_check: Span,
}

/// A policy: one ladder a tier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// The name in settings.
    pub name: String,
    /// Raised by hand when the numbers change; a record says which version it runs under.
    pub version: u32,
    /// The safety tier.
    pub safety: Ladder,
    /// The deadline tier.
    pub deadline: Ladder,
    /// The standard tier.
    pub standard: Ladder,
    /// The last warning before a bounce must have been sent so many hours earlier.
    pub grace_hours: u32,
    /// The decision clock pauses in Needs Info for so long at most.
    pub needs_info_cap: Span,
    /// A conflict check is due after so long, and never later than the decision.
    pub conflict_check: Span,
}

impl Policy {
    /// The ladder of a tier.
    #[must_use]
    pub fn ladder(&self, tier: Tier) -> &Ladder {
        match tier {
            Tier::Safety => &self.safety,
            Tier::Deadline => &self.deadline,
            Tier::Standard => &self.standard,
        }
    }

    /// What a referral of this tier runs under.
    #[must_use]
    pub fn terms(&self, tier: Tier) -> Terms {
        Terms {
            ladder: self.ladder(tier).clone(),
            grace_hours: self.grace_hours,
            needs_info_cap: self.needs_info_cap,
            conflict_check: self.conflict_check,
        }
    }

    /// `standard-24h v1`: what a record keeps.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} v{}", self.name, self.version)
    }

    /// The seed's ladder: two attempts on day 1, one more and the partner on day 2, bounce on day 3
    /// (requirements 27 to 29); safety and deadline run faster.
    #[must_use]
    pub fn seed() -> Policy {
        Policy {
            name: "seed".to_owned(),
            version: 1,
            safety: Ladder {
                contact_target: Span::hours(4),
                contact_fallback: Span::hours(24),
                decision_target: Span::hours(24),
                decision_fallback: Span::hours(48),
                update_target: Span::business_days(3),
                update_fallback: Span::business_days(5),
                steps: vec![
                    Step { due: Span::hours(4), attempts: 2, loop_back: false },
                    Step { due: Span::hours(24), attempts: 3, loop_back: true },
                ],
                bounce: Span::hours(48),
                remind_hours: 1,
                escalate_hours: 1,
                any_hour: true,
            },
            deadline: Ladder {
                contact_target: Span::hours(12),
                contact_fallback: Span::hours(24),
                decision_target: Span { hours: Some(48), business_days: Some(1) },
                decision_fallback: Span::hours(72),
                update_target: Span::business_days(5),
                update_fallback: Span::business_days(7),
                steps: vec![
                    Step { due: Span::hours(12), attempts: 2, loop_back: false },
                    Step { due: Span::hours(36), attempts: 3, loop_back: true },
                ],
                bounce: Span::hours(60),
                remind_hours: 2,
                escalate_hours: 2,
                any_hour: true,
            },
            standard: Ladder {
                contact_target: Span::hours(24),
                contact_fallback: Span { hours: Some(96), business_days: Some(3) },
                decision_target: Span::business_days(3),
                decision_fallback: Span::business_days(5),
                update_target: Span::business_days(10),
                update_fallback: Span::business_days(15),
                steps: vec![
                    Step { due: Span::hours(24), attempts: 2, loop_back: false },
                    Step { due: Span::hours(48), attempts: 3, loop_back: true },
                ],
                bounce: Span::hours(72),
                remind_hours: 4,
                escalate_hours: 4,
                any_hour: false,
            },
            grace_hours: 12,
            needs_info_cap: Span::business_days(5),
            conflict_check: Span::business_days(1),
        }
    }
}
