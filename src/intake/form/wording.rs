//! Labels in other words: a question is the label that remains when the small words around it are left out. "Which
//! language does the client speak?" asks what "what language do you speak" asks.

use std::collections::HashMap;

use super::fold::words;
use super::meaning::{Meaning, Slot, Whose};
use super::phrases::Phrases;
use super::slip::is_delicate;

/// What is left of a label must be this many words: one alone stands in too many sentences.
const FEWEST: usize = 2;

/// The labels of the files without their small words.
#[derive(Default)]
pub(super) struct Wording {
    /// `None` where two labels that ask for different things leave the same words.
    cores: HashMap<String, Option<Slot>>,
    /// Words that say nothing of what is asked.
    fillers: Phrases,
    /// Words for the client that may be left out too.
    clients: Phrases,
    /// Words for whoever fills in the form.
    yours: Phrases,
}

impl Wording {
    /// Takes the labels and the words to leave out.
    pub(super) fn of<'a>(
        labels: impl Iterator<Item = (&'a str, Meaning)>,
        fillers: Phrases,
        clients: Phrases,
        yours: Phrases,
    ) -> Wording {
        let mut wording = Wording { cores: HashMap::new(), fillers, clients, yours };
        for (label, meaning) in labels {
            if !matches!(meaning.whose, Whose::Plain | Whose::Your | Whose::Client) {
                continue;
            }
            let Some((core, _)) = wording.core(label) else { continue };
            let known = wording.cores.entry(core).or_insert(Some(meaning.slot));
            if *known != Some(meaning.slot) {
                *known = None;
            }
        }
        wording
    }

    /// The meaning of a folded label whose words, without the small ones, are those of one known label. Never consent
    /// or safety: "can they call you?" and "can you call them?" have the same great words.
    pub(super) fn meaning(&self, folded: &str) -> Option<Meaning> {
        let (core, whose) = self.core(folded)?;
        let slot = (*self.cores.get(&core)?)?;
        Some(Meaning { slot, whose }).filter(|meaning| !is_delicate(*meaning))
    }

    /// What is left without the small words, and whom they named.
    fn core(&self, folded: &str) -> Option<(String, Whose)> {
        let all = words(folded);
        let (mut core, mut whose): (Vec<&str>, Whose) = (Vec::new(), Whose::Plain);
        let mut at = 0;
        while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
            let (client, your) = (self.clients.starts(rest), self.yours.starts(rest));
            let taken = self.fillers.starts(rest).max(client).max(your);
            if taken == 0 {
                core.extend(rest.first());
            } else if taken == client {
                whose = Whose::Client;
            } else if taken == your && whose == Whose::Plain {
                whose = Whose::Your;
            }
            at += taken.max(1);
        }
        (core.len() >= FEWEST).then(|| (core.join(" "), whose))
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::LEXICON;
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::*;
    use crate::referral::packet::Field;

    #[test]
    fn a_question_is_the_label_that_its_great_words_make() {
        let meaning = |text: &str| LEXICON.in_other_words(text).map(|meaning| (meaning.slot, meaning.whose));
        assert_eq!(
            meaning("which language does the client speak"),
            Some((Slot::Field(Field::Language), Whose::Client))
        );
        for text in [
            "is it safe for us to contact the client at this number",
            "can the client email us",
            "can they call you",
            "do they have permission to contact you",
            "does the client have to give consent",
            "is it safe for the abuser to call",
            "is it safe for the client to call",
            "who can safely contact the client",
            "what did the client say",
            "is it the",
        ] {
            assert_eq!(meaning(text), None, "{text}");
        }
    }

    /// A value that the field takes.
    fn value(field: Field) -> &'static str {
        match field {
            Field::ClientPhone => "518-555-0142",
            Field::ClientEmail => "marisol@example.org",
            Field::CourtDate => "December 3, 2026",
            _ => "Ana Vega",
        }
    }

    /// `tests/fixtures/questions.txt`: a field in brackets, and below it questions that ask for it, one a line.
    #[test]
    fn questions_as_forms_put_them_are_read() {
        let fixture = std::fs::read_to_string("tests/fixtures/questions.txt").unwrap();
        let mut field = Field::ClientName;
        let mut wrong = Vec::new();
        for line in fixture.lines().filter(|line| !line.is_empty()) {
            if let Some(key) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                field = Field::from_key(key).unwrap();
                continue;
            }
            let value = value(field);
            for text in
                [format!("{line}: {value}\nCounty: Albany\n"), format!("{line}\n{value}\n\nCounty\nAlbany\n")]
            {
                // What neither ends like a label nor is one we know may be a sentence.
                if !line.ends_with(['?', ')']) && !text.contains(": ") {
                    continue;
                }
                let harvest = read(Source { text: &text, ..Source::default() }, &context());
                let found = harvest.packets.first().and_then(|packet| packet.text(field));
                if found != Some(value) {
                    wrong.push(format!("{}: {text}", field.key()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
