//! Boxes of a paper form in a value: `☒ Phone ☐ Text`, `[x] Phone [ ] Text`, `Phone ☒ Text ☐`. A word beside an empty
//! box was not said.

use crate::intake::quick::neighbours;
use crate::referral::packet::Field;

/// What stands in a box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// A tick: this was chosen.
    Ticked,
    /// Nothing: this was not.
    Empty,
    /// A cross where others have ticks, or a sign for "no".
    Crossed,
}

/// The boxes of a value, each with the words that belong to it; `None` when there is none. Where it cannot be told on
/// which side of the words their box stands, there are no options in it.
pub(super) fn options(value: &str) -> Option<Vec<(Mark, String)>> {
    if !may_hold_box(value) {
        return None;
    }
    let text = boxed(value);
    // A single tick in front of running words is an ornament or an answer, not a box among others.
    if !text.contains([TICKED, EMPTY, CROSSED]) {
        return None;
    }
    let mark = |c: char| match c {
        TICKED => Some(Mark::Ticked),
        EMPTY => Some(Mark::Empty),
        CROSSED => Some(Mark::Crossed),
        _ => None,
    };
    let text = text.trim();
    let opens = text.chars().next().and_then(mark).is_some();
    let closes = text.chars().next_back().and_then(mark).is_some();
    let mut options: Vec<(Mark, String)> = Vec::new();
    if opens == closes {
        return Some(options);
    }
    let mut words = String::new();
    for c in text.chars() {
        match mark(c) {
            Some(mark) if opens => options.push((mark, String::new())),
            Some(mark) => options.push((mark, std::mem::take(&mut words))),
            None if opens => options.last_mut().into_iter().for_each(|(_, words)| words.push(c)),
            None => words.push(c),
        }
    }
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|');
    for (_, words) in &mut options {
        *words = words.trim_matches(is_between).to_owned();
    }
    Some(options)
}

/// A value where only what was chosen counts: the ticked words, if the value has boxes and it is plain which are
/// ticked, and whatever was written beside a box.
pub(crate) fn chosen(field: Field, value: String) -> String {
    let is_choice = matches!(
        field,
        Field::Language | Field::Urgency | Field::PreferredContact | Field::Service | Field::Reason
    );
    let options = if is_choice { options(&value) } else { None };
    let Some(options) = options.filter(|options| options.len() > 1) else { return value };
    let has = |wanted: Mark| options.iter().any(|(mark, _)| *mark == wanted);
    // Nobody knows then whether a cross is a tick or a no.
    if has(Mark::Crossed) && !has(Mark::Ticked) {
        return value;
    }
    let counts = |(mark, words): &&(Mark, String)| *mark == Mark::Ticked || is_written(words);
    let chosen = options.iter().filter(counts).map(|(_, words)| words.as_str());
    chosen.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
}

/// More than the printed words of an option: something behind a colon, or a story behind the last box.
fn is_written(words: &str) -> bool {
    const LONGEST_OPTION: usize = 6;
    words.split_once(':').is_some_and(|(_, behind)| !behind.trim().is_empty())
        || words.split_whitespace().count() > LONGEST_OPTION
}

/// Boxes that are drawn with strokes before their words, `X Yes __ No`, of which some are ticked and some are not.
pub(super) fn drawn(value: &str) -> Option<Vec<(Mark, String)>> {
    if !value.contains("__") {
        return None;
    }
    let mark = |word: &str| match word.trim_matches('_') {
        "" if word.len() > 1 => Some(Mark::Empty),
        "x" | "X" | "✓" | "✔" => Some(Mark::Ticked),
        _ => None,
    };
    let mut options: Vec<(Mark, String)> = Vec::new();
    for word in value.split_whitespace() {
        match (mark(word), options.last_mut()) {
            (Some(mark), _) => options.push((mark, String::new())),
            (None, Some((_, words))) => words.extend([" ", word]),
            (None, None) => return None,
        }
    }
    let has = |wanted: Mark| options.iter().any(|(mark, _)| *mark == wanted);
    (has(Mark::Ticked) && has(Mark::Empty)).then_some(options)
}

/// Whether a value opens with a drawn box.
pub(crate) fn is_drawn(value: &str) -> bool {
    drawn(value).is_some()
}

const TICKED: char = '\u{1}';
const EMPTY: char = '\u{2}';
const CROSSED: char = '\u{3}';

/// Whether a box stands in a value that nobody ticked.
pub(super) fn has_empty_box(value: &str) -> bool {
    may_hold_box(value) && boxed(value).contains(EMPTY)
}

/// Whether a box may stand in a value: nearly none does, and one look over its bytes tells so. It says yes rather too
/// often.
fn may_hold_box(value: &str) -> bool {
    if value.is_ascii() {
        return value.contains(['[', '(']);
    }
    // Boxes and ticks begin at U+25A0; what typesetters use, quotes and dashes, stands before U+2580.
    let is_sign = |before: u8, byte: u8| {
        u8::from(matches!(byte, b'[' | b'(' | 1..=3 | 0xf0))
            | u8::from(before == 0xe2) & u8::from(byte >= 0x96)
    };
    let first = value.bytes().next().map_or(0, |first| is_sign(0, first));
    neighbours(value).fold(first, |found, (before, byte)| found | is_sign(*before, *byte)) != 0
}

/// Each box as one sign.
fn boxed(value: &str) -> String {
    const BOXES: [(&str, char); 14] = [
        ("[x]", TICKED),
        ("[X]", TICKED),
        ("[✓]", TICKED),
        ("[*]", TICKED),
        ("(x)", TICKED),
        ("(X)", TICKED),
        ("[ x ]", TICKED),
        ("[ X ]", TICKED),
        ("[ ]", EMPTY),
        ("[]", EMPTY),
        ("[_]", EMPTY),
        ("( )", EMPTY),
        ("()", EMPTY),
        ("[  ]", EMPTY),
    ];
    // The box with a cross is the ticked one of a paper form, but says no beside one with a tick.
    let has_ticks = value.contains(['☑', '✓', '✔', '✅', '🗹']);
    let mut text = value.replace('☒', if has_ticks { "\u{3}" } else { "\u{1}" });
    for (shown, sign) in BOXES {
        if text.contains(shown) {
            text = text.replace(shown, sign.encode_utf8(&mut [0; 4]));
        }
    }
    text.replace(['☑', '✓', '✔', '✅', '🗹', '●', '◉', '■', '⬤'], "\u{1}")
        .replace(['☐', '□', '○', '◯', '❏', '❑', '⬜', '▢', '◻', '◽'], "\u{2}")
        .replace(['✗', '✘', '❌', '✕', '✖'], "\u{3}")
        .replace('\u{fe0f}', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Mark::{Crossed, Empty, Ticked};

    #[test]
    fn a_value_that_cannot_hold_a_box_holds_none() {
        let has_box = |value: &str| boxed(value).contains([TICKED, EMPTY, CROSSED]);
        for c in ('\0'..='\u{2ffff}').filter(|c| !c.is_ascii()) {
            for value in [format!("é {c} Text"), format!("{c}é"), format!("é{c}")] {
                assert!(may_hold_box(&value) || !has_box(&value), "{value:?}");
            }
        }
        for sign in ["[x]", "( )", "\u{1}", "\u{2}", "\u{3}"] {
            assert!(may_hold_box(&format!("é {sign}")) && may_hold_box(&format!("{sign} é")), "{sign:?}");
        }
        assert!(!may_hold_box("– “quoted” … €300 • naïve café, Łódź, Київ, 東京"));
    }

    #[test]
    fn each_box_has_its_words_on_the_side_where_all_have_them() {
        for (value, expected) in [
            ("☒ Phone ☐ Text", vec![(Ticked, "Phone"), (Empty, "Text")]),
            ("[x] Phone, [ ] Text", vec![(Ticked, "Phone"), (Empty, "Text")]),
            ("(X) Phone ( ) Text", vec![(Ticked, "Phone"), (Empty, "Text")]),
            ("Phone ☑ Text ☐ Email ☒", vec![(Ticked, "Phone"), (Empty, "Text"), (Crossed, "Email")]),
            ("✓ Phone ✗ Text", vec![(Ticked, "Phone"), (Crossed, "Text")]),
            ("Phone ☒ Text", vec![]),
            ("☒ Phone ☐", vec![]),
        ] {
            let found = options(value).unwrap();
            let found: Vec<(Mark, &str)> =
                found.iter().map(|(mark, words)| (*mark, words.as_str())).collect();
            assert_eq!(found, expected, "{value}");
        }
        assert_eq!(options("call (home) or text"), None);
    }

    #[test]
    fn of_a_choice_only_what_is_ticked_counts() {
        for (field, value, expected) in [
            (Field::Language, "☐ English ☒ Spanish ☐ Other", "Spanish"),
            (Field::Urgency, "[ ] Emergency [ ] Urgent [x] Routine", "Routine"),
            (Field::Urgency, "☐ Emergency ☐ Urgent", ""),
            (Field::Urgency, "✗ Emergency ☐ Routine", "✗ Emergency ☐ Routine"),
            (Field::Urgency, "☐ Urgent ☐ Other: lockout tomorrow", "Other: lockout tomorrow"),
            (
                Field::Reason,
                "☒ Housing ☐ Other\nThe landlord changed the locks last night.",
                "Housing, Other\nThe landlord changed the locks last night.",
            ),
            (Field::Service, "☑ Housing ☑ Family ☐ Benefits", "Housing, Family"),
            (Field::SafetyNotes, "☐ armed ☒ lives with her", "☐ armed ☒ lives with her"),
            (Field::Language, "☑a☑☐é", "a"),
            (Field::Language, "Spanish", "Spanish"),
        ] {
            assert_eq!(chosen(field, value.to_owned()), expected, "{value}");
        }
    }
}
