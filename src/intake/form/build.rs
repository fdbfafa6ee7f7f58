//! One person's entries → one packet: parts joined, repeats merged, every value judged.

mod contact;
mod notes;

pub(crate) use notes::unasked;

use super::Context;
use super::entry::Entry;
use super::fold::{clean, cleaned, fold};
use super::judge;
use super::lexicon::{LEXICON, Slot, Whose, channel};
use super::merge::{LONGEST_STORY, longest, merge, say};
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Channels, Confidence, Field, Found, Judged, Packet, Safety};
use crate::referral::safety::is_guarded;
use crate::referral::zone;

/// Where name, phone and email of the person referred go.
const CLIENT: [Field; 3] = [Field::ClientName, Field::ClientPhone, Field::ClientEmail];
/// Where those of whoever refers go.
const REFERRER: [Field; 3] = [Field::ReferrerName, Field::ReferrerPhone, Field::ReferrerEmail];

/// What a person is told of a way to reach somebody else.
pub(super) const BESIDE: &str =
    "The mail may say how to reach somebody beside the client; that was left out: please ask whose it is.";

/// A list as programs write it, `["Phone","Text"]`, and what stands in a link, `[ann@example.org]`, without brackets.
fn unbracketed(value: String) -> String {
    let Some(inner) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return value };
    if let Ok(words) = serde_json::from_str::<Vec<String>>(&value) {
        return words.join(", ");
    }
    let is_link = inner.contains('@') || inner.chars().filter(char::is_ascii_digit).count() >= 6;
    if is_link && !inner.contains(['[', ']']) { inner.to_owned() } else { value }
}

fn is_address(value: &str) -> bool {
    EmailAddress::parse(value.trim()).is_ok()
}

/// A value waiting to be judged.
#[derive(Clone)]
struct Raw {
    value: String,
    place: String,
    sure: Confidence,
    /// Channels the label spoke of.
    mask: u8,
    /// The label asked what is *not* safe.
    reversed: bool,
}

/// Collects the entries of one person.
pub(crate) struct Builder<'a> {
    context: &'a Context,
    /// In the order of the mail.
    raw: Vec<(Field, Raw)>,
    names: [Vec<(Slot, Raw)>; 2],
    address: Vec<(Slot, Raw)>,
    matter: Option<Raw>,
    /// Notes on safety, each with what its label asks.
    notes: Vec<(String, Raw)>,
    /// A way was given to reach somebody a packet has no place for.
    reaches_others: bool,
    /// The form calls the client so, or names whoever refers: it is not the client who writes of themselves.
    has_third_person: bool,
    /// Lines by which whoever writes is reached.
    writers: Vec<Raw>,
}

impl<'a> Builder<'a> {
    /// Nothing yet.
    pub(crate) fn new(context: &'a Context) -> Self {
        Builder {
            context,
            raw: Vec::with_capacity(24),
            names: [Vec::new(), Vec::new()],
            address: Vec::new(),
            matter: None,
            notes: Vec::new(),
            reaches_others: false,
            has_third_person: false,
            writers: Vec::new(),
        }
    }

    /// Puts an entry where it belongs.
    pub(crate) fn add(&mut self, entry: Entry, owner: Whose) {
        let Some(meaning) = entry.label.meaning else { return };
        let raw = Raw {
            value: unbracketed(cleaned(entry.value, LONGEST_STORY)),
            place: entry.place,
            sure: entry.label.sure,
            mask: 0,
            reversed: false,
        };
        if raw.value.is_empty() {
            return;
        }
        self.has_third_person |= meaning.whose == Whose::Client || owner == Whose::Referrer;
        match meaning.slot {
            // "Case: unlawful detainer" asks what the matter is.
            Slot::Field(Field::PartnerReference) if is_words(&raw.value) => {
                self.matter.get_or_insert(raw);
            }
            // "Abuser DOB" is nothing of the client's.
            Slot::Field(Field::ClientDob | Field::GenderPronouns | Field::Language | Field::Interpreter)
                if matches!(meaning.whose, Whose::Opposing | Whose::Other) || owner == Whose::Opposing => {}
            Slot::Field(Field::Relationship) if owner == Whose::Other => {}
            Slot::Field(Field::SafetyNotes) => self.notes.push((entry.label.key, raw)),
            Slot::Field(field) => self.put(field, raw),
            // A field "safe email" holds an address as often as a yes; that its label calls it safe is no answer.
            Slot::Safe(channel::EMAIL) if is_address(&raw.value) => self.person(Slot::Email, raw, owner),
            Slot::Safe(0) => self.put(Field::SafeToContact, raw),
            Slot::Safe(mask) => self.safe(mask, raw, false),
            Slot::DoNot(mask) => self.safe(mask, raw, true),
            Slot::Matter => {
                self.matter.get_or_insert(raw);
            }
            // A field "safe address" is as often a yes or a no as an address.
            Slot::Address if judge::is_answer(&raw.value) => self.safe(channel::LETTER, raw, false),
            Slot::Ignore => {}
            slot => self.person(slot, raw, owner),
        }
    }

    fn safe(&mut self, mask: u8, raw: Raw, reversed: bool) {
        let field = match mask {
            channel::CALL => Field::SafeCall,
            channel::VOICEMAIL => Field::SafeVoicemail,
            channel::TEXT => Field::SafeText,
            channel::EMAIL => Field::SafeEmail,
            channel::LETTER => Field::SafeLetter,
            _ => Field::SafeToContact,
        };
        self.put(field, Raw { mask, reversed, ..raw });
    }

    fn person(&mut self, slot: Slot, raw: Raw, owner: Whose) {
        match owner {
            Whose::Client | Whose::Plain | Whose::Your => self.client(slot, raw),
            Whose::Referrer => self.referrer(slot, raw),
            Whose::Opposing => {
                if slot == Slot::Name {
                    self.put(Field::OpposingParty, raw);
                }
            }
            Whose::Other => {
                self.reaches_others |=
                    matches!(slot, Slot::Phone | Slot::PhoneOther | Slot::Email | Slot::ContactLine);
            }
        }
    }

    fn client(&mut self, slot: Slot, raw: Raw) {
        match slot {
            Slot::Name
            | Slot::NickName
            | Slot::FirstName
            | Slot::MiddleName
            | Slot::LastName
            | Slot::LastName2 => {
                self.name(0, slot, raw);
            }
            Slot::Phone | Slot::PhoneOther if contact::is_through_writer(&raw.value) => {
                self.writers.push(raw);
            }
            Slot::Phone => self.put(Field::ClientPhone, raw),
            Slot::PhoneOther => self.put(Field::ClientPhoneOther, raw),
            Slot::Email => self.put(Field::ClientEmail, raw),
            Slot::Address | Slot::AddressMore | Slot::City | Slot::State | Slot::Zip | Slot::CityStateZip => {
                self.address.push((slot, raw));
            }
            Slot::ContactLine => self.clients_line(&raw),
            Slot::FromLine => self.sender_line(&raw, [Field::ClientName, Field::ClientEmail]),
            Slot::Field(_) | Slot::Safe(_) | Slot::DoNot(_) | Slot::Matter | Slot::Ignore => {}
        }
    }

    fn referrer(&mut self, slot: Slot, raw: Raw) {
        match slot {
            Slot::Name | Slot::FirstName | Slot::MiddleName | Slot::LastName | Slot::LastName2 => {
                self.name(1, slot, raw);
            }
            Slot::Phone => self.put(Field::ReferrerPhone, raw),
            Slot::PhoneOther => {
                if !self.has(Field::ReferrerPhone) {
                    self.put(Field::ReferrerPhone, raw);
                }
            }
            Slot::Email => self.put(Field::ReferrerEmail, raw),
            Slot::ContactLine => self.referrers_line(&raw),
            Slot::FromLine => self.sender_line(&raw, [Field::ReferrerName, Field::ReferrerEmail]),
            Slot::NickName
            | Slot::Address
            | Slot::AddressMore
            | Slot::City
            | Slot::State
            | Slot::Zip
            | Slot::CityStateZip
            | Slot::Field(_)
            | Slot::Safe(_)
            | Slot::DoNot(_)
            | Slot::Matter
            | Slot::Ignore => {}
        }
    }

    fn name(&mut self, who: usize, slot: Slot, raw: Raw) {
        if !names_somebody(&raw.value) {
            return;
        }
        // "Referred by: Jo Bell, Hill House, 518-555-0111": name and ways to reach a person in one value.
        if slot == Slot::Name
            && (judge::address_in(&raw.value).is_some() || !judge::phones_in(&raw.value).is_empty())
        {
            self.contact_line(&raw, if who == 0 { CLIENT } else { REFERRER });
            return;
        }
        self.put_name(who, slot, raw);
    }

    fn put_name(&mut self, who: usize, slot: Slot, raw: Raw) {
        if let Some(names) = self.names.get_mut(who) {
            names.push((slot, raw));
        }
    }

    /// Adds a value to a field; the same words twice are one value.
    fn put(&mut self, field: Field, raw: Raw) {
        let same = || self.raw.iter().filter(|(other, _)| *other == field).map(|(_, raw)| raw);
        let is_new = same().next().is_none() || {
            let folded = fold(&raw.value);
            same().count() < 20 && !same().any(|one| fold(&one.value) == folded && one.mask == raw.mask)
        };
        if is_new {
            self.raw.push((field, raw));
        }
    }

    fn has(&self, field: Field) -> bool {
        self.raw.iter().any(|(other, _)| *other == field)
    }

    /// The packet, and what a person should know about it.
    pub(crate) fn finish(mut self, problems: &mut Vec<String>) -> Packet {
        self.place_writers();
        self.join_names();
        self.join_address();
        self.place_matter();
        self.place_notes();
        let mut packet = Packet::default();
        let mut raw = std::mem::take(&mut self.raw);
        raw.sort_by_key(|(field, _)| *field);
        let mut raw = raw.into_iter().peekable();
        while let Some((field, first)) = raw.next() {
            let same = std::iter::from_fn(|| raw.next_if(|(other, _)| *other == field));
            let raws = std::iter::once(first).chain(same.map(|(_, raw)| raw));
            self.settle(field, raws, &mut packet, problems);
        }
        derive_safety(&mut packet);
        if self.reaches_others && !packet.is_empty() {
            say(problems, BESIDE.to_owned());
        }
        if let Some(doubt) = zone::doubt(&packet) {
            say(problems, doubt.question().to_owned());
        }
        packet
    }

    /// The kind of legal problem answers "which service" unless that was asked too; alone it is all the reason there
    /// is.
    fn place_matter(&mut self) {
        let Some(matter) = self.matter.take() else { return };
        if !self.has(Field::Service) {
            self.put(Field::Service, matter.clone());
        }
        if !self.has(Field::Reason) {
            self.put(Field::Reason, matter);
        }
    }

    fn join_names(&mut self) {
        let [client, referrer] = std::mem::take(&mut self.names);
        for (field, names) in [(Field::ClientName, client), (Field::ReferrerName, referrer)] {
            for name in joined_names(names) {
                self.put(field, name);
            }
        }
    }

    fn join_address(&mut self) {
        let parts = std::mem::take(&mut self.address);
        let whole = |slot: &Slot| matches!(slot, Slot::Address);
        let mut lines: Vec<&Raw> = Vec::new();
        for (slot, raw) in &parts {
            let repeated = lines.iter().any(|line| fold(&line.value) == fold(&raw.value));
            let again = whole(slot)
                && parts.iter().find(|(s, _)| whole(s)).is_some_and(|(_, first)| !std::ptr::eq(first, raw));
            if !repeated && !again {
                lines.push(raw);
            }
        }
        let Some(first) = lines.first() else { return };
        let value = lines.iter().map(|raw| raw.value.as_str()).collect::<Vec<_>>().join(", ");
        let sure = lines.iter().map(|raw| raw.sure).min().unwrap_or(first.sure);
        let joined = Raw { value, sure, ..(*first).clone() };
        self.put(Field::ClientAddress, joined);
    }

    fn settle(
        &self,
        field: Field,
        raws: impl Iterator<Item = Raw>,
        packet: &mut Packet,
        problems: &mut Vec<String>,
    ) {
        let mut kept: Option<Found> = None;
        for raw in raws {
            let Some(found) = self.judged(field, raw, packet, problems) else { continue };
            kept = Some(match kept {
                None => found,
                Some(before) => merge(field, before, found, packet, problems),
            });
        }
        let Some(found) = kept else { return };
        match packet.get(field).cloned() {
            Some(_) if field == Field::ClientPhoneOther => {}
            // Another answer said something about this field already: of two words on consent or safety the safer.
            Some(beside) if is_guarded(field) => {
                let safer = merge(field, beside, found, packet, problems);
                packet.put(field, safer);
            }
            Some(_) | None => {
                packet.put(field, found);
            }
        }
    }

    fn judged(
        &self,
        field: Field,
        raw: Raw,
        packet: &mut Packet,
        problems: &mut Vec<String>,
    ) -> Option<Found> {
        let Raw { value, place, .. } = raw;
        // It was cleaned when it came in.
        let value = if value.len() > longest(field) { clean(&value, longest(field)) } else { value };
        let value = judge::chosen(field, value);
        if judge::is_nothing(field, &value) {
            return None;
        }
        let asked = judge::Asked { field, channels: raw.mask, reversed: raw.reversed };
        let verdict = judge::judge(asked, &value, self.context);
        if let Some(problem) = verdict.problem
            && !problems.contains(&problem)
        {
            problems.push(problem);
        }
        for (field, value, judged) in verdict.also {
            let found = Found { value, judged, confidence: Confidence::Medium, place: place.clone() };
            match packet.get(field).cloned() {
                None => {
                    packet.put(field, found);
                }
                Some(before) if is_guarded(field) => {
                    let safer = merge(field, before, found, packet, problems);
                    packet.put(field, safer);
                }
                Some(_) => {}
            }
        }
        let confidence = raw.sure.min(verdict.confidence);
        let is_guess = raw.sure == Confidence::Low && is_guarded(field);
        let judged = match verdict.judged {
            Judged::Yes if is_guess => {
                say(
                    problems,
                    format!("A question about {} was asked in unknown words; please ask.", field.key()),
                );
                Judged::Unclear("the question was asked in unknown words".to_owned())
            }
            judged => judged,
        };
        Some(Found { value, judged, confidence, place })
    }
}

/// Two words or more, of which the first two hold no digit: no reference is written so.
fn is_words(value: &str) -> bool {
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, ',' | '/' | '-' | '.'));
    let mut words = value.split_whitespace();
    let opens = [words.next(), words.next()].into_iter().all(|word| word.is_some_and(is_word));
    opens && value.chars().any(char::is_lowercase)
}

/// "Referrer: https://…" is a browser's word, and "Submitted by: anonymous" and "Survivor: yes" name nobody.
fn names_somebody(value: &str) -> bool {
    let folded = fold(value);
    !value.contains("://")
        && value.chars().any(char::is_alphabetic)
        && !["anonymous", "yes", "no"].iter().any(|list| LEXICON.phrases(list).is(&folded))
}

/// A form that asks channel by channel has answered the general question too: the channels' own answers stand in it.
fn derive_safety(packet: &mut Packet) {
    const ORDER: [Field; 5] =
        [Field::SafeVoicemail, Field::SafeCall, Field::SafeText, Field::SafeEmail, Field::SafeLetter];
    if packet.get(Field::SafeToContact).is_some() {
        return;
    }
    // A prohibition beside a number or an address answers no question: what is safe must still be asked.
    let beside = |found: &&Found| {
        [Field::ClientPhone, Field::ClientEmail]
            .iter()
            .any(|field| packet.text(*field) == Some(found.value.as_str()))
    };
    let answered = ORDER.iter().filter_map(|field| packet.get(*field)).find(|found| !beside(found));
    let Some(source) = answered.cloned() else { return };
    let own = |field: Field| match packet.get(field).map(|found| &found.judged) {
        None => Safety::Unknown,
        Some(Judged::Yes) => Safety::Safe,
        Some(_) => Safety::NotSafe,
    };
    let channels = Channels {
        call: own(Field::SafeCall),
        voicemail: own(Field::SafeVoicemail),
        text: own(Field::SafeText),
        email: own(Field::SafeEmail),
        letter: own(Field::SafeLetter),
    };
    packet.put(Field::SafeToContact, Found { judged: Judged::Channels(channels), ..source });
}

/// Whole names first; else first, middle and last in their order; else a nickname.
fn joined_names(names: Vec<(Slot, Raw)>) -> Vec<Raw> {
    let of = |wanted: Slot| names.iter().find(|(slot, _)| *slot == wanted).map(|(_, raw)| raw);
    let parts: Vec<&Raw> = [Slot::FirstName, Slot::MiddleName, Slot::LastName, Slot::LastName2]
        .into_iter()
        .filter_map(of)
        .collect();
    let whole: Vec<Raw> =
        names.iter().filter(|(slot, _)| *slot == Slot::Name).map(|(_, raw)| raw.clone()).collect();
    // In Spanish "Nombre" beside "Apellido" is the given name alone.
    if let (Some(name), Some(last), None) = (whole.first(), of(Slot::LastName), of(Slot::FirstName)) {
        let (given, family) = (fold(&name.value), fold(&last.value));
        if !given.split(' ').any(|word| family.split(' ').any(|other| other == word)) {
            let second = of(Slot::LastName2).map(|raw| format!(" {}", raw.value)).unwrap_or_default();
            let value = format!("{} {}{second}", name.value, last.value);
            return vec![Raw { value, ..name.clone() }];
        }
    }
    if !whole.is_empty() {
        return whole.into_iter().take(2).collect();
    }
    if let Some(first) = parts.first() {
        let value = parts.iter().map(|raw| raw.value.as_str()).collect::<Vec<_>>().join(" ");
        return vec![Raw { value, ..(*first).clone() }];
    }
    names.into_iter().take(1).map(|(_, raw)| raw).collect()
}
