//! Doubt: what a mail takes away of a consent or of a safe way. It needs no proof, whoever wrote it.
//!
//! What a mail says of somebody by name, only the record tells: the names of its other side are looked for in what was
//! kept of the mail for that.

use super::{Intent, Sorter, is_sender, receiver};
use crate::intake::warning::{self, Warnings};
use crate::referral::address::EmailAddress;
use crate::referral::event::{Event, Party};
use crate::referral::packet::{Found, Packet};
use crate::referral::reference::Reference;
use crate::referral::safety;
use crate::store::records::Stored;
use crate::store::spool::Disposition;

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
        warning::as_packet(self.item.reading.warnings.and(self.named(about))).unwrap_or_default()
    }

    /// What it warns of by the names of the other sides of these referrals.
    fn named(&self, about: &[Reference]) -> Warnings {
        let records = self.stored.iter().filter(|stored| about.contains(&stored.referral.reference));
        let of = |stored: &Stored| self.item.reading.heard.about(&stored.referral.packet);
        records.map(of).fold(Warnings::default(), Warnings::and)
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
        warning::as_packet(self.item.reading.warnings.and(self.named(about)).grave())
    }

    /// A machine at a client's address says that somebody else reads what comes there: "my husband answers my mail".
    pub(super) fn machine_of_client(&self) -> Option<Intent> {
        let about = self.of_client(self.item.reading.envelope.from.as_ref()?);
        let doubt = Some(self.grave_doubt(&about)?).filter(|_| !about.is_empty())?;
        // Nothing is answered: the doubt closes the gate before anything else is decided.
        let event = warned(Some(doubt), Event::PersonWrote { who: Party::Client });
        Some(Intent::Happens(about, event, Disposition::Reply))
    }

    /// The event with a doubt before it where somebody else than the client answers a letter of ours to them: it lies
    /// in other hands.
    pub(super) fn warned_in_other_hands(&self, event: Event, about: &Reference) -> Event {
        if !self.answers_the_client_of(about) {
            return self.warned(event, std::slice::from_ref(about));
        }
        let mut doubt = self.doubt(std::slice::from_ref(about)).unwrap_or_default();
        warning::doubt(&mut doubt, Warnings { mail: true, ..Warnings::default() });
        warned(Some(doubt), event)
    }

    /// It answers a letter of ours to the client of this referral.
    fn answers_the_client_of(&self, about: &Reference) -> bool {
        let mut threads = self.known.threads.iter();
        threads.any(|letter| letter.part == "client" && letter.reference.as_ref() == Some(about))
    }

    /// Whoever sits at this address has what we write to a client: it is theirs, or a letter to one is answered there.
    pub(super) fn is_where_hers_lies(&self, author: &EmailAddress) -> bool {
        let staff = self.desk.rules.roster.staff_by_address(author).is_some();
        let answered = self.known.threads.iter().any(|letter| letter.part == "client");
        !self.of_client(author).is_empty() || answered && !staff
    }

    /// The packet of the mail, with what the mail warns of as it is about this referral.
    pub(super) fn doubted(&self, packet: &Packet, about: &Reference) -> Packet {
        let mut packet = packet.clone();
        warning::doubt(&mut packet, self.named(std::slice::from_ref(about)));
        packet
    }

    /// A mail that is answered and else changes nothing, or that opens a record of its own, may warn all the same of
    /// what it is about: what looks like a form in it hides no doubt.
    pub(super) fn heard_too(&self, intent: Intent) -> Intent {
        if !matches!(intent, Intent::Answer(..) | Intent::Open(_) | Intent::OpenParked(..)) {
            return intent;
        }
        let events: Vec<(Reference, Event)> =
            self.stored.iter().filter_map(|one| self.warns_of(one)).collect();
        if events.is_empty() { intent } else { Intent::Heard(events, Box::new(intent)) }
    }

    fn warns_of(&self, stored: &Stored) -> Option<(Reference, Event)> {
        let reference = &stored.referral.reference;
        let from = self.item.reading.envelope.from.as_ref()?;
        let roster = &self.desk.rules.roster;
        let partner = roster.partner_by_address(from);
        let about = std::slice::from_ref(reference);
        let is_clients = self.of_client(from).contains(reference);
        let (who, doubt) = if roster.staff_by_address(from).is_some() {
            (Party::Staff, self.grave_doubt(about))
        } else if is_sender(stored, from, partner) {
            (Party::Sender, self.doubt(about))
        } else if partner.is_some_and(|partner| receiver::waits_for(stored, partner)) {
            (Party::Receiver, self.doubt(about))
        } else if is_clients {
            (Party::Client, self.doubt_of_another(stored, true))
        } else {
            (Party::Sender, self.doubt_of_another(stored, partner.is_some()))
        };
        let doubt = doubt.filter(|_| is_clients || self.belongs(reference))?;
        Some((reference.clone(), Event::Warned { doubt, then: Box::new(Event::PersonWrote { who }) }))
    }

    /// What somebody says of a referral who opens a record of their own: a letter to the client that they answer lies in
    /// other hands, but where it is rightly with them. A form about somebody else takes nothing away.
    fn doubt_of_another(&self, stored: &Stored, is_rightly_theirs: bool) -> Option<Packet> {
        let about = &stored.referral.reference;
        let names_another = |packet: &Packet| safety::are_named_apart(packet, &stored.referral.packet);
        let is_apart = self.item.reading.packets.iter().any(names_another);
        let words = std::slice::from_ref(about);
        let doubt = if is_apart { Some(self.doubt_in_words(words)) } else { self.doubt(words) };
        let mut doubt = doubt.unwrap_or_default();
        if self.answers_the_client_of(about) && (is_apart || !is_rightly_theirs) {
            warning::doubt(&mut doubt, Warnings { mail: true, ..Warnings::default() });
        }
        (!doubt.is_empty()).then_some(doubt)
    }
}

fn warned(doubt: Option<Packet>, event: Event) -> Event {
    match doubt {
        Some(doubt) => Event::Warned { doubt, then: Box::new(event) },
        None => event,
    }
}
