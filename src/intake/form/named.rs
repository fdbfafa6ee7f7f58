//! The one person whom running text introduces: "I am referring Ann Lee", "our client, Ms. Ann Lee".

use super::fold::{fold, words};
use super::lexicon::{LEXICON, Whose};
use super::people;

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
        let name = people::name(rest).filter(|name| name.split_whitespace().nth(1).is_some())?;
        (!is_asked_back(rest.get(name.len()..)?)).then_some(name)
    };
    (0..words.len()).filter_map(name_behind).collect()
}

/// "Client:" within a sentence.
fn calls_client(word: &str) -> bool {
    let is_clients =
        |word: &str| LEXICON.person(word) == Some(Whose::Client) || matches!(word, "name" | "nombre");
    word.strip_suffix([':', '=']).is_some_and(|word| is_clients(&fold(word)))
}

/// "Please contact Dana Reed with any questions": whoever answers for the mail.
fn is_asked_back(behind: &str) -> bool {
    let sentence = behind.split(['.', '!', '?']).next().unwrap_or_default();
    let folded = fold(sentence);
    LEXICON.phrases("asked_back").within(&words(&folded))
}

/// The name that stands beside the client's number, and its line, counted from 1: before it on its line, or on a line
/// of its own right above it, with nothing but an address between. At the end of a letter it is whoever signs.
pub(super) fn beside_number<'a>(text: &'a str, number: &str) -> Option<(&'a str, usize)> {
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let at = lines.iter().position(|line| line.contains(number))?;
    let before =
        lines.get(at)?.split_once(number)?.0.trim_end_matches(|c: char| !c.is_alphabetic() && c != '.');
    if !before.is_empty() {
        // "A walk-in today, Ana Vega, 22, 518-555-0142".
        let mut parts = before.rsplit([',', ';', '(']).map(str::trim);
        let is_name = |part: &&str| part.contains(char::is_alphabetic);
        let part = parts.find(is_name).unwrap_or(before);
        return whole_name(part).map(|name| (name, at + 1)).filter(|_| !is_signed(&lines, at, at));
    }
    let above = lines.get(..at)?.iter().enumerate().rev().take(MOST_ABOVE);
    for (number, line) in above.take_while(|(_, line)| !line.trim().is_empty()) {
        match whole_name(line) {
            Some(name) => return Some((name, number + 1)).filter(|_| !is_signed(&lines, number, at)),
            None if is_address(line) => {}
            None => return None,
        }
    }
    None
}

/// Lines above a number in which a name and an address may stand.
const MOST_ABOVE: usize = 5;

/// A name of several words that is all of a line.
fn whole_name(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = people::name(line).filter(|name| name.split_whitespace().nth(1).is_some())?;
    line.trim_end_matches(|c: char| !c.is_alphabetic() && c != '.').ends_with(name).then_some(name)
}

/// A line of an address: a house with its street, a town with its code, an address of mail.
fn is_address(line: &str) -> bool {
    let is_code = |word: &str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    line.split_whitespace().count() <= 8
        && (line.trim().starts_with(|c: char| c.is_ascii_digit())
            || line.contains('@')
            || line.split_whitespace().next_back().is_some_and(is_code))
}

/// Whether these lines end a text that says more above them, and does not announce them: "Jo Bell\n518-555-0188".
fn is_signed(lines: &[&str], from: usize, to: usize) -> bool {
    let is_filled = |line: &&&str| !line.trim().is_empty();
    let below = lines.get(to + 1..).unwrap_or_default().iter().find(is_filled);
    let above = lines.get(..from).unwrap_or_default().iter().rev().find(is_filled);
    below.is_none() && above.is_some_and(|line| !line.trim().ends_with(':'))
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
    use super::{beside_number, in_running};

    #[test]
    fn a_name_beside_or_above_the_number_is_the_clients_unless_it_signs() {
        let home = "12 Elm Street, Apt 3\nAlbany, NY 12207\n";
        for (text, name) in [
            ("Linda Marsh 702-555-0142".to_owned(), Some("Linda Marsh")),
            ("Linda Marsh 702-555-0142, eviction, needs help!".to_owned(), Some("Linda Marsh")),
            ("Linda Marsh - (702-555-0142)\nLocked out.".to_owned(), Some("Linda Marsh")),
            (format!("New referral:\n\nLinda Marsh\n{home}702-555-0142\n\nLocked out."), Some("Linda Marsh")),
            (format!("New referral:\n\nLinda Marsh\n{home}702-555-0142\n"), Some("Linda Marsh")),
            (format!("Can you call a tenant?\n\nJo Bell\n{home}702-555-0142\n"), None),
            ("Can you call a tenant?\n\nJo Bell 702-555-0142\n".to_owned(), None),
            (
                "We had a walk-in today, Linda Marsh, 22, 702-555-0142, served papers.".to_owned(),
                Some("Linda Marsh"),
            ),
            ("Please call 702-555-0142 today.".to_owned(), None),
            ("New Eviction Case 702-555-0142".to_owned(), None),
            ("She moved out in May\n702-555-0142\n".to_owned(), None),
        ] {
            assert_eq!(beside_number(&text, "702-555-0142").map(|(name, _)| name), name, "{text}");
        }
    }

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
            "She is ok with email but not phone. Name: Ana Vega. Phone 518-555-0142.",
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
