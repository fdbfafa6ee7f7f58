//! Damage on purpose (M28, M29): seeds are changed at random, always the same way, and what reads them must neither
//! panic nor lose text. `HANDOFFD_FUZZ` sets how many mutants each target gets (300); `HANDOFFD_CORPORA` adds the
//! mails of others to the seeds.
#![cfg(test)]

mod mutation;
mod seeds;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mutation::Mutator;

/// Runs a target, by its name, on mutants of its seeds.
fn fuzz(target: &str, seeds: &[Vec<u8>]) {
    let rounds = std::env::var("HANDOFFD_FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let mut mutator = Mutator::new(target);
    for _ in 0..rounds {
        targets::run(target, &mutator.mutant(seeds));
    }
}

fn fuzz_text(target: &str, seeds: &[&str]) {
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    fuzz(target, &seeds);
}

#[test]
fn m28_raw_bytes_become_exactly_one_disposition_and_lose_no_text() {
    fuzz("disposition", &seeds::mails());
}

#[test]
fn m28_plain_bodies_are_taken_apart_without_loss() {
    fuzz_text("body", seeds::BODIES);
    fuzz_text("forwards", seeds::BODIES);
}

#[test]
fn m28_markup_is_taken_apart_without_loss() {
    fuzz_text("markup", seeds::MARKUP);
    fuzz_text("forwards", seeds::MARKUP);
}

#[test]
fn m28_form_texts_become_packets() {
    fuzz_text("form", seeds::FORMS);
}

#[test]
fn m28_reply_texts_become_commands() {
    fuzz_text("commands", seeds::COMMANDS);
}

#[test]
fn m28_delivery_reports_name_bounded_clean_recipients() {
    fuzz("report", &seeds::reports());
}

#[test]
fn m28_no_damage_makes_the_trusted_server_vouch_for_another_author() {
    fuzz_text("authentication", seeds::AUTHENTICATION);
}

#[test]
fn m28_addresses_and_references_are_themselves_again() {
    fuzz_text("addresses", seeds::ADDRESSES);
    fuzz_text("references", seeds::REFERENCES);
}

#[test]
fn m28_attachments_and_envelopes_of_outlook_never_panic_and_lose_no_text() {
    let files: Vec<Vec<u8>> = seeds::FILES.iter().map(|(_, bytes)| bytes.as_bytes().to_vec()).collect();
    fuzz("attachment", &files);
    fuzz_text("attachment", seeds::BODIES);
    fuzz_text("attachment", seeds::MARKUP);
}

#[test]
fn m28_rich_text_gives_bounded_text() {
    fuzz_text("rich", seeds::RICH);
}

#[test]
fn m29_what_is_cleaned_twice_is_cleaned_once() {
    fuzz("cleaned", &seeds::mails());
}

/// The names of the fuzzers, as their package lists them.
fn names() -> Vec<&'static str> {
    let lines = include_str!("../fuzz/Cargo.toml").lines();
    lines.filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).skip(1).collect()
}

/// What whoever releases runs without end is what runs here: a fuzzer is its name and one line, and each is run here on
/// every seed of theirs.
#[test]
fn m28_ten_fuzzers_and_more_do_what_is_done_here_and_read_their_seeds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let (package, here) = (include_str!("../fuzz/Cargo.toml"), include_str!("fuzz.rs"));
    let seeds: Vec<Vec<u8>> = std::fs::read_dir(folder.join("seeds"))
        .unwrap()
        .map(|seed| std::fs::read(seed.unwrap().path()).unwrap())
        .collect();
    assert!(names().len() >= 10 && seeds.len() >= 10, "{:?}", names());
    for name in names() {
        assert!(package.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
        assert!(here.contains(&format!("(\"{name}\", ")), "{name} is not run on mutants");
        let file = std::fs::read_to_string(folder.join(format!("targets/{name}.rs"))).unwrap();
        assert_eq!(file.split_once('\n').unwrap().1, FUZZER.replace("NAME", name), "{name}");
        for seed in &seeds {
            targets::run(name, seed);
        }
    }
}

/// The packages of a lock file, each with its versions and what it depends on.
fn locked(lock: &str) -> BTreeMap<String, (BTreeSet<String>, Vec<String>)> {
    let lock: toml::Table = lock.parse().unwrap();
    let mut all: BTreeMap<String, (BTreeSet<String>, Vec<String>)> = BTreeMap::new();
    for package in lock["package"].as_array().unwrap() {
        let (versions, needs) = all.entry(package["name"].as_str().unwrap().to_owned()).or_default();
        versions.insert(package["version"].as_str().unwrap().to_owned());
        let needed = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        // "syn 2.0.1" where there are several.
        needs.extend(needed.map(|one| one.as_str().unwrap().split(' ').next().unwrap().to_owned()));
    }
    all
}

/// The fuzzers are a package of their own, which nothing here builds: a crate that came or went must not make them
/// stop building unseen.
#[test]
fn m28_the_fuzzers_are_locked_to_the_crates_of_the_daemon() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let (own, fuzz) = (locked(include_str!("../../Cargo.lock")), locked(include_str!("../fuzz/Cargo.lock")));
    let mut wanted: Vec<&String> = manifest["dependencies"].as_table().unwrap().keys().collect();
    wanted.sort_unstable();
    let mut known: Vec<&String> = fuzz["handoffd"].1.iter().collect();
    known.sort_unstable();
    assert_eq!(known, wanted);
    for (name, (versions, _)) in &fuzz {
        let of_own = own.get(name).map(|(versions, _)| versions);
        assert!(of_own.is_none_or(|of_own| versions.is_subset(of_own)), "{name} {versions:?} {of_own:?}");
    }
}

/// A fuzzer below its first line.
const FUZZER: &str = r#"#![no_main]

#[path = "../../it/fuzz/targets.rs"]
mod targets;

// The fuzzer's hook takes a panic that intake catches for a crash; one that is not caught ends the process without it.
libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| targets::run("NAME", data));
"#;
