//! Answers typed within the quoted letter: below the line that asks (`> Language:` and then `Spanish`), or behind its
//! label (`> Language: Spanish`), which our own letters leave empty.
//!
//! Nobody can prove who typed in a quote: of what is asked there about safety and consent a no counts, never a yes.

use std::borrow::Cow;

use super::form;
use super::reply::line::{Class, Line};
use super::reply::{self, Laid, Own};
use super::{Context, Envelope};
use crate::referral::address::EmailAddress;
use crate::referral::packet::Field;
use crate::referral::safety::is_guarded;

/// The new text, in which a bare answer has the label of the quoted line right above it, and which has the values typed
/// behind the labels of a letter of ours. Nothing else that is quoted counts as said again (RELIABILITY M25).
#[must_use]
pub(in crate::intake) fn answered<'a>(
    own: &Own<'a>,
    from: Option<&EmailAddress>,
    problems: &mut Vec<String>,
) -> Cow<'a, str> {
    let text = own.text.own.as_str();
    let typed = if own.answers_us { typed(own.lines) } else { Vec::new() };
    if typed.is_empty() && !own.lines.iter().any(|line| asked(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut answered = String::with_capacity(text.len() + 200);
    // What was typed behind our labels comes first: it is the client's, whatever a signature says.
    for (_, line) in &typed {
        answered.push_str(line);
        answered.push('\n');
    }
    let fields: Vec<Field> = typed.iter().map(|(field, _)| *field).collect();
    let signed = if typed.is_empty() { Vec::new() } else { signed(own.lines, &fields, from) };
    if !signed.is_empty() {
        form::say(problems, SIGNED.to_owned());
    }
    let mut rest = text;
    let mut open: Option<&str> = None;
    // Markup is laid out with blank lines around a quote.
    let most = if matches!(own.laid, Laid::Plain(_)) { 1 } else { 3 };
    let mut gap = 0;
    for (at, line) in own.lines.iter().enumerate() {
        let Some(after) = rest.strip_prefix(line.raw).filter(|_| !is_quoted(line)) else {
            if !line.inner.is_empty() {
                (open, gap) = (asked(line), 0);
            }
            continue;
        };
        rest = after;
        if signed.contains(&at) {
            continue;
        }
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

/// What is typed behind the labels right below our own sentence that asks for such lines. They have nothing behind them
/// there, so that whoever answers has typed it. What stands anywhere else in a quote may be a third person's.
fn typed(lines: &[Line<'_>]) -> Vec<(Field, String)> {
    let mut typed = Vec::new();
    // Whether the labels of the letter that asks have begun; `None` outside of them.
    let mut open: Option<bool> = None;
    for (line, is_first) in below_our_sentence(lines) {
        open = if is_first { Some(false) } else { open };
        let Some(has_begun) = open.filter(|_| !is_first) else { continue };
        let labelled =
            line.inner.split_once(':').and_then(|(label, value)| Some((label, value, asks_for(label)?)));
        if let Some((label, value, field)) = labelled.filter(|(_, value, _)| !value.trim().is_empty()) {
            typed.extend(taken(line.inner, label, value, field).map(|line| (field, line)));
        }
        // The sentence may go on over a line; behind the labels the first other line ends them, and so does a yes that
        // nobody may give there.
        let is_yes = labelled.is_some_and(|(_, value, field)| is_guarded(field) && form::agrees(value));
        let goes_on = labelled.is_some() && !is_yes || !has_begun && REST.ends_with(line.inner);
        open = goes_on.then_some(labelled.is_some());
    }
    typed
}

/// What counts of a value typed there: of one about safety or consent only that it is no yes.
fn taken(line: &str, label: &str, value: &str, field: Field) -> Option<String> {
    // Our letters ask for the client's own, whoever is named below.
    match field {
        Field::ClientPhone => return Some(["Client phone:", value].concat()),
        Field::ClientEmail => return Some(["Client email:", value].concat()),
        _ if !is_guarded(field) || form::refuses(value) => return Some(line.to_owned()),
        _ => {}
    }
    (!form::agrees(value)).then(|| format!("{label}: unclear?"))
}

/// What is quoted of the letter of ours that asks, with what is typed in it: it may warn. Its own words warn of nothing.
pub(in crate::intake) fn heard(own: &Own<'_>) -> String {
    let lines = if own.answers_us { below_our_sentence(own.lines) } else { Vec::new() };
    let filled = lines.into_iter().filter(|(line, is_first)| !is_first && !line.inner.ends_with(':'));
    filled.map(|(line, _)| line.inner).collect::<Vec<_>>().join("\n")
}

/// The quoted lines of our letter from the sentence on that asks for lines, which is marked, as far as they are quoted
/// alike. Words between them are the author's; another depth is another letter.
fn below_our_sentence<'l, 'a>(lines: &'l [Line<'a>]) -> Vec<(&'l Line<'a>, bool)> {
    if !lines.iter().any(asks) {
        return Vec::new();
    }
    let classes = reply::classes(lines);
    let mut below = Vec::new();
    let mut open: Option<usize> = None;
    for (line, class) in lines.iter().zip(classes).filter(|(line, _)| !line.inner.is_empty()) {
        let is_quoted = class == Class::Quoted;
        let is_first = is_quoted && asks(line);
        open = match open {
            _ if is_first => Some(line.depth),
            _ if is_quoted && line.inner.starts_with(END) => None,
            Some(depth) if is_quoted && line.depth != depth => None,
            open => open,
        };
        if is_quoted && open.is_some() {
            below.push((line, is_first));
        }
    }
    below
}

/// The lines at the end of a reply below a name and a title that say how to reach its writer: they give again what was
/// typed behind our labels, or the address the mail is from. Any other number is the client's.
fn signed(lines: &[Line<'_>], typed: &[Field], from: Option<&EmailAddress>) -> Vec<usize> {
    let classes = reply::classes(lines);
    let is_own = |(at, line): &(usize, &Line<'_>)| {
        !line.is_blank() && !is_quoted(line) && classes.get(*at) == Some(&Class::Own)
    };
    let last = lines.iter().enumerate().rev().skip_while(|line| !is_own(line)).take_while(is_own);
    let block: Vec<(usize, &Line<'_>)> = last.collect();
    let contacts: Vec<(usize, Field, &str)> = block
        .iter()
        .map_while(|(at, line)| contact(line).map(|(field, value)| (*at, field, value)))
        .collect();
    let is_bare = |line: &Line<'_>| line.inner.len() <= 80 && !line.inner.contains(':');
    let above = block.iter().skip(contacts.len());
    let is_below_name = above.clone().count() >= 2 && above.take(2).all(|(_, line)| is_bare(line));
    let is_writers = |value: &str| {
        let address = EmailAddress::parse(value.trim()).ok();
        address.zip(from).is_some_and(|(address, from)| address.shares_mailbox(from))
    };
    let is_signed = contacts.iter().any(|(_, field, value)| typed.contains(field) || is_writers(value));
    let signed = contacts.into_iter().filter(|_| is_below_name && is_signed);
    signed.map(|(at, _, _)| at).collect()
}

/// The phone or the address that a line gives, as our letters ask for it.
fn contact<'a>(line: &Line<'a>) -> Option<(Field, &'a str)> {
    let (label, value) = line.inner.split_once(':')?;
    let is_contact =
        |field: &Field| matches!(field, Field::ClientPhone | Field::ClientPhoneOther | Field::ClientEmail);
    Some((asks_for(label).filter(is_contact)?, value))
}

/// What a person is told of lines of a signature that were not read.
const SIGNED: &str =
    "The signature of the reply has a phone or an address; it was taken for the sender's, please look.";

/// What our letter says below the lines it asks for.
const END: &str = "If you do not know,";

/// The one sentence of that letter that would warn of writing to the client.
const NOT_KNOWN: &str = "If you do not know, write \"not known\".";

/// Words below a heading that may be none, without what only our letter says there.
pub(in crate::intake) fn unsaid(unsure: &str, answers_us: bool) -> Cow<'_, str> {
    if answers_us { Cow::Owned(unsure.replacen(NOT_KNOWN, "", 1)) } else { Cow::Borrowed(unsure) }
}

/// How the sentence ends, wherever it is wrapped.
const REST: &str = " and reply. The rest we have.";

/// Only the letter of the mail that is answered: what is quoted deeper was said to somebody else.
fn asks(line: &Line<'_>) -> bool {
    line.depth <= 1 && ASKS.iter().any(|asks| line.inner.starts_with(asks))
}

/// What our letters ask for with this label. The partner's own number is the one they print with a value.
fn asks_for(label: &str) -> Option<Field> {
    let is_own = |field: &Field| matches!(field, Field::PartnerReference | Field::PartTwo);
    let mut asked = Field::ALL.into_iter().filter(|field| !is_own(field));
    asked.find(|field| field.label().eq_ignore_ascii_case(label.trim_end()))
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
    use crate::referral::packet::{Field, Judged};

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

    /// A quoted letter of ours with these lines filled in, below an own text.
    fn filled(own: &str, lines: &str) -> crate::intake::Reading {
        let body = format!("{own}\n\n{ASKED}{lines}>\n> If you do not know, write \"not known\".\n");
        let mail = format!(
            "From: jo@partner.example\nSubject: Re: Needed\nIn-Reply-To: <1@mail.handoff.example>\n\n{body}"
        );
        read(mail.as_bytes(), &context())
    }

    #[test]
    fn a_warning_typed_behind_a_quoted_label_is_heard() {
        let reading = filled("Done.", "> Language: Spanish, do not email her, he reads her mail\n");
        assert!(reading.warnings.mail);
        assert!(filled("Done.", "> Phone: 518-555-0142\n> She is afraid, he reads her mail\n").warnings.mail);
        let empty = filled("Done.", "> Phone:\n> Language:\n");
        assert_eq!(empty.warnings, crate::intake::warning::Warnings::default());
    }

    #[test]
    fn a_no_typed_in_a_quote_counts_and_a_yes_never() {
        let judged = |lines: &str, field: Field| {
            let packets = filled("Done.", lines).packets;
            packets.first().and_then(|packet| packet.get(field)).map(|found| found.judged.clone())
        };
        let no = "> Safe to email: No, call only her sister\n> Consent to share: no\n";
        assert_eq!(judged(no, Field::Consent), Some(Judged::No));
        assert!(matches!(judged(no, Field::SafeEmail), Some(Judged::No | Judged::Unclear(_))));
        let maybe = "> Consent to share: maybe later\n";
        assert!(matches!(judged(maybe, Field::Consent), Some(Judged::Unclear(_))));
        for yes in ["> Consent to share: yes\n", "> Consent to share: Yes, signed\n> Phone: 518-555-0142\n"] {
            assert_eq!(judged(yes, Field::Consent), None, "{yes}");
        }
    }

    #[test]
    fn what_is_typed_behind_our_labels_wins_over_a_signature() {
        let signature = "Here it is.\n\nJane Roe\nCase manager, Harbor House\nPhone: 518-555-0100\nEmail: jane@home.example";
        let reading = filled(signature, "> Phone: 518-555-0142\n");
        let packet = &reading.packets[0];
        assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"));
        assert_eq!((packet.text(Field::ClientPhoneOther), packet.client_email()), (None, None));
        let form = filled("Client name: Ann Lee\nEmail: ann@m.example", "> Phone: 518-555-0142\n");
        assert_eq!(form.packets[0].client_email(), Some("ann@m.example"));
    }

    #[test]
    fn a_number_below_two_lines_of_a_note_is_the_clients_and_not_a_signatures() {
        for own in [
            "Hi team,\nhere is the rest you asked for\nPhone: 518-555-0142",
            "Hi team,\nhere is the rest\n\nPhone: 518-555-0142",
        ] {
            let reading = filled(own, "> Language: Spanish\n");
            assert_eq!(reading.packets[0].text(Field::ClientPhone), Some("518-555-0142"), "{own}");
        }
        let between = format!(
            "Thank you\nHere it is\n\n{ASKED}> Language: Spanish\nPhone: 518-555-0142\n>\n> If you do not know, write\n"
        );
        let found = behind_labels("1@mail.handoff.example", &between);
        assert!(found.contains(&(Field::ClientPhone, "518-555-0142".to_owned())), "{found:?}");
    }

    #[test]
    fn what_a_signature_says_of_what_was_typed_is_left_out_and_said() {
        let signature =
            "Here it is.\n\nJane Roe\nCase manager\nPhone: 518-555-0100\nEmail: JO@partner.example";
        let reading = filled(signature, "> Phone: 518-555-0142\n");
        let packet = &reading.packets[0];
        assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"));
        assert_eq!((packet.text(Field::ClientPhoneOther), packet.client_email()), (None, None));
        assert!(reading.problems.iter().any(|said| said == super::SIGNED), "{:?}", reading.problems);
        let unsigned = filled("Done.", "> Phone: 518-555-0142\n");
        assert!(!unsigned.problems.iter().any(|said| said == super::SIGNED));
    }

    #[test]
    fn an_address_typed_behind_our_label_is_the_clients_whatever_is_said_above() {
        let reading = filled("Client name: Ann Lee", "> Email: ann@m.example\n> Phone: 518-555-0142\n");
        let packet = &reading.packets[0];
        assert_eq!((packet.client_email(), packet.text(Field::ReferrerEmail)), (Some("ann@m.example"), None));
        assert_eq!(packet.text(Field::ClientPhone), Some("518-555-0142"));
    }

    #[test]
    fn our_letter_below_a_heading_of_group_wise_warns_of_nothing_and_an_answer_there_does() {
        let letter = "Please fill in these lines and reply. The rest we have.\n\nPhone:\n\nIf you do not know, write \"not known\".";
        let warns = |id: &str, answer: &str| {
            let body = format!("Done.\n\n>>> Office 11/3/2026 9:15 AM >>>\n{letter}\n\n{answer}\n");
            let mail =
                format!("From: jo@partner.example\nSubject: Re: Needed\nIn-Reply-To: <{id}>\n\n{body}");
            read(mail.as_bytes(), &context()).warnings.mail
        };
        assert!(!warns("1@mail.handoff.example", "Thank you."));
        assert!(warns("1@mail.handoff.example", "Never email her, he reads her mail."));
        assert!(warns("1@partner.example", "Thank you."));
    }
}
