//! Lost: letters that never left, since the mail server refused them or did not take them for days. The rules say what
//! follows, so that nobody goes on counting on a letter that does not come.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::TimeDelta;
use tracing::warn;

use super::summary::{self, Told};
use super::{Desk, absence, alert, post, remind};
use crate::intake::report::is_no_mailbox;
use crate::referral::decide::decide;
use crate::referral::event::{Event, Lost};
use crate::referral::letter::Part;
use crate::referral::party::Party;
use crate::referral::reference::Reference;
use crate::referral::safety::Withheld;
use crate::store::StoreError;
use crate::store::note::Note;
use crate::store::outbox::Claimed;
use crate::store::outbox::state::State;
use crate::store::records::{Commit, Saved};

/// A record may change while this is decided, so often.
const TRIES: u32 = 3;
/// Of an address of ours that takes nothing the admins hear so often.
const TOLD_AGAIN: TimeDelta = TimeDelta::days(7);
const WRITE_DOWN: &str = "Write down what follows from a letter that was given up";

/// What a refusal says about the address.
pub(super) fn refused(code: &str, reason: &str) -> Lost {
    if is_no_mailbox(code, reason) { Lost::NoMailbox } else { Lost::Refused }
}

/// What a letter to a client that is not sent after all is to the rules.
pub(super) fn withheld(row: &Claimed, why: Withheld) -> Event {
    Event::LetterWithheld { why, written_at: row.created_at, is_first: row.is_unheard_confirmation() }
}

/// Such a letter with its record, in one transaction: a confirmation that is owed anew must not leave after all.
pub(super) fn unsent(row: &Claimed, saved: Saved) -> Commit {
    Commit { records: vec![saved], unsent: vec![(row.id, State::Withheld)], ..Commit::default() }
}

/// Decides what follows from letters that are given up, before their rows say so: what stops us in between is done
/// again.
///
/// # Errors
/// When the store cannot be reached. A record that cannot be read is none: the admins hear of it.
pub(super) async fn tell(desk: &Desk, rows: &[Claimed], how: Lost) -> anyhow::Result<()> {
    let mut by_reference: BTreeMap<Reference, Vec<(i64, Event)>> = BTreeMap::new();
    for row in rows {
        let Some(who) = Party::of_part(row.part) else { continue };
        let (written_at, is_first) = (row.created_at, row.is_unheard_confirmation());
        let event = Event::LetterLost { who, how, written_at, to: row.to.clone(), is_first };
        match &row.reference {
            Some(reference) => by_reference.entry(reference.clone()).or_default().push((row.id, event)),
            None => alert(desk, row, how).await?,
        }
        if who == Party::Staff && how == Lost::NoMailbox {
            dead_address(desk, row).await?;
        }
    }
    match written_down(desk, &by_reference).await {
        Err(error) if error.is_of_a_record() => one_by_one(desk, by_reference).await,
        other => other.context(WRITE_DOWN),
    }
}

/// An address of one of us takes nothing: whatever the workflow owner hears of the referral, the admins hear of the
/// address, each by itself, and again every week while it goes on.
async fn dead_address(desk: &Desk, row: &Claimed) -> anyhow::Result<()> {
    let Some(staff) = desk.rules.roster.staff_by_address(&row.to) else { return Ok(()) };
    let (name, now) = (format!("dead address {}", staff.id), desk.clock.now());
    if desk.store.last_beat(&name).await?.is_some_and(|told_at| now - told_at < TOLD_AGAIN) {
        return Ok(());
    }
    let what = format!(
        "The address of {} takes no mail: the mail server says that there is no such mailbox.",
        staff.id
    );
    let remedy =
        "Mend it in the settings, or say that they are away: handoffd act ID away until DAY.".to_owned();
    alert::tell(desk, &format!("address-{}", staff.id), what, remedy).await?;
    desk.store.beat(&name, now).await?;
    Ok(())
}

/// A letter to a client whose record, or another one at their address, cannot be read is no reason to hold up what lies
/// behind it: it waits for somebody to mend that, until it is given up and told.
///
/// # Errors
/// The same error, when it is the store that is in trouble.
pub(super) fn put_off(desk: &Desk, row: &Claimed, error: StoreError) -> Result<Option<Note>, StoreError> {
    if !error.is_of_a_record() {
        return Err(error);
    }
    warn!(
        outbox.id = row.id,
        "A letter to a client waits: a record that speaks for or against it cannot be read"
    );
    let (at, answer) = (desk.clock.now() + TimeDelta::hours(1), "its record cannot be read".to_owned());
    Ok(Some(Note::Again { id: row.id, at, answer }))
}

async fn written_down(
    desk: &Desk,
    events: &BTreeMap<Reference, Vec<(i64, Event)>>,
) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        match decided(desk, events).await {
            Err(StoreError::Stale) => {}
            other => return other,
        }
    }
    warn!("Records kept changing while letters about them were given up; the digest names the letters");
    Ok(())
}

/// One of these records cannot be read: what follows for the others is written down, and of it the admins hear. To try
/// its letter for ever would hold up all that lie behind it.
async fn one_by_one(desk: &Desk, events: BTreeMap<Reference, Vec<(i64, Event)>>) -> anyhow::Result<()> {
    let mut unreadable: Vec<String> = Vec::new();
    for (reference, events) in events {
        match written_down(desk, &BTreeMap::from([(reference.clone(), events)])).await {
            Err(error) if error.is_of_a_record() => {
                warn!(%reference, "A letter was given up, and the record it is about cannot be read: {error}");
                unreadable.push(reference.to_string());
            }
            other => other.context(WRITE_DOWN)?,
        }
    }
    let Some(first) = unreadable.first() else { return Ok(()) };
    let what = format!(
        "A letter about {} did not leave, and its owner could not be told: the record cannot be read.",
        unreadable.join(", ")
    );
    let remedy = "Tell its owner, and run: handoffd verify.".to_owned();
    alert::tell(desk, &format!("record-{first}"), what, remedy).await
}

async fn decided(desk: &Desk, events: &BTreeMap<Reference, Vec<(i64, Event)>>) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let now = desk.clock.now();
    let rules = absence::rules(desk, now).await?;
    let references: Vec<Reference> = events.keys().cloned().collect();
    let mut decisions = Vec::new();
    for stored in desk.store.load(&references).await? {
        let theirs = events.get(&stored.referral.reference).map(Vec::as_slice).unwrap_or_default();
        let mut decisions_of_it = theirs.iter();
        let Some((_, first)) = decisions_of_it.next() else { continue };
        let mut decision = decide(&rules, &stored.referral, first, now);
        for (_, event) in decisions_of_it {
            let next = decide(&rules, &decision.referral, event, now);
            decision.facts.extend(next.facts);
            decision.letters.extend(next.letters);
            decision.referral = next.referral;
        }
        decisions.push((stored, decision));
    }
    let mut told: Vec<Told<'_>> = decisions.iter_mut().map(remind::told_of).collect();
    let summaries = summary::fold(&mut told, now);
    let mut commits = summary::commits(desk, ("summary", now), summaries, now);
    commits.extend(decisions.into_iter().map(|(stored, decision)| {
        let theirs = events.get(&stored.referral.reference).into_iter().flatten();
        let unsent = theirs.map(|(id, _)| (*id, State::Failed)).collect();
        Commit { records: vec![post::saved(desk, stored, decision, now)], unsent, ..Commit::default() }
    }));
    desk.store.commit(&commits, now).await?;
    desk.signals.remind.notify_one();
    Ok(())
}

/// A letter about no single referral: a summary, an answer. Its reader is one of us, or asked for it.
async fn alert(desk: &Desk, row: &Claimed, how: Lost) -> anyhow::Result<()> {
    if row.part != Part::Staff {
        return Ok(());
    }
    let (cause, what, remedy) = match how {
        Lost::NoMailbox => (
            "letters",
            "could not be delivered: there is no such mailbox",
            "See which address it is in the log of the mail server, and mend it in the settings",
        ),
        Lost::Refused => (
            "letters-refused",
            "was refused by a mail server",
            "See in the log of the mail server why, and mend that; the address may be fine",
        ),
        Lost::TooLate => (
            "letters-late",
            "could not be sent in time",
            "See that the mail server runs and takes our letters; no address needs to be mended for it",
        ),
    };
    let what = format!("A letter to a member of staff ({}) {what}.", row.kind);
    alert::tell(desk, cause, what, format!("{remedy}; handoffd list shows what is open and due.")).await
}
