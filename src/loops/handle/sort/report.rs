//! Reports of other mail servers about letters of ours.

use super::{Intent, Sorter};
use crate::intake::{DeliveryReport, ReportKind};
use crate::referral::address::EmailAddress;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Part;
use crate::referral::party::Party;
use crate::referral::reference::Reference;
use crate::store::known::Letter;

impl Sorter<'_> {
    /// Each failure belongs to the referral of its letter. Who complains of a letter to a client, as whoever presses
    /// "spam" does, wants no other: that is a stop. Anybody else's complaint is a question for our owner: the letter
    /// arrived.
    pub(super) fn delivery_report(&self, report: &DeliveryReport) -> Intent {
        let is_any = |kind: ReportKind| report.recipients.iter().any(|recipient| recipient.kind == kind);
        let complains = is_any(ReportKind::Complaint);
        if !complains && !is_any(ReportKind::Hard) && !is_any(ReportKind::Soft) {
            return Intent::Settle(Disposition::DeliveryReport);
        }
        let threads = self.known.threads.iter();
        let letters: Vec<&Letter> =
            threads.filter(|letter| report.message_ids.contains(&letter.message_id)).collect();
        let to_clients = letters.iter().filter(|letter| letter.part == Part::Client);
        let clients: Vec<Reference> = to_clients.filter_map(|letter| letter.reference.clone()).collect();
        if complains && !clients.is_empty() {
            return Intent::Happens(clients, Event::Stopped, Disposition::DeliveryReport);
        }
        let hard = is_any(ReportKind::Hard);
        let reported = letters.into_iter().filter_map(|letter| {
            let who = Party::of_part(letter.part).unwrap_or(Party::Staff);
            let to = self.known_address(report, who);
            let event = if complains && !hard {
                Event::Complained { who, to }
            } else {
                Event::DeliveryFailed { who, hard, to }
            };
            Some((letter.reference.clone()?, event))
        });
        Intent::Several(reported.collect(), Disposition::DeliveryReport)
    }

    /// The address of a partner or of staff that a report names. Where their server passes mail on, it may name another
    /// one, which says nothing.
    fn known_address(&self, report: &DeliveryReport, who: Party) -> Option<EmailAddress> {
        let roster = &self.rules.roster;
        let is_known = |address: &EmailAddress| match who {
            Party::Client | Party::Sender => false,
            Party::Receiver => roster
                .partners
                .iter()
                .any(|one| one.ask.iter().chain(&one.addresses).any(|known| known.shares_mailbox(address))),
            Party::Staff => roster.staff_by_address(address).is_some(),
        };
        let named = report.recipients.iter().flat_map(|one| one.original.iter().chain([&one.address]));
        named.filter_map(|address| EmailAddress::parse(address).ok()).find(is_known)
    }
}
