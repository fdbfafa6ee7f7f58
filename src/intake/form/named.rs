//! The one person whom running text introduces: "I am referring Ann Lee", "our client, Ms. Ann Lee".

use super::fold::{fold, words};
use super::lexicon::{LEXICON, Whose};
use super::people::opening;

/// Lines that are looked through: a name is told early.
const MOST_LINES: usize = 60;
/// Words of a line that are looked at.
const MOST_WORDS: usize = 200;

/// The name and its line, counted from 1 (0 is the subject); `None` when none is told, or several are.
pub(super) fn in_running<'a>(subject: &'a str, text: &'a str) -> Option<(&'a str, usize)> {
    let lines = std::iter::once(subject).chain(text.lines().take(MOST_LINES)).enumerate();
    let mut found: Option<(&str, usize)> = None;
    for (number, line) in lines.filter(|(_, line)| !line.starts_with('>')) {
        for name in introduced(line) {
            match found {
                None => found = Some((name, number)),
                Some((known, _)) if fold(known) == fold(name) => {}
                Some(_) => return None,
            }
        }
    }
    found
}

/// The whole names that stand behind words of introduction. One word alone may be anything.
fn introduced(line: &str) -> Vec<&str> {
    let cues = LEXICON.phrases("introductions");
    let spans: Vec<(usize, &str)> = spans(line).take(MOST_WORDS).collect();
    let folded: Vec<String> = spans.iter().map(|(_, word)| fold(word)).collect();
    let words: Vec<&str> = folded.iter().map(String::as_str).collect();
    let name_behind = |at: usize| {
        let rest = words.get(at..)?;
        let labelled = || usize::from(spans.get(at).is_some_and(|(_, word)| calls_client(word)));
        let mut next = at + Some(cues.starts(rest).max(labelled())).filter(|size| *size > 0)?;
        let is_passed =
            |word: &&str| ["articles", "honorifics"].iter().any(|list| LEXICON.phrases(list).is(word));
        next += words.get(next..)?.iter().take(2).take_while(|word| is_passed(word)).count();
        let (from, _) = spans.get(next)?;
        let rest = line.get(*from..)?;
        let name = opening::name(rest).filter(|name| name.split_whitespace().nth(1).is_some())?;
        (!is_asked_back(rest.get(name.len()..)?)).then_some(name)
    };
    (0..words.len()).filter_map(name_behind).collect()
}

/// "Client:" within a sentence.
fn calls_client(word: &str) -> bool {
    word.strip_suffix([':', '=']).is_some_and(|word| LEXICON.person(&fold(word)) == Some(Whose::Client))
}

/// "Please contact Dana Reed with any questions": whoever answers for the mail.
fn is_asked_back(behind: &str) -> bool {
    let sentence = behind.split(['.', '!', '?']).next().unwrap_or_default();
    let folded = fold(sentence);
    LEXICON.phrases("asked_back").within(&words(&folded))
}

/// The words of a line with where they begin.
fn spans(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    line.split(char::is_whitespace).filter_map(move |word| {
        let at = from;
        from += word.len()
            + line.get(from + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((at, word))
    })
}

#[cfg(test)]
mod tests {
    use super::in_running;

    #[test]
    fn whoever_answers_for_the_mail_is_no_client() {
        for text in [
            "Please contact Dana Reed with any questions.",
            "For more please call Dana Reed if you have questions, 518-555-0142.",
            "Please reach out to Dana Reed for more information.",
        ] {
            assert_eq!(in_running("hello", text), None, "{text}");
        }
        for text in [
            "Please reach out to Ms. Ana Vega, mother of one of our students.",
            "Pls see attached. Client: Ana Vega, 87. Call her.",
            "Her name's Ana Vega, landlord changed the locks.",
            "I am working with a survivor named Ana Vega who needs an order.",
        ] {
            assert_eq!(in_running("hello", text).map(|(name, _)| name), Some("Ana Vega"), "{text}");
        }
    }

    #[test]
    fn whoever_is_introduced_as_a_colleague_is_no_client() {
        for text in [
            "Hello, I would like to introduce Sarah Miller, our new paralegal. Her number is 518-555-0142.",
            "Hi, can you help Dana Reed understand your form? She is our new case manager, 518-555-0142.",
            "Could you help Dana Reed with the portal?",
        ] {
            assert_eq!(in_running("hello", text), None, "{text}");
        }
        for text in [
            "I would like to introduce our client Ana Vega.",
            "Can you help my client Ana Vega with her eviction?",
            "Could you help a survivor Ana Vega with a divorce?",
            "I would like to refer a client, Ana Vega.",
        ] {
            assert_eq!(in_running("hello", text).map(|(name, _)| name), Some("Ana Vega"), "{text}");
        }
    }
}
