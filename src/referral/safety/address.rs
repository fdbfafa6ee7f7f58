//! Whose address it is: a letter to a client goes to nobody else's.

use super::super::address::EmailAddress;
use super::super::packet::{Field, Judged, Packet};
use super::super::record::Referral;
use super::super::roster::Roster;
use super::{Whose, names, plain, same};

/// Whose address this is, as far as the record, the roster and its own words tell.
pub(super) fn whose(
    address: &EmailAddress,
    referral: &Referral,
    roster: &Roster,
    own: &EmailAddress,
) -> Whose {
    if belongs_to_us(address, referral, roster, own) {
        Whose::Ours
    } else if is_opposing(address, &referral.packet) {
        Whose::OpposingParty
    } else if is_role_address(address) {
        Whose::Role
    } else if referral.address_shared || is_joint(address, &referral.packet) {
        Whose::Shared
    } else {
        Whose::Client
    }
}

/// The address stands in another field of the packet (the opposing party, a safety note, whoever refers), or carries
/// the opposing party's name and not the client's.
fn is_opposing(address: &EmailAddress, packet: &Packet) -> bool {
    let elsewhere = packet.iter().filter(|(field, _)| *field != Field::ClientEmail).any(|(_, found)| {
        let named = matches!(&found.judged, Judged::Email { address: other, .. } if same(address, other));
        // Nearly no value holds an address, and stories are long.
        let mut words = found.value.split_whitespace().filter(|word| word.contains('@'));
        named || found.value.contains('@') && words.any(|word| same(address, word.trim_matches(is_wrapping)))
    });
    let local = plain(address.local());
    let opposing = packet.text(Field::OpposingParty).map(names).unwrap_or_default();
    let client = packet.text(Field::ClientName).map(names).unwrap_or_default();
    // Whose an address of that name is nobody knows if both have it.
    let namesakes = !client.is_empty() && client.iter().all(|word| opposing.contains(word));
    elsewhere
        || namesakes
        || likeness(&local, &opposing) > likeness(&local, &client)
        || (is_initialed(&local, &opposing) && !is_initialed(&local, &client))
}

/// How much of a name is in an address: a point for each of its words, one for an initial before another word.
fn likeness(local: &str, name: &[String]) -> usize {
    let words = name.iter().filter(|word| local.contains(word.as_str())).count();
    let initials = name.iter().filter_map(|word| word.chars().next());
    let initial = initials.into_iter().any(|initial| {
        name.iter().any(|word| !word.starts_with(initial) && local.contains(&format!("{initial}{word}")))
    });
    words + usize::from(initial)
}

/// Whether an address is a name with one initial: "jsmith", "smithj".
fn is_initialed(local: &str, name: &[String]) -> bool {
    let letters: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    let (Some(given), Some(family)) = (name.first(), name.last()) else { return false };
    let Some(initial) = given.chars().next() else { return false };
    name.len() > 1 && (letters == format!("{initial}{family}") || letters == format!("{family}{initial}"))
}

/// An address of a family or a couple by its looks: "smithfamily", "the.smiths", "annandjohn".
fn is_joint(address: &EmailAddress, packet: &Packet) -> bool {
    const FAMILY: [&str; 7] = ["family", "familia", "household", "couple", "mrandmrs", "ourhouse", "wedding"];
    let local: String = plain(address.local()).chars().filter(|c| c.is_alphabetic()).collect();
    let client = packet.text(Field::ClientName).map(names).unwrap_or_default();
    let plural = client.iter().any(|name| local == format!("the{name}s") || local == format!("los{name}"));
    FAMILY.iter().any(|word| local.contains(word)) || plural || has_and(address, &local, &client)
}

/// Another name is tied to the client's: "annandjohn", "john.y.ann".
fn has_and(address: &EmailAddress, local: &str, client: &[String]) -> bool {
    let parts: Vec<String> = address.local().split(|c: char| !c.is_alphabetic()).map(plain).collect();
    if parts.len() > 2 && parts.iter().any(|part| matches!(part.as_str(), "and" | "n" | "y" | "und" | "et")) {
        return true;
    }
    client.iter().any(|name| {
        let Some((before, after)) = local.split_once(name.as_str()) else { return false };
        let own = |rest: &str| client.iter().any(|other| rest.starts_with(other.as_str()));
        let behind = after.strip_prefix("and").is_some_and(|other| other.len() > 1) && !own(after);
        let ahead = before.strip_suffix("and").is_some_and(|other| other.len() > 1);
        behind || (ahead && !client.iter().any(|other| before == other))
    })
}

const fn is_wrapping(c: char) -> bool {
    matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '.' | '"' | '\'' | '[' | ']')
}

fn belongs_to_us(address: &EmailAddress, referral: &Referral, roster: &Roster, own: &EmailAddress) -> bool {
    let is = |other: &EmailAddress| other.shares_mailbox(address);
    is(own)
        || referral.sender.answer_to.as_ref().is_some_and(is)
        || roster.staff.iter().any(|staff| is(&staff.address))
        || roster.partner_by_address(address).is_some()
}

/// Addresses that several people usually read.
#[must_use]
pub fn is_role_address(address: &EmailAddress) -> bool {
    const ROLES: [&str; 30] = [
        "info",
        "office",
        "admin",
        "contact",
        "family",
        "help",
        "support",
        "mail",
        "hello",
        "team",
        "intake",
        "reception",
        "frontdesk",
        "postmaster",
        "webmaster",
        "house",
        "home",
        "thefamily",
        "household",
        "everyone",
        "all",
        "staff",
        "sales",
        "service",
        "services",
        "enquiries",
        "inquiries",
        "hr",
        "noreply",
        "no-reply",
    ];
    let local = address.mailbox();
    let local = local.split('@').next().unwrap_or_default();
    ROLES.contains(&local)
}

#[cfg(test)]
mod tests {
    use super::super::tests::packet;
    use super::*;

    #[test]
    fn an_address_that_may_be_the_opposing_partys_is_not_the_clients() {
        for (address, opposing, notes, expected) in [
            ("ann.smith@example.org", "John Doe", "", false),
            ("john.doe@example.org", "John Doe", "", true),
            ("jdoe77@example.org", "John Doe", "", true),
            ("ann.doe@example.org", "John Doe", "", false),
            ("ann@example.org", "John Doe <Ann+x@example.org>", "", true),
            ("ann@example.org", "John Doe", "he reads ann@example.org.", true),
        ] {
            let packet = packet(&[
                (Field::ClientName, "Ann Doe", Judged::Text),
                (Field::OpposingParty, opposing, Judged::Text),
                (Field::SafetyNotes, notes, Judged::Text),
            ]);
            assert_eq!(is_opposing(&EmailAddress::parse(address).unwrap(), &packet), expected, "{address}");
        }
    }
}
