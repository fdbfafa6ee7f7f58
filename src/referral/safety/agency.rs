//! Organizations that a consent names. Only a name that is the same, word for word, is one of them: "Legal Aid" is not
//! "Legal Aid of the North", and "not North Clinic" names nobody who may be told.

use std::collections::BTreeSet;

use super::super::fold::words;

/// Words that take somebody out of a list, or set a condition. "t" is what is left of "can't" and "doesn't".
const TURNS: &str = "not no never nobody none except excluding but without unless if when until till before after maybe \
    perhaps ask pending other than avoid cannot t cant dont doesnt didnt isnt wont shouldnt revoked \
    revokes withdrawn withdrew withdraws rescinded cancelled canceled declined declines denied refused \
    refuses former formerly previously expired removed against revocado retirado rechazado vencido \
    excepto menos salvo sino pero sin nunca nadie si quizas hasta";

/// Whether one of these names stands in a list that somebody wrote, and nothing in the list takes anybody out or sets a
/// condition.
pub(super) fn is_named(list: &str, names: &[&str]) -> bool {
    // A remark in brackets, a question or a colon says more than a name.
    let is_remarked = list.contains(['(', ')', '[', ']', '?', ':']);
    let turns = |word: &String| TURNS.split_ascii_whitespace().any(|turn| turn == word);
    if is_remarked || words(list).iter().any(turns) {
        return false;
    }
    let names: Vec<BTreeSet<String>> =
        names.iter().map(|name| heart(name)).filter(|heart| !heart.is_empty()).collect();
    items(list).iter().any(|item| names.contains(item))
}

/// The items of a list, each as it is parted by signs, and by "and" too.
fn items(list: &str) -> Vec<BTreeSet<String>> {
    const AND: [&str; 6] = [" and ", " & ", " or ", " y ", " e ", " o "];
    let folded = super::super::fold::fold(list);
    let parts: Vec<&str> = folded.split([',', ';', '\n', '/', '•', '|']).collect();
    let finer = parts.iter().flat_map(|part| {
        AND.iter()
            .fold(vec![*part], |parts, and| parts.into_iter().flat_map(|part| part.split(and)).collect())
    });
    parts.iter().copied().chain(finer).map(heart).collect()
}

/// The words of a name that tell it from others.
fn heart(name: &str) -> BTreeSet<String> {
    const BESIDE: [&str; 22] = [
        "the",
        "of",
        "inc",
        "llc",
        "org",
        "a",
        "an",
        "and",
        "only",
        "just",
        "de",
        "la",
        "el",
        "los",
        "las",
        "del",
        "y",
        "solo",
        "solamente",
        "unicamente",
        "with",
        "con",
    ];
    words(name).into_iter().filter(|word| !BESIDE.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_for_one_is_none_for_another() {
        let names = ["North Clinic", "north-clinic"];
        for (list, expected) in [
            ("North Clinic", true),
            ("the north clinic only", true),
            ("North Clinic, Legal Aid of the Valley", true),
            ("Legal Aid and North Clinic", true),
            ("solo North Clinic", true),
            ("Legal Aid / North Clinic", true),
            ("NORTH CLINIC, Inc.", true),
            ("Legal Aid", false),
            ("not North Clinic", false),
            ("anyone but North Clinic", false),
            ("anyone except North Clinic", false),
            ("North Clinic Annex", false),
            ("Clinic", false),
            ("North", false),
            ("North, Clinic", false),
            ("North Clinic if she agrees first", false),
            ("maybe North Clinic", false),
            ("North Clinic (housing only), Legal Aid", false),
            ("housing, can't share medical, North Clinic", false),
            ("She can’t say yet, North Clinic", false),
            ("North Clinic, revoked", false),
            ("North Clinic; declined", false),
            ("North Clinic / withdrawn", false),
            ("North Clinic?", false),
            ("", false),
            ("the", false),
        ] {
            assert_eq!(is_named(list, &names), expected, "{list}");
        }
        assert!(!is_named("", &[""]) && !is_named("the", &["The"]));
        assert!(is_named("Aid and Comfort", &["Aid and Comfort"]));
    }

    #[test]
    fn a_list_that_takes_somebody_out_names_nobody_after_it() {
        for list in ["Legal Aid, but not, North Clinic", "everyone, except: North Clinic"] {
            assert!(!is_named(list, &["North Clinic"]), "{list}");
        }
    }
}
