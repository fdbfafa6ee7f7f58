//! How far the letters to clients are translated: which are missing, which are older than the English text, which no
//! native speaker has read.

use std::collections::BTreeSet;

use super::render::{FALLBACK, Templates};
use super::tongues::CLIENT_LANGUAGES;
use crate::referral::letter::Body;

/// What stands in `Reviewed-by:` until somebody who grew up with the language has read the letter.
const NOT_REVIEWED: &str = "not yet reviewed";

impl Templates {
    /// What is to be said about the languages of the letters to clients: at most three sentences a letter. None of it
    /// keeps a letter from being sent; a language without a file gets English.
    #[must_use]
    pub fn translation_notes(&self) -> Vec<String> {
        let client = |body: Body| body.client_reference().map(|_| body.kind());
        let kinds: BTreeSet<&'static str> = Body::samples().into_iter().filter_map(client).collect();
        kinds.into_iter().flat_map(|kind| self.notes_about(kind)).collect()
    }

    fn notes_about(&self, kind: &str) -> Vec<String> {
        let written: BTreeSet<String> = self.languages(kind).into_iter().collect();
        let missing = CLIENT_LANGUAGES.into_iter().filter(|tag| !written.contains(*tag));
        let stale = written.iter().filter(|tag| self.is_stale(kind, tag));
        let unread = written.iter().filter(|tag| self.is_unread(kind, tag));
        [
            (list(missing), "not written in", "clients who speak it get English"),
            (
                list(stale.map(String::as_str)),
                "older than the English text in",
                "compare them, then put the new digest into their Source: line",
            ),
            (
                list(unread.map(String::as_str)),
                "never reviewed by a native speaker in",
                "have one read it and write the name into its Reviewed-by: line",
            ),
        ]
        .into_iter()
        .filter(|(languages, ..)| !languages.is_empty())
        .map(|(languages, what, remedy)| format!("{kind}: {what} {languages}; {remedy}"))
        .collect()
    }

    /// A translation that does not name the English text as it is now.
    fn is_stale(&self, kind: &str, language: &str) -> bool {
        language != FALLBACK && self.source_of(kind, language) != self.body_digest(kind, FALLBACK)
    }

    fn is_unread(&self, kind: &str, language: &str) -> bool {
        self.reviewed_by(kind, language).is_none_or(|who| who.is_empty() || who == NOT_REVIEWED)
    }
}

fn list<'a>(tags: impl Iterator<Item = &'a str>) -> String {
    tags.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_of_ours_is_missing_or_stale_in_any_language_and_none_claims_a_review() {
        let notes = Templates::load(None).unwrap().translation_notes();
        assert_eq!(notes.len(), 5, "{notes:#?}");
        for note in notes {
            assert!(note.contains(
                "never reviewed by a native speaker in ar, en, es, fr, ht, ko, pt, ru, tl, vi, zh"
            ));
        }
    }

    #[test]
    fn a_language_without_a_letter_is_missing_and_who_speaks_it_gets_english() {
        let mut templates = Templates::load(None).unwrap();
        for language in ["ko", "tl"] {
            assert!(templates.sources.remove(&format!("client-answer/{language}.txt")).is_some());
        }
        let notes = templates.translation_notes();
        assert!(
            notes.contains(
                &"client-answer: not written in ko, tl; clients who speak it get English".to_owned()
            ),
            "{notes:#?}"
        );
    }

    #[test]
    fn a_changed_english_letter_makes_its_translations_stale_and_a_reviewed_one_is_not_named() {
        let folder = tempfile::tempdir().unwrap();
        let letter = folder.path().join("client-trying");
        std::fs::create_dir(&letter).unwrap();
        let body = "Subject: Your request {{ letter.reference }}\nReviewed-by: Ann\n\nCall us about \
                    {{ letter.reference }}. Reply STOP to stop.\n";
        std::fs::write(letter.join("en.txt"), body).unwrap();
        let notes = Templates::load(Some(folder.path())).unwrap().translation_notes();
        let about: Vec<&String> = notes.iter().filter(|note| note.starts_with("client-trying")).collect();
        assert!(about[0].contains("older than the English text in ar, es, fr"), "{about:?}");
        assert!(about[1].contains("never reviewed by a native speaker in ar, es, fr"), "{about:?}");
    }
}
