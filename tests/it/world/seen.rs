//! What can be seen of an office from outside and in its books.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use handoffd::clock::Clock;
use handoffd::loops::{Desk, report};
use handoffd::referral::record::{Fact, FactKind, Referral};
use handoffd::referral::reference::Reference;
use handoffd::store::forget::Forgetting;

use super::{Letter, World};

impl World {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        Clock::Manual(self.hand.clone()).now()
    }

    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.running.as_ref().unwrap().desk
    }

    /// Waits for an answer of the store.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// Every letter that left so far, digests aside.
    pub(crate) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Every digest and other report that left so far.
    pub(crate) fn reports(&self) -> &[Letter] {
        &self.reports
    }

    /// The letters to one address.
    pub(crate) fn letters_to(&self, address: &str) -> Vec<&Letter> {
        self.letters.iter().filter(|letter| letter.to == address).collect()
    }

    /// The newest letter to an address.
    pub(crate) fn last_to(&self, address: &str) -> Letter {
        (*self.letters_to(address).last().unwrap_or_else(|| panic!("no letter to {address}"))).clone()
    }

    /// The newest letter to an address whose subject holds these words.
    pub(crate) fn letter(&self, address: &str, subject: &str) -> Letter {
        let found =
            self.letters_to(address).into_iter().rev().find(|letter| letter.subject.contains(subject));
        found.unwrap_or_else(|| panic!("no letter to {address} about {subject}")).clone()
    }

    /// The newest letter to an address about the n-th record.
    pub(crate) fn letter_about(&self, address: &str, place: usize) -> Letter {
        self.letter(address, self.record(place).reference.as_str())
    }

    /// The digest as it would be written now.
    pub(crate) fn digest(&self) -> String {
        let (desk, now) = (self.desk(), self.now());
        self.runtime.block_on(async {
            let figures = report::figures(desk, None, now).await.unwrap();
            let words =
                handoffd::report::digest::write(&figures, &desk.templates, &desk.organisation).unwrap();
            words.text
        })
    }

    /// Staff answers the newest letter with these words; how a mail program would do it.
    pub(crate) fn answer(&mut self, address: &str, words: &str) {
        let mail = self.last_to(address).answer(words);
        self.receive(&mail);
    }

    /// Every record, oldest first.
    pub(crate) fn records(&self) -> Vec<Referral> {
        let stored = self.runtime.block_on(self.desk().store.list(true, 10_000)).unwrap();
        stored.into_iter().rev().map(|stored| stored.referral).collect()
    }

    /// The only record, or the n-th.
    pub(crate) fn record(&self, place: usize) -> Referral {
        self.records().into_iter().nth(place).unwrap()
    }

    /// The history of the n-th record.
    pub(crate) fn history(&self, place: usize) -> Vec<Fact> {
        self.history_of(&self.record(place).reference)
    }

    /// The history of a record.
    pub(crate) fn history_of(&self, reference: &Reference) -> Vec<Fact> {
        self.runtime.block_on(async {
            let stored = self.desk().store.load(std::slice::from_ref(reference)).await.unwrap();
            self.desk().store.history(&stored[0]).await.unwrap()
        })
    }

    /// How often something happened to the n-th record.
    pub(crate) fn count(&self, place: usize, kind: FactKind) -> usize {
        self.history(place).iter().filter(|fact| fact.kind == kind).count()
    }

    /// An operator forgets a referral.
    pub(crate) fn forget(&self, reference: &Reference) {
        let (desk, now) = (self.desk(), self.now());
        let forgotten = self.runtime.block_on(desk.store.forget(reference, "host", now)).unwrap();
        assert_eq!(forgotten, Forgetting::Done);
    }

    pub(crate) fn local(&self, at: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
        at.with_timezone(&self.settings.calendar.zone)
    }

    /// The robots of this story stood in for people who may be written to.
    pub(crate) fn forget_robots(&mut self) {
        self.robots.clear();
    }
}
