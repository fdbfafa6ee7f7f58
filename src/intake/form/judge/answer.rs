//! Yes, no, and which channels: as people write them. Anything but a clear answer is unclear, and unclear is not safe.

use super::ticks::{self, Mark};
use super::{Asked, Verdict, says, terms, until};
use crate::intake::form::Context;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Field, Judged};

/// A yes/no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// A clear yes.
    Yes,
    /// A clear no.
    No,
    /// Anything else.
    Unclear,
}

const UNCLEAR: &str = "not a clear yes or no";

/// Reads a yes or a no. A yes with any condition, doubt or unknown word in it is no yes (RELIABILITY M26).
pub(super) fn answer(value: &str) -> Answer {
    if let Some(marked) = marked_options(value) {
        return marked;
    }
    if value.contains(['?', '¿']) {
        return Answer::Unclear;
    }
    let folded = fold(value);
    if LEXICON.phrases("no").is(&folded) {
        return Answer::No;
    }
    let words = words(&folded);
    if LEXICON.phrases("yes").is(&folded) {
        return Answer::Yes;
    }
    if says("limits", &folded) {
        let refuses = LEXICON.phrases("no").starts(&words) > 0 && !is_no_worry(&words);
        return if refuses { Answer::No } else { Answer::Unclear };
    }
    if LEXICON.phrases("yes").within(&words) && is_nothing_else(&words) {
        return Answer::Yes;
    }
    Answer::Unclear
}

/// Whether every word belongs to a yes or to a phrase that adds nothing to it: "over the phone" is one, "over" is none.
fn is_nothing_else(mut words: &[&str]) -> bool {
    while !words.is_empty() {
        let size = ["yes", "harmless"].map(|list| LEXICON.phrases(list).starts(words)).into_iter().max();
        match size.filter(|size| *size > 0).and_then(|size| words.get(size..)) {
            Some(rest) => words = rest,
            None => return false,
        }
    }
    true
}

/// Whether an answer refuses, whatever is said behind the no.
pub(crate) fn opens_with_no(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    let refuses = LEXICON.phrases("no").starts(&words) > 0 && !is_no_worry(&words);
    refuses || answer(value) == Answer::No
}

/// Whether an answer agrees, whatever is said behind the yes.
pub(crate) fn opens_with_yes(value: &str) -> bool {
    LEXICON.phrases("yes").starts(&words(&fold(value))) > 0 || answer(value) == Answer::Yes
}

/// Whether an answer is a yes and nothing else, or the ticked one of a yes and a no that are printed.
pub(crate) fn only_agrees(value: &str) -> bool {
    let is_printed =
        |word: &&str| *word == "x" || ["yes", "no"].into_iter().any(|list| LEXICON.phrases(list).is(word));
    answer(value) == Answer::Yes && words(&fold(value)).iter().all(is_printed)
}

/// Whether a value answers yes or no rather than saying something.
pub(crate) fn is_answer(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    let opens = LEXICON.phrases("yes").starts(&words) > 0 || LEXICON.phrases("no").starts(&words) > 0;
    opens
        && words.first().is_some_and(|first| first.len() <= 3)
        && !value.contains(|c: char| c.is_ascii_digit())
}

/// "No problem", "no concerns": not a refusal, and not a yes either.
fn is_no_worry(words: &[&str]) -> bool {
    words.get(1).is_some_and(|word| {
        matches!(
            *word,
            "problem"
                | "problems"
                | "problema"
                | "concern"
                | "concerns"
                | "issue"
                | "issues"
                | "preference"
                | "hay"
                | "worries"
        )
    })
}

/// `☑ Yes ☐ No`, `[x] Yes [ ] No`, `Yes (X) No ( )`, `X Yes __ No`: the marked one; `None` when nothing is marked that
/// way.
fn marked_options(value: &str) -> Option<Answer> {
    let options = ticks::options(value)?;
    if options.is_empty() {
        // A lone tick is a yes; where two signs stand around words nobody knows which is whose.
        return Some(if ticks::is_lone_tick(value) { Answer::Yes } else { Answer::Unclear });
    }
    let has = |wanted: Mark| options.iter().any(|(mark, _)| *mark == wanted);
    let is_open = options.last().is_some_and(|(mark, words)| *mark != Mark::Ticked && !is_printed(words));
    let mut chosen = options.iter().filter(|(mark, _)| *mark == Mark::Ticked).map(|(_, words)| words);
    match (chosen.next(), chosen.next()) {
        (Some(one), None) if !has(Mark::Crossed) && !is_open => {
            Some(if one.is_empty() { Answer::Yes } else { answer(one) })
        }
        _ => Some(Answer::Unclear),
    }
}

/// The words a form prints beside a box, "No, not safe": behind the last one somebody may have written more, as in "No
/// - not until he is out".
fn is_printed(words: &str) -> bool {
    let folded = fold(words);
    let mut rest = self::words(&folded).into_iter();
    let is = |lists: &[&str], word: &str| lists.iter().any(|list| LEXICON.phrases(list).is(word));
    rest.all(|word| is(&["yes", "no", "harmless", "glue", "negative", "beside_boxes"], word))
}

/// Nobody can say; a person must ask.
pub(super) fn unclear(problem: String) -> Verdict {
    Verdict {
        problem: Some(problem),
        confidence: Confidence::Medium,
        ..Verdict::of(Judged::Unclear(UNCLEAR.to_owned()))
    }
}

/// Judges a consent field.
pub(super) fn consent(field: Field, value: &str, context: &Context) -> Verdict {
    let what =
        if field == Field::Consent { "consent to share information" } else { "consent to be contacted" };
    if let Some(verdict) = until::judged(value, what, context) {
        return verdict;
    }
    let limited = |scope| vec![(Field::ConsentScope, value.to_owned(), Judged::Scope(scope))];
    let said = if says("other_agreements", &fold(value)) { Answer::Unclear } else { answer(value) };
    match said {
        Answer::Yes => Verdict { also: terms::beside(value), ..Verdict::of(Judged::Yes) },
        Answer::No => Verdict::of(Judged::No),
        Answer::Unclear if is_agreement(value) => Verdict::of(Judged::Yes),
        Answer::Unclear if let Some(scope) = terms::limited_yes(field, value) => {
            Verdict { also: limited(scope), ..Verdict::of(Judged::Yes) }
        }
        Answer::Unclear => unclear(format!("The answer about {what} is not a clear yes or no; please ask.")),
    }
}

/// The sentence of a ticked box: "I agree that my information is shared with …", without any limit in it.
pub(super) fn is_agreement(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    let opens = matches!(
        words.as_slice(),
        ["i", "agree" | "consent" | "authorize" | "authorise", ..]
            | ["yes", "i", "agree" | "consent" | "authorize" | "authorise", ..]
            | ["acepto" | "autorizo", ..]
            | ["doy", "mi", "consentimiento", ..]
            | ["estoy", "de", "acuerdo", ..]
            | ["si", "acepto" | "autorizo", ..]
            | ["client" | "cliente", "consents" | "agrees" | "consiente" | "acepta" | "autoriza", ..]
    );
    // Whoever agrees with a privacy policy lets nobody share anything.
    opens
        && !ticks::has_empty_box(value)
        && !says("limits", &folded)
        && !says("other_agreements", &folded)
        && !value.contains('?')
}

/// Judges a question about one channel.
pub(super) fn safe(asked: Asked, value: &str) -> Verdict {
    let either = LEXICON.phrases("either").is(&fold(value));
    let said = if either { Answer::Yes } else { answer(value) };
    match (said, asked.reversed) {
        (Answer::Yes, false) => Verdict::of(Judged::Yes),
        (Answer::No, false) | (Answer::Yes, true) => Verdict::of(Judged::No),
        (Answer::No | Answer::Unclear, true) => unclear(
            "A field says what is not safe, and its answer is unclear; please ask what is safe.".to_owned(),
        ),
        (Answer::Unclear, false) => {
            unclear(format!("The answer to {} is not a clear yes or no; please ask.", asked.field.key()))
        }
    }
}

/// Judges a question of which a doubt does no harm.
pub(super) fn plain(value: &str) -> Verdict {
    Verdict::of(match answer(value) {
        Answer::Yes => Judged::Yes,
        Answer::No => Judged::No,
        Answer::Unclear => Judged::Unclear(UNCLEAR.to_owned()),
    })
}

/// Judges the question for an interpreter; "Yes, Spanish" names the language too.
pub(super) fn interpreter(value: &str) -> Verdict {
    let tongue = super::tongue_of(value);
    let folded = fold(value);
    let judged = match answer(value) {
        Answer::Yes => Judged::Yes,
        Answer::No => Judged::No,
        Answer::Unclear if tongue.is_some() && !says("limits", &folded) => Judged::Yes,
        Answer::Unclear if LEXICON.phrases("yes").starts(&words(&folded)) > 0 => Judged::Yes,
        Answer::Unclear => Judged::Unclear(UNCLEAR.to_owned()),
    };
    let also = match tongue {
        Some((tag, _)) if judged == Judged::Yes && tag != "en" => {
            vec![(Field::Language, value.to_owned(), Judged::Language(tag))]
        }
        _ => Vec::new(),
    };
    Verdict { also, ..Verdict::of(judged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_a_yes() {
        for yes in [
            "Yes",
            "y",
            "Sí",
            "YES!",
            "yes, please",
            "Yes - safe to leave voicemail",
            "Yes, client has signed the release",
            "Yes, informed consent given",
            "ok",
            "true",
            "Checked",
            "☑ Yes ☐ No",
            "[x] Yes [ ] No",
            "Sí, por favor",
            "Yes, client consents",
            "yes, verbal consent over the phone",
            "Yes, client informed",
            "yes, signed release on file",
            "sí, con gusto",
            "sí, claro",
        ] {
            assert_eq!(answer(yes), Answer::Yes, "{yes}");
        }
        for no in [
            "No",
            "n",
            "no - please don't leave details",
            "NO!!",
            "No.",
            "nunca",
            "not safe",
            "☐ Yes ☑ No",
            "No, gracias",
            "Never",
            "do not",
            "Not yet",
            "No, solo texto",
        ] {
            assert_eq!(answer(no), Answer::No, "{no}");
        }
        for unclear in [
            "yes, but only after 5pm",
            "sí, pero solo por la tarde",
            "maybe",
            "ask first",
            "Yes?",
            "yes unless he is home",
            "email is fine but only Tuesdays",
            "☑ Yes ☑ No",
            "Yes/No",
            "",
            "yes no",
            "no problem",
            "yes, he is informed",
            "yes, over his phone",
            "yes, release over",
            "yes, he is with her",
            "yes, he is in",
            "yes, he has the phone",
            "yes, her husband informed",
            "sí, está con él",
            "N/A",
            "pending",
        ] {
            assert_eq!(answer(unclear), Answer::Unclear, "{unclear}");
        }
    }

    #[test]
    fn of_boxes_the_ticked_one_is_the_answer_whatever_they_are_drawn_with() {
        for (value, said) in [
            ("X Yes __ No", Answer::Yes),
            ("__ No X Yes", Answer::Yes),
            ("Yes X No __", Answer::Yes),
            ("Yes: _X_ No: ___", Answer::Yes),
            ("_x_Yes ___No", Answer::Yes),
            ("Yes (X) No ( )", Answer::Yes),
            ("Yes ☑ No ☐", Answer::Yes),
            ("✔ Yes __ No __ Not sure", Answer::Yes),
            ("☑ Yes, safe ☐ No, not safe", Answer::Yes),
            ("☑", Answer::Yes),
            ("__ Yes X No", Answer::No),
            ("Yes __ No X", Answer::No),
            ("Yes ___ No _X_", Answer::No),
            ("( ) Yes (x) No", Answer::No),
            ("Yes ☐ No ✔", Answer::No),
            ("Yes X No", Answer::Unclear),
            ("X Yes X No __", Answer::Unclear),
            ("__ Yes __ No", Answer::Unclear),
            ("☑ Yes ☒ No", Answer::Unclear),
            ("☐", Answer::Unclear),
            ("☑ Yes ☐ No - not until he is out", Answer::Unclear),
            ("X Yes __ No, only mornings", Answer::Unclear),
            ("X Yes, but only mornings __ No", Answer::Unclear),
            ("__ Yes __ No X Ask first", Answer::Unclear),
        ] {
            assert_eq!(answer(value), said, "{value}");
        }
    }
}
