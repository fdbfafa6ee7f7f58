//! Lines as partners write them, each with what must come of it.

use super::tests::context;
use super::{Source, read};
use crate::referral::packet::{Channels, Field, Judged, Packet, Safety};

fn packet(text: &str) -> Packet {
    let text = format!("Client name: Rosa Delgado\n{text}\n");
    read(Source { text: &text, ..Source::default() }, &context()).packets.remove(0)
}

#[test]
fn lines_of_real_forms_go_where_they_belong() {
    for (line, field, value) in [
        ("Our file #: HS-2026-118", Field::PartnerReference, "HS-2026-118"),
        ("Número de caso nuestro: CC-88", Field::PartnerReference, "CC-88"),
        ("Opposing party / adverse: Hilltop Realty LLC", Field::OpposingParty, "Hilltop Realty LLC"),
        (
            "What is the best phone number to reach the client? 518-555-0142",
            Field::ClientPhone,
            "518-555-0142",
        ),
        ("Client consents to sharing info w/ your office? Yes", Field::Consent, "Yes"),
        ("Safe to leave message.. N", Field::SafeVoicemail, "N"),
        ("Language: ☐ English ☒ Spanish ☐ Other", Field::Language, "Spanish"),
        ("Urgency: [ ] Emergency [x] Routine", Field::Urgency, "Routine"),
    ] {
        assert_eq!(packet(line).text(field), Some(value), "{line}");
    }
}

#[test]
fn an_empty_box_says_that_nothing_is_safe() {
    for value in ["☒ Phone ☐ Text ☐ Email", "[x] Phone [ ] Text [ ] Email", "Phone ☑ Text ☐ Email ☐"]
    {
        let Some(Judged::Channels(Channels { call, text, email, .. })) =
            packet(&format!("Safe contact method: {value}"))
                .get(Field::SafeToContact)
                .map(|found| found.judged.clone())
        else {
            panic!("{value}")
        };
        assert_eq!([call, text, email], [Safety::Safe, Safety::NotSafe, Safety::NotSafe], "{value}");
    }
    let nothing = packet("Safe contact method: ☐ Phone ☐ Text ☐ Email");
    assert!(matches!(nothing.get(Field::SafeToContact).unwrap().judged, Judged::Unclear(_)));
}
