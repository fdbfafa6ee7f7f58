//! Ours: which lines of an answer are those of the letter it answers, where a mail program quoted it without a mark. The
//! letter itself tells, as it left: an office may have words of its own in its place.

use std::collections::BTreeMap;

use super::below::protects;
use super::{Line, line_of};
use crate::intake::form::fold::fold;
use crate::intake::warning;
use crate::referral::reason::Reasons;

/// A line of so many letters is nobody's by chance.
const LONG: usize = 20;
/// So many short ones in a row are not either.
const ROW: usize = 3;
/// So many lines of either are looked at; what somebody wrote below them is theirs.
const MOST: usize = 2_000;

/// What somebody wrote, without the lines of our letter; `None` where it holds none of them. Above the first line that
/// can be told from a command everything is theirs, and below it each line of ours is taken out once: whoever writes one
/// of its commands below our letter has written it once more. What protects the client is theirs above its first long
/// line, whatever the letter says there: of a letter that is quoted in part nobody knows where it begins. Only where it
/// is quoted from its first line on, letter for letter, it is the letter's.
#[must_use]
pub fn without(own: &str, letter: &str, reasons: &Reasons) -> Option<String> {
    let mut lines = own.lines();
    let own: Vec<(&str, String)> = lines.by_ref().take(MOST).map(|line| (line, fold(line))).collect();
    let ours: Vec<String> = letter.lines().take(MOST).map(fold).filter(|line| !line.is_empty()).collect();
    let all = format!(" {} ", ours.join(" "));
    let (begins, from) = beginning(&own, &ours, &all, reasons)?;
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for line in ours.iter().skip(from) {
        *left.entry(line).or_default() += 1;
    }
    let settled = settled(&own, begins, &all, reasons);
    let is_in_doubt = |place: usize| {
        let next = own.get(place + 1).map(|(line, _)| line.trim());
        let guards = |line: &str| protects(line, next, reasons).is_some() || warning::of([line]).is_grave;
        let is_of_all = |line: &str| from == 0 && letter.lines().any(|ours| ours.trim() == line);
        let is_theirs = |line: &str| guards(line) && !is_of_all(line);
        place < settled && own.get(place).is_some_and(|(line, _)| is_theirs(line.trim()))
    };
    let mut before = String::new();
    let mut is_ours = |line: &str, folded: &str| {
        let is_whole = left.get_mut(folded).filter(|times| **times > 0).map(|times| *times -= 1).is_some();
        let is_prose = || matches!(line_of(line.trim(), reasons), Line::Prose);
        let is_part = || folded.len() >= LONG && all.contains(&format!(" {folded} "));
        let goes_on = || !before.is_empty() && all.contains(&format!(" {before} {folded} "));
        let is_ours = is_whole || is_prose() && (is_part() || goes_on());
        before = if is_ours { folded.to_owned() } else { String::new() };
        is_ours
    };
    let kept = own.iter().enumerate().filter(|(place, (line, folded))| {
        *place < begins || folded.is_empty() || is_in_doubt(*place) || !is_ours(line, folded)
    });
    Some(kept.map(|(_, (line, _))| *line).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// The place of the first long line of our letter, which nobody wrote by chance.
fn settled(own: &[(&str, String)], begins: usize, all: &str, reasons: &Reasons) -> usize {
    let is_long = |line: &str, folded: &str| {
        let is_part = folded.len() >= LONG && all.contains(&format!(" {folded} "));
        is_part && matches!(line_of(line.trim(), reasons), Line::Prose)
    };
    let mut below = own.iter().enumerate().skip(begins);
    below.find(|(_, (line, folded))| is_long(line, folded)).map_or(own.len(), |(place, _)| place)
}

/// Where our letter begins, and with which of its lines: at a long one that is no command, or at some in a row, and from
/// there upwards as far as the lines are those above in the letter.
fn beginning(
    own: &[(&str, String)],
    ours: &[String],
    all: &str,
    reasons: &Reasons,
) -> Option<(usize, usize)> {
    let is_written = |(_, (_, line)): &(usize, &(&str, String))| !line.is_empty();
    let written: Vec<(usize, &(&str, String))> = own.iter().enumerate().filter(is_written).collect();
    let folded = |at: usize| written.get(at).map(|(_, (_, folded))| folded);
    let is_prose = |at: usize| {
        let (_, (line, folded)) = written.get(at)?;
        let is_long = folded.len() >= LONG && all.contains(&format!(" {folded} "));
        let is_meant = is_long && matches!(line_of(line.trim(), reasons), Line::Prose);
        is_meant.then(|| ours.iter().position(|line| line.contains(folded.as_str())).unwrap_or(0))
    };
    let is_row = |at: usize| {
        let is_same = |place: usize, more: usize| {
            ours.get(place + more).is_some_and(|line| folded(at + more) == Some(line))
        };
        (0..ours.len()).find(|place| (0..ROW).all(|more| is_same(*place, more)))
    };
    let begins = |at: usize| Some((at, is_prose(at).or_else(|| is_row(at))?));
    let (mut first, mut from) = (0..written.len()).find_map(begins)?;
    while first > 0 && from > 0 && folded(first - 1) == ours.get(from - 1) {
        (first, from) = (first - 1, from - 1);
    }
    Some((written.get(first)?.0, from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::command::read;

    const LETTER: &str = "Consent: no\nDatos de la persona para quien la va a llamar por telefono:\n\n- Email: not safe\n\
        - Do not contact: yes\n- Consent: no\n\nPlease call by Tuesday. Then reply with one of these:\n\n    accept\n    \
        do not contact\n    close advice given\n";

    fn protecting(own: &str) -> Vec<&'static str> {
        let reasons = Reasons::default();
        let own = without(own, LETTER, &reasons).unwrap_or_else(|| own.to_owned());
        read(&own, &reasons).commands.iter().map(crate::referral::command::Command::verb).collect()
    }

    #[test]
    fn the_lines_of_the_letter_that_is_answered_are_not_theirs_whatever_its_words() {
        for quoted in [
            LETTER.to_owned(),
            LETTER.replace("\n\n", "\n"),
            LETTER.replace("- ", "\u{2022} "),
            LETTER.replace("quien la va", "quien\nla va").replace("Then reply", "Then\nreply"),
            LETTER.lines().skip(1).collect::<Vec<_>>().join("\r\n"),
        ] {
            assert!(protecting(&format!("Thanks, I will look.\n\n{quoted}")).is_empty(), "{quoted}");
            assert_eq!(protecting(&format!("attempt call no answer\n\n{quoted}")), ["attempt"], "{quoted}");
            assert_eq!(protecting(&format!("accept\n{quoted}")), ["accept"], "{quoted}");
            for line in ["do not contact", "consent no", "email not safe"] {
                let verb = line.strip_suffix(" no").unwrap_or(line);
                assert_eq!(protecting(&format!("{line}\n\n{quoted}")), [verb], "{quoted}");
                assert_eq!(protecting(&format!("Hello\n{line}\n\n{quoted}")), [verb], "{quoted}");
                assert_eq!(protecting(&format!("{quoted}\n{line}\n")), [verb], "below: {quoted}");
            }
            let between = quoted.replace("Please call", "consent no\nPlease call");
            assert_eq!(protecting(&between), ["consent"], "between: {between}");
        }
    }

    #[test]
    fn what_protects_the_client_is_theirs_above_a_letter_that_is_quoted_in_part() {
        let lines: Vec<&str> = LETTER.lines().collect();
        for from in 0..lines.len() {
            let quoted = lines[from..].join("\n");
            let above = lines[..from].iter().rev().find(|line| !line.is_empty()).copied().unwrap_or_default();
            let mut whole = vec!["do not contact", "consent no", "email not safe"];
            // From the second line on, with the first one above it, it is the whole letter.
            whole.extend((from > 1 && above.starts_with("- ")).then_some(above));
            for line in whole {
                let verb = protecting(line);
                assert_eq!(verb.len(), 1, "{line}");
                let heard = protecting(&format!("{line}\n{quoted}"));
                assert!(heard.contains(&verb[0]), "{line} above {quoted}: {heard:?}");
            }
        }
        let reasons = Reasons::default();
        let letter = format!("We wrote this.\nhe reads her mail\n{LETTER}");
        let answer = format!("he reads her mail\n{LETTER}");
        let own = without(&answer, &letter, &reasons).unwrap();
        assert!(own.starts_with("he reads her mail"), "{own}");
    }

    #[test]
    fn a_command_below_our_letter_is_theirs_also_a_long_one_and_below_very_many_lines() {
        let reasons = Reasons::default();
        let letter = LETTER.replace("    accept\n", "    bounce unsafe to contact\n");
        let below = without(&format!("{letter}bounce unsafe to contact\n"), &letter, &reasons);
        assert_eq!(below.as_deref(), Some("\n\n\nbounce unsafe to contact"));
        let far = format!("{LETTER}{}do not contact\n", "so it is\n".repeat(MOST));
        assert!(without(&far, LETTER, &reasons).is_some_and(|own| own.ends_with("do not contact")));
    }

    #[test]
    fn what_holds_no_letter_of_ours_stays_as_it_is() {
        let reasons = Reasons::default();
        for own in
            ["", "accept", "do not contact", "accept\ndo not contact\nthanks", "I called her.\nconsent no"]
        {
            assert_eq!(without(own, LETTER, &reasons), None, "{own}");
        }
        assert_eq!(without("do not contact", "", &reasons), None);
        let long = "Please call by Tuesday. Then reply with one of these:\n".repeat(5_000);
        assert!(without(&long, &long, &reasons).is_some());
    }
}
