//! Several dates in one text, each with the words that say what it is of: "hearing on Dec 3 at 9, answer due Nov 28".

use super::date::{self, Style};
use super::{Context, Verdict};
use crate::intake::form::fold::{clean, fold, words};
use crate::intake::form::lexicon::{CUES, LEXICON};
use crate::referral::packet::{Field, Judged};

/// The fields of the first five of [`CUES`], in their order.
pub(crate) const KINDS: [Field; 5] =
    [Field::LockoutDate, Field::FilingDeadline, Field::CourtDate, Field::ClientDob, Field::OtherDeadline];
/// The most parts of one text.
const MOST: usize = 6;
/// The longest part that is kept as a value, in characters.
const LONGEST: usize = 300;

/// What a date is about by the words around it. A hearing about an eviction is a hearing.
pub(crate) fn kind_of(cues: u64, words: &[&str]) -> Option<Field> {
    let says = |kind: &Field| {
        let index = KINDS.iter().position(|one| one == kind);
        index.is_some_and(|index| {
            cues & (1 << index) != 0
                && CUES.get(index).is_some_and(|list| LEXICON.phrases(list).within(words))
        })
    };
    // "Request for hearing must be filed by" asks for no appearance.
    if cues & FILING != 0 && LEXICON.phrases("filing_first").within(words) {
        return Some(Field::FilingDeadline);
    }
    [Field::CourtDate, Field::LockoutDate, Field::FilingDeadline, Field::OtherDeadline].into_iter().find(says)
}

/// The bit of the words of a day to file by, among [`CUES`].
const FILING: u64 = 1 << 1;

fn kind_in(text: &str) -> Option<Field> {
    let cues = LEXICON.hot.cues.within(text);
    if cues == 0 {
        return None;
    }
    let folded = fold(text);
    kind_of(cues, &words(&folded))
}

/// The parts of a text, one for each date whose own words say what it is of; the whole text where there are no two. Of
/// what the first date is may be told already (`is_told`), by the label before it.
pub(crate) fn parts<'a>(text: &'a str, is_told: bool, context: &Context) -> Vec<&'a str> {
    if text.bytes().filter(u8::is_ascii_digit).count() < 2 {
        return vec![text];
    }
    let starts = date::starts(text, context);
    let before = starts.first().and_then(|first| text.get(..*first));
    let leads = is_told || before.is_some_and(|before| kind_in(before).is_some());
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, start) in starts.iter().enumerate().skip(1).take(MOST) {
        let end = starts.get(at + 1).copied().unwrap_or(text.len());
        let last = starts.get(at - 1).copied().unwrap_or_default();
        let cut = if leads {
            text.get(last..*start).and_then(nearest_cue).map(|cue| last + cue)
        } else {
            text.get(*start..end).and_then(kind_in).map(|_| *start)
        };
        if let Some(cut) = cut {
            parts.extend(text.get(from..cut));
            from = cut;
        }
    }
    parts.extend(text.get(from..));
    parts.into_iter().map(trimmed).collect()
}

/// Where the last words begin that say what a date is of.
fn nearest_cue(between: &str) -> Option<usize> {
    let gaps = between.rmatch_indices(char::is_whitespace).map(|(at, gap)| at + gap.len());
    gaps.take(12).find(|at| between.get(*at..).is_some_and(|tail| kind_in(tail).is_some()))
}

fn trimmed(part: &str) -> &str {
    part.trim().trim_end_matches([',', ';', '-', '–', '•', '*', '/', '|']).trim_end()
}

/// Judges the value of a deadline: its first date is the field's own, those behind it are what their words say.
pub(super) fn judged(field: Field, value: &str, context: &Context) -> Verdict {
    let parts = parts(value, field != Field::OtherDeadline, context);
    let mut verdict = date::judged(parts.first().copied().unwrap_or(value), context, Style::Deadline);
    for part in parts.into_iter().skip(1) {
        let Some(kind) = kind_in(part).filter(|kind| *kind != field) else { continue };
        let other = date::judged(part, context, Style::Deadline);
        if matches!(other.judged, Judged::Date { .. }) {
            verdict.also.push((kind, clean(part, LONGEST), other.judged));
            verdict.problem = verdict.problem.or(other.problem);
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::form::tests::context;

    #[test]
    fn each_date_goes_with_its_own_words() {
        for (text, wanted) in [
            (
                "hearing on Dec 3 at 9 and her answer is due November 28",
                &["hearing on Dec 3 at 9 and her", "answer is due November 28"][..],
            ),
            ("Answer due 9/21 Hearing 10/2 at 9:30 am", &["Answer due 9/21", "Hearing 10/2 at 9:30 am"]),
            ("9/21 answer due, 10/2/2026 hearing", &["9/21 answer due", "10/2/2026 hearing"]),
            ("Court 10/2, 10/9", &["Court 10/2, 10/9"]),
            ("hearing on December 3, 2026 in room 4", &["hearing on December 3, 2026 in room 4"]),
            (
                "audiencia el 3 de diciembre de 2026, desalojo el 4 de enero",
                &["audiencia el 3 de diciembre de 2026", "desalojo el 4 de enero"],
            ),
            ("nothing", &["nothing"]),
        ] {
            assert_eq!(parts(text, false, &context()), wanted);
        }
    }

    #[test]
    fn a_court_date_is_the_first_whatever_is_told_behind_it() {
        let verdict = judged(Field::CourtDate, "10/22/2026 9am. Answer due 9/21/2026", &context());
        assert!(matches!(verdict.judged, Judged::Date { date, .. } if date.to_string() == "2026-10-22"));
        let [(Field::FilingDeadline, words, Judged::Date { date, time: None, .. })] = verdict.also.as_slice()
        else {
            panic!("no second date")
        };
        assert_eq!((words.as_str(), date.to_string().as_str()), ("Answer due 9/21/2026", "2026-09-21"));
    }
}
