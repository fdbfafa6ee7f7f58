//! Labels and layouts → packets.

use super::Context;
use crate::referral::packet::Packet;

/// The bodies a packet may stand in: the author's new text (or the forwarded original's), and the HTML beside it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The decoded subject.
    pub subject: &'a str,
    /// Text to read, quotes and signatures off.
    pub text: &'a str,
    /// The HTML body, for tables; `None` when there is none.
    pub html: Option<&'a str>,
}

/// What was found: one packet a person, and what a person should know about the reading.
#[derive(Default)]
pub struct Harvest {
    /// One packet a person, in the order of the mail.
    pub packets: Vec<Packet>,
    /// Sentences without any text of the mail.
    pub problems: Vec<String>,
}

/// Reads every packet in the bodies.
#[must_use]
pub fn read(_source: Source<'_>, _context: &Context) -> Harvest {
    Harvest::default()
}
