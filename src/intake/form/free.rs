//! Running text: phones, emails, dates with the word that says what they are, languages, urgency.
//!
//! Everything found here is of low confidence, and consent and safety are never read from it.

use std::borrow::Cow;

use super::LINES;
use super::fold::{clean, fold, words};
use super::judge::{self, Style};
use super::label;
use super::lexicon::{CUES, LEXICON, Whose};
use super::merge::{LONGEST_STORY, say};
use super::people::Person;
use super::people::owner::{Owner, Reach};
use super::people::reach;
use super::saying::{self, Saying};
use super::{Context, Harvest, myself, named, people};
use crate::intake::quick::{self, has_digit};
use crate::referral::packet::{Confidence, Field, Found, Judged, Packet};

/// Fewer labelled fields than this and the running text is read too.
const ENOUGH: usize = 3;
/// The longest sentence kept as a value, in characters.
const LONGEST: usize = 300;
/// What a person is told of a number that was not taken.
const SOMEBODY: &str = "A phone number in the running text may be somebody else's; it was left out.";

/// Adds what the running text says to the packets the labels made, if those say little; whether a bound kept something
/// out. Where it is unsure how many people the text is about, nobody's phone is taken from it.
pub(super) fn complete(
    harvest: &mut Harvest,
    subject: &str,
    text: &str,
    is_unsure: bool,
    context: &Context,
) -> bool {
    let Harvest { packets, problems, leaves_out, .. } = harvest;
    for packet in packets.iter_mut() {
        dates_in_stories(packet, context);
    }
    let labelled = packets.first().map_or(0, |packet| packet.iter().count());
    let spoken = packets.first().is_some_and(|packet| packet.get(Field::Language).is_some());
    if packets.len() > 1 || (labelled >= ENOUGH && spoken) {
        return false;
    }
    let packet = packets.pop().unwrap_or_default();
    let only_language = labelled >= ENOUGH;
    let mut reader =
        Reader { packet, found: false, only_language, is_cut: false, undated: Vec::new(), context };
    let is_torn = !only_language && reader.reaches(subject, text, [is_unsure, *leaves_out], problems);
    reader.line(subject, 0);
    for (number, line) in (1..).zip(text.lines()).take(LINES) {
        if !line.trim().is_empty() && !line.starts_with('>') {
            reader.line(line, number);
        }
    }
    if reader.found && !is_torn && !is_unsure && reader.packet.get(Field::ClientName).is_none() {
        reader.name(subject, text);
    }
    reader.tongue_beside_phone(text);
    if reader.keep_undated() {
        say(problems, judge::UNDATED.to_owned());
    }
    let mut is_cut = reader.is_cut || text.lines().nth(LINES).is_some();
    if reader.found && !reader.only_language && reader.packet.get(Field::Reason).is_none() {
        // A gap and the letter behind it count together.
        let told = if labelled == 0 { text.into() } else { unlabelled(text) };
        let story = clean(&told, LONGEST_STORY + 2);
        is_cut |= story.chars().count() > LONGEST_STORY;
        let line = 1 + text.lines().take_while(|line| line.trim().is_empty()).count();
        reader.put(Field::Reason, clean(&story, LONGEST_STORY), Judged::Text, line);
    }
    if !reader.packet.is_empty() {
        packets.push(reader.packet);
    }
    is_cut
}

/// The lines that no label opens, if they tell anything: what a label says is told where it belongs.
fn unlabelled(text: &str) -> Cow<'_, str> {
    let is_said = |line: &&str| line.split_once([':', '：']).is_some_and(|(left, _)| super::is_label(left));
    let told: Vec<&str> = text.lines().filter(|line| !is_said(line)).collect();
    let words = told.iter().flat_map(|line| line.split_whitespace());
    let is_story = words.filter(|word| word.chars().any(char::is_alphabetic)).nth(2).is_some();
    if is_story { told.join("\n").into() } else { "".into() }
}

/// Gives the packet of one person of a list the name and the words of their block, where no label gave it any.
pub(super) fn own_words(packet: &mut Packet, person: &Person<'_>) {
    let place = format!("text line {}", person.lines_above + 1);
    let words = [(Field::ClientName, person.name), (Field::Reason, Some(person.text))];
    let is_prose = packet.iter().all(|(_, found)| found.confidence == Confidence::Low);
    for (field, words) in words {
        let value = clean(words.unwrap_or_default(), LONGEST_STORY);
        let is_wanted = field != Field::Reason || is_prose;
        if is_wanted && !value.is_empty() && packet.get(field).is_none() {
            let found =
                Found { value, judged: Judged::Text, confidence: Confidence::Low, place: place.clone() };
            packet.put(field, found);
        }
    }
    let told = person.text.lines().take(FIRST_LINES).find_map(tongue_between);
    if let Some((judged, value)) = told.filter(|_| packet.get(Field::Language).is_none()) {
        packet.put(Field::Language, Found { value, judged, confidence: Confidence::Low, place });
    }
}

/// Lines of a person's block in which their language may stand without a word about it.
const FIRST_LINES: usize = 3;

/// A language that stands alone between the marks of a line: "Ann Lee - 518-555-0142 - Spanish".
fn tongue_between(line: &str) -> Option<(Judged, String)> {
    let parts = line.split([',', ';', '|', '/', '(', ')', '–', '—', '\t']).flat_map(|part| part.split(" - "));
    let parts = parts.map(str::trim).filter(|part| !part.is_empty()).skip(1).take(12);
    let mut short = parts.filter(|part| part.len() <= 40);
    short.find_map(|part| Some((Judged::Language(judge::tongue_alone(part)?), clean(part, LONGEST))))
}

/// Deadlines that somebody wrote into the story: "eviction, hearing on December 3 at 9".
fn dates_in_stories(packet: &mut Packet, context: &Context) {
    for field in [Field::Reason, Field::Service, Field::Urgency] {
        let Some(story) = packet.get(field).filter(|found| has_digit(&found.value)) else { continue };
        let (value, place) = (story.value.clone(), story.place.clone());
        // Cutting a sentence into its dates is dear: one that can name no day is told before.
        let may_name_a_day = |sentence: &&str| judge::may_name_a_day(sentence, &fold(sentence));
        let dated = sentences(&value).filter(may_name_a_day);
        for sentence in dated.flat_map(|sentence| judge::dated_parts(sentence, false, context)) {
            let cues = LEXICON.hot.cues.within(sentence);
            if cues == 0 {
                continue;
            }
            let folded = fold(sentence);
            let words = words(&folded);
            let Some(kind) = judge::kind_of(cues, &words).filter(|kind| packet.get(*kind).is_none()) else {
                continue;
            };
            if !judge::may_name_a_day(sentence, &folded) {
                continue;
            }
            let Some(dated) = judge::find_date(sentence, context, Style::Deadline) else { continue };
            let judged = Judged::Date { date: dated.date, time: dated.time, ambiguous: dated.ambiguous };
            let value = clean(label::without_bullet(sentence), LONGEST);
            packet.put(kind, Found { value, judged, confidence: Confidence::Low, place: place.clone() });
        }
    }
}

/// A mail that says anywhere that 42 CFR part 2 protects what is in it, as the law wants it to, says so of all its
/// packets.
pub(super) fn part_two(packets: &mut [Packet], text: &str) {
    const NAMES: [&str; 3] = ["42 cfr part 2", "42 c.f.r. part 2", "42 cfr parte 2"];
    if packets.is_empty() || !text.contains("42 ") {
        return;
    }
    let lower = text.to_lowercase();
    if !NAMES.iter().any(|name| lower.contains(name)) {
        return;
    }
    for packet in packets.iter_mut().filter(|packet| packet.get(Field::PartTwo).is_none()) {
        let value = "42 CFR part 2".to_owned();
        let place = "text".to_owned();
        packet.put(Field::PartTwo, Found { value, judged: Judged::Yes, confidence: Confidence::Low, place });
    }
}

/// What a sentence with a date is asked first: a hearing about an eviction is a hearing.
const ORDER: [Field; 5] =
    [Field::CourtDate, Field::LockoutDate, Field::FilingDeadline, Field::ClientDob, Field::OtherDeadline];
/// So many of these are told apart from other days beside labels too.
const SUREST: usize = 3;
/// The bits of the lists of dates among [`CUES`].
const DATED: u64 = 0b1_1111;
const LANGUAGE_CUE: usize = 5;
const URGENT: usize = 6;

struct Reader<'a> {
    packet: Packet,
    found: bool,
    /// The labels said enough, but not the language.
    only_language: bool,
    /// A line was longer than is searched.
    is_cut: bool,
    /// Deadlines that name a day which is over, or from which the true one is counted: each as told, and its line.
    undated: Vec<(Field, String, usize)>,
    context: &'a Context,
}

impl Reader<'_> {
    /// Reads a line; line 0 is the subject.
    fn line(&mut self, line: &str, number: usize) {
        let end = if line.len() > 4_000 { line.char_indices().nth(4_000).map(|(at, _)| at) } else { None };
        self.is_cut |= end.is_some();
        let line = end.and_then(|end| line.get(..end)).unwrap_or(line);
        if LEXICON.hot.cues.within(line) == 0 {
            return;
        }
        // Beside labels a date counts only in a line of its own words.
        let is_told = !self.only_language || saying::of(line) == Saying::Words;
        for sentence in sentences(line) {
            self.sentence(sentence, number);
            if is_told {
                self.dates(sentence, number);
            }
        }
    }

    /// Phones and addresses, each where the words beside it put it; whether they may be several people's.
    fn reaches(
        &mut self,
        subject: &str,
        text: &str,
        [is_unsure, leaves_out]: [bool; 2],
        problems: &mut Vec<String>,
    ) -> bool {
        let phones = reach::phones(subject, text, self.context);
        let addresses = reach::addresses(subject, text);
        // What the labels left out the running text does not give to the client.
        let is_unsure = is_unsure || leaves_out;
        let is_torn = |all: &[Reach]| is_unsure || all.iter().any(|reach| reach.owner == Owner::Unknown);
        let labelled = self.packet.get(Field::ClientPhone).is_some();
        let is_any_torn = is_torn(&phones) || is_torn(&addresses);
        if is_torn(&phones) && !labelled && !leaves_out {
            say(problems, people::SEVERAL.to_owned());
        } else if phones.iter().any(|reach| matches!(reach.owner, Owner::Unknown | Owner::Bystander)) {
            say(problems, SOMEBODY.to_owned());
        }
        let phone = [Field::ClientPhone, Field::ClientPhoneOther, Field::ReferrerPhone];
        let email = [Field::ClientEmail, Field::ClientEmail, Field::ReferrerEmail];
        // Whether or not it is taken: somebody wrote about somebody.
        let is_news = |reach: &Reach| self.packet.iter().all(|(_, found)| found.judged != reach.judged);
        let told = phones.iter().chain(&addresses);
        self.found |= told.into_iter().any(|reach| reach.owner != Owner::Writer && is_news(reach));
        for (all, fields) in [(phones, phone), (addresses, email)] {
            let is_torn = is_torn(&all);
            for reach in all {
                self.reach(reach, fields, is_torn);
            }
        }
        is_any_torn
    }

    /// The language that stands alone in the line of the phone that was found.
    fn tongue_beside_phone(&mut self, text: &str) {
        let found =
            self.packet.get(Field::ClientPhone).filter(|_| self.packet.get(Field::Language).is_none());
        let Some(phone) = found.map(|found| found.value.clone()) else { return };
        let lines = (1..).zip(text.lines().take(LINES));
        let beside = lines.filter(|(_, line)| line.contains(&phone));
        for (number, line) in beside.take(1) {
            if let Some((judged, value)) = tongue_between(line) {
                self.put(Field::Language, value, judged, number);
            }
        }
    }

    /// The name of whom the text is about, where it introduces one person.
    fn name(&mut self, subject: &str, text: &str) {
        if let Some((name, line)) = named::in_running(subject, text).or_else(|| myself::in_running(text)) {
            self.put(Field::ClientName, clean(name, LONGEST), Judged::Text, line);
        }
    }

    fn reach(&mut self, reach: Reach, [first, other, writers]: [Field; 3], is_torn: bool) {
        if self.packet.iter().any(|(_, found)| found.judged == reach.judged) {
            return;
        }
        let field = match reach.owner {
            Owner::Client | Owner::Also if is_torn => return,
            Owner::Client | Owner::Also if self.packet.get(first).is_none() => first,
            Owner::Also => other,
            Owner::Writer => writers,
            Owner::Client | Owner::Bystander | Owner::Unknown => return,
        };
        self.put(field, reach.value, reach.judged, reach.line);
    }

    fn sentence(&mut self, sentence: &str, place: usize) {
        let cues = LEXICON.hot.cues.within(sentence);
        if cues == 0 {
            return;
        }
        let folded = fold(sentence);
        let words = words(&folded);
        let says = |index: usize| {
            cues & (1 << index) != 0
                && CUES.get(index).is_some_and(|list| LEXICON.phrases(list).within(&words))
        };
        if says(LANGUAGE_CUE)
            && !is_of_another(sentence)
            && let Some((tag, _)) = judge::tongue_of(sentence)
        {
            self.put(
                Field::Language,
                clean(label::without_bullet(sentence), LONGEST),
                Judged::Language(tag),
                place,
            );
        }
        if self.only_language {
            return;
        }
        if says(URGENT) && !is_denied(&words) {
            self.put(Field::Urgency, clean(label::without_bullet(sentence), LONGEST), Judged::Text, place);
        }
    }

    /// Every date of a sentence whose words say what it is of.
    fn dates(&mut self, sentence: &str, place: usize) {
        if LEXICON.hot.cues.within(sentence) & DATED == 0 {
            return;
        }
        for part in judge::dated_parts(sentence, false, self.context) {
            let cues = LEXICON.hot.cues.within(part);
            let folded = fold(part);
            let words = words(&folded);
            let is_said = |kind: &Field| {
                let index = judge::KINDS.iter().position(|one| one == kind);
                index.is_some_and(|index| {
                    cues & (1 << index) != 0
                        && CUES.get(index).is_some_and(|list| LEXICON.phrases(list).within(&words))
                })
            };
            let count = if self.only_language { SUREST } else { ORDER.len() };
            let is_filing = is_said(&Field::FilingDeadline) && LEXICON.phrases("filing_first").within(&words);
            let first = if is_filing { Some(Field::FilingDeadline) } else { None };
            if let Some(kind) = first.or_else(|| ORDER.into_iter().take(count).find(is_said)) {
                self.date(kind, part, sentence, place);
            }
        }
    }

    fn date(&mut self, kind: Field, part: &str, sentence: &str, place: usize) {
        let style = if kind == Field::ClientDob { Style::Birth } else { Style::Deadline };
        let Some(dated) = judge::find_date(part, self.context, style) else {
            if style == Style::Deadline && judge::names_day_just_past(part, self.context) {
                self.undated.push((kind, clean(label::without_bullet(sentence), LONGEST), place));
            }
            return;
        };
        let time = dated.time.filter(|_| style == Style::Deadline);
        let judged = Judged::Date { date: dated.date, time, ambiguous: dated.ambiguous };
        self.put(kind, clean(label::without_bullet(sentence), LONGEST), judged, place);
    }

    /// Keeps the words of deadlines whose day a person must tell, where no other sentence told it.
    fn keep_undated(&mut self) -> bool {
        let mut undated = std::mem::take(&mut self.undated);
        undated.retain(|(kind, ..)| self.packet.get(*kind).is_none());
        let is_any = !undated.is_empty();
        for (kind, told, place) in undated {
            self.put(kind, told, Judged::Text, place);
        }
        is_any
    }

    /// Never over a value that is there already.
    fn put(&mut self, field: Field, value: String, judged: Judged, line: usize) {
        if value.is_empty() || self.packet.get(field).is_some() {
            return;
        }
        self.found = true;
        let place = if line == 0 { "subject".to_owned() } else { format!("text line {line}") };
        self.packet.put(field, Found { value, judged, confidence: Confidence::Low, place });
    }
}

/// "Abuser language: Greek".
fn is_of_another(sentence: &str) -> bool {
    let label = sentence.split_once(':').and_then(|(left, _)| label::exact(left)?.meaning);
    label.is_some_and(|meaning| matches!(meaning.whose, Whose::Opposing | Whose::Other))
}

/// "Not urgent", "no es urgente".
fn is_denied(words: &[&str]) -> bool {
    words.iter().any(|word| matches!(*word, "not" | "no" | "isnt" | "never"))
}

/// Sentences of a line: cut behind an exclamation mark or a semicolon, and behind a full stop or a question mark that a
/// space follows.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    let all = std::iter::from_fn(move || {
        let (sentence, after) = rest.split_at_checked(sentence_end(rest.as_bytes()))?;
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    });
    all.map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn sentence_end(bytes: &[u8]) -> usize {
    // "Dec. 14", "Rm. 204": a short word before the stop and a digit behind it are one thing.
    let is_short = |at: usize| {
        let word = bytes.get(..at).unwrap_or_default().rsplit(|byte| !byte.is_ascii_alphabetic()).next();
        word.is_some_and(|word| {
            (2..=4).contains(&word.len()) && word.first().is_some_and(u8::is_ascii_uppercase)
        })
    };
    let numbers = |at: usize| bytes.get(at + 2).is_some_and(u8::is_ascii_digit) && is_short(at);
    let followed = |at: &usize| bytes.get(at + 1) == Some(&b' ') && !numbers(*at);
    let mut from = 0;
    while let Some(rest) = bytes.get(from..) {
        let Some(at) = quick::find_any(rest, *b".!;?") else { break };
        let at = from + at;
        match bytes.get(at) {
            Some(b'!' | b';') => return at + 1,
            Some(_) if followed(&at) => return at + 2,
            Some(_) | None => from = at + 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::*;

    fn packet(text: &str) -> Packet {
        read(Source { text, ..Source::default() }, &context()).packets.pop().unwrap_or_default()
    }

    fn date(text: &str, field: Field) -> Option<String> {
        let Judged::Date { date, .. } = packet(text).get(field)?.judged else { return None };
        Some(date.to_string())
    }

    #[test]
    fn running_text_gives_contacts_dates_language_and_urgency() {
        let text = "Hi team,\nplease help Marisol, call 518-555-0142 or marisol@example.org. She speaks Haitian Creole.\nHearing on Dec 3 at 9. This is urgent!\nThanks, Jo";
        let packet = packet(text);
        assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"));
        assert_eq!(packet.client_email(), Some("marisol@example.org"));
        assert_eq!(packet.language(), Some("ht"));
        assert!(packet.get(Field::Urgency).is_some() && packet.get(Field::Reason).is_some());
        assert_eq!(date(text, Field::CourtDate).as_deref(), Some("2026-12-03"));
        assert!(packet.iter().all(|(_, found)| found.confidence == Confidence::Low));
        assert_eq!(date("Lockout tomorrow!", Field::LockoutDate).as_deref(), Some("2026-09-15"));
        assert_eq!(
            date("Tiene audiencia el 3 de diciembre a las 9", Field::CourtDate).as_deref(),
            Some("2026-12-03")
        );
        assert_eq!(date("La van a sacar mañana", Field::LockoutDate).as_deref(), Some("2026-09-15"));
    }

    #[test]
    fn running_text_never_says_anything_about_consent_or_safety() {
        let packet = packet("She consents, it is safe to call and to text 518-555-0142, voicemail is fine.");
        assert!(packet.get(Field::ClientPhone).is_some());
        assert!(packet.iter().all(|(field, _)| !crate::referral::safety::is_guarded(field)));
    }

    #[test]
    fn what_a_label_says_is_no_story_and_a_date_is_no_phone() {
        let court = packet("Court date: 2026-11-25 11:00");
        assert_eq!(court.iter().map(|(field, _)| field).collect::<Vec<_>>(), [Field::CourtDate]);
        let told = packet("Phone: 518-555-0142\n\nThe landlord changed her locks.\nHearing 12/03/2026 9 am.");
        assert_eq!(
            told.text(Field::Reason),
            Some("The landlord changed her locks. Hearing 12/03/2026 9 am.")
        );
        assert_eq!(told.text(Field::ClientPhone), Some("518-555-0142"));
        for text in ["seen 2026-11-25 11:30", "seen 11/25/2026 1100", "seen 25.11.2026 - 11.30"] {
            assert_eq!(packet(text).get(Field::ClientPhone), None, "{text}");
        }
        assert_eq!(packet("seen 11/25/2026 518-555-0142").text(Field::ClientPhone), Some("518-555-0142"));
    }

    #[test]
    fn a_language_alone_between_the_marks_of_a_line_is_the_clients() {
        for text in [
            "1) Ann Lee - 518-555-0142 - Spanish\n2) Bo Kim - 518-555-0143 - Haitian Creole\n",
            "Two new clients:\n- Ann Lee, 518-555-0142, Spanish\n- Bo Kim, 518-555-0143, Haitian Creole\n",
        ] {
            let packets = read(Source { text, ..Source::default() }, &context()).packets;
            let tongues: Vec<_> = packets.iter().map(Packet::language).collect();
            assert_eq!(tongues, [Some("es"), Some("ht")], "{text}");
        }
        assert_eq!(packet("Please call Ann Lee (518-555-0142, Spanish).").language(), Some("es"));
        assert_eq!(packet("Please call Ann English - 518-555-0142 - about her lease.").language(), None);
    }

    #[test]
    fn small_talk_is_no_packet() {
        for text in
            ["Thanks, see you on Tuesday!", "", "Got it.\nJo", "Here are the minutes of the meeting on 9/3."]
        {
            assert!(packet(text).is_empty(), "{text}");
        }
    }
}
