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
    client: Told,
    /// Somebody beside the client was named right above, and since then only ways to reach somebody.
    is_beside: bool,
}

/// What was said of the client already.
struct Told {
    has_name: bool,
    has_phone: bool,
}

impl Soft {
    pub(super) const fn none() -> Soft {
        Soft {
            whose: Whose::Plain,
            is_unsure: false,
            client: Told { has_name: false, has_phone: false },
            is_beside: false,
        }
    }

    /// A heading begins.
    pub(super) const fn part(&mut self) {
        (self.whose, self.is_unsure, self.is_beside) = (Whose::Plain, false, false);
    }

    /// Another person begins.
    pub(super) const fn another(&mut self) {
        *self = Soft::none();
    }

    /// Whether it is nobody's for certain, so that it must be asked; `is_headed` below the heading of the client.
    pub(super) fn leaves_out(&self, entry: &Entry, owner: Whose, is_headed: bool) -> bool {
        let Some(meaning) = entry.label.meaning.filter(|_| owner == Whose::Client) else { return false };
        let is_plain = meaning.whose == Whose::Plain;
        let is_open = is_plain || meaning.whose == Whose::Your;
        let may_be = reaches(entry) || matches!(meaning.slot, Slot::Email | Slot::ContactLine);
        !is_headed && self.is_unsure && is_open && reaches(entry) || self.is_beside && is_plain && may_be
    }

    /// Whether the next number or address may be of somebody who stands beside the client.
    fn is_beside_after(&self, entry: &Entry, owner: Whose, slot: Slot) -> bool {
        let names = is_name(slot) || slot == Slot::ContactLine;
        let is_nobody = || {
            judge::is_nothing(Field::ClientName, &entry.value)
                || judge::is_answer(&entry.value)
                || !entry.value.contains(char::is_alphabetic)
        };
        if matches!(owner, Whose::Opposing | Whose::Other) && names {
            return !is_nobody();
        }
        let goes_on = matches!(
            slot,
            Slot::Phone
                | Slot::PhoneOther
                | Slot::Email
                | Slot::ContactLine
                | Slot::Address
                | Slot::AddressMore
                | Slot::City
                | Slot::State
                | Slot::Zip
                | Slot::CityStateZip
        );
        self.is_beside && goes_on && entry.label.meaning.is_none_or(|meaning| meaning.whose != Whose::Client)
    }

    pub(super) fn after(&mut self, entry: &Entry, owner: Whose, below: &[Item]) {
        let Some(slot) = entry.label.meaning.map(|meaning| meaning.slot) else { return };
        if owner == Whose::Client {
            self.client.has_name |= is_name(slot);
            self.client.has_phone |= reaches(entry);
        }
        self.is_beside = self.is_beside_after(entry, owner, slot);
        if let Some(next) = next_soft(entry, owner) {
            self.whose = next;
            self.is_unsure = false;
        }
        let has_address = owner == Whose::Referrer && is_name(slot) && entry.value.contains('@');
        let is_all_said = || {
            !judge::phones_in(&entry.value).is_empty()
                || (self.client.has_name || !names_client(below)) && asks_another_address(entry, below)
        };
        if has_address && is_all_said() {
            // All is said of how to reach them; the next number is not theirs.
            self.whose = Whose::Plain;
        } else if has_address && self.client.has_name && !self.client.has_phone {
            // "Referred by: Jo Bell, jo@hill.example" below a client without a number: it may be of either.
            (self.whose, self.is_unsure) = (Whose::Plain, true);
        } else if owner == Whose::Opposing && !self.client.has_phone && self.is_beside {
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

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::Field;

    #[test]
    fn what_stands_right_below_somebody_beside_the_client_is_left_out_and_asked() {
        for (text, phone, email) in [
            (
                "Phone: 518-555-0142\nLandlord: Max Poe\nPhone: 518-555-0199\nEmail: poe@mail.example\n",
                true,
                false,
            ),
            ("Landlord: Max Poe\nEmail: poe@mail.example\nPhone: 518-555-0199\n", false, false),
            ("Landlord: Max Poe\nAddress: 5 Elm St\nPhone: 518-555-0199\n", false, false),
            ("Phone: 518-555-0142\nEmergency contact: Rosa Vega\nPhone: 518-555-0199\n", true, false),
            ("Landlord: Max Poe\nPhone: 518-555-0199\nCounty: Kings\nEmail: ana@mail.example\n", false, true),
            (
                "Email: ana@mail.example\nAbuser: Max Poe\nPhone: 518-555-0199\nCell: 518-555-0198\n",
                false,
                true,
            ),
        ] {
            for heading in ["", "CLIENT INFORMATION\n"] {
                let text = format!("{heading}Client name: Ana Vega\n{text}Language: Spanish\nConsent: yes\n");
                let harvest = read(Source { text: &text, ..Source::default() }, &context());
                let packet = &harvest.packets[0];
                let phone = phone.then_some("518-555-0142");
                assert_eq!(packet.text(Field::ClientPhone), phone, "{text}");
                assert_eq!(packet.text(Field::ClientPhoneOther), None, "{text}");
                assert_eq!(packet.text(Field::ClientEmail), email.then_some("ana@mail.example"), "{text}");
                assert!(harvest.problems.iter().any(|said| said.contains("ask whose")), "{text}");
            }
        }
    }

    #[test]
    fn below_nobody_and_below_the_next_answer_a_number_is_the_clients() {
        for text in [
            "Opposing party: none\nPhone: 518-555-0142\n",
            "Opposing party: N/A\nPhone: 518-555-0142\n",
            "Children: 2\nPhone: 518-555-0142\n",
            "Landlord: Max Poe\nClient phone: 518-555-0142\n",
            "CLIENT\nLandlord: Max Poe\nClient phone: 518-555-0142\n",
        ] {
            let text = format!("Client name: Ana Vega\n{text}Language: Spanish\nConsent: yes\n");
            let packet = &read(Source { text: &text, ..Source::default() }, &context()).packets[0];
            assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"), "{text}");
        }
    }
}
