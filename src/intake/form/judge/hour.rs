//! The time of day beside a date, as people write it in English and Spanish.

use chrono::NaiveTime;

use super::token::Token;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;

/// The first time of day: "8:30am", "9 am", "at 9", "a las 9", "14:00", "0930", "noon".
pub(super) fn time(text: &str, tokens: &[Token<'_>]) -> Option<NaiveTime> {
    let find = |read: fn(&[Token<'_>], usize) -> Option<NaiveTime>| {
        (0..tokens.len()).find_map(|at| read(tokens, at))
    };
    if let Some(time) = find(surely).or_else(|| find(likely)) {
        return Some(time);
    }
    let number = |at: usize| small(tokens.get(at));
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
            let behind = rest.get(size + 1..).unwrap_or_default();
            let (minute, behind) = match behind {
                ["y", "media", behind @ ..] => (30, behind),
                ["y", "cuarto", behind @ ..] => (15, behind),
                behind => (0, behind),
            };
            return clock(hour, minute, half_of_words(behind));
        }
    }
    None
}

/// A number that may be an hour, a minute, or the day of a month.
fn small(token: Option<&Token<'_>>) -> Option<u32> {
    match token {
        Some(Token::Number(number, digits)) if *digits <= 2 => Some(*number),
        _ => None,
    }
}

/// The time of day that begins at a token with a colon or with the half of the day.
fn surely(tokens: &[Token<'_>], at: usize) -> Option<NaiveTime> {
    let Some(Token::Number(number, digits)) = tokens.get(at) else { return None };
    let half = |at: usize| half_of_day(tokens.get(at..).unwrap_or_default());
    if *digits > 2 {
        let afternoon = half(at + 1)?;
        return in_one(tokens, at).and_then(|(hour, minute)| clock(hour, minute, Some(afternoon)));
    }
    let minute = small(tokens.get(at + 2));
    match (tokens.get(at + 1), minute) {
        (Some(Token::Sign(':')), Some(minute)) => {
            let is_p = matches!(tokens.get(at + 3), Some(Token::Word(word, _)) if word == "p");
            let half = if is_p { Some(true) } else { half(at + 3) };
            // "06:30" is written by a clock of 24 hours.
            let is_whole_day = half.is_none() && *digits == 2 && *number < 10;
            if is_whole_day { of_day(*number, minute) } else { clock(*number, minute, half) }
        }
        // "9.30 am"
        (Some(Token::Sign('.')), Some(minute)) => {
            let is_minute = matches!(tokens.get(at + 2), Some(Token::Number(_, 2)));
            let afternoon = half(at + 3).filter(|_| is_minute)?;
            clock(*number, minute, Some(afternoon))
        }
        // "9-11am"
        (Some(Token::Sign('-' | '–')), Some(until)) => {
            let afternoon = half(at + 3)?;
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let is_date = match before {
                Some(Token::Sign(sign)) => matches!(sign, '/' | '-' | '.'),
                Some(Token::Word(word, _)) => LEXICON.months.contains_key(&**word),
                Some(Token::Number(..)) | None => false,
            };
            let is_before = *number % 12 < until % 12;
            if is_date { None } else { clock(*number, 0, Some(afternoon == is_before)) }
        }
        _ => clock(*number, 0, Some(half(at + 1)?)),
    }
}

/// The time of day that begins at a token, in shapes that may be something else where nothing says that it is one.
fn likely(tokens: &[Token<'_>], at: usize) -> Option<NaiveTime> {
    let Some(Token::Number(number, digits)) = tokens.get(at) else { return None };
    if *digits > 2 {
        let read =
            |(hour, minute)| if *digits == 4 { of_day(hour, minute) } else { clock(hour, minute, None) };
        return in_one(tokens, at).and_then(read);
    }
    match tokens.get(at + 1) {
        // "9.30", where "at" stands before it, or a date.
        Some(Token::Sign('.')) => {
            let Some(Token::Number(minute, 2)) = tokens.get(at + 2) else { return None };
            let goes_on = matches!(tokens.get(at + 3), Some(Token::Sign('.' | '/' | '-')))
                && matches!(tokens.get(at + 4), Some(Token::Number(..)));
            let read = || if *digits == 2 { of_day(*number, *minute) } else { clock(*number, *minute, None) };
            if is_behind(tokens, at) && !goes_on { read() } else { None }
        }
        Some(Token::Word(word, _)) if word == "oclock" => clock(*number, 0, None),
        Some(Token::Sign('/' | '-' | ':') | Token::Word(..)) => None,
        _ => {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let is_at = matches!(before, Some(Token::Sign('@')));
            if is_at { clock(*number, 0, None) } else { None }
        }
    }
}

/// Hour and minute written as one number: "930am", "at 0930", "1430 hrs". A number that may be a room, a house or a
/// year is none.
fn in_one(tokens: &[Token<'_>], at: usize) -> Option<(u32, u32)> {
    let Some(Token::Number(number, digits @ (3 | 4))) = tokens.get(at) else { return None };
    let (hour, minute) = (number / 100, number % 100);
    if !(1..24).contains(&hour) || minute > 59 {
        return None;
    }
    let next = tokens.get(at + 1);
    let has_half = hour <= 12 && half_of_day(tokens.get(at + 1..).unwrap_or_default()).is_some();
    let is_counted =
        matches!(next, Some(Token::Word(word, _)) if matches!(&**word, "hrs" | "hours" | "h" | "horas"));
    let is_padded = *digits == 4 && hour < 10;
    let is_year = (1900..2100).contains(number);
    let is_whole = !matches!(next, Some(Token::Word(..) | Token::Sign('/' | '-' | '.')));
    let is_told = is_behind_at(tokens, at) && (is_padded || is_whole && !is_year);
    let is_dated = is_padded && is_behind(tokens, at) && !matches!(next, Some(Token::Sign('/' | '-')));
    (has_half || is_counted && *digits == 4 || is_told || is_dated).then_some((hour, minute))
}

/// Whether "at" or "@" stands right before a token.
fn is_behind_at(tokens: &[Token<'_>], at: usize) -> bool {
    let word = |back: usize| match at.checked_sub(back).and_then(|at| tokens.get(at)) {
        Some(Token::Word(word, _)) => Some(&**word),
        _ => None,
    };
    let is = |words: &str| LEXICON.phrases("at").is(words);
    matches!(at.checked_sub(1).and_then(|at| tokens.get(at)), Some(Token::Sign('@')))
        || word(1).is_some_and(is)
        || word(2).zip(word(1)).is_some_and(|(one, two)| is(&[one, two].join(" ")))
}

/// Whether "at", or the last number of a date, stands right before a token.
fn is_behind(tokens: &[Token<'_>], at: usize) -> bool {
    let comma =
        usize::from(matches!(at.checked_sub(1).and_then(|at| tokens.get(at)), Some(Token::Sign(','))));
    let before = at.checked_sub(1 + comma);
    let Some(Token::Number(number, digits)) = before.and_then(|at| tokens.get(at)) else {
        return is_behind_at(tokens, at);
    };
    // A year or a day, with the rest of its date before it.
    let is_year = *digits == 4 && (1900..2100).contains(number);
    let sign = before.and_then(|at| at.checked_sub(1)).and_then(|at| tokens.get(at));
    let is_drawn = matches!(sign, Some(Token::Sign('/' | '-' | '.' | ',')));
    is_year || is_drawn || *digits <= 2 && matches!(sign, Some(Token::Word(..)))
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
        ("pm", _) => Some(true),
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
    of_day(hour, minute)
}

fn of_day(hour: u32, minute: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, minute, 0)
}
