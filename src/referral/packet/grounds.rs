//! Grounds: why a mail is taken to speak against a way to reach the client, or against consent.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody who is to ask must know to ask well: the sentences of the mail that raised the doubt, or what did in
/// words of ours. Personal: it is sealed with the packet and shown where the packet's values are, in no other letter.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grounds(Vec<String>);

impl Grounds {
    /// As many are kept: with more nobody asks better.
    pub const MOST: usize = 5;
    /// The most of a sentence that is kept, in characters.
    pub const LONGEST: usize = 200;

    /// Adds a sentence as the mail has it, clean of control characters: "“He reads her mail”". One that says more of the
    /// same takes the place of what is known.
    pub fn quote(&mut self, sentence: &str) {
        let sentence = sentence.trim();
        let end = sentence.char_indices().nth(Self::LONGEST).map_or(sentence.len(), |(at, _)| at);
        let rest = if end < sentence.len() { "…" } else { "" };
        let quoted = format!("“{}{rest}”", sentence.get(..end).unwrap_or(sentence));
        let within = |one: &str, other: &str| other.contains(one.trim_matches(['“', '”', '…']));
        if let Some(known) = self.0.iter_mut().find(|known| within(known, &quoted)) {
            *known = quoted;
        } else if !self.0.iter().any(|known| within(&quoted, known)) {
            self.add(quoted);
        }
    }

    /// Adds what no sentence says, in words of ours.
    pub fn say(&mut self, words: &str) {
        self.add(words.to_owned());
    }

    fn add(&mut self, ground: String) {
        if self.0.len() < Self::MOST && !self.0.contains(&ground) {
            self.0.push(ground);
        }
    }

    /// These and what came later: where both are too many the later ones are kept.
    pub fn renew(&mut self, later: &Grounds) {
        self.0.retain(|known| !later.0.contains(known));
        self.0.extend(later.iter().map(str::to_owned));
        self.0.drain(..self.0.len().saturating_sub(Self::MOST));
    }

    /// Each, in the order of the mail.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is no doubt, or one from before grounds were kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Grounds {
    /// Shows how many there are, and no word of a mail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grounds({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(grounds: &Grounds) -> Vec<&str> {
        grounds.iter().collect()
    }

    #[test]
    fn a_sentence_is_kept_once_whole_and_cut_to_a_bound() {
        let mut grounds = Grounds::default();
        grounds.quote(" He reads her mail ");
        grounds.quote("Mr. Ray said: He reads her mail");
        grounds.quote("reads her mail");
        grounds.quote(&"é".repeat(300));
        let long = format!("“{}…”", "é".repeat(Grounds::LONGEST));
        assert_eq!(all(&grounds), ["“Mr. Ray said: He reads her mail”", &long]);
        assert_eq!(format!("{grounds:?}"), "Grounds(2)");
    }

    #[test]
    fn of_more_than_are_kept_a_mail_tells_the_first_and_a_record_the_latest() {
        let mut grounds = Grounds::default();
        (0..9).for_each(|at| grounds.say(&format!("ground {at}")));
        assert_eq!(all(&grounds), ["ground 0", "ground 1", "ground 2", "ground 3", "ground 4"]);
        let mut later = Grounds::default();
        later.say("ground 1");
        later.say("new");
        grounds.renew(&later);
        assert_eq!(all(&grounds), ["ground 2", "ground 3", "ground 4", "ground 1", "new"]);
    }
}
