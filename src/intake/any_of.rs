//! Any of many phrases in a text, all looked for in one pass over it.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Phrases that are looked for all at once, anywhere in a text.
#[derive(Default)]
pub(crate) struct AnyOf {
    phrases: Vec<String>,
    /// Built at the first look: some phrases are hardly ever looked for. `None` only if it cannot be built: then each
    /// phrase is looked for by itself.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl AnyOf {
    /// Gets ready to look for any of the phrases.
    pub(crate) fn of(phrases: impl IntoIterator<Item = impl Into<String>>) -> AnyOf {
        AnyOf { phrases: phrases.into_iter().map(Into::into).collect(), automaton: OnceLock::new() }
    }

    /// Whether one of the phrases stands in the text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        match self.automaton.get_or_init(|| automaton(&self.phrases)) {
            Some(automaton) => automaton.is_match(text),
            None => self.phrases.iter().any(|phrase| text.contains(phrase.as_str())),
        }
    }

    /// Whether one of the phrases stands at a place of the text, from byte to byte, that counts.
    pub(crate) fn stands(&self, text: &str, mut counts: impl FnMut(usize, usize) -> bool) -> bool {
        match self.automaton.get_or_init(|| automaton(&self.phrases)) {
            Some(automaton) => {
                automaton.find_overlapping_iter(text).any(|found| counts(found.start(), found.end()))
            }
            None => self.phrases.iter().any(|phrase| {
                text.match_indices(phrase.as_str()).any(|(at, found)| counts(at, at + found.len()))
            }),
        }
    }

    /// Whether one of the phrases begins within so many signs of the beginning of a text.
    pub(crate) fn opens(&self, text: &str, most: usize) -> bool {
        let is_near = |at: usize| text.get(..at).is_some_and(|before| before.chars().nth(most).is_none());
        self.phrases.iter().any(|phrase| text.find(phrase.as_str()).is_some_and(is_near))
    }

    /// What follows the phrase that ends first.
    pub(crate) fn after_first<'a>(&self, text: &'a str) -> Option<&'a str> {
        let ends = self.phrases.iter().filter_map(|phrase| Some(text.find(phrase.as_str())? + phrase.len()));
        text.get(ends.min()?..)
    }
}

/// The small one of the tables there are: the quick one takes sixty times its memory, and what is fetched from there
/// drives out what the next step needs. Phrases begin with common letters, so that looking for those first is no gain.
fn automaton(phrases: &[String]) -> Option<AhoCorasick> {
    AhoCorasick::builder().prefilter(false).kind(Some(AhoCorasickKind::ContiguousNFA)).build(phrases).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASES: [&str; 7] = ["mailing list", "no", "ab", "intended only for", "list", "сообщение", "注意"];

    proptest::proptest! {
        #[test]
        fn what_is_found_at_once_is_what_is_found_one_by_one(
            words in proptest::collection::vec("mailing list|ing li|st|intended only fo|r|n|o|a|b| |сообщение|соо|щение|注|意", 0..9)
        ) {
            let text = words.concat();
            let is_in = PHRASES.iter().any(|phrase| text.contains(phrase));
            proptest::prop_assert_eq!(AnyOf::of(PHRASES).is_in(&text), is_in, "{}", text);
        }
    }

    #[test]
    fn a_phrase_is_found_wherever_it_stands_and_none_among_none() {
        for phrase in PHRASES {
            for (before, after) in [("", ""), ("x", ""), ("", "x"), ("listless ", " no")] {
                assert!(AnyOf::of([phrase]).is_in(&[before, phrase, after].concat()), "{phrase}");
            }
        }
        assert!(!AnyOf::of(["mailing list"]).is_in("the mailing lis"));
        assert!(!AnyOf::default().is_in("mail"));
    }
}
