//! The demo: it tells its story, and leaves it behind to be looked into.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::rig::desk::{ended, program};

#[test]
fn the_demo_shows_the_whole_road() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    let began = Instant::now();
    let mut demo = program();
    demo.args(["demo", "--dir"]).arg(&dir).current_dir(&home).env("HOME", &home).env("TMPDIR", &home);
    let demo = ended(&mut demo, b"");
    let took = began.elapsed();
    assert_eq!(demo.code, 0, "{}{}", demo.out, demo.err);
    println!("the demo took {took:?}");
    for words in [
        "R-",
        "owner",
        "receipt",
        "client confirmation",
        "no mail to the client",
        "reminder",
        "escalation",
        "confirmed",
        "contact given up",
        "next:",
        "digest.html",
        "digest.txt",
        "handoffd init",
    ] {
        assert!(demo.out.contains(words), "the demo does not tell of \"{words}\":\n{}", demo.out);
    }
    let bounce = demo.out.lines().find(|line| line.contains("contact given up")).unwrap();
    assert!(bounce.split("contact given up:").nth(1).unwrap().trim().len() > 10, "no reason: {bounce}");
    let paths: Vec<&str> = demo
        .out
        .split_whitespace()
        .filter(|word| word.starts_with(dir.to_str().unwrap()))
        .map(|word| word.trim_end_matches(['.', ',', ';']))
        .collect();
    assert!(paths.len() >= 4, "{paths:?}");
    for path in &paths {
        assert!(Path::new(path).exists(), "{path} is told of, but not there");
    }
    assert!(fs::read_dir(dir.join("outbox")).unwrap().count() > 10);
    assert_eq!(fs::read_dir(&home).unwrap().count(), 0, "the demo wrote outside its folder");
    // What it leaves behind can be looked into.
    let config = dir.join("handoffd.toml").display().to_string();
    let list = ended(program().args(["list", "--all", "--json", "--config", &config]), b"");
    assert!(serde_json::from_str::<Value>(&list.out).unwrap().as_array().unwrap().len() >= 5);
    let again = ended(program().args(["demo", "--dir"]).arg(&dir), b"");
    assert!(again.code == 1 && again.err.contains("name an empty folder"), "{}", again.err);
}
