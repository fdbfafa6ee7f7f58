//! The time of day beside a date, as people write it in English and Spanish.

use chrono::NaiveTime;

use super::date::Token;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;

/// The first time of day: "8:30am", "9 am", "at 9", "a las 9", "14:00", "@ 0830", "noon".
pub(super) fn time(text: &str, tokens: &[Token<'_>]) -> Option<NaiveTime> {
    let digits = |at: usize| match tokens.get(at) {
        Some(Token::Number(number, digits)) => Some((*number, *digits)),
        _ => None,
    };
    let number = |at: usize| digits(at).filter(|(_, digits)| *digits <= 2).map(|(number, _)| number);
    let half = |at: usize| half_of_day(tokens.get(at..).unwrap_or_default());
    for at in 0..tokens.len() {
        if let (Some(hour), Some(Token::Sign(':')), Some(minute)) =
            (number(at), tokens.get(at + 1), number(at + 2))
        {
            let is_whole = digits(at) == Some((hour, 2)) && hour < 10;
            return clock(hour, minute, half(at + 3), is_whole);
        }
        if let (Some(hour), Some(afternoon)) = (number(at), half(at + 1)) {
            return clock(hour, 0, Some(afternoon), false);
        }
        if let Some(time) = run_together(tokens, at) {
            return Some(time);
        }
        if let (Some(Token::Sign('@')), Some((hour, digits))) = (tokens.get(at), digits(at + 1))
            && digits <= 2
            && !matches!(tokens.get(at + 2), Some(Token::Sign('/' | '-' | ':')))
        {
            return clock(hour, 0, None, digits == 2 && hour < 10);
        }
    }
    // The numbers of a date are no hours: "by 11/20".
    let dated: u64 = (0..tokens.len())
        .filter(|at| matches!(tokens.get(at + 1), Some(Token::Sign('/' | '-'))) && number(at + 2).is_some())
        .filter_map(|at| 1_u64.checked_shl(number(at)?))
        .fold(0, |all, bit| all | bit);
    let is_dated = |hour: u32| 1_u64.checked_shl(hour).is_none_or(|bit| dated & bit != 0);
    let is_short_number = |word: &&str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let folded = fold(text);
    let words = words(&folded);
    for at in 0..words.len() {
        let rest = words.get(at..).unwrap_or_default();
        if LEXICON.phrases("noon").starts(rest) > 0 {
            return clock(12, 0, None, false);
        }
        let size = LEXICON.phrases("at").starts(rest);
        if size > 0
            && let Some(word) = rest.get(size).filter(|word| word.len() <= 2)
            && let Ok(hour) = word.parse()
            && !(is_dated(hour) && rest.get(size + 1).is_some_and(is_short_number))
        {
            let half = half_of_words(rest.get(size + 1..).unwrap_or_default());
            return clock(hour, 0, half, word.starts_with('0'));
        }
    }
    None
}

/// Whether "am"/"pm" in one of its spellings follows: `Some(true)` for the afternoon.
fn half_of_day(tokens: &[Token<'_>]) -> Option<bool> {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word, _)) => Some(&**word),
        _ => None,
    };
    let dot = matches!(tokens.get(1), Some(Token::Sign('.')));
    match (word(0)?, word(2).filter(|_| dot)) {
        ("am", _) | ("a", Some("m")) => Some(false),
        ("pm", _) | ("p", Some("m")) => Some(true),
        _ => match (word(0), word(1), word(2)) {
            (Some("de"), Some("la"), Some("manana")) => Some(false),
            (Some("de"), Some("la"), Some("tarde" | "noche")) => Some(true),
            _ => None,
        },
    }
}

fn half_of_words(words: &[&str]) -> Option<bool> {
    match words {
        ["am", ..] | ["de", "la", "manana", ..] => Some(false),
        ["pm", ..] | ["de", "la", "tarde" | "noche", ..] => Some(true),
        _ => None,
    }
}

/// Hour and minute in one number: "at 0830", "@ 1030", "1400 hrs", "930am". A year, a house and a part of a phone number
/// are none.
fn run_together(tokens: &[Token<'_>], at: usize) -> Option<NaiveTime> {
    let Some(Token::Number(number, digits @ (3 | 4))) = tokens.get(at) else { return None };
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word, _)) => Some(&**word),
        _ => None,
    };
    let next = at + 1;
    let half = half_of_day(tokens.get(next..).unwrap_or_default());
    let before = at.checked_sub(1);
    let is_led = before.is_some_and(|before| {
        matches!(tokens.get(before), Some(Token::Sign('@')))
            || word(before).is_some_and(|word| LEXICON.phrases("at").is(word) || word == "las")
    });
    // "12/9 0900".
    let is_dated = at.checked_sub(2).is_some_and(|sign| {
        matches!(tokens.get(sign), Some(Token::Sign('/')))
            && matches!(tokens.get(sign + 1), Some(Token::Number(..)))
    });
    let is_counted = word(next).is_some_and(|word| LEXICON.phrases("hours").is(word));
    let is_whole = *digits == 4 && *number < 1000;
    // "At 1030 Main Street" is a house.
    let ends = word(next).is_none_or(|word| LEXICON.phrases("behind_hours").is(word));
    let is_time = half.is_some()
        || *digits == 4 && (is_counted || is_led && (is_whole || ends) || is_dated && is_whole);
    if !is_time {
        return None;
    }
    clock(number / 100, number % 100, half, half.is_none())
}

/// A time of day; where `is_written` the clock is meant as it is written.
fn clock(hour: u32, minute: u32, afternoon: Option<bool>, is_written: bool) -> Option<NaiveTime> {
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        // "At 3" without am or pm is an office hour; "03:00" is a clock of 24 hours.
        None if (1..=6).contains(&hour) && !is_written => hour + 12,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[cfg(test)]
mod tests {
    use super::super::date::{Style, find};
    use crate::intake::form::tests::context;

    #[test]
    fn a_clock_of_24_hours_is_read_as_written_and_others_by_office_hours() {
        for (text, time) in [
            ("9/20/2026 06:30", Some("06:30:00")),
            ("9/20/2026 18:30", Some("18:30:00")),
            ("2026-09-20T04:05", Some("04:05:00")),
            ("9/20/2026 at 06", Some("06:00:00")),
            ("9/20/2026 at 6:30", Some("18:30:00")),
            ("9/20/2026 06:30 PM", Some("18:30:00")),
            ("9/20/2026 at 3", Some("15:00:00")),
            ("Friday @ 0830", Some("08:30:00")),
            ("Friday @ 1030 in room 4", Some("10:30:00")),
            ("9/20 @ 9:30", Some("09:30:00")),
            ("9/20 0900", Some("09:00:00")),
            ("Friday @9", Some("09:00:00")),
            ("Friday at 0600", Some("06:00:00")),
            ("el viernes a las 0830", Some("08:30:00")),
            ("Friday 1400 hrs", Some("14:00:00")),
            ("Friday 930am", Some("09:30:00")),
            ("Friday at 1030 Main Street", None),
            ("Friday, call 518-555-0142", None),
            ("Friday in 2026", None),
        ] {
            let found = find(text, &context(), Style::Deadline).unwrap();
            assert_eq!(found.time.map(|time| time.to_string()).as_deref(), time, "{text}");
        }
    }
}
