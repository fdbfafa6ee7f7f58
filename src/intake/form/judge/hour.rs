//! The time of day beside a date, as people write it in English and Spanish.

use chrono::NaiveTime;

use super::date::Token;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;

/// The first time of day: "8:30am", "9 am", "at 9", "a las 9", "14:00", "noon".
pub(super) fn time(text: &str, tokens: &[Token<'_>]) -> Option<NaiveTime> {
    let number = |at: usize| match tokens.get(at) {
        Some(Token::Number(number, digits)) if *digits <= 2 => Some(*number),
        _ => None,
    };
    let half = |at: usize| half_of_day(tokens.get(at..).unwrap_or_default());
    for at in 0..tokens.len() {
        if let (Some(hour), Some(Token::Sign(':')), Some(minute)) =
            (number(at), tokens.get(at + 1), number(at + 2))
        {
            return clock(hour, minute, half(at + 3));
        }
        if let (Some(hour), Some(afternoon)) = (number(at), half(at + 1)) {
            return clock(hour, 0, Some(afternoon));
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
            return clock(12, 0, None);
        }
        let size = LEXICON.phrases("at").starts(rest);
        if size > 0
            && let Some(hour) =
                rest.get(size).filter(|word| word.len() <= 2).and_then(|word| word.parse().ok())
            && !(is_dated(hour) && rest.get(size + 1).is_some_and(is_short_number))
        {
            return clock(hour, 0, half_of_words(rest.get(size + 1..).unwrap_or_default()));
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

fn clock(hour: u32, minute: u32, afternoon: Option<bool>) -> Option<NaiveTime> {
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        // "At 3" without am or pm is an office hour.
        None if (1..=6).contains(&hour) => hour + 12,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}
