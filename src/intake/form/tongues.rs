//! Labels in two languages: "Phone / Teléfono: ...", "Name - Nombre: ...", "Is it safe to email? / ¿Es seguro enviarle
//! un correo?: No".

use super::judge::opens_with_no;
use super::label::{Label, exact};
use super::lexicon::{Meaning, Slot, Whose};
use super::slip::is_delicate;
use crate::intake::quick;

/// What parts the languages of a label.
const BETWEEN: [&str; 4] = [" / ", " - ", " – ", " — "];
/// The longest of them together, in bytes.
const LONGEST: usize = 240;

/// The label before a colon that says the same in every language it is written in. What is safe is heard where it is a
/// no, and in a language nobody knows too; a yes to such a question is asked about as before.
pub(super) fn label(left: &str, value: &str) -> Option<Label> {
    // Hardly any label has one of these signs.
    let may_be_parted =
        quick::find(left, b'/').is_some() || quick::find(left, b'-').is_some() || !left.is_ascii();
    if !may_be_parted || left.len() > LONGEST {
        return None;
    }
    let between = BETWEEN.into_iter().find(|between| left.contains(between))?;
    let said: Vec<Option<Label>> = left.split(between).take(4).map(exact).collect();
    let known = || said.iter().flatten();
    let first = known().next()?.clone();
    let meaning = first.meaning?;
    if known().any(|other| !asks_the_same(meaning, other.meaning)) {
        return None;
    }
    let is_read = if is_delicate(meaning) {
        matches!(meaning.slot, Slot::Safe(_)) && opens_with_no(value)
    } else {
        known().count() == said.len()
    };
    let named = known().find(|label| label.meaning.is_some_and(|meaning| meaning.whose != Whose::Plain));
    is_read.then(|| named.cloned().unwrap_or(first))
}

/// Whether two labels ask for the same of the same person, as far as they say whose it is.
fn asks_the_same(one: Meaning, other: Option<Meaning>) -> bool {
    other.is_some_and(|other| {
        one.slot == other.slot
            && (one.whose == other.whose || one.whose == Whose::Plain || other.whose == Whose::Plain)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Field, Judged, Packet, Safety};

    fn packet(text: &str) -> Packet {
        read(Source { text, ..Source::default() }, &context()).packets.remove(0)
    }

    #[test]
    fn a_dash_parts_the_languages_of_a_label_and_a_label_from_its_value() {
        for dash in ["-", "–", "—"] {
            let packet = packet(&format!(
                "Name {dash} Nombre: Ana Vega\nPhone {dash} Teléfono: 518-555-0142\nCorreo electrónico {dash} Email:\n\
                 ana@mail.example\nDate of birth {dash} Fecha de nacimiento: 3/14/1985\n\
                 Language {dash} other: Greek\n"
            ));
            for (field, value) in [
                (Field::ClientName, "Ana Vega"),
                (Field::ClientPhone, "518-555-0142"),
                (Field::ClientEmail, "ana@mail.example"),
                (Field::ClientDob, "3/14/1985"),
            ] {
                assert_eq!(packet.text(field), Some(value), "{dash}");
            }
        }
        let packet =
            packet("Name: Ana Vega\nPhone - Landlord: 518-555-0142\nSafe to call - Seguro llamar: no\n");
        assert_eq!(packet.get(Field::SafeCall).map(|found| &found.judged), Some(&Judged::No));
    }

    #[test]
    fn a_label_in_two_languages_is_the_label_of_either() {
        let packet = packet(
            "Name / Nombre: Ana Vega\nTeléfono / Phone: 518-555-0142\nEmail / Correo electrónico: ana@mail.example\n\
             Preferred language / Idioma preferido: Spanish\nDate of birth / Fecha de nacimiento: 3/14/1985\n\
             County / Condado: Kings\nReferred by / Referido por: Noor Aziz\n",
        );
        for (field, value) in [
            (Field::ClientName, "Ana Vega"),
            (Field::ClientPhone, "518-555-0142"),
            (Field::ClientEmail, "ana@mail.example"),
            (Field::Language, "Spanish"),
            (Field::ClientDob, "3/14/1985"),
            (Field::County, "Kings"),
            (Field::ReferrerName, "Noor Aziz"),
        ] {
            assert_eq!(packet.text(field), Some(value), "{}", field.key());
        }
    }

    #[test]
    fn a_no_in_two_languages_is_a_no_and_a_yes_is_asked_about() {
        let form = |line: &str| packet(&format!("Client name: Ana Vega\nEmail: ana@mail.example\n{line}\n"));
        for question in [
            "Is it safe to email? / ¿Es seguro enviarle un correo electrónico?",
            "Is it safe to email? / ¿Es seguro...?",
        ] {
            let no = form(&format!("{question}: No"));
            assert_eq!(no.channels().email, Safety::NotSafe, "{question}");
            assert_eq!(no.get(Field::SafeEmail).unwrap().judged, Judged::No, "{question}");
            let yes = form(&format!("{question}: Yes"));
            assert_ne!(yes.channels().email, Safety::Safe, "{question}");
        }
        // Two questions at once are none.
        let two = form("Is it safe to email? / ¿Es seguro llamar?: Yes");
        assert_ne!(two.channels().email, Safety::Safe);
        assert_ne!(form("Do not call / No llamar: No").channels().call, Safety::Safe);
    }

    #[test]
    fn labels_that_ask_for_different_things_are_not_one() {
        for line in [
            "Landlord phone / Teléfono: 518-555-0199",
            "Landlord phone / Teléfono del arrendador: 518-555-0199",
        ] {
            let packet = packet(&format!("Client name: Ana Vega\n{line}\nLanguage: Spanish\n"));
            assert_eq!(packet.text(Field::ClientPhone), None, "{line}");
        }
    }
}
