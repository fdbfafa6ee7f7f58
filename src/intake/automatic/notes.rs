//! Notes that say that nobody reads just now: absences, closed offices, mailboxes of people who left.
//!
//! A person may say the same and mean it. In doubt it is a person's: a note has no command, no trouble and no plea in
//! it.

use std::sync::LazyLock;

use super::{is_short, start_of};
use crate::intake::any_of::AnyOf;
use crate::intake::command;
use crate::intake::reply::words::{WORDS, contains_word, normal};
use crate::referral::command::Command;
use crate::referral::reason::Reasons;

/// Signs from the beginning in which it is said.
const OPENING: usize = 200;
/// Words that may stand before "our office is closed" in its sentence: "Please note that, for the holiday, …".
const MOST_BEFORE: usize = 8;
/// A longer sentence says something else too.
const LONGEST_SENTENCE: usize = 25;
/// Shorter ones are greetings, names and what is left of "a.m.".
const SHORT_SENTENCE: usize = 3;
/// A number of so many digits is one to call; a date has fewer.
const PHONE_DIGITS: usize = 10;

/// The words of such notes.
#[derive(Default)]
struct Notes {
    /// What opens any of them, looked for all at once: every mail of a person passes here.
    any: AnyOf,
    absent: Vec<&'static str>,
    ends: Vec<&'static str>,
    me: Vec<&'static str>,
    gone: Vec<&'static str>,
    unread: Vec<&'static str>,
    closed: Vec<&'static str>,
    open: Vec<&'static str>,
    kind: Vec<&'static str>,
    courtesy: Vec<&'static str>,
    business: Vec<&'static str>,
    pleas: Vec<&'static str>,
}

static NOTES: LazyLock<Notes> = LazyLock::new(Notes::load);

impl Notes {
    fn load() -> Notes {
        let mut notes = Notes::default();
        for line in include_str!("notes.txt").lines().filter(|line| !line.starts_with('#')) {
            let Some((key, phrases)) = line.split_once(": ") else { continue };
            let list = match key {
                "absent" => &mut notes.absent,
                "return" => &mut notes.ends,
                "me" => &mut notes.me,
                "gone" => &mut notes.gone,
                "unread" => &mut notes.unread,
                "closed" => &mut notes.closed,
                "open" => &mut notes.open,
                "kind" => &mut notes.kind,
                "courtesy" => &mut notes.courtesy,
                "business" => &mut notes.business,
                "plea" => &mut notes.pleas,
                _ => {
                    debug_assert!(false, "the file of notes has an unknown key");
                    continue;
                }
            };
            list.extend(phrases.split(" | "));
        }
        let opening = [&notes.absent, &notes.gone, &notes.closed].into_iter().flatten().copied();
        notes.any = AnyOf::of(opening);
        notes
    }
}

/// A short text that is nothing but such a note.
pub(super) fn is_note(text: &str) -> bool {
    if !is_short(text) || !NOTES.any.is_in(&start_of(text, OPENING)) {
        return false;
    }
    let lower = text.to_lowercase();
    (is_absence(&lower) || is_gone(&lower) || is_closed(&lower)) && !is_persons(text, &lower)
}

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// The absence stands in the first lines, not in a remark further down, and then its end.
fn is_absence(lower: &str) -> bool {
    let start = start_of(lower, OPENING);
    says(&start, &NOTES.absent) && says(&start, &NOTES.me) && says(lower, &NOTES.ends)
}

fn is_gone(lower: &str) -> bool {
    says(lower, &NOTES.gone) && says(lower, &NOTES.unread)
}

/// The writer's own office is closed, and nothing else is said.
fn is_closed(lower: &str) -> bool {
    let Some(at) = NOTES.closed.iter().filter_map(|words| lower.find(words)).min() else { return false };
    let before = lower.get(..at).unwrap_or_default();
    let mut opening: Vec<&str> = sentences(before).collect();
    let lead = if before.trim_end().ends_with(END) { "" } else { opening.pop().unwrap_or_default() };
    let is_courteous = |sentence: &&str| NOTES.courtesy.iter().any(|word| sentence.starts_with(word));
    let is_led =
        !lead.contains([':', ';']) && (lead.split_whitespace().count() <= MOST_BEFORE || is_courteous(&lead));
    let is_of_kind = |sentence: &str| {
        let words = sentence.split_whitespace().count();
        words <= SHORT_SENTENCE
            || words <= LONGEST_SENTENCE && (says(sentence, &NOTES.kind) || is_courteous(&sentence))
    };
    is_led
        && opening.iter().all(is_courteous)
        && says(lower, &NOTES.open)
        && sentences(lower).all(is_of_kind)
        && !has_phone(lower)
        && !WORDS.is_about_somebody(&normal(lower))
}

/// What ends a sentence.
const END: [char; 4] = ['.', '!', '?', '\n'];

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(END).map(str::trim).filter(|sentence| sentence.contains(char::is_alphabetic))
}

fn has_phone(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '(' | ')' | '.' | '+'))
        .any(|run| run.bytes().filter(u8::is_ascii_digit).count() >= PHONE_DIGITS)
}

/// Whether a person wants something: a command, a client, somebody's trouble, a plea.
fn is_persons(text: &str, lower: &str) -> bool {
    let normal = normal(text);
    let said = command::read(text, &Reasons::default());
    // "Note: I am out of the office" asks for nothing.
    let asks = |command: &Command| !matches!(command, Command::Note { .. });
    let is_command = said.commands.iter().any(asks) || !said.understood.is_empty();
    is_command
        || says(lower, &NOTES.business)
        || WORDS.is_about_trouble(&normal)
        || NOTES.pleas.iter().any(|plea| contains_word(&normal, plea))
}
