//! A yes that ends: "yes, until 2026-12-31", "sí, hasta el 31 de diciembre". An end nobody can read is no yes.

use chrono::{Datelike, NaiveDate};

use super::answer::{self, Answer};
use super::{Dated, Verdict, date};
use crate::intake::form::Context;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Judged};

const SWAPPED: &str = "The end of a consent can be read as two dates (day and month could be swapped); the earlier one counts until \
     somebody has asked.";
const OVER: &str = "A consent had ended before its mail arrived; please ask for a new one.";

/// An answer longer than this has other words in it that make it none.
const MOST_WORDS: usize = 60;

/// Judges an answer that speaks of an end; `None` if it does not.
pub(super) fn judged(value: &str, what: &str, context: &Context) -> Option<Verdict> {
    let (head, tail) = parted(value, context)?;
    let said = if answer::is_agreement(head) { Answer::Yes } else { answer::answer(head) };
    Some(match said {
        Answer::No => Verdict::of(Judged::No),
        Answer::Unclear => {
            answer::unclear(format!("The answer about {what} is not a clear yes or no; please ask."))
        }
        Answer::Yes => match end(tail, context) {
            Some(dated) => ending(&dated, context),
            None => answer::unclear(format!("Until when the {what} holds could not be read; please ask.")),
        },
    })
}

/// Judges the answer to a question that asks for the end alone.
pub(super) fn end_alone(value: &str, context: &Context) -> Verdict {
    end(value, context).map_or_else(
        || answer::unclear("Until when the consent holds could not be read; please ask.".to_owned()),
        |dated| ending(&dated, context),
    )
}

fn ending(dated: &Dated, context: &Context) -> Verdict {
    let date = if dated.ambiguous { earlier_reading(dated.date) } else { dated.date };
    let problem = if dated.ambiguous {
        Some(SWAPPED)
    } else {
        (date < context.received_at.date_naive().pred_opt().unwrap_or(date)).then_some(OVER)
    };
    let confidence = if problem.is_some() { Confidence::Medium } else { Confidence::High };
    let judged = Judged::YesUntil { date, time: dated.time };
    Verdict { problem: problem.map(str::to_owned), confidence, ..Verdict::of(judged) }
}

/// Of a date whose day and month could be swapped the earlier one.
fn earlier_reading(date: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(date.year(), date.day(), date.month()).map_or(date, |other| other.min(date))
}

/// The answer before the first word of an end, and what follows it. "Through" and "valid" speak of an end only where a
/// date follows.
fn parted<'v>(value: &'v str, context: &Context) -> Option<(&'v str, &'v str)> {
    let mut rest = value;
    for word in value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST_WORDS) {
        let (_, after) = rest.split_once(word)?;
        rest = after;
        let folded = fold(word);
        let ends = LEXICON.phrases("end").is(&folded)
            || LEXICON.phrases("end_if_dated").is(&folded)
                && date::find(rest, context, date::Style::Deadline).is_some();
        if ends {
            let head = value.get(..value.len() - rest.len() - word.len())?;
            return Some((
                head.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ']' && c != '☐'),
                rest,
            ));
        }
    }
    None
}

/// The one date of a text in which nothing else is said.
fn end(tail: &str, context: &Context) -> Option<Dated> {
    let folded = fold(tail);
    let beside = |word: &str| {
        word.chars().all(|c| c.is_ascii_digit())
            || word.trim_start_matches(|c: char| c.is_ascii_digit()).len() == 2
                && word.starts_with(|c: char| c.is_ascii_digit())
            || LEXICON.months.contains_key(word)
            || LEXICON.weekdays.contains_key(word)
            || ["harmless", "end", "end_if_dated", "noon", "today", "tomorrow", "in_days", "days", "of_date"]
                .iter()
                .any(|list| LEXICON.phrases(list).is(word))
    };
    if tail.contains(['?', '¿']) || !words(&folded).into_iter().all(beside) {
        return None;
    }
    // "(ROI exp. 11/20/2027)": what parts the word from its date is no part of that.
    date::only(tail.trim_matches([' ', '.', ',', ':', ')', ']']), context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::tests::context;

    fn read(value: &str) -> String {
        match super::super::asked::consent(crate::referral::packet::Field::Consent, value, &context()).judged
        {
            Judged::YesUntil { date, time } => {
                date.to_string() + &time.map(|time| time.format(" %H:%M").to_string()).unwrap_or_default()
            }
            Judged::Yes => "yes".to_owned(),
            Judged::No => "no".to_owned(),
            _ => "unclear".to_owned(),
        }
    }

    #[test]
    fn a_yes_with_an_end_is_read_with_it() {
        // The mail arrived on Monday 2026-09-14.
        for (value, expected) in [
            ("yes, until 2026-12-31", "2026-12-31"),
            ("Yes (until 12/31/2026)", "2026-12-31"),
            ("Yes - expires 12/31/26", "2026-12-31"),
            ("Yes, written, valid through Dec 31, 2026", "2026-12-31"),
            ("yes thru December 31st", "2026-12-31"),
            ("Sí, hasta el 31 de diciembre", "2026-12-31"),
            ("sí, por escrito, vence el 31 de diciembre de 2027", "2027-12-31"),
            ("Autorizo, válido hasta el 15/01/2027", "2027-01-15"),
            ("I consent to share my information until 1/31/2027", "2027-01-31"),
            ("Client consents, expires 2027-03-01; signed form on file", "2027-03-01"),
            ("☑ Yes ☐ No, until 12/31/2026", "2026-12-31"),
            ("yes until 12/31/2026 at 5pm", "2026-12-31 17:00"),
            ("yes until Friday", "2026-09-18"),
            ("yes (ROI exp. 11/20/2027)", "2027-11-20"),
            ("Yes, signed (expires: 11/20/2027).", "2027-11-20"),
            ("yes (ROI exp. 11/20/2027?)", "unclear"),
            ("yes (ROI exp. soon)", "unclear"),
            ("yes (exp. 11/20/2027 or when she moves)", "unclear"),
            ("yes, until 2025-12-31", "2025-12-31"),
            // Day and month could be swapped: the earlier end.
            ("yes until 12/11/2026", "2026-11-12"),
            ("yes until 11/12/2026", "2026-11-12"),
            ("No, not until 2026-12-31", "no"),
            ("no hasta 2026-12-31", "no"),
            ("Yes, through her caseworker", "unclear"),
            ("I agree that my information is shared through the portal", "yes"),
        ] {
            assert_eq!(read(value), expected, "{value}");
        }
    }

    #[test]
    fn an_end_nobody_can_read_is_no_consent() {
        for value in [
            "until 2026-12-31",
            "yes until the hearing",
            "yes, until further notice",
            "sí, hasta nuevo aviso",
            "yes until March",
            "yes until 2027",
            "yes until 13/13/2026",
            "yes, expires",
            "yes until 12/31/2026 or 1/31/2027",
            "yes until 12/31 1/31",
            "yes until 12/31/2026 1/31/2026",
            "yes until 12/31/2026 but not by email",
            "yes until 12/31/2026?",
            "maybe until 12/31/2026",
            "yes, for 90 days",
            "yes till 99999999999/1/1",
            "I agree that my information is shared, expires soon",
            "yes until \u{0}",
        ] {
            assert_eq!(read(value), "unclear", "{value}");
        }
    }
}
