//! Labels that call the client by another word: "Has the patient consented?" asks what "has the client consented" asks.
//!
//! Words for the client stand for each other, with an article or without, and nothing else is left out: what is asked
//! stays the same, so that consent and safety may be asked so too.

use super::fold::words;
use super::meaning::Meaning;
use super::phrases::Phrases;
use crate::intake::quick::{WordMap, WordSet};

/// What stands for every word for the client.
const SOMEBODY: &str = "client";
/// The labels of the files that name the client, with one word for all of them.
#[derive(Default)]
pub(super) struct Renamed {
    /// `None` where two labels that ask for different things become one.
    labels: WordMap<Option<Meaning>>,
    /// Words for the client, alone and in the genitive.
    clients: WordSet,
}

impl Renamed {
    /// Takes the labels, and the words for the client that can be nobody else.
    pub(super) fn of<'a>(
        labels: &WordMap<Meaning>,
        clients: impl Iterator<Item = &'a String>,
        articles: &Phrases,
    ) -> Renamed {
        let mut renamed = Renamed::default();
        for word in clients.filter(|word| !word.contains(' ')) {
            renamed.clients.insert(word.clone());
            renamed.clients.insert(format!("{word}s"));
        }
        for (label, meaning) in labels {
            let Some(key) = renamed.key(label, articles) else { continue };
            let known = renamed.labels.entry(key).or_insert(Some(*meaning));
            if *known != Some(*meaning) {
                *known = None;
            }
        }
        renamed
    }

    /// What a folded label means that names the client by any of those words.
    pub(super) fn meaning(&self, folded: &str, articles: &Phrases) -> Option<Meaning> {
        *self.labels.get(&self.key(folded, articles)?)?
    }

    /// The words of a label with one word for the client; `None` where it does not name one, or says little else.
    fn key(&self, folded: &str, articles: &Phrases) -> Option<String> {
        let all = words(folded);
        if !all.iter().any(|word| self.clients.contains(*word)) {
            return None;
        }
        let mut key: Vec<&str> = Vec::with_capacity(all.len());
        for word in all {
            if self.clients.contains(word) {
                while key.last().is_some_and(|last| articles.is(last)) {
                    key.pop();
                }
                key.push(SOMEBODY);
            } else {
                key.push(word);
            }
        }
        (key.len() > 2).then(|| key.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::label;
    use super::super::meaning::{Slot, channel};
    use crate::referral::packet::Field;

    #[test]
    fn whatever_the_client_is_called_the_question_is_the_same() {
        let slot =
            |text: &str| label::exact(text).and_then(|label| label.meaning).map(|meaning| meaning.slot);
        for (text, wanted) in [
            ("Does the patient consent to this referral?", Slot::Field(Field::Consent)),
            ("Survivor consents to share information", Slot::Field(Field::Consent)),
            ("Does survivor consent", Slot::Field(Field::Consent)),
            ("Is it safe to call the survivor?", Slot::Safe(channel::CALL)),
            ("Is it safe to email the caller", Slot::Safe(channel::EMAIL)),
            ("¿Es seguro llamar a la usuaria?", Slot::Safe(channel::CALL)),
            ("La usuaria dio su consentimiento", Slot::Field(Field::Consent)),
        ] {
            assert_eq!(slot(text), Some(wanted), "{text}");
        }
        for text in [
            "Is it safe to call the abuser?",
            "Is it safe for the patient to call?",
            "Did the landlord give consent?",
            "Can the patient email us?",
            "Can the patient call the client?",
            // Words that may be the other side, or somebody else of the house.
            "Does the petitioner consent to this referral?",
            "Has the victim given consent",
            "Tenant consents to share information",
            "Is it safe to call the petitioner?",
            "Is it safe to call the victim?",
            "Is it safe to text the resident?",
            "Is it safe to email the student?",
            "Is it safe to call the youth?",
            "Does the individual consent to this referral?",
            "¿Es seguro llamar a la víctima?",
        ] {
            assert_eq!(slot(text), None, "{text}");
        }
    }
}
