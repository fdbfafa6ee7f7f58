//! What is nearly a confirmation: it is neither taken for one nor kept as if it were only words.

use super::rest::confirmation;
use super::{IS_CONFIRMED, verb_and_rest};
use crate::referral::event::Confirmation;

/// Lines that would have worked where the first line says "confirmed" and then something that is no part of one:
/// whoever wrote it thinks that it is settled, and a note would settle nothing. No values are proposed: a tap must not
/// settle what nobody said.
#[must_use]
pub fn instead_of_prose(text: &str) -> Option<Vec<String>> {
    let (verb, rest) = verb_and_rest(first_line(text)?);
    (IS_CONFIRMED.contains(&verb.as_str()) && !rest.is_empty()).then(|| vec!["confirmed".to_owned()])
}

/// The parts of a confirmation in a first line that does not say "confirmed": it answers what we asked for, and settles
/// nothing where the person was not reached before.
#[must_use]
pub fn parts_alone(text: &str) -> Option<Confirmation> {
    let line = first_line(text)?;
    let parts = confirmation(line);
    let named = line.split([',', ';']).all(|part| confirmation(part) != Confirmation::default());
    named.then_some(parts)
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
        let with = parts_alone("Method call, language English, safe times evenings").unwrap();
        assert_eq!((with.method, with.safe_times.as_deref()), (Some(Channel::Call), Some("evenings")));
        assert!(parts_alone("próximo paso cita; plazo ninguno").is_some_and(|with| with.next_step.is_some()));
        for text in
            ["Language line was busy, I try again", "Method?", "she is well, thank you", "language …", ""]
        {
            assert!(parts_alone(text).is_none(), "{text}");
        }
    }
}
