//! Several labels on one line, parted by a gap: "Last name: Vega    First name: Ana    DOB: 3/4/1990".

use super::label::{self, Label};
use super::lexicon::{Slot, Whose};
use super::questions::asks_of_safety;
use crate::referral::packet::Field;

/// The most gaps of a line that are looked at.
const MOST: usize = 12;
/// The longest label that is looked for behind one, in bytes.
const LONGEST: usize = 60;

/// Longer values are stories, and no form is written on so long a line, in bytes.
const LONGEST_LINE: usize = 1_000;

/// What parts labels on one line.
const GAPS: [&str; 4] = ["  ", ". ", "; ", " | "];

/// The value of a label without the labels that follow it on its line, and these. Behind a label of somebody else they
/// are theirs, unless they name the client, and in a story they are a part of it.
pub(super) fn parted<'a>(label: &Label, value: &'a str) -> (&'a str, Option<&'a str>) {
    // Nearly every value has no second label, and so no sign of one.
    if value.len() > LONGEST_LINE || !value.contains([':', '?']) || is_story(label) {
        return (value, None);
    }
    let starts = |gap: &'static str| {
        let gaps = value.match_indices(gap).take(MOST);
        let rests = gaps.filter_map(move |(at, gap)| value.get(at + gap.len()..)).map(str::trim_start);
        rests.into_iter().find(|rest| opens_with_label(rest, label))
    };
    let next = GAPS.into_iter().filter_map(starts).max_by_key(|rest| rest.len());
    let own = next.and_then(|next| value.get(..value.len() - next.len()));
    match own {
        Some(own) => (own.trim_end().trim_end_matches(['.', ';', '|', ' ']), next),
        None => (value, None),
    }
}

/// Whether a label asks for a story.
fn is_story(label: &Label) -> bool {
    let slot = label.meaning.map(|meaning| meaning.slot);
    matches!(slot, Some(Slot::Field(Field::Reason | Field::SafetyNotes)))
}

/// Whether a label asks the client, or about them.
fn is_of_the_client(label: &Label) -> bool {
    label.meaning.is_some_and(|meaning| {
        matches!(meaning.whose, Whose::Client | Whose::Plain | Whose::Your)
            && !matches!(meaning.slot, Slot::Ignore | Slot::Field(Field::OpposingParty))
    })
}

/// Whether a known label with a colon or a question mark stands first. Behind an answer about consent or safety one that
/// we have no field for may hold a condition: "Safe to call: yes. Time: only after he leaves".
fn opens_with_label(text: &str, before: &Label) -> bool {
    let end = text.floor_char_boundary(LONGEST);
    let Some(start) =
        text.get(..end).filter(|start| start.starts_with(|c: char| c.is_alphabetic() || c == '¿'))
    else {
        return false;
    };
    let sign = start.find([':', '?']);
    let label = sign.and_then(|at| start.get(..=at)).and_then(label::exact);
    label.and_then(|label| label.meaning).is_some_and(|meaning| {
        if is_of_the_client(before) {
            meaning.slot != Slot::Ignore || !asks_of_safety(before)
        } else {
            meaning.whose == Whose::Client
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::{label, parted};
    use crate::referral::packet::Field;

    #[test]
    fn labels_behind_a_gap_have_values_of_their_own() {
        let parted = |value| parted(&label::exact("last name").unwrap(), value);
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
}
