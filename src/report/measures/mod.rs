//! The measures of REQUIREMENTS A10 over what really happened, each of them defensible (requirement 130): a measure is
//! one question asked of each referral, a report adds the answers up, and `--explain` shows them one by one.
//!
//! Nevers: no clock, no store, no client data. What leaves the house ([`sheet`]) tells no small count.

pub mod answered;
pub mod baseline;
pub mod chokepoint;
pub mod life;
pub mod sheet;
mod ties;

use chrono::{DateTime, TimeDelta, Utc};

use crate::referral::record::{BounceReason, FactKind};
use life::{ENDED, Life, Reached};

/// Confirmed contact is measured against so long (requirement 99).
const A_DAY: TimeDelta = TimeDelta::hours(24);

/// A measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Contact confirmed within 24 hours.
    Contact24h,
    /// Time to the confirmed contact.
    TimeToContact,
    /// How the contact stands, with the reasons of bounces.
    Contact,
    /// Completed, of those made.
    Completed,
    /// The same referral sent again and recognised.
    Repeats,
    /// Accepted, redirected, closed, undecided.
    Decision,
    /// Anything required was missing in the mail.
    Incomplete,
    /// Which required fields were missing.
    MissingFields,
    /// Letters, tries, confirmations.
    Touches,
    /// Time in pending.
    Pending,
    /// The client was written to, or the record says why not.
    ClientTold,
    /// Opened again.
    Reopened,
    /// Until a partner said that it has a redirect.
    PartnerReceipt,
    /// Until a partner said yes or no.
    PartnerDecision,
    /// What drove it.
    Drivers,
}

/// What a measure says of one referral.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It is not counted, and why.
    NotCounted(&'static str),
    /// Counted, and it is so.
    Yes,
    /// Counted, and it is not.
    No,
    /// It took so long.
    Took(TimeDelta),
    /// It has lasted so long, and has not ended.
    StillRunning(TimeDelta),
    /// It is one of these.
    Is(&'static str),
    /// So many.
    Count(u64),
}

/// How the answers are added up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sum {
    /// The share of yes among yes and no.
    Share,
    /// The median, and what nine of ten did not exceed; what still runs is counted beside it.
    Times,
    /// So many of each; a referral may be several.
    Parts,
    /// All together, and for each referral.
    Total,
}

impl Measure {
    /// Each of them, in the order of a report.
    pub const ALL: [Measure; 15] = [
        Measure::Contact24h,
        Measure::TimeToContact,
        Measure::Contact,
        Measure::Completed,
        Measure::Repeats,
        Measure::Decision,
        Measure::Incomplete,
        Measure::MissingFields,
        Measure::Touches,
        Measure::Pending,
        Measure::ClientTold,
        Measure::Reopened,
        Measure::PartnerReceipt,
        Measure::PartnerDecision,
        Measure::Drivers,
    ];

    /// The name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Measure::Contact24h => "contact-24h",
            Measure::TimeToContact => "time-to-contact",
            Measure::Contact => "contact",
            Measure::Completed => "completed",
            Measure::Repeats => "repeats",
            Measure::Decision => "decision",
            Measure::Incomplete => "incomplete",
            Measure::MissingFields => "missing-fields",
            Measure::Touches => "touches",
            Measure::Pending => "pending",
            Measure::ClientTold => "client-told",
            Measure::Reopened => "reopened",
            Measure::PartnerReceipt => "partner-receipt",
            Measure::PartnerDecision => "partner-decision",
            Measure::Drivers => "drivers",
        }
    }

    /// Its words in a report.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Measure::Contact24h => "Contact confirmed within 24 hours",
            Measure::TimeToContact => "Time to the confirmed contact",
            Measure::Contact => "How the contact stands",
            Measure::Completed => "Completed, of those made",
            Measure::Repeats => "Sent again and recognised",
            Measure::Decision => "Decision",
            Measure::Incomplete => "Something required was missing at intake",
            Measure::MissingFields => "Required fields missing at intake",
            Measure::Touches => "Touches per handoff",
            Measure::Pending => "Time in pending",
            Measure::ClientTold => "Client confirmation sent, or the record says why not",
            Measure::Reopened => "Opened again, of those that had ended",
            Measure::PartnerReceipt => "Until a partner said that it has a redirect",
            Measure::PartnerDecision => "Until a partner said yes or no to a redirect",
            Measure::Drivers => "What drove it",
        }
    }

    /// How it is computed, and on which records.
    #[must_use]
    pub const fn definition(self) -> &'static str {
        match self {
            Measure::Contact24h => {
                "Requirement 99. Of all referrals received in the time whose 24 hours are over: those whose contact was confirmed \
                 at most 24 elapsed hours after their mail arrived. Not counted: who is not to be contacted, or not safely; \
                 what came in the last 24 hours. A mail that was sent is never a contact."
            }
            Measure::TimeToContact => {
                "Requirements 100 and 104. From the arrival of the mail to the first confirmed contact: the median, and what nine \
                 of ten did not exceed. Those not reached yet are counted beside it, never as reached. Who was reached and asked \
                 later not to be contacted counts as reached. Not counted: who is not to be contacted, or not safely, and \
                 never was reached."
            }
            Measure::Contact => {
                "Requirement 101. Each referral once, by how its contact stands now; a bounce by its reason, but unsafe to contact \
                 stands in one line with those who asked not to be contacted. A reason that the data owner added counts as the \
                 one of the five it belongs to."
            }
            Measure::Completed => {
                "Requirements 44 and 102. Of all referrals made in the time: help is scheduled (contact confirmed with an \
                 appointment or a clinic as the next step), handed on, or closed with a documented reason."
            }
            Measure::Repeats => {
                "Requirement 103. How often a referral that we have was sent again and recognised, so that nobody was asked \
                 twice."
            }
            Measure::Decision => {
                "Requirement 105. Each referral once, by its first decision; undecided is a part of its own."
            }
            Measure::Incomplete => {
                "Requirements 36 and 106. Of all referrals received in the time: those whose mail lacked a required field when it \
                 came, whatever was filled in later."
            }
            Measure::MissingFields => {
                "Requirement 106. How many mails lacked each required field when they came; a mail may lack several."
            }
            Measure::Touches => {
                "Requirement 107. Letters about one referral that the mail server took, logged tries and confirmations, all \
                 together. Letters about many at once are not counted: the digest, what is left after a flood or an outage."
            }
            Measure::Pending => {
                "Requirement 108. The time in Received, Needs Info and Under Review together: until the decision, again after each \
                 opening of what had ended, and again while a partner is asked to take on what we had accepted. What waits now \
                 is counted beside it."
            }
            Measure::ClientTold => {
                "Requirement 109. Of all referrals received in the time: the mail server took a letter to the client, or the \
                 record says why there was none."
            }
            Measure::Reopened => {
                "Requirement 110. Of those that were closed or redirected: those opened again later. A contact that is tried \
                 again while the referral stays open is none."
            }
            Measure::PartnerReceipt => {
                "Requirements 53 and 111. For each time a partner was asked to take somebody on: from the question to its word \
                 that it has it; any answer is one. Elapsed time, not its business time. Split by partner it stands under the \
                 partner that was asked, not under the one that sent the referral."
            }
            Measure::PartnerDecision => {
                "Requirements 85 and 111. For each time a partner was asked to take somebody on: from the question to its yes or \
                 no. Elapsed time, not its business time. What was taken back or ran out is counted as not ended. Split \
                 by partner it stands under the partner that was asked."
            }
            Measure::Drivers => {
                "Requirement 46. Court, notice or form, as the dates and words of the packet say; a referral may be several, or \
                 none."
            }
        }
    }

    /// How its answers are added up.
    #[must_use]
    pub const fn sum(self) -> Sum {
        match self {
            Measure::Contact24h
            | Measure::Completed
            | Measure::Incomplete
            | Measure::ClientTold
            | Measure::Reopened => Sum::Share,
            Measure::TimeToContact
            | Measure::Pending
            | Measure::PartnerReceipt
            | Measure::PartnerDecision => Sum::Times,
            Measure::Contact | Measure::Decision | Measure::MissingFields | Measure::Drivers => Sum::Parts,
            Measure::Repeats | Measure::Touches => Sum::Total,
        }
    }

    /// A referral may be several of its parts.
    #[must_use]
    pub const fn may_be_several(self) -> bool {
        matches!(self, Measure::MissingFields | Measure::Drivers)
    }

    /// What it says of one referral; several answers where it asks of each redirect, field or driver.
    #[must_use]
    pub fn ask(self, life: &Life, now: DateTime<Utc>) -> Vec<Answer> {
        let one = match self {
            Measure::Contact24h => contact_24h(life, now),
            Measure::TimeToContact => time_to_contact(life, now),
            Measure::Contact => Answer::Is(contact(life.contact)),
            Measure::Completed => yes(life.is_completed),
            Measure::Repeats => Answer::Count(life.times(&[FactKind::SentAgain])),
            Measure::Decision => Answer::Is(decision(life)),
            Measure::Incomplete => yes(!life.lacked.is_empty()),
            Measure::Touches => {
                Answer::Count(life.times(&[FactKind::Attempted, FactKind::Confirmed]) + life.letters.all)
            }
            Measure::Pending if life.is_pending => Answer::StillRunning(life.pending(now)),
            Measure::Pending => Answer::Took(life.pending(now)),
            Measure::ClientTold => {
                yes(life.letters.to_client > 0 || life.first(&[FactKind::ClientLetterWithheld]).is_some())
            }
            Measure::Reopened if life.first(&ENDED).is_none() => Answer::NotCounted("it never ended"),
            Measure::Reopened => yes(life.is_opened_again()),
            Measure::MissingFields if life.lacked.is_empty() => Answer::NotCounted("nothing was missing"),
            Measure::MissingFields => {
                return life.lacked.iter().map(|field| Answer::Is(field.label())).collect();
            }
            Measure::Drivers if life.drivers.is_empty() => Answer::Is(life::UNDRIVEN),
            Measure::Drivers => return life.drivers.iter().map(|one| Answer::Is(one.word())).collect(),
            Measure::PartnerReceipt | Measure::PartnerDecision if life.asked.is_empty() => {
                Answer::NotCounted("no partner was asked")
            }
            Measure::PartnerReceipt | Measure::PartnerDecision => {
                return life.asked.iter().filter_map(|one| self.ask_of(one, now)).collect();
            }
        };
        vec![one]
    }

    /// Whether it measures each time a partner was asked, of which a referral has several.
    #[must_use]
    pub const fn is_of_askings(self) -> bool {
        matches!(self, Measure::PartnerReceipt | Measure::PartnerDecision)
    }

    /// What it says of one time a partner was asked; nothing where it does not measure that.
    #[must_use]
    pub fn ask_of(self, asked: &life::Asked, now: DateTime<Utc>) -> Option<Answer> {
        if !self.is_of_askings() {
            return None;
        }
        let received_at = asked.received_at.filter(|_| self == Measure::PartnerReceipt);
        let ended_at = received_at.or(asked.decided_at);
        let took = ended_at.map(|at| Answer::Took(at - asked.at));
        Some(took.unwrap_or_else(|| Answer::StillRunning(now - asked.at)))
    }
}

const fn yes(is_so: bool) -> Answer {
    if is_so { Answer::Yes } else { Answer::No }
}

fn contact_24h(life: &Life, now: DateTime<Utc>) -> Answer {
    let confirmed_at = life.first(&[FactKind::Confirmed]);
    if life.contact == Reached::MustNot {
        Answer::NotCounted("not to be contacted, or not safely")
    } else if now < life.received_at + A_DAY {
        Answer::NotCounted("its 24 hours are not over")
    } else {
        yes(confirmed_at.is_some_and(|at| at <= life.received_at + A_DAY))
    }
}

fn time_to_contact(life: &Life, now: DateTime<Utc>) -> Answer {
    match life.first(&[FactKind::Confirmed]) {
        Some(at) => Answer::Took(at - life.received_at),
        None if life.contact == Reached::MustNot => Answer::NotCounted("not to be contacted, or not safely"),
        None => Answer::StillRunning(now - life.received_at),
    }
}

const fn contact(contact: Reached) -> &'static str {
    match contact {
        Reached::Confirmed => "confirmed",
        Reached::GivenUp(BounceReason::BadContactInfo) => "bounced: bad contact info",
        Reached::GivenUp(BounceReason::UnsafeToContact) => "bounced: unsafe to contact",
        Reached::GivenUp(BounceReason::CapacityDelay) => "bounced: capacity delay",
        Reached::GivenUp(BounceReason::EligibilityMismatch) => "bounced: eligibility mismatch",
        Reached::GivenUp(BounceReason::LanguageAccessGap) => "bounced: language access gap",
        Reached::MustNot => "not to be contacted, or not safely",
        Reached::Open => "still to be reached",
    }
}

fn decision(life: &Life) -> &'static str {
    match life.decision() {
        Some(FactKind::Accepted) => "accepted",
        Some(FactKind::Redirected) => "redirected",
        Some(_) => "closed",
        None => "undecided",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_had_ended_counts_as_opened_again() {
        use FactKind::{Accepted, Bounced, Closed, Redirected, Reopened};
        let never = Answer::NotCounted("it never ended");
        for (expected, facts) in [
            (never.clone(), &[(1, Accepted)][..]),
            (never, &[(1, Bounced), (2, Reopened)]),
            (Answer::No, &[(1, Bounced), (2, Reopened), (3, Closed)]),
            (Answer::No, &[(1, Accepted), (2, Closed)]),
            (Answer::Yes, &[(1, Closed), (2, Reopened)]),
            (Answer::Yes, &[(1, Bounced), (2, Reopened), (3, Redirected), (4, Reopened), (5, Closed)]),
        ] {
            let life = life::tests::life(Reached::Open, facts);
            let now = life::tests::beginning() + A_DAY;
            assert_eq!(Measure::Reopened.ask(&life, now), [expected], "{facts:?}");
        }
    }
}
