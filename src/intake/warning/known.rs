//! Sentences of a mail's texts that were judged. A value of a packet is the same words again as a rule: what was judged for
//! all need not be judged for one.

use super::sentence::{Extent, Sentence};

/// Those that were judged.
#[derive(Default)]
pub(super) struct Known(Vec<String>);

impl Known {
    /// Shorter ones are as quickly judged as found.
    const SHORTEST: usize = 40;
    /// So many are looked through for each sentence of a value.
    const MOST: usize = 64;

    /// A part of a sentence is judged otherwise than a whole one, and what asks is judged otherwise below a label.
    pub(super) fn add(&mut self, sentence: Sentence<'_>) {
        let is_whole = sentence.extent != Extent::Part;
        let is_long = sentence.words.len() >= Self::SHORTEST;
        if is_whole && is_long && self.0.len() < Self::MOST && !sentence.words.contains([':', '?']) {
            self.0.push(sentence.words.to_owned());
        }
    }

    pub(super) fn has(&self, sentence: Sentence<'_>) -> bool {
        self.0.iter().any(|known| known == sentence.words)
    }
}

masked!(Known);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_sentences_that_ask_nothing_are_known() {
        let long = "she came to our office on Monday and told us about the papers";
        let sentence = |words, extent| Sentence { words, begins_line: true, extent };
        let mut known = Known::default();
        for (words, extent) in [
            ("he reads her mail", Extent::Whole),
            ("safe to email, as she said to us on the phone: yes", Extent::Whole),
            ("does he read the mail that we send to her there? no", Extent::Whole),
            ("Mr. Ray, who lives with her at the same address", Extent::Part),
            (long, Extent::Whole),
        ] {
            known.add(sentence(words, extent));
            assert_eq!(known.has(sentence(words, extent)), words == long, "{words}");
        }
        assert!(!known.has(sentence(&format!("{long} there"), Extent::Whole)));
    }
}
