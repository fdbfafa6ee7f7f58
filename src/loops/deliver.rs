//! Deliver: letters from the outbox to the mail server. The only place that sends.
//!
//! A row is claimed (its attempt is counted), prepared up to the final dot and meanwhile noted as in doubt, finished,
//! and settled. Several connections share one committer, so that the notes of all of them cost one transaction; letters
//! to one address always take the same connection and keep their order.

mod gate;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tracing::{debug, info, warn};

use super::{Desk, clock_trust, lost};
use crate::delivery::{DeliveryError, Outlet, Parcel, Readiness, Session, Verdict};
use crate::referral::event::Lost;
use crate::store::StoreError;
use crate::store::note::Note;
use crate::store::outbox::Claimed;
use crate::wire::server_words::in_known_words;

/// How long the notes of one lane wait for those of the others.
const MOMENT: Duration = Duration::from_millis(2);
/// Rows of one tick.
const AT_ONCE: u32 = 200;
/// Nobody else takes a claimed row before this is over.
const LEASE: TimeDelta = TimeDelta::minutes(30);
/// So shortly before its lease ends no letter is begun: before its doubt is noted the server must be reached.
const TO_BEGIN: TimeDelta = TimeDelta::minutes(10);
/// A row that was in doubt so often is held for a person: never a third copy.
const MOST_DOUBTS: u32 = 2;

/// Carries letters to one outlet. Between two ticks it keeps its connections open and the next letters claimed.
pub struct Courier {
    roads: Arc<Roads>,
    /// Letters claimed while the ones before them were sent.
    ahead: Leased,
}

/// Letters that nobody else gets before their lease ends.
#[derive(Default)]
struct Leased {
    rows: std::vec::IntoIter<Claimed>,
    ends_at: DateTime<Utc>,
}

impl Leased {
    async fn claim(desk: &Desk) -> Result<Leased, StoreError> {
        let now = desk.clock.now();
        let rows = desk.store.claim(now, LEASE, AT_ONCE).await?.into_iter();
        Ok(Leased { rows, ends_at: now + LEASE })
    }

    /// The next letter, if it may still be begun. Who is later than that leaves all of them alone and notes nothing:
    /// they may be somebody else's by then, and are free by themselves.
    fn next(&mut self, now: DateTime<Utc>) -> Option<Claimed> {
        if now + TO_BEGIN < self.ends_at { self.rows.next() } else { None }
    }

    /// All that may still be begun.
    fn rest(&mut self, now: DateTime<Utc>) -> impl Iterator<Item = Claimed> {
        std::iter::from_fn(move || self.next(now))
    }
}

impl Courier {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(outlet: Outlet) -> Courier {
        let roads = Roads { outlet, open: Mutex::default(), waits: gate::Waits::default() };
        Courier { roads: Arc::new(roads), ahead: Leased::default() }
    }
}

/// The connections to the outlet, which the lanes share.
struct Roads {
    outlet: Outlet,
    /// Connections in step, ready for the next letter.
    open: Mutex<Vec<Session>>,
    /// The letters to clients that wait for the inbox.
    waits: gate::Waits,
}

impl Roads {
    async fn session(&self) -> Result<Session, DeliveryError> {
        let open = self.open.lock().ok().and_then(|mut open| open.pop());
        match open {
            Some(session) => Ok(session),
            None => self.outlet.open().await,
        }
    }

    fn keep(&self, session: Session) {
        if let Ok(mut open) = self.open.lock()
            && session.is_usable()
        {
            open.push(session);
        }
    }

    /// Nothing is to be sent: a relay would close a silent connection sooner or later, so we do.
    async fn hang_up(&self) {
        let open = self.open.lock().map(|mut open| std::mem::take(&mut *open)).unwrap_or_default();
        join_all(open.into_iter().map(Session::close)).await;
    }
}

/// Sends what is due. Returns how many rows were taken.
///
/// # Errors
/// When the mail server or the store is out of reach; the letters wait.
pub async fn tick(desk: &Arc<Desk>, courier: &mut Courier) -> anyhow::Result<usize> {
    let now = desk.clock.now();
    let mut leased = std::mem::take(&mut courier.ahead);
    let mut claimed: Vec<Claimed> = leased.rest(now).collect();
    if claimed.is_empty() {
        leased = Leased::claim(desk).await?;
        claimed = leased.rest(now).collect();
    }
    let taken = claimed.len();
    if taken == 0 {
        courier.roads.hang_up().await;
        return Ok(0);
    }
    // By a clock that cannot be right no letter is too old.
    let give_up = clock_trust::is_believed(desk).await?.then_some(desk.bounds.give_up);
    let Checked { ready, late, mut notes } = check_again(claimed, give_up, now);
    lost::tell(desk, &late, Lost::TooLate).await?;
    let not_sent = |row: &Claimed| Note::Failed { id: row.id, answer: "not sent in time".to_owned() };
    notes.extend(late.iter().map(not_sent));
    desk.store.note(&notes, now).await?;
    let (send, receive) = mpsc::channel(64);
    let mut working = JoinSet::new();
    for lane in lanes(ready, courier.roads.outlet.connections()) {
        let lane = Leased { rows: lane.into_iter(), ends_at: leased.ends_at };
        working.spawn(work(Arc::clone(desk), Arc::clone(&courier.roads), lane, send.clone()));
    }
    drop(send);
    let (worked, committed, ahead) =
        tokio::join!(all_worked(working), commit(desk, receive), ahead(desk, taken));
    let ahead = ahead?;
    committed?;
    if let Err(error) = worked {
        put_back(desk, ahead).await?;
        return Err(error.into());
    }
    courier.ahead = ahead;
    Ok(taken)
}

/// The first trouble of any lane, once all of them have ended.
async fn all_worked(mut working: JoinSet<Result<(), WorkError>>) -> Result<(), WorkError> {
    let mut all = Ok(());
    while let Some(ended) = working.join_next().await {
        all = all.and(ended.unwrap_or(Err(WorkError::Lane)));
    }
    all
}

/// Claims what comes after a full tick, while that one is sent.
async fn ahead(desk: &Desk, taken: usize) -> Result<Leased, StoreError> {
    if u32::try_from(taken).is_ok_and(|taken| taken < AT_ONCE) {
        return Ok(Leased::default());
    }
    Leased::claim(desk).await
}

/// The relay is in trouble: what was claimed ahead goes back into the row too.
async fn put_back(desk: &Desk, mut leased: Leased) -> Result<(), StoreError> {
    let now = desk.clock.now();
    let notes: Vec<Note> = leased.rest(now).map(|row| in_trouble(&row)).collect();
    desk.store.note(&notes, now).await
}

/// Back to its old place, before everything written later; how long to leave the relay alone is for the loop to say.
fn in_trouble(row: &Claimed) -> Note {
    let answer = "the mail server is in trouble".to_owned();
    Note::Again { id: row.id, at: row.created_at, answer }
}

/// What stops a worker: the relay, or the committer behind it.
#[derive(Debug, thiserror::Error)]
enum WorkError {
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    #[error("the store took no notes about letters")]
    Committer,
    #[error("a lane of letters stopped; they are tried again when their lease ends")]
    Lane,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lost(#[from] anyhow::Error),
}

type NoteSender = mpsc::Sender<(Vec<Note>, oneshot::Sender<()>)>;
type NoteReceiver = mpsc::Receiver<(Vec<Note>, oneshot::Sender<()>)>;

/// What is left to be sent of what was claimed.
#[derive(Default)]
struct Checked {
    ready: Vec<Claimed>,
    /// Given up.
    late: Vec<Claimed>,
    notes: Vec<Note>,
}

/// A row too often in doubt goes to a person; one that was to go too long ago is given up.
fn check_again(claimed: Vec<Claimed>, give_up: Option<TimeDelta>, now: DateTime<Utc>) -> Checked {
    let Checked { mut ready, mut late, mut notes } = Checked::default();
    for row in claimed {
        if row.doubts > MOST_DOUBTS {
            warn!(outbox.id = row.id, "A letter was in doubt too often; a person must look");
            notes.push(Note::Held { id: row.id });
        } else if give_up.is_some_and(|age| clock_trust::is_possible(row.due_at) && row.due_at + age < now) {
            warn!(outbox.id = row.id, letter.kind = row.kind, "A letter could not be sent for too long");
            late.push(row);
        } else {
            ready.push(row);
        }
    }
    Checked { ready, late, notes }
}

/// One lane a connection, each about as long as the others. Letters to one address stay together, in their order.
fn lanes(rows: Vec<Claimed>, connections: usize) -> Vec<Vec<Claimed>> {
    let mut by_address: BTreeMap<String, Vec<Claimed>> = BTreeMap::new();
    for row in rows {
        by_address.entry(row.to.mailbox()).or_default().push(row);
    }
    let mut piles: Vec<Vec<Claimed>> = by_address.into_values().collect();
    piles.sort_by_key(|pile| std::cmp::Reverse(pile.len()));
    let mut lanes: Vec<Vec<Claimed>> =
        std::iter::repeat_with(Vec::new).take(connections.clamp(1, piles.len().max(1))).collect();
    for pile in piles {
        if let Some(shortest) = lanes.iter_mut().min_by_key(|lane| lane.len()) {
            shortest.extend(pile);
        }
    }
    for lane in &mut lanes {
        lane.sort_by_key(|row| row.id);
    }
    lanes
}

/// Works off one lane. The note about a letter travels with the "in doubt" of the next one, so that each letter costs
/// one wait for the store.
async fn work(
    desk: Arc<Desk>,
    roads: Arc<Roads>,
    mut lane: Leased,
    notes: NoteSender,
) -> Result<(), WorkError> {
    let mut session: Option<Session> = None;
    let mut pending: Vec<Note> = Vec::new();
    while let Some(mut row) = lane.next(desk.clock.now()) {
        let asked = gate::ask(&desk, &roads.waits, &row).await;
        match asked.or_else(|error| lost::put_off(&desk, &row, error)) {
            Ok(None) => {}
            Ok(Some(note)) => {
                pending.push(note);
                continue;
            }
            Err(error) => {
                let rows = std::iter::once(row).chain(lane.rest(desk.clock.now()));
                return put_down(&notes, pending, rows, error.into()).await;
            }
        }
        let parcel = Parcel {
            id: row.id,
            from: Some(desk.organisation.inbox.clone()),
            to: row.to.clone(),
            message: std::mem::take(&mut row.message),
        };
        let sent = send_one(&desk, &roads, &mut session, &parcel, &mut pending, &notes).await;
        let settled = match sent {
            Ok(verdict) => settled(&desk, &row, verdict).await,
            Err(error) => Err(error),
        };
        match settled {
            Ok(note) => pending.push(note),
            Err(error) => {
                let rows = std::iter::once(row).chain(lane.rest(desk.clock.now()));
                return put_down(&notes, pending, rows, error).await;
            }
        }
        if session.as_ref().is_some_and(|session| !session.is_usable()) {
            session = None;
        }
    }
    if let Some(session) = session {
        roads.keep(session);
    }
    commit_notes(&notes, pending).await
}

/// The relay or the store is in trouble, not the letter: this one and all behind it wait, nothing is counted against
/// them but the attempt.
async fn put_down(
    notes: &NoteSender,
    mut pending: Vec<Note>,
    rows: impl Iterator<Item = Claimed>,
    error: WorkError,
) -> Result<(), WorkError> {
    pending.extend(rows.map(|row| in_trouble(&row)));
    commit_notes(notes, pending).await?;
    Err(error)
}

/// The note about a letter that was tried; what follows from a refusal is written down before it.
async fn settled(desk: &Desk, row: &Claimed, verdict: Verdict) -> Result<Note, WorkError> {
    if let Verdict::Refused { code, reason } = &verdict {
        lost::tell(desk, std::slice::from_ref(row), lost::refused(code, reason)).await?;
    }
    Ok(note_of(desk, row, verdict))
}

async fn send_one(
    desk: &Desk,
    roads: &Roads,
    session: &mut Option<Session>,
    parcel: &Parcel,
    pending: &mut Vec<Note>,
    notes: &NoteSender,
) -> Result<Verdict, WorkError> {
    let mut open = match session.take() {
        Some(open) => open,
        None => roads.session().await?,
    };
    let mut batch = std::mem::take(pending);
    batch.push(Note::InDoubt { id: parcel.id, again_at: desk.clock.now() + LEASE });
    let (readiness, told) = tokio::join!(open.prepare(parcel), commit_notes(notes, batch));
    told?;
    let verdict = match readiness? {
        Readiness::Settled(verdict) => verdict,
        Readiness::Ready => open.finish(parcel).await,
    };
    *session = Some(open);
    Ok(verdict)
}

/// One mail on a connection of its own, outside the outbox: for trying out the way.
///
/// # Errors
/// [`DeliveryError`] when the relay itself is in trouble: nothing was handed over.
pub async fn try_out(outlet: &Outlet, parcel: &Parcel) -> Result<Verdict, DeliveryError> {
    let mut session = outlet.open().await?;
    let verdict = match session.prepare(parcel).await? {
        Readiness::Ready => session.finish(parcel).await,
        Readiness::Settled(verdict) => verdict,
    };
    session.close().await;
    Ok(verdict)
}

/// Hands notes to the committer and waits until they are in the store.
async fn commit_notes(notes: &NoteSender, batch: Vec<Note>) -> Result<(), WorkError> {
    if batch.is_empty() {
        return Ok(());
    }
    let (done, wait) = oneshot::channel();
    notes.send((batch, done)).await.map_err(|_| WorkError::Committer)?;
    wait.await.map_err(|_| WorkError::Committer)
}

/// Writes the notes of all lanes, as many as come together in one transaction.
async fn commit(desk: &Desk, mut notes: NoteReceiver) -> Result<(), StoreError> {
    let mut batch = Vec::new();
    while gather(&mut notes, &mut batch).await {
        let (lines, waiting): (Vec<Vec<Note>>, Vec<oneshot::Sender<()>>) = batch.drain(..).unzip();
        desk.store.note(&lines.concat(), desk.clock.now()).await?;
        for done in waiting {
            let _ = done.send(());
        }
        desk.progress.mark("deliver");
    }
    Ok(())
}

/// The next notes: of every lane that is at work, if the others bring theirs within a moment. A commit costs the same
/// for one lane as for all. False when all lanes have ended.
async fn gather(notes: &mut NoteReceiver, batch: &mut Vec<(Vec<Note>, oneshot::Sender<()>)>) -> bool {
    let mut taken = notes.recv_many(batch, 64).await;
    let end = tokio::time::Instant::now() + MOMENT;
    while taken > 0 && batch.len() < notes.sender_strong_count() {
        taken = tokio::time::timeout_at(end, notes.recv_many(batch, 64)).await.unwrap_or_default();
    }
    !batch.is_empty()
}

fn note_of(desk: &Desk, row: &Claimed, verdict: Verdict) -> Note {
    let (id, now) = (row.id, desk.clock.now());
    match verdict {
        Verdict::Accepted { reply } => {
            debug!(outbox.id = id, letter.kind = row.kind, "Letter accepted by the mail server");
            Note::Sent { id, answer: codes(&reply) }
        }
        Verdict::TryLater { reason } => {
            let said = in_known_words(&reason);
            info!(
                outbox.id = id,
                letter.kind = row.kind,
                "Letter not accepted this time ({said}); it is tried again"
            );
            Note::Again { id, at: now + pause(row.attempts), answer: codes(&reason) }
        }
        Verdict::Refused { code, reason } => {
            let said = in_known_words(&reason);
            warn!(
                outbox.id = id,
                letter.kind = row.kind,
                smtp.code = code,
                "Letter refused for good ({said})"
            );
            Note::Failed { id, answer: code }
        }
        Verdict::InDoubt { .. } => {
            warn!(
                outbox.id = id,
                letter.kind = row.kind,
                "Nobody knows whether the mail server took a letter"
            );
            Note::InDoubt { id, again_at: now + desk.bounds.doubt }
        }
    }
}

/// The status codes of an answer, which is all the outbox keeps of it: it is not sealed, and a server's words may name
/// a person ("no such user").
fn codes(answer: &str) -> String {
    let is_code = |word: &&str| word.len() <= 9 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    answer.split_ascii_whitespace().take_while(is_code).collect::<Vec<_>>().join(" ")
}

/// One minute, doubled each time, at most an hour.
fn pause(attempts: u32) -> TimeDelta {
    TimeDelta::minutes(1 << attempts.saturating_sub(1).min(6)).min(TimeDelta::hours(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn notes_of_lanes_at_work_are_written_together_and_silent_lanes_hold_nobody_up() {
        let (first, mut notes) = mpsc::channel(64);
        let (second, silent) = (first.clone(), first.clone());
        let (done, _wait) = oneshot::channel();
        first.send((Vec::new(), done)).await.unwrap();
        let follows = async {
            tokio::task::yield_now().await;
            let (done, _wait) = oneshot::channel();
            second.send((Vec::new(), done)).await.unwrap();
        };
        let mut batch = Vec::new();
        assert!(tokio::join!(gather(&mut notes, &mut batch), follows).0);
        assert_eq!(batch.len(), 2, "the third lane brought nothing in time");
        drop((first, second, silent));
        batch.clear();
        assert!(!gather(&mut notes, &mut batch).await, "all lanes have ended");
    }

    #[test]
    fn of_an_answer_only_the_codes_are_kept() {
        for (answer, kept) in [
            ("250 2.0.0 Ok: queued as 4F2A", "250 2.0.0"),
            ("550 5.1.1 no such user ann 518", "550 5.1.1"),
            ("2.1.5 fine", "2.1.5"),
            ("ann is unknown", ""),
            ("", ""),
        ] {
            assert_eq!(codes(answer), kept);
        }
    }
}
