//! Row "ingest": no panic and a disposition for every mail. How long the slowest took is printed; `cargo bench --bench
//! heavy` judges it.

use std::time::Instant;

use handoffd::intake::explain::Explanation;

use super::{Tally, context, mails};

#[test]
fn every_mail_gets_a_disposition() {
    let Some(mails) = mails() else { return };
    let mut tally = Tally::default();
    let mut slowest = (std::time::Duration::ZERO, "");
    for mail in &mails {
        let started = Instant::now();
        let explained = Explanation::new(&mail.read(), &context(), None);
        slowest = slowest.max((started.elapsed(), mail.text("file")));
        let is_parked = explained.disposition == "parked";
        tally.count(mail, !is_parked && !explained.text().is_empty(), explained.disposition);
    }
    println!("ingest: slowest {slowest:?}");
    // One of them holds nothing but empty parts, and is parked as empty.
    tally.judge("ingest: read and not parked", 0.998);
}

/// Damaged copies of real mails: cut short, lines lost or doubled, bytes changed. Always the same damage.
#[test]
fn m30_no_damaged_mail_stops_intake() {
    let Some(mails) = mails() else { return };
    let mut seed = 0x9545_f491_4f6c_dd1d_u64;
    let mut random = move |bound: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % (bound.max(1) as u64)).unwrap()
    };
    let mut tally = Tally::default();
    for mail in mails.iter().filter(|mail| mail.raw.len() < 50_000) {
        for _ in 0..DAMAGES {
            let raw = damaged(&mail.raw, &mut random);
            let survived =
                std::panic::catch_unwind(|| handoffd::intake::read(&raw, &context()).problems.len());
            tally.count(mail, survived.is_ok(), "panicked");
        }
    }
    tally.judge("ingest: damaged copies survived", 1.0);
}

const DAMAGES: usize = 4;

fn damaged(raw: &[u8], random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = raw.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for _ in 0..3 {
        let at = random(lines.len());
        match random(6) {
            0 => lines.truncate(at + 1),
            1 => {
                lines.remove(at);
            }
            2 => {
                let line = lines[at].clone();
                lines.insert(random(lines.len()), line);
            }
            3 => {
                let place = random(lines[at].len());
                lines[at].insert(place, b"\0\r\n-=?;:<>\"(\xff"[random(13)]);
            }
            4 => {
                let length = random(lines[at].len());
                lines[at].truncate(length);
            }
            _ => {
                let other = random(lines.len());
                lines.swap(at, other);
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.concat()
}
