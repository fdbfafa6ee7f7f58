//! Known: a partner sends its list again with a line more. Who was on it before keeps their record; only who is new
//! gets one.

use super::Item;
use super::carry_out::{Case, persons};
use super::names;
use crate::loops::remind;
use crate::referral::decide::decide;
use crate::referral::event::{Event, Sender};
use crate::referral::record::Status;
use crate::store::records::{Saved, Stored};

/// The people of a mail about several who have an open referral from the same partner, each with their place in the
/// mail; their records are taken out of those it may belong to.
pub(super) fn again(item: &Item, sender: &Sender, stored: &mut Vec<Stored>) -> Vec<(u32, Stored)> {
    let packets = &item.reading.packets;
    if packets.len() < 2 || sender.partner.is_none() {
        return Vec::new();
    }
    let mut known = Vec::new();
    for (place, packet) in (0..).zip(packets) {
        let is_theirs = |stored: &Stored| {
            let referral = &stored.referral;
            let is_over = matches!(referral.status, Status::Closed { .. } | Status::Redirected { .. });
            !is_over && referral.sender.partner == sender.partner && packet.is_same_person(&referral.packet)
        };
        if let Some(at) = stored.iter().position(is_theirs) {
            known.push((place, stored.swap_remove(at)));
        }
    }
    known
}

/// The record of somebody who is known, with what the mail says of them now.
pub(super) fn sent_again(case: &Case<'_>, sender: &Sender, (place, earlier): (u32, Stored)) -> Saved {
    let Case { desk, rules, item, known, now, .. } = *case;
    let at = usize::try_from(place).unwrap_or_default();
    let packet = item.reading.packets.get(at).cloned().unwrap_or_default();
    let event =
        Event::SentAgain { sender: sender.clone(), packet, conflicts: names::elsewhere(item, known, at) };
    let decision = decide(rules, &earlier.referral, &event, now);
    Saved { persons: persons(item, place), ..remind::saved(desk, earlier, decision, now) }
}
