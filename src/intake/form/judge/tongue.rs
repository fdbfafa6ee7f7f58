//! Language names, in English, Spanish and the language itself, to BCP 47 tags.

use super::Verdict;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Judged};

/// The varieties of Chinese, which say more than "Chinese" does.
const CHINESE: [&str; 5] = ["cmn", "yue", "nan", "hak", "zh-Hant"];

/// Beside Chinese these tell which of the two writings somebody reads. Whoever reads the one may not read the other.
const FULL_SIGNS: [&str; 10] =
    ["traditional", "trad", "tradicional", "taiwan", "taiwanese", "tw", "hant", "kong", "macau", "taipei"];
const SHORT_SIGNS: [&str; 5] = ["simplified", "simp", "simplificado", "hans", "mainland"];

/// Where one of these stands beside the bare word, a Creole is not the one of Haiti.
const ELSEWHERE: &str = "verde verdean verdian caboverdiano jamaican louisiana seychelles seychellois mauritius mauritian \
    guinea guinean bissau belize belizean bahamas bahamian antillean guadeloupe guadeloupean martinique lucian dominica \
    grenada grenadian trinidad trinidadian guyana guyanese suriname hawaii hawaiian leonean portuguese portugues \
    vincentian nigerian cameroon liberian";

/// The first language a text names that is not denied ("no English", "poco inglés"), and whether it names another too.
/// Of "Chinese (Cantonese)" it is the second, which is the first told more closely.
pub(crate) fn of(text: &str) -> Option<(String, bool)> {
    let folded = fold(text);
    let words = words(&folded);
    let found = first_of(&words)?;
    Some((as_written(found.0, text, &words), found.1))
}

/// Chinese in the writing that is named beside it.
fn as_written(tag: String, text: &str, words: &[&str]) -> String {
    let says = |list: &[&str], sign: [&str; 2]| {
        words.iter().any(|word| list.contains(word)) || sign.iter().any(|sign| text.contains(sign))
    };
    let is_full = says(&FULL_SIGNS, ["繁", "正體"]);
    let is_short = says(&SHORT_SIGNS, ["简", "簡"]);
    match tag.as_str() {
        "zh" | "cmn" if is_full && !is_short => "zh-Hant".to_owned(),
        // Both, or the short ones after all.
        "zh-Hant" if is_short => "zh".to_owned(),
        "yue" if is_short && !is_full => "yue-Hans".to_owned(),
        _ => tag,
    }
}

/// The bare word of another island's Creole is no language that we know.
fn is_another_creole(tag: &str, words: &[&str]) -> bool {
    let is_elsewhere = |word: &&str| ELSEWHERE.split_ascii_whitespace().any(|place| place == *word);
    let is_of_haiti = |word: &&str| ["hait", "ayit", "ayis"].iter().any(|haiti| word.starts_with(haiti));
    tag == "ht" && words.iter().any(is_elsewhere) && !words.iter().any(is_of_haiti)
}

fn first_of(words: &[&str]) -> Option<(String, bool)> {
    let mut found: Option<String> = None;
    let mut at = 0;
    while at < words.len().min(200) {
        let rest = words.get(at..).unwrap_or_default();
        if let Some((tag, size)) = LEXICON.tongue(rest) {
            if !is_denied(words, at) && !is_another_creole(tag, words) {
                match &found {
                    None => found = Some(tag.to_owned()),
                    Some(first) if first == "zh" && CHINESE.contains(&tag) => found = Some(tag.to_owned()),
                    Some(first) if first != "zh" && tag == "zh" && CHINESE.contains(&first.as_str()) => {}
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
    (size == words.len()).then(|| as_written(tag.to_owned(), text, &words))
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

    #[test]
    fn whoever_reads_the_full_signs_of_chinese_is_told_from_whoever_reads_the_short_ones() {
        for (tag, texts) in [
            (
                "zh-Hant",
                &[
                    "Chinese (Traditional)",
                    "Traditional Chinese",
                    "Chinese - Traditional",
                    "Chinese, trad.",
                    "Chinese (Taiwan)",
                    "Chinese (Hong Kong)",
                    "Taiwanese Mandarin",
                    "Mandarin (Taiwan)",
                    "Mandarin, reads Traditional",
                    "繁體中文",
                    "繁体中文",
                    "正體中文",
                    "中文（繁體）",
                    "中文 (繁体)",
                    "中文/繁體",
                    "國語",
                    "chino tradicional",
                ][..],
            ),
            (
                "zh",
                &[
                    "Chinese",
                    "Chinese (Simplified)",
                    "Simplified or Traditional Chinese",
                    "简体中文",
                    "中文（简体）",
                ],
            ),
            ("cmn", &["Mandarin", "Chinese (Mandarin)", "Mandarin (simplified)", "普通话"]),
            (
                "yue",
                &["Cantonese", "Chinese (Cantonese)", "Cantonese (Traditional)", "廣東話", "中文（粵語）"],
            ),
            ("yue-Hans", &["Cantonese, reads simplified"]),
            ("nan", &["Taiwanese", "Taiwanese Hokkien", "台語"]),
        ] {
            for text in texts {
                assert_eq!(of(text).map(|found| found.0).as_deref(), Some(tag), "{text}");
            }
        }
    }

    #[test]
    fn a_language_is_not_taken_for_the_one_it_is_named_like() {
        for (text, tag) in [
            ("Cape Verdean Creole", Some("kea")),
            ("Creole (Cape Verdean)", Some("kea")),
            ("Kriolu", Some("kea")),
            ("Portuguese Creole", Some("kea")),
            ("Jamaican Patois", Some("jam")),
            ("Creole of Guyana", None),
            ("Kreyol (Dominica)", None),
            ("Creole", Some("ht")),
            ("Creole (Haiti)", Some("ht")),
            ("Brazilian Portuguese", Some("pt")),
            ("Portuguese (Brazil)", Some("pt")),
            ("Mexican Spanish", Some("es")),
            ("Farsi", Some("fa")),
            ("Dari", Some("prs")),
            ("Farsi (Persian)", Some("fa")),
            ("Ukrainian", Some("uk")),
            ("Sudanese Arabic", Some("ar")),
        ] {
            assert_eq!(of(text).map(|found| found.0).as_deref(), tag, "{text}");
        }
    }
}
