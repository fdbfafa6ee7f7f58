//! A form in one paragraph that the writer's program broke over lines: "Consent to" ends one and "share: yes." opens
//! the next.

use std::borrow::Cow;

use super::super::label;
use super::super::piece::{Dress, Piece};
use super::super::saying::{self, Saying};
use super::{GAPS, LONGEST_LINE, WEAK_GAPS, behind_words, labels, most, opening};

/// So many labels on one line make it one of a form written as running text.
const PACKED: usize = 2;
/// Programs break lines no sooner, in bytes.
const SHORTEST: usize = 40;

/// The pieces, with the broken lines of such a paragraph put together again.
pub(in crate::intake::form) fn unwrapped<'p, 'a>(pieces: &'p [Piece<'a>]) -> Cow<'p, [Piece<'a>]> {
    // Nearly no mail has a line of several labels.
    if !pieces.iter().filter_map(plain).any(is_packed) {
        return Cow::Borrowed(pieces);
    }
    let mut joined: Vec<Piece<'a>> = Vec::with_capacity(pieces.len());
    let mut rest = pieces;
    while let Some((first, after)) = rest.split_first() {
        let count = rest.iter().take_while(|piece| plain(piece).is_some()).count();
        let (paragraph, below) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        if count < 2 || !paragraph.iter().filter_map(plain).any(is_packed) {
            joined.extend(paragraph.iter().cloned());
        } else {
            put_together(paragraph, &mut joined);
        }
        rest = below;
        if count == 0 {
            joined.push(first.clone());
            rest = after;
        }
    }
    Cow::Owned(joined)
}

/// The words of a line of plain text that is not blank.
fn plain<'p>(piece: &'p Piece<'_>) -> Option<&'p str> {
    match piece {
        Piece::Line { text, dress: Dress::Unknown, .. } if !text.is_empty() && !text.starts_with('>') => {
            Some(text)
        }
        Piece::Line { .. } | Piece::Row { .. } => None,
    }
}

fn is_packed(line: &str) -> bool {
    most(line) >= PACKED && usize::from(opening(line).is_some()) + labels(line) >= PACKED
}

fn put_together<'a>(paragraph: &[Piece<'a>], joined: &mut Vec<Piece<'a>>) {
    let widest = paragraph.iter().filter_map(plain).map(|line| line.chars().count()).max().unwrap_or(0);
    let mut before: Option<&str> = None;
    for (at, piece) in paragraph.iter().enumerate() {
        let Some(line) = plain(piece) else { continue };
        let goes_on = before.is_some_and(|before| goes_on(before, line, widest));
        before = Some(line);
        match joined.last_mut() {
            Some(Piece::Line { text, .. }) if text.len() + line.len() < LONGEST_LINE => {
                let whole = || [&**text, " ", line].concat();
                if goes_on || at > 0 && completes(text, &whole()) {
                    *text = whole().into();
                    continue;
                }
            }
            Some(_) | None => {}
        }
        joined.push(piece.clone());
    }
}

/// Whether only with its next line a line becomes a form behind other words.
fn completes(line: &str, whole: &str) -> bool {
    let is_begun = line.ends_with(['.', ',', ';']) && opening(line).is_none() && labels(line) > 0;
    is_begun && behind_words(line).is_none() && behind_words(whole).is_some()
}

/// Whether a line goes on in the next one.
fn goes_on(line: &str, next: &str, widest: usize) -> bool {
    if breaks_label(line, next) || opening(next).is_none() && ends_in_label(line) {
        return true;
    }
    let word = next.split(' ').next().unwrap_or_default();
    let is_full = widest >= SHORTEST && line.chars().count() + 1 + word.chars().count() > widest;
    let is_ended = line.ends_with(['.', '!', '?', ';']) && next.starts_with(char::is_uppercase);
    let is_words = || match saying::of(next) {
        Saying::Words => true,
        Saying::Labelled(label, _) => label.meaning.is_none(),
        Saying::Alone { .. } | Saying::Heading(_) | Saying::Another(_) | Saying::Footer => false,
    };
    is_full && !is_ended && is_bare(next) && is_words()
}

/// Neither a bullet nor a number opens it, nor what is drawn.
fn is_bare(line: &str) -> bool {
    line.starts_with(char::is_alphanumeric) && label::without_bullet(line) == line
}

/// What stands behind the last gap of a line.
fn tail(line: &str) -> Option<&str> {
    let last = GAPS.iter().chain(&WEAK_GAPS).filter_map(|gap| Some(line.rfind(gap)? + gap.len())).max();
    last.and_then(|at| line.get(at..)).map(str::trim)
}

/// Whether a label ends a line, so that its value stands in the next one.
fn ends_in_label(line: &str) -> bool {
    tail(line).and_then(opening).is_some_and(|(_, value)| value.is_empty())
}

/// Whether a label begins behind the last gap of a line and ends in the next one.
fn breaks_label(line: &str, next: &str) -> bool {
    let tail = tail(line).unwrap_or_default();
    let opens = !tail.is_empty() && !tail.contains([':', '?']);
    opens && opening(&[tail, " ", next].concat()).is_some()
}
