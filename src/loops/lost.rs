//! Lost: letters that never left, since the mail server refused them or did not take them for days. The rules say what
//! follows, so that nobody goes on counting on a letter that does not come.

use std::collections::BTreeMap;

use anyhow::Context as _;
use tracing::warn;

use super::summary::{self, Told};
use super::{Desk, absence, remind, report};
use crate::intake::report::is_no_mailbox;
use crate::referral::decide::decide;
use crate::referral::event::{Event, Lost, Party};
use crate::referral::reference::Reference;
use crate::store::StoreError;
use crate::store::outbox::Claimed;
use crate::store::records::Commit;

/// A record may change while this is decided, so often.
const TRIES: u32 = 3;

/// What a refusal says about the address.
pub(super) fn refused(code: &str, reason: &str) -> Lost {
    if is_no_mailbox(code, reason) { Lost::NoMailbox } else { Lost::Refused }
}

/// Decides what follows from letters that are given up, before their rows say so: what stops us in between is done again.
///
/// # Errors
/// When the store cannot be reached.
pub(super) async fn tell(desk: &Desk, rows: &[Claimed], how: Lost) -> anyhow::Result<()> {
    let mut by_reference: BTreeMap<Reference, Vec<Event>> = BTreeMap::new();
    for row in rows {
        let who = match row.part.as_str() {
            "client" => Party::Client,
            "sender" => Party::Sender,
            "receiver" => Party::Receiver,
            "staff" => Party::Staff,
            _ => continue,
        };
        let event = Event::LetterLost { who, how, written_at: row.created_at, to: row.to.clone() };
        match &row.reference {
            Some(reference) => by_reference.entry(reference.clone()).or_default().push(event),
            None => alert(desk, row).await?,
        }
    }
    for _ in 0..TRIES {
        match decided(desk, &by_reference).await {
            Err(StoreError::Stale) => {}
            other => return other.context("Write down what follows from a letter that was given up"),
        }
    }
    warn!("Records kept changing while letters about them were given up; the digest names the letters");
    Ok(())
}

async fn decided(desk: &Desk, events: &BTreeMap<Reference, Vec<Event>>) -> Result<(), StoreError> {
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
        let Some(first) = decisions_of_it.next() else { continue };
        let mut decision = decide(&rules, &stored.referral, first, now);
        for event in decisions_of_it {
            let next = decide(&rules, &decision.referral, event, now);
            decision.facts.extend(next.facts);
            decision.letters.extend(next.letters);
            decision.referral = next.referral;
        }
        decisions.push((stored, decision));
    }
    let mut told: Vec<Told<'_>> = decisions.iter_mut().map(remind::told_of).collect();
    let summaries = summary::fold(&mut told, now);
    let mut commits = summary::commits(desk, summaries, now);
    commits.extend(decisions.into_iter().map(|(stored, decision)| Commit {
        records: vec![remind::saved(desk, stored, decision, now)],
        ..Commit::default()
    }));
    desk.store.commit(&commits, now).await?;
    desk.signals.remind.notify_one();
    Ok(())
}

/// A letter about no single referral: a summary, an answer. Its reader is one of us, or asked for it.
async fn alert(desk: &Desk, row: &Claimed) -> anyhow::Result<()> {
    if row.part != "staff" {
        return Ok(());
    }
    let what = format!("A letter to a member of staff ({}) could not be delivered.", row.kind);
    let remedy = "See which address it is in the log of the mail server, and mend it in the settings; \
                  handoffd list shows what is open and due.";
    report::alert(desk, "letters", what, remedy.to_owned()).await
}
