//! The answers to what a form asks about consent, about one channel, and about an interpreter.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::answer::{Answer, UNCLEAR, answer, is_agreement, safety, unclear};
use super::ways::{names_another_way, names_another_way_than};
use super::{Asked, Verdict, given, says, terms, until};
use crate::intake::form::Context;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::packet::{Field, Judged};

/// Judges a consent field.
pub(super) fn consent(field: Field, value: &str, context: &Context) -> Verdict {
    let value = given::undated(value, context);
    let what =
        if field == Field::Consent { "consent to share information" } else { "consent to be contacted" };
    if let Some(verdict) = until::judged(value, what, context) {
        return verdict;
    }
    let limited = |scope| vec![(Field::ConsentScope, value.to_owned(), Judged::Scope(scope))];
    let is_of_another =
        says("other_agreements", &fold(value)) || names_another_way(channel::EMAIL, true, value);
    let said = if is_of_another { Answer::Unclear } else { answer(value) };
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

/// Whether an answer about an email is a yes as a whole: "Yes - only she has access".
fn is_whole_yes(value: &str) -> bool {
    let is_plain = value.len() <= LONGEST_WHOLE && !value.contains(['?', '¿', '/', '(', ':']);
    is_plain && WHOLE.contains(&*fold(value))
}

/// Whether what stands beside an address says no more than one of these: "(new account, only she has the password)".
pub(super) fn is_calm_beside(note: &str) -> bool {
    is_whole_yes(&format!("yes {note}"))
}

static WHOLE: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("whole_yes.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// The longest of them, in bytes as written.
const LONGEST_WHOLE: usize = 80;

/// Judges a question about one channel.
pub(super) fn safe(asked: Asked, value: &str) -> Verdict {
    if asked.field == Field::SafeEmail && !asked.reversed && is_whole_yes(value) {
        return Verdict::of(Judged::Yes);
    }
    let either = LEXICON.phrases("either").is(&fold(value));
    let said = match if either { Answer::Yes } else { safety(value) } {
        Answer::Yes if names_another_way_than(asked.field, value) => Answer::Unclear,
        said => said,
    };
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
    fn an_answer_that_says_who_alone_reads_an_email_is_a_yes_word_for_word() {
        let judged = |field, value: &str| {
            safe(Asked { field, channels: channel::EMAIL, reversed: false }, value).judged
        };
        for value in [
            "Yes - only she has access",
            "Yes, only she has access.",
            "Yes, new email account",
            "yes, she told me she reads it on her own phone",
            "Yes. Nobody else has access!",
            "Sí, solo ella tiene acceso",
            "yes, this is the best way",
            "Yes. New account, only she has the password",
        ] {
            assert_eq!(judged(Field::SafeEmail, value), Judged::Yes, "{value}");
            assert_ne!(judged(Field::SafeText, value), Judged::Yes, "{value}");
        }
        for value in [
            "Yes - only she has access?",
            "Yes - only she has access at work",
            "Yes, only he and she have access",
            "Yes, but only she has access",
            "only she has access",
            "No, only she has access",
            "Yes, new email account soon",
            "Yes, not a new email account",
            "yes, he told me she reads it on her own phone",
            "Yes, only he has access",
            "Yes - only he has the password",
            "Yes, only they have access",
            "yes, she told me she reads it on his phone",
            "Yes, only she has access / no",
            "yes, this is the best way?",
            "yes, this is the best way for him",
            "yes, new account, only he has the password",
        ] {
            assert_ne!(judged(Field::SafeEmail, value), Judged::Yes, "{value}");
        }
        let reversed = Asked { field: Field::SafeEmail, channels: channel::EMAIL, reversed: true };
        assert_ne!(safe(reversed, "Yes, new email account").judged, Judged::Yes);
    }
}
