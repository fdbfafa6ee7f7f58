//! Questions with their answers on one line, and where the next question begins.

use super::label::{self, Label};
use super::lexicon::Slot;
use super::slip::is_delicate;
use crate::intake::quick;

/// Whether a line behind a label's answer asks the next thing, in words that are no label.
pub(super) fn is_next(label: &Label, line: &str) -> bool {
    // Behind an answer about consent or safety such words may take it back, and a list that begins may limit it.
    if asks_of_safety(label) { is_numbered(line) } else { asks_and_answers(line) }
}

/// "Anything else? He must not know": a question we have no field for, with its answer.
fn asks_and_answers(line: &str) -> bool {
    // Nearly no line has the sign at all.
    let Some((left, right)) = quick::find(line, b'?').and_then(|_| line.split_once("? ")) else {
        return false;
    };
    left.len() <= LONGEST
        && left.contains(' ')
        && left.starts_with(|c: char| c.is_uppercase() || c == '¿')
        && !left.contains([',', '.', ';', ':'])
        && !right.trim().is_empty()
}

/// The longest question that is told by its form, in bytes.
const LONGEST: usize = 70;

/// Whether a number counts the line, and not as the first: "9. Court or other deadline".
fn is_numbered(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_first = line.starts_with("1.") || line.starts_with("1)");
    let rest = line.get(digits..).filter(|_| (1..=3).contains(&digits) && !is_first).unwrap_or_default();
    rest.strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with(' '))
}

/// A question about consent or safety: behind its answer "9. Other deadline" is the next question.
pub(super) fn asks_of_safety(label: &Label) -> bool {
    label.meaning.is_some_and(is_delicate)
}

/// A label that names no way of contact: below a question about safety "Language" asks the next thing.
pub(super) fn asks_the_next(label: &Label) -> bool {
    let slot = label.meaning.map(|meaning| meaning.slot);
    matches!(slot, Some(Slot::Field(_) | Slot::Name | Slot::FirstName | Slot::LastName | Slot::Matter))
}

/// "Consent: signed" is a label in other words, and here a label with its answer.
pub(super) fn holds_an_answer(line: &str, label: &Label) -> bool {
    let parted = line.split_once(':').filter(|(_, right)| !right.trim().is_empty());
    let asks = |left: &str| label::exact(left).is_some_and(|left| asks_of_safety(&left));
    asks_of_safety(label) && parted.is_some_and(|(left, _)| asks(left))
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Field, Judged, Packet};

    fn packet(text: &str) -> Packet {
        read(Source { text, ..Source::default() }, &context()).packets.remove(0)
    }

    #[test]
    fn a_label_and_its_answer_that_are_a_label_together_are_two() {
        for text in [
            "Client: Ana Vega\nPhone: 518-555-0142\nConsent: signed\nOfficer: Jane Roe\n",
            "Cliente: Ana Vega\nTel: 518-555-0142\nConsentimiento: firmado\nOficial: Jane Roe\n",
        ] {
            let packet = packet(text);
            let consent = packet.get(Field::Consent).unwrap();
            assert_eq!(consent.judged, Judged::Yes, "{text}");
            assert!(!consent.value.contains("Roe"), "{text}");
        }
    }

    #[test]
    fn the_next_question_is_no_part_of_an_answer() {
        let text = "Client: Ana Vega\nSafe times to call: weekdays 10-12\nAnything else? He must not know.\n\
                    7. Is it safe to leave a voicemail?\nNo\n8. Has the client given permission for this referral?\nYes\n9. Court or other deadline\nNone\n";
        let packet = packet(text);
        for (field, value) in
            [(Field::BestTime, "weekdays 10-12"), (Field::SafeVoicemail, "No"), (Field::Consent, "Yes")]
        {
            assert_eq!(packet.text(field), Some(value));
        }
    }

    #[test]
    fn below_a_question_of_what_is_not_safe_the_next_label_is_no_answer() {
        let text = "Client name\nAna Vega\nIs there any way we should NOT contact client?\nVoicemail\nLanguage\nSpanish\n";
        let packet = packet(text);
        assert_eq!(packet.language(), Some("es"));
        assert_ne!(packet.get(Field::SafeVoicemail).map(|found| &found.judged), Some(&Judged::Yes));
    }

    #[test]
    fn a_long_answer_that_opens_with_yes_is_still_one() {
        let text = "Client: Al Vega\nIs it safe to call the client? Yes, he is alone in the day\n\
                    Does the client consent to share information? Yes\n";
        let packet = packet(text);
        assert_eq!(packet.text(Field::SafeCall), Some("Yes, he is alone in the day"));
        assert!(matches!(packet.get(Field::SafeCall).unwrap().judged, Judged::Unclear(_)));
        assert_eq!(packet.get(Field::Consent).unwrap().judged, Judged::Yes);
    }
}
