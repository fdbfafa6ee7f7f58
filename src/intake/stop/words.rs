//! The words by which a stop is heard, as the language files have them, and what makes another thing of one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{clause, fold};

/// So many letters may follow a word that is a stop by itself: "stop please, thanks".
const SHORT: usize = 24;

const FILES: [&str; 11] = [
    include_str!("en.txt"),
    include_str!("es.txt"),
    include_str!("zh.txt"),
    include_str!("vi.txt"),
    include_str!("ht.txt"),
    include_str!("ar.txt"),
    include_str!("ru.txt"),
    include_str!("ko.txt"),
    include_str!("pt.txt"),
    include_str!("fr.txt"),
    include_str!("tl.txt"),
];

/// The words of all languages, folded as mails are.
#[derive(Default)]
pub(super) struct Words {
    /// Stop by themselves, with a little behind them.
    pub(super) whole: Vec<Whole>,
    /// Stop where nothing stands behind them but the words of `tails`: "unsafe", and not "unsafe stairs".
    pub(super) alone: Vec<String>,
    pub(super) tails: Vec<String>,
    /// Stop wherever they stand, with a space before where the writing has spaces; and what makes another thing of each.
    pub(super) within: BTreeMap<String, Turns>,
    /// Stop by how a clause is built.
    pub(super) clauses: clause::Words,
}

pub(super) struct Whole {
    pub(super) words: String,
    /// Words behind them that make another thing of it.
    turns: Vec<String>,
}

/// What makes another thing of a phrase.
#[derive(Default)]
pub(super) struct Turns {
    /// Right before it, unless it is said to us: "he won't leave me alone", and not "you won't".
    before: Vec<String>,
    /// Right behind it.
    behind: Vec<String>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    let lines = FILES.iter().flat_map(|file| file.lines()).map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(alone) = line.strip_prefix("==") {
            words.alone.push(fold(alone));
        } else if let Some(whole) = line.strip_prefix('=') {
            let mut parts = whole.split('/').map(fold);
            let first = parts.next().unwrap_or_default();
            words.whole.push(Whole { words: first, turns: parts.collect() });
        } else if let Some(tails) = line.strip_prefix('+') {
            words.tails.extend(tails.split_whitespace().map(fold));
        } else if !words.clauses.takes(line) {
            let mut parts = line.split('/').map(str::trim);
            let turns = words.within.entry(parts.next().map(fold).unwrap_or_default()).or_default();
            for turn in parts {
                match turn.strip_prefix('<') {
                    Some(before) => turns.before.push(fold(before)),
                    None => turns.behind.push(format!(" {}", fold(turn))),
                }
            }
        }
    }
    words
});

impl Whole {
    /// Whether too much stands behind it, or another thing is meant.
    pub(super) fn is_turned(&self, behind: &str) -> bool {
        let is_named = |word: &str| self.turns.iter().any(|turn| turn == word);
        behind.chars().nth(SHORT).is_some()
            || is_turned(behind)
            || behind.split(' ').any(is_named) && !speaks_of_writing(behind)
    }
}

/// Whether only words of little weight stand there.
pub(super) fn are_tails(words: &str) -> bool {
    words.split(' ').all(|word| word.is_empty() || WORDS.tails.iter().any(|tail| tail == word))
}

impl Turns {
    pub(super) fn stand_around(&self, before: &str, behind: &str) -> bool {
        let before = format!(" {}", before.trim_end());
        let is_others = |turn: &String| {
            let rest = before.strip_suffix(turn.as_str()).filter(|rest| rest.ends_with(' '));
            rest.is_some_and(|rest| !is_of_us(rest) && !speaks_of_writing(rest))
        };
        let turns =
            |turn: &String| behind.strip_prefix(turn.as_str()).is_some_and(|rest| !speaks_of_writing(rest));
        self.behind.iter().any(turns) || self.before.iter().any(is_others)
    }
}

/// Whether words speak to us: "you people will not leave me alone", "your office".
fn is_of_us(words: &str) -> bool {
    words.split(' ').any(|word| matches!(word, "you" | "your" | "yall" | "youre"))
}

/// What follows a word for stop and makes another thing of it: "end of lease", "stop by", "fin de semana".
const TURNS: [&str; 16] = [
    " of ",
    " by ",
    " date",
    " time",
    " sign",
    " de ",
    " du ",
    " da ",
    " la ",
    " al ",
    " at ",
    " worrying",
    " the eviction",
    " this eviction",
    " my eviction",
    " an eviction",
];
/// And what only looks like that.
const NO_TURNS: [&str; 5] = [" at once ", " at all ", " by all means ", " la verdad ", " de una vez "];

/// Whether another thing is meant by what stands before this.
pub(super) fn is_turned(behind: &str) -> bool {
    let behind = format!("{behind} ");
    let turns = |turn: &&str| behind.strip_prefix(*turn).is_some_and(|rest| !speaks_of_writing(rest));
    TURNS.iter().any(turns) && !NO_TURNS.iter().any(|turn| behind.starts_with(turn))
}

/// Whether words speak of writing to somebody after all: "stop the eviction emails", "mail to my house is not safe". Then
/// no turn counts: who says so with a stop means it.
fn speaks_of_writing(words: &str) -> bool {
    const WRITING: [&str; 14] = [
        "mail", "email", "message", "letter", "writ", "contact", "text", "call", "phone", "computer",
        "inbox", "list", "here", "repl",
    ];
    words.split(' ').any(|word| WRITING.iter().any(|begin| word.starts_with(begin)))
}
