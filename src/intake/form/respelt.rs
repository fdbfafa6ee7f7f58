//! What is taken from a place that spells the name of a person otherwise than another: it may be their sister's.

use super::doubt::{OTHERWISE, less, question};
use super::merge::say;
use crate::referral::packet::{Field, Found, Packet};
use crate::referral::safety::is_guarded;

/// Said of each such person.
const SPELLINGS: &str = "Two spellings of a name with one phone or address were taken for one person; nothing of the second counts as \
                         consent or as safe, nor is another way to reach them taken from it; please ask.";

/// What such a place says beside the name, the ways to reach somebody, and consent and safety. Of these only what speaks
/// against something counts, at once; where nothing else is known, the answer becomes a question.
pub(super) fn unvouched(known: &mut Packet, respelt: &Packet, problems: &mut Vec<String>) -> Packet {
    say(problems, SPELLINGS.to_owned());
    let mut rest = respelt.emptied();
    for (field, found) in respelt.iter() {
        if is_guarded(field) {
            let before = known.get(field).cloned();
            if let Some(judged) = less(field, before.as_ref(), found) {
                if before.is_some() {
                    say(problems, OTHERWISE.to_owned());
                }
                known.put(field, Found { judged, ..before.unwrap_or_else(|| found.clone()) });
            } else if before.is_none() {
                known.put(field, found.clone());
                question(known, field, "it is said with another spelling of the name");
            }
        } else if !is_way(field) {
            rest.put(field, found.clone());
        }
    }
    rest
}

/// The name, or a way to reach somebody.
const fn is_way(field: Field) -> bool {
    matches!(
        field,
        Field::ClientName
            | Field::ClientPhone
            | Field::ClientPhoneOther
            | Field::ClientEmail
            | Field::ClientAddress
    )
}
