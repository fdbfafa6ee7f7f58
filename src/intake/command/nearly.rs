//! What is nearly a confirmation: it is neither taken for one nor kept as if it were only words.

use super::rest::confirmation;
use super::{IS_CONFIRMED, verb_and_rest};
use crate::referral::event::{Command, Confirmation};

/// A note has so many letters at most.
const LONGEST_NOTE: usize = 4_000;

/// Lines that would have worked where the first line says "confirmed" and then something that is no part of one:
/// whoever wrote it thinks that it is settled, and a note would settle nothing. No values are proposed: a tap must not
/// settle what nobody said.
#[must_use]
pub fn instead_of_prose(text: &str) -> Option<Vec<String>> {
    let (verb, rest) = verb_and_rest(first_line(text)?);
    (IS_CONFIRMED.contains(&verb.as_str()) && !rest.is_empty()).then(|| vec!["confirmed".to_owned()])
}

/// The parts of a confirmation in first lines that do not say "confirmed": they answer what we asked for, and settle
/// nothing where the person was not reached before. What follows them is a note: nothing that somebody wrote is lost.
#[must_use]
pub fn parts_alone(text: &str) -> Option<Vec<Command>> {
    let (mut parts, mut below) = (Vec::new(), text.trim());
    while let Some(line) = first_line(below).map(|line| line.trim_end_matches([',', ';', '.'])) {
        if !line.split([',', ';']).all(|part| confirmation(part) != Confirmation::default()) {
            break;
        }
        parts.push(line);
        below = below.split_once('\n').map_or("", |(_, below)| below.trim_start());
    }
    let note = (!below.is_empty()).then(|| note_of(below));
    let parts = (!parts.is_empty()).then(|| Command::Confirmed(confirmation(&parts.join(", "))))?;
    Some(std::iter::once(parts).chain(note).collect())
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
    use crate::referral::record::Channel;

    #[test]
    fn prose_that_says_confirmed_is_asked_about_and_parts_alone_are_parts() {
        assert!(instead_of_prose("Confirmed call English mornings appointment court 9am").is_some());
        assert!(instead_of_prose("\nConfirmado con ella por telefono ayer en la tarde").is_some());
        for text in ["I confirmed it with her", "Thanks", ""] {
            assert!(instead_of_prose(text).is_none(), "{text}");
        }
        let parts = |text: &str| match parts_alone(text).as_deref() {
            Some([Command::Confirmed(with)]) => with.clone(),
            other => panic!("{text}: {other:?}"),
        };
        let with = parts("Method call, language English, safe times evenings");
        assert_eq!((with.method, with.safe_times.as_deref()), (Some(Channel::Call), Some("evenings")));
        assert!(parts("próximo paso cita; plazo ninguno").next_step.is_some());
        let with = parts("Method call,\r\nlanguage English.\n\n safe times evenings;");
        assert_eq!((with.method, with.language.as_deref()), (Some(Channel::Call), Some("English")));
        assert_eq!(with.safe_times.as_deref(), Some("evenings"));
        match parts_alone("method call\nShe asks for a ramp.\n\nlanguage English").as_deref() {
            Some([Command::Confirmed(with), Command::Note { text }]) => {
                assert_eq!((with.method, &with.language), (Some(Channel::Call), &None));
                assert_eq!(text, "She asks for a ramp.\n\nlanguage English");
            }
            other => panic!("{other:?}"),
        }
        for text in
            ["Language line was busy, I try again", "Method?", "she is well, thank you", "language …", ""]
        {
            assert!(parts_alone(text).is_none(), "{text}");
        }
    }
}
