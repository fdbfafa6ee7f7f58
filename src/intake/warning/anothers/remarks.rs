//! Remarks that say whose the client's address is: in its line, below it, or where a mark in its line points.

use super::super::words::{OTHERS, kinds};
use crate::intake::form::fold::{fold, words};
use crate::intake::form::remark::calls_it_her_own;
use crate::intake::quick::{self, bare};
use crate::referral::packet::{Field, Packet};

/// A line that names the client's address beside somebody else, "husband's email: …", or a remark below it that does.
pub(super) fn names_anothers(packet: &Packet, text: &str) -> bool {
    let Some(address) = packet.client_email().map(str::to_lowercase) else { return false };
    let mut is_above = false;
    let mut mark = None;
    quick::lines(text).map(bare).filter(|line| !line.trim().is_empty()).any(|line| {
        let is_below = std::mem::take(&mut is_above);
        if quick::find(line, b'@').is_none() {
            let is_note = mark.is_some() && note_mark(line.chars()) == mark;
            return (is_below || is_note) && is_remark_of_another(packet, line);
        }
        let lower = line.to_lowercase();
        is_above = lower.contains(&address);
        mark = mark.or_else(|| note_mark(line.chars().rev()).filter(|_| is_above));
        is_above && speaks_of_others(&lower.replace(&address, " "))
    })
}

/// The mark that a line has for a note below, or a note for the line it is of, at the end that is read first.
fn note_mark(mut signs: impl Iterator<Item = char>) -> Option<char> {
    signs.find(|sign| !sign.is_whitespace()).filter(|sign| "*†‡¹²³⁴".contains(*sign))
}

fn speaks_of_others(text: &str) -> bool {
    let is_other = |word: &&str| !matches!(*word, "partner" | "it") && kinds(word) & OTHERS != 0;
    words(&fold(text)).iter().any(is_other)
}

/// What a remark on the line above says whose it is with. More words are a sentence, and read as one.
const SAYS_WHOSE: [&str; 6] = ["this is", "thats", "that is", "its", "it is", "es de"];
/// The most words of a remark.
const MOST_OF_REMARK: usize = 8;

/// "(this is her husband's)", "^ her ex's", "Belongs to: Bob Hines"; not "(this is hers)" and "Belongs to: client".
fn is_remark_of_another(packet: &Packet, line: &str) -> bool {
    let folded = fold(line);
    let all = words(&folded);
    if all.len() > MOST_OF_REMARK || calls_it_her_own(line) {
        return false;
    }
    // Whoever points at the address says whose it is, and of her own there are known words.
    let points = line.trim_start().starts_with(['^', '↑']) && !all.is_empty();
    let opens = SAYS_WHOSE.into_iter().chain(SAYS_WHO).find(|opening| {
        folded.strip_prefix(opening).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    let is_set_apart = line.trim_start().starts_with(['(', '[', '^', '*', '-']);
    if points || (is_set_apart || opens.is_some()) && speaks_of_others(line) {
        return true;
    }
    let called = fold(packet.text(Field::ClientName).unwrap_or_default());
    let called = words(&called);
    let says_owner = opens.is_some_and(|opening| SAYS_WHO.contains(&opening));
    let is_name =
        |word: &&str| word.starts_with(char::is_uppercase) && !called.contains(&fold(word).as_str());
    let owner = line.split_whitespace().skip(opens.map_or(0, |opening| opening.split(' ').count()));
    says_owner
        && owner.clone().any(|word| is_name(&word))
        && !owner.clone().any(|word| called.contains(&fold(word).as_str()))
}

/// Those behind which an owner's name stands.
const SAYS_WHO: [&str; 9] = [
    "belongs to",
    "account holder",
    "account owner",
    "account of",
    "ask for",
    "pregunte por",
    "whose",
    "pertenece a",
    "titular",
];

#[cfg(test)]
mod tests {
    use super::super::tests::packet;
    use super::*;

    #[test]
    fn a_remark_below_an_address_that_calls_it_anothers_is_a_doubt() {
        let roe = packet("Jane Roe", "sunny77@mail.example");
        let below = |line: &str| format!("Email: sunny77@mail.example\n\n{line}\nSafe to email: yes\n");
        for line in [
            "(this is her husband's)",
            "(her husband's)",
            "^ her ex's",
            "This is her boyfriend's",
            "Belongs to: Bob Hines",
            "(belongs to Bob)",
            "Account holder: Bob Hines",
            "(es de su esposo)",
            "Ask for Bob.",
            "^ his email",
            "Account owner: Bob Hines",
        ] {
            assert!(names_anothers(&roe, &below(line)), "{line}");
        }
        for line in [
            "(best way)",
            "(checks daily)",
            "This is hers",
            "Belongs to: client",
            "^ her own",
            "Ask for Jane",
            "Ask for an appointment",
            "Belongs to: Jane Roe",
            "Account holder: Ms. Roe",
            "Landlord: Bob Hines",
            "Her husband moved out in May and she has not heard of him since.",
        ] {
            assert!(!names_anothers(&roe, &below(line)), "{line}");
        }
        assert!(!names_anothers(&roe, "Email: sunny77@mail.example\nPhone: 518-555-0142\n(her husband's)\n"));
        let noted = |mark: &str, note: &str| {
            format!("Email: sunny77@mail.example{mark}\nSafe to email: yes\n\n{note}\n")
        };
        assert!(names_anothers(&roe, &noted(" *", "* belongs to her husband")));
        assert!(names_anothers(&roe, &noted("†", "† Belongs to Bob Hines")));
        assert!(!names_anothers(&roe, &noted("", "* belongs to her husband")));
        assert!(!names_anothers(&roe, &noted(" *", "* required")));
    }
}
