//! Earlier: what the mails say that stand quoted below a new referral. Nothing is read from them as a form, and none of
//! their words is a stop or a command, but whoever wrote "never email her" there wrote it about this client.
//!
//! Our own letters tell people what not to do: what carries a reference of ours, or is from an address of ours, is none of
//! them. Nor is anything that a mail quotes which answers a letter of ours, or is about a record.

use std::sync::LazyLock;

use crate::intake::form::fold::{fold, words};
use crate::intake::mentions::references_in;
use crate::intake::quick::WordSet;
use crate::intake::reply::heading::{attribution, block, marker};
use crate::intake::reply::line::{Class, Line};
use crate::intake::reply::{self, Own};
use crate::intake::{Context, Mentions};
use crate::referral::address::EmailAddress;

/// What is quoted in a mail that is about no record, without letters of ours, line by line.
pub(super) fn said(own: &Own<'_>, mentions: &Mentions, context: &Context) -> String {
    let is_known = own.answers_us || !mentions.references.is_empty() || !mentions.tokens.is_empty();
    if is_known || own.text.quoted.trim().is_empty() {
        return String::new();
    }
    let letters = letters(own.lines);
    let mut ours: Vec<(usize, usize)> =
        letters.iter().filter(|letter| letter.is_ours(context)).map(Letter::key).collect();
    ours.dedup();
    let theirs = letters.iter().filter(|letter| !ours.contains(&letter.key()));
    theirs.map(|letter| without_print(&letter.text)).collect::<Vec<_>>().join("\n")
}

/// The words of the fine print; the file says what each list is for.
const FILE: &str = include_str!("earlier.txt");

static PRINT: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| list("print").map(|phrase| phrase.split(' ').collect()).collect());
static ITSELF: LazyLock<WordSet> = LazyLock::new(|| list("itself").map(str::to_owned).collect());
static SOMEBODY: LazyLock<WordSet> = LazyLock::new(|| list("somebody").map(str::to_owned).collect());

fn list(name: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = FILE.lines().filter_map(|line| line.split_once(": "));
    lines.filter(move |(key, _)| *key == name).flat_map(|(_, phrases)| phrases.split('|'))
}

/// A text without the sentences that stand below every mail. One with a word for somebody stays, whatever else it says.
fn without_print(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_below = false;
    for paragraph in text.split("\n\n") {
        for sentence in paragraph.split_inclusive(['.', '!', ';']) {
            let folded = fold(sentence);
            let all = words(&folded);
            let is_about_itself = is_below && all.iter().any(|word| ITSELF.contains(*word));
            let is_print =
                !all.iter().any(|word| SOMEBODY.contains(*word)) && (is_about_itself || is_print(&all));
            is_below = is_print || is_below && all.is_empty();
            kept.push_str(if is_print { "" } else { sentence });
        }
        kept.push('\n');
        is_below = false;
    }
    kept
}

fn is_print(words: &[&str]) -> bool {
    (0..words.len()).any(|at| {
        let rest = words.get(at..).unwrap_or_default();
        PRINT.iter().any(|phrase| rest.starts_with(phrase))
    })
}

/// Lines of one quoted mail that stand together.
struct Letter {
    /// The heading they stand below, counted, and how deep they are quoted: the same for all lines of one mail.
    heading: usize,
    depth: usize,
    text: String,
    /// Who wrote it, as the heading says.
    from: String,
}

masked!(Letter);

impl Letter {
    const fn key(&self) -> (usize, usize) {
        (self.heading, self.depth)
    }

    fn is_ours(&self, context: &Context) -> bool {
        let mut parts = self.from.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c));
        let from = parts.find(|part| part.contains('@')).and_then(|part| EmailAddress::parse(part).ok());
        let is_from_us = from.is_some_and(|from| context.own_addresses.contains(&from));
        is_from_us || !references_in(&self.text, &context.reference_prefix).is_empty()
    }
}

/// The quoted lines of a mail, put together as far as they are of one.
fn letters(lines: &[Line<'_>]) -> Vec<Letter> {
    let classes = reply::classes(lines);
    let mut letters: Vec<Letter> = Vec::new();
    let (mut heading, mut end, mut from) = (0, 0, String::new());
    for (at, (line, class)) in lines.iter().zip(classes).enumerate() {
        if class != Class::Quoted {
            continue;
        }
        if line.inner.is_empty() {
            letters.last_mut().into_iter().for_each(|letter| letter.text.push('\n'));
            continue;
        }
        if let Some(found) = (at >= end).then(|| opened(lines, at)).flatten() {
            heading += 1;
            (end, from) = found;
        }
        // A heading stands one mark before what it is over.
        let depth = if at < end { lines.get(end).map_or(line.depth, |next| next.depth) } else { line.depth };
        match letters.last_mut().filter(|letter| letter.key() == (heading, depth)) {
            Some(letter) => letter.text.push('\n'),
            None => letters.push(Letter { heading, depth, text: String::new(), from: from.clone() }),
        }
        letters.last_mut().into_iter().for_each(|letter| letter.text.push_str(line.inner));
    }
    letters
}

/// Where the heading ends that begins at a line, and who it says has written what is below.
fn opened(lines: &[Line<'_>], at: usize) -> Option<(usize, String)> {
    let line = lines.get(at)?;
    let below = |at: usize| block(lines, at).map(|found| (found.end, found.from.unwrap_or_default()));
    if marker(line).is_some() {
        let next = at + 1 + lines.iter().skip(at + 1).take_while(|line| line.is_blank()).count();
        return Some(below(next).unwrap_or((at + 1, String::new())));
    }
    let written = || attribution(lines, at).map(|found| (found.end, found.shown));
    below(at).or_else(written)
}

#[cfg(test)]
mod tests {
    use crate::intake::form::fold::fold;
    use crate::intake::tests::context;
    use crate::intake::{Reading, read};
    use crate::referral::packet::{Field, Judged};

    const FORM: &str =
        "Client name: Ann Lee\nEmail: ann@mail.example\nSafe to email: yes\nConsent to share: yes\n";
    const WARNS: &str = "Please don't email her, he reads her mail.";

    fn of(fields: &str, body: &str) -> Reading {
        let head = "From: jo@partner.example\nTo: intake@handoff.example\nSubject: Client";
        read(format!("{head}\n{fields}\n{body}").as_bytes(), &context())
    }

    fn is_safe(reading: &Reading) -> bool {
        let safe: Vec<_> = reading.packets.iter().filter_map(|packet| packet.get(Field::SafeEmail)).collect();
        assert!(!safe.is_empty(), "{:?}", reading.text.own);
        safe.iter().all(|found| found.judged == Judged::Yes)
    }

    #[test]
    fn a_warning_in_any_kind_of_quote_below_a_new_referral_counts() {
        let html = "Content-Type: text/html\n";
        let lines = FORM.trim_end().replace('\n', "<br>");
        let bar = "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> Pat<br>\
                   <b>Sent:</b> Monday<br><b>To:</b> Jo<br><b>Subject:</b> x</p></div>";
        for (fields, body) in [
            ("", format!("{FORM}\n> {WARNS}\n")),
            ("", format!("{FORM}\n\nOn Fri, Nov 20, 2026 Anna wrote:\n> {WARNS}\n")),
            ("", format!("{FORM}\n\n-----Original Message-----\n{WARNS}\n")),
            ("In-Reply-To: <a@partner.example>\n", format!("{FORM}\n> {WARNS}\n")),
            (html, format!("<p>{lines}</p><blockquote>{WARNS}</blockquote>")),
            (
                html,
                format!(
                    "<p>{lines}</p><div class=\"gmail_quote\">On Fri, Nov 20, 2026 Anna wrote:<br><blockquote>{WARNS}</blockquote></div>"
                ),
            ),
            (html, format!("<p>{lines}</p><p>Thanks,<br>Jo</p>{bar}<p>{WARNS}</p>")),
        ] {
            let reading = of(fields, &body);
            assert!(!is_safe(&reading), "{body}");
            let calm = body.replace(WARNS, "She has a hearing on December 3.");
            assert!(is_safe(&of(fields, &calm)), "{calm}");
        }
    }

    #[test]
    fn nothing_quoted_is_a_field_or_new_text() {
        let body = format!("{FORM}\n> Client phone: 518-555-0142\n> Language: Spanish\n> STOP\n> {WARNS}\n");
        let reading = of("", &body);
        assert_eq!(reading.packets.len(), 1);
        let packet = &reading.packets[0];
        assert!(packet.get(Field::ClientPhone).is_none() && packet.language().is_none());
        assert!(!reading.text.own.contains("STOP"));
    }

    #[test]
    fn our_own_letters_warn_of_nothing() {
        let ours = "Please do not email the client. Her husband reads her mail.";
        for (fields, body) in [
            ("In-Reply-To: <1@mail.handoff.example>\n", format!("{FORM}\n> {ours}\n")),
            ("", format!("R-7K4M-2QX9\n{FORM}\n> {ours}\n")),
            ("", format!("{FORM}\n> Your reference is R-7K4M-2QX9.\n> {ours}\n")),
            (
                "",
                format!("{FORM}\n\nOn Fri, Nov 20, 2026 Office <intake@handoff.example> wrote:\n> {ours}\n"),
            ),
            (
                "",
                format!(
                    "{FORM}\n\nFrom: Office <intake@handoff.example>\nSent: Monday\nTo: Jo\nSubject: x\n\n{ours}\n"
                ),
            ),
            (
                "",
                format!(
                    "{FORM}\n> Thanks!\n> On Fri, Nov 20, 2026 Office <intake@handoff.example> wrote:\n>> {ours}\n"
                ),
            ),
        ] {
            assert!(is_safe(&of(fields, &body)), "{body}");
        }
        let both = format!(
            "{FORM}\n> {WARNS}\n> On Fri, Nov 20, 2026 Office <intake@handoff.example> wrote:\n>> Your reference is R-7K4M-2QX9.\n"
        );
        assert!(!is_safe(&of("", &both)), "what is quoted beside it is somebody else's");
    }

    #[test]
    fn a_quote_that_is_not_read_to_its_end_may_warn_of_anything() {
        let ours = "> Your reference is R-7K4M-2QX9. We will be in touch with the client.\n";
        let rest = format!("On Fri, Nov 20, 2026 Anna wrote:\n> {WARNS}\n");
        for (times, reads_all) in [(10, true), (400_000 / ours.len() + 1, false)] {
            let reading = of("", &format!("{FORM}\n{}\n{}", ours.repeat(times), rest.replace(WARNS, "Ok.")));
            assert_eq!(is_safe(&reading), reads_all, "{times}");
        }
    }

    #[test]
    fn a_mail_that_refers_nobody_is_not_searched_in_its_quotes() {
        let reading = of("", &format!("Thanks, will do.\n\n> {WARNS}\n"));
        assert!(reading.packets.is_empty());
        assert_eq!(reading.warnings, crate::intake::warning::Warnings::default());
    }

    #[test]
    fn fine_print_says_nothing_where_it_is_about_nobody() {
        for print in [
            "Please do not reply to this email. This mailbox is not monitored.",
            "If you are not the intended recipient, please delete it. Do not share its contents with anyone.",
        ] {
            assert!(is_safe(&of("", &format!("{FORM}\n> See below.\n>\n> {print}\n"))), "{print}");
        }
        for said in [
            "Please do not reply to this email, he reads her mail.",
            "This mailbox is not monitored. Never email her.",
            "This mailbox is not monitored. Never email Ann.",
        ] {
            assert!(!is_safe(&of("", &format!("{FORM}\n> {said}\n"))), "{said}");
        }
        let phrases = ["print", "itself", "somebody"].into_iter().flat_map(super::list);
        let unfolded: Vec<_> = phrases.filter(|phrase| fold(phrase) != **phrase).collect();
        assert!(unfolded.is_empty(), "{unfolded:?}");
    }
}
