//! Answers typed within the quoted letter: below the line that asks (`> Language:` and then `Spanish`), or behind its
//! label (`> Language: Spanish`), which our own letters leave empty.

use std::borrow::Cow;

use super::form;
use super::reply::line::{Class, Line};
use super::reply::{self, Laid, Own};
use super::{Context, Envelope};
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

/// Whether a mail is the answer to a letter of ours, by what it says of itself.
pub(in crate::intake) fn answers_us(envelope: &Envelope, context: &Context) -> bool {
    let is_ours = |id: &String| {
        id.rsplit_once('@').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(&context.message_id_domain))
    };
    envelope.thread.first().is_some_and(is_ours)
}

/// How our letter that asks for lines begins, for one line and for several (`templates/needs-info`).
const ASKS: [&str; 2] = ["Please fill in this line and reply.", "Please fill in these lines and reply."];

/// The quoted lines that have a value behind a label, right below our own sentence that asks for such lines. They have
/// nothing behind the label there, so that whoever answers has typed the value. What stands anywhere else in a quote
/// may be a third person's.
fn typed(lines: &[Line<'_>]) -> Vec<usize> {
    if !lines.iter().any(asks) {
        return Vec::new();
    }
    let classes = reply::classes(lines);
    let mut typed = Vec::new();
    // The depth of the letter that asks, and whether its labels have begun.
    let mut open: Option<(usize, bool)> = None;
    for (at, line) in lines.iter().enumerate() {
        let is_quoted = classes.get(at) == Some(&Class::Quoted);
        if is_quoted && asks(line) {
            open = Some((line.depth, false));
            continue;
        }
        if line.inner.is_empty() {
            continue;
        }
        let Some((depth, has_begun)) = open.filter(|(depth, _)| is_quoted && line.depth == *depth) else {
            // Words between the lines are the author's; another depth is another letter.
            open = open.filter(|_| !is_quoted);
            continue;
        };
        let labelled = line.inner.split_once(':').filter(|(label, _)| is_asked(label));
        if labelled.is_some_and(|(_, value)| !value.trim().is_empty()) {
            typed.push(at);
        }
        // The sentence may go on over a line; behind the labels the first other line ends them.
        open = (labelled.is_some() || (!has_begun && REST.ends_with(line.inner)))
            .then_some((depth, labelled.is_some()));
    }
    typed
}

/// How the sentence ends, wherever it is wrapped.
const REST: &str = " and reply. The rest we have.";

/// Only the letter of the mail that is answered: what is quoted deeper was said to somebody else.
fn asks(line: &Line<'_>) -> bool {
    line.depth <= 1 && ASKS.iter().any(|asks| line.inner.starts_with(asks))
}

/// Whether our letters ask with this label for what may be said in a quote: never whether it is safe, and no consent.
/// The partner's own number is the one they print with a value.
fn is_asked(label: &str) -> bool {
    let is_own_words = |field: &Field| {
        let key = field.key();
        *field == Field::PartnerReference
            || *field == Field::PartTwo
            || field.label().starts_with("Safe")
            || key.contains("consent")
            || field.label().starts_with("Consent")
    };
    let mut asked = Field::ALL.into_iter().filter(|field| !is_own_words(field)).map(Field::label);
    asked.any(|asked| asked.eq_ignore_ascii_case(label.trim_end()))
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
    fn what_a_third_person_says_in_a_quote_fills_nothing() {
        let cleo =
            "> Client name: Cleo Ray\n> Phone: 518-555-0199\n> Safe to call: yes\n> Consent to share: yes\n";
        for body in [
            "Done.\n\nOn Tue, 3 Nov 2026 at 09:15, Bob Cole <bob@partner.example> wrote:\n> Best, Bob\n> Phone: 518-555-0199\n> Email: bob@partner.example\n".to_owned(),
            format!("FYI another client of ours:\n\n{cleo}"),
            format!("{ASKED}> If you do not know, write \"not known\".\n>\n{cleo}"),
            format!("{ASKED}>> Phone: 518-555-0199\n> Safe to call: yes\n"),
            format!("{ASKED}> Safe to call: yes\n> Consent to share: yes\n> Phone: 518-555-0199\n").replace("> Please", ">> Please"),
        ] {
            assert_eq!(behind_labels("1@mail.handoff.example", &body), [], "{body}");
        }
        let own = format!("{ASKED}> Safe to call: yes\n> Consent to share: yes\n> Safe times: any\n");
        assert_eq!(behind_labels("1@mail.handoff.example", &own), []);
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
