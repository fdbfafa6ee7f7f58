//! What the server we trust says about the author: `Authentication-Results` (RFC 8601), read by its strict grammar.
//!
//! Only the topmost field of the trusted authserv-id counts, because everything below it may have come with the
//! mail. Anything odd in it is a failure, never a pass (RELIABILITY C2 to C5).

use super::super::Dmarc;
use super::Head;
use crate::referral::address::EmailAddress;

/// The verdict on the one author. Without a trusted authserv-id nobody is believed.
#[must_use]
pub(super) fn dmarc(head: &Head, trusted: Option<&str>, from: Option<&EmailAddress>) -> Dmarc {
    let Some(trusted) = trusted else { return Dmarc::Unknown };
    let ours = head.all("authentication-results").find(|value| names(value, trusted));
    let Some(value) = ours else { return Dmarc::Unknown };
    let Some(results) = results(value, trusted) else { return Dmarc::Fail };
    let mut verdicts = results.iter().filter(|result| result.method == "dmarc");
    match (verdicts.next(), verdicts.next(), from) {
        (None, _, _) => Dmarc::Unknown,
        (Some(one), None, Some(from))
            if one.result == "pass" && one.domain.as_deref() == Some(from.domain()) =>
        {
            Dmarc::Pass
        }
        _ => Dmarc::Fail,
    }
}

/// Whether a field claims to be from this authserv-id, quoted or with comments too: such a field is ours to judge,
/// and then fails by the strict grammar.
fn names(value: &str, trusted: &str) -> bool {
    let id = value.split(';').next().unwrap_or_default();
    id.split(|c: char| c.is_whitespace() || "\"()".contains(c)).any(|word| word.eq_ignore_ascii_case(trusted))
}

struct Verdict {
    method: String,
    result: String,
    /// The `header.from` domain.
    domain: Option<String>,
}

fn results(value: &str, trusted: &str) -> Option<Vec<Verdict>> {
    let plain = without_comments(value)?;
    let mut parts = plain.split(';');
    let mut id = parts.next()?.split_whitespace();
    if !id.next()?.eq_ignore_ascii_case(trusted)
        || !matches!(id.next(), None | Some("1"))
        || id.next().is_some()
    {
        return None;
    }
    let parts: Vec<&str> = parts.map(str::trim).collect();
    if parts == ["none"] {
        return Some(Vec::new());
    }
    // A semicolon at the very end is a common slip and says nothing.
    let parts = parts.strip_suffix(&[""]).unwrap_or(&parts);
    parts.iter().map(|part| verdict(part)).collect()
}

/// `method=result [reason="…"] [ptype.property=value …]`.
fn verdict(part: &str) -> Option<Verdict> {
    let mut words = part.split_whitespace();
    let (method, result) = words.next()?.split_once('=')?;
    let is_keyword =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let method = method.split_once("/1").map_or(method, |(method, _)| method);
    if !is_keyword(method) || !is_keyword(result) {
        return None;
    }
    let mut domain = None;
    for word in words {
        let (name, value) = word.split_once('=')?;
        let is_property = name == "reason"
            || name.split_once('.').is_some_and(|(kind, name)| is_keyword(kind) && !name.is_empty());
        if !is_property || value.is_empty() {
            return None;
        }
        if name.eq_ignore_ascii_case("header.from") {
            if domain.is_some() {
                return None;
            }
            domain = Some(value.to_ascii_lowercase());
        }
    }
    Some(Verdict { method: method.to_ascii_lowercase(), result: result.to_ascii_lowercase(), domain })
}

/// The value with its comments replaced by spaces and quoted strings by one word; `None` when brackets or quotes do
/// not balance, or a control character stands in it.
fn without_comments(value: &str) -> Option<String> {
    let mut plain = String::with_capacity(value.len());
    let (mut depth, mut quoted) = (0_usize, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if depth > 0 || quoted => {
                chars.next()?;
            }
            '\\' => return None,
            '"' if depth == 0 => {
                quoted = !quoted;
                plain.push('"');
            }
            c if c.is_control() && c != '\t' => return None,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                plain.push(' ');
            }
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    (depth == 0 && !quoted).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &str, expected: Dmarc) {
        let head = Head::read(fields.as_bytes());
        let from = EmailAddress::parse("ann@partner.example").unwrap();
        assert_eq!(dmarc(&head, Some("mx.example.org"), Some(&from)), expected, "{fields}");
    }

    #[test]
    fn a_pass_of_the_trusted_server_for_the_authors_domain_is_a_pass() {
        for field in [
            "Authentication-Results: mx.example.org; dmarc=pass header.from=partner.example\n",
            "Authentication-Results: MX.example.org 1;\n spf=pass smtp.mailfrom=partner.example;\n dkim=pass (2048-bit key; x) header.d=partner.example;\n dmarc=pass (p=REJECT sp=NONE) header.from=Partner.example;\n",
            "Authentication-Results: mx.example.org; dkim=fail reason=\"bad; dmarc=fail\" header.d=x; dmarc=pass header.from=partner.example\n",
        ] {
            check(field, Dmarc::Pass);
        }
    }

    #[test]
    fn c2_to_c5_everything_else_is_not_a_pass() {
        for (fields, expected) in [
            ("X: y\n", Dmarc::Unknown),
            (
                "Authentication-Results: other.example; dmarc=pass header.from=partner.example\n",
                Dmarc::Unknown,
            ),
            ("Subject: mx.example.org; dmarc=pass header.from=partner.example\n", Dmarc::Unknown),
            ("Authentication-Results: mx.example.org; none\n", Dmarc::Unknown),
            ("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=x\n", Dmarc::Unknown),
            ("Authentication-Results: mx.example.org; dmarc=none header.from=partner.example\n", Dmarc::Fail),
            (
                "Authentication-Results: mx.example.org; dmarc=bestguesspass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            ("Authentication-Results: mx.example.org; dmarc=pass header.from=evil.example\n", Dmarc::Fail),
            ("Authentication-Results: mx.example.org; dmarc=pass\n", Dmarc::Fail),
            (
                "Authentication-Results: mx.example.org 2; dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: \"mx.example.org\"; dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: mx.example.org; dmarc=pass header.from=partner.example trailing junk\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: mx.example.org; dmarc=fail; dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: mx.example.org; spf=fail (x dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: mx.example.org; x=y (dmarc=pass header.from=partner.example)\n",
                Dmarc::Unknown,
            ),
            (
                "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
            (
                "Authentication-Results: mx.example.org; dmarc=fail header.from=partner.example\nAuthentication-Results: mx.example.org; dmarc=pass header.from=partner.example\n",
                Dmarc::Fail,
            ),
        ] {
            check(fields, expected);
        }
    }

    #[test]
    fn nobody_is_believed_unless_named_in_the_settings() {
        let head =
            Head::read(b"Authentication-Results: mx.example.org; dmarc=pass header.from=partner.example\n");
        let from = EmailAddress::parse("ann@partner.example").unwrap();
        assert_eq!(dmarc(&head, None, Some(&from)), Dmarc::Unknown);
        assert_eq!(dmarc(&head, Some("mx.example.org"), None), Dmarc::Fail);
    }
}
