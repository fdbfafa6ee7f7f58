//! Damage on purpose (M28, M29): seeds are changed at random, always the same way, and what reads them must neither
//! panic nor lose text. `HANDOFFD_FUZZ` sets how many mutants each target gets (300); `HANDOFFD_CORPORA` adds the
//! mails of others to the seeds.
#![cfg(test)]

mod mutation;
mod seeds;
mod targets;

use handoffd::intake::rtf::Held;
use handoffd::intake::{Dmarc, attachments, clean, forward, read, reply, rtf, tnef};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::reference::Reference;

use mutation::Mutator;
use targets::context;

/// Runs a target on mutants of its seeds.
fn fuzz(name: &str, seeds: &[Vec<u8>], target: impl Fn(&[u8])) {
    let rounds = std::env::var("HANDOFFD_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let mut mutator = Mutator::new(name);
    for _ in 0..rounds {
        target(&mutator.mutant(seeds));
    }
}

fn fuzz_text(name: &str, seeds: &[&str], target: impl Fn(&str)) {
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    fuzz(name, &seeds, |bytes| target(&String::from_utf8_lossy(bytes)));
}

#[test]
fn m28_raw_bytes_become_exactly_one_disposition_and_lose_no_text() {
    fuzz("raw", &seeds::mails(), targets::disposition);
}

#[test]
fn m28_plain_bodies_are_taken_apart_without_loss() {
    fuzz_text("reply", seeds::BODIES, |body| {
        targets::body(body);
        let _ = forward::find("Fwd: x", Some(body), None);
    });
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

#[test]
fn m28_markup_is_taken_apart_without_loss() {
    fuzz_text("markup", seeds::MARKUP, |html| {
        let text = reply::split(None, Some(html));
        assert_eq!(letters(&[&text.quoted, &text.removed]), letters(&[&text.aside]));
        let parts = letters(&[&text.own, &text.quoted, &text.removed]);
        // The parts keep even what a reader does not see.
        assert!(holds(&parts, &letters(&[&handoffd::intake::html::text(html)])), "{html}");
        let _ = forward::find("Fwd: x", None, Some(html));
    });
}

#[test]
fn m28_form_texts_become_packets() {
    fuzz_text("form", seeds::FORMS, targets::form);
}

#[test]
fn m28_reply_texts_become_commands() {
    fuzz_text("command", seeds::COMMANDS, targets::commands);
}

#[test]
fn m28_delivery_reports_name_bounded_clean_recipients() {
    fuzz("dsn", &seeds::reports(), targets::report);
}

#[test]
fn m28_no_damage_makes_the_trusted_server_vouch_for_another_author() {
    let mut context = context();
    context.trusted_authserv_id = Some("mail.handoff.example".to_owned());
    fuzz_text("authentication", seeds::AUTHENTICATION, |value| {
        let value = value.replace(['\n', '\r'], " ");
        let mail =
            format!("Authentication-Results: {value}\nFrom: maria@handoff.example\nSubject: x\n\naccept");
        let dmarc = read(mail.as_bytes(), &context).envelope.dmarc;
        let vouches = value.contains("dmarc=pass") || value.to_ascii_lowercase().contains("dmarc");
        assert!(dmarc != Dmarc::Pass || (vouches && value.to_ascii_lowercase().contains("handoff.example")));
    });
}

#[test]
fn m28_addresses_and_references_are_themselves_again() {
    fuzz_text("address", seeds::ADDRESSES, |text| {
        if let Ok(address) = EmailAddress::parse(text) {
            assert_eq!(
                EmailAddress::parse(address.as_str()).map(String::from).ok().as_deref(),
                Some(address.as_str())
            );
            assert!(address.mailbox().contains('@'));
        }
    });
    fuzz_text("reference", seeds::REFERENCES, |text| {
        for found in Reference::find_all(text, "R") {
            assert_eq!(Reference::parse(found.as_str(), "R").as_ref(), Some(&found));
        }
    });
}

#[test]
fn m28_attachments_and_envelopes_of_outlook_never_panic() {
    let context = context();
    let files: Vec<Vec<u8>> = seeds::FILES.iter().map(|(_, bytes)| bytes.as_bytes().to_vec()).collect();
    fuzz("attachment", &files, |bytes| {
        for (name, _) in seeds::FILES {
            let _ = attachments::read(name, "", bytes, &context);
        }
        let envelope = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0][..], bytes].concat();
        let _ = tnef::open(&envelope).map(|opened| opened.bodies().text());
    });
}

#[test]
fn m28_rich_text_gives_bounded_text() {
    fuzz_text("rich", seeds::RICH, |text| {
        if let Some(Held::Html(text) | Held::Plain(text)) = rtf::read(text.as_bytes()) {
            assert!(text.len() <= 2 << 20);
        }
        let _ = rtf::read_compressed(
            &[&[0; 4], &[0xFF, 0xFF, 1, 0], &b"LZFu"[..], &[0; 4], text.as_bytes()].concat(),
        );
        let _ = rtf::read_compressed(
            &[&[0; 4], &[0xFF, 0xFF, 1, 0], &b"MELA"[..], &[0; 4], text.as_bytes()].concat(),
        );
    });
}

#[test]
fn m29_what_is_cleaned_twice_is_cleaned_once() {
    fuzz("clean", &seeds::mails(), |raw| {
        let text = String::from_utf8_lossy(raw);
        let (line, block, name) =
            (clean::line(&text, 300), clean::block(&text, 300), clean::file_name(&text));
        assert_eq!(clean::line(&line, 300), line);
        assert_eq!(clean::block(&block, 300), block);
        assert_eq!(clean::file_name(&name), name);
    });
}
