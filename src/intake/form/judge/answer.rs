//! Yes, no, and which channels: as people write them. Anything but a clear answer is unclear, and unclear is not safe.

use super::options::{Chosen, chosen};
use super::ticks;
use super::{Verdict, says};
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;
use crate::referral::packet::{Confidence, Judged};

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

pub(super) const UNCLEAR: &str = "not a clear yes or no";

/// Reads a yes or a no. A yes with any condition, doubt or unknown word in it is no yes (RELIABILITY M26).
pub(super) fn answer(value: &str) -> Answer {
    answer_beside(value, "harmless")
}

/// The same of an answer to whether a way is safe, where fewer words add nothing: "yes, it is shared".
pub(super) fn safety(value: &str) -> Answer {
    answer_beside(value, "harmless_safe")
}

/// The same with the list of what may be said beside a yes.
pub(super) fn answer_beside(value: &str, harmless: &str) -> Answer {
    match chosen(value) {
        Some(Chosen::Tick) => return Answer::Yes,
        Some(Chosen::Option(words)) => return answer_beside(&words, harmless),
        Some(Chosen::Unclear) => return Answer::Unclear,
        None => {}
    }
    if value.contains(['?', '¿', '？']) {
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
    if says_yes(&words) && is_nothing_else(&words, harmless) && !says_whose(&words) {
        return Answer::Yes;
    }
    Answer::Unclear
}

/// Whether a yes is among words. A box that was ticked sends "on", and nothing with it: "on her phone" says no yes.
fn says_yes(words: &[&str]) -> bool {
    let yes = LEXICON.phrases("yes");
    (0..words.len())
        .filter_map(|at| words.get(at..))
        .any(|rest| yes.starts(rest) > 0 && rest.first() != Some(&"on"))
}

/// "Ok, this email is his", "es de él": it says whose something is. Only somebody else is "de el", the client is "del".
fn says_whose(words: &[&str]) -> bool {
    let is_his = |at: usize| match words.get(at..).unwrap_or_default() {
        ["is" | "its" | "was" | "are", "his", ..] => true,
        ["de" | "a", "el", rest @ ..] => rest.first() != Some(&"cliente"),
        _ => false,
    };
    (0..words.len()).any(is_his)
}

/// Whether every word belongs to a yes or to a phrase that adds nothing to it: "over the phone" is one, "over" is none.
fn is_nothing_else(mut words: &[&str], harmless: &str) -> bool {
    while !words.is_empty() {
        let size = ["yes", harmless].map(|list| LEXICON.phrases(list).starts(words)).into_iter().max();
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

/// Nobody can say; a person must ask.
pub(super) fn unclear(problem: String) -> Verdict {
    Verdict {
        problem: Some(problem),
        confidence: Confidence::Medium,
        ..Verdict::of(Judged::Unclear(UNCLEAR.to_owned()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::Field;

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
    }

    #[test]
    fn what_is_no_clear_answer_is_a_question() {
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
            "ok this email is his",
            "fine, is his",
            "yes, it is his",
            "sí, este correo es de él",
            "on her phone",
            "on this number",
            "on file",
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
    fn an_answer_about_a_safe_way_says_nothing_of_whose_it_is_or_who_else_has_it() {
        for value in [
            "ok, email is shared",
            "yes, it is shared",
            "yes, shared email",
            "yes, shared",
            "yes, sharing email",
            "yes, their email",
            "yes, our email",
            "yes, my email",
            "yes, his and her email",
            "yes, email his",
            "yes, his",
            "yes it was",
            "ok, email me",
            "yes, email me",
            "yes, to my email",
            "yes, email them",
            "yes, email him",
            "yes, with him",
            "yes, he has email",
            "yes, they may email",
            "☑ Yes, shared ☐ No",
            "X Yes, shared __ No",
            "sí, de él",
            "sí, mi correo",
            "sí, su correo",
            "sí, compartir correo",
        ] {
            assert_ne!(safety(value), Answer::Yes, "{value}");
        }
        for value in [
            "yes",
            "Yes, please",
            "OK",
            "Yes - any time",
            "yes, anytime",
            "yes, email is fine",
            "Yes, ok to email",
            "Yes, email her",
            "yes, safe to email the client",
            "yes, client confirmed",
            "Yes, verbal consent over the phone",
            "Yes, client has signed the release",
            "☑ Yes ☐ No",
            "[x] Yes [ ] No",
            "yes, safe to leave a detailed message",
            "Yes, you may leave a voicemail",
            "sí, por favor",
            "sí, el correo es seguro",
            "sí, puede dejar un mensaje de voz",
        ] {
            assert_eq!(safety(value), Answer::Yes, "{value}");
        }
    }

    #[test]
    fn a_yes_about_a_safe_way_is_never_made_of_more_words_than_any_other() {
        let phrases = LEXICON.phrases("harmless_safe").by_first.iter();
        let values = phrases.flat_map(|(first, rests)| {
            rests.iter().map(move |rest| [&[String::from("yes"), first.clone()], &**rest].concat().join(" "))
        });
        let others: Vec<_> = values.filter(|value| answer(value) != Answer::Yes).collect();
        assert!(others.is_empty(), "{others:#?}");
    }

    #[test]
    fn of_drawn_boxes_the_ticked_one_is_the_answer_and_a_tick_without_words_is_none() {
        for (value, said) in [
            ("X Yes __ No", Answer::Yes),
            ("_X_ Yes ___ No", Answer::Yes),
            ("__ No _x_ Yes", Answer::Yes),
            ("__ Yes _X_ No", Answer::No),
            ("__ Yes X No", Answer::No),
            ("( ) Yes (x) No", Answer::No),
            ("(x) Yes ( ) No", Answer::Yes),
            ("[x]", Answer::Yes),
            ("☑", Answer::Yes),
            ("[ ] Yes [ ] No [x]", Answer::Unclear),
            ("( ) Yes ( ) No (x)", Answer::Unclear),
            ("Yes __ No __ X", Answer::Unclear),
            ("Yes _X_ No", Answer::Unclear),
            ("Yes X No __", Answer::Unclear),
            ("__ Yes X No __", Answer::Unclear),
            ("__ Yes __ No X", Answer::Unclear),
            ("X Yes X No __ Ask", Answer::Unclear),
            ("X Yes, but only mornings __ No", Answer::Unclear),
            ("X Yes __ No, only mornings", Answer::Unclear),
            ("X Yes __ No __ Not while he is in", Answer::Unclear),
            ("__ Yes __ No", Answer::Unclear),
        ] {
            assert_eq!(answer(value), said, "{value}");
        }
    }

    #[test]
    fn the_first_box_of_an_answer_is_no_mark_of_its_label() {
        for (line, said) in [
            ("Safe to call: __ Yes _X_ No", Judged::No),
            ("Safe to call: X Yes __ No", Judged::Yes),
            ("__Safe to call:__ Yes", Judged::Yes),
            ("Safe to call: __ Yes X No __", Judged::Unclear(UNCLEAR.to_owned())),
        ] {
            let text = format!("Client name: Ana Vega\n{line}\n");
            let source = crate::intake::form::Source { text: &text, ..Default::default() };
            let harvest = crate::intake::form::read(source, &crate::intake::form::tests::context());
            assert_eq!(harvest.packets[0].get(Field::SafeCall).unwrap().judged, said, "{line}");
        }
    }
}
