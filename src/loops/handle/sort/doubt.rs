//! Doubt: what a mail takes away of a consent or of a safe way. It needs no proof, whoever wrote it.

use super::Sorter;
use crate::intake::warning;
use crate::referral::event::Event;
use crate::referral::packet::{Found, Packet};
use crate::referral::safety;

impl Sorter<'_> {
    /// What its words warn of, and what its only form takes away; of several forms nobody knows whose is meant.
    pub(super) fn doubt(&self) -> Option<Packet> {
        let reading = &self.item.reading;
        let mut doubt = warning::as_packet(reading.warnings).unwrap_or_default();
        if let [packet] = reading.packets.as_slice() {
            for (field, found) in packet.iter() {
                let known = doubt.get(field).map(|known| &known.judged);
                if let Some(judged) = safety::taken_away(field, known, &found.judged) {
                    doubt.put(field, Found { judged, ..found.clone() });
                }
            }
        }
        (!doubt.is_empty()).then_some(doubt)
    }

    /// The event with the doubt of the mail before it, so that nothing leaves that the doubt speaks against.
    pub(super) fn warned(&self, event: Event) -> Event {
        match self.doubt() {
            Some(doubt) => Event::Warned { doubt, then: Box::new(event) },
            None => event,
        }
    }
}
