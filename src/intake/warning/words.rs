//! The words of warnings: one file a language, and for each word of which kinds it is in which language.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use crate::intake::quick::WordHasher;

/// The kinds of words, in the order of the bits they are kept as.
pub(super) const KINDS: [&str; 32] = [
    "mail",
    "device",
    "negative",
    "watched",
    "held",
    "others",
    "alone",
    "consent",
    "taken_back",
    "contact",
    "tried",
    "order",
    "only",
    "by",
    "person",
    "not_meant",
    "harmless",
    "call",
    "text",
    "voicemail",
    "hour",
    "may",
    "later",
    "without",
    "fine",
    "danger",
    "safe",
    "tapped",
    "see",
    "solely",
    "go_between",
    "share",
];

pub(super) const MAIL: u64 = 1;
pub(super) const DEVICE: u64 = 1 << 1;
pub(super) const NEGATIVE: u64 = 1 << 2;
pub(super) const WATCHED: u64 = 1 << 3;
pub(super) const HELD: u64 = 1 << 4;
pub(super) const OTHERS: u64 = 1 << 5;
pub(super) const ALONE: u64 = 1 << 6;
pub(super) const CONSENT: u64 = 1 << 7;
pub(super) const TAKEN_BACK: u64 = 1 << 8;
pub(super) const CONTACT: u64 = 1 << 9;
pub(super) const TRIED: u64 = 1 << 10;
pub(super) const ORDER: u64 = 1 << 11;
pub(super) const ONLY: u64 = 1 << 12;
pub(super) const BY: u64 = 1 << 13;
pub(super) const PERSON: u64 = 1 << 14;
pub(super) const NOT_MEANT: u64 = 1 << 15;
pub(super) const HARMLESS: u64 = 1 << 16;
pub(super) const CALL: u64 = 1 << 17;
pub(super) const TEXT: u64 = 1 << 18;
pub(super) const VOICEMAIL: u64 = 1 << 19;
pub(super) const HOUR: u64 = 1 << 20;
pub(super) const MAY: u64 = 1 << 21;
pub(super) const LATER: u64 = 1 << 22;
pub(super) const WITHOUT: u64 = 1 << 23;
pub(super) const FINE: u64 = 1 << 24;
pub(super) const DANGER: u64 = 1 << 25;
pub(super) const SAFE: u64 = 1 << 26;
pub(super) const TAPPED: u64 = 1 << 27;
pub(super) const SEE: u64 = 1 << 28;
pub(super) const SOLELY: u64 = 1 << 29;
pub(super) const GO_BETWEEN: u64 = 1 << 30;
pub(super) const SHARE: u64 = 1 << 31;
/// Beside the kinds: what opens and what closes a saying of one who has not agreed.
pub(super) const OPENS: u64 = 1 << 32;
pub(super) const CLOSES: u64 = 1 << 33;
/// Somebody near to the client.
pub(super) const NEAR: u64 = 1 << 34;
/// So many bits tell the phrases of `unagreed` from each other at a first look; some share one. The first of those for
/// what a phrase begins with, and of those for what it ends with.
pub(super) const GATES: usize = 9;
pub(super) const FIRSTS: usize = 35;
pub(super) const LASTS: usize = FIRSTS + GATES;
/// What the words of the net are of: reaching, what limits it, somebody else, knowing, what warns by itself, what warns
/// only beside a limit.
pub(super) const NET_TOPIC: u64 = 1 << (LASTS + GATES);
pub(super) const NET_LIMIT: u64 = NET_TOPIC << 1;
pub(super) const NET_OTHER: u64 = NET_TOPIC << 2;
pub(super) const NET_KNOW: u64 = NET_TOPIC << 3;
pub(super) const NET_ALONE: u64 = NET_TOPIC << 4;
pub(super) const NET_LOOSE: u64 = NET_TOPIC << 5;
/// What a label may be about that no form's reader knows.
pub(super) const NET_LINE: u64 = NET_TOPIC << 6;
/// What a label of `answers` has, and what opens and what ends a phrase of `reach`: no kinds of words that a file has.
pub(super) const ANSWERS: u64 = 1 << 61;
pub(super) const REACHES: u64 = 1 << 62;
pub(super) const NEARS: u64 = 1 << 63;

/// No two marks share a bit.
const _: () = assert!(
    KINDS.len() <= 32
        && CLOSES < NEAR
        && NEAR < 1 << FIRSTS
        && 1 << (LASTS + GATES - 1) < NET_TOPIC
        && NET_LINE < ANSWERS
        && ANSWERS < REACHES
        && REACHES < NEARS
);

/// English with Spanish, which are mixed in one sentence, then the other languages we write to clients in.
pub(super) const LANGUAGES: [&str; 10] = [
    include_str!("en-es.txt"),
    include_str!("fr.txt"),
    include_str!("pt.txt"),
    include_str!("ht.txt"),
    include_str!("vi.txt"),
    include_str!("tl.txt"),
    include_str!("ru.txt"),
    include_str!("ar.txt"),
    include_str!("ko.txt"),
    include_str!("zh.txt"),
];

/// English and Spanish.
pub(super) const FIRST: usize = 0;

/// A word's kinds in one language.
type Kinds = (usize, u64);

#[derive(Default)]
pub(super) struct Words {
    whole: HashMap<&'static str, Vec<Kinds>, BuildHasherDefault<WordHasher>>,
    /// What may be any part of a word, for scripts that join words or bend them.
    parts: Vec<(&'static str, Kinds)>,
    /// Languages whose words count only where letters have accents.
    accented: Vec<usize>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut all = Words::default();
    for (language, file) in LANGUAGES.into_iter().enumerate() {
        let lines = file.lines().filter(|line| !line.starts_with('#'));
        for (kind, line) in lines.filter_map(|line| line.split_once(": ")) {
            if kind == "accents" {
                all.accented.push(language);
                continue;
            }
            let bit = (0..).zip(KINDS).find(|(_, known)| *known == kind).map_or(0, |(at, _)| 1 << at);
            for word in line.split(' ') {
                all.add(word, language, bit);
            }
        }
    }
    all
});

/// The words, and what may be any part of one.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    WORDS.every()
}

impl Words {
    /// Every word, and every part of one, with its kinds in a language.
    fn every(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let whole = self.whole.iter().flat_map(|(word, kinds)| kinds.iter().map(|(_, bits)| (*word, *bits)));
        whole.chain(self.parts.iter().map(|(part, (_, bits))| (*part, *bits)))
    }

    fn add(&mut self, word: &'static str, language: usize, bit: u64) {
        if let Some(part) = word.strip_prefix('~') {
            self.parts.push((part, (language, bit)));
            return;
        }
        let kinds = self.whole.entry(word).or_default();
        match kinds.iter_mut().find(|(known, _)| *known == language) {
            Some((_, bits)) => *bits |= bit,
            None => kinds.push((language, bit)),
        }
    }
}

/// The kinds of a folded word in English and Spanish.
pub(super) fn kinds(word: &str) -> u64 {
    in_language(word, FIRST)
}

/// The kinds of a folded word in one language.
pub(super) fn in_language(word: &str, language: usize) -> u64 {
    let of_language = |(known, bits): &Kinds| if *known == language { *bits } else { 0 };
    let whole = WORDS.whole.get(word).into_iter().flatten().fold(0, |all, kinds| all | of_language(kinds));
    if !is_foreign(word) {
        return whole;
    }
    let parts = WORDS.parts.iter().filter(|(_, (known, _))| *known == language);
    parts.filter(|(part, _)| holds(word, part)).fold(whole, |all, (_, kinds)| all | of_language(kinds))
}

/// The languages besides English and Spanish that have one of these words, in the order of the files.
pub(super) fn languages(words: &[&str], has_accents: bool) -> Vec<usize> {
    let mut found = [false; LANGUAGES.len()];
    let mut mark = |language: usize| {
        if let Some(found) = found.get_mut(language) {
            *found = true;
        }
    };
    for word in words {
        for (language, _) in WORDS.whole.get(word).into_iter().flatten() {
            mark(*language);
        }
        if is_foreign(word) {
            let parts = WORDS.parts.iter().filter(|(part, _)| holds(word, part));
            parts.for_each(|(_, (language, _))| mark(*language));
        }
    }
    let counts = |language: &usize| has_accents || !WORDS.accented.contains(language);
    let found = (0..).zip(found).filter(|(_, found)| *found).map(|(language, _)| language);
    found.filter(|language| *language != FIRST).filter(counts).collect()
}

/// Whether a part stands in a word. Words are short: there is nothing to prepare a search for.
fn holds(word: &str, part: &str) -> bool {
    let part = part.as_bytes();
    // In most scripts all letters begin with the same byte: the next one tells them apart.
    word.as_bytes().windows(part.len()).any(|letters| letters.get(1) == part.get(1) && letters == part)
}

/// A word in other than Latin letters.
fn is_foreign(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c >= '\u{370}')
}

#[cfg(test)]
mod tests {
    use super::super::super::form::fold::fold;
    use super::super::super::plain::plain;
    use super::super::marked::marked;
    use super::*;

    #[test]
    fn every_kind_of_word_has_its_line_and_its_bit() {
        for (at, kind) in (0..).zip(KINDS) {
            assert!(WORDS.every().any(|(_, bits)| bits & (1 << at) != 0), "{kind}");
        }
        for (word, bit) in [
            ("email", MAIL),
            ("dude", NOT_MEANT),
            ("mailto", HARMLESS),
            ("joint", ALONE),
            ("via", BY),
            ("sin", WITHOUT),
        ] {
            assert_ne!(kinds(word) & bit, 0, "{word}");
        }
        for file in LANGUAGES {
            let lines = file.lines().filter(|line| !line.starts_with('#'));
            for (kind, _) in lines.map(|line| line.split_once(": ").unwrap()) {
                assert!(KINDS.contains(&kind) || kind == "accents", "{kind}");
            }
        }
        assert!(WORDS.parts.iter().all(|(part, _)| !part.is_ascii()), "marks know only whole words of ASCII");
        let is_marked = |(word, bits): (&str, u64)| marked(&format!("- {word}: x")) & bits == bits;
        assert!(WORDS.every().all(is_marked));
        assert!(WORDS.parts.iter().all(|(part, (_, bits))| marked(&format!("ж{part}ж")) & bits == *bits));
        let unfolded: Vec<_> = WORDS.every().filter(|(word, _)| fold(&plain(word)) != **word).collect();
        assert!(unfolded.is_empty(), "{unfolded:?}");
    }
}
