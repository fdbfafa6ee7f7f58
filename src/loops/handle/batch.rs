//! A batch: mails that need nothing of what an earlier one is about to write are decided and committed together. A mail
//! that touches the same people, bytes or referrals as an earlier one waits until that one is committed; those behind it
//! that touch neither do not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use tracing::warn;

use super::carry_out;
use super::case::{Case, Decided};
use super::{Item, address, damaged, give_way, question};
use crate::intake::command;
use crate::letters::departure;
use crate::loops::flood::{self, Wave};
use crate::loops::post::{self, About};
use crate::loops::summary::Told;
use crate::loops::{Desk, absence, beside, clock_trust, writing};
use crate::referral::command::Command;
use crate::referral::roster::StaffId;
use crate::store::StoreError;
use crate::store::known::{Known, Question};
use crate::store::records::Commit;

/// A batch that lost a race is tried mail by mail, so often.
const TRIES: u32 = 5;

/// Decides all mails, in as few transactions as what they need of each other allows.
pub(super) async fn decide_all(desk: &Arc<Desk>, items: &[Item]) -> anyhow::Result<()> {
    let now = clock_trust::arrival_time(desk).await?;
    let mut waiting: Vec<&Item> = items.iter().collect();
    while !waiting.is_empty() {
        waiting = handle_some(desk, waiting, now).await?;
    }
    Ok(())
}

/// Decides and commits the mails that need nothing of what an earlier one is about to write. The others are returned in
/// their order: they are decided from what is in the store then.
async fn handle_some<'a>(
    desk: &Arc<Desk>,
    items: Vec<&'a Item>,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<&'a Item>> {
    let questions: Vec<Question> = items.iter().map(|item| question(desk, item)).collect();
    let known = desk.store.known(&questions, now).await?;
    let mut open = desk.store.open_by_owner().await?;
    let rules = absence::rules(desk, now).await?;
    let mut batch = Batch::default();
    let mut later: Vec<&Item> = Vec::new();
    for ((item, question), known) in items.into_iter().zip(&questions).zip(known) {
        let is_first = batch.items.is_empty() && later.is_empty();
        let asks_for_all = asks_for_all(desk, item);
        if batch.is_closed || batch.touches(item, question, &known) || (asks_for_all && !is_first) {
            batch.is_closed |= asks_for_all;
            batch.keep_back(item, question, &known);
            later.push(item);
            continue;
        }
        let case = Case { desk, rules: &rules, item, known: &known, now, said: None };
        let decided = decided(&case, &mut open).await?;
        if batch.meets(&decided) {
            batch.keep_back(item, question, &known);
            later.push(item);
            continue;
        }
        // Who is away changes the rules for all that follow.
        batch.is_closed |= decided.commit.absence.is_some();
        batch.add(item, question, decided);
    }
    batch.commit(desk, now).await?;
    Ok(later)
}

/// What a mail leads to, with what that says of the other open referrals of its clients' addresses.
async fn decided(case: &Case<'_>, open: &mut BTreeMap<StaffId, u32>) -> anyhow::Result<Decided> {
    let Case { desk, rules, item, known, now, .. } = *case;
    let decided = carry_out::decided(case, open).await;
    let mut decided = damaged::parked_if_so(case, decided).await?;
    let from_mail = beside::Cause {
        mail_id: Some(item.mail_id),
        is_proven: address::is_proven(desk, item),
        known: &known.at,
    };
    let told = beside::told(desk, rules, &mut decided.commit.records, from_mail, now).await?;
    decided.commit.records.extend(told.records);
    decided.against = told.against;
    Ok(decided)
}

/// The answer lists what is open, and so what the mails before it are about to change.
fn asks_for_all(desk: &Desk, item: &Item) -> bool {
    let text = &item.reading.text.own;
    item.reading.packets.is_empty()
        && matches!(
            command::read(text, &desk.rules.reasons).commands.as_slice(),
            [Command::Status | Command::Away { .. } | Command::Back]
        )
}

/// Decisions not yet written, and what they touch.
#[derive(Default)]
struct Batch<'a> {
    decided: Vec<Decided>,
    items: Vec<&'a Item>,
    touched: BTreeSet<Vec<u8>>,
    /// What follows needs all of it to be written.
    is_closed: bool,
}

impl<'a> Batch<'a> {
    /// Whether an earlier mail of the batch is about to write what this one asks for.
    fn touches(&self, item: &Item, question: &Question, known: &Known) -> bool {
        if self.touched.is_empty() {
            return false;
        }
        let people = question.persons.iter().chain(&question.names);
        let found = known.persons.iter().chain(&known.linked);
        let threads = known.threads.iter().filter_map(|letter| letter.reference.as_ref());
        people.chain(&question.author).any(|digest| self.touched.contains(digest))
            || marks(item, question).any(|mark| self.touched.contains(&mark))
            || found.chain(threads).any(|reference| self.touched.contains(reference.as_str().as_bytes()))
    }

    /// Whether an earlier mail of the batch writes a record that this one leads to as well, or opens one at an address that
    /// this one speaks against: what is true of the one must reach the other.
    fn meets(&self, decided: &Decided) -> bool {
        let records = decided.commit.records.iter();
        let changed = records.filter(|saved| saved.before.is_some());
        let mut references = changed.map(|saved| saved.referral.reference.as_str().as_bytes());
        references.any(|reference| self.touched.contains(reference))
            || decided.against.iter().any(|digest| self.touched.contains(digest))
    }

    fn add(&mut self, item: &'a Item, question: &Question, decided: Decided) {
        self.touched.extend(marks(item, question));
        self.touched.extend(item.persons.iter().flatten().cloned());
        self.touched.extend(item.names.iter().flat_map(|names| &names.kept).cloned());
        self.touched.extend(question.author.clone());
        self.touched.extend(decided.against.iter().cloned());
        for saved in &decided.commit.records {
            self.touched.insert(saved.referral.reference.as_str().as_bytes().to_vec());
        }
        self.decided.push(decided);
        self.items.push(item);
    }

    /// A mail that waits is still an earlier one to those behind it.
    fn keep_back(&mut self, item: &Item, question: &Question, known: &Known) {
        let found = known.persons.iter().chain(&known.linked);
        let threads = known.threads.iter().filter_map(|letter| letter.reference.as_ref());
        let references = found.chain(threads).map(|reference| reference.as_str().as_bytes().to_vec());
        self.touched.extend(references);
        self.touched.extend(marks(item, question));
        let people = question.persons.iter().chain(&question.names).chain(&question.author);
        self.touched.extend(people.cloned());
        self.touched.extend(item.names.iter().flat_map(|names| &names.kept).cloned());
    }

    /// Writes all of it; if somebody else changed a record meanwhile, or a drawn reference was taken, every mail is
    /// decided again by itself.
    async fn commit(self, desk: &Arc<Desk>, now: DateTime<Utc>) -> anyhow::Result<()> {
        let (commits, wave) = written(desk, self.decided, now).await?;
        match writing::commit(desk, &commits, now).await {
            Ok(()) => {
                wave.remember(desk);
                Ok(())
            }
            Err(StoreError::Stale) => {
                for item in self.items {
                    handle_alone(desk, item, now).await?;
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Writes the letters, off the async threads.
async fn written(
    desk: &Arc<Desk>,
    decided: Vec<Decided>,
    now: DateTime<Utc>,
) -> anyhow::Result<(Vec<Commit>, Wave)> {
    let hands = Arc::clone(desk);
    let (mut commits, wave) = tokio::task::spawn_blocking(move || written_now(&hands, decided, now)).await?;
    let done = clock_trust::arrival_time(desk).await?;
    for commit in &mut commits {
        let of_records = commit.records.iter_mut().flat_map(|saved| &mut saved.letters);
        for letter in of_records.chain(&mut commit.letters) {
            letter.send_at = departure::put_off(letter.part, letter.kind, letter.send_at, done);
        }
    }
    Ok((commits, wave))
}

/// Writes the letters about opened records. Who would get too many of them at once gets one about all.
fn written_now(desk: &Desk, mut decided: Vec<Decided>, now: DateTime<Utc>) -> (Vec<Commit>, Wave) {
    let mut told: Vec<Told<'_>> = decided
        .iter_mut()
        .flat_map(|Decided { commit, unwritten, .. }| {
            unwritten.iter_mut().filter_map(|(place, letters)| {
                let referral = &commit.records.get(*place)?.referral;
                let (tier, due_at) = (referral.tier, referral.next_action_at);
                let (handovers, part_two) = (referral.handovers.count(), referral.packet.is_part_two());
                Some(Told { letters, tier, due_at, part_two, handovers })
            })
        })
        .collect();
    let mut wave = flood::fold(desk, &mut told, now);
    decided.par_iter_mut().for_each(|Decided { commit, unwritten, .. }| {
        give_way();
        for (place, letters) in unwritten {
            let Some(saved) = commit.records.get_mut(*place) else { continue };
            let letters = post::all_queued(desk, &About::Referral(&saved.referral), letters, now);
            saved.letters.splice(0..0, letters);
        }
    });
    let commits = decided.into_iter().map(|decided| decided.commit);
    (commits.chain(wave.letters()).collect(), wave)
}

/// By what else a mail is recognised, or led to a referral, than its people.
fn marks<'a>(item: &'a Item, question: &'a Question) -> impl Iterator<Item = Vec<u8>> + 'a {
    let references = item.reading.mentions.references.iter().map(|reference| reference.as_bytes().to_vec());
    let thread = question.thread.iter().map(|id| id.as_bytes().to_vec());
    std::iter::once(question.digest.clone())
        .chain(question.message_id.clone())
        .chain(references)
        .chain(thread)
}

async fn handle_alone(desk: &Arc<Desk>, item: &Item, now: DateTime<Utc>) -> anyhow::Result<()> {
    let question = question(desk, item);
    for _ in 0..TRIES {
        let known = desk.store.known(std::slice::from_ref(&question), now).await?.pop().unwrap_or_default();
        let mut open = desk.store.open_by_owner().await?;
        let rules = absence::rules(desk, now).await?;
        let case = Case { desk, rules: &rules, item, known: &known, now, said: None };
        let decided = decided(&case, &mut open).await?;
        let (commits, wave) = written(desk, vec![decided], now).await?;
        match writing::commit(desk, &commits, now).await {
            Ok(()) => {
                wave.remember(desk);
                return Ok(());
            }
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    warn!(mail.id = item.mail_id, "A mail lost every race; it is taken again");
    Ok(())
}
