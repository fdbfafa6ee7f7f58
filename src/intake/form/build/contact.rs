//! Name and ways to reach a person in one value.

use super::super::fold::{fold, words};
use super::super::judge;
use super::super::lexicon::{LEXICON, Slot};
use super::super::people::is_bystander_word;
use super::{Builder, CLIENT, REFERRER, Raw, names_somebody};
use crate::referral::packet::Field;

impl Builder<'_> {
    /// A line that says whom to contact, where the client is meant: it may name somebody beside them.
    pub(super) fn clients_line(&mut self, raw: &Raw) {
        let Some(line) = Line::of(&raw.value) else { return };
        if line.is_of_bystander() {
            self.reaches_others = true;
        } else {
            self.contact_line(raw, CLIENT);
        }
    }

    /// The same below whoever refers: "Ana Vega, my client" is not them.
    pub(super) fn referrers_line(&mut self, raw: &Raw) {
        let Some(line) = Line::of(&raw.value) else { return };
        if names_client(line.words) && !is_writers(line.words) {
            self.reaches_others = true;
        } else {
            self.contact_line(raw, REFERRER);
        }
    }

    /// "Ann Smith, 518-555-0100, ann@example.org" in one value.
    pub(super) fn contact_line(&mut self, raw: &Raw, [name, phone, email]: [Field; 3]) {
        let Some(line) = Line::of(&raw.value) else { return };
        if name == Field::ClientName && is_writers(line.words) {
            // "Only through me, 518-555-0100": it is not the client whom one reaches there.
            if names_client(line.words) {
                self.reaches_others = true;
            } else {
                self.writers.push(raw.clone());
            }
            return;
        }
        let part = |value: String| Raw { value, ..raw.clone() };
        let (person, organisation) = if name == Field::ReferrerName {
            line.words.split_once([',', ';', '(']).unwrap_or((line.words, ""))
        } else {
            (line.clients_name(), "")
        };
        let person = person.trim();
        if may_be_name(person) && !self.has_name(name) {
            let who = usize::from(name == Field::ReferrerName);
            self.put_name(who, Slot::Name, part(closed(person)));
        }
        let organisation = organisation.trim().trim_matches([',', ';', ' ', '(', ')']);
        if name == Field::ReferrerName && !organisation.is_empty() && !self.has(Field::ReferrerOrg) {
            self.put(Field::ReferrerOrg, part(organisation.to_owned()));
        }
        self.put_reach(raw, line.number, line.address, [phone, email]);
    }

    fn put_reach(
        &mut self,
        raw: &Raw,
        number: Option<String>,
        address: Option<String>,
        [phone, email]: [Field; 2],
    ) {
        for (field, value) in [(phone, number), (email, address)] {
            if let Some(value) = value {
                self.put(field, Raw { value, ..raw.clone() });
            }
        }
    }

    /// What is said of the writer is the referrer's, where the form tells the two apart; else nobody can say whose it
    /// is.
    pub(super) fn place_writers(&mut self) {
        for raw in std::mem::take(&mut self.writers) {
            let Some(line) = Line::of(&raw.value) else { continue };
            if self.has_third_person {
                let [_, phone, email] = REFERRER;
                self.put_reach(&raw, line.number, line.address, [phone, email]);
            } else {
                self.reaches_others = true;
            }
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

/// A value with a number or an address in it.
struct Line<'v> {
    /// What stands before both.
    words: &'v str,
    /// What stands behind the number.
    behind: &'v str,
    number: Option<String>,
    address: Option<String>,
}

impl<'v> Line<'v> {
    fn of(value: &'v str) -> Option<Line<'v>> {
        let address = judge::address_in(value);
        let number = judge::phones_in(value).into_iter().next();
        if address.is_none() && number.is_none() {
            return None;
        }
        // The domain of an address was set in lower case.
        let lower = value.to_ascii_lowercase();
        let place = |found: &str| lower.find(&found.to_ascii_lowercase());
        let end = |found: Option<&str>| found.and_then(place).unwrap_or(value.len());
        let until = end(address.as_deref()).min(end(number.as_deref()));
        let words = value.get(..until).unwrap_or_default();
        let words = words.trim_matches(|c: char| !c.is_alphabetic() && c != '.');
        let behind = number.as_deref().and_then(|found| value.get(place(found)? + found.len()..));
        Some(Line { words, behind: behind.unwrap_or_default(), number, address })
    }

    /// "Rosa Vega (mother), 518-555-0142", "her sister Rosa, 518-555-0142", "518-555-0142 (sister)".
    fn is_of_bystander(&self) -> bool {
        if is_writers(self.words) {
            return false;
        }
        let named = self.words.split_once([',', ';', '(']);
        let beside = match named {
            Some((name, rest)) if may_be_name(name.trim()) => rest,
            None if may_be_name(self.words) => "",
            Some(_) | None => self.words,
        };
        let behind = fold(self.behind);
        names_bystander(&fold(beside)) || words(&behind).len() <= 3 && names_bystander(&behind)
    }

    /// The name, with the other one somebody goes by in brackets and without any other remark.
    fn clients_name(&self) -> &'v str {
        let name = self.words.split([',', ';']).next().unwrap_or_default();
        let Some((before, rest)) = name.split_once('(') else { return name };
        let noted = rest.split(')').next().unwrap_or_default();
        let is_other_name = may_be_name(noted) && noted.split_whitespace().all(is_capital);
        if is_other_name { name } else { before }
    }
}

fn names_bystander(folded: &str) -> bool {
    words(folded).into_iter().any(is_bystander_word)
}

/// A name without the bracket that was cut off with the number behind it.
fn closed(name: &str) -> String {
    let end = if name.contains('(') && !name.contains(')') { ")" } else { "" };
    format!("{name}{end}")
}

/// Whether a value says that one reaches whoever writes there: "none, reach them thru me 518-555-0100".
pub(super) fn is_through_writer(value: &str) -> bool {
    value.starts_with(char::is_alphabetic) && Line::of(value).is_some_and(|line| is_writers(line.words))
}

/// Whether words before a number say that it is of whoever writes.
fn is_writers(text: &str) -> bool {
    LEXICON.phrases("through_writer").within(&words(&fold(text)))
}

/// Whether words name the client, not somebody of theirs: "call me or her", and not "her advocate", nor an organization
/// that is named for whom it helps, as "Tenant Rights Project".
fn names_client(text: &str) -> bool {
    text.split([',', ';', '(']).any(|part| {
        let folded = fold(part);
        let all = words(&folded);
        let followed = |at: usize| all.get(at + 1).is_some_and(|next| is_bystander_word(next));
        let is_named_for = |at: usize, word: &str| {
            let is_last = at + 1 == all.len();
            let of_whom = at.checked_sub(1).and_then(|before| all.get(before));
            is_capitalised(part, word)
                && !is_last
                && !of_whom.is_some_and(|word| LEXICON.phrases("no_names").is(word))
        };
        let is_client = |at: usize, word: &str| {
            LEXICON.phrases("clients_own").is(word) && !followed(at) && !is_named_for(at, word)
        };
        all.iter().enumerate().any(|(at, word)| is_client(at, word))
    })
}

/// Whether a word is written with a capital in a text: that of a name.
fn is_capitalised(text: &str, word: &str) -> bool {
    text.split_whitespace().any(|written| fold(written) == word && is_capital(written))
}

/// Whether words before a number can be a name: "please call" is none.
fn may_be_name(text: &str) -> bool {
    let folded = fold(text);
    let all = words(&folded);
    let is_no_name = |word: &str| LEXICON.phrases("no_names").is(word);
    // "My Nguyen", "Will Smith": a small word is a name where it is written as one.
    let is_written_so = || {
        let (first, others) = all.split_first().unwrap_or((&"", &[]));
        !others.is_empty()
            && LEXICON.phrases("names_too").is(first)
            && text.split_whitespace().count() >= 2
            && text.split_whitespace().all(is_capital)
            && !others.iter().any(|word| is_no_name(word) || is_bystander_word(word))
    };
    names_somebody(text)
        && all.len() <= 5
        && (!all.first().is_some_and(|first| is_no_name(first)) || is_written_so())
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
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
    fn words_that_open_like_the_writers_are_names_where_they_are_written_as_one() {
        for (line, name) in [
            ("My Nguyen, 518-555-0142", Some("My Nguyen")),
            ("Mi-sook Kim, 518-555-0142", Some("Mi-sook Kim")),
            ("An Nguyen, 518-555-0142", Some("An Nguyen")),
            ("Will Smith, 518-555-0142", Some("Will Smith")),
            ("Do Van Minh, 518-555-0142", Some("Do Van Minh")),
            ("Ana Vega, my client, 518-555-0142", Some("Ana Vega")),
            ("Ana (Anita) Vega, 518-555-0142", Some("Ana (Anita) Vega")),
            ("Ana Vega (Anita), 518-555-0142", Some("Ana Vega (Anita)")),
            ("our client's cell 518-555-0142", None),
            ("My Cell, 518-555-0142", None),
            ("Will Call, 518-555-0142", None),
        ] {
            let packet = packet(&format!("Contact: {line}\nLanguage: English\nReferred by: Jo Bell\n"));
            assert_eq!(packet.text(Field::ClientName), name, "{line}");
            let is_writers = line.starts_with("My Cell");
            assert_eq!(packet.text(Field::ClientPhone).is_some(), !is_writers, "{line}");
            assert_eq!(packet.text(Field::ReferrerPhone).is_some(), is_writers, "{line}");
        }
    }

    #[test]
    fn below_a_referrer_a_contact_line_about_the_client_is_not_the_referrers() {
        for (line, phone) in [
            ("Ana Vega, my client, 518-555-0142", None),
            ("Jo Bell, 845-555-0100", Some("845-555-0100")),
            ("845-555-0100", Some("845-555-0100")),
        ] {
            let packet = packet(&format!("Referred by: Jo Bell\nContact: {line}\nMatter type: eviction\n"));
            assert_eq!(packet.text(Field::ReferrerPhone), phone, "{line}");
            assert_eq!(packet.text(Field::ReferrerOrg), None, "{line}");
        }
    }

    #[test]
    fn what_says_that_the_writer_is_to_be_called_is_no_name_and_no_organisation() {
        let packet = packet("Client name: Ana Vega\nContact: Only through me, her advocate, 845-555-0100\n");
        assert_eq!(packet.text(Field::ClientPhone), None);
        assert_eq!(packet.text(Field::ReferrerPhone), Some("845-555-0100"));
        assert_eq!(packet.text(Field::ReferrerName), None);
        assert_eq!(packet.text(Field::ReferrerOrg), None);
    }

    #[test]
    fn a_contact_line_that_may_be_about_somebody_else_is_left_out_and_asked() {
        for text in [
            "Contact: Rosa Vega (mother), 518-555-0142\n",
            "Client name: Ana Vega\nContact: Rosa Vega (her mother), 518-555-0142\n",
            "Client name: Ana Vega\nContact: call me or her at 518-555-0142\n",
            // Whoever gives a plain name may be the client, or may not.
            "Name: Ana Vega\nContact: text me at 518-555-0142\n",
            "Nombre: Ana Vega\nContacto: mi celular 518-555-0142\n",
        ] {
            let text = format!("{text}Language: English\nMatter type: eviction\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            let packet = &harvest.packets[0];
            assert_ne!(packet.text(Field::ClientName), Some("Rosa Vega"), "{text}");
            for field in
                [Field::ClientPhone, Field::ClientPhoneOther, Field::ReferrerPhone, Field::ReferrerName]
            {
                assert_eq!(packet.text(field), None, "{field:?} {text}");
            }
            assert!(
                harvest.problems.iter().any(|said| said.contains("ask")),
                "{text} {:?}",
                harvest.problems
            );
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
