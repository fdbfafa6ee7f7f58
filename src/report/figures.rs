//! The figures of one local day: plain data, counted by the store, written down by [`super::digest`].
//!
//! No client data: references, words of ours, counts.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::referral::reference::Reference;

/// What happened on one local day, as counted by the store.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// The local date the digest is for; there is one a date.
    pub date: NaiveDate,
    /// When it was counted; lateness is measured from here.
    pub as_of: DateTime<Utc>,
    /// Every mail that came in since the last digest, by what became of it.
    pub mails: Mails,
    /// Past their due time, in any order.
    pub overdue: Vec<Due>,
    /// Due before the local day ends.
    pub due_today: Vec<Due>,
    /// Received since the last digest.
    pub new: Vec<Arrived>,
    /// Really reached since the last digest.
    pub confirmed: Vec<Reached>,
    /// Contact given up since the last digest.
    pub bounced: Vec<Bounced>,
    /// Mails a person must look at, all of them, not only new ones.
    pub parked: Vec<Parked>,
    /// Letters of ours that could not be delivered since the last digest.
    pub delivery_failures: Vec<Undelivered>,
    /// What the service itself wants to say: alerts, limits reached, steps skipped. Our words only.
    pub notes: Vec<String>,
    /// Days on which no digest went out; this one covers them too.
    pub missed_days: Vec<NaiveDate>,
    /// How many more there are than the lists name.
    pub left_out: LeftOut,
}

/// How many more there are of something than its list names: nobody disappears because a day was bad.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct LeftOut {
    /// Past their due time.
    pub overdue: usize,
    /// Due before the local day ends.
    pub due_today: usize,
    /// Received.
    pub new: usize,
    /// Really reached.
    pub confirmed: usize,
    /// Contact given up.
    pub bounced: usize,
    /// Not delivered.
    pub delivery_failures: usize,
}

/// How many mails came in, and what became of them (DESIGN §3, 2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Mails {
    /// All of them.
    pub received: u64,
    /// Became or updated a referral.
    pub referral: u64,
    /// A person's answer.
    pub reply: u64,
    /// Staff said what to do.
    pub command: u64,
    /// Out of office and its kind.
    pub auto_reply: u64,
    /// Delivery reports.
    pub delivery_report: u64,
    /// Copies of a mail we have.
    pub duplicate: u64,
    /// Set aside for a person.
    pub parked: u64,
    /// Newsletters and our own mail, with a reason.
    pub ignored: u64,
    /// Safe in the spool, not read yet.
    pub waiting: u64,
}

impl Mails {
    /// Every pile with its words for one and for many.
    #[must_use]
    pub const fn piles(&self) -> [(u64, &'static str, &'static str); 9] {
        [
            (self.referral, "referral", "referrals"),
            (self.reply, "reply", "replies"),
            (self.command, "command", "commands"),
            (self.auto_reply, "automatic reply", "automatic replies"),
            (self.delivery_report, "delivery report", "delivery reports"),
            (self.duplicate, "duplicate", "duplicates"),
            (self.parked, "parked", "parked"),
            (self.ignored, "ignored", "ignored"),
            (self.waiting, "waiting", "waiting"),
        ]
    }

    /// All piles together.
    #[must_use]
    pub fn accounted(&self) -> u64 {
        self.piles().iter().map(|(count, ..)| count).sum()
    }

    /// No mail is missing and none is in two piles.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.accounted() == self.received
    }
}

/// A referral with something due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Due {
    /// Its number.
    pub reference: Reference,
    /// Its owner's name.
    pub owner: String,
    /// What is to be done, in our words.
    pub next_action: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Tier word.
    pub tier: String,
}

/// A referral that came in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Arrived {
    /// Its number.
    pub reference: Reference,
    /// Its owner's name.
    pub owner: String,
    /// Status word.
    pub status: String,
    /// Tier word.
    pub tier: String,
}

/// A person who was really reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reached {
    /// The number.
    pub reference: Reference,
    /// The owner's name.
    pub owner: String,
    /// From received to reached, in hours.
    pub hours: u64,
}

/// A contact that was given up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bounced {
    /// The number.
    pub reference: Reference,
    /// The reason in words.
    pub reason: String,
    /// What happens next.
    pub next_action: String,
    /// Who does it.
    pub owner: String,
}

/// A mail set aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parked {
    /// The id for `handoffd parked show`.
    pub id: i64,
    /// Why, in our words.
    pub cause: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A letter of ours that did not arrive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Undelivered {
    /// The referral it was about, if it was about one.
    pub reference: Option<Reference>,
    /// The kind of letter.
    pub letter: String,
    /// To which part: sender, client, staff, admin.
    pub to: String,
    /// The enhanced status code, if there was one.
    pub status: Option<String>,
}

impl Figures {
    /// Nothing waits for a person.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let waiting = [
            self.overdue.len(),
            self.due_today.len(),
            self.bounced.len(),
            self.parked.len(),
            self.delivery_failures.len(),
            self.notes.len(),
        ];
        self.mails.adds_up() && waiting.into_iter().all(|count| count == 0)
    }
}

impl Mails {
    const fn sample() -> Mails {
        Mails {
            received: 48,
            referral: 12,
            reply: 9,
            command: 14,
            auto_reply: 3,
            delivery_report: 2,
            duplicate: 1,
            parked: 2,
            ignored: 5,
            waiting: 0,
        }
    }
}

impl Figures {
    /// An invented day with something in every section.
    #[must_use]
    pub fn sample() -> Figures {
        let reference = |n: u64| Reference::draw("R", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let hour =
            |hours: i64| DateTime::from_timestamp(1_795_183_200 + hours * 3_600, 0).unwrap_or_default();
        let due = |n: u64, owner: &str, next_action: &str, hours: i64, tier: &str| Due {
            reference: reference(n),
            owner: owner.to_owned(),
            next_action: next_action.to_owned(),
            due_at: hour(hours),
            tier: tier.to_owned(),
        };
        let arrived = |n: u64, owner: &str, status: &str, tier: &str| Arrived {
            reference: reference(n),
            owner: owner.to_owned(),
            status: status.to_owned(),
            tier: tier.to_owned(),
        };
        Figures {
            date: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default(),
            as_of: hour(0),
            mails: Mails::sample(),
            overdue: vec![
                due(1, "Maria Ortiz", "reach the client by another channel", -30, "standard"),
                due(2, "Maria Ortiz", "accept, redirect or close", -3, "deadline"),
                due(3, "Sam Lee", "get the missing items", -75, "standard"),
            ],
            due_today: vec![
                due(4, "Sam Lee", "reach the client", 3, "safety"),
                due(5, "Maria Ortiz", "read what was written and answer", 7, "standard"),
            ],
            new: vec![
                arrived(6, "Maria Ortiz", "Received", "safety"),
                arrived(7, "Sam Lee", "Needs Info", "standard"),
                arrived(8, "Sam Lee", "Received", "deadline"),
            ],
            confirmed: vec![
                Reached { reference: reference(9), owner: "Maria Ortiz".to_owned(), hours: 6 },
                Reached { reference: reference(10), owner: "Sam Lee".to_owned(), hours: 21 },
            ],
            bounced: vec![Bounced {
                reference: reference(11),
                reason: "bad contact info".to_owned(),
                next_action: "ask the partner for another way to reach the client".to_owned(),
                owner: "Sam Lee".to_owned(),
            }],
            parked: vec![
                Parked { id: 41, cause: "larger than the limit".to_owned(), since: hour(-5) },
                Parked { id: 42, cause: "the proof of the author is missing".to_owned(), since: hour(-2) },
            ],
            delivery_failures: vec![Undelivered {
                reference: Some(reference(12)),
                letter: "receipt".to_owned(),
                to: "sender".to_owned(),
                status: Some("5.1.1".to_owned()),
            }],
            notes: vec![
                "The mail server could not be reached from 02:10 to 02:40. Nothing was lost.".to_owned(),
            ],
            missed_days: vec![NaiveDate::from_ymd_opt(2026, 11, 19).unwrap_or_default()],
            left_out: LeftOut::default(),
        }
    }
}
