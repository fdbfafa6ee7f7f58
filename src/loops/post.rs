//! From a letter of the rules to a row of the outbox: words, head, token, natural key.

use chrono::{DateTime, Days, Utc};
use tracing::warn;

use super::{Desk, clock_trust};
use crate::letters::compose::{self, Head};
use crate::letters::departure;
use crate::letters::token::{self, Claim, Person};
use crate::letters::{PART_TWO, Rendered, TemplateError, WayBack};
use crate::referral::address::EmailAddress;
use crate::referral::decide::Decision;
use crate::referral::letter::{Body, Letter, Part, Recipient};
use crate::referral::packet::Packet;
use crate::referral::record::Referral;
use crate::referral::reference::Reference;
use crate::store::outbox::Queued;
use crate::store::records::{Saved, Stored};

/// A token is good for so many days; a letter about a later step carries a fresh one.
const TOKEN_DAYS: u64 = 30;

/// Why a letter could not be made. It is a mistake in a template that `check` finds; the record is not changed.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The head.
    #[error(transparent)]
    Head(#[from] compose::NotComposed),
}

/// Makes the outbox row of a letter about a referral (`reference`), or about a mail or a day (`about`).
///
/// # Errors
/// [`PostError`].
pub fn queued(
    desk: &Desk,
    letter: &Letter,
    about: &About<'_>,
    now: DateTime<Utc>,
) -> Result<Queued, PostError> {
    let language = match letter.to.part {
        Part::Client => about.packet().and_then(Packet::language).unwrap_or("en"),
        Part::Sender | Part::Receiver | Part::Staff | Part::Admin => "en",
    };
    let matter = about.reference().map(|reference| (reference, about.handovers()));
    let token = matter.and_then(|matter| token_for(desk, &letter.to, ask_of(&letter.body), matter));
    let way = way_of(desk, token.as_deref());
    let rendered = desk.templates.render(&letter.body, language, &desk.organisation, &way)?;
    let in_the_trade = matches!(letter.to.part, Part::Sender | Part::Receiver | Part::Staff);
    let part_two = about.packet().is_some_and(Packet::is_part_two) || letter.body.names_part_two();
    let rendered = if in_the_trade && part_two { rendered.with_notice(PART_TWO) } else { rendered };
    let addressed = Addressed {
        part: letter.to.part,
        to: &letter.to.address,
        answers: letter.answers.as_deref(),
        bulk: false,
        token: token.as_deref(),
        kind: letter.body.kind(),
        step: &letter.step,
    };
    let row = row(desk, &rendered, &addressed, about, now)?;
    Ok(Queued { send_at: departure::leaves_at(letter.to.part, &letter.body, now), ..row })
}

/// Makes the rows of all letters. One that cannot be made never keeps the rest from being written: it is missing, and
/// an admin hears it from the log and from `check`.
#[must_use]
pub fn all_queued(desk: &Desk, about: &About<'_>, letters: &[Letter], now: DateTime<Utc>) -> Vec<Queued> {
    let mut rows = Vec::new();
    for letter in letters {
        match queued(desk, letter, about, now) {
            Ok(row) => rows.push(row),
            Err(error) => warn!(letter.about = about.key(), %error, "A letter could not be made"),
        }
    }
    rows
}

/// Makes the outbox row of a digest or another report, which is about no referral and whose words come from `report`.
///
/// # Errors
/// [`PostError`].
pub fn queued_report(
    desk: &Desk,
    kind: &'static str,
    rendered: &Rendered,
    to: &EmailAddress,
    about: &About<'_>,
    now: DateTime<Utc>,
) -> Result<Queued, PostError> {
    let step = "1";
    let addressed = Addressed { part: Part::Admin, to, answers: None, bulk: true, token: None, kind, step };
    row(desk, rendered, &addressed, about, now)
}

/// What a letter is about: the first half of its natural key.
pub enum About<'a> {
    /// A referral, with its packet for the language and its handovers for the proof.
    Referral(&'a Referral),
    /// A mail in the spool, or a day: `mail-12`, `digest-2026-11-20`.
    Other(String),
    /// A mail in the spool that is about its author: an answer proves who writes, and acts on no referral.
    Author(String, Reference),
}

impl About<'_> {
    fn key(&self) -> &str {
        match self {
            About::Referral(referral) => referral.reference.as_str(),
            About::Other(key) | About::Author(key, _) => key,
        }
    }

    fn reference(&self) -> Option<&Reference> {
        match self {
            About::Referral(referral) => Some(&referral.reference),
            About::Author(_, reference) => Some(reference),
            About::Other(_) => None,
        }
    }

    fn packet(&self) -> Option<&Packet> {
        match self {
            About::Referral(referral) => Some(&referral.packet),
            About::Other(_) | About::Author(..) => None,
        }
    }

    fn handovers(&self) -> u32 {
        match self {
            About::Referral(referral) => referral.handovers.count(),
            About::Other(_) | About::Author(..) => 0,
        }
    }
}

struct Addressed<'a> {
    part: Part,
    to: &'a EmailAddress,
    answers: Option<&'a str>,
    bulk: bool,
    token: Option<&'a str>,
    kind: &'static str,
    step: &'a str,
}

fn row(
    desk: &Desk,
    rendered: &Rendered,
    addressed: &Addressed<'_>,
    about: &About<'_>,
    now: DateTime<Utc>,
) -> Result<Queued, PostError> {
    let natural_key = desk.store.natural_key(about.key(), addressed.kind, addressed.step, addressed.to);
    let secret = &desk.tokens.secret;
    let message_id =
        compose::message_id(&natural_key, addressed.token, secret, &desk.reading.message_id_domain);
    let reply_to = reply_address(desk, addressed.token);
    let head = Head {
        from_name: desk.organisation.from_name(addressed.part),
        from: &desk.organisation.inbox,
        to: addressed.to,
        reply_to: &reply_to,
        message_id: &message_id,
        date: now,
        // Nothing of another thread is ever tied to a client's letter.
        answers: addressed.answers.filter(|_| addressed.part != Part::Client),
        thread: &[],
        bulk: addressed.bulk,
    };
    let message = compose::compose(rendered, &head)?;
    Ok(Queued {
        natural_key,
        message_id,
        kind: addressed.kind,
        part: addressed.part,
        to: addressed.to.clone(),
        message,
        send_at: now,
    })
}

/// How a mail of this person about that referral, after so many handovers, proves both; `None` for somebody who gets no
/// token.
#[must_use]
pub fn way_back(desk: &Desk, to: &Recipient, matter: (&Reference, u32)) -> Option<WayBack> {
    token_for(desk, to, None, matter).map(|token| way_of(desk, Some(&token)))
}

/// The token travels in the address where the mail server allows it, else in the text of the mail.
fn way_of(desk: &Desk, token: Option<&str>) -> WayBack {
    let reply_to = reply_address(desk, token);
    let proof = token.filter(|_| reply_to == desk.organisation.inbox).map(str::to_owned);
    WayBack { reply_to, proof }
}

/// Which ask of its referral a letter is about.
fn ask_of(body: &Body) -> Option<u32> {
    if let Body::RedirectOffer(offer) = body {
        return Some(offer.ask);
    }
    if let Body::RedirectOver { ask, .. } = body { Some(*ask) } else { None }
}

/// Staff and senders get a token bound to them and to the referral; a client's letter carries none.
fn token_for(
    desk: &Desk,
    to: &Recipient,
    ask: Option<u32>,
    (reference, handovers): (&Reference, u32),
) -> Option<String> {
    let address = &to.address;
    let staff = desk.rules.roster.staff_by_address(address).map(|staff| &staff.id);
    let person = match (to.part, staff) {
        (Part::Staff, Some(id)) => Person::Staff(id, handovers),
        (Part::Sender | Part::Receiver, _) => {
            ask.map_or(Person::Mailbox(address), |ask| Person::Asked(address, ask))
        }
        (Part::Staff, None) | (Part::Client | Part::Admin, _) => return None,
    };
    let last_day = clock_trust::expiry_time(desk).date_naive().checked_add_days(Days::new(TOKEN_DAYS))?;
    let claim = Claim { person: desk.tokens.mark(person), reference: reference.clone(), last_day };
    Some(token::issue(&desk.tokens, &claim))
}

/// Where an answer goes: with the token in the address where the mail server allows it; the Message-ID carries it too.
fn reply_address(desk: &Desk, token: Option<&str>) -> EmailAddress {
    let inbox = &desk.organisation.inbox;
    match token {
        Some(token) if desk.bounds.plus_addressing && token::fits(inbox) => inbox.with_tag(token),
        Some(_) | None => inbox.clone(),
    }
}

/// A decision about a stored record, with its letters rendered. A letter that cannot be rendered never keeps the
/// record from being written: it is missing, and an admin hears it from the log and from `check`.
#[must_use]
pub fn saved(desk: &Desk, stored: Stored, decision: Decision, now: DateTime<Utc>) -> Saved {
    let referral = decision.referral;
    let letters = all_queued(desk, &About::Referral(&referral), &decision.letters, now);
    Saved { before: Some(stored), facts: decision.facts, persons: Vec::new(), letters, referral }
}
