//! The words of mail programs in many languages: one file a language under `words/`, so that a new language is a file.
//!
//! A file has lines `key: word | word | …`; the keys are those of [`Words::learn`]. All files are embedded and read
//! once. Phrases are compared in the form of [`normal`].

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use crate::intake::any_of::AnyOf;
use crate::intake::quick::{self, WordMap, WordSet, is_even, lowered};

/// The words of every language together: mails mix languages within one line.
pub(in crate::intake) static WORDS: LazyLock<Words> = LazyLock::new(Words::load);

#[derive(RustEmbed)]
#[folder = "src/intake/reply/words"]
struct Files;

/// What a label such as `Von:` stands for in the header of a quoted mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::intake) enum Label {
    From = 1,
    Date = 2,
    To = 4,
    Cc = 8,
    ReplyTo = 16,
    Subject = 32,
}

/// What a line such as `-----Original Message-----` announces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::intake) enum Announced {
    /// The mail that is answered, or in some programs forwarded.
    Original,
    /// A forwarded mail.
    Forward,
}

/// What a subject's prefix says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::intake) enum Prefix {
    /// `Re:`
    Reply,
    /// `Fwd:`
    Forward,
    /// `VS:` is a reply in one language and a forward in another.
    Either,
}

/// A notice has its words within so many signs of its beginning.
const OPENING: usize = 24;

/// Every word, ready to be looked up.
#[derive(Default)]
pub(in crate::intake) struct Words {
    /// A label may have several meanings (`Da`, `Data`): a set of [`Label`] bits.
    labels: WordMap<u8>,
    /// Labels as written, by their last letter, for header lines that were run together.
    shown: HashMap<char, Vec<(String, Label)>>,
    announced: WordMap<Announced>,
    leads: Openings,
    wrote: Openings,
    footers: Openings,
    devices: Vec<String>,
    /// Names that nobody uses in a sentence about a person.
    products: Vec<String>,
    notices: AnyOf,
    /// Words of somebody's trouble, which no notice has.
    troubles: Vec<String>,
    /// What a person asks and no notice does; a note of an absence does too.
    asks: Vec<String>,
    /// Words for somebody who is spoken of: a notice seldom has them, a note may.
    persons: Vec<String>,
    lists: AnyOf,
    /// Both of them.
    appended: AnyOf,
    placeholders: AnyOf,
    forward_prefixes: WordSet,
    reply_prefixes: WordSet,
}

/// The phrases of [`AnyOf`] while they are read.
#[derive(Default)]
struct Within {
    notices: Vec<String>,
    lists: Vec<String>,
    placeholders: Vec<String>,
}

/// Phrases a line may open with, found by the first word so that the cost does not grow with the languages.
#[derive(Default)]
struct Openings {
    by_word: WordMap<Vec<String>>,
    /// Phrases of scripts that put no space between words.
    unspaced: Vec<String>,
    /// All of them, wherever they stand: most lines hold none.
    anywhere: AnyOf,
}

impl Openings {
    fn add(&mut self, phrase: String) {
        if phrase.contains(|c: char| c >= '\u{2E80}') {
            self.unspaced.push(phrase);
        } else if let Some(word) = first_word(&phrase) {
            self.by_word.entry(word.to_owned()).or_default().push(phrase);
        }
    }

    /// Called once, when all phrases are known.
    fn index(&mut self) {
        let spaced = self.by_word.values().flatten();
        self.anywhere = AnyOf::of(spaced.chain(&self.unspaced).cloned());
    }

    /// The longest phrase the text opens with; it must end where a word ends.
    fn of<'a>(&'a self, text: &str) -> Option<&'a str> {
        let whole = |phrase: &&String| {
            text.strip_prefix(phrase.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let spaced = first_word(text).and_then(|word| self.by_word.get(word));
        let spaced = spaced.and_then(|phrases| phrases.iter().filter(whole).max_by_key(|p| p.len()));
        let unspaced = || self.unspaced.iter().find(|phrase| text.starts_with(phrase.as_str()));
        spaced.or_else(|| if text.is_ascii() { None } else { unspaced() }).map(String::as_str)
    }

    /// Does one of the phrases stand anywhere in the text?
    fn is_in(&self, text: &str) -> bool {
        if !self.anywhere.is_in(text) {
            return false;
        }
        let mut within_word = false;
        let mut starts = text.char_indices().filter(move |(_, c)| {
            let starts = c.is_alphanumeric() && !within_word;
            within_word = c.is_alphanumeric();
            starts
        });
        starts.any(|(at, _)| text.get(at..).is_some_and(|rest| self.of(rest).is_some()))
            || (!text.is_ascii() && self.unspaced.iter().any(|phrase| text.contains(phrase.as_str())))
    }
}

fn first_word(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())
}

impl Words {
    fn load() -> Words {
        let mut words = Words::default();
        let mut within = Within::default();
        for name in Files::iter() {
            let Some(file) = Files::get(&name) else { continue };
            for line in String::from_utf8_lossy(&file.data).lines().filter(|line| !line.starts_with('#')) {
                let Some((key, phrases)) = line.split_once(':') else { continue };
                phrases
                    .split(" | ")
                    .map(str::trim)
                    .filter(|p| !p.is_empty())
                    .for_each(|p| words.learn(key, p, &mut within));
            }
        }
        words
            .shown
            .values_mut()
            .for_each(|list| list.sort_by_key(|(shown, _)| std::cmp::Reverse(shown.len())));
        words.wrote.index();
        words.appended = AnyOf::of(within.notices.iter().chain(&within.lists).cloned());
        words.notices = AnyOf::of(within.notices);
        words.lists = AnyOf::of(within.lists);
        words.placeholders = AnyOf::of(within.placeholders);
        words
    }

    fn learn(&mut self, key: &str, phrase: &str, within: &mut Within) {
        let normal = normal(phrase);
        match key {
            "from" => self.label(phrase, normal, Label::From),
            "date" => self.label(phrase, normal, Label::Date),
            "to" => self.label(phrase, normal, Label::To),
            "cc" => self.label(phrase, normal, Label::Cc),
            "replyto" => self.label(phrase, normal, Label::ReplyTo),
            "subject" => self.label(phrase, normal, Label::Subject),
            "forward" => drop(self.announced.insert(normal, Announced::Forward)),
            "original" => drop(self.announced.insert(normal, Announced::Original)),
            "lead" => self.leads.add(normal),
            "wrote" => self.wrote.add(normal),
            "footer" => self.footers.add(normal),
            "device" => self.devices.push(normal),
            "product" => self.products.push(normal),
            "trouble" => self.troubles.push(normal),
            "asks" => self.asks.push(normal),
            "person" => self.persons.push(normal),
            "notice" => within.notices.push(normal),
            "list" => within.lists.push(normal),
            "placeholder" => within.placeholders.push(normal),
            "fw" => drop(self.forward_prefixes.insert(normal)),
            "re" => drop(self.reply_prefixes.insert(normal)),
            _ => debug_assert!(false, "a word file has an unknown key"),
        }
    }

    fn label(&mut self, shown: &str, normal: String, label: Label) {
        *self.labels.entry(normal).or_default() |= label as u8;
        if let Some(last) = shown.chars().next_back() {
            self.shown.entry(last).or_default().push((shown.to_owned(), label));
        }
    }

    /// The meanings of a label in normal form, as a set of [`Label`] bits; zero for anything else.
    pub(in crate::intake) fn label_bits(&self, normal: &str) -> u8 {
        self.labels.get(normal).copied().unwrap_or_default()
    }

    /// The longest label, as written, that a text ends with.
    pub(in crate::intake) fn label_at_end<'a>(&self, text: &'a str) -> Option<(&'a str, Label)> {
        let candidates = self.shown.get(&text.chars().next_back()?)?;
        candidates.iter().find_map(|(shown, label)| Some((text.strip_suffix(shown.as_str())?, *label)))
    }

    /// What a phrase in normal form announces.
    pub(in crate::intake) fn announced(&self, normal: &str) -> Option<Announced> {
        self.announced.get(normal).copied()
    }

    /// Can a text as written open like `On Monday …`? Only what certainly does not is told.
    pub(in crate::intake) fn may_lead(&self, text: &str) -> bool {
        let is_known = |word: &str| self.leads.by_word.contains_key(&*lowered(word));
        !text.is_ascii() || quick::find(text, b'*').is_some() || first_word(text).is_some_and(is_known)
    }

    /// Does a text in normal form open like `On Monday …`?
    pub(in crate::intake) fn leads(&self, normal: &str) -> bool {
        let follows = |phrase| {
            normal.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' ') || !rest.is_ascii())
        };
        self.leads.of(normal).is_some_and(follows)
    }

    /// Is there a word for "wrote" in a text in normal form?
    pub(in crate::intake) fn wrote(&self, normal: &str) -> bool {
        self.wrote.is_in(normal)
    }

    /// Does a line in normal form open like `Sent from` and name a device or a program? A long one must
    /// name a product.
    pub(in crate::intake) fn is_footer(&self, normal: &str, is_long: bool) -> bool {
        let names = |list: &[String]| list.iter().any(|device| contains_word(normal, device));
        self.footers.of(normal).is_some() && (names(&self.products) || !is_long && names(&self.devices))
    }

    /// Does a paragraph in normal form hold the words of a confidentiality notice? People use them too: they must open
    /// it, or stand in it twice. One with a number or an address may be about a person: it must hold them twice; one
    /// with words of somebody's trouble, or about "her", three times.
    pub(in crate::intake) fn is_notice(&self, normal: &str) -> bool {
        let Some(rest) = self.notices.after_first(normal) else { return false };
        let second = self.notices.after_first(rest);
        let asks = || self.asks.iter().any(|word| contains_word(normal, word));
        if self.is_about_trouble(normal) || self.is_about_somebody(normal) || asks() {
            return second.is_some_and(|rest| self.notices.is_in(rest));
        }
        let has_contact = || normal.contains(|c: char| c.is_numeric() || c == '@');
        second.is_some() || self.notices.opens(normal, OPENING) && !has_contact()
    }

    /// Does a text in normal form hold words of somebody's trouble?
    pub(in crate::intake) fn is_about_trouble(&self, normal: &str) -> bool {
        self.troubles.iter().any(|word| contains_word(normal, word))
    }

    /// Does a text in normal form speak of "her" or "him"?
    pub(in crate::intake) fn is_about_somebody(&self, normal: &str) -> bool {
        self.persons.iter().any(|word| contains_word(normal, word))
    }

    /// Does a line in normal form hold the words of a mailing list's footer?
    pub(in crate::intake) fn is_list_footer(&self, normal: &str) -> bool {
        self.lists.is_in(normal)
    }

    /// Are there words of a notice or of a mailing list's footer anywhere in a text in normal form?
    pub(in crate::intake) fn is_appended(&self, normal: &str) -> bool {
        self.appended.is_in(normal)
    }

    /// Does a plain body in normal form only say that there is another one?
    pub(in crate::intake) fn is_placeholder(&self, normal: &str) -> bool {
        self.placeholders.is_in(normal)
    }

    /// What the prefix of a subject says, without its colon.
    pub(in crate::intake) fn prefix(&self, prefix: &str) -> Option<Prefix> {
        let normal = normal(prefix.split(['[', '(', '.']).next().unwrap_or_default());
        match (self.reply_prefixes.contains(&normal), self.forward_prefixes.contains(&normal)) {
            (true, true) => Some(Prefix::Either),
            (true, false) => Some(Prefix::Reply),
            (false, true) => Some(Prefix::Forward),
            (false, false) => None,
        }
    }
}

/// Is `word` in `text`, and not as a part of a longer word? Scripts without spaces need no boundary.
pub(in crate::intake) fn contains_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() && c < '\u{2E80}';
    let spaced = word.chars().all(|c| c < '\u{2E80}');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !spaced || !(before.is_some_and(joins) || after.is_some_and(joins))
    })
}

/// The form in which words are compared: lower case, one space for any white space, without `*`, marks of direction
/// and characters of no width.
pub(in crate::intake) fn normal(text: &str) -> String {
    if is_normal_but_for_case(text) {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    push_normal(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// Adds a text in normal form; white space at its end may stay as one space.
fn push_normal(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_ascii_graphic() {
            if c != '*' {
                out.push(c.to_ascii_lowercase());
            }
        } else if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if c.is_ascii() {
            out.push(c);
        } else if !is_invisible(c) {
            out.extend(c.to_lowercase());
        }
    }
}

/// [`normal`] of several lines as one text.
pub(in crate::intake) fn normal_lines<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut out = String::with_capacity(lines.clone().map(|line| line.len() + 1).sum());
    for line in lines.filter(|line| !line.is_empty()) {
        if is_normal_but_for_case(line) {
            out.push_str(line);
        } else {
            push_normal(&mut out, line);
        }
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out.make_ascii_lowercase();
    out
}

fn is_normal_but_for_case(text: &str) -> bool {
    is_even(text) && quick::find(text, b'*').is_none()
}

/// Marks of direction, joiners, soft hyphens and byte order marks.
pub(in crate::intake) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
