//! Theirs: "they don't mail me bills" says what somebody else does not do, and asks nothing of us.
//!
//! Signs are looked at before they are folded away: "I can't. Don't write me" has nobody before the verb, and is a stop.
//! Only a clause that begins with somebody else, right before the verb, and in whose sentence nothing is wished, is
//! left out; in doubt it is a stop. The words are data, one file a language under `theirs/`.

use std::sync::LazyLock;

use super::fold;

pub(super) const FILES: [&str; 2] = [include_str!("theirs/en.txt"), include_str!("theirs/es.txt")];

/// Who does what, as one list of a file says it.
#[derive(Default)]
struct List {
    subjects: Vec<String>,
    whose: Vec<String>,
    kinds: Vec<String>,
    begins: Vec<String>,
    between: Vec<String>,
    deeds: Vec<String>,
    bare: Vec<String>,
    wishes: Vec<String>,
}

static LISTS: LazyLock<Vec<List>> =
    LazyLock::new(|| FILES.iter().flat_map(|file| file.split("\n\n")).map(List::of).collect());

impl List {
    fn of(text: &str) -> List {
        let words = |key: &str| -> Vec<String> {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
            line.into_iter().flat_map(|line| line.split(", ")).map(str::to_owned).collect()
        };
        List {
            subjects: words("subjects"),
            whose: words("whose"),
            kinds: words("kinds"),
            begins: words("begins"),
            between: words("between"),
            deeds: words("deeds"),
            bare: words("bare"),
            wishes: words("wishes"),
        }
    }

    fn wishes_in(&self, sentence: &str) -> bool {
        let sentence = format!(" {sentence} ");
        self.wishes.iter().any(|wish| sentence.contains(&format!(" {wish} ")))
    }

    /// What stands behind the deed, in a clause that begins with somebody else and goes on with it.
    fn behind_deed<'a>(&self, clause: &'a str) -> Option<&'a str> {
        let clause = after(clause, &self.begins).unwrap_or(clause);
        let whose = || after(clause, &self.whose).and_then(|rest| after(rest, &self.kinds));
        let rest = after(clause, &self.subjects).or_else(whose)?;
        let rest = after(rest, &self.between).unwrap_or(rest);
        let behind = self.deeds.iter().find_map(|deed| rest.strip_prefix(deed.as_str()))?;
        let is_bare = behind.split_whitespace().all(|word| self.bare.iter().any(|bare| bare == word));
        (self.bare.is_empty() || !is_bare).then_some(behind)
    }
}

/// What stands behind one of these words, at the beginning of a text.
fn after<'a>(text: &'a str, words: &[String]) -> Option<&'a str> {
    words.iter().find_map(|word| text.strip_prefix(word.as_str())?.strip_prefix(' '))
}

/// The text without what somebody else does not do; `None` where nobody else does anything.
pub(super) fn left_out(text: &str) -> Option<String> {
    let mut left = String::with_capacity(text.len());
    let mut is_any = false;
    for sentence in text.split_inclusive(ends_sentence) {
        let folded = fold(sentence);
        let lists: Vec<&List> = LISTS.iter().filter(|list| !list.wishes_in(&folded)).collect();
        for clause in sentence.split_inclusive(ends_clause) {
            let folded = fold(clause);
            let behind = lists.iter().find_map(|list| list.behind_deed(&folded));
            match behind {
                Some(behind) => left.extend([" x ", behind, " "]),
                None => left.push_str(clause),
            }
            is_any |= behind.is_some();
        }
    }
    is_any.then_some(left)
}

const fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | ';' | '\u{2026}' | '\u{3002}')
}

const fn ends_clause(c: char) -> bool {
    matches!(
        c,
        ',' | ':'
            | '('
            | ')'
            | '"'
            | '\n'
            | '\u{2014}'
            | '\u{2013}'
            | '\u{201c}'
            | '\u{201d}'
            | '\u{bf}'
            | '\u{a1}'
    ) || ends_sentence(c)
}
