//! M1 to M5 and M21: the work grows with the size of the mail, not with its square.

use std::time::{Duration, Instant};

use handoffd::intake::{command, read};
use handoffd::referral::reason::Reasons;

use super::context;

/// The best of three, because the machine does other things too.
fn best(mut work: impl FnMut()) -> Duration {
    let one = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..3).map(|_| one(&mut work)).min().unwrap()
}

/// Four times as much: linear work takes four times as long, quadratic sixteen times.
fn check(what: &str, size: usize, make: impl Fn(usize) -> Vec<u8>) {
    let (small, large) = (make(size), make(4 * size));
    let one = best(|| drop(read(&small, &context())));
    let four = best(|| drop(read(&large, &context())));
    let bound = one * 10 + Duration::from_millis(150);
    assert!(four < bound, "{what}: {one:?} for {} bytes, {four:?} for {}", small.len(), large.len());
}

#[test]
fn m1_to_m5_the_bounds_are_found_in_linear_time() {
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
fn m21_texts_are_read_in_linear_time() {
    for piece in [
        "a",
        " ",
        "\n",
        "9",
        "9-",
        "212-555-0142 ",
        "(((",
        "+1 ",
        "a@",
        "@a.b",
        "03/04/",
        "Dec 3 ",
        "12:",
        "yes no ",
        "not ",
        "Phone:",
        "Name: ",
        "R-7K4M-2QX9 ",
        "From: a\n",
        "> ",
        "-- \n",
        "- ",
        "|",
        "\t",
        ",",
        "é",
        "\u{200b}",
        "=",
    ] {
        let text = |count: usize| {
            let head = "From: a@example.org\nSubject: x\n\n";
            [head.as_bytes(), piece.repeat(count / piece.len()).as_bytes()].concat()
        };
        check(&format!("{piece:?}"), 24_000, text);
    }
    for line in ["attempt call ", "confirmed method call, ", "no ", "due ", "2026-12-03 "] {
        let (small, large) = (line.repeat(500), line.repeat(2_000));
        let (one, four) = (
            best(|| drop(command::read(&small, &Reasons::default()))),
            best(|| drop(command::read(&large, &Reasons::default()))),
        );
        assert!(four < one * 10 + Duration::from_millis(50), "{line}: {one:?} {four:?}");
    }
}
