//! What is done with hostile bytes, and what must hold whatever they are. The mutants of the ordinary tests and the
//! targets of `tests/fuzz` call the same functions, so that neither can be forgotten.

use handoffd::intake::explain::Explanation;
use handoffd::intake::form::Harvest;
use handoffd::intake::rtf::{self, Held};
use handoffd::intake::{
    Context, DateOrder, Dmarc, Nature, attachments, clean, command, forward, html, limits::Limits, read,
    reply, shown_text, stop, tnef,
};
use handoffd::referral::reference::Reference;
use handoffd::referral::{address::EmailAddress, packet::Field, reason::Reasons};

/// Settings of a small organisation.
pub(super) fn context() -> Context {
    Context {
        own_addresses: EmailAddress::parse("intake@handoff.example").into_iter().collect(),
        message_id_domain: "mail.handoff.example".to_owned(),
        reference_prefix: "R".to_owned(),
        phone_region: "US".to_owned(),
        date_order: DateOrder::MonthFirst,
        required: Field::REQUIRED.to_vec(),
        trusted_authserv_id: None,
        received_at: "2026-11-20T09:00:00-05:00".parse().unwrap(),
        limits: Limits::default(),
    }
}

/// What a target does with these bytes, by its name: the mutants of the ordinary tests and the fuzzers both come by here.
pub(super) fn run(name: &str, bytes: &[u8]) {
    let text = || String::from_utf8_lossy(bytes);
    match name {
        "disposition" => disposition(bytes),
        "form" => form(&text()),
        "commands" => commands(&text()),
        "report" => report(bytes),
        "body" => body(&text()),
        "markup" => markup(&text()),
        "forwards" => forwards(&text()),
        "authentication" => authentication(&text()),
        "addresses" => addresses(&text()),
        "references" => references(&text()),
        "attachment" => attachment(bytes),
        "rich" => rich(bytes),
        "cleaned" => cleaned(&text()),
        _ => panic!("no target is called {name}"),
    }
}

/// The characters of texts, in no order: what was lost or added shows.
fn sorted(parts: &[&str]) -> Vec<char> {
    let mut chars: Vec<char> = parts.iter().flat_map(|part| part.chars()).collect();
    chars.sort_unstable();
    chars
}

/// Raw bytes become exactly one disposition, and no text is lost.
fn disposition(raw: &[u8]) {
    let context = context();
    let reading = read(raw, &context);
    let explained = Explanation::new(&reading, &context, None);
    let known = ["referral", "reply", "command", "auto_reply", "delivery_report", "parked", "ignored"];
    assert!(known.contains(&explained.disposition));
    assert!(!matches!(explained.disposition, "parked" | "ignored") || explained.cause.is_some());
    assert!(!explained.text().is_empty());
    let text = &reading.text;
    assert_eq!(sorted(&[&text.quoted, &text.removed]), sorted(&[&text.aside]));
    let _ = format!("{:?}", reading.clone());
    let _ = shown_text(raw, &context.limits);
}

/// A plain body is taken apart without loss: own + quoted + removed is all of it.
fn body(body: &str) {
    let text = reply::split(Some(body), None);
    let is_markup = body.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('<');
    assert!(is_markup || sorted(&[&text.own, &text.quoted, &text.removed]) == sorted(&[body]));
}

/// A form becomes packets whose values are clean and say where they stood.
fn form(form: &str) {
    let mail =
        format!("From: ann@partner.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n{form}");
    for packet in read(mail.as_bytes(), &context()).packets {
        assert!(packet.iter().all(|(_, found)| !found.value.contains('\0') && !found.place.is_empty()));
        let _ = (packet.channels(), packet.consents(), packet.client_email());
    }
}

/// The text of a reply becomes commands, or a question, never both.
fn commands(text: &str) {
    let said = command::read(text, &Reasons::default());
    assert!(said.commands.is_empty() || said.unclear.is_empty(), "either it is clear or nothing is done");
    assert!(said.commands.len() <= 10);
    let _ = stop::says_stop("", text);
}

/// A delivery report names a bounded number of clean recipients.
fn report(raw: &[u8]) {
    let Nature::DeliveryReport(report) = read(raw, &context()).nature else { return };
    assert!(report.recipients.len() <= 100 && report.message_ids.len() <= 100);
    for one in report.recipients {
        assert!(one.address.len() <= 1_300 && !one.address.contains(char::is_control));
    }
}

/// The letters of texts, in no order: what was lost or added shows, however it is laid out.
fn letters(parts: &[&str]) -> Vec<char> {
    let all = parts.iter().flat_map(|part| part.chars());
    let mut letters: Vec<char> = all.filter(|c| c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters
}

/// Whether the one list has every letter of the other, as often; both are sorted.
fn holds(all: &[char], some: &[char]) -> bool {
    let mut all = all.iter();
    some.iter().all(|letter| all.any(|one| one == letter))
}

/// An HTML body is taken apart without loss: the parts keep even what a reader does not see.
fn markup(markup: &str) {
    let text = reply::split(None, Some(markup));
    assert_eq!(letters(&[&text.quoted, &text.removed]), letters(&[&text.aside]));
    let parts = letters(&[&text.own, &text.quoted, &text.removed]);
    assert!(holds(&parts, &letters(&[&html::text(markup)])), "{markup}");
}

/// The original in a forward is found, or not, in either kind of body.
fn forwards(body: &str) {
    for found in [forward::find("Fwd: x", Some(body), None), forward::find("Fwd: x", None, Some(body))] {
        let from = found.and_then(|found| found.from);
        assert!(from.is_none_or(|from| EmailAddress::parse(from.as_str()).is_ok()));
    }
}

/// No `Authentication-Results` field makes the trusted server vouch for another author.
fn authentication(value: &str) {
    let context = Context { trusted_authserv_id: Some("mail.handoff.example".to_owned()), ..context() };
    let value = value.replace(['\n', '\r'], " ");
    let mail = format!("Authentication-Results: {value}\nFrom: maria@team.example\nSubject: x\n\naccept");
    let dmarc = read(mail.as_bytes(), &context).envelope.dmarc;
    let lower = value.to_ascii_lowercase().replace([' ', '"'], "");
    assert!(dmarc != Dmarc::Pass || lower.contains("header.from=team.example"), "{value}");
}

/// An address is itself again, and has a mailbox.
fn addresses(text: &str) {
    if let Ok(address) = EmailAddress::parse(text) {
        let again = EmailAddress::parse(address.as_str()).map(String::from).ok();
        assert_eq!(again.as_deref(), Some(address.as_str()));
        assert!(address.mailbox().contains('@'));
    }
}

/// Every reference that is found is itself again.
fn references(text: &str) {
    for found in Reference::find_all(text, "R") {
        assert_eq!(Reference::parse(found.as_str(), "R").as_ref(), Some(&found));
    }
}

/// A file of each kind that is read, and Outlook's envelope.
fn attachment(bytes: &[u8]) {
    let context = context();
    for name in ["a.csv", "a.xlsx", "a.pdf", "a.docx", "a.json", "a.vcf", "a.rtf", "a.txt", "a.html"] {
        let harvest = attachments::read(name, "", bytes, &context);
        if let Some(harvest) = harvest.filter(|harvest| harvest.problems.is_empty()) {
            heard_whole(name, bytes, &harvest);
        }
        let _ = attachments::text(name, "", bytes);
    }
    let envelope = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0][..], bytes].concat();
    let _ = tnef::open(&envelope).map(|opened| opened.bodies().text());
}

/// What is read of a file is heard too, so that no word of it is lost: of one that is all text, and within every bound.
fn heard_whole(name: &str, bytes: &[u8], harvest: &Harvest) {
    let Some(text) =
        std::str::from_utf8(bytes).ok().filter(|text| text.len() < 8_000 && !text.contains('\0'))
    else {
        return;
    };
    let text = match name {
        "a.csv" | "a.txt" => text.to_owned(),
        "a.html" => html::text(text),
        _ => return,
    };
    let heard: Vec<&str> = harvest.asides.iter().map(|aside| aside.text.as_str()).collect();
    assert!(holds(&letters(&heard), &letters(&[&text])), "{name}: {text}");
}

/// Rich text, plain and compressed, gives text within a bound.
fn rich(bytes: &[u8]) {
    if let Some(Held::Html(text) | Held::Plain(text)) = rtf::read(bytes) {
        assert!(text.len() <= 2 << 20);
    }
    for kind in [b"LZFu", b"MELA"] {
        let _ = rtf::read_compressed(&[&[0; 4][..], &[0xFF, 0xFF, 1, 0], &kind[..], &[0; 4], bytes].concat());
    }
}

/// What is cleaned twice is cleaned once.
fn cleaned(text: &str) {
    let (line, block, name) = (clean::line(text, 300), clean::block(text, 300), clean::file_name(text));
    assert_eq!(clean::line(&line, 300), line);
    assert_eq!(clean::block(&block, 300), block);
    assert_eq!(clean::file_name(&name), name);
}
