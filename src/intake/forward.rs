//! The original inside a forwarded mail.
//!
//! The first heading in the mail decides. A forward marker (`---------- Forwarded message ---------`) always makes a
//! forward. Headings that replies have too (`-----Original Message-----`, a block of headers, `On … wrote:`) make one
//! only if the subject says so, or if nothing stands above them and the subject does not say that it is a reply.
//! A mail whose original sender cannot be read at all is not called a forward.

use super::Forwarded;
use super::reply::heading::{Block, attribution, block, marker, run_together};
use super::reply::line::{Line, lines};
use super::reply::quotes::is_group_wise;
use super::reply::words::{Announced, Label, Prefix, WORDS, normal};
use super::reply::{self, Laid, Own};
use crate::referral::address::EmailAddress;

/// The longest sender or subject that is shown, in characters.
const SHOWN_CHARS: usize = 300;

/// How far headers run together on one line may be folded.
const FOLDED_LINES: usize = 5;

/// Finds the original author, subject and text in an inline forward; `None` when the mail is not a forward.
#[must_use]
pub fn find(subject: &str, plain: Option<&str>, html: Option<&str>) -> Option<Forwarded> {
    find_in(subject, &lines(&reply::lay_out(plain, html).whole()))
}

/// The same in a body that was taken apart already.
#[must_use]
pub(in crate::intake) fn find_laid(subject: &str, own: &Own<'_>) -> Option<Forwarded> {
    let is_marked = own.lines.iter().any(|line| line.forced.is_some());
    match own.laid {
        // What announces an original without the subject's help is quoted: where nothing is, there is no forward.
        _ if own.text.quoted.is_empty() && !is_marked && !may_say_forward(subject) => None,
        Laid::Plain(_) => find_in(subject, own.lines),
        Laid::Html(_) => find_in(subject, &lines(&own.laid.whole())),
    }
}

fn may_say_forward(subject: &str) -> bool {
    matches!(prefix_of(subject).0, Some(Prefix::Forward | Prefix::Either))
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
enum Heading {
    /// `---------- Forwarded message ---------`, and the headers below or behind it.
    Marked { announced: Announced, rest: String, end: usize, below: Below },
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

fn heading(lines: &[Line<'_>], at: usize) -> Option<Heading> {
    let line = lines.get(at)?;
    if let Some(marker) = marker(line) {
        let (rest, end) = headers_behind(lines, at, marker.rest);
        let below = below(lines, next_filled(lines, end));
        return Some(Heading::Marked { announced: marker.announced, rest, end, below });
    }
    let complete = |block: &Block| {
        block.from.is_some() && (block.kinds() >= 3 || (block.kinds() >= 2 && block.has_address()))
    };
    if let Some(block) = block(lines, at).filter(complete) {
        return Some(Heading::Bare(block, at));
    }
    if let Some(shown) = group_wise(lines, at) {
        return Some(Heading::Attributed { shown, end: at + 1 });
    }
    let found = attribution(lines, at)?;
    Some(Heading::Attributed { shown: found.shown, end: found.end })
}

/// The headers that stand behind a marker, folded over a few lines or not, and the first line after them.
fn headers_behind(lines: &[Line<'_>], at: usize, rest: &str) -> (String, usize) {
    let mut text = rest.to_owned();
    let mut end = at + 1;
    let is_whole = |text: &str| {
        !text.contains(':') || run_together(text).iter().any(|(label, _)| *label == Label::Subject)
    };
    while !is_whole(&text) && end <= at + FOLDED_LINES {
        let Some(line) = lines.get(end).filter(|line| !line.inner.is_empty() && line.is_short()) else {
            break;
        };
        text.push(' ');
        text.push_str(line.inner);
        end += 1;
    }
    if is_whole(&text) { (text, end) } else { (rest.to_owned(), at + 1) }
}

fn below(lines: &[Line<'_>], at: usize) -> Below {
    if let Some(block) = block(lines, at) {
        return Below::Headers(block, at);
    }
    if let Some(shown) = group_wise(lines, at) {
        return Below::Attribution { shown, end: at + 1 };
    }
    attribution(lines, at)
        .map_or(Below::Nothing, |found| Below::Attribution { shown: found.shown, end: found.end })
}

/// The sender between the signs of `GroupWise`: `>>> Ann Smith <ann@example.org> 11/3/2026 9:15 AM >>>`.
fn group_wise(lines: &[Line<'_>], at: usize) -> Option<String> {
    let line = lines.get(at).filter(|_| is_group_wise(lines, at))?;
    let end = line.inner.find('>').map_or(line.inner.len(), |at| at + 1);
    let address = line.inner.get(..end).filter(|shown| shown.contains('<'));
    let is_date = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let name = || line.inner.split(' ').take_while(|word| !is_date(word)).collect::<Vec<_>>().join(" ");
    Some(address.map_or_else(name, str::to_owned))
}

impl Heading {
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
                let behind = run_together(&rest);
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
                        depth: depth_at(end.saturating_sub(1)).min(depth_at(next_filled(lines, end))),
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

/// Whether a subject says that the mail answers another.
pub(in crate::intake) fn is_answer(subject: &str) -> bool {
    matches!(prefix_of(subject).0, Some(Prefix::Reply | Prefix::Either))
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

#[cfg(test)]
mod tests {
    use super::*;

    const HEADERS: &str = "From: Ann Smith <ann@example.org>\nDate: Tue, Nov 3, 2026 at 9:15 AM\nSubject: A client\nTo: Bob <bob@example.com>\n";

    fn check(subject: &str, body: &str) -> Option<String> {
        let found = find(subject, Some(body), None)?;
        assert_eq!(found.body, "Please call.", "{body}");
        Some(format!("{}|{}", found.from.as_ref().map_or("", EmailAddress::as_str), found.subject))
    }

    #[test]
    fn a_forward_marker_makes_a_forward_whatever_the_subject() {
        let quoted = HEADERS.replace('\n', "\n> ");
        for body in [
            format!("FYI\n\n---------- Forwarded message ---------\n{HEADERS}\nPlease call.\n"),
            format!("Begin forwarded message:\n\n> {quoted}\n> Please call.\n"),
            format!("> Begin forwarded message:\n> \n> {quoted}\n> Please call.\n\nBottom\n"),
            format!("Forwarded message:\n\n> {quoted}\n> Please call.\n"),
            format!("-------- Forwarded Message --------\n{HEADERS}\n\nPlease call.\n"),
            format!("---------- Mensaje reenviado ---------\n{HEADERS}\nPlease call.\n"),
            format!("> ---------- Original Message ----------\n> {quoted} \n> \n> Please call.\n"),
            format!("---------- Forwarded message ----------\n{HEADERS}\n> Please call.\n"),
        ] {
            assert_eq!(check("A client", &body).as_deref(), Some("ann@example.org|A client"), "{body}");
        }
    }

    #[test]
    fn headers_run_together_on_one_line_are_read() {
        for line in [
            "   ----- Forwarded Message ----- From: Ann Smith <ann@example.org>To: \"bob@example.com\" <bob@example.com>Sent: Tuesday, November 3, 2026, 09:15:00 AM GMT+1Subject: A client",
            "----- Mensaje reenviado ----- De: Ann Smith <ann@example.org>Para: Bob <bob@example.com>Enviado: martes, 3 de noviembre de 2026, 09:15:00 CETAsunto: A client",
            "----- Forwarded Message -----From: Ann Smith\n <ann@example.org>To: Bob <bob@example.com>Sent: Tuesday,\nNovember 3, 2026, 09:15:00 AM GMT+1Subject: A client",
            "----- Messaggio inoltrato ----- Da: Ann Smith <ann@example.org>A: Bob <bob@example.com>Inviato: martedì 3 novembre 2026 alle ore 09:15:00 CETOggetto: A client",
        ] {
            let found = check("x", &format!("{line}\nPlease call.\n"));
            assert_eq!(found.as_deref(), Some("ann@example.org|A client"), "{line}");
        }
    }

    #[test]
    fn a_heading_that_replies_have_too_needs_the_subject() {
        for (subject, is_forward) in [
            ("Fwd: A client", true),
            ("[EXT] RV: A client", true),
            ("Re: A client", false),
            ("RE: Fwd: A client", false),
        ] {
            for body in [
                format!("Note\n\n-----Original Message-----\n{HEADERS}\nPlease call.\n"),
                format!("Note\n\n{HEADERS}\nPlease call.\n"),
                "Note\n\nOn 3/11/2026, 09:15, \"Ann Smith\" <ann@example.org> wrote:\n\nPlease call.\n"
                    .to_owned(),
            ] {
                let found = check(subject, &body);
                let expected = is_forward.then_some("ann@example.org|A client");
                assert_eq!(found.as_deref(), expected, "{subject}: {body}");
            }
        }
    }

    #[test]
    fn headers_alone_at_the_top_are_a_forward_unless_the_subject_says_reply() {
        let body = format!("________________________________\n{HEADERS}\nPlease call.\n");
        assert!(check("A client", &body).is_some());
        assert!(check("Re: A client", &body).is_none());
        assert!(
            check("A client", "To: Intake\nFrom: Ann, Shelter\nDate: 11/3/2026\n\nPlease call.").is_none()
        );
    }

    #[test]
    fn the_attributions_over_forwards_of_each_language_name_the_sender() {
        for heading in [
            "Dne 28/10/2026 12:46, Ann Smith <ann@example.org> napsal(a):",
            "D. 28/10/2026 12:46 skrev \"Ann Smith\" <ann@example.org>:",
            "Am 28/10/2026 12:46 schrieb \"Ann Smith\" <ann@example.org>:",
            "El 28/10/2026 12:46, \"Ann Smith\" <ann@example.org> escribió:",
            "Le 28/10/2026 12:46, « Ann Smith » <ann@example.org> a écrit :",
            "Ann Smith <ann@example.org> kirjoitti 28/10/2026 12:46:",
            "28/10/2026 12:46 időpontban Ann Smith (<ann@example.org>) ezt írta:",
            "Il giorno 28/10/2026, 12:46 \"Ann Smith\" <ann@example.org> ha scritto:",
            "Ann Smith <ann@example.org> skrev følgende den 28/10/2026, 12:46:",
            "Em 28/10/2026 12:46, \"Ann Smith\" <ann@example.org> escreveu:",
            "28/10/2026, 12:46 пользователь \"Ann Smith\" <ann@example.org> написал:",
            "Den 28/10/2026 12:46 skrev \"Ann Smith\" <ann@example.org> följande:",
            "\"Ann Smith\" <ann@example.org>, 28/10/2026 12:46 tarihinde şunu yazdı:",
            "În data de 28/10/2026, 12:46, „Ann Smith” <ann@example.org> a scris:",
        ] {
            let body = format!("\u{FEFF}{heading}\n\n    Please call.\n");
            assert_eq!(
                check("FW: A client", &body).as_deref(),
                Some("ann@example.org|A client"),
                "{heading}"
            );
            let found = find("FW: A client", Some(&body), None).unwrap();
            assert_eq!(found.from_shown, "Ann Smith <ann@example.org>");
        }
    }

    #[test]
    fn the_signs_of_group_wise_are_no_quote_marks() {
        for (heading, address) in [
            (">>> Ann Smith <ann@example.org> 11/3/2026 9:15 AM >>>", "ann@example.org"),
            (">>> \"Ann Smith\" <ann@example.org> 11/3/2026 9:15 AM >>>", "ann@example.org"),
            (">>> Ann Smith 11/3/2026 9:15 AM >>>", ""),
        ] {
            for above in ["", "FYI\n\n", "FYI\n\n---- Original Message ----\n"] {
                let body = format!("{above}{heading}\nPlease call.\n");
                assert_eq!(check("Fwd: A client", &body), Some(format!("{address}|A client")), "{body}");
                assert!(find("Re: A client", Some(&body), None).is_none(), "{body}");
            }
        }
        let body = ">>> Ann Smith 11/3/2026 9:15 AM >>>\nPlease call.\n";
        assert_eq!(find("Fwd: A client", Some(body), None).unwrap().from_shown, "Ann Smith");
    }

    #[test]
    fn a_forward_within_a_forward_keeps_the_inner_headers() {
        let body = "From: Ann <ann@example.org>\nSent: now\nTo: Bob\nSubject: FW: A client\n\nFrom: Eve <eve@example.net>\nSent: then\nTo: Ann\nSubject: A client\n\nHello\n";
        let found = find("FW: A client", Some(body), None).unwrap();
        assert_eq!(found.from.unwrap().as_str(), "ann@example.org");
        assert!(found.body.starts_with("From: Eve"));
    }

    #[test]
    fn a_reply_that_quotes_a_forward_is_a_reply() {
        let quoted = HEADERS.replace('\n', "\n> ");
        let body = format!(
            "Yes\n\nOn 3/11/2026, 09:15, Bob <bob@example.com> wrote:\n> ---------- Forwarded message ---------\n> {quoted}"
        );
        assert!(find("Re: A client", Some(&body), None).is_none());
        assert!(find("A client", Some("Please call.\n\n> you said\n> this\n"), None).is_none());
        assert!(find("", Some("Begin forwarded message: see below"), None).is_none());
    }

    #[test]
    fn a_sender_is_shown_with_name_and_address() {
        for (value, address, shown) in [
            ("Ann Smith <ann@example.org>", "ann@example.org", "Ann Smith <ann@example.org>"),
            (
                "Smith, Ann <ann@example.org<mailto:ann@example.org>>",
                "ann@example.org",
                "Smith, Ann <ann@example.org>",
            ),
            ("Ann [mailto:ann@example.org]", "ann@example.org", "Ann [mailto:ann@example.org]"),
            ("boss@example.com <ann@example.org>", "ann@example.org", "boss@example.com <ann@example.org>"),
            ("ann@example.org", "ann@example.org", "ann@example.org"),
            ("Ann Smith", "", "Ann Smith"),
        ] {
            assert_eq!(address_in(value).map(String::from).unwrap_or_default(), address);
            assert_eq!(sender_shown(value), shown);
        }
        for attribution in [
            "On 3/11/2026, 09:15, \"Ann Smith\" <ann@example.org> wrote:",
            "Op 3/11/2026 09:15 heeft Ann Smith <ann@example.org> geschreven:",
            "3/11/2026 09:15 používateľ Ann Smith (<ann@example.org>) napísal:",
            "Dnia 3/11/2026 09:15 „Ann Smith” <ann@example.org> napisał:",
        ] {
            assert_eq!(sender_shown(attribution), "Ann Smith <ann@example.org>");
        }
    }

    #[test]
    fn a_forward_in_html_is_read_too() {
        let html = "<p>FYI</p><div class=moz-forward-container>-------- Forwarded Message --------<table><tr><th>Subject: </th><td>A client</td></tr><tr><th>From: </th><td>Ann &lt;ann@example.org&gt;</td></tr></table><br><div>Please call.</div></div>";
        let found = find("x", None, Some(html)).unwrap();
        assert_eq!(found.from.unwrap().as_str(), "ann@example.org");
        assert_eq!((found.subject.as_str(), found.body.as_str()), ("A client", "Please call."));
    }

    #[test]
    fn hostile_bodies_are_read_to_an_end() {
        for line in [
            "From: a\n",
            "-- Forwarded message --\n",
            "On 1 1 Ann wrote:\n",
            "> \n",
            "To: a\nCc: b\n",
            "a:a:a:a:a:a:a:a\n",
        ] {
            let found = find("Fwd: x", Some(&line.repeat(300_000 / line.len())), None);
            // Nothing is invented, whatever is cut.
            let is_said = |body: &str| body.lines().all(|said| line.contains(said.trim()));
            assert!(
                found.is_none_or(|found| found.body.len() <= 300_000 && is_said(&found.body)),
                "{line:?}"
            );
        }
    }
}
