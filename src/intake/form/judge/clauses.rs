//! The clauses of an answer that names ways of contact, and to which way each of them belongs: "call: yes, email: no".
//!
//! A clause without a way of its own binds to its neighbour. A way is safe only where each word said of it is of a
//! closed list that permits; where it is not plain which way a word is said of, none is.

use super::ways::channel_at;
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::LEXICON;

/// What an answer says of each way, as bits of `lexicon::channel`.
#[derive(Default)]
pub(super) struct Reading {
    /// Called safe. Counts only where everything is sure.
    pub(super) safe: u8,
    /// Called unsafe, whatever else is said.
    pub(super) denied: u8,
    /// The ways called safe are the only ones.
    pub(super) only: bool,
    /// Every word is known, and it is plain what each is said of.
    pub(super) sure: bool,
}

/// Reads an answer clause by clause.
pub(super) fn reading(value: &str) -> Reading {
    let mut said = said(value);
    let mut sure = !has_doubtful_sign(value) && said.len() < MOST;
    for at in 0..said.len() {
        sure &= bind(&mut said, at);
    }
    sure &= (0..said.len()).all(|at| is_plain(&said, at));
    let mut reading = Reading { sure, ..Reading::default() };
    for Said { clause, .. } in &said {
        reading.sure &= clause.known;
        reading.only |= clause.only;
        reading.safe |= clause.safe;
        reading.denied |= clause.denied;
    }
    reading.sure &= reading.safe & reading.denied == 0;
    reading.safe &= !reading.denied;
    reading
}

/// Signs that say something no word says: a question, a thumb, a dash with nothing behind it, half a word in brackets.
pub(super) fn has_doubtful_sign(value: &str) -> bool {
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || c.is_whitespace()
            || c.is_ascii_punctuation() && c != '?'
            || matches!(c, '—' | '–' | '‐' | '‑' | '’' | '‘' | '“' | '”' | '•' | '·' | '¡')
            || matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
    };
    let is_left_open = |part: &str| part.trim_end().ends_with(['-', '–', '—', ':', '=', '_', '~']);
    let mut before = ' ';
    let is_half_a_word = |c: char| {
        let parts = before.is_alphanumeric() && matches!(c, '(' | '[')
            || matches!(before, ')' | ']') && c.is_alphanumeric();
        before = c;
        parts
    };
    !value.chars().all(is_plain)
        || value.split([',', ';']).any(is_left_open)
        || value.lines().any(|line| line.trim_end().ends_with(['-', '–', '—']))
        || value.chars().any(is_half_a_word)
}

/// So many clauses are read.
const MOST: usize = 50;

/// What stands before a clause.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Joint {
    /// A comma, a full stop, a new line: what is before may be another matter.
    Loose,
    /// A colon, a dash, a bracket: this is said of what is before.
    Tight,
    /// "But".
    Turn,
}

struct Said {
    joint: Joint,
    clause: Clause,
}

/// The clauses, each with what stands before it.
fn said(value: &str) -> Vec<Said> {
    let mut said = Vec::new();
    let mut joint = Joint::Loose;
    let value = value.replace(" - ", "—");
    for part in value.split_inclusive([',', ';', '.', '/', '(', ')', '\n', ':', '+', '&', '—', '–', '!'])
    {
        let folded = fold(part);
        let words = words(&folded);
        let turns = LEXICON.phrases("turns");
        let (mut from, mut at) = (0, 0);
        let mut push = |from: usize, to: usize, joint: &mut Joint| {
            let clause = words.get(from..to).unwrap_or_default();
            if !clause.is_empty() && said.len() < MOST {
                said.push(Said { joint: *joint, clause: clause_of(clause) });
                *joint = Joint::Loose;
            }
        };
        while at < words.len() {
            let size = turns.starts(words.get(at..).unwrap_or_default());
            if size > 0 {
                push(from, at, &mut joint);
                joint = Joint::Turn;
                from = at + size;
            }
            at += size.max(1);
        }
        push(from, words.len(), &mut joint);
        if part.ends_with([':', '(', '—', '–']) {
            joint = joint.max(Joint::Tight);
        }
    }
    if joint == Joint::Turn {
        said.push(Said { joint, clause: Clause::default() });
    }
    said
}

/// Lets a clause that denies and names no way deny its neighbour's; whether it is plain which one that is.
fn bind(said: &mut [Said], at: usize) -> bool {
    let ways_at = |at: Option<usize>| at.and_then(|at| said.get(at)).map_or(0, |said| said.clause.ways());
    let Some(this) = said.get(at).filter(|said| said.clause.ways() == 0 && said.clause.denies) else {
        return true;
    };
    let is_back = this.joint == Joint::Tight;
    let is_ahead = said.get(at + 1).is_some_and(|next| next.joint == Joint::Tight);
    let (before, behind) = (at.checked_sub(1), Some(at + 1));
    let (is_back, other) = match (is_back, is_ahead) {
        (true, false) if ways_at(before) != 0 => (true, before),
        (false, true) if ways_at(behind) != 0 => (false, behind),
        _ => return false,
    };
    let is_permitted = permits(said, at + 1) || ways_at(Some(at + 2)) == 0 && permits(said, at + 2);
    let Some(other) = other.and_then(|other| said.get_mut(other)) else { return false };
    other.clause.denied |= other.clause.safe;
    other.clause.safe = 0;
    other.clause.is_denied_behind = is_back;
    // "No: call yes" does not tell which.
    is_back || !is_permitted
}

fn permits(said: &[Said], at: usize) -> bool {
    said.get(at).is_some_and(|said| said.clause.permits)
}

/// Whether it is plain what is said of the ways of a clause, beside its neighbours: not of "text" in "do not call,
/// text", nor of "call" in "call, email: no".
fn is_plain(said: &[Said], at: usize) -> bool {
    let Some(this) = said.get(at) else { return true };
    let clause = &this.clause;
    if this.joint == Joint::Turn {
        let is_turned = clause.ways() != 0 && (clause.denied != 0 || clause.permits);
        let before = at.checked_sub(1).and_then(|at| said.get(at));
        return is_turned && before.is_none_or(|before| before.clause.ways() != 0);
    }
    let next = said.get(at + 1).map(|next| &next.clause);
    let is_permitted = clause.permits || next.is_some_and(|next| next.ways() == 0 && next.permits);
    if clause.safe == 0 || is_permitted {
        return true;
    }
    let is_behind_no = said.iter().take(at).any(|before| before.clause.denied != 0);
    !is_behind_no && !next.is_some_and(|next| next.is_denied_behind)
}

/// One clause.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing of its own that a clause may say")]
pub(super) struct Clause {
    /// Ways it names and denies not.
    pub(super) safe: u8,
    /// Ways it denies.
    pub(super) denied: u8,
    /// "Only".
    pub(super) only: bool,
    /// Every word is of a closed list, and it is plain what it is said of.
    pub(super) known: bool,
    /// A word that denies.
    denies: bool,
    /// What is denied stands before the word that denies it.
    is_denied_behind: bool,
    /// A word that permits.
    permits: bool,
}

impl Clause {
    fn ways(&self) -> u8 {
        self.safe | self.denied
    }
}

/// What the word before was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Permit,
    Join,
    Other,
}

/// Reads one clause. A "no" binds what follows it in the clause, "call but no voicemail" and "call and no voicemail".
pub(super) fn clause_of(words: &[&str]) -> Clause {
    let mut read = Clause { known: true, ..Clause::default() };
    let (mut last, mut is_denied_ahead) = (Last::Other, false);
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let no = LEXICON.phrases("negative").starts(rest);
        let only = LEXICON.phrases("only").starts(rest);
        let glue = LEXICON.phrases("glue").starts(rest);
        if is_doubtful(words, at) {
            read.known = false;
            at += 1;
        } else if no > 0 {
            read.deny(last, names_way(rest.get(no..).unwrap_or_default()));
            at += no;
        } else if let Some((bit, size)) = channel_at(rest) {
            if read.denies {
                read.denied |= bit;
                is_denied_ahead |= !read.is_denied_behind;
            } else {
                read.safe |= bit;
            }
            last = Last::Other;
            at += size;
        } else if only > 0 {
            read.only = !read.denies;
            read.permits |= !read.denies;
            at += only;
        } else if glue > 0 {
            let word = rest.first().copied().unwrap_or_default();
            let is_permit = PERMITS.contains(&word);
            read.permits |= is_permit && !read.denies;
            // "No email call ok": nobody knows which of them is ok.
            read.known &= !(is_permit && is_denied_ahead);
            last = match word {
                _ if is_permit => Last::Permit,
                "and" | "y" | "e" => Last::Join,
                _ => Last::Other,
            };
            at += glue;
        } else {
            read.known = false;
            at += 1;
        }
    }
    let is_polite = || words.iter().all(|word| POLITE.contains(word));
    read.known &= read.ways() != 0 || read.denies || read.permits || is_polite();
    read
}

impl Clause {
    fn deny(&mut self, last: Last, names_way_behind: bool) {
        if !self.denies && self.safe != 0 {
            if !names_way_behind {
                // "Email is not safe": the no comes after its channel.
                self.denied |= self.safe;
                self.safe = 0;
                self.is_denied_behind = true;
            } else if last == Last::Other {
                // "Email no call yes" does not tell which.
                self.known = false;
            }
        }
        self.denies = true;
    }
}

/// Words that call what is named safe.
const PERMITS: [&str; 24] = [
    "yes",
    "ok",
    "okay",
    "safe",
    "safely",
    "fine",
    "good",
    "works",
    "allowed",
    "best",
    "preferred",
    "prefer",
    "prefers",
    "si",
    "bien",
    "seguro",
    "segura",
    "seguros",
    "seguras",
    "mejor",
    "preferido",
    "prefiere",
    "puede",
    "pueden",
];

/// Words that a clause without a way may be made of, and say nothing.
const POLITE: [&str; 27] = [
    "please", "por", "favor", "contact", "client", "method", "methods", "way", "both", "all", "any", "and",
    "or", "also", "the", "her", "this", "number", "use", "by", "via", "y", "o", "ambos", "ambas", "todos",
    "su",
];

/// Small words that stand in many an answer and yet may turn it: "email is safe at work", "email is in a safe", "un
/// safe", "email may be safe", "is email safe".
fn is_doubtful(words: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
    let rest = words.get(at..).unwrap_or_default();
    let next = rest.get(1).copied().unwrap_or_default();
    match rest.first().copied().unwrap_or_default() {
        "un" | "in" | "non" if matches!(next, "safe" | "seguro" | "segura") => true,
        "at" | "on" => !matches!(next, "this" | "that" | "the" | "her" | "number" | "any"),
        "in" => !matches!(next, "her" | "any"),
        "with" | "con" => matches!(next, "him" | "her" | "them" | "el" | "ella"),
        // Whoever fills in the form says "me", and nobody knows of "him" and "them" who it is.
        "there" | "me" | "him" | "them" => true,
        "you" => !matches!(next, "can" | "may"),
        "work" => before != "will",
        "will" => next != "work",
        "be" => next != "contacted",
        "is" | "are" => at == 0 && names_way(rest),
        "can" | "may" if matches!(next, "we" | "you") => true,
        // "Client can email": it is she who writes.
        "can" | "may" | "to" | "puede" if CLIENT.contains(&before) => next != "be",
        "via" | "through" => !leads_to_way(rest),
        // "El correo de él": only of somebody else it is written apart.
        "de" | "a" => next == "el" && rest.get(2) != Some(&"cliente"),
        _ => false,
    }
}

/// The client, before what they do.
const CLIENT: [&str; 3] = ["client", "cliente", "clienta"];

/// Whether words behind the first one name a way and not somebody: "via email", "through her phone".
fn leads_to_way(words: &[&str]) -> bool {
    let mut behind = words.iter().enumerate().skip(1);
    let named =
        behind.find(|(_, word)| !matches!(**word, "the" | "a" | "an" | "any" | "this" | "that" | "her"));
    named.is_some_and(|(at, _)| words.get(at..).is_some_and(|rest| channel_at(rest).is_some()))
}

fn names_way(words: &[&str]) -> bool {
    (0..words.len()).any(|at| words.get(at..).is_some_and(|rest| channel_at(rest).is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::channels::channels;
    use super::super::{Asked, Judged};
    use crate::intake::form::lexicon::channel;
    use crate::referral::packet::{Field, Safety};

    /// What is made of email where the answer stands behind a general question, and behind one about three ways.
    fn email(value: &str) -> [bool; 2] {
        [0, channel::CALL | channel::TEXT | channel::EMAIL].map(|channels_asked| {
            let asked = Asked { field: Field::SafeToContact, channels: channels_asked, reversed: false };
            match channels(asked, value).judged {
                Judged::Yes => true,
                Judged::Channels(channels) => channels.email == Safety::Safe,
                _ => false,
            }
        })
    }

    #[test]
    fn a_no_belongs_to_the_way_beside_it_and_is_never_a_yes() {
        let lines = include_str!("clauses_no.txt").lines().filter(|line| !line.starts_with('#'));
        let values = lines.map(|line| line.replace("\\n", "\n"));
        let yeses: Vec<String> = values.filter(|value| email(value) != [false, false]).collect();
        assert!(yeses.is_empty(), "{yeses:#?}");
    }

    #[test]
    fn an_answer_that_only_permits_stays_a_yes() {
        let values = [
            "call and text, email ok",
            "phone, email",
            "email only",
            "text: yes; email: yes",
            "call: yes, text: yes, email: yes",
            "call, text: yes; email: yes",
            "Call (yes), text (no), email (yes)",
            "Call - no, email - yes",
            "phone no, email yes",
            "No voicemail; email ok",
            "call but no voicemail, email is safe",
            "do not call but email is fine",
            "call: no\nemail: yes",
            "no: call, email ok",
            "Yes, email",
            "yes - call and email are safe",
            "call and email are safe",
            "any",
            "all safe",
            "teléfono: no, correo: sí",
            "llamadas y correo electrónico",
            "solo correo electrónico",
            "safe: email",
            "Email: OK!",
            "prefers email, call is ok too",
            "- email\n- text",
            "email (safe)",
            "E-mail: Y",
            "email will work",
            "you can email",
            "via email",
            "through email or text",
            "through her email",
            "client prefers email",
            "client may be contacted by email",
            "enviar a correo",
        ];
        let others: Vec<_> = values.into_iter().filter(|value| !email(value)[0]).collect();
        assert!(others.is_empty(), "{others:#?}");
    }

    #[test]
    fn of_several_ways_that_were_asked_only_the_named_one_is_safe() {
        assert_eq!(email("yes, call"), [false, false]);
        assert_eq!(email("yes"), [true, true]);
        assert_eq!(email("yes, call, text and email"), [true, true]);
    }
}
