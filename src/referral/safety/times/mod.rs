//! Safe times in the words of whoever refers or calls: "weekdays after 5pm", "only mornings", "Tue/Thu 9-12", "solo por
//! la tarde". Only what can be read in full counts; a word nobody knows makes the whole text unclear.
//!
//! Where a time can be meant in two ways, the hours are those of both readings; calls in the night are not meant.
//! Texts that were joined by a semicolon must all allow an hour.

mod clock;
mod words;

use chrono::NaiveTime;

use clock::Time;
use words::Token;

/// A day's minutes.
const DAY: u16 = 24 * 60;

/// A longer text says other things too.
const MOST_WORDS: usize = 60;

/// Minutes of a day, the first one in, the last one out.
type Span = (u16, u16);

/// What a text says about safe times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Times {
    /// No limit.
    Any,
    /// These hours and no others.
    Hours(Week),
    /// Nobody can say; a person must ask.
    Unclear,
}

/// The safe hours of each day, from Monday on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Week([Vec<Span>; 7]);

impl Week {
    /// The same hours on every day.
    pub(super) fn daily((opens, closes): (NaiveTime, NaiveTime)) -> Week {
        Week(std::array::from_fn(|_| vec![(minute(opens), minute(closes))]))
    }

    /// The hours of both.
    pub(super) fn and(&self, other: &Week) -> Week {
        Week(std::array::from_fn(|day| both(self.of(day), other.of(day))))
    }

    /// What is left if so many minutes are lost at both ends of every span.
    pub(super) fn shrunk(&self, by: u16) -> Week {
        let less = |(from, to): &Span| {
            let (from, to) = (from.saturating_add(by), to.saturating_sub(by));
            (from < to).then_some((from, to))
        };
        Week(std::array::from_fn(|day| self.of(day).iter().filter_map(less).collect()))
    }

    /// The spans of a day, Monday is 0, in the order they begin.
    pub(super) fn of(&self, day: usize) -> &[Span] {
        self.0.get(day).map(Vec::as_slice).unwrap_or_default()
    }
}

fn minute(time: NaiveTime) -> u16 {
    use chrono::Timelike;
    u16::try_from(time.hour() * 60 + time.minute()).unwrap_or(DAY)
}

fn both(some: &[Span], others: &[Span]) -> Vec<Span> {
    let pairs = some.iter().flat_map(|one| others.iter().map(move |other| overlap(*one, *other)));
    let mut spans: Vec<Span> = pairs.flatten().collect();
    spans.sort_unstable();
    spans
}

fn overlap(one: Span, other: Span) -> Option<Span> {
    let (from, to) = (one.0.max(other.0), one.1.min(other.1));
    (from < to).then_some((from, to))
}

/// Reads a text.
pub(super) fn read(text: &str) -> Times {
    if words::is_any(text) {
        return Times::Any;
    }
    let mut speaks = false;
    let mut left = MOST_WORDS;
    let mut week: [Option<Vec<Span>>; 7] = Default::default();
    for part in text.split([';', '\n']).filter(|part| !part.trim().is_empty()) {
        if words::is_any(part) {
            continue;
        }
        let Some(said) = words::tokens(part, &mut left).and_then(|tokens| sentence(&tokens)) else {
            return Times::Unclear;
        };
        speaks = true;
        for (day, spans) in week.iter_mut().zip(said) {
            *day = match (day.take(), spans) {
                (Some(before), Some(spans)) => Some(both(&before, &spans)),
                (before, spans) => before.or(spans),
            };
        }
    }
    if speaks { Times::Hours(Week(week.map(Option::unwrap_or_default))) } else { Times::Unclear }
}

/// Days and the hours said of them.
#[derive(Clone, Default)]
struct Group {
    days: u8,
    spans: Vec<Span>,
}

/// Which of the two a text says first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    DaysFirst,
    SpansFirst,
}

/// The hours of each day of which one sentence speaks; `None` if it cannot be read in full.
fn sentence(tokens: &[Token]) -> Option<[Option<Vec<Span>>; 7]> {
    let groups = groups(tokens)?;
    let is_whole = |group: &Group| group.days != 0 && !group.spans.is_empty();
    if groups.is_empty() || groups.len() > 1 && !groups.iter().all(is_whole) {
        return None;
    }
    let mut week: [Option<Vec<Span>>; 7] = Default::default();
    for group in groups {
        let days = if group.days == 0 { words::EVERY_DAY } else { group.days };
        let spans = if group.spans.is_empty() { vec![(0, DAY)] } else { group.spans };
        for (place, day) in week.iter_mut().enumerate() {
            if days & (1 << place) != 0 {
                // Said twice of one day: both must allow it.
                *day = Some(day.take().map_or_else(|| spans.clone(), |before| both(&before, &spans)));
            }
        }
    }
    Some(week)
}

fn groups(tokens: &[Token]) -> Option<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut group = Group::default();
    let mut order = None;
    let mut at = 0;
    while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((days, size)) = days(rest) {
            if order == Some(Order::DaysFirst) && !group.spans.is_empty() {
                groups.push(std::mem::take(&mut group));
            }
            order.get_or_insert(Order::DaysFirst);
            group.days |= days;
            at += size;
        } else if let Some((span, size)) = span(rest) {
            if order == Some(Order::SpansFirst) && group.days != 0 {
                groups.push(std::mem::take(&mut group));
            }
            order.get_or_insert(Order::SpansFirst);
            add(&mut group.spans, span?);
            at += size;
        } else if matches!(rest.first(), Some(Token::And | Token::From | Token::Noise)) {
            at += 1;
        } else {
            return None;
        }
    }
    if group.days != 0 || !group.spans.is_empty() {
        groups.push(group);
    }
    Some(groups)
}

/// "Mornings, 9 to 11" are two words for one thing, "mornings and after 5pm" are two things.
fn add(spans: &mut Vec<Span>, span: Span) {
    match spans.iter_mut().find_map(|one| overlap(*one, span).map(|both| (one, both))) {
        Some((one, both)) => *one = both,
        None => spans.push(span),
    }
    spans.sort_unstable();
}

/// A day, or "Monday to Friday".
fn days(rest: &[Token]) -> Option<(u8, usize)> {
    match rest {
        [Token::Day(from), Token::To | Token::Before, Token::Day(to), ..] => {
            Some((words::from_to(*from, *to)?, 3))
        }
        [Token::Day(day), ..] => Some((*day, 1)),
        _ => None,
    }
}

/// One span of hours with the tokens it takes; the inner `None` is a time that makes no sense.
fn span(rest: &[Token]) -> Option<(Option<Span>, usize)> {
    use Token::{After, And, Before, Between, Earlier, From, Later, Part, To};
    let time = |token: &Token| if let Token::Time(time) = token { Some(*time) } else { None };
    let [first, more @ ..] = rest else { return None };
    let second = more.first().and_then(time);
    let third = more.get(1);
    let fourth = more.get(2).and_then(time);
    Some(match (first, second, third, fourth) {
        (Part(span), ..) => (Some(*span), 1),
        (Between, Some(from), Some(And | To), Some(to))
        | (From | After, Some(from), Some(To | Before), Some(to)) => (Time::span(from, to), 4),
        (After | From, Some(from), ..) => (Some(from.after()), 2),
        (Before, Some(to), ..) => (to.before(), 2),
        (Token::Time(from), ..) => match (more.first(), more.get(1).and_then(time)) {
            (Some(To | Before), Some(to)) => (Time::span(*from, to), 3),
            (Some(Later), _) => (Some(from.after()), 2),
            (Some(Earlier), _) => (from.before(), 2),
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(times: &Times) -> String {
        const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        let week = match times {
            Times::Any => return "any".to_owned(),
            Times::Unclear => return "unclear".to_owned(),
            Times::Hours(week) => week,
        };
        let clock = |minute: u16| match minute % 60 {
            0 => (minute / 60).to_string(),
            more => format!("{}:{more:02}", minute / 60),
        };
        let spans = |day: usize| {
            let spans = week.of(day).iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to)));
            spans.collect::<Vec<_>>().join("+")
        };
        let mut shown: Vec<(String, String)> = Vec::new();
        for (day, name) in DAYS.iter().enumerate() {
            match shown.last_mut() {
                Some((names, hours)) if *hours == spans(day) => names.push_str(name),
                _ => shown.push(((*name).to_owned(), spans(day))),
            }
        }
        let said = shown.into_iter().filter(|(_, hours)| !hours.is_empty());
        said.map(|(names, hours)| format!("{names} {hours}")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn clear_texts_become_hours() {
        let (week, all) = ("MoTuWeThFr", "MoTuWeThFrSaSu");
        for (text, expected) in [
            ("weekdays after 5pm", format!("{week} 17-24")),
            ("Weekdays, after 5 PM ET", format!("{week} 17-24")),
            ("only mornings", format!("{all} 9-12")),
            ("weekday mornings", format!("{week} 9-12")),
            ("Tue/Thu 9-12", "Tu 9-12, Th 9-12".to_owned()),
            ("Tuesdays and Thursdays, 9 to 12", "Tu 9-12, Th 9-12".to_owned()),
            ("solo por la tarde", format!("{all} 13-18")),
            ("Mon-Fri 9-5", format!("{week} 9-17")),
            ("M-F 9a-5p", format!("{week} 9-17")),
            ("Monday through Friday, 9:30am - 12", format!("{week} 9:30-12")),
            ("after 5", format!("{all} 17-24")),
            ("after 9 am PT", format!("{all} 9-24")),
            ("5pm or later", format!("{all} 17-24")),
            ("before noon", format!("{all} 0-12")),
            ("until 3", format!("{all} 0-15")),
            ("before 10", format!("{all} 0-10")),
            ("before 10am or after 5:30pm", format!("{all} 0-10+17:30-24")),
            ("after 3 and before 5", format!("{all} 15-17")),
            ("between 10 and 2", format!("{all} 10-14")),
            ("from 9am to noon", format!("{all} 9-12")),
            ("2-4pm", format!("{all} 14-16")),
            ("11-1pm", format!("{all} 11-13")),
            ("2-4", format!("{all} 14-16")),
            ("17:00-20:00", format!("{all} 17-20")),
            ("1400-1630", format!("{all} 14-16:30")),
            ("9.30-11.30 a.m.", format!("{all} 9:30-11:30")),
            ("weekends", "SaSu 0-24".to_owned()),
            ("mornings and after 5pm", format!("{all} 9-12+17-24")),
            ("mornings, 9 to 11", format!("{all} 9-11")),
            ("Mon 9-12, Wed 1-3", "Mo 9-12, We 13-15".to_owned()),
            ("mornings on Monday, afternoons on Friday", "Mo 9-12, Fr 13-17".to_owned()),
            ("Mon 9-12; Tue 1-3", "Mo 9-12, Tu 13-15".to_owned()),
            ("mornings; after 10am", format!("{all} 10-12")),
            ("mornings; anytime", format!("{all} 9-12")),
            ("mornings; after 5pm", String::new()),
            ("business hours", format!("{week} 9-17")),
            ("Fri-Mon 9-12", "Mo 9-12, FrSaSu 9-12".to_owned()),
            ("9 in the morning to 1 in the afternoon", format!("{all} 9-13")),
            ("después de las 5", format!("{all} 17-24")),
            ("a partir de las 17h", format!("{all} 17-24")),
            ("de 9 a 12", format!("{all} 9-12")),
            ("desde las 9 hasta las 12", format!("{all} 9-12")),
            ("entre las 9 y las 11 de la mañana", format!("{all} 9-11")),
            ("lunes a viernes por la mañana", format!("{week} 9-12")),
            ("entre semana después de las 5 de la tarde", format!("{week} 17-24")),
            ("martes y jueves de 9 a 12", "Tu 9-12, Th 9-12".to_owned()),
            ("fines de semana", "SaSu 0-24".to_owned()),
            ("antes de las 3", format!("{all} 0-15")),
            ("anytime", "any".to_owned()),
            ("Any time is fine", "any".to_owned()),
            ("cualquier hora", "any".to_owned()),
            ("24/7", "any".to_owned()),
        ] {
            assert_eq!(show(&read(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_in_full_is_unclear() {
        for text in [
            "",
            "when he is at work",
            "after work",
            "not mornings",
            "mornings except Monday",
            "after 5 unless he is home",
            "mornings?",
            "at 5pm",
            "12/3",
            "7-9",
            "9-9",
            "5pm-3pm",
            "6-8",
            "after 25",
            "9:75-11",
            "early mornings",
            "Mon 9-12, Tue",
            "Mon 9-12 1-3 Tue",
            "weekdays after 5pm and weekends",
            "only",
            "Mon-",
            "9-",
            "pm",
            "no llamar por la noche",
            "上午",
            "\u{0}",
            "99999999999999999999-5",
        ] {
            assert_eq!(show(&read(text)), "unclear", "{text}");
        }
        assert_eq!(read(&"mornings ".repeat(100)), Times::Unclear);
        assert_eq!(read(&"mornings; ".repeat(100)), Times::Unclear);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "\\PC{0,200}") {
            let _ = read(&text);
        }

        /// What is added never opens an hour that was closed.
        #[test]
        fn a_second_text_only_takes_hours_away(
            one in "(mornings|after [0-9]{1,2}|weekdays|Tue 9-[0-9]{1,2}|anytime)",
            other in "(evenings|before [0-9]{1,2}|weekends|Tue [0-9]{1,2}-5|any|hm)",
        ) {
            let hours = |times: &Times| match times {
                Times::Any => Some(Week(std::array::from_fn(|_| vec![(0, DAY)]))),
                Times::Hours(week) => Some(week.clone()),
                Times::Unclear => None,
            };
            let (both, alone) = (read(&format!("{one}; {other}")), read(&one));
            if let (Some(both), Some(alone)) = (hours(&both), hours(&alone)) {
                let spoken = |day: usize| !alone.of(day).is_empty();
                for day in (0..7).filter(|day| spoken(*day)) {
                    for (from, to) in both.of(day) {
                        prop_assert!(alone.of(day).iter().any(|span| span.0 <= *from && *to <= span.1));
                    }
                }
            }
        }
    }
}
