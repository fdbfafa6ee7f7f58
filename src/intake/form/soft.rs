//! Whom a plain "Phone" belongs to, as the lines before it make likely; where that is nobody for certain, it is left
//! out and asked about: a letter to the wrong person can get somebody hurt.

mod strangers;
mod work;

pub(super) use strangers::{beside_client, forget_helpers, helper, is_name_of, named_beside};

use super::entry::{Entry, Item};
use super::fold::{fold, words};
use super::judge;
use super::lexicon::{LEXICON, Slot, Whose};
use super::people;
use crate::referral::packet::Field;

/// Whom the next plain "Phone" belongs to, and what was said of the client before it.
pub(super) struct Soft {
    pub(super) whose: Whose,
    /// It may be the client's as well as the referrer's.
    is_unsure: bool,
    client: Told,
    /// Somebody beside the client was named, and since then nothing that cannot be theirs.
    is_beside: bool,
    /// It was the other side.
    is_opposing: bool,
}

/// What was said of the client already.
struct Told {
    /// The names that were given, folded.
    names: String,
    has_name: bool,
    has_phone: bool,
}

impl Soft {
    pub(super) const fn none() -> Soft {
        let client = Told { names: String::new(), has_name: false, has_phone: false };
        Soft { whose: Whose::Plain, is_unsure: false, client, is_beside: false, is_opposing: false }
    }

    /// A heading begins.
    pub(super) const fn part(&mut self) {
        (self.whose, self.is_unsure, self.is_beside) = (Whose::Plain, false, false);
    }

    /// Another person begins.
    pub(super) fn another(&mut self) {
        *self = Soft::none();
    }

    /// Whether it is nobody's for certain, so that it must be asked; `is_headed` below the heading of somebody.
    pub(super) fn leaves_out(&self, entry: &Entry, owner: Whose, is_headed: bool) -> bool {
        let Some(meaning) = entry.label.meaning else { return false };
        let is_open = matches!(meaning.whose, Whose::Plain | Whose::Your);
        let is_either = self.is_unsure && owner == Whose::Client && is_open && entry.is_phone() && !is_headed;
        let is_theirs = matches!(owner, Whose::Client | Whose::Referrer)
            && meaning.whose == Whose::Plain
            && is_way(meaning.slot);
        is_either || self.is_beside && is_theirs
    }

    /// "Relationship to client: ex-husband" below the name of the other side is theirs, and not that of who refers.
    pub(super) fn is_relation_of_theirs(&self, entry: &Entry) -> bool {
        self.is_beside
            && self.is_opposing
            && entry.is_a(Slot::Field(Field::Relationship))
            && !LEXICON.phrases("writers_relation").within(&words(&entry.label.key))
    }

    /// "Program: Hill House" right above a number, where the client has one already or is only named below: it may be
    /// the program's.
    fn names_program(&self, entry: &Entry, below: &[Item]) -> bool {
        let Some(Item::Entry(next)) = below.first() else { return false };
        let is_plain = next.label.meaning.is_some_and(|meaning| meaning.whose == Whose::Plain);
        let is_another =
            if self.client.has_name { self.client.has_phone && next.is_phone() } else { names_client(below) };
        is_plain
            && is_another
            && next.label.meaning.is_some_and(|meaning| is_way(meaning.slot))
            && LEXICON.phrases("programs").is(&entry.label.key)
            && !entry.place.contains(" column ")
    }

    /// "Contact: Noor Aziz" beside a client of another name: who that is nobody says.
    fn names_contact(&self, entry: &Entry, below: &[Item]) -> bool {
        let name = entry.value.trim();
        if !entry.is_a(Slot::ContactLine) || !name.contains(' ') || people::name(name) != Some(name) {
            return false;
        }
        let folded = fold(name);
        let is_in = |names: &str| words(names).iter().any(|word| words(&folded).contains(word));
        let named_below = below.iter().filter_map(Item::entry);
        let named_below = named_below.filter(|other| is_name_of(other, &[Whose::Client]));
        let mut named_below = named_below.map(|other| fold(&other.value));
        if self.client.has_name {
            !is_in(&self.client.names)
        } else {
            named_below.next().is_some_and(|client| !is_in(&client))
        }
    }

    pub(super) fn after(&mut self, entry: &Entry, owner: Whose, below: &[Item]) {
        if names_beside(entry, owner) {
            self.is_opposing = owner == Whose::Opposing;
        }
        self.is_beside = names_beside(entry, owner)
            || self.names_program(entry, below)
            || owner == Whose::Client && self.names_contact(entry, below)
            || self.is_beside && may_be_theirs(entry, owner);
        let Some(slot) = entry.label.meaning.map(|meaning| meaning.slot) else { return };
        if owner == Whose::Client {
            self.client.has_name |= slot.is_of_name();
            if slot.is_of_name() {
                self.client.names.extend([" ", &*fold(&entry.value)]);
            }
            self.client.has_phone |= entry.is_phone();
        }
        if let Some(next) = next_soft(entry, owner) {
            self.whose = next;
            self.is_unsure = false;
        }
        let has_address = owner == Whose::Referrer && slot.is_of_name() && entry.value.contains('@');
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
        } else if owner == Whose::Opposing && !self.client.has_phone && !is_nobody(&entry.value) {
            // "Landlord's address: 5 Elm St" right above "Phone": it may be his.
            self.is_unsure |= matches!(below.first(), Some(Item::Entry(next)) if next.is_phone());
        }
    }
}

/// "Landlord: Max Poe", "Emergency contact: Rosa Vega". Columns side by side say nothing of whose the next one is.
fn names_beside(entry: &Entry, owner: Whose) -> bool {
    let names = entry
        .label
        .meaning
        .is_some_and(|meaning| meaning.slot.is_of_name() || meaning.slot == Slot::ContactLine);
    names
        && matches!(owner, Whose::Opposing | Whose::Other)
        && !entry.place.contains(" column ")
        && !is_nobody(&entry.value)
}

/// Whether it says that there is nobody, or nothing to say: "none", "cleared", "2". Somebody unknown is somebody.
fn is_nobody(value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    !value.contains(char::is_alphabetic) || LEXICON.phrases("nobody").starts(&words) == words.len()
}

/// A way to reach somebody.
const fn is_way(slot: Slot) -> bool {
    matches!(
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
    )
}

/// Whether an entry below somebody beside the client may still speak of them: of a fax, a birthday, a language as of a
/// number. What only a client is asked ends it.
fn may_be_theirs(entry: &Entry, owner: Whose) -> bool {
    let Some(meaning) = entry.label.meaning else { return true };
    if matches!(owner, Whose::Opposing | Whose::Other) {
        return true;
    }
    meaning.whose == Whose::Plain
        && match meaning.slot {
            Slot::Safe(_) | Slot::DoNot(_) | Slot::Ignore => true,
            Slot::Field(field) => matches!(
                field,
                Field::ClientDob
                    | Field::GenderPronouns
                    | Field::Language
                    | Field::Interpreter
                    | Field::Relationship
                    | Field::County
                    | Field::BestTime
                    | Field::SafetyNotes
            ),
            slot => is_way(slot),
        }
}

/// Whether a name of the client stands under a label of its own.
fn names_client(items: &[Item]) -> bool {
    items.iter().any(|item| {
        let meaning = if let Item::Entry(entry) = item { entry.label.meaning } else { None };
        meaning.is_some_and(|meaning| meaning.whose == Whose::Client && meaning.slot.is_of_name())
    })
}

/// Whether the lines below, up to the next name or heading, give another plain address than this entry's: then they are
/// not of whom it names.
fn asks_another_address(entry: &Entry, below: &[Item]) -> bool {
    let is_name = |entry: &Entry| entry.label.meaning.is_some_and(|meaning| meaning.slot.is_of_name());
    let near = below.iter().map_while(|item| item.entry().filter(|entry| !is_name(entry)));
    let known = judge::address_in(&entry.value);
    near.filter(|entry| entry.is_a(Slot::Email)).any(|entry| {
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
    use super::super::{Harvest, Source, read};
    use crate::referral::packet::{Field, Packet};

    fn harvest(text: &str) -> Harvest {
        read(Source { text, ..Source::default() }, &context())
    }

    /// The numbers and addresses that are the client's for the packet.
    fn reached(packet: &Packet) -> Vec<&str> {
        let ways = [Field::ClientPhone, Field::ClientPhoneOther, Field::ClientEmail, Field::ClientAddress];
        ways.into_iter().filter_map(|field| packet.text(field)).collect()
    }

    fn asks(harvest: &Harvest) -> bool {
        harvest.problems.iter().any(|said| said.contains("ask whose"))
    }

    #[test]
    fn ways_to_reach_below_somebody_beside_the_client_are_nobodys_and_asked() {
        for below in [
            "Landlord: Max Poe\nPhone: 518-555-0199\nEmail: poe@mail.example\n",
            "Landlord: Max Poe\nEmail: poe@mail.example\nPhone: 518-555-0199\n",
            "Landlord: Max Poe\nAddress: 5 Elm St\nCity: Troy\nState: NY\nZip: 12180\nPhone: 518-555-0199\n",
            "Abuser: Max Poe\nPhone: 518-555-0199\nCell: 518-555-0198\nEmail: poe@mail.example\n",
            "Abuser: Max Poe\nDOB: 3/4/1980\nPhone: 518-555-0199\n",
            "Opposing party: Max Poe\nOpposing party phone: 518-555-0199\nEmail: poe@mail.example\n",
            "Opposing party: Max Poe\nFax: 518-555-0197\nEmail: poe@mail.example\n",
            "Opposing party: Max Poe\nLanguage: Greek\nPhone: 518-555-0199\n",
            "Opposing party: Max Poe\nSafe to call: no\nPhone: 518-555-0199\n",
            "Opposing party: Max Poe\nCounty: Kings\nPhone: 518-555-0199\n",
            "Opposing party: Unknown\nPhone: 518-555-0199\n",
            "Landlord: N. Lopez\nPhone: 518-555-0199\nEmail: poe@mail.example\n",
            "Landlord: No Limit Realty\nPhone: 518-555-0199\nEmail: poe@mail.example\n",
            "Suspect: Max Poe\nPhone: 518-555-0199\nEmail: poe@mail.example\nSafe to email: Yes\n",
            "Husband: Max Poe\nEmail: poe@mail.example\n",
            "Detective: Max Poe\nPhone: 518-555-0199\nEmail: poe@mail.example\n",
            "Emergency contact: Rosa Vega\nPhone: 518-555-0199\nEmail: rosa@mail.example\n",
            "Arrendador: Max Poe\nTeléfono: 518-555-0199\nCorreo electrónico: poe@mail.example\n",
        ] {
            for above in ["", "Phone: 518-555-0142\n"] {
                for heading in ["", "CLIENT INFORMATION\n"] {
                    let rest = "Consent to share: yes\nMatter type: eviction\n";
                    for rest in ["", rest] {
                        let text = format!("{heading}Client name: Ana Vega\n{above}{below}{rest}");
                        let harvest = harvest(&text);
                        let clients = if above.is_empty() { vec![] } else { vec!["518-555-0142"] };
                        assert_eq!(reached(&harvest.packets[0]), clients, "{text}");
                        assert!(asks(&harvest), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn below_a_helper_by_whatever_work_nothing_plain_is_the_clients() {
        for helper in [
            "Legal advocate",
            "Housing navigator",
            "Shelter contact",
            "School social worker",
            "Counselor",
            "Nurse",
            "Liaison",
            "Consejera",
            "Gestora de casos",
            "Contacto del refugio",
        ] {
            let text = format!(
                "Client name: Ana Vega\nClient phone: 518-555-0142\n{helper}: Noor Aziz\nPhone: 845-555-0100\n\
                 Email: noor@hill.example\nSafe to call: yes\nSafe to email: yes\n"
            );
            let harvest = harvest(&text);
            assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"], "{text}");
            assert!(asks(&harvest), "{text}");
        }
        let table = "<table><tr><td>Client name</td><td>Ana Vega</td></tr><tr><td>Housing navigator</td>\
                     <td>Noor Aziz</td></tr><tr><td>Phone</td><td>845-555-0100</td></tr></table>";
        let packet = read(Source { html: Some(table), ..Source::default() }, &context()).packets.remove(0);
        assert_eq!(reached(&packet), [""; 0]);
        for helper in ["Contact person", "Defensora", "Persona de contacto"] {
            let text = format!("Client name: Ana Vega\n{helper}: Noor Aziz\nPhone: 845-555-0100\n");
            let packet = harvest(&text).packets.remove(0);
            assert_eq!(reached(&packet), [""; 0], "{text}");
            assert_eq!(packet.text(Field::ReferrerPhone), Some("845-555-0100"), "{text}");
        }
        for label in ["Contact person phone", "Teléfono de la persona de contacto"] {
            let packet =
                harvest(&format!("Client name: Ana Vega\n{label}: 845-555-0100\n")).packets.remove(0);
            assert_eq!(reached(&packet), [""; 0], "{label}");
        }
    }

    #[test]
    fn below_a_helpers_bare_label_or_a_contact_of_another_name_nothing_plain_is_the_clients() {
        for below in [
            "Housing navigator:\nNoor Aziz\nPhone: 845-555-0100\n",
            "Peer navigator:\nnoor aziz\nPhone: 845-555-0100\n",
            "Peer navigator: noor aziz\nPhone: 845-555-0100\n",
            "Contact: Noor Aziz\nPhone: 845-555-0100\nEmail: noor@hill.example\n",
            "Contact:\nNoor Aziz\nPhone: 845-555-0100\n",
        ] {
            for text in [
                format!("Client name: Ana Vega\nClient phone: 518-555-0142\n{below}"),
                format!("{below}Client name: Ana Vega\nPhone: 518-555-0142\n"),
            ] {
                let harvest = harvest(&text);
                assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"], "{text}");
                assert!(asks(&harvest), "{text}");
            }
        }
        for text in [
            "Client name: Ana Vega\nContact: Ana Vega\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nContact: Mrs Vega\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nPeer navigator: not assigned\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nPeer counselor: none yet\nPhone: 518-555-0142\n",
        ] {
            assert!(reached(&harvest(text).packets[0]).contains(&"518-555-0142"), "{text}");
        }
    }

    #[test]
    fn a_number_that_may_be_a_programs_is_asked_about() {
        for text in [
            "Program: Hill House\nPhone: 845-555-0100\nClient name: Ana Vega\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nPhone: 518-555-0142\nProgram: Hill House\nPhone: 845-555-0100\n",
        ] {
            let harvest = harvest(text);
            assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"], "{text}");
            assert!(asks(&harvest), "{text}");
        }
        let text = "Client name: Ana Vega\nProgram: Housing\nPhone: 518-555-0142\nProgram: Housing\n\
                    Email: ana@mail.example\n";
        assert_eq!(reached(&harvest(text).packets[0]), ["518-555-0142", "ana@mail.example"]);
    }

    #[test]
    fn what_only_looks_like_somebodys_work_leaves_the_clients_number() {
        for text in [
            "Client name: Ana Vega\nHair color: Dark Brown\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nOrder: See Attached\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nProvider: none\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nCountry of origin: El Salvador\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nHousing navigator: Noor Aziz\nMatter type: eviction\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nHousing navigator: Noor Aziz, 845-555-0100\nPhone: 518-555-0142\n",
            // Where no label names a client, it may be theirs.
            "Renter: Ana Vega\nPhone: 518-555-0142\n",
            "Farm worker: Ana Vega\nPhone: 518-555-0142\n",
        ] {
            let harvest = harvest(text);
            assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"], "{text}");
            assert!(!asks(&harvest), "{text}");
        }
    }

    #[test]
    fn below_the_heading_of_a_suspect_nobody_is_the_client() {
        let text = "SUSPECT INFORMATION\nName: Max Poe\nPhone: 518-555-0199\nEmail: poe@mail.example\n\n\
            CLIENT INFORMATION\nName: Ana Vega\nPhone: 518-555-0142\n";
        let harvest = harvest(text);
        assert_eq!(harvest.packets.len(), 1);
        assert_eq!(harvest.packets[0].text(Field::ClientName), Some("Ana Vega"));
        assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"]);
    }

    #[test]
    fn below_the_other_side_nothing_plain_is_the_referrers() {
        let harvest = harvest(
            "Client name: Ana Vega\nReferred by: Jo Bell\nLandlord: Max Poe\nEmail: poe@mail.example\n",
        );
        assert_eq!(harvest.packets[0].text(Field::ReferrerEmail), None);
        assert!(asks(&harvest));
    }

    #[test]
    fn the_clients_own_labels_and_what_follows_them_stay_the_clients() {
        for below in [
            "Landlord: Max Poe\nClient phone: 518-555-0142\nEmail: ana@mail.example\n",
            "Landlord: Max Poe\nPhone of client: 518-555-0142\nSafe to email: ana@mail.example\n",
            "Phone: 518-555-0142\nEmail: ana@mail.example\nLandlord: Max Poe\n",
            "Opposing party: none\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Opposing party: N/A\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Landlord: Max Poe\nMatter type: eviction\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Landlord: Max Poe\nReason for referral: eviction\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Conflict check: cleared\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Emergency contact: same as above\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Emergency contact: Rosa Vega (sister) 518-555-0199\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
            "Children: Leo (4), Mia (7)\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
        ] {
            let text = format!("Client name: Ana Vega\n{below}Language: Spanish\nConsent to share: yes\n");
            let harvest = harvest(&text);
            assert_eq!(reached(&harvest.packets[0]), ["518-555-0142", "ana@mail.example"], "{text}");
            assert!(!asks(&harvest), "{text}");
        }
    }

    #[test]
    fn columns_side_by_side_are_of_one_person() {
        let text = "Client name\tLandlord\tEmail\tPhone\tMatter type\n\
            Ana Vega\tMax Poe\tana@mail.example\t518-555-0142\tEviction\n\
            Bo Lee\tMax Poe\tbo@mail.example\t518-555-0143\tEviction\n";
        let harvest = harvest(text);
        assert_eq!(reached(&harvest.packets[0]), ["518-555-0142", "ana@mail.example"]);
        assert_eq!(reached(&harvest.packets[1]), ["518-555-0143", "bo@mail.example"]);
    }

    #[test]
    fn below_a_heading_or_the_next_person_the_form_goes_on() {
        for between in ["CLIENT CONTACT\n", "Referred by: Jo Bell\nClient name: Ana Vega\n"] {
            let text = format!("Client name: Ana Vega\nLandlord: Max Poe\n{between}Phone: 518-555-0142\n");
            let harvest = harvest(&text);
            assert_eq!(reached(&harvest.packets[0]), ["518-555-0142"], "{text}");
        }
    }
}
