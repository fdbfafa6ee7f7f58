//! Address: what is known about the client's address and phone from the other people of the mail and from earlier
//! referrals.

use std::collections::BTreeSet;

use super::super::Desk;
use super::Item;
use crate::intake::Dmarc;
use crate::referral::address::EmailAddress;
use crate::referral::decide;
use crate::referral::event::Arrival;
use crate::referral::packet::{Field, Packet};
use crate::referral::safety;
use crate::store::records::Stored;

/// Notes in an arrival who else has its address, and what any of them said against writing there. `others` are the
/// packets of the same mail, `stored` what may be about the same person.
pub(super) fn look_at(arrival: &mut Arrival, others: &[Packet], stored: &[Stored]) {
    look_at_phone(arrival, others, stored);
    let packet = &arrival.packet;
    let Some(mailbox) = mailbox_of(packet) else { return };
    let beside = || others.iter().filter(|other| *other != packet);
    let earlier: Vec<&Stored> = stored
        .iter()
        .filter(|stored| mailbox_of(&stored.referral.packet).as_ref() == Some(&mailbox))
        .collect();
    let earlier_packets = earlier.iter().map(|stored| &stored.referral.packet);
    let shared = beside().chain(earlier_packets).any(|other| safety::share_an_address(packet, other));
    let is_beside = |other: &&Packet| mailbox_of(other).as_ref() == Some(&mailbox);
    let here = beside().filter(is_beside).any(safety::is_unsafe_for_email);
    let before = earlier.iter().filter_map(|stored| safety::doubt_of(&stored.referral)).max();
    arrival.stopped = earlier.iter().any(|stored| stored.referral.stopped);
    arrival.address_doubted_at = before.max(here.then_some(arrival.received_at));
    arrival.address_shared = shared;
}

/// What an earlier referral, or another person of the mail, says against calling is a question for the owner: what came in
/// stays as it came, and nobody outside can tell that somebody else asked us about the number.
fn look_at_phone(arrival: &mut Arrival, others: &[Packet], stored: &[Stored]) {
    let (packet, is_known) = (&arrival.packet, arrival.sender.trusted);
    let here = others.iter().filter(|other| *other != packet);
    let here = here.flat_map(|other| safety::phones_doubted_by(other, packet, is_known));
    let earlier = stored.iter().map(|stored| &stored.referral);
    let earlier = earlier.flat_map(|other| safety::phones_doubted(other, packet, other.sender.trusted));
    let doubted: BTreeSet<Field> = here.chain(earlier).collect();
    arrival.questions.extend(doubted.into_iter().map(|field| decide::about_phone(field, is_known)));
}

/// Somebody on our list wrote it, or one of us, as far as our mail server can tell.
pub(super) fn is_proven(desk: &Desk, item: &Item) -> bool {
    let (envelope, roster) = (&item.reading.envelope, &desk.rules.roster);
    let is_rostered = envelope.from.as_ref().is_some_and(|from| {
        roster.partner_by_address(from).is_some() || roster.staff_by_address(from).is_some()
    });
    is_rostered && (desk.reading.trusted_authserv_id.is_none() || envelope.dmarc == Dmarc::Pass)
}

/// The mailbox that the client's letters would go to.
fn mailbox_of(packet: &Packet) -> Option<String> {
    EmailAddress::parse(packet.client_email()?).ok().map(|address| address.mailbox())
}
