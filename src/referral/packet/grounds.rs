//! Grounds: why a mail is taken to speak against a way to reach the client, or against consent.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody who is to ask must know to ask well: the sentences of the mail that raised the doubt, without addresses and
/// numbers, or what did in words of ours. Personal: it is sealed with the packet and shown where the packet's values are,
/// in no other letter.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grounds(Vec<String>);

impl Grounds {
    /// As many of a mail are kept: with more nobody asks better. A record keeps as many again of the mails after the first.
    pub const MOST: usize = 5;
    /// The most of a sentence that is kept, in characters.
    pub const LONGEST: usize = 200;
    /// Stands for what somebody wrote of whom nobody knows who they are.
    pub const UNPROVEN: &str =
        "a later mail warns of it, and nothing proves who wrote it; please look at that mail";

    /// Adds a sentence, clean of control characters: "“He reads her mail”". What is not to be used may be an address or a
    /// number in it, and what a stranger wants used: they are left out. One that says more of the same takes the place of
    /// what is known.
    pub fn quote(&mut self, sentence: &str) {
        let sentence: Vec<&str> = sentence.split_whitespace().map(shown).collect();
        let sentence = sentence.join(" ");
        let end = sentence.char_indices().nth(Self::LONGEST).map_or(sentence.len(), |(at, _)| at);
        let rest = if end < sentence.len() { "…" } else { "" };
        let quoted = format!("“{}{rest}”", sentence.get(..end).unwrap_or(&sentence));
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

    /// These, and as many of the others as there is room for.
    pub fn join(&mut self, others: &Grounds) {
        others.iter().for_each(|ground| self.say(ground));
    }

    /// These and what came later. The first [`Grounds::MOST`] stay, whichever mail gave them; of the rest as many of the
    /// latest.
    pub fn renew(&mut self, later: &Grounds) {
        let later = later.0.iter().filter(|ground| !self.0.contains(ground));
        let later: Vec<String> = later.cloned().collect();
        self.0.extend(later);
        let first = Self::MOST.min(self.0.len());
        self.0.drain(first..self.0.len().saturating_sub(Self::MOST).max(first));
    }

    /// The same with other words of ours in the place of those of which this is true.
    #[must_use]
    pub fn but(&self, is_withheld: impl Fn(&str) -> bool, instead: &str) -> Grounds {
        let mut shown = Grounds::default();
        for ground in self.iter() {
            shown.say(if is_withheld(ground) { instead } else { ground });
        }
        shown
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

/// A word of a sentence as it is shown.
fn shown(word: &str) -> &str {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_link = word.contains("://") || word.starts_with("www.");
    match word {
        _ if word.contains('@') => "[address]",
        _ if is_link => "[link]",
        _ if digits >= MOST_DIGITS => "[number]",
        word => word,
    }
}

/// A word with as many is a part of a telephone number, or may be.
const MOST_DIGITS: usize = 3;

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
    fn no_address_and_no_number_is_shown() {
        let mut grounds = Grounds::default();
        grounds.quote("Write to bob@mail.example or (518) 555-0199 at 5 pm, see https://evil.example/x and www.evil.example");
        assert_eq!(
            all(&grounds),
            ["“Write to [address] or [number] [number] at 5 pm, see [link] and [link]”"]
        );
    }

    #[test]
    fn of_more_than_are_kept_a_mail_tells_the_first_and_a_record_these_and_the_latest() {
        let said = |from: usize, to: usize| {
            let mut grounds = Grounds::default();
            (from..to).for_each(|at| grounds.say(&format!("ground {at}")));
            grounds
        };
        let mut grounds = said(0, 9);
        let first: Vec<String> = (0..5).map(|at| format!("ground {at}")).collect();
        assert_eq!(all(&grounds), first);
        grounds.join(&said(20, 21));
        assert_eq!(all(&grounds), first, "a mail's are full");
        for later in [said(3, 7), said(10, 12), said(12, 16)] {
            grounds.renew(&later);
        }
        let kept: Vec<String> = (0..5).chain(11..16).map(|at| format!("ground {at}")).collect();
        assert_eq!(all(&grounds), kept);
    }

    #[test]
    fn what_is_not_to_be_shown_is_told_once_in_other_words() {
        let mut grounds = Grounds::default();
        for words in ["Lena has it", "Ana has it", "Lena is there"] {
            grounds.quote(words);
        }
        let shown = grounds.but(|ground| ground.contains("Lena"), "somebody else");
        assert_eq!(all(&shown), ["somebody else", "“Ana has it”"]);
    }
}
