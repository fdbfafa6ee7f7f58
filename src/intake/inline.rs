//! Answers typed below the lines that ask for them, within the quoted letter: `> Language:` and then `Spanish`.

use std::borrow::Cow;

use super::form;
use super::reply::line::{Class, Line};
use super::reply::{Laid, Own};

/// The new text, in which a bare answer has the label of the quoted line right above it. Nothing that is quoted counts
/// as said again: only the label is taken from there (RELIABILITY M25).
#[must_use]
pub(in crate::intake) fn answered<'a>(own: &Own<'a>) -> Cow<'a, str> {
    let text = own.text.own.as_str();
    if !own.lines.iter().any(|line| asked(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut answered = String::with_capacity(text.len() + 200);
    let mut rest = text;
    let mut open: Option<&str> = None;
    // Markup is laid out with blank lines around a quote.
    let most = if matches!(own.laid, Laid::Plain(_)) { 1 } else { 3 };
    let mut gap = 0;
    for line in own.lines {
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

    #[test]
    fn what_stands_in_the_quote_is_said_by_nobody() {
        let found = values(&format!(
            "\nThanks, we will ask.\n\n{ASKED}> Consent to share: yes\n> Preferred language:\n> Spanish\n"
        ));
        assert_eq!(found, []);
    }
}
