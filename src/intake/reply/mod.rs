//! What the author wrote now, and what was only quoted, signed or appended.
//!
//! A body becomes lines ([`line`]); headings ([`heading`]) and quote marks say what is quoted ([`quotes`]); signatures,
//! notices and footers are set aside ([`trailer`]). HTML becomes text first ([`markup`]). The words of each language are
//! files ([`words`]). Each line lands in exactly one part, so that nothing is lost; time is linear in the body.

pub(in crate::intake) mod heading;
pub(in crate::intake) mod line;
pub(in crate::intake) mod markup;
mod quotes;
mod trailer;
pub(in crate::intake) mod words;

use super::Text;
use line::{Class, Line, lines};
use words::{WORDS, normal};

/// Takes a body apart; own + quoted + removed is all of its text. With both bodies present the plain one is read,
/// unless it is empty or only says that the mail is in HTML.
#[must_use]
pub fn split(plain: Option<&str>, html: Option<&str>) -> Text {
    match readable(plain, html) {
        Readable::Plain(text) => parts(&lines(text)),
        Readable::Html(html) => {
            let pieces = markup::pieces(html);
            let lines: Vec<Line<'_>> =
                pieces.iter().map(|(forced, text)| Line { forced: *forced, ..Line::read(text) }).collect();
            parts(&lines)
        }
    }
}

/// The body to read.
pub(in crate::intake) enum Readable<'a> {
    Plain(&'a str),
    Html(&'a str),
}

/// The plain body, unless there is nothing in it and there is an HTML one.
pub(in crate::intake) fn readable<'a>(plain: Option<&'a str>, html: Option<&'a str>) -> Readable<'a> {
    let plain = plain.filter(|text| !text.trim().is_empty());
    match (plain, html.filter(|text| !text.trim().is_empty())) {
        (Some(text), None) if is_markup(text) => Readable::Html(text),
        (Some(text), Some(html)) if is_markup(text) || is_placeholder(text) => Readable::Html(html),
        (None, Some(html)) => Readable::Html(html),
        (text, _) => Readable::Plain(text.unwrap_or_default()),
    }
}

/// Some programs put HTML where plain text should be.
fn is_markup(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let opens = |tag: &str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    opens("<html") || opens("<!doctype html") || opens("<body")
}

/// A short body that only points to the other one.
fn is_placeholder(text: &str) -> bool {
    text.len() <= 300 && WORDS.is_placeholder(&normal(text))
}

fn parts(lines: &[Line<'_>]) -> Text {
    let mut classes = quotes::classify(lines);
    trailer::set_aside(lines, &mut classes);
    let mut text = Text::default();
    for (line, class) in lines.iter().zip(classes) {
        match class {
            Class::Own => text.own.push_str(line.raw),
            Class::Quoted => text.quoted.push_str(line.raw),
            Class::Removed => text.removed.push_str(line.raw),
        }
    }
    text
}
