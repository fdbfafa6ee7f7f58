//! Numbers that do harm in other hands: a social security number, a payment card, an alien registration number. Whoever
//! refers writes them into the story; nobody needs them to reach a person, so that they stay in the sealed mail and are
//! starred in the packet (RELIABILITY P35).

use crate::referral::packet::{Field, Found, Judged, Packet};

/// Stars such numbers out of every value that is text.
pub(super) fn star(packet: &mut Packet) {
    let starred: Vec<(Field, Found)> = packet
        .iter()
        .filter(|(field, found)| is_text(*field, found))
        .filter_map(|(field, found)| Some((field, Found { value: starred(&found.value)?, ..found.clone() })))
        .collect();
    for (field, found) in starred {
        packet.put(field, found);
    }
}

/// A number, a date or an address that was read as such is none of these; the partner's own number is a short word.
fn is_text(field: Field, found: &Found) -> bool {
    field != Field::PartnerReference && matches!(found.judged, Judged::Text | Judged::Unclear(_))
}

/// The text with stars for their digits; `None` if there is nothing to star.
fn starred(text: &str) -> Option<String> {
    // The shortest of them has eight digits.
    if text.bytes().filter(u8::is_ascii_digit).count() < 8 {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; chars.len()];
    let mut at = 0;
    while at < chars.len() {
        let groups = groups(&chars, at);
        let Some(end) = groups.last().map(|group| group.end) else {
            at += 1;
            continue;
        };
        let mut hide = |from: usize, to: usize| {
            hidden.iter_mut().take(to).skip(from).for_each(|hidden| *hidden = true);
        };
        if is_card(&chars, &groups) || is_alien(&chars, at, &groups) {
            hide(at, end);
        }
        for three in groups.windows(3) {
            if let [first, second, third] = three
                && [first.len(), second.len(), third.len()] == [3, 2, 4]
            {
                hide(first.start, third.end);
            }
        }
        let is_whole = groups.iter().map(ExactSizeIterator::len).eq([9]);
        if is_whole && is_named_social(&chars, at) {
            hide(at, end);
        }
        at = end;
    }
    let star = |(c, hidden): (&char, &bool)| if *hidden && c.is_ascii_digit() { '*' } else { *c };
    hidden.contains(&true).then(|| chars.iter().zip(&hidden).map(star).collect())
}

/// The groups of digits from here on, a single sign or space between two of them; none if no number begins here.
fn groups(chars: &[char], at: usize) -> Vec<std::ops::Range<usize>> {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let is_inside = at.checked_sub(1).is_some_and(digit);
    let mut groups = Vec::new();
    let mut from = at;
    while !is_inside && digit(from) {
        let to = (from..chars.len()).find(|at| !digit(*at)).unwrap_or(chars.len());
        groups.push(from..to);
        if !chars.get(to).is_some_and(|c| is_between(*c)) {
            break;
        }
        from = to + 1;
    }
    groups
}

const fn is_between(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '\u{a0}' | '\u{2010}'..='\u{2014}')
}

/// 13 to 19 digits, in one or as they stand on a card, with a right check digit (ISO/IEC 7812-1, Luhn).
fn is_card(chars: &[char], groups: &[std::ops::Range<usize>]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(ExactSizeIterator::len).collect();
    let is_shaped = match lengths.as_slice() {
        [one] => (13..=19).contains(one),
        [4, 4, 4, 1..=4] | [4, 6, 4 | 5] | [4, 4, 4, 4, 3] => true,
        _ => false,
    };
    let digits = groups.iter().cloned().flatten().filter_map(|at| chars.get(at)?.to_digit(10));
    let sum: u32 = digits
        .collect::<Vec<u32>>()
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    is_shaped && sum.is_multiple_of(10)
}

/// `A123456789`, `A# 123-456-789`: a capital A before eight or nine digits.
fn is_alien(chars: &[char], at: usize, groups: &[std::ops::Range<usize>]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(ExactSizeIterator::len).collect();
    let is_shaped = matches!(lengths.as_slice(), [8 | 9] | [2 | 3, 3, 3]);
    let mut before = chars.iter().take(at).rev().skip_while(|c| is_between(**c) || matches!(c, '#' | ':'));
    let is_marked = before.next() == Some(&'A');
    is_shaped && is_marked && !before.next().is_some_and(|c| c.is_alphanumeric())
}

/// Nine digits in one are one only where the words before say so.
fn is_named_social(chars: &[char], at: usize) -> bool {
    let before: String = chars.iter().take(at).skip(at.saturating_sub(30)).collect();
    let before = before.to_lowercase();
    ["ssn", "social security", "seguro social", "itin", "tax id"].iter().any(|word| before.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p35_numbers_that_do_harm_are_starred_and_others_are_not() {
        for (text, expected) in [
            ("Her SSN is 123-45-6789.", Some("Her SSN is ***-**-****.")),
            ("123 45 6789, call 518-555-0142", Some("*** ** ****, call 518-555-0142")),
            ("SSN: 123456789", Some("SSN: *********")),
            ("seguro social 123456789", Some("seguro social *********")),
            ("card 4111 1111 1111 1111 exp 12/28", Some("card **** **** **** **** exp 12/28")),
            ("card 4111111111111111", Some("card ****************")),
            ("Amex 3782-822463-10005", Some("Amex ****-******-*****")),
            ("A123456789", Some("A*********")),
            ("her A# 123-456-789, since 2019", Some("her A# ***-***-***, since 2019")),
            ("A-12345678", Some("A-********")),
            ("call 518-555-0142 or 518 555 0143", None),
            ("+1 (518) 555-0142", None),
            ("case 4111 1111 1111 1112", None),
            ("order 123456789", None),
            ("2026-11-24 09:00, $1,200 a month, 12180-1234", None),
            ("docket CV-2026-00123456", None),
            ("a 123456789", None),
            ("éé 12", None),
            ("", None),
        ] {
            assert_eq!(starred(text).as_deref(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_starred_keeps_its_length_and_its_words(text in "\\PC{0,60}([0-9]{1,9}[- .]?){0,8}\\PC{0,20}") {
            if let Some(after) = starred(&text) {
                proptest::prop_assert_eq!(after.chars().count(), text.chars().count());
                for (before, after) in text.chars().zip(after.chars()) {
                    proptest::prop_assert!(before == after || before.is_ascii_digit() && after == '*');
                }
            }
        }
    }
}
