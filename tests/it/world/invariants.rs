//! What must hold after every story (RELIABILITY §5).

use std::collections::BTreeMap;

use handoffd::referral::contact::Contact;
use handoffd::referral::record::{Fact, FactKind, Referral, Status};

use super::World;

/// Words of the packets in these stories that must never be seen in a letter, whoever gets it.
const CANARIES: [&str; 6] =
    ["Canary", "555-0142", "5550142", "Evictionstory", "Dangerstory", "Landlordcanary"];

impl World {
    /// What must hold after every story.
    pub(crate) fn check(&mut self) {
        let (now, began_at) = (self.now(), self.began_at);
        let health = self.runtime.block_on(self.desk().store.health(now)).unwrap();
        assert_eq!(health.mails_waiting, 0, "every mail is handled");
        let next = self.runtime.block_on(self.desk().store.next_letter()).unwrap();
        assert!(next.is_none_or(|at| at > now), "the outbox holds nothing that is due");
        assert_eq!(health.letters_failed, 0, "no letter failed");
        let day = self.day();
        let sum: u64 = day.mails.piles().iter().map(|(count, _, _)| count).sum();
        assert_eq!(sum, day.mails.received, "the accounting adds up");
        assert_eq!(day.mails.received, u64::from(self.mails), "every mail is in the accounting");
        for referral in self.records() {
            self.check_record(&referral);
        }
        let mut once: BTreeMap<&str, usize> = BTreeMap::new();
        for letter in &self.letters {
            letter.check();
            *once.entry(letter.message_id.as_str()).or_default() += 1;
            // What the owner asked for to call the client is the one letter that names them; it goes to one of us.
            let asked_for = letter.subject.contains("Your question about");
            assert!(!asked_for || letter.to.ends_with("@example.org"), "details went to {}", letter.to);
            for canary in CANARIES.into_iter().filter(|_| !asked_for) {
                let seen = letter.subject.contains(canary) || letter.text.contains(canary);
                assert!(!seen, "\"{canary}\" stands in a letter to {}", letter.to);
            }
            assert!(!self.robots.contains(&letter.to), "no robot is answered: {}", letter.to);
        }
        assert!(once.values().all(|count| *count == 1), "no letter left twice");
        assert!(began_at <= now);
    }

    fn check_record(&self, referral: &Referral) {
        let history = self.history_of(&referral.reference);
        let desk = self.desk();
        assert_eq!(history[0].kind, FactKind::Received, "a history begins with the receipt");
        let receipts = history.iter().filter(|fact| fact.kind == FactKind::Received).count();
        assert_eq!(receipts, 1, "received once");
        assert!(history.is_sorted_by_key(|fact| fact.at), "a history runs forwards");
        let closed = matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
        assert!(desk.rules.roster.staff(&referral.owner).is_some(), "the owner is on the roster");
        assert_eq!(closed, referral.next_action.words() == "nothing", "open means a next action");
        assert!(referral.look_at.is_none_or(|at| at > self.now()), "nothing due is left");
        if closed {
            assert_eq!(referral.look_at, None);
        }
        if let Contact::Confirmed { at, .. } = referral.contact {
            let chased = |fact: &&Fact| fact.at > at && fact.words.contains("contact is overdue");
            let reopened = history.iter().any(|fact| fact.kind == FactKind::Reopened);
            assert!(reopened || history.iter().find(chased).is_none(), "confirmed is not chased");
        }
    }
}
