//! A time of day as people write it: with or without its half of the day.

use super::{DAY, Span};

/// Which half of the day was said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Half {
    /// Before noon.
    Am,
    /// From noon on.
    Pm,
    /// None, and none is needed: 17:00, 09:30.
    Clear,
    /// None: 5, 9:30.
    Bare,
}

/// A time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Time {
    /// As written.
    hour: u16,
    minute: u16,
    half: Half,
}

const HOUR: u16 = 60;
const NOON: u16 = 12 * HOUR;

impl Time {
    /// Of digits as written: `5`, `09`, `9:30`, `930`, `1400`.
    pub(super) fn of(digits: &str, minutes: Option<&str>) -> Option<Time> {
        let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.len() <= 4);
        let (hour, minute) = match (digits.len(), minutes) {
            (1 | 2, None) => (number(digits)?, 0),
            (1 | 2, Some(minutes)) if minutes.len() == 2 => (number(digits)?, number(minutes)?),
            (3 | 4, None) => (number(digits)? / 100, number(digits)? % 100),
            _ => return None,
        };
        let is_clear = digits.starts_with('0') || digits.len() == 4 || !(1..=12).contains(&hour);
        let half = if is_clear { Half::Clear } else { Half::Bare };
        (hour < 24 && minute < 60).then_some(Time { hour, minute, half })
    }

    /// Noon.
    pub(super) const fn noon() -> Time {
        Time { hour: 12, minute: 0, half: Half::Pm }
    }

    /// With the half that was said after it.
    pub(super) fn with(self, half: Half) -> Option<Time> {
        let fits = self.half == Half::Bare || self.half == Half::Clear && (1..=12).contains(&self.hour);
        fits.then_some(Time { half, ..self })
    }

    /// On a clock of 24 hours.
    pub(super) const fn on_the_long_clock(self) -> Time {
        Time { half: Half::Clear, ..self }
    }

    fn am(self) -> u16 {
        self.hour % 12 * HOUR + self.minute
    }

    fn pm(self) -> u16 {
        self.am() + NOON
    }

    /// As a time of 24 hours, if it is said which.
    fn known(self) -> Option<u16> {
        match self.half {
            Half::Am => Some(self.am()),
            Half::Pm => Some(self.pm()),
            Half::Clear => Some(self.hour * HOUR + self.minute),
            Half::Bare => None,
        }
    }

    /// From this time to the end of the day; in doubt after noon, which is later.
    pub(super) fn after(self) -> Span {
        (self.known().unwrap_or_else(|| self.pm()), DAY)
    }

    /// Up to this time. One to six and twelve are in the daytime; in doubt before noon, which is earlier.
    pub(super) fn before(self) -> Option<Span> {
        let daytime = if matches!(self.hour, 1..=6 | 12) { self.pm() } else { self.am() };
        let to = self.known().unwrap_or(daytime);
        (to > 0).then_some((0, to))
    }

    /// From the one to the other; `None` if that is no span of one day, or could be two.
    pub(super) fn span(from: Time, to: Time) -> Option<Span> {
        let span = match (from.known(), to.known()) {
            (Some(from), Some(to)) => (from, to),
            (None, Some(end)) => (start(from, to, end)?, end),
            (Some(begin), None) => (begin, end(begin, from, to)?),
            (None, None) => bare(from, to)?,
        };
        (span.0 < span.1).then_some(span)
    }
}

/// "9-5pm", "2-4pm", "9-11am", "9-17:00".
fn start(from: Time, to: Time, end: u16) -> Option<u16> {
    match to.half {
        Half::Pm if from.pm() < end => Some(from.pm()),
        Half::Pm | Half::Am => Some(from.am()),
        Half::Clear | Half::Bare => (from.hour >= 6).then(|| from.hour * HOUR + from.minute),
    }
}

/// "9am-5", "9am-11", "2pm-4", "09:00-12".
fn end(begin: u16, from: Time, to: Time) -> Option<u16> {
    let later = |minute: u16| (minute > begin).then_some(minute);
    match from.half {
        Half::Am => later(to.am()).or_else(|| later(to.pm())),
        Half::Pm => later(to.pm()),
        Half::Clear | Half::Bare => later(to.hour * HOUR + to.minute),
    }
}

/// "9-5", "2-4", "9-12": only where the other half of the day would be the night.
fn bare(from: Time, to: Time) -> Option<Span> {
    match (from.hour, to.hour) {
        (12, 1..=11) | (1..=5, 2..=11) => Some((from.pm(), to.pm())),
        (7..=11, 12 | 1..=6) => Some((from.am(), to.pm())),
        (9..=11, 9..=11) => Some((from.am(), to.am())),
        _ => None,
    }
}
