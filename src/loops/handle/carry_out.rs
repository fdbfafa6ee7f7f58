//! Carry out: an intent becomes one commit. Loads what it needs, asks the rules, renders the letters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::case::{Case, Decided, happened, persons, settle};
use super::intent::{Intent, Question};
use super::sort;
use super::status::{MOST_LISTED, owner_name, reviews, status_line};
use super::{Item, address, again, candidates, heard, known, listed, names, ours, presence, unread};
use crate::loops::post::{self, About};
use crate::loops::{Desk, beside};
use crate::referral::address::EmailAddress;
use crate::referral::decide::{self, decide};
use crate::referral::disposition::{Disposition, Likeness, ParkCause};
use crate::referral::event::{Arrival, Event};
use crate::referral::letter::{Body, Letter, Part, Recipient, StatusLine};
use crate::referral::packet::{Field, Packet};
use crate::referral::party::{Party, Sender};
use crate::referral::reference::Reference;
use crate::referral::roster::StaffId;
use crate::store::StoreError;
use crate::store::records::{Commit, Saved, Stored};
use crate::store::seal;

/// Everything one mail leads to.
pub(super) async fn decided(
    case: &Case<'_>,
    open: &mut BTreeMap<StaffId, u32>,
) -> Result<Decided, StoreError> {
    let Case { desk, item, known, now, .. } = *case;
    let wanted = candidates(desk, item, known);
    let mut stored = desk.store.load(&wanted).await?;
    let place = |stored: &Stored| wanted.iter().position(|reference| *reference == stored.referral.reference);
    stored.sort_by_cached_key(|stored| place(stored).unwrap_or(usize::MAX));
    let said = ours::said(case).await?;
    let case = &Case { said: said.as_ref(), ..*case };
    let (events, intent) = with_beside(case, &stored, sort::sort(case, &stored)).await?;
    let heard = heard::records(case, &stored, events);
    let is_copy = matches!(intent, Intent::Settle(Disposition::Duplicate(_)));
    let stop = sort::stop_of_a_stranger(case, &stored).filter(|_| !is_copy);
    if let Intent::Open(sender) | Intent::OpenParked(_, sender) = &intent
        && sender.partner.is_none()
        && sender.answer_to.is_some()
    {
        desk.neutral.count(now);
    }
    if let Intent::Happens(about, event, _) = &intent
        && event.is_asked_of_us()
        && again::was_said(desk, item, known).await?
    {
        return Ok(settle(item, Disposition::Duplicate(Likeness::Words), about.first().cloned()).into());
    }
    match intent {
        Intent::Settle(disposition) => {
            let about = match disposition {
                Disposition::Parked(_) => known.linked.clone(),
                Disposition::Referral
                | Disposition::Reply
                | Disposition::Command
                | Disposition::UnprovenCommand
                | Disposition::AutoReply
                | Disposition::DeliveryReport
                | Disposition::Duplicate(_)
                | Disposition::Ignored(_) => stored.first().map(|stored| stored.referral.reference.clone()),
            };
            Ok(settle(item, disposition, about).into())
        }
        Intent::Open(sender) => {
            let place =
                stored.iter().position(|stored| Some(&stored.referral.reference) == known.linked.as_ref());
            let earlier = place.map(|place| stored.swap_remove(place));
            opened(case, &sender, earlier, stored, open)
        }
        Intent::OpenParked(why, sender) => {
            let mut decided = opened(case, &sender, None, stored, open)?;
            let about = decided.commit.records.first().map(|saved| saved.referral.reference.clone());
            decided.commit.mail = settle(item, Disposition::Parked(why), about).mail;
            Ok(decided)
        }
        Intent::Happens(references, event, disposition) => {
            let events = references.into_iter().map(|reference| (reference, event.clone())).collect();
            Ok(happened(case, stored, events, disposition).into())
        }
        Intent::Several(events, disposition) => Ok(happened(case, stored, events, disposition).into()),
        Intent::Strayed(reference, id) => Ok(strayed(case, &stored, &reference, &id).into()),
        Intent::Presence(id, presence) => presence::heard(case, &id, presence).await.map(Decided::from),
        Intent::Answer(question, to) => answered(case, &stored, question, to).await.map(Decided::from),
    }
    .map(|mut decided| {
        decided.commit.stops.extend(stop);
        heard::beside(decided, heard)
    })
}

/// What was sorted, with what speaks for or against each record of which it lets letters go.
async fn with_beside(
    case: &Case<'_>,
    stored: &[Stored],
    (mut heard, mut intent): (heard::Heard, Intent),
) -> Result<(heard::Heard, Intent), StoreError> {
    let find = |about: &Reference| stored.iter().find(|stored| stored.referral.reference == *about);
    for (about, event) in heard.iter_mut().filter(|(_, event)| event.permits()) {
        let Some(stored) = find(about) else { continue };
        *event = beside::known(case.desk, &stored.referral, event.clone()).await?;
    }
    if let Intent::Happens(about, event, _) = &mut intent
        && event.permits()
        && let Some(stored) = about.first().and_then(find)
    {
        *event = beside::known(case.desk, &stored.referral, event.clone()).await?;
    }
    Ok((heard, intent))
}

/// Opens a record a person. The references are drawn here; that nobody else has them is for the store to say. A
/// replayed mail that was unreadable has a record already, which takes up the first packet.
fn opened(
    case: &Case<'_>,
    sender: &Sender,
    earlier: Option<Stored>,
    mut stored: Vec<Stored>,
    open: &mut BTreeMap<StaffId, u32>,
) -> Result<Decided, StoreError> {
    let Case { desk, rules, item, now, .. } = *case;
    let packets = sort::packets(item);
    let mut commit = settle(item, Disposition::Referral, None);
    let taken = usize::from(earlier.is_some());
    if let Some(earlier) = earlier {
        commit.records.push(taken_up(case, earlier, packets.first()));
    }
    let again = if taken == 0 { known::again(item, sender, &mut stored) } else { Vec::new() };
    if !again.is_empty() && again.len() == packets.len() {
        commit.mail = settle(item, Disposition::Duplicate(Likeness::People), None).mail;
    }
    let places: Vec<u32> = again.iter().map(|(place, _)| *place).collect();
    commit.records.extend(known::sent_again(case, sender, again));
    let others: Vec<Packet> = packets.clone();
    let mut arrivals = Vec::new();
    let mut references = Vec::new();
    let new = (0..).zip(packets).skip(taken).filter(|(place, _)| !places.contains(place));
    for (place, packet) in new {
        let mut arrival = arrival(case, packet, sender, place, open);
        address::look_at(&mut arrival, &others, &stored);
        let owner = rules.roster.route(&arrival.packet, sender.partner.as_ref(), open, now);
        *open.entry(owner).or_default() += 1;
        arrivals.push(arrival);
        references.push(draw(desk)?);
    }
    look_at_each_other(item, &mut arrivals, &references);
    let decisions = decide::arrive(rules, &arrivals, &references, now);
    let mut unwritten = Vec::new();
    for (place, decision) in decisions.into_iter().enumerate() {
        unwritten.push((commit.records.len(), decision.letters));
        commit.records.push(Saved {
            before: None,
            referral: decision.referral,
            facts: decision.facts,
            persons: arrivals.get(place).map(|one| persons(item, one.place)).unwrap_or_default(),
            letters: Vec::new(),
        });
    }
    Ok(Decided { commit, unwritten, against: Vec::new() })
}

/// Both sides of a quarrel may stand in one mail.
fn look_at_each_other(item: &Item, arrivals: &mut [Arrival], references: &[Reference]) {
    let at = |place: u32| usize::try_from(place).ok().and_then(|place| item.names.get(place));
    let places: Vec<u32> = arrivals.iter().map(|arrival| arrival.place).collect();
    for (one, arrival) in arrivals.iter_mut().enumerate() {
        let Some(names) = at(arrival.place) else { continue };
        for (other, (place, reference)) in places.iter().zip(references).enumerate() {
            if other != one && at(*place).is_some_and(|theirs| names.meet(theirs)) {
                arrival.conflicts.push(reference.clone());
            }
        }
    }
}

/// The record that was opened while nobody could read the mail, with what the mail says now.
fn taken_up(case: &Case<'_>, mut earlier: Stored, packet: Option<&Packet>) -> Saved {
    let Case { desk, rules, item, known, now, .. } = *case;
    let found = packet.filter(|packet| !packet.is_empty()).cloned();
    earlier.referral.transcribe &= found.is_none();
    let event = match found {
        Some(packet) => Event::Supplemented { packet, conflicts: names::elsewhere(item, known, 0) },
        None => Event::PersonWrote { who: Party::Sender },
    };
    let decision = decide(rules, &earlier.referral, &event, now).follow_from(item.mail_id);
    Saved { persons: persons(item, 0), ..post::saved(desk, earlier, decision, now) }
}

/// What a person should know whose client reads none of our languages.
const NO_LETTER: &str = "No letter is written in the client's language; letters leave in English, and a call needs an interpreter.";

/// What a person should know who reads a mail that shares its Message-ID with another.
const TWIN: &str = "another mail with the same Message-ID arrived before this one";

fn arrival(
    case: &Case<'_>,
    packet: Packet,
    sender: &Sender,
    place: u32,
    open: &BTreeMap<StaffId, u32>,
) -> Arrival {
    let Case { desk, item, known, .. } = *case;
    let reading = &item.reading;
    let missing: Vec<Field> =
        desk.rules.required.iter().copied().filter(|field| packet.get(*field).is_none()).collect();
    let unread = reading
        .attachments
        .iter()
        .any(|attachment| !attachment.used && unread::may_hold_a_packet(&attachment.media_type));
    let twin = known.twin.iter().map(|_| TWIN.to_owned());
    let unspoken = packet.language().filter(|tag| !desk.templates.speaks(tag)).map(|_| NO_LETTER.to_owned());
    Arrival {
        transcribe: !unread::says_something(&packet) && (unread || reading.park.is_some()),
        packet,
        sender: sender.clone(),
        missing,
        questions: reading.problems.iter().take(20).cloned().chain(twin).chain(unspoken).collect(),
        place,
        received_at: item.arrived_at,
        address_shared: false,
        address_doubted_at: None,
        stopped: false,
        conflicts: names::elsewhere(item, known, usize::try_from(place).unwrap_or_default()),
        open: open.clone(),
    }
}

fn draw(desk: &Desk) -> Result<Reference, StoreError> {
    let random = seal::random::<8>()?;
    let reference = Reference::draw(&desk.reading.reference_prefix, u64::from_le_bytes(*random));
    // The one that stands for no referral is nobody's: the mail is decided again.
    if reference == desk.tokens.of_no_referral() { Err(StoreError::Stale) } else { Ok(reference) }
}

/// A question is answered and nothing changes.
async fn answered(
    case: &Case<'_>,
    stored: &[Stored],
    question: Question,
    to: EmailAddress,
) -> Result<Commit, StoreError> {
    let Case { desk, rules, item, now, .. } = *case;
    let find = |reference: &Reference| stored.iter().find(|stored| stored.referral.reference == *reference);
    let reader = rules.roster.staff_by_address(&to);
    let staff = reader.is_some();
    let reviews = |stored: &Stored| reader.is_some_and(|reader| reviews(case, &reader.id, stored));
    let part = if staff { Part::Staff } else { Part::Sender };
    // What is about no referral can be answered all the same: it proves who writes.
    let proves = staff
        && matches!(question, Question::Prove(_) | Question::Unproven(None, _) | Question::NotDone(None, ..));
    let disposition = asked(&question);
    let (body, reference) = match question {
        Question::Offer(reference) => {
            let stored = find(&reference);
            return Ok(asked_again(desk, item, stored, now));
        }
        Question::Help(reference) => listed::help(reference),
        Question::Form => (Body::BlankForm, None),
        Question::Prove(line) => {
            let why = "we cannot be sure that it was you; send the line as an answer to this mail";
            not_done(None, why, vec![line])
        }
        Question::HandedOver(reference) => {
            let owner =
                find(&reference).map_or_else(|| "somebody else".to_owned(), |it| owner_name(desk, it));
            let why = format!(
                "{owner} owns it now, and the letter you answered is from before; answer this one if you still mean it"
            );
            not_done(Some(reference), why, Vec::new())
        }
        Question::Unproven(reference, why) => not_done(reference, why, Vec::new()),
        Question::NotDone(reference, why, suggestions) => not_done(reference, why, suggestions),
        Question::Status(references) => {
            let lines =
                references.iter().filter_map(find).map(|stored| status_line(desk, stored, reviews(stored)));
            let only = only(&references, staff);
            listed::answer(desk, staff.then_some(&to), stored, (lines.collect(), 0), only)
        }
        Question::Open(whose) => {
            let open = desk.store.open_of(&whose, MOST_LISTED).await?;
            let lines: Vec<StatusLine> =
                open.first.iter().map(|stored| status_line(desk, stored, reviews(stored))).collect();
            let more = usize::try_from(open.all).unwrap_or(usize::MAX).saturating_sub(lines.len());
            listed::answer(desk, staff.then_some(&to), &open.first, (lines, more), None)
        }
        Question::History(reference) => {
            let stored = find(&reference);
            let lines = match stored {
                Some(stored) => history_lines(desk, stored, reviews(stored)).await?,
                None => Vec::new(),
            };
            let answers = listed::after_history(stored);
            (Body::History { reference: reference.clone(), lines, answers }, Some(reference))
        }
    };
    let answers = item.reading.envelope.message_id.clone();
    // The mail is part of the key: each question is answered once, and the same question tomorrow again.
    let step = format!("mail-{}", item.mail_id);
    let letter = Letter { to: Recipient { part, address: to }, body, step, answers };
    let about = match reference.as_ref().and_then(find) {
        Some(stored) => About::Referral(&stored.referral),
        None if proves => About::Author(letter.step.clone(), desk.tokens.of_no_referral()),
        None => About::Other(letter.step.clone()),
    };
    let mut commit = settle(item, disposition, reference.clone());
    commit.letters = post::all_queued(desk, &about, std::slice::from_ref(&letter), now);
    Ok(commit)
}

/// The one referral that an answer of staff to its status is about.
fn only(references: &[Reference], staff: bool) -> Option<Reference> {
    if let [only] = references { staff.then(|| only.clone()) } else { None }
}

/// What a mail that asks this is: the digest counts what was asked for without the proofs.
fn asked(question: &Question) -> Disposition {
    let lacks_proof =
        matches!(question, Question::Prove(_) | Question::Unproven(..) | Question::HandedOver(_));
    if lacks_proof { Disposition::UnprovenCommand } else { Disposition::Command }
}

fn not_done(
    reference: Option<Reference>,
    why: impl Into<Cow<'static, str>>,
    suggestions: Vec<String>,
) -> (Body, Option<Reference>) {
    (Body::NotDone { reference: reference.clone(), why: why.into(), suggestions }, reference)
}

/// The offer once more, with a fresh proof; the mail that proved nothing waits for nobody.
fn asked_again(desk: &Desk, item: &Item, stored: Option<&Stored>, now: DateTime<Utc>) -> Commit {
    let reference = stored.map(|stored| stored.referral.reference.clone());
    let mut commit = settle(item, Disposition::UnprovenCommand, reference);
    let offer = stored.and_then(|stored| {
        let letter = decide::offer(&desk.rules, &stored.referral, "proof", now)?;
        Some((stored, Letter { step: format!("mail-{}", item.mail_id), ..letter }))
    });
    if let Some((stored, letter)) = offer {
        let about = About::Referral(&stored.referral);
        commit.letters = post::all_queued(desk, &about, std::slice::from_ref(&letter), now);
    }
    commit
}

/// A letter of ours to staff came into other hands. Whose it was hears of it, once a day: who holds the letter cannot
/// make us write more.
fn strayed(case: &Case<'_>, stored: &[Stored], reference: &Reference, id: &StaffId) -> Commit {
    let Case { desk, rules, item, known, now, .. } = *case;
    let mut commit = settle(item, Disposition::Parked(ParkCause::Unproven), known.linked.clone());
    let about = stored.iter().find(|stored| stored.referral.reference == *reference);
    let (Some(about), Some(staff)) = (about, rules.roster.staff(id)) else { return commit };
    let why = "somebody else answered a letter of ours to you; if you passed it on, ask them to write to us themselves";
    let letter = Letter {
        to: Recipient { part: Part::Staff, address: staff.address.clone() },
        body: Body::NotDone { reference: Some(reference.clone()), why: why.into(), suggestions: Vec::new() },
        step: format!("strayed-{}", rules.calendar.local(now).date_naive()),
        answers: None,
    };
    commit.letters = post::all_queued(desk, &About::Referral(&about.referral), &[letter], now);
    commit
}

/// Who does not review conflicts reads nothing of them.
async fn history_lines(desk: &Desk, stored: &Stored, reviews: bool) -> Result<Vec<String>, StoreError> {
    use crate::referral::party::Actor;
    let facts = desk.store.history(stored).await?;
    let shown = facts.into_iter().filter(|fact| reviews || !fact.is_about_conflict());
    let lines = shown.map(|fact| {
        let at = desk.rules.calendar.local(fact.at).format("%Y-%m-%d %H:%M");
        let by = match fact.by {
            None => String::new(),
            Some(Actor::Host) => " (host)".to_owned(),
            Some(Actor::Staff(id)) => format!(" ({id})"),
            Some(Actor::Partner(id)) => format!(" (partner {id})"),
        };
        format!("{at} {}{by}", fact.words)
    });
    Ok(lines.collect())
}
