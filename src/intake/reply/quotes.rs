//! Which lines of a body are quoted.
//!
//! Lines with quote marks are, and so are the headings over them. Text without quote marks below a heading is quoted to
//! the end, because the program that wrote the heading marks nothing. Text between or below marked quotes is the
//! author's.

use super::heading::{Attribution, attribution, block, digit_groups, has_time, marker};
use super::line::{Class, Line};
use super::notes;
use super::words::{WORDS, normal};

/// The class of each line, and those that may be somebody's words all the same.
pub(super) fn classify(lines: &[Line<'_>]) -> (Vec<Class>, Unsure) {
    let mut reading = Reading::of(lines);
    let mut at = 0;
    while at < lines.len() {
        at = reading.step(at);
    }
    (reading.classes, Unsure { from: reading.unsure, among_headers: reading.among_headers })
}

/// Lines that were taken for a part of a quoted mail and may be none.
pub(super) struct Unsure {
    /// The first of those that only a heading which may be none makes quoted.
    from: Option<usize>,
    /// Lines among headers that are no header we know, in their order.
    among_headers: Vec<usize>,
}

impl Unsure {
    /// Whether this line is one.
    pub(super) fn has(&self, at: usize) -> bool {
        self.from.is_some_and(|from| at >= from) || self.among_headers.binary_search(&at).is_ok()
    }
}

/// What was made of the lines so far.
struct Reading<'l, 'a> {
    lines: &'l [Line<'a>],
    classes: Vec<Class>,
    /// The first line of new text that was seen.
    own: Option<usize>,
    /// The first line below a heading that may be none, when nothing there has quote marks.
    unsure: Option<usize>,
    /// Lines among headers that are no header we know: "Warning: …", an indented line below a subject.
    among_headers: Vec<usize>,
    /// There are quote marks somewhere.
    is_marked: bool,
}

impl<'l, 'a> Reading<'l, 'a> {
    fn of(lines: &'l [Line<'a>]) -> Self {
        let is_marked = lines.iter().any(|line| line.depth > 0);
        Reading {
            lines,
            classes: vec![Class::Own; lines.len()],
            own: None,
            unsure: None,
            among_headers: Vec::new(),
            is_marked,
        }
    }

    /// Judges what starts at a line; gives the next line to look at.
    fn step(&mut self, at: usize) -> usize {
        let Some(line) = self.lines.get(at) else { return at + 1 };
        if let Some(class) = line.forced {
            return self.mark(at, at + 1, class);
        }
        if is_group_wise(self.lines, at) {
            self.unsure = self.unsure.or(Some(at + 1));
            return self.below(at, at + 1);
        }
        if line.depth > 0 || line.is_blank() {
            let class = if line.depth > 0 { Class::Quoted } else { Class::Own };
            return self.mark(at, at + 1, class);
        }
        if self.is_broken_quote(at) {
            return self.mark(at, at + 1, Class::Quoted);
        }
        if let Some(end) = self.heading(at) {
            let is_strange = |at: &usize| {
                let line = self.lines.get(*at);
                line.is_some_and(|line| {
                    line.header.is_none() && !line.is_blank() && !line.is_rule() && marker(line).is_none()
                })
            };
            self.among_headers.extend((at..end).filter(is_strange));
            return self.below(at, end);
        }
        if let Some(found) = self.notes(at) {
            let next = self.below(found.start, found.end);
            if next == self.lines.len() {
                self.unsure = self.unsure.or(Some(found.start));
            }
            return next;
        }
        if let Some(found) = attribution(self.lines, at) {
            return self.attributed(at, &found);
        }
        self.own = self.own.or(Some(at));
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
        let found = block(self.lines, start)?;
        // A memo at the top (`To: … From: … Date: …`) is new text unless its sender is an address.
        let labelled = self.lines.get(..at).unwrap_or_default().iter().rev().take(8);
        // A label that the block has itself is none of its labels: in some language `No` means `From`.
        let belongs = |line: &&Line<'_>| line.header.is_some_and(|(bits, _)| !found.has_any(bits));
        let top = at - labelled.take_while(belongs).count();
        let has_own = self.own.is_some_and(|own| own < top);
        let complete =
            found.from.is_some() && found.kinds() >= 3 && (found.has_address() || (has_own && found.orderly));
        let announced = ruled && found.kinds() >= 2 && found.has_address();
        (complete || announced).then_some(found.end)
    }

    /// A heading of Lotus Notes; a form or a memo that looks like one stands at the top.
    fn notes(&self, at: usize) -> Option<notes::Heading> {
        let found = notes::heading(self.lines, at)?;
        self.own.is_some_and(|own| own < found.start).then_some(found)
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
            self.own = self.own.or(Some(at));
            return at + 1;
        }
        if !marked && self.own.is_none() && self.is_marked {
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
        if class == Class::Own && self.lines.get(from).is_some_and(|line| !line.is_blank()) {
            self.own = self.own.or(Some(from));
        }
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

/// `GroupWise` sets the sender and the date between three signs that are no quote marks: nothing below has any, and
/// the line right above is no quote of a quote. Below one stands an answer.
pub(in crate::intake) fn is_group_wise(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at).filter(|line| line.depth >= 3 && line.is_short()) else {
        return false;
    };
    let is_dated = || has_time(line.inner) && digit_groups(line.inner) >= 4;
    let is_heading = line.inner.ends_with(">>>") || line.closes && WORDS.wrote(&normal(line.inner));
    let next = || lines.get(at + 1..).unwrap_or_default().iter().find(|line| !line.is_blank());
    let is_marked = || next().is_none_or(|next| next.depth > 0);
    let above = at.checked_sub(1).and_then(|above| lines.get(above));
    let is_quote = || above.is_some_and(|above| above.depth > 1);
    line.text.starts_with(">>>") && is_heading && is_dated() && !is_marked() && !is_quote()
}

fn is_barred(line: &Line<'_>) -> bool {
    line.text.starts_with('|')
}

#[cfg(test)]
mod tests {
    use crate::intake::reply::split;

    #[test]
    fn an_answer_below_a_quote_of_a_quote_is_the_authors() {
        for heading in ["On 11/3/2026 at 9:15 AM, Ann Smith wrote:", "Ann Smith 11/3/2026 9:15 AM >>>"] {
            for answer in ["No, do not email her, he reads her mail.", "accept"] {
                let body =
                    format!("> Please answer.\n>> Is it safe to write to her?\n>>> {heading}\n{answer}\n");
                assert_eq!(split(Some(&body), None).own.trim(), answer, "{heading}");
            }
            let body = format!("Yes.\n\n>>> {heading}\nHe reads her mail.\n");
            let text = split(Some(&body), None);
            assert_eq!(text.own.trim(), "Yes.");
            assert!(text.unsure.contains("He reads her mail."), "{heading}");
        }
    }

    #[test]
    fn a_heading_of_group_wise_below_a_quote_quotes_what_follows() {
        for above in ["> Can you take her?\n", "> Can you take her?\n\n", ">> Can you?\n\n"] {
            let body = format!("Yes.\n{above}>>> Ann Smith 11/3/2026 9:15 AM >>>\nShe has a hearing.\n");
            let text = split(Some(&body), None);
            assert_eq!(text.own.trim(), "Yes.", "{above}");
            assert!(text.unsure.contains("She has a hearing."), "{above}");
        }
    }
}
