//! The headings of Lotus Notes over a quoted mail, which marks nothing below them: boxes drawn with bars, a second
//! column of labels beside the sender, and labels each alone on a line.

use super::heading::{has_address, has_time};
use super::line::Line;
use super::words::{Label, WORDS, normal};
use crate::intake::quick;

/// How far a heading reaches, in lines.
const REACH: usize = 40;

/// How many lines above its first label a heading may begin: the sender, folded, and the date.
const SENDER: usize = 8;

/// A heading of Lotus Notes.
pub(super) struct Heading {
    /// Its first line.
    pub(super) start: usize,
    /// The first line after it.
    pub(super) end: usize,
}

/// The heading seen from a line in it: the first bar of a box, or the label of whom the mail went to.
pub(super) fn heading(lines: &[Line<'_>], at: usize) -> Option<Heading> {
    let line = lines.get(at)?;
    if line.inner.starts_with("|-") {
        return boxed(lines, at).map(|end| Heading { start: at, end });
    }
    let found = if alone(line) & Label::To as u8 != 0 {
        stacked(lines, at)
    } else {
        beside(line).filter(|beside| beside & Label::To as u8 != 0).and_then(|_| columns(lines, at))
    };
    found.map(|(start, end)| Heading { start, end })
}

/// A box of bars, with a label or a date in it.
fn boxed(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let is_edge = |line: &Line<'_>| {
        let bare = line.text.trim_start_matches('>');
        line.text.len() >= 6
            && bare.trim_matches(|c| matches!(c, '|' | '-' | '+' | '>' | ' ' | '=')).is_empty()
    };
    let in_box = |line: &Line<'_>| line.text.starts_with('|') || is_edge(line) || line.is_blank();
    lines.get(at).filter(|line| is_edge(line))?;
    let (mut kinds, mut end, mut is_dated) = (0, at, false);
    for (offset, line) in lines.get(at..)?.iter().take(REACH).take_while(|line| in_box(line)).enumerate() {
        let bare = line.text.trim_matches(|c: char| c == '|' || c.is_whitespace());
        kinds |= bits_before_colon(bare) | WORDS.label_bits(&normal(bare));
        is_dated |= line.has_digit && has_time(bare);
        if !line.is_blank() {
            end = at + offset + 1;
        }
    }
    (kinds.count_ones() >= 2 && (is_dated || kinds & Label::From as u8 != 0)).then_some(end)
}

/// `To`, a name, `cc`, `Subject`, each on a line, below the sender and the date.
fn stacked(lines: &[Line<'_>], at: usize) -> Option<(usize, usize)> {
    let below = lines.get(at..)?.iter().take(SENDER * 2);
    let subject = below.clone().position(|line| alone(line) & Label::Subject as u8 != 0)?;
    // The subject itself stands on the next line that is not empty.
    let after = lines.get(at + subject + 1..)?.iter().take(3).position(|line| !line.is_blank());
    let end = at + subject + 1 + after.map_or(0, |line| line + 1);
    let start = sender_above(lines, at).or_else(|| labels_above(lines, at, end))?;
    Some((start, end))
}

/// Where the label of the sender, alone on a line, stands above this line, when the heading has a date as well: a form
/// can ask from whom, to whom and about what.
fn labels_above(lines: &[Line<'_>], at: usize, end: usize) -> Option<usize> {
    let from = at.saturating_sub(SENDER);
    let above = lines.get(from..at)?;
    let found = above.iter().rposition(|line| alone(line) & Label::From as u8 != 0)?;
    lines.get(from + found..end)?.iter().any(is_dated).then_some(from + found)
}

/// Where a sender with a date and a time begins right above this line.
fn sender_above(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let from = at.saturating_sub(SENDER);
    let above = lines.get(from..at)?;
    let dated = above.iter().rposition(is_dated)?;
    // Only empty lines and the end of a folded date may stand between.
    let is_near = |line: &Line<'_>| line.is_blank() || line.text.len() <= 12;
    if !above.get(dated + 1..)?.iter().all(is_near) {
        return None;
    }
    let names =
        above.get(..dated)?.iter().rev().take_while(|line| !line.is_blank() && line.text.len() <= 80).take(4);
    let is_sender = |line: &&Line<'_>| has_address(line.text) || line.text.contains('/') && !is_dated(line);
    let holds = names.clone().any(|line| is_sender(&line))
        || above.get(dated).is_some_and(|line| has_address(line.text));
    holds.then_some(from + dated - names.count())
}

/// A second column of labels, the sender and the date in the first.
fn columns(lines: &[Line<'_>], at: usize) -> Option<(usize, usize)> {
    let below = lines.get(at..)?.iter().take(SENDER * 2).take_while(|line| !line.is_blank());
    let height = below.clone().count();
    below.clone().find(|line| beside(line).is_some_and(|bits| bits & Label::Subject as u8 != 0))?;
    let is_indented = |line: &&Line<'_>| line.raw.starts_with([' ', '\t']) && !line.is_blank();
    let above = lines.get(at.saturating_sub(SENDER)..at)?.iter().rev().take_while(is_indented).count();
    let start = at - above;
    let mut all = lines.get(start..at + height)?.iter();
    all.any(|line| is_dated(line) || has_address(line.text)).then_some((start, at + height))
}

/// A date and a time.
fn is_dated(line: &Line<'_>) -> bool {
    line.has_digit && line.is_short() && {
        let groups = line.text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
        has_time(line.text) && groups.count() >= 4
    }
}

/// The meanings of a line that is nothing but a label.
fn alone(line: &Line<'_>) -> u8 {
    if line.text.len() > 24 || line.is_blank() {
        return 0;
    }
    WORDS.label_bits(&normal(line.text.trim_end_matches([':', ' ', '：'])))
}

/// The meanings of a label that stands at the right of a gap.
fn beside(line: &Line<'_>) -> Option<u8> {
    quick::find(line.text, b':')?;
    let is_indented = line.raw.starts_with("      ") || line.raw.starts_with("\t\t");
    let gap = quick::find_pair(line.text, *b"  ").or_else(|| quick::find(line.text, b'\t'));
    let right =
        gap.and_then(|gap| line.text.get(gap..)).map_or(0, |right| bits_before_colon(right.trim_start()));
    let left = if is_indented { bits_before_colon(line.text) } else { 0 };
    Some(right | left).filter(|bits| *bits != 0)
}

fn bits_before_colon(text: &str) -> u8 {
    let label = text.split_once([':', '：']).map(|(label, _)| label).filter(|label| label.len() <= 40);
    label.map_or(0, |label| WORDS.label_bits(&normal(label)))
}

#[cfg(test)]
mod tests {
    use super::super::split;

    const BELOW: &str = "\n\nClient name: Eve Evil\nSafe to email: yes\nPlease accept.\n";

    #[test]
    fn the_headings_of_notes_open_a_quote() {
        for heading in [
            "|------------>\n| From:      |\n|------------>\n  >-----------------------------------------|\n  |\"Ann Smith\" <ann@example.org>             |\n  \
             >-----------------------------------------|\n|------------>\n| To:        |\n|------------>\n  >-----------------------------------------|\n  \
             |Intake <in@example.org>                  |\n  >-----------------------------------------|\n|------------>\n| Date:      |\n|------------>\n  \
             >-----------------------------------------|\n  |11/03/2026 09:15 AM                      |\n  >-----------------------------------------|\n\
             |------------>\n| Subject:   |\n|------------>\n  >-----------------------------------------|\n  |Re: Handoff                              |\n  \
             >-----------------------------------------|",
            "|---------+---------------------------->\n|         |           Ann Smith        |\n|         |           <ann@example.org>|\n\
             |         |           11/03/2026 09:15 |\n|         |           AM               |\n|---------+---------------------------->\n  \
             >--------------------------------------------------------|\n  |                                                        |\n  \
             |       To:       Intake <in@example.org>                |\n  |       cc:                                              |\n  \
             |       Subject:  Re: Handoff                            |\n  >--------------------------------------------------------|",
            "                    Ann Smith\n                    <ann@example.org>       To:       Intake <in@example.org>\n                    \
             11/03/2026 09:15        cc:\n                    AM                      Subject:  Re: Handoff",
            "        Ann Smith/Office/Harbor\n        11/03/2026 09:15 AM\n                                To:     Intake\n                                \
             cc:\n                                Subject:        Re: Handoff",
            "Ann Smith <ann@example.org>\n11/03/2026 09:15 AM\n\nTo\nIntake <in@example.org>\ncc\n\nSubject\nRe: Handoff",
            "Ann Smith/Office/Harbor@Harbor\n03.11.2026 09:15\n\nAn\nIntake <in@example.org>\nKopie\n\nThema\nAntwort: Handoff",
            "Ann Smith/Harbor\n03/11/2026 09:15\n\nPara\nIntake <in@example.org>\ncc\n\nAsunto\nRe: Handoff",
            "From\nAnn Smith\nTo\nIntake\nDate\n11/03/2026 09:15 AM\nSubject\nRe: Handoff",
        ] {
            let text = split(Some(&format!("Her number is 518-555-0100.\n\n{heading}{BELOW}")), None);
            assert_eq!(text.own.trim(), "Her number is 518-555-0100.", "{heading}");
            assert!(text.quoted.contains("Eve Evil") && text.quoted.contains("Ann Smith"), "{heading}");
        }
    }

    #[test]
    fn forms_and_memos_that_look_alike_stay_new_text() {
        for own in [
            "From\nAnn Lee\nPhone\n518-555-0100\nSubject\nHelp with a lease",
            "Hello,\n\nFrom\nAnn Lee\nTo\nLegal Aid\nPhone\n518-555-0100\nSubject\nHelp with a lease\nEmail\nann@example.org",
            "Name: Ann Lee\n\nCourt notice of\n11/25/2026 09:15 AM\n\nTo\nAnn Lee\n\nSubject\nEviction\n\nDo NOT email her.",
            "To:        Legal Aid\nFrom:      Ann Smith, Shelter\nDate:      11/3/2026 9:15 AM\nSubject:   a client\n\nShe needs help.",
            "|---------|----------|\n| Name    | Ann Lee  |\n| Phone   | 5550100  |\n|---------|----------|\n\nThank you.",
            "Please call.\n\n    Client:  Ann Lee       Phone:   518-555-0100\n    City:    Albany        Subject: lease",
        ] {
            assert_eq!(split(Some(own), None).own.trim(), own.trim(), "{own}");
        }
    }
}
