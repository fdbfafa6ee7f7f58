//! Which kinds of words a text holds, told in one pass over its bytes: nothing is folded and no word is cut out.
//!
//! The words are known by the hash of their folded form. A kind that is not told is certainly not there; one that is
//! told is looked for again where it matters.

use super::form::fold::{GAP, class, is_letter, letters_of_wide};
use super::quick::{self, ODD};

/// Words with their kinds, as bits.
#[derive(Default)]
pub(crate) struct Marks {
    /// Each word's hash and kinds at the first free place from its own on; the hash 0 is a free place.
    table: Vec<(u64, u64)>,
    /// A bit for each word, one of 65,536: so little stays near the processor, and nearly no word of a text has one.
    known: Vec<u64>,
}

impl Marks {
    /// Marks each folded word with the kinds it is of. One with a letter outside ASCII may also be a part of a longer
    /// word.
    pub(crate) fn of<'w>(words: impl IntoIterator<Item = (&'w str, u64)>) -> Marks {
        let words: Vec<(u64, u64)> = words.into_iter().map(|(word, kinds)| (hash_of(word), kinds)).collect();
        let table = vec![(0, 0); (4 * words.len()).next_power_of_two()];
        let mut marks = Marks { table, known: vec![0; 1 << 10] };
        for (hash, kinds) in words {
            let (at, bit) = known_at(hash);
            marks.known.get_mut(at).into_iter().for_each(|known| *known |= bit);
            let place = marks.place(hash);
            if let Some(mark) = marks.table.get_mut(place) {
                *mark = (hash, mark.1 | kinds);
            }
        }
        marks
    }

    /// The kinds of all words of a text, as written or folded.
    pub(crate) fn within(&self, text: &str) -> u64 {
        let (mut kinds, mut hash) = (0, 0);
        let mut rest = text;
        loop {
            let plain = quick::find_wide(rest).unwrap_or(rest.len());
            let (plain, from) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.add_plain(plain, &mut kinds, &mut hash);
            let mut wide = from.chars();
            let Some(c) = wide.next() else { return kinds | self.at(hash) };
            let parts = letters_of_wide(c, |letter| match u8::try_from(letter) {
                Ok(letter) if letter.is_ascii() => hash = with(hash, letter),
                Ok(_) | Err(_) => kinds |= self.at(of_foreign(letter)),
            });
            if parts {
                kinds |= self.at(std::mem::take(&mut hash));
            }
            rest = wide.as_str();
        }
    }

    fn add_plain(&self, plain: &str, kinds: &mut u64, hash: &mut u64) {
        for byte in plain.bytes() {
            let class = class(byte);
            if is_letter(class) {
                *hash = with(*hash, class);
            } else if class == GAP && *hash != 0 {
                *kinds |= self.at(std::mem::take(hash));
            }
        }
    }

    fn at(&self, hash: u64) -> u64 {
        let (at, bit) = known_at(hash);
        if self.known.get(at).is_none_or(|known| known & bit == 0) {
            return 0;
        }
        self.table.get(self.place(hash)).map_or(0, |(_, kinds)| *kinds)
    }

    /// Where a hash stands, or the free place it would be put. Three quarters of the table are free.
    fn place(&self, hash: u64) -> usize {
        let last = self.table.len().saturating_sub(1);
        let mut place = usize::try_from(hash.wrapping_mul(ODD) >> 32).unwrap_or(0) & last;
        while self.table.get(place).is_some_and(|(known, _)| *known != hash && *known != 0) {
            place = (place + 1) & last;
        }
        place
    }
}

/// Where the bit of a word stands that tells whether it is known at all.
fn known_at(hash: u64) -> (usize, u64) {
    let spread = hash.wrapping_mul(ODD);
    (usize::try_from(spread >> 54).unwrap_or(0), 1 << (spread >> 48 & 63))
}

/// Words with letters outside ASCII are known by the first of those: whoever writes the word writes the letter.
fn hash_of(word: &str) -> u64 {
    let foreign = word.chars().find(|letter| !letter.is_ascii());
    foreign.map_or_else(|| word.bytes().fold(0, with), of_foreign)
}

/// The hash of a word with one more letter.
const fn with(hash: u64, letter: u8) -> u64 {
    hash.rotate_left(5) ^ letter as u64
}

fn of_foreign(letter: char) -> u64 {
    u64::from(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_they_are_written_and_no_kind_is_missed() {
        let marks = Marks::of([("email", 1), ("dont", 2), ("clients", 4), ("correo", 8), ("почт", 16)]);
        for (text, kinds) in [
            ("Please DON'T write; Email only", 3),
            ("(Email)", 1),
            ("the client’s D.o.n.t", 6),
            ("mail", 0),
            ("", 0),
            ("Corréo—électronique", 8),
            ("не на E-почту!", 16),
            ("на улицу", 0),
        ] {
            assert_eq!(marks.within(text), kinds, "{text}");
        }
    }
}
