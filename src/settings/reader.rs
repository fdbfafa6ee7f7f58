//! Reading a config so that every mistake is told at once: a wrong value becomes a note and a `None`, and reading
//! goes on. A value is only ever missing together with a note; so a struct built with `?` at the end loses nothing.
//!
//! Nevers: no text of the file in a note except names of keys; no panic on any text.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::mistake::{Mistake, Wrong, wrong, wrong_or_broken};
use super::roster::Claims;

/// A key this close to a known one is taken for a slip.
const LIKE: f64 = 0.75;

/// Longer words are not compared: it takes time, and helps nobody.
const LONGEST_SLIP: usize = 64;

/// Where a config stands: what its relative paths and its credentials refer to.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The file's name for messages.
    pub file_name: String,
    /// Relative paths start here: the folder of the config.
    pub base_dir: PathBuf,
    /// Where systemd put the credentials (`$CREDENTIALS_DIRECTORY`).
    pub credentials: Option<PathBuf>,
}

/// Everything noted while one config is read.
pub(super) struct Notes<'a> {
    pub(super) surroundings: &'a Surroundings,
    line_ends: Vec<usize>,
    mistakes: RefCell<Vec<Mistake>>,
    /// Lines that are not TOML.
    broken: RefCell<BTreeSet<usize>>,
    known: RefCell<BTreeSet<String>>,
}

impl<'a> Notes<'a> {
    pub(super) fn of(text: &str, surroundings: &'a Surroundings) -> Notes<'a> {
        let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Notes {
            surroundings,
            line_ends,
            mistakes: RefCell::default(),
            broken: RefCell::default(),
            known: RefCell::default(),
        }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    /// Notes a line that is not TOML; nothing else is said about it, nor what may follow from it elsewhere.
    pub(super) fn note_broken(&self, line: usize, wrong: Wrong) {
        self.note(line, "", wrong);
        self.broken.borrow_mut().insert(line);
    }

    pub(super) fn note(&self, line: usize, place: &str, Wrong { what, remedy, may_follow }: Wrong) {
        let broken = self.broken.borrow();
        if broken.contains(&line) || (may_follow && !broken.is_empty()) {
            return;
        }
        let file = self.surroundings.file_name.clone();
        let mistake = Mistake { file, line, place: place.to_owned(), what, remedy };
        let mut mistakes = self.mistakes.borrow_mut();
        if !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }

    /// Every mistake, in the order of the file.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|mistake| mistake.line);
        mistakes
    }

    /// Every key that was asked for, such as `inbox.port` or `staff.id`.
    pub(super) fn known(&self) -> BTreeSet<String> {
        self.known.borrow().clone()
    }

    /// A path of the config; relative ones start at the config's folder.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.surroundings.base_dir.join(Path::new(text))
    }
}

/// A table being read. [`Section::finish`] tells the keys nobody asked for.
pub(super) struct Section<'a> {
    pub(super) notes: &'a Notes<'a>,
    /// `None` for a section that is not there.
    table: Option<&'a DeTable<'a>>,
    /// As a message names it: `[inbox]`.
    shown: String,
    /// Without the names people choose: `policy.NAME.safety`.
    pattern: String,
    pub(super) line: usize,
    /// A section that is missing was noted once; its keys are not missing as well.
    silent: bool,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(super) fn root(notes: &'a Notes<'a>, table: &'a DeTable<'a>) -> Section<'a> {
        Section::of(notes, Some(table), String::new(), String::new(), 1)
    }

    fn of(
        notes: &'a Notes<'a>,
        table: Option<&'a DeTable<'a>>,
        shown: String,
        pattern: String,
        line: usize,
    ) -> Section<'a> {
        Section { notes, table, shown, pattern, line, silent: table.is_none(), asked: RefCell::default() }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &'static str) -> Option<Item<'a>> {
        self.asked.borrow_mut().push(key);
        let pattern = self.inner_pattern(key);
        self.notes.known.borrow_mut().insert(pattern.clone());
        self.item(key, pattern)
    }

    /// The value of a key that must be there; `example` is what the remedy shows.
    pub(super) fn need(&self, key: &'static str, example: &str) -> Option<Item<'a>> {
        let item = self.get(key);
        if item.is_none() && !self.silent {
            let wrong = wrong_or_broken("is missing", format!("add {key} = {example}"));
            self.notes.note(self.line, &self.place(key), wrong);
        }
        item
    }

    /// A secret written into the config itself, under a name people would try.
    pub(super) fn refuse_inline(&self, key: &'static str, file_key: &str) -> bool {
        self.asked.borrow_mut().push(key);
        let Some(item) = self.item(key, String::new()) else { return false };
        item.wrong(wrong(
            "a secret must not stand in the config",
            format!("put it into a file of its own (chmod 600) and write {file_key} = \"path of that file\""),
        ));
        true
    }

    /// A number in a range, or the default.
    pub(super) fn number<T>(&self, key: &'static str, range: RangeInclusive<T>, default: T) -> Option<T>
    where
        T: TryFrom<u64> + PartialOrd + Copy + std::fmt::Display,
    {
        self.get(key).map_or(Some(default), |item| item.number(range))
    }

    /// A switch, or the default.
    pub(super) fn flag(&self, key: &'static str, default: bool) -> Option<bool> {
        self.get(key).map_or(Some(default), |item| item.flag())
    }

    /// A text read by `read`, or the default.
    pub(super) fn read_or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.get(key).map_or(Some(default), |item| item.read(read))
    }

    /// A plain text that must be there and not be empty.
    pub(super) fn need_text(&self, key: &'static str, example: &str) -> Option<String> {
        self.need(key, example)?.read(plain_text)
    }

    /// A list of texts, each read by `read`; an absent key is an empty list.
    pub(super) fn list<T>(
        &self,
        key: &'static str,
        mut read: impl FnMut(&str) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let Some(item) = self.get(key) else { return Some(Vec::new()) };
        let items = item.items()?;
        let values: Vec<Option<T>> = items.iter().map(|item| item.read(&mut read)).collect();
        values.into_iter().collect()
    }

    /// A section inside this one; without it, one whose every key is absent.
    pub(super) fn section(&self, key: &'static str) -> Section<'a> {
        self.get(key).and_then(|item| item.section()).unwrap_or_else(|| self.absent(key))
    }

    /// A section that must be there.
    pub(super) fn need_section(&self, key: &'static str) -> Section<'a> {
        let section = self.section(key);
        if section.table.is_none() && !self.has(key) {
            let wrong =
                wrong_or_broken("the section is missing", "see handoffd.example.toml for what it holds");
            self.notes.note(1, &section.shown, wrong);
        }
        section
    }

    /// The sections written `[[key]]`, in the order of the file.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(item) = self.get(key) else { return Vec::new() };
        let shown = format!("[[{key}]]");
        item.items()
            .unwrap_or_default()
            .iter()
            .filter_map(|item| Some(Section { shown: shown.clone(), ..item.section()? }))
            .collect()
    }

    /// The sections `[key.NAME]` with their names, in the order of the file.
    pub(super) fn named_sections(&self, key: &'static str) -> Vec<(String, Section<'a>)> {
        let outer = self.section(key);
        let pattern = format!("{}.NAME", outer.pattern);
        let mut named: Vec<(String, Section<'a>)> = outer
            .keys()
            .filter_map(|name| {
                let section = outer.item(&name, pattern.clone())?.section()?;
                Some((name, section))
            })
            .collect();
        named.sort_by_key(|(_, section)| section.line);
        named
    }

    /// Whether the key stands there at all.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.get(key).is_some())
    }

    /// Notes a mistake of the section as a whole.
    pub(super) fn wrong(&self, wrong: Wrong) {
        self.notes.note(self.line, &self.shown, wrong);
    }

    /// Notes every key nobody asked for, with the nearest one somebody did.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.keys().filter(|key| !asked.contains(&key.as_str())) {
            let Some(item) = self.item(&key, String::new()) else { continue };
            let remedy = nearest(&key, asked.iter().copied()).map_or_else(
                || format!("remove it; known here: {}", asked.join(", ")),
                |known| format!("did you mean {known}?"),
            );
            item.wrong(wrong_or_broken("is not a key we know", remedy));
        }
    }

    fn keys(&self) -> impl Iterator<Item = String> + use<'a> {
        self.table.into_iter().flat_map(|table| table.keys().map(|key| key.get_ref().to_string()))
    }

    fn item(&self, key: &str, pattern: String) -> Option<Item<'a>> {
        let (found, value) = self.table?.get_key_value(key)?;
        let line = self.notes.line(found.span().start);
        let shown = if self.shown.is_empty() { format!("[{}]", name(key)) } else { self.place(key) };
        Some(Item { notes: self.notes, value: value.get_ref(), line, shown, pattern })
    }

    fn place(&self, key: &str) -> String {
        format!("{} {}", self.shown, name(key))
    }

    fn inner_pattern(&self, key: &str) -> String {
        if self.pattern.is_empty() { key.to_owned() } else { format!("{}.{key}", self.pattern) }
    }

    fn absent(&self, key: &str) -> Section<'a> {
        Section::of(self.notes, None, format!("[{key}]"), self.inner_pattern(key), 1)
    }
}

/// One value and where it stands.
pub(super) struct Item<'a> {
    notes: &'a Notes<'a>,
    value: &'a DeValue<'a>,
    pub(super) line: usize,
    shown: String,
    pattern: String,
}

impl<'a> Item<'a> {
    /// Notes a mistake of this value.
    pub(super) fn wrong(&self, wrong: Wrong) {
        self.notes.note(self.line, &self.shown, wrong);
    }

    /// A text that `read` makes something of.
    pub(super) fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let text = self.or_kind(self.value.as_str(), "a text", "write it in quotes")?;
        self.or_note(read(text))
    }

    /// The text, if it is one; a mistake is left to whoever reads it properly.
    pub(super) fn peek(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Claims a mailbox or domain for whoever stands here.
    pub(super) fn claim(&self, claims: &mut Claims, what: String, whose: String) {
        claims.claim(self.notes, self.line, &self.shown, what, whose);
    }

    /// Notes the mistake of a result.
    pub(super) fn or_note<T>(&self, result: Result<T, Wrong>) -> Option<T> {
        result.map_err(|wrong| self.wrong(wrong)).ok()
    }

    /// A whole number in a range.
    pub(super) fn number<T>(&self, range: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<u64> + PartialOrd + Copy + std::fmt::Display,
    {
        let number =
            self.or_kind(self.value.as_integer(), "a whole number", "write digits without quotes")?;
        let value = u64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .and_then(|value| T::try_from(value).ok());
        let fitting = value.filter(|value| range.contains(value));
        if fitting.is_none() {
            self.wrong(wrong(
                "is out of range",
                format!("give a number from {} to {}", range.start(), range.end()),
            ));
        }
        fitting
    }

    /// A switch.
    pub(super) fn flag(&self) -> Option<bool> {
        self.or_kind(self.value.as_bool(), "true or false", "write true or false without quotes")
    }

    /// The members of a list.
    pub(super) fn items(&self) -> Option<Vec<Item<'a>>> {
        let list = self.or_kind(self.value.as_array(), "a list", "put it into [ ]")?;
        let item = |value: &'a toml::Spanned<DeValue<'a>>| Item {
            notes: self.notes,
            value: value.get_ref(),
            line: self.notes.line(value.span().start),
            shown: self.shown.clone(),
            pattern: self.pattern.clone(),
        };
        Some(list.iter().map(item).collect())
    }

    /// The section this value is.
    pub(super) fn section(&self) -> Option<Section<'a>> {
        let remedy = format!("write it as a section {}", self.section_name());
        let table = self.or_kind(self.value.as_table(), "a section", &remedy)?;
        Some(Section::of(self.notes, Some(table), self.section_name(), self.pattern.clone(), self.line))
    }

    /// A date, as TOML writes it or in quotes.
    pub(super) fn date(&self) -> Option<chrono::NaiveDate> {
        let wrong = || wrong("is not a date", "write year, month and day, such as 2026-12-25");
        let written = match self.value.as_datetime() {
            Some(written) => written.to_string(),
            None => self.value.as_str().unwrap_or_default().to_owned(),
        };
        self.or_note(written.parse().map_err(|_| wrong()))
    }

    /// `[policy] seed` is the section `[policy.seed]`.
    fn section_name(&self) -> String {
        self.shown.replace("] ", ".") + if self.shown.contains("] ") { "]" } else { "" }
    }

    fn or_kind<T>(&self, value: Option<T>, kind: &str, remedy: &str) -> Option<T> {
        if value.is_none() {
            let is = match self.value.type_str() {
                "string" => "a text",
                "integer" | "float" => "a number",
                "boolean" => "true or false",
                "datetime" => "a date",
                "array" => "a list",
                _ => "a section",
            };
            self.wrong(wrong(format!("is {is}, not {kind}"), remedy));
        }
        value
    }
}

/// A text of one or more lines that says something.
pub(super) fn plain_text(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong("is empty", "write something, or remove the key if it may be missing"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(wrong("holds a control character", "write plain text"));
    }
    Ok(text.to_owned())
}

/// A text of one line that says something.
pub(super) fn one_line(text: &str) -> Result<String, Wrong> {
    let text = plain_text(text)?;
    if text.contains('\n') { Err(wrong("has several lines", "write it on one line")) } else { Ok(text) }
}

/// The known word most like `word`, if `word` may be a slip of it: one wrong, missing, extra or swapped letter, or
/// much the same letters in much the same order.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > LONGEST_SLIP {
        return None;
    }
    known
        .map(|known| (strsim::osa_distance(word, known), strsim::jaro_winkler(word, known), known))
        .filter(|(slips, like, _)| *slips <= 1 || *like >= LIKE)
        .min_by(|(slips, like, _), (others, other, _)| slips.cmp(others).then(other.total_cmp(like)))
        .map(|(_, _, known)| known)
}

/// The name of a key as a message may show it: hostile characters and length cut off.
fn name(key: &str) -> String {
    key.chars().filter(|c| !c.is_control()).take(40).collect()
}
