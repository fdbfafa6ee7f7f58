//! What is done with hostile bytes, and what must hold whatever they are. The mutants of the ordinary tests and the targets of
//! `tests/fuzz` call the same functions, so that neither can be forgotten.

use handoffd::intake::explain::Explanation;
use handoffd::intake::{Context, DateOrder, Nature, command, limits::Limits, read, reply, shown_text, stop};
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

/// The characters of texts, in no order: what was lost or added shows.
fn sorted(parts: &[&str]) -> Vec<char> {
    let mut chars: Vec<char> = parts.iter().flat_map(|part| part.chars()).collect();
    chars.sort_unstable();
    chars
}

/// Raw bytes become exactly one disposition, and no text is lost.
pub(super) fn disposition(raw: &[u8]) {
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
pub(super) fn body(body: &str) {
    let text = reply::split(Some(body), None);
    let is_markup = body.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with('<');
    assert!(is_markup || sorted(&[&text.own, &text.quoted, &text.removed]) == sorted(&[body]));
}

/// A form becomes packets whose values are clean and say where they stood.
pub(super) fn form(form: &str) {
    let mail =
        format!("From: ann@partner.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n{form}");
    for packet in read(mail.as_bytes(), &context()).packets {
        assert!(packet.iter().all(|(_, found)| !found.value.contains('\0') && !found.place.is_empty()));
        let _ = (packet.channels(), packet.consents(), packet.client_email());
    }
}

/// The text of a reply becomes commands, or a question, never both.
pub(super) fn commands(text: &str) {
    let said = command::read(text, &Reasons::default());
    assert!(said.commands.is_empty() || said.unclear.is_empty(), "either it is clear or nothing is done");
    assert!(said.commands.len() <= 10);
    let _ = stop::says_stop("", text);
}

/// A delivery report names a bounded number of clean recipients.
pub(super) fn report(raw: &[u8]) {
    let Nature::DeliveryReport(report) = read(raw, &context()).nature else { return };
    assert!(report.recipients.len() <= 100 && report.message_ids.len() <= 100);
    for one in report.recipients {
        assert!(one.address.len() <= 1_300 && !one.address.contains(char::is_control));
    }
}
