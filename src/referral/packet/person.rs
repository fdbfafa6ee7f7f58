//! Whether two packets are about one person.

mod spelling;

use chrono::NaiveDate;

use spelling::is_slip;

use super::super::fold;
use super::{Field, Judged, Packet};

/// The form of a name by which a person is looked up: every folded word, sorted, so that "LEE, Ann" and "Ann Lée" are
/// one name. Initials stay: twins may differ in nothing else.
#[must_use]
pub fn name_form(name: &str) -> String {
    let mut words: Vec<String> = written_words(name).map(folded).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The words of a name as written. Only white space and ASCII punctuation part them: a mark of an Indic script belongs
/// to its word, as does an apostrophe.
fn written_words(name: &str) -> impl Iterator<Item = &str> {
    let parts = |c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '\'');
    name.split(parts).filter(|word| !word.is_empty())
}

fn folded(word: &str) -> String {
    fold::fold(word).replace(['\'', '’'], "")
}

/// What tells one person from another, taken from a packet once.
pub struct Person {
    words: Vec<String>,
    initials: Vec<String>,
    phones: Vec<String>,
    email: Option<String>,
    born: Option<NaiveDate>,
    /// A phone or an address is given, whether it can be read or not.
    has_way: bool,
    /// The matter and the home, as compared.
    about: [Option<String>; 2],
    /// The words of whoever is on the other side.
    against: Vec<String>,
}

impl Person {
    /// What a packet says of it.
    #[must_use]
    pub fn of(packet: &Packet) -> Person {
        let (words, initials) = packet.text(Field::ClientName).map(parted).unwrap_or_default();
        let phones = phones(packet);
        let email = packet.client_email().map(str::to_owned);
        let ways = [Field::ClientPhone, Field::ClientPhoneOther, Field::ClientEmail];
        let has_way = ways.into_iter().any(|way| packet.get(way).is_some());
        let about = [Field::Service, Field::ClientAddress].map(|field| packet.text(field).map(name_form));
        let against = packet.text(Field::OpposingParty).unwrap_or_default();
        let against = without_own(written_words(against).map(folded).collect(), &words);
        Person { words, initials, phones, email, born: born(packet), has_way, about, against }
    }

    /// Whether these words, folded, have one of the name in them that is not of another person's as well.
    #[must_use]
    pub fn is_named_among(&self, words: &[&str], but: &Person) -> bool {
        let mut own = self.words.iter().filter(|word| word.len() > 2 && !but.words.contains(word));
        // "Tom's" is folded to "toms".
        let is_it =
            |said: &&str, word: &String| *said == word || said.strip_suffix('s') == Some(word.as_str());
        own.any(|word| words.iter().any(|said| is_it(said, word)))
    }

    /// A phone, an address, or a name with a birth date in common, and nothing that speaks against it: two people of
    /// one household have one phone. That is enough within one mail, whose text and file say the same.
    #[must_use]
    pub fn is_same(&self, other: &Person) -> bool {
        let is_born_alike = self.born.is_some() && self.born == other.born;
        let is_known =
            self.shares_a_way(other) || (is_born_alike && !self.words.is_empty() && !other.words.is_empty());
        is_known && !self.is_apart(other)
    }

    /// Both have one name, or one day of birth, and nothing speaks against it. Without either nobody knows who it is: the
    /// phone of a shelter is that of everybody there.
    #[must_use]
    pub fn is_agreed(&self, other: &Person) -> bool {
        let are_named = !self.words.is_empty() && !other.words.is_empty();
        let are_dated = self.born.is_some() && other.born.is_some();
        (are_named || are_dated) && !self.is_apart(other)
    }

    /// One name but for a slip of the pen in one word of it, and a phone or an address in common: a card and a form of
    /// one mail are seldom spelt by one hand. That is enough within one mail only, and never where they have two
    /// addresses, or somebody on the other side has a word of the name.
    #[must_use]
    pub fn is_misspelt(&self, other: &Person) -> bool {
        let left = |some: &[String], all: &[String]| -> Vec<String> {
            some.iter().filter(|word| !all.contains(word)).cloned().collect()
        };
        let left = (left(&self.words, &other.words), left(&other.words, &self.words));
        let is_one_slip = matches!((&*left.0, &*left.1), ([one], [other]) if is_slip(one, other));
        let mut against = self.against.iter().chain(&other.against);
        is_one_slip
            && self.words.len() > 1
            && self.words.len() == other.words.len()
            && self.shares_a_way(other)
            && !differ(self.email.as_ref(), other.email.as_ref())
            && !against.any(|word| self.words.contains(word) || other.words.contains(word))
            && !self.is_initialled_apart(other)
            && !self.is_born_apart(other)
    }

    /// Both have one name of several words, and nothing speaks against it: not two ways to reach them, two matters or
    /// two homes. That is enough within one mail, where nobody else has it.
    #[must_use]
    pub fn is_namesake(&self, other: &Person) -> bool {
        let ([matter, home], [matter_too, home_too]) = (&self.about, &other.about);
        let are_two_matters = are_two(matter.as_ref(), matter_too.as_ref(), &[is_long])
            || are_two(home.as_ref(), home_too.as_ref(), &[has_digit, is_long]);
        let are_both_reached = self.has_way && other.has_way;
        let are_sides = self.is_against(other) || other.is_against(self);
        self.is_called_alike(other) && !(are_both_reached || are_two_matters || are_sides)
    }

    /// Both have one name of several words and no two days of birth; they may still be two.
    #[must_use]
    pub fn is_called_alike(&self, other: &Person) -> bool {
        self.words.len() > 1 && self.words == other.words && !self.is_apart(other)
    }

    /// The other one's name stands on its other side.
    #[must_use]
    pub fn is_against(&self, other: &Person) -> bool {
        other.is_named() && other.words.iter().all(|word| self.against.contains(word))
    }

    /// It has a name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.words.is_empty()
    }

    /// It has a phone or an address.
    #[must_use]
    pub fn can_be_reached(&self) -> bool {
        !self.phones.is_empty() || self.email.is_some()
    }

    /// Whether a warning about the one may be about the other: they have a way to reach them in common, or one name is
    /// the other or a part of it, or one has no name. Two without a name are told apart by how they are reached.
    #[must_use]
    pub fn may_be(&self, other: &Person) -> bool {
        let may_be = if self.is_named() || other.is_named() {
            self.may_be_called(other)
        } else {
            !self.can_be_reached() || !other.can_be_reached()
        };
        may_be || self.shares_a_way(other)
    }

    /// One name is the other or a part of it, or one has no name.
    #[must_use]
    pub fn may_be_called(&self, other: &Person) -> bool {
        let is_part = |some: &[String], all: &[String]| some.iter().all(|word| all.contains(word));
        is_part(&self.words, &other.words) || is_part(&other.words, &self.words)
    }

    /// They have a phone or an address in common.
    #[must_use]
    pub fn shares_a_way(&self, other: &Person) -> bool {
        self.phones.iter().any(|phone| other.phones.contains(phone))
            || (self.email.is_some() && self.email == other.email)
    }

    /// Another name, or another day of birth: father and son have one name.
    #[must_use]
    pub fn is_apart(&self, other: &Person) -> bool {
        self.is_named_apart(other) || self.is_born_apart(other)
    }

    fn is_born_apart(&self, other: &Person) -> bool {
        matches!((self.born, other.born), (Some(a), Some(b)) if a != b)
    }

    /// Both have a name, and the names differ. An initial may be left out, but another one is another person.
    #[must_use]
    pub fn is_named_apart(&self, other: &Person) -> bool {
        !self.words.is_empty()
            && !other.words.is_empty()
            && (self.words != other.words || self.is_initialled_apart(other))
    }

    fn is_initialled_apart(&self, other: &Person) -> bool {
        let is_either_bare = self.initials.is_empty() || other.initials.is_empty();
        !is_either_bare && self.initials != other.initials
    }
}

/// The words of the other side without the client's own name behind "husband of" or "v.".
fn without_own(mut against: Vec<String>, own: &[String]) -> Vec<String> {
    let is_joining = |word: &str| include_str!("person/joining.txt").lines().any(|one| one == word);
    let is_own = |at: usize| {
        let name = against.get(at + 1..at + 1 + own.len()).filter(|name| !name.is_empty());
        name.is_some_and(|name| name.iter().all(|word| own.contains(word)))
    };
    let mut words = against.iter().enumerate();
    let behind = words.find(|(at, word)| is_joining(word) && is_own(*at)).map(|(at, _)| at);
    if let Some(at) = behind {
        against.drain(at..=at + own.len());
    }
    against
}

/// Whether two texts tell of two things: one may word it otherwise, but has a word of these kinds in common. Of a home the
/// numbers say more than the street.
fn are_two(one: Option<&String>, two: Option<&String>, kinds: &[fn(&str) -> bool]) -> bool {
    let (Some(one), Some(two)) = (one, two) else { return false };
    let of = |text: &str, kind: fn(&str) -> bool| -> Vec<String> {
        text.split(' ').filter(|word| kind(word)).map(str::to_owned).collect()
    };
    let pairs = kinds.iter().map(|kind| (of(one, *kind), of(two, *kind)));
    let told = pairs.into_iter().find(|(one, two)| !one.is_empty() && !two.is_empty());
    one != two && told.is_none_or(|(one, two)| !one.iter().any(|word| two.contains(word)))
}

fn is_long(word: &str) -> bool {
    word.chars().count() >= 4
}

fn has_digit(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
}

impl Packet {
    /// Whether two packets, of two mails, are about one person beyond doubt: a way to reach them alone does not say it.
    #[must_use]
    pub fn is_same_person(&self, other: &Packet) -> bool {
        let (one, other) = (Person::of(self), Person::of(other));
        one.is_same(&other) && one.is_agreed(&other)
    }

    /// Whether both packets have one name, or one day of birth, and nothing tells them apart.
    #[must_use]
    pub fn agrees_on_person(&self, other: &Packet) -> bool {
        Person::of(self).is_agreed(&Person::of(other))
    }

    /// Whether the packets name two people, or two days of birth.
    #[must_use]
    pub fn is_another_person(&self, other: &Packet) -> bool {
        Person::of(self).is_apart(&Person::of(other))
    }
}

/// Both are said, and they differ.
fn differ(one: Option<&String>, other: Option<&String>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// The whole words of a name and its initials, each sorted. An initial is one ASCII letter that is not the last word;
/// where fewer than two words would be left, none is.
fn parted(name: &str) -> (Vec<String>, Vec<String>) {
    let all: Vec<&str> = written_words(name).collect();
    let last = all.len().saturating_sub(1);
    let is_initial = |at: usize, word: &str| at != last && word.len() == 1;
    let count = all.iter().enumerate().filter(|(at, word)| is_initial(*at, word)).count();
    let (mut words, mut initials) = (Vec::new(), Vec::new());
    for (at, word) in all.iter().enumerate() {
        let is_dropped = all.len() - count > 1 && is_initial(at, word);
        if is_dropped { &mut initials } else { &mut words }.push(folded(word));
    }
    words.sort_unstable();
    initials.sort_unstable();
    (words, initials)
}

fn phones(packet: &Packet) -> Vec<String> {
    let of = |field| match packet.get(field).map(|found| &found.judged) {
        Some(Judged::Phone { e164, .. }) if !e164.is_empty() => Some(e164.clone()),
        _ => None,
    };
    [Field::ClientPhone, Field::ClientPhoneOther].into_iter().filter_map(of).collect()
}

fn born(packet: &Packet) -> Option<NaiveDate> {
    let Judged::Date { date, ambiguous: false, .. } = &packet.get(Field::ClientDob)?.judged else {
        return None;
    };
    Some(*date)
}

#[cfg(test)]
mod tests {
    use super::super::{Confidence, Found};
    use super::*;

    fn packet(name: &str, phone: &str) -> Packet {
        let mut packet = Packet::default();
        let found = |value: &str, judged| Found {
            value: value.to_owned(),
            judged,
            confidence: Confidence::High,
            place: String::new(),
        };
        if !name.is_empty() {
            packet.put(Field::ClientName, found(name, Judged::Text));
        }
        packet.put(Field::ClientPhone, found(phone, Judged::Phone { e164: phone.to_owned(), problem: None }));
        packet
    }

    #[test]
    fn one_person_is_known_by_phone_whatever_the_order_of_the_name_and_another_name_is_another_person() {
        let ann = packet("Ann Lee", "+15185550101");
        for (name, is_same) in
            [("LEE, Ann", true), ("Ann M. Lée", true), ("", false), ("Anna Lee", false), ("Bo Lee", false)]
        {
            assert_eq!(ann.is_same_person(&packet(name, "+15185550101")), is_same, "{name}");
        }
        assert!(!ann.is_same_person(&packet("Ann Lee", "+15185550102")));
        let unnamed = packet("", "+15185550101");
        assert!(!unnamed.is_same_person(&unnamed), "a phone alone is nobody's");
        assert!(
            Person::of(&unnamed).is_same(&Person::of(&ann)),
            "but in one mail it is the one it stands with"
        );
    }

    fn are_one(one: &str, other: &str) -> bool {
        packet(one, "+15185550101").is_same_person(&packet(other, "+15185550101"))
    }

    #[test]
    fn short_words_and_marks_of_a_name_count_and_an_initial_may_only_be_left_out() {
        for (one, other) in [
            ("Nguyễn Thị Ý", "Nguyễn Thị Á"),
            ("Nguyen Thi Y", "Nguyen Thi A"),
            ("Maria A. Lopez", "Maria B. Lopez"),
            ("प्रिया शर्मा", "श्रिया शर्मा"),
        ] {
            assert!(!are_one(one, other), "{one} {other}");
            assert!(packet(one, "").is_another_person(&packet(other, "")), "{one} {other}");
            assert_ne!(name_form(one), name_form(other));
        }
        assert!(are_one("Maria A. Lopez", "LOPEZ, Maria") && are_one("प्रिया शर्मा", "शर्मा, प्रिया"));
        assert_eq!(name_form("Lopez, Ann"), name_form("Ann López"));
    }

    #[test]
    fn father_and_son_of_one_name_and_one_phone_are_two() {
        let john = |year| {
            let mut packet = packet("John Lee", "+15185550101");
            let date = NaiveDate::from_ymd_opt(year, 5, 1).unwrap();
            let judged = Judged::Date { date, time: None, ambiguous: false };
            let (value, place) = (date.to_string(), String::new());
            packet.put(Field::ClientDob, Found { value, judged, confidence: Confidence::High, place });
            packet
        };
        assert!(!john(1960).is_same_person(&john(1999)) && john(1960).is_another_person(&john(1999)));
        assert!(john(1960).is_same_person(&john(1960)));
        assert!(john(1960).is_same_person(&packet("John Lee", "+15185550101")));
    }
}
