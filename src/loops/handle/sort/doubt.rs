//! Doubt: what a mail takes away of a consent or of a safe way. It needs no proof, whoever wrote it.
//!
//! What a mail says of somebody by name, only the record tells: the names of its other side are looked for in what was
//! kept of the mail for that.

use std::collections::BTreeSet;

use super::{Heard, Intent, Sorter, is_sender, receiver};
use crate::intake::warning::{self, Phone, Warnings};
use crate::intake::{Nature, Reading, another};
use crate::referral::address::EmailAddress;
use crate::referral::disposition::Disposition;
use crate::referral::event::Event;
use crate::referral::letter::Part;
use crate::referral::packet::{Found, Grounds, Packet};
use crate::referral::party::Party;
use crate::referral::reference::Reference;
use crate::referral::safety;
use crate::store::records::Stored;

impl Sorter<'_> {
    /// What its words warn of as it is about these referrals, and what its only form takes away; of several forms
    /// nobody knows whose is meant.
    pub(super) fn doubt(&self, about: &[Reference]) -> Option<Packet> {
        let reading = &self.item.reading;
        let mut doubt = self.doubt_in_words(about);
        if let [packet] = reading.packets.as_slice() {
            for (field, found) in packet.iter() {
                let known = doubt.get(field).map(|known| &known.judged);
                if let Some(judged) = safety::taken_away(field, known, &found.judged) {
                    doubt.put(field, Found { judged, ..found.clone() });
                }
            }
        }
        (!doubt.is_empty()).then_some(doubt)
    }

    fn doubt_in_words(&self, about: &[Reference]) -> Packet {
        let (named, of_named) = self.named(about);
        let wrong = self.way_called_wrong();
        let warnings = self.item.reading.warnings.and(named).and(wrong);
        let mut grounds = self.item.reading.heard.grounds();
        grounds.join(&of_named);
        if wrong != Warnings::default() {
            grounds.say(CALLED_WRONG);
        }
        let grounds = self.told(about, &grounds);
        warning::as_packet(warnings.and(self.brought_for(about)), &grounds).unwrap_or_default()
    }

    /// Why, as it may stand in these records: in words of ours where the mail is about several people, who must not read
    /// of each other, or where nobody knows who wrote it, who might want something done.
    fn told(&self, about: &[Reference], grounds: &Grounds) -> Grounds {
        let reading = &self.item.reading;
        let is_of_one =
            about.len() == 1 && reading.packets.len() <= 1 && reading.mentions.references.len() <= 1;
        let from = reading.envelope.from.as_ref().filter(|_| self.is_vouched());
        let is_known = from.is_some_and(|from| {
            let roster = &self.desk.rules.roster;
            let mut stored = self.stored.iter().filter(|stored| about.contains(&stored.referral.reference));
            roster.staff_by_address(from).is_some()
                || roster.partner_by_address(from).is_some()
                || stored.any(|stored| is_sender(stored, from, None))
        });
        let instead = if is_of_one { Grounds::UNPROVEN } else { OF_SEVERAL };
        grounds.but(|_| !is_of_one || !is_known, instead)
    }

    /// What it warns of by a stop that it may bring for the client of one of these.
    fn brought_for(&self, about: &[Reference]) -> Warnings {
        let mail = self.stops_brought().iter().any(|brought| about.contains(brought));
        Warnings { mail, ..Warnings::default() }
    }

    /// What it warns of by calling an address or a number another's, in its subject too.
    fn way_called_wrong(&self) -> Warnings {
        *self.once.way_called_wrong.get_or_init(|| ways_called_wrong(&self.item.reading))
    }

    /// What it warns of by the names of the other sides of these referrals.
    fn named(&self, about: &[Reference]) -> (Warnings, Grounds) {
        let records = self.stored.iter().filter(|stored| about.contains(&stored.referral.reference));
        let (mut warnings, mut grounds) = <(Warnings, Grounds)>::default();
        for stored in records {
            let (of_one, why) = self.item.reading.heard.about(&stored.referral.packet);
            warnings = warnings.and(of_one);
            grounds.join(&why);
        }
        (warnings, grounds)
    }

    /// The event with the doubt of the mail before it, so that nothing leaves that the doubt speaks against.
    pub(super) fn warned(&self, event: Event, about: &[Reference]) -> Event {
        warned(self.doubt(about), event)
    }

    /// The same where staff wrote it.
    pub(super) fn warned_by_staff(&self, event: Event, about: &[Reference]) -> Event {
        warned(self.grave_doubt(about), event)
    }

    /// Staff writes of calls and letters every day, and a machine of nothing else; that somebody reads a client's mail is
    /// a doubt whoever says it.
    fn grave_doubt(&self, about: &[Reference]) -> Option<Packet> {
        let (named, of_named) = self.named(about);
        let mut grounds = self.item.reading.heard.grave_grounds().clone();
        grounds.join(&of_named);
        warning::as_packet(self.warnings().and(named).grave(), &self.told(about, &grounds))
    }

    /// What the mail warns of by itself; what a letter of ours says below is no news.
    fn warnings(&self) -> Warnings {
        let reading = &self.item.reading;
        let is_all = reading.attachments.is_empty() && reading.forwarded.is_none();
        match self.said.filter(|_| is_all) {
            Some(said) => warning::of([&*reading.envelope.subject, &*said.own]).and(said.beside),
            None => reading.warnings,
        }
    }

    /// A machine at a client's address says that somebody else reads what comes there ("my husband answers my mail"), or
    /// one at another address answers a letter to a client: it was carried there, and nobody knows who reads it. Both may
    /// be true of one mail.
    /// Nothing is answered: the doubt closes the gate before anything else is decided.
    pub(super) fn machine(&self) -> Option<Intent> {
        let from = self.item.reading.envelope.from.as_ref();
        let theirs = from.map(|from| self.of_client(from)).unwrap_or_default();
        let is_ours = from.is_some_and(|from| self.is_of_the_roster(from));
        let carried = if is_ours { Vec::new() } else { self.answered_for(&theirs) };
        let event = |doubt: Packet, who| warned(Some(doubt), Event::PersonWrote { who });
        let doubt = self.grave_doubt(&theirs).map(|doubt| event(doubt, Party::Client));
        let read_by_others = doubt.into_iter().flat_map(|event| {
            theirs.iter().map(move |reference| (reference.clone(), event.clone())).collect::<Vec<_>>()
        });
        let brought = self.stops_brought().iter().filter(|one| !theirs.contains(one)).cloned();
        let elsewhere: BTreeSet<Reference> = carried.into_iter().chain(brought).collect();
        let carried = elsewhere
            .into_iter()
            .map(|reference| (reference, event(in_other_hands(Packet::default()), Party::Sender)));
        let events: Vec<(Reference, Event)> = read_by_others.chain(carried).collect();
        (!events.is_empty()).then_some(Intent::Several(events, Disposition::Reply))
    }

    /// The referrals whose letters to the client it answers, but for these.
    fn answered_for(&self, theirs: &[Reference]) -> Vec<Reference> {
        let stored = self.stored.iter().map(|stored| &stored.referral.reference);
        stored.filter(|one| !theirs.contains(one) && self.answers_the_client_of(one)).cloned().collect()
    }

    /// The event with a doubt before it where somebody else than the client answers a letter of ours to them: it lies
    /// in other hands.
    pub(super) fn warned_in_other_hands(&self, event: Event, about: &Reference) -> Event {
        if !self.answers_the_client_of(about) {
            return self.warned(event, std::slice::from_ref(about));
        }
        let doubt = self.doubt(std::slice::from_ref(about)).unwrap_or_default();
        warned(Some(in_other_hands(doubt)), event)
    }

    /// It answers a letter of ours to the client of this referral.
    fn answers_the_client_of(&self, about: &Reference) -> bool {
        let mut threads = self.known.threads.iter();
        threads.any(|letter| letter.part == Part::Client && letter.reference.as_ref() == Some(about))
    }

    /// Whoever sits at this address has what we write to a client: it is theirs, or a letter to one is answered there.
    pub(super) fn is_where_hers_lies(&self, author: &EmailAddress) -> bool {
        let staff = self.desk.rules.roster.staff_by_address(author).is_some();
        let answered = self.known.threads.iter().any(|letter| letter.part == Part::Client);
        !self.of_client(author).is_empty() || answered && !staff
    }

    /// The packet of the mail, with what the mail warns of as it is about this referral.
    pub(super) fn doubted(&self, packet: &Packet, about: &Reference) -> Packet {
        let mut packet = packet.clone();
        let about = std::slice::from_ref(about);
        let (named, grounds) = self.named(about);
        warning::doubt(&mut packet, named.and(self.way_called_wrong()));
        packet.because(&self.told(about, &grounds));
        packet
    }

    /// What a mail warns of besides what it leads to: of every referral it belongs to, but those that the event in it
    /// happens to. A mail that is parked, or left aside as a machine's, hides no doubt, nor does what looks like a form.
    pub(super) fn heard_besides(&self, intent: &Intent) -> Heard {
        let told: &[Reference] = match intent {
            Intent::Happens(about, ..) => about,
            // A copy was heard before.
            Intent::Settle(Disposition::Duplicate(_)) | Intent::Several(..) => return Vec::new(),
            Intent::Settle(..)
            | Intent::Open(_)
            | Intent::OpenParked(..)
            | Intent::Presence(..)
            | Intent::Strayed(..)
            | Intent::Answer(..) => &[],
        };
        self.warns_but(told)
    }

    /// What it warns of, of every referral but these.
    pub(super) fn warns_but(&self, told: &[Reference]) -> Heard {
        if !self.may_warn() && self.stops_brought().is_empty() {
            return Vec::new();
        }
        let others = self.stored.iter().filter(|one| !told.contains(&one.referral.reference));
        others.filter_map(|one| self.warns_of(one)).collect()
    }

    /// Our own words and those of a mail server warn of nothing; whose mail is read by a colleague while they are away
    /// is not what a machine's answer is heard for.
    fn may_warn(&self) -> bool {
        let reading = &self.item.reading;
        match reading.nature {
            Nature::Human => true,
            Nature::AutoReply | Nature::Bulk => !reading.packets.is_empty() || reading.park.is_some(),
            Nature::Own | Nature::DeliveryReport(_) => false,
        }
    }

    /// Whoever wrote it; of a mail that does not say from whom it is, nobody is rightly where it comes from.
    fn warns_of(&self, stored: &Stored) -> Option<(Reference, Event)> {
        let reference = &stored.referral.reference;
        let from = self.item.reading.envelope.from.as_ref();
        let roster = &self.desk.rules.roster;
        let partner = from.and_then(|from| roster.partner_by_address(from));
        let about = std::slice::from_ref(reference);
        let address = stored.referral.client_address();
        let is_clients = from.zip(address).is_some_and(|(from, address)| address.shares_mailbox(from));
        let (who, doubt) = if from.is_some_and(|from| roster.staff_by_address(from).is_some()) {
            (Party::Staff, self.grave_doubt(about))
        } else if from.is_some_and(|from| is_sender(stored, from, partner)) {
            (Party::Sender, self.doubt_by_its_form(stored))
        } else if partner.is_some_and(|partner| receiver::waits_for(stored, partner)) {
            (Party::Receiver, self.doubt_by_its_form(stored))
        } else if is_clients {
            (Party::Client, self.doubt_of_another(stored, true))
        } else {
            (Party::Sender, self.doubt_of_another(stored, partner.is_some()))
        };
        let is_about_it = || self.belongs(reference) || self.stops_brought().contains(reference);
        let doubt = doubt.filter(|_| is_clients || is_about_it())?;
        Some((reference.clone(), Event::Warned { doubt, then: Box::new(Event::PersonWrote { who }) }))
    }

    /// What its words warn of, and its form; one about somebody else takes nothing away.
    fn doubt_by_its_form(&self, stored: &Stored) -> Option<Packet> {
        let about = std::slice::from_ref(&stored.referral.reference);
        if self.is_about_another(stored) { non_empty(self.doubt_in_words(about)) } else { self.doubt(about) }
    }

    /// A form in it names somebody else than the client of this referral.
    fn is_about_another(&self, stored: &Stored) -> bool {
        let names_another = |packet: &Packet| safety::are_named_apart(packet, &stored.referral.packet);
        self.item.reading.packets.iter().any(names_another)
    }

    /// What somebody says of a referral who opens a record of their own: a letter to the client that they answer lies in
    /// other hands, but where it is rightly with them.
    fn doubt_of_another(&self, stored: &Stored, is_rightly_theirs: bool) -> Option<Packet> {
        let doubt = self.doubt_by_its_form(stored).unwrap_or_default();
        let is_theirs = is_rightly_theirs && !self.is_about_another(stored);
        let lies_elsewhere = self.answers_the_client_of(&stored.referral.reference) && !is_theirs;
        non_empty(if lies_elsewhere { in_other_hands(doubt) } else { doubt })
    }
}

/// Why a doubt is told of in words of ours.
const OF_SEVERAL: &str = "a later mail about several people warns of it; please look at that mail";
const CALLED_WRONG: &str = "an address or a number is called somebody else's, or wrong";
const ELSEWHERE: &str = "somebody else than the client answered a letter to them";

/// The ways that the subject or the author's own text calls another's, or wrong.
fn ways_called_wrong(reading: &Reading) -> Warnings {
    let texts = [reading.envelope.subject.as_str(), reading.text.own.as_str()];
    let is_of_number = texts.into_iter().any(another::calls_number_wrong);
    let phone = Phone { call: is_of_number, text: is_of_number, voicemail: is_of_number };
    Warnings { mail: texts.into_iter().any(another::calls_address_wrong), phone, ..Warnings::default() }
}

fn non_empty(doubt: Packet) -> Option<Packet> {
    (!doubt.is_empty()).then_some(doubt)
}

/// The doubt, and that mail to the client comes into other hands.
pub(super) fn in_other_hands(mut doubt: Packet) -> Packet {
    warning::doubt(&mut doubt, Warnings { mail: true, ..Warnings::default() });
    let mut grounds = Grounds::default();
    grounds.say(ELSEWHERE);
    doubt.because(&grounds);
    doubt
}

fn warned(doubt: Option<Packet>, event: Event) -> Event {
    match doubt {
        Some(doubt) => Event::Warned { doubt, then: Box::new(event) },
        None => event,
    }
}
