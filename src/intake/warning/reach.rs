//! In whose reach the client is, in free words: whoever they fear lives with them, knows a password, has or took their
//! phone, may find out. No word for mail need stand there. One file a language: lists of words, and the orders in which
//! they stand near each other.

use std::sync::LazyLock;

use super::Warnings;
use super::pieces::{Phrases, Piece, Pieces};
use super::words::{NEARS, REACHES};
use crate::intake::form::fold::fold;
use crate::intake::plain::is_unspaced;
use crate::intake::quick;

const FILES: [&str; 11] = [
    include_str!("reach/en.txt"),
    include_str!("reach/es.txt"),
    include_str!("reach/fr.txt"),
    include_str!("reach/pt.txt"),
    include_str!("reach/ht.txt"),
    include_str!("reach/vi.txt"),
    include_str!("reach/tl.txt"),
    include_str!("reach/ru.txt"),
    include_str!("reach/ar.txt"),
    include_str!("reach/ko.txt"),
    include_str!("reach/zh.txt"),
];

/// What parts the clauses of a sentence.
const PARTS: [char; 10] = ['。', ',', '，', '、', '?', ':', ';', '…', '(', ')'];
/// What ends a piece that must end its clause.
const END: char = '$';
/// So many signs before the first piece, and behind the last, what denies it may stand.
const DENIED: usize = 16;
/// Nobody writes so many words that may open an order in one sentence: nobody knows what that one says.
const MOST: usize = 300;
/// No piece is longer, in bytes.
const LONGEST: usize = 96;

static TONGUES: LazyLock<Vec<Tongue>> = LazyLock::new(|| FILES.into_iter().map(Tongue::of).collect());

/// Of each order, the words of its lists.
static WORDS: LazyLock<Vec<Vec<Vec<Piece>>>> = LazyLock::new(|| {
    let of_list = |list: &List| list.iter().map(|piece| Piece::of(piece.trim_end_matches(END))).collect();
    orders().map(|(_, order)| order.iter().map(of_list).collect()).collect()
});

/// Every piece: nearly no sentence has one of each list of an order, and only where it has it matters how they stand.
static PIECES: LazyLock<Pieces> = LazyLock::new(|| Pieces::of(WORDS.iter()));

type List = Vec<&'static str>;

/// Every order with its tongue.
fn orders() -> impl Iterator<Item = (&'static Tongue, &'static [List])> {
    TONGUES.iter().flat_map(|tongue| tongue.orders.iter().map(move |order| (tongue, order.as_slice())))
}

/// The words of a piece, without its marks.
fn bare(piece: &'static str) -> &'static str {
    piece.trim_start_matches('~').trim_end_matches(END)
}

struct Tongue {
    /// So many signs stand between two pieces at most.
    near: usize,
    /// No spaces part its words.
    in_clauses: bool,
    /// Its words count only where letters have accents.
    accented: bool,
    not: List,
    orders: Vec<Vec<List>>,
}

impl Tongue {
    fn of(file: &'static str) -> Tongue {
        let lines =
            || file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
        let of =
            |name: &str| lines().find(|(key, _)| *key == name).map(|(_, words)| words).unwrap_or_default();
        let list = |name: &str| -> List { of(name).split('|').collect() };
        let orders = lines().filter(|(key, _)| *key == "mail");
        Tongue {
            near: of("near").parse().unwrap_or_default(),
            in_clauses: of("clauses") == "yes",
            accented: of("accents") == "yes",
            not: list("not"),
            orders: orders.map(|(_, names)| names.split(' ').map(list).collect()).collect(),
        }
    }

    fn says(&self, text: &str, order: &[List]) -> bool {
        self.follows(text, order, 0, None).is_some_and(|denied| !denied)
    }

    /// Whether the pieces from one on stand behind the place `(start, end)` that those before have; if so, whether what
    /// they say is denied everywhere it stands.
    fn follows(&self, text: &str, order: &[List], at: usize, found: Option<(usize, usize)>) -> Option<bool> {
        let Some(list) = order.get(at) else {
            let (start, end) = found?;
            return Some(self.is_denied(text, start, end));
        };
        let mut all = None;
        // What follows is looked for only as far behind as it may stand.
        let (from, to) = found.map_or((0, text.len()), |(_, end)| (end, self.reach(text, end)));
        let is_near = |(start, _): &(usize, usize)| {
            let between = found.map(|(_, end)| text.get(end..*start));
            between.is_none_or(|between| between.is_some_and(|words| words.chars().nth(self.near).is_none()))
        };
        let places: Vec<_> = list
            .iter()
            .flat_map(|piece| places_in(text, piece, from, to))
            .filter(is_near)
            .take(MOST)
            .collect();
        if places.len() == MOST {
            return Some(false);
        }
        for (start, end) in places {
            let begins = found.map_or(start, |(first, _)| first);
            match self.follows(text, order, at + 1, Some((begins, end))) {
                Some(false) => return Some(false),
                Some(true) => all = Some(true),
                None => {}
            }
        }
        all
    }

    /// Where the last piece ends that may follow one that ends there.
    fn reach(&self, text: &str, end: usize) -> usize {
        let behind = text.get(end..).unwrap_or_default();
        let near = behind.char_indices().nth(self.near + 1).map_or(text.len(), |(at, _)| end + at);
        text.ceil_char_boundary(near + LONGEST)
    }

    fn is_denied(&self, text: &str, start: usize, end: usize) -> bool {
        let before = text.get(..start).unwrap_or_default();
        let from = before.char_indices().rev().nth(DENIED - 1).map_or(0, |(at, _)| at);
        let behind = text.get(end..).unwrap_or_default();
        // English, French and Portuguese deny before or between, Korean and Chinese right behind.
        let to = behind.char_indices().nth(DENIED / 2).map_or(text.len(), |(at, _)| end + at);
        let around = text.get(from..to).unwrap_or_default();
        let said = text.get(start..end).unwrap_or_default();
        let is_inside = |word: &str| {
            self.orders.iter().flatten().flatten().any(|piece| holds(piece, word) && holds(said, piece))
        };
        self.not.iter().any(|word| holds(around, word) && !is_inside(word))
    }
}

fn holds(text: &str, piece: &str) -> bool {
    places(text, piece).next().is_some()
}

/// Where a piece stands in a text, as a word or, behind "~", as any part of one.
fn places<'t>(text: &'t str, piece: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
    places_in(text, piece, 0, text.len())
}

/// The same between two places of it.
fn places_in<'t>(
    text: &'t str,
    piece: &'t str,
    from: usize,
    to: usize,
) -> impl Iterator<Item = (usize, usize)> + 't {
    let (bare, is_part) = piece.strip_prefix('~').map_or((piece, false), |part| (part, true));
    let (bare, is_last) = bare.strip_suffix(END).map_or((bare, false), |bare| (bare, true));
    let is_word = move |at: usize, end: usize| {
        text.get(..at).is_none_or(|before| before.is_empty() || before.ends_with(' '))
            && text.get(end..).is_none_or(|after| after.is_empty() || after.starts_with(' '))
    };
    let within = text.get(from..to).unwrap_or_default();
    let found = within.match_indices(bare).map(move |(at, _)| (from + at, from + at + bare.len()));
    found.filter(move |(at, end)| (is_part || is_word(*at, *end)) && (!is_last || *end == text.len()))
}

/// The words that say so: one of the first and one of the last stands in such a sentence.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    let longest = |piece: &&'static str| bare(piece).split(' ').max_by_key(|word| word.len());
    TONGUES.iter().flat_map(|tongue| &tongue.orders).flat_map(move |order| {
        let first = order.first().into_iter().flatten().filter_map(longest);
        let last = order.last().into_iter().flatten().filter_map(longest);
        first.map(|word| (word, REACHES)).chain(last.map(|word| (word, NEARS)))
    })
}

/// Whether a sentence with words of these kinds may say so.
pub(super) const fn may_be_said(marks: u64) -> bool {
    marks & REACHES != 0 && marks & NEARS != 0
}

/// What a sentence warns of that says so: as it stands, and folded.
pub(super) fn said(sentence: &str, folded: &str) -> Warnings {
    let is_said = is_said(sentence, folded);
    Warnings { mail: is_said, is_grave: is_said, ..Warnings::default() }
}

fn is_said(sentence: &str, folded: &str) -> bool {
    let complete = PIECES.complete(folded);
    let is_plain = sentence.is_ascii();
    let is_unspaced = !is_plain && quick::wide_chars(sentence).any(is_unspaced);
    let candidates = |complete: Phrases, in_clauses: bool| {
        let counts = move |tongue: &Tongue| tongue.in_clauses == in_clauses && !(is_plain && tongue.accented);
        let all = if complete.is_empty() { None } else { Some(orders().enumerate()) };
        let all = all.into_iter().flatten();
        all.filter(move |(at, (tongue, _))| complete.has(*at) && counts(tongue)).map(|(_, order)| order)
    };
    // No clause has a piece that the sentence has not, but where spaces part no words.
    if !is_unspaced && candidates(complete, false).next().is_none() {
        return false;
    }
    let says = |text: &str, in_clauses: bool| {
        candidates(PIECES.complete(text), in_clauses).any(|(tongue, order)| tongue.says(text, order))
    };
    let mut clauses = sentence.split(PARTS).map(fold);
    candidates(complete, false).any(|(tongue, order)| tongue.says(folded, order))
        || clauses.any(|clause| says(&clause, false) || is_unspaced && says(&clause.replace(' ', ""), true))
}

#[cfg(test)]
mod tests {
    use super::super::marked::marked;
    use super::*;
    use crate::intake::plain::plain;
    use crate::intake::warning::of;

    #[test]
    fn every_piece_is_folded_and_marked_and_every_order_has_its_lists() {
        for tongue in TONGUES.iter() {
            assert!(tongue.near > 0 && !tongue.orders.is_empty());
            for piece in tongue.orders.iter().flatten().flatten().chain(&tongue.not) {
                let bare = bare(piece);
                assert!(!bare.is_empty() && fold(&plain(bare)) == bare, "{piece}");
                assert!(bare.len() <= LONGEST, "{piece}");
                assert!(bare.len() == piece.len() || !bare.is_ascii() || piece.ends_with(END), "{piece}");
            }
        }
        for (word, bit) in marks() {
            assert_ne!(marked(&format!("x {word} x")) & bit, 0, "{word}");
        }
    }

    #[test]
    fn a_sentence_that_nobody_writes_is_in_doubt_and_looked_through_once() {
        let text = "she lives with a friend in the old house by the river and the sea ".repeat(2_000);
        assert!(of([format!("{text} him").as_str()]).mail);
        assert!(!of(["her phone and her email are fine in her sister's house ".repeat(3).as_str()]).mail);
    }

    #[test]
    fn whoever_they_fear_is_near_them_or_knows() {
        for text in [
            "She is still in the house with him.",
            "She does not sleep, she lives with her abuser.",
            "The client is afraid he will find out.",
            "He took her phone last week.",
            "Her laptop was taken by him.",
            "Vive todavía con el agresor.",
            "Ella vive con él, tiene miedo.",
            "Elle vit encore avec lui.",
            "Она живёт с ним.",
            "她还和他住在一起。",
            "남편이 비밀번호를 알아요.",
        ] {
            assert!(of([text]).mail, "{text}");
        }
        for text in [
            "She is no longer living with him.",
            "She does not live with her abuser.",
            "She lived with him until 2019 and left.",
            "Vive con el niño de su hermana.",
            "Ya no vive con él.",
            "Elle ne vit plus avec lui.",
            "Она больше не живет с ним.",
            "她不再和他住在一起。",
            "Her husband filed for custody.",
        ] {
            assert!(!said(text, &fold(text)).mail, "{text}");
        }
    }
}
