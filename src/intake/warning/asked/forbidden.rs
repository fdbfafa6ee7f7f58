//! Labels whose yes forbids to write, or whose answer says that the client is in danger where they live. What stands in the
//! form beside it may be older, or of somebody who did not read it.

use super::lists::{
    ABLE, ABUSER, AGREED, CONSENT, CONTACT, DANGER, DENIED, DONE, HIGH, LEAVE, MAIL, MAY, OF, ORDER, PERSON,
    PHONE, REACHED, SAFE, Said, TOLD, UNHARMED, WAY, WITH, WORRY, YES,
};

/// "Do not email: yes", "okay to contact client? No"; not "no contact order: yes" and "okay to contact the landlord: no".
pub(super) fn is_forbidden(asked: &Said<'_>, answered: &Said<'_>, is_no: bool) -> bool {
    let is_yes = answered.has_at(0, YES);
    is_yes && is_banned(asked) || is_no && is_refused(asked)
}

/// A label that forbids if it is true; "client cannot read or write" only tells of them.
fn is_banned(asked: &Said<'_>) -> bool {
    let is_wish = is_to_be_done(asked) || asked.has(AGREED);
    let is_contact = is_contact(asked) && (is_wish || !asked.has(TOLD | ABLE));
    asked.has(DENIED) && (asked.has(MAIL) || is_contact) && !asked.has(ORDER)
}

/// A label that forbids if it is false; "did you contact the client" only asks what was done.
fn is_refused(asked: &Said<'_>) -> bool {
    is_contact(asked)
        && !asked.has(DENIED | CONSENT | PHONE)
        && (is_to_be_done(asked) || asked.has(AGREED | LEAVE) || !asked.has(TOLD))
        && asked.has(REACHED)
        && !asked.has_somebody(usize::MAX)
}

/// Whether a label speaks of reaching somebody; "client contacted" only of what was done.
fn is_contact(asked: &Said<'_>) -> bool {
    asked.has(CONTACT) || is_to_be_done(asked)
}

/// "The client may be contacted".
fn is_to_be_done(asked: &Said<'_>) -> bool {
    asked.has(DONE) && asked.has(MAY)
}

/// "Is the client safe at home? No", "safety concerns: yes", "abuser in the home: yes"; not "in danger of eviction: yes"
/// and "safe to leave a voicemail: no".
pub(super) fn is_in_danger(asked: &Said<'_>, answered: &Said<'_>, is_no: bool) -> bool {
    let is_yes = answered.has_at(0, YES);
    let is_worrying = asked.has(DANGER) || asked.has(WORRY) && asked.has(SAFE);
    let is_of_a_way = is_contact(asked) || asked.has(MAIL | WAY);
    is_worrying && is_yes && !asked.has(OF)
        || asked.has(DANGER | WORRY) && answered.has_at(0, HIGH)
        || asked.has(UNHARMED) && is_no && asked.has(PERSON) && !is_of_a_way
        || asked.has(ABUSER) && asked.has(WITH) && is_yes
}

#[cfg(test)]
mod tests {
    use crate::intake::warning::of;

    #[test]
    fn a_label_that_forbids_or_tells_of_danger_is_a_doubt() {
        let lines = [
            "Do not email: yes",
            "No email: yes",
            "Do not contact client: yes",
            "Confidential referral - client must not be contacted: yes",
            "Okay to contact client?: No",
            "Contact client directly?: No",
            "Can the client be contacted? No",
            "Has client agreed to be contacted? No",
            "Did client agree to contact? No",
            "No written communication: yes",
            "Do not send anything written: yes",
            "Okay to send client anything written? No",
            "Written communication with client ok? No",
            "Client wants written communication: no",
            "May we attempt to contact the client directly: no",
            "Okay to attempt contact with client? No",
            "Client did not want contact: yes",
            "Safety concerns: Yes",
            "Are there any safety concerns?: yes",
            "Is the client safe at home?: No",
            "Does the client feel safe?: No",
            "Client in danger: yes",
            "Risk level: high",
            "Abuser in the home: Yes",
        ];
        let unheard: Vec<_> = lines.into_iter().filter(|line| !of([*line]).mail).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
    }

    #[test]
    fn a_label_that_tells_what_was_done_or_asks_of_something_else_is_none() {
        let lines = [
            "No contact order: yes",
            "Safety concerns: No",
            "Safe to leave voicemail: No",
            "Housing issues: yes",
            "At risk of eviction: yes",
            "In danger of eviction: yes",
            "Okay to contact landlord? No",
            "Client contacted: no",
            "Has the client been contacted? No",
            "Have you contacted the client? No",
            "Did you contact the client? No",
            "Attempted to contact client: no",
            "Client has not been contacted: yes",
            "Unable to contact client: yes",
            "Safe to call: No",
            "Risk level: low",
        ];
        let heard = |line: &&str| of([*line]).mail || of([*line]).consent;
        let heard: Vec<_> = lines.into_iter().filter(heard).collect();
        assert!(heard.is_empty(), "{heard:#?}");
    }
}
