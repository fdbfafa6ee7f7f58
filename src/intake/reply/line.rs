//! A mail's text as lines, each with its quote marks counted.

use super::words::is_invisible;

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
#[derive(Clone, Copy, Debug)]
pub(in crate::intake) struct Line<'a> {
    /// All of it, with its line break.
    pub(in crate::intake) raw: &'a str,
    /// Without white space around it.
    pub(in crate::intake) text: &'a str,
    /// Without quote marks too.
    pub(in crate::intake) inner: &'a str,
    /// How many quote marks it has.
    pub(in crate::intake) depth: usize,
    /// Set where markup already said what it is.
    pub(in crate::intake) forced: Option<Class>,
}

impl<'a> Line<'a> {
    pub(in crate::intake) fn read(raw: &'a str) -> Line<'a> {
        let text = raw.trim_matches(is_blank_char);
        let mut inner = text;
        let mut depth = 0;
        // Code and tables are indented deeper than any program indents a quote mark.
        if raw.chars().take_while(|c| c.is_whitespace()).count() <= 4 {
            while let Some(rest) = inner.strip_prefix('>') {
                depth += 1;
                inner = rest.trim_start();
            }
        }
        Line { raw, text, inner, depth, forced: None }
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
    text.split_inclusive('\n').map(Line::read).collect()
}

fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}
