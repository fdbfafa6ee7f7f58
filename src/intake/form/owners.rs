//! Whose value each entry holds: the client's, whoever refers, somebody else's or nobody's for certain.

use super::entry::{Entry, Item};
use super::fold::{fold, words};
use super::lexicon::{LEXICON, Slot, Whose};
use super::soft::Soft;
use super::{cell, several};
use crate::referral::packet::Field;

/// Whose value each item holds.
pub(super) struct Owned {
    /// One for each item.
    pub(super) each: Vec<Whose>,
    /// Something was left out because it may be somebody else's.
    pub(super) leaves_out: bool,
    /// So was what stands in a list or a table of others.
    pub(super) is_unread: bool,
}

/// Asks of each item whose value it holds.
pub(super) fn of(items: &[Item]) -> Owned {
    let mut owners = Owners::of(items);
    let each = items.iter().enumerate().map(|(at, item)| owners.owner(at, item)).collect();
    Owned { each, leaves_out: owners.leaves_out, is_unread: owners.is_unread }
}

/// What is known of the items, and of those before the one that is asked.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them go together")]
struct Owners<'i> {
    items: &'i [Item],
    /// A label names the client.
    named: bool,
    /// So does one that cannot mean whoever refers.
    is_named_otherwise: bool,
    /// Whose values the heading above says that follow.
    section: Whose,
    /// That heading is one over a list of others.
    is_list: bool,
    soft: Soft,
    /// A value of the client's was seen.
    seen: bool,
    leaves_out: bool,
    is_unread: bool,
}

impl<'i> Owners<'i> {
    fn of(items: &'i [Item]) -> Owners<'i> {
        let is_whole = |slot| matches!(slot, Slot::Name | Slot::FirstName | Slot::LastName);
        let named = entries(items).any(|entry| asks(entry, Whose::Client).is_some_and(is_whole));
        let is_named_otherwise = entries(items)
            .any(|entry| asks(entry, Whose::Client).is_some_and(Slot::is_of_name) && !is_either(entry));
        Owners {
            items,
            named,
            is_named_otherwise,
            section: Whose::Plain,
            is_list: false,
            soft: Soft::none(),
            seen: false,
            leaves_out: false,
            is_unread: false,
        }
    }

    fn owner(&mut self, at: usize, item: &Item) -> Whose {
        match item {
            Item::Section(whose) => self.part(*whose, false),
            Item::Others => self.part(Whose::Other, true),
            Item::Another => {
                (self.section, self.is_list) = (Whose::Plain, false);
                self.soft.another();
            }
            Item::Headed | Item::SideBySide => {}
            Item::Unread => self.is_unread = true,
            Item::Entry(entry) => {
                // "Household members: 3" above a form heads no more than its own line.
                let is_of_others = self.is_list || self.section == Whose::Other;
                if is_of_others && cell::is_explicit_client(&entry.label) {
                    self.part(Whose::Plain, false);
                }
                return self.entry(at, entry);
            }
        }
        self.section
    }

    /// A heading begins, or ends.
    fn part(&mut self, section: Whose, is_list: bool) {
        (self.section, self.is_list) = (section, is_list);
        self.soft.part();
    }

    fn entry(&mut self, at: usize, entry: &Entry) -> Whose {
        let owner = match self.by_label(entry) {
            // Who sent the form is not the client it names.
            Whose::Client | Whose::Plain
                if is_from_line(entry) && (self.named || is_named_below(self.items)) =>
            {
                Whose::Referrer
            }
            // "Email" above "Client's full name" is that of who fills in the form.
            Whose::Client if self.named && !self.seen && is_lone_email(entry, self.items) => Whose::Referrer,
            // The word that may mean either is whoever refers where another word names the client.
            Whose::Client if self.is_named_otherwise && is_either(entry) => Whose::Referrer,
            owner if self.soft.leaves_out(entry, owner, self.section != Whose::Plain) => {
                self.leaves_out = true;
                Whose::Other
            }
            _ if self.soft.is_relation_of_theirs(entry) => Whose::Other,
            // Any other relation may be that of who refers, and whoever reads must know of it.
            Whose::Other if entry.is_a(Slot::Field(Field::Relationship)) => Whose::Client,
            // What is safe is asked of the client, but below a heading of others: "Referrer phone" is none.
            Whose::Referrer | Whose::Opposing
                if self.section == Whose::Plain && is_asked_of_nobody(entry) =>
            {
                Whose::Client
            }
            owner => owner,
        };
        self.is_unread |= self.is_list && owner == Whose::Other && is_of_section(entry);
        self.leaves_out |= owner == Whose::Other && several::is_of_safety(&entry.label);
        self.seen |= owner == Whose::Client && !is_of_form(entry);
        self.soft.after(entry, owner, self.items.get(at + 1..).unwrap_or_default());
        owner
    }

    /// "Legal name" beside the client's, and the client's name again, longer or shorter: "Client: Ana V." and "Name: Ana
    /// Vega".
    fn names_the_client(&self, entry: &Entry) -> bool {
        let is_clients = |other: &&Entry| asks(other, Whose::Client) == Some(Slot::Name);
        LEXICON.phrases("legal_names").is(&entry.label.key)
            || entry.is_a(Slot::Name)
                && entries(self.items)
                    .find(is_clients)
                    .is_some_and(|client| is_same(&client.value, &entry.value))
    }

    /// Whose value a label asks for, by its words, the heading above it and what was said before.
    fn by_label(&self, entry: &Entry) -> Whose {
        let Some(meaning) = entry.label.meaning else { return Whose::Other };
        let asked_of =
            |whose, slot| entries(self.items).any(|entry| asks(entry, whose).is_some_and(|s| kin(s, slot)));
        let has = |slot| asked_of(Whose::Client, slot) || asked_of(Whose::Plain, slot);
        match meaning.whose {
            Whose::Client | Whose::Referrer | Whose::Opposing | Whose::Other => meaning.whose,
            Whose::Plain if self.section != Whose::Plain => self.section,
            Whose::Plain if meaning.slot.is_of_name() && self.named && !self.names_the_client(entry) => {
                Whose::Referrer
            }
            Whose::Plain if meaning.slot.is_of_name() => Whose::Client,
            Whose::Your if matches!(self.section, Whose::Client | Whose::Referrer) => self.section,
            Whose::Your if asked_of(Whose::Referrer, meaning.slot) => Whose::Client,
            Whose::Your if self.named || has(meaning.slot) => Whose::Referrer,
            Whose::Plain | Whose::Your if self.soft.whose == Whose::Plain => Whose::Client,
            Whose::Plain | Whose::Your => self.soft.whose,
        }
    }
}

/// Whether a label asks what is safe, and does not say for whom.
fn is_asked_of_nobody(entry: &Entry) -> bool {
    let is_plain = |whose| matches!(whose, Whose::Plain | Whose::Your);
    several::is_of_safety(&entry.label) && entry.label.meaning.is_some_and(|meaning| is_plain(meaning.whose))
}

/// Whether two names begin alike and one has each word of the other, or its initial.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (one, other) = (words(&one), words(&other));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let is_said = |word: &&str| {
        let is_initial = word.chars().count() == 1;
        long.iter().any(|said| said == word || is_initial && said.starts_with(*word))
    };
    !short.is_empty() && short.first() == long.first() && short.iter().all(is_said)
}

fn entries(items: &[Item]) -> impl Iterator<Item = &Entry> {
    items.iter().filter_map(|item| if let Item::Entry(entry) = item { Some(entry) } else { None })
}

/// What a label that says so asks of somebody.
fn asks(entry: &Entry, whose: Whose) -> Option<Slot> {
    entry.label.meaning.filter(|meaning| meaning.whose == whose).map(|meaning| meaning.slot)
}

/// Whether a label has the word that may mean the client or whoever refers.
fn is_either(entry: &Entry) -> bool {
    LEXICON.phrases("clients_or_referrers").within(&words(&entry.label.key))
}

/// Whether the heading above it says whose an entry is: a name, or a way to reach somebody.
fn is_of_section(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| {
        meaning.whose == Whose::Plain && !matches!(meaning.slot, Slot::Field(_) | Slot::Matter | Slot::Ignore)
    })
}

/// What a form says of itself, above whoever it is about: "Timestamp", "Our file number".
fn is_of_form(entry: &Entry) -> bool {
    const ITS: [Slot; 3] =
        [Slot::Ignore, Slot::Field(Field::ReferralDate), Slot::Field(Field::PartnerReference)];
    entry.label.meaning.is_some_and(|meaning| ITS.contains(&meaning.slot))
}

/// A plain "Email" on a line of its own, where no other label asks for one.
fn is_lone_email(entry: &Entry, items: &[Item]) -> bool {
    let is_plain = |entry: &Entry| {
        entry.is_a(Slot::Email) && entry.label.meaning.is_some_and(|meaning| meaning.whose == Whose::Plain)
    };
    let emails = items.iter().filter(|item| matches!(item, Item::Entry(entry) if entry.is_a(Slot::Email)));
    is_plain(entry) && emails.count() == 1 && !entry.place.contains(" column ")
}

fn is_from_line(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| meaning.slot == Slot::FromLine && meaning.whose == Whose::Plain)
}

/// Whether a name stands under the heading of the client.
fn is_named_below(items: &[Item]) -> bool {
    let mut section = Whose::Plain;
    items.iter().any(|item| match item {
        Item::Section(whose) => {
            section = *whose;
            false
        }
        Item::Another => {
            section = Whose::Plain;
            false
        }
        Item::Others => {
            section = Whose::Other;
            false
        }
        Item::Headed | Item::SideBySide | Item::Unread => false,
        Item::Entry(entry) => {
            section == Whose::Client && entry.label.meaning.is_some_and(|meaning| meaning.slot.is_of_name())
        }
    })
}

/// Two slots that ask for the same thing of a person.
fn kin(a: Slot, b: Slot) -> bool {
    a == b
        || (a.is_of_name() && b.is_of_name())
        || (matches!(a, Slot::Phone | Slot::PhoneOther) && matches!(b, Slot::Phone | Slot::PhoneOther))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::Field;

    #[test]
    fn a_relation_below_the_name_of_the_other_side_is_theirs_and_any_other_is_kept() {
        let relation = |lines: &str| {
            let text = format!("Client name: Ana Ruiz\nPhone: 518-555-0142\n{lines}\nLanguage: English\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            harvest.packets[0].text(Field::Relationship).map(str::to_owned)
        };
        for theirs in [
            "Opposing party: Bob Hines\nRelationship to client: ex-husband",
            "Opposing party: Bob Hines\nPhone: 518-555-0199\nRelationship to client: ex-husband",
            "OPPOSING PARTY\nName: Bob Hines\nRelationship to client: ex-husband\n\nCLIENT\nCounty: Albany",
            "Parte contraria: Bob Hines\nRelación con el cliente: exesposo",
        ] {
            assert_eq!(relation(theirs), None, "{theirs}");
        }
        for kept in [
            "Referred by: Max Poe\nRelationship to client: husband",
            "Relationship to client: husband",
            "Opposing party: Bob Hines\nReferred by: Max Poe\nRelationship to client: husband",
            "OPPOSING PARTY\nName: Bob Hines\nReferred by: Max Poe\nRelationship to client: husband",
            "Opposing party: Bob Hines\nYour relationship to the client: husband",
            "Opposing party: none\nRelationship to client: husband",
            "Emergency contact: Rosa Vega\nRelationship to client: husband",
        ] {
            assert_eq!(relation(kept).as_deref(), Some("husband"), "{kept}");
        }
    }

    #[test]
    fn a_legal_name_and_the_clients_name_again_are_the_clients_and_another_is_whoever_refers() {
        let ways = "Phone: 518-555-0142\nEmail: sunny22@mail.example\n";
        let email = |names: &str| {
            let text = format!("{names}\n{ways}");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            harvest.packets.iter().find_map(|packet| packet.client_email().map(str::to_owned))
        };
        for names in [
            "Client name: Ana Vega\nLegal name: Anastasia Cruz",
            "Client name: Peggy\nFull legal name: Margaret Vega",
            "Client: Ana V.\nFull name: Ana Maria Vega",
            "Tenant: Ana Vega\nName: Ana",
            "Clienta: Ana Vega\nNombre legal: Anastasia Cruz",
        ] {
            assert_eq!(email(names).as_deref(), Some("sunny22@mail.example"), "{names}");
        }
        for names in [
            "Client name: Ana Vega\nName: Maria Vega",
            "Client name: Ana Vega\nName: Jane Roe",
            "Client name: Vega\nName: Maria Vega",
            "Client name: Ana Vega\nName: Ana Roe",
        ] {
            assert_eq!(email(names), None, "{names}");
        }
    }
}
