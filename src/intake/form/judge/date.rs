//! Dates as people write them, in English and Spanish; what can be read in two ways says so.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};

use super::hour::time;
use super::token::{Token, next_token, tokens};
use super::{Context, Dated, Verdict};
use crate::intake::DateOrder;
use crate::intake::form::lexicon::{LEXICON, day};
use crate::referral::packet::{Confidence, Judged};

/// What the date is of: decides the century and the year that were left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A birth: never in the future.
    Birth,
    /// Something that happened.
    Past,
    /// Something to come: without a year, the next time.
    Deadline,
}

/// What a person is told of a deadline without a day to come.
pub(crate) const UNDATED: &str = "A deadline has no date we could read; a person must look.";

/// Judges a date field: a date if one was found, plain words otherwise.
pub(super) fn judged(value: &str, context: &Context, style: Style) -> Verdict {
    let Some(Dated { date, time, ambiguous }) = find(value, context, style) else {
        let problem = (style == Style::Deadline && value.chars().any(|c| c.is_ascii_digit()))
            .then(|| UNDATED.to_owned());
        return Verdict { problem, confidence: Confidence::Medium, ..Verdict::of(Judged::Text) };
    };
    let problem = (ambiguous && style == Style::Deadline).then(|| {
        "A deadline can be read as two dates (day and month could be swapped); please confirm it.".to_owned()
    });
    let time = if style == Style::Deadline { time } else { None };
    Verdict { problem, ..Verdict::of(Judged::Date { date, time, ambiguous }) }
}

/// So many days ago a day without a year is one that was.
const HALF_A_YEAR: i64 = 180;

/// The first date in a text.
pub(crate) fn find(text: &str, context: &Context, style: Style) -> Option<Dated> {
    let tokens = tokens(text);
    let today = context.received_at.date_naive();
    let reader = Reader { tokens: &tokens, today, order: context.date_order, style };
    let (date, ambiguous) = (0..tokens.len())
        .find_map(|at| reader.numbers(at).or_else(|| reader.month_name(at)))
        .or_else(|| (0..tokens.len()).find_map(|at| reader.relative(at)))
        .or_else(|| (0..tokens.len()).find_map(|at| reader.weekday_alone(at)))?;
    let time = time(text, &tokens).and_then(|_| {
        // What stands behind a second date is its time.
        let second = starts(text, context).get(1).and_then(|second| text.get(..*second));
        second.map_or_else(|| time(text, &tokens), |first| time(first, &self::tokens(first)))
    });
    Some(Dated { date, time, ambiguous })
}

/// Whether a text names a day without a year that was less than half a year ago.
pub(crate) fn names_day_just_past(text: &str, context: &Context) -> bool {
    let tokens = tokens(text);
    let (order, style) = (context.date_order, Style::Deadline);
    let today = context.received_at.date_naive().checked_sub_signed(TimeDelta::days(HALF_A_YEAR));
    let Some(today) = today else { return false };
    let reader = Reader { tokens: &tokens, today, order, style };
    (0..tokens.len()).any(|at| reader.numbers(at).or_else(|| reader.month_name(at)).is_some())
}

/// Where in a text its written dates begin, in bytes: "9/21", "Dec 3"; not "tomorrow".
pub(super) fn starts(text: &str, context: &Context) -> Vec<usize> {
    let tokens = tokens(text);
    let reader = Reader {
        tokens: &tokens,
        today: context.received_at.date_naive(),
        order: context.date_order,
        style: Style::Deadline,
    };
    let mut rest = text;
    let mut offset = || {
        let at = text.len() - rest.trim_start().len();
        next_token(&mut rest).map(|_| (at, text.len() - rest.len()))
    };
    let spans: Vec<(usize, usize)> = tokens.iter().map_while(|_| offset()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((from, _)) = spans.get(at) {
        if reader.numbers(at).or_else(|| reader.month_name(at)).is_some() {
            found.push(*from);
            at += reader.length(at, &spans);
        } else {
            at += 1;
        }
    }
    found
}

/// The date to come of a text that names one day only; `None` where it names several, or none.
pub(super) fn only(text: &str, context: &Context) -> Option<Dated> {
    let tokens = tokens(text);
    let today = context.received_at.date_naive();
    let reader = Reader { tokens: &tokens, today, order: context.date_order, style: Style::Deadline };
    let found = find(text, context, Style::Deadline)?;
    let all = (0..tokens.len()).filter_map(|at| reader.numbers(at).or_else(|| reader.month_name(at)));
    all.map(|(date, _)| date).all(|date| date == found.date).then_some(found)
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    today: NaiveDate,
    order: DateOrder,
    style: Style,
}

impl Reader<'_> {
    fn number(&self, at: usize) -> Option<(u32, usize)> {
        match self.tokens.get(at)? {
            Token::Number(number, digits) => Some((*number, *digits)),
            Token::Word(..) | Token::Sign(_) => None,
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at)? {
            Token::Word(word, _) => Some(word),
            Token::Number(..) | Token::Sign(_) => None,
        }
    }

    fn sign(&self, at: usize) -> Option<char> {
        match self.tokens.get(at)? {
            Token::Sign(sign) => Some(*sign),
            Token::Number(..) | Token::Word(..) => None,
        }
    }

    /// Whether the word can say this of a day: nearly no word of a story can, and looking closely is dear.
    fn says(&self, at: usize, days: u8) -> bool {
        matches!(self.tokens.get(at), Some(Token::Word(_, said)) if said & days != 0)
    }

    /// 2026-09-17, 9/17/2026, 17.9.26, 9/17.
    fn numbers(&self, at: usize) -> Option<(NaiveDate, bool)> {
        let (first, digits) = self.number(at)?;
        if self.style == Style::Deadline && self.is_of_the_past(at) {
            return None;
        }
        let sign = self.sign(at + 1).filter(|sign| matches!(sign, '/' | '-' | '.' | '‑' | '–'))?;
        let (second, second_digits) = self.number(at + 2)?;
        if at > 0
            && self
                .sign(at - 1)
                .is_some_and(|before| matches!(before, '/' | '-' | '.' | ':' | '$' | '#' | '+'))
        {
            return None;
        }
        let third = self.number(at + 4).filter(|_| self.sign(at + 3) == Some(sign));
        match third {
            Some((third, third_digits)) if digits == 4 && second_digits <= 2 && third_digits <= 2 => {
                date(i64::from(first), second, third).map(|date| (date, false))
            }
            Some((third, third_digits))
                if digits <= 2 && second_digits <= 2 && matches!(third_digits, 2 | 4) =>
            {
                self.day_and_month(first, second, Some(self.year(third, third_digits)), at)
            }
            None if sign == '/' && digits <= 2 && second_digits <= 2 && self.style == Style::Deadline => {
                self.day_and_month(first, second, None, at)
            }
            _ => None,
        }
    }

    /// "Served 11/6", "a notice dated 11/13", "received on 11/2": such a day is no deadline.
    fn is_of_the_past(&self, at: usize) -> bool {
        let is_small = |word: &str| matches!(word, "on" | "the" | "el" | "of");
        let word = |back: usize| at.checked_sub(back).and_then(|at| self.word(at));
        let told = (1..=2).find(|back| word(*back).is_some_and(|word| !is_small(word)));
        let is_told = |list: &str, back: usize| word(back).is_some_and(|word| LEXICON.phrases(list).is(word));
        told.is_some_and(|back| is_told("past_events", back) && !is_told("to_come", back + 1))
    }

    fn day_and_month(
        &self,
        first: u32,
        second: u32,
        year: Option<i64>,
        at: usize,
    ) -> Option<(NaiveDate, bool)> {
        let make = |month: u32, day: u32| match year {
            Some(year) => date(year, month, day),
            None => self.next(month, day),
        };
        let (month_first, day_first) = (make(first, second), make(second, first));
        let (wanted, other) = match self.order {
            DateOrder::MonthFirst => (month_first, day_first),
            DateOrder::DayFirst => (day_first, month_first),
        };
        let (month, day) = match self.order {
            DateOrder::MonthFirst => (first, second),
            DateOrder::DayFirst => (second, first),
        };
        if year.is_none()
            && (self.is_just_past(month, day) || wanted.is_none() && self.is_just_past(day, month))
        {
            return None;
        }
        match (wanted, other) {
            (Some(wanted), Some(other)) if wanted != other => match self.weekday_near(at) {
                Some(day) if wanted.weekday() == day && other.weekday() != day => Some((wanted, false)),
                Some(day) if other.weekday() == day && wanted.weekday() != day => Some((other, false)),
                _ => Some((wanted, true)),
            },
            (Some(wanted), _) => Some((wanted, false)),
            (None, Some(other)) => Some((other, false)),
            (None, None) => None,
        }
    }

    fn weekday_near(&self, at: usize) -> Option<Weekday> {
        (1..=3).find_map(|back| weekday(self.word(at.checked_sub(back)?)?))
    }

    fn year(&self, year: u32, digits: usize) -> i64 {
        let year = i64::from(year);
        if digits != 2 {
            return year;
        }
        let now = i64::from(self.today.year());
        let this = now - now.rem_euclid(100) + year;
        let latest = if self.style == Style::Birth { now } else { now + 20 };
        if this > latest { this - 100 } else { this }
    }

    /// "Sept 17, 2026", "17 September", "17 de septiembre de 2026", "September 17th".
    fn month_name(&self, at: usize) -> Option<(NaiveDate, bool)> {
        let name = self.word(at).filter(|_| self.says(at, day::MONTH))?;
        let month = *LEXICON.months.get(name)?;
        if self.style == Style::Deadline && self.is_of_the_past(at) {
            return None;
        }
        let dot = usize::from(self.sign(at + 1) == Some('.'));
        // The day before the name: "17 September", "17 de septiembre", "17th of September", "17-Sep-2026".
        let before = (1..=3).find_map(|back| {
            let (day, digits) = self.number(at.checked_sub(back)?)?;
            let between = (1..back).all(|gap| {
                let token = at - gap;
                self.sign(token) == Some('-')
                    || self.word(token).is_some_and(|w| matches!(w, "de" | "of" | "th" | "st" | "nd" | "rd"))
            });
            (between && digits <= 2).then_some(day)
        });
        if let Some(day) = before {
            return self.dated(month, day, self.year_after(at + 1 + dot)).map(|date| (date, false));
        }
        let (day, digits) = self.number(at + 1 + dot).filter(|(_, digits)| *digits <= 2)?;
        debug_assert!(digits <= 2);
        let suffix =
            usize::from(self.word(at + 2 + dot).is_some_and(|w| matches!(w, "th" | "st" | "nd" | "rd")));
        self.dated(month, day, self.year_after(at + 2 + dot + suffix)).map(|date| (date, false))
    }

    /// The year that follows, behind a comma, a dash or "de".
    fn year_after(&self, at: usize) -> Option<i64> {
        let skip = self.sign(at).is_some_and(|sign| matches!(sign, ',' | '-' | '.' | '/'))
            || self.word(at).is_some_and(|w| matches!(w, "de" | "del"));
        let at = at + usize::from(skip);
        let (year, digits) = self.number(at)?;
        let after_sign = self.sign(at + 1);
        match digits {
            4 => Some(i64::from(year)),
            2 if skip && after_sign != Some(':') && self.style == Style::Birth => Some(self.year(year, 2)),
            _ => None,
        }
    }

    fn dated(&self, month: u32, day: u32, year: Option<i64>) -> Option<NaiveDate> {
        match year {
            Some(year) => date(year, month, day),
            None if self.style == Style::Birth || self.is_just_past(month, day) => None,
            None => self.next(month, day),
        }
    }

    /// Whether a day to come, written without a year, was less than half a year ago: then it is that day, or the day from
    /// which days are counted, and not the same day of next year.
    fn is_just_past(&self, month: u32, day: u32) -> bool {
        let year = i64::from(self.today.year());
        let last = [year, year - 1].into_iter().filter_map(|year| date(year, month, day));
        self.style == Style::Deadline
            && last.into_iter().any(|date| date < self.today && (self.today - date).num_days() < HALF_A_YEAR)
    }

    /// The next time this day comes; for something that happened, the last time.
    fn next(&self, month: u32, day: u32) -> Option<NaiveDate> {
        let year = i64::from(self.today.year());
        if self.style == Style::Past {
            return [0, 1]
                .into_iter()
                .filter_map(|back| date(year - back, month, day))
                .find(|date| *date <= self.today);
        }
        (0..=4).filter_map(|years| date(year + years, month, day)).find(|date| *date >= self.today)
    }

    /// How many tokens the date takes that begins at one: signs and numbers without a gap, or words, a day and a year.
    fn length(&self, at: usize, spans: &[(usize, usize)]) -> usize {
        let is_close = |at: usize| {
            at > 0
                && spans
                    .get(at - 1)
                    .is_some_and(|(_, end)| spans.get(at).is_some_and(|(from, _)| from == end))
        };
        let is_drawn = self.number(at).is_some() && matches!(self.sign(at + 1), Some('/' | '-' | '.'));
        if is_drawn {
            return 1
                + (at + 1..self.tokens.len())
                    .take_while(|at| is_close(*at) && self.word(*at).is_none())
                    .count();
        }
        let mut has_day = self.number(at).is_some();
        let goes_on = |at: &usize| match self.tokens.get(*at) {
            Some(Token::Number(_, 4)) => true,
            Some(Token::Number(_, 1 | 2)) => !std::mem::replace(&mut has_day, true),
            Some(Token::Word(word, days)) => {
                days & day::MONTH != 0 || matches!(&**word, "st" | "nd" | "rd" | "th" | "of" | "de" | "del")
            }
            Some(Token::Sign(',')) => matches!(self.number(at + 1), Some((_, 4))),
            Some(Token::Number(..) | Token::Sign(_)) | None => false,
        };
        1 + (at + 1..at + 7).take_while(goes_on).count()
    }

    /// "tomorrow", "pasado mañana", "in 3 days".
    fn relative(&self, at: usize) -> Option<(NaiveDate, bool)> {
        if !self.says(at, day::RELATIVE | day::COUNTED) {
            return None;
        }
        let rest: Vec<&str> = (at..at + 6).map_while(|at| self.word(at)).collect();
        let starts = |list: &str| LEXICON.phrases(list).starts(&rest) > 0;
        let days = if starts("day_after") {
            2
        } else if starts("tomorrow") {
            // "por la mañana", "de la mañana" is the morning.
            if at > 0 && self.word(at - 1) == Some("la") {
                return None;
            }
            1
        } else if starts("today") {
            0
        } else {
            let size = LEXICON.phrases("in_days").starts(&rest);
            let (count, digits) = self.number(at + size).filter(|_| size > 0)?;
            let unit = self.word(at + size + 1)?;
            // "Within 5 days of 11/18" is not counted from today.
            let is_counted_from =
                self.word(at + size + 2).is_some_and(|word| LEXICON.phrases("counted_from").is(word));
            if digits > 3 || is_counted_from || !LEXICON.phrases("days").is(unit) {
                return None;
            }
            u64::from(count)
        };
        if self.style == Style::Birth {
            return None;
        }
        self.today.checked_add_days(Days::new(days)).map(|date| (date, false))
    }

    /// "Thursday": the next one, never today.
    fn weekday_alone(&self, at: usize) -> Option<(NaiveDate, bool)> {
        let word = self.word(at).filter(|_| self.style == Style::Deadline && self.says(at, day::WEEKDAY))?;
        // "sun", "sat" and "mar" alone are words of their own.
        let day = weekday(word).filter(|_| word.len() > 3)?;
        (1..=7)
            .filter_map(|ahead| self.today.checked_add_days(Days::new(ahead)))
            .find(|date| date.weekday() == day)
            .map(|date| (date, false))
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    let number = *LEXICON.weekdays.get(word)?;
    Weekday::try_from(u8::try_from(number).ok()?).ok()
}

/// A real day of the years 1900 to 2199.
fn date(year: i64, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| (1900..2200).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests;
