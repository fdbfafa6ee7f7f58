//! vCards (RFC 6350, and versions 2.1 and 3.0): the few properties a packet has a place for.

use mail_parser::decoders::quoted_printable::quoted_printable_decode;

use super::super::form::{Harvest, Said, noted, of_said};
use super::{Context, decoded};

/// The most lines of one file.
const MOST_LINES: usize = 5_000;

/// Reads every card of a file; each is a person.
pub(super) fn read(name: &str, bytes: &[u8], context: &Context) -> Harvest {
    let text = decoded(bytes);
    let mut said = Vec::new();
    let lines = unfolded(&text);
    for (at, (number, line)) in lines.iter().enumerate() {
        let Some((property, value)) = parted(line) else { continue };
        let upper = property.to_ascii_uppercase();
        let property = upper.split(';').next().unwrap_or_default();
        let property = property.rsplit('.').next().unwrap_or_default();
        let label = match property {
            "BEGIN" => {
                said.push(Said::Another);
                continue;
            }
            "FN" => "client name",
            // Without a name to show the parts of one: family name first.
            "N" if !is_named(&lines, at) => "client name",
            "TEL" if upper.contains("FAX") => continue,
            "TEL" => "client phone",
            "EMAIL" => "client email",
            "ADR" => "client address",
            "LANG" => "language",
            "BDAY" => "date of birth",
            "NOTE" => "notes",
            "GENDER" => "gender",
            // What no packet has a place for may still warn of something.
            _ if value.contains(' ') => "",
            _ => continue,
        };
        let decoded =
            if upper.contains("QUOTED-PRINTABLE") { quoted_printable(value) } else { value.to_owned() };
        let bare =
            decoded.strip_prefix("tel:").or_else(|| decoded.strip_prefix("mailto:")).unwrap_or(&decoded);
        let value = if property == "N" { in_order(bare) } else { unescaped(bare) };
        said.push(Said::Value { label: label.to_owned(), value, place: format!("{name} line {number}") });
    }
    // Its labels are ours: the card itself calls nobody a client.
    let harvest = Harvest { calls_client: false, ..of_said(said, context) };
    noted(harvest, text.lines().nth(MOST_LINES).is_some())
}

/// The property and its value: the first colon outside quotes parts them.
fn parted(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = line.find(|c: char| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    Some((line.get(..at)?, line.get(at + 1..)?))
}

/// Whether the card this line is in has a name to show.
fn is_named(lines: &[(usize, String)], at: usize) -> bool {
    let is =
        |line: &str, word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let begins = |(_, line): &(usize, String)| is(line, "BEGIN:");
    let from = lines.iter().take(at).rposition(begins).unwrap_or(0);
    let card = lines.iter().skip(from + 1).take_while(|line| !begins(line));
    card.into_iter().any(|(_, line)| is(line, "FN:") || is(line, "FN;"))
}

/// "Vega;Marisol;;;" as it is said: "Marisol Vega".
fn in_order(value: &str) -> String {
    let mut parts = value.split(';').map(unescaped);
    let family = parts.next().unwrap_or_default();
    let given: Vec<String> = parts.take(2).filter(|part| !part.is_empty()).collect();
    [given.join(" "), family].join(" ").trim().to_owned()
}

fn quoted_printable(value: &str) -> String {
    quoted_printable_decode(value.as_bytes()).map_or_else(|| value.to_owned(), |bytes| decoded(&bytes))
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
