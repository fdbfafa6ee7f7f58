//! The words of every language file, ready to be looked up: labels, section headings, words of judgement.
//!
//! Built once from the files beside `labels/en.toml`; a language is added by adding a file.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::fold::fold;
use super::gate::{Gate, may};
pub(crate) use super::meaning::{Meaning, Slot, Whose, channel};
use super::meaning::{meaning_of, slot_of, whose_of};
pub(crate) use super::phrases::Phrases;
use super::renamed::Renamed;
use super::slip::Slips;
use super::wording::Wording;
use crate::intake::marks::Marks;
use crate::intake::quick::WordMap;
use crate::referral::packet::Field;

#[derive(RustEmbed)]
#[folder = "src/intake/labels/"]
struct Files;

/// Not a language, but the names of all languages.
const TONGUES: &str = "tongues.toml";

/// One language file.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LanguageFile {
    openers: Vec<String>,
    yours: Vec<String>,
    joins: Vec<String>,
    persons: BTreeMap<String, Vec<String>>,
    parts: BTreeMap<String, Vec<String>>,
    labels: BTreeMap<String, Vec<String>>,
    sections: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TongueFile {
    tags: BTreeMap<String, Vec<String>>,
}

/// Every language's words together.
#[derive(Default)]
pub(crate) struct Lexicon {
    labels: WordMap<Meaning>,
    parts: WordMap<Slot>,
    persons: WordMap<Whose>,
    /// The first and last words of all of it: what begins or ends otherwise is nothing we know.
    pub(crate) gate: Gate,
    slips: Slips,
    wording: Wording,
    renamed: Renamed,
    headings: WordMap<Whose>,
    phrases: WordMap<Phrases>,
    /// The lists every line is asked for.
    pub(crate) hot: Hot,
    tongues: WordMap<String>,
    tongue_words: usize,
    /// Month names, each with its number 1 to 12.
    pub(crate) months: WordMap<u32>,
    /// Weekday names, Monday is 0.
    pub(crate) weekdays: WordMap<u32>,
    empty: Phrases,
}

/// Lists that are looked up for every line or every sentence, without a search for their name.
#[derive(Default)]
pub(crate) struct Hot {
    /// What ends a form.
    pub(crate) footers: Phrases,
    /// What begins another person's block.
    pub(crate) counted: Phrases,
    around: Phrases,
    openers: Phrases,
    yours: Phrases,
    joins: Phrases,
    /// Words that can begin a phrase of the running text, with a bit for each of [`CUES`].
    pub(crate) cues: Marks,
    /// Words that a date without digits alone can begin with, with bits of [`day`].
    pub(crate) days: WordMap<u8>,
}

/// The lists of the running text, in the order of their bits in [`Hot::cues`].
pub(crate) const CUES: [&str; 7] = [
    "kind_lockout_date",
    "kind_filing_deadline",
    "kind_court_date",
    "kind_client_dob",
    "kind_other_deadline",
    "language_cue",
    "urgent",
];

/// What a word can say of a day, as bits.
pub(crate) mod day {
    /// The name of a month.
    pub(crate) const MONTH: u8 = 1;
    /// The name of a day of the week.
    pub(crate) const WEEKDAY: u8 = 2;
    /// A day told from today: "tomorrow".
    pub(crate) const RELATIVE: u8 = 4;
    /// The lists of such days.
    pub(crate) const RELATIVES: [&str; 3] = ["day_after", "tomorrow", "today"];
    /// What opens one that is counted from today: "in 3 days".
    pub(crate) const COUNTED: u8 = 8;
}

/// The lexicon, built at first use.
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

impl Lexicon {
    fn build() -> Lexicon {
        let mut lexicon = Lexicon::default();
        // English first: where two languages share a spelling its reading stands.
        let mut names: Vec<String> = Files::iter().map(std::borrow::Cow::into_owned).collect();
        names.sort_by_key(|name| (name != "en.toml", name.clone()));
        for name in names {
            let Some(file) = Files::get(&name) else { continue };
            let text = String::from_utf8_lossy(&file.data);
            if name == TONGUES {
                lexicon.add_tongues(&toml::from_str(&text).unwrap_or_default());
            } else {
                lexicon.add_language(&toml::from_str(&text).unwrap_or_default());
            }
        }
        lexicon.add_keys();
        lexicon.index_near();
        lexicon.index_starts();
        lexicon
    }

    fn add_language(&mut self, file: &LanguageFile) {
        for (key, labels) in &file.labels {
            let Some(meaning) = meaning_of(key) else { continue };
            for label in labels {
                self.add_label(label, meaning);
            }
        }
        self.add_parts(file);
        for (key, headings) in &file.sections {
            match whose_of(key) {
                Some(whose) => {
                    for heading in headings {
                        self.headings.entry(fold(heading)).or_insert(whose);
                    }
                }
                None => headings.iter().for_each(|word| self.add_phrase(key, word)),
            }
        }
        for (key, words) in &file.words {
            match key.as_str() {
                "months" => number(&mut self.months, words, 1),
                "weekdays" => number(&mut self.weekdays, words, 0),
                _ => listed(&file.words, words).for_each(|word| self.add_phrase(key, word)),
            }
        }
    }

    fn add_parts(&mut self, file: &LanguageFile) {
        for (list, phrases) in [("openers", &file.openers), ("yours", &file.yours), ("joins", &file.joins)] {
            for phrase in phrases {
                self.add_phrase(list, phrase);
            }
        }
        for (key, parts) in &file.parts {
            let Some(slot) = slot_of(key) else { continue };
            for part in parts {
                self.parts.entry(fold(part)).or_insert(slot);
            }
        }
        for (key, persons) in &file.persons {
            let Some(whose) = whose_of(key) else { continue };
            for person in persons {
                self.persons.entry(fold(person)).or_insert(whose);
            }
        }
    }

    /// Our own keys are labels too: the form block in our letters and JSON use them.
    fn add_keys(&mut self) {
        for field in Field::ALL {
            if let Some(meaning) = meaning_of(field.key()) {
                self.add_label(field.key(), meaning);
            }
        }
    }

    fn add_tongues(&mut self, file: &TongueFile) {
        for (tag, names) in &file.tags {
            for name in names.iter().map(|name| fold(name)) {
                self.tongue_words = self.tongue_words.max(name.split(' ').count());
                self.tongues.entry(name).or_insert_with(|| tag.clone());
            }
        }
    }

    fn add_label(&mut self, label: &str, meaning: Meaning) {
        let key = fold(label);
        if !key.is_empty() {
            self.labels.entry(key).or_insert(meaning);
        }
    }

    fn add_phrase(&mut self, list: &str, phrase: &str) {
        self.phrases.entry(list.to_owned()).or_default().add(phrase);
    }

    /// Labels a misspelt one is compared with: those of the files, every part alone, and every part of the persons
    /// that forms name most.
    fn index_near(&mut self) {
        let clients = self.persons.iter().filter(|(_, whose)| **whose == Whose::Client).map(|(word, _)| word);
        let clients = clients.filter(|word| !self.phrases("doubtful_clients").is(word));
        self.renamed = Renamed::of(&self.labels, clients, self.phrases("articles"));
        let mut all: Vec<(String, Meaning)> =
            self.labels.iter().map(|(label, meaning)| (label.clone(), *meaning)).collect();
        for (part, slot) in &self.parts {
            all.push((part.clone(), Meaning { slot: *slot, whose: Whose::Plain }));
            for person in ["client", "clients", "referrer", "patient", "applicant"] {
                let Some(whose) = self.persons.get(person.trim_end_matches('s')) else { continue };
                all.push((format!("{person} {part}"), Meaning { slot: *slot, whose: *whose }));
            }
        }
        self.slips = Slips::of(all);
        let parts =
            self.parts.iter().map(|(part, slot)| (part, Meaning { slot: *slot, whose: Whose::Plain }));
        let labels = self.labels.iter().map(|(label, meaning)| (label, *meaning)).chain(parts);
        let mut take = |list: &str| self.phrases.remove(list).unwrap_or_default();
        let lists = (take("fillers"), take("fillers_client"), take("fillers_your"));
        self.wording =
            Wording::of(labels.map(|(label, meaning)| (label.as_str(), meaning)), lists.0, lists.1, lists.2);
    }

    /// The words of [`Hot::days`].
    fn days(&self) -> WordMap<u8> {
        let openings = |list: &str, bits| self.phrases(list).by_first.keys().map(move |word| (word, bits));
        let relative = day::RELATIVES.into_iter().flat_map(|list| openings(list, day::RELATIVE));
        let relative = relative.chain(openings("in_days", day::COUNTED));
        let months = self.months.keys().map(|word| (word, day::MONTH));
        let weekdays = self.weekdays.keys().map(|word| (word, day::WEEKDAY));
        let mut days = WordMap::default();
        for (word, bits) in months.chain(weekdays).chain(relative) {
            *days.entry(word.clone()).or_default() |= bits;
        }
        days
    }

    fn index_starts(&mut self) {
        let days = self.days();
        let mut take = |list: &str| self.phrases.remove(list).unwrap_or_default();
        self.hot = Hot {
            footers: take("footers"),
            counted: take("counted"),
            around: take("around"),
            openers: take("openers"),
            yours: take("yours"),
            joins: take("joins"),
            cues: Marks::default(),
            days,
        };
        let openings = |list: &str| self.phrases.get(list).into_iter().flat_map(|list| list.by_first.keys());
        let cues = CUES.iter().enumerate();
        let cues = cues.flat_map(|(bit, list)| openings(list).map(move |word| (word.as_str(), 1 << bit)));
        self.hot.cues = Marks::of(cues);
        self.index_gate();
    }

    fn index_gate(&mut self) {
        let mut gate = Gate::default();
        let mut add = |text: &str, bits: u8| {
            gate.add_start(text.split(' ').next().unwrap_or_default(), bits);
            gate.add_end(text.rsplit(' ').next().unwrap_or_default(), bits);
        };
        for text in self.labels.keys() {
            add(text, may::LABEL);
        }
        for text in self.parts.keys() {
            add(text, may::PART);
        }
        // A person's word may stand in the genitive: "patients phone".
        for person in self.persons.keys() {
            add(person, may::WHOSE);
            add(&format!("{}s", person.split(' ').next().unwrap_or_default()), may::WHOSE);
            add(&format!("{person}s"), may::WHOSE);
        }
        for text in self.headings.keys() {
            add(text, may::HEADING);
        }
        for (list, bits) in [
            (&self.hot.openers, may::OPENER),
            (&self.hot.yours, may::WHOSE),
            (&self.hot.around, may::HEADING),
            (&self.hot.footers, may::FOOTER),
            (&self.hot.counted, may::COUNTED),
        ] {
            for word in list.by_first.keys() {
                add(word, bits);
            }
        }
        self.gate = gate;
    }

    /// The meaning of a folded label, word for word.
    pub(crate) fn label(&self, folded: &str) -> Option<Meaning> {
        if self.gate.of(folded) & may::LABEL == 0 { None } else { self.gated_label(folded) }
    }

    /// [`Lexicon::label`] of a text that the gate let through.
    pub(crate) fn gated_label(&self, folded: &str) -> Option<Meaning> {
        if folded.len() > LONGEST_LABEL {
            return None;
        }
        if let Some(meaning) = self.labels.get(folded) {
            return Some(*meaning);
        }
        if folded.len() > LONGEST_COMPOSED {
            return None;
        }
        self.composed(folded).or_else(|| self.composed(self.without_opener(folded)?))
    }

    fn without_opener<'t>(&self, folded: &'t str) -> Option<&'t str> {
        let openers = &self.hot.openers;
        boundaries(folded).take(4).filter(|(left, _)| openers.is(left)).last().map(|(_, right)| right)
    }

    /// "phone", "your phone", "client phone", "phone of the client".
    fn composed(&self, folded: &str) -> Option<Meaning> {
        if let Some(slot) = self.parts.get(folded) {
            return Some(Meaning { slot: *slot, whose: Whose::Plain });
        }
        let whole = |slot: &Slot, whose: Whose| Some(Meaning { slot: *slot, whose });
        for (left, right) in boundaries(folded) {
            if let Some(slot) = self.parts.get(right) {
                if self.hot.yours.is(left) {
                    return whole(slot, Whose::Your);
                }
                if let Some(whose) = self.person(left) {
                    return whole(slot, whose);
                }
            }
            if let Some(slot) = self.parts.get(left) {
                let after = boundaries(right).filter(|(join, _)| self.hot.joins.is(join)).last();
                if let Some(whose) = self.person(after.map_or(right, |(_, person)| person)) {
                    return whole(slot, whose);
                }
            }
        }
        None
    }

    /// Whom a folded word for a person means: "landlord", "the clients".
    pub(crate) fn person(&self, words: &str) -> Option<Whose> {
        let without = |article: &str| words.strip_prefix(article);
        let bare = without("the ").or_else(|| without("el ")).or_else(|| without("la ")).unwrap_or(words);
        self.persons.get(bare).or_else(|| self.persons.get(bare.strip_suffix('s')?)).copied()
    }

    /// The meaning of a folded label with a slip of the pen in it; `None` where two are equally near.
    pub(crate) fn nearly(&self, folded: &str) -> Option<Meaning> {
        self.slips.nearest(folded)
    }

    /// The meaning of a folded label that calls the client by another word than the one we know.
    pub(crate) fn renamed(&self, folded: &str) -> Option<Meaning> {
        self.renamed.meaning(folded, self.phrases("articles"))
    }

    /// The meaning of a folded label that says in other words what one we know says.
    pub(crate) fn in_other_words(&self, folded: &str) -> Option<Meaning> {
        self.wording.meaning(folded)
    }

    /// Whose section a folded heading opens; `Plain` for a heading that ends every person's section.
    pub(crate) fn heading(&self, folded: &str) -> Option<Whose> {
        if folded.len() > LONGEST_COMPOSED || self.gate.of(folded) & may::HEADING == 0 {
            return None;
        }
        if let Some(whose) = self.headings.get(folded) {
            return Some(*whose);
        }
        let around = &self.hot.around;
        let all = super::fold::words(folded);
        let (mut from, mut to) = (0, all.len());
        while from < to && around.is(all.get(from).copied().unwrap_or_default()) {
            from += 1;
        }
        while to > from && around.is(all.get(to - 1).copied().unwrap_or_default()) {
            to -= 1;
        }
        let core = all.get(from..to)?.join(" ");
        self.headings.get(&core).copied()
    }

    /// A list of phrases by its name in the files.
    pub(crate) fn phrases(&self, list: &str) -> &Phrases {
        self.phrases.get(list).unwrap_or(&self.empty)
    }

    /// The BCP 47 tag of the language whose name starts the words, with the number of words it takes.
    pub(crate) fn tongue(&self, words: &[&str]) -> Option<(&str, usize)> {
        (1..=self.tongue_words.min(words.len())).rev().find_map(|size| {
            let name = words.get(..size)?;
            let found = match name {
                [one] => self.tongues.get(*one),
                many => self.tongues.get(&many.join(" ")),
            };
            found.map(|tag| (tag.as_str(), size))
        })
    }
}

/// The longest label of the files, in folded bytes, and some more.
const LONGEST_LABEL: usize = 110;
/// The longest label made of a person's and a part's word, in folded bytes.
const LONGEST_COMPOSED: usize = 70;

/// The text parted at each of its first spaces.
fn boundaries(folded: &str) -> impl Iterator<Item = (&str, &str)> {
    let spaces = memchr::memchr_iter(b' ', folded.as_bytes()).take(12);
    spaces.filter_map(|at| Some((folded.get(..at)?, folded.get(at + 1..)?)))
}

/// The words of a list. "@near" stands for those of the list "near".
fn listed<'f>(
    lists: &'f BTreeMap<String, Vec<String>>,
    words: &'f [String],
) -> impl Iterator<Item = &'f String> {
    words.iter().flat_map(|word| {
        let named = word.strip_prefix('@').and_then(|name| lists.get(name));
        named.map_or(std::slice::from_ref(word), Vec::as_slice)
    })
}

fn number(names: &mut WordMap<u32>, words: &[String], from: u32) {
    for (index, line) in (from..).zip(words) {
        for name in line.split(' ') {
            names.entry(fold(name)).or_insert(index);
        }
    }
}
