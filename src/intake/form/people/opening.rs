//! How a block about a person opens: with a name, and perhaps with what they are to somebody else.

use super::super::fold::{fold, words};
use super::super::lexicon::{LEXICON, Slot, Whose};
use super::super::{above, label};

/// The most words of a name.
const LONGEST: usize = 5;

/// The name a text opens with: "Ann Lee, 518…", "Ms. Lee (…", "Name: Ann Lee".
pub(in crate::intake::form) fn name(text: &str) -> Option<&str> {
    let text = unlabelled(text.trim_start())?;
    let mut span: Option<(usize, usize)> = None;
    let mut count = 0;
    for (from, word) in spans(text) {
        // "Ann Lee,518-555-0142": the cells of a row stand close together.
        let word = word.split_inclusive([',', ';']).next().unwrap_or(word);
        let core = word.trim_end_matches([',', ';', ':', '.', ')', '*', '_']);
        let bare = core.trim_start_matches(['*', '_', '"', '“']);
        let owner = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s"));
        let core = owner.and_then(|owner| core.get(..core.len() - bare.len() + owner.len())).unwrap_or(core);
        let bare = owner.unwrap_or(bare);
        let folded = fold(bare);
        if span.is_none() && LEXICON.phrases("honorifics").is(&folded) {
            continue;
        }
        if !is_capitalised(bare) {
            if span.is_some() && LEXICON.phrases("particles").is(bare) {
                continue;
            }
            break;
        }
        let is_known = |list: &str| LEXICON.phrases(list).is(&folded);
        if is_known("no_names") || is_known("counts_of_people") || is_bystander_word(&folded) {
            break;
        }
        let start = span.map_or(from + (core.len() - bare.len()), |(start, _)| start);
        span = Some((start, from + core.len()));
        count += 1;
        let is_initial = bare.chars().count() == 1 || LEXICON.phrases("name_ends").is(&folded);
        let ends = owner.is_some()
            || word.ends_with([',', ';', ':', ')', '*'])
            || word.ends_with('.') && !is_initial;
        if ends || count == LONGEST {
            break;
        }
    }
    let (start, end) = span?;
    let name = text.get(start..end)?;
    let is_label = label::exact(name).is_some() || LEXICON.heading(&fold(name)).is_some();
    (!is_label && name.chars().count() >= 2).then_some(name)
}

/// "Name: Ann Lee" without its label; `None` when another label stands there.
fn unlabelled(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let Some((left, _)) = line.split_once(':') else { return Some(text) };
    let Some(label) = label::exact(left) else { return Some(text) };
    let meaning = label.meaning?;
    let is_name = matches!(meaning.slot, Slot::Name | Slot::FirstName)
        && matches!(meaning.whose, Whose::Client | Whose::Plain);
    if is_name { text.get(left.len() + 1..).map(str::trim_start) } else { None }
}

/// The words of a text with where they begin.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let end = text.char_indices().take(200).last().map_or(0, |(at, c)| at + c.len_utf8());
    let line = text.get(..end).unwrap_or_default().lines().next().unwrap_or_default();
    let mut at = 0;
    line.split([' ', '\t', '\u{a0}']).filter_map(move |word| {
        let from = at;
        at += word.len()
            + line.get(from + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((from, word))
    })
}

/// A word as names are written.
pub(super) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
}

/// Whether a block is about somebody beside the client: "John Poe (landlord)", "Her sister, …", "Bob is her father".
pub(super) fn is_bystander(text: &str) -> bool {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let end = line.char_indices().nth(160).map_or(line.len(), |(at, _)| at);
    let line = line.get(..end).unwrap_or_default();
    let parts = line.split([',', ';', '(', ')', ':', '.', '–', '—']).flat_map(|part| part.split(" - "));
    parts.filter(|part| part.chars().any(char::is_alphabetic)).take(4).any(|part| {
        let folded = fold(part);
        let all = words(&folded);
        let said = all.iter().position(|word| LEXICON.phrases("is_words").is(word));
        is_role(&all) || said.is_some_and(|at| is_role(all.get(at + 1..).unwrap_or_default()))
    })
}

/// "Witnesses:", "Household members": who stands below is nobody's client.
pub(super) fn heads_others(line: &str) -> bool {
    let folded = fold(line);
    let whose = LEXICON.heading(&folded).or_else(|| LEXICON.person(&folded));
    whose.is_some_and(|whose| matches!(whose, Whose::Other | Whose::Opposing | Whose::Referrer))
        || line.trim_end().ends_with(':') && LEXICON.phrases("lists_of_others").within(&words(&folded))
        || above::lists_people(line)
}

/// Few words that name somebody beside a client: "landlord", "her sister", "mother of Ann", "landlord John Poe".
/// "Landlord dispute" and "evicted by landlord" name nobody.
pub(super) fn is_role(words: &[&str]) -> bool {
    let is_story = words.iter().any(|word| LEXICON.phrases("story_words").is(word));
    let ends = |words: &[&str]| {
        (1..=3).any(|size| {
            words
                .len()
                .checked_sub(size)
                .and_then(|at| words.get(at..))
                .is_some_and(|tail| is_bystander_word(&tail.join(" ")))
        })
    };
    let of = words.iter().position(|word| matches!(*word, "of" | "de" | "to"));
    !words.is_empty()
        && words.len() <= 5
        && !is_story
        && (ends(words) || of.is_some_and(|at| ends(words.get(..at).unwrap_or_default())))
}

/// "landlord", "sisters", "case manager".
pub(in crate::intake::form) fn is_bystander_word(folded: &str) -> bool {
    let list = LEXICON.phrases("bystanders");
    list.is(folded)
        || folded.strip_suffix('s').is_some_and(|one| list.is(one))
        || matches!(LEXICON.person(folded), Some(Whose::Opposing | Whose::Other))
}
