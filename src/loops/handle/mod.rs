//! Handle: mails from the spool are read, sorted, decided and committed: a batch is one transaction.
//!
//! Reading runs off the async threads and one mail at a time can fail: what makes the reader panic is parked, what
//! kills the process is known by its count of attempts and parked unread. A mail that touches the same people, bytes or
//! referrals as an earlier one of its batch waits until that one is committed; those behind it that touch neither do
//! not.

mod address;
mod again;
mod carry_out;
mod damaged;
mod heard;
mod intent;
mod known;
mod listed;
mod names;
mod ours;
pub mod presence;
mod sort;
mod unread;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use carry_out::{Case, Decided};
use chrono::{DateTime, Utc};
use rayon::prelude::*;
use tokio::sync::mpsc;
use tracing::{info, warn};

use super::flood::{self, Wave};
use super::post::{self, About};
use super::summary::Told;
use super::{Desk, absence, beside, clock_trust, writing};
use crate::intake::{self, ParkCause, Reading, Silence, command, stop};
use crate::letters::departure;
use crate::referral::address::EmailAddress;
use crate::referral::event::Command;
use crate::referral::packet::{Field, Judged, Packet, name_form};
use crate::referral::reference::Reference;
use crate::store::StoreError;
use crate::store::records::{Commit, Known, Question};
use crate::store::spool::Waiting;

/// Mails of one batch, and so of one transaction.
const AT_ONCE: u32 = 100;
/// Batches of one tick: a stop is heard between two ticks.
const BATCHES: u32 = 10;
/// A mail that was taken so often without an end stopped the process: it is not read again.
const MOST_ATTEMPTS: u32 = 2;
/// A batch that lost a race is tried mail by mail, so often.
const TRIES: u32 = 5;

/// A mail with what it means.
struct Item {
    mail_id: i64,
    digest: Vec<u8>,
    /// The keyed digest of its Message-ID.
    message_id: Option<Vec<u8>>,
    /// The row of the referral it led to before it was replayed.
    linked: Option<i64>,
    arrived_at: DateTime<Utc>,
    reading: Reading,
    /// Keyed digests of each packet's person.
    persons: Vec<Vec<Vec<u8>>>,
    /// Keyed digests of each packet's names.
    names: Vec<names::Names>,
}

/// Handles the next mails of the spool, a batch after the other: while one is decided and committed, the next ones are
/// read. Returns how many mails were handled.
///
/// # Errors
/// When the store cannot be reached; the mails wait.
pub async fn tick(desk: &Arc<Desk>) -> anyhow::Result<usize> {
    let (send, mut batches) = mpsc::channel(1);
    // A task of its own: a turn to write that fell to it must not wait until a batch is decided.
    let reader = tokio::spawn(read_on(Arc::clone(desk), send));
    let handled = handle_all(desk, &mut batches).await;
    batches.close();
    while let Some(batch) = batches.recv().await {
        untake(desk, &batch).await;
    }
    let read = reader.await.unwrap_or_else(|error| Err(error.into()));
    // Also when a batch could not be decided: the letters that stand in for the one about a flood leave by themselves.
    let told = flood::end(desk).await;
    let handled = handled?;
    read?;
    told?;
    Ok(handled)
}

async fn handle_all(desk: &Arc<Desk>, batches: &mut mpsc::Receiver<Vec<Item>>) -> anyhow::Result<usize> {
    let mut handled = 0;
    while let Some(batch) = batches.recv().await {
        if let Err(error) = handle_batch(desk, &batch).await {
            untake(desk, &batch).await;
            return Err(error);
        }
        handled += batch.len();
        info!(mails.count = batch.len(), "Mails handled");
        desk.progress.mark("handle");
        desk.signals.deliver.notify_one();
        desk.signals.remind.notify_one();
    }
    Ok(handled)
}

/// Takes and reads the batches of one tick.
async fn read_on(desk: Arc<Desk>, batches: mpsc::Sender<Vec<Item>>) -> anyhow::Result<()> {
    let mut taken = desk.store.take_waiting(AT_ONCE).await?;
    let mut left = BATCHES;
    while !taken.is_empty() {
        let is_full = u32::try_from(taken.len()).is_ok_and(|taken| taken == AT_ONCE);
        if let Err(refused) = batches.send(read_all(&desk, taken).await?).await {
            untake(&desk, &refused.0).await;
            break;
        }
        left -= 1;
        taken = if is_full && left > 0 { desk.store.take_fresh(AT_ONCE).await? } else { Vec::new() };
    }
    Ok(())
}

/// The store failed, not the mails: they must not be taken for ones that stop the process.
async fn untake(desk: &Desk, items: &[Item]) {
    let ids: Vec<i64> = items.iter().map(|item| item.mail_id).collect();
    if let Err(untaken) = desk.store.untake(&ids).await {
        warn!(error = %untaken, "The attempts of mails could not be taken back");
    }
}

/// Reads every mail, on all processors and off the async threads: not on those that write letters, where a batch would
/// wait to be written until the next one is read.
async fn read_all(desk: &Arc<Desk>, mut waiting: Vec<Waiting>) -> anyhow::Result<Vec<Item>> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let share = waiting.len().div_ceil(processors);
    let mut reading = Vec::new();
    while !waiting.is_empty() {
        let rest = waiting.split_off(share.min(waiting.len()));
        let (some, desk) = (std::mem::replace(&mut waiting, rest), Arc::clone(desk));
        let read = move || some.into_iter().map(|mail| read_one(&desk, mail)).collect::<Vec<_>>();
        reading.push(tokio::task::spawn_blocking(read));
    }
    let mut items = Vec::new();
    for some in reading {
        items.extend(some.await?);
    }
    Ok(items)
}

fn read_one(desk: &Desk, mail: Waiting) -> Item {
    give_way();
    let reading = if mail.attempts > MOST_ATTEMPTS {
        parked(ParkCause::Poison)
    } else {
        let mut reading = read(desk, &mail.raw, mail.arrived_at);
        if !mail.whole {
            reading.park = Some(ParkCause::TooLarge);
            reading.problems.push(ParkCause::TooLarge.words().to_owned());
        }
        reading
    };
    let persons = reading.packets.iter().map(|packet| persons(desk, packet)).collect();
    let names = reading.packets.iter().map(|packet| names::Names::of(desk, packet)).collect();
    let message_id = reading.envelope.message_id.as_ref();
    let message_id = message_id.map(|id| desk.store.message_id_digest(id));
    Item {
        mail_id: mail.id,
        digest: mail.digest,
        message_id,
        linked: mail.linked,
        arrived_at: mail.arrived_at,
        reading,
        persons,
        names,
    }
}

/// Between two pieces of work that keep a processor busy: a commit or an answer of the relay, which need it for a
/// moment only, would wait for it as long as the system lets a busy thread run, and the receipts of a flood until its
/// end.
fn give_way() {
    std::thread::yield_now();
}

/// Reading is pure: a panic leaves nothing half-done, and the mail goes to a person.
fn read(desk: &Desk, raw: &[u8], arrived_at: DateTime<Utc>) -> Reading {
    let received_at = arrived_at.with_timezone(&desk.rules.calendar.zone).fixed_offset();
    let context = intake::Context { received_at, ..desk.reading.clone() };
    let read = catch_unwind(AssertUnwindSafe(|| intake::read(raw, &context)));
    read.unwrap_or_else(|_| parked(ParkCause::Poison))
}

fn parked(cause: ParkCause) -> Reading {
    Reading { park: Some(cause), silence: Some(Silence::Unread), ..Reading::default() }
}

/// Keyed digests by which the same person is recognised: phone, email, name with birth date.
fn persons(desk: &Desk, packet: &Packet) -> Vec<Vec<u8>> {
    let keys = desk.store.keys();
    let mut digests = Vec::new();
    for field in [Field::ClientPhone, Field::ClientPhoneOther] {
        if let Some(Judged::Phone { e164, .. }) = packet.get(field).map(|found| &found.judged)
            && !e164.is_empty()
        {
            digests.push(desk.store.phone_digest(e164));
        }
    }
    if let Some(email) = packet.client_email() {
        digests.extend(EmailAddress::parse(email).ok().map(|email| desk.store.address_digest(&email)));
    }
    if let (Some(name), Some(born)) = (packet.text(Field::ClientName), packet.get(Field::ClientDob))
        && let Judged::Date { date, ambiguous: false, .. } = born.judged
    {
        let name = name_form(name);
        digests.push(keys.digest("name and birth", format!("{name}|{date}").as_bytes()));
    }
    digests
}

/// Decides all mails, in as few transactions as what they need of each other allows.
async fn handle_batch(desk: &Arc<Desk>, items: &[Item]) -> anyhow::Result<()> {
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
        let decided = carry_out::decided(&case, &mut open).await;
        let decided = damaged::parked_if_so(&case, decided).await?;
        let decided = beside_too(&case, decided).await?;
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
async fn beside_too(case: &Case<'_>, mut decided: Decided) -> Result<Decided, StoreError> {
    let Case { desk, rules, item, now, .. } = *case;
    let from_mail = beside::Cause { mail_id: Some(item.mail_id), is_proven: address::is_proven(desk, item) };
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
        let decided = carry_out::decided(&case, &mut open).await;
        let decided = damaged::parked_if_so(&case, decided).await?;
        let decided = beside_too(&case, decided).await?;
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

fn question(desk: &Desk, item: &Item) -> Question {
    let mut persons: Vec<Vec<u8>> = item.persons.concat();
    let from = item.reading.envelope.from.as_ref();
    // Only addresses outside the roster are capped by count, so only theirs are asked for.
    let stranger = |from: &&EmailAddress| {
        desk.rules.roster.partner_by_address(from).is_none()
            && desk.rules.roster.staff_by_address(from).is_none()
    };
    let brought = stop::carried::perhaps(&item.reading);
    persons.extend(from.into_iter().chain(brought).map(|of| desk.store.address_digest(of)));
    Question {
        mail_id: item.mail_id,
        digest: item.digest.clone(),
        message_id: item.message_id.clone(),
        linked: item.linked,
        thread: thread(item),
        persons,
        names: item.names.iter().flat_map(|names| &names.sought).cloned().collect(),
        author: from.filter(stranger).map(|from| desk.store.address_digest(from)),
    }
}

/// The Message-IDs by which a mail may belong to a letter of ours: the thread, and what a delivery report returned.
fn thread(item: &Item) -> Vec<String> {
    let mut thread: Vec<String> = item.reading.envelope.thread.iter().take(50).cloned().collect();
    if let intake::Nature::DeliveryReport(report) = &item.reading.nature {
        thread.extend(report.message_ids.iter().take(50).cloned());
    }
    thread
}

/// The references a mail may belong to, from tokens, threads, its words and its people, without repeats.
fn candidates(desk: &Desk, item: &Item, known: &Known) -> Vec<Reference> {
    let prefix = &desk.reading.reference_prefix;
    let expiry_at = clock_trust::expiry_time(desk);
    let claims = item.reading.mentions.tokens.iter().filter_map(|token| {
        crate::letters::token::check(&desk.tokens, token, expiry_at).ok().map(|claim| claim.reference)
    });
    let threads = known.threads.iter().filter_map(|letter| letter.reference.clone());
    let words = item.reading.mentions.references.iter().filter_map(|text| Reference::parse(text, prefix));
    let before = known.linked.iter().chain(known.twin.iter().filter_map(|twin| twin.reference.as_ref()));
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    for reference in
        claims.chain(threads).chain(words).chain(known.persons.iter().cloned()).chain(before.cloned())
    {
        if seen.insert(reference.clone()) {
            all.push(reference);
        }
    }
    all
}
