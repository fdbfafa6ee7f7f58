//! The net: single words, in wide classes, that in one clause or in two beside each other may speak of what must not reach
//! the client, of whoever else it reaches, or of waiting. Nobody lists all that a person may write: whatever has such words
//! is in doubt, but where shapes of words that are known to be harmless stand around them. One file a language has the
//! words; one has the shapes. Where single words are too many in everything that is written, phrases tell.

mod lines;
mod told;

use std::sync::LazyLock;

use super::notes;
use super::words::{NET_ALONE, NET_KNOW, NET_LIMIT, NET_LINE, NET_LOOSE, NET_OTHER, NET_TOPIC};
use crate::intake::form;
use crate::intake::form::fold::{fold, words};
use crate::intake::quick::{WordMap, WordSet, lowered};
use crate::intake::shapes::{self, Shapes};

/// English and Spanish, which people mix in one sentence.
const FILES: [&str; 2] = [include_str!("net/en.txt"), include_str!("net/es.txt")];
/// What is harmless; the file says how it is written.
pub(super) const HARMLESS: &str = include_str!("net/harmless.txt");

const TOPIC: u16 = 1;
const RESTRAINT: u16 = 1 << 1;
const OTHER: u16 = 1 << 2;
const KNOW: u16 = 1 << 3;
const ALONE: u16 = 1 << 4;
const WEAK: u16 = 1 << 5;
const HOLD: u16 = 1 << 6;
const WAIT: u16 = 1 << 7;
const SELF: u16 = 1 << 8;
const FORM: u16 = 1 << 9;
const UNDONE: u16 = 1 << 10;
const HARM: u16 = 1 << 11;
const MAY: u16 = 1 << 12;
const HE: u16 = 1 << 13;

/// The classes, each with its bit and the mark of a sentence that has a word of it; the English file says what each is for.
const CLASSES: [(&str, u16, u64); 14] = [
    ("topic", TOPIC, NET_TOPIC),
    ("restraint", RESTRAINT, NET_LIMIT),
    ("other", OTHER, NET_OTHER),
    ("know", KNOW, NET_KNOW),
    ("alone", ALONE, NET_ALONE),
    ("weak", WEAK, NET_LOOSE),
    ("hold", HOLD, NET_LIMIT),
    ("wait", WAIT, NET_LIMIT),
    ("self", SELF, NET_LOOSE),
    ("form", FORM, NET_LOOSE),
    ("undone", UNDONE, NET_LIMIT),
    ("harm", HARM, NET_KNOW),
    ("may", MAY, NET_LIMIT),
    ("he", HE, NET_OTHER),
];

/// Each word with the bits of its classes.
static WORDS: LazyLock<WordMap<u16>> = LazyLock::new(|| {
    let mut all: WordMap<u16> = WordMap::default();
    for (bit, _, word) in listed() {
        *all.entry(word.to_owned()).or_default() |= bit;
    }
    all
});

/// Every word of each class, with the bit and the mark of the class.
fn listed() -> impl Iterator<Item = (u16, u64, &'static str)> {
    let lines = FILES.into_iter().flat_map(shapes::lines);
    let of_class = |(class, words): (&str, &'static str)| {
        let (_, bit, mark) = CLASSES.into_iter().find(|(name, ..)| *name == class)?;
        Some(words.split(' ').map(move |word| (bit, mark, word)))
    };
    lines.filter_map(of_class).flatten()
}

static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(HARMLESS, "shape"));

/// The words of the classes: a sentence without some of them says nothing of the kind.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    let of_lines = lines::marks().map(|word| (word, NET_LINE));
    let of_told = told::marks().map(|word| (word, NET_ALONE));
    listed().map(|(_, mark, word)| (word, mark)).chain(of_lines).chain(of_told)
}

/// Whether words of these kinds may say so in a sentence, or in a line of a form.
const fn may_be_said(marks: u64, is_judged: bool) -> bool {
    let is_limited = marks & NET_LIMIT != 0;
    let is_others = marks & NET_OTHER != 0;
    marks & NET_ALONE != 0
        || marks & NET_TOPIC != 0 && (is_limited || is_others)
        || marks & NET_KNOW != 0 && is_others
        || marks & NET_LOOSE != 0 && is_limited
        || is_judged && marks & (NET_LINE | NET_TOPIC) != 0
}

/// How the net is cast over a mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cast {
    /// Not at all.
    No,
    /// Whoever "he" is may stand between the client and us.
    Wide,
    /// "He" is the client.
    OfHim,
}

impl Cast {
    /// How it is cast over these texts of a mail that brings a yes. Where no woman is spoken of, no man beside the client
    /// that anybody fears, and no matter in which there is one, "he" is the client.
    pub(super) fn over<'a>(texts: impl IntoIterator<Item = &'a str>) -> Cast {
        let words = || texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let mut is_he = false;
        for word in words().filter(|word| !word.is_empty() && word.len() <= LONGEST_OF_SOMEBODY) {
            // Nearly every word is in lower case already.
            let folded = if word.is_ascii() { lowered(word) } else { word.to_lowercase().into() };
            if NOT_HIM.contains(&*folded) {
                return Cast::Wide;
            }
            is_he |= class(&folded) & HE != 0;
        }
        if is_he { Cast::OfHim } else { Cast::Wide }
    }

    /// The classes of a word under it.
    const fn of(self, classes: u16) -> u16 {
        match self {
            Cast::OfHim => classes,
            Cast::No | Cast::Wide => classes | if classes & HE == 0 { 0 } else { OTHER },
        }
    }
}

/// The longest word for somebody, in bytes.
const LONGEST_OF_SOMEBODY: usize = 16;

static NOT_HIM: LazyLock<WordSet> = LazyLock::new(|| {
    let lists = shapes::lines(HIM).filter(|(list, _)| matches!(*list, "she" | "feared" | "matter"));
    lists.flat_map(|(_, words)| words.split(' ')).map(str::to_owned).collect()
});

/// Who speaks against "he" being the client.
const HIM: &str = include_str!("net/him.txt");

/// Whether a sentence may say so. `marks` are the kinds that its words may be of; `is_judged` says that a label it begins
/// with is read as one of a form.
pub(super) fn is_caught(sentence: &str, marks: u64, is_judged: bool, cast: Cast) -> bool {
    cast != Cast::No && may_be_said(marks, is_judged) && is_caught_in(sentence, is_judged, cast)
}

fn is_caught_in(sentence: &str, is_judged: bool, cast: Cast) -> bool {
    match sentence.split_once([':', '?']).filter(|(label, _)| label.len() <= LONGEST) {
        // Whatever is asked of safety is judged where forms are read.
        Some((label, _)) if form::asks_of_safety(label) => false,
        Some((label, answer)) if is_judged && form::is_label_nearly(label) => {
            (is_doubtful(answer, cast) || lines::names_go_between(label, answer, cast))
                && !notes::is_harmless(answer)
        }
        Some((label, answer)) if is_judged && is_label(label) => lines::is_in_doubt(label, answer, cast),
        Some(_) | None => is_doubtful(sentence, cast),
    }
}

/// Whether what stands before a colon or a question mark is a label, and no sentence.
fn is_label(text: &str) -> bool {
    text.split_whitespace().nth(MOST_OF_LABEL).is_none() && !text.contains([',', '@'])
}

/// The longest label, in words.
const MOST_OF_LABEL: usize = 12;

/// The longest label, in bytes.
const LONGEST: usize = 120;

/// What parts the clauses of a sentence.
const PARTS: [char; 9] = [',', ';', ':', '(', ')', '?', '!', '—', '–'];
/// Words that do so.
const BUTS: [&str; 2] = ["but", "pero"];

fn is_doubtful(text: &str, cast: Cast) -> bool {
    let clauses: Vec<String> = text.split(PARTS).flat_map(|clause| clause.split(" - ")).map(spoken).collect();
    let clauses: Vec<Vec<&str>> = clauses
        .iter()
        .flat_map(|clause| {
            words(clause).split(|word| BUTS.contains(word)).map(<[&str]>::to_vec).collect::<Vec<_>>()
        })
        .filter(|clause| !clause.is_empty())
        .collect();
    let classed = |harmless: bool| -> Vec<u16> {
        clauses.iter().map(|clause| cast.of(if harmless { left(clause) } else { all(clause) })).collect()
    };
    // Nearly nothing that is harmless needs its shapes looked for.
    is_any(&classed(false)) && is_any(&classed(true)) || told::is_said(&clauses, cast)
}

/// The folded words of a clause, without addresses: they are nobody's words.
fn spoken(clause: &str) -> String {
    if !clause.contains(['@', '/']) {
        return fold(clause);
    }
    let is_word = |word: &&str| !word.contains('@') && !word.contains("//") && !word.starts_with("www.");
    fold(&clause.split_whitespace().filter(is_word).collect::<Vec<_>>().join(" "))
}

fn class(word: &str) -> u16 {
    WORDS.get(word).copied().unwrap_or_default()
}

/// The classes of all words.
fn all(words: &[&str]) -> u16 {
    words.iter().fold(0, |all, word| all | class(word))
}

/// In a longer clause no shapes are looked for, in words.
const MOST_SHAPED: usize = 80;

/// The classes of those words around which no harmless shape stands.
fn left(words: &[&str]) -> u16 {
    // Nobody writes longer clauses, and looking for shapes takes time.
    if words.len() > MOST_SHAPED {
        return all(words);
    }
    let open = words.iter().zip(SHAPES.covered(words)).filter(|(_, is_covered)| !is_covered);
    open.fold(0, |all, (word, _)| all | class(word))
}

/// Whether the classes of some clause, or of one with those beside it, may warn together.
fn is_any(clauses: &[u16]) -> bool {
    (0..clauses.len()).any(|at| {
        let here = clauses.get(at).copied().unwrap_or_default();
        let beside = clauses.get(at.saturating_sub(1)..(at + 2).min(clauses.len())).unwrap_or_default();
        let near = beside.iter().fold(0, |all, classes| all | classes);
        let both = |one: u16, two: u16| here & one != 0 && here & two != 0;
        here & ALONE != 0
            || here & TOPIC != 0 && near & (RESTRAINT | OTHER) != 0
            || both(KNOW, OTHER)
            || both(WEAK, HOLD)
            || both(WAIT, SELF)
            || here & FORM != 0 && near & UNDONE != 0
            || both(HARM, MAY) && here & OTHER != 0
    })
}

#[cfg(test)]
mod tests {
    use super::super::marked::marked;
    use super::*;

    #[test]
    fn every_class_has_words_and_every_word_is_folded_and_marked() {
        for (name, bit, mark) in CLASSES {
            assert!(listed().any(|(of_word, ..)| of_word == bit), "{name}");
            assert_ne!(mark, 0);
        }
        for (class, _) in FILES.into_iter().flat_map(shapes::lines) {
            assert!(CLASSES.iter().any(|(name, ..)| *name == class), "{class}");
        }
        for (_, _, word) in listed() {
            assert!(!word.is_empty() && fold(word) == word, "{word}");
        }
        let mut named = Vec::new();
        for (key, written) in shapes::lines(HARMLESS) {
            let is_again = key.starts_with("list ") && named.contains(&key);
            assert!(!is_again, "{key} stands twice: only the last would count");
            named.push(key);
            let is_list = key.starts_with("list ");
            assert!(is_list || matches!(key, "shape" | "clear" | "print"), "{key}");
            let parts = if is_list { ['|'; 4] } else { [' ', '|', '?', '*'] };
            for phrase in written.split(parts).map(|phrase| phrase.trim_end_matches('+').replace('_', " ")) {
                assert!(phrase == "#" || fold(&phrase) == phrase, "{phrase}");
            }
        }
    }

    #[test]
    fn he_is_the_client_where_no_woman_nobody_to_fear_and_no_matter_of_fear_is_spoken_of() {
        for (texts, cast) in [
            (&["He has no phone.", "His rent is due."][..], Cast::OfHim),
            (&["The client has no phone."], Cast::Wide),
            (&["He has her phone."], Cast::Wide),
            (&["He has no phone.", "Ask HER."], Cast::Wide),
            (&["He reads the mail of the client, Husband is at home."], Cast::Wide),
            (&["Matter: divorce. He reads email daily."], Cast::Wide),
            (&["Matter: Domestic Violence\nHe reads email daily."], Cast::Wide),
            (&["Restraining order. He keeps the phone."], Cast::Wide),
        ] {
            assert_eq!(Cast::over(texts.iter().copied()), cast, "{texts:?}");
        }
    }

    #[test]
    fn who_he_is_decides_whether_he_stands_between() {
        let sentence = "He picks up the phone";
        let marks = marked(sentence);
        assert!(is_caught(sentence, marks, false, Cast::Wide));
        assert!(!is_caught(sentence, marks, false, Cast::OfHim));
        assert!(!is_caught(sentence, marks, false, Cast::No));
    }

    #[test]
    fn in_a_clause_longer_than_anybody_writes_nothing_is_harmless() {
        let harmless = "do not leave a voicemail";
        let caught = |text: &str| is_caught(text, marked(text), false, Cast::Wide);
        let filled = |count: usize| format!("{harmless}{}", " and so".repeat(count));
        assert!(!caught(harmless), "{harmless}");
        assert!(!caught(&filled(10)));
        assert!(caught(&filled(MOST_SHAPED)));
    }
}
