//! The other side by name: "Bob reads her mail" warns as "he reads her mail" does, where Bob is the opposing party.
//!
//! A name that the client has too means the other side where it stands alone, or with a title that cannot be the
//! client's: "Mr. Doe" of Jane and John Doe. Beside the client's own name ("Jane Doe") it means the client.

use std::sync::LazyLock;

use super::super::form::fold::{fold, words};
use super::super::plain::plain;
use super::words::{HELD, WATCHED, kinds};
use crate::intake::quick::{WordMap, WordSet};
use crate::referral::conflict;
use crate::referral::packet::{Field, Packet};

/// More names of one other side are not looked for.
const MOST: usize = 40;

/// The names of the other side of one record, and what tells them from the client's.
pub(super) struct OtherSide {
    /// Folded, as are the client's.
    names: Vec<String>,
    client: Vec<String>,
    is: Option<Gender>,
    client_is: Option<Gender>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gender {
    Male,
    Female,
}

impl OtherSide {
    /// Of a packet; `None` where it names nobody.
    pub(super) fn of(packet: &Packet) -> Option<OtherSide> {
        if !conflict::names_another_side(packet) {
            return None;
        }
        let text = packet.text(Field::OpposingParty)?;
        let mut names: Vec<String> = names_in(text).take(MOST).collect();
        let shorts: Vec<String> = names.iter().flat_map(|name| shorts_of(name)).map(str::to_owned).collect();
        names.extend(shorts);
        let client = packet.text(Field::ClientName).map(|text| names_in(text).collect()).unwrap_or_default();
        let said = packet.text(Field::GenderPronouns).unwrap_or_default();
        let client_is = gender(said, &[(List::SaidMale, Gender::Male), (List::SaidFemale, Gender::Female)]);
        let is = gender(text, &[(List::Male, Gender::Male), (List::Female, Gender::Female)]);
        let is = is.filter(|_| !names_several(text));
        (!names.is_empty()).then_some(OtherSide { names, client, is, client_is })
    }

    /// Which of the folded words of a sentence mean the other side; empty where none does.
    pub(super) fn among(&self, words: &[&str]) -> Vec<bool> {
        let meant: Vec<bool> = (0..words.len()).map(|at| self.is_meant(words, at)).collect();
        if meant.contains(&true) { meant } else { Vec::new() }
    }

    fn is_meant(&self, words: &[&str], at: usize) -> bool {
        let Some(name) = name_at(&self.names, words, at) else {
            // "Mr. Doe", where Doe is the client, who is a woman.
            return name_at(&self.client, words, at).is_some()
                && title_at(words, at).is_some_and(|title| self.client_is.is_some_and(|is| is != title));
        };
        if !self.client.contains(name) {
            return true;
        }
        match title_at(words, at) {
            Some(title) => self.can_be_called(title),
            None => !self.stands_beside_the_clients_own(words, at),
        }
    }

    fn can_be_called(&self, title: Gender) -> bool {
        match self.client_is {
            Some(client_is) => client_is != title || self.is == Some(title),
            None => self.is.is_none_or(|is| is == title),
        }
    }

    /// "Jane Doe", "Doe, Jane", where Jane is the client's alone.
    fn stands_beside_the_clients_own(&self, words: &[&str], at: usize) -> bool {
        let neighbours = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let mut words = neighbours.filter_map(|at| words.get(at));
        let is_own = |name: &&String| !self.names.contains(name);
        words.any(|word| self.client.iter().filter(is_own).any(|name| is_name(word, name)))
    }
}

/// The name that stands at this place: "John", and "John's" where it is no possession.
fn name_at<'a>(names: &'a [String], words: &[&str], at: usize) -> Option<&'a String> {
    let word = words.get(at)?;
    let next = words.get(at + 1).copied().unwrap_or_default();
    let does = || kinds(next) & (WATCHED | HELD) != 0 || List::IsDoing.holds(next);
    let opens = |name: &&String| word.as_bytes().first() == name.as_bytes().first();
    let is_plain = word.is_ascii();
    // Nearly no word is a name, and its first letter tells.
    let behind = |name: &&String| if opens(name) { word.strip_prefix(name.as_str()) } else { None };
    names.iter().find(|name| match behind(name) {
        Some("") => true,
        Some("s") if does() => true,
        Some(_) | None => !is_plain && is_name(word, name),
    })
}

/// A word in letters that are written without spaces holds the name.
fn is_name(word: &str, name: &str) -> bool {
    word == name || !name.is_ascii() && is_joined(name) && word.contains(name)
}

fn is_joined(name: &str) -> bool {
    name.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
}

/// Whose title stands with the name: before it, an initial between them or not, or behind it.
fn title_at(words: &[&str], at: usize) -> Option<Gender> {
    let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).copied().unwrap_or_default();
    let place = if before(1).chars().count() == 1 { 2 } else { 1 };
    let behind = words.get(at..(at + 2).min(words.len())).unwrap_or_default();
    let ends = |list: List| behind.iter().any(|word| list.is_within(word));
    match before(place) {
        title if List::Male.holds(title) => Some(Gender::Male),
        title if List::Female.holds(title) => Some(Gender::Female),
        _ if ends(List::MaleBehind) => Some(Gender::Male),
        _ if ends(List::FemaleBehind) => Some(Gender::Female),
        _ => None,
    }
}

/// What a text says of one person; `None` where it says nothing of the kind, or both.
fn gender(text: &str, lists: &[(List, Gender)]) -> Option<Gender> {
    let folded = fold(&plain(text));
    let words = words(&folded);
    let mut said =
        lists.iter().filter(|(list, _)| words.iter().any(|word| list.holds(word))).map(|(_, one)| *one);
    let first = said.next();
    first.filter(|_| said.next().is_none())
}

/// Whether a folded word stands around names and is none.
pub(super) fn is_title(word: &str) -> bool {
    [List::Male, List::Female, List::Between, List::Never, List::Dotted].iter().any(|list| list.holds(word))
}

/// The full stop behind "Mr" ends no sentence.
pub(super) fn ends_with_title(sentence: &str) -> bool {
    let word = last_word(sentence);
    word.len() <= 4 && List::Dotted.holds(&word.to_lowercase())
}

/// The full stop behind an initial may end one, or not.
pub(super) fn ends_with_initial(sentence: &str) -> bool {
    let word = last_word(sentence);
    word.len() <= 4 && word.chars().count() == 1 && word.starts_with(char::is_uppercase)
}

fn last_word(sentence: &str) -> &str {
    sentence.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// What somebody of this name is called: "Bob" of Robert.
pub(super) fn shorts_of(name: &str) -> impl Iterator<Item = &'static str> {
    SHORTS.get(name).into_iter().flatten().copied()
}

/// What people are called, by their name.
static SHORTS: LazyLock<WordMap<Vec<&str>>> = LazyLock::new(|| {
    let mut all: WordMap<Vec<&str>> = WordMap::default();
    for (names, shorts) in include_str!("short-names.txt").lines().filter_map(|line| line.split_once(": ")) {
        for name in names.split(' ') {
            all.entry(name.to_owned()).or_default().extend(shorts.split(' '));
        }
    }
    all
});

/// "John Doe and his wife Mary".
fn names_several(text: &str) -> bool {
    text.contains(['&', ';', '/']) || words(&fold(text)).iter().any(|word| List::And.holds(word))
}

/// The words of a value that are names: no titles, and nothing between names. "Al", "Mae" and "Le" are names too: where
/// fewer than two words are left, what is written large counts, and where none is left, every word; "Mae" counts wherever
/// it is written large among words that are not. A word too many costs a call, a name too few may cost a life.
fn names_in(text: &str) -> impl Iterator<Item = String> {
    let text = plain(text);
    let all = folded(text.split(|c: char| c.is_whitespace()));
    let is_plain =
        |word: &String| ![List::Male, List::Female, List::Between].iter().any(|list| list.holds(word));
    let mut names: Vec<String> = all.iter().filter(|word| is_plain(word)).cloned().collect();
    let is_mixed = text.contains(char::is_lowercase);
    if names.len() < 2 || is_mixed {
        let large = folded(
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(char::is_uppercase)),
        );
        let is_few = names.len() < 2;
        let is_wanted = |word: &String| !is_plain(word) && (is_few || !List::Between.holds(word));
        names.extend(large.into_iter().filter(is_wanted));
    }
    if names.is_empty() {
        names = all;
    }
    names.into_iter()
}

/// The words of these, folded: no initials, no titles that are never a name.
fn folded<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        let folded = fold(text);
        let is_word =
            |word: &&str| word.chars().count() > 1 && !List::Never.holds(word) && !List::Dotted.holds(word);
        all.extend(words(&folded).into_iter().filter(is_word).map(str::to_owned));
    }
    all
}

/// A list of words; the file says what each is for.
#[derive(Clone, Copy)]
enum List {
    Male,
    Female,
    MaleBehind,
    FemaleBehind,
    SaidMale,
    SaidFemale,
    Between,
    And,
    Dotted,
    Never,
    IsDoing,
}

/// The names of the lists, in their order.
const LISTS: [&str; 11] = [
    "male",
    "female",
    "male_behind",
    "female_behind",
    "said_male",
    "said_female",
    "between",
    "and",
    "dotted",
    "never",
    "is_doing",
];

static WORDS: LazyLock<Vec<WordSet>> = LazyLock::new(|| {
    let lines = || include_str!("names.txt").lines().filter_map(|line| line.split_once(": "));
    let words = |name: &'static str| {
        lines().filter(move |(key, _)| *key == name).flat_map(|(_, words)| words.split(' '))
    };
    LISTS.into_iter().map(|name| words(name).map(str::to_owned).collect()).collect()
});

impl List {
    fn holds(self, word: &str) -> bool {
        WORDS.get(self as usize).is_some_and(|list| list.contains(word))
    }

    /// Whether a word of it stands in this one.
    fn is_within(self, word: &str) -> bool {
        WORDS.get(self as usize).is_some_and(|list| list.iter().any(|part| word.contains(part.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{of, of_other_side};
    use super::*;
    use crate::referral::packet::{Confidence, Found, Judged};

    fn record(client: &str, gender: &str, opposing: &str) -> Packet {
        let mut packet = Packet::default();
        let values =
            [(Field::ClientName, client), (Field::GenderPronouns, gender), (Field::OpposingParty, opposing)];
        for (field, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
            let (judged, confidence) = (Judged::Text, Confidence::High);
            packet.put(field, Found { value: value.to_owned(), judged, confidence, place: String::new() });
        }
        packet
    }

    #[test]
    fn who_is_named_as_the_other_side_is_read_as_he() {
        let packet = record("Ann Lee", "", "Robert O. Lee");
        for (text, is_heard) in [
            ("Robert reads her mail.", true),
            ("(ROBERT) reads the mail", true),
            ("Robert's reading her mail", true),
            ("Robert's got her email password", true),
            ("Robert's attorney wants to share papers by email", false),
            ("Mr. Lee reads her mail", true),
            ("Mr. O. Lee reads her mail", true),
            ("Lee reads her mail", true),
            ("Bob reads her mail", true),
            ("Ann Lee reads her mail every day", false),
            ("Lee, Ann reads her mail every day", false),
            ("Ann reads her mail every day", false),
            ("roberta reads her mail", false),
            ("robert@mail.example", false),
            ("Robert lit ses e-mails", true),
            ("Robert lee sus correos", true),
            ("Robert читает её письма", true),
            ("Keep this confidential: Robert reads the mail", true),
        ] {
            assert!(!of([text]).mail, "nobody knows who Robert is: {text}");
            assert_eq!(of_other_side(&packet, [text]).mail, is_heard, "{text}");
        }
        assert!(!of_other_side(&Packet::default(), ["Robert reads her mail"]).mail);
    }

    #[test]
    fn a_title_before_a_name_of_both_means_whom_it_can_mean() {
        const MR: &str = "Mr. Doe reads her mail";
        const MS: &str = "Ms. Doe reads her mail every day";
        for (gender, opposing, mr, ms) in [
            ("", "John Doe", true, true),
            ("female", "John Doe", true, false),
            ("she/her", "John Doe", true, false),
            ("male", "Jane Doe", false, true),
            ("he or she", "John Doe", true, true),
            ("", "Mr. John Doe", true, false),
            ("", "her husband, John Doe", true, false),
            ("", "John Doe and his wife Mary Doe", true, true),
            ("female", "Mary Doe (mother)", true, true),
            ("female", "John Smith", true, false),
            ("", "John Smith", false, false),
            ("", "none", false, false),
        ] {
            let packet = record("Jane Doe", gender, opposing);
            let heard = [MR, MS].map(|text| of_other_side(&packet, [text]).mail);
            assert_eq!(heard, [mr, ms], "{gender} {opposing}");
        }
        let packet = record("王芳", "", "王伟");
        for (text, is_heard) in [("王伟看她的邮件", true), ("王芳看邮件", false)] {
            assert_eq!(of_other_side(&packet, [text]).mail, is_heard, "{text}");
        }
    }

    #[test]
    fn a_word_for_a_relative_that_is_written_as_a_name_is_one() {
        for opposing in ["Mae Ann Johnson", "Johnson, Ann Mae"] {
            let packet = record("Cleo Lee", "", opposing);
            assert!(of_other_side(&packet, ["Mae reads her mail."]).mail, "{opposing}");
        }
        let packet = record("Cleo Lee", "", "SMITH AND SONS OF THE CITY");
        assert!(!of_other_side(&packet, ["She reads and answers her email"]).mail);
    }

    #[test]
    fn words_between_names_are_nobodys_name() {
        let packet = record("Ann Lee", "", "Smith and Sons of the City");
        for text in ["She reads and answers her email", "Ann has the email of the clinic"] {
            assert!(!of_other_side(&packet, [text]).mail, "{text}");
        }
        assert!(of_other_side(&packet, ["Smith reads her mail"]).mail);
    }

    #[test]
    fn every_list_has_words_and_every_line_is_a_list() {
        assert!(WORDS.iter().all(|list| !list.is_empty()));
        let lines = include_str!("names.txt").lines().filter(|line| !line.starts_with('#'));
        for (name, words) in lines.map(|line| line.split_once(": ").unwrap()) {
            assert!(LISTS.contains(&name), "{name}");
            let unfolded: Vec<&str> = words.split(' ').filter(|word| fold(&plain(word)) != **word).collect();
            assert!(unfolded.is_empty(), "{unfolded:?}");
        }
        assert_eq!(List::IsDoing as usize + 1, LISTS.len());
        let lines = include_str!("short-names.txt").lines().filter(|line| !line.starts_with('#'));
        for (names, shorts) in lines.map(|line| line.split_once(": ").unwrap()) {
            for word in names.split(' ').chain(shorts.split(' ')) {
                assert_eq!(fold(word), word);
                assert_eq!(kinds(word), 0, "{word} is a word of a sentence");
            }
        }
    }
}
