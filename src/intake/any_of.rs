//! Any of many phrases in a text, all looked for in one pass over it.
//!
//! Of each phrase four bytes in a row are known that other texts hardly have. Of a text every four bytes in a row are
//! looked up in a small table of bits, where nearly none is known; what is known is compared as a whole. A machine of
//! states reads a text no quicker and is a thousand times larger.

/// Phrases that are looked for all at once, anywhere in a text.
#[derive(Default)]
pub(crate) struct AnyOf {
    phrases: Vec<String>,
    marks: Marks,
    /// By their four bytes, in order.
    told: Vec<Told>,
    /// Phrases of fewer bytes, by their place.
    short: Vec<usize>,
}

/// A phrase by four of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    four: u32,
    /// So many bytes of the phrase stand before them.
    before: usize,
    /// Its place among the phrases.
    phrase: usize,
}

impl AnyOf {
    /// Gets ready to look for any of the phrases.
    pub(crate) fn of(phrases: impl IntoIterator<Item = impl Into<String>>) -> AnyOf {
        let mut any = AnyOf { phrases: phrases.into_iter().map(Into::into).collect(), ..AnyOf::default() };
        for (phrase, text) in any.phrases.iter().enumerate() {
            let Some((before, four)) = telling(text) else {
                any.short.push(phrase);
                continue;
            };
            any.marks.add(four);
            any.told.push(Told { four, before, phrase });
        }
        any.told.sort_unstable();
        any
    }

    /// Whether one of the phrases stands in the text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let is_short_in =
            |phrase: &usize| self.phrases.get(*phrase).is_some_and(|phrase| text.contains(phrase));
        let mut fours = text.as_bytes().array_windows().map(|four| u32::from_le_bytes(*four)).enumerate();
        fours.any(|(at, four)| self.marks.has(four) && self.stands(text, at, four))
            || self.short.iter().any(is_short_in)
    }

    /// Whether a phrase with these four bytes stands around the place where they were found.
    fn stands(&self, text: &str, at: usize, four: u32) -> bool {
        let first = self.told.partition_point(|told| told.four < four);
        let same = self.told.get(first..).unwrap_or_default().iter().take_while(|told| told.four == four);
        same.into_iter().any(|told| {
            let rest = at.checked_sub(told.before).and_then(|start| text.as_bytes().get(start..));
            let phrase = self.phrases.get(told.phrase).map(String::as_bytes);
            rest.zip(phrase).is_some_and(|(rest, phrase)| rest.starts_with(phrase))
        })
    }

    /// Whether one of the phrases begins within so many signs of the beginning of a text.
    pub(crate) fn opens(&self, text: &str, most: usize) -> bool {
        let is_near = |at: usize| text.get(..at).is_some_and(|before| before.chars().nth(most).is_none());
        self.phrases.iter().any(|phrase| text.find(phrase.as_str()).is_some_and(is_near))
    }

    /// What follows the phrase that ends first.
    pub(crate) fn after_first<'a>(&self, text: &'a str) -> Option<&'a str> {
        let ends = self.phrases.iter().filter_map(|phrase| Some(text.find(phrase.as_str())? + phrase.len()));
        text.get(ends.min()?..)
    }
}

/// The four bytes of a phrase that other texts have least, and how many stand before them; `None` when it is shorter.
fn telling(phrase: &str) -> Option<(usize, u32)> {
    let fours = phrase.as_bytes().array_windows::<4>().enumerate();
    let rarest = fours.min_by_key(|(_, four)| four.iter().map(|byte| commonness(*byte)).sum::<usize>());
    rarest.map(|(before, four)| (before, u32::from_le_bytes(*four)))
}

/// How common a byte is in what people write.
fn commonness(byte: u8) -> usize {
    const FROM_RARE_TO_COMMON: &[u8] = b"kvbywgpfmucdlhrsnioate ";
    FROM_RARE_TO_COMMON.iter().position(|known| *known == byte).map_or(0, |at| at + 1)
}

/// A bit for each four bytes that are known: what is not marked is not known.
struct Marks(Box<[u64; 256]>);

impl Default for Marks {
    fn default() -> Self {
        Marks(Box::new([0; 256]))
    }
}

impl Marks {
    fn add(&mut self, four: u32) {
        let (word, bit) = place(four);
        if let Some(marks) = self.0.get_mut(word) {
            *marks |= bit;
        }
    }

    fn has(&self, four: u32) -> bool {
        let (word, bit) = place(four);
        self.0.get(word).is_some_and(|marks| marks & bit != 0)
    }
}

/// The upper bits of a product depend on all of its factor: eight of them choose the word, six the bit.
const fn place(four: u32) -> (usize, u64) {
    let hash = four.wrapping_mul(0x9e37_79b1);
    ((hash >> 24) as usize, 1 << (hash >> 18 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASES: [&str; 7] = ["mailing list", "no", "ab", "intended only for", "list", "сообщение", "注意"];

    proptest::proptest! {
        #[test]
        fn what_is_found_at_once_is_what_is_found_one_by_one(
            words in proptest::collection::vec("mailing list|ing li|st|intended only fo|r|n|o|a|b| |сообщение|соо|щение|注|意", 0..9)
        ) {
            let text = words.concat();
            let is_in = PHRASES.iter().any(|phrase| text.contains(phrase));
            proptest::prop_assert_eq!(AnyOf::of(PHRASES).is_in(&text), is_in, "{}", text);
        }
    }

    #[test]
    fn a_phrase_is_found_wherever_it_stands_and_none_among_none() {
        for phrase in PHRASES {
            for (before, after) in [("", ""), ("x", ""), ("", "x"), ("listless ", " no")] {
                assert!(AnyOf::of([phrase]).is_in(&[before, phrase, after].concat()), "{phrase}");
            }
        }
        assert!(!AnyOf::of(["mailing list"]).is_in("the mailing lis"));
        assert!(!AnyOf::default().is_in("mail"));
    }
}
