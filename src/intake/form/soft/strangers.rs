//! Labels that no list holds and that name somebody beside the client: "Suspect: Max Poe", "Housing navigator: Jo Bell".

use super::super::entry::{Entry, Item};
use super::super::fold::{fold, words};
use super::super::judge;
use super::super::label::Label;
use super::super::lexicon::{LEXICON, Meaning, Slot, Whose};
use super::work::is_helper;
use crate::referral::packet::Confidence;

/// A label that is only a word for somebody beside the client, "Suspect: Max Poe", asks for their name. Where their
/// number stands behind the name, all is said of them.
pub(in crate::intake::form) fn named_beside(label: Label, value: &str) -> Label {
    if label.meaning.is_some() || !value.contains(char::is_alphabetic) {
        return label;
    }
    let all = words(&label.key);
    let is_beside = !all.is_empty() && LEXICON.phrases("beside").starts(&all) == all.len();
    let is_helper = !is_beside && is_helper(&all, value);
    if !(is_beside || is_helper) || !judge::phones_in(value).is_empty() || value.contains('@') {
        return label;
    }
    let sure = if is_helper { HELPERS } else { label.sure };
    Label { meaning: Some(Meaning { slot: Slot::Name, whose: Whose::Other }), sure, ..label }
}

/// The label of a cell beside which stands the name of somebody beside the client.
pub(in crate::intake::form) fn helper(cell: &str, value: &str) -> Option<Label> {
    let label = Label { key: fold(cell), meaning: None, sure: Confidence::High };
    Some(named_beside(label, value)).filter(|label| label.meaning.is_some())
}

/// How sure it is that a label is a helper's.
const HELPERS: Confidence = Confidence::Low;

/// Forgets helpers where no label names a client: "Renter: Ana Vega" is nobody's work.
pub(in crate::intake::form) fn forget_helpers(items: &mut Vec<Item>) {
    let is_named =
        |item: &Item, whose: &[Whose]| matches!(item, Item::Entry(entry) if is_name_of(entry, whose));
    let is_helper = |item: &Item| {
        matches!(item, Item::Entry(entry) if entry.label.sure == HELPERS) && is_named(item, &[Whose::Other])
    };
    let names_client = |item: &Item| is_named(item, &[Whose::Client, Whose::Plain]);
    if items.iter().any(is_helper) && !items.iter().any(names_client) {
        items.retain(|item| !is_helper(item));
    }
}

/// The entry of somebody beside the client.
pub(in crate::intake::form) fn beside_client(name: &str, place: String) -> Item {
    let meaning = Some(Meaning { slot: Slot::Name, whose: Whose::Other });
    let label = Label { key: String::new(), meaning, sure: HELPERS };
    Item::Entry(Entry { label, value: name.to_owned(), place })
}

/// Whether an entry is the name of one of these.
pub(in crate::intake::form) fn is_name_of(entry: &Entry, whose: &[Whose]) -> bool {
    entry.label.meaning.is_some_and(|meaning| meaning.slot.is_of_name() && whose.contains(&meaning.whose))
}
