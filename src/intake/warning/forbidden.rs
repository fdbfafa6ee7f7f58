//! Labels whose yes forbids to write, or whose answer says that the client is in danger where they live. What stands in the
//! form beside it may be older, or of somebody who did not read it.

use super::asked::{ABUSER, CONSENT, CONTACT, DANGER, DENIED, MAIL, SAFE, WITH, WORRY, is_somebody};

/// "Do not email: yes", "okay to contact client? No"; not "no contact order: yes" and "okay to contact the landlord: no".
pub(super) fn is_forbidden(bits: u16, asked: &[&str], answered: &[&str], is_no: bool) -> bool {
    let has = |list: &[&str]| asked.iter().any(|word| list.contains(word));
    let is_banned =
        bits & DENIED != 0 && bits & (MAIL | CONTACT) != 0 && is_yes(answered) && !has(&["order", "orders"]);
    let is_of_client =
        has(&["client", "clients", "her", "him", "them", "patient", "directly", "survivor", "clienta"]);
    let is_of_phone = has(&["phone", "call", "calls", "text", "voicemail"]);
    let is_of_others = asked.iter().any(|word| is_somebody(word));
    let is_refused = bits & CONTACT != 0 && bits & (DENIED | CONSENT) == 0 && is_no;
    is_banned || is_refused && is_of_client && !is_of_phone && !is_of_others
}

/// "Is the client safe at home? No", "safety concerns: yes", "abuser in the home: yes"; not "in danger of eviction: yes"
/// and "safe to leave a voicemail: no".
pub(super) fn is_in_danger(bits: u16, asked: &[&str], answered: &[&str], is_no: bool) -> bool {
    let has = |list: &[&str]| asked.iter().any(|word| list.contains(word));
    let is_high =
        answered.first().is_some_and(|first| matches!(*first, "high" | "extreme" | "severe" | "alto"));
    let is_worrying = bits & DANGER != 0 || bits & WORRY != 0 && bits & SAFE != 0;
    let is_of_a_way = bits & (MAIL | CONTACT) != 0
        || has(&[
            "call",
            "text",
            "phone",
            "voicemail",
            "message",
            "messages",
            "leave",
            "reach",
            "number",
            "time",
            "times",
        ]);
    let is_person =
        || has(&["client", "clients", "she", "you", "home", "currently", "feel", "feels", "patient"]);
    is_worrying && is_yes(answered) && !has(&["of"])
        || bits & (DANGER | WORRY) != 0 && is_high
        || has(&["safe", "segura"]) && is_no && is_person() && !is_of_a_way
        || bits & ABUSER != 0 && bits & WITH != 0 && is_yes(answered)
}

fn is_yes(answered: &[&str]) -> bool {
    answered.first().is_some_and(|first| matches!(*first, "yes" | "y" | "si" | "oui" | "sim" | "true" | "x"))
}
