//! What is nearly a command or a confirmation: it is neither taken for one nor kept as if it were only words.

use super::rest::confirmation;
use super::{IS_CONFIRMED, Line, line_of, verb_and_rest};
use crate::referral::command::Command;
use crate::referral::contact::Confirmation;
use crate::referral::contact::NextStep;
use crate::referral::reason::Reasons;

/// A note has so many letters at most.
const LONGEST_NOTE: usize = 4_000;
/// A part without a mark that stands in a line of its own has so many words at most: `safe times evenings`.
const SHORT: usize = 3;

/// So long is a word that is nearly a verb.
const VERB: std::ops::Range<usize> = 4..16;

/// A short line whose first word is nearly a verb was meant as one.
pub(super) fn nearest(verb: &str, rest: &str, reasons: &Reasons) -> Line {
    const VERBS: [&str; 24] = [
        "attempt",
        "confirmed",
        "accept",
        "decline",
        "redirect",
        "conflict",
        "assign",
        "bounce",
        "close",
        "reopen",
        "resume",
        "status",
        "history",
        "details",
        "raise",
        "intento",
        "confirmado",
        "rechazar",
        "redirigir",
        "cerrar",
        "reabrir",
        "devolver",
        "asignar",
        "historial",
    ];
    let near = |known: &&&str| VERB.contains(&verb.len()) && strsim::osa_distance(verb, known) <= 2;
    match VERBS.iter().find(near) {
        Some(known) if rest.split_whitespace().count() <= 4 => {
            // What is proposed must work: a verb with a wrong rest is answered with that verb's own examples.
            let mended = format!("{known} {rest}").trim().to_owned();
            if *known == verb {
                return Line::Unclear(vec![verb.to_owned()]);
            }
            match line_of(&mended, reasons) {
                Line::Unclear(examples) => Line::Unclear(examples),
                Line::Command(_) | Line::Prose => Line::Unclear(vec![mended]),
            }
        }
        Some(_) | None => Line::Prose,
    }
}

/// Lines that would have worked where the first line says "confirmed" and then something that is no part of one:
/// whoever wrote it thinks that it is settled, and a note would settle nothing. No values are proposed: a tap must not
/// settle what nobody said.
#[must_use]
pub fn instead_of_prose(text: &str) -> Option<Vec<String>> {
    let (verb, rest) = verb_and_rest(first_line(text)?);
    (IS_CONFIRMED.contains(&verb.as_str()) && !rest.is_empty()).then(|| vec!["confirmed".to_owned()])
}

/// The parts of a confirmation in first lines that do not say "confirmed": they answer what we asked for, and settle
/// nothing where the person was not reached before. All of it is a note too: nothing that somebody wrote is lost, whatever
/// it was taken for.
#[must_use]
pub fn parts_alone(text: &str) -> Option<Vec<Command>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.map(|line| line.trim_end_matches([',', ';', '.']));
    let parts: Vec<&str> = lines.take_while(|line| has_parts_only(line)).collect();
    let parts = parts.join(", ");
    let is_meant = is_marked(&parts) || parts.split([',', ';']).count() > 1;
    let parts = is_meant.then(|| Command::Confirmed(confirmation(&parts)))?;
    Some(vec![parts, note_of(text.trim())])
}

/// A line of nothing but parts: several, or one with a mark behind its word, or a very short one, which counts beside
/// others only. "Language line was busy" begins like a part, and is how people write.
fn has_parts_only(line: &str) -> bool {
    let parts: Vec<&str> = line.split([',', ';']).map(str::trim).collect();
    let is_part = |part: &&str| {
        let read = confirmation(part);
        let is_any_step = read.next_step == Some(NextStep::Other) && !is_marked(part);
        read != Confirmation::default() && !is_any_step
    };
    let is_short = line.split_whitespace().count() <= SHORT;
    parts.iter().all(is_part) && (parts.len() > 1 || is_short || is_marked(line))
}

/// A mark stands right behind its word or two: that of a time of day is none.
fn is_marked(part: &str) -> bool {
    part.split_once([':', '=']).is_some_and(|(word, _)| word.split_whitespace().count() <= 2)
}

/// Plain words as a note for the record, as many as it keeps.
#[must_use]
pub fn note_of(text: &str) -> Command {
    Command::Note { text: text.chars().take(LONGEST_NOTE).collect() }
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::contact::Channel;

    #[test]
    fn prose_that_says_confirmed_is_asked_about_and_parts_alone_are_parts() {
        assert!(instead_of_prose("Confirmed call English mornings appointment court 9am").is_some());
        assert!(instead_of_prose("\nConfirmado con ella por telefono ayer en la tarde").is_some());
        for text in ["I confirmed it with her", "Thanks", ""] {
            assert!(instead_of_prose(text).is_none(), "{text}");
        }
        let parts = |text: &str| match parts_alone(text).as_deref() {
            Some([Command::Confirmed(with), Command::Note { text: kept }]) if kept == text.trim() => {
                with.clone()
            }
            other => panic!("{text}: {other:?}"),
        };
        let with = parts("Method call, language English, safe times evenings");
        assert_eq!((with.method, with.safe_times.as_deref()), (Some(Channel::Call), Some("evenings")));
        assert!(parts("próximo paso cita; plazo ninguno").next_step.is_some());
        let with = parts("Method call,\nlanguage English.\n\n safe times evenings;");
        assert_eq!((with.method, with.safe_times.as_deref()), (Some(Channel::Call), Some("evenings")));
        let with = parts("Method: call,\r\nlanguage = English.\n\n safe times: evenings;");
        assert_eq!((with.method, with.language.as_deref()), (Some(Channel::Call), Some("English")));
        assert_eq!(with.safe_times.as_deref(), Some("evenings"));
        let with = parts("method: call\nShe asks for a ramp.\n\nlanguage: English");
        assert_eq!((with.method, &with.language), (Some(Channel::Call), &None));
        for text in [
            "Language line was busy, I try again",
            "Language line was busy",
            "Language busy",
            "Times before 9:30 are hard for her",
            "Next time call only her work number.",
            "Next time call her work number, language line was busy",
            "Deadlines: moved to Friday",
            "Method?",
            "she is well, thank you",
            "language …",
            "",
        ] {
            assert!(parts_alone(text).is_none(), "{text}");
        }
    }
}
