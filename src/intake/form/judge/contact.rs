//! Phone numbers and email addresses: read, checked, and what is wrong with them said in words fit for a receipt.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use super::channels::denied_in;
use super::{Context, Verdict};
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::address::{EmailAddress, NotAnAddress};
use crate::referral::packet::{Confidence, Field, Judged};

/// The runs of a text that can be phone numbers, at most five.
pub(crate) fn phones_in(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut before = ' ';
    for c in text.chars().chain(std::iter::once('\n')) {
        let joins = c.is_ascii_digit()
            || (!run.is_empty() && matches!(c, '-' | '.' | ' ' | '(' | ')' | '/' | '\u{a0}' | '‑' | '–'));
        let opens = matches!(c, '+' | '(') || (c.is_ascii_digit() && !before.is_alphanumeric());
        if joins && (!run.is_empty() || opens) || (run.is_empty() && opens) {
            run.push(c);
        } else if !run.is_empty() {
            end_run(&mut runs, &run);
            run.clear();
            if c == '+' {
                run.push(c);
            }
        }
        before = c;
        if runs.len() == 5 {
            break;
        }
    }
    runs
}

fn end_run(runs: &mut Vec<String>, run: &str) {
    // "518-555-0100 / 518-555-0111" is one run of two numbers.
    let parts = run.split(" / ").flat_map(|part| part.split("  ")).map(behind_date);
    for part in parts.flat_map(in_a_row) {
        let part = part.trim_end_matches(|c: char| !c.is_ascii_digit()).trim();
        // "Ann Lee (518-555-0100)": the bracket is not the number's.
        let part = if part.contains(')') { part } else { part.trim_start_matches(['(', ' ']) };
        if (7..=16).contains(&digits(part)) && !behind_date(part).is_empty() {
            runs.push(part.to_owned());
        }
    }
}

/// "518-555-0100 518-555-0111": two whole numbers with nothing but a space between them. What is none of that stays
/// whole.
fn in_a_row(run: &str) -> Vec<&str> {
    if digits(run) <= 16 {
        return vec![run];
    }
    let (mut numbers, mut from) = (Vec::new(), 0);
    for (at, _) in run.match_indices(' ').chain([(run.len(), "")]) {
        let number = run.get(from..at).unwrap_or_default();
        if digits(number) >= 10 {
            numbers.push(number);
            from = at;
        }
    }
    let is_whole =
        numbers.iter().all(|number| digits(number) <= 11) && digits(run.get(from..).unwrap_or_default()) == 0;
    if is_whole { numbers } else { vec![run] }
}

/// What follows a date that the run opens with: "2026-11-25 11" is a day and an hour.
fn behind_date(run: &str) -> &str {
    let bare = run.trim_start_matches(['(', ' ']);
    let (date, rest) = bare.split_once(' ').unwrap_or((bare, ""));
    let groups: Vec<&str> = date.trim_end_matches(')').split(['-', '/', '.']).collect();
    let is = |group: &str, length: usize, most: u32| {
        group.len() <= length && group.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let is_year = |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let is_date = match groups.as_slice() {
        [year, month, day] if is_year(year) => is(month, 2, 12) && is(day, 2, 31),
        [one, two, year] if is_year(year) => {
            is(one, 2, 31) && (is(two, 2, 31) && !date.contains('.') || is(two, 2, 12))
        }
        _ => false,
    };
    if is_date { rest } else { run }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Judges a phone field.
pub(super) fn phone(value: &str, context: &Context, field: Field) -> Verdict {
    let runs = phones_in(value);
    let mut also = Vec::new();
    if field == Field::ClientPhone {
        if let Some(second) = runs.get(1).filter(|second| Some(*second) != runs.first()) {
            also.push((Field::ClientPhoneOther, second.clone(), number(second, context)));
        }
        also.extend(forbidden(value));
    }
    let judged = match runs.first() {
        Some(first) => number(first, context),
        None => broken(digits(value)),
    };
    let is_doubted = field == Field::ClientPhone && speaks_against(value);
    let problem = match &judged {
        Judged::Phone { problem: Some(problem), .. } => Some(sentence(field, problem)),
        _ if is_doubted => Some(REMARK.to_owned()),
        _ => None,
    };
    let confidence = if is_doubted { Confidence::Low } else { Confidence::High };
    Verdict { judged, confidence, problem, also }
}

const REMARK: &str =
    "Beside a phone number of the client stands a no, or somebody else; please ask which number is theirs.";

/// Whether a remark beside a number speaks against it, or of somebody else: "(wife lives there, no)", "do not use".
fn speaks_against(value: &str) -> bool {
    if !value.chars().any(char::is_alphabetic) {
        return false;
    }
    let folded = fold(value);
    let words = words(&folded);
    let says = |list: &str| LEXICON.phrases(list).within(&words);
    // "No voicemail" speaks against a way, and is heard as that.
    says("against_number") || says("bystanders") && !says("clients_own") || opens_with_no_alone(value)
}

/// A part of a remark that is a no and nothing else: "(wife lives there, no)".
fn opens_with_no_alone(value: &str) -> bool {
    value.split(['(', ')', ',', ';', '\n']).any(|part| LEXICON.phrases("no").is(&fold(part)))
}

/// "518-555-0100 (no voicemail)": a prohibition beside the number counts; a permission there does not.
fn forbidden(value: &str) -> Vec<(Field, String, Judged)> {
    if !value.chars().any(char::is_alphabetic) {
        return Vec::new();
    }
    let denied = denied_in(value);
    [
        (channel::CALL, Field::SafeCall),
        (channel::VOICEMAIL, Field::SafeVoicemail),
        (channel::TEXT, Field::SafeText),
    ]
    .into_iter()
    .filter(|(bit, _)| denied & bit != 0)
    .map(|(_, field)| (field, value.to_owned(), Judged::No))
    .collect()
}

fn sentence(field: Field, problem: &str) -> String {
    let whose = if field == Field::ReferrerPhone { "Referrer: " } else { "" };
    format!("{whose}{problem}.")
}

/// One number in E.164, or what is wrong with it. Its length decides, not whether it is in use.
pub(crate) fn number(text: &str, context: &Context) -> Judged {
    let region = Region::from_code(&context.phone_region).ok();
    let plain: String = text.chars().filter(char::is_ascii_digit).collect();
    let home = matches!(region, Some(Region::US | Region::CA | Region::PR));
    // Ten digits, whoever has them: the tables of all countries, which take a while to load, have no more to say.
    let nanp = text.starts_with("+1") || (home && !text.starts_with('+') && !plain.starts_with("011"));
    if nanp {
        let national = plain.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&plain);
        if national.len() != 10 {
            return broken(plain.len());
        }
        return Judged::Phone { e164: format!("+1{national}"), problem: None };
    }
    match PHONE_NUMBER_UTIL.parse(text, region) {
        Ok(number) if PHONE_NUMBER_UTIL.is_possible_number(&number) => {
            let e164 = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned();
            Judged::Phone { e164, problem: None }
        }
        Ok(_) | Err(_) => broken(plain.len()),
    }
}

fn broken(count: usize) -> Judged {
    let problem = match count {
        0 => "the phone number has no digits".to_owned(),
        1 => "the phone number has 1 digit".to_owned(),
        _ => format!("the phone number has {count} digits"),
    };
    Judged::Phone { e164: String::new(), problem: Some(problem) }
}

/// The first strict address in a text.
pub(crate) fn address_in(text: &str) -> Option<String> {
    tokens(text)
        .filter(|token| token.contains('@'))
        .take(20)
        .find_map(|token| EmailAddress::parse(token).ok().map(|address| address.as_str().to_owned()))
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '"' | '|')
    })
    .map(|token| token.trim_matches(|c: char| matches!(c, '.' | ':' | '\'' | '!' | '?' | '*')))
    .map(|token| token.strip_prefix("mailto:").or_else(|| token.strip_prefix("MAILTO:")).unwrap_or(token))
}

/// Judges an email field.
pub(super) fn email(value: &str, field: Field) -> Verdict {
    if let Some(address) = address_in(value) {
        let mut also = Vec::new();
        if field == Field::ClientEmail && forbids_email(value) {
            also.push((Field::SafeEmail, value.to_owned(), Judged::No));
        }
        let judged = Judged::Email { address: address.to_ascii_lowercase(), problem: None };
        return Verdict { also, ..Verdict::of(judged) };
    }
    let token = tokens(value).find(|token| token.contains('@'));
    let problem = match token.map(EmailAddress::parse) {
        None | Some(Ok(_)) => "the email address has no @",
        Some(Err(NotAnAddress::At)) => "the email address has more than one @",
        Some(Err(NotAnAddress::Local)) => "the part of the email address before the @ cannot be right",
        Some(Err(NotAnAddress::Domain)) => "the email address has no domain",
    };
    let whose = if field == Field::ReferrerEmail { "Referrer: " } else { "" };
    Verdict {
        problem: Some(format!("{whose}{problem}.")),
        ..Verdict::of(Judged::Email { address: String::new(), problem: Some(problem.to_owned()) })
    }
}

fn forbids_email(value: &str) -> bool {
    let around: String =
        value.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    !around.is_empty() && super::says("negative", &crate::intake::form::fold::fold(&around))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_whose_first_group_is_no_day_is_no_date() {
        for (text, phones) in [
            ("030-12-1984 55", &["030-12-1984 55"][..]),
            ("030.12.1984 55", &["030.12.1984 55"]),
            ("45-12-1984 555", &["45-12-1984 555"]),
            ("30-12-1984 55", &[]),
            ("12/30/1984 55", &[]),
            ("30.12.1984 55", &[]),
        ] {
            assert_eq!(phones_in(text), phones, "{text}");
        }
    }
}
