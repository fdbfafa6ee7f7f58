//! A mail's text as lines, each with its quote marks counted.

use super::words::{WORDS, is_invisible, normal};
use crate::intake::quick::{self, has_digit};

/// What a line turned out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::intake) enum Class {
    /// New text.
    Own,
    /// Quoted text, and the headings over it.
    Quoted,
    /// Signatures, notices, footers.
    Removed,
}

/// One line of a body.
#[derive(Clone, Copy)]
pub(in crate::intake) struct Line<'a> {
    /// All of it, with its line break.
    pub(in crate::intake) raw: &'a str,
    /// Without white space around it.
    pub(in crate::intake) text: &'a str,
    /// Without quote marks too.
    pub(in crate::intake) inner: &'a str,
    /// How many quote marks it has.
    pub(in crate::intake) depth: usize,
    /// The meanings of the label it starts with, as a set of bits, and the value behind the colon.
    pub(in crate::intake) header: Option<(u8, &'a str)>,
    /// There is a digit in it.
    pub(in crate::intake) has_digit: bool,
    /// An attribution may end here.
    pub(in crate::intake) closes: bool,
    /// Set where markup already said what it is.
    pub(in crate::intake) forced: Option<Class>,
}

masked!(Line<'_>);

impl<'a> Line<'a> {
    pub(in crate::intake) fn read(raw: &'a str) -> Line<'a> {
        let text = trimmed(raw);
        let mut inner = text;
        let mut depth = 0;
        // Code and tables are indented deeper than any program indents a quote mark.
        if text.starts_with('>') && raw.chars().take_while(|c| c.is_whitespace()).count() <= 4 {
            while let Some(rest) = inner.strip_prefix('>') {
                depth += 1;
                inner = rest.trim_start();
            }
        }
        let has_digit = has_digit(text);
        Line { raw, text, inner, depth, header: header(inner), has_digit, closes: closes(text), forced: None }
    }

    pub(in crate::intake) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// A line drawn across the page.
    pub(in crate::intake) fn is_rule(&self) -> bool {
        let ruled = |c: char| matches!(c, '_' | '-' | '=' | '*' | '–' | '—' | '─' | '━' | '~' | ' ');
        self.inner.len() >= 5 && self.inner.chars().all(ruled)
    }

    /// Can a heading be in it? Longer lines are paragraphs.
    pub(in crate::intake) fn is_short(&self) -> bool {
        self.text.len() <= 600
    }
}

/// The lines of a plain body.
pub(in crate::intake) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / 32 + 4);
    lines.extend(quick::lines(text).map(Line::read));
    lines
}

fn trimmed(raw: &str) -> &str {
    let bare = raw.trim_end_matches('\n');
    let shows = |c: char| c.is_ascii_graphic();
    if bare.starts_with(shows) && bare.ends_with(shows) { bare } else { bare.trim_matches(is_blank_char) }
}

fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// A line `Label: value`; the label must be one of those over quoted mails, in any language.
fn header(inner: &str) -> Option<(u8, &str)> {
    let text = inner.trim_start_matches(['|', '*', ' ', '\u{FEFF}']);
    let start = text.get(..text.floor_char_boundary(60))?;
    let (colon, wide) = (quick::find(start, b':'), if start.is_ascii() { None } else { start.find('：') });
    let label = start.get(..colon.into_iter().chain(wide).min()?)?;
    let bits = WORDS.label_bits(&normal(label));
    let value = text.get(label.len()..)?.trim_start_matches([':', '：']);
    (bits != 0).then_some((bits, value.trim_matches(|c: char| c.is_whitespace() || c == '*')))
}

/// Can an attribution end with this line?
fn closes(text: &str) -> bool {
    if text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let bare = text.trim_end_matches(is_dressing);
    text.ends_with("--") || ends_open(bare) || (bare.is_empty() && !text.is_empty())
}

/// What programs set around an attribution.
pub(super) const fn is_dressing(c: char) -> bool {
    matches!(c, '-' | ' ' | '*' | '_' | '>' | '<')
}

pub(super) fn ends_open(text: &str) -> bool {
    text.ends_with([':', '：'])
}
