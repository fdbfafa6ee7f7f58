//! Whether a sentence says that the client has not agreed to be referred, or not any more, without any word for consent:
//! "she does not want you to have her info yet", "please hold this referral". A yes that stands in the form above it was
//! given before.

pub(super) mod phrases;

use std::sync::LazyLock;

use super::Warnings;
use super::words::{CLOSES, OPENS};
use crate::intake::quick::WordSet;
use phrases::Said;

/// The lists; the file says what each is for.
const FILE: &str = include_str!("unagreed.txt");

/// A word that agrees stands at most so many words behind the one that denies it: "has not yet really agreed".
const DENIED: usize = 4;
/// What is agreed to stands at most so many words behind.
const AGREED_TO: usize = 7;
/// So near stand "hold" and "this new referral".
const NEAR: usize = 4;

static LISTS: LazyLock<Lists> = LazyLock::new(Lists::load);

struct Lists {
    /// Every word that one of them begins with: nearly none of a sentence does.
    opens: WordSet,
    deny: WordSet,
    agree: WordSet,
    referral: WordSet,
    told: WordSet,
    known: WordSet,
    have: WordSet,
    theirs: WordSet,
    said: WordSet,
    whom: WordSet,
    word: WordSet,
    undo: WordSet,
    referred: WordSet,
    changed: Vec<Vec<&'static str>>,
}

/// The words of a list, as the file has them.
fn list(name: &'static str) -> &'static str {
    let mut lines = FILE.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(list, _)| *list == name).map(|(_, words)| words).unwrap_or_default()
}

fn words_of(names: &'static [&str]) -> impl Iterator<Item = &'static str> {
    names.iter().flat_map(|name| list(name).split(' '))
}

impl Lists {
    fn load() -> Lists {
        let set = |name: &'static str| list(name).split(' ').map(str::to_owned).collect::<WordSet>();
        let opens = marks().filter(|(_, mark)| *mark == OPENS).map(|(word, _)| word.to_owned());
        Lists {
            opens: opens.collect(),
            deny: set("deny"),
            agree: set("agree"),
            referral: set("referral"),
            told: set("told"),
            known: set("known"),
            have: set("have"),
            theirs: set("theirs"),
            said: set("said"),
            whom: set("whom"),
            word: set("word"),
            undo: set("undo"),
            referred: set("referred"),
            changed: list("changed").split('|').map(|phrase| phrase.split(' ').collect()).collect(),
        }
    }
}

/// The marks of the words that say so: of a list that one of them opens with, of one that closes it, of a phrase.
pub(super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    let of = |names: &'static [&str], mark| words_of(names).map(move |word| (word, mark));
    let changed = || list("changed").split('|');
    let first = changed().filter_map(|phrase| phrase.split(' ').next()).map(|word| (word, OPENS));
    let last = changed().filter_map(|phrase| phrase.rsplit(' ').next()).map(|word| (word, CLOSES));
    of(&["deny", "undo"], OPENS)
        .chain(of(&["referral", "known", "word", "referred"], CLOSES))
        .chain(first)
        .chain(last)
        .chain(phrases::marks())
}

/// Whether a sentence with words of these kinds may say so.
pub(super) const fn may_be_said(marks: u64) -> bool {
    may_be_said_in_english(marks) || phrases::may_be_said(marks)
}

const fn may_be_said_in_english(marks: u64) -> bool {
    marks & OPENS != 0 && marks & CLOSES != 0
}

/// What a sentence says of it, and of who reads the client's mail: as it stands with its marks, folded, and in its words.
pub(super) fn said(sentence: &str, marks: u64, folded: &str, words: &[&str]) -> Warnings {
    let said = if phrases::may_be_said(marks) { phrases::said(sentence, folded) } else { Said::default() };
    let consent = said.unagreed || may_be_said_in_english(marks) && is_said_in_english(sentence, words);
    Warnings { consent, mail: said.read, is_grave: said.read, ..Warnings::default() }
}

/// In English or Spanish.
fn is_said_in_english(sentence: &str, words: &[&str]) -> bool {
    let lists = &*LISTS;
    let is_changed = |at: usize| {
        let rest = words.get(at..).unwrap_or_default();
        lists.changed.iter().any(|phrase| rest.starts_with(phrase))
    };
    let is_undone = |at: usize| {
        let is_undo = words.get(at).is_some_and(|word| lists.undo.contains(*word));
        let referred = || first_of(words, at, NEAR, &lists.referred);
        // "Please hold the referral open" wants it kept.
        let is_kept = |place: usize| {
            let is_open = matches!(words.get(place..=place + 1), Some(["referral" | "referrals", "open"]));
            words.get(at) == Some(&"hold") && is_open && is_kept_open(sentence)
        };
        is_undo && referred().is_some_and(|place| !is_kept(place))
    };
    let opens = |at: &usize| words.get(*at).is_some_and(|word| lists.opens.contains(*word));
    (0..words.len()).filter(opens).any(|at| is_changed(at) || is_undone(at) || is_denied(words, at))
}

/// "Hold the referral open" with nothing between the two, and not "hold this referral, open another one".
fn is_kept_open(sentence: &str) -> bool {
    let sentence = sentence.to_lowercase();
    ["referral open", "referrals open"].iter().any(|kept| sentence.contains(kept))
}

/// Whether a word at this place denies that somebody agrees.
fn is_denied(words: &[&str], at: usize) -> bool {
    let lists = &*LISTS;
    if !words.get(at).is_some_and(|word| lists.deny.contains(*word)) {
        return false;
    }
    let is_offer = at >= 3 && matches!(words.get(at - 3..at), Some(["if", "you", _]));
    let is = |place: usize, list: &WordSet| words.get(place).is_some_and(|word| list.contains(*word));
    let is_unsaid = || {
        let theirs = first_of(words, at, DENIED, &lists.have).map(|have| have + 1);
        let said = first_of(words, at, DENIED, &lists.said).map(|said| said + 1);
        let given = || said.map(|word| (word..word + 3).find(|word| !is(*word, &lists.whom)).unwrap_or(word));
        theirs.is_some_and(|word| is(word, &lists.theirs) && is(word + 1, &lists.word))
            || given().is_some_and(|word| is(word, &lists.word))
    };
    let is_unagreed = || {
        let Some(agree) = first_of(words, at, DENIED, &lists.agree) else { return false };
        let told = || first_of(words, agree, NEAR, &lists.told);
        first_of(words, agree, AGREED_TO, &lists.referral).is_some()
            || told().is_some_and(|told| first_of(words, told, AGREED_TO, &lists.known).is_some())
    };
    !is_offer && (is_unsaid() || is_unagreed())
}

/// Where behind a place, at most so many words on, the first word of a list stands.
fn first_of(words: &[&str], at: usize, most: usize, list: &WordSet) -> Option<usize> {
    let behind = words.iter().enumerate().skip(at + 1).take(most);
    behind.into_iter().find(|(_, word)| list.contains(**word)).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use crate::intake::warning::of;

    #[test]
    fn a_client_who_has_not_agreed_to_be_referred_is_heard_without_a_word_for_consent() {
        for text in [
            "She does NOT want you to have her info yet, please hold",
            "She doesn't want you to have her information yet.",
            "She has changed her mind about this.",
            "She no longer wants this referral.",
            "Client has not agreed to this referral yet.",
            "She did not agree to be referred.",
            "She hasn't agreed to the referral.",
            "Please hold this referral until I talk to her.",
            "Please put the referral on hold.",
            "She declined the referral, open case at the DV court.",
            "Please cancel this referral, open another one for her sister.",
            "Please hold this referral, open another one for her sister.",
            "She is not ready to be referred.",
            "She is not sure she wants the referral.",
            "Client declined the referral.",
            "She won't want services from you.",
            "We do not have her ok yet.",
            "She hasn't said yes yet.",
            "She has not given me the ok.",
            "Ella no quiere que ustedes tengan sus datos todavía.",
            "Cambió de opinión.",
            "La clienta todavía no ha aceptado la referencia.",
            "No está lista para ser referida.",
        ] {
            assert!(of([text]).consent, "{text}");
        }
        for text in [
            "She does not want to go back to him.",
            "The landlord has not agreed to the repairs.",
            "She does not have her passport, he has it.",
            "She did not want to press charges.",
            "Please call before the hold is lifted.",
            "She has agreed to this referral and wants you to have her details.",
            "The other agency has no room; she agreed to be referred to you.",
            "No quiere volver con él.",
            "Not sure when the hearing is.",
            "She does not have a lease agreement.",
            "Client doesn't have email, ok to text.",
            "She did not get approval for Section 8.",
            "No tengo trabajo y si me desalojan no sé qué hacer.",
            "Not sure if this referral is right for you.",
            "He was refused services at the shelter.",
            "Please cancel the interpreter services.",
            "Please hold the referral open until Friday.",
            "If you do not want to get referrals from us, tell us.",
        ] {
            assert!(!of([text]).consent, "{text}");
        }
    }

    #[test]
    #[ignore = "a measurement, not a check"]
    fn a_typical_mail_takes_microseconds() {
        let text =
            "She came to our office on Monday and told us about the papers that were put under her door.\n\
                    Client name: Ana Canary\nEmail: ana@mail.example\nSafe to email: yes\n"
                .repeat(20);
        let _ = of([text.as_str()]);
        let run = || {
            let began = std::time::Instant::now();
            std::hint::black_box(of([text.as_str()]));
            began.elapsed()
        };
        println!("{} bytes: {:?}", text.len(), (0..200).map(|_| run()).min());
    }
}
