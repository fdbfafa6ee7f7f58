//! Conflicts of interest: whether somebody on the other side is somebody we help (requirement 50).
//!
//! Names are compared as their words: without order, case, accents, titles and initials, and never fewer than two. What
//! is compared outside this room are keyed digests of these forms. A match proves nothing; a person looks.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::fold::{self, fold};
use super::packet::{Field, Packet};
use super::reference::Reference;

/// More words are no name.
const MOST_WORDS: usize = 6;
/// More forms of one value are not kept.
const MOST_FORMS: usize = 40;

/// How the conflict check of a referral stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Conflict {
    /// What is known.
    pub state: ConflictState,
    /// By when somebody must have looked; `None` when nobody must (any more).
    pub clock: Option<Clock>,
    /// The referrals in which a name of this one stands: each is told once.
    pub with: Vec<Reference>,
}

/// What is known about a conflict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictState {
    /// There is no other side, and no name stands in another referral.
    #[default]
    NotApplicable,
    /// There is another side, and nobody has looked yet.
    ToCheck,
    /// A name stands in another referral; or a person found a conflict.
    Hit,
    /// A person looked: there is none.
    Clear,
}

impl ConflictState {
    /// The words in letters to staff and JSON.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            ConflictState::NotApplicable => "not applicable",
            ConflictState::ToCheck => "to check",
            ConflictState::Hit => "hit",
            ConflictState::Clear => "clear",
        }
    }

    /// Whether the referral may be accepted as far as this goes.
    #[must_use]
    pub const fn may_accept(self) -> bool {
        match self {
            ConflictState::NotApplicable | ConflictState::Clear => true,
            ConflictState::ToCheck | ConflictState::Hit => false,
        }
    }
}

/// What staff says a check came to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// There is none.
    Clear,
    /// There is no other side.
    NotApplicable,
    /// There is one.
    Found {
        /// What was found, sealed in the record.
        words: String,
    },
}

/// Whether a packet names another side: anything but "none".
#[must_use]
pub fn names_another_side(packet: &Packet) -> bool {
    const NOBODY: [&str; 12] = [
        "",
        "none",
        "no",
        "na",
        "n a",
        "nobody",
        "no one",
        "not applicable",
        "no aplica",
        "ninguno",
        "ninguna",
        "nadie",
    ];
    packet.text(Field::OpposingParty).is_some_and(|text| {
        let words = fold::words(&fold::front(text));
        !NOBODY.contains(&words.join(" ").as_str())
    })
}

/// The forms of the client's name.
#[must_use]
pub fn client_forms(packet: &Packet) -> Vec<String> {
    packet.text(Field::ClientName).map(forms).unwrap_or_default()
}

/// The forms of the names on the other side.
#[must_use]
pub fn opposing_forms(packet: &Packet) -> Vec<String> {
    if names_another_side(packet) {
        packet.text(Field::OpposingParty).map(forms).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// The forms in which the names of a text are compared: all words of a name, sorted; of a name with more than two also
/// its first word with each other, as middle names and second surnames come and go.
#[must_use]
pub fn forms(text: &str) -> Vec<String> {
    let text = fold::front(text);
    let mut forms = BTreeSet::new();
    for part in text.split([';', '/', '|', '&', '(', ')', '\n', ':']) {
        for name in names_of(part) {
            forms.extend(forms_of(&name));
        }
    }
    forms.into_iter().take(MOST_FORMS).collect()
}

/// The names between commas, and, as "Smith, John" is one name, also both sides of a comma together.
fn names_of(part: &str) -> Vec<Vec<String>> {
    let pieces: Vec<&str> = part.split(',').collect();
    let mut names: Vec<Vec<String>> = pieces.iter().flat_map(|piece| names_between_words(piece)).collect();
    for (last, first) in pieces.iter().zip(pieces.iter().skip(1)) {
        let (last, first) = (words(last), words(first));
        if last.len() == 1 || first.len() == 1 {
            names.push(first.into_iter().chain(last).collect());
        }
    }
    names
}

/// "Juan Diaz and Pedro Soto" are two.
fn names_between_words(piece: &str) -> Vec<Vec<String>> {
    const BETWEEN: [&str; 8] = ["and", "y", "e", "or", "o", "vs", "versus", "aka"];
    let mut names = vec![Vec::new()];
    for word in split(piece) {
        if BETWEEN.contains(&word.as_str()) {
            names.push(Vec::new());
        } else if let Some(name) = names.last_mut().filter(|_| says_a_name(&word)) {
            name.push(word);
        }
    }
    names
}

fn words(piece: &str) -> Vec<String> {
    split(piece).filter(|word| says_a_name(word)).collect()
}

/// The words of a piece, folded; an apostrophe parts nothing.
fn split(piece: &str) -> impl Iterator<Item = String> {
    let written: String =
        piece.chars().filter(|c| !matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '.')).collect();
    let folded = fold(&written);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// An initial, a title, a form of company or a part somebody plays is no part of a name.
fn says_a_name(word: &str) -> bool {
    const OTHER: [&str; 52] = [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "jr",
        "sr",
        "ii",
        "iii",
        "sra",
        "don",
        "dona",
        "the",
        "her",
        "his",
        "their",
        "my",
        "of",
        "la",
        "el",
        "su",
        "ex",
        "former",
        "husband",
        "wife",
        "spouse",
        "partner",
        "boyfriend",
        "girlfriend",
        "landlord",
        "landlady",
        "owner",
        "manager",
        "employer",
        "father",
        "mother",
        "brother",
        "sister",
        "esposo",
        "esposa",
        "marido",
        "pareja",
        "novio",
        "novia",
        "dueno",
        "padre",
        "madre",
        "llc",
        "inc",
        "corp",
        "co",
        "ltd",
    ];
    word.chars().count() > 1 && !OTHER.contains(&word)
}

fn forms_of(name: &[String]) -> Vec<String> {
    // A name in characters that stand for words is written without spaces.
    if let [one] = name
        && one.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
    {
        return vec![one.clone()];
    }
    let sorted = |words: &[&String]| {
        let distinct: BTreeSet<&str> = words.iter().map(|word| word.as_str()).collect();
        (distinct.len() >= 2).then(|| distinct.into_iter().collect::<Vec<_>>().join(" "))
    };
    let all: Vec<&String> = name.iter().take(MOST_WORDS).collect();
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let pairs = others.iter().filter(|_| all.len() > 2).filter_map(|other| sorted(&[first, other]));
    sorted(&all).into_iter().chain(pairs).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meet(one: &str, other: &str) -> bool {
        let others = forms(other);
        forms(one).iter().any(|form| others.contains(form))
    }

    #[test]
    fn the_same_name_is_found_however_it_is_written() {
        for (one, other) in [
            ("John Smith", "SMITH, John"),
            ("John Smith", "john q. smith"),
            ("John Smith", "her husband John Smith"),
            ("John Smith", "landlord: Mr. John Smith (owner)"),
            ("John Smith", "Acme Rentals LLC / John Smith"),
            ("John Smith", "Pedro Soto and John Smith"),
            ("José Núñez", "Jose Nunez"),
            ("Jose\u{301} Nu\u{301}n\u{303}ez", "JOSÉ NÚÑEZ"),
            ("José García López", "José García"),
            ("José García López", "Lopez, Jose"),
            ("Ana-María López", "Ana Maria Lopez"),
            ("Sinéad O'Brien", "Sinead O\u{2019}BRIEN"),
            ("Nguyễn Văn Đức", "Nguyen Van Duc"),
            ("Łukasz Dąbrowski", "Lukasz Dabrowski"),
            ("王小明", "王小明"),
            ("Acme Rentals", "Acme Rentals, Inc."),
            ("Juan Diaz", "Pedro Soto y Juan Diaz"),
        ] {
            assert!(meet(one, other), "{one} | {other}: {:?} {:?}", forms(one), forms(other));
            assert!(meet(other, one), "{other} | {one}");
        }
    }

    #[test]
    fn another_name_is_another_person() {
        for (one, other) in [
            ("John Smith", "Jane Smith"),
            ("John Smith", "John"),
            ("Smith", "Smith"),
            ("John Smith", "John Doe, Mary Smith"),
            ("John Smith", "the landlord"),
            ("José García López", "María García López"),
            ("", ""),
            ("none", "none"),
            ("Ana Ana", "Ana Ana"),
        ] {
            assert!(!meet(one, other), "{one} | {other}: {:?} {:?}", forms(one), forms(other));
        }
    }

    #[test]
    fn none_is_no_other_side() {
        let packet = |value: &str| {
            let mut packet = Packet::default();
            let found = super::super::packet::Found {
                value: value.to_owned(),
                judged: super::super::packet::Judged::Text,
                confidence: super::super::packet::Confidence::High,
                place: String::new(),
            };
            packet.put(Field::OpposingParty, found);
            packet
        };
        for nobody in ["none", "None.", "N/A", "n/a", "-", "No", "Ninguno", "not applicable", "no one"] {
            assert!(!names_another_side(&packet(nobody)), "{nobody}");
        }
        for somebody in ["John Smith", "unknown", "her husband", "No\u{e9} Diaz", "Nobody's Rentals LLC"] {
            assert!(names_another_side(&packet(somebody)), "{somebody}");
        }
        assert!(!names_another_side(&Packet::default()));
    }

    proptest! {
        #[test]
        fn the_order_and_case_of_the_words_do_not_matter(
            words in prop::collection::vec("[b-d]{2}[a-z]{2,6}x", 2..6),
            seed in any::<u64>(),
        ) {
            let mut other = words.clone();
            let places = other.len() as u64;
            for place in 0..other.len() {
                other.swap(place, usize::try_from((seed >> place) % places).unwrap());
            }
            let one = words.join(" ");
            let other = other.join(" ").to_uppercase();
            let distinct: BTreeSet<&String> = words.iter().collect();
            prop_assert_eq!(meet(&one, &other), distinct.len() > 1);
        }

        #[test]
        fn no_text_is_too_odd_and_no_form_has_one_latin_word(text in ".{0,700}") {
            let forms = forms(&text);
            prop_assert!(forms.len() <= MOST_FORMS);
            prop_assert!(forms.iter().all(|form| form.contains(' ') || !form.is_ascii()));
        }
    }
}
