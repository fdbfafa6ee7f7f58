//! A phone number that anybody calls another's, wherever they say it. Words are compared by what they stand for, so
//! that a phrase is heard of every relative; digits and what only says which number is meant are left out.

mod gate;

use std::sync::LazyLock;

use super::lines;
use crate::intake::any_of::AnyOf;
use crate::intake::form::fold::fold;
use crate::intake::plain::plain;
use crate::intake::quick::WordMap;

/// The words and the phrases; the file says what they are.
const FILE: &str = include_str!("../another-phone.txt");
/// A number is spoken of anywhere in a mail. So much of it is looked through, as much as is searched for warnings: of a
/// longer one nobody knows, and whoever may have another's phone is not called before somebody asked.
const ALL: usize = 256 * 1024;
/// A phone, or a number to call.
const PHONE: &str = "{phone}";
/// The end of a sentence: no word, and none of the phrases minds it.
const STOP: &str = ".";
/// The end of a part of a sentence.
const COMMA: &str = ",";
/// The end of a line before a capital: the next line of a form, or a name in the middle of a sentence.
const LINE: &str = "/";
/// "This", "that", "the".
const THAT: &str = "{that}";
/// Whose something is.
const WHOSE: &str = "{whose}";
/// Somebody who is not the client.
const PERSON: &str = "{person}";

/// The lists whose words stand for each other.
const CLASSES: [(&str, &str); 6] = [
    ("phone", PHONE),
    ("whose", WHOSE),
    ("person", PERSON),
    ("that", THAT),
    ("answers", "{answers}"),
    ("soft", "{soft}"),
];
const KIND: u16 = 1;
const BEHIND: u16 = 1 << 1;
const OF: u16 = 1 << 2;
const WHOM: u16 = 1 << 3;
const ADJECTIVE: u16 = 1 << 4;
const GAP: u16 = 1 << 5;
const VERB: u16 = 1 << 6;
const CASE: u16 = 1 << 7;
const SUBJECT: u16 = 1 << 8;
const GIVING: u16 = 1 << 9;
const FURTHER: u16 = 1 << 10;
const THING: u16 = 1 << 11;
const THEN: u16 = 1 << 12;
/// The other lists, each with its bit.
const LISTS: [(&str, u16); 13] = [
    ("kind", KIND),
    ("behind", BEHIND),
    ("of", OF),
    ("whom", WHOM),
    ("adjective", ADJECTIVE),
    ("gap", GAP),
    ("verb", VERB),
    ("case", CASE),
    ("subject", SUBJECT),
    ("giving", GIVING),
    ("further", FURTHER),
    ("thing", THING),
    ("then", THEN),
];

static WORDS: LazyLock<WordMap<Meaning>> = LazyLock::new(meanings);
static PHRASES: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::of(phrases()));
static HARMLESS: LazyLock<Vec<String>> = LazyLock::new(|| marked("- "));
static ENDED: LazyLock<Vec<String>> = LazyLock::new(|| marked(". "));

/// What a word is worth here.
#[derive(Clone, Copy, Default)]
struct Meaning {
    class: Option<&'static str>,
    lists: u16,
}

fn meanings() -> WordMap<Meaning> {
    let mut meanings = WordMap::<Meaning>::default();
    for (list, words) in lines(FILE).filter_map(|line| line.split_once(" = ")) {
        let class = CLASSES.iter().find(|(name, _)| *name == list).map(|(_, class)| *class);
        let bit = LISTS.iter().find(|(name, _)| *name == list).map_or(0, |(_, bit)| *bit);
        for word in words.split(' ') {
            let mut add = |word: String| {
                let meaning = meanings.entry(word).or_default();
                meaning.class = meaning.class.or(class);
                meaning.lists |= bit;
            };
            add(word.to_owned());
            if matches!(class, Some(PHONE | PERSON)) {
                add(format!("{word}s"));
            }
        }
    }
    meanings
}

fn phrases() -> impl Iterator<Item = String> {
    let phrases = lines(FILE).filter(|line| !line.starts_with("- ") && !line.contains(" = "));
    phrases.map(|line| match line.strip_prefix('~') {
        Some(anywhere) => anywhere.to_owned(),
        None => spoken(line.trim_start_matches(". ")),
    })
}

/// The phrases whose lines begin with a mark.
fn marked(mark: &'static str) -> Vec<String> {
    lines(FILE).filter_map(|line| line.strip_prefix(mark)).map(spoken).collect()
}

/// A phrase in the words that are looked for.
fn spoken(phrase: &str) -> String {
    Said::of(phrase).text().0
}

/// Whether anybody says that a phone number is not the client's, or that another answers it.
#[must_use]
pub fn calls_number_wrong(own: &str) -> bool {
    let own = plain(own);
    if own.len() > ALL {
        return true;
    }
    if !is_run_together(&own) && !gate::may_hold(&own) {
        return false;
    }
    let own = parted(&own);
    let said = Said::of(&own);
    let (text, starts) = said.text();
    PHRASES.stands(&text, |start, end| {
        let is_known = |harmless: &String| spans(harmless, &text, start, end);
        !said.is_harmless(&text, &starts, start, end) && !HARMLESS.iter().any(is_known)
    })
}

/// Whether a stop ends a word that a mark without a space behind it joins to the next: "is wrong.'Call me".
fn is_run_together(own: &str) -> bool {
    let mut stops = own.match_indices('.').filter_map(|(at, stop)| own.get(at + stop.len()..));
    stops.any(|behind| behind.starts_with(['.', '\'', '’', '‘', '`', '´']))
}

/// What is looked through: folded, with a sign for the beginning, one for the end, and one for each stop.
fn parted(own: &str) -> String {
    let mut parted = String::from(" ^ ");
    let mut from = 0;
    for (at, mark) in own.match_indices(['.', '!', '?', ',', ';', '\n']) {
        let behind = at + mark.len();
        if let Some(stop) = stop(mark, own.get(behind..).unwrap_or_default()) {
            parted.extend([&*fold(own.get(from..at).unwrap_or_default()), " ", stop, " "]);
            from = behind;
        }
    }
    parted + &fold(own.get(from..).unwrap_or_default()) + " $"
}

/// What a mark ends. A dot within a word is a part of it, and only a blank line ends what is said: a long line may be
/// broken anywhere.
fn stop(mark: &str, behind: &str) -> Option<&'static str> {
    let next = behind.trim_start_matches([' ', '\t', '\r']);
    match mark {
        "." => (!behind.starts_with(char::is_alphanumeric)).then_some(STOP),
        "\n" if next.starts_with('\n') => Some(STOP),
        // "The number" on one line, and "I gave you is wrong" on the next.
        "\n" => (next.starts_with(char::is_uppercase) && !next.starts_with("I ")).then_some(LINE),
        "," => Some(COMMA),
        _ => Some(STOP),
    }
}

/// Whether the last of digits in a row are such as end a number to call: "555-0142", "5550142" or all ten at once,
/// where a case is "2026-000123".
fn is_dialled(last: &str) -> bool {
    let ten = last.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(last).as_bytes();
    let is_area = |at: usize| ten.get(at).is_some_and(|digit| *digit > b'1');
    matches!(last.len(), 4 | 7) || ten.len() == 10 && is_area(0) && is_area(3)
}

/// Whether a harmless phrase stands around a place of a text.
fn spans(harmless: &str, text: &str, start: usize, end: usize) -> bool {
    let hit = text.get(start..end).unwrap_or_default().trim();
    let inside = harmless.find(hit).zip(text.get(..end).and_then(|text| text.rfind(hit)));
    let around = inside.and_then(|(offset, at)| text.get(at.checked_sub(offset)?..));
    around.is_some_and(|around| around.starts_with(harmless.trim_end()))
}

/// A word, by what it stands for and as it was.
#[derive(Clone, Copy)]
struct Word<'t> {
    stands_for: &'t str,
    /// Empty for a number in digits that is one to call, whatever stands before it.
    own: &'t str,
    lists: u16,
    /// Whether a stop stands before it, be it a comma.
    opens: bool,
    /// Whether it begins a sentence or a line of a form.
    begins: bool,
}

impl<'t> Word<'t> {
    fn of(stands_for: &'t str, own: &'t str, lists: u16) -> Word<'t> {
        Word { stands_for, own, lists, opens: false, begins: false }
    }

    fn is_number(&self) -> bool {
        matches!(self.own, "number" | "numbers" | "numero" | "numeros")
    }

    fn is_whose(&self) -> bool {
        self.lists & WHOM != 0 || self.stands_for == PERSON
    }

    fn is(&self, list: u16) -> bool {
        self.lists & list != 0
    }

    /// "Husband's", and not "husband".
    fn is_owner(&self) -> bool {
        self.stands_for == PERSON && self.own.ends_with('s')
    }
}

/// The words of a text that say something of a number.
#[derive(Default)]
struct Said<'t> {
    words: Vec<Word<'t>>,
    /// Behind the last phone, as long as nothing follows that says more than which one is meant.
    behind_phone: Option<usize>,
    /// So many digits stand in a row, and these are the last of their runs.
    digits: (usize, &'t str),
    /// Whether a stop stands behind the last word.
    stop: bool,
    /// The last sign behind the last word that is looked at for what it says of a number before it.
    mark: Option<&'static str>,
}

impl<'t> Said<'t> {
    fn of(folded: &'t str) -> Said<'t> {
        let mut said = Said::default();
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            if let Some(mark) = [STOP, COMMA, LINE].into_iter().find(|mark| *mark == word) {
                said.add_mark(mark);
            } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
                said.digits = (said.digits.0 + word.len(), word);
            } else {
                said.end_digits();
                said.add(word);
            }
        }
        said.end_digits();
        said
    }

    /// So many digits in a row are a number to call; others, and those behind a word for it, are left out.
    fn end_digits(&mut self) {
        let (all, last) = std::mem::take(&mut self.digits);
        if (10..=13).contains(&all) && last.len() >= 4 {
            self.push(Word::of(PHONE, if is_dialled(last) { "" } else { "number" }, 0));
        }
    }

    /// A number to call may hold stops, "617. 555. 0142", but not behind its end.
    fn add_mark(&mut self, mark: &'static str) {
        if self.digits.0 > 7 || self.digits.1.len() > 3 {
            self.end_digits();
        }
        self.stop |= mark != LINE;
        // Of several signs in a row the strongest counts.
        self.mark = self.mark.filter(|before| *before != COMMA).or(Some(mark));
    }

    fn add(&mut self, own: &'t str) {
        let meaning = WORDS.get(own).copied().unwrap_or_default();
        let mut word = Word::of(meaning.class.unwrap_or(own), own, meaning.lists);
        let mark = self.mark.take();
        word.begins = mark.is_some_and(|mark| mark != COMMA);
        if word.stands_for == PERSON {
            while self.words.pop_if(|before| before.is(ADJECTIVE)).is_some() {}
        } else if word.stands_for == PHONE {
            self.name_whose();
        } else if self.last() == Some(PERSON) && matches!(own, "in" | "law" | "laws") {
            return;
        }
        if let Some(behind) = self.behind_phone.take() {
            let is_said_of_it =
                self.words.get(behind..).and_then(<[_]>::last).is_none_or(|last| !last.is(SUBJECT));
            if word.is(VERB) && is_said_of_it {
                self.words.truncate(behind);
            }
            self.behind_phone =
                Some(behind).filter(|_| !word.is(VERB) && self.still_tells_which(&word, mark));
        }
        self.push(word);
    }

    /// Whether a word behind a number says no more than which one is meant: "the number on the form", "the number,
    /// which she gave us". What stands behind a stop says something else, and so does "he is", "the email is".
    fn still_tells_which(&self, word: &Word<'_>, mark: Option<&str>) -> bool {
        let is_on = |before: &Word<'_>| matches!(before.own, "on" | "in" | "en");
        let goes_on = match mark {
            None => word.is(GAP),
            Some(COMMA) => word.is(FURTHER),
            Some(_) => false,
        };
        let mut before = self.words.iter().rev();
        goes_on
            && (word.is(GIVING) || self.words.last().is_none_or(|last| !last.is(SUBJECT)))
            && (!word.is(THING) || before.by_ref().take(2).any(is_on))
    }

    /// "Cell phone number" is one phone, and "mother's boyfriend" one person.
    fn push(&mut self, word: Word<'t>) {
        let is_again = matches!(word.stands_for, PHONE | PERSON) && self.last() == Some(word.stands_for);
        match self.words.last_mut().filter(|_| is_again) {
            Some(last) if word.stands_for == PERSON || word.own.is_empty() => last.own = word.own,
            Some(_) => {}
            None => self.words.push(Word { opens: std::mem::take(&mut self.stop), ..word }),
        }
        if word.stands_for == PHONE {
            self.mark = None;
            self.behind_phone = Some(self.words.len());
        }
    }

    fn last(&self) -> Option<&'t str> {
        self.words.last().map(|last| last.stands_for)
    }

    /// Of "not Ana's number", "not Ana Vega's phone" the name says whose.
    fn name_whose(&mut self) {
        let is_not = |word: &Word<'_>| matches!(word.own, "not" | "isnt");
        let is_free =
            |word: &Word<'_>| word.stands_for == word.own && !matches!(word.own, "a" | "an" | "our" | "your");
        let is_possessive = |own: &str| {
            own.len() > 3 && own.ends_with('s') && !own.ends_with("ss") && !matches!(own, "always" | "does")
        };
        let size = match self.words.as_slice() {
            [.., not, name] if is_not(not) && is_free(name) && is_possessive(name.own) => 1,
            [.., not, first, name]
                if is_not(not) && is_free(first) && is_free(name) && is_possessive(name.own) =>
            {
                2
            }
            _ => return,
        };
        self.words.truncate(self.words.len().saturating_sub(size));
        self.words.push(Word::of(WHOSE, "", 0));
    }

    /// The words in a row with a space around each, and where each begins.
    fn text(&self) -> (String, Vec<usize>) {
        let mut text = String::with_capacity(self.words.len() * 7);
        let mut starts = Vec::with_capacity(self.words.len());
        for word in &self.words {
            starts.push(text.len());
            text.extend([" ", word.stands_for]);
        }
        text.push(' ');
        (text, starts)
    }

    /// Whether what is said at a place of the text is said of something else: a case number, a number of bedrooms.
    fn is_harmless(&self, text: &str, starts: &[usize], start: usize, end: usize) -> bool {
        let Ok(first) = starts.binary_search(&start) else { return false };
        let after = starts.partition_point(|at| at + 1 < end);
        let whole = text.get(start..end).unwrap_or_default();
        let hit = whole.trim_end();
        let next = self.words.get(after);
        let behind = next.filter(|word| !word.opens).map_or(0, |word| word.lists);
        let goes_on = |next: &Word<'_>| !next.opens && !next.begins && next.own != "$" && !next.is(THEN);
        self.is_of_person(hit, first, after)
            || self.is_counted(first)
            || behind & OF != 0 && self.is_of_things(after)
            || hit.ends_with(PHONE) && behind & BEHIND != 0
            || hit.ends_with(" another") && behind & CASE != 0
            || next.is_some_and(goes_on) && ENDED.iter().any(|ended| ended == whole)
    }

    /// Whether a person is spoken of and not what is theirs: "her husband, phone unknown" and not "her husband's
    /// phone", "617-555-0142. Is her husband in jail?" and not "617-555-0142. It is her husband's."
    fn is_of_person(&self, hit: &str, first: usize, after: usize) -> bool {
        const OWNED: [&str; 3] =
            [" {whose} {person} {phone}", " {that} {person} {phone}", " a {person} {phone}"];
        const POINTS: [&str; 4] = [THAT, "it", "its", "thats"];
        let last = |back| after.checked_sub(back).and_then(|at| self.words.get(at));
        let is_nobodys = |person: Option<&Word<'_>>| person.is_some_and(|word| !word.is_owner());
        let is_apart = |next: &Word<'_>| next.begins || POINTS.contains(&next.stands_for);
        let opens = hit.starts_with(" {phone} ") && self.words.get(first + 1).is_some_and(is_apart);
        OWNED.iter().any(|end| hit.ends_with(end)) && is_nobodys(last(2))
            || opens && hit.ends_with(" {person}") && is_nobodys(last(1))
    }

    /// Whether the number a phrase begins with is one of those that nobody calls. Behind a stop it is only if that
    /// shortens the word: "apt. number".
    fn is_counted(&self, first: usize) -> bool {
        let before = first.checked_sub(1).and_then(|before| self.words.get(before));
        self.words.get(first).zip(before).is_some_and(|(word, before)| {
            word.is_number() && before.is(KIND) && (!word.opens || before.own == "apt")
        })
    }

    /// Whether a phrase before this place ends with a number of things, "wrong number of bedrooms", and not of a
    /// phone. What says more than "number" is said of one: "the number is not hers of late".
    fn is_of_things(&self, after: usize) -> bool {
        let is_whose = |at: usize| self.words.get(at).is_some_and(Word::is_whose);
        let is_phone = self.words.get(after + 1).is_some_and(|word| word.stands_for == PHONE);
        let is_number =
            after.checked_sub(1).and_then(|last| self.words.get(last)).is_some_and(Word::is_number);
        is_number && !is_phone && !is_whose(after + 1) && !is_whose(after + 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: &str = include_str!("../another-phone-samples.txt");

    fn samples(heard: &str) -> impl Iterator<Item = String> {
        let prefix = format!("{heard} ");
        lines(SAMPLES)
            .filter_map(move |line| line.strip_prefix(&*prefix))
            .map(|line| line.replace("\\n", "\n"))
    }

    #[test]
    fn a_number_that_is_called_anothers_is_heard() {
        assert_eq!(
            samples("yes").filter(|text| !calls_number_wrong(text)).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
        assert!(samples("yes").count() > 50);
    }

    #[test]
    fn a_number_that_nobody_calls_and_one_that_is_hers_take_no_phone_away() {
        assert_eq!(
            samples("no").filter(|text| calls_number_wrong(text)).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
        assert!(samples("no").count() > 30);
    }

    #[test]
    fn every_phrase_is_folded_and_heard_by_itself() {
        for line in lines(FILE).filter(|line| !line.contains(" = ")) {
            let phrase = line.trim_start_matches(['~', '-', '.', ' ']);
            let words = phrase.split(' ').filter(|word| !word.starts_with('{'));
            for word in words {
                assert_eq!(fold(&plain(word)), word, "{line}");
            }
        }
        for phrase in phrases() {
            assert!(!phrase.trim().is_empty() && PHRASES.is_in(&phrase), "{phrase}");
        }
    }

    #[test]
    fn a_text_full_of_harmless_numbers_is_looked_through_once() {
        let text = "wrong number of bedrooms, 617-555-0142 case number is wrong. ".repeat(2_000);
        assert!(!calls_number_wrong(&text));
        assert!(calls_number_wrong(&format!("{text} wrong number for her")));
    }

    #[test]
    fn what_is_too_long_to_be_looked_through_is_in_doubt() {
        let text = "She lives there. ".repeat(ALL / 17);
        assert!(!calls_number_wrong(&text));
        assert!(calls_number_wrong(&format!("{text} She lives there.")));
    }
}
