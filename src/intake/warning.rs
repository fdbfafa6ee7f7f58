//! Warnings in plain words: that the client must not be written to, that somebody else reads their mail, that a consent
//! was taken back or never given. No label says it, so nobody can be sure; a doubt is enough to make no yes of a yes.
//!
//! A warning too many costs a call by staff, a missed one can cost a life: words that stand together in one sentence
//! are enough, whatever the sentence means.

mod lists;
mod meaning;
mod named;
mod sentence;
mod words;

use super::form::fold::{fold, words};
use super::plain::plain;
use super::quick;
use crate::referral::address::EmailAddress;
use crate::referral::packet::{Confidence, Field, Found, Judged, Packet, Person};
use named::OtherSide;
use sentence::{Extent, Sentence, bare, each_in, may_name, of_sentence, of_sentence_about, unwrapped};
use words::{HARMLESS, OTHERS, kinds, marked};

/// What a mail warns of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Warnings {
    /// Writing to the client by mail may do harm.
    pub mail: bool,
    /// The client may not have agreed, or not any more.
    pub consent: bool,
    /// Reaching them by phone may do harm.
    pub phone: Phone,
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

/// What something beside the new text says: a file, the markup, an attached message.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Aside {
    /// Where it stands, as the places of values are named; empty when it belongs to nobody in particular.
    pub place: String,
    /// Its words.
    pub text: String,
    /// Its labels are read as those of a form, so that their answers are judged and need not be heard.
    pub is_read: bool,
}

/// Words of a mail, and whether their labels are read as those of a form.
pub type Words<'a> = (&'a str, bool);

/// The sentences of a mail that would warn if a name in them were that of the other side of a record.
#[derive(Clone, Default)]
pub struct Heard {
    /// Each with whether its label is read as that of a form.
    sentences: Vec<(String, bool)>,
    /// There was more to keep than anybody writes.
    is_cut: bool,
}

masked!(Aside, Heard);

const MAIL_DOUBT: &str =
    "The mail may warn of writing to the client, or of who reads their mail; please ask what is safe.";
const PHONE_DOUBT: &str =
    "The mail may warn of calling the client, or of leaving messages; please ask what is safe.";
const CONSENT_DOUBT: &str = "The mail may say that consent was not given, or was taken back; please ask.";

const CUT: &str = "The mail is very long; not all of it was searched for warnings.";

/// So many bytes of all that stands beside the text are looked at.
const MOST_BESIDE: usize = 4 * LONGEST;
/// As much is looked through for the names of opposing parties, in bytes; each text counts for each packet.
const MOST_COMPARED: usize = 8 * LONGEST;
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
    of_heard(texts, &mut Heard { is_cut: true, ..Heard::default() })
}

/// The same, with the sentences kept of which a record may tell more.
fn of_heard<'a>(texts: impl IntoIterator<Item = Words<'a>>, heard: &mut Heard) -> Warnings {
    let mut warnings = Warnings::default();
    each_sentence(texts, |sentence, is_judged| {
        let marks = marked(sentence.words);
        if sentence.extent != Extent::Joined {
            warnings = warnings.and(of_sentence(sentence.words, marks, is_judged));
        }
        if sentence.extent != Extent::Part {
            heard.keep(sentence.words, marks, is_judged);
        }
    });
    warnings
}

/// What these texts warn of where they name the other side of this packet.
#[must_use]
pub fn of_other_side<'a>(packet: &Packet, texts: impl IntoIterator<Item = &'a str>) -> Warnings {
    let other = OtherSide::of(packet);
    let texts = texts.into_iter().map(|text| (text, true));
    other.map_or_else(Warnings::default, |other| of_words_about(&other, texts))
}

fn of_words_about<'a>(other: &OtherSide, texts: impl IntoIterator<Item = Words<'a>>) -> Warnings {
    let mut warnings = Warnings::default();
    each_sentence(texts, |sentence, is_judged| {
        if sentence.extent != Extent::Part {
            warnings = warnings.and(of_sentence_about(sentence.words, is_judged, other));
        }
    });
    warnings
}

/// Each sentence, and whether its label is read as that of a form.
fn each_sentence<'a>(texts: impl IntoIterator<Item = Words<'a>>, mut each: impl FnMut(Sentence<'_>, bool)) {
    for (text, is_read) in texts {
        let text = unwrapped(beginning(&plain(beginning(text))));
        each_in(&text, &mut |sentence| each(sentence, is_read && sentence.begins_line));
    }
}

impl Heard {
    fn keep(&mut self, sentence: &str, marks: u32, is_judged: bool) {
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
    pub fn about(&self, record: &Packet) -> Warnings {
        let Some(other) = OtherSide::of(record) else { return Warnings::default() };
        let sentences = self.sentences.iter();
        let warnings = sentences.fold(Warnings::default(), |all, (sentence, is_judged)| {
            all.and(of_sentence_about(sentence, *is_judged, &other))
        });
        Warnings {
            mail: warnings.mail || self.is_cut,
            is_grave: warnings.is_grave || self.is_cut,
            ..warnings
        }
    }
}

fn beginning(text: &str) -> &str {
    text.get(..text.ceil_char_boundary(LONGEST)).unwrap_or(text)
}

/// Lets the warnings count: a yes they speak against is none until a person has asked. What stands in the row of a
/// person's values counts for that person, everything else for all.
pub fn heed(
    packets: &mut [Packet],
    texts: &[Words<'_>],
    asides: &[Aside],
    problems: &mut Vec<String>,
) -> (Warnings, Heard) {
    // A sign grows at most so many times: shorter texts need no second look.
    let is_long =
        |text: &str| text.len() > LONGEST || text.len() > LONGEST / GROWTH && plain(text).len() > LONGEST;
    if asides.iter().map(|aside| aside.text.len()).sum::<usize>() >= MOST_BESIDE
        || texts.iter().any(|(text, _)| is_long(text))
        || asides.iter().any(|aside| is_long(&aside.text))
    {
        problems.push(CUT.to_owned());
    }
    let mut heard = Heard::default();
    let of_texts = of_heard(texts.iter().copied(), &mut heard);
    let beside: Vec<&Aside> = within(asides).collect();
    let asides: Vec<(&str, Warnings)> =
        beside.iter().map(|aside| (&*aside.place, of_heard([aside.words()], &mut heard))).collect();
    let asides: Vec<(&str, Warnings)> =
        asides.into_iter().filter(|(_, warnings)| *warnings != Warnings::default()).collect();
    let is_owned = |place: &str| packets.iter().any(|packet| stands_at(packet, place));
    let unowned = asides.iter().filter(|(place, _)| !is_owned(place));
    let mut all = unowned.fold(of_texts, |all, (_, warnings)| all.and(*warnings));
    if packets.is_empty() {
        return (all, heard);
    }
    let of_all = all;
    let mut left = MOST_COMPARED;
    let of_each: Vec<(Person, Warnings)> = packets
        .iter()
        .map(|packet| {
            let own = asides.iter().filter(|(place, _)| stands_at(packet, place));
            let mut warnings = own.fold(of_all, |all, (_, warnings)| all.and(*warnings));
            warnings = warnings.and(of_words(own_texts(packet)));
            let named = if packets.len() == 1 && !heard.is_cut {
                // All of it is about this one, and its sentences were kept.
                heard.about(packet).and(of_the_other_side(packet, own_texts(packet), &mut left))
            } else {
                let beside =
                    beside.iter().filter(|aside| stands_at(packet, &aside.place) || !is_owned(&aside.place));
                let named =
                    texts.iter().copied().chain(own_texts(packet)).chain(beside.map(|aside| aside.words()));
                of_the_other_side(packet, named, &mut left)
            };
            warnings = warnings.and(named);
            warnings.mail |=
                is_doubtful_address(packet) || texts.iter().any(|(text, _)| names_anothers(packet, text));
            (Person::of(packet), warnings)
        })
        .collect();
    for (packet, (person, warnings)) in packets.iter_mut().zip(&of_each) {
        // The text of a mail and a card beside it may both be about one person.
        let same = of_each.iter().filter(|(other, _)| other.may_be(person));
        let warnings = same.fold(*warnings, |all, (_, warnings)| all.and(*warnings));
        doubt(packet, warnings);
        all = all.and(warnings);
    }
    let said =
        [(all.mail, MAIL_DOUBT), (all.phone != Phone::default(), PHONE_DOUBT), (all.consent, CONSENT_DOUBT)];
    problems.extend(said.into_iter().filter(|(is_said, _)| *is_said).map(|(_, words)| words.to_owned()));
    (all, heard)
}

/// What the texts warn of where they name the packet's opposing party. Where there is more to read than anybody writes,
/// writing to this client is in doubt unread.
fn of_the_other_side<'a>(
    packet: &Packet,
    texts: impl Iterator<Item = Words<'a>>,
    left: &mut usize,
) -> Warnings {
    let Some(other) = OtherSide::of(packet) else { return Warnings::default() };
    let mut read = Vec::new();
    for (text, is_read) in texts.map(|(text, is_read)| (beginning(text), is_read)) {
        *left = left.saturating_sub(text.len());
        if *left == 0 {
            return Warnings { mail: true, is_grave: true, ..Warnings::default() };
        }
        read.push((text, is_read));
    }
    of_words_about(&other, read)
}

impl Aside {
    fn words(&self) -> Words<'_> {
        (&self.text, self.is_read)
    }
}

/// The values that are sentences. No label in a value is read.
fn own_texts(packet: &Packet) -> impl Iterator<Item = Words<'_>> {
    let fields = [Field::SafetyNotes, Field::Reason, Field::PreferredContact, Field::Relationship];
    fields.into_iter().filter_map(|field| Some((packet.text(field)?, false)))
}

/// As much of them as is looked at in one mail.
fn within(asides: &[Aside]) -> impl Iterator<Item = &Aside> {
    let mut left = MOST_BESIDE;
    asides.iter().take_while(move |aside| {
        left = left.saturating_sub(aside.text.len());
        left > 0
    })
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

/// A packet that says no more than that there is a doubt: for a record that is there already.
#[must_use]
pub fn as_packet(warnings: Warnings) -> Option<Packet> {
    let mut packet = Packet::default();
    doubt(&mut packet, warnings);
    (!packet.is_empty()).then_some(packet)
}

/// Makes no yes of each yes that the warnings speak against.
pub fn doubt(packet: &mut Packet, warnings: Warnings) {
    let doubts = [
        (warnings.mail, Field::SafeEmail),
        (warnings.consent, Field::Consent),
        (warnings.phone.call, Field::SafeCall),
        (warnings.phone.text, Field::SafeText),
        (warnings.phone.voicemail, Field::SafeVoicemail),
    ];
    for (_, field) in doubts.into_iter().filter(|(is_doubted, _)| *is_doubted) {
        let known = packet.get(field).cloned();
        if known.as_ref().is_some_and(|known| known.judged == Judged::No) {
            continue;
        }
        let judged = Judged::Unclear("the mail warns of it".to_owned());
        let place = "the words of the mail".to_owned();
        let blank =
            Found { value: String::new(), judged: judged.clone(), confidence: Confidence::Medium, place };
        packet.put(field, Found { judged, ..known.unwrap_or(blank) });
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
            is_grave: self.is_grave || other.is_grave,
        }
    }
}

/// Beside the address stand words that may take it back, or another address.
fn is_doubtful_address(packet: &Packet) -> bool {
    let (Some(found), Some(address)) = (packet.get(Field::ClientEmail), packet.client_email()) else {
        return false;
    };
    let name = fold(packet.text(Field::ClientName).unwrap_or_default());
    let name = words(&name);
    let parts = found.value.split(|c: char| c.is_whitespace() || "<>()[],;\"'|".contains(c));
    parts.filter(|part| !part.is_empty()).any(|part| {
        if part.contains('@') {
            return another_mailbox(part, address);
        }
        let folded = fold(part);
        words(&folded).iter().any(|word| kinds(word) & HARMLESS == 0 && !name.contains(word))
    })
}

fn another_mailbox(text: &str, address: &str) -> bool {
    let bare = text.trim_start_matches("mailto:").trim_end_matches(['.', ':', '/']);
    let (one, other) = (EmailAddress::parse(bare), EmailAddress::parse(address));
    one.is_ok_and(|one| other.is_ok_and(|other| !one.shares_mailbox(&other)))
}

/// A line that names the client's address beside somebody else: "husband's email: …".
fn names_anothers(packet: &Packet, text: &str) -> bool {
    let Some(address) = packet.client_email().map(str::to_lowercase) else { return false };
    quick::lines(text).map(bare).filter(|line| quick::find(line, b'@').is_some()).any(|line| {
        let lower = line.to_lowercase();
        lower.contains(&address) && {
            let folded = fold(&lower.replace(&address, " "));
            words(&folded).iter().any(|word| !matches!(*word, "partner" | "it") && kinds(word) & OTHERS != 0)
        }
    })
}

#[cfg(test)]
mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "a measurement, not a check"]
    fn a_typical_mail_takes_microseconds() {
        let text =
            "She came to our office on Monday and told us about the papers that were put under her door.\n\
                    Client name: Ana Canary\nEmail: ana@mail.example\nSafe to email: yes\n"
                .repeat(20);
        let _ = of([text.as_str()]);
        let run = || {
            let began = std::time::Instant::now();
            std::hint::black_box(of([text.as_str()]));
            began.elapsed()
        };
        println!("{} bytes: {:?}", text.len(), (0..200).map(|_| run()).min());
    }
}
