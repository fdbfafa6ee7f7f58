//! Ways and answers below somebody whom no list of labels has: "Other adult" above "Email:", "Him: Axel Bode" above
//! "Phone:", or of two clients in one form. They may be that person's as well as the client's.

use super::blocks::{opens_a_way, opens_person};
use super::entry::{Entry, Item};
use super::fold::{fold, words};
use super::judge::only_agrees;
use super::label::Label;
use super::lexicon::{LEXICON, Slot, Whose};
use super::people;
use super::slip::is_delicate;
use crate::referral::packet::Field;

/// Whether a way to reach the client, or a yes of theirs, stands in a block behind somebody else of whom the lists do not
/// know who they are: below a heading, or right behind a name.
pub(super) fn has_a_way_of_another(items: &[Item], owned: &[Whose], cut: (usize, usize)) -> bool {
    let block: Vec<(&Item, Whose)> =
        items.iter().zip(owned.iter().copied()).take(cut.1).skip(cut.0).collect();
    is_below_a_heading(&block) || is_behind_a_name(&block) || names_two(&block)
}

/// Whether the block calls its client by two names that have no word in common, under two labels: "Client name: Ana Vega"
/// and, below "Survivor", "Name: Bea Stone".
fn names_two(block: &[(&Item, Whose)]) -> bool {
    let entries = block.iter().filter(|(_, owner)| is_clients(*owner)).filter_map(|(item, _)| item.entry());
    let named = entries.filter(|entry| entry.is_a(Slot::Name) && person(&entry.value).is_some());
    let called: Vec<(&str, String)> =
        named.take(MOST_NAMES).map(|entry| (&*entry.label.key, fold(&entry.value))).collect();
    let is_other = |one: &(&str, String), other: &(&str, String)| {
        let other_words = words(&other.1);
        one.0 != other.0 && !words(&one.1).iter().any(|word| other_words.contains(word))
    };
    called.iter().enumerate().any(|(at, one)| called.iter().skip(at + 1).any(|other| is_other(one, other)))
}

/// So many names of one block are compared.
const MOST_NAMES: usize = 10;

/// "Other adult" below the client's own lines, and below it the first address, the first number or a yes: the client's
/// own lines had none, or the yes is not known to be theirs.
fn is_below_a_heading(block: &[(&Item, Whose)]) -> bool {
    let mut known = Known::default();
    let mut is_below = false;
    for (item, owner) in block {
        match item {
            Item::Headed => is_below = known.name,
            Item::Section(whose) => is_below &= *whose == Whose::Plain,
            Item::Another | Item::Others => is_below = false,
            Item::SideBySide | Item::Unread => {}
            Item::Entry(entry) if is_clients(*owner) && opens_person(entry) => {
                (is_below, known.name) = (false, true);
            }
            Item::Entry(entry) if is_below && (known.is_first(entry, *owner) || says_yes(entry)) => {
                return true;
            }
            Item::Entry(entry) => known.hear(entry, *owner),
        }
    }
    false
}

/// What was told of the client above.
#[derive(Default)]
struct Known {
    name: bool,
    phone: bool,
    email: bool,
}

impl Known {
    /// Whether it is a way of the client's of which none was told before.
    fn is_first(&self, entry: &Entry, owner: Whose) -> bool {
        is_clients(owner)
            && is_plain(entry)
            && (is_email(entry) && !self.email || entry.is_phone() && !self.phone)
    }

    fn hear(&mut self, entry: &Entry, owner: Whose) {
        self.email |= is_clients(owner) && is_email(entry);
        self.phone |= is_clients(owner) && entry.is_phone();
    }
}

/// A yes about consent or safety that does not say whose it is.
fn says_yes(entry: &Entry) -> bool {
    let is_delicate = entry.label.meaning.is_some_and(is_delicate);
    is_plain(entry) && is_delicate && (opens_a_way(entry) || only_agrees(&entry.value))
}

/// "Him: Axel Bode", and right behind it a number, or an address in which nothing is of the client's name.
fn is_behind_a_name(block: &[(&Item, Whose)]) -> bool {
    let opens = |(item, owner): &&(&Item, Whose)| {
        is_clients(*owner) && matches!(item, Item::Entry(entry) if opens_person(entry))
    };
    let called = block.iter().find(opens).and_then(|(item, _)| item.entry()).map(|entry| fold(&entry.value));
    let Some(called) = called else { return false };
    let names: Vec<&str> = called.split(' ').filter(|name| name.len() > 2).collect();
    let mut is_anothers = false;
    for (item, owner) in block {
        let Item::Entry(entry) = item else {
            is_anothers = false;
            continue;
        };
        if is_clients(*owner) && (is_email(entry) || entry.is_phone()) {
            let local = entry.value.split('@').next().unwrap_or_default().to_lowercase();
            let is_own = is_email(entry) && names.iter().any(|name| local.contains(name));
            if is_anothers && is_plain(entry) && !is_own {
                return true;
            }
        } else if names_another(entry, &called) {
            is_anothers = true;
        } else if !may_be_beside_a_name(entry) {
            is_anothers = false;
        }
    }
    false
}

/// Whether a label that no list has names a person of another name.
fn names_another(entry: &Entry, called: &str) -> bool {
    let may_name = |slot: Slot| matches!(slot, Slot::Ignore | Slot::Field(Field::Interpreter));
    let is_open = entry.label.meaning.is_none_or(|meaning| may_name(meaning.slot));
    is_open
        && names_somebody(&entry.label, &entry.value)
        && person(&entry.value).is_some_and(|name| fold(name) != called)
}

/// Whether the words of a label may ask for somebody beside the client, and the value is a name. Most labels that no list
/// has ask for a thing: "Building: Lincoln Towers".
pub(super) fn names_somebody(label: &Label, value: &str) -> bool {
    value.len() <= LONGEST
        && LEXICON.phrases("somebody").within(&words(&label.key))
        && person(value).is_some()
}

/// The longest name with a remark behind it, in bytes.
const LONGEST: usize = 80;

/// The name that a value begins with, by the form of its words: "Bob Hines - violent", "Mr. Hines", "Hines, Bob", "Axel".
fn person(value: &str) -> Option<&str> {
    let ends = |c: char| matches!(c, '(' | ',' | ';' | '/') || c.is_ascii_digit();
    let bare = value.split(ends).next().unwrap_or_default();
    let bare = bare.split(" - ").next().unwrap_or_default().trim_end_matches([' ', '-']).trim();
    let is_whole = people::name(bare) == Some(bare);
    let own: Vec<&str> = bare.split_whitespace().collect();
    let (last, titles) = own.split_last()?;
    let is_titled = titles.iter().all(|word| LEXICON.phrases("honorifics").is(&fold(word)));
    let is_capital = last.starts_with(char::is_uppercase) && last.chars().all(char::is_alphabetic);
    let is_word = LEXICON.phrases("no_names").is(&fold(last));
    (is_whole || is_titled && is_capital && !is_word).then_some(bare)
}

/// What is written of a person between their name and their address.
fn may_be_beside_a_name(entry: &Entry) -> bool {
    let Some(meaning) = entry.label.meaning else { return true };
    match meaning.slot {
        Slot::Field(field) => matches!(field, Field::ClientDob | Field::GenderPronouns | Field::Relationship),
        slot => slot.is_of_person() && !slot.is_of_name() || slot == Slot::Ignore,
    }
}

const fn is_clients(owner: Whose) -> bool {
    matches!(owner, Whose::Client | Whose::Plain)
}

/// Whether its label does not say whose it is.
fn is_plain(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| matches!(meaning.whose, Whose::Plain | Whose::Your))
}

fn is_email(entry: &Entry) -> bool {
    entry.is_a(Slot::Email) && entry.value.contains('@')
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Harvest, Source, read};
    use crate::referral::packet::{Field, Packet, Safety};

    fn said(text: &str) -> Harvest {
        read(Source { text, ..Source::default() }, &context())
    }

    fn of<'h>(harvest: &'h Harvest, name: &str) -> &'h Packet {
        let is_theirs = |packet: &&Packet| packet.text(Field::ClientName) == Some(name);
        harvest.packets.iter().find(is_theirs).unwrap()
    }

    /// Whether a letter or a call may go to the client by this mail alone.
    fn is_open(harvest: &Harvest) -> bool {
        harvest.packets.iter().any(|packet| {
            let ways = packet.channels();
            packet.client_email().is_some() && ways.email == Safety::Safe
                || packet.text(Field::ClientPhone).is_some() && ways.call == Safety::Safe
        })
    }

    const HEADINGS: [&str; 12] = [
        "Other adult",
        "Party 2",
        "Bob Hines",
        "The lodger:",
        "Him",
        "HIM:",
        "Él",
        "El señor",
        "Man at the house",
        "Contact him",
        "Second adult in home",
        "Roomie",
    ];

    #[test]
    fn what_stands_below_somebody_whom_no_list_has_is_not_believed_to_be_the_clients() {
        for heading in HEADINGS {
            for (above, below) in [
                (
                    "Client name: Ana Vega\nPhone: 518-555-0142\n",
                    "Email: bob@mail.example\nSafe to email: yes\nConsent to share: yes\n",
                ),
                (
                    "Name: Ana Vega\nPhone: 518-555-0142\n",
                    "Email: bob@mail.example\nSafe to email: yes\nConsent to share: yes\n",
                ),
                ("Name: Ana Vega\nConsent to share: yes\nSafe to call: yes\n", "Phone: 518-555-0199\n"),
                (
                    "Name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
                    "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n",
                ),
                (
                    "Client name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\n",
                    "Name: Bea Stone\nSafe to email: yes\nConsent to share: yes\n",
                ),
            ] {
                for gap in ["", "\n"] {
                    let text = format!("{above}{gap}{heading}\n{below}");
                    assert!(!is_open(&said(&text)), "{text}");
                }
            }
        }
    }

    #[test]
    fn below_the_heading_of_a_part_of_a_form_and_beside_the_clients_own_ways_a_yes_is_one() {
        let own = "Client name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\n";
        let answers = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
        for heading in [
            "Safety",
            "SAFE CONTACT",
            "How to reach her",
            "Contact details:",
            "Contacto seguro",
            "Consent and permissions",
            "Client",
            "About the case",
            "Housing",
            "Communication preferences",
        ] {
            let harvest = said(&format!("{own}\n{heading}\n{answers}"));
            assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{heading}");
            let split = own.split_at(own.find("Email").unwrap());
            let harvest = said(&format!("{}\n{heading}\n{}{answers}", split.0, split.1));
            assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{heading}");
        }
        for tail in ["Other adult\nPhone: 518-555-0199\n", "Thanks,\nJane Roe\nEmail: jane@hill.example\n"] {
            let harvest = said(&format!("{own}{answers}\n{tail}"));
            assert_eq!(of(&harvest, "Ana Vega").channels().email, Safety::Safe, "{tail}");
        }
    }

    #[test]
    fn a_number_or_an_address_behind_another_name_is_asked_however_the_name_is_written() {
        for name in [
            "Bob",
            "Bob Hines",
            "Mr. Hines",
            "Hines, Bob",
            "Bob Hines - violent",
            "Bob Hines (ex)",
            "Bob Hines 518-555-0199",
        ] {
            for label in ["Him", "Other adult", "Lives with", "Who hurt her", "Party 2"] {
                for way in ["Phone: 518-555-0198", "Email: hines@mail.example"] {
                    let text = format!(
                        "Client name: Ana Vega\n{label}: {name}\n{way}\nSafe to call: yes\nSafe to email: yes\nConsent to share: yes\n"
                    );
                    assert!(!is_open(&said(&text)), "{text}");
                }
            }
        }
        for ordinary in [
            "Lives with: two kids",
            "Building: Lincoln Towers",
            "Other: none",
            "Interpreter: yes",
            "Language of interpreter: Spanish",
        ] {
            let text = format!(
                "Client name: Ana Vega\n{ordinary}\nPhone: 518-555-0142\nEmail: ana@mail.example\nSafe to email: yes\nConsent to share: yes\n"
            );
            assert_eq!(of(&said(&text), "Ana Vega").channels().email, Safety::Safe, "{text}");
        }
    }
}
