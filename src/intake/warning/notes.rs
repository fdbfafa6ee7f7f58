//! A field for safety notes: nobody writes by mail before a person has read it, but where all of it is known to say
//! nothing of writing. "Not safe", "ask for Lena first" and what we do not understand hold the mail; "none", "call after
//! five" and "restraining order in place" do not.

use std::sync::LazyLock;

use super::super::form;
use super::super::form::fold::{fold, words};
use crate::intake::shapes::{self, Shape};
use crate::referral::packet::{Field, Packet};

/// What may stand in a note; the file says how it is written.
const FILE: &str = include_str!("notes.txt");

/// A longer note, in bytes, is a story, and no pattern is of one.
const LONGEST: usize = 500;
/// The same of its parts, in words.
const MOST_WORDS: usize = 30;

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(patterns);

/// Whether the packet has a safety note that may be about writing.
pub(super) fn is_worrying(packet: &Packet) -> bool {
    packet.text(Field::SafetyNotes).is_some_and(|note| !is_harmless(&form::unasked(note)))
}

/// Whether a note plainly says nothing of writing.
pub(super) fn is_harmless(note: &str) -> bool {
    if note.len() > LONGEST || !note.chars().all(is_plain) {
        return false;
    }
    let note = note.replace(" - ", ";").replace(" / ", ";").replace(". ", ";");
    let parts = note
        .split([',', ';', '(', ')', '!', '|', '•', '—', '–', '\n', '\r'])
        .flat_map(|part| part.split(TICKS));
    let mut said = Vec::new();
    for part in parts.map(fold).filter(|part| !part.is_empty()) {
        let Some(kinds) = kinds(&words(&part)) else { return false };
        said.extend(kinds);
    }
    let is_limited = said.contains(&Kind::Bare) || said.contains(&Kind::Hours);
    let is_denied = said.iter().skip(1).any(|kind| *kind == Kind::Bare);
    !is_denied && (!is_limited || !said.contains(&Kind::Ways))
}

/// Boxes that are ticked.
const TICKS: [char; 5] = ['☑', '✓', '✔', '✅', '\u{fe0f}'];

/// Signs that say nothing by themselves. A question mark, a thumb, a cross, an empty box and a stroke through words may
/// say the contrary of these.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric()
        || c.is_whitespace()
        || c.is_ascii_punctuation() && !matches!(c, '?' | '~')
        || matches!(c, '—' | '–' | '‐' | '‑' | '’' | '‘' | '“' | '”' | '•' | '·' | '¡')
        || matches!(c, '\u{300}'..='\u{334}' | '\u{339}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
        || TICKS.contains(&c)
}

/// What kinds of patterns the words of a part are of, or those on both sides of an "and"; `None` where of none.
fn kinds(words: &[&str]) -> Option<Vec<Kind>> {
    if let Some(kind) = kind(words) {
        return Some(vec![kind]);
    }
    let mut sides = words.split(|word| matches!(*word, "and" | "but" | "y" | "pero"));
    sides.by_ref().map(kind).collect()
}

fn kind(words: &[&str]) -> Option<Kind> {
    let is_short = words.len() <= MOST_WORDS;
    PATTERNS.iter().find(|pattern| is_short && pattern.shape.is(words)).map(|pattern| pattern.kind)
}

/// What else a part may stand beside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Anything.
    Any,
    /// What follows it: set behind other words it may deny them.
    Bare,
    /// Anything that permits nothing: it may be a condition.
    Hours,
    /// Anything but a bare no or a condition.
    Ways,
}

/// What a part may say, and what else it may stand beside.
struct Pattern {
    kind: Kind,
    shape: Shape,
}

fn patterns() -> Vec<Pattern> {
    let lists = shapes::lists(FILE);
    let pattern = |(key, names): (&str, &'static str)| {
        Some(Pattern { kind: kind_named(key)?, shape: Shape::of(names, &lists) })
    };
    shapes::lines(FILE).filter_map(pattern).collect()
}

fn kind_named(name: &str) -> Option<Kind> {
    match name {
        "any" => Some(Kind::Any),
        "bare" => Some(Kind::Bare),
        "hours" => Some(Kind::Hours),
        "ways" => Some(Kind::Ways),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_is_plainly_of_something_else_holds_nothing() {
        let notes = [
            "None",
            "N/A",
            "ok.",
            "No",
            "No.",
            "N",
            "-",
            "No concerns",
            "no known safety concerns",
            "None reported by client",
            "Client reports no safety concerns",
            "Client denies any current safety concerns.",
            "There are no safety concerns at this time.",
            "No immediate danger",
            "No history of violence",
            "no safety issues, prefers mornings",
            "Ninguna",
            "No hay preocupaciones",
            "нет",
            "없음",
            "prefers mornings",
            "Prefers mornings and evenings.",
            "call after 5 pm",
            "Call after 5:00 p.m.",
            "before 9am",
            "Best time to call: weekdays 9-5",
            "Available Mon – Fri, 10am to 2pm",
            "She’s home Thursdays",
            "Works nights",
            "Do not call before 9 am",
            "No voicemail",
            "Please do not leave voicemails.",
            "Do not leave a message at work",
            "Speaks Spanish",
            "Spanish only",
            "Needs a Haitian Creole interpreter",
            "ASL interpreter needed",
            "Wheelchair user",
            "Hard of hearing",
            "protective order in place",
            "No contact order in place",
            "Restraining order granted 11/3/2026",
            "Yes - restraining order against ex-husband",
            "RO expires December 1, 2026",
            "Order of protection: yes",
            "Orden de protección vigente",
            "safe to email",
            "safe to contact",
            "ok to contact",
            "Email ok, no known concerns",
            "Email ok, call after 5 pm",
            "Please call or text her after 5 pm",
            "Client is safe",
            "Safe at home",
            "Never married",
            "Nobody else at home",
            "Let her rest in the mornings",
            "☑ None",
            "✓ No concerns",
        ];
        let held: Vec<_> = notes.into_iter().filter(|note| !is_harmless(note)).collect();
        assert!(held.is_empty(), "{held:#?}");
    }

    #[test]
    fn any_other_note_holds_the_mail() {
        let notes = [
            "Not safe",
            "UNSAFE",
            "dangerous",
            "everything is monitored",
            "be discreet",
            "Please be discreet.",
            "check with me first",
            "ask for Lena first",
            "calls please",
            "call first",
            "call 617-555-0142",
            "abuser lives with her",
            "he is home after 5",
            "keep secret from husband",
            "no es seguro",
            "peligro",
            "опасно",
            "осторожно",
            "不安全",
            "危险",
            "위험",
            "خطر",
            "pas en sécurité",
            "không an toàn",
            "hindi ligtas",
            "只能打电话",
            "전화만",
            "sólo llamadas",
            "apèl sèlman",
        ];
        let unheard: Vec<_> = notes.into_iter().filter(|note| is_harmless(note)).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
    }

    #[test]
    fn a_note_with_a_way_or_a_condition_in_it_holds_the_mail() {
        let notes = [
            "email gets opened by him",
            "email is his",
            "email syncs to his phone",
            "neither call nor email",
            "nothing is safe",
            "in person only",
            "no messages",
            "no contact",
            "do not contact",
            "email: unknown",
            "email: \u{274c}",
            "none?",
            "~~none~~",
            "ok \u{1f44e}",
            "❌",
            "☐ None",
            "☑ email ☐ phone",
            "none, but he reads along",
            "unknown",
            "via Harbor House",
            "landline only",
            "See attached",
            "email ok, no",
            "email ok - no",
            "safe to email\nNo",
            "no, email ok",
            "email ok at night",
            "email ok, mornings",
            "safe to email, until 5 pm",
            "safe to email (at shelter)",
            "avoid her",
            "mail ok",
            "letters are fine",
            "do not ring her husband",
            "safe to email unless he is home",
            "no risk that he sees it",
            "no concerns, but check first",
            "do not call or email",
            "no calls, email",
            "restraining order violated",
            "restraining order, he still reads her mail",
            "speaks Spanish, son translates",
        ];
        let unheard: Vec<_> = notes.into_iter().filter(|note| is_harmless(note)).collect();
        assert!(unheard.is_empty(), "{unheard:#?}");
        assert!(!is_worrying(&Packet::default()));
        assert!(!is_harmless(&"none ".repeat(101)), "longer than anybody writes");
    }

    #[test]
    fn every_phrase_of_the_file_is_folded_and_every_list_is_used() {
        let lines = || FILE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let all: Vec<_> = lines().map(|line| line.split_once(": ").unwrap()).collect();
        let used: Vec<_> = all
            .iter()
            .filter(|(key, _)| kind_named(key).is_some())
            .flat_map(|(_, items)| items.split(' '))
            .collect();
        for (key, rest) in &all {
            let Some(name) = key.strip_prefix("list ") else {
                assert!(kind_named(key).is_some(), "{key}");
                continue;
            };
            assert!(used.iter().any(|item| item.trim_end_matches(['?', '*', '+']) == name), "{name}");
            for phrase in rest.split('|').filter(|phrase| *phrase != "#") {
                assert_eq!(fold(phrase), phrase, "{name}");
            }
        }
        let is_listed = |item: &str| {
            let name = item.trim_end_matches(['?', '*', '+']);
            all.iter().any(|(key, _)| key.strip_prefix("list ") == Some(name))
        };
        assert!(used.iter().all(|item| is_listed(item)), "{used:?}");
    }
}
