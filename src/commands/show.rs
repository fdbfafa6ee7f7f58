//! The system of record, for people and for programs: `list`, `show`, `history`, `parked`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{PAGE, Parked, operator};
use crate::app;
use crate::clock::Clock;
use crate::intake::explain::judged;
use crate::intake::head::Head;
use crate::referral::conflict::Conflict;
use crate::referral::contact::Contact;
use crate::referral::driver::{self, Driver};
use crate::referral::packet::{Field, Found};
use crate::referral::record::{Fact, Referral};
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::referral::safety::{self, Consent};
use crate::settings::Settings;
use crate::store::Store;
use crate::store::disclosure::ALL_RECORDS;
use crate::store::pages::Pages;
use crate::store::records::Stored;
use crate::store::replay::{Replay, Settling};

pub(super) async fn list(
    settings: &Settings,
    all: bool,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let mut pages = store.pages(all, PAGE);
    if json {
        operator::about_to_see(&store, "list", ALL_RECORDS).await?;
        return write_records(&store, settings, pages, out).await;
    }
    let mut page = pages.next().await?;
    if page.is_empty() {
        writeln!(out, "No open referrals.")?;
    }
    while !page.is_empty() {
        for Stored { referral, .. } in &page {
            let due = local(settings, referral.next_action_at);
            let (status, contact, owner) = (referral.status.word(), referral.contact.word(), &referral.owner);
            let action = referral.next_action.words();
            writeln!(out, "{}  {status:<12} {contact:<14} {owner:<12} {due}  {action}", referral.reference)?;
        }
        page = pages.next().await?;
    }
    Ok(())
}

/// Every referral of these pages with its history, as one array of JSON; written as it is read.
pub(super) async fn write_records(
    store: &Store,
    settings: &Settings,
    mut pages: Pages<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut before = "[";
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for stored in &page {
            write!(out, "{before}")?;
            serde_json::to_writer(
                &mut *out,
                &as_json(settings, &stored.referral, &store.history(stored).await?),
            )?;
            before = ",";
        }
    }
    writeln!(out, "{}]", if before == "[" { before } else { "" })?;
    Ok(())
}

pub(super) async fn one(
    settings: &Settings,
    reference: &str,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let stored = find(&store, settings, reference).await?;
    operator::about_to_see(&store, "show", stored.referral.reference.as_str()).await?;
    let history = store.history(&stored).await?;
    if json {
        serde_json::to_writer(&mut *out, &as_json(settings, &stored.referral, &history))?;
        writeln!(out)?;
        return Ok(());
    }
    let referral = &stored.referral;
    let lines = [
        ("Reference", referral.reference.to_string()),
        ("Owner", referral.owner.to_string()),
        ("Status", referral.status.word().to_owned()),
        ("Contact", contact(settings, &referral.contact)),
        (
            "Next",
            format!("{}, by {}", referral.next_action.words(), local(settings, referral.next_action_at)),
        ),
        ("Tier", referral.tier.word().to_owned()),
        ("Driver", drivers(referral).join(", ")),
        ("Conflict", conflict(settings, &referral.conflict)),
        ("Ways", judged::ways(safety::channels(referral))),
        ("Letters", letters(settings, referral).to_owned()),
        ("Received", local(settings, referral.received_at)),
        ("Missing", referral.missing.iter().map(|field| field.key()).collect::<Vec<_>>().join(", ")),
    ];
    for (label, value) in lines {
        writeln!(out, "{label:<10} {value}")?;
    }
    writeln!(out)?;
    for (field, found) in referral.packet.iter() {
        writeln!(out, "{:<20} {}", field.key(), value(found))?;
    }
    let why = if safety::is_in_doubt(&referral.packet) { "ask first, because" } else { "was in doubt" };
    for ground in referral.packet.grounds().iter() {
        writeln!(out, "{why:<20} {ground}")?;
    }
    writeln!(out)?;
    for fact in &history {
        writeln!(out, "{}", history_line(settings, fact))?;
    }
    Ok(())
}

pub(super) async fn history(
    settings: &Settings,
    reference: &str,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    let stored = find(&store, settings, reference).await?;
    operator::about_to_see(&store, "history", stored.referral.reference.as_str()).await?;
    let history = store.history(&stored).await?;
    if json {
        serde_json::to_writer(&mut *out, &facts_json(&history))?;
        writeln!(out)?;
    } else {
        for fact in &history {
            writeln!(out, "{}", history_line(settings, fact))?;
        }
        for shown in store.disclosures_of(&stored.referral.reference).await? {
            writeln!(out, "{}  {}: seen by {}", local(settings, shown.at), shown.what, shown.by_whom)?;
        }
    }
    Ok(())
}

pub(super) async fn parked(settings: &Settings, command: &Parked, out: &mut dyn Write) -> anyhow::Result<()> {
    let store = app::open_store(settings).await?;
    match command {
        Parked::List { json: true, .. } => {
            serde_json::to_writer(&mut *out, &store.parked().await?)?;
            writeln!(out)?;
        }
        Parked::List { .. } => {
            for mail in store.parked().await? {
                let since = local(settings, mail.arrived_at);
                let reference = mail.reference.as_deref().unwrap_or_default();
                let kept = if mail.whole { "" } else { "  only its head is kept" };
                writeln!(
                    out,
                    "{:>6}  {:<16} {since}  {} bytes  {reference}{kept}",
                    mail.id, mail.cause, mail.bytes
                )?;
            }
        }
        Parked::Show { id, .. } => {
            operator::about_to_see(&store, "parked show", &format!("mail {id}")).await?;
            let raw = store.raw(*id).await?.ok_or_else(|| anyhow!("there is no mail {id}"))?;
            out.write_all(&raw)?;
        }
        Parked::Settle { id, by, .. } => settle(settings, &store, *id, by, out).await?,
        Parked::Replay { id, with, .. } => {
            let replayed = match with {
                Some(file) => replay_whole(settings, &store, *id, file).await?,
                None => store.replay(*id).await?,
            };
            match replayed {
                Replay::Waits => writeln!(out, "Mail {id} waits to be read again.")?,
                Replay::HeadOnly => {
                    return Err(anyhow!(
                        "only the head of mail {id} was kept, because it is over [limits] mail_mib: raise that limit, save the \
                         whole mail from the mailbox to a file, and run `handoffd parked replay {id} --with FILE`"
                    ));
                }
                Replay::Gone => {
                    return Err(anyhow!(
                        "the bytes of mail {id} were forgotten; where it still lies in the mailbox, read it there, and then run \
                         `handoffd parked settle {id} --by ID`"
                    ));
                }
                Replay::NotParked => return Err(anyhow!("mail {id} is not parked")),
            }
        }
    }
    Ok(())
}

/// Takes the word of a member of staff who read a mail, in the mailbox or by `parked show`, which is a line of its own;
/// both they and who runs this are written down.
async fn settle(
    settings: &Settings,
    store: &Store,
    id: i64,
    by: &str,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if settings.roster.staff(&StaffId(by.to_owned())).is_none() {
        return Err(anyhow!("\"{by}\" is no id of [[staff]]"));
    }
    let what = format!("parked settle (read by {by})");
    operator::about_to_see(store, &what, &format!("mail {id}")).await?;
    match store.settle_unread(id, Clock::System.now()).await? {
        Settling::Done => {
            writeln!(out, "Mail {id} is settled; letters that waited for it may leave.")?;
            Ok(())
        }
        Settling::Readable => {
            Err(anyhow!("mail {id} can be read here: run `handoffd parked replay {id}`, so that it is heard"))
        }
        Settling::NotParked => Err(anyhow!("mail {id} is not parked")),
    }
}

/// Hands the whole of a mail in whose head alone was kept. It must be the same mail, as far as its Message-ID says.
async fn replay_whole(settings: &Settings, store: &Store, id: i64, file: &Path) -> anyhow::Result<Replay> {
    let whole = std::fs::read(file).context("Read the file of the mail")?;
    if whole.len() > settings.limits.bytes {
        return Err(anyhow!("the mail is over [limits] mail_mib; raise that limit first"));
    }
    let head = store.raw(id).await?.ok_or_else(|| anyhow!("there is no mail {id}"))?;
    let message_id = |raw: &[u8]| Head::read(raw).first("message-id").map(|id| id.trim().to_owned());
    if message_id(&head).is_some_and(|kept| message_id(&whole) != Some(kept)) {
        return Err(anyhow!("the file holds another mail: its Message-ID is not that of mail {id}"));
    }
    let replayed = store.replay_whole(id, whole, Clock::System.now()).await?;
    match replayed {
        Replay::NotParked => {
            Err(anyhow!("mail {id} is not parked, or all of it was kept: replay it without --with"))
        }
        Replay::Waits | Replay::HeadOnly | Replay::Gone => Ok(replayed),
    }
}

/// The referral of a reference, however it is written.
pub(super) async fn find(store: &Store, settings: &Settings, text: &str) -> anyhow::Result<Stored> {
    let reference = Reference::parse(text, &settings.organisation.reference_prefix)
        .context("that is no reference of ours: one symbol is wrong or missing")?;
    let stored = store.load(std::slice::from_ref(&reference)).await?;
    stored.into_iter().next().ok_or_else(|| anyhow!("there is no referral {reference}"))
}

/// The contact axis, with the reason of a bounce and what happens instead.
fn contact(settings: &Settings, contact: &Contact) -> String {
    if let Contact::Confirmed { with, .. } = contact
        && !with.missing().is_empty()
    {
        return format!("{}: still to be told: {}", contact.shown(), with.missing().join(", "));
    }
    let Contact::Bounced { reason, added, .. } = contact else { return contact.word().to_owned() };
    let (reasons, added) = (&settings.reasons, added.as_deref());
    let (words, instead) = (reasons.words(*reason, added), reasons.instead(*reason, added));
    format!("{}: {words}; next: {instead}", contact.word())
}

/// How the conflict check stands, by when somebody must look, and in which referrals the names stand.
fn conflict(settings: &Settings, conflict: &Conflict) -> String {
    let by = conflict.clock.map(|clock| format!(", by {}", local(settings, clock.due_at)));
    let with: Vec<&str> = conflict.with.iter().map(Reference::as_str).collect();
    let also =
        if with.is_empty() { String::new() } else { format!("; a name also stands in {}", with.join(", ")) };
    format!("{}{}{also}", conflict.state.words(), by.unwrap_or_default())
}

/// What drives it: court, notice, form (requirement 46).
fn drivers(referral: &Referral) -> Vec<&'static str> {
    driver::drivers(&referral.packet).into_iter().map(Driver::word).collect()
}

/// What the gate says of letters to the client, by the clock of this machine.
fn letters(settings: &Settings, referral: &Referral) -> &'static str {
    let (roster, own, rules) = (&settings.roster, &settings.inbox.address, settings.privacy.client_mail);
    safety::client_address(referral, roster, own, rules, &settings.calendar, Clock::System.now())
        .map_or_else(safety::Withheld::words, |_| "may go to the client in safe hours")
}

/// Whether the client consented to be written to, as the gate judges it: by who gave it, how, for what and until when.
fn consents(settings: &Settings, referral: &Referral, now: DateTime<Utc>) -> bool {
    safety::consent_to_email(referral, &settings.roster, &settings.calendar, now) == Consent::Given
}

/// The contract of DESIGN §6.
pub(super) fn as_json(settings: &Settings, referral: &Referral, history: &[Fact]) -> Value {
    let now = Clock::System.now();
    let packet = &referral.packet;
    let text = |field: Field| packet.text(field);
    let email = packet.client_email().or_else(|| text(Field::ClientEmail));
    let deadlines: Vec<Value> = packet
        .deadlines()
        .map(|deadline| json!({"kind": deadline.kind, "date": deadline.date, "time": deadline.time, "ambiguous": deadline.ambiguous}))
        .collect();
    let attempts: Vec<Value> = referral
        .attempts
        .iter()
        .map(|attempt| json!({"channel": attempt.channel, "result": attempt.result, "at": attempt.at, "by": attempt.by}))
        .collect();
    json!({
        "reference": referral.reference,
        "status": referral.status.word(),
        "contact_state": referral.contact.word(),
        "owner": referral.owner,
        "next_action": referral.next_action.words(),
        "next_action_at": referral.next_action_at,
        "tier": referral.tier.word(),
        "partner": referral.sender.partner,
        "received_at": referral.received_at,
        "missing": referral.missing.iter().map(|field| field.key()).collect::<Vec<_>>(),
        "client": {
            "name": text(Field::ClientName),
            "phone": text(Field::ClientPhone),
            "email": email,
            "language": packet.language().or_else(|| text(Field::Language)),
            "safe_contact": safety::channels(referral),
            "safe_times": text(Field::BestTime),
            "consent": consents(settings, referral, now),
        },
        "deadlines": deadlines,
        "attempts": attempts,
        "history": facts_json(history),
    })
}

fn facts_json(history: &[Fact]) -> Value {
    let facts = history
        .iter()
        .map(|fact| json!({"at": fact.at, "kind": fact.kind, "by": fact.by, "words": fact.words}));
    Value::Array(facts.collect())
}

/// A value as it was written, and what was made of it where that is not the same: a yes that is not believed is none.
fn value(found: &Found) -> String {
    match judged::words(&found.judged) {
        Some(made) if !made.eq_ignore_ascii_case(&found.value) => format!("{}  -> {made}", found.value),
        Some(_) | None => found.value.clone(),
    }
}

fn history_line(settings: &Settings, fact: &Fact) -> String {
    use crate::referral::party::Actor;
    let by = match &fact.by {
        None => String::new(),
        Some(Actor::Host) => " (host)".to_owned(),
        Some(Actor::Staff(id)) => format!(" ({id})"),
        Some(Actor::Partner(id)) => format!(" (partner {id})"),
    };
    format!("{}  {}{by}", local(settings, fact.at), fact.words)
}

pub(super) fn local(settings: &Settings, at: DateTime<Utc>) -> String {
    settings.calendar.local(at).format("%Y-%m-%d %H:%M").to_string()
}
