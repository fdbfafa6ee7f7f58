//! Which lines of a body are quoted.
//!
//! Lines with quote marks are, and so are the headings over them. Text without quote marks below a heading is quoted to
//! the end, because the program that wrote the heading marks nothing. Text between or below marked quotes is the author's.

use super::heading::{Attribution, BLOCK_LINES, attribution, block, marker};
use super::line::{Class, Line};

/// The class of each line.
pub(super) fn classify(lines: &[Line<'_>]) -> Vec<Class> {
    let mut reading = Reading::of(lines);
    let mut at = 0;
    while at < lines.len() {
        at = reading.step(at);
    }
    reading.classes
}

/// What was made of the lines so far.
struct Reading<'l, 'a> {
    lines: &'l [Line<'a>],
    classes: Vec<Class>,
    /// Some new text was seen.
    has_own: bool,
    /// There are quote marks somewhere.
    is_marked: bool,
}

impl<'l, 'a> Reading<'l, 'a> {
    fn of(lines: &'l [Line<'a>]) -> Self {
        let is_marked = lines.iter().any(|line| line.depth > 0);
        Reading { lines, classes: vec![Class::Own; lines.len()], has_own: false, is_marked }
    }

    /// Judges what starts at a line; gives the next line to look at.
    fn step(&mut self, at: usize) -> usize {
        let Some(line) = self.lines.get(at) else { return at + 1 };
        if let Some(class) = line.forced {
            return self.mark(at, at + 1, class);
        }
        if line.depth > 0 || line.is_blank() {
            let class = if line.depth > 0 { Class::Quoted } else { Class::Own };
            return self.mark(at, at + 1, class);
        }
        if self.is_broken_quote(at) {
            return self.mark(at, at + 1, Class::Quoted);
        }
        if let Some(end) = self.heading(at) {
            return self.below(at, end);
        }
        if let Some(found) = attribution(self.lines, at) {
            return self.attributed(at, &found);
        }
        self.has_own = true;
        at + 1
    }

    /// A link that broke out of a quote: alone between two marked lines.
    fn is_broken_quote(&self, at: usize) -> bool {
        let marked =
            |at: Option<usize>| at.and_then(|at| self.lines.get(at)).is_some_and(|line| line.depth > 0);
        let link = |line: &Line<'_>| line.text.trim_start_matches(['(', '<', '[']).starts_with("http");
        self.lines.get(at).is_some_and(link) && marked(at.checked_sub(1)) && marked(Some(at + 1))
    }

    /// A marker line or a header block, with a rule before it; gives the first line after it.
    fn heading(&self, at: usize) -> Option<usize> {
        let line = self.lines.get(at)?;
        if !line.is_short() && !line.is_rule() {
            return None;
        }
        if marker(line).is_some() {
            let after = self.next_filled(at + 1);
            return Some(block(self.lines, after).map_or(at + 1, |block| block.end));
        }
        let start = if line.is_rule() { self.next_filled(at + 1) } else { at };
        let ruled = start > at;
        let found = self.may_hold_headers(start).then(|| block(self.lines, start))??;
        // A memo at the top (`To: … From: … Date: …`) is new text unless its sender is an address.
        let complete = found.from.is_some()
            && found.kinds() >= 3
            && (found.has_address() || (self.has_own && found.orderly));
        let announced = ruled && found.kinds() >= 2 && found.has_address();
        (complete || announced).then_some(found.end)
    }

    /// A look at the labels ahead, so that one label on every line costs little.
    fn may_hold_headers(&self, at: usize) -> bool {
        let ahead = self.lines.get(at..).unwrap_or_default().iter().take(BLOCK_LINES);
        let kinds = ahead.filter_map(|line| line.header).fold(0, |kinds, (bits, _)| kinds | bits);
        kinds.count_ones() >= 2
            || self.lines.get(at).and_then(|line| line.header).is_some_and(|(_, v)| v.contains(':'))
    }

    /// Marks a heading, and what is below it when nothing there has quote marks.
    fn below(&mut self, at: usize, end: usize) -> usize {
        let next = self.next_filled(end);
        let marked = self.lines.get(next).is_some_and(|line| line.depth > 0 || is_barred(line));
        if marked {
            self.mark(at, end, Class::Quoted);
            return self.barred(next);
        }
        self.mark(at, self.lines.len(), Class::Quoted)
    }

    fn attributed(&mut self, at: usize, found: &Attribution) -> usize {
        let next = self.next_filled(found.end);
        let marked = self.lines.get(next).is_some_and(|line| line.depth > 0 || is_barred(line));
        if !marked && !found.sure {
            self.has_own = true;
            return at + 1;
        }
        if !marked && !self.has_own && self.is_marked {
            // A heading alone at the top, with quotes further down: the text below it answers.
            return self.mark(at, found.end, Class::Quoted);
        }
        self.below(at, found.end)
    }

    /// Some programs quote with bars.
    fn barred(&mut self, at: usize) -> usize {
        let barred =
            self.lines.get(at..).unwrap_or_default().iter().take_while(|line| is_barred(line)).count();
        self.mark(at, at + barred, Class::Quoted)
    }

    fn mark(&mut self, from: usize, to: usize, class: Class) -> usize {
        self.has_own |= class == Class::Own && self.lines.get(from).is_some_and(|line| !line.is_blank());
        self.classes.iter_mut().take(to).skip(from).for_each(|slot| *slot = class);
        to
    }

    /// The first line at or after this one that is not empty.
    fn next_filled(&self, at: usize) -> usize {
        let blanks =
            self.lines.get(at..).unwrap_or_default().iter().take_while(|line| line.is_blank()).count();
        at + blanks
    }
}

fn is_barred(line: &Line<'_>) -> bool {
    line.text.starts_with('|')
}
