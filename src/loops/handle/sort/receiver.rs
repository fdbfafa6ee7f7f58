//! The partner that was asked to take a referral on: it acts by two proofs, like staff (DESIGN §4).
//!
//! The token stands for the mailbox that was written to and for that one ask; a colleague there proves nothing with it,
//! nor does a letter about an earlier ask, and nothing happens but a fresh letter to the registered address.

use super::{Intent, Question, Sorter, command, is_sender};
use crate::intake::ParkCause;
use crate::intake::command::Said;
use crate::letters::token::Person;
use crate::referral::address::EmailAddress;
use crate::referral::command::Command;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Part;
use crate::referral::party::Party;
use crate::referral::roster::Partner;
use crate::store::records::Stored;

impl Sorter<'_> {
    /// What a partner says about a referral it was asked to take on; `None` if its mail is about no such referral.
    pub(super) fn receiver(&self, from: &EmailAddress) -> Option<Intent> {
        let reading = &self.item.reading;
        let partner = self.desk.rules.roster.partner_by_address(from)?;
        let stored = self.asked(from, partner)?;
        let reference = stored.referral.reference.clone();
        let mut said = command::read(&reading.text.own, &self.rules.reasons);
        // Plain words of another house are for the owner to read, whatever stands below them.
        if said.begins_as_prose {
            said.commands.clear();
        }
        let nothing_said = said.commands.is_empty() && said.unclear.is_empty();
        if nothing_said && !reading.packets.is_empty() {
            // A referral of theirs, written as an answer.
            return None;
        }
        if reading.silence.is_some() {
            return Some(Intent::Settle(Disposition::AutoReply));
        }
        if !self.is_proven_receiver(from, partner, stored) {
            let event =
                self.warned(Event::PersonWrote { who: Party::Receiver }, std::slice::from_ref(&reference));
            // A doubt needs no proof; what else the mail says is for the owner to read.
            return Some(if matches!(event, Event::Warned { .. }) {
                Intent::Happens(vec![reference], event, Disposition::Reply)
            } else {
                self.unproven(stored, partner)
            });
        }
        let said = answer(said);
        let (event, disposition) = match said.commands.as_slice() {
            [Command::Status] => {
                return Some(Intent::Answer(Question::Status(vec![reference]), from.clone()));
            }
            [Command::Form] => return Some(Intent::Answer(Question::Form, from.clone())),
            [Command::Note { .. }] => (Event::PersonWrote { who: Party::Receiver }, Disposition::Reply),
            [] if said.unclear.is_empty() => {
                (Event::PersonWrote { who: Party::Receiver }, Disposition::Reply)
            }
            commands => {
                let by = partner.id.clone();
                (Event::Answered { by, commands: commands.to_vec() }, Disposition::Command)
            }
        };
        let about = vec![reference];
        let event = self.warned(event, &about);
        Some(Intent::Happens(about, event, disposition))
    }

    /// The referral the mail is about that was not theirs to begin with: by the token, by the letter it
    /// answers, or by the number of one that waits for them.
    fn asked(&self, from: &EmailAddress, partner: &Partner) -> Option<&Stored> {
        let answers = |stored: &Stored| {
            let reference = &stored.referral.reference;
            let mut letters = self.known.threads.iter().filter(|letter| letter.part == Part::Receiver);
            let named = self.item.reading.mentions.references.iter().any(|text| text == reference.as_str());
            letters.any(|letter| letter.reference.as_ref() == Some(reference))
                || self.ask_answered(from, stored).is_some()
                || (named && waits_for(stored, partner))
        };
        self.stored.iter().find(|stored| !is_sender(stored, from, Some(partner)) && answers(stored))
    }

    /// The token of the ask that waits for them; where none does, that of any ask there was, since then nothing can
    /// follow but the news that it is over.
    fn is_proven_receiver(&self, from: &EmailAddress, partner: &Partner, stored: &Stored) -> bool {
        let (asks, waits) = (stored.referral.asks, waits_for(stored, partner));
        let token = self.ask_answered(from, stored).is_some_and(|ask| !waits || ask == asks);
        token && self.is_vouched() && !self.names_another(&stored.referral.reference)
    }

    /// Which ask of this referral a token of the author's was made for: the newest one.
    fn ask_answered(&self, from: &EmailAddress, stored: &Stored) -> Option<u32> {
        let Stored { referral, .. } = stored;
        let claims = self.claims();
        let mut marks = claims.iter().filter(|claim| claim.reference == referral.reference).peekable();
        marks.peek()?;
        let theirs: Vec<_> = marks.map(|claim| claim.person).collect();
        self.newest(1..=referral.asks, |ask| Person::Asked(from, ask), &theirs)
    }

    /// Nothing happens; while an answer is waited for, the registered address is asked again.
    fn unproven(&self, stored: &Stored, partner: &Partner) -> Intent {
        match partner.ask_address().filter(|_| waits_for(stored, partner) && !self.is_forged()) {
            Some(address) => {
                Intent::Answer(Question::Offer(stored.referral.reference.clone()), address.clone())
            }
            None => Intent::Settle(Disposition::Parked(ParkCause::Unproven)),
        }
    }
}

/// What of it is an answer of another house: what only we may say is for the owner to read, unless they answer us
/// beside it.
fn answer(mut said: Said) -> Said {
    let all = said.commands.len();
    said.commands.retain(|command| !command.protects());
    let is_dropped = said.commands.len() < all;
    if is_dropped && !said.commands.iter().any(is_answer) { Said::default() } else { said }
}

const fn is_answer(command: &Command) -> bool {
    use Command::{Accept, Close, Decline, Received, Redirect};
    matches!(command, Accept | Received | Close { .. } | Decline { .. } | Redirect { .. })
}

pub(super) fn waits_for(stored: &Stored, partner: &Partner) -> bool {
    stored.referral.onward.as_ref().is_some_and(|onward| onward.to == partner.id)
}
