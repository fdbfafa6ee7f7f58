//! What words mean where they stand: a risk of eviction is no danger of a letter, and the banner of a mail server
//! speaks of nobody. Only what is plainly harmless is passed over; a word in doubt stays a warning.

use super::lists::List;
use super::words::{
    CALL, CONSENT, CONTACT, DANGER, DEVICE, HOUR, MAIL, NEGATIVE, SHARE, SOLELY, TEXT, VOICEMAIL, WATCHED,
};

/// No banner of a mail server is longer than so many words.
const BANNER: usize = 40;

/// Every way of reaching somebody.
const WAYS: u64 = MAIL | CONTACT | CALL | TEXT | VOICEMAIL | DEVICE;

/// Takes from each word of a sentence the kinds that it is not of where it stands.
pub(super) fn clear_harmless(words: &[&str], kinds: &mut [u64]) {
    let is_banner = is_banner(words, kinds);
    for at in 0..words.len() {
        let harmless = harmless(words, kinds, at, is_banner);
        if let Some(kind) = kinds.get_mut(at) {
            *kind &= !harmless;
        }
    }
}

/// The kinds to take from one word.
fn harmless(words: &[&str], kinds: &[u64], at: usize, is_banner: bool) -> u64 {
    let kind = kinds.get(at).copied().unwrap_or_default();
    let word = words.get(at).copied().unwrap_or_default();
    let of = |bit: u64, is_harmless: bool| if is_harmless { bit } else { 0 };
    let mut harmless = 0;
    if kind & NEGATIVE != 0 {
        harmless |= of(NEGATIVE, denies_nothing(words, kinds, at));
    }
    if kind & DANGER != 0 {
        let is_care = matches!(word, "caution" | "cautious" | "careful");
        harmless |= of(DANGER, is_banner && is_care || endangers_no_way(words, kinds, at));
    }
    if kind & WATCHED != 0 {
        let is_unwatched = word == "pays" && !pays_for_a_way(words, kinds, at)
            || word == "opens" && !holds(after(kinds, at, 5), MAIL);
        harmless |= of(WATCHED, is_unwatched);
    }
    if kind & SHARE != 0 {
        harmless |= of(SHARE, tells_nothing(words, at));
    }
    if kind & CONSENT != 0 && word == "knowledge" {
        harmless |= of(CONSENT, is_other_knowledge(words, at));
    }
    if kind & SOLELY != 0 && word == "instead" {
        harmless |= of(SOLELY, is_if_unanswered(words));
    }
    if kind & HOUR != 0 && List::Until.holds(word) {
        harmless |= of(HOUR, is_no_hour(words, at));
    }
    harmless
}

/// "External email, use caution": a server's word about the mail itself, and no person in it.
fn is_banner(words: &[&str], kinds: &[u64]) -> bool {
    let is_treated = words.contains(&"treat");
    let is_marked = is_treated || has(words, List::Marks);
    let is_itself = |(at, (word, kind)): (usize, (&&str, &u64))| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let next = words.get(at + 1).copied().unwrap_or_default();
        kind & WAYS == 0
            || List::Written.holds(word)
                && matches!(before, "external" | "outside" | "this" | "incoming" | "an" | "e")
                && !matches!(next, "address" | "account" | "accounts")
                && (next != "with" || is_treated)
    };
    words.len() <= BANNER
        && is_marked
        && !has(words, List::Persons)
        && !has(words, List::Referral)
        && words.iter().zip(kinds).enumerate().all(is_itself)
}

/// "You don't often get email", "do not click", "no one called", "do not share, copy or disclose this message".
fn denies_nothing(words: &[&str], kinds: &[u64], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or_default();
    match (word, after(words, at, 3)) {
        ("hold", rest) => !is_held_off(rest),
        (_, ["click", ..] | ["often", "get" | "receive", ..] | ["send", "phi" | "pii" | "ssns", ..]) => true,
        ("no", ["one", rest @ ..]) => {
            is_past(rest) || matches!(rest, ["has" | "had" | "ever", rest @ ..] if is_past(rest))
        }
        ("nobody", rest) => is_past(rest),
        (_, _) => is_footer(words, kinds, at),
    }
}

/// "Off contacting", "off on calling".
fn is_held_off(rest: &[&str]) -> bool {
    rest.first() == Some(&"off") && has(rest, List::Reaching)
}

fn is_past(rest: &[&str]) -> bool {
    matches!(rest.first(), Some(&("contacted" | "reached" | "called" | "emailed" | "texted")))
}

/// "Do not share, copy or disclose this message": two of the verbs, the mail itself, and nobody named.
fn is_footer(words: &[&str], kinds: &[u64], at: usize) -> bool {
    let behind = after(words, at, 16);
    let Some(verbs) = behind.iter().position(|word| *word == "this") else { return false };
    let said = behind.get(..verbs).unwrap_or_default();
    let is_mail = match behind.get(verbs + 1..).unwrap_or_default() {
        ["message" | "communication" | "transmission", ..] | ["e", "mail", ..] => true,
        ["email", rest @ ..] => rest.first() != Some(&"address"),
        _ => false,
    };
    is_mail
        && said.first().is_some_and(|word| List::Verbs.holds(word))
        && said.iter().filter(|word| List::Verbs.holds(word)).count() >= 2
        && !has(behind, List::Persons)
        && !has(behind, List::Owners)
        && !holds(after(kinds, at, verbs), CONTACT | CALL | TEXT)
}

/// "At risk of eviction", "low risk", "at high risk, please call".
fn endangers_no_way(words: &[&str], kinds: &[u64], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or_default();
    if !List::Risks.holds(word) {
        return false;
    }
    let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
    let is_low = before.last() == Some(&"low") && !has(before, List::Nots);
    let behind = after(words, at, 12);
    let is_caused = has(before, List::Caused);
    let by_us = |two: &[&str]| {
        matches!(two, ["if" | "when", "you" | "we" | "he" | "his" | "contacted" | "called" | "emailed"])
    };
    let is_of_home = behind.first().is_some_and(|word| List::Of.holds(word))
        && has(after(words, at, 4), List::Lost)
        && !is_caused
        && !behind.windows(2).any(by_us);
    let is_asked = matches!(behind.first(), Some(&("please" | "pls" | "kindly")))
        && has(before, List::High)
        && !is_caused
        && !has(behind, List::Wary)
        && !holds(kinds.get(at.saturating_sub(24)..at).unwrap_or_default(), WAYS);
    is_low || is_of_home || is_asked
}

/// "Pays her phone", "pays the phone bill", "her cell is in his name and he pays"; not "pays the rent and has a phone".
fn pays_for_a_way(words: &[&str], kinds: &[u64], at: usize) -> bool {
    let behind = after(words, at, 8);
    let is_way = |kind: &u64| kind & (DEVICE | MAIL | CALL) != 0;
    let is_before = kinds.get(at.saturating_sub(12)..at).unwrap_or_default().iter().any(is_way)
        && !has(after(words, at, 4), List::OtherBills);
    let Some(way) = after(kinds, at, 8).iter().position(is_way) else { return is_before };
    let is_account = behind.get(way).is_some_and(|word| matches!(*word, "account" | "accounts"));
    let is_online = behind.first() == Some(&"for") && holds(after(kinds, at, 8), MAIL);
    is_before
        || is_online
        || has(behind.get(..way).unwrap_or_default(), List::Hers)
        || !is_account && has(behind, List::Bills)
}

/// "Her share of rent", "does not share custody", "never share your information", "does not know her landlord".
fn tells_nothing(words: &[&str], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or_default();
    let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
    let behind = after(words, at, 8);
    if matches!(word, "know" | "aware") {
        return !is_unknown_referral(before, behind);
    }
    let names_nobody = || !has(behind, List::Persons);
    match behind {
        ["of" | "custody" | "parenting", ..] => true,
        ["my", "landlord" | "landlords", ..] | ["your", ..] => names_nobody(),
        _ => {
            let is_stated = matches!(before, [.., "will" | "would" | "does", "not"] | [.., "doesnt"]);
            is_stated && names_nobody() && !has(before, List::Addressed) && !behind.contains(&"this")
        }
    }
}

/// "She does not know about this referral", "she doesn't know we are referring her".
fn is_unknown_referral(before: &[&str], behind: &[&str]) -> bool {
    let is_hers = has(before, List::TheirOwn);
    let is_anothers = has(before, List::Unaware);
    is_hers && !is_anothers && has(behind, List::Referred)
}

/// "To the best of my knowledge", "no knowledge of the lawsuit", "evicted without her knowledge".
fn is_other_knowledge(words: &[&str], at: usize) -> bool {
    let near = words.get(at.saturating_sub(12)..(at + 13).min(words.len())).unwrap_or_default();
    let before = words.get(at.saturating_sub(8)..at).unwrap_or_default();
    let is_mine =
        matches!(before, [.., "best", "of", _] | [.., "to", "my" | "our"]) && !has(near, List::Agreed);
    let is_hers = before.contains(&"without") && has(before, List::HomeLost);
    let is_of_case = matches!(after(words, at, 1), ["of" | "about"]) && has(after(words, at, 4), List::Cases);
    is_mine || (is_hers || is_of_case) && !has(near, List::Sent)
}

/// "Call her friend instead if no answer": a second way, and no warning of the first.
fn is_if_unanswered(words: &[&str]) -> bool {
    let is_if = |three: &[&str]| {
        matches!(
            three,
            ["if", "no", "answer" | "response" | "reply"] | ["if", "not", "available" | "reachable"]
        )
    };
    words.len() <= BANNER && words.windows(3).any(is_if)
}

/// "Until she has moved out", which is no hour of the day; "until he leaves for work" is one.
fn is_no_hour(words: &[&str], at: usize) -> bool {
    let behind = after(words, at, 6);
    has(behind, List::Gone) && !has(behind, List::Workplaces)
}

fn after<T>(all: &[T], at: usize, most: usize) -> &[T] {
    all.get(at + 1..(at + 1 + most).min(all.len())).unwrap_or_default()
}

fn has(words: &[&str], wanted: List) -> bool {
    words.iter().any(|word| wanted.holds(word))
}

fn holds(kinds: &[u64], wanted: u64) -> bool {
    kinds.iter().any(|kind| kind & wanted != 0)
}
