//! Answers that are chosen among printed ones: the option with the tick.

use super::ticks::{self, Mark};
use crate::intake::form::fold::fold;
use crate::intake::form::lexicon::LEXICON;

/// What is chosen among printed options.
pub(super) enum Chosen {
    /// There is one box, and it is ticked.
    Tick,
    /// The words of the ticked one.
    Option(String),
    /// Nobody knows which.
    Unclear,
}

masked!(Chosen);

/// `☑ Yes ☐ No`, `[x] Yes [ ] No`, `(X) Sí ( ) No`: the marked one; `None` when nothing is marked that way.
pub(super) fn chosen(value: &str) -> Option<Chosen> {
    if let Some(drawn) = drawn(value) {
        return Some(drawn);
    }
    if value.is_ascii() && !value.contains(['[', '(']) {
        return None;
    }
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
    let (mut chosen, mut boxes) = (Vec::new(), 0);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['\u{1}', '\u{2}']) {
        let (before, from) = rest.split_at_checked(at)?;
        let marked = from.starts_with('\u{1}');
        boxes += 1;
        let after = from.get(1..)?;
        let end = after.find(['\u{1}', '\u{2}']).unwrap_or(after.len());
        let option = after.get(..end)?;
        // "Yes ☑ No ☐" marks behind the words cannot be told from marks before them unless nothing stands before.
        if !before.trim().is_empty() && chosen.is_empty() && rest.len() == text.len() {
            return Some(Chosen::Unclear);
        }
        if marked {
            chosen.push(option.trim().to_owned());
        }
        rest = after.get(end..)?;
    }
    match chosen.as_slice() {
        // A tick alone is a yes; one behind other options ticks nobody knows what.
        [one] if one.is_empty() && boxes == 1 => Some(Chosen::Tick),
        [one] if !one.is_empty() => Some(Chosen::Option(one.clone())),
        _ => Some(Chosen::Unclear),
    }
}

/// `X Yes __ No`, `__ Yes _X_ No`: the ticked one, if the others are a printed yes or no and nothing more.
fn drawn(value: &str) -> Option<Chosen> {
    let options = ticks::drawn(value)?;
    let is_printed =
        |words: &str| ["yes", "no"].into_iter().any(|list| LEXICON.phrases(list).is(&fold(words)));
    let (ticked, others): (Vec<_>, Vec<_>) = options.iter().partition(|(mark, _)| *mark == Mark::Ticked);
    match ticked.as_slice() {
        [(_, words)] if !words.is_empty() && others.iter().all(|(_, words)| is_printed(words)) => {
            Some(Chosen::Option(words.clone()))
        }
        _ => Some(Chosen::Unclear),
    }
}
