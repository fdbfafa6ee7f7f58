//! Ask: the questions that a record keeps for a person.

use super::super::packet::Field;
use super::super::record::Referral;
use super::Course;

/// A question for a person, once.
pub(super) fn ask(course: &mut Course<'_>, question: String) {
    if !course.referral.questions.contains(&question) {
        course.referral.questions.push(question);
    }
}

/// What is asked of a label that a mail speaks against.
pub(super) fn doubt_about(label: &str) -> String {
    format!("a mail speaks against what we hold under \"{label}\"")
}

/// What is asked of whoever would call the number they have under this label. Who sent them may be asked too, if we know
/// the sender: a stranger may be the one who is warned of, and would hear that somebody spoke of the number.
#[must_use]
pub fn about_phone(field: Field, is_sender_known: bool) -> String {
    let label = field.label();
    let or_who = if is_sender_known { ", or who sent them," } else { "" };
    format!(
        "something else we hold speaks against reaching the client by the phone number under \"{label}\": before you call \
         it, write to it or leave a message, ask the client another way{or_who} whether it is safe"
    )
}

/// The owner is to ask about this number before it is called.
pub(super) fn is_asked(referral: &Referral, field: Field) -> bool {
    [true, false].iter().any(|is_known| referral.questions.contains(&about_phone(field, *is_known)))
}
