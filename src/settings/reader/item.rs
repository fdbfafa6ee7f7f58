//! A value of the config.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::super::mistake::{Wrong, wrong};
use super::claims::Claims;
use super::{Noted, Notes, Read, Section};

/// One value and where it stands.
pub(in crate::settings) struct Item<'a> {
    pub(super) notes: &'a Notes<'a>,
    pub(super) value: &'a DeValue<'a>,
    pub(super) line: usize,
    /// As a message names it: `[inbox] port`.
    pub(super) shown: String,
    /// Without the names people choose: `policy.NAME.safety`.
    pub(super) pattern: String,
}

impl<'a> Item<'a> {
    /// Notes a mistake of this value.
    pub(in crate::settings) fn wrong(&self, wrong: Wrong) -> Noted {
        self.notes.note(self.line, &self.shown, wrong)
    }

    /// A text that `read` makes something of.
    pub(in crate::settings) fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Read<T> {
        let text = self.or_kind(self.value.as_str(), "a text", "write it in quotes")?;
        self.or_note(read(text))
    }

    /// The text, if it is one; a mistake is left to whoever reads it properly.
    pub(in crate::settings) fn peek(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Claims a mailbox or domain for whoever stands here.
    pub(in crate::settings) fn claim(&self, claims: &mut Claims, what: String, whose: String) -> Read<()> {
        claims.claim(self.notes, self.line, &self.shown, what, whose)
    }

    /// Notes the mistake of a result.
    pub(in crate::settings) fn or_note<T>(&self, result: Result<T, Wrong>) -> Read<T> {
        result.map_err(|wrong| self.wrong(wrong))
    }

    /// A whole number in a range.
    pub(in crate::settings) fn number<T>(&self, range: RangeInclusive<T>) -> Read<T>
    where
        T: TryFrom<u64> + PartialOrd + Copy + std::fmt::Display,
    {
        let written =
            self.or_kind(self.value.as_integer(), "a whole number", "write digits without quotes")?;
        let number = u64::from_str_radix(written.as_str(), written.radix()).ok();
        let fitting =
            number.and_then(|number| T::try_from(number).ok()).filter(|number| range.contains(number));
        fitting.ok_or_else(|| {
            let remedy = format!("give a number from {} to {}", range.start(), range.end());
            self.wrong(wrong("is out of range", remedy))
        })
    }

    /// A switch.
    pub(in crate::settings) fn flag(&self) -> Read<bool> {
        self.or_kind(self.value.as_bool(), "true or false", "write true or false without quotes")
    }

    /// The members of a list.
    pub(in crate::settings) fn items(&self) -> Read<Vec<Item<'a>>> {
        let list = self.or_kind(self.value.as_array(), "a list", "put it into [ ]")?;
        let item = |value: &'a toml::Spanned<DeValue<'a>>| Item {
            notes: self.notes,
            value: value.get_ref(),
            line: self.notes.line(value.span().start),
            shown: self.shown.clone(),
            pattern: self.pattern.clone(),
        };
        Ok(list.iter().map(item).collect())
    }

    /// The section this value is.
    pub(in crate::settings) fn section(&self) -> Read<Section<'a>> {
        let remedy = format!("write it as a section {}", self.section_name());
        let table = self.or_kind(self.value.as_table(), "a section", &remedy)?;
        Ok(Section::of(self.notes, Some(table), self.section_name(), self.pattern.clone(), self.line))
    }

    /// A date, as TOML writes it or in quotes.
    pub(in crate::settings) fn date(&self) -> Read<NaiveDate> {
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

    fn or_kind<T>(&self, value: Option<T>, kind: &str, remedy: &str) -> Read<T> {
        value.ok_or_else(|| {
            let is = match self.value.type_str() {
                "string" => "a text",
                "integer" | "float" => "a number",
                "boolean" => "true or false",
                "datetime" => "a date",
                "array" => "a list",
                _ => "a section",
            };
            self.wrong(wrong(format!("is {is}, not {kind}"), remedy))
        })
    }
}
