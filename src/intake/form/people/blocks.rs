//! The blocks of a text that may be one person's each: what is counted, listed, or parted by blank lines.

use super::super::fold::{fold, words};
use super::super::lexicon::LEXICON;
use super::super::saying::{self, Saying};

/// How the blocks are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    /// "First client", "Client A", "Person 2".
    Counted,
    /// "1)", "2.", "(3)", also within a line.
    Numbered,
    /// "a)", "B.".
    Lettered,
    /// "-", "•".
    Bulleted,
    /// Blank lines.
    Paragraphs,
    /// Lines.
    Lines,
}

impl Family {
    /// The surer first.
    pub(super) const ALL: [Family; 6] = [
        Family::Counted,
        Family::Numbered,
        Family::Lettered,
        Family::Bulleted,
        Family::Paragraphs,
        Family::Lines,
    ];
}

/// A block and where it stands.
pub(super) struct Block<'a> {
    /// Its words, without what counts them.
    pub(super) text: &'a str,
    /// Where it begins in the text, with what counts it, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Lines above it.
    pub(super) lines_above: usize,
}

/// The most blocks that are looked at.
const MOST: usize = super::super::entry::MOST_PACKETS + 1;

/// The blocks of one family, at least two.
pub(super) fn of(text: &str, family: Family) -> Option<Vec<Block<'_>>> {
    let starts = match family {
        Family::Paragraphs | Family::Lines => return apart(text, family),
        Family::Counted | Family::Numbered | Family::Lettered | Family::Bulleted => series(text, family),
    };
    if starts.len() < 2 {
        return None;
    }
    let ends = starts.iter().skip(1).map(|marker| marker.start).chain([text.len()]);
    let mut blocks: Vec<Block<'_>> = starts
        .iter()
        .zip(ends)
        .filter_map(|(marker, end)| block(text, marker.start, marker.content, end))
        .collect();
    let most = blocks.iter().rev().skip(1).map(|block| paragraphs(block.text)).max().unwrap_or(1);
    if let Some(last) = blocks.last_mut() {
        let kept = until_end(last.text, most);
        last.end -= last.text.len() - kept.len();
        last.text = kept;
    }
    Some(blocks)
}

fn block(text: &str, start: usize, content: usize, end: usize) -> Option<Block<'_>> {
    let lines_above = text.get(..start)?.matches('\n').count();
    Some(Block { text: text.get(content..end)?, start, end, lines_above })
}

/// What counts a block.
struct Marker {
    index: usize,
    start: usize,
    content: usize,
    /// It opens a line.
    opens: bool,
}

fn series(text: &str, family: Family) -> Vec<Marker> {
    let mut all = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        in_line(line, start, family, &mut all);
        start += line.len();
        if all.len() >= 20 * MOST {
            break;
        }
    }
    if all.iter().filter(|marker| marker.opens).count() >= 2 {
        all.retain(|marker| marker.opens);
    }
    if family == Family::Bulleted {
        all.truncate(MOST);
        return all;
    }
    let mut next = 1;
    all.retain(|marker| {
        let is_next = marker.index == next && next <= MOST;
        next += usize::from(is_next);
        is_next
    });
    all
}

fn in_line(line: &str, start: usize, family: Family, all: &mut Vec<Marker>) {
    let indent = line.len() - line.trim_start().len();
    let mut before = '\n';
    let mut gap = true;
    for (at, c) in line.char_indices() {
        let opens = at == indent;
        let may_open = opens
            || gap
                && match family {
                    Family::Counted => matches!(before, '.' | ';' | '!' | '?' | ':'),
                    Family::Numbered | Family::Lettered => true,
                    Family::Bulleted | Family::Paragraphs | Family::Lines => false,
                };
        if may_open && !c.is_whitespace() {
            let rest = line.get(at..).unwrap_or_default();
            let found = marker(rest, family).filter(|(_, size)| {
                let next = rest.get(*size..).and_then(|rest| rest.trim_start().chars().next());
                opens || next.is_some_and(char::is_uppercase)
            });
            if let Some((index, size)) = found {
                all.push(Marker { index, start: start + at, content: start + at + size, opens });
            }
        }
        gap = c.is_whitespace() || c == '(' && family != Family::Counted;
        if !c.is_whitespace() {
            before = c;
        }
        if opens && family == Family::Bulleted && !c.is_whitespace() {
            break;
        }
    }
}

/// The number of a marker at the start of the words, and how many bytes it takes.
fn marker(rest: &str, family: Family) -> Option<(usize, usize)> {
    match family {
        Family::Counted => counted(rest),
        Family::Numbered => {
            let bare = rest.trim_start_matches(['(', '#', '*', '[']);
            let digits = bare.chars().take_while(char::is_ascii_digit).count();
            let index = bare.get(..digits)?.parse().ok().filter(|_| digits <= 2)?;
            closed(rest, bare, digits, index)
        }
        Family::Lettered => {
            let bare = rest.trim_start_matches(['(', '*', '[']);
            let letter = bare.chars().next().filter(char::is_ascii_alphabetic)?;
            let index = usize::from(u8::try_from(letter.to_ascii_lowercase()).ok()? - b'a') + 1;
            closed(rest, bare, 1, index)
        }
        Family::Bulleted => {
            let bullet = rest.chars().next().filter(|c| BULLETS.contains(c))?;
            let after = rest.get(bullet.len_utf8()..)?;
            after.starts_with([' ', '\t']).then_some((1, bullet.len_utf8()))
        }
        Family::Paragraphs | Family::Lines => None,
    }
}

const BULLETS: [char; 14] = ['-', '*', '•', '·', '–', '—', '►', '▪', '●', '○', '◦', '‣', '■', '+'];

/// "1)", "1.", "1:", "1 -": the sign that parts a number from the words.
fn closed(rest: &str, bare: &str, taken: usize, index: usize) -> Option<(usize, usize)> {
    let after = bare.get(taken..)?;
    let signs = after.trim_start_matches(' ').trim_start_matches([')', '.', ':', ']', '*', '-', '–', '—']);
    let size = after.len() - signs.len();
    let is_closed =
        size > 0 && after.get(..size)?.contains(|c| c != ' ') && signs.starts_with([' ', '\t', '\n']);
    is_closed.then_some((index, rest.len() - signs.len()))
}

/// "First client:", "Client A -", "The second person", "Cliente 2.".
fn counted(rest: &str) -> Option<(usize, usize)> {
    let start = rest.get(..rest.char_indices().take(41).last()?.0)?;
    let folded = fold(start);
    let all = words(&folded);
    let articles = all.iter().take_while(|word| LEXICON.phrases("articles").is(word)).count();
    let all = all.get(articles..)?;
    let nouns = &LEXICON.hot.counted;
    let (index, count) = if let Some(index) = ordinal(all.first()?) {
        let noun = nouns.starts(all.get(1..)?);
        (index, (noun > 0).then_some(1 + noun)?)
    } else {
        let noun = nouns.starts(all);
        let word = all.get(noun).filter(|_| noun > 0)?;
        let letter = word.bytes().next().filter(|byte| word.len() == 1 && byte.is_ascii_lowercase());
        let number = word.parse().ok().filter(|_| word.len() <= 2);
        let index = number.or(letter.map(|byte| usize::from(byte - b'a') + 1)).or_else(|| ordinal(word))?;
        (index, noun + 1)
    };
    // "Referral 1 of 3".
    let of = all.get(count).is_some_and(|word| matches!(*word, "of" | "de"));
    let is_total =
        of && all.get(count + 1).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let size = bytes_of(rest, articles + count + if is_total { 2 } else { 0 })?;
    let signs = rest.get(size..)?.trim_start_matches([' ', ':', '.', ')', '-', '–', '—', ',', '#', '*']);
    Some((index, rest.len() - signs.len()))
}

fn ordinal(word: &str) -> Option<usize> {
    (1..=ORDINALS).find(|index| {
        let list = ["ordinal_1", "ordinal_2", "ordinal_3", "ordinal_4", "ordinal_5"].get(index - 1);
        list.is_some_and(|list| LEXICON.phrases(list).is(word))
    })
}

const ORDINALS: usize = 5;

/// The bytes the first `count` words take.
fn bytes_of(text: &str, count: usize) -> Option<usize> {
    let mut seen = 0;
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric();
        if inside && !is_word {
            if seen == count {
                return Some(at);
            }
            inside = false;
        } else if !inside && is_word {
            seen += 1;
            inside = true;
        }
    }
    (seen == count).then_some(text.len())
}

/// Paragraphs, or the lines of the text's longest paragraph.
fn apart(text: &str, family: Family) -> Option<Vec<Block<'_>>> {
    let mut blocks = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n').chain([""]) {
        let is_blank = line.trim().is_empty();
        let is_end = is_blank || is_farewell(line);
        let ends = is_end || family == Family::Lines;
        if let Some((from, to)) = run.filter(|_| ends) {
            blocks.extend(block(text, from, from, to));
            run = None;
        }
        if is_end && !is_blank {
            break;
        }
        if !is_blank && !line.trim_start().starts_with('>') {
            run = Some((run.map_or(start, |(from, _)| from), start + line.len()));
        }
        start += line.len();
        if blocks.len() > 2 * MOST {
            return None;
        }
    }
    // Words before the people and after them are no block of theirs.
    let opens = |block: &Block<'_>| super::opening::name(block.text).is_some();
    let from = blocks.iter().position(opens)?;
    let to = blocks.iter().rposition(opens)?;
    let people: Vec<Block<'_>> = blocks.into_iter().skip(from).take(to + 1 - from).collect();
    (people.len() >= 2).then_some(people)
}

fn paragraphs(text: &str) -> usize {
    let mut count = 0;
    let mut blank = true;
    for line in text.lines() {
        let is_blank = line.trim().is_empty();
        count += usize::from(blank && !is_blank);
        blank = is_blank;
    }
    count
}

/// The last block ends where the others did: after as many paragraphs, and before any farewell.
fn until_end(text: &str, most: usize) -> &str {
    let (mut count, mut blank, mut end) = (0, true, 0);
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        count += usize::from(blank && !is_blank);
        if count > most.max(1) || (end > 0 && is_farewell(line)) {
            return text.get(..end).unwrap_or(text);
        }
        blank = is_blank;
        end += line.len();
    }
    text
}

/// "Thanks,", "Saludos".
pub(super) fn is_farewell(line: &str) -> bool {
    saying::of(line) == Saying::Footer
}
