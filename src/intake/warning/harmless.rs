//! What is harmless wherever it stands: it is cut out of a sentence in which the net was caught before that is asked
//! again. "Please do not contact the landlord" forbids nothing that we do, and what stands below every mail of somebody
//! is about nobody. Whoever listens for something certain hears the whole sentence.

use std::sync::LazyLock;

use super::net::HARMLESS;
use crate::intake::form::fold::{fold, words};
use crate::intake::shapes::{self, Shape, Shapes};

static CLEAR: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(HARMLESS, "clear"));

static PRINT: LazyLock<Vec<Shape>> = LazyLock::new(|| shapes::each(HARMLESS, "print"));

/// In a longer sentence nothing is looked for, in words: nobody writes one, and looking takes time.
const MOST: usize = 80;

/// The sentence without what is harmless in it; `None` where it has nothing of the kind.
pub(super) fn cut(sentence: &str) -> Option<String> {
    let folded = fold(sentence);
    let all = words(&folded);
    if all.len() > MOST {
        return None;
    }
    if PRINT.iter().any(|shape| shape.is(&all)) {
        return Some(String::new());
    }
    let mut kept = String::with_capacity(sentence.len());
    let mut is_cut = false;
    for clause in sentence.split_inclusive([',', ';', ':', '(', ')', '?', '!']) {
        is_cut |= cut_clause(clause, &mut kept);
    }
    is_cut.then_some(kept)
}

/// Adds what is left of a clause; whether anything was cut.
fn cut_clause(clause: &str, kept: &mut String) -> bool {
    let folded: Vec<(&str, String)> = clause.split_inclusive(' ').map(|token| (token, fold(token))).collect();
    let spoken: Vec<(usize, &str)> = folded
        .iter()
        .enumerate()
        .flat_map(|(at, (_, folded))| {
            folded.split(' ').filter(|word| !word.is_empty()).map(move |word| (at, word))
        })
        .collect();
    let all: Vec<&str> = spoken.iter().map(|(_, word)| *word).collect();
    let covered = CLEAR.covered(&all);
    let is_harmless = |token: usize| {
        let mut of_token = spoken.iter().zip(&covered).filter(|((at, _), _)| *at == token).peekable();
        of_token.peek().is_some() && of_token.all(|(_, is_covered)| *is_covered)
    };
    for (at, (token, _)) in folded.iter().enumerate() {
        if !is_harmless(at) {
            kept.push_str(token);
        } else if !kept.ends_with(", ") {
            kept.push_str(", ");
        }
    }
    covered.contains(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_is_cut_out_and_the_rest_is_heard() {
        for (sentence, left) in [
            ("Please do not contact the opposing party", Some(", ")),
            ("Please do not call her landlord, he reads her mail", Some(",  he reads her mail")),
            ("I do not check email on weekends.", Some("")),
            ("Please do not share her address with him.", Some(", ")),
            ("Please do not contact her", None),
            ("She does not check email on weekends", None),
            ("Please do not call her husband's phone", None),
        ] {
            assert_eq!(cut(sentence).as_deref(), left, "{sentence}");
        }
    }
}
