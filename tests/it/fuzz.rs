//! Damage on purpose (M28, M29): seeds are changed at random, always the same way, and what reads them must neither
//! panic nor lose text. `HANDOFFD_FUZZ` sets how many mutants each target gets (300); `HANDOFFD_CORPORA` adds the
//! mails of others to the seeds.
#![cfg(test)]

mod mutation;
mod seeds;
mod targets;

use mutation::Mutator;

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
        targets::forwards(body);
    });
}

#[test]
fn m28_markup_is_taken_apart_without_loss() {
    fuzz_text("markup", seeds::MARKUP, |html| {
        targets::markup(html);
        targets::forwards(html);
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
    fuzz_text("authentication", seeds::AUTHENTICATION, targets::authentication);
}

#[test]
fn m28_addresses_and_references_are_themselves_again() {
    fuzz_text("address", seeds::ADDRESSES, targets::addresses);
    fuzz_text("reference", seeds::REFERENCES, targets::references);
}

#[test]
fn m28_attachments_and_envelopes_of_outlook_never_panic() {
    let files: Vec<Vec<u8>> = seeds::FILES.iter().map(|(_, bytes)| bytes.as_bytes().to_vec()).collect();
    fuzz("attachment", &files, targets::attachment);
}

#[test]
fn m28_rich_text_gives_bounded_text() {
    fuzz_text("rich", seeds::RICH, |text| targets::rich(text.as_bytes()));
}

#[test]
fn m29_what_is_cleaned_twice_is_cleaned_once() {
    fuzz("clean", &seeds::mails(), |raw| targets::cleaned(&String::from_utf8_lossy(raw)));
}

/// What whoever releases runs without end is what runs here: each target of the fuzzers is named in this file.
#[test]
fn m28_ten_targets_and_more_wait_for_the_fuzzer_and_none_is_forgotten_here() {
    let (package, here) = (include_str!("../fuzz/Cargo.toml"), include_str!("fuzz.rs"));
    let names: Vec<&str> = package
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .skip(1)
        .collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        assert!(here.contains(&format!("targets::{name}")), "{name}");
        assert!(package.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
    }
}
