//! Draws from a seed: the same for every run, so that what was found is found again.

/// Where the draws stand; any number but nought begins one.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// A number under this one.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (bound as u64)).unwrap()
    }

    /// One of these.
    pub(crate) fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}
