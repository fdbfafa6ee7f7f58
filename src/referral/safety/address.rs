//! Whose address it is: a letter to a client goes to nobody else's.

use super::super::address::{EmailAddress, is_public_provider};
use super::super::packet::{Field, Judged, Packet};
use super::super::record::Referral;
use super::super::roster::{Partner, Roster};
use super::{Whose, looks, names, same};

/// Whose address this is, as far as the record, the roster and its own words tell.
pub(super) fn whose(
    address: &EmailAddress,
    referral: &Referral,
    roster: &Roster,
    own: &EmailAddress,
) -> Whose {
    let client = referral.packet.text(Field::ClientName).map(names).unwrap_or_default();
    if belongs_to_us(address, referral, roster, own) {
        Whose::Ours
    } else if is_opposing(address, &referral.packet) {
        Whose::OpposingParty
    } else if looks::is_role(address, &client) {
        Whose::Role
    } else if referral.address_shared {
        Whose::Shared
    } else if looks::is_joint(address, &client) {
        Whose::Joint
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
    let text = |field| packet.text(field).unwrap_or_default();
    let opposing = names(text(Field::OpposingParty));
    let client = names(text(Field::ClientName));
    // Whose an address of that name is nobody knows if both have it.
    let namesakes = !client.is_empty() && client.iter().all(|word| opposing.contains(word));
    elsewhere
        || namesakes
        || looks::is_more_like(address, text(Field::OpposingParty), text(Field::ClientName))
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
        || is_at_ours_or_a_partners(address, roster, own)
}

/// Whoever has an address at our domain or a partner's, or below it, is read there by whoever runs it: a client who works
/// there is no less in danger. At a public provider anybody may be.
fn is_at_ours_or_a_partners(address: &EmailAddress, roster: &Roster, own: &EmailAddress) -> bool {
    let domain = address.domain();
    let is_at = |home: &str| {
        !is_public_provider(home)
            && domain.strip_suffix(home).is_some_and(|host| host.is_empty() || host.ends_with('.'))
    };
    let addresses = |partner: &Partner| {
        partner.ask.iter().chain(&partner.addresses).any(|known| is_at(known.domain()))
            || partner.domains.iter().any(|domain| is_at(domain))
    };
    is_at(own.domain())
        || roster.staff.iter().any(|staff| is_at(staff.address.domain()))
        || roster.partners.iter().any(addresses)
}

/// Whether an address stands for a desk or a post that several people usually read.
#[must_use]
pub fn is_role_address(address: &EmailAddress) -> bool {
    looks::is_role(address, &[])
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

    #[test]
    fn an_address_at_our_domain_or_a_partners_is_nobodys_own_and_one_at_a_public_provider_may_be() {
        use super::super::super::policy::Span;
        use super::super::super::roster::{Mode, PartnerId, SourceKind, StaffId};
        let parsed = |text: &str| EmailAddress::parse(text).unwrap();
        let partner = |addresses: &[&str], domains: &[&str]| Partner {
            id: PartnerId("p".to_owned()),
            name: "P".to_owned(),
            addresses: addresses.iter().map(|text| parsed(text)).collect(),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            ask: None,
            source: SourceKind::Organization,
            mode: Mode::Enforce,
            pilot_since: None,
            policy: None,
            loop_back: false,
            week: None,
            redirect_receipt: Span::business_days(1),
            redirect_decision: Span::business_days(1),
        };
        let owner = StaffId("maria".to_owned());
        let roster = Roster {
            house: "Example Help Center".to_owned(),
            staff: Vec::new(),
            partners: vec![
                partner(&["intake@harbor.example", "harbor@gmail.com"], &[]),
                partner(&[], &["north.example"]),
            ],
            workflow_owner: owner.clone(),
            data_owner: owner,
            admins: Vec::new(),
        };
        for (address, expected) in [
            ("ann@ours.example", true),
            ("ann@mail.ours.example", true),
            ("ann@harbor.example", true),
            ("ann@mail.north.example", true),
            ("ann@yours.example", false),
            ("ann@notnorth.example", false),
            ("ann@gmail.com", false),
            ("ann@mail.example", false),
        ] {
            let own = parsed("referrals@ours.example");
            assert_eq!(is_at_ours_or_a_partners(&parsed(address), &roster, &own), expected, "{address}");
        }
    }
}
