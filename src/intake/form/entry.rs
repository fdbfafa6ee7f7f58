//! What a body says, taken apart: labels with their values, and headings.

use super::label::Label;
use super::lexicon::{Slot, Whose};

/// The most entries of one body.
pub(crate) const MOST_ITEMS: usize = 4_000;
/// The most packets of one mail.
pub(crate) const MOST_PACKETS: usize = 40;

/// A label with its value.
#[derive(Clone)]
pub(crate) struct Entry {
    /// The label.
    pub(crate) label: Label,
    /// The value as written, lines joined by one space.
    pub(crate) value: String,
    /// Where the value's label stood.
    pub(crate) place: String,
}

masked!(Entry);

impl Entry {
    /// Whether its label asks for this.
    pub(super) fn is_a(&self, slot: Slot) -> bool {
        self.label.meaning.is_some_and(|meaning| meaning.slot == slot)
    }

    /// Whether it is a phone number of somebody.
    pub(super) fn is_phone(&self) -> bool {
        self.is_a(Slot::Phone) || self.is_a(Slot::PhoneOther)
    }
}

/// What a body says, in its order.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A label with its value.
    Entry(Entry),
    /// A heading: whose "Name" follows.
    Section(Whose),
    /// Another person begins.
    Another,
    /// A heading over people who are no clients: what follows is theirs, until a client is named.
    Others,
    /// A heading that no list has stands right above a name: "The lodger".
    Headed,
    /// A table had a column for each person: an answer about consent or safety that stands beside it and does not say
    /// whose it is may be anybody's.
    SideBySide,
    /// Something was not read, for it may be others'.
    Unread,
}

impl Item {
    /// The label with its value, where it is one.
    pub(super) fn entry(&self) -> Option<&Entry> {
        match self {
            Item::Entry(entry) => Some(entry),
            Item::Section(_)
            | Item::Another
            | Item::Others
            | Item::Headed
            | Item::SideBySide
            | Item::Unread => None,
        }
    }
}
