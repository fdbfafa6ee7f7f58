//! Warnings in plain words: that the client must not be written to, that somebody else reads their mail, that a consent was
//! taken back or never given. No label says it, so nobody can be sure; a doubt is enough to make no yes of a yes.
//!
//! A warning too many costs a call by staff, a missed one can cost a life: words that stand together in one sentence are
//! enough, whatever the sentence means.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::form;
use super::form::fold::{fold, words};
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Confidence, Field, Found, Judged, Packet};

/// What a mail warns of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Warnings {
    /// Writing to the client by mail may do harm.
    pub mail: bool,
    /// The client may not have agreed, or not any more.
    pub consent: bool,
}

const MAIL_DOUBT: &str =
    "The mail may warn of writing to the client, or of who reads their mail; please ask what is safe.";
const CONSENT_DOUBT: &str = "The mail may say that consent was not given, or was taken back; please ask.";

/// The sentences of so many bytes are looked at; what is longer is said elsewhere to be cut.
const LONGEST: usize = 256 * 1024;
/// Words that are looked at together; a longer sentence is taken in parts that overlap.
const TOGETHER: usize = 24;

/// The kinds of words, in the order of the bits they are kept as.
const KINDS: [&str; 17] = [
    "mail",
    "device",
    "negative",
    "watched",
    "held",
    "others",
    "alone",
    "consent",
    "taken_back",
    "contact",
    "tried",
    "order",
    "only",
    "by",
    "person",
    "not_meant",
    "harmless",
];

const MAIL: u32 = 1;
const DEVICE: u32 = 1 << 1;
const NEGATIVE: u32 = 1 << 2;
const WATCHED: u32 = 1 << 3;
const HELD: u32 = 1 << 4;
const OTHERS: u32 = 1 << 5;
const ALONE: u32 = 1 << 6;
const CONSENT: u32 = 1 << 7;
const TAKEN_BACK: u32 = 1 << 8;
const CONTACT: u32 = 1 << 9;
const TRIED: u32 = 1 << 10;
const ORDER: u32 = 1 << 11;
const ONLY: u32 = 1 << 12;
const BY: u32 = 1 << 13;
const PERSON: u32 = 1 << 14;
const NOT_MEANT: u32 = 1 << 15;
const HARMLESS: u32 = 1 << 16;

/// Every word with the kinds it is of.
static WORDS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut all: HashMap<&'static str, u32> = HashMap::new();
    let lines = include_str!("warning/words.txt").lines().filter(|line| !line.starts_with('#'));
    for (kind, line) in lines.filter_map(|line| line.split_once(": ")) {
        let bit = (0..).zip(KINDS).find(|(_, known)| *known == kind).map_or(0, |(at, _)| 1 << at);
        for word in line.split(' ') {
            *all.entry(word).or_default() |= bit;
        }
    }
    all
});

/// The kinds of a folded word.
fn kinds(word: &str) -> u32 {
    WORDS.get(word).copied().unwrap_or_default()
}

/// What these texts warn of: the subject and what the author wrote or forwards.
#[must_use]
pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Warnings {
    let mut warnings = Warnings::default();
    for text in texts {
        for sentence in sentences(&unwrapped(text)) {
            warnings = warnings.and(of_sentence(sentence));
        }
    }
    warnings
}

/// Lets the warnings count: a yes they speak against is none until a person has asked.
pub fn heed(packets: &mut [Packet], texts: &[&str], problems: &mut Vec<String>) -> Warnings {
    let mut all = of(texts.iter().copied());
    let packets_are_none = packets.is_empty();
    for packet in packets {
        let mut warnings = all;
        for field in [Field::SafetyNotes, Field::Reason, Field::PreferredContact, Field::Relationship] {
            warnings = warnings.and(of(packet.text(field)));
        }
        warnings.mail |= is_doubtful_address(packet) || texts.iter().any(|text| names_anothers(packet, text));
        doubt(packet, warnings);
        all = all.and(warnings);
    }
    if packets_are_none {
        return all;
    }
    let said = [(all.mail, MAIL_DOUBT), (all.consent, CONSENT_DOUBT)];
    problems.extend(said.into_iter().filter(|(is_said, _)| *is_said).map(|(_, words)| words.to_owned()));
    all
}

/// A packet that says no more than that there is a doubt: for a record that is there already.
#[must_use]
pub fn as_packet(warnings: Warnings) -> Option<Packet> {
    let mut packet = Packet::default();
    doubt(&mut packet, warnings);
    (!packet.is_empty()).then_some(packet)
}

fn doubt(packet: &mut Packet, warnings: Warnings) {
    let doubts = [(warnings.mail, Field::SafeEmail), (warnings.consent, Field::Consent)];
    for (_, field) in doubts.into_iter().filter(|(is_doubted, _)| *is_doubted) {
        let known = packet.get(field).cloned();
        if known.as_ref().is_some_and(|known| known.judged == Judged::No) {
            continue;
        }
        let judged = Judged::Unclear("the mail warns of it".to_owned());
        let place = "the words of the mail".to_owned();
        let blank =
            Found { value: String::new(), judged: judged.clone(), confidence: Confidence::Medium, place };
        packet.put(field, Found { judged, ..known.unwrap_or(blank) });
    }
}

impl Warnings {
    fn and(self, other: Warnings) -> Warnings {
        Warnings { mail: self.mail || other.mail, consent: self.consent || other.consent }
    }
}

/// The text with lines put together that a mail program broke: running text that goes on below.
fn unwrapped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_open = line.len() > 20 && line.ends_with(|c: char| c.is_alphabetic() || c == ',' || c == ' ');
        let goes_on = |next: &&str| !next.trim().is_empty() && !next.contains(':');
        let is_broken = is_open && !line.contains(':') && lines.peek().is_some_and(goes_on);
        whole.push_str(line);
        whole.push(if is_broken { ' ' } else { '\n' });
    }
    whole
}

/// Lines, and the sentences in them. What a label asks and its answer stay together.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    text.lines().flat_map(|line| line.split(['!', ';']).flat_map(|part| part.split(". ")))
}

fn of_sentence(sentence: &str) -> Warnings {
    let folded = fold(sentence);
    let all: Vec<u32> = words(&folded).into_iter().map(kinds).collect();
    let said = any(&all, u32::MAX);
    let may_warn = said & (MAIL | DEVICE | CONSENT | CONTACT | ONLY) != 0;
    if all.len() < 2 || !may_warn || is_fine_print(&all, &folded) || is_answered_elsewhere(sentence) {
        return Warnings::default();
    }
    let denied = is_denied(sentence);
    let parts = (0..all.len()).step_by(TOGETHER / 2);
    let parts = parts.filter_map(|at| all.get(at..(at + TOGETHER).min(all.len())));
    parts.fold(Warnings::default(), |warnings, part| {
        let mail = if is_watched(part) { !denied } else { forbids(part) };
        warnings.and(Warnings { mail, consent: has_no_consent(part) })
    })
}

/// What stands below every mail, and politeness; one such word in a sentence about somebody is neither.
fn is_fine_print(all: &[u32], folded: &str) -> bool {
    const SOMEBODY: [&str; 8] = ["he", "hes", "him", "she", "her", "husband", "esposo", "marido"];
    match all.iter().filter(|word| **word & NOT_MEANT != 0).count() {
        0 => false,
        1 => !words(folded).iter().any(|word| SOMEBODY.contains(word)),
        _ => true,
    }
}

/// A question of a form about safety or consent: its answer is judged as such.
fn is_answered_elsewhere(sentence: &str) -> bool {
    let label = sentence.split([':', '?']).next().unwrap_or_default();
    label.len() < sentence.len() && form::asks_of_safety(label)
}

/// "Does anybody read her mail? No".
fn is_denied(sentence: &str) -> bool {
    let answer = sentence.rsplit([':', '?']).next().unwrap_or_default();
    answer.len() < sentence.len()
        && matches!(fold(answer).trim(), "no" | "none" | "nobody" | "no one" | "n" | "nadie")
}

/// The kinds among these words that are wanted.
fn any(words: &[u32], wanted: u32) -> u32 {
    words.iter().fold(0, |all, word| all | word) & wanted
}

/// The words around one, itself among them.
fn around(words: &[u32], at: usize) -> &[u32] {
    words.get(at.saturating_sub(6)..(at + 7).min(words.len())).unwrap_or_default()
}

/// "Do not email", "never write", "call only", "do not contact her"; not "could not contact" and "no contact order".
fn forbids(words: &[u32]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let after = |most: usize| words.get(at + 1..(at + 1 + most).min(words.len())).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
        let is_tried = before & TRIED != 0 || any(after(4), ORDER) != 0;
        let denies = word & NEGATIVE != 0
            && (any(around(words, at), MAIL) != 0 || (!is_tried && any(after(3), CONTACT) != 0));
        let limits = word & ONLY != 0 && any(around(words, at), BY) != 0 && any(words, PERSON) != 0;
        denies || limits
    })
}

/// "He reads her mail", "shared inbox", "her ex has the password".
fn is_watched(words: &[u32]) -> bool {
    let said = any(words, u32::MAX);
    let has = |kind: u32| said & kind != 0;
    (has(MAIL) && has(ALONE))
        || (has(OTHERS) && has(MAIL) && has(WATCHED | HELD))
        || (has(OTHERS) && has(DEVICE) && has(WATCHED))
}

/// "She has withdrawn her consent", "no release was signed".
fn has_no_consent(words: &[u32]) -> bool {
    words
        .iter()
        .enumerate()
        .any(|(at, word)| word & CONSENT != 0 && any(around(words, at), TAKEN_BACK | NEGATIVE) != 0)
}

/// Beside the address stand words that may take it back, or another address.
fn is_doubtful_address(packet: &Packet) -> bool {
    let (Some(found), Some(address)) = (packet.get(Field::ClientEmail), packet.client_email()) else {
        return false;
    };
    let name = fold(packet.text(Field::ClientName).unwrap_or_default());
    let name = words(&name);
    let parts = found.value.split(|c: char| c.is_whitespace() || "<>()[],;\"'|".contains(c));
    parts.filter(|part| !part.is_empty()).any(|part| {
        if part.contains('@') {
            return another_mailbox(part, address);
        }
        let folded = fold(part);
        words(&folded).iter().any(|word| kinds(word) & HARMLESS == 0 && !name.contains(word))
    })
}

fn another_mailbox(text: &str, address: &str) -> bool {
    let bare = text.trim_start_matches("mailto:").trim_end_matches(['.', ':', '/']);
    let (one, other) = (EmailAddress::parse(bare), EmailAddress::parse(address));
    one.is_ok_and(|one| other.is_ok_and(|other| !one.shares_mailbox(&other)))
}

/// A line that names the client's address beside somebody else: "husband's email: …".
fn names_anothers(packet: &Packet, text: &str) -> bool {
    let Some(address) = packet.client_email().map(str::to_lowercase) else { return false };
    text.lines().any(|line| {
        let lower = line.to_lowercase();
        lower.contains(&address) && {
            let folded = fold(&lower.replace(&address, " "));
            words(&folded).iter().any(|word| !matches!(*word, "partner" | "it") && kinds(word) & OTHERS != 0)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_word_has_its_line_and_its_bit() {
        for (at, kind) in (0..).zip(KINDS) {
            assert!(WORDS.values().any(|bits| bits & (1 << at) != 0), "{kind}");
        }
        for (word, bit) in
            [("email", MAIL), ("dude", NOT_MEANT), ("mailto", HARMLESS), ("joint", ALONE), ("via", BY)]
        {
            assert_ne!(kinds(word) & bit, 0, "{word}");
        }
        let unfolded: Vec<_> = WORDS.keys().filter(|word| fold(word) != **word).collect();
        assert!(unfolded.is_empty(), "{unfolded:?}");
    }

    #[test]
    fn a_doubt_makes_no_yes_of_a_no() {
        let both = Warnings { mail: true, consent: true };
        let mut packet = as_packet(both).unwrap();
        assert_eq!(packet.iter().count(), 2);
        let no = Found { judged: Judged::No, ..packet.get(Field::SafeEmail).unwrap().clone() };
        packet.put(Field::SafeEmail, no);
        doubt(&mut packet, both);
        assert_eq!(packet.get(Field::SafeEmail).unwrap().judged, Judged::No);
        assert!(as_packet(Warnings::default()).is_none());
    }

    #[test]
    fn a_warning_counts_over_a_broken_line_and_beside_a_polite_word() {
        for text in [
            "Thank you for seeing her so soon, but please do not\nemail her at all.",
            "Please keep this confidential and never email her, he reads her mail.",
        ] {
            assert!(of([text]).mail, "{text}");
        }
        for text in [
            "If you are not the intended recipient, do not email or share this confidential mail.",
            "Please do not hesitate to email me.",
        ] {
            assert_eq!(of([text]), Warnings::default(), "{text}");
        }
    }

    #[test]
    fn a_very_long_text_is_looked_at_up_to_its_bound() {
        let text = "he reads nothing ".repeat(200_000);
        assert_eq!(of([text.as_str()]), Warnings::default());
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
