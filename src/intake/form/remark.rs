//! What is said beside an address, in the same line or below: nearly always that it is the client's own.

use std::sync::LazyLock;

use super::fold::{fold, words};
use super::label;
use super::lexicon::Slot;
use crate::intake::quick;
use crate::intake::shapes::{self, Shape};

static OWN: LazyLock<Vec<Shape>> = LazyLock::new(|| shapes::each(include_str!("remarks.txt"), "own"));

/// The longest remark, in words.
const MOST: usize = 16;

/// Whether what is said beside an address, all of it, calls it the client's own: "(checks it daily)", "Email: ann@mail.example
/// only she has the password".
pub(crate) fn calls_it_her_own(text: &str) -> bool {
    let asks_for_address = |label: &str| {
        label::exact(label).and_then(|label| label.meaning).is_some_and(|meaning| meaning.slot == Slot::Email)
    };
    let labelled = quick::parted(text, b':').filter(|(label, _)| asks_for_address(label));
    let beside = labelled.map_or(text, |(_, beside)| beside);
    let said = beside.split_whitespace().filter(|part| !part.contains('@'));
    let remark: String = said.take(MOST + 1).flat_map(|part| [part, " "]).collect();
    let folded = fold(&remark);
    let all = words(&folded);
    !all.is_empty() && all.len() <= MOST && OWN.iter().any(|shape| shape.is(&all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_that_calls_an_address_the_clients_own_is_taken_whole_only() {
        for remark in [
            "(checks it daily)",
            "(work email)",
            "- this is her personal email",
            "best email",
            "she checks this one daily",
            "Best way to reach her.",
            "her own, nobody else reads it",
            "She has this on her phone.",
            "Only she has the password.",
            "private account",
            "This one is hers.",
            "Email: ann@mail.example only she has the password",
        ] {
            assert!(calls_it_her_own(remark), "{remark}");
        }
        for remark in [
            "",
            "Email: ann@mail.example",
            "(he checks it daily)",
            "(her husband checks it daily)",
            "has her password",
            "on his phone",
            "This one is hers and Bob's.",
            "Only she and Bob have the password.",
            "Bob: private account",
            "her own, but nobody else should write to it",
            "nobody reads it",
        ] {
            assert!(!calls_it_her_own(remark), "{remark}");
        }
    }
}
