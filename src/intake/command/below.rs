//! Below the commands: what protects the client is heard wherever it stands in what a colleague wrote, on a line of its
//! own. Whoever writes "do not contact" under a greeting or an account means it, and nothing else is done of such lines.

use super::rest::{begins, goes_on};
use super::{Line, Said, instead_of_prose, line_of, note_of, plain, read};
use crate::referral::command::Command;
use crate::referral::reason::Reasons;

/// Words of our letters to staff: what stands below them is ours, where a mail program quotes without a mark.
const OURS: &str = include_str!("ours.txt");
/// So many letters of a line say whether it protects.
const LONGEST: usize = 300;
/// A line that was broken within what protects is no longer, in bytes.
const BROKEN: usize = 30;
/// So many lines of a paragraph below one that permits something are looked at.
const PARAGRAPH: usize = 10;
/// Words that limit what stands above them.
const LIMITS: &str = include_str!("limits.txt");

/// What a colleague says: what protects the client below plain words, and the words as a note beside it. Where those say
/// "confirmed" and not what was settled, that is asked.
#[must_use]
pub fn with_its_prose(text: &str, reasons: &Reasons) -> Said {
    let mut said = read(text, reasons);
    if said.begins_as_prose && !said.commands.is_empty() {
        match instead_of_prose(text) {
            Some(nearest) => said.commands.push(Command::Unread { nearest }),
            None => said.commands.insert(0, note_of(text.trim())),
        }
    }
    said
}

/// What protects the client in these lines.
pub(super) fn protecting<'a>(
    lines: impl Iterator<Item = &'a str>,
    reasons: &Reasons,
) -> impl Iterator<Item = Command> {
    let mut theirs = lines.take_while(|line| !is_ours(line)).map(start).peekable();
    std::iter::from_fn(move || theirs.next().map(|line| protects(line, theirs.peek().copied(), reasons)))
        .flatten()
}

/// What protects the client in a line, whatever it goes on with, or in a short one with the next: mail programs break
/// lines.
pub(super) fn protects(line: &str, next: Option<&str>, reasons: &Reasons) -> Option<Command> {
    let whole = |line: &str| match line_of(line, reasons) {
        Line::Command(command) => command.protects().then_some(command),
        Line::Unclear(_) | Line::Prose => goes_on(line),
    };
    let broken = || {
        let next = next.filter(|next| line.len() <= BROKEN && !next.starts_with('>') && !is_ours(next))?;
        let is_begun = !matches!(line_of(line, reasons), Line::Command(_)) && begins(line);
        is_begun.then(|| format!("{line} {next}")).and_then(|line| whole(&line))
    };
    whole(line).or_else(broken)
}

/// The lines that would work where one that permits something goes on in plain words below it: "only on weekdays".
pub(super) fn takes_back<'a>(
    commands: &[Command],
    line: &'a str,
    paragraph: impl Iterator<Item = &'a str>,
) -> Option<Vec<String>> {
    let permits = commands.iter().rev().find(|command| command.permits())?;
    let goes_on = line.starts_with(char::is_lowercase);
    let limits = |line: &str| LIMITS.lines().any(|limit| has_word(line, limit));
    let is_limited = !is_ours(line) && (goes_on || limits(line) || paragraph.take(PARAGRAPH).any(limits));
    let nearest = match permits {
        Command::EmailSafe { .. } => ["email safe, by phone, from the client", "email not safe"],
        Command::Consent(_) => ["consent yes, by phone, from the client", "consent no"],
        _ => ["allow contact: she called us", "do not contact"],
    };
    is_limited.then(|| nearest.map(str::to_owned).to_vec())
}

/// The lines that would work where the reason of one that takes a stop back denies what it takes back, or limits it.
pub(super) fn denies(reason: &str) -> Option<Vec<String>> {
    let said = HARMLESS.iter().fold(plain(reason), |said, harmless| said.replace(harmless, " "));
    let is_denied =
        said.contains(['?', '❌', '👎', '🚫', '✗', '✘']) || DENIES.lines().any(|word| has_word(&said, word));
    is_denied.then(|| ["allow contact: she called us", "do not contact"].map(str::to_owned).to_vec())
}

/// Words that deny or limit, though a reason that says yes may hold one too: it is asked for in other words.
const DENIES: &str = include_str!("denies.txt");

/// These hold such a word and deny nothing of the kind.
const HARMLESS: [&str; 8] = [
    "no problem",
    "not mind",
    "doesn't mind",
    "doesnt mind",
    "don't mind",
    "no longer lives with",
    "no longer lives there",
    "no hay problema",
];

fn has_word(line: &str, word: &str) -> bool {
    let line = plain(line);
    let mut places = line.match_indices(word).map(|(at, _)| (line.get(..at), line.get(at + word.len()..)));
    places.any(|(before, behind)| {
        let is_end = |text: Option<&str>, last: fn(&str) -> Option<char>| {
            !text.and_then(last).is_some_and(char::is_alphanumeric)
        };
        is_end(before, |text| text.chars().next_back()) && is_end(behind, |text| text.chars().next())
    })
}

/// Whether a line is one of a letter of ours.
pub(super) fn is_ours(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut ours = OURS.lines().filter(|words| !words.starts_with('#'));
    ours.any(|words| match words.strip_prefix("* ") {
        Some(within) => line.contains(within),
        None => line.starts_with(words),
    })
}

fn start(line: &str) -> &str {
    line.char_indices().nth(LONGEST).and_then(|(end, _)| line.get(..end)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::consent::Told;
    use crate::referral::reason::BounceReason;

    fn verbs(text: &str) -> Vec<&'static str> {
        read(text, &Reasons::default()).commands.iter().map(Command::verb).collect()
    }

    #[test]
    fn what_protects_the_client_is_heard_wherever_it_stands_and_nothing_else_is() {
        for (line, command) in [
            ("Do not contact.", Command::DoNotContact),
            ("- no contactar", Command::DoNotContact),
            ("Consent: no", Command::Consent(Told::No)),
            ("Email not safe", Command::EmailNotSafe { why: "not safe".into() }),
            (
                "bounce unsafe to contact",
                Command::Bounce { reason: BounceReason::UnsafeToContact, added: None },
            ),
        ] {
            for above in ["Hi all,\n\nI spoke to her sister.\n", "note one\n".repeat(12).as_str()] {
                let text = format!("{above}\n{line}\naccept\n{line}\nThanks\n");
                let said = read(&text, &Reasons::default());
                let protecting: Vec<&Command> = said.commands.iter().filter(|one| one.protects()).collect();
                assert_eq!(protecting, [&command], "{text}");
                assert!(!said.commands.contains(&Command::Accept), "{text}");
                assert_eq!(said.begins_as_prose, above.starts_with("Hi"), "{text}");
            }
        }
        let many = format!("{}do not contact", "I called and nobody was there\n".repeat(200));
        assert_eq!(verbs(&many), ["do not contact"]);
        let long = format!("Hello\nemail not safe: {}", "he reads it all ".repeat(400));
        assert_eq!(verbs(&long), ["email not safe"]);
        let like_ours = "I tried all ways to reach the person, no luck.\ndo not contact";
        assert_eq!(verbs(like_ours), ["do not contact"]);
        for text in [
            "Hello\nShe said: do not contact",
            "Hello\n> do not contact",
            "Hello\ndo not contact the landlord",
            "Hello\nbounce bad contact info",
            "Hello\nclose done",
            "Hello\nconsent yes, by phone, from the client",
            "Hello\nconsent yes, no doubt",
            "Hello\nconsent notes are in the file",
            "Hello\n> consent no, she took it back",
            "Hello\nno contactar al casero",
        ] {
            assert!(verbs(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_line_that_protects_and_goes_on_protects_too() {
        for (line, verb) in [
            ("consent no, she took it back", "consent"),
            ("Consent: no - she took it back yesterday", "consent"),
            ("consent no longer given", "consent"),
            ("consentimiento no, ya no quiere", "consent"),
            ("do not contact her by mail or phone", "do not contact"),
            ("Don't contact them until I call", "do not contact"),
            ("don\u{2019}t contact her", "do not contact"),
            ("no contactarla porque su esposo lee", "do not contact"),
            ("email not safe since Monday", "email not safe"),
            ("bounce unsafe to contact, she says", "bounce"),
        ] {
            for above in ["Hi all,\n\nI spoke to her sister.\n", "note one\n\nI spoke to her sister.\n"] {
                let said = read(&format!("{above}{line}\nThanks"), &Reasons::default());
                let protecting: Vec<_> = said.commands.iter().filter(|one| one.protects()).collect();
                assert_eq!(protecting.iter().map(|one| one.verb()).collect::<Vec<_>>(), [verb], "{line}");
            }
        }
    }

    #[test]
    fn a_line_that_protects_counts_whatever_it_goes_on_with_and_wherever_it_is_broken() {
        for (text, verb) in [
            ("do not contact her by mail or phone", "do not contact"),
            ("Do not contact the client until I call you.", "do not contact"),
            ("Please do not contact her, he reads it all", "do not contact"),
            ("do not\ncontact", "do not contact"),
            ("Don't\ncontact her, he is home", "do not contact"),
            ("accept\nplease do not contact her before noon\nThanks", "do not contact"),
            ("email not\nsafe, he has her password", "email not safe"),
            ("email\nis not safe any more", "email not safe"),
            ("Hi all,\n\nI spoke to her.\nemail is\nnot safe since Monday", "email not safe"),
            ("consent no, not yet", "consent"),
            ("consent\nno, she took it back", "consent"),
            ("consent no longer given, she says\nthat he found out", "consent"),
            ("bounce\nunsafe to contact", "bounce"),
        ] {
            let said = read(text, &Reasons::default());
            let protecting: Vec<_> = said.commands.iter().filter(|one| one.protects()).collect();
            assert_eq!(protecting.iter().map(|one| one.verb()).collect::<Vec<_>>(), [verb], "{text}");
        }
        for text in [
            "do not\ncontact the landlord",
            "Hello\ndo not\n> contact",
            "email\nher tomorrow",
            "email her\nnot him",
            "consent form\nno",
            "Do not\n\ncontact her brother",
        ] {
            assert!(!read(text, &Reasons::default()).commands.iter().any(Command::protects), "{text}");
        }
    }

    #[test]
    fn a_reason_that_denies_takes_no_stop_back() {
        for reason in [
            "she does not want any",
            "she doesn’t want letters",
            "client said no",
            "never",
            "nobody asked",
            "she refuses",
            "only by phone",
            "not yet",
            "not safe",
            "did she say so?",
            "she asked us to stop",
            "❌",
            "no quiere",
            "no",
        ] {
            for line in [format!("allow contact: {reason}"), format!("permitir contacto {reason}")] {
                let said = read(&line, &Reasons::default());
                assert!(said.commands.is_empty() && !said.unclear.is_empty(), "{line}: {said:?}");
            }
        }
        for reason in ["she called me", "he asked for letters on the phone", "she does not mind letters now"]
        {
            let said = read(&format!("allow contact: {reason}"), &Reasons::default());
            assert!(
                said.unclear.is_empty() && said.commands.first().is_some_and(Command::permits),
                "{reason}"
            );
        }
    }

    #[test]
    fn a_line_that_permits_and_goes_on_in_plain_words_is_asked_about() {
        const LINES: [&str; 3] = [
            "email safe, by phone, from the client",
            "consent yes, by phone, from the client",
            "allow contact: she called me",
        ];
        for line in LINES {
            for behind in [
                "\nbut not on weekends",
                "\nunless he is home",
                "\nwhen he is at work",
                "\n\nOnly in the mornings.",
                "\nThanks. She checks it\nonly at work",
                "\npero solo por la manana",
                "\nNo mail before Friday, please.",
            ] {
                let said = read(&format!("accept\n{line}{behind}"), &Reasons::default());
                assert!(said.commands.is_empty() && !said.unclear.is_empty(), "{line}{behind}: {said:?}");
                assert!(said.why_not().contains("was understood"), "{}", said.why_not());
            }
            for behind in ["", "\n\nThanks,\nMaria", "\nThank you!", "\nMaria Lopez\nIntake", "\nresume"] {
                let said = read(&format!("{line}{behind}"), &Reasons::default());
                assert!(
                    said.unclear.is_empty() && said.commands.first().is_some_and(Command::permits),
                    "{behind}"
                );
            }
        }
        for line in ["email safe, by phone, from the client", "consent yes, by phone, from the client"] {
            let said = read(&format!("{line} but not on weekends"), &Reasons::default());
            assert!(said.commands.is_empty() && !said.unclear.is_empty(), "{line}: {said:?}");
            let (one, other) = line.split_at(line.len() - " the client".len());
            let said = read(&format!("{one}\n{}", other.trim()), &Reasons::default());
            assert!(said.commands.is_empty() && !said.unclear.is_empty(), "{line}: {said:?}");
        }
    }

    #[test]
    fn the_lines_that_a_letter_of_ours_lists_are_not_theirs() {
        for letter in [
            include_str!("../../../templates/parts/answers.en.txt"),
            include_str!("../../../templates/parts/answers.en.html"),
            include_str!("../../../templates/parts/help-first.en.txt"),
            include_str!("../../../templates/details/en.txt"),
            include_str!("../../../templates/not-done/en.txt"),
            include_str!("../../../templates/status-answer/en.txt"),
            include_str!("../../../templates/summary/en.txt"),
        ] {
            let ours = letter.replace("{{ answer }}", "do not contact") + "\n    do not contact\n";
            assert!(verbs(&format!("Thanks, I will look.\n\n{ours}")).is_empty(), "{ours}");
            assert_eq!(verbs(&format!("Thanks.\ndo not contact\n\n{ours}")), ["do not contact"]);
        }
    }
    #[test]
    fn the_lines_of_every_letter_to_staff_are_not_theirs_where_it_is_quoted_without_a_mark() {
        const DETAILS: &str = "Please read this where nobody looks over your shoulder. Do not forward it,\ndo not \
            print it, and delete it once you have called.\n\nWays to reach the person:\n\n- Email: not safe\n- \
            Phone: safe\n\nWhat we hold, as it was written:\n\n- Consent: no\n- Do not contact: yes\n";
        for at in ["Please read", "Ways to", "What we hold"] {
            let ours = DETAILS.split_once(at).map(|(_, behind)| format!("{at}{behind}")).unwrap_or_default();
            for above in ["", "accept\n", "accept\n\n", "Thanks, I will look.\n\n"] {
                let said = read(&format!("{above}{ours}"), &Reasons::default());
                assert!(!said.commands.iter().any(Command::protects), "{above}{ours}");
                let text = format!("{above}Thanks\nconsent no\n\n{ours}");
                let said = read(&text, &Reasons::default());
                assert_eq!(said.commands.iter().filter(|one| one.protects()).count(), 1, "{text}");
            }
        }
        let template = include_str!("../../../templates/details/en.txt").to_lowercase();
        for words in OURS.lines().filter(|words| !words.starts_with('#')) {
            let words = words.trim_start_matches("* ");
            assert!(template.contains(words), "{words}: no letter says so any more");
        }
    }
}
