//! Tables of people who are no clients: "Our staff:", "Emergency contacts", "Referrer information" above "Name |
//! Phone".

use super::fold::{fold, words};
use super::lexicon::{LEXICON, Whose};

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
    } else if LEXICON.heading(&folded).is_some_and(Whose::is_of_others)
        || LEXICON.heading(&core(&all)).is_some_and(Whose::is_of_others)
    {
        Above::Section
    } else {
        Above::Anybody
    }
}

/// Whether a line above labels heads a list of people who are no clients. What helps people is none: nobody's name
/// stands below "Services".
pub(crate) fn lists_people(line: &str) -> bool {
    const THINGS: [&str; 5] = ["services", "resources", "hotlines", "involved", "household"];
    above(line) == Above::List && !words(&fold(line)).iter().any(|word| THINGS.contains(word))
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
    use super::super::tests::context;
    use super::super::{Harvest, Source, read};
    use super::*;
    use crate::referral::packet::{Field, Safety};

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

    fn harvest(text: &str) -> Harvest {
        read(Source { text, ..Source::default() }, &context())
    }

    fn names(harvest: &Harvest) -> Vec<Option<&str>> {
        harvest.packets.iter().map(|packet| packet.text(Field::ClientName)).collect()
    }

    fn is_told(harvest: &Harvest) -> bool {
        harvest.problems.iter().any(|said| said.contains("look whether a client is among them"))
    }

    #[test]
    fn below_the_heading_of_others_a_name_is_no_clients_until_a_client_is_named() {
        for heading in ["Our staff:", "Our staff", "Staff contacts:", "OUR ADVOCATES", "Nuestro personal:"] {
            for gap in ["\n", "\n\n"] {
                let staff =
                    format!("{heading}{gap}Name: Dana Cole\nPhone: 518-555-0199\nEmail: dana@hill.example\n");
                for text in [
                    format!("{staff}\nClient name: Ana Vega\nPhone: 518-555-0142\nLanguage: Dari\n"),
                    format!("Client name: Ana Vega\nPhone: 518-555-0142\nLanguage: Dari\n\n{staff}"),
                    format!(
                        "{staff}\nCLIENT INFORMATION\nName: Ana Vega\nPhone: 518-555-0142\nLanguage: Dari\n"
                    ),
                ] {
                    let harvest = harvest(&text);
                    assert_eq!(names(&harvest), [Some("Ana Vega")], "{text}");
                    assert_eq!(harvest.packets[0].text(Field::ClientPhone), Some("518-555-0142"), "{text}");
                    assert_eq!(harvest.packets[0].text(Field::ClientEmail), None, "{text}");
                    assert!(is_told(&harvest), "{text}");
                }
                let alone = harvest(&format!("{staff}Safe to call: yes\nSafe to email: yes\n"));
                for packet in &alone.packets {
                    assert_eq!(packet.text(Field::ClientName), None, "{staff}");
                    let channels = packet.channels();
                    assert!(channels.call != Safety::Safe && channels.email != Safety::Safe, "{staff}");
                }
                assert!(is_told(&alone), "{staff}");
            }
        }
    }

    #[test]
    fn words_of_a_list_that_head_no_names_are_no_heading() {
        for text in [
            "Relationship:\nStaff\nName: Ana Vega\nPhone: 518-555-0142\n",
            "Services:\nName: Ana Vega\nPhone: 518-555-0142\n",
            "Our staff met her today.\nName: Ana Vega\nPhone: 518-555-0142\n",
            "Household:\nName: Ana Vega\nPhone: 518-555-0142\n",
        ] {
            let harvest = harvest(text);
            assert_eq!(names(&harvest), [Some("Ana Vega")], "{text}");
            assert!(!is_told(&harvest), "{text}");
        }
    }

    #[test]
    fn a_table_of_others_that_is_not_read_is_told() {
        for (table, told) in [
            // On its side, below a heading of others; one that names clients is read.
            (
                "Referrer information\n\n| Name | Jo Bell | Di Roe |\n| Phone | 518-555-0198 | 518-555-0199 |\n",
                true,
            ),
            (
                "Referrer information\n| Client name | Ana Vega | Bo Kim |\n| Phone | 518-555-0142 | 518-555-0143 |\n",
                false,
            ),
            ("Our staff:\n| Name | Jo Bell | Di Roe |\n| Phone | 518-555-0198 | 518-555-0199 |\n", true),
            // Rows below labels, rows without, and rows of label and value.
            ("Our staff:\n| Name | Phone | Email |\n| Jo Bell | 518-555-0198 | jo@hill.example |\n", true),
            ("Our staff:\n| Jo Bell | Advocate | 518-555-0198 |\n| Di Roe | Nurse | 518-555-0199 |\n", true),
            ("Our staff:\n| Name | Jo Bell |\n| Phone | 518-555-0198 |\n", true),
            // Members of the household.
            (
                "Client name: Ana Vega\n\n| Name | Age | DOB |\n| Leo | 4 | 1/2/2020 |\n| Mia | 7 | 1/2/2017 |\n",
                true,
            ),
            ("Client name: Ana Vega\nPhone: 518-555-0142\n", false),
            ("Referrer information\n| Name | Jo Bell |\n| Phone | 518-555-0198 |\n", false),
        ] {
            let harvest = harvest(table);
            assert_eq!(is_told(&harvest), told, "{table}{:?}", harvest.problems);
            let names = names(&harvest);
            assert!(!names.contains(&Some("Jo Bell")) && !names.contains(&Some("Leo")), "{table}");
        }
        let clients = [
            "Agency details",
            "| Client name | Ana Vega | Bo Kim |",
            "| Phone | 518-555-0142 | 518-555-0143 |",
        ]
        .join("\n");
        assert_eq!(names(&harvest(&clients)), [Some("Ana Vega"), Some("Bo Kim")]);
    }

    #[test]
    fn a_form_in_rows_below_the_heading_of_others_is_the_clients_from_their_name_on() {
        let text =
            "Our staff:\n| Client name | Ana Vega |\n| Phone | 518-555-0142 |\n| Safe to call | no |\n";
        let harvest = harvest(text);
        assert_eq!(names(&harvest), [Some("Ana Vega")]);
        assert_eq!(harvest.packets[0].text(Field::ClientPhone), Some("518-555-0142"));
        assert_eq!(harvest.packets[0].text(Field::SafeCall), Some("no"));
    }
}
