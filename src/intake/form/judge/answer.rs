//! Yes, no, and which channels: as people write them. Anything but a clear answer is unclear, and unclear is not safe.

use super::{Asked, Verdict, says};
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::packet::{Channels, Confidence, Field, Judged, Safety};

/// A yes/no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Yes,
    No,
    Unclear,
}

const UNCLEAR: &str = "not a clear yes or no";

/// Reads a yes or a no. A yes with any condition, doubt or unknown word in it is no yes (RELIABILITY M26).
fn answer(value: &str) -> Answer {
    if let Some(marked) = marked_options(value) {
        return marked;
    }
    if value.contains(['?', '¿']) {
        return Answer::Unclear;
    }
    let folded = fold(value);
    if LEXICON.phrases("no").is(&folded) {
        return Answer::No;
    }
    let words = words(&folded);
    if LEXICON.phrases("yes").is(&folded) {
        return Answer::Yes;
    }
    if says("limits", &folded) {
        let refuses = LEXICON.phrases("no").starts(&words) > 0 && !is_no_worry(&words);
        return if refuses { Answer::No } else { Answer::Unclear };
    }
    let harmless = LEXICON.phrases("harmless");
    let says_yes = LEXICON.phrases("yes").within(&words);
    if says_yes
        && !words.is_empty()
        && words.iter().all(|word| harmless.is(word) || LEXICON.phrases("yes").is(word))
    {
        return Answer::Yes;
    }
    Answer::Unclear
}

/// Whether a value answers yes or no rather than saying something.
pub(crate) fn is_answer(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    let opens = LEXICON.phrases("yes").starts(&words) > 0 || LEXICON.phrases("no").starts(&words) > 0;
    opens
        && words.first().is_some_and(|first| first.len() <= 3)
        && !value.contains(|c: char| c.is_ascii_digit())
}

/// "No problem", "no concerns": not a refusal, and not a yes either.
fn is_no_worry(words: &[&str]) -> bool {
    words.get(1).is_some_and(|word| {
        matches!(
            *word,
            "problem"
                | "problems"
                | "problema"
                | "concern"
                | "concerns"
                | "issue"
                | "issues"
                | "preference"
                | "hay"
                | "worries"
        )
    })
}

/// `☑ Yes ☐ No`, `[x] Yes [ ] No`, `(X) Sí ( ) No`: the marked one; `None` when nothing is marked that way.
fn marked_options(value: &str) -> Option<Answer> {
    let text = value
        .replace(['☑', '☒', '✓', '✔', '✅', '🗹', '●', '◉'], "\u{1}")
        .replace(['☐', '□', '○', '◯', '❏'], "\u{2}")
        .replace("[x]", "\u{1}")
        .replace("[X]", "\u{1}")
        .replace("(x)", "\u{1}")
        .replace("(X)", "\u{1}")
        .replace("[ ]", "\u{2}")
        .replace("[]", "\u{2}")
        .replace("( )", "\u{2}")
        .replace("()", "\u{2}")
        .replace("[_]", "\u{2}");
    if !text.contains(['\u{1}', '\u{2}']) {
        return None;
    }
    let mut chosen = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['\u{1}', '\u{2}']) {
        let (before, from) = rest.split_at_checked(at)?;
        let marked = from.starts_with('\u{1}');
        let after = from.get(1..)?;
        let end = after.find(['\u{1}', '\u{2}']).unwrap_or(after.len());
        let option = after.get(..end)?;
        // "Yes ☑ No ☐" marks behind the words cannot be told from marks before them unless nothing stands before.
        if !before.trim().is_empty() && chosen.is_empty() && rest.len() == text.len() {
            return Some(Answer::Unclear);
        }
        if marked {
            chosen.push(option.trim().to_owned());
        }
        rest = after.get(end..)?;
    }
    match chosen.as_slice() {
        [one] if one.is_empty() => Some(Answer::Yes),
        [one] => Some(answer(one)),
        _ => Some(Answer::Unclear),
    }
}

fn unclear(problem: String) -> Verdict {
    Verdict {
        problem: Some(problem),
        confidence: Confidence::Medium,
        ..Verdict::of(Judged::Unclear(UNCLEAR.to_owned()))
    }
}

/// Judges a consent field.
pub(super) fn consent(field: Field, value: &str) -> Verdict {
    let what =
        if field == Field::Consent { "consent to share information" } else { "consent to be contacted" };
    match answer(value) {
        Answer::Yes => Verdict::of(Judged::Yes),
        Answer::No => Verdict::of(Judged::No),
        Answer::Unclear if is_agreement(value) => Verdict::of(Judged::Yes),
        Answer::Unclear => unclear(format!("The answer about {what} is not a clear yes or no; please ask.")),
    }
}

/// The sentence of a ticked box: "I agree that my information is shared with …", without any limit in it.
fn is_agreement(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    let opens = matches!(
        words.as_slice(),
        ["i", "agree" | "consent" | "authorize" | "authorise", ..]
            | ["yes", "i", "agree" | "consent" | "authorize" | "authorise", ..]
            | ["acepto" | "autorizo", ..]
            | ["doy", "mi", "consentimiento", ..]
            | ["estoy", "de", "acuerdo", ..]
            | ["si", "acepto" | "autorizo", ..]
            | ["client" | "cliente", "consents" | "agrees" | "consiente" | "acepta" | "autoriza", ..]
    );
    opens && !says("limits", &folded) && !value.contains('?')
}

/// Judges a question about one channel.
pub(super) fn safe(asked: Asked, value: &str) -> Verdict {
    let either = LEXICON.phrases("either").is(&fold(value));
    let said = if either { Answer::Yes } else { answer(value) };
    match (said, asked.reversed) {
        (Answer::Yes, false) => Verdict::of(Judged::Yes),
        (Answer::No, false) | (Answer::Yes, true) => Verdict::of(Judged::No),
        (Answer::No | Answer::Unclear, true) => unclear(
            "A field says what is not safe, and its answer is unclear; please ask what is safe.".to_owned(),
        ),
        (Answer::Unclear, false) => {
            unclear(format!("The answer to {} is not a clear yes or no; please ask.", asked.field.key()))
        }
    }
}

/// Judges the general question: a yes or no, or which channels.
pub(super) fn channels(asked: Asked, value: &str) -> Verdict {
    if asked.reversed {
        return reversed(asked, value);
    }
    let folded = fold(value);
    let said = if LEXICON.phrases("either").is(&folded) { Answer::Yes } else { answer(value) };
    let mentioned = mentioned(&words(&folded));
    if asked.channels != 0 && said != Answer::Unclear && mentioned & !asked.channels == 0 {
        let safety = if said == Answer::Yes { Safety::Safe } else { Safety::NotSafe };
        return Verdict::of(Judged::Channels(set(Channels::default(), asked.channels, safety)));
    }
    if mentioned != 0 {
        return by_clauses(value, said);
    }
    match said {
        Answer::Yes => Verdict::of(Judged::Yes),
        Answer::No => Verdict::of(Judged::No),
        Answer::Unclear => unclear("The answer about safe contact is not clear; please ask.".to_owned()),
    }
}

/// "Do not contact at: work", "Do not contact by: email".
fn reversed(asked: Asked, value: &str) -> Verdict {
    let folded = fold(value);
    let bits = asked.channels | mentioned(&words(&folded));
    if bits != 0 {
        return Verdict::of(Judged::Channels(set(Channels::default(), bits, Safety::NotSafe)));
    }
    unclear("A field says how the person must not be contacted; please ask what is safe.".to_owned())
}

const LISTS: [(&str, u8); 5] = [
    ("voicemail", channel::VOICEMAIL),
    ("text", channel::TEXT),
    ("letter", channel::LETTER),
    ("email", channel::EMAIL),
    ("call", channel::CALL),
];

/// The channel whose words begin here, and how many words they are; the longest wins ("text message" is no message).
fn channel_at(words: &[&str]) -> Option<(u8, usize)> {
    LISTS
        .iter()
        .map(|(list, bit)| (*bit, LEXICON.phrases(list).starts(words)))
        .filter(|(_, size)| *size > 0)
        .max_by_key(|(_, size)| *size)
}

/// Every channel the words speak of, as bits.
pub(super) fn mentioned(words: &[&str]) -> u8 {
    let mut bits = 0;
    let mut at = 0;
    while at < words.len().min(200) {
        match channel_at(words.get(at..).unwrap_or_default()) {
            Some((bit, size)) => {
                bits |= bit;
                at += size;
            }
            None => at += 1,
        }
    }
    bits
}

/// "Text only", "call, no voicemail", "phone and email ok": clause by clause. One word we do not know and what was
/// called safe is not known to be; what was called unsafe stays so.
fn by_clauses(value: &str, said: Answer) -> Verdict {
    let mut channels = Channels::default();
    let mut sure = !value.contains('?');
    let mut only = false;
    let mut safe_bits = 0;
    let mut unsafe_bits = 0;
    for clause in clauses(value) {
        let read = clause_of(&clause);
        sure &= read.known;
        only |= read.only;
        safe_bits |= read.safe;
        unsafe_bits |= read.denied;
    }
    if safe_bits & unsafe_bits != 0 {
        sure = false;
    }
    safe_bits &= !unsafe_bits;
    if said == Answer::No && safe_bits != 0 && !only && unsafe_bits == 0 {
        sure = false;
    }
    if only && sure {
        channels = set(channels, !safe_bits, Safety::NotSafe);
    }
    channels = set(channels, unsafe_bits, Safety::NotSafe);
    if sure {
        channels = set(channels, safe_bits, Safety::Safe);
        return Verdict::of(Judged::Channels(channels));
    }
    let problem =
        "The answer about safe contact has a condition or a word we do not know; please ask.".to_owned();
    if unsafe_bits == 0 {
        return unclear(problem);
    }
    Verdict {
        problem: Some(problem),
        confidence: Confidence::Medium,
        ..Verdict::of(Judged::Channels(channels))
    }
}

fn clauses(value: &str) -> Vec<String> {
    let mut clauses = Vec::new();
    for part in value
        .split([',', ';', '.', '/', '(', ')', '\n', ':', '+', '&', '—', '–', '!'])
        .flat_map(|part| part.split(" - "))
    {
        let folded = fold(part);
        let words = words(&folded);
        let turns = LEXICON.phrases("turns");
        let mut clause: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let size = turns.starts(words.get(at..).unwrap_or_default());
            if size > 0 {
                clauses.push(clause.join(" "));
                clause.clear();
                at += size;
            } else {
                clause.push(word);
                at += 1;
            }
        }
        clauses.push(clause.join(" "));
    }
    clauses.retain(|clause| !clause.is_empty());
    clauses.truncate(50);
    clauses
}

#[derive(Default)]
struct Clause {
    safe: u8,
    denied: u8,
    only: bool,
    known: bool,
}

/// Reads one clause. A "no" binds what follows it in the clause, "call but no voicemail" and "call and no voicemail".
fn clause_of(clause: &str) -> Clause {
    let words = words(clause);
    let mut read = Clause { known: true, ..Clause::default() };
    let mut negative = false;
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let no = LEXICON.phrases("negative").starts(rest);
        let only = LEXICON.phrases("only").starts(rest);
        let glue = LEXICON.phrases("glue").starts(rest);
        if no > 0 {
            // "email is not safe": the no comes after its channel.
            if !negative && read.safe != 0 && channel_after(rest.get(no..).unwrap_or_default()).is_none() {
                read.denied |= read.safe;
                read.safe = 0;
            }
            negative = true;
            at += no;
        } else if let Some((bit, size)) = channel_at(rest) {
            if negative {
                read.denied |= bit
            } else {
                read.safe |= bit
            }
            at += size;
        } else if only > 0 {
            read.only = !negative;
            at += only;
        } else if glue > 0 {
            at += glue;
        } else {
            read.known = false;
            at += 1;
        }
    }
    read
}

fn channel_after(words: &[&str]) -> Option<u8> {
    (0..words.len()).find_map(|at| channel_at(words.get(at..)?).map(|(bit, _)| bit))
}

fn set(channels: Channels, bits: u8, safety: Safety) -> Channels {
    let pick = |bit: u8, before: Safety| if bits & bit != 0 { safety } else { before };
    Channels {
        call: pick(channel::CALL, channels.call),
        voicemail: pick(channel::VOICEMAIL, channels.voicemail),
        text: pick(channel::TEXT, channels.text),
        email: pick(channel::EMAIL, channels.email),
        letter: pick(channel::LETTER, channels.letter),
    }
}

/// The safer of two readings, channel by channel: not safe wins, and what only one of them says counts.
pub(crate) fn safer(a: Channels, b: Channels) -> Channels {
    let pick = |a: Safety, b: Safety| match (a, b) {
        (Safety::NotSafe, _) | (_, Safety::NotSafe) => Safety::NotSafe,
        (Safety::Safe, _) | (_, Safety::Safe) => Safety::Safe,
        (Safety::Unknown, Safety::Unknown) => Safety::Unknown,
    };
    Channels {
        call: pick(a.call, b.call),
        voicemail: pick(a.voicemail, b.voicemail),
        text: pick(a.text, b.text),
        email: pick(a.email, b.email),
        letter: pick(a.letter, b.letter),
    }
}

/// "Do not leave voicemail" written beside a phone number: the channels it forbids.
pub(super) fn denied_in(value: &str) -> u8 {
    clauses(value).iter().fold(0, |bits, clause| bits | clause_of(clause).denied)
}

/// Judges the question for an interpreter; "Yes, Spanish" names the language too.
pub(super) fn interpreter(value: &str) -> Verdict {
    let tongue = super::tongue_of(value);
    let folded = fold(value);
    let judged = match answer(value) {
        Answer::Yes => Judged::Yes,
        Answer::No => Judged::No,
        Answer::Unclear if tongue.is_some() && !says("limits", &folded) => Judged::Yes,
        Answer::Unclear if LEXICON.phrases("yes").starts(&words(&folded)) > 0 => Judged::Yes,
        Answer::Unclear => Judged::Unclear(UNCLEAR.to_owned()),
    };
    let also = match tongue {
        Some((tag, _)) if judged == Judged::Yes && tag != "en" => {
            vec![(Field::Language, value.to_owned(), Judged::Language(tag))]
        }
        _ => Vec::new(),
    };
    Verdict { also, ..Verdict::of(judged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_a_yes() {
        for yes in [
            "Yes",
            "y",
            "Sí",
            "YES!",
            "yes, please",
            "Yes - safe to leave voicemail",
            "ok",
            "true",
            "Checked",
            "☑ Yes ☐ No",
            "[x] Yes [ ] No",
            "Sí, por favor",
            "Yes, client consents",
            "sí, claro",
        ] {
            assert_eq!(answer(yes), Answer::Yes, "{yes}");
        }
        for no in [
            "No",
            "n",
            "no - please don't leave details",
            "NO!!",
            "No.",
            "nunca",
            "not safe",
            "☐ Yes ☑ No",
            "No, gracias",
            "Never",
            "do not",
            "Not yet",
            "No, solo texto",
        ] {
            assert_eq!(answer(no), Answer::No, "{no}");
        }
        for unclear in [
            "yes, but only after 5pm",
            "sí, pero solo por la tarde",
            "maybe",
            "ask first",
            "Yes?",
            "yes unless he is home",
            "email is fine but only Tuesdays",
            "☑ Yes ☑ No",
            "Yes/No",
            "",
            "yes no",
            "no problem",
            "N/A",
            "pending",
        ] {
            assert_eq!(answer(unclear), Answer::Unclear, "{unclear}");
        }
    }

    fn read(value: &str) -> Judged {
        channels(Asked { field: Field::SafeToContact, channels: 0, reversed: false }, value).judged
    }

    fn said(call: i8, voicemail: i8, text: i8, email: i8, letter: i8) -> Judged {
        let safety = |n: i8| match n {
            1 => Safety::Safe,
            -1 => Safety::NotSafe,
            _ => Safety::Unknown,
        };
        let (call, voicemail, text) = (safety(call), safety(voicemail), safety(text));
        Judged::Channels(Channels { call, voicemail, text, email: safety(email), letter: safety(letter) })
    }

    #[test]
    fn channels_are_read_clause_by_clause() {
        for (value, expected) in [
            ("text only", said(-1, -1, 1, -1, -1)),
            ("Call, no voicemail", said(1, -1, 0, 0, 0)),
            ("phone and email ok", said(1, 0, 0, 1, 0)),
            ("call but do not leave voicemail", said(1, -1, 0, 0, 0)),
            ("No voicemail; text ok", said(0, -1, 1, 0, 0)),
            ("email is not safe", said(0, 0, 0, -1, 0)),
            ("do NOT email", said(0, 0, 0, -1, 0)),
            ("No mail please", said(0, 0, 0, 0, -1)),
            ("solo mensajes de texto", said(-1, -1, 1, -1, -1)),
            ("llamadas sí, no dejar mensaje", said(1, -1, 0, 0, 0)),
            ("Yes", Judged::Yes),
            ("No", Judged::No),
        ] {
            assert_eq!(read(value), expected, "{value}");
        }
        for unclear in ["email is fine but only Tuesdays", "call after 5", "text when he is at work", "safe?"]
        {
            assert!(matches!(read(unclear), Judged::Unclear(_)), "{unclear}");
        }
    }

    #[test]
    fn what_was_called_unsafe_stays_so_beside_a_condition() {
        assert_eq!(read("call after 5, no voicemail"), said(0, -1, 0, 0, 0));
    }
}
