//! What a mail is worth by itself, before anybody looks up what it answers.

use super::{Reading, Silence};

/// What becomes of a mail that belongs to nothing known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Worth {
    /// A record with an owner: a person wrote, or a program sent a packet.
    Record,
    /// Nothing: a program wrote, and there is no packet in it.
    Machine,
    /// Nothing is in it, so a person must look.
    Empty,
}

/// In doubt a mail is worth a record: nobody disappears.
#[must_use]
pub fn of(reading: &Reading) -> Worth {
    if !reading.packets.is_empty() {
        return Worth::Record;
    }
    let forwarded = reading.forwarded.as_ref();
    let has_words = !reading.text.own.trim().is_empty()
        || forwarded.is_some_and(|original| !original.body.trim().is_empty())
        || !reading.attachments.is_empty()
        || !reading.envelope.subject.trim().is_empty();
    match reading.silence {
        // A form on our own site writes in our own name for a person: nobody is answered, but the record is opened.
        Some(silence) if !matches!(silence, Silence::NoAuthor | Silence::OwnAddress) => Worth::Machine,
        Some(_) | None if has_words => Worth::Record,
        Some(_) | None => Worth::Empty,
    }
}
