//! The other sides that a mail names, and what its words and its values warn of where they name one.

use std::borrow::Cow;

use super::known::Known;
use super::marked::marked;
use super::named::OtherSide;
use super::net::Cast;
use super::sentence::{Extent, of_sentence_about};
use super::{
    Heard, LONGEST, Said, UNCOMPARED, UNREAD, Words, beginning, each_sentence, of_line, of_words_about,
};
use crate::intake::form;
use crate::referral::packet::{Field, Packet};

/// As much is looked through for the names of opposing parties, in bytes; each text counts for each packet.
const MOST_COMPARED: usize = 8 * LONGEST;

/// The other sides that a mail names: whoever is on one packet's may be meant in what is said of another's client.
pub(super) struct Sides {
    sides: Vec<OtherSide>,
    /// So many bytes are still looked through.
    left: usize,
}

impl Sides {
    pub(super) fn of(packets: &[Packet], nobodys: &[Packet]) -> Sides {
        Sides {
            sides: packets.iter().chain(nobodys).filter_map(OtherSide::of).collect(),
            left: MOST_COMPARED,
        }
    }

    pub(super) fn in_kept(&self, heard: &Heard) -> Said {
        self.sides.iter().fold(Said::default(), |all, other| all.and(&heard.about_side(other)))
    }

    /// What the values of a packet warn of, by themselves and where they name one of them, and the words beside it where
    /// they do. What is known counts already.
    pub(super) fn in_packet<'a>(
        &mut self,
        packet: &Packet,
        beside: impl Iterator<Item = Words<'a>>,
        known: &Known,
        cast: Cast,
    ) -> Said {
        let mut said = Said::default();
        for (text, is_wide) in own_texts(packet) {
            let cast = if is_wide { cast } else { Cast::No };
            let (text, is_read) = (&*text, false);
            let is_compared = self.takes(beginning(text));
            if !is_compared {
                said.doubt(UNREAD, UNCOMPARED);
            }
            each_sentence([(text, is_read)], |sentence, is_judged| {
                if known.has(sentence) {
                    return;
                }
                let marks = marked(sentence.words);
                said.hear(sentence.words, of_line(sentence.words, marks, is_judged, cast));
                let is_compared = is_compared && sentence.extent != Extent::Part;
                for other in self.sides.iter().filter(|_| is_compared) {
                    said.hear(sentence.words, of_sentence_about(sentence.words, marks, is_judged, other));
                }
            });
        }
        said.and(&self.in_words(beside))
    }

    /// Whether a text is looked through for each of them: once there is more to read than anybody writes, nothing is.
    fn takes(&mut self, text: &str) -> bool {
        self.left = self.left.saturating_sub(text.len() * self.sides.len());
        self.left > 0
    }

    /// What words warn of where they name one of them. Where there is more to read than anybody writes, writing is in
    /// doubt unread.
    pub(super) fn in_words<'a>(&mut self, words: impl Iterator<Item = Words<'a>>) -> Said {
        let mut said = Said::default();
        if self.sides.is_empty() {
            return said;
        }
        for (text, is_read) in words.map(|(text, is_read)| (beginning(text), is_read)) {
            if !self.takes(text) {
                said.doubt(UNREAD, UNCOMPARED);
                return said;
            }
            for other in &self.sides {
                said = said.and(&of_words_about(other, [(text, is_read)]));
            }
        }
        said
    }
}

/// The values that are sentences, and whether what nobody thought of counts in them. No label in a value is read, nor what a note on safety was asked.
fn own_texts(packet: &Packet) -> impl Iterator<Item = (Cow<'_, str>, bool)> {
    let fields = [Field::Reason, Field::PreferredContact, Field::Relationship];
    // What a note says is judged by itself.
    let notes = packet.text(Field::SafetyNotes).map(|note| (Cow::from(form::unasked(note)), false));
    notes
        .into_iter()
        .chain(fields.into_iter().filter_map(|field| packet.text(field)).map(|text| (Cow::from(text), true)))
}
