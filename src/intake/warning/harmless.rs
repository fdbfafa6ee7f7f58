//! What is harmless wherever it stands: it is cut out of a sentence in which the net was caught before that is asked
//! again. "Please do not contact the landlord" forbids nothing that we do, and what stands below every mail of somebody
//! is about nobody. Whoever listens for something certain hears the whole sentence.

use std::sync::LazyLock;

use super::net::HARMLESS;
use super::shapes::{self, Shape, Shapes};
use super::words::{HARMLESS as HARMLESS_WORD, MAIL, kinds};
use crate::intake::form::fold::{fold, words};

static CLEAR: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(HARMLESS, "clear"));

static PRINT: LazyLock<Vec<Shape>> = LazyLock::new(|| whole("print"));

static OWN: LazyLock<Vec<Shape>> = LazyLock::new(|| whole("own"));

/// The shapes behind a key, for words that are of one all together.
fn whole(key: &str) -> Vec<Shape> {
    let lists = shapes::lists(HARMLESS);
    let written = shapes::lines(HARMLESS).filter(|(known, _)| *known == key);
    written.map(|(_, names)| Shape::of(names, &lists)).collect()
}

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

/// Whether what is said beside an address, all of it, calls it the client's own: "(checks it daily)", "Email: ann@mail.example
/// only she has the password".
pub(super) fn is_own_remark(text: &str) -> bool {
    let is_label =
        |label: &str| words(&fold(label)).iter().all(|word| kinds(word) & (MAIL | HARMLESS_WORD) != 0);
    let beside = text.split_once(':').filter(|(label, _)| is_label(label)).map_or(text, |(_, beside)| beside);
    let is_address = |part: &&str| part.contains('@');
    let remark: String =
        beside.split_whitespace().filter(|part| !is_address(part)).flat_map(|part| [part, " "]).collect();
    let folded = fold(&remark);
    let all = words(&folded);
    !all.is_empty() && all.len() <= MOST && OWN.iter().any(|shape| shape.is(&all))
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
            assert!(is_own_remark(remark), "{remark}");
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
            assert!(!is_own_remark(remark), "{remark}");
        }
    }
}
