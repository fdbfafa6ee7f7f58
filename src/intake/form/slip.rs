//! Slips of the pen: the one known label that a misspelt one means.

use std::collections::HashMap;

use super::meaning::{Meaning, Slot};
use crate::referral::safety::is_guarded;

/// Shorter labels forgive nothing.
const NEAR_FROM: usize = 8;

/// A label that a misspelt one is compared with.
struct Candidate {
    text: String,
    letters: u32,
    /// How often each letter stands in it.
    counts: [u8; 26],
    meaning: Meaning,
}

/// The labels that misspelt ones are compared with, by their first letter and their length.
#[derive(Default)]
pub(super) struct Slips {
    near: HashMap<(u8, usize), Vec<Candidate>>,
}

impl Slips {
    /// Takes the folded labels that are long enough.
    pub(super) fn of(labels: Vec<(String, Meaning)>) -> Slips {
        let mut near: HashMap<(u8, usize), Vec<Candidate>> = HashMap::new();
        for (text, meaning) in labels {
            let length = text.chars().count();
            let (true, Some(first)) = (length >= NEAR_FROM, text.bytes().next()) else { continue };
            let candidate = Candidate { letters: letters(&text), counts: counts(&text), text, meaning };
            near.entry((first, length)).or_default().push(candidate);
        }
        for list in near.values_mut() {
            list.sort_by(|a, b| a.text.cmp(&b.text));
        }
        Slips { near }
    }

    /// The meaning of a folded label with a slip of the pen in it: one in a long label, two in a very long one, never
    /// in the first letter, never where two meanings are equally near. Labels about safety and consent forgive one
    /// only: two letters make "unsafe" of "safe".
    pub(super) fn nearest(&self, folded: &str) -> Option<Meaning> {
        let length = folded.chars().count();
        let first = folded.bytes().next().filter(u8::is_ascii_alphanumeric)?;
        if !(NEAR_FROM..=60).contains(&length) || folded.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let allowed: usize = if length >= 14 { 2 } else { 1 };
        let (bits, counted) = (letters(folded), counts(folded));
        let mut best: Option<(usize, Meaning)> = None;
        let mut torn = false;
        for size in length.saturating_sub(allowed)..=length + allowed {
            for candidate in self.near.get(&(first, size)).into_iter().flatten() {
                if (candidate.letters ^ bits).count_ones() as usize > 2 * allowed
                    || differing(&candidate.counts, &counted) > 2 * allowed
                {
                    continue;
                }
                let bound = if is_delicate(candidate.meaning) { 1 } else { allowed };
                let distance = strsim::osa_distance(&candidate.text, folded);
                if distance > bound {
                    continue;
                }
                match best {
                    Some((at, _)) if at < distance => {}
                    Some((at, meaning)) if at == distance => torn |= meaning != candidate.meaning,
                    _ => (best, torn) = (Some((distance, candidate.meaning)), false),
                }
            }
        }
        best.filter(|_| !torn).map(|(_, meaning)| meaning)
    }
}

fn letters(text: &str) -> u32 {
    text.bytes().filter(u8::is_ascii_lowercase).fold(0, |bits, b| bits | 1 << (b - b'a'))
}

/// How often each letter of the alphabet stands in a text.
fn counts(text: &str) -> [u8; 26] {
    let mut counts = [0_u8; 26];
    for byte in text.bytes() {
        if let Some(count) = byte.checked_sub(b'a').and_then(|at| counts.get_mut(usize::from(at))) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// How many letters two texts do not share: one slip of the pen makes it two at most.
fn differing(one: &[u8; 26], other: &[u8; 26]) -> usize {
    one.iter().zip(other).map(|(one, other)| usize::from(one.abs_diff(*other))).sum()
}

/// Consent and safety: two slips of the pen can turn such a label round.
pub(super) fn is_delicate(meaning: Meaning) -> bool {
    match meaning.slot {
        Slot::Field(field) => is_guarded(field),
        slot => matches!(slot, Slot::Safe(_) | Slot::DoNot(_)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::super::lexicon::LEXICON;
    use super::*;
    use crate::referral::packet::Field;

    #[test]
    fn a_slip_of_the_pen_is_forgiven_only_in_long_labels_and_never_turns_safety_round() {
        let near = |text: &str| LEXICON.nearly(&fold(text)).map(|meaning| meaning.slot);
        assert_eq!(near("Date of brith"), Some(Slot::Field(Field::ClientDob)));
        assert_eq!(near("Reason for refferal"), Some(Slot::Field(Field::Reason)));
        assert_eq!(near("Phnoe"), None);
        assert_eq!(near("Unsafe to contcat"), Some(Slot::DoNot(0)));
        assert_eq!(near("Is it unsafe to leave a voicemail"), None);
    }
}
