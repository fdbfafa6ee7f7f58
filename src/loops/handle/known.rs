//! Known: a partner sends its list again with a line more. Who was on it before keeps their record; only who is new
//! gets one.

use super::Item;
use super::case::{Case, persons};
use super::names;
use crate::intake::warning;
use crate::loops::post;
use crate::referral::decide::{Decision, decide};
use crate::referral::event::Event;
use crate::referral::letter::{Body, KnownLine, Letter};
use crate::referral::party::Sender;
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

/// The records of those who are known, with what the mail says of them now. That we have them is one letter.
pub(super) fn sent_again(case: &Case<'_>, sender: &Sender, again: Vec<(u32, Stored)>) -> Vec<Saved> {
    let Case { desk, rules, item, now, .. } = *case;
    let decided = again.into_iter().map(|(place, earlier)| {
        let event = event(case, sender, place, &earlier);
        let decision = decide(rules, &earlier.referral, &event, now).follow_from(item.mail_id);
        (place, earlier, decision)
    });
    let mut decided: Vec<(u32, Stored, Decision)> = decided.collect();
    answer_once(decided.iter_mut().map(|(_, _, decision)| &mut decision.letters));
    let saved = |(place, earlier, decision)| {
        let saved = post::saved(desk, earlier, decision, now);
        Saved { persons: persons(item, place), ..saved }
    };
    decided.into_iter().map(saved).collect()
}

fn event(case: &Case<'_>, sender: &Sender, place: u32, earlier: &Stored) -> Event {
    let Case { item, known, .. } = *case;
    let at = usize::try_from(place).unwrap_or_default();
    let mut packet = item.reading.packets.get(at).cloned().unwrap_or_default();
    // Whom the mail names, only the record tells: the other side of it may stand in no line of the list.
    let (warnings, grounds) = item.reading.heard.about(&earlier.referral.packet);
    warning::doubt(&mut packet, warnings);
    if item.reading.packets.len() == 1 {
        packet.because(&grounds);
    }
    Event::SentAgain { sender: sender.clone(), packet, conflicts: names::elsewhere(item, known, at) }
}

/// The first of the answers that we have them already tells it of all, in place of the others.
fn answer_once<'a>(all: impl Iterator<Item = &'a mut Vec<Letter>>) {
    let mut first: Option<&'a mut Vec<KnownLine>> = None;
    for letters in all {
        let mut told = Vec::new();
        letters.retain_mut(|letter| {
            let Body::AlreadyHave { referrals } = &mut letter.body else { return true };
            if first.is_some() {
                told.append(referrals);
            }
            first.is_none()
        });
        if let Some(first) = &mut first {
            first.append(&mut told);
        } else {
            first = letters.iter_mut().find_map(|letter| {
                let Body::AlreadyHave { referrals } = &mut letter.body else { return None };
                Some(referrals)
            });
        }
    }
}
