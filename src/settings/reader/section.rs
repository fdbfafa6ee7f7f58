//! A table of the config.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::de::DeTable;

use super::super::mistake::{Wrong, wrong, wrong_or_broken};
use super::texts::{name, nearest};
use super::{Item, Noted, Notes, Read};

/// A table being read. [`Section::finish`] tells the keys nobody asked for.
pub(in crate::settings) struct Section<'a> {
    pub(in crate::settings) notes: &'a Notes<'a>,
    /// `None` for a section that is not there.
    table: Option<&'a DeTable<'a>>,
    /// As a message names it: `[inbox]`.
    shown: String,
    /// Without the names people choose: `policy.NAME.safety`.
    pattern: String,
    pub(in crate::settings) line: usize,
    /// A section that is missing was noted once; its keys are not missing as well.
    silent: bool,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that were refused already.
    refused: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub(in crate::settings) fn root(notes: &'a Notes<'a>, table: &'a DeTable<'a>) -> Section<'a> {
        Section::of(notes, Some(table), String::new(), String::new(), 1)
    }

    pub(super) fn of(
        notes: &'a Notes<'a>,
        table: Option<&'a DeTable<'a>>,
        shown: String,
        pattern: String,
        line: usize,
    ) -> Section<'a> {
        Section {
            notes,
            table,
            shown,
            pattern,
            line,
            silent: table.is_none(),
            asked: RefCell::default(),
            refused: RefCell::default(),
        }
    }

    /// The value of a key, if it is there.
    pub(in crate::settings) fn get(&self, key: &'static str) -> Option<Item<'a>> {
        self.ask(key);
        let pattern = self.inner_pattern(key);
        self.notes.known.borrow_mut().insert(pattern.clone());
        self.item(key, pattern)
    }

    /// The value of a key that must be there; `example` is what the remedy shows.
    pub(in crate::settings) fn need(&self, key: &'static str, example: &str) -> Read<Item<'a>> {
        let item = self.get(key);
        if item.is_none() && !self.silent {
            let wrong = wrong_or_broken("is missing", format!("add {key} = {example}"));
            self.notes.note(self.line, &self.place(key), wrong);
        }
        item.ok_or(Noted)
    }

    /// Refuses a secret written into the config itself, under a name people would try.
    pub(in crate::settings) fn refuse_inline(&self, key: &'static str, file_key: &'static str) -> Read<()> {
        // Both are known, so that a refused one makes no second mistake of the other.
        self.refused.borrow_mut().push(key);
        self.ask(file_key);
        let Some(item) = self.item(key, String::new()) else { return Ok(()) };
        let remedy =
            format!("put it into a file of its own (chmod 600) and write {file_key} = \"path of that file\"");
        Err(item.wrong(wrong("a secret must not stand in the config", remedy)))
    }

    /// A number in a range, or the default.
    pub(in crate::settings) fn number<T>(
        &self,
        key: &'static str,
        range: RangeInclusive<T>,
        default: T,
    ) -> Read<T>
    where
        T: TryFrom<u64> + PartialOrd + Copy + std::fmt::Display,
    {
        self.get(key).map_or(Ok(default), |item| item.number(range))
    }

    /// A switch, or the default.
    pub(in crate::settings) fn flag(&self, key: &'static str, default: bool) -> Read<bool> {
        self.get(key).map_or(Ok(default), |item| item.flag())
    }

    /// A text read by `read`, or the default.
    pub(in crate::settings) fn read_or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Read<T> {
        self.get(key).map_or(Ok(default), |item| item.read(read))
    }

    /// A text read by `read`, if the key is there.
    pub(in crate::settings) fn read_if<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Read<Option<T>> {
        self.get(key).map(|item| item.read(read)).transpose()
    }

    /// A text read by `read` that must be there.
    pub(in crate::settings) fn need_read<T>(
        &self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Read<T> {
        self.need(key, example)?.read(read)
    }

    /// A list of texts, each read by `read`; an absent key is an empty list.
    pub(in crate::settings) fn list<T>(
        &self,
        key: &'static str,
        mut read: impl FnMut(&str) -> Result<T, Wrong>,
    ) -> Read<Vec<T>> {
        let Some(item) = self.get(key) else { return Ok(Vec::new()) };
        let items = item.items()?;
        let values: Vec<Read<T>> = items.iter().map(|item| item.read(&mut read)).collect();
        values.into_iter().collect()
    }

    /// A section inside this one; without it, one whose every key is absent.
    pub(in crate::settings) fn section(&self, key: &'static str) -> Section<'a> {
        self.get(key).and_then(|item| item.section().ok()).unwrap_or_else(|| self.absent(key))
    }

    /// A section that must be there.
    pub(in crate::settings) fn need_section(&self, key: &'static str) -> Section<'a> {
        let section = self.section(key);
        if section.table.is_none() && !self.has(key) {
            let wrong =
                wrong_or_broken("the section is missing", "see handoffd.example.toml for what it holds");
            self.notes.note(1, &section.shown, wrong);
        }
        section
    }

    /// The sections written `[[key]]`, in the order of the file.
    pub(in crate::settings) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(item) = self.get(key) else { return Vec::new() };
        let shown = format!("[[{key}]]");
        item.items()
            .unwrap_or_default()
            .iter()
            .filter_map(|item| Some(Section { shown: shown.clone(), ..item.section().ok()? }))
            .collect()
    }

    /// The sections `[key.NAME]` with their names, in the order of the file.
    pub(in crate::settings) fn named_sections(&self, key: &'static str) -> Vec<(String, Section<'a>)> {
        let outer = self.section(key);
        let pattern = format!("{}.NAME", outer.pattern);
        let mut named: Vec<(String, Section<'a>)> = outer
            .keys()
            .filter_map(|name| {
                let section = outer.item(&name, pattern.clone())?.section().ok()?;
                Some((name, section))
            })
            .collect();
        named.sort_by_key(|(_, section)| section.line);
        named
    }

    /// Whether the key stands there at all.
    pub(in crate::settings) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.get(key).is_some())
    }

    /// Notes a mistake of the section as a whole.
    pub(in crate::settings) fn wrong(&self, wrong: Wrong) -> Noted {
        self.notes.note(self.line, &self.shown, wrong)
    }

    /// Notes every key nobody asked for, with the nearest one somebody did.
    pub(in crate::settings) fn finish(&self) {
        let (asked, refused) = (self.asked.borrow(), self.refused.borrow());
        let is_known = |key: &str| asked.iter().chain(refused.iter()).any(|known| *known == key);
        for key in self.keys().filter(|key| !is_known(key)) {
            let Some(item) = self.item(&key, String::new()) else { continue };
            let remedy = nearest(&key, asked.iter().copied()).map_or_else(
                || format!("remove it; known here: {}", asked.join(", ")),
                |known| format!("did you mean {known}?"),
            );
            item.wrong(wrong_or_broken("is not a key we know", remedy));
        }
    }

    fn ask(&self, key: &'static str) {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
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
