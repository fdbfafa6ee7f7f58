//! Whether two packets are about one person.

use super::super::fold;
use super::{Field, Judged, Packet};

/// The form in which whole names are compared: folded words without initials, sorted, so that "Ann M. Lee", "LEE, Ann"
/// and "Ann Lée" are one name, and "Ann Lee" and "Anna Lee" are two.
#[must_use]
pub fn name_form(name: &str) -> String {
    let all = fold::words(name);
    let whole: Vec<&str> = all.iter().map(String::as_str).filter(|word| word.chars().count() > 1).collect();
    let mut words = if whole.len() > 1 { whole } else { all.iter().map(String::as_str).collect() };
    words.sort_unstable();
    words.join(" ")
}

impl Packet {
    /// A phone, an address, or a name with a birth date in common, and no name that speaks against it: two people of
    /// one household have one phone.
    #[must_use]
    pub fn is_same_person(&self, other: &Packet) -> bool {
        let (mine, theirs) = (self.phones(), other.phones());
        let reaches = mine.iter().any(|phone| theirs.contains(phone))
            || self.client_email().is_some_and(|email| other.client_email() == Some(email));
        let (name, other_name) = (self.name(), other.name());
        let is_named = !name.is_empty() && name == other_name;
        let born = || self.born().is_some_and(|born| other.born() == Some(born));
        let is_apart = !name.is_empty() && !other_name.is_empty() && name != other_name;
        (reaches || is_named && born()) && !is_apart
    }

    fn name(&self) -> String {
        self.text(Field::ClientName).map(name_form).unwrap_or_default()
    }

    fn phones(&self) -> Vec<&str> {
        let of = |field| match self.get(field).map(|found| &found.judged) {
            Some(Judged::Phone { e164, .. }) if !e164.is_empty() => Some(e164.as_str()),
            _ => None,
        };
        [Field::ClientPhone, Field::ClientPhoneOther].into_iter().filter_map(of).collect()
    }

    fn born(&self) -> Option<chrono::NaiveDate> {
        let Judged::Date { date, ambiguous: false, .. } = &self.get(Field::ClientDob)?.judged else {
            return None;
        };
        Some(*date)
    }
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
            [("LEE, Ann", true), ("Ann M. Lée", true), ("", true), ("Anna Lee", false), ("Bo Lee", false)]
        {
            assert_eq!(ann.is_same_person(&packet(name, "+15185550101")), is_same, "{name}");
        }
        assert!(!ann.is_same_person(&packet("Ann Lee", "+15185550102")));
    }
}
