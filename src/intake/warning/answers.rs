//! Answers of a form about the client's home, their devices, who knows and who filled it in, under labels in anybody's
//! words: "Spyware: yes", "Client knows about referral: no", "Completed by: spouse". Lists and rules are in a file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::super::form::fold::{fold, words};
use super::asked::denies;
use super::words::{ANSWERS, NEGATIVE, kinds};
use super::{Phone, Warnings};
use crate::intake::quick::WordMap;

const FILE: &str = include_str!("answers.txt");

/// A longer label is a sentence, in words and in bytes.
const MOST_WORDS: usize = 14;
const LONGEST: usize = 140;
/// So many words of an answer are looked at.
const MOST_ANSWERED: usize = 14;
/// The longest question that a no can deny, and the longest name of a thing, in words.
const MOST_ASKED: usize = 12;
const MOST_NAMED: usize = 5;
/// An answer of more words is more than a yes or a no.
const SHORT: usize = 6;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(rules);

/// The rules by a word that each label has which they are about.
static BY_WORD: LazyLock<WordMap<Vec<usize>>> = LazyLock::new(|| {
    let mut all = WordMap::<Vec<usize>>::default();
    for (rule, word) in opening_words() {
        all.entry(word.to_owned()).or_default().push(rule);
    }
    all
});

/// What a label and its answer say together; of what several rules say the last one here counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Answer {
    /// Nothing of the kind, or nobody can tell.
    Nothing,
    /// The harm that was asked about is denied, and no more is said.
    Denies,
    /// Writing may do harm.
    Warns,
}

/// What an answer of a form warns of that says that somebody is too near.
pub(super) const CLOSE: Warnings = Warnings {
    mail: true,
    consent: false,
    phone: Phone { call: false, text: false, voicemail: false },
    letter: false,
    is_grave: true,
};

/// What kind of answer warns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Yes,
    No,
    Who,
}

struct Rule {
    kind: Kind,
    label: Vec<Test>,
    answer: Vec<Test>,
}

/// One list, and what is asked of it.
struct Test {
    phrases: Vec<Vec<&'static str>>,
    wants: Wants,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    One,
    None,
    Only,
}

impl Test {
    fn holds(&self, words: &[&str]) -> bool {
        let is_there = |phrase: &Vec<&str>| words.windows(phrase.len()).any(|some| some == phrase.as_slice());
        match self.wants {
            Wants::One => self.phrases.iter().any(is_there),
            Wants::None => !self.phrases.iter().any(is_there),
            Wants::Only => words.iter().all(|word| self.phrases.iter().any(|phrase| phrase == &[*word])),
        }
    }
}

impl Rule {
    fn of(&self, label: &[&str], answer: &[&str], is_plain: bool) -> Answer {
        if !self.label.iter().all(|test| test.holds(label)) {
            return Answer::Nothing;
        }
        let (agrees, refuses) = (opens(answer, "agrees"), opens(answer, "refuses"));
        let is_bare = answer.len() == 1;
        match self.kind {
            Kind::Yes if agrees => Answer::Warns,
            Kind::Yes if is_plain && denies(&answer.join(" ")) => Answer::Denies,
            Kind::No if refuses && answer.len() <= SHORT => Answer::Warns,
            Kind::No if is_plain && agrees && is_bare => Answer::Denies,
            Kind::Who if self.answer.iter().all(|test| test.holds(answer)) => Answer::Warns,
            Kind::Yes | Kind::No | Kind::Who => Answer::Nothing,
        }
    }
}

/// Whether an answer opens with a word of a list.
fn opens(answer: &[&str], list: &'static str) -> bool {
    let phrases = LISTS.get(list).copied().unwrap_or_default();
    phrases.split('|').any(|phrase| answer.starts_with(&phrase.split(' ').collect::<Vec<_>>()))
}

/// The words of the first lists of the rules: a line without any of them says nothing of the kind.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    opening_words().map(|(_, word)| (word, ANSWERS))
}

/// Of each rule with its number, the longest word of each phrase that its first list has.
fn opening_words() -> impl Iterator<Item = (usize, &'static str)> {
    let firsts = RULES.iter().enumerate().filter_map(|(at, rule)| Some((at, rule.label.first()?)));
    let longest = |phrase: &Vec<&'static str>| phrase.iter().copied().max_by_key(|word| word.len());
    firsts.flat_map(move |(at, test)| test.phrases.iter().filter_map(longest).map(move |word| (at, word)))
}

/// Whether a line with words of these kinds may say so.
pub(super) const fn may_be_said(marks: u64) -> bool {
    marks & ANSWERS != 0
}

/// What a line says that opens with a label and answers it.
pub(super) fn of(sentence: &str) -> Answer {
    let Some((label, answer)) = sentence.split_once([':', '?']).filter(|(label, _)| label.len() <= LONGEST)
    else {
        return Answer::Nothing;
    };
    let is_question = sentence.get(label.len()..).is_some_and(|from| from.starts_with('?'));
    let is_whole = !label.contains([',', ';', '(', '-', '–', '—', '.']);
    let (label, answer) = (fold(label), fold(answer));
    let (label, answer) = (words(&label), words(&answer));
    if label.len() > MOST_WORDS || answer.is_empty() {
        return Answer::Nothing;
    }
    // A label that tells something itself is not taken back by its answer, nor by the beginning of a long one.
    let most = if is_question { MOST_ASKED } else { MOST_NAMED };
    let is_plain = is_whole
        && label.len() <= most
        && answer.len() <= MOST_ANSWERED
        && !label.iter().any(|word| kinds(word) & NEGATIVE != 0);
    let heard = answer.get(..MOST_ANSWERED.min(answer.len())).unwrap_or_default();
    let rules = label.iter().filter_map(|word| BY_WORD.get(*word)).flatten();
    let said = rules.filter_map(|rule| RULES.get(*rule)).map(|rule| rule.of(&label, heard, is_plain));
    said.fold(Answer::Nothing, Answer::max)
}

static LISTS: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    lines().filter_map(|(key, phrases)| Some((key.strip_prefix("list ")?, phrases))).collect()
});

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

fn rules() -> Vec<Rule> {
    let kind = |name: &str| match name {
        "yes" => Some(Kind::Yes),
        "no" => Some(Kind::No),
        "who" => Some(Kind::Who),
        _ => None,
    };
    let tests = |names: &'static str| names.split_ascii_whitespace().map(test).collect();
    let rule = |(key, names): (&str, &'static str)| {
        let (label, answer) = names.split_once(" > ").unwrap_or((names, ""));
        Some(Rule { kind: kind(key)?, label: tests(label), answer: tests(answer) })
    };
    lines().filter_map(rule).collect()
}

fn test(written: &'static str) -> Test {
    let (name, wants) = match (written.strip_prefix('-'), written.strip_prefix('=')) {
        (Some(name), _) => (name, Wants::None),
        (None, Some(name)) => (name, Wants::Only),
        (None, None) => (written, Wants::One),
    };
    let phrases = LISTS.get(name).copied().unwrap_or_default();
    Test { phrases: phrases.split('|').map(|phrase| phrase.split(' ').collect()).collect(), wants }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_warns_denies_or_says_nothing() {
        for (line, said) in [
            ("Spyware: yes", Answer::Warns),
            ("Spyware: no", Answer::Denies),
            ("Does the client live with the abuser? No", Answer::Denies),
            ("Does the client live with the abuser? No, but he comes by", Answer::Nothing),
            ("Does the client live with the abuser? Yes", Answer::Warns),
            ("Client knows about referral: No", Answer::Warns),
            ("Client knows about referral: yes", Answer::Denies),
            ("Has client been told about fees?: no", Answer::Nothing),
            ("Others with access: husband", Answer::Warns),
            ("Others with access: none", Answer::Nothing),
            ("Completed by: spouse", Answer::Warns),
            ("Completed by: partner agency", Answer::Nothing),
            ("Completed by: Dana Cole", Answer::Nothing),
            ("Relationship to opposing party: husband", Answer::Nothing),
            ("Address: same as opposing party", Answer::Warns),
            ("Living situation: fled the abuser", Answer::Nothing),
        ] {
            assert_eq!(of(line), said, "{line}");
        }
    }

    #[test]
    fn every_list_is_used_and_folded_and_every_rule_knows_its_lists() {
        let rules = || lines().filter(|(key, _)| !key.starts_with("list "));
        let used: Vec<&str> = rules()
            .flat_map(|(_, names)| names.split([' ', '>']))
            .map(|name| name.trim_start_matches(['-', '=']))
            .filter(|name| !name.is_empty())
            .collect();
        assert_eq!(RULES.len(), rules().count());
        assert!(RULES.iter().all(|rule| rule.label.first().is_some_and(|test| test.wants == Wants::One)));
        assert!(used.iter().all(|name| LISTS.contains_key(name)), "{used:?}");
        for (name, phrases) in LISTS.iter() {
            assert!(used.contains(name) || matches!(*name, "agrees" | "refuses"), "{name}");
            assert!(phrases.split('|').all(|phrase| !phrase.is_empty() && fold(phrase) == phrase), "{name}");
        }
    }
}
