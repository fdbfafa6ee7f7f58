//! Whom a plain "Phone" belongs to, as the lines before it make likely.

use super::gather::{is_a, is_name, reaches};
use super::judge;
use super::lexicon::{Slot, Whose};
use super::scan::{Entry, Item};
use crate::referral::packet::Field;

/// Whom the next plain "Phone" belongs to, and what was said of the client before it.
pub(super) struct Soft {
    pub(super) whose: Whose,
    /// It may be the client's as well as the referrer's.
    is_unsure: bool,
    is_client_named: bool,
    has_client_phone: bool,
}

impl Soft {
    pub(super) const fn none() -> Soft {
        Soft { whose: Whose::Plain, is_unsure: false, is_client_named: false, has_client_phone: false }
    }

    /// A heading begins.
    pub(super) const fn part(&mut self) {
        (self.whose, self.is_unsure) = (Whose::Plain, false);
    }

    /// Another person begins.
    pub(super) const fn another(&mut self) {
        *self = Soft::none();
    }

    /// Whether it is nobody's for certain, so that it must be asked.
    pub(super) fn leaves_out(&self, entry: &Entry, owner: Whose) -> bool {
        let is_open =
            entry.label.meaning.is_some_and(|meaning| matches!(meaning.whose, Whose::Plain | Whose::Your));
        self.is_unsure && is_open && owner == Whose::Client && reaches(entry)
    }

    pub(super) fn after(&mut self, entry: &Entry, owner: Whose, below: &[Item]) {
        let Some(slot) = entry.label.meaning.map(|meaning| meaning.slot) else { return };
        if owner == Whose::Client {
            self.is_client_named |= is_name(slot);
            self.has_client_phone |= reaches(entry);
        }
        if let Some(next) = next_soft(entry, owner) {
            self.whose = next;
            self.is_unsure = false;
        }
        let has_address = owner == Whose::Referrer && is_name(slot) && entry.value.contains('@');
        let is_all_said = || {
            !judge::phones_in(&entry.value).is_empty()
                || (self.is_client_named || !names_client(below)) && asks_another_address(entry, below)
        };
        if has_address && is_all_said() {
            // All is said of how to reach them; the next number is not theirs.
            self.whose = Whose::Plain;
        } else if has_address && self.is_client_named && !self.has_client_phone {
            // "Referred by: Jo Bell, jo@hill.example" below a client without a number: it may be of either.
            (self.whose, self.is_unsure) = (Whose::Plain, true);
        } else if owner == Whose::Opposing && !self.has_client_phone {
            // "Landlord: Max Poe" right above "Phone": it may be his.
            self.is_unsure |= matches!(below.first(), Some(Item::Entry(next)) if reaches(next));
        }
    }
}

/// Whether a name of the client stands under a label of its own.
fn names_client(items: &[Item]) -> bool {
    items.iter().any(|item| {
        let meaning = if let Item::Entry(entry) = item { entry.label.meaning } else { None };
        meaning.is_some_and(|meaning| meaning.whose == Whose::Client && is_name(meaning.slot))
    })
}

/// Whether the lines below, up to the next name or heading, give another plain address than this entry's: then they are
/// not of whom it names.
fn asks_another_address(entry: &Entry, below: &[Item]) -> bool {
    let near = below.iter().map_while(|item| match item {
        Item::Entry(entry) if !entry.label.meaning.is_some_and(|meaning| is_name(meaning.slot)) => {
            Some(entry)
        }
        Item::Entry(_) | Item::Section(_) | Item::Another | Item::Loose => None,
    });
    let known = judge::address_in(&entry.value);
    near.filter(|entry| is_a(entry, Slot::Email)).any(|entry| {
        let is_plain = entry.label.meaning.is_some_and(|meaning| meaning.whose == Whose::Plain);
        let other = judge::address_in(&entry.value);
        is_plain && other.is_some() && other != known
    })
}

/// Whom the next plain "Phone" belongs to after this entry.
fn next_soft(entry: &Entry, owner: Whose) -> Option<Whose> {
    let slot = entry.label.meaning?.slot;
    if !matches!(owner, Whose::Client | Whose::Referrer) {
        return None;
    }
    let explicit = entry.label.meaning?.whose != Whose::Plain;
    if matches!(slot, Slot::Name | Slot::FirstName | Slot::LastName | Slot::FromLine | Slot::ContactLine)
        || (explicit && matches!(slot, Slot::Phone | Slot::Email))
    {
        return Some(owner);
    }
    if matches!(slot, Slot::Field(Field::ReferrerOrg | Field::Relationship)) {
        return Some(Whose::Referrer);
    }
    matches!(slot, Slot::Field(Field::ClientDob | Field::GenderPronouns)).then_some(Whose::Client)
}
