//! Carried: a stop that comes from another address than that of whoever says it.

use super::{is_said_by_machine, says_stop};
use crate::intake::Reading;
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Field, Packet};

/// In whose name a mail says stop that came from another address: the author of what was passed on, and whom the program
/// of a form answers to. A mail that refers somebody asks for more than that.
pub fn surely(reading: &Reading) -> impl Iterator<Item = &EmailAddress> {
    brought(reading, if reading.silence.is_some() { is_said_by_machine } else { says_stop })
}

/// The same, and in whose name it may be said: "do not reply" at the end of a form may be the program's word or hers.
pub fn perhaps(reading: &Reading) -> impl Iterator<Item = &EmailAddress> {
    brought(reading, says_stop)
}

fn brought(reading: &Reading, says: fn(&str, &str) -> bool) -> impl Iterator<Item = &EmailAddress> {
    let refers = |packet: &Packet| packet.get(Field::ClientName).is_some();
    let reading = Some(reading).filter(|reading| !reading.packets.iter().any(refers));
    let addresses = move |reading| [author_passed_on(reading), answered_instead(reading, says)];
    reading.into_iter().flat_map(addresses).flatten()
}

fn author_passed_on(reading: &Reading) -> Option<&EmailAddress> {
    let original = reading.forwarded.as_ref()?;
    if says_stop(&original.subject, &original.body) { original.from.as_ref() } else { None }
}

fn answered_instead(reading: &Reading, says: fn(&str, &str) -> bool) -> Option<&EmailAddress> {
    let envelope = &reading.envelope;
    let to = envelope.reply_to.as_ref()?;
    let is_another = envelope.from.as_ref().is_none_or(|from| !to.shares_mailbox(from));
    (is_another && says(&envelope.subject, &reading.text.own)).then_some(to)
}
