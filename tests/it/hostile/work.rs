//! M1 to M5 and M21: mails whose reading would take for ever if the work grew with the square of their size are read to
//! an end, and mean the same when they are four times as long. How long it takes, `cargo bench --bench heavy` says.

#[path = "../../bench/pieces.rs"]
mod pieces;

use handoffd::intake::{Reading, command, read};
use handoffd::referral::reason::Reasons;

use super::context;
use pieces::PIECES;

/// Reads a mail and one four times as long: what they are is the same.
fn check(what: &str, size: usize, make: impl Fn(usize) -> Vec<u8>) {
    let read_one = |size: usize| -> Reading { read(&make(size), &context()) };
    let (small, large) = (read_one(size), read_one(4 * size));
    assert_eq!((small.park, &small.nature), (large.park, &large.nature), "{what}");
    let text = |reading: &Reading| {
        [&reading.text.own, &reading.text.quoted, &reading.text.removed]
            .map(String::len)
            .iter()
            .sum::<usize>()
    };
    assert!(text(&large) >= text(&small), "{what}");
}

#[test]
fn m1_to_m5_the_bounds_are_found_however_long_the_mail_is() {
    let repeated = |head: &'static str, piece: &'static str| {
        move |count: usize| [head.as_bytes(), piece.repeat(count).as_bytes()].concat()
    };
    for (what, head, piece, size) in [
        ("nested messages", "From: a@example.org\n", "Content-Type: message/rfc822\n\n", 20_000),
        (
            "nested digests",
            "From: a@example.org\n",
            "Content-Type: multipart/digest; boundary=a\n\n--a\n\n",
            20_000,
        ),
        (
            "nested parts",
            "From: a@example.org\n",
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n",
            20_000,
        ),
        (
            "parts",
            "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n",
            "--x\n\ny\n",
            100_000,
        ),
        ("fields", "", "X: y\n", 100_000),
        (
            "near boundaries",
            "From: a@example.org\nContent-Type: multipart/mixed; boundary=xxxxxxxxxxxxy\n\n",
            "--xxxxxxxxxxxxx\n",
            100_000,
        ),
        ("addresses", "From: a@example.org\nTo: ", "a@example.org,", 4_000),
        ("references", "From: a@example.org\nReferences: ", "<a@b> ", 8_000),
        ("encoded words", "From: a@example.org\nSubject: ", "=?utf-8?q?x?= ", 4_000),
        ("comments", "From: ", "(", 15_000),
        ("continuations", "From: a@example.org\nContent-Type: text/plain;\n", " a*1*=x;\n", 5_000),
    ] {
        check(what, size, repeated(head, piece));
    }
}

#[test]
fn m21_texts_are_read_however_long_they_are() {
    for piece in PIECES {
        let text = |count: usize| {
            let head = "From: a@example.org\nSubject: x\n\n";
            [head.as_bytes(), piece.repeat(count / piece.len()).as_bytes()].concat()
        };
        check(&format!("{piece:?}"), 24_000, text);
    }
    for line in ["attempt call ", "confirmed method call, ", "no ", "due ", "2026-12-03 "] {
        let said = |times: usize| {
            let said = command::read(&line.repeat(times), &Reasons::default());
            (said.commands.is_empty(), said.unclear.is_empty())
        };
        assert_eq!(said(500), said(2_000), "{line}");
    }
}
