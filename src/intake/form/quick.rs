//! A fast hash for tables whose keys are our own words: nobody outside can choose keys that collide in them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map keyed by words of the language files.
pub(crate) type WordMap<V> = HashMap<String, V, BuildHasherDefault<WordHasher>>;
/// A set of words of the language files.
pub(crate) type WordSet = HashSet<String, BuildHasherDefault<WordHasher>>;

/// Multiply and rotate, eight bytes at a time.
#[derive(Default, Clone, Copy)]
pub(crate) struct WordHasher(u64);

const ODD: u64 = 0x517c_c1b7_2722_0a95;

impl WordHasher {
    const fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(ODD);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.add(u64::from_le_bytes(*eight));
        }
        let tail = rest.iter().rev().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        self.add(tail ^ ((bytes.len() as u64) << 56));
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
