//! Words that tell whoever sees a phone's screen what the service is about: in a name of ours, in a subject, in the
//! first line of a letter (RELIABILITY P4, P40).

use unicode_normalization::UnicodeNormalization as _;

use crate::referral::fold::fold;

/// What a locked phone shows of a mail.
pub const PREVIEW: usize = 140;

/// In the languages of our letters to clients; beginnings of words, where a language bends them.
const WORDS: &str = include_str!("revealing/words.txt");

/// Names and words that hold one of the others and say nothing.
const HARMLESS: &str = include_str!("revealing/harmless.txt");

/// The first word that reveals what a text is about: whole words, and inside others the long ones (`metrolegalaid`) and
/// those of a writing that sets no spaces. Accents may be left out of the long ones; without them short words are
/// others. `own` are an organization's own words beside ours, in lower case.
#[must_use]
pub fn word_in<'a>(text: &str, own: &'a [String]) -> Option<&'a str> {
    let text = without_harmless(text);
    let bare = without_harmless(&fold(&text));
    WORDS.lines().chain(own.iter().map(String::as_str)).find(|word| {
        let whole = || text.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word);
        let is_unspaced = word.chars().all(|c| c >= '\u{2e80}');
        let is_long = word.chars().count() >= 5;
        (is_unspaced || is_long) && text.contains(word) || whole() || is_long && bare.contains(&fold(word))
    })
}

/// A text in lower case, accents joined to their letters, without the names and words that say nothing. One that begins
/// with `=` is a whole word: "deporte" says nothing, "deported" does.
fn without_harmless(text: &str) -> String {
    let text = text.nfc().collect::<String>().to_lowercase();
    HARMLESS.lines().fold(text, |text, harmless| match harmless.strip_prefix('=') {
        Some(word) => {
            let mut parts = text.split(word).peekable();
            let mut kept = String::with_capacity(text.len());
            while let Some(part) = parts.next() {
                kept.push_str(part);
                let Some(next) = parts.peek() else { break };
                let is_whole =
                    !kept.ends_with(char::is_alphanumeric) && !next.starts_with(char::is_alphanumeric);
                kept.push_str(if is_whole { " " } else { word });
            }
            kept
        }
        None => text.replace(harmless, " "),
    })
}

/// Words that names are joined of, beside those that reveal: "mydvcenter", "lawhelp".
const JOINED: &str = include_str!("revealing/joined.txt");

/// The same of a name, a domain or a mailbox, where words are joined: [`word_in`], and names that are made of nothing but
/// words which one knows, one of them a short one that reveals ("helpdv"), or of several that are written as one.
#[must_use]
pub fn word_in_name<'a>(name: &str, own: &'a [String]) -> Option<&'a str> {
    let harmless = without_harmless(name);
    let squeezed: String = harmless.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_joined = |word: &&str| {
        let one: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        one.len() < word.len() && one.len() > 6 && squeezed.contains(&one)
    };
    let parted = || harmless.split(|c: char| !c.is_alphabetic()).find_map(revealing_part);
    word_in(name, own)
        .or_else(|| WORDS.lines().chain(own.iter().map(String::as_str)).find(is_joined))
        .or_else(parted)
}

/// The first revealing word of a run of letters that is made of words one knows and of nothing else.
fn revealing_part(run: &str) -> Option<&'static str> {
    // From each place: what the letters before it reveal, where they are such words.
    let mut reached: Vec<Option<Option<&'static str>>> = vec![None; run.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = Some(None);
    }
    for at in 0..run.len() {
        let (Some(Some(found)), Some(rest)) = (reached.get(at).copied(), run.get(at..)) else { continue };
        let known = WORDS.lines().map(|word| (word, Some(word)));
        let known = known.chain(JOINED.lines().map(|word| (word, None)));
        for (word, reveals) in known.filter(|(word, _)| rest.starts_with(*word)) {
            if let Some(place) = reached.get_mut(at + word.len()) {
                *place = Some(place.flatten().or(found).or(reveals));
            }
        }
    }
    reached.pop().flatten().flatten()
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
            ("Maria Betancourt", None),
            ("Harcourt", None),
            ("Corte Madera", None),
            ("la corte", Some("corte")),
            ("Club Deportivo", None),
            ("deporte y salud", None),
            ("deported", Some("deport")),
            ("Dangerfield", None),
            ("policia", Some("policía")),
            ("POLICI\u{301}A", Some("policía")),
            ("carcel", Some("cárcel")),
            ("rapist", Some("rapist")),
            ("lawful", Some("lawful")),
            ("visas", Some("visas")),
            ("judicial", Some("judicial")),
            ("divorciada", Some("divorciad")),
            ("Toa Baja", None),
            ("to\u{300}a", Some("tòa")),
        ] {
            assert_eq!(word_in(name, &[]), word, "{name}");
        }
    }

    #[test]
    fn a_name_whose_words_are_joined_or_of_another_writing_is_noticed() {
        for name in [
            "DVcenter",
            "helpdv",
            "WomensLaw",
            "Safe Horizon",
            "safe-horizon.example",
            "safehorizon",
            "YWCA",
            "DA Office",
            "Protection Orders",
            "Counseling",
            "приют",
            "Maison des femmes",
            "mydvcenter",
            "helplaw",
            "lawcenter.example",
            "womensaid",
            "dvhelp24",
        ] {
            assert!(word_in_name(name, &[]).is_some(), "{name}");
        }
        for name in [
            "Front Desk",
            "frontdesk.example",
            "advice",
            "lawn-care",
            "lawrence.example",
            "Lawson Desk",
            "referrals",
            "handoff.example",
            "mail.example.org",
            "Minneapolis Front Desk",
            "Courtney Cortez",
            "davidcenter",
            "ОБЩЕЕ дело",
        ] {
            assert_eq!(word_in_name(name, &[]), None, "{name}");
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
