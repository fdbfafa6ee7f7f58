//! Intake against real mails made by others; each file measures one row of the corpora's own table.
//!
//! The mails are not part of the project. Their folder comes from `HANDOFFD_CORPORA`, else `../shared/corpora` beside
//! the project; where it is absent the tests say so and pass. The tests print figures a corpus and fail below the
//! level that was reached.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use handoffd::intake::{Context, DateOrder, Reading, limits::Limits, read};
use handoffd::referral::{address::EmailAddress, packet::Field};
use serde_json::Value;

mod auto_replies;
mod bodies;
mod bounces;
mod forwards;
mod ingest;
mod replies;
mod shown;
mod text;

/// One mail with its labels.
pub(crate) struct Labelled {
    /// The line of `INDEX.jsonl`.
    pub(crate) label: Value,
    /// The mail; a lone body is wrapped in a minimal message.
    pub(crate) raw: Vec<u8>,
}

impl Labelled {
    /// A text of the label, empty when it is not there.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.label[key].as_str().unwrap_or_default()
    }

    /// What the origin expects.
    pub(crate) fn expected(&self) -> &Value {
        &self.label["expected"]
    }

    /// What intake makes of it.
    pub(crate) fn read(&self) -> Reading {
        read(&self.raw, &context())
    }
}

/// Every mail of the corpora, or `None` with a word about it.
pub(crate) fn mails() -> Option<Vec<Labelled>> {
    let folder = folder();
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.jsonl")) else {
        println!("skipped: no corpora at {}", folder.display());
        return None;
    };
    Some(index.lines().map(|line| labelled(&folder, line)).collect())
}

fn labelled(folder: &Path, line: &str) -> Labelled {
    let label: Value = serde_json::from_str(line).unwrap();
    let body = std::fs::read(folder.join(label["file"].as_str().unwrap())).unwrap();
    let wrapped = |kind: &str| {
        let head = format!(
            "From: ann@partner.example\r\nTo: intake@handoff.example\r\nSubject: test\r\nMIME-Version: 1.0\r\n\
             Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        );
        [head.into_bytes(), body.clone()].concat()
    };
    let raw = match label["format"].as_str() {
        Some("text-body") => wrapped("text/plain"),
        Some("html-body") => wrapped("text/html"),
        _ => body,
    };
    Labelled { label, raw }
}

fn folder() -> PathBuf {
    std::env::var_os("HANDOFFD_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from)
}

/// Settings of a small organisation.
pub(crate) fn context() -> Context {
    Context {
        own_addresses: vec![EmailAddress::parse("intake@handoff.example").unwrap()],
        message_id_domain: "mail.handoff.example".to_owned(),
        reference_prefix: "R".to_owned(),
        phone_region: "US".to_owned(),
        date_order: DateOrder::MonthFirst,
        required: Field::REQUIRED.to_vec(),
        trusted_authserv_id: None,
        received_at: chrono::DateTime::parse_from_rfc3339("2026-11-20T09:00:00-05:00").unwrap(),
        limits: Limits::default(),
    }
}

/// Hits and misses a corpus, with the files that missed.
#[derive(Default)]
pub(crate) struct Tally {
    rows: BTreeMap<String, (usize, usize)>,
    missed: Vec<String>,
}

impl Tally {
    /// Counts one mail; `note` says in a few words what went wrong.
    pub(crate) fn count(&mut self, mail: &Labelled, is_hit: bool, note: &str) {
        let row = self.rows.entry(mail.text("corpus").to_owned()).or_default();
        row.0 += usize::from(is_hit);
        row.1 += 1;
        if !is_hit {
            self.missed.push(format!("{} {note}", mail.text("file")));
        }
    }

    /// Prints the figures and fails below `level` (of 1).
    #[expect(clippy::cast_precision_loss, reason = "counts of mails are small")]
    pub(crate) fn judge(&self, what: &str, level: f64) {
        let (hits, all) = self.rows.values().fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
        println!("{what}: {hits} of {all}");
        for (corpus, (hits, all)) in self.rows.iter().filter(|(_, row)| row.0 < row.1) {
            println!("  {corpus}: {hits} of {all}");
        }
        if std::env::var_os("HANDOFFD_CORPORA_MISSES").is_some() {
            for missed in &self.missed {
                println!("    {missed}");
            }
        }
        assert!(all == 0 || hits as f64 >= level * all as f64, "{what}: {hits} of {all} is below {level}");
    }
}
