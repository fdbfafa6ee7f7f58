//! Language names, in English, Spanish and the language itself, to BCP 47 tags.

use super::Verdict;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Judged};

/// The first language a text names that is not denied ("no English", "poco inglés"), and whether it names another too.
pub(crate) fn of(text: &str) -> Option<(String, bool)> {
    let folded = fold(text);
    let words = words(&folded);
    let mut found: Option<String> = None;
    let mut at = 0;
    while at < words.len().min(200) {
        let rest = words.get(at..).unwrap_or_default();
        if let Some((tag, size)) = LEXICON.tongue(rest) {
            if !is_denied(&words, at) {
                match &found {
                    None => found = Some(tag.to_owned()),
                    Some(first) if first != tag => return found.map(|tag| (tag, true)),
                    Some(_) => {}
                }
            }
            at += size;
        } else {
            at += 1;
        }
    }
    found.map(|tag| (tag, false))
}

/// The tag of a text that is nothing but the name of a language.
pub(crate) fn alone(text: &str) -> Option<String> {
    let folded = fold(text);
    let words = words(&folded);
    let (tag, size) = LEXICON.tongue(&words)?;
    (size == words.len()).then(|| tag.to_owned())
}

fn is_denied(words: &[&str], at: usize) -> bool {
    let denied = LEXICON.phrases("negated_language");
    (1..=3).any(|back| {
        let Some(from) = at.checked_sub(back) else { return false };
        words.get(from..at).is_some_and(|before| denied.starts(before) == back)
    })
}

/// Judges a language field: a tag if a name was understood, plain words otherwise.
pub(crate) fn judged(value: &str) -> Verdict {
    if let Some((tag, many)) = of(value) {
        let confidence = if many { Confidence::Medium } else { Confidence::High };
        return Verdict { confidence, ..Verdict::of(Judged::Language(tag)) };
    }
    // A bare tag: "es", "zh-Hant", "pt_BR".
    let primary = value.split(['-', '_']).next().unwrap_or_default();
    if matches!(primary.len(), 2 | 3) && value.len() <= 10 && primary.bytes().all(|b| b.is_ascii_lowercase())
    {
        return Verdict::of(Judged::Language(value.replace('_', "-")));
    }
    let problem = Some("The language was not recognised.".to_owned());
    Verdict { problem, confidence: Confidence::Medium, ..Verdict::of(Judged::Text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_their_names_in_english_spanish_and_their_own() {
        for (text, tag) in [
            ("Spanish", "es"),
            ("Español (poco inglés)", "es"),
            ("No English; speaks Haitian Creole", "ht"),
            ("Cantonese, some Mandarin", "yue"),
            ("K'iche'", "quc"),
            ("中文", "zh"),
            ("American Sign Language (ASL)", "ase"),
            ("Tiếng Việt", "vi"),
            ("lengua de señas", "ase"),
        ] {
            assert_eq!(of(text).map(|found| found.0).as_deref(), Some(tag), "{text}");
        }
        assert_eq!(of("other"), None);
    }
}
