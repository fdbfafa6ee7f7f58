//! Headings that no list of headings has, right above a name.

use super::super::above::lists_people;
use super::super::cell::is_plain_name;
use super::super::columns;
use super::super::entry::{Entry, Item};
use super::super::fold::{fold, words};
use super::super::label::Label;
use super::super::lexicon::{Meaning, Slot, Whose};
use super::super::saying::Saying;
use super::super::slip::is_delicate;
use super::{LONGEST_HEADING, Scan};
use crate::referral::packet::Field;

impl Scan<'_> {
    /// A heading that no list of headings has, right above a name: "Our staff:" above "Name: Dana Cole", "Boyfriend",
    /// "The lodger".
    pub(super) fn heading_above_a_name(&self, text: &str, saying: &Saying<'_>, at: usize) -> Option<Item> {
        let asks_who = |label: &Label| label.meaning.is_some_and(names_somebody_else);
        let is_unknown = match saying {
            Saying::Words => true,
            Saying::Alone { label, heading: None, .. } => label.meaning.is_none() || asks_who(label),
            Saying::Alone { .. }
            | Saying::Labelled(..)
            | Saying::Heading(_)
            | Saying::Another(_)
            | Saying::Footer => false,
        };
        let is_awaited = || self.open.as_ref().is_some_and(|open| open.below && open.value.is_empty());
        let asks_name = || match self.next_saying(at) {
            Some(Saying::Labelled(label, _) | Saying::Alone { label, .. }) => is_plain_name(&label),
            Some(Saying::Heading(_) | Saying::Another(_) | Saying::Footer | Saying::Words) | None => false,
        };
        if !is_unknown || text.len() > LONGEST_HEADING || is_awaited() || !asks_name() {
            return None;
        }
        if lists_people(text) {
            return Some(Item::Others);
        }
        let heading = text.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        // "Wife" above the first name may be whom the mail is about.
        let is_named = self.items.iter().any(|item| item.entry().is_some_and(is_of_a_name));
        if let Some(whose) = columns::role(heading).filter(|_| is_named) {
            return Some(Item::Section(whose));
        }
        if matches!(&*fold(heading), "petitioner" | "plaintiff" | "complainant" | "demandante") {
            return Some(Item::Section(Whose::Plain));
        }
        if matches!(saying, Saying::Alone { label, .. } if asks_who(label)) {
            return Some(Item::Section(Whose::Opposing));
        }
        is_heading(heading).then_some(Item::Headed)
    }

    /// Whether an answer about safety or consent stands above this heading that may be somebody else's: before anybody
    /// was named, or below a heading of others.
    pub(super) fn has_answers_of_another(&self) -> bool {
        let is_of_others =
            |item: &Item| matches!(item, Item::Section(Whose::Opposing | Whose::Other) | Item::Others);
        let from = self
            .items
            .iter()
            .rposition(|item| matches!(item, Item::Section(_) | Item::Others | Item::Headed));
        let section = from.and_then(|from| self.items.get(from)).is_some_and(is_of_others);
        let is_named = self.items.iter().any(|item| item.entry().is_some_and(is_of_a_name));
        let answers =
            |item: &Item| item.entry().and_then(|entry| entry.label.meaning).is_some_and(is_delicate);
        let above = self.items.get(from.unwrap_or_default()..).unwrap_or_default();
        (section || !is_named) && above.iter().any(answers)
    }
}

/// "OP", "Other side", "Partner": a label that asks for somebody beside the client, and a heading where their name has a
/// label of its own.
fn names_somebody_else(meaning: Meaning) -> bool {
    let is_others = matches!(meaning.whose, Whose::Opposing | Whose::Other | Whose::Referrer);
    let is_asked = matches!(meaning.slot, Slot::Field(Field::OpposingParty | Field::ReferrerOrg));
    is_asked || meaning.slot.is_of_name() && is_others
}

fn is_of_a_name(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| meaning.slot.is_of_name())
}

/// Whether a line of its own reads as a heading: few words, and none of what opens or ends a sentence.
fn is_heading(text: &str) -> bool {
    const NONE: [&str; 20] = [
        "also", "and", "next", "another", "plus", "hello", "hi", "dear", "good", "thanks", "thank", "please",
        "see", "below", "here", "new", "first", "hola", "buenos", "buenas",
    ];
    let folded = fold(text);
    let words = words(&folded);
    (1..=MOST_OF_HEADING).contains(&words.len())
        && words.first().is_some_and(|first| !NONE.contains(first))
        && !text.contains(|c: char| matches!(c, '.' | '!' | '?' | ',' | ';' | '@') || c.is_ascii_digit())
}

/// The most words of a heading.
const MOST_OF_HEADING: usize = 7;
