//! Sort: what a mail is to us, from what it says and what the store knows. Pure; it writes nothing and sends nothing.
//!
//! The order matters: what must not be read, our own, machines, then people by the part they play. In doubt a mail
//! becomes a record with an owner, or goes to a person: nobody disappears.

mod client;
mod doubt;
mod proof;
mod receiver;
mod report;
mod same;

use chrono::{DateTime, Utc};
use proof::Proof;

use super::case::{Case, OwnWords};
use super::heard::{self, Heard};
use super::intent::{Intent, Question};
use super::presence;
use super::{Item, names};
use crate::intake::command::{self, Said};
use crate::intake::guard;
use crate::intake::worth::{self, Worth};
use crate::intake::{Dmarc, Nature, ParkCause, Silence};
use crate::letters::token::{self, Claim};
use crate::loops::{Desk, clock_trust};
use crate::referral::address::EmailAddress;
use crate::referral::command::Command;
use crate::referral::decide::Rules;
use crate::referral::disposition::{Disposition, IgnoreCause, Likeness};
use crate::referral::event::Event;
use crate::referral::packet::Packet;
use crate::referral::party::{Party, Sender};
use crate::referral::reference::Reference;
use crate::referral::roster::{Partner, Staff};
use crate::store::known::Known;
use crate::store::open::Whose;
use crate::store::records::Stored;

/// Why a line with every proof is not obeyed.
const NOT_YOURS: &str = "that line is not yours to send; ask the workflow owner";

/// Sorts one mail: what it warns of or commands besides, and what is to be done. `stored` are the referrals it may belong to, in the
/// order of the proofs.
pub(super) fn sort(case: &Case<'_>, stored: &[Stored]) -> (Heard, Intent) {
    let sorter = Sorter::of(case, stored);
    let intent = sorter.intent();
    let mut heard = sorter.heard_besides(&intent);
    if let Some((reference, event)) = sorter.commanded_above(&intent) {
        heard.retain(|(about, _)| *about != reference);
        heard.push((reference, event));
    }
    (heard, intent)
}

/// What of a mail counts at once although it cannot be sorted, since not all it may belong to can be read: a stop, and
/// what it warns of.
pub(super) fn heard_at_once(case: &Case<'_>, stored: &[Stored]) -> Heard {
    let sorter = Sorter::of(case, stored);
    let mut heard = heard::of_parked(sorter.intent());
    let told: Vec<Reference> = heard.iter().map(|(reference, _)| reference.clone()).collect();
    heard.extend(sorter.warns_but(&told));
    heard
}

/// The address of somebody of whom none of these is a record, and who says stop.
pub(super) fn stop_of_a_stranger(case: &Case<'_>, stored: &[Stored]) -> Option<EmailAddress> {
    Sorter::of(case, stored).stop_of_a_stranger().cloned()
}

struct Sorter<'a> {
    desk: &'a Desk,
    /// With who is away now.
    rules: &'a Rules,
    item: &'a Item,
    known: &'a Known,
    stored: &'a [Stored],
    now: DateTime<Utc>,
    /// What staff wrote without our letter.
    said: Option<&'a OwnWords>,
    /// By when what expires is over.
    expiry_at: DateTime<Utc>,
    /// What the mail says whatever record is looked at, once it was asked for.
    once: client::Once,
}

impl<'a> Sorter<'a> {
    fn of(case: &Case<'a>, stored: &'a [Stored]) -> Sorter<'a> {
        let Case { desk, rules, item, known, now, said } = *case;
        let (expiry_at, once) = (clock_trust::expiry_time(desk), client::Once::default());
        Sorter { desk, rules, item, known, stored, now, said, expiry_at, once }
    }
}

impl Sorter<'_> {
    /// What staff wrote.
    fn own(&self) -> &str {
        self.said.map_or(&self.item.reading.text.own, |said| &said.own)
    }

    fn intent(&self) -> Intent {
        let reading = &self.item.reading;
        if self.known.copy_of.is_some() {
            return Intent::Settle(Disposition::Duplicate(Likeness::Bytes));
        }
        // Heard even in a mail that is over a bound: as much of it as could be read.
        if let Some(stop) = self.stop() {
            return stop;
        }
        if let Some(cause) = reading.park {
            return self.parked(cause);
        }
        match &reading.nature {
            Nature::Own => Intent::Settle(Disposition::Ignored(IgnoreCause::Own)),
            Nature::DeliveryReport(report) => self.delivery_report(report),
            Nature::AutoReply if reading.packets.is_empty() => {
                self.machine().unwrap_or(Intent::Settle(Disposition::AutoReply))
            }
            Nature::Bulk if reading.packets.is_empty() => {
                self.machine().unwrap_or(Intent::Settle(Disposition::Ignored(IgnoreCause::Bulk)))
            }
            Nature::AutoReply | Nature::Bulk | Nature::Human => self.person(),
        }
    }

    /// A mail over a bound from a registered partner is received all the same, once, however often it is replayed.
    fn parked(&self, cause: ParkCause) -> Intent {
        let reading = &self.item.reading;
        let over_a_bound = matches!(cause, ParkCause::TooLarge | ParkCause::TooDeep | ParkCause::TooMany);
        let from = reading.envelope.from.as_ref();
        let is_partner = from.is_some_and(|from| self.desk.rules.roster.partner_by_address(from).is_some());
        let may_answer = matches!(reading.silence, None | Some(Silence::Unread));
        if over_a_bound && is_partner && may_answer && !self.is_forged() && self.known.linked.is_none() {
            Intent::OpenParked(cause, self.as_sender(from))
        } else {
            Intent::Settle(Disposition::Parked(cause))
        }
    }

    fn person(&self) -> Intent {
        let Some(from) = &self.item.reading.envelope.from else { return self.opens_or_parks() };
        let roster = &self.desk.rules.roster;
        if let Some(staff) = roster.staff_by_address(from) {
            return self.staff(staff);
        }
        if let Some(intent) = self.client(from) {
            return intent;
        }
        if roster.partner_by_address(from).is_some() && self.is_forged() {
            return Intent::Settle(Disposition::Parked(ParkCause::Forged));
        }
        self.receiver(from)
            .or_else(|| self.sender(from))
            .or_else(|| self.in_our_thread())
            .or_else(|| self.brings_a_stop())
            .unwrap_or_else(|| self.opens_or_parks())
    }

    // --- staff -------------------------------------------------------------------------------------------------

    /// Staff act by two proofs: a token bound to them and the referral, and their registered address (and DMARC where
    /// an authserv-id is set). Without both, nothing happens and a fresh letter goes to the registered address.
    fn staff(&self, staff: &Staff) -> Intent {
        let reading = &self.item.reading;
        let address = staff.address.clone();
        let proof = self.proof_of(staff);
        if reading.forwarded.is_some() || (!reading.packets.is_empty() && proof.is_none()) {
            return self.opens_or_parks();
        }
        let said = command::with_its_prose(self.own(), &self.rules.reasons);
        let why_not = said.why_not();
        let Said { commands, unclear, .. } = said;
        if commands.is_empty() && unclear.is_empty() && self.stored.is_empty() {
            return self.opens_or_parks();
        }
        if reading.silence.is_some_and(|silence| silence != Silence::RobotSender) {
            return Intent::Settle(Disposition::AutoReply);
        }
        if let [Command::Help] = commands.as_slice() {
            return Intent::Answer(Question::Help(self.about(proof)), address);
        }
        // What they own, without client data, and to their registered address only: no token is asked for.
        let own_list = matches!(commands.as_slice(), [Command::Status]) && !self.names_one();
        if own_list && self.is_vouched() && self.may(staff, "status", None) {
            return Intent::Answer(Question::Open(Whose::Owner(staff.id.clone())), address);
        }
        let mentioned = self.stored.first().map(|stored| stored.referral.reference.clone());
        let presence = presence::said_in(&commands);
        let stands = matches!(proof, Some(Proof::Stands(_)));
        if let (Some(presence), false) = (presence, stands) {
            let today = self.desk.rules.calendar.local(self.now).date_naive();
            return Intent::Answer(Question::Prove(presence::line(presence, today)), address);
        }
        let claim = match proof {
            Some(Proof::Stands(claim)) => claim,
            Some(Proof::OutOfDate(reference)) => {
                return Intent::Answer(Question::HandedOver(reference), address);
            }
            None => return Intent::Answer(unproven(mentioned), address),
        };
        if !self.is_vouched() {
            let why = "your mail server did not vouch for your mail";
            return Intent::Answer(Question::Unproven(Some(claim.reference), why), address);
        }
        if self.names_another(&claim.reference) {
            let why = "the number in your mail is not that of the letter you answered";
            return Intent::Answer(Question::Unproven(mentioned, why), address);
        }
        if let Some(presence) = presence {
            if !self.may(staff, "away", None) {
                return Intent::Answer(Question::NotDone(None, NOT_YOURS.into(), Vec::new()), address);
            }
            return Intent::Presence(staff.id.clone(), presence);
        }
        if claim.reference == self.desk.tokens.of_no_referral() {
            let question =
                if matches!(commands.as_slice(), [Command::Status]) && self.may(staff, "status", None) {
                    Question::Open(Whose::Owner(staff.id.clone()))
                } else {
                    let why =
                        "the letter you answered is about no referral; please answer one about that referral";
                    Question::NotDone(None, why.into(), unclear)
                };
            return Intent::Answer(question, address);
        }
        self.proven(staff, claim, Lines { commands, unclear, why_not })
    }

    /// What staff command in an answer to a letter of ours to which they hung a referral: that one is opened, and the
    /// command counts all the same.
    fn commanded_above(&self, intent: &Intent) -> Option<(Reference, Event)> {
        let reading = &self.item.reading;
        let Intent::Open(_) = intent else { return None };
        let staff = self.desk.rules.roster.staff_by_address(reading.envelope.from.as_ref()?)?;
        let reference = self.about(self.proof_of(staff))?;
        if reading.silence.is_some() || !self.is_vouched() || self.names_another(&reference) {
            return None;
        }
        let commands = command::read(self.own(), &self.rules.reasons).commands;
        let is_question = matches!(commands.as_slice(), [Command::Help | Command::Status | Command::History]);
        if commands.is_empty() || is_question || presence::said_in(&commands).is_some() {
            return None;
        }
        let event = self.commanded(staff, commands, &reference);
        Some((reference, event))
    }

    /// The referral that a proof stands for.
    fn about(&self, proof: Option<Proof>) -> Option<Reference> {
        let Some(Proof::Stands(claim)) = proof else { return None };
        (claim.reference != self.desk.tokens.of_no_referral()).then_some(claim.reference)
    }

    /// The subject or the new text names numbers, and the one the token stands for is not among them: nobody knows
    /// which one was meant.
    fn names_another(&self, reference: &Reference) -> bool {
        let named = &self.item.reading.mentions.references;
        !named.is_empty() && !named.iter().any(|text| text == reference.as_str())
    }

    fn proven(&self, staff: &Staff, claim: Claim, said: Lines) -> Intent {
        let Lines { commands, unclear, why_not } = self.within_what_is_safe(said, &claim.reference);
        if let [Command::History] = commands.as_slice() {
            if !self.may(staff, "history", Some(&claim.reference)) {
                let question = Question::NotDone(Some(claim.reference), NOT_YOURS.into(), Vec::new());
                return Intent::Answer(question, staff.address.clone());
            }
            return Intent::Answer(Question::History(claim.reference), staff.address.clone());
        }
        if !commands.is_empty() {
            let event = self.commanded(staff, commands, &claim.reference);
            return Intent::Happens(vec![claim.reference], event, Disposition::Command);
        }
        if !unclear.is_empty() {
            let question = Question::NotDone(Some(claim.reference), why_not.into(), unclear);
            return Intent::Answer(question, staff.address.clone());
        }
        let own = self.own().trim();
        if let Some(suggestions) = command::instead_of_prose(own) {
            let why = "it says confirmed, and not what was settled with the person";
            let question = Question::NotDone(Some(claim.reference), why.into(), suggestions);
            return Intent::Answer(question, staff.address.clone());
        }
        let parts = command::parts_alone(own).filter(|_| self.is_half_confirmed(&claim.reference));
        let (commands, disposition) = match parts {
            Some(commands) => (commands, Disposition::Command),
            // A colleague's plain words about a referral belong into its record.
            None => (vec![command::note_of(own)], Disposition::Reply),
        };
        let event = self.commanded(staff, commands, &claim.reference);
        Intent::Happens(vec![claim.reference], event, disposition)
    }

    /// Whether the table of verbs lets them ask this about that referral, or about their own work.
    fn may(&self, staff: &Staff, verb: &str, about: Option<&Reference>) -> bool {
        let find =
            |reference: &Reference| self.stored.iter().find(|stored| stored.referral.reference == *reference);
        let referral = about.and_then(find).map(|stored| &stored.referral);
        self.rules.may(&staff.id, verb, referral, self.now)
    }

    // --- senders -----------------------------------------------------------------------------------------------

    /// A sender wrote again about a referral of theirs: more of the packet, the same again, a question, or just words.
    fn sender(&self, from: &EmailAddress) -> Option<Intent> {
        let reading = &self.item.reading;
        let partner = self.desk.rules.roster.partner_by_address(from);
        let theirs: Vec<&Stored> =
            self.stored.iter().filter(|stored| is_sender(stored, from, partner)).collect();
        let first = theirs.first().map(|stored| stored.referral.reference.clone());
        // A stranger's question is no question of a partner; it belongs to what they wrote before.
        if let Some(question) = partner.and_then(|partner| self.asks(partner, &theirs)) {
            return Some(Intent::Answer(question, from.clone()));
        }
        let first = first?;
        if self.belongs(&first) {
            let vouched = self.is_vouched();
            let supplemented = |packet: Packet| Event::Supplemented { packet, conflicts: self.conflicts() };
            let event = match reading.packets.as_slice() {
                [packet] if vouched => supplemented(self.doubted(packet, &first)),
                // A doubt needs no proof.
                [] | [_, ..] if let Some(doubt) = self.doubt(std::slice::from_ref(&first)) => {
                    supplemented(doubt)
                }
                [] | [_, ..] => Event::PersonWrote { who: Party::Sender },
            };
            return Some(Intent::Happens(vec![first], event, Disposition::Reply));
        }
        // The same person from the same sender while the first is open: the same referral in other words.
        let same = theirs.iter().find(|stored| {
            !is_closed(stored) && (self.is_same_person(stored) || self.is_same_mail(stored))
        })?;
        partner?;
        let reference = same.referral.reference.clone();
        let [packet] = reading.packets.as_slice() else { return None };
        let sender = self.as_sender(Some(from));
        let packet = self.doubted(packet, &reference);
        let event = Event::SentAgain { sender, packet, conflicts: self.conflicts() };
        Some(Intent::Happens(vec![reference], event, Disposition::Duplicate(Likeness::Referral)))
    }

    /// Other referrals in which a name of the only packet stands on the other side.
    fn conflicts(&self) -> Vec<Reference> {
        names::elsewhere(self.item, self.known, 0)
    }

    /// A partner's question in the first line: `status`, `form`, `help`.
    fn asks(&self, partner: &Partner, theirs: &[&Stored]) -> Option<Question> {
        if !self.item.reading.packets.is_empty() || self.item.reading.silence.is_some() {
            return None;
        }
        match command::read(&self.item.reading.text.own, &self.rules.reasons).commands.as_slice() {
            // As if there were none: what is not told looks the same.
            [Command::Status] if !self.rules.partners_may("status") => Some(Question::Status(Vec::new())),
            [Command::Status] if !self.names_one() => {
                Some(Question::Open(Whose::Partner(partner.id.clone())))
            }
            [Command::Status] => {
                let references = theirs.iter().map(|stored| stored.referral.reference.clone());
                Some(Question::Status(references.collect()))
            }
            [Command::Form] => Some(Question::Form),
            _ => None,
        }
    }

    /// It answers a letter of ours, carries our token, or names the reference.
    fn belongs(&self, reference: &Reference) -> bool {
        let threads = self.known.threads.iter().any(|letter| letter.reference.as_ref() == Some(reference));
        let words = self.item.reading.mentions.references.iter().any(|text| text == reference.as_str());
        let tokens = self.item.reading.mentions.tokens.iter().any(|text| {
            token::check(&self.desk.tokens, text, self.expiry_at)
                .is_ok_and(|claim| claim.reference == *reference)
        });
        threads || words || tokens
    }

    // --- records -----------------------------------------------------------------------------------------------

    /// Everything else a person may have written becomes a record; what a machine sent without a packet does not.
    fn opens_or_parks(&self) -> Intent {
        match worth::of(&self.item.reading) {
            Worth::Record => Intent::Open(self.as_sender(self.author())),
            Worth::Machine => Intent::Settle(Disposition::Ignored(IgnoreCause::Machine)),
            Worth::Empty => Intent::Settle(Disposition::Parked(ParkCause::Empty)),
        }
    }

    /// Who refers: the original author of a forward by staff, else the author; for a robot's form a rostered person it
    /// names as Reply-To.
    fn author(&self) -> Option<&EmailAddress> {
        let reading = &self.item.reading;
        let roster = &self.desk.rules.roster;
        let from = reading.envelope.from.as_ref();
        let by_staff = from.is_some_and(|from| roster.staff_by_address(from).is_some());
        let original = reading.forwarded.as_ref().and_then(|forwarded| forwarded.from.as_ref());
        let rostered = |address: &&EmailAddress| roster.partner_by_address(address).is_some();
        if by_staff {
            return original.filter(rostered).or(from);
        }
        if matches!(reading.silence, Some(Silence::RobotSender | Silence::AutoSubmitted)) {
            return reading.envelope.reply_to.as_ref().filter(rostered).or(from);
        }
        from
    }

    /// The sender with the answer address the guard and the caps leave, and how far they are trusted.
    fn as_sender(&self, author: Option<&EmailAddress>) -> Sender {
        let reading = &self.item.reading;
        let envelope = &reading.envelope;
        let roster = &self.desk.rules.roster;
        let partner = author.and_then(|author| roster.partner_by_address(author));
        let by_proxy = author != envelope.from.as_ref();
        let silent = match reading.silence {
            None => false,
            // A form's robot is not answered, but the rostered person it names may be (as a fresh letter).
            Some(Silence::RobotSender | Silence::AutoSubmitted) => !by_proxy,
            // Its head was read, and nothing there speaks against an answer.
            Some(Silence::Unread) => reading.park.is_none(),
            Some(_) => true,
        };
        let (hour, day) = self.known.answered;
        let (most_hour, most_day) = self.desk.bounds.per_address;
        let flooded = || self.desk.neutral.is_spent(self.desk.bounds.neutral_per_hour, self.now);
        let capped = partner.is_none() && (hour >= most_hour || day >= most_day || flooded());
        let own = author.is_some_and(|author| {
            self.desk.reading.own_addresses.iter().any(|own| own.shares_mailbox(author))
        });
        // A stranger who wrote to somebody else, or whose answers belong elsewhere, may be somebody else's victim.
        let elsewhere =
            partner.is_none() && author.is_some_and(|author| guard::is_elsewhere(envelope, author));
        // At a client's address only the gate may let a letter through: whoever sits there now may not be the client.
        let is_client = partner.is_none() && author.is_some_and(|author| self.is_where_hers_lies(author));
        let vouched = self.is_vouched();
        let silent = silent || self.stop_of_a_stranger().is_some();
        Sender {
            answer_to: author.filter(|_| !silent && !capped && !own && !elsewhere && !is_client).cloned(),
            partner: partner.map(|partner| partner.id.clone()),
            trusted: partner.is_some() && vouched,
            message_id: envelope.message_id.clone().filter(|_| !by_proxy),
        }
    }

    fn asks_dmarc(&self) -> bool {
        self.desk.reading.trusted_authserv_id.is_some()
    }

    /// Our mail server vouches for the author, as far as the settings ask for that.
    fn is_vouched(&self) -> bool {
        !self.asks_dmarc() || self.item.reading.envelope.dmarc == Dmarc::Pass
    }

    /// It speaks of one referral, real or not: by number, by token or by the letter it answers.
    fn names_one(&self) -> bool {
        let mentions = &self.item.reading.mentions;
        !mentions.references.is_empty()
            || !mentions.tokens.is_empty()
            || self.known.threads.iter().any(|letter| letter.reference.is_some())
    }

    fn is_forged(&self) -> bool {
        self.asks_dmarc() && self.item.reading.envelope.dmarc == Dmarc::Fail
    }
}

/// What staff said, ready to be done.
struct Lines {
    commands: Vec<Command>,
    unclear: Vec<String>,
    /// Why nothing is done where a line is unclear.
    why_not: String,
}

fn unproven(mentioned: Option<Reference>) -> Question {
    let why = if mentioned.is_some() {
        "your mail did not answer a letter of ours to you; please answer this one"
    } else {
        "your mail did not answer a letter of ours to you; please answer one about that referral"
    };
    Question::Unproven(mentioned, why)
}

fn is_sender(stored: &Stored, from: &EmailAddress, partner: Option<&Partner>) -> bool {
    let sender = &stored.referral.sender;
    let same_partner = partner.is_some() && sender.partner.as_ref() == partner.map(|partner| &partner.id);
    same_partner || sender.answer_to.as_ref().is_some_and(|address| address.shares_mailbox(from))
}

fn is_closed(stored: &Stored) -> bool {
    stored.referral.is_closed()
}

/// The packets of a mail; a mail without any still makes one record, in which everything is missing.
pub(super) fn packets(item: &Item) -> Vec<Packet> {
    if item.reading.packets.is_empty() { vec![Packet::default()] } else { item.reading.packets.clone() }
}
