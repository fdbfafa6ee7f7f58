//! Presence: `away until 2026-12-01`, `ausente hasta el 1 de diciembre`, `back`. Dates with digits only are ISO dates:
//! any other order means two days to two readers.

use crate::referral::command::Command;
use crate::referral::contact::Day;

/// Reads a line about being away or back, in plain letters. `None`: it is about something else; `Err`: it is about
/// that, and these lines would work.
pub(super) fn read(verb: &str, rest: &str, whole: &str) -> Option<Result<Command, Vec<String>>> {
    const BACK: [&str; 6] = ["back", "i am back", "i'm back", "de vuelta", "estoy de vuelta", "ya volvi"];
    if BACK.contains(&whole) {
        return Some(Ok(Command::Back));
    }
    if !matches!(verb, "away" | "ausente") {
        return None;
    }
    let rest = rest.replace(':', " ");
    let said = ["until ", "till ", "til ", "hasta "].iter().find_map(|word| rest.strip_prefix(word));
    let Some(said) = said else {
        return (rest.split_whitespace().count() <= 4).then(|| Err(examples()));
    };
    Some(day(said).map(|until| Command::Away { until }).ok_or_else(examples))
}

fn examples() -> Vec<String> {
    vec!["away until 2026-12-01".to_owned(), "away until Dec 1".to_owned(), "back".to_owned()]
}

/// `2026-12-01`, `dec 1`, `1 december 2026`, `el 1 de diciembre de 2026`, `tuesday, dec 1st`.
pub(super) fn day(said: &str) -> Option<Day> {
    let words = said.split(|c: char| c.is_whitespace() || c == ',').map(|word| word.trim_end_matches('.'));
    let words: Vec<&str> =
        words.filter(|word| !["", "el", "de", "del", "the", "of"].contains(word)).take(6).collect();
    let words = match words.as_slice() {
        [first, rest @ ..] if is_weekday(first) => rest,
        all => all,
    };
    match words {
        [iso] => iso_day(iso),
        [one, other] => named(None, one, other),
        [one, other, year] => {
            named(Some(number(year).filter(|year| (2000..3000).contains(year))?), one, other)
        }
        _ => None,
    }
}

fn iso_day(word: &str) -> Option<Day> {
    let mut parts = word.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_iso = year.len() == 4 && parts.next().is_none();
    let year = number(year).filter(|_| is_iso)?;
    checked(Some(year), number(month)?, number(day)?)
}

fn named(year: Option<u32>, one: &str, other: &str) -> Option<Day> {
    let (month, day) = month(one).zip(day_number(other)).or_else(|| month(other).zip(day_number(one)))?;
    checked(year, month, day)
}

fn checked(year: Option<u32>, month: u32, day: u32) -> Option<Day> {
    let year = year.map(i32::try_from).transpose().ok()?;
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(Day { year, month, day })
}

/// A name of a month, whole or cut short: three letters at least.
fn month(word: &str) -> Option<u32> {
    const WHOLE: [&str; 24] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    let place = WHOLE.iter().position(|name| word.chars().count() >= 3 && name.starts_with(word))?;
    u32::try_from(place % 12 + 1).ok()
}

fn day_number(word: &str) -> Option<u32> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    number(bare).filter(|_| bare.len() <= 2)
}

fn number(word: &str) -> Option<u32> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok())?
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 14] = [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "lunes",
        "martes",
        "miercoles",
        "jueves",
        "viernes",
        "sabado",
        "domingo",
    ];
    DAYS.iter().any(|day| word.starts_with(day))
}

#[cfg(test)]
mod tests {
    use crate::referral::reason::Reasons;
    use chrono::NaiveDate;

    use super::super::command;
    use super::*;

    fn away(text: &str) -> Option<Day> {
        match command::read(text, &Reasons::default()).commands.as_slice() {
            [Command::Away { until }] => Some(*until),
            _ => None,
        }
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for (text, year, month, day) in [
            ("away until 2026-12-01", Some(2026), 12, 1),
            ("Away until Dec 1", None, 12, 1),
            ("AWAY UNTIL: 1 December.", None, 12, 1),
            ("away till Tuesday, Dec. 1st", None, 12, 1),
            ("away until March 3, 2027", Some(2027), 3, 3),
            ("ausente hasta el 1 de diciembre", None, 12, 1),
            ("Ausente hasta 2026-12-01", Some(2026), 12, 1),
            ("ausente hasta el martes 5 de enero de 2027", Some(2027), 1, 5),
            ("away until 3 mar", None, 3, 3),
        ] {
            assert_eq!(away(text), Some(Day { year, month, day }), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_days_or_none_is_asked_about() {
        for text in [
            "away",
            "away until",
            "away until 12/01",
            "away until 12-01-2026",
            "away until further notice",
            "away until 2026-13-01",
            "away until 2026-12-99",
            "away until Dec",
            "away until Dec 1 2",
            "ausente hasta pronto",
        ] {
            let said = command::read(text, &Reasons::default());
            assert!(said.commands.is_empty(), "{text}: {said:?}");
            assert!(said.unclear.contains(&"away until Dec 1".to_owned()), "{text}: {said:?}");
        }
        assert_eq!(
            command::read("Away from my desk, and I will call her tomorrow", &Reasons::default()),
            command::Said::default()
        );
    }

    #[test]
    fn back_is_said_in_few_words() {
        for text in ["back", "Back!", "I'm back.", "de vuelta", "Estoy de vuelta"] {
            assert_eq!(command::read(text, &Reasons::default()).commands, [Command::Back], "{text}");
        }
        for text in ["back to you on this", "de vuelta al juzgado"] {
            assert!(command::read(text, &Reasons::default()).commands.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_next_one() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        for (year, month, day, expected) in [
            (None, 12, 1, NaiveDate::from_ymd_opt(2026, 12, 1)),
            (None, 11, 24, NaiveDate::from_ymd_opt(2027, 11, 24)),
            (None, 1, 5, NaiveDate::from_ymd_opt(2027, 1, 5)),
            (None, 2, 29, NaiveDate::from_ymd_opt(2028, 2, 29)),
            (None, 2, 30, None),
            (Some(2025), 12, 1, NaiveDate::from_ymd_opt(2025, 12, 1)),
            (Some(2027), 2, 29, None),
        ] {
            assert_eq!(Day { year, month, day }.on(today), expected);
        }
    }
}
