//! Warnings in plain words: that the client must not be written to, that somebody else reads their mail, that a consent
//! was taken back or never given. No label says it, so nobody can be sure; a doubt is enough to make no yes of a yes.
//!
//! A warning too many costs a call by staff, a missed one can cost a life: words that stand together in one sentence
//! are enough, whatever the sentence means.

mod anothers;
mod answers;
mod asked;
mod beside;
mod denied;
mod harmless;
mod known;
mod lists;
mod marked;
mod meaning;
mod named;
mod net;
mod notes;
mod pieces;
mod reach;
mod said;
mod sentence;
mod sides;
mod unagreed;
mod words;

use super::another::calls_number_wrong;
use super::aside::{Aside, Words};
use super::form::fold::{fold, words};
use super::form::remark::calls_it_her_own;
use super::plain::plain;
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Field, Grounds, Packet, Person, Safety, WARNED};
use anothers::{Near, Written};
use beside::{Beside, within};
use known::Known;
use marked::marked;
use named::OtherSide;
use net::Cast;
use said::Said;
use sentence::{
    Extent, Sentence, each_in, may_name, of_naming_sentence, of_sentence, of_sentence_about, unwrapped,
};
use sides::Sides;

/// What a mail warns of.
#[expect(clippy::struct_excessive_bools, reason = "each is a doubt of its own, and any of them go together")]
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Warnings {
    /// Writing to the client by mail may do harm.
    pub mail: bool,
    /// The client may not have agreed, or not any more.
    pub consent: bool,
    /// Reaching them by phone may do harm.
    pub phone: Phone,
    /// A letter by post may do harm.
    pub letter: bool,
    /// Of their mail it is said that somebody reads it, or that it is not safe: more than "do not write".
    pub is_grave: bool,
}

/// The ways by phone that a mail warns of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Phone {
    /// Calls.
    pub call: bool,
    /// Text messages.
    pub text: bool,
    /// A message on a machine.
    pub voicemail: bool,
}

/// The sentences of a mail that would warn if a name in them were that of the other side of a record.
#[derive(Clone, Default)]
pub struct Heard {
    /// Each with whether its label is read as that of a form.
    sentences: Vec<(String, bool)>,
    /// There was more to keep than anybody writes.
    is_cut: bool,
    /// What stands beside the subject and the new text.
    beside: Beside,
    /// What the mail warns of, with why.
    said: Said,
}

masked!(Heard);

const MAIL_DOUBT: &str =
    "The mail may warn of writing to the client, or of who reads their mail; please ask what is safe.";
const PHONE_DOUBT: &str =
    "The mail may warn of calling the client, or of leaving messages; please ask what is safe.";
const CONSENT_DOUBT: &str = "The mail may say that consent was not given, or was taken back; please ask.";

const CUT: &str = "The mail is very long; not all of it was searched for warnings.";

/// So many bytes of all that stands beside the text are looked at.
const MOST_BESIDE: usize = 4 * LONGEST;
/// So many bytes of a text are looked at; what is longer is said to be cut.
const LONGEST: usize = 256 * 1024;
/// As much of a mail is kept for the names of records, in bytes and in sentences.
const MOST_KEPT: usize = 64 * 1024;
const MOST_SENTENCES: usize = 500;
/// The plain form of a text is at most so many times as long: one sign of Arabic stands for four words, and a space may
/// be set between letters.
const GROWTH: usize = 22;

/// What these texts warn of: the subject and what the author wrote or forwards.
#[must_use]
pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Warnings {
    of_words(texts.into_iter().map(|text| (text, true)))
}

fn of_words<'a>(texts: impl IntoIterator<Item = Words<'a>>) -> Warnings {
    let mut listener = Listener { heard: Heard { is_cut: true, ..Heard::default() }, ..Listener::default() };
    listener.hear(texts, Cast::No, &mut Known::default()).warnings
}

/// Whoever listens to a mail keeps more than what it warns of.
#[derive(Default)]
struct Listener {
    /// The sentences of which a record may tell more.
    heard: Heard,
    /// The names of people near to the client.
    near: Near,
}

impl Listener {
    /// What texts warn of; those of their sentences that may stand in a value again are known from then on.
    fn hear<'a>(
        &mut self,
        texts: impl IntoIterator<Item = Words<'a>>,
        cast: Cast,
        known: &mut Known,
    ) -> Said {
        let mut said = Said::default();
        each_sentence(texts, |sentence, is_judged| {
            let marks = marked(sentence.words);
            known.add(sentence);
            self.near.add(sentence.words, marks);
            said.hear(sentence.words, of_line(sentence.words, marks, is_judged, cast));
            if sentence.extent != Extent::Part {
                self.heard.keep(sentence.words, marks, is_judged);
            }
        });
        said
    }

    /// What stands beside the text warns of.
    fn hear_aside(&mut self, aside: &Aside, cast: Cast) -> Said {
        let cast = if aside.is_read { cast } else { Cast::No };
        let mut said = self.hear([aside.words()], cast, &mut Known::default());
        if calls_number_wrong(&aside.text) {
            said.doubt(ANOTHERS_NUMBER, NOT_HER_NUMBER);
        }
        said
    }
}

/// What a sentence warns of by itself. Where the net is cast as well, it is over what is left without what is harmless.
fn of_line(sentence: &str, marks: u64, is_judged: bool, cast: Cast) -> Warnings {
    let warnings = of_sentence(sentence, marks, is_judged);
    let mail = (warnings.mail || is_caught(sentence, marks, is_judged, cast)) && !calls_it_her_own(sentence);
    Warnings { mail, ..warnings }
}

fn is_caught(sentence: &str, marks: u64, is_judged: bool, cast: Cast) -> bool {
    let is_in = |words: &str, marks: u64| net::is_caught(words, marks, is_judged, cast);
    // Hardly a sentence is caught: only of those it matters what is harmless.
    is_in(sentence, marks) && harmless::cut(sentence).is_none_or(|left| is_in(&left, marked(&left)))
}

/// What these texts warn of where they name the other side of this packet.
#[must_use]
pub fn of_other_side<'a>(packet: &Packet, texts: impl IntoIterator<Item = &'a str>) -> Warnings {
    let other = OtherSide::of(packet);
    let texts = texts.into_iter().map(|text| (text, true));
    other.map_or_else(Warnings::default, |other| of_words_about(&other, texts).warnings)
}

fn of_words_about<'a>(other: &OtherSide, texts: impl IntoIterator<Item = Words<'a>>) -> Said {
    let mut said = Said::default();
    each_sentence(texts, |sentence, is_judged| {
        if sentence.extent != Extent::Part {
            let marks = marked(sentence.words);
            said.hear(sentence.words, of_sentence_about(sentence.words, marks, is_judged, other));
        }
    });
    said
}

/// Each sentence, and whether its label is read as that of a form.
fn each_sentence<'a>(texts: impl IntoIterator<Item = Words<'a>>, mut each: impl FnMut(Sentence<'_>, bool)) {
    for (text, is_read) in texts {
        let text = plain(beginning(text));
        let text = unwrapped(beginning(&text));
        each_in(&text, &mut |sentence| each(sentence, is_read && sentence.begins_line));
    }
}

impl Heard {
    fn keep(&mut self, sentence: &str, marks: u64, is_judged: bool) {
        if self.is_cut || !may_name(marks) {
            return;
        }
        let kept: usize = self.sentences.iter().map(|(sentence, _)| sentence.len()).sum();
        if kept + sentence.len() > MOST_KEPT || self.sentences.len() >= MOST_SENTENCES {
            self.is_cut = true;
        } else {
            self.sentences.push((sentence.to_owned(), is_judged));
        }
    }

    /// What the mail warns of beside its own warnings, as it is about this record. Where there is more to read than
    /// anybody writes, writing to a client with another side is in doubt unread.
    #[must_use]
    pub fn about(&self, record: &Packet) -> (Warnings, Grounds) {
        let Some(other) = OtherSide::of(record) else { return <(Warnings, Grounds)>::default() };
        let mut said = self.about_side(&other);
        if self.is_cut {
            said.doubt(UNREAD, UNSEARCHED);
        }
        (said.warnings, said.grounds())
    }

    /// Why the mail is taken to warn of something.
    #[must_use]
    pub fn grounds(&self) -> Grounds {
        self.said.grounds()
    }

    /// Why it is taken to warn of somebody else who reads what the client gets.
    #[must_use]
    pub const fn grave_grounds(&self) -> &Grounds {
        self.said.grave()
    }

    fn about_side(&self, other: &OtherSide) -> Said {
        let mut said = Said::default();
        for (sentence, is_judged) in &self.sentences {
            said.hear(sentence, of_naming_sentence(sentence, *is_judged, other));
        }
        said
    }
}

fn beginning(text: &str) -> &str {
    text.get(..text.ceil_char_boundary(LONGEST)).unwrap_or(text)
}

/// What a mail says, for whoever listens for warnings.
#[derive(Default)]
pub struct Told<'a> {
    /// The subject, the new text, the original of a forward.
    pub texts: &'a [Words<'a>],
    /// What stands beside them.
    pub asides: &'a [Aside],
    /// Packets that are nobody's: they may name the other side all the same.
    pub nobodys: &'a [Packet],
    /// There is more beside them that was not kept.
    pub is_cut: bool,
    /// Who wrote it.
    pub author: Author<'a>,
    /// What is shown at its end: signatures and the like.
    pub end: &'a str,
}

/// Who a mail says has written it.
#[derive(Clone, Copy, Default)]
pub struct Author<'a> {
    /// The name beside the address.
    pub name: &'a str,
    /// The address.
    pub address: Option<&'a EmailAddress>,
}

/// Lets the warnings count: a yes they speak against is none until a person has asked. What stands in the row of a
/// person's values counts for that person, everything else for all. Of a mail that was not searched to its end nobody
/// knows what it warns of.
pub fn heed(packets: &mut [Packet], told: &Told<'_>, problems: &mut Vec<String>) -> (Warnings, Heard) {
    let (beside, is_left) = within(told.asides);
    let is_cut = told.is_cut || is_left || told.texts.iter().any(|(text, _)| is_long(text));
    // Only of a mail that brings a yes it matters what nobody has thought of.
    let cast =
        if packets.is_empty() { Cast::No } else { Cast::over(told.texts.iter().map(|(text, _)| *text)) };
    let (mut listener, mut known) = (Listener::default(), Known::default());
    let mut of_all = listener.hear(told.texts.iter().copied(), cast, &mut known);
    if is_cut {
        of_all.doubt(UNREAD, UNSEARCHED);
    }
    let of_asides = beside.iter().map(|aside| (*aside, listener.hear_aside(aside, cast)));
    let of_asides: Vec<(&Aside, Said)> = of_asides.filter(|(_, said)| said.is_any()).collect();
    if told.texts.iter().any(|(text, _)| calls_number_wrong(text)) {
        of_all.doubt(ANOTHERS_NUMBER, NOT_HER_NUMBER);
    }
    let Listener { mut heard, near } = listener;
    heard.beside = Beside::of(&of_asides, is_cut);
    let is_owned = |place: &str| packets.iter().any(|packet| stands_at(packet, place));
    let unowned = of_asides.iter().filter(|(aside, _)| !is_owned(&aside.place));
    of_all = unowned.fold(of_all, |all, (_, said)| all.and(said));
    if !packets.is_empty() {
        let mut sides = Sides::of(packets, told.nobodys);
        let shared = beside.iter().filter(|aside| !is_owned(&aside.place)).map(|aside| aside.words());
        // What was kept of the sentences of all is quicker to look through.
        of_all = of_all.and(&if packets.len() == 1 && !heard.is_cut {
            sides.in_kept(&heard)
        } else {
            sides.in_words(told.texts.iter().copied().chain(shared))
        });
        let written = Written::of(told, near);
        let of_each = packets.iter().map(|packet| {
            let own = of_asides.iter().filter(|(aside, _)| stands_at(packet, &aside.place));
            let said = own.fold(of_all.clone(), |all, (_, said)| all.and(said));
            let own = beside.iter().filter(|aside| stands_at(packet, &aside.place)).map(|one| one.words());
            let said = said.and(&sides.in_packet(packet, own, &known, cast));
            (Person::of(packet), said.and(&of_owner(packet, told, &written)))
        });
        let of_each: Vec<(Person, Said)> = of_each.collect();
        of_all = doubt_each(packets, &of_each, of_all);
    }
    let is_about_somebody = !packets.is_empty();
    // Before all else: of very many sentences only the first are asked about.
    problems.splice(0..0, told_of(of_all.warnings, is_cut, is_about_somebody));
    let warnings = of_all.warnings;
    heard.said = of_all;
    (warnings, heard)
}

/// What is told of a mail: that it was not searched to its end, and, where it is about somebody, what it warns of.
fn told_of(warnings: Warnings, is_cut: bool, is_about_somebody: bool) -> Vec<String> {
    let words = [
        (is_cut, CUT),
        (is_about_somebody && (warnings.mail || warnings.letter), MAIL_DOUBT),
        (is_about_somebody && warnings.phone != Phone::default(), PHONE_DOUBT),
        (is_about_somebody && warnings.consent, CONSENT_DOUBT),
    ];
    words.into_iter().filter(|(is_said, _)| *is_said).map(|(_, words)| words.to_owned()).collect()
}

/// What speaks against the ways of a packet beside the sentences: whose its address is, what its note says, who wrote it.
fn of_owner(packet: &Packet, told: &Told<'_>, written: &Written<'_>) -> Said {
    const MAIL: Warnings = Warnings { mail: true, ..NONE };
    let mut said = Said::default();
    for (is_said, warnings, why) in [
        (anothers::is_doubtful(packet, told.texts), MAIL, NOT_HER_ADDRESS),
        (written.names_owner_of_address(packet), MAIL, NOT_HER_NAME),
        (notes::is_worrying(packet), MAIL, NOTE),
        (written.is_by_other_side(packet), THEIRS, WRITTEN_BY_OTHER_SIDE),
    ] {
        if is_said {
            said.doubt(warnings, why);
        }
    }
    said
}

/// Why a doubt is one that no sentence tells.
const NOT_HER_NUMBER: &str = "a number is called somebody else's, or wrong";
const NOT_HER_ADDRESS: &str = "the email address may be somebody else's, by the words around it";
const NOT_HER_NAME: &str = "the email address has the name of somebody near to the client in it";
const NOTE: &str = "the safety notes say more than that email is safe";
const WRITTEN_BY_OTHER_SIDE: &str = "the other side seems to have written the mail";
const UNSEARCHED: &str = "the mail is too long to be searched to its end";
const UNCOMPARED: &str = "the mail has too many names and words to be searched to its end";

/// What counts where nothing is warned of.
const NONE: Warnings =
    Warnings { mail: false, consent: false, phone: NO_PHONE, letter: false, is_grave: false };

/// What counts where a number is called another's.
const ANOTHERS_NUMBER: Warnings =
    Warnings { mail: false, consent: false, phone: ANY_PHONE, letter: false, is_grave: false };

/// What counts where the other side wrote a mail.
const THEIRS: Warnings =
    Warnings { mail: true, consent: true, phone: ANY_PHONE, letter: true, is_grave: true };

/// No way by phone.
const NO_PHONE: Phone = Phone { call: false, text: false, voicemail: false };

/// Every way by phone.
const ANY_PHONE: Phone = Phone { call: true, text: true, voicemail: true };

/// What counts where not all of a mail was searched.
const UNREAD: Warnings =
    Warnings { mail: true, consent: false, phone: NO_PHONE, letter: true, is_grave: true };

/// Lets each packet's warnings count for whoever may be the same person; all of them together.
fn doubt_each(packets: &mut [Packet], of_each: &[(Person, Said)], mut all: Said) -> Said {
    for (packet, (person, said)) in packets.iter_mut().zip(of_each) {
        // The text of a mail and a card beside it may both be about one person.
        let same = of_each.iter().filter(|(other, _)| other.may_be(person));
        let said = same.fold(said.clone(), |all, (_, said)| all.and(said));
        doubt(packet, said.warnings);
        packet.because(&said.grounds().but(|ground| is_of_another(ground, person, of_each), OF_ANOTHER));
        all = all.and(&said);
    }
    all
}

/// Whether the words of a ground name another person of the mail than this one: each is told of their own only.
fn is_of_another(ground: &str, own: &Person, of_each: &[(Person, Said)]) -> bool {
    let folded = fold(ground);
    let words = words(&folded);
    of_each.iter().any(|(other, _)| !other.may_be(own) && other.is_named_among(&words, own))
}

/// In place of a sentence about others.
const OF_ANOTHER: &str = "a sentence of the mail that names others too; please look at the mail";

/// Whether a text is longer than is looked at. A sign grows at most so many times: shorter texts need no second look.
fn is_long(text: &str) -> bool {
    text.len() > LONGEST || text.len() > LONGEST / GROWTH && plain(text).len() > LONGEST
}

/// Whether a value of the packet stands there, or in one of the cells there. A row of a name alone may be a remark
/// below the list, and no person.
fn stands_at(packet: &Packet, place: &str) -> bool {
    !place.is_empty()
        && packet.iter().nth(1).is_some()
        && packet.iter().any(|(_, found)| {
            let rest = found.place.strip_prefix(place);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

/// A packet that says no more than that there is a doubt, and why: for a record that is there already.
#[must_use]
pub fn as_packet(warnings: Warnings, grounds: &Grounds) -> Option<Packet> {
    let mut packet = Packet::default();
    doubt(&mut packet, warnings);
    packet.because(grounds);
    (!packet.is_empty()).then_some(packet)
}

/// Makes no yes of each yes that the warnings speak against. Nobody writes a letter that was not called safe: a doubt of
/// letters says something only against a yes, or alone.
pub fn doubt(packet: &mut Packet, warnings: Warnings) {
    let is_letter_safe = packet.is_empty() || packet.channels().letter == Safety::Safe;
    let doubts = [
        (warnings.mail, Field::SafeEmail),
        (warnings.consent, Field::Consent),
        (warnings.phone.call, Field::SafeCall),
        (warnings.phone.text, Field::SafeText),
        (warnings.phone.voicemail, Field::SafeVoicemail),
        (warnings.letter && is_letter_safe, Field::SafeLetter),
    ];
    for (_, field) in doubts.into_iter().filter(|(is_doubted, _)| *is_doubted) {
        packet.unbelieve(field, WARNED, "the words of the mail");
    }
}

impl Warnings {
    /// What of it is more than "do not write": what staff, who writes of letters and calls every day, warns of.
    #[must_use]
    pub fn grave(self) -> Warnings {
        Warnings { mail: self.is_grave, is_grave: self.is_grave, ..Warnings::default() }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Warnings) -> Warnings {
        let phone = Phone {
            call: self.phone.call || other.phone.call,
            text: self.phone.text || other.phone.text,
            voicemail: self.phone.voicemail || other.phone.voicemail,
        };
        Warnings {
            mail: self.mail || other.mail,
            consent: self.consent || other.consent,
            phone,
            letter: self.letter || other.letter,
            is_grave: self.is_grave || other.is_grave,
        }
    }
}

#[cfg(test)]
mod ordinary;
#[cfg(test)]
mod samples;
