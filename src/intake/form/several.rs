//! Several labels on one line, parted by a gap: "Last name: Vega    First name: Ana    DOB: 3/4/1990", and a whole form
//! written as one paragraph: "Client name: Ana Vega, phone: 518-555-0142. Consent to share: yes."

mod follows;
#[cfg(test)]
mod tests;
mod wrapped;

use super::fold::fold;
use super::label::{self, Label};
use super::lexicon::LEXICON;
use super::people;
use super::questions::asks_of_safety;
use super::saying::{self, Saying};
use super::soft;
use follows::{Before, may_follow, negates};

pub(super) use follows::{is_of_safety, may_be_of_others};
pub(super) use wrapped::unwrapped;

/// The most gaps of a kind that are looked at in a line.
const MOST: usize = 24;
/// The longest label that is looked for behind one, in bytes.
const LONGEST: usize = 60;

/// Longer values are stories, and no form is written on so long a line, in bytes.
const LONGEST_LINE: usize = 2_000;

/// What parts labels on one line.
const GAPS: [&str; 4] = ["  ", ". ", "; ", " | "];
/// What parts them too, and stands inside values as often: what follows must be told by more than its label.
const WEAK_GAPS: [&str; 4] = [", ", " - ", " – ", " / "];
/// What may stand between the words before a form and its first label.
const BEFORE_FORM: [&str; 3] = [": ", "! ", "? "];

/// So many labels, each with a value that fits it, make a form of a line that opens with other words.
const FORM: usize = 3;

/// A label's own value on a line.
#[derive(Clone, Copy)]
pub(super) struct Parted<'a> {
    /// The value.
    pub(super) own: &'a str,
    /// What follows it, from the next label on.
    pub(super) next: Option<&'a str>,
    /// The next label asks what is safe, and nobody can be sure for whom: this one is somebody else's.
    pub(super) is_doubtful: bool,
}

/// The value of a label without the labels that follow it on its line, and these. Behind a label of somebody else they
/// are theirs, unless only a client is asked so, and in a story they are a part of it. `above` labels were read on the
/// line before this one.
pub(super) fn parted<'a>(label: &Label, value: &'a str, above: usize) -> Parted<'a> {
    let whole = Parted { own: value, next: None, is_doubtful: false };
    // Nearly every value has no second label, and so no sign of one.
    if value.len() > LONGEST_LINE || !value.contains([':', '?']) {
        return without_farewell(whole, above);
    }
    let before = Before::of(label, value, above);
    let is_form = |rest: &str| before != Before::Told || labels(rest) + 1 >= FORM;
    let starts = |(gap, is_weak): (&'static str, bool)| {
        let follows = |at: &usize| {
            let (own, rest) = (value.get(..*at)?, value.get(at + gap.len()..)?.trim_start());
            may_follow(opening(rest)?, own, before, is_weak)
                .then_some((own, rest, is_weak))
                .filter(|(_, rest, _)| is_form(rest))
        };
        value.match_indices(gap).take(MOST).find_map(|(at, _)| follows(&at))
    };
    let strong = GAPS.map(|gap| (gap, false));
    let weak = WEAK_GAPS.map(|gap| (gap, true));
    let next = strong.into_iter().chain(weak).filter_map(starts).max_by_key(|(_, rest, _)| rest.len());
    let Some((own, next, is_weak)) = next else { return without_farewell(whole, above) };
    // A sentence of its own about consent is the client's, as it would be on a line of its own.
    let is_apart = value.get(own.len()..).is_some_and(|gap| gap.starts_with(['.', '|', '\n']));
    let is_others = |(next, _): (Label, &str)| {
        is_of_safety(&next) || !is_apart && may_be_of_others(&next) && !follows::is_referrers(label)
    };
    // A comma ends no story for sure: what is answered behind it may be a part of what is told.
    let is_of_story = before == Before::Story && !is_apart && is_weak;
    let is_doubtful = before == Before::Others && opening(next).is_some_and(is_others) || is_of_story;
    let own = own.trim_end().trim_end_matches(['.', ';', '|', ',', ' ']);
    Parted { own, next: Some(next), is_doubtful }
}

/// "Consent to share: yes. Thank you, Jo": at the end of a form on one line the farewell is no part of the answer. One
/// that says no more than a farewell does.
fn without_farewell(parted: Parted<'_>, above: usize) -> Parted<'_> {
    let is_farewell = |rest: &str| matches!(saying::of(rest), Saying::Footer) && is_only_farewell(rest);
    let at = (above + 1 >= FORM).then(|| parted.own.match_indices(". ").take(MOST));
    let at = at.into_iter().flatten().find(|(at, gap)| {
        let rest = parted.own.get(at + gap.len()..).unwrap_or_default().trim();
        rest.len() <= LONGEST && is_farewell(rest)
    });
    let own = at.and_then(|(at, _)| parted.own.get(..at)).unwrap_or(parted.own);
    let own = if above > 0 { own.trim_end_matches([';', '|', ',', ' ']) } else { own };
    Parted { own, ..parted }
}

/// Whether words say farewell, and whose it is, and no more: "Thanks, once she confirms" is a condition.
fn is_only_farewell(rest: &str) -> bool {
    let is_farewell = |word: &str| LEXICON.phrases("farewell_words").is(&fold(word));
    let words = rest.split_inclusive([' ', ',', '.', '!']);
    let farewell: usize =
        words.take_while(|word| fold(word).is_empty() || is_farewell(word)).map(str::len).sum();
    let name = rest.get(farewell..).unwrap_or_default().trim_matches([' ', ',', '.', '!', '-']);
    name.is_empty() || people::name(name) == Some(name)
}

/// The words before a form that is written behind them on the same line, and the form: "Hello, a new referral. Client
/// name: Ana Vega; phone: 518-555-0142; language: Dari".
pub(super) fn behind_words(line: &str) -> Option<(&str, &str)> {
    if line.len() > LONGEST_LINE || signs(line) < FORM || opening(line).is_some() {
        return None;
    }
    let mut asked = Vec::new();
    let mut first: Option<(usize, bool)> = None;
    for (at, rest, is_weak) in rests(line) {
        let Some(found) = opening(rest) else { continue };
        let meaning = found.0.meaning;
        let own = line.get(..at).unwrap_or_default();
        if asked.contains(&meaning) || !may_follow(found, own, Before::Words, is_weak) {
            continue;
        }
        asked.push(meaning);
        let here = (line.len() - rest.len(), is_weak);
        first = Some(first.map_or(here, |first| first.min(here)));
    }
    let (at, is_weak) = first.filter(|_| asked.len() >= FORM)?;
    let (words, form) = line.split_at_checked(at)?;
    let is_doubtful = is_quoted(words) || is_weak && negates(words);
    (!is_doubtful).then_some((words.trim_end(), form))
}

/// The places of a line behind a gap, what stands there, and whether the gap says little.
fn rests(line: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let gaps = GAPS.into_iter().map(|gap| (gap, false)).chain(WEAK_GAPS.map(|gap| (gap, true)));
    let gaps = gaps.chain(BEFORE_FORM.map(|gap| (gap, true)));
    gaps.flat_map(move |(gap, is_weak)| {
        let behind =
            move |(at, _): (usize, &str)| Some((at, line.get(at + gap.len()..)?.trim_start(), is_weak));
        line.match_indices(gap).take(MOST).filter_map(behind)
    })
}

/// How many labels stand behind gaps of a line, up to as many as make a form.
fn labels(line: &str) -> usize {
    rests(line).filter(|(_, rest, _)| opening(rest).is_some()).take(FORM).count()
}

/// Whether a quotation is open behind the words.
fn is_quoted(words: &str) -> bool {
    words.matches('"').count() % 2 == 1 || words.matches('“').count() > words.matches('”').count()
}

/// How many signs that stand behind labels a line has.
fn signs(line: &str) -> usize {
    line.bytes().filter(|byte| matches!(byte, b':' | b'?')).count()
}

/// The most labels that a line can hold.
pub(super) fn most(line: &str) -> usize {
    let is_parted = || GAPS.iter().chain(&WEAK_GAPS).any(|gap| line.contains(gap));
    match signs(line) {
        count @ 2.. if is_parted() => count,
        _ => 1,
    }
}

/// Whether a label behind a gap of a line is one of these.
pub(super) fn holds(line: &str, is_wanted: impl Fn(&Label) -> bool) -> bool {
    signs(line) > 1
        && rests(line).filter_map(|(_, rest, _)| opening(rest)).any(|(label, _)| is_wanted(&label))
}

/// The known label that opens a text, with a colon or a question mark, and what follows it.
fn opening(text: &str) -> Option<(Label, &str)> {
    let end = text.floor_char_boundary(LONGEST);
    let start = text.get(..end).filter(|start| start.starts_with(|c: char| c.is_alphabetic() || c == '¿'))?;
    let at = start.find([':', '?'])?;
    let after = text.get(at + 1..).unwrap_or_default().trim_start();
    let label = label::exact(start.get(..=at)?).filter(|label| label.meaning.is_some());
    // "Emergency contact: Rosa Vega": no list holds it, and a name says that it is somebody.
    let label = label.or_else(|| soft::helper(start.get(..at)?, follows::head(after)))?;
    Some((label, after))
}
