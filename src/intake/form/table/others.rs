//! Tables of people who are no clients: "Our staff:", "Emergency contacts", "Referrer information" above "Name |
//! Phone".

use super::super::fold::{fold, words};
use super::super::lexicon::{LEXICON, Whose};

/// Whose rows a table holds, by the line above it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Above {
    /// Nothing says that they are somebody else's.
    Anybody,
    /// It heads the section of one who is no client: one row says who that is, of several nobody knows.
    Section,
    /// It heads a list of people who are no clients.
    List,
}

/// What the line above a table says of its rows.
pub(crate) fn above(line: &str) -> Above {
    let folded = fold(line);
    let all = words(&folded);
    let is_list = |words: &str| LEXICON.phrases("lists_of_others").is(words);
    // "Household information" may be of all whom a referral is for.
    let says_more = all.last().is_some_and(|last| matches!(*last, "information" | "info" | "details"));
    if is_list(&folded) || !says_more && is_list(&core(&all)) {
        Above::List
    } else if LEXICON.heading(&folded).is_some_and(is_others)
        || LEXICON.heading(&core(&all)).is_some_and(is_others)
    {
        Above::Section
    } else {
        Above::Anybody
    }
}

const fn is_others(whose: Whose) -> bool {
    matches!(whose, Whose::Referrer | Whose::Opposing | Whose::Other)
}

/// The words without whose they are before them, and without what only says that it is a list, or whose, behind them:
/// "our staff contacts at Hill House" is "staff".
fn core(all: &[&str]) -> String {
    let is = |list: &str, word: &str| LEXICON.phrases(list).is(word);
    let from = all.iter().take_while(|word| is("list_openers", word)).count();
    let all = all.get(from..).unwrap_or_default();
    let to = all.iter().position(|word| is("list_joins", word)).filter(|to| *to > 0).unwrap_or(all.len());
    let mut all = all.get(..to).unwrap_or_default();
    while let [rest @ .., last] = all {
        if rest.is_empty() || !is("list_ends", last) {
            break;
        }
        all = rest;
    }
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_above_a_table_says_whose_its_rows_are() {
        for line in [
            "Our staff:",
            "STAFF",
            "Our staff contacts",
            "Staff directory:",
            "Staff at Hill House:",
            "Our team members",
            "The advocates:",
            "Nuestro personal:",
            "Emergency contacts",
            "Points of contact",
        ] {
            assert_eq!(above(line), Above::List, "{line}");
        }
        for line in ["Referrer information", "Agency details:", "Opposing party", "Family members"] {
            assert_ne!(above(line), Above::Anybody, "{line}");
        }
        for line in [
            "",
            "Our staff met these survivors:",
            "Our team refers:",
            "New clients from our staff:",
            "Our clients:",
            "Clients",
            "Contacts for new clients:",
            "Referrals",
            "Staff and clients:",
            "Household information",
            "Children's details",
        ] {
            assert_eq!(above(line), Above::Anybody, "{line}");
        }
    }
}
