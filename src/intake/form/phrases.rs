//! Phrases looked for in running words, found by their first word.

use super::fold::fold;
use crate::intake::quick::{WordMap, WordSet};

/// Phrases that are looked for inside running words.
#[derive(Default)]
pub(crate) struct Phrases {
    whole: WordSet,
    pub(super) by_first: WordMap<Vec<Vec<String>>>,
}

impl Phrases {
    pub(super) fn add(&mut self, phrase: &str) {
        let folded = fold(phrase);
        let mut words = folded.split(' ').map(str::to_owned);
        let Some(first) = words.next().filter(|first| !first.is_empty()) else { return };
        let rest: Vec<String> = words.collect();
        let list = self.by_first.entry(first).or_default();
        if !list.contains(&rest) {
            list.push(rest);
            list.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
        }
        self.whole.insert(folded);
    }

    /// Whether the folded text is one of the phrases.
    pub(crate) fn is(&self, folded: &str) -> bool {
        self.whole.contains(folded)
    }

    /// How many words, from the first of `words` on, make up the longest phrase; 0 for none.
    pub(crate) fn starts(&self, words: &[&str]) -> usize {
        let Some((first, rest)) = words.split_first() else { return 0 };
        let Some(list) = self.by_first.get(*first) else { return 0 };
        list.iter()
            .find(|phrase| phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(a, b)| a == b))
            .map_or(0, |phrase| phrase.len() + 1)
    }

    /// Whether any phrase stands anywhere in the words.
    pub(crate) fn within(&self, words: &[&str]) -> bool {
        (0..words.len()).any(|from| self.starts(words.get(from..).unwrap_or_default()) > 0)
    }
}
