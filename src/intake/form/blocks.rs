//! Blocks: who of several people in one mail is the client, by what stands above and beside their names.

use super::entry::{Entry, Item};
use super::fold::fold;
use super::judge::{only_agrees, opens_with_no};
use super::lexicon::{Slot, Whose};

/// What calls a person in a mail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// A heading that means the client.
    Client,
    /// None, or one that says nothing of the kind.
    Plain,
    /// One that no list has.
    Unknown,
}

/// The heading of those of several people who are the client, where others have another one: nobody lists all that
/// people beside the client are called, "Client", and behind them "The lodger".
pub(super) fn client_heading(headings: &[Heading]) -> Option<Heading> {
    if headings.contains(&Heading::Client) {
        return headings.iter().any(|heading| *heading != Heading::Client).then_some(Heading::Client);
    }
    let (first, others) = headings.split_first()?;
    (*first == Heading::Plain && others.contains(&Heading::Unknown)).then_some(Heading::Plain)
}

/// What stands above the name of a block.
pub(super) fn heading(items: &[Item], (from, to): (usize, usize)) -> Heading {
    let block = items.get(from..to).unwrap_or_default();
    let name = block.iter().position(|item| matches!(item, Item::Entry(entry) if opens_person(entry)));
    let above = items.get(..from + name.unwrap_or_default()).unwrap_or_default().iter().enumerate().rev();
    // The heading may stand above the first thing that the blocks have in common.
    let above = above.take_while(|(at, item)| *at >= from || !matches!(item, Item::Entry(_)));
    let mut called = above.filter_map(|(_, item)| match item {
        Item::Section(Whose::Client) => Some(Heading::Client),
        Item::Headed => Some(Heading::Unknown),
        Item::Section(_)
        | Item::Entry(_)
        | Item::Another
        | Item::Others
        | Item::SideBySide
        | Item::Unread => None,
    });
    called.next().unwrap_or(Heading::Plain)
}

/// Whether a block answers what is safe right behind another address than the client's, under a label that does not say
/// whose it is: below "Stalker: Otto Bane" with an address of his own, the answer is no more the client's than his.
pub(super) fn answers_behind_two_addresses(
    items: &[Item],
    owned: &[Whose],
    (from, to): (usize, usize),
) -> bool {
    let plain = |entry: &Entry| {
        entry.label.meaning.is_some_and(|meaning| matches!(meaning.whose, Whose::Plain | Whose::Your))
    };
    let mut first: Option<&Entry> = None;
    let mut is_anothers = false;
    for (item, owner) in items.iter().zip(owned).take(to).skip(from) {
        let Item::Entry(entry) = item else {
            is_anothers = false;
            continue;
        };
        if entry.is_a(Slot::Email) && plain(entry) && entry.value.contains('@') {
            is_anothers = first.is_some_and(|first| fold(&first.value) != fold(&entry.value));
            if matches!(owner, Whose::Client | Whose::Plain) {
                first.get_or_insert(entry);
            }
        } else if is_anothers && plain(entry) && opens_a_way(entry) {
            return true;
        }
    }
    false
}

/// Whether an answer about safety lets somebody be reached, and says no more.
pub(super) fn opens_a_way(entry: &Entry) -> bool {
    match entry.label.meaning.map(|meaning| meaning.slot) {
        Some(Slot::Safe(_)) => only_agrees(&entry.value),
        Some(Slot::DoNot(_)) => opens_with_no(&entry.value),
        Some(_) | None => false,
    }
}

/// Whether it names a person, or the first part of a name.
pub(super) fn opens_person(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| matches!(meaning.slot, Slot::Name | Slot::FirstName))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Harvest, Source, read};
    use crate::referral::packet::{Field, Packet, Safety};

    const CLIENT: &str = "Name: Ana Vega\nPhone: 518-555-0142\nEmail: ana@mail.example\nSafe to call: yes\n\
                          Safe to email: yes\nConsent to share: yes\n";

    fn said(text: &str) -> Harvest {
        read(Source { text, ..Source::default() }, &context())
    }

    fn of<'h>(harvest: &'h Harvest, name: &str) -> Option<&'h Packet> {
        harvest.packets.iter().find(|packet| packet.text(Field::ClientName) == Some(name))
    }

    #[test]
    fn whom_a_heading_calls_somebody_beside_the_client_is_no_client() {
        for heading in [
            "Ex",
            "Boyfriend",
            "Partner",
            "OP",
            "Other side",
            "Dad",
            "Employer:",
            "Roommate",
            "Property manager",
            "Neighbor",
            "Marido",
            "Dueño",
            "Landlord",
        ] {
            let harvest = said(&format!("{CLIENT}\n{heading}\nName: Bob Stone\nPhone: 518-555-0199\n"));
            assert!(of(&harvest, "Bob Stone").is_none(), "{heading}");
            assert_eq!(of(&harvest, "Ana Vega").unwrap().channels().email, Safety::Safe, "{heading}");
        }
    }

    #[test]
    fn nobody_calls_whom_a_heading_that_no_list_has_sets_beside_the_client() {
        for heading in ["Him", "Él", "Her husband", "Against", "Sponsor", "Suegra", "The guy she rents from"]
        {
            let harvest = said(&format!("{CLIENT}\n{heading}\nName: Bob Stone\nPhone: 518-555-0199\n"));
            let bob = of(&harvest, "Bob Stone").unwrap();
            assert_eq!(bob.channels().call, Safety::NotSafe, "{heading}");
            assert!(!bob.grounds().is_empty(), "{heading}");
            let ana = of(&harvest, "Ana Vega").unwrap();
            assert_eq!(ana.text(Field::ClientPhone), Some("518-555-0142"), "{heading}");
            assert_ne!(ana.channels().email, Safety::Safe, "{heading}");
        }
        for heading in ["", "Second client", "Next referral:", "Another client"] {
            let other = CLIENT.replace("Ana", "Eva").replace("0142", "0143").replace("ana@", "eva@");
            let harvest = said(&format!("{CLIENT}\n{heading}\n{other}"));
            for name in ["Ana Vega", "Eva Vega"] {
                assert_eq!(of(&harvest, name).unwrap().channels().email, Safety::Safe, "{heading}");
            }
        }
    }

    #[test]
    fn nobody_is_believed_of_her_and_him() {
        let him = CLIENT.replace("Ana", "Axel").replace("0142", "0143").replace("ana@", "axel@");
        for (one, other) in [("Her", "Him"), ("HIM:", "HER:"), ("Ella", "Él"), ("", "Him")] {
            let harvest = said(&format!("{one}\n{CLIENT}\n{other}\n{him}"));
            let is_safe = |packet: &Packet| packet.channels().email == Safety::Safe;
            assert!(!harvest.packets.iter().any(is_safe), "{one} {other}");
        }
    }

    #[test]
    fn an_address_behind_the_name_of_somebody_else_is_asked() {
        let safe = |told: &str| {
            let text = format!(
                "Name: Adele Brant\nPhone: 518-555-0142\n{told}\nLanguage: English\nSafe to email: yes\nConsent to share: yes\n"
            );
            said(&text).packets[0].channels().email == Safety::Safe
        };
        for told in [
            "Him: Axel Bode\nEmail: axel.bode@mail.example",
            "Other person: Axel Bode\nDOB: 3/4/1990\nEmail: abc22@mail.example",
            "Lives with: Axel Bode\nEmail: axel.bode@mail.example",
            "Interpreter: Axel Bode\nEmail: axel.bode@mail.example",
            "Him: Axel Bode (ex)\nEmail: axel.bode@mail.example",
            "Él: Axel Bode\nEmail: axel.bode@mail.example",
        ] {
            assert!(!safe(told), "{told}");
        }
        for told in [
            "Email: sunny22@mail.example\nHim: Axel Bode",
            "Him: Axel Bode\nEmail: adele.b@mail.example",
            "Race: African American\nEmail: sunny22@mail.example",
            "School: Lincoln High\nEmail: sunny22@mail.example",
            "Building: Lincoln Towers\nEmail: sunny22@mail.example",
            "Insurance: Blue Cross\nEmail: sunny22@mail.example",
            "Goes by: Annie Brant\nEmail: sunny22@mail.example",
        ] {
            assert!(safe(told), "{told}");
        }
    }

    #[test]
    fn what_another_answers_above_the_client_is_not_the_clients() {
        let yes = "Safe to email: yes\nSafe to call: yes\nConsent to share: yes\n";
        let ana = "Name: Ana Vega\nPhone: 518-555-0142\n";
        for text in [
            format!("OP info\nEmail: sunny22@mail.example\n{yes}Petitioner\n{ana}"),
            format!("Respondent\nName: Bob Hines\n{yes}\nPetitioner\n{ana}Email: ana@mail.example\n"),
            format!("Wife\n{ana}Email: ana@mail.example\n\nOther\nName: Bob Hines\n{yes}"),
            format!(
                "Respondent\n{ana}Email: ana@mail.example\n\nTrusted person\nName: Bob Hines\nEmail: b@mail.example\n{yes}"
            ),
        ] {
            for packet in said(&text).packets {
                assert!(packet.channels().email != Safety::Safe || !packet.consents(), "{text}");
            }
        }
        for heading in ["Wife", "Mother", "Mom"] {
            let harvest = said(&format!("{heading}\n{CLIENT}"));
            assert_eq!(of(&harvest, "Ana Vega").unwrap().channels().email, Safety::Safe, "{heading}");
        }
    }

    #[test]
    fn the_respondent_ends_where_the_petitioner_begins() {
        let harvest = said(
            "Respondent\nName: Paul Park\nPhone: 518-555-0199\n\nPetitioner\nName: Gina Park\nPhone: 518-555-0142\n\
             Safe to call: yes\n",
        );
        let gina = of(&harvest, "Gina Park").unwrap();
        assert_eq!(gina.text(Field::OpposingParty), Some("Paul Park"));
        assert_eq!(gina.text(Field::ClientPhone), Some("518-555-0142"));
        assert!(of(&harvest, "Paul Park").is_none());
    }

    #[test]
    fn what_only_counts_the_blocks_or_says_how_urgent_they_are_makes_nobody_a_stranger() {
        let other = CLIENT.replace("Ana", "Eva").replace("0142", "0143").replace("ana@", "eva@");
        for (one, two) in
            [("First is:", "Second is:"), ("Urgent", "Not urgent"), ("High priority", "Routine")]
        {
            let harvest = said(&format!("{one}\n{CLIENT}\n{two}\n{other}"));
            for name in ["Ana Vega", "Eva Vega"] {
                assert_eq!(of(&harvest, name).unwrap().channels().email, Safety::Safe, "{two} {name}");
            }
        }
    }

    #[test]
    fn whoever_made_the_referral_or_stands_beside_the_client_agrees_to_nothing_for_them() {
        let rita = CLIENT.replace("Ana", "Rita").replace("ana@", "rita@");
        for text in [
            format!("Referral made by her mother\n{rita}For: Tess Vega\n"),
            format!("Completed by the school\n{rita}For: Tess Vega\n"),
            format!("Respondent\n{rita}\nClient\nName: Tess Vega\nEmail: tess@mail.example\n"),
        ] {
            let harvest = said(&text);
            let may_be_written_to = |packet: &Packet| {
                packet.client_email().is_some()
                    && packet.channels().email == Safety::Safe
                    && packet.consents()
            };
            assert!(!harvest.packets.iter().any(may_be_written_to), "{text}");
            assert!(of(&harvest, "Rita Vega").is_none(), "{text}");
        }
        let consent = "Respondent\nName: Bob Hines\nConsent to share: yes\n\nClient\nName: Tess Vega\nPhone: 518-555-0142\n";
        assert!(!of(&said(consent), "Tess Vega").unwrap().consents());
    }
}
