//! Dangers that take more words than single ones: phrases that stand behind each other in a sentence. The file has the
//! phrases, and what of them holds together.

use std::sync::LazyLock;

use super::super::pieces::{Piece, Pieces};
use super::Cast;
use crate::intake::shapes;

const FILE: &str = include_str!("told.txt");

/// So many signs stand between two phrases at most.
const FAR: usize = 64;
/// The same where hardly a word may.
const NEAR: usize = 12;

/// What holds: how near to each other its phrases stand, and whether also where "he" is the client.
struct Rule {
    near: usize,
    is_of_him: bool,
    pieces: Vec<Vec<Piece>>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |(key, names): (&str, &'static str)| {
        let (near, is_of_him) = match key {
            "held" => (FAR, true),
            "tight" => (NEAR, true),
            "wide" => (FAR, false),
            _ => return None,
        };
        Some(Rule { near, is_of_him, pieces: names.split(' ').map(|name| list(name).collect()).collect() })
    };
    shapes::lines(FILE).filter_map(rule).collect()
});

/// All of them are looked for in one pass.
static PIECES: LazyLock<Pieces> = LazyLock::new(|| Pieces::of(RULES.iter().map(|rule| &rule.pieces)));

static CLEAR: LazyLock<Vec<String>> =
    LazyLock::new(|| phrases("clear").map(|phrase| format!(" {phrase} ")).collect());

/// What may stand before what is asked, and asks nothing.
static POLITE: LazyLock<Vec<&str>> = LazyLock::new(|| phrases("polite").collect());

/// The phrases of a list.
fn phrases(name: &str) -> impl Iterator<Item = &'static str> {
    let written = shapes::lines(FILE).find(|(key, _)| key.strip_prefix("list ") == Some(name));
    written.into_iter().flat_map(|(_, phrases)| phrases.split('|'))
}

fn list(name: &str) -> impl Iterator<Item = Piece> {
    phrases(name).map(Piece::of)
}

/// The words without which no sentence says so: of each phrase that may be first the longest.
pub(super) fn marks() -> impl Iterator<Item = &'static str> {
    let longest = |piece: &Piece| piece.words.split(' ').max_by_key(|word| word.len());
    RULES.iter().filter_map(|rule| rule.pieces.first()).flatten().filter_map(longest)
}

/// Whether the clauses of a sentence, each the words of it, say so together.
pub(super) fn is_said(clauses: &[Vec<&str>], cast: Cast) -> bool {
    let text = marked_out(clauses);
    // Nothing is told in the text without what says nothing that is not told in the whole: hardly a sentence gets there.
    if PIECES.complete(&text).is_empty() {
        return false;
    }
    let text = cleared(text);
    let is_near = |rule: usize, between: &str| {
        RULES.get(rule).is_none_or(|rule| between.chars().nth(rule.near).is_none())
    };
    let said = PIECES.in_order(&text, is_near);
    said.iter().zip(RULES.iter()).any(|(is_said, rule)| *is_said && (rule.is_of_him || cast == Cast::Wide))
}

/// The clauses with the signs of where they begin and end.
fn marked_out(clauses: &[Vec<&str>]) -> String {
    let mut text = String::from(" ");
    for clause in clauses {
        let polite = clause.iter().take_while(|word| POLITE.contains(word)).count();
        text.push_str("^ ");
        for word in clause.get(polite..).unwrap_or_default() {
            text.push_str(word);
            text.push(' ');
        }
        text.push_str("$ ");
    }
    text
}

/// The text without what is known to say nothing.
fn cleared(text: String) -> String {
    let is_in = |phrase: &&String| text.contains(phrase.as_str());
    let known: Vec<&String> = CLEAR.iter().filter(is_in).collect();
    known.into_iter().fold(text, |text, phrase| text.replace(phrase.as_str(), " - "))
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::marked;
    use super::super::super::words::NET_ALONE;
    use super::*;
    use crate::intake::form::fold::fold;

    #[test]
    fn every_phrase_is_folded_and_marked_and_every_list_is_there_once_and_used() {
        let rules: Vec<&str> = shapes::lines(FILE)
            .filter(|(key, _)| matches!(*key, "held" | "tight" | "wide"))
            .flat_map(|(_, names)| names.split(' '))
            .collect();
        let mut named = Vec::new();
        for (key, written) in shapes::lines(FILE) {
            let Some(name) = key.strip_prefix("list ") else {
                assert!(matches!(key, "held" | "tight" | "wide"), "{key}");
                continue;
            };
            assert!(!named.contains(&name), "{name} stands twice");
            named.push(name);
            assert!(matches!(name, "clear" | "polite") || rules.contains(&name), "{name} is of no rule");
            for phrase in written.split('|') {
                let bare = phrase.trim_start_matches("^ ").trim_end_matches(" $");
                assert!(!bare.is_empty() && fold(bare) == bare, "{phrase}");
            }
        }
        assert!(rules.iter().all(|name| named.contains(name)), "{rules:?}");
        assert!(RULES.len() < 128, "two would share a bit");
        for word in marks() {
            assert_ne!(marked(&format!("x {word} x")) & NET_ALONE, 0, "{word}");
        }
    }
}
