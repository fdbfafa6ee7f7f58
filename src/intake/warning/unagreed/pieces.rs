//! The pieces of phrases, and which phrases a text has every piece of.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

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

/// Every piece of every language, all looked for in one pass over a text: nearly no sentence has each piece of a phrase,
/// and only where it has, it matters how they stand.
pub(super) struct Pieces {
    automaton: Option<AhoCorasick>,
    /// Of each: whether it may stand within a word, its phrase, and its place in that.
    of: Vec<(bool, usize, usize)>,
    /// Of each phrase, how many places it has.
    sizes: Vec<usize>,
}

impl Pieces {
    pub(super) fn of<'p>(phrases: impl Iterator<Item = &'p Vec<Vec<Piece>>>) -> Pieces {
        let (mut of, mut sizes, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for phrase in phrases {
            for (place, alternatives) in phrase.iter().enumerate() {
                of.extend(alternatives.iter().map(|piece| (piece.is_part, sizes.len(), place)));
                words.extend(alternatives.iter().map(|piece| piece.words));
            }
            sizes.push(phrase.len());
        }
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        Pieces { automaton: AhoCorasick::builder().prefilter(false).kind(kind).build(words).ok(), of, sizes }
    }

    /// Whether each phrase has all its pieces in a text, in the order of the languages; without an automaton it may.
    pub(super) fn complete(&self, text: &str) -> Vec<bool> {
        let mut seen = vec![0_u64; self.sizes.len()];
        let is_searched = self.each(text, |found| {
            seen.get_mut(found.phrase).into_iter().for_each(|seen| *seen |= 1 << found.place);
        });
        let is_whole = |(seen, size): (&u64, &usize)| !is_searched || *seen == (1 << size) - 1;
        seen.iter().zip(&self.sizes).map(is_whole).collect()
    }

    /// Whether each phrase has its pieces in a text one behind the other, as near to each other as `is_near` wants it of
    /// the phrase and of what stands between. That is asked once for each piece in the text at most: of all the pieces
    /// before one that it may follow, the last is the nearest.
    pub(super) fn in_order(&self, text: &str, mut is_near: impl FnMut(usize, &str) -> bool) -> Vec<bool> {
        // Of each phrase and each of its places, where those pieces end that follow the ones before.
        let mut ends: Vec<Vec<Vec<usize>>> = self.sizes.iter().map(|size| vec![Vec::new(); *size]).collect();
        let is_searched = self.each(text, |found| {
            let Some(ends) = ends.get_mut(found.phrase) else { return };
            let follows = match found.place.checked_sub(1).and_then(|before| ends.get(before)) {
                None => true,
                // They come in the order of their ends: only those within this piece are passed over.
                Some(before) => before
                    .iter()
                    .rev()
                    .find(|end| **end <= found.start)
                    .and_then(|end| text.get(*end..found.start))
                    .is_some_and(|between| is_near(found.phrase, between)),
            };
            if let Some(ends) = ends.get_mut(found.place)
                && follows
                && ends.last() != Some(&found.end)
            {
                ends.push(found.end);
            }
        });
        ends.iter().map(|ends| !is_searched || ends.last().is_some_and(|last| !last.is_empty())).collect()
    }

    /// Gives each piece in a text, in the order of their ends; whether there is anything to find them with.
    fn each(&self, text: &str, mut each: impl FnMut(Found)) -> bool {
        let Some(automaton) = &self.automaton else { return false };
        for found in automaton.find_overlapping_iter(text) {
            let (start, end) = (found.start(), found.end());
            let Some((is_part, phrase, place)) = self.of.get(found.pattern().as_usize()).copied() else {
                continue;
            };
            if is_part || is_word(text, start, end) {
                each(Found { phrase, place, start, end });
            }
        }
        true
    }
}

/// A piece in a text.
struct Found {
    phrase: usize,
    place: usize,
    start: usize,
    end: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(pieces.complete("it sees he") == [true] && pieces.complete("he sees") == [false]);
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
