//! Several labels on one line, parted by a gap: "Last name: Vega    First name: Ana    DOB: 3/4/1990".

use super::label;

/// The most gaps of a line that are looked at.
const MOST: usize = 12;
/// The longest label that is looked for behind one, in bytes.
const LONGEST: usize = 60;

/// A value without the labels that follow it on its line, and these.
pub(super) fn parted(value: &str) -> (&str, Option<&str>) {
    let gaps = value.match_indices("  ").take(MOST);
    let next =
        gaps.filter_map(|(at, _)| value.get(at..)).map(str::trim_start).find(|rest| opens_with_label(rest));
    let own = next.and_then(|next| value.get(..value.len() - next.len()));
    (own.unwrap_or(value).trim_end(), next)
}

/// Whether a known label with a colon or a question mark stands first.
fn opens_with_label(text: &str) -> bool {
    let end = text.floor_char_boundary(LONGEST);
    let Some(start) =
        text.get(..end).filter(|start| start.starts_with(|c: char| c.is_alphabetic() || c == '¿'))
    else {
        return false;
    };
    let sign = start.find([':', '?']);
    sign.and_then(|at| start.get(..=at)).and_then(label::exact).is_some_and(|label| label.meaning.is_some())
}

#[cfg(test)]
mod tests {
    use super::super::tests::context;
    use super::super::{Source, read};
    use super::parted;
    use crate::referral::packet::Field;

    #[test]
    fn labels_behind_a_gap_have_values_of_their_own() {
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
}
