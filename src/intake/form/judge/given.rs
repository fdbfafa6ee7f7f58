//! The day on which a consent was given, said beside the yes: "yes, signed 11/20/2026". A day behind any other word may be
//! the end of the consent, and one that is still to come may be anything.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::date::{self, Style};
use crate::intake::form::Context;
use crate::intake::form::fold::fold;
use crate::intake::form::lexicon::LEXICON;

/// Right before such a day, or before "on".
const GIVEN: [&str; 9] =
    ["signed", "verbal", "verbally", "written", "given", "obtained", "dated", "firmado", "firmada"];

/// A yes with nothing but a day behind it was given on that day, if it is no longer ago than this.
const LATELY: TimeDelta = TimeDelta::days(100);

/// An answer without the day on which it says at its end that the consent was given.
pub(super) fn undated<'v>(value: &'v str, context: &Context) -> &'v str {
    before_the_day(value, context).unwrap_or(value)
}

fn before_the_day<'v>(value: &'v str, context: &Context) -> Option<&'v str> {
    let (before, day) = value.trim_end_matches([')', '.', ' ']).rsplit_once(' ')?;
    let is_drawn = day.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'-'));
    let found = date::find(day, context, Style::Past).filter(|_| is_drawn && day.len() > 7)?;
    let swapped = NaiveDate::from_ymd_opt(found.date.year(), found.date.day(), found.date.month());
    let latest = if found.ambiguous { swapped.unwrap_or(found.date).max(found.date) } else { found.date };
    let words = before.trim_end_matches([',', ' ']);
    let word = words.strip_suffix(" on").unwrap_or(words).rsplit([' ', '(', ',']).next()?;
    let today = context.received_at.date_naive();
    let is_over = latest <= today;
    // "Yes, 11/20/2026" alone: an end that is over would be written as one, and a day long ago may be anything.
    if is_over && found.date + LATELY >= today && LEXICON.phrases("yes_alone").is(&fold(words)) {
        return Some(words);
    }
    (is_over && GIVEN.contains(&fold(word).as_str())).then_some(words.strip_suffix(" on").unwrap_or(words))
}

#[cfg(test)]
mod tests {
    use super::super::asked;
    use crate::intake::form::tests::context;
    use crate::referral::packet::{Field, Judged};

    #[test]
    fn the_day_on_which_a_consent_was_given_takes_nothing_away() {
        let day = |days: i64| {
            let day = context().received_at.date_naive() + chrono::TimeDelta::days(days);
            day.format("%m/%d/%Y").to_string()
        };
        let is_yes = |value: &str| asked::consent(Field::Consent, value, &context()).judged == Judged::Yes;
        for before in
            ["Signed", "Yes, signed", "Yes - signed on", "yes (verbal,", "Yes, verbal", "yes (written"]
        {
            assert!(is_yes(&format!("{before} {}", day(0))), "{before}");
            assert!(is_yes(&format!("{before} {})", day(-40))), "{before}");
            assert!(!is_yes(&format!("{before} {}", day(40))), "{before}");
        }
        for before in
            ["Yes, not signed", "No, signed", "Yes, by her husband", "Yes, expired", "No,", "Yes, ask"]
        {
            assert!(!is_yes(&format!("{before} {}", day(-40))), "{before}");
        }
        for before in ["Yes,", "yes", "Yes -", "Sí,"] {
            assert!(is_yes(&format!("{before} {}", day(-1))), "{before}");
            assert!(!is_yes(&format!("{before} {}", day(3))), "{before}: it may be the end");
            assert!(!is_yes(&format!("{before} {}", day(-400))), "{before}: it may be over");
        }
    }
}
