//! A look at a text before it is cut into tokens: whether it can name a day at all. It says yes rather too often.

use crate::intake::form::fold::words;
use crate::intake::form::lexicon::{LEXICON, day};
use crate::intake::quick::{self, has_digit};

/// Whether a text may name a day; `folded` is the same text.
pub(crate) fn may_name_a_day(text: &str, folded: &str) -> bool {
    // "3rd", "dec3": what is glued together is looked at closely.
    has_mixed_word(folded) || is_named(&words(folded)) || has_numbers(text) || is_glued(text)
}

/// Whether one of the folded words names a day where it stands.
fn is_named(words: &[&str]) -> bool {
    let named = |(at, word): (usize, &&str)| {
        LEXICON.hot.days.get(*word).is_some_and(|bits| {
            bits & day::WEEKDAY != 0
                || bits & day::RELATIVE != 0 && is_relative(words.get(at..).unwrap_or_default())
                || bits & (day::MONTH | day::COUNTED) != 0 && has_number_near(words, at)
        })
    };
    words.iter().enumerate().any(named)
}

/// Whether a digit stands right beside something else in a word of a folded text.
fn has_mixed_word(folded: &str) -> bool {
    let is_digit = |byte: u8| u8::from(byte.is_ascii_digit());
    let is_gap = |byte: u8| u8::from(byte == b' ');
    let differ =
        |(one, two): (&u8, &u8)| (is_digit(*one) ^ is_digit(*two)) & (1 ^ (is_gap(*one) | is_gap(*two)));
    quick::neighbours(folded).map(differ).fold(0, |found, differs| found | differs) != 0
}

/// "tomorrow", "the day after tomorrow".
fn is_relative(words: &[&str]) -> bool {
    day::RELATIVES.iter().any(|list| LEXICON.phrases(list).starts(words) > 0)
}

/// Whether a number stands where one goes with a month, or with "in" and "days".
fn has_number_near(words: &[&str], at: usize) -> bool {
    let near = words.get(at.saturating_sub(3)..words.len().min(at + 6));
    near.is_some_and(|near| near.iter().any(|word| has_digit(word)))
}

/// Whether two numbers stand on either side of a sign, as in "9/17"; any sign outside ASCII counts.
fn has_numbers(text: &str) -> bool {
    let (mut is_number, mut is_joined) = (false, false);
    text.bytes().any(|byte| {
        match byte {
            b'0'..=b'9' if is_joined => return true,
            b'0'..=b'9' => is_number = true,
            byte if byte.is_ascii_whitespace() => {}
            b'/' | b'-' | b'.' | 0x80.. => is_joined |= is_number,
            _ => (is_number, is_joined) = (false, false),
        }
        false
    })
}

/// Whether a sign that folding drops stands between two words, which are one word of the folded text then.
fn is_glued(text: &str) -> bool {
    let parts = |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_digit();
    let glues = |at: usize| text.as_bytes().get(at + 1).is_some_and(|byte| !parts(byte));
    memchr::memchr_iter(b'.', text.as_bytes()).any(glues)
        || ['`', '´', '‘'].iter().any(|sign| text.contains(*sign))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::{collection, sample};

    use super::super::date::{Style, find};
    use super::super::dates::parts;
    use super::*;
    use crate::intake::form::fold::fold;
    use crate::intake::form::tests::context;

    /// What dates are made of, and what only looks like it.
    fn piece() -> impl Strategy<Value = &'static str> {
        let days = [
            "Dec", "december", "dic.", "Thursday", "tomorrow", "mañana", "in", "en", "days", "días", "weeks",
        ];
        let numbers =
            ["3", "17", "2026", "26", "3rd", "£450", "10°C", "9/17", "17-12-26", "12.3.2027", "1,000"];
        let rest =
            ["hearing", "due", "la", "de", "of", "the", "word", ".", ",", "-", "/", "–", "'", "’", "`", "é"];
        sample::select([&days[..], &numbers, &rest].concat())
    }

    proptest! {
        #[test]
        fn a_text_that_may_name_no_day_has_none_and_is_not_cut(
            pieces in collection::vec((piece(), prop::bool::ANY), 0..9),
        ) {
            let text: String = pieces.into_iter().flat_map(|(piece, gap)| [piece, if gap { " " } else { "" }]).collect();
            prop_assume!(!may_name_a_day(&text, &fold(&text)));
            prop_assert!(find(&text, &context(), Style::Deadline).is_none(), "{text}");
            prop_assert_eq!(parts(&text, false, &context()).len(), 1, "{}", text);
        }
    }

    #[test]
    fn a_text_that_names_a_day_is_never_passed_over() {
        for text in [
            "Hearing on Dec 3 at 9",
            "due the 3rd of December",
            "by 9 / 17",
            "court.Tomorrow",
            "pasado mañana",
            "she has to leave in 3 days",
            "on Thursday",
            "17 de septiembre de 2026",
            "2026-12-03",
        ] {
            assert!(find(text, &context(), Style::Deadline).is_some(), "{text}");
            assert!(may_name_a_day(text, &fold(text)), "{text}");
        }
    }

    #[test]
    fn a_story_with_a_sum_and_a_word_like_a_month_names_none() {
        for text in
            ["rent of £450 is overdue and the letter says the period may expire", "10°C, a hearing is listed"]
        {
            assert!(!may_name_a_day(text, &fold(text)), "{text}");
        }
    }
}
