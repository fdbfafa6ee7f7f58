//! Gate: whether a letter may still leave, asked right before it is handed over and not when its batch was claimed: a
//! stop that came meanwhile still counts.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tracing::warn;

use crate::loops::{Desk, absence, alert, clock_trust, lost, post, writing};
use crate::referral::address::EmailAddress;
use crate::referral::decide::decide;
use crate::referral::letter::Part;
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::referral::safety::{self, Beside, Gate, Withheld};
use crate::store::StoreError;
use crate::store::note::Note;
use crate::store::outbox::Claimed;
use crate::store::records::Stored;

/// Where mail keeps coming in, a letter to a client waits so long for all of it.
const FOR_ALL: TimeDelta = TimeDelta::hours(1);
/// After that it waits only for mails that have lain for so long, of which there are none where mail is handled at all.
const LAIN: TimeDelta = TimeDelta::minutes(10);
/// The beat of "the admins were told that letters wait for a parked mail".
const UNHEARD: &str = "told of unheard mail";
/// They are told so often.
const TOLD_AGAIN: TimeDelta = TimeDelta::days(1);

/// `None` lets the letter go.
///
/// # Errors
/// When the store cannot be reached, or a record that speaks for or against the letter cannot be read.
pub(super) async fn ask(desk: &Desk, waits: &Waits, row: &Claimed) -> Result<Option<Note>, StoreError> {
    if let Some(later) = writing::put_off(desk, row) {
        return Ok(Some(later));
    }
    match row.part {
        Part::Client => ask_for_client(desk, waits, row).await,
        Part::Staff => Ok(left(row, is_staff(desk, &row.to, |_| true))),
        Part::Admin => Ok(left(row, is_staff(desk, &row.to, |id| reads_reports(desk, id)))),
        Part::Sender | Part::Receiver => Ok(None),
    }
}

fn left(row: &Claimed, is_there: bool) -> Option<Note> {
    (!is_there).then_some(Note::Withheld { id: row.id, why: "not on the roster any more" })
}

/// Whether an address is that of such a member of staff, or the second one for alerts: who left, or lost their part,
/// while a letter waited gets it no more (RELIABILITY P37).
fn is_staff(desk: &Desk, address: &EmailAddress, is_meant: impl Fn(&StaffId) -> bool) -> bool {
    desk.rules.roster.staff_by_address(address).is_some_and(|staff| is_meant(&staff.id))
        || desk.rules.alert_address.as_ref().is_some_and(|alert| alert.shares_mailbox(address))
}

fn reads_reports(desk: &Desk, id: &StaffId) -> bool {
    let roster = &desk.rules.roster;
    roster.admins.contains(id) || roster.workflow_owner == *id || roster.data_owner == *id
}

/// Consent, safety and stop once more, by everything that was read until now.
async fn ask_for_client(desk: &Desk, waits: &Waits, row: &Claimed) -> Result<Option<Note>, StoreError> {
    // Whether a consent still holds, and what hour it is for the client, only a right clock tells.
    if !clock_trust::is_believed(desk).await? {
        let at = desk.clock.now() + TimeDelta::minutes(1);
        return Ok(Some(Note::Later { id: row.id, at, why: "the clock cannot be right" }));
    }
    if waits.for_inbox(desk, row).await? {
        let at = desk.clock.now() + TimeDelta::seconds(5);
        return Ok(Some(Note::Later { id: row.id, at, why: "the inbox is read first" }));
    }
    let stored = desk.store.load(row.reference.as_slice()).await?.pop();
    let Some(stored) = stored else {
        return Ok(Some(Note::Withheld { id: row.id, why: Withheld::NoConsent.words() }));
    };
    let others = desk.store.at_address(&row.to).await?;
    match by_the_records(desk, row, &stored, &others).await? {
        Gate::Send => by_what_is_unheard(desk, row, &others).await,
        Gate::SendAt(at) => Ok(Some(Note::NotBefore { id: row.id, at, why: "outside safe hours" })),
        Gate::Withhold(why) => record_withheld(desk, row, stored, why).await.map(Some),
    }
}

/// What the record says, and the others at the same address.
async fn by_the_records(
    desk: &Desk,
    row: &Claimed,
    stored: &Stored,
    others: &[Stored],
) -> Result<Gate, StoreError> {
    let stopped_at = desk.store.stopped_at(&row.to).await?;
    let others = others.iter().map(|other| &other.referral);
    let referral = Beside::of(&stored.referral, others, stopped_at).onto(&stored.referral);
    let rules = &desk.rules;
    let gate_at = |at: DateTime<Utc>| {
        safety::gate(&referral, &row.to, &rules.roster, &rules.inbox, rules.client_mail, &rules.calendar, at)
    };
    // A consent that was over once is over, though the clock was set back since.
    let gate = Some(gate_at(clock_trust::expiry_time(desk))).filter(|gate| matches!(gate, Gate::Withhold(_)));
    Ok(gate.unwrap_or_else(|| gate_at(desk.clock.now())))
}

/// A mail that was parked since nobody could read up on whom it is about may say stop: until somebody read it, it
/// speaks against every letter to whom it may be about, and the admins hear of that every day.
async fn by_what_is_unheard(
    desk: &Desk,
    row: &Claimed,
    others: &[Stored],
) -> Result<Option<Note>, StoreError> {
    let at_the_address = others.iter().map(|other| &other.referral.reference);
    let about: Vec<&Reference> = row.reference.iter().chain(at_the_address).collect();
    if !desk.store.is_unheard(&about, &row.to).await? {
        return Ok(None);
    }
    let now = desk.clock.now();
    if desk.store.last_beat(UNHEARD).await?.is_none_or(|told_at| now - told_at >= TOLD_AGAIN) {
        let what = "A letter to a client waits: a mail that may be about them was parked, since a record could not \
                    be read, and it may say stop.";
        let remedy = "Run: handoffd parked list. Once handoffd verify finds nothing wrong: handoffd parked replay. A mail that \
             does not open here: read it in the mailbox; if it asks nothing: handoffd parked settle.";
        if is_told(desk, "unheard", what, remedy).await {
            desk.store.beat(UNHEARD, now).await?;
        }
    }
    let at = now + TimeDelta::hours(1);
    Ok(Some(Note::Later { id: row.id, at, why: "a parked mail that may be about them is read first" }))
}

/// Who cannot be told is told at the next look.
async fn is_told(desk: &Desk, cause: &str, what: &str, remedy: &str) -> bool {
    warn!("{what} {remedy}");
    let told = alert::tell(desk, cause, what.to_owned(), remedy.to_owned()).await;
    told.inspect_err(|error| warn!("The admins could not be told about it: {error:#}")).is_ok()
}

/// A letter that was decided and is not sent after all: the rules say what follows. Where the record changed meanwhile,
/// the gate is asked once more.
async fn record_withheld(
    desk: &Desk,
    row: &Claimed,
    stored: Stored,
    why: Withheld,
) -> Result<Note, StoreError> {
    let now = desk.clock.now();
    let rules = absence::rules(desk, now).await?;
    let event = lost::withheld(row, why);
    let decision = decide(&rules, &stored.referral, &event, now);
    let saved = post::saved(desk, stored, decision, now);
    match desk.store.commit(&[lost::unsent(row, saved)], now).await {
        Ok(()) => Ok(Note::Withheld { id: row.id, why: why.words() }),
        Err(StoreError::Stale) => Ok(Note::Later { id: row.id, at: now, why: "its record changed" }),
        Err(error) => Err(error),
    }
}

/// The letters to clients that wait for mail to be handled, by row.
#[derive(Default)]
pub(super) struct Waits(Mutex<BTreeMap<i64, Wait>>);

/// How long one waits, in time that really went by: a clock that is set shortens no wait.
#[derive(Clone, Copy)]
struct Wait {
    /// After how many sleeps of the machine: mail that came meanwhile is none that it waited for.
    round: u32,
    since: TimeDelta,
    looked_at: TimeDelta,
    is_told: bool,
}

impl Waits {
    /// A stop may lie in the inbox since before the start, or since the machine slept, unread, or among the mails that
    /// were read and wait. Where mail comes in without an end a letter does not wait for the last of it, but always for
    /// what came before its first look, and a mail that cannot be handled lets it never leave.
    async fn for_inbox(&self, desk: &Desk, row: &Claimed) -> Result<bool, StoreError> {
        let round = desk.progress.inbox_round();
        if !desk.progress.is_inbox_read() {
            return Ok(true);
        }
        let Some(spooled_at) = desk.store.oldest_waiting().await? else {
            self.all().remove(&row.id);
            return Ok(false);
        };
        let wait = self.looked(row.id, round, desk.clock.ran());
        if wait.looked_at - wait.since < FOR_ALL {
            return Ok(true);
        }
        if !wait.is_told {
            let what = "A letter to a client has waited for an hour, since mail keeps coming in and may say stop. From \
                        now on it waits only for mail that has lain for ten minutes.";
            let remedy = "See in the log why so much mail comes in, or why a mail cannot be handled.";
            let is_told = is_told(desk, "client-letters-wait", what, remedy).await;
            self.all().entry(row.id).and_modify(|wait| wait.is_told = is_told);
        }
        // What was spooled in the future was spooled by a clock that was set back since.
        let now = desk.clock.now();
        Ok(spooled_at <= now - LAIN || spooled_at > now)
    }

    /// The wait of a letter, after one more look. Letters nobody looks at any more are left out.
    fn looked(&self, id: i64, round: u32, ran: TimeDelta) -> Wait {
        let mut all = self.all();
        all.retain(|_, wait| wait.round == round && ran - wait.looked_at < FOR_ALL);
        let wait = all.entry(id).or_insert(Wait { round, since: ran, looked_at: ran, is_told: false });
        wait.looked_at = ran;
        *wait
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<i64, Wait>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
