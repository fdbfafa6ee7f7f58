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
    } else if is_role(address) {
        Whose::Role
    } else if referral.address_shared {
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
        named || found.value.split_whitespace().any(|word| same(address, word.trim_matches(is_wrapping)))
    });
    let local = plain(address.local());
    let opposing = packet.text(Field::OpposingParty).map(names).unwrap_or_default();
    let client = packet.text(Field::ClientName).map(names).unwrap_or_default();
    elsewhere || likeness(&local, &opposing) > likeness(&local, &client)
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
fn is_role(address: &EmailAddress) -> bool {
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
