//! One mail, from bytes to meaning: bounded, parsed once, and asked every question of the room in turn.

mod earlier;

use mail_parser::{Message, PartType};

use super::body::{Bodies, TEXT_CHARS};
use super::harvest::Gathered;
use super::head::Head;
use super::limits::{BODY_BYTES, Stopped, parse};
use super::{
    Context, Envelope, Nature, ParkCause, Reading, Silence, Text, automatic, body, clean, enclosed, envelope,
    guard, inline, limits, listing, mentions, numbers, outside, reply, report,
};
use crate::referral::packet::{Confidence, Packet};

/// Reads one mail. It cannot fail: what could not be read is said in `problems` or `park`.
pub(super) fn read(raw: &[u8], context: &Context) -> Reading {
    let prepared = match limits::prepare(raw, &context.limits) {
        Ok(prepared) => prepared,
        Err(cause) => return unread(raw, cause, context),
    };
    let message = match parse(&prepared.mail) {
        Ok(Some(message)) => message,
        Ok(None) => return unread(raw, ParkCause::NotAMail, context),
        Err(Stopped) => return unread(raw, ParkCause::Poison, context),
    };
    // Fields below a broken one still say who wrote and that nobody may answer.
    let fields = prepared.head.as_deref().unwrap_or_else(|| header_block(&message, &prepared.mail));
    let head = Head::read(fields);
    let mut reading = understood(&message, &head, &String::from_utf8_lossy(&prepared.dropped), context);
    if prepared.is_odd {
        reading.problems.push(ODD.to_owned());
    }
    let is_blank = head.is_empty() || head.names().all(|name| !MEANINGFUL.contains(&name));
    if is_blank {
        Reading { park: Some(ParkCause::NotAMail), silence: Some(Silence::Unread), ..reading }
    } else {
        reading
    }
}

/// The whole text of a mail as a person sees it, before quotes and signatures are taken off; empty when it is over a
/// bound.
pub(super) fn shown_text(raw: &[u8], limits: &limits::Limits) -> String {
    let Ok(prepared) = limits::prepare(raw, limits) else { return String::new() };
    match parse(&prepared.mail) {
        Ok(Some(message)) => {
            let bodies = Bodies::of(&message).or(|| listing::enveloped(&listing::attachments(&message)));
            let text = bodies.cleaned().text();
            match body::digest(&message) {
                Some(digest) => [text, clean::block(&digest, TEXT_CHARS)].join("\n"),
                None => text,
            }
        }
        Ok(None) | Err(Stopped) => String::new(),
    }
}

const ODD: &str = "some of its text stands where only the marks between its parts or its fields belong; other programs may show it \
                   differently";

const OUTSIDE: &str =
    "text stands before the first or behind the last part of the mail, where no program shows it";

/// Without one of these a text is not a mail at all.
const MEANINGFUL: [&str; 10] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "content-type",
    "received",
    "return-path",
    "mime-version",
];

fn header_block<'a>(message: &Message<'_>, mail: &'a [u8]) -> &'a [u8] {
    let end = message.parts.first().map_or(0, |root| root.offset_body as usize);
    mail.get(..end).unwrap_or(mail)
}

/// What can be said of a mail that is not parsed: its envelope, from a bounded start, and the cause.
fn unread(raw: &[u8], cause: ParkCause, context: &Context) -> Reading {
    let start = limits::head_only(raw, &context.limits);
    let head = Head::read(&start);
    let envelope = envelope::read(&head, context);
    let is_report = head.all("content-type").any(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind.contains("multipart/report") || kind.contains("text/calendar")
    });
    let silence = guard::silence(&head, &envelope, &Nature::Human, is_report, context);
    let is_answer = automatic::is_answer(&head, &envelope.subject, "");
    let silence = silence.or(Some(if is_answer { Silence::AutoReplyText } else { Silence::Unread }));
    Reading {
        envelope,
        silence,
        problems: vec![cause.words().to_owned()],
        park: Some(cause),
        ..Reading::default()
    }
}

/// What a mail means; `dropped` is text of it that the parser passes over.
fn understood(message: &Message<'_>, head: &Head, dropped: &str, context: &Context) -> Reading {
    let envelope = envelope::read(head, context);
    let hung = listing::attachments(message);
    let bodies = Bodies::of(message).or(|| listing::enveloped(&hung)).cleaned();
    let files = enclosed::prepared(&hung, &context.limits);
    let opened = enclosed::parsed(&files.mails);
    let hung = enclosed::joined(hung, &opened);
    let report = report::find(message, head, &envelope, &bodies);
    let is_machine_made = report::is_machine_made(message);
    let laid = reply::lay_out(bodies.plain.as_deref(), bodies.html.as_deref());
    let lines = laid.lines();
    let text = reply::parts(&lines);
    let mut harvest = Gathered::default();
    harvest.is_cut_where(is_body_cut(message));
    let outside = clean::block(&outside::text(message), TEXT_CHARS);
    let dropped = clean::block(dropped, TEXT_CHARS);
    let passed_over = clean::block(&files.dropped, TEXT_CHARS);
    let answers_us = inline::answers_us(&envelope, context);
    let unsure = inline::unsaid(&text.unsure, answers_us);
    for heard in [&*outside, &dropped, &passed_over, &unsure].into_iter().filter(|heard| !heard.is_empty()) {
        harvest.hear([heard]);
    }
    let own = reply::Own { laid: &laid, lines: &lines, text: &text, answers_us };
    let mentions = mentions::find(&envelope, &text.own, context);
    harvest.hear_earlier(earlier::said(&own, &mentions, context));
    let forwarded = match &report {
        Some(_) => None,
        None => harvest.gather(&hung, &envelope, &own, &bodies, context),
    };
    let mut text = mentions::without_proofs(text);
    for unseen in [&outside, &dropped] {
        text.removed.push_str(unseen);
        text.aside.push_str(unseen);
    }
    if outside::is_unusual(&outside) {
        harvest.problems.push(OUTSIDE.to_owned());
    }
    harvest.problems.extend(files.over.map(str::to_owned));
    let is_business = harvest.packets.iter().any(is_filled_in) || !mentions.references.is_empty();
    let nature = match report {
        Some(report) => Nature::DeliveryReport(report),
        None => nature(message, head, &envelope, &text, is_business, context),
    };
    if matches!(nature, Nature::AutoReply | Nature::Bulk) {
        harvest.packets.retain(is_filled_in);
    }
    harvest.packets.iter_mut().for_each(numbers::star);
    let forwarded = forwarded.filter(|_| matches!(nature, Nature::Human | Nature::Bulk));
    let silence = guard::silence(head, &envelope, &nature, is_machine_made, context);
    let attachments = harvest.listed(hung);
    Reading {
        silence,
        nature,
        mentions,
        packets: harvest.packets,
        warnings: harvest.warnings,
        heard: harvest.heard,
        forwarded,
        attachments,
        problems: [doubts(message, head, &envelope), harvest.problems].concat(),
        park: None,
        text,
        envelope,
    }
}

/// Somebody filled something in. What only running text suggests, such as the phone number in an out-of-office answer,
/// is no referral when a machine sent it; nor is a warning, which stands beside the packets too.
fn is_filled_in(packet: &Packet) -> bool {
    packet.iter().any(|(_, found)| found.confidence != Confidence::Low && !found.value.is_empty())
}

/// What two readers of this mail could see differently (M8), in words for a person.
fn doubts(message: &Message<'_>, head: &Head, envelope: &Envelope) -> Vec<String> {
    let repeats = |name: &str| head.all(name).nth(1).is_some();
    let is_odd = |from: &str| envelope.from.is_none() && envelope::author(from).is_none();
    let is_odd_author = head.first("from").is_some_and(is_odd);
    [
        (repeats("from"), "the mail has several From fields, so nobody counts as its author"),
        (is_odd_author, "its From field is not one plain address, so nobody counts as its author"),
        (repeats("subject"), "the mail has several subjects; the first one is shown"),
        (repeats("content-type"), "the mail describes its content twice; programs may read it differently"),
        (
            message.parts.iter().any(|part| part.is_encoding_problem),
            "a part of the mail is damaged or mislabelled",
        ),
        (is_body_cut(message), "the mail is very long; only the beginning of its text was read"),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, words)| words.to_owned())
    .collect()
}

/// Whether one of its bodies is.
fn is_body_cut(message: &Message<'_>) -> bool {
    message.text_body.iter().chain(&message.html_body).any(|id| is_too_long(message, *id))
}

/// Whether a body is longer than is read of it.
fn is_too_long(message: &Message<'_>, part: u32) -> bool {
    message.parts.get(part as usize).is_some_and(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => {
            text.len() > TEXT_CHARS && (text.len() > BODY_BYTES || text.chars().count() > TEXT_CHARS)
        }
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {
            false
        }
    })
}

fn nature(
    message: &Message<'_>,
    head: &Head,
    envelope: &Envelope,
    text: &Text,
    is_business: bool,
    context: &Context,
) -> Nature {
    // The form on one's own site often writes from one's own address: only what a program of ours sent is our own.
    let is_ours = guard::is_own_address(envelope, context) && guard::is_auto_submitted(head);
    if is_ours || guard::is_own_mail(envelope, context) {
        return Nature::Own;
    }
    if report::is_receipt(message) || report::is_calendar_answer(message) {
        return Nature::AutoReply;
    }
    if automatic::is_answer(head, &envelope.subject, &text.own) {
        return Nature::AutoReply;
    }
    // A ticket system that thanks for our mail; what it sends unasked may be a referral (A10).
    if !is_business && !envelope.thread.is_empty() && guard::is_auto_submitted(head) {
        return Nature::AutoReply;
    }
    // A shared inbox is often a group, and form robots mark their mails as bulk: only what one can leave but not post
    // to is a newsletter.
    let is_newsletter = head.has("list-unsubscribe") && !head.has("list-post") && !head.has("list-archive");
    if is_newsletter && !is_business { Nature::Bulk } else { Nature::Human }
}

#[cfg(test)]
mod odd;
#[cfg(test)]
mod told;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::tests::context;
    use crate::referral::packet::{Field, Judged};

    #[test]
    fn a_mail_over_a_bound_keeps_its_envelope() {
        let mut context = context();
        context.limits.bytes = 60;
        let raw = format!("From: ann@partner.example\nSubject: big\n\n{}", "x".repeat(100));
        let reading = read(raw.as_bytes(), &context);
        assert_eq!((reading.park, reading.silence), (Some(ParkCause::TooLarge), Some(Silence::Unread)));
        assert_eq!(reading.envelope.subject, "big");
        assert_eq!(reading.envelope.from.unwrap().as_str(), "ann@partner.example");
    }

    #[test]
    fn what_is_no_mail_is_parked() {
        for (raw, cause) in [
            (&b""[..], ParkCause::Empty),
            (b"just words\nand more", ParkCause::NotAMail),
            (b"\x00\x01\x02", ParkCause::NotAMail),
            (b"X: y\n\nbody", ParkCause::NotAMail),
        ] {
            assert_eq!(read(raw, &context()).park, Some(cause), "{raw:?}");
        }
    }

    #[test]
    fn m8_what_readers_could_see_differently_is_said() {
        let problems = |raw: &str| read(raw.as_bytes(), &context()).problems.len();
        assert_eq!(problems("From: a@example.org\nSubject: x\n\nbody"), 0);
        assert_eq!(problems("From: a@example.org\nFrom: b@example.org\nSubject: x\n\nbody"), 1);
        assert_eq!(problems("From: a@example.org, b@example.org\nSubject: x\nSubject: y\n\nbody"), 2);
        let long = format!("From: a@example.org\nSubject: x\n\n{}", "a line\n".repeat(TEXT_CHARS / 6));
        assert!(read(long.as_bytes(), &context()).problems.iter().any(|one| one.contains("very long")));
        assert_eq!(problems("From: a@example.org\nContent-Transfer-Encoding: base64\n\n*not base64*"), 1);
    }

    #[test]
    fn a7_receipts_reports_and_calendar_answers_are_not_answered() {
        for kind in [
            "multipart/report; boundary=x; report-type=delivery-status",
            "multipart/report; boundary=x; report-type=disposition-notification",
            "multipart/report; boundary=x; report-type=feedback-report",
            "message/disposition-notification",
            "message/feedback-report",
            "text/calendar; method=REPLY",
        ] {
            let mail = format!(
                "From: ann@partner.example\nSubject: x\nContent-Type: {kind}\n\n--x\n\nbody\n--x--\n"
            );
            assert!(read(mail.as_bytes(), &context()).silence.is_some(), "{kind}");
        }
    }

    #[test]
    fn a10_a_partners_system_may_refer_and_a_ticket_system_only_thanks() {
        let nature = |fields: &str| {
            read(
                format!("From: crm@partner.example\nAuto-Submitted: auto-generated\n{fields}\n\nx")
                    .as_bytes(),
                &context(),
            )
            .nature
        };
        assert_eq!(nature("Subject: New referral"), Nature::Human);
        assert_eq!(nature("Subject: Re: x\nIn-Reply-To: <1@mail.handoff.example>"), Nature::AutoReply);
    }

    #[test]
    fn a_newsletter_is_bulk_and_a_post_to_a_group_is_not() {
        let nature = |fields: &str| {
            read(format!("From: a@example.org\n{fields}\n\nhello").as_bytes(), &context()).nature
        };
        assert_eq!(nature("List-Unsubscribe: <x>"), Nature::Bulk);
        assert_eq!(nature("List-Unsubscribe: <x>\nList-Post: <x>"), Nature::Human);
        assert_eq!(nature("Precedence: bulk"), Nature::Human);
        assert_eq!(nature("Content-Type: text/calendar; method=REPLY"), Nature::AutoReply);
    }

    /// A mail of two parts around a text.
    fn parted(text: &str) -> Reading {
        let mail = format!(
            "From: ann@partner.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\n\nClient name: Ann Lee\n\
             Email: ann@mail.example\nSafe to email: yes\nConsent: yes\n{text}\n--b1\n\nthe end\n--b1--\n"
        );
        read(mail.as_bytes(), &context())
    }

    #[test]
    fn m8_text_that_looks_like_a_delimiter_is_read_as_text() {
        for (text, kept) in [
            (
                "Our number is --b1 here. She said: do NOT email her.",
                "number is - -b1 here. She said: do NOT",
            ),
            ("--b1 is our number. Do NOT email her.", "Do NOT email her"),
            ("--b1--again. Do NOT email her.", "Do NOT email her"),
            ("--b1\nDo NOT email her.\nHe reads it.\n\nBye.", "Do NOT email her.\nHe reads it."),
            ("--b1\nPhone: 518-555-0100\nSafe to email: no\n", "Safe to email: no"),
            ("--b1\nContent-Type: text/plain\nDo NOT email her.\n", "Do NOT email her."),
        ] {
            let reading = parted(text);
            assert!(
                reading.text.own.contains(kept) && reading.text.own.contains("the end"),
                "{}",
                reading.text.own
            );
            assert!(reading.problems.iter().any(|one| one == ODD), "{text}");
            let safe = reading.packets.iter().filter_map(|packet| packet.get(Field::SafeEmail));
            assert!(
                safe.clone().next().is_some() && safe.clone().all(|found| found.judged != Judged::Yes),
                "{text}"
            );
        }
    }

    #[test]
    fn m8_text_outside_the_parts_is_heard_and_said() {
        let reading = parted("--b1--\nDo NOT email her.");
        assert!(reading.text.removed.contains("Do NOT email her."), "{:?}", reading.text.removed);
        assert!(reading.problems.iter().any(|one| one == OUTSIDE));
        assert!(
            reading.packets.iter().all(|packet| packet.get(Field::SafeEmail).unwrap().judged != Judged::Yes)
        );
        let mail = "From: a@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=b1\n\nCall Ann.\n--b1\n\none\n--b1--\n";
        let before = read(mail.as_bytes(), &context());
        assert!(before.text.removed.contains("Call Ann.") && before.problems.len() == 1);
        let usual = mail.replace("Call Ann.", "This is a multi-part message in MIME format.");
        assert!(read(usual.as_bytes(), &context()).problems.is_empty());
    }

    #[test]
    fn m8_text_without_an_empty_line_before_it_is_read() {
        let mail = "From: a@example.org\nSubject: x\nPlease call Ann.\nToday.\n\nThanks";
        let reading = read(mail.as_bytes(), &context());
        assert!(reading.text.own.starts_with("Please call Ann.\nToday."), "{}", reading.text.own);
        assert!(reading.problems.iter().any(|one| one == ODD));
    }

    /// Everything a caller does with a reading, on the stack of a runtime thread.
    fn survives(mail: Vec<u8>) {
        let reader = std::thread::Builder::new().stack_size(2 << 20);
        let work = move || {
            let reading = read(&mail, &context());
            let copy = reading.clone();
            format!("{copy:?}").len()
                + crate::intake::explain::Explanation::new(&reading, &context(), None).text().len()
        };
        assert!(reader.spawn(work).unwrap().join().unwrap() > 0);
    }

    #[test]
    fn m1_to_m5_and_m30_hostile_mails_do_not_stop_the_process() {
        let field =
            |name: &str, value: String| format!("From: a@example.org\n{name}: {value}\n\nbody").into_bytes();
        for mail in [
            "Content-Type: message/rfc822\n\n".repeat(100_000).into_bytes(),
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n".repeat(100_000).into_bytes(),
            "Content-Type: multipart/digest; boundary=a\n\n--a\n\n".repeat(100_000).into_bytes(),
            "X: y\n".repeat(200_000).into_bytes(),
            "--\n".repeat(1_000_000).into_bytes(),
            field("Subject", "x".repeat(20_000_000)),
            field("To", "a@example.org,".repeat(15_000)),
            field("To", "(".repeat(200_000)),
            field("From", "\"".repeat(200_000)),
            field("References", "<a@b> ".repeat(40_000)),
            field("Subject", "=?utf-8?q?x?= ".repeat(15_000)),
            field("Content-Type", "text/plain; a*7*=x;\n ".repeat(8_000)),
            field("Content-Type", format!("text/plain; charset=\"{}\"", "x".repeat(10_000))),
            [b"From: a@example.org\nContent-Type: text/html\n\n".to_vec(), b"<div><table>".repeat(400_000)]
                .concat(),
            [
                b"From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n".to_vec(),
                b"a@b.c ".repeat(1_000_000),
            ]
            .concat(),
            [b"From: a@example.org\n\n".to_vec(), vec![b'\r'; 5_000_000]].concat(),
            vec![0; 1_000_000],
        ] {
            survives(mail);
        }
    }
}
