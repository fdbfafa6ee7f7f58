//! The original inside a forwarded mail.
//!
//! The first heading in the mail decides. A forward marker (`---------- Forwarded message ---------`) always makes a
//! forward. Headings that replies have too (`-----Original Message-----`, a block of headers, `On … wrote:`) make one
//! only if the subject says so, or if nothing stands above them and the subject does not say that it is a reply.
//! A mail whose original sender cannot be read at all is not called a forward.

use super::Forwarded;
use super::reply::heading::{Block, attribution, block, marker, run_together};
use super::reply::line::{Line, lines};
use super::reply::words::{Announced, Label, Prefix, WORDS, normal};
use super::reply::{Readable, markup, readable};
use crate::referral::address::EmailAddress;

/// The longest sender or subject that is shown, in characters.
const SHOWN_CHARS: usize = 300;

/// Finds the original author, subject and text in an inline forward; `None` when the mail is not a forward.
#[must_use]
pub fn find(subject: &str, plain: Option<&str>, html: Option<&str>) -> Option<Forwarded> {
    match readable(plain, html) {
        Readable::Plain(text) => find_in(subject, &lines(text)),
        Readable::Html(html) => find_in(subject, &lines(&markup::text(html))),
    }
}

fn find_in(subject: &str, lines: &[Line<'_>]) -> Option<Forwarded> {
    let (prefix, bare_subject) = prefix_of(subject);
    let mut is_top = true;
    for (at, line) in lines.iter().enumerate() {
        if line.inner.is_empty() || !line.is_short() {
            is_top &= line.inner.is_empty();
            continue;
        }
        if let Some(heading) = heading(lines, at) {
            let original =
                heading.says_forward(prefix, is_top, line.depth).then(|| heading.original(lines))?;
            return Some(Forwarded {
                from: original.from.as_deref().and_then(address_in),
                from_shown: one_line(&sender_shown(original.from.as_deref()?)),
                subject: one_line(original.subject.as_deref().unwrap_or(bare_subject)),
                body: body(lines, original.start, original.depth),
            });
        }
        if line.depth > 0 && prefix != Some(Prefix::Forward) {
            return None;
        }
        is_top &= line.is_rule();
    }
    None
}

/// What announces the original.
enum Heading<'a> {
    /// `---------- Forwarded message ---------`, and the headers below or behind it.
    Marked { announced: Announced, rest: &'a str, end: usize, below: Below },
    /// Headers alone.
    Bare(Block, usize),
    /// `On … wrote:`
    Attributed { shown: String, end: usize },
}

/// What stands below a marker.
enum Below {
    Headers(Block, usize),
    Attribution { shown: String, end: usize },
    Nothing,
}

/// What was read of the original.
struct Original {
    from: Option<String>,
    subject: Option<String>,
    /// The first line of its text.
    start: usize,
    /// The quote marks before each of its lines.
    depth: usize,
}

fn heading<'a>(lines: &[Line<'a>], at: usize) -> Option<Heading<'a>> {
    let line = lines.get(at)?;
    if let Some(marker) = marker(line) {
        let below = below(lines, next_filled(lines, at + 1));
        return Some(Heading::Marked { announced: marker.announced, rest: marker.rest, end: at + 1, below });
    }
    let complete = |block: &Block| {
        block.from.is_some() && (block.kinds() >= 3 || (block.kinds() >= 2 && block.has_address()))
    };
    if let Some(block) = block(lines, at).filter(complete) {
        return Some(Heading::Bare(block, at));
    }
    let found = attribution(lines, at)?;
    Some(Heading::Attributed { shown: found.shown, end: found.end })
}

fn below(lines: &[Line<'_>], at: usize) -> Below {
    if let Some(block) = block(lines, at) {
        return Below::Headers(block, at);
    }
    attribution(lines, at)
        .map_or(Below::Nothing, |found| Below::Attribution { shown: found.shown, end: found.end })
}

impl Heading<'_> {
    fn says_forward(&self, prefix: Option<Prefix>, is_top: bool, depth: usize) -> bool {
        let by_subject = prefix == Some(Prefix::Forward) || (prefix == Some(Prefix::Either) && is_top);
        let by_place = is_top && prefix.is_none();
        match self {
            Heading::Marked { announced: Announced::Forward, .. } => true,
            // Where even the marker is quoted, the program wraps forwards so: a reply would name the author above it.
            Heading::Marked { announced: Announced::Original, .. } => {
                by_subject || by_place || (depth > 0 && prefix.is_none())
            }
            Heading::Bare(block, _) => {
                by_subject || (by_place && depth == 0 && block.has_address() && block.kinds() >= 3)
            }
            Heading::Attributed { .. } => by_subject,
        }
    }

    fn original(self, lines: &[Line<'_>]) -> Original {
        let depth_at = |at: usize| lines.get(at).map_or(0, |line| line.depth);
        match self {
            Heading::Marked { rest, end, below, .. } => {
                let behind = run_together(rest);
                let behind = |wanted: Label| {
                    behind.iter().find(|(l, _)| *l == wanted).map(|(_, value)| (*value).to_owned())
                };
                let (from, subject) = (behind(Label::From), behind(Label::Subject));
                match below {
                    Below::Headers(block, at) if from.is_none() || subject.is_none() => Original {
                        from: from.or(block.from),
                        subject: subject.or(block.subject),
                        start: block.end,
                        depth: depth_at(at),
                    },
                    Below::Attribution { shown, end } if from.is_none() => Original {
                        from: Some(shown),
                        subject,
                        start: end,
                        depth: depth_at(end.saturating_sub(1)),
                    },
                    Below::Headers(..) | Below::Attribution { .. } | Below::Nothing => {
                        Original { from, subject, start: end, depth: depth_at(end.saturating_sub(1)) }
                    }
                }
            }
            Heading::Bare(block, at) => {
                Original { from: block.from, subject: block.subject, start: block.end, depth: depth_at(at) }
            }
            Heading::Attributed { shown, end } => {
                Original { from: Some(shown), subject: None, start: end, depth: 0 }
            }
        }
    }
}

fn next_filled(lines: &[Line<'_>], at: usize) -> usize {
    at + lines.get(at..).unwrap_or_default().iter().take_while(|line| line.inner.is_empty()).count()
}

/// The prefix of a subject, and the subject without it. Notes in brackets before it (`[EXTERNAL]`) do not count.
fn prefix_of(subject: &str) -> (Option<Prefix>, &str) {
    let mut rest = subject.trim();
    while let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        rest = after.trim_start();
    }
    let Some((prefix, bare)) = rest.split_once([':', '：']) else { return (None, rest) };
    match WORDS.prefix(prefix) {
        Some(prefix) => (Some(prefix), bare.trim()),
        None => (None, rest),
    }
}

/// The sender's one strict address: in brackets if there are any, because a name may look like an address.
fn address_in(shown: &str) -> Option<EmailAddress> {
    let parse = |text: &str| {
        let apart = |c: char| c.is_whitespace() || "<>[](){}\"'„“”«»,;|".contains(c);
        let mut tokens =
            text.split(apart).map(|token| token.trim_start_matches("mailto:").trim_matches(['.', ':']));
        tokens.find_map(|token| EmailAddress::parse(token).ok())
    };
    shown.split_once(['<', '[']).and_then(|(_, bracketed)| parse(bracketed)).or_else(|| parse(shown))
}

/// The sender as shown, without the link beside an address; from an attribution only the name and the address.
fn sender_shown(from: &str) -> String {
    let from = from.trim();
    let is_attribution = from.ends_with([':', '：']) || WORDS.wrote(&normal(from));
    let Some((before, bracketed)) = from.split_once('<') else { return from.to_owned() };
    let address = bracketed.split(['>', '<']).next().unwrap_or_default().trim_start_matches("mailto:");
    let name = if is_attribution { name_at_end(before) } else { before.trim().to_owned() };
    format!("{name} <{address}>").trim().to_owned()
}

/// The name before an address: what is in quotes, or the words that are neither small nor numbers.
fn name_at_end(text: &str) -> String {
    let text = text.trim_end_matches([' ', '(']);
    let quotes = ['"', '„', '“', '”', '«', '»'];
    if text.ends_with(quotes) {
        return text.trim_end_matches(quotes).rsplit(quotes).next().unwrap_or_default().trim().to_owned();
    }
    let named = |word: &&str| {
        !word.ends_with([',', ':'])
            && !word.contains(|c: char| c.is_ascii_digit())
            && !word.starts_with(char::is_lowercase)
    };
    let mut words: Vec<&str> = text.split_whitespace().rev().take_while(named).collect();
    words.reverse();
    words.join(" ")
}

/// On one line, bounded, without control characters.
fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN_CHARS).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The original's text without the quote marks the forward put before it.
fn body(lines: &[Line<'_>], start: usize, depth: usize) -> String {
    let rest = lines.get(start..).unwrap_or_default();
    let marked = depth > 0 || rest.iter().filter(|line| !line.is_blank()).all(|line| line.depth > 0);
    let depth = if marked { depth.max(1) } else { 0 };
    let original = rest.iter().take_while(|line| line.depth >= depth || line.is_blank());
    let text: String = original.map(|line| without_marks(line, depth)).collect();
    text.trim().to_owned()
}

fn without_marks<'a>(line: &Line<'a>, depth: usize) -> &'a str {
    let mut text = line.raw;
    for _ in 0..depth.min(line.depth) {
        text = text.trim_start_matches([' ', '\t']);
        text = text.strip_prefix('>').unwrap_or(text);
    }
    if depth > 0 { text.strip_prefix(' ').unwrap_or(text) } else { text }
}
