//! Numbers below a farewell: "Best, Noor Aziz, Tel 518-555-0100" is how to reach whoever wrote.

use super::entry::Item;
use super::fold::{fold, words};
use super::lexicon::{Slot, Whose};
use super::people;
use super::piece::Piece;
use super::soft;
use crate::referral::packet::Field;

/// Gives the ways to reach somebody that stand below a farewell, and nothing else there, to whoever wrote, where the
/// mail is about somebody else. Those of a block at the end that opens with another's name than the client's are
/// nobody's for certain.
pub(super) fn give(items: &mut Vec<Item>, farewell: Option<usize>, pieces: &[Piece<'_>]) {
    if !items.iter().rev().take(MOST_SIGNED).any(is_reach) {
        return;
    }
    if let Some(at) = farewell.filter(|at| *at < items.len()) {
        below_farewell(items, at, pieces);
    } else if let Some((at, name, place)) = block(items, pieces) {
        items.insert(at, soft::beside_client(name, place));
    }
}

fn below_farewell(items: &mut [Item], at: usize, pieces: &[Piece<'_>]) {
    let Some((above, below)) = items.split_at_mut_checked(at) else { return };
    if !below.iter().all(is_signed) {
        return;
    }
    let names_another = |item: &Item| match item {
        Item::Entry(entry) => entry
            .label
            .meaning
            .is_some_and(|meaning| matches!(meaning.whose, Whose::Client | Whose::Referrer)),
        Item::Section(whose) => matches!(whose, Whose::Client | Whose::Referrer),
        Item::Another => true,
        Item::Others | Item::Headed | Item::SideBySide | Item::Unread => false,
    };
    let speaks = |piece: &Piece<'_>| match piece {
        Piece::Line { text, .. } => people::speaks_of_client(text),
        Piece::Row { .. } => false,
    };
    if !above.iter().any(names_another) && !pieces.iter().take(MOST_LINES).any(speaks) {
        return;
    }
    for item in below {
        if let Item::Entry(entry) = item
            && let Some(meaning) =
                entry.label.meaning.as_mut().filter(|meaning| meaning.whose == Whose::Plain)
        {
            meaning.whose = Whose::Referrer;
        }
    }
}

/// The most lines that are asked whether they speak of a client.
const MOST_LINES: usize = 200;
/// The most lines of a signature.
const MOST_SIGNED: usize = 10;

fn is_reach(item: &Item) -> bool {
    let Item::Entry(entry) = item else { return false };
    entry.label.meaning.is_some_and(|meaning| {
        meaning.whose == Whose::Plain && matches!(meaning.slot, Slot::Phone | Slot::PhoneOther | Slot::Email)
    })
}

/// What stands in a signature: ways to reach somebody, where and as what they work.
fn is_signed(item: &Item) -> bool {
    let Item::Entry(entry) = item else { return false };
    entry.label.meaning.is_some_and(|meaning| {
        let is_place = matches!(
            meaning.slot,
            Slot::Address
                | Slot::AddressMore
                | Slot::City
                | Slot::State
                | Slot::Zip
                | Slot::CityStateZip
                | Slot::Ignore
                | Slot::Field(Field::ReferrerOrg | Field::Relationship)
        );
        is_reach(item) || is_place && matches!(meaning.whose, Whose::Plain | Whose::Referrer)
    })
}

/// Where the items of the last paragraph begin, if a name opens it, with that name and its place, where a label names
/// another person as the client and the name stands under no label.
fn block<'a>(items: &[Item], pieces: &'a [Piece<'_>]) -> Option<(usize, &'a str, String)> {
    let is_blank = |piece: &&Piece<'_>| matches!(piece, Piece::Line { text, .. } if text.is_empty());
    let mut lines = pieces.iter().rev().skip_while(is_blank).take(MOST_SIGNED).peekable();
    let mut from = items.len();
    while let Some(Piece::Line { text, place, .. }) = lines.next() {
        let place = place.shown();
        let is_here = |item: &&Item| matches!(item, Item::Entry(entry) if entry.place == place);
        let here = items.get(..from)?.iter().rev().take_while(is_here);
        let said = here.clone().count();
        if said > 0 {
            from = Some(from - said).filter(|_| here.clone().all(is_signed))?;
        } else if lines.peek().is_none_or(is_blank) {
            let name = people::signer(text)?;
            let (above, below) = items.split_at_checked(from)?;
            let is_anothers = below.iter().any(is_reach) && names_other(above, name);
            return is_anothers.then_some((from, name, place));
        } else if text.is_empty() || text.len() > LONGEST_LINE {
            return None;
        }
    }
    None
}

/// A line of a signature is not longer, in bytes.
const LONGEST_LINE: usize = 80;

/// Whether these name a client, and nobody of this name.
fn names_other(above: &[Item], name: &str) -> bool {
    let folded = fold(name);
    let own = words(&folded);
    let says = |value: &str| {
        let value = fold(value);
        let all = words(&value);
        !all.is_empty()
            && (own.iter().all(|word| all.contains(word)) || all.iter().all(|word| own.contains(word)))
    };
    let mut entries =
        above.iter().filter_map(|item| if let Item::Entry(entry) = item { Some(entry) } else { None });
    let names_client = entries.clone().any(|entry| soft::is_name_of(entry, &[Whose::Client, Whose::Plain]));
    names_client && !entries.any(|entry| says(&entry.value))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::Field;

    #[test]
    fn a_number_below_a_farewell_is_the_writers() {
        for (text, client, writer) in [
            (
                "The Vega family speaks Dari, her number is 518-555-0142.\n\nBest,\nNoor Aziz\nTel 518-555-0100\n",
                None,
                true,
            ),
            (
                "Client name: Ana Vega\nPhone: 518-555-0142\n\nThanks,\nNoor Aziz\nTel: 518-555-0100\n",
                Some("518-555-0142"),
                true,
            ),
            (
                "My landlord put me out.\n\nThanks,\nAna Vega\nPhone: 518-555-0142\n",
                Some("518-555-0142"),
                false,
            ),
        ] {
            let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
            let has = |field| packet.text(field);
            assert_eq!(has(Field::ReferrerPhone).is_some(), writer, "{text}");
            if client.is_some() {
                assert_eq!(has(Field::ClientPhone), client, "{text}");
            }
            assert_ne!(has(Field::ClientPhone), Some("518-555-0100"), "{text}");
        }
    }

    #[test]
    fn what_else_stands_in_a_signature_below_a_farewell_is_the_writers_too() {
        let text = "Client name: Ana Vega\nSafe to call: yes\nSafe to email: yes\n\nKind regards,\nNoor Aziz\n\
                    Title: Case Manager\nAddress: 12 Main St, Albany NY\nPhone: 518-555-0100\nFax: 518-555-0101\n\
                    Email: noor@hill.example\n";
        let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
        assert_eq!(packet.text(Field::ReferrerPhone), Some("518-555-0100"));
        assert_eq!(packet.text(Field::ReferrerEmail), Some("noor@hill.example"));
        for field in [Field::ClientPhone, Field::ClientPhoneOther, Field::ClientEmail, Field::ClientAddress] {
            assert_eq!(packet.text(field), None, "{}", field.key());
        }
    }

    #[test]
    fn ways_to_reach_in_a_last_paragraph_under_anothers_name_are_nobodys_and_asked() {
        for signature in [
            "Noor Aziz\nCase Manager, Harbor House\nPhone: 518-555-0100\nEmail: noor@hill.example\n",
            "Noor Aziz, LMSW\nPhone: 518-555-0100  Email: noor@hill.example\n",
            "Noor Aziz | Case Manager\nHarbor House\nAddress: 12 Main St\nPhone: 518-555-0100\n",
            "Noor Aziz\nTrabajadora social\nTeléfono: 518-555-0100\nCorreo: noor@hill.example\n",
        ] {
            for own in ["", "Client phone: 518-555-0142\n", "CLIENT INFORMATION\nPhone: 518-555-0142\n"] {
                let text = format!(
                    "Client name: Ana Vega\n{own}Safe to call: yes\nSafe to email: yes\n\n{signature}"
                );
                let harvest = read(Source { text: &text, ..Source::default() }, &context());
                let packet = &harvest.packets[0];
                let phone = if own.is_empty() { None } else { Some("518-555-0142") };
                assert_eq!(packet.text(Field::ClientPhone), phone, "{text}");
                for field in [Field::ClientPhoneOther, Field::ClientEmail, Field::ClientAddress] {
                    assert_eq!(packet.text(field), None, "{text}");
                }
                assert!(harvest.problems.iter().any(|said| said.contains("ask whose")), "{text}");
            }
        }
    }

    #[test]
    fn the_clients_own_last_paragraph_stays_the_clients() {
        for text in [
            // She signs herself, or is the one whom the mail names.
            "Name: Ana Vega\nMatter type: eviction\n\nAna Vega\nPhone: 518-555-0142\n",
            "Client name: Vega, Ana\nMatter type: eviction\n\nAna Vega\nPhone: 518-555-0142\n",
            "Please help this client:\n\nAna Vega\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\nMatter type: eviction\n\nContact\nPhone: 518-555-0142\n",
            "Client name: Ana Vega\n\nEl Salvador\nLanguage: Spanish\nPhone: 518-555-0142\n",
            "Client name\nAna Vega\n\nCountry of origin\nEl Salvador\n\nPhone\n518-555-0142\n",
        ] {
            let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
            assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"), "{text}");
        }
    }
}
