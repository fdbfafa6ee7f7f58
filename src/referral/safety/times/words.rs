//! The words of safe times in English and Spanish.

use super::super::super::fold::fold;
use super::super::super::zone;
use super::Span;
use super::clock::{Half, Time};

/// Monday to Sunday, a bit each.
pub(super) const EVERY_DAY: u8 = 0b111_1111;
const WEEKDAYS: u8 = 0b001_1111;
const WEEKEND: u8 = 0b110_0000;

/// The core of a part of the day, on which everybody agrees.
const MORNING: Span = (9 * 60, 12 * 60);
const AFTERNOON: Span = (13 * 60, 17 * 60);
const TARDE: Span = (13 * 60, 18 * 60);
const EVENING: Span = (18 * 60, 20 * 60);
const NIGHT: Span = (20 * 60, 22 * 60);
const DAYTIME: Span = (9 * 60, 17 * 60);

/// A word, or several that mean one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// Days of the week.
    Day(u8),
    /// A part of the day.
    Part(Span),
    /// A time of day.
    Time(Time),
    /// What follows is the beginning.
    After,
    /// What follows is the end.
    Before,
    /// What follows are both ends.
    Between,
    /// What follows may be a beginning.
    From,
    /// Between two ends.
    To,
    /// Between two of the same.
    And,
    /// What stands before was the beginning.
    Later,
    /// What stands before was the end.
    Earlier,
    /// Nothing.
    Noise,
}

/// Whether a text sets no limit.
pub(super) fn is_any(text: &str) -> bool {
    const ANY: &[&str] = &[
        "any",
        "anytime",
        "any time",
        "anytime is fine",
        "any time is fine",
        "anytime ok",
        "any time ok",
        "always",
        "flexible",
        "all day",
        "all times",
        "all the time",
        "any day",
        "any day any time",
        "24 7",
        "247",
        "open",
        "no preference",
        "no restrictions",
        "no limits",
        "no restriction",
        "none",
        "n a",
        "na",
        "whenever",
        "any hour",
        "anytime is safe",
        "any time is safe",
        "all times are safe",
        "cualquier hora",
        "a cualquier hora",
        "cualquier momento",
        "en cualquier momento",
        "siempre",
        "todo el dia",
        "sin preferencia",
        "cuando sea",
        "sin restricciones",
        "cualquier dia",
    ];
    let folded = fold(text);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(6).collect();
    ANY.contains(&words.join(" ").as_str()) && !text.contains(['?', '¿'])
}

/// The days from one to another, round the week if need be; both must be single days.
pub(super) fn from_to(from: u8, to: u8) -> Option<u8> {
    if from.count_ones() != 1 || to.count_ones() != 1 {
        return None;
    }
    let (mut days, mut day) = (from, from);
    while day != to {
        day = if day << 1 & EVERY_DAY == 0 { 1 } else { day << 1 };
        days |= day;
    }
    Some(days)
}

/// The tokens of a sentence; `None` if a word is not known or there are too many.
pub(super) fn tokens(text: &str, left: &mut usize) -> Option<Vec<Token>> {
    let pieces = pieces(text, left)?;
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let rest = pieces.get(at..)?;
        at += match rest {
            [Piece::Number { hour, minutes }, ..] => {
                tokens.push(Token::Time(Time::of(hour, minutes.as_deref())?));
                1
            }
            [Piece::Sign(Sign::Dash), ..] => push(&mut tokens, Token::To),
            [Piece::Sign(Sign::Comma), ..] => push(&mut tokens, Token::And),
            [Piece::Suffix(word), ..] => {
                half_of(&mut tokens, suffix(word)?)?;
                1
            }
            [Piece::Word(letter), Piece::Sign(Sign::Dash), Piece::Word(other), ..]
                if matches!((letter.as_str(), other.as_str()), ("m", "f") | ("l", "v")) =>
            {
                tokens.push(Token::Day(WEEKDAYS));
                3
            }
            _ => worded(rest, &mut tokens)?,
        };
    }
    // Noise between "between", a time and "and" says nothing.
    tokens.retain(|token| *token != Token::Noise);
    if tokens.is_empty() { None } else { Some(tokens) }
}

fn push(tokens: &mut Vec<Token>, token: Token) -> usize {
    tokens.push(token);
    1
}

/// The longest phrase that begins here.
fn worded(rest: &[Piece], tokens: &mut Vec<Token>) -> Option<usize> {
    let words: Vec<&str> = rest
        .iter()
        .take(4)
        .map_while(|piece| if let Piece::Word(word) = piece { Some(word.as_str()) } else { None })
        .collect();
    for size in (1..=words.len()).rev() {
        let phrase = words.get(..size)?.join(" ");
        if let (Some(half), Some(Token::Time(_))) = (half_said(&phrase), last_time(tokens)) {
            half_of(tokens, half)?;
            return Some(size);
        }
        let known = meaning(&phrase);
        if !known.is_empty() {
            tokens.extend_from_slice(known);
            return Some(size);
        }
        if size == 1 && zone::is_zone_word(&phrase) {
            return Some(1);
        }
    }
    None
}

fn last_time(tokens: &[Token]) -> Option<Token> {
    tokens.last().copied().filter(|token| matches!(token, Token::Time(_)))
}

/// "Am", "of the afternoon" after a time.
fn half_said(phrase: &str) -> Option<Half> {
    Some(match phrase {
        "am" | "in the morning" | "de la manana" => Half::Am,
        "pm" | "in the afternoon" | "in the evening" | "at night" | "de la tarde" | "de la noche" => Half::Pm,
        "h" | "hrs" | "hs" | "hr" => Half::Clear,
        _ => return None,
    })
}

fn suffix(word: &str) -> Option<Half> {
    match word {
        "a" => Some(Half::Am),
        "p" => Some(Half::Pm),
        _ => half_said(word),
    }
}

/// Gives the last time its half.
fn half_of(tokens: &mut [Token], half: Half) -> Option<()> {
    let Some(Token::Time(time)) = tokens.last_mut() else { return None };
    *time = if half == Half::Clear { time.on_the_long_clock() } else { time.with(half)? };
    Some(())
}

/// What a phrase means; nothing is not known.
fn meaning(phrase: &str) -> &'static [Token] {
    use Token::{After, And, Before, Between, Day, Earlier, From, Later, Noise, Part, To};
    match phrase {
        "monday" | "mondays" | "mon" | "lunes" | "lun" => &[Day(1)],
        "tuesday" | "tuesdays" | "tue" | "tues" | "martes" => &[Day(1 << 1)],
        "wednesday" | "wednesdays" | "wed" | "weds" | "miercoles" | "mie" => &[Day(1 << 2)],
        "thursday" | "thursdays" | "thu" | "thur" | "thurs" | "jueves" | "jue" => &[Day(1 << 3)],
        "friday" | "fridays" | "fri" | "viernes" | "vie" => &[Day(1 << 4)],
        "saturday" | "saturdays" | "sat" | "sabado" | "sabados" | "sab" => &[Day(1 << 5)],
        "sunday" | "sundays" | "sun" | "domingo" | "domingos" | "dom" => &[Day(1 << 6)],
        "weekday" | "weekdays" | "week days" | "workdays" | "entre semana" | "dias laborables"
        | "dias de semana" => &[Day(WEEKDAYS)],
        "weekend" | "weekends" | "fin de semana" | "fines de semana" | "los fines de semana" => {
            &[Day(WEEKEND)]
        }
        "daily" | "every day" | "everyday" | "any day" | "each day" | "todos los dias" | "cada dia" => {
            &[Day(EVERY_DAY)]
        }
        "morning" | "mornings" | "manana" | "mananas" | "in the morning" | "de la manana" => &[Part(MORNING)],
        "afternoon" | "afternoons" | "in the afternoon" => &[Part(AFTERNOON)],
        "tarde" | "tardes" | "de la tarde" => &[Part(TARDE)],
        "evening" | "evenings" | "in the evening" => &[Part(EVENING)],
        "night" | "nights" | "at night" | "noche" | "noches" | "de la noche" => &[Part(NIGHT)],
        "daytime" | "during the day" | "day time" | "de dia" | "durante el dia" => &[Part(DAYTIME)],
        "business hours" | "office hours" | "working hours" | "horas de oficina" | "horario de oficina" => {
            &[Day(WEEKDAYS), Part(DAYTIME)]
        }
        "noon" | "midday" | "mediodia" => const { &[Token::Time(Time::noon())] },
        "after" | "later than" | "despues de" | "despues del" | "a partir de" | "a partir del"
        | "starting at" => &[After],
        "before" | "until" | "till" | "til" | "up to" | "antes de" | "antes del" | "hasta" => &[Before],
        "between" | "entre" => &[Between],
        "from" | "desde" | "de" => &[From],
        "to" | "through" | "thru" | "a" | "al" => &[To],
        "and" | "or" | "y" | "o" | "e" => &[And],
        "or later" | "and later" | "onward" | "onwards" | "en adelante" | "o mas tarde" => &[Later],
        "or earlier" | "and earlier" => &[Earlier],
        "the" | "at" | "on" | "in" | "only" | "just" | "best" | "call" | "calls" | "please" | "time"
        | "times" | "hours" | "hour" | "is" | "are" | "safe" | "safest" | "contact" | "reach" | "anytime"
        | "any time" | "all day" | "standard" | "daylight" | "local" | "las" | "la" | "los" | "el"
        | "por" | "en" | "solo" | "solamente" | "unicamente" | "llamar" | "mejor" | "horas" | "hora"
        | "favor" | "todo el dia" => &[Noise],
        _ => &[],
    }
}

/// What a text is made of.
enum Piece {
    Number {
        hour: String,
        minutes: Option<String>,
    },
    /// Letters right behind a number.
    Suffix(String),
    Word(String),
    Sign(Sign),
}

#[derive(Clone, Copy)]
enum Sign {
    Dash,
    Comma,
}

/// Cuts a text into pieces; a sign nobody expects in a time is `None`. A dot within a number stands for a colon, any
/// other is no sign.
fn pieces(text: &str, left: &mut usize) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let text = fold(text);
    let mut rest = text.as_str();
    let mut touches = false;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(char) -> bool| rest.find(|c: char| !is(c)).unwrap_or(rest.len());
        let size = if first.is_ascii_digit() {
            let (number, size) = number(rest)?;
            pieces.push(number);
            size
        } else if first.is_alphabetic() {
            let size = run(|c| c.is_alphabetic() || c == '.');
            let word: String = rest.get(..size)?.chars().filter(|c| *c != '.').collect();
            pieces.push(if touches { Piece::Suffix(word) } else { Piece::Word(word) });
            size
        } else {
            match first {
                '-' | '–' | '—' | '−' => pieces.push(Piece::Sign(Sign::Dash)),
                ',' | '/' | '&' => pieces.push(Piece::Sign(Sign::Comma)),
                '.' | '(' | ')' | ':' | '!' => {}
                other if other.is_whitespace() => {}
                _ => return None,
            }
            first.len_utf8()
        };
        touches = first.is_ascii_digit();
        rest = rest.get(size..)?;
        if pieces.len() > *left {
            return None;
        }
    }
    *left -= pieces.len();
    Some(pieces)
}

/// The number at the beginning, with the minutes behind a colon or a dot.
fn number(rest: &str) -> Option<(Piece, usize)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let size = digits(rest);
    let hour = rest.get(..size)?.to_owned();
    let behind = rest.get(size..)?.strip_prefix([':', '.']).filter(|behind| digits(behind) > 0);
    let minutes = behind.and_then(|behind| behind.get(..digits(behind))).map(str::to_owned);
    let whole = size + minutes.as_ref().map_or(0, |minutes| minutes.len() + 1);
    Some((Piece::Number { hour, minutes }, whole))
}
