//! Another: whoever writes from a client's address may not be the client, or may not be alone there. "This is her husband,
//! who are you?" gets no answer of ours, which would tell him that she asked for help.

mod number;

use std::sync::LazyLock;

use super::any_of::AnyOf;
use super::form::fold::fold;
use super::plain::{is_unspaced, plain};
pub use number::calls_number_wrong;

/// The words; the file says what they are.
const FILE: &str = include_str!("another.txt");
/// More of them, of more languages.
const TONGUES: &str = include_str!("another-tongues.txt");
/// What is said of an address that is another's.
const WRONG_ADDRESS: &str = include_str!("another-address.txt");
/// What is said of the client by name.
const BY_NAME: &str = include_str!("another-name.txt");
/// What stands around and within a name.
const TITLES: &str = include_str!("another-titles.txt");
/// So many letters are looked at: a person says it at once.
const LETTERS: usize = 2_000;

static PHRASES: LazyLock<AnyOf> = LazyLock::new(|| phrases(FILE));
static FOREIGN: LazyLock<AnyOf> = LazyLock::new(|| phrases(TONGUES));
static WRONG: LazyLock<AnyOf> = LazyLock::new(|| phrases(WRONG_ADDRESS));
static HARMLESS: LazyLock<Vec<&str>> = LazyLock::new(|| harmless(FILE));
static PHRASES_BY_NAME: LazyLock<AnyOf> = LazyLock::new(|| phrases(BY_NAME));

fn phrases(file: &'static str) -> AnyOf {
    let begins = |phrase: &str| format!(" {phrase}");
    let phrases = lines(file).filter(|line| !line.starts_with('-'));
    AnyOf::of(phrases.map(|line| line.strip_prefix('~').map_or_else(|| begins(line), str::to_owned)))
}

fn harmless(file: &'static str) -> Vec<&'static str> {
    lines(file).filter_map(|line| line.strip_prefix("- ")).collect()
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The words of a list of titles and the like.
fn titles(key: &str) -> impl Iterator<Item = &'static str> {
    let line = TITLES.lines().find_map(move |line| line.strip_prefix(key)?.strip_prefix(": "));
    line.into_iter().flat_map(str::split_whitespace)
}

/// What is looked through: folded, with a sign for the beginning and one for the end.
fn begun(own: &str) -> String {
    folded(own, LETTERS)
}

fn folded(own: &str, letters: usize) -> String {
    let own: String = own.chars().take(letters).collect();
    format!(" ^ {} $", fold(&plain(&own)))
}

/// Whether somebody who writes from a client's address says, in their own words, that they are somebody else, asks who
/// we are, or says that somebody looks on.
#[must_use]
pub fn may_write(own: &str) -> bool {
    let own = begun(own);
    FOREIGN.is_in(&own)
        || PHRASES.is_in(&HARMLESS.iter().fold(own, |own, harmless| own.replace(harmless, "")))
}

/// Whether somebody beside the client says that an address is not the client's: whatever is sent there, another gets.
#[must_use]
pub fn calls_address_wrong(own: &str) -> bool {
    WRONG.is_in(&begun(own))
}

/// Whether they say of the client, by a word of this name, what only somebody else would: "I am not Ana", "who is Ana?".
#[must_use]
pub fn may_deny(own: &str, name: &str) -> bool {
    let name = fold(&plain(name));
    let names: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
    let own = begun(without_signature(own, &names));
    let said = with_signs(&own, &names);
    // Chinese and Korean set no space between a name and what is said of it.
    let unspaced = names.concat();
    let is_run = unspaced.chars().next().is_some_and(is_unspaced);
    let in_a_run = || PHRASES_BY_NAME.is_in(&said.replace(&*name, "@").replace(&unspaced, "@"));
    let in_other_signs = || PHRASES_BY_NAME.is_in(&said.replace(" @", "@").replace("@ ", "@"));
    PHRASES_BY_NAME.is_in(&said) || said.contains(is_unspaced) && in_other_signs() || is_run && in_a_run()
}

/// The text without a last line that holds nothing but the name, below a sentence that is over: "I did not.", and Ana.
fn without_signature<'a>(own: &'a str, names: &[&str]) -> &'a str {
    let Some((above, last)) = own.trim_end().rsplit_once('\n') else { return own };
    let is_over = above.trim_end().ends_with(['.', '!', '?', ',']);
    let is_theirs = fold(&plain(last)).split(' ').all(|word| names.contains(&word));
    if is_over && is_theirs && !last.contains('?') { above } else { own }
}

/// The text with one sign for each run of words of a name, titles before it left out.
fn with_signs(own: &str, names: &[&str]) -> String {
    let is_name = |word: &str| {
        let is_theirs = |name: &&str| word.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "s"));
        names.iter().any(is_theirs)
    };
    let mut said: Vec<&str> = Vec::new();
    let words: Vec<&str> = own.split(' ').filter(|word| !word.is_empty()).collect();
    for run in words.chunk_by(|one, next| is_name(one) == is_name(next)) {
        if run.first().is_some_and(|word| is_name(word)) && names_somebody(run) {
            leave_title_out(&mut said);
            said.push("@");
        } else {
            said.extend(run);
        }
    }
    said.iter().fold(String::new(), |text, word| text + " " + word)
}

/// A word of a name that is long enough not to be another one, or two short ones: "An" and "de la" name nobody.
fn names_somebody(run: &[&str]) -> bool {
    let own = run.iter().filter(|word| titles("particles").all(|particle| particle != **word));
    let is_long = |word: &&str| word.chars().count() >= 3 || word.contains(is_unspaced);
    own.clone().any(is_long) || own.count() >= 2
}

/// "La señora Ana" is Ana.
fn leave_title_out(said: &mut Vec<&str>) {
    let ends_with =
        |said: &[&str], key| said.last().is_some_and(|last| titles(key).any(|word| word == *last));
    if ends_with(said, "titles") {
        said.pop();
        if ends_with(said, "articles") {
            said.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_the_client_or_not_alone_is_heard() {
        for text in [
            "This is her husband, who are you?",
            "Ana is not here, this is Juan.",
            "Who is this?",
            "\u{bf}Qui\u{e9}n es?",
            "This is my work email, my boss can see it.",
            "I am her daughter, she passed away.",
            "I\u{2019}m not the person you want",
            "Ana no vive aqu\u{ed}, soy su esposo.",
            "he is here now",
            "I am being watched",
            "Can you text instead of email?",
            "This is not a good address for me.",
            "Qui \u{ea}tes-vous ?",
            "Quem \u{e9}?",
            "Кто это?",
            "你们是谁？",
            "누구세요?",
            "من أنتم؟",
        ] {
            assert!(may_write(text), "{text}");
        }
        for text in [
            "Thank you, when is my appointment?",
            "My new number is 518 555 0100",
            "Gracias, espero su llamada.",
            "I need help with my rent.",
            "This is Ana. Please call me tomorrow.",
            "谢谢，我明天可以",
            "Merci beaucoup",
            "I am not able to come on Monday, my husband passed away.",
            "No soy ciudadana, necesito ayuda.",
            "",
        ] {
            assert!(!may_write(text), "{text}");
        }
    }

    #[test]
    fn who_denies_to_be_the_client_by_name_is_heard_in_every_language() {
        const SAMPLES: &str = include_str!("another-samples.txt");
        let is_wrong = |line: &&str| {
            let (name, rest) = line.split_once(" | ").unwrap();
            let (is_denied, text) = rest.split_once(' ').unwrap();
            (may_write(text) || may_deny(text, name)) != (is_denied == "yes")
        };
        let samples = SAMPLES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(samples.filter(is_wrong).collect::<Vec<_>>(), Vec::<&str>::new());
        assert!(!may_deny("Did I get it? I did not.\n\nAna", "Ana Canary"), "she signs");
        assert!(may_deny("Who is\nAna?", "Ana Canary") && may_deny("I am not\nAna", "Ana Canary"));
    }

    #[test]
    fn an_address_that_is_called_anothers_is_heard() {
        for text in [
            "Sorry, wrong email for Ana!",
            "I gave you the wrong e-mail address.",
            "That email is her ex-husband's.",
            "the email belongs to her sister",
            "This is not her email",
            "Perd\u{f3}n, el correo est\u{e1} equivocado",
        ] {
            assert!(calls_address_wrong(text), "{text}");
        }
        for text in ["Her email is right.", "The wrong form was attached.", "She moved to a new address"] {
            assert!(!calls_address_wrong(text), "{text}");
        }
    }

    #[test]
    fn every_line_is_folded() {
        for line in lines(FILE).chain(lines(TONGUES)).chain(lines(WRONG_ADDRESS)) {
            let phrase = line.trim_start_matches(['~', '^', '-', ' ']).trim_end_matches(" $");
            assert_eq!(fold(&plain(phrase)), phrase);
        }
        for line in lines(BY_NAME) {
            let phrase = line.trim_start_matches('~');
            let parts: Vec<String> = phrase.split('@').map(|part| fold(&plain(part))).collect();
            assert_eq!(parts, phrase.split('@').map(str::trim).collect::<Vec<_>>(), "{line}");
            assert_eq!(parts.len(), 2, "{line}");
        }
    }
}
