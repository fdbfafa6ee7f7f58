//! Handle: mails from the spool are read, sorted, decided and committed: a batch is one transaction.
//!
//! Reading runs off the async threads and one mail at a time can fail: what makes the reader panic is parked, what
//! kills the process is known by its count of attempts and parked unread.

mod address;
mod again;
mod batch;
mod carry_out;
mod case;
mod damaged;
mod heard;
mod intent;
mod known;
mod listed;
mod names;
mod ours;
pub mod presence;
mod sort;
mod status;
mod unread;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tracing::{info, warn};

use super::{Desk, clock_trust, flood};
use crate::intake::{self, ParkCause, Reading, Silence, stop};
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Field, Judged, Packet, name_form};
use crate::referral::reference::Reference;
use crate::store::Store;
use crate::store::known::{Known, Question};
use crate::store::spool::Waiting;

/// Mails of one batch, and so of one transaction.
const AT_ONCE: u32 = 100;
/// Batches of one tick: a stop is heard between two ticks.
const BATCHES: u32 = 10;
/// A mail that was taken so often without an end stopped the process: it is not read again.
const MOST_ATTEMPTS: u32 = 2;

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
        if let Err(error) = batch::decide_all(desk, &batch).await {
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
        let is_full = Store::may_be_more(&taken, AT_ONCE);
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
