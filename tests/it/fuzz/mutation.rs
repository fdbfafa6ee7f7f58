//! Mutants: a seed, cut, doubled, mixed with another one, or with bytes changed. The name of a target is its seed.

/// Bytes that mean something to mail.
const SIGNS: &[u8] = b"\0\r\n\t -=?;:<>\"'(),.@/\\+&#%[]{}|~\x1b\x7f\x80\xbf\xc3\xff09AZaz";

pub(super) struct Mutator(u64);

impl Mutator {
    pub(super) fn new(name: &str) -> Mutator {
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Mutator(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (bound.max(1) as u64)).unwrap()
    }

    /// A damaged copy of one of the seeds.
    pub(super) fn mutant(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(6) {
            self.damage(&mut bytes, seeds);
        }
        bytes.truncate(200_000);
        bytes
    }

    fn damage(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let (one, two) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
        let (start, end) = (one.min(two), one.max(two));
        match self.below(9) {
            0 => bytes.truncate(one),
            1 => drop(bytes.drain(start..end.min(start + 60))),
            2 => {
                let piece = bytes[start..end.min(start + 2_000)].to_vec();
                bytes.splice(one..one, piece);
            }
            3 => {
                let other = &seeds[self.below(seeds.len())];
                let cut = self.below(other.len() + 1);
                bytes.splice(one.., other[cut..].iter().copied());
            }
            4 => {
                let sign = SIGNS[self.below(SIGNS.len())];
                let times = 1 + self.below(40);
                bytes.splice(one..one, std::iter::repeat_n(sign, times));
            }
            5 => {
                let mut lines: Vec<Vec<u8>> =
                    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let (from, to) = (self.below(lines.len()), self.below(lines.len()));
                if !lines.is_empty() {
                    lines.swap(from, to);
                }
                *bytes = lines.concat();
            }
            _ => {
                let sign = SIGNS[self.below(SIGNS.len())];
                if let Some(byte) = bytes.get_mut(one) {
                    *byte = sign;
                }
            }
        }
    }
}
