//! The words of a label and of its answer, each with the lists that it is in.

use std::sync::LazyLock;

use super::super::super::form::fold::words;
use super::super::anothers::is_near;
use crate::intake::quick::WordMap;

/// The lists; the file says what each is for.
const FILE: &str = include_str!("../asked.txt");

pub(super) const MAIL: u64 = 1;
pub(super) const SAFE: u64 = 1 << 1;
pub(super) const CONSENT: u64 = 1 << 2;
pub(super) const OWNED: u64 = 1 << 3;
pub(super) const SEEN: u64 = 1 << 4;
pub(super) const ACCESS: u64 = 1 << 5;
pub(super) const ANYONE: u64 = 1 << 6;
pub(super) const ABUSER: u64 = 1 << 7;
pub(super) const LIVES: u64 = 1 << 8;
pub(super) const WITH: u64 = 1 << 9;
pub(super) const CONTACT: u64 = 1 << 10;
pub(super) const DONE: u64 = 1 << 11;
pub(super) const MAY: u64 = 1 << 12;
pub(super) const TOLD: u64 = 1 << 13;
pub(super) const ABLE: u64 = 1 << 14;
pub(super) const LEAVE: u64 = 1 << 15;
pub(super) const AGREED: u64 = 1 << 16;
pub(super) const DENIED: u64 = 1 << 17;
pub(super) const TURNED: u64 = 1 << 18;
pub(super) const DANGER: u64 = 1 << 19;
pub(super) const WORRY: u64 = 1 << 20;
pub(super) const HIGH: u64 = 1 << 21;
pub(super) const UNHARMED: u64 = 1 << 22;
pub(super) const PERSON: u64 = 1 << 23;
pub(super) const WAY: u64 = 1 << 24;
pub(super) const OF: u64 = 1 << 25;
pub(super) const ORDER: u64 = 1 << 26;
pub(super) const REACHED: u64 = 1 << 27;
pub(super) const PHONE: u64 = 1 << 28;
pub(super) const ASKED_OF: u64 = 1 << 29;
pub(super) const BESIDE: u64 = 1 << 30;
pub(super) const QUESTION: u64 = 1 << 31;
pub(super) const PROSE: u64 = 1 << 32;
pub(super) const YES: u64 = 1 << 33;
pub(super) const PLAIN_YES: u64 = 1 << 34;
pub(super) const NO: u64 = 1 << 35;
pub(super) const NOBODY: u64 = 1 << 36;
pub(super) const NOBODY_ELSE: u64 = 1 << 37;
pub(super) const CLIENTS_OWN: u64 = 1 << 38;
pub(super) const SELF: u64 = 1 << 39;
pub(super) const KIN: u64 = 1 << 40;
pub(super) const FROM: u64 = 1 << 41;
pub(super) const TO: u64 = 1 << 42;
pub(super) const REFERRAL: u64 = 1 << 43;
pub(super) const OTHER: u64 = 1 << 44;
pub(super) const UNDONE: u64 = 1 << 45;
pub(super) const PARTNER: u64 = 1 << 46;
pub(super) const PARTNERS: u64 = 1 << 47;
pub(super) const ORGANIZATION: u64 = 1 << 48;
/// Opens a phrase of several words.
const OPENS: u64 = 1 << 49;

/// The names of the lists in the file.
const LISTS: [(&str, u64); 49] = [
    ("mail", MAIL),
    ("safe", SAFE),
    ("consent", CONSENT),
    ("owned", OWNED),
    ("seen", SEEN),
    ("access", ACCESS),
    ("anyone", ANYONE),
    ("abuser", ABUSER),
    ("lives", LIVES),
    ("with", WITH),
    ("contact", CONTACT),
    ("done", DONE),
    ("may", MAY),
    ("told", TOLD),
    ("able", ABLE),
    ("leave", LEAVE),
    ("agreed", AGREED),
    ("denied", DENIED),
    ("turned", TURNED),
    ("danger", DANGER),
    ("worry", WORRY),
    ("high", HIGH),
    ("unharmed", UNHARMED),
    ("person", PERSON),
    ("way", WAY),
    ("of", OF),
    ("order", ORDER),
    ("reached", REACHED),
    ("phone", PHONE),
    ("asked_of", ASKED_OF),
    ("beside", BESIDE),
    ("question", QUESTION),
    ("prose", PROSE),
    ("yes", YES),
    ("plain_yes", PLAIN_YES),
    ("no", NO),
    ("nobody", NOBODY),
    ("nobody_else", NOBODY_ELSE),
    ("clients_own", CLIENTS_OWN),
    ("self", SELF),
    ("kin", KIN),
    ("from", FROM),
    ("to", TO),
    ("referral", REFERRAL),
    ("other", OTHER),
    ("undone", UNDONE),
    ("partner", PARTNER),
    ("partners", PARTNERS),
    ("organization", ORGANIZATION),
];

static LISTED: LazyLock<Listed> = LazyLock::new(Listed::load);

#[derive(Default)]
struct Listed {
    /// Words, and phrases with spaces.
    whole: WordMap<u64>,
    /// What may be any part of a word.
    parts: Vec<(&'static str, u64)>,
}

impl Listed {
    fn load() -> Listed {
        let mut listed = Listed::default();
        for (name, phrases) in FILE.lines().filter_map(|line| line.split_once(": ")) {
            let bit = LISTS.iter().find(|(list, _)| *list == name).map_or(0, |(_, bit)| *bit);
            phrases.split(' ').for_each(|phrase| listed.add(phrase, bit));
        }
        listed
    }

    fn add(&mut self, phrase: &'static str, bit: u64) {
        if let Some(part) = phrase.strip_prefix('~') {
            self.parts.push((part, bit));
            return;
        }
        *self.whole.entry(phrase.replace('_', " ")).or_default() |= bit;
        if let Some((first, _)) = phrase.split_once('_') {
            *self.whole.entry(first.to_owned()).or_default() |= OPENS;
        }
    }

    fn of(&self, word: &str) -> u64 {
        self.whole.get(word).copied().unwrap_or_default()
    }
}

/// The words of a label or of an answer.
pub(super) struct Said<'a> {
    words: Vec<(&'a str, u64)>,
    all: u64,
}

impl<'a> Said<'a> {
    /// Of a folded text.
    pub(super) fn of(folded: &'a str) -> Said<'a> {
        let listed = &*LISTED;
        let words: Vec<_> = words(folded).into_iter().map(|word| (word, listed.of(word))).collect();
        let mut said = Said { all: words.iter().fold(0, |all, (_, lists)| all | lists), words };
        if said.all & OPENS != 0 {
            said.all |= said.of_phrases(listed);
        }
        if !folded.is_ascii() {
            let parts = listed.parts.iter().filter(|(part, _)| folded.contains(part));
            said.all = parts.fold(said.all, |all, (_, lists)| all | lists);
        }
        said
    }

    fn of_phrases(&self, listed: &Listed) -> u64 {
        let opens = self.words.iter().enumerate().filter(|(_, (_, lists))| lists & OPENS != 0);
        let phrases = opens
            .flat_map(|(at, _)| [2, 3].into_iter().filter_map(move |size| self.words.get(at..at + size)));
        let of_phrase = |phrase: &[(&str, u64)]| {
            let words: Vec<&str> = phrase.iter().map(|(word, _)| *word).collect();
            listed.of(&words.join(" "))
        };
        phrases.map(of_phrase).fold(0, |all, lists| all | lists)
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether a word or a phrase is in one of these lists.
    pub(super) fn has(&self, lists: u64) -> bool {
        self.all & lists != 0
    }

    /// Whether the word at a place is in one of these lists.
    pub(super) fn has_at(&self, at: usize, lists: u64) -> bool {
        self.words.get(at).is_some_and(|(_, of)| of & lists != 0)
    }

    /// Whether the word at a place is this one.
    pub(super) fn is_at(&self, at: usize, word: &str) -> bool {
        self.words.get(at).is_some_and(|(known, _)| *known == word)
    }

    /// Whether the last word is in one of these lists.
    pub(super) fn ends_with(&self, lists: u64) -> bool {
        self.len().checked_sub(1).is_some_and(|last| self.has_at(last, lists))
    }

    /// Whether each word from a place on is in one of these lists.
    pub(super) fn is_all(&self, from: usize, lists: u64) -> bool {
        self.words.iter().skip(from).all(|(_, of)| of & lists != 0)
    }

    /// Whether the words are these.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        self.words.iter().map(|(word, _)| *word).eq(words.iter().copied())
    }

    /// Whether the word at a place is of somebody near to the client, against them or of their family.
    pub(super) fn is_somebody_at(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|(word, of)| of & KIN != 0 || is_near(word))
    }

    /// Whether one of the first so many words is.
    pub(super) fn has_somebody(&self, most: usize) -> bool {
        (0..self.len().min(most)).any(|at| self.is_somebody_at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::fold::fold;

    #[test]
    fn every_list_has_its_line_its_bit_and_words_that_are_folded() {
        let lines: Vec<_> = FILE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        let named: Vec<_> = lines.iter().map(|line| line.split_once(": ").unwrap().0).collect();
        assert_eq!(named, LISTS.map(|(name, _)| name));
        assert_eq!(LISTS.iter().fold(0, |all, (_, bit)| all | bit).count_ones() as usize, LISTS.len());
        for word in lines.iter().flat_map(|line| line.split_once(": ").unwrap().1.split(' ')) {
            let word = word.trim_start_matches('~').replace('_', " ");
            assert_eq!(fold(&word), word);
        }
    }

    #[test]
    fn a_phrase_counts_only_whole() {
        assert!(Said::of("consent release of information").has(CONSENT) && Said::of("e mail").has(MAIL));
        assert!(!Said::of("release date of birth").has(CONSENT) && !Said::of("e male").has(MAIL));
        assert!(Said::of("邮件安全").has(SAFE) && !Said::of("").has(u64::MAX));
    }
}
