//! Shapes of words: lists of phrases that stand one behind the other. A file has the lists, `list NAME: words|words`, and
//! the shapes, each the names of lists in their order: one with "?" may be missing, one with "*" may be there several times
//! or not at all, one with "+" at least once. What names no list is written out, with "_" for a space. "#" is a number, a
//! date or a time of day.

use std::collections::BTreeMap;

use crate::intake::quick::WordMap;

/// The lists of a file, by their names.
pub(super) type Lists = BTreeMap<&'static str, &'static str>;

/// The lines of a file, each with what stands before its first colon.
pub(super) fn lines(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
}

/// The lists of a file.
pub(super) fn lists(file: &'static str) -> Lists {
    lines(file).filter_map(|(key, phrases)| Some((key.strip_prefix("list ")?, phrases))).collect()
}

/// Each of a file that stands behind a key, for words that are of one all together.
pub(super) fn each(file: &'static str, key: &str) -> Vec<Shape> {
    let lists = lists(file);
    let written = lines(file).filter(|(known, _)| *known == key);
    written.map(|(_, names)| Shape::of(names, &lists)).collect()
}

/// Shapes that are looked for anywhere in words, and where each is that may begin with a word.
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    by_first: WordMap<Vec<usize>>,
}

impl Shapes {
    /// Those of a file that stand behind a key.
    pub(super) fn of(file: &'static str, key: &str) -> Shapes {
        let shapes = each(file, key);
        let mut by_first: WordMap<Vec<usize>> = WordMap::default();
        for (at, shape) in shapes.iter().enumerate() {
            for word in shape.first_words() {
                by_first.entry(word.to_owned()).or_default().push(at);
            }
        }
        Shapes { shapes, by_first }
    }

    /// Which of the words stand in one of them.
    pub(super) fn covered(&self, words: &[&str]) -> Vec<bool> {
        let mut covered = vec![false; words.len()];
        for at in 0..words.len() {
            let rest = words.get(at..).unwrap_or_default();
            let first = rest.first().copied().unwrap_or_default();
            let number = if is_number(first) { "#" } else { "" };
            let begun = [first, number].into_iter().filter_map(|word| self.by_first.get(word)).flatten();
            let longest = |shape: &usize| self.shapes.get(*shape).map_or(0, |shape| shape.longest(rest));
            let end = at + begun.map(longest).max().unwrap_or_default();
            covered.get_mut(at..end).into_iter().flatten().for_each(|word| *word = true);
        }
        covered
    }
}

/// Lists of phrases that stand one behind the other.
pub(super) struct Shape {
    items: Vec<Item>,
}

struct Item {
    /// The phrases by their first words; "#" is there by itself.
    phrases: WordMap<Vec<Vec<String>>>,
    may_be_missing: bool,
    may_be_repeated: bool,
}

impl Shape {
    /// Of the names of its lists.
    pub(super) fn of(names: &'static str, lists: &Lists) -> Shape {
        Shape { items: names.split(' ').map(|name| item(lists, name)).collect() }
    }

    /// Whether words are of it, all of them.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        self.ends(words).last().copied().unwrap_or_default()
    }

    /// How many of the words it takes at most, from the first on; none where they do not begin with it.
    pub(super) fn longest(&self, words: &[&str]) -> usize {
        self.ends(words).iter().rposition(|end| *end).unwrap_or_default()
    }

    /// Where it may end: from all the places that the items before may end at, all those that the next one may.
    fn ends(&self, words: &[&str]) -> Vec<bool> {
        let mut ends = vec![false; words.len() + 1];
        ends.first_mut().into_iter().for_each(|start| *start = true);
        for item in &self.items {
            ends = item.ends(words, ends);
        }
        ends
    }

    /// The words that it may begin with; "#" for a number.
    pub(super) fn first_words(&self) -> impl Iterator<Item = &str> {
        let needed = self.items.iter().position(|item| !item.may_be_missing).unwrap_or(self.items.len());
        self.items.iter().take(needed + 1).flat_map(|item| item.phrases.keys().map(String::as_str))
    }
}

impl Item {
    fn ends(&self, words: &[&str], mut starts: Vec<bool>) -> Vec<bool> {
        let mut ends = if self.may_be_missing { starts.clone() } else { vec![false; starts.len()] };
        for at in 0..words.len() {
            if !starts.get(at).copied().unwrap_or_default() {
                continue;
            }
            for size in self.sizes(words.get(at..).unwrap_or_default()) {
                for places in
                    [Some(&mut ends), self.may_be_repeated.then_some(&mut starts)].into_iter().flatten()
                {
                    places.get_mut(at + size).into_iter().for_each(|place| *place = true);
                }
            }
        }
        ends
    }

    /// How many words each of the phrases has that these begin with.
    fn sizes(&self, words: &[&str]) -> impl Iterator<Item = usize> {
        let first = words.first().copied().unwrap_or_default();
        let phrases = self.phrases.get(first).into_iter().flatten();
        let begun = phrases.filter(|phrase| words.starts_with_all(phrase)).map(Vec::len);
        let is_counted = is_number(first) && self.phrases.contains_key("#");
        begun.chain(is_counted.then_some(1))
    }
}

/// Whether words begin with those of a phrase.
trait StartsWithAll {
    fn starts_with_all(&self, phrase: &[String]) -> bool;
}

impl StartsWithAll for [&str] {
    fn starts_with_all(&self, phrase: &[String]) -> bool {
        self.get(..phrase.len()).is_some_and(|words| words.iter().zip(phrase).all(|(one, two)| one == two))
    }
}

/// A number of a date or an hour, "17", "2026", "5pm"; not one of a telephone.
pub(super) fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = word.get(digits.len()..).unwrap_or_default();
    let number = digits.parse().ok().filter(|_| digits.len() <= 4);
    matches!(unit, "" | "am" | "pm" | "a" | "p" | "st" | "nd" | "rd" | "th" | "h")
        && number.is_some_and(|number: u32| number < 60 || (2020..2040).contains(&number))
}

fn item(lists: &Lists, written: &'static str) -> Item {
    let name = written.trim_end_matches(['?', '*', '+']);
    let listed = lists.get(name).copied();
    let mut phrases: WordMap<Vec<Vec<String>>> = WordMap::default();
    for phrase in listed.unwrap_or(name).split('|') {
        let phrase: Vec<String> = phrase.split([' ', '_']).map(str::to_owned).collect();
        phrases.entry(phrase.first().cloned().unwrap_or_default()).or_default().push(phrase);
    }
    Item {
        phrases,
        may_be_missing: written.ends_with(['?', '*']),
        may_be_repeated: written.ends_with(['*', '+']),
    }
}
