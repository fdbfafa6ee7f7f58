//! Answers typed within the quoted letter: below the line that asks (`> Language:` and then `Spanish`), or behind its
//! label (`> Language: Spanish`), which our own letters leave empty.

use std::borrow::Cow;

use super::form;
use super::reply::line::{Class, Line};
use super::reply::{self, Laid, Own};
use crate::referral::packet::Field;

/// The new text, in which a bare answer has the label of the quoted line right above it, and which has the values typed
/// behind the labels of a letter of ours. Nothing else that is quoted counts as said again (RELIABILITY M25).
#[must_use]
pub(in crate::intake) fn answered<'a>(own: &Own<'a>, is_ours: bool) -> Cow<'a, str> {
    let text = own.text.own.as_str();
    let typed = if is_ours { typed(own.lines) } else { Vec::new() };
    if typed.is_empty() && !own.lines.iter().any(|line| asked(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut answered = String::with_capacity(text.len() + 200);
    let mut typed = typed.into_iter().peekable();
    let mut rest = text;
    let mut open: Option<&str> = None;
    // Markup is laid out with blank lines around a quote.
    let most = if matches!(own.laid, Laid::Plain(_)) { 1 } else { 3 };
    let mut gap = 0;
    for (at, line) in own.lines.iter().enumerate() {
        if typed.next_if_eq(&at).is_some() {
            answered.push_str(line.inner);
            answered.push('\n');
        }
        let Some(after) = rest.strip_prefix(line.raw).filter(|_| !is_quoted(line)) else {
            if !line.inner.is_empty() {
                (open, gap) = (asked(line), 0);
            }
            continue;
        };
        rest = after;
        let is_labelled = || line.text.split_once(':').is_some_and(|(left, _)| form::is_label(left));
        if let Some(label) = open.filter(|_| !line.is_blank() && !is_labelled()) {
            answered.push_str(label);
            answered.push(' ');
        }
        // What stands far below a question does not answer it.
        gap += usize::from(line.is_blank());
        open = open.filter(|_| line.is_blank() && gap <= most);
        answered.push_str(line.raw);
    }
    // What is in no step with its lines has no label, and is not lost.
    answered.push_str(rest);
    Cow::Owned(answered)
}

/// The quoted lines that have a value behind a label as our letters print it. They ask with a label and nothing behind
/// it, so that whoever answers has typed the value.
fn typed(lines: &[Line<'_>]) -> Vec<usize> {
    let is_typed = |line: &Line<'_>| {
        let printed = line.inner.split_once(':').filter(|(_, value)| !value.trim().is_empty());
        printed.is_some_and(|(label, _)| is_asked(label))
    };
    if !lines.iter().any(is_typed) {
        return Vec::new();
    }
    let classes = reply::classes(lines);
    let is_quoted = |at: &usize| classes.get(*at) == Some(&Class::Quoted);
    let typed = lines.iter().enumerate().filter(|(_, line)| is_typed(line)).map(|(at, _)| at);
    typed.filter(is_quoted).collect()
}

/// Whether our letters ask with this label. The partner's own number is the one they print with a value.
fn is_asked(label: &str) -> bool {
    let asked = Field::ALL.into_iter().filter(|field| *field != Field::PartnerReference);
    asked.map(Field::label).any(|asked| asked.eq_ignore_ascii_case(label.trim_end()))
}

fn is_quoted(line: &Line<'_>) -> bool {
    line.depth > 0 || line.forced == Some(Class::Quoted)
}

/// The label of a quoted line that is nothing else.
fn asked<'a>(line: &Line<'a>) -> Option<&'a str> {
    let is_asking = is_quoted(line) && line.inner.len() <= 120 && line.inner.ends_with([':', '?']);
    is_asking.then_some(line.inner).filter(|inner| form::is_label(inner))
}

#[cfg(test)]
mod tests {
    use crate::intake::{read, tests::context};
    use crate::referral::packet::Field;

    fn values(body: &str) -> Vec<(Field, String)> {
        let mail = format!(
            "From: jo@partner.example\nSubject: Re: Needed\nIn-Reply-To: <1@mail.handoff.example>\n{body}"
        );
        let reading = read(mail.as_bytes(), &context());
        reading
            .packets
            .iter()
            .flat_map(|packet| packet.iter().map(|(field, found)| (field, found.value.clone())))
            .collect()
    }

    const ASKED: &str = "On Tue, 3 Nov 2026 at 09:15, Office <intake@handoff.example> wrote:\n> Please fill in these lines and reply.\n>\n";

    #[test]
    fn answers_typed_between_the_quoted_lines_are_read_with_their_labels() {
        for answers in [
            "> Preferred language:\nSpanish\n> Consent to share:\nyes\n> Thank you\n",
            "> Preferred language:\n\nSpanish\n\n> Consent to share:\n\nyes\n\n> Thank you\n",
            "> Preferred language:\nPreferred language: Spanish\n> Consent to share:\nConsent to share: yes\n>\n",
            ">> Preferred language:\n>\nSpanish\n>> Consent to share:\nyes\n",
        ] {
            let found = values(&format!("\n{ASKED}{answers}"));
            for (field, value) in [(Field::Language, "Spanish"), (Field::Consent, "yes")] {
                assert!(found.contains(&(field, value.to_owned())), "{answers}: {found:?}");
            }
        }
        let html = "Content-Type: text/html\n\n<div>On Tue, 3 Nov 2026 at 09:15, Office &lt;intake@handoff.example&gt; wrote:</div>\
                    <blockquote type=\"cite\"><div>Preferred language:</div></blockquote><div>Spanish</div>\
                    <blockquote type=\"cite\"><div>Consent to share:</div></blockquote><div>yes</div>";
        assert!(values(html).contains(&(Field::Language, "Spanish".to_owned())), "{:?}", values(html));
    }

    #[test]
    fn what_stands_far_below_a_question_does_not_answer_it() {
        let found = values(&format!("\n{ASKED}> Consent to share:\n\n\nYes, thank you for asking.\n"));
        assert!(found.iter().all(|(field, _)| *field != Field::Consent), "{found:?}");
    }

    /// A mail that answers a letter of ours, if `id` is one of our Message-IDs.
    fn behind_labels(id: &str, body: &str) -> Vec<(Field, String)> {
        let mail = format!("From: jo@partner.example\nSubject: Re: Needed\nIn-Reply-To: <{id}>\n\n{body}");
        let packets = read(mail.as_bytes(), &context()).packets;
        packets
            .iter()
            .flat_map(|packet| packet.iter().map(|(field, found)| (field, found.value.clone())))
            .collect()
    }

    #[test]
    fn values_typed_behind_the_labels_of_our_letter_are_read_however_it_is_quoted() {
        let asked = "Please fill in these lines and reply. The rest we have.";
        let outlook = "From: Office <intake@handoff.example>\nSent: Tuesday, November 3, 2026 9:15 AM\nTo: Jo\nSubject: Needed";
        for body in [
            format!(
                "Done.\n\n{ASKED}> Phone: 518-555-0142\n> Language: Spanish\n>\n> If you do not know, write \"not known\".\n"
            ),
            format!("{ASKED}> Phone: 518-555-0142\n> Language: Spanish\n"),
            format!("Done.\n\n{outlook}\n\n{asked}\n\nPhone: 518-555-0142\nLanguage: Spanish\n"),
        ] {
            let found = behind_labels("1@mail.handoff.example", &body);
            for (field, value) in [(Field::ClientPhone, "518-555-0142"), (Field::Language, "Spanish")] {
                assert!(found.contains(&(field, value.to_owned())), "{body}: {found:?}");
            }
            assert_eq!(behind_labels("1@partner.example", &body), [], "{body}");
        }
    }

    #[test]
    fn what_our_letters_print_behind_their_labels_is_said_by_nobody() {
        let body = format!(
            "Thanks.\n\n{ASKED}> Number: R-7K4M-2QX9\n> Your reference: HH-77\n> Owner: Maria\n> Status: Received\n> - Phone: 518-555-0142\n"
        );
        assert_eq!(behind_labels("1@mail.handoff.example", &body), []);
    }

    #[test]
    fn what_stands_in_the_quote_is_said_by_nobody() {
        let body = format!(
            "Thanks, we will ask.\n\n{ASKED}> Consent to share: yes\n> Preferred language:\n> Spanish\n"
        );
        assert_eq!(behind_labels("1@partner.example", &body), []);
    }
}
