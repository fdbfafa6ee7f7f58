//! Words that tell whoever sees a phone's screen what the service is about: in a name of ours, in a subject, in the
//! first line of a letter (RELIABILITY P4, P40).

/// What a locked phone shows of a mail.
pub const PREVIEW: usize = 140;

/// In the languages of our letters to clients; beginnings of words, where a language bends them.
const WORDS: &str = include_str!("revealing/words.txt");

/// Names and words that hold one of the others and say nothing.
const HARMLESS: &str = include_str!("revealing/harmless.txt");

/// The first word that reveals what a text is about: whole words, and inside others the long ones (`metrolegalaid`) and
/// those of a writing that sets no spaces. `own` are an organization's own words beside ours, in lower case.
#[must_use]
pub fn word_in<'a>(text: &str, own: &'a [String]) -> Option<&'a str> {
    let text = HARMLESS.lines().fold(text.to_lowercase(), |text, harmless| text.replace(harmless, " "));
    WORDS.lines().chain(own.iter().map(String::as_str)).find(|word| {
        let whole = || text.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word);
        let is_unspaced = word.chars().all(|c| c >= '\u{2e80}');
        ((is_unspaced || word.chars().count() >= 5) && text.contains(word)) || whole()
    })
}

/// The same of what a locked phone shows of a letter.
#[must_use]
pub fn word_on_screen<'a>(subject: &str, text: &str, own: &'a [String]) -> Option<&'a str> {
    let shown: String = text.chars().take(PREVIEW).collect();
    word_in(subject, own).or_else(|| word_in(&shown, own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_reveals_the_service_is_noticed() {
        for (name, word) in [
            ("dv-help", Some("dv")),
            ("intake.DV", Some("dv")),
            ("metrolegalaid.org", Some("legal")),
            ("SafeShelter", Some("shelter")),
            ("law.example.org", Some("law")),
            ("front.desk", None),
            ("advice", None),
            ("lawn-care", None),
            ("Mesa de entrada", None),
            ("Minneapolis Front Desk", None),
            ("indianapolis.example", None),
            ("con la cortesía de siempre", None),
            ("Courtney Cortez", None),
            ("minneapolis-legal-aid", Some("legal")),
            ("the court in Annapolis", Some("court")),
            ("rele polis la", Some("polis")),
            ("обсудить", None),
            ("в суд", Some("суд")),
            ("帮助家暴受害者", Some("受害")),
        ] {
            assert_eq!(word_in(name, &[]), word, "{name}");
        }
    }

    #[test]
    fn the_list_has_as_many_words_as_the_catalogue_asks_for_and_an_organizations_own_count_too() {
        let mut words: Vec<&str> = WORDS.lines().collect();
        assert!(
            words.len() >= 200 && words.iter().all(|word| word.to_lowercase() == *word && !word.is_empty())
        );
        words.dedup();
        assert_eq!(words.len(), WORDS.lines().count(), "each once");
        let own = ["lighthouse".to_owned()];
        assert_eq!(word_in("The Lighthouse calls", &own), Some("lighthouse"));
        assert_eq!(word_in("The Lighthouse calls", &[]), None);
    }

    #[test]
    fn a_locked_phone_shows_the_subject_and_the_beginning_only() {
        let late = "x".repeat(PREVIEW) + " Legal Aid";
        for (subject, text, word) in [
            ("Your request", "We got your message.", None),
            ("Your legal request", "We got your message.", Some("legal")),
            ("Your request", "The court called.", Some("court")),
            ("Su solicitud", "Hablamos con la policía.", Some("policía")),
            ("Your request", late.as_str(), None),
        ] {
            assert_eq!(word_on_screen(subject, text, &[]), word, "{subject} {text}");
        }
    }
}
