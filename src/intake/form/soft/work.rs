//! Somebody's work: whom a label calls by it.

use super::super::fold::{fold, words};
use super::super::lexicon::LEXICON;
use super::super::people;

/// Whether a label that no list holds calls somebody by their work, "Housing navigator", "Defensora de víctimas", and
/// what stands behind it is a name.
pub(super) fn is_helper(label: &[&str], value: &str) -> bool {
    // English says it last, and Spanish first.
    let (Some(first), Some(last)) = (label.first(), label.last()) else { return false };
    if label.len() > MOST_WORDS || !(works(last, &WORKERS) || works(first, &TRABAJADORES)) {
        return false;
    }
    let parts = || value.split([',', '(', '|', ';']).map(str::trim);
    let named = people::name(value).filter(|name| parts().next() == Some(*name));
    let is_known = || [first, last].into_iter().any(|word| LEXICON.phrases("writes_for_another").is(word));
    let is_thing = LEXICON.phrases("no_workers").is(last);
    let is_named = named.is_some_and(|name| name.contains(' ') || is_known());
    !is_thing && (is_named || is_known() && is_small_name(value.trim()))
}

/// "noor aziz": a name of two words or three whose writer sets no capitals.
fn is_small_name(value: &str) -> bool {
    let is_small = |word: &str| word.chars().all(|c| c.is_lowercase() || matches!(c, '-' | '\''));
    let count = value.split(' ').count();
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    let folded = fold(value);
    let is_nobody = LEXICON.phrases("nobody").starts(&words(&folded)) > 0;
    if !(2..=3).contains(&count) || !value.split(' ').all(is_small) || is_nobody {
        return false;
    }
    let written = value.split(' ').map(capital).collect::<Vec<String>>().join(" ");
    people::name(&written) == Some(&*written)
}

/// The longest label of somebody's work, in words.
const MOST_WORDS: usize = 5;

/// How English words for what somebody does end: "worker", "navigator", "therapist", "physician".
const WORKERS: [&str; 9] = ["er", "or", "ist", "ian", "contact", "nurse", "staff", "advocate", "liaison"];
/// How Spanish ones do: "defensora", "consejero", "gestora", "especialista".
const TRABAJADORES: [&str; 7] = ["or", "ora", "ero", "era", "ista", "contacto", "enlace"];

/// Whether a word ends like a word for what somebody does.
fn works(word: &str, endings: &[&str]) -> bool {
    word.len() > 3 && endings.iter().any(|ending| word.ends_with(ending))
}
