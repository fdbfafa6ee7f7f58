//! Entries → packets: whose each value is, where one person ends and the next begins, what two values of one field
//! mean.

use super::beside::has_a_way_of_another;
use super::blocks::{
    Heading, answers_behind_two_addresses, client_heading, heading, opens_a_way, opens_person,
};
use super::build::{BESIDE, Builder};
use super::columns::LONGEST_ROLE;
use super::doubt;
use super::entry::{Entry, Item, MOST_PACKETS};
use super::fold::fold;
use super::judge::only_agrees;
use super::lexicon::{LEXICON, Meaning, Slot, Whose};
use super::merge::{say, too_long};
use super::people;
use super::{Context, Harvest, cell, owners, slip};
use crate::referral::packet::{Field, Packet};
use crate::referral::safety::is_guarded;

/// Makes packets of the items, one a person.
pub(crate) fn packets(items: Vec<Item>, context: &Context) -> Harvest {
    let owners::Owned { each: owned, leaves_out, is_unread } = owners::of(&items);
    let calls_client = items.iter().any(calls_client);
    let mut problems = Vec::new();
    if is_unread {
        problems.push(UNREAD.to_owned());
    }
    let cuts = cuts(&items, &owned);
    let is_marked = !by_marker(&items, &owned).is_empty();
    let has_columns = items.iter().any(|item| matches!(item, Item::SideBySide));
    let is_side_by_side =
        items.iter().any(sets_side_by_side) || has_columns && items.iter().any(answers_for_nobody);
    let is_of_two_addresses = cuts.iter().any(|cut| answers_behind_two_addresses(&items, &owned, *cut))
        || joined(&items, &owned, &cuts).iter().any(|cut| has_a_way_of_another(&items, &owned, *cut));
    let block = |(from, to): (usize, usize)| Block {
        items: to.saturating_sub(from),
        is_mixed: mixes_people(&items, &owned, (from, to)),
        heading: heading(&items, (from, to)),
    };
    let blocks: Vec<Block> = cuts.into_iter().map(block).collect();
    let headings: Vec<Heading> = blocks.iter().map(|block| block.heading).collect();
    let client = client_heading(&headings).filter(|_| !is_marked);
    let mut owned_items = items.into_iter().zip(owned);
    let mut packets: Vec<Packet> = Vec::new();
    for block in blocks {
        if packets.len() == MOST_PACKETS {
            problems.push(too_many());
            break;
        }
        let mut packet = block.packet(owned_items.by_ref().take(block.items), context, &mut problems);
        if !packet.is_empty() {
            if client.is_some_and(|client| block.heading != client) {
                doubt::may_be_no_client(&mut packet);
            }
            packets.push(packet);
        }
    }
    let is_nobodys =
        is_side_by_side || client.is_some() || is_of_two_addresses || only_last_answers(&packets);
    if packets.len() >= 2 {
        let all = packets.clone();
        share(&mut packets, &all);
    }
    if leaves_out && !packets.is_empty() {
        say(&mut problems, BESIDE.to_owned());
    }
    problems.dedup();
    let mut harvest = Harvest {
        packets,
        problems,
        calls_client,
        leaves_out: leaves_out || has_columns,
        has_columns,
        ..Harvest::default()
    };
    if is_nobodys {
        doubt::nobodys(&mut harvest);
    }
    harvest
}

/// What one person's items are, as they stand.
struct Block {
    /// How many they are.
    items: usize,
    /// They may be of several people.
    is_mixed: bool,
    /// What calls whom they are about.
    heading: Heading,
}

impl Block {
    /// The packet of its items, each with whose it is.
    fn packet(
        &self,
        items: impl Iterator<Item = (Item, Whose)>,
        context: &Context,
        problems: &mut Vec<String>,
    ) -> Packet {
        let mut builder = Builder::new(context);
        if self.is_mixed {
            say(problems, people::SEVERAL.to_owned());
        }
        let mut is_below_client = false;
        for (item, owner) in items {
            let Item::Entry(entry) = item else {
                is_below_client &= !matches!(item, Item::Section(_) | Item::Others);
                continue;
            };
            is_below_client |= cell::is_explicit_client(&entry.label);
            // What is safe for somebody else makes nothing safe for the client, nor does what they agree to. A no below
            // their heading may well be the client's: it stays.
            let is_beside = matches!(owner, Whose::Other | Whose::Opposing);
            let is_theirs = (is_beside || owner == Whose::Referrer) && opens_a_way(&entry);
            let is_agreed_by_them = is_beside && !is_below_client && agrees(&entry);
            if is_theirs || is_agreed_by_them || self.is_mixed && owner == Whose::Client && entry.is_phone() {
                continue;
            }
            if let Some(Slot::Field(field)) = entry.label.meaning.map(|meaning| meaning.slot) {
                too_long(field, &entry.value, problems);
            }
            builder.add(entry, owner);
        }
        builder.finish(problems)
    }
}

/// A yes about consent or safety.
fn agrees(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(slip::is_delicate) && only_agrees(&entry.value)
}

/// Whether the answers about consent and safety stand only with the last of several people, and may be all of theirs.
pub(super) fn only_last_answers(packets: &[Packet]) -> bool {
    let answers = |packet: &Packet| packet.iter().any(|(field, _)| is_guarded(field));
    packets
        .split_last()
        .is_some_and(|(last, rest)| !rest.is_empty() && answers(last) && !rest.iter().any(answers))
}

/// "Abuser | Client" is no label with its value but the head of two columns.
fn sets_side_by_side(item: &Item) -> bool {
    let Item::Entry(entry) = item else { return false };
    // "Completed by: client" says who.
    let says_who = entry.label.key.ends_with(" by") || entry.label.key.ends_with(" source");
    if entry.value.len() > LONGEST_ROLE || says_who {
        return false;
    }
    let role = |folded: &str| {
        let is_others = || LEXICON.phrases("beside").is(folded).then_some(Whose::Other);
        LEXICON.heading(folded).filter(|whose| *whose != Whose::Plain).or_else(is_others)
    };
    let (label, value) = (role(&entry.label.key), role(&fold(&entry.value)));
    let is_one = |one: Option<Whose>, other: Option<Whose>| {
        one == Some(Whose::Client) && other != Some(Whose::Client) && other.is_some()
    };
    is_one(label, value) || is_one(value, label)
}

/// An answer about consent or safety that does not say whose it is.
fn answers_for_nobody(item: &Item) -> bool {
    let Item::Entry(entry) = item else { return false };
    let is_plain = |meaning: &Meaning| matches!(meaning.whose, Whose::Plain | Whose::Your);
    entry.label.meaning.filter(is_plain).is_some_and(slip::is_delicate)
}

fn calls_client(item: &Item) -> bool {
    match item {
        Item::Entry(entry) => entry.label.meaning.is_some_and(|meaning| meaning.whose == Whose::Client),
        Item::Section(whose) => *whose == Whose::Client,
        Item::Another | Item::Others | Item::Headed | Item::SideBySide | Item::Unread => false,
    }
}

/// What a person is told of a mail about very many.
pub(super) fn too_many() -> String {
    format!("More than {MOST_PACKETS} people in one mail; only the first {MOST_PACKETS} were read.")
}

/// What a person is told of a list or a table of others.
const UNREAD: &str = "A list or a table in the mail may be about others than the client, and was left out; \
                      please look whether a client is among them.";

/// Where each person's items begin and end.
fn cuts(items: &[Item], owned: &[Whose]) -> Vec<(usize, usize)> {
    let mut starts = by_marker(items, owned);
    if starts.is_empty() {
        starts = by_name(items, owned);
    }
    let mut cuts = Vec::with_capacity(starts.len() + 1);
    let mut from = 0;
    for start in starts {
        cuts.push((from, start));
        from = start;
    }
    cuts.push((from, items.len()));
    cuts
}

/// The blocks, each with those behind it that name nobody: "Tenant 2" above an address alone.
fn joined(items: &[Item], owned: &[Whose], cuts: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let names = |(from, to): (usize, usize)| {
        items.iter().zip(owned).take(to).skip(from).any(|(item, owner)| {
            matches!(owner, Whose::Client | Whose::Plain) && item.entry().is_some_and(opens_person)
        })
    };
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for cut in cuts {
        match joined.last_mut() {
            Some(last) if !names(*cut) => last.1 = cut.1,
            Some(_) | None => joined.push(*cut),
        }
    }
    joined
}

/// Counted blocks: each marker after a first person's value begins the next one.
fn by_marker(items: &[Item], owned: &[Whose]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut seen = false;
    for (at, (item, owner)) in items.iter().zip(owned).enumerate() {
        match item {
            Item::Another if seen => {
                starts.push(at);
                seen = false;
            }
            Item::Entry(entry) if *owner == Whose::Client && is_person(entry) => seen = true,
            Item::Another
            | Item::Entry(_)
            | Item::Section(_)
            | Item::Others
            | Item::SideBySide
            | Item::Headed
            | Item::Unread => {}
        }
    }
    starts
}

/// Whether a block has two numbers under the same label, and other labels repeat with them: it is a form filled in for
/// several people whose names stand under no label.
fn mixes_people(items: &[Item], owned: &[Whose], (from, to): (usize, usize)) -> bool {
    let entries: Vec<&Entry> = items
        .iter()
        .zip(owned)
        .take(to)
        .skip(from)
        .filter(|(_, owner)| matches!(owner, Whose::Client | Whose::Plain))
        .filter_map(|(item, _)| item.entry())
        .take(200)
        .collect();
    let again = |is_phone: bool| {
        entries.iter().enumerate().any(|(at, one)| {
            let is_asked = one.is_a(Slot::Phone) == is_phone;
            is_asked
                && entries
                    .iter()
                    .skip(at + 1)
                    .any(|other| other.label.key == one.label.key && fold(&other.value) != fold(&one.value))
        })
    };
    entries.iter().any(|entry| entry.is_a(Slot::Phone)) && again(true) && again(false)
}

fn is_person(entry: &Entry) -> bool {
    entry
        .label
        .meaning
        .is_some_and(|meaning| meaning.slot.is_of_name() || matches!(meaning.slot, Slot::Phone | Slot::Email))
}

/// The same name label again with another value begins the next person; the block begins as far above it as the labels
/// above the first one repeat.
fn by_name(items: &[Item], owned: &[Whose]) -> Vec<usize> {
    let names: Vec<(usize, &Entry)> = items
        .iter()
        .zip(owned)
        .enumerate()
        .filter(|(_, (_, owner))| **owner == Whose::Client)
        .filter_map(|(at, (item, _))| {
            item.entry().filter(|entry| opens_person(entry)).map(|entry| (at, entry))
        })
        .collect();
    let Some((first, opener)) = names.first().copied() else { return Vec::new() };
    let mut seen = vec![fold(&opener.value)];
    let mut starts = Vec::new();
    let mut last = first;
    for (at, entry) in names.into_iter().skip(1) {
        let value = fold(&entry.value);
        if entry.label.key != opener.label.key || seen.contains(&value) {
            continue;
        }
        seen.push(value);
        let back = (1..at.saturating_sub(last))
            .take_while(|back| *back <= first && alike(items.get(first - back), items.get(at - back)))
            .count();
        starts.push(at - back);
        last = at;
        if starts.len() > MOST_PACKETS {
            break;
        }
    }
    starts
}

fn alike(a: Option<&Item>, b: Option<&Item>) -> bool {
    match (a, b) {
        (Some(Item::Entry(a)), Some(Item::Entry(b))) => a.label.key == b.label.key,
        (Some(Item::Section(a)), Some(Item::Section(b))) => a == b,
        (Some(Item::Another), Some(Item::Another)) => true,
        _ => false,
    }
}

/// What is said once for all.
pub(super) const SHARED: [Field; 5] = [
    Field::ReferrerName,
    Field::ReferrerOrg,
    Field::ReferrerPhone,
    Field::ReferrerEmail,
    Field::ReferralDate,
];

/// Who refers is said once for all: copied to every packet that has none of it. Consent and safety are never copied.
pub(super) fn share(packets: &mut [Packet], all: &[Packet]) {
    if all.iter().filter(|packet| SHARED.iter().any(|f| packet.get(*f).is_some())).count() > 1 {
        return;
    }
    for field in SHARED {
        let Some(found) = all.iter().find_map(|packet| packet.get(field)).cloned() else { continue };
        for packet in packets.iter_mut().filter(|packet| packet.get(field).is_none()) {
            packet.put(field, found.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Field, Packet, Safety};

    #[test]
    fn whom_a_mail_does_not_call_the_client_beside_one_it_does_nobody_is_to_call() {
        let client = "Client\nName: Ana Vega\nPhone: 518-555-0142\nSafe to call: yes\n";
        let other = "The lodger\nName: Bob Stone\nPhone: 518-555-0199\nSafe to call: yes\n";
        for text in [format!("{client}\n{other}"), format!("{other}\n{client}")] {
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            let of = |name: &str| {
                let is_theirs = |packet: &&Packet| packet.text(Field::ClientName) == Some(name);
                harvest.packets.iter().find(is_theirs).unwrap_or_else(|| panic!("{text}"))
            };
            let (ana, bob) = (of("Ana Vega"), of("Bob Stone"));
            let ways = bob.channels();
            for way in [ways.call, ways.voicemail, ways.text, ways.email, ways.letter] {
                assert_eq!(way, Safety::NotSafe, "{text}");
            }
            assert!(bob.grounds().iter().any(|why| why.contains("calls somebody else the client")), "{text}");
            assert!(ana.grounds().is_empty() && ana.channels().voicemail == Safety::Unknown, "{text}");
        }
        let both = format!("{client}\n{}", client.replace("Ana", "Eva").replace("0142", "0143"));
        let harvest = read(Source { text: &both, ..Source::default() }, &context());
        assert!(harvest.packets.iter().all(|packet| packet.channels().call == Safety::Safe), "{both}");
    }

    #[test]
    fn a_plain_phone_beside_a_referrer_with_an_address_is_never_taken_for_the_clients() {
        let (jo, ana) = (Some("845-555-0100"), Some("518-555-0142"));
        for (text, client, referrer) in [
            (
                "Referrer: Jo Bell, jo@hill.example\nPhone: 845-555-0100\n\nClient: Ana Vega\nPhone: 518-555-0142\n",
                ana,
                jo,
            ),
            ("Referred by: Jo Bell, jo@hill.example\nPhone: 845-555-0100\nClient name: Ana Vega\n", None, jo),
            ("Intake worker: Pat Roe\nPhone: 845-555-0100\nClient: Ana Vega\n", None, jo),
            (
                "Caller: Liz Moon\nCaller phone: 845-555-0100\nClient: Ana Vega\nPhone: 518-555-0142\n",
                ana,
                jo,
            ),
            ("Caller: Ana Vega\nCaller phone: 518-555-0142\n", ana, None),
            ("Your name: Jo Bell <jo@hill.example>\nPhone: 845-555-0100\nClient name: Ana Vega\n", None, jo),
            (
                "Client name: Ana Vega\nPhone: 518-555-0142\nReferrer: Jo Bell, jo@hill.example\nPhone: 845-555-0100\n",
                ana,
                jo,
            ),
        ] {
            let text = format!("{text}Safe to call: yes\nMatter type: eviction\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            let packet = &harvest.packets[0];
            assert_eq!(packet.text(Field::ClientPhone), client, "{text}");
            assert_eq!(packet.text(Field::ReferrerPhone), referrer, "{text}");
        }
    }

    #[test]
    fn whoever_stands_below_a_heading_that_nobody_listed_is_written_to_by_no_yes_of_a_mail_with_a_client() {
        let block = |name: &str, address: &str, answer: &str| {
            format!("Name: {name}\nPhone: 518-555-0142\nEmail: {address}\nSafe to email: {answer}\n\n")
        };
        let client = block("Ana Vega", "ana@mail.example", "No");
        let last =
            "Language: English\nMatter type: custody\nConsent to share: yes\nConsent to contact: yes\n";
        for heading in ["Alleged abuser", "Stalker", "Person causing harm", "Roommate", "Lease holder", "Ex"]
        {
            let other = block("Karl Doe", "karl@mail.example", "Yes");
            for (text, is_below_client) in [
                (format!("Client\n{client}{heading}\n{other}{last}"), false),
                (format!("{heading}\n{other}Client\n{client}{last}"), true),
            ] {
                let harvest = read(Source { text: &text, ..Source::default() }, &context());
                let is_safe = |packet: &Packet| packet.channels().email == Safety::Safe;
                assert!(!harvest.packets.iter().any(is_safe), "{text}");
                // Whose heading is known is no client; then the consent below the client's is the client's.
                let is_hers =
                    |packet: &Packet| is_below_client && packet.text(Field::ClientName) == Some("Ana Vega");
                assert!(harvest.packets.iter().all(|packet| !packet.consents() || is_hers(packet)), "{text}");
            }
        }
        for labels in ["Batterer: Karl Doe", "Caregiver: Karl Doe", "Alternate contact: Karl Doe"] {
            let text = format!(
                "Client name: Ana Vega\nEmail: ana@mail.example\n\n{labels}\nPhone: 518-555-0199\n\
                 Email: karl@mail.example\nSafe to email: yes\n{last}"
            );
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            assert!(harvest.packets.iter().all(|packet| packet.channels().email != Safety::Safe), "{text}");
        }
        // Each below a heading that calls them so are several clients, and so are those that none does.
        for heading in ["Client\n", ""] {
            let (ana, jo) =
                (block("Ana Vega", "ana@mail.example", "Yes"), block("Jo Roe", "jo@mail.example", "Yes"));
            let text = format!("{heading}{ana}{heading}{jo}");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            assert_eq!(harvest.packets.len(), 2, "{text}");
            assert!(harvest.packets.iter().all(|packet| packet.channels().email == Safety::Safe), "{text}");
        }
    }

    #[test]
    fn a_phone_that_may_be_the_clients_or_the_referrers_is_left_out_and_asked() {
        for below in ["Phone: 845-555-0100\nAgency: Hill House\n", "Home phone: 845-555-0100\n"] {
            let text = format!(
                "Client name: Ana Vega\nSafe to call: yes\nMatter type: eviction\n\n\
                 Referrer name: Jo Bell (jo@hill.example)\n{below}"
            );
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            let packet = &harvest.packets[0];
            for field in [Field::ClientPhone, Field::ClientPhoneOther, Field::ReferrerPhone] {
                assert_eq!(packet.text(field), None, "{field:?} {below}");
            }
            assert!(harvest.problems.iter().any(|said| said.contains("ask")), "{:?}", harvest.problems);
        }
    }
}
