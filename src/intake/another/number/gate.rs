//! A first look at a text: nearly no mail has all the words of any phrase about a number.

use std::sync::LazyLock;

use super::{PHONE, WHOSE, WORDS, phrases};
use crate::intake::marks::Marks;
use crate::intake::quick::WordMap;

static GATE: LazyLock<Gate> = LazyLock::new(Gate::load);

/// Whether a text may hold a phrase: it has all the words of one, wherever they stand.
pub(super) fn may_hold(text: &str) -> bool {
    let marks = GATE.marks.within(text);
    GATE.phrases.iter().any(|phrase| marks & phrase == *phrase)
}

struct Gate {
    marks: Marks,
    /// The words of each phrase; some share a mark.
    phrases: Vec<u64>,
}

impl Gate {
    fn load() -> Gate {
        let phrases: Vec<String> = phrases().collect();
        // A number is a phone, and a name says whose one is: no mark tells that these are not there.
        let is_marked = |word: &&str| word.contains(char::is_alphanumeric) && !matches!(*word, PHONE | WHOSE);
        let mut bits = WordMap::<u64>::default();
        let mut masks = Vec::new();
        for phrase in &phrases {
            let mut mask = 0;
            for word in phrase.split(' ').filter(is_marked) {
                let bit = 1 << (bits.len() % 64);
                mask |= *bits.entry(word.to_owned()).or_insert(bit);
            }
            masks.push(mask);
        }
        masks.sort_unstable();
        masks.dedup();
        let of_class =
            WORDS.iter().filter_map(|(word, meaning)| Some((word.as_str(), *bits.get(meaning.class?)?)));
        let of_words = bits.iter().map(|(word, bit)| (word.as_str(), *bit));
        Gate { marks: Marks::of(of_words.chain(of_class)), phrases: masks }
    }
}

#[cfg(test)]
mod tests {
    use super::super::CLASSES;
    use super::*;

    #[test]
    fn the_first_look_passes_over_no_phrase() {
        for phrase in phrases() {
            let classes = || CLASSES.iter().filter(|(_, class)| phrase.contains(class));
            let of_class = |class: &str| {
                let words = WORDS.iter().filter(move |(_, meaning)| meaning.class == Some(class));
                words.map(|(word, _)| word.clone()).collect::<Vec<_>>()
            };
            let mut texts = vec![phrase.trim().to_owned()];
            for (_, class) in classes() {
                let words = of_class(class);
                texts = texts
                    .iter()
                    .flat_map(|text| words.iter().map(|word| text.replace(class, word)))
                    .collect();
                texts.truncate(200);
            }
            for text in texts {
                assert!(may_hold(&format!("x {} x", text.to_uppercase())), "{text}");
            }
        }
        assert!(!may_hold("Client name: Ana Vega\nPhone: 617-555-0142\n"));
    }
}
