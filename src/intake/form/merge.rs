//! Two values of one field: which of them is kept, and what a person is told.

use super::fold::{clean, fold, words};
use super::judge;
use crate::referral::packet::consent::By;
use crate::referral::packet::{Confidence, Field, Found, Judged, Packet, Safety};
use crate::referral::safety::is_guarded;

/// The longest value kept, in characters.
const LONGEST: usize = 2_000;
/// The longest story kept, in characters.
pub(super) const LONGEST_STORY: usize = 4_000;

/// How long a value of this field may be, in characters.
pub(super) const fn longest(field: Field) -> usize {
    if matches!(field, Field::Reason) { LONGEST_STORY } else { LONGEST }
}

/// Two values of one field: the safer wins, stories are joined, a second phone is another phone.
pub(super) fn merge(
    field: Field,
    before: Found,
    after: Found,
    packet: &mut Packet,
    problems: &mut Vec<String>,
) -> Found {
    if is_guarded(field) {
        return guarded(field, before, after, problems);
    }
    if field == Field::ClientPhone {
        if before.judged != after.judged && packet.get(Field::ClientPhoneOther).is_none() {
            let is_surer = after.confidence > before.confidence;
            let (first, other) = if is_surer { (after, before) } else { (before, after) };
            packet.put(Field::ClientPhoneOther, other);
            return first;
        }
        return before;
    }
    if is_list(field) {
        let both = format!("{}; {}", before.value, after.value);
        too_long(field, &both, problems);
        let value = clean(&both, longest(field));
        return Found { value, ..before };
    }
    if field == Field::ClientDob && after.judged == Judged::Text {
        return before;
    }
    if field == Field::ClientDob && before.judged == Judged::Text {
        return after;
    }
    if before.judged == after.judged && before.judged != Judged::Text {
        return before;
    }
    say(problems, format!("Two different values for {}; the first was kept.", field.key()));
    if field == Field::ClientEmail {
        // Which of the two a "safe to email" speaks of nobody can say.
        packet.unbelieve(Field::SafeEmail, "there are two addresses", &before.place);
    }
    Found { confidence: before.confidence.min(Confidence::Medium), ..before }
}

/// Says of a value that more was written than is kept.
pub(super) fn too_long(field: Field, written: &str, problems: &mut Vec<String>) {
    let limit = longest(field);
    if written.len() > limit && written.chars().count() > limit {
        say(
            problems,
            format!("The value of {} is very long; only its beginning is kept in the packet.", field.key()),
        );
    }
}

/// Fields of which a person may have several values.
fn is_list(field: Field) -> bool {
    matches!(
        field,
        Field::Reason
            | Field::SafetyNotes
            | Field::Documents
            | Field::Service
            | Field::OpposingParty
            | Field::BestTime
    )
}

/// Of two answers about consent or safety the safer one.
fn guarded(field: Field, before: Found, after: Found, problems: &mut Vec<String>) -> Found {
    if before.judged == Judged::By(By::Named) && before.judged == after.judged && before.value != after.value
    {
        disagree(problems, field);
        return Found { judged: Judged::By(By::SomebodyElse), ..before };
    }
    if field == Field::ConsentWith && before.judged == Judged::Text && before.judged == after.judged {
        return both_lists(before, &after, problems);
    }
    if before.judged == after.judged {
        return before;
    }
    if let (Judged::Scope(a), Judged::Scope(b)) = (&before.judged, &after.judged) {
        let value = clean(&format!("{}; {}", before.value, after.value), longest(field));
        return Found { value, judged: Judged::Scope(a.and(*b)), ..before };
    }
    let (Judged::Channels(a), Judged::Channels(b)) = (&before.judged, &after.judged) else {
        disagree(problems, field);
        let weaker = match (&before.judged, &after.judged) {
            (Judged::By(a), Judged::By(b)) => Some(b > a),
            (Judged::How(a), Judged::How(b)) => Some(b > a),
            _ => None,
        };
        if let Some(weaker) = weaker {
            return if weaker { after } else { before };
        }
        let rank = |found: &Found| match &found.judged {
            Judged::No => (0, None),
            Judged::Unclear(_) => (1, None),
            Judged::Channels(_) => (2, None),
            // Of two ends the earlier one is the safer.
            Judged::YesUntil { date, time } => (3, Some((*date, time.is_none(), *time))),
            // Names are fewer than everybody.
            Judged::Text => (4, None),
            Judged::Yes
            | Judged::Phone { .. }
            | Judged::Email { .. }
            | Judged::Date { .. }
            | Judged::Language(_)
            | Judged::Scope(_)
            | Judged::How(_)
            | Judged::By(_) => (5, None),
        };
        let safer = if rank(&after) < rank(&before) { after } else { before };
        return Found { confidence: safer.confidence.min(Confidence::Medium), ..safer };
    };
    let joined = judge::safer(*a, *b);
    let torn = |x: Safety, y: Safety| x != y && x != Safety::Unknown && y != Safety::Unknown;
    if torn(a.call, b.call)
        || torn(a.voicemail, b.voicemail)
        || torn(a.text, b.text)
        || torn(a.email, b.email)
        || torn(a.letter, b.letter)
    {
        disagree(problems, field);
    }
    let value = if says_all(&before.value, &after.value) {
        before.value
    } else {
        clean(&format!("{}; {}", before.value, after.value), longest(field))
    };
    Found {
        value,
        judged: Judged::Channels(joined),
        confidence: before.confidence.min(after.confidence),
        ..before
    }
}

/// Whether the words of the second text stand in the first, in a row: some forms send every answer twice. "Call, not
/// email" has the words of "Email, not call".
fn says_all(first: &str, second: &str) -> bool {
    let (first, second) = (fold(first), fold(second));
    let (first, second) = (words(&first), words(&second));
    second.is_empty() || first.windows(second.len()).any(|row| row == second)
}

/// Two lists of who may be told: whoever stands on one only may have been left out on purpose.
fn both_lists(before: Found, after: &Found, problems: &mut Vec<String>) -> Found {
    if before.value == after.value {
        return before;
    }
    disagree(problems, Field::ConsentWith);
    let value = clean(&format!("{}; {}", before.value, after.value), longest(Field::ConsentWith));
    Found { value, judged: Judged::Unclear("two different answers".to_owned()), ..before }
}

fn disagree(problems: &mut Vec<String>, field: Field) {
    let name = field.key();
    say(problems, format!("Two answers to {name} disagree; the safer one counts until somebody has asked."));
}

/// Says it once.
pub(crate) fn say(problems: &mut Vec<String>, problem: String) {
    if !problems.contains(&problem) {
        problems.push(problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_said_in_another_only_in_its_own_order() {
        for (first, second, is_said) in [
            ("Call, Email", "call", true),
            ("Call, Email", "call email", true),
            ("Call", "", true),
            ("Email, not call", "call, not email", false),
            ("Call, text, email", "call, email", false),
        ] {
            assert_eq!(says_all(first, second), is_said, "{first} {second}");
        }
    }
}
