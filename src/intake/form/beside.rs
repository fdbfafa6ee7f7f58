//! Ways and answers below somebody whom no list of labels has: "Other adult" above "Email:", "Him: Axel Bode" above
//! "Phone:", or of two clients in one form. They may be that person's as well as the client's.

#[cfg(test)]
mod tests;

use super::blocks::{opens_a_way, opens_person};
use super::cell::is_explicit_client;
use super::entry::{Entry, Item};
use super::fold::{fold, words};
use super::judge::{only_agrees, opens_with_no, opens_with_yes};
use super::label::Label;
use super::lexicon::{LEXICON, Slot, Whose};
use super::people;
use super::slip::is_delicate;
use crate::referral::packet::Field;

/// Whether a way to reach the client, or a yes of theirs, stands in a block behind somebody else of whom the lists do not
/// know who they are: below a heading, or right behind a name.
pub(super) fn has_a_way_of_another(items: &[Item], owned: &[Whose], cut: (usize, usize)) -> bool {
    let block: Vec<(&Item, Whose)> =
        items.iter().zip(owned.iter().copied()).take(cut.1).skip(cut.0).collect();
    is_below_a_heading(&block) || is_behind_a_name(&block) || names_two(&block) || names_several(&block)
}

/// Whether the block calls its client by two names that have no word in common, under two labels: "Client name: Ana Vega"
/// and, below "Survivor", "Name: Bea Stone".
fn names_two(block: &[(&Item, Whose)]) -> bool {
    let entries = block.iter().filter(|(_, owner)| is_clients(*owner)).filter_map(|(item, _)| item.entry());
    let named = entries.filter(|entry| entry.is_a(Slot::Name) && person(&entry.value).is_some());
    let whose = |entry: &Entry| entry.label.meaning.map(|meaning| meaning.whose);
    // "Legal name" asks nobody else.
    let is_legal = |entry: &Entry| LEXICON.phrases("legal_names").is(&entry.label.key);
    let named = named.filter(|entry| whose(entry) != Some(Whose::Your) && !is_legal(entry));
    // "Client: Anita" and "Client full name: Ana Vega" are one.
    let called: Vec<(bool, String)> = named
        .take(MOST_NAMES)
        .map(|entry| (whose(entry) == Some(Whose::Plain), fold(&entry.value)))
        .collect();
    let is_other = |one: &(bool, String), other: &(bool, String)| {
        let other_words = words(&other.1);
        one.0 != other.0 && !words(&one.1).iter().any(|word| other_words.contains(word))
    };
    called.iter().enumerate().any(|(at, one)| called.iter().skip(at + 1).any(|other| is_other(one, other)))
}

/// Whether nothing says which of several people the client is: "Clients: Ana Vega and Bob Hines", or, where no label has the
/// client's name, "P1: Ana Vega" and "P2: Bob Hines".
fn names_several(block: &[(&Item, Whose)]) -> bool {
    let entries = || block.iter().filter_map(|(item, owner)| Some((item.entry()?, *owner)));
    let mut openers = entries().filter(|(entry, owner)| is_clients(*owner) && opens_person(entry)).peekable();
    if openers.peek().is_some() {
        return openers.take(MOST_NAMES).any(|(entry, _)| are_of_several(&whole_names(&entry.value)));
    }
    let is_unlisted = |entry: &&Entry| {
        let is_thing = LEXICON.phrases("things").within(&words(&entry.label.key));
        !is_thing && entry.label.meaning.is_none_or(|meaning| meaning.slot == Slot::Ignore)
    };
    let unlisted = entries().map(|(entry, _)| entry).filter(is_unlisted).take(MOST_NAMES);
    are_of_several(&unlisted.flat_map(|entry| whole_names(&entry.value)).collect::<Vec<_>>())
}

/// Whether two of these names, folded, have no word in common.
fn are_of_several(names: &[String]) -> bool {
    let is_other = |one: &str, other: &str| !words(one).iter().any(|word| words(other).contains(word));
    names.iter().enumerate().any(|(at, one)| names.iter().skip(at + 1).any(|other| is_other(one, other)))
}

/// The whole names in a value, folded: those of "Ana Vega and Bob Hines".
fn whole_names(value: &str) -> Vec<String> {
    let value = if value.len() <= LONGEST { value } else { "" };
    let joined = [" and ", " & ", " / ", " y ", "; ", " + "]
        .into_iter()
        .fold(value.to_owned(), |value, joint| value.replace(joint, "\n"));
    joined.lines().filter(|name| is_a_whole_name(name)).map(fold).collect()
}

/// So many names of one block are compared.
const MOST_NAMES: usize = 10;

/// "Other adult" below the client's own lines, and below it the first address or the first number: the client's own lines
/// had none. An address with something of the client's name in it tells that the lines are the client's still.
fn is_below_a_heading(block: &[(&Item, Whose)]) -> bool {
    let mut known = Known::default();
    let mut is_below = false;
    for (at, (item, owner)) in block.iter().enumerate() {
        match item {
            // "Tenant 2" above an address and no name, below the first tenant's lines.
            Item::Headed | Item::Another => {
                let below = block.get(at + 1..).unwrap_or_default();
                is_below = !known.names.is_empty() && !has_own_address(below, &known.names) && reaches(below);
            }
            Item::Section(whose) => is_below &= *whose == Whose::Plain,
            Item::Others => is_below = false,
            Item::SideBySide | Item::Unread => {}
            Item::Entry(entry) if is_clients(*owner) && opens_person(entry) => {
                is_below = false;
                known.names.extend(fold(&entry.value).split(' ').map(str::to_owned));
            }
            Item::Entry(entry) if is_below && (known.is_first(entry, *owner) || says_yes(entry)) => {
                return true;
            }
            Item::Entry(entry) => known.hear(entry, *owner),
        }
    }
    false
}

/// What stands below a heading, up to the next.
fn part<'b>(below: &'b [(&'b Item, Whose)]) -> impl Iterator<Item = &'b Entry> {
    let below = below.iter().take_while(|(item, _)| !matches!(item, Item::Headed | Item::Another));
    below.filter_map(|(item, _)| item.entry())
}

/// Whether somebody is named or a way to reach them stands there: answers alone are about the ways above.
fn reaches(below: &[(&Item, Whose)]) -> bool {
    part(below).any(|entry| is_plain(entry) && (is_email(entry) || entry.is_phone() || opens_person(entry)))
}

fn has_own_address(below: &[(&Item, Whose)], names: &[String]) -> bool {
    part(below).any(|entry| is_email(entry) && is_own(entry, names.iter().map(String::as_str)))
}

/// Whether an address has something of the client's name in it.
fn is_own<'n>(entry: &Entry, mut names: impl Iterator<Item = &'n str>) -> bool {
    let local = entry.value.split('@').next().unwrap_or_default().to_lowercase();
    names.any(|name| name.len() > 2 && local.contains(name))
}

/// What was told of the client above.
#[derive(Default)]
struct Known {
    /// The words of their names, folded.
    names: Vec<String>,
    phone: bool,
    email: bool,
}

impl Known {
    /// Whether it is a way of the client's of which none was told before.
    fn is_first(&self, entry: &Entry, owner: Whose) -> bool {
        is_clients(owner)
            && is_plain(entry)
            && (is_email(entry) && !self.email || entry.is_phone() && !self.phone)
    }

    fn hear(&mut self, entry: &Entry, owner: Whose) {
        self.email |= is_clients(owner) && is_email(entry);
        self.phone |= is_clients(owner) && entry.is_phone();
    }
}

/// A yes about consent or safety that does not say whose it is.
fn says_yes(entry: &Entry) -> bool {
    let is_delicate = entry.label.meaning.is_some_and(is_delicate);
    is_plain(entry) && is_delicate && (opens_a_way(entry) || only_agrees(&entry.value))
}

/// "Him: Axel Bode", and right behind it a number, or an address in which nothing is of the client's name.
fn is_behind_a_name(block: &[(&Item, Whose)]) -> bool {
    let opens = |(item, owner): &&(&Item, Whose)| {
        is_clients(*owner) && matches!(item, Item::Entry(entry) if opens_person(entry))
    };
    let called = block.iter().find(opens).and_then(|(item, _)| item.entry()).map(|entry| fold(&entry.value));
    let Some(called) = called else { return false };
    let mut other = None;
    for (item, owner) in block {
        let Item::Entry(entry) = item else {
            other = None;
            continue;
        };
        if is_clients(*owner) && (is_email(entry) || entry.is_phone()) {
            let is_own = is_email(entry) && is_own(entry, called.split(' '));
            let is_theirs = other == Some(Other::Person) || other.is_some() && is_email(entry);
            if is_theirs && is_plain(entry) && !is_own || is_called_anothers(entry, &called) {
                return true;
            }
        } else if let Some(named) = names_another(entry, &called) {
            other = Some(named);
        } else if is_explicit_client(&entry.label) {
            other = None;
        } else if other.is_some() && !may_be_beside_a_name(entry) {
            // What is asked of anybody may still stand between a person and their address: "Language: English".
            other = Some(Other::MayBe);
        }
    }
    false
}

/// "518-555-0199 (husband's)", "518-555-0199 (Bob's cell)".
fn is_called_anothers(entry: &Entry, called: &str) -> bool {
    let said = fold(&entry.value);
    let said: Vec<&str> = words(&said).into_iter().map(singular).collect();
    let owners = entry.value.split(|c: char| c.is_whitespace() || "()[],;".contains(c));
    let mut owners = owners.filter_map(|word| word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")));
    let is_clients = |name: &str| words(called).contains(&fold(name).as_str());
    let is_anothers = |name: &str| person(name).is_some() && !is_clients(name);
    entry.is_phone() && (LEXICON.phrases("kin").within(&said) || owners.any(is_anothers))
}

/// Whether a label that no list has names a person of another name. What it asks for may be a thing, "Building: Lincoln
/// Towers": a number below that is the client's, and an address is in doubt unless the label asks for a thing.
fn names_another(entry: &Entry, called: &str) -> Option<Other> {
    let may_name = |slot: Slot| matches!(slot, Slot::Ignore | Slot::Field(Field::Interpreter));
    let is_open = entry.label.meaning.is_none_or(|meaning| may_name(meaning.slot));
    if !is_open || !is_another(&fold(&entry.value), called) {
        return None;
    }
    if names_somebody(&entry.label, &entry.value) {
        return Some(Other::Person);
    }
    let name = person(&entry.value)?;
    let is_thing = LEXICON.phrases("things").within(&words(&entry.label.key));
    let is_unlisted = entry.label.meaning.is_none();
    (is_unlisted && !is_thing && people::name(name) == Some(name)).then_some(Other::MayBe)
}

/// Who is named beside the client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Other {
    /// A person, by the words of the label.
    Person,
    /// A person or a thing.
    MayBe,
}

/// Whether two names do not begin alike: "Ana Cruz" may be what Ana Vega was called before.
fn is_another(name: &str, called: &str) -> bool {
    name.split(' ').next() != called.split(' ').next()
}

/// Whether somebody is named: by a name of several words whatever the label asks for, or by what the label asks for.
pub(super) fn names_a_person(label: &Label, value: &str) -> bool {
    !whole_names(value).is_empty() || names_somebody(label, value)
}

/// Whether the words of a label may ask for somebody beside the client, and the value is a name. Most labels that no list
/// has ask for a thing: "Building: Lincoln Towers".
fn names_somebody(label: &Label, value: &str) -> bool {
    let asks = words(&label.key);
    let Some(last) = asks.last() else { return false };
    let is_thing = LEXICON.phrases("things").within(&asks);
    let is_kin = is_of_kin(last) && !is_thing;
    let is_one = LEXICON.phrases("somebody").is(last) && asks.len() <= SHORT && label.key != "other";
    if is_kin || is_one {
        return is_somebody(value);
    }
    let is_name = LEXICON.phrases("name_words").is(last);
    let may_ask = !is_thing && (is_name || LEXICON.phrases("somebody").within(&asks));
    // "Living arrangement: Shelter" is no person, and "Cosigner first name: Bob" is.
    may_ask && person(value).is_some_and(|name| is_name || name.contains(' '))
}

/// Whether a note in the label of a way to reach somebody says that it is another's.
pub(super) fn is_way_of_another(label: &Label, asked: &str) -> bool {
    let is_way = |slot| matches!(slot, Slot::Phone | Slot::PhoneOther | Slot::Email);
    let note = asked.split(['(', '[']).nth(1).unwrap_or_default();
    label.meaning.is_some_and(|meaning| is_way(meaning.slot)) && speaks_of_another(note)
}

/// Whether a text has a word for somebody beside the client.
pub(super) fn speaks_of_another(text: &str) -> bool {
    let folded = fold(text);
    let all = words(&folded);
    all.iter().any(|word| is_of_kin(word) || is_of_kin(singular(word)))
        || LEXICON.phrases("strangers").within(&all)
}

/// Whether a text ends with what somebody is to the client: "new boyfriend".
pub(super) fn is_a_relation(text: &str) -> bool {
    words(&fold(text)).last().is_some_and(|last| LEXICON.phrases("kin").is(last))
}

/// A word without the "s" of "husband's" or "brothers".
fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

fn is_of_kin(word: &str) -> bool {
    LEXICON.phrases("kin").is(word) || LEXICON.phrases("bystanders").is(word)
}

/// Whether a value, behind a label that asks for a person, says who that is: anything that is no answer.
fn is_somebody(value: &str) -> bool {
    let folded = fold(value);
    let said = words(&folded);
    let is_answer =
        opens_with_yes(value) || opens_with_no(value) || LEXICON.phrases("nobody").starts(&said) > 0;
    value.len() <= LONGEST
        && value.contains(char::is_alphabetic)
        && !is_answer
        && LEXICON.tongue(&said).is_none()
}

/// A label of so many words may ask for a person by one name.
const SHORT: usize = 3;

/// Whether a value is a name of several words, with a remark or without.
fn is_a_whole_name(value: &str) -> bool {
    bare(value).is_some_and(|name| name.contains(' ') && people::name(name) == Some(name))
}

/// The name that a value begins with, by the form of its words: "Bob Hines - violent", "Mr. Hines", "Hines, Bob", "Axel".
fn person(value: &str) -> Option<&str> {
    let bare = bare(value)?;
    let is_nobody = LEXICON.phrases("nobody").is(&fold(bare));
    let is_name = |word: &str| {
        let word = word.trim_end_matches('.');
        word.starts_with(char::is_uppercase)
            && word.chars().all(char::is_alphabetic)
            && (word.len() == 1 || !LEXICON.phrases("no_names").is(&fold(word)))
    };
    let is_called = (1..=MOST_WORDS).contains(&bare.split(' ').count()) && bare.split(' ').all(is_name);
    (!is_nobody && (people::name(bare) == Some(bare) || is_called)).then_some(bare)
}

/// The most words of a name that no other form tells.
const MOST_WORDS: usize = 3;

/// A value up to a remark.
fn bare(value: &str) -> Option<&str> {
    let ends = |c: char| matches!(c, '(' | ',' | ';' | '/') || c.is_ascii_digit();
    let bare = value.split(ends).next().unwrap_or_default();
    let bare = bare.split(" - ").next().unwrap_or_default().trim_end_matches([' ', '-']).trim();
    (!bare.is_empty() && value.len() <= LONGEST).then_some(bare)
}

/// The longest name with a remark behind it, in bytes.
const LONGEST: usize = 80;

/// What is written of a person between their name and their address.
fn may_be_beside_a_name(entry: &Entry) -> bool {
    let Some(meaning) = entry.label.meaning else { return true };
    match meaning.slot {
        Slot::Field(field) => matches!(field, Field::ClientDob | Field::GenderPronouns | Field::Relationship),
        slot => slot.is_of_person() && !slot.is_of_name() || slot == Slot::Ignore,
    }
}

const fn is_clients(owner: Whose) -> bool {
    matches!(owner, Whose::Client | Whose::Plain)
}

/// Whether its label does not say whose it is.
fn is_plain(entry: &Entry) -> bool {
    entry.label.meaning.is_some_and(|meaning| matches!(meaning.whose, Whose::Plain | Whose::Your))
}

fn is_email(entry: &Entry) -> bool {
    entry.is_a(Slot::Email) && entry.value.contains('@')
}
