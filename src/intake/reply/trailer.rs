//! Signatures, notices and footers within the new text: they are set aside, not thrown away.

use super::line::{Class, Line};
use super::words::{WORDS, normal, normal_lines};
use crate::intake::quick;

/// The most lines below `--` that are still a signature.
const SIGNATURE_LINES: usize = 15;

/// A longer footer may be a sentence of a person.
const SURE_WORDS: usize = 9;

/// Sets signatures, notices and footers aside in every run of new text.
pub(super) fn set_aside(lines: &[Line<'_>], classes: &mut [Class]) {
    let mut at = 0;
    let mut follows_text = false;
    while at < lines.len() {
        let run =
            classes.get(at..).unwrap_or_default().iter().take_while(|class| **class == Class::Own).count();
        let end = at + run.max(1);
        let lines = lines.get(at..end).unwrap_or_default();
        if run > 0 {
            set_aside_in(lines, follows_text, classes.get_mut(at..end).unwrap_or_default());
        }
        follows_text |= lines.iter().any(|line| !line.is_blank());
        at = end;
    }
}

fn set_aside_in(lines: &[Line<'_>], follows_text: bool, classes: &mut [Class]) {
    let is_below_text = |at: &usize| follows_text || lines.iter().take(*at).any(|line| !line.is_blank());
    // Nearly no mail has either, and one look over all of it tells so.
    let is_appended = WORDS.is_appended(&normal_lines(lines.iter().map(|line| line.text)));
    let footer = if is_appended { list_footer(lines).filter(is_below_text) } else { None };
    let mut end = footer.unwrap_or(lines.len());
    end = signature(lines.get(..end).unwrap_or_default()).filter(is_below_text).unwrap_or(end);
    mark(classes, end, lines.len(), Class::Removed);
    let notices = if is_appended { notices(lines.get(..end).unwrap_or_default()) } else { Vec::new() };
    for (from, to) in notices {
        mark(classes, from, to, Class::Removed);
    }
    let footers = (0..end).filter(|at| stands_alone(lines, *at) && lines.get(*at).is_some_and(is_footer));
    for at in footers {
        mark(classes, at, at + 1, Class::Removed);
        let below = lines.get(at + 1..end).unwrap_or_default();
        // A long line may be a person's sentence: what is below it stays.
        let cuts = is_below_text(&at) && lines.get(at).is_some_and(|line| shown_words(line) <= SURE_WORDS);
        if cuts && below.iter().filter(|line| is_labelled(line.text)).count() < 3 {
            // Programs on phones put the footer between the answer and a quote they do not mark. A form stays.
            mark(classes, at + 1, end, Class::Quoted);
            return;
        }
    }
}

fn mark(classes: &mut [Class], from: usize, to: usize, class: Class) {
    classes.iter_mut().take(to).skip(from).for_each(|slot| *slot = class);
}

/// A line of its own that says which device wrote the mail.
fn is_footer(line: &Line<'_>) -> bool {
    if line.is_blank() || line.text.len() > 160 {
        return false;
    }
    let words = shown_words(line);
    words <= 12
        && !shown(line).contains([':', ';', '?'])
        && WORDS.is_footer(&normal(bare(line)), words > SURE_WORDS)
}

/// A line without the marks in front of it.
fn bare<'a>(line: &Line<'a>) -> &'a str {
    line.text.trim_start_matches(['<', '(', '[', '*', '_', '-', ' '])
}

/// A line without its links.
fn shown<'a>(line: &Line<'a>) -> &'a str {
    bare(line).split(['<', '(', '[']).next().unwrap_or_default()
}

fn shown_words(line: &Line<'_>) -> usize {
    shown(line).split_whitespace().count()
}

/// With space around it, so that a sentence within a paragraph stays.
fn stands_alone(lines: &[Line<'_>], at: usize) -> bool {
    let blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
    blank(at.checked_sub(1)) && blank(Some(at + 1)) || lines.iter().skip(at + 1).all(Line::is_blank)
}

/// Where the signature starts: the first `--` with little enough below it.
fn signature(lines: &[Line<'_>]) -> Option<usize> {
    let mut filled = 0;
    let mut labelled = 0;
    let mut found = None;
    for (at, line) in lines.iter().enumerate().rev() {
        if matches!(line.text, "--" | "—" | "–" | "__" | "- --") {
            found = (filled > 0 && labelled < 3).then_some(at).or(found);
        }
        filled += usize::from(!line.is_blank());
        labelled += usize::from(is_labelled(line.text));
        if filled > SIGNATURE_LINES {
            break;
        }
    }
    found
}

/// `Label: value` as in a form; a signature's labels stand before numbers and addresses.
fn is_labelled(text: &str) -> bool {
    quick::parted(text, b':').is_some_and(|(label, value)| {
        let contact = |c: char| c.is_ascii_digit() || c == '@' || c == '/';
        label.len() <= 40 && !value.contains(contact) && !value.starts_with("//")
    })
}

/// Where a mailing list's footer starts, with the rule over it.
fn list_footer(lines: &[Line<'_>]) -> Option<usize> {
    let tail = lines.len().saturating_sub(SIGNATURE_LINES);
    let at = lines
        .iter()
        .skip(tail)
        .position(|line| line.is_short() && WORDS.is_list_footer(&normal(line.text)))?
        + tail;
    let ruled = |line: &Line<'_>| line.is_rule() || line.text.chars().all(|c| matches!(c, '-' | '_' | '—'));
    let above = lines.iter().take(at).rposition(|line| !line.is_blank());
    let above = above.filter(|above| lines.get(*above).is_some_and(ruled));
    Some(above.unwrap_or(at))
}

/// Paragraphs with the words of a confidentiality notice: the first one, and those near the end.
fn notices(lines: &[Line<'_>]) -> Vec<(usize, usize)> {
    let all = paragraphs(lines);
    let last = all.len().saturating_sub(5);
    let near_an_end = |(at, _): &(usize, &(usize, usize))| *at == 0 || *at >= last;
    let is_notice = |(from, to): &(usize, usize)| {
        let lines = lines.get(*from..*to).unwrap_or_default();
        let length: usize = lines.iter().map(|line| line.raw.len()).sum();
        (80..=8_000).contains(&length) && WORDS.is_notice(&normal_lines(lines.iter().map(|line| line.text)))
    };
    let found: Vec<(usize, usize)> =
        all.iter().enumerate().filter(near_an_end).map(|(_, range)| *range).filter(is_notice).collect();
    // Where nothing else is written, it is what was meant to be read.
    if found.len() == all.len() { Vec::new() } else { found }
}

fn paragraphs(lines: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, line) in lines.iter().enumerate() {
        match (line.is_blank(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            (false, Some(_)) | (true, None) => {}
        }
    }
    found.extend(start.map(|from| (from, lines.len())));
    found
}

#[cfg(test)]
mod tests {
    use crate::intake::reply::split;

    #[test]
    fn a_plea_that_opens_with_the_phrase_of_a_notice_is_read_beside_other_text() {
        let notice = "CONFIDENTIALITY NOTICE: This e-mail is intended only for the named reader. If you are not, delete it and tell us.";
        for plea in [
            "Privileged and confidential: please take on Ann Lee, whose husband threw her out on Monday and who sleeps in her car.",
            "This message is confidential and urgent. My client was locked out today and sleeps at the bus station with two little boys.",
            "This message is confidential and urgent: Ann Lee was beaten by her father last night and sleeps in her car, she cannot go home.",
            "Privileged and confidential: Ann Lee has not been paid for three months and her boss took her passport. Please call her sister, not her.",
            "Privileged and confidential, intended only for the intake team: please take Ann Lee, whose husband threw her out. Do not call her phone, he has it.",
            "Avis de confidentialité : merci d'aider Mme Awa Diallo, que son mari a chassée lundi. Il lit ses messages, n'appelez pas.",
            "Aviso de confidencialidad: les ruego que ayuden a Ana Vega, a quien su esposo echó de la casa el lunes con sus hijos.",
        ] {
            let split = split(Some(&format!("Dear all,\n\n{plea}\n\nThanks\nJo\n\n{notice}\n")), None);
            assert!(split.own.contains(plea), "{plea}");
            assert!(!split.own.contains(notice) && split.removed.contains(notice), "{plea}");
        }
    }

    #[test]
    fn a_notice_that_names_its_own_shelter_is_no_plea() {
        let notice = "CONFIDENTIALITY NOTICE: This mail comes from Harbor Shelter. If it reached you by mistake, delete it, and do not call or email the person it names.";
        let split = split(Some(&format!("Client name: Ana Vega\n\nThanks\nJo\n\n{notice}\n")), None);
        assert!(!split.own.contains(notice) && split.removed.contains(notice));
    }

    #[test]
    fn a_plea_in_the_words_of_a_notice_is_the_authors() {
        for plea in [
            "Ann Lee needs help with her eviction, please notify the sender immediately of your decision because the hearing is near and she has no lawyer.",
            "Please help Ann Lee, whose letters to her lawyer are legally privileged and were opened by the landlord.",
            "Ann Lee says that we should think before you print her address on any paper that goes to the landlord.",
            "We write for Ann Lee, and the external sender: her sister asks that you call before the hearing on Monday.",
        ] {
            assert_eq!(split(Some(plea), None).own.trim(), plea);
            let below = format!("Dear all,\n\n{plea}\n\nThanks\n");
            assert!(split(Some(&below), None).own.contains(plea), "{plea}");
        }
        let alone = "Confidentiality notice: the email of the intended recipient is her husband's, so please do not use it at all.";
        assert_eq!(split(Some(alone), None).own.trim(), alone);
    }
}
