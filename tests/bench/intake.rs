//! Intake alone, on one core: the generated mails through the parser, then through everything intake does with them.
//!
//! `cargo bench --bench intake`. The ratio counts: intake must reach a quarter of the parser's own rate.

use std::hint::black_box;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use handoffd::intake::{self, Context, DateOrder};
use handoffd::referral::address::EmailAddress;
use handoffd::referral::packet::Field;
use mail_parser::MessageParser;

const MAILS: usize = 1000;
const ROUNDS: u32 = 5;

fn main() -> io::Result<()> {
    let mails = generated()?;
    let context = context().ok_or_else(|| io::Error::other("the context cannot be made"))?;
    let parser = MessageParser::default();
    let packets = mails.iter().filter(|mail| !intake::read(mail, &context).packets.is_empty()).count();
    let parse = best(|| {
        for mail in &mails {
            black_box(parser.parse(black_box(mail.as_slice())));
        }
    });
    let read = best(|| {
        for mail in &mails {
            black_box(intake::read(black_box(mail), &context));
        }
    });
    let mut out = io::stdout();
    writeln!(out, "{MAILS} mails, {packets} with a packet; the best of {ROUNDS} rounds on one core")?;
    writeln!(out, "mail-parser alone  {:8.0} mails/s  {:7.1} µs a mail", rate(parse), micros(parse))?;
    writeln!(out, "intake             {:8.0} mails/s  {:7.1} µs a mail", rate(read), micros(read))?;
    writeln!(out, "intake reaches 1/{:.1} of the parser's rate", read.as_secs_f64() / parse.as_secs_f64())
}

/// The mails of `mails.py`, with CRLF line ends.
fn generated() -> io::Result<Vec<Vec<u8>>> {
    let folder = tempfile::tempdir()?;
    let generator = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/mails.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(generator).arg(MAILS.to_string()).arg(folder.path());
    if !command.status()?.success() {
        return Err(io::Error::other("python3 made no mails"));
    }
    (0..MAILS).map(|number| std::fs::read(folder.path().join(format!("{number:06}.eml")))).collect()
}

fn context() -> Option<Context> {
    Some(Context {
        own_addresses: vec![EmailAddress::parse("referrals@clinic.example.org").ok()?],
        message_id_domain: "clinic.example.org".to_owned(),
        reference_prefix: "R".to_owned(),
        phone_region: "GB".to_owned(),
        date_order: DateOrder::DayFirst,
        required: vec![Field::ClientName, Field::ClientPhone, Field::Language],
        trusted_authserv_id: None,
        received_at: DateTime::<FixedOffset>::parse_from_rfc3339("2026-11-20T10:00:00+00:00").ok()?,
        limits: intake::limits::Limits::default(),
    })
}

fn best(mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        work();
        best = best.min(began.elapsed());
    }
    best
}

fn rate(all: Duration) -> f64 {
    1e6 / micros(all)
}

fn micros(all: Duration) -> f64 {
    all.as_secs_f64() * 1e6 / u32::try_from(MAILS).map_or(1.0, f64::from)
}
