//! Whether two words of names are one word, spelt by two hands.
//!
//! Brother and sister, or mother and daughter, of one household differ in little more than a slip of the pen. So the
//! first letter forgives nothing, a vowel at the end neither (Daniel and Daniela), and a short word little.

/// Whether one folded word is the other with one slip: a letter doubled or not, two neighbours swapped, one letter too
/// many, or another of its kind.
pub(super) fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let Some(before) = same.checked_sub(1).and_then(|last| long.get(last)) else { return false };
    match (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default()) {
        (short, [extra, rest @ ..]) if short == rest => {
            let is_ending = rest.is_empty() && is_vowel(*extra);
            !is_ending && (extra == before && long.len() >= 4 || long.len() >= 6)
        }
        ([a, b, short @ ..], [c, d, rest @ ..]) if a == d && b == c && short == rest => long.len() >= 4,
        ([a, short @ ..], [b, rest @ ..]) if short == rest => {
            is_of_a_kind(*a, *b, rest.is_empty(), long.len())
        }
        _ => false,
    }
}

/// Whether one letter stands for another of its kind: "Katherine" and "Katharine", "Gonzales" and "Gonzalez".
fn is_of_a_kind(one: char, other: char, is_last: bool, length: usize) -> bool {
    match (is_vowel(one), is_vowel(other)) {
        (true, true) => !is_last && length >= 5,
        (false, false) => length >= if is_last { 6 } else { 7 },
        _ => false,
    }
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn a_slip_of_the_pen_is_one_word_and_a_sister_is_another() {
        for (one, other) in [
            ("anna", "ana"),
            ("philip", "phillip"),
            ("katherine", "katharine"),
            ("gonzales", "gonzalez"),
            ("brian", "brain"),
            ("hernandez", "hernadez"),
            ("delgado", "delgato"),
        ] {
            assert!(is_slip(one, other) && is_slip(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("ana", "ina"),
            ("daniel", "daniela"),
            ("maria", "mario"),
            ("marta", "maria"),
            ("juan", "joan"),
            ("jane", "jean"),
            ("diana", "diane"),
            ("marina", "marisa"),
            ("ann", "anna"),
            ("lee", "le"),
            ("li", "ly"),
            ("ana", "ana"),
            ("", "a"),
        ] {
            assert!(!is_slip(one, other) && !is_slip(other, one), "{one} {other}");
        }
    }
}
