//! The pieces of phrases, and which phrases a text has every piece of.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Words that stand in a phrase.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) words: &'static str,
    /// It may stand within a word.
    pub(super) is_part: bool,
}

impl Piece {
    pub(super) fn of(written: &'static str) -> Piece {
        match written.strip_prefix('~') {
            Some(words) => Piece { words, is_part: true },
            None => Piece { words: written, is_part: false },
        }
    }

    /// Where it stands in a text behind a place: its beginnings and ends.
    pub(super) fn places(self, text: &str, from: usize) -> impl Iterator<Item = (usize, usize)> {
        let behind = text.get(from..).unwrap_or_default();
        let places =
            behind.match_indices(self.words).map(move |(at, _)| (from + at, from + at + self.words.len()));
        places.filter(move |(at, end)| self.is_part || is_word(text, *at, *end))
    }
}

/// Whether words begin and end there.
fn is_word(text: &str, at: usize, end: usize) -> bool {
    let before = text.get(..at).is_none_or(|before| before.is_empty() || before.ends_with(' '));
    before && text.get(end..).is_none_or(|after| after.is_empty() || after.starts_with(' '))
}

/// Every piece of every language, all looked for in one pass over a text: nearly no sentence has each piece of a phrase,
/// and only where it has, it matters how they stand.
pub(super) struct Pieces {
    automaton: Option<AhoCorasick>,
    /// Of each: whether it may stand within a word, its phrase, and its place in that as a bit.
    of: Vec<(bool, usize, u64)>,
    /// Of each phrase, all its places.
    whole: Vec<u64>,
}

impl Pieces {
    pub(super) fn of<'p>(phrases: impl Iterator<Item = &'p Vec<Vec<Piece>>>) -> Pieces {
        let (mut of, mut whole, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for phrase in phrases {
            for (bit, alternatives) in phrase.iter().enumerate() {
                of.extend(alternatives.iter().map(|piece| (piece.is_part, whole.len(), 1 << bit)));
                words.extend(alternatives.iter().map(|piece| piece.words));
            }
            whole.push((1 << phrase.len()) - 1);
        }
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        Pieces { automaton: AhoCorasick::builder().prefilter(false).kind(kind).build(words).ok(), of, whole }
    }

    /// Whether each phrase has all its pieces in a text, in the order of the languages; without an automaton it may.
    pub(super) fn complete(&self, text: &str) -> Vec<bool> {
        let Some(automaton) = &self.automaton else { return vec![true; self.whole.len()] };
        let mut seen = vec![0; self.whole.len()];
        for found in automaton.find_overlapping_iter(text) {
            let Some((is_part, phrase, bit)) = self.of.get(found.pattern().as_usize()) else { continue };
            if *is_part || is_word(text, found.start(), found.end()) {
                seen.get_mut(*phrase).into_iter().for_each(|seen| *seen |= bit);
            }
        }
        seen.iter().zip(&self.whole).map(|(seen, whole)| seen == whole).collect()
    }
}
