//! Lines of a form with a label that no form's reader knows: "Ready to be contacted: not yet", "Who has the client's
//! phone? Her husband". One that speaks of reaching, of safety, of waiting, of who knows or lives where is in doubt, but
//! where its answer is known to be harmless.

use std::sync::LazyLock;

use super::super::asked;
use super::{Cast, OTHER, RESTRAINT, TOPIC, WAIT as WAITS, class, is_doubtful};
use crate::intake::form::fold::{fold, words};
use crate::intake::quick::WordMap;
use crate::intake::shapes;

const FILE: &str = include_str!("lines.txt");

const SAFETY: u32 = 1;
const WAIT: u32 = 1 << 1;
const KNOW: u32 = 1 << 2;
const LIVE: u32 = 1 << 3;
const MATTER: u32 = 1 << 4;
const GOOD: u32 = 1 << 5;
const BAD: u32 = 1 << 6;
const OWN: u32 = 1 << 7;
const FEARED: u32 = 1 << 8;
const GONE: u32 = 1 << 9;
const BETWEEN: u32 = 1 << 10;
const DATA: u32 = 1 << 11;
const WHOM: u32 = 1 << 12;
const NO: u32 = 1 << 13;
const YES: u32 = 1 << 14;
const CALM: u32 = 1 << 15;
const MILD: u32 = 1 << 16;
const HERS: u32 = 1 << 17;

/// The lists, each with its bit; the file says what each is for.
const LISTS: [(&str, u32); 18] = [
    ("safety", SAFETY),
    ("wait", WAIT),
    ("know", KNOW),
    ("live", LIVE),
    ("matter", MATTER),
    ("good", GOOD),
    ("bad", BAD),
    ("own", OWN),
    ("feared", FEARED),
    ("gone", GONE),
    ("between", BETWEEN),
    ("data", DATA),
    ("whom", WHOM),
    ("no", NO),
    ("yes", YES),
    ("calm", CALM),
    ("mild", MILD),
    ("hers", HERS),
];

/// The words that tell what such a label is about.
pub(super) fn marks() -> impl Iterator<Item = &'static str> {
    let about = |(list, words): (&str, &'static str)| {
        matches!(list, "safety" | "wait" | "know" | "live").then_some(words)
    };
    shapes::lines(FILE).filter_map(about).flat_map(|words| words.split(' '))
}

/// A longer label is a sentence, in words.
const MOST: usize = 12;
/// An answer of more words tells something.
const SHORT: usize = 2;
/// Data have no more words.
const MOST_OF_DATA: usize = 8;

static WORDS: LazyLock<WordMap<u32>> = LazyLock::new(|| {
    let mut all: WordMap<u32> = WordMap::default();
    for (name, words) in shapes::lines(FILE) {
        let bit = LISTS.into_iter().find(|(list, _)| *list == name).map_or(0, |(_, bit)| bit);
        words.split(' ').for_each(|word| *all.entry(word.to_owned()).or_default() |= bit);
    }
    all
});

/// The words of a label or of an answer, with the lists and the classes of the net that they are in.
struct Said<'a> {
    words: Vec<&'a str>,
    lists: u32,
    classes: u16,
}

impl<'a> Said<'a> {
    fn of(folded: &'a str, cast: Cast) -> Said<'a> {
        let words = words(folded);
        let lists = words.iter().fold(0, |all, word| all | listed(word));
        let classes = cast.of(words.iter().fold(0, |all, word| all | class(word)));
        Said { words, lists, classes }
    }

    fn has(&self, lists: u32) -> bool {
        self.lists & lists != 0
    }

    fn names_somebody(&self) -> bool {
        self.classes & OTHER != 0
    }

    fn opens_with(&self, list: u32) -> bool {
        self.words.first().is_some_and(|word| listed(word) & list != 0)
    }
}

fn listed(word: &str) -> u32 {
    WORDS.get(word).copied().unwrap_or_default()
}

/// Whether a line is in doubt; its label is none that a form's reader knows.
pub(super) fn is_in_doubt(label: &str, answer: &str, cast: Cast) -> bool {
    let (folded, said) = (fold(label), fold(answer.trim_start_matches([':', '?'])));
    let (asked, answered) = (Said::of(&folded, cast), Said::of(&said, cast));
    if asked.words.len() > MOST || answered.words.is_empty() || is_nothing(&said) {
        return false;
    }
    let is_about = asked.has(SAFETY | WAIT | KNOW | LIVE) || asked.classes & TOPIC != 0;
    if !is_about || asked.has(MATTER) {
        return answered.words.len() > SHORT && is_doubtful(answer, cast);
    }
    if answered.opens_with(NO) {
        return is_bad_no(&asked, &answered, &said);
    }
    if answered.opens_with(YES) {
        let tells_more = answered.words.len() > 1 && (answered.names_somebody() || is_doubtful(answer, cast));
        let is_bad = asked.has(BAD) || asked.has(MILD) && !asked.has(HERS);
        return is_bad && !asked.has(OWN) || tells_more;
    }
    is_bad_answer(&asked, &answered, answer) || is_doubtful(&format!("{label}: {answer}"), cast)
}

/// Whether somebody stands between the client and whoever asks how to reach them: "Preferred contact method: via shelter
/// staff". "Monday through Friday" is nobody.
pub(super) fn names_go_between(label: &str, answer: &str, cast: Cast) -> bool {
    let (folded, said) = (fold(label), fold(answer));
    let (asked, answered) = (Said::of(&folded, cast), Said::of(&said, cast));
    let asks_whom = asked.classes & TOPIC != 0 && asked.has(WHOM) && !asked.has(DATA | MATTER);
    let is_between = |words: &[&str]| {
        matches!(
            words,
            ["through" | "via" | "thru" | "by" | "with" | "ask", "me" | "us" | "my" | "our"]
                | ["front", "desk"]
        )
    };
    let is_somebody =
        |word: &&str| listed(word) & BETWEEN != 0 && !matches!(*word, "through" | "us" | "me" | "you");
    asks_whom && (answered.words.iter().any(is_somebody) || answered.words.windows(2).any(is_between))
}

/// "Unknown", "n/a", "none known".
fn is_nothing(answer: &str) -> bool {
    matches!(answer, "n a" | "na" | "unknown" | "not applicable" | "none reported" | "none known")
}

fn is_bad_no(asked: &Said<'_>, answered: &Said<'_>, said: &str) -> bool {
    if asked::denies(said) || answered.words.len() == 1 {
        return asked.has(GOOD) && !asked.has(BAD);
    }
    let is_more = answered.names_somebody()
        || answered.classes & (WAITS | RESTRAINT) != 0 && answered.words.len() > SHORT;
    let is_not = answered.words.first().is_some_and(|word| *word == "not");
    is_more || is_not || asked.has(GOOD) && !asked.has(BAD)
}

/// Whether an answer that neither agrees nor denies is none that is known to be harmless.
fn is_bad_answer(asked: &Said<'_>, answered: &Said<'_>, answer: &str) -> bool {
    let is_of_topic = asked.classes & TOPIC != 0;
    let is_calm = || answered.words.iter().all(|word| listed(word) & CALM != 0 || is_counted(word));
    let is_limited = answered.classes & RESTRAINT != 0;
    if is_data(answer, answered) && !asked.has(SAFETY | WAIT | KNOW) && !answered.names_somebody() {
        return false;
    }
    asked.has(SAFETY) && !is_calm()
        || asked.has(WAIT) && is_of_topic
        || asked.has(KNOW) && (answered.names_somebody() || is_limited)
        || asked.has(LIVE) && answered.has(FEARED) && !answered.has(GONE)
        || asked.has(LIVE) && asked.has(FEARED) && !answered.has(GONE)
        || is_of_topic && !asked.has(DATA) && answered.names_somebody()
        || is_of_topic && asked.has(WHOM) && !asked.has(DATA) && answered.has(BETWEEN)
        || is_of_topic && is_limited
}

/// A number by itself, as dates and telephones are made of.
fn is_counted(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// An address, a telephone, a date.
fn is_data(answer: &str, answered: &Said<'_>) -> bool {
    let digits = answer.bytes().filter(u8::is_ascii_digit).count();
    answered.words.len() <= MOST_OF_DATA && (answer.contains('@') || digits >= 3)
}
