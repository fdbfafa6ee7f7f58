//! Chance that repeats: the same seed gives the same numbers on every machine (`SplitMix64`, Steele et al. 2014).

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Chance {
    state: u64,
}

impl Chance {
    pub(super) const fn of(seed: u64) -> Chance {
        Chance { state: seed }
    }

    /// The next 64 bits.
    pub(super) const fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to but without `end`; 0 for an empty range. What the division favours is not to be seen here.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.draw() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// So many times out of a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_stream_and_another_seed_another() {
        let stream = |seed| {
            let mut chance = Chance::of(seed);
            [chance.draw(), chance.draw(), chance.draw()]
        };
        assert_eq!(stream(7), stream(7));
        assert_ne!(stream(7), stream(8));
    }

    #[test]
    fn percents_come_out_about_as_often_as_they_say() {
        let mut chance = Chance::of(1);
        for percent in [0, 5, 50, 95, 100] {
            let hits = (0..10_000).filter(|_| chance.percent(percent)).count();
            assert!(hits.abs_diff(usize::try_from(percent).unwrap() * 100) < 200, "{percent}: {hits}");
        }
    }
}
