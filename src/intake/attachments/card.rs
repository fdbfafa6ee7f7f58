//! vCards (RFC 6350, and versions 2.1 and 3.0): the few properties a packet has a place for.

use super::super::form::{Harvest, Said, noted, of_said};
use super::{Context, decoded};

/// The most lines of one file.
const MOST_LINES: usize = 5_000;

/// Reads every card of a file; each is a person.
pub(super) fn read(name: &str, bytes: &[u8], context: &Context) -> Harvest {
    let text = decoded(bytes);
    let mut said = Vec::new();
    for (number, line) in unfolded(&text) {
        let Some((property, value)) = line.split_once(':') else { continue };
        let upper = property.to_ascii_uppercase();
        let property = upper.split(';').next().unwrap_or_default();
        let property = property.rsplit('.').next().unwrap_or_default();
        let label = match property {
            "BEGIN" => {
                said.push(Said::Another);
                continue;
            }
            "FN" => "client name",
            "TEL" if upper.contains("FAX") => continue,
            "TEL" => "client phone",
            "EMAIL" => "client email",
            "ADR" => "client address",
            "LANG" => "language",
            "BDAY" => "date of birth",
            "NOTE" => "notes",
            "GENDER" => "gender",
            _ => continue,
        };
        let value =
            unescaped(value.strip_prefix("tel:").or_else(|| value.strip_prefix("mailto:")).unwrap_or(value));
        said.push(Said::Value { label: label.to_owned(), value, place: format!("{name} line {number}") });
    }
    noted(of_said(said, context), text.lines().nth(MOST_LINES).is_some())
}

/// Lines joined with their continuations, each with the number of its first line.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()).take(MOST_LINES) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, before))) => before.push_str(more),
            _ => lines.push((number, line.to_owned())),
        }
    }
    lines
}

/// The value without escapes; the parts of an address parted by commas.
fn unescaped(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            ';' if plain.is_empty() || plain.ends_with(", ") => {}
            ';' => plain.push_str(", "),
            other => plain.push(other),
        }
    }
    plain.trim_end_matches([',', ' ']).to_owned()
}
