//! A first look at a text: nearly no mail has all the words of any phrase about a number.

use std::sync::LazyLock;

use super::{PHONE, THAT, WHOSE, WORDS, phrases};
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

/// So many words that are in nearly every mail have a mark of their own; the others share the rest.
const COMMON: usize = 16;

impl Gate {
    fn load() -> Gate {
        let phrases: Vec<String> = phrases().collect();
        let mut bits = WordMap::<u64>::default();
        let (mut common, mut rare) = ((0..COMMON).cycle(), (COMMON..64).cycle());
        let mut mask_of = |phrase: &String| {
            words_of(phrase).fold(0, |mask, word| {
                let bits = bits.entry(word.to_owned());
                mask | *bits.or_insert_with(|| {
                    1 << if is_common(word) { common.next() } else { rare.next() }.unwrap_or(0)
                })
            })
        };
        let mut masks: Vec<u64> = phrases.iter().map(&mut mask_of).collect();
        masks.sort_unstable();
        masks.dedup();
        let of_class =
            WORDS.iter().filter_map(|(word, meaning)| Some((word.as_str(), *bits.get(meaning.class?)?)));
        let of_words = bits.iter().map(|(word, bit)| (word.as_str(), *bit));
        Gate { marks: Marks::of(of_words.chain(of_class)), phrases: masks }
    }
}

/// The words of a phrase that a text has which holds it. Digits may be a phone, and behind "not" a name says whose.
fn words_of(phrase: &str) -> impl Iterator<Item = &str> {
    let is_denied = phrase.contains("not ") || phrase.contains("isnt ");
    phrase.split(' ').filter(move |word| {
        word.contains(char::is_alphanumeric) && *word != PHONE && !(is_denied && *word == WHOSE)
    })
}

fn is_common(word: &str) -> bool {
    word.is_ascii() && word.len() < 3 || matches!(word, WHOSE | THAT | "the" | "not")
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
