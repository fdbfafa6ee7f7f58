//! The words that make a word of warning harmless where it stands: one file a language, one list a line.

use std::sync::LazyLock;

use crate::intake::quick::WordSet;

/// One file a language; all of them count together, for people mix them in one sentence.
const LANGUAGES: [&str; 2] = [include_str!("harmless/en.txt"), include_str!("harmless/es.txt")];

/// A list of words; the English file says what each is for.
#[derive(Clone, Copy)]
pub(super) enum List {
    Persons,
    Referral,
    Lost,
    Caused,
    Wary,
    Written,
    Verbs,
    Hers,
    Bills,
    Sent,
    Agreed,
    HomeLost,
    Cases,
    Gone,
    Owners,
    Reaching,
    OtherBills,
    Workplaces,
    Marks,
    Nots,
    High,
    Addressed,
    TheirOwn,
    Unaware,
    Referred,
    Risks,
    Of,
    Until,
}

/// The names of the lists, in their order.
const NAMES: [&str; 28] = [
    "persons",
    "referral",
    "lost",
    "caused",
    "wary",
    "written",
    "verbs",
    "hers",
    "bills",
    "sent",
    "agreed",
    "home_lost",
    "cases",
    "gone",
    "owners",
    "reaching",
    "other_bills",
    "workplaces",
    "marks",
    "nots",
    "high",
    "addressed",
    "their_own",
    "unaware",
    "referred",
    "risks",
    "of",
    "until",
];

static LISTS: LazyLock<Vec<WordSet>> = LazyLock::new(|| {
    let lines = || LANGUAGES.into_iter().flat_map(str::lines).filter_map(|line| line.split_once(": "));
    let words = |name: &'static str| {
        lines().filter(move |(key, _)| *key == name).flat_map(|(_, words)| words.split(' '))
    };
    NAMES.into_iter().map(|name| words(name).map(str::to_owned).collect()).collect()
});

impl List {
    /// Whether a folded word is in it.
    pub(super) fn holds(self, word: &str) -> bool {
        LISTS.get(self as usize).is_some_and(|list| list.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_words_and_every_line_is_a_list() {
        assert!(LISTS.iter().all(|list| !list.is_empty()));
        for line in LANGUAGES.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
            let (name, words) = line.split_once(": ").unwrap();
            assert!(NAMES.contains(&name) && !words.trim().is_empty(), "{line}");
        }
        let last = List::Until as usize;
        assert_eq!(last + 1, NAMES.len());
    }
}
