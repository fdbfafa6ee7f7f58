//! The bodies of the mails made by others that `INDEX.jsonl` lists, with their labels. The folder may be absent.

use std::fs;
use std::path::PathBuf;

use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde_json::Value;

/// One labelled mail.
pub(super) struct Sample {
    pub file: String,
    pub kind: String,
    pub label_source: String,
    pub expected: Value,
    pub subject: String,
    pub plain: Option<String>,
    pub html: Option<String>,
}

/// Every mail of the given kinds; `None` when the folder is absent.
pub(super) fn samples(kinds: &[&str]) -> Option<Vec<Sample>> {
    let folder = folder();
    let index = fs::read_to_string(folder.join("INDEX.jsonl")).ok()?;
    let rows = index.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let wanted = rows.filter(|row| kinds.contains(&row["kind"].as_str().unwrap_or_default()));
    Some(wanted.filter_map(|row| sample(&folder, &row)).collect())
}

fn folder() -> PathBuf {
    std::env::var_os("HANDOFFD_CORPORA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from)
}

fn sample(folder: &std::path::Path, row: &Value) -> Option<Sample> {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let bytes = fs::read(folder.join(text("file"))).ok()?;
    let lossy = || Some(String::from_utf8_lossy(&bytes).into_owned());
    let subject = row["expected"]["subject_line"].as_str().unwrap_or_default().to_owned();
    let (subject, plain, html) = match row["format"].as_str()? {
        "text-body" => (subject, lossy(), None),
        "html-body" => (subject, None, lossy()),
        _ => parsed(&bytes)?,
    };
    let expected = row["expected"].clone();
    Some(Sample {
        file: text("file"),
        kind: text("kind"),
        label_source: text("label_source"),
        expected,
        subject,
        plain,
        html,
    })
}

/// The subject, the first plain and the first HTML body of a whole message.
fn parsed(bytes: &[u8]) -> Option<(String, Option<String>, Option<String>)> {
    let message = MessageParser::new().parse(bytes)?;
    let (mut plain, mut html) = (None, None);
    for part in message.parts.iter().filter(|part| part.attachment_name().is_none()) {
        match &part.body {
            PartType::Text(text) => plain = plain.or_else(|| Some(text.to_string())),
            PartType::Html(text) => html = html.or_else(|| Some(text.to_string())),
            PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => {}
        }
    }
    Some((message.subject().unwrap_or_default().to_owned(), plain, html))
}

/// Text without white space: the corpora differ in nothing else that matters less.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{FEFF}').collect()
}
