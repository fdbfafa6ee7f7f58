//! The numbered cases of RELIABILITY M and A that need more than one file of intake.
#![cfg(test)]

mod answers;
mod fields;
mod guesses;
mod mails;
mod work;

use handoffd::intake::{Context, Reading, read};
use handoffd::referral::packet::{Channels, Field, Packet};

fn context() -> Context {
    crate::corpora::context()
}

fn reading(raw: &str) -> Reading {
    read(raw.as_bytes(), &context())
}

/// The one packet of a mail with this text.
fn packet(text: &str) -> Packet {
    let reading =
        reading(&format!("From: ann@partner.example\nTo: intake@handoff.example\nSubject: x\n\n{text}"));
    reading.packets.into_iter().next().unwrap_or_default()
}

fn channels(text: &str) -> Channels {
    packet(&format!("Client name: Ann Example\nPhone: 212-555-0142\n{text}\n")).channels()
}

/// The words of a field, empty when it is not there.
fn words(packet: &Packet, field: Field) -> String {
    packet.text(field).unwrap_or_default().to_owned()
}
