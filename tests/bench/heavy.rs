//! The worst mails under 10 MB we know of: `cargo bench --bench heavy`. None may take intake over a second.
//!
//! It also reads some shapes of mail beside the parser, in turns, so that a busy machine slows both. `HANDOFFD_CORPORA`
//! adds the mails of that folder.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]
#![expect(clippy::indexing_slicing, reason = "a benchmark may stop at a mistake of its own")]

mod pieces;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use handoffd::intake::{Context, DateOrder, limits::Limits, read};
use handoffd::referral::{address::EmailAddress, packet::Field};
use mail_parser::MessageParser;
use pieces::PIECES;

/// How long each of the two reads one kind of mail.
const SPAN: Duration = Duration::from_millis(600);
const ROUNDS: u32 = 5;
/// Bytes of the worst mails.
const HEAVY: usize = 9_900_000;

fn main() {
    let context = context();
    println!("typical mails, a second on one core (median of {ROUNDS} rounds):");
    for (kind, mail) in typical() {
        let (parser, intake) = rates(&mail, &context);
        let share = intake / parser;
        let bytes = mail.len();
        println!(
            "  {kind:<28} {bytes:>5} bytes  parser {parser:>8.0}  intake {intake:>8.0}  share {share:.3}"
        );
    }
    println!("worst mails under 10 MB:");
    let mut slowest = Duration::ZERO;
    for (kind, mail) in heavy() {
        let took = timed(&mail, &context);
        slowest = slowest.max(took);
        println!("  {kind:<28} {:>8} bytes  {:>7.1} ms", mail.len(), took.as_secs_f64() * 1e3);
    }
    // Linear work takes four times as long for four times as much, quadratic sixteen times.
    println!("four times as much, in times as long:");
    for piece in PIECES {
        let (one, four) = (growing(piece, 24_000, &context), growing(piece, 96_000, &context));
        println!("  {piece:<20?} {:>6.1}", four.as_secs_f64() / one.as_secs_f64().max(1e-9));
        assert!(four < one * 10 + Duration::from_millis(50), "{piece:?}: {one:?} and {four:?}");
    }
    if let Some(folder) = std::env::var_os("HANDOFFD_CORPORA") {
        corpora(Path::new(&folder), &context);
    }
    println!("slowest: {:.0} ms", slowest.as_secs_f64() * 1e3);
    assert!(slowest < Duration::from_secs(1), "a mail under 10 MB took over a second");
}

/// The best of three, because the machine does other things too.
fn growing(piece: &str, bytes: usize, context: &Context) -> Duration {
    let head = "From: a@example.org\nSubject: x\n\n";
    let mail = [head, &piece.repeat(bytes / piece.len())].concat();
    (0..3).map(|_| timed(mail.as_bytes(), context)).min().unwrap_or_default()
}

/// Mails a second of the parser and of intake.
fn rates(mail: &[u8], context: &Context) -> (f64, f64) {
    let parser = MessageParser::default();
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(rate(|| drop(black_box(parser.parse(black_box(mail))))));
        whole.push(rate(|| drop(black_box(read(black_box(mail), context)))));
    }
    (median(alone), median(whole))
}

fn rate(mut work: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut count = 0_u32;
    while started.elapsed() < SPAN / ROUNDS {
        for _ in 0..20 {
            work();
        }
        count += 20;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn timed(mail: &[u8], context: &Context) -> Duration {
    let started = Instant::now();
    drop(black_box(read(mail, context)));
    started.elapsed()
}

/// The mails of a folder, whole: the rates over all of them and the slowest.
fn corpora(folder: &Path, context: &Context) {
    let index = std::fs::read_to_string(folder.join("INDEX.jsonl")).unwrap_or_default();
    let rows = index.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let files = rows.filter_map(|row| row["file"].as_str().map(|file| folder.join(file)));
    let mails: Vec<Vec<u8>> = files.filter_map(|file| std::fs::read(file).ok()).collect();
    let parser = MessageParser::default();
    let started = Instant::now();
    for mail in &mails {
        drop(black_box(parser.parse(mail)));
    }
    let alone = started.elapsed();
    let times: Vec<Duration> = mails.iter().map(|mail| timed(mail, context)).collect();
    let whole: Duration = times.iter().sum();
    println!(
        "corpora: {} mails, parser {:.0} ms, intake {:.0} ms, share {:.3}, slowest {:.1} ms",
        mails.len(),
        alone.as_secs_f64() * 1e3,
        whole.as_secs_f64() * 1e3,
        alone.as_secs_f64() / whole.as_secs_f64(),
        times.iter().max().copied().unwrap_or_default().as_secs_f64() * 1e3
    );
}

const HEAD: &str = "Return-Path: <intake@partner.example>\r\n\
    Received: from mx.partner.example (mx.partner.example [192.0.2.10])\r\n\tby mail.handoff.example (Postfix) with ESMTPS id 4XyZ1234AB\r\n\tfor <intake@handoff.example>; Fri, 20 Nov 2026 09:00:03 -0500 (EST)\r\n\
    Received: from desk7.partner.example (desk7.partner.example [192.0.2.77])\r\n\tby mx.partner.example (Postfix) with ESMTPSA id 3AbC9876ZY\r\n\tfor <intake@handoff.example>; Fri, 20 Nov 2026 09:00:01 -0500 (EST)\r\n\
    DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=partner.example; s=mail;\r\n\tt=1795183201; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n\th=Date:From:To:Subject; b=dGhpcyBpcyBub3QgYSByZWFsIHNpZ25hdHVyZSBidXQgaXQgaXMgYXMgbG9uZyBhcyBvbmU=\r\n\
    Authentication-Results: mail.handoff.example; dmarc=pass header.from=partner.example\r\n\
    Message-ID: <20261120090001.3AbC9876ZY@mx.partner.example>\r\nDate: Fri, 20 Nov 2026 09:00:01 -0500\r\n\
    From: Harbor Intake <intake@partner.example>\r\nTo: intake@handoff.example\r\nSubject: New referral: housing\r\nMIME-Version: 1.0\r\n";

const FIELDS: [(&str, &str); 12] = [
    ("Client name", "Ann Example"),
    ("Date of birth", "04/12/1990"),
    ("Phone", "212-555-0142"),
    ("Email", "ann@mail.example"),
    ("Safe to call", "yes"),
    ("Safe to leave a voicemail", "no"),
    ("Best time", "weekday mornings"),
    ("Preferred language", "Spanish, interpreter needed"),
    ("Legal issue", "eviction, papers came last week"),
    ("Court date", "December 3, 2026 at 9:30 am"),
    ("County", "Kings"),
    ("Consent to share", "yes"),
];

const PROSE: &str = "She came to our front desk this morning and asked for somebody who can explain the papers to her. \
    She works nights and sleeps until noon, so please do not try before one. Her sister may pick up the phone; she \
    knows about the case and may take a message. We told her that someone would be in touch within two working days, \
    and that she can call us in the meantime. The landlord has said twice that the locks would be changed.\r\n\r\n";

fn typical() -> Vec<(&'static str, Vec<u8>)> {
    let form = FIELDS.iter().fold(String::new(), |mut form, (label, value)| {
        let _ = write!(form, "{label}: {value}\r\n");
        form
    });
    let prose = PROSE.repeat(4);
    let plain = format!(
        "Content-Type: text/plain; charset=utf-8\r\n\r\n{form}\r\n{prose}-- \r\nHarbor House, intake desk\r\n"
    );
    let rows = FIELDS.iter().fold(String::new(), |mut rows, (label, value)| {
        let _ = write!(rows, "<tr><td><b>{label}</b></td><td>{value}</td></tr>");
        rows
    });
    let table = format!(
        "<html><body><p>A new form was sent.</p><table>{rows}</table><p>{}</p></body></html>",
        PROSE.repeat(2)
    );
    let html = format!("Content-Type: text/html; charset=utf-8\r\n\r\n{table}\r\n");
    let both = format!(
        "Content-Type: multipart/alternative; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{form}\r\n{PROSE}\r\n\
         --b1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{table}\r\n--b1--\r\n"
    );
    let quoted: Vec<String> = PROSE.repeat(5).lines().map(|line| format!("> {line}\r\n")).collect();
    let quoted = quoted.concat();
    let reply = format!(
        "Content-Type: text/plain; charset=utf-8\r\n\r\nattempt call no answer\r\n\r\nOn Thu, 19 Nov 2026 at 10:00, Handoff <intake@handoff.example> wrote:\r\n{quoted}"
    );
    let mail = |body: &str| format!("{HEAD}{body}").into_bytes();
    vec![
        ("a form as text", mail(&plain)),
        ("a form as text and HTML", mail(&both)),
        ("a form as HTML only", mail(&html)),
        ("a reply with a quote", mail(&reply)),
    ]
}

fn heavy() -> BTreeMap<&'static str, Vec<u8>> {
    let full = |head: &str, piece: &str| {
        let count = HEAVY.saturating_sub(head.len()) / piece.len();
        [head.as_bytes(), piece.repeat(count).as_bytes()].concat()
    };
    let text = "From: a@example.org\nSubject: x\n\n";
    let html = "From: a@example.org\nSubject: x\nContent-Type: text/html\n\n";
    let flowed = "From: a@example.org\nContent-Type: text/plain; format=flowed\n\n";
    let daemon = "From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n";
    let status = "From: MAILER-DAEMON@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n";
    let csv = "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: text/csv; name=a.csv\n\nname,phone\n";
    let file = |name: &str, line: &str| {
        let head = format!("--x\nContent-Type: application/octet-stream; name={name}\n\n");
        [&head, line.repeat(98_000 / line.len()).as_str(), "\n"].concat()
    };
    let files = csv.split_inclusive("hi\n").next().unwrap_or_default();
    let note = "Phone: 212-555-0142, hearing on Dec 3 at 9, ann@example.org\n";
    BTreeMap::from([
        ("text files", full(files, &file("a.txt", note))),
        ("web pages", full(files, &file("a.html", "<p>Phone: 212-555-0142</p>"))),
        ("one long line", full(text, "x")),
        ("empty lines", full(text, "\n")),
        ("prose", full(text, PROSE)),
        ("labels", full(text, "Client name: Ann Example\nPhone: 212-555-0142\n")),
        ("label look-alikes", full(text, "clientt nmae safe contct:\n")),
        ("quote marks", full(text, ">")),
        ("quoted lines", full(text, "> a\n")),
        ("attributions", full(text, "On Tue, 3 Nov 2026 at 09:15, Ann <ann@example.org> wrote:\n")),
        ("header blocks", full(text, "From: a@example.org\nTo: b\nSubject: c\n")),
        ("addresses", full(text, "a@b.example ")),
        ("numbers", full(text, "212-555-0142 ")),
        ("dates", full(text, "hearing on Dec 3 at 9 03/04/2026 ")),
        ("dashes", full(text, "--\n")),
        ("flowed", full(flowed, "She can be reached in the morning, but do not leave any message \n")),
        ("divs", full(html, "<div>")),
        ("closed divs", full(html, "<div>x</div>")),
        ("tables", full(html, "<table><tr><td>")),
        ("rows", full(html, "<tr><td>Phone</td><td>212</td></tr>")),
        ("line breaks", full(html, "<br>")),
        ("entities", full(html, "&lt;")),
        ("opened tags", full(html, "<a ")),
        ("styles", full(html, "<p style='font-size:0'>")),
        ("notices", full(daemon, "a@b.c ")),
        ("a status part", full(status, "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n")),
        ("a sheet", full(csv, "Ann,212-555-0142\n")),
    ])
}

fn context() -> Context {
    Context {
        own_addresses: EmailAddress::parse("intake@handoff.example").into_iter().collect(),
        message_id_domain: "mail.handoff.example".to_owned(),
        reference_prefix: "R".to_owned(),
        phone_region: "US".to_owned(),
        date_order: DateOrder::MonthFirst,
        required: Field::REQUIRED.to_vec(),
        trusted_authserv_id: None,
        received_at: chrono::DateTime::parse_from_rfc3339("2026-11-20T09:00:00-05:00").unwrap_or_default(),
        limits: Limits::default(),
    }
}
