//! The pieces of phrases, and which phrases a text has every piece of.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::intake::quick::WordMap;

/// Words that stand in a phrase.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) words: &'static str,
    /// It may stand within a word.
    pub(super) is_part: bool,
}

impl Piece {
    pub(super) fn of(written: &'static str) -> Piece {
        match written.strip_prefix('~') {
            Some(words) => Piece { words, is_part: true },
            None => Piece { words: written, is_part: false },
        }
    }
}

/// Whether words begin and end there.
fn is_word(text: &str, at: usize, end: usize) -> bool {
    let before = text.get(..at).is_none_or(|before| before.is_empty() || before.ends_with(' '));
    before && text.get(end..).is_none_or(|after| after.is_empty() || after.starts_with(' '))
}

/// Whether words stand at a place of a text, and no word goes on beyond them.
fn stands_at(text: &str, start: usize, words: &str) -> bool {
    let end = start + words.len();
    text.get(start..end) == Some(words) && is_word(text, start, end)
}

/// The words of a folded text, each with where it begins.
fn with_places(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ').scan(0, |next, word| {
        let at = *next;
        *next += word.len() + 1;
        Some((at, word))
    })
}

/// Every piece of every language, all looked for in one pass over a text: nearly no sentence has each piece of a phrase,
/// and only where it has, it matters how they stand.
pub(super) struct Pieces {
    automaton: Option<AhoCorasick>,
    /// Each piece once, however many phrases have it.
    known: Vec<Known>,
    /// Those that stand in words of their own, by the longest of these, which hardly any text has: so many bytes stand
    /// before it, and their numbers.
    by_word: WordMap<Vec<(usize, usize)>>,
    /// Of each phrase, how many places it has.
    sizes: Vec<usize>,
    /// The phrases that have no such place.
    without: [Phrases; PLACES],
}

/// A piece, and where phrases have it.
struct Known {
    piece: Piece,
    /// Its phrases, and its place in each.
    places: Vec<(usize, usize)>,
    /// The same for a first look.
    at: [Phrases; PLACES],
}

/// So many places of a phrase are looked at first.
const PLACES: usize = 6;

/// Phrases, a bit each. Those that share one are mistaken for each other at a first look only, and looked at once more.
#[derive(Clone, Copy, Default)]
pub(super) struct Phrases(u128);

impl Phrases {
    const ALL: Phrases = Phrases(u128::MAX);

    fn of(phrase: usize) -> Phrases {
        Phrases(1 << (phrase % 128))
    }

    /// Whether there is none.
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this one may be among them.
    pub(super) fn has(self, phrase: usize) -> bool {
        self.0 & Phrases::of(phrase).0 != 0
    }

    fn add(&mut self, more: Phrases) {
        self.0 |= more.0;
    }
}

impl Pieces {
    pub(super) fn of<'p>(phrases: impl Iterator<Item = &'p Vec<Vec<Piece>>>) -> Pieces {
        let mut pieces = Pieces {
            automaton: None,
            known: Vec::new(),
            by_word: WordMap::default(),
            sizes: Vec::new(),
            without: Default::default(),
        };
        let mut known = HashMap::new();
        let mut words = Vec::new();
        for phrase in phrases {
            for (place, alternatives) in phrase.iter().enumerate() {
                for piece in alternatives {
                    let number = *known.entry((piece.words, piece.is_part)).or_insert_with(|| {
                        words.push(piece.words);
                        pieces.learn(*piece);
                        words.len() - 1
                    });
                    pieces.add(number, pieces.sizes.len(), place);
                }
            }
            let phrases = Phrases::of(pieces.sizes.len());
            pieces.without.iter_mut().skip(phrase.len()).for_each(|without| without.add(phrases));
            pieces.sizes.push(phrase.len());
        }
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        let automaton = AhoCorasick::builder().prefilter(false).kind(kind).build(words).ok();
        Pieces { automaton, ..pieces }
    }

    fn learn(&mut self, piece: Piece) {
        let longest = with_places(piece.words).max_by_key(|(_, word)| word.len());
        if let Some((before, word)) = longest.filter(|_| !piece.is_part) {
            self.by_word.entry(word.to_owned()).or_default().push((before, self.known.len()));
        }
        self.known.push(Known { piece, places: Vec::new(), at: Default::default() });
    }

    fn add(&mut self, piece: usize, phrase: usize, place: usize) {
        let Some(known) = self.known.get_mut(piece) else { return };
        known.places.push((phrase, place));
        known.at.get_mut(place).into_iter().for_each(|at| at.add(Phrases::of(phrase)));
    }

    /// The phrases that may have all their pieces in a folded text; without an automaton each may.
    pub(super) fn complete(&self, text: &str) -> Phrases {
        let mut seen = self.without;
        let mut see = |known: &Known| seen.iter_mut().zip(known.at).for_each(|(seen, at)| seen.add(at));
        // No part of a word is looked for in ASCII.
        let is_searched = if text.is_ascii() {
            self.each_whole(text, see);
            true
        } else {
            self.each(text, |known, _, _| see(known))
        };
        let all = seen.into_iter().fold(Phrases::ALL, |all, seen| Phrases(all.0 & seen.0));
        if is_searched { all } else { Phrases::ALL }
    }

    /// Gives each piece in a text of ASCII that stands in words of its own: quicker than to look for it at every letter.
    fn each_whole(&self, text: &str, mut each: impl FnMut(&Known)) {
        for (at, word) in with_places(text) {
            for (before, number) in self.by_word.get(word).into_iter().flatten() {
                let stands = |known: &&Known| {
                    let start = at.checked_sub(*before);
                    start.is_some_and(|start| stands_at(text, start, known.piece.words))
                };
                self.known.get(*number).filter(stands).into_iter().for_each(&mut each);
            }
        }
    }

    /// Whether each phrase has its pieces in a text one behind the other, as near to each other as `is_near` wants it of
    /// the phrase and of what stands between. That is asked once for each piece in the text at most: of all the pieces
    /// before one that it may follow, the last is the nearest.
    pub(super) fn in_order(&self, text: &str, mut is_near: impl FnMut(usize, &str) -> bool) -> Vec<bool> {
        // Of each phrase and each of its places, where those pieces end that follow the ones before.
        let mut ends: Vec<Vec<Vec<usize>>> = self.sizes.iter().map(|size| vec![Vec::new(); *size]).collect();
        let is_searched = self.each(text, |known, start, end| {
            for (phrase, place) in known.places.iter().copied() {
                let Some(ends) = ends.get_mut(phrase) else { continue };
                let follows = match place.checked_sub(1).and_then(|before| ends.get(before)) {
                    None => true,
                    // They come in the order of their ends: only those within this piece are passed over.
                    Some(before) => before
                        .iter()
                        .rev()
                        .find(|end| **end <= start)
                        .and_then(|end| text.get(*end..start))
                        .is_some_and(|between| is_near(phrase, between)),
                };
                if let Some(ends) = ends.get_mut(place)
                    && follows
                    && ends.last() != Some(&end)
                {
                    ends.push(end);
                }
            }
        });
        ends.iter().map(|ends| !is_searched || ends.last().is_some_and(|last| !last.is_empty())).collect()
    }

    /// Gives each piece in a text with where it begins and ends, in the order of the ends; whether there is anything to
    /// find them with.
    fn each(&self, text: &str, mut each: impl FnMut(&Known, usize, usize)) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        for found in automaton.find_overlapping_iter(text) {
            let (start, end) = (found.start(), found.end());
            let known = self.known.get(found.pattern().as_usize());
            known
                .filter(|known| known.piece.is_part || is_word(text, start, end))
                .into_iter()
                .for_each(|known| each(known, start, end));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: &str = "abcdefghi";

    fn pieces(phrase: &[&[&'static str]]) -> Pieces {
        let phrase = phrase.iter().map(|words| words.iter().copied().map(Piece::of).collect()).collect();
        Pieces::of([&phrase].into_iter())
    }

    #[test]
    fn pieces_in_order_are_found_by_the_nearest_one_before() {
        let pieces = pieces(&[&["he", "she or he"], &["he sees", "sees"], &["it"]]);
        let near = |most: usize| move |_: usize, between: &str| between.len() <= most;
        for (text, most, expected) in [
            ("he sees it", 1, true),
            ("he he sees it", 1, true),
            ("he far sees it", 1, false),
            ("he far sees it", 5, true),
            ("it sees he", 9, false),
            ("she or he sees it", 1, true),
            ("the sees it", 9, false),
            ("he sees bits of it", 9, true),
            ("he sees it not, and sees more", 1, true),
        ] {
            assert_eq!(pieces.in_order(text, near(most)), [expected], "{text}");
        }
        assert!(pieces.complete("it sees he").has(0) && pieces.complete("he sees").is_empty());
    }

    #[test]
    fn a_phrase_is_complete_however_long_it_is_and_whatever_shares_its_bit() {
        let phrase: Vec<_> = (b'a'..=b'i')
            .map(|letter| {
                vec![Piece::of(LETTERS.get(usize::from(letter - b'a')..=usize::from(letter - b'a')).unwrap())]
            })
            .collect();
        let many = vec![phrase; 300];
        let pieces = Pieces::of(many.iter());
        let complete = pieces.complete("i h g f e d c b a");
        assert!((0..300).all(|phrase| complete.has(phrase)));
        assert!(pieces.complete("b c d e f g h i").is_empty());
        assert_eq!(pieces.in_order("a b c d e f g h i", |_, between| between == " "), vec![true; 300]);
    }

    #[test]
    fn what_is_found_word_by_word_is_what_is_found_letter_by_letter() {
        let pieces = pieces(&[&["he", "she or he"], &["he sees", "sees"], &["it"]]);
        for text in [
            "",
            "he",
            "it sees he",
            "she or it sees",
            "she or he sees it",
            "the sees it",
            "sees it he",
            "or he",
        ] {
            let letters = format!("{text} ж");
            assert_eq!(pieces.complete(text).0, pieces.complete(&letters).0, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_asked_of_each_piece_once() {
        let pieces = pieces(&[&["he", "they"], &["sees it", "reads it"]]);
        for count in [100, 1_000, 10_000] {
            let text = format!("sees it {}reads it", "he ".repeat(count));
            let mut asked = 0;
            let in_order = pieces.in_order(&text, |_, _| {
                asked += 1;
                false
            });
            assert_eq!((in_order, asked), (vec![false], 1), "{count}");
            let far = format!("he {}", "sees it ".repeat(count));
            let mut asked = 0;
            pieces.in_order(&far, |_, _| {
                asked += 1;
                false
            });
            assert_eq!(asked, count);
        }
    }
}
