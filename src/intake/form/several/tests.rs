use super::super::tests::context;
use super::super::{Source, read};
use super::{label, parted};
use crate::referral::packet::Field;

#[test]
fn labels_behind_a_gap_have_values_of_their_own() {
    let parted = |value| {
        let parted = parted(&label::exact("last name").unwrap(), value, 0);
        (parted.own, parted.next)
    };
    assert_eq!(parted("Vega    First name: Ana   MI: T"), ("Vega", Some("First name: Ana   MI: T")));
    assert_eq!(parted("Ana  Vega"), ("Ana  Vega", None));
    assert_eq!(parted("she said  to us: no"), ("she said  to us: no", None));
    let text = "Last name: Vega    First name: Ana    DOB: 3/4/1990\n\
                Phone: 518-555-0142      Text OK?  [ ] Yes  [x] No     VM OK? [x] Yes [ ] No\n\
                Household: 3    Monthly income: 2,400\n";
    let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
    for (field, value) in [
        (Field::ClientName, "Ana Vega"),
        (Field::ClientDob, "3/4/1990"),
        (Field::ClientPhone, "518-555-0142"),
        (Field::SafeText, "[ ] Yes [x] No"),
        (Field::SafeVoicemail, "[x] Yes [ ] No"),
        (Field::HouseholdSize, "3"),
        (Field::HouseholdIncome, "2,400"),
    ] {
        assert_eq!(packet.text(field), Some(value), "{field:?}");
    }
}

#[test]
fn a_form_on_one_line_is_read_whatever_parts_its_labels() {
    for gap in ["; ", ". ", " | ", "  |  ", "   ", "\t", "\n"] {
        let labels = [
            "Client name: Ana Vega",
            "Phone: 518-555-0142",
            "Language: Farsi",
            "Consent to share: yes",
            "Safe to leave a message: no",
        ];
        let text = labels.join(gap);
        let packets = read(Source { text: &text, ..Source::default() }, &context()).packets;
        let [packet] = packets.as_slice() else { panic!("{text}") };
        for (field, value) in [
            (Field::ClientName, "Ana Vega"),
            (Field::ClientPhone, "518-555-0142"),
            (Field::Language, "Farsi"),
            (Field::Consent, "yes"),
            (Field::SafeVoicemail, "no"),
        ] {
            assert_eq!(packet.text(field), Some(value), "{text}");
        }
    }
    let text = "Client name: Ana Vega; Referrer: Jo Bell; Phone: 518-555-0199";
    let packet = read(Source { text, ..Source::default() }, &context()).packets.remove(0);
    assert_eq!(packet.get(Field::ClientPhone), None);
}
