//! Name and ways to reach a person in one value.

use super::super::fold::{fold, words};
use super::super::judge;
use super::super::lexicon::{LEXICON, Slot};
use super::{Builder, REFERRER, Raw, names_somebody};
use crate::referral::packet::Field;

impl Builder<'_> {
    /// "Ann Smith, 518-555-0100, ann@example.org" in one value.
    pub(super) fn contact_line(&mut self, raw: &Raw, [name, phone, email]: [Field; 3]) {
        let address = judge::address_in(&raw.value);
        let number = judge::phones_in(&raw.value).into_iter().next();
        // The domain of an address was set in lower case.
        let value = raw.value.to_ascii_lowercase();
        let place = |found: &str| value.find(&found.to_ascii_lowercase());
        let end = |found: Option<&str>| found.and_then(place).unwrap_or(value.len());
        let until = end(address.as_deref()).min(end(number.as_deref()));
        let words = raw.value.get(..until).unwrap_or_default();
        let words = words.trim_matches(|c: char| !c.is_alphabetic() && c != '.');
        if address.is_none() && number.is_none() {
            return;
        }
        if name == Field::ClientName && is_writers(words) {
            // "Only through me, 518-555-0100": it is not the client whom one reaches there.
            self.contact_line(raw, REFERRER);
            return;
        }
        let part = |value: String| Raw { value, ..raw.clone() };
        let (person, organisation) = words.split_once([',', ';', '(']).unwrap_or((words, ""));
        let person = person.trim();
        if may_be_name(person) && !self.has_name(name) {
            let who = usize::from(name == Field::ReferrerName);
            self.put_name(who, Slot::Name, part(person.to_owned()));
        }
        let organisation = organisation.trim().trim_matches([',', ';', ' ', '(', ')']);
        if name == Field::ReferrerName && !organisation.is_empty() && !self.has(Field::ReferrerOrg) {
            self.put(Field::ReferrerOrg, part(organisation.to_owned()));
        }
        if let Some(number) = number {
            self.put(phone, part(number));
        }
        if let Some(address) = address {
            self.put(email, part(address));
        }
    }

    pub(super) fn has_name(&self, field: Field) -> bool {
        self.names.get(usize::from(field == Field::ReferrerName)).is_some_and(|names| !names.is_empty())
    }

    /// "Ann Smith <ann@example.org>", as Contact Form 7 puts it above the message.
    pub(super) fn sender_line(&mut self, raw: &Raw, [name, email]: [Field; 2]) {
        let Some(address) = judge::address_in(&raw.value) else { return };
        let words = raw.value.split(['<', '[', '(']).next().unwrap_or_default().trim().trim_matches('"');
        if !words.is_empty() && !words.contains('@') && !self.has_name(name) {
            self.name(
                usize::from(name == Field::ReferrerName),
                Slot::Name,
                Raw { value: words.to_owned(), ..raw.clone() },
            );
        }
        if !self.has(email) {
            self.put(email, Raw { value: address, ..raw.clone() });
        }
    }
}

/// Whether words before a number say that it is of whoever writes.
fn is_writers(text: &str) -> bool {
    LEXICON.phrases("writers").within(&words(&fold(text)))
}

/// Whether words before a number can be a name: "please call" is none.
fn may_be_name(text: &str) -> bool {
    let folded = fold(text);
    let all = words(&folded);
    names_somebody(text)
        && all.len() <= 5
        && !all.first().is_some_and(|first| LEXICON.phrases("no_names").is(first))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::context;
    use super::super::super::{Source, read};
    use crate::referral::packet::{Field, Packet};

    fn packet(text: &str) -> Packet {
        read(Source { text, ..Source::default() }, &context()).packets.remove(0)
    }

    #[test]
    fn a_contact_line_that_names_the_writer_is_not_the_clients() {
        for line in [
            "Contact: please only go through me (845-555-0100), she is still in the home",
            "Contact: call me at 845-555-0100",
            "Contacto: solo conmigo, 845-555-0100",
        ] {
            let packet = packet(&format!("Client phone: 845-555-0119\n{line}\nLanguage: English\n"));
            assert_eq!(packet.text(Field::ClientName), None, "{line}");
            assert_eq!(packet.text(Field::ClientPhoneOther), None, "{line}");
            assert_eq!(packet.text(Field::ReferrerPhone), Some("845-555-0100"), "{line}");
        }
    }

    #[test]
    fn below_a_referrer_whose_address_is_given_the_next_phone_is_the_clients() {
        let packet = packet(
            "Client name: Ann Lee\nReferred by: Sue Ray (Hope Clinic) sray@hope.example\nPhone number: 518-555-0142\n\
             Email: ann@mail.example\n",
        );
        for (field, value) in [
            (Field::ReferrerName, "Sue Ray"),
            (Field::ReferrerOrg, "Hope Clinic"),
            (Field::ReferrerEmail, "sray@hope.example"),
            (Field::ClientPhone, "518-555-0142"),
            (Field::ClientEmail, "ann@mail.example"),
        ] {
            assert_eq!(packet.text(field), Some(value), "{field:?}");
        }
    }
}
