//! What templates can do with a value: times as people read them, counts with the right word, a link that starts a
//! reply.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::{clean, tongues};

const HEX: &[u8; 16] = b"0123456789ABCDEF";
/// Teaches an environment the filters.
pub(super) fn install(environment: &mut Environment<'static>) {
    environment.add_filter("when", when);
    environment.add_filter("in_words", in_words);
    environment.add_filter("when_short", when_short);
    environment.add_filter("clock", clock);
    environment.add_filter("day", day);
    environment.add_filter("iso_day", iso_day);
    environment.add_filter("plural", plural);
    environment.add_filter("plain_word", plain_word);
    environment.add_filter("mailto", mailto);
}

/// `Tue 24 Nov 2026, 15:00 EST`: an instant in the organisation's zone.
fn when(state: &mut State, value: &str) -> Result<String, Error> {
    let local = local(state, value)?;
    let date = date_words(&language(state), local.date_naive());
    Ok(format!("{date}, {:02}:{:02} {}", local.hour(), local.minute(), local.format("%Z")))
}

/// `Tuesday, November 24, 2026 at 3:00 PM EST`: an instant the way the language of the letter writes it in a sentence.
fn in_words(state: &mut State, value: &str) -> Result<String, Error> {
    let local = local(state, value)?;
    Ok(tongues::instant(&language(state), &local))
}

/// `Tue 24 Nov 15:00`: short enough for a subject, ASCII in every language.
fn when_short(state: &mut State, value: &str) -> Result<String, Error> {
    Ok(local(state, value)?.format("%a %-d %b %H:%M").to_string())
}

/// `15:00`: for a day that is known.
fn clock(state: &mut State, value: &str) -> Result<String, Error> {
    Ok(local(state, value)?.format("%H:%M").to_string())
}

/// `Tue 24 Nov 2026`: the day of an instant in the organisation's zone, or of a plain date.
fn day(state: &mut State, value: &str) -> Result<String, Error> {
    let date = match NaiveDate::parse_from_str(value, "%Y-%m-%d") {
        Ok(date) => date,
        Err(_) => local(state, value)?.date_naive(),
    };
    Ok(date_words(&language(state), date))
}

/// `2026-11-24`: the day of an instant as a command names it.
fn iso_day(state: &mut State, value: &str) -> Result<String, Error> {
    Ok(local(state, value)?.format("%Y-%m-%d").to_string())
}

/// `1 try`, `2 tries`; without the second word an `s` is added.
fn plural(count: u64, one: &str, many: Option<&str>) -> String {
    match (count, many) {
        (1, _) => format!("1 {one}"),
        (_, Some(many)) => format!("{count} {many}"),
        (_, None) => format!("{count} {one}s"),
    }
}

/// The word itself if it is short and plain, else nothing.
fn plain_word(value: &Value) -> String {
    value.as_str().and_then(clean::plain_word).unwrap_or_default().to_owned()
}

/// A link that starts a reply with the given first line: to this letter, or to another address with another subject.
/// Where the address cannot carry the token, the text does, on a line of its own; a subject never does.
fn mailto(
    state: &mut State,
    answer: &str,
    reply_to: Option<&str>,
    subject: Option<&str>,
    proof: Option<&str>,
) -> Result<Value, Error> {
    let (mail, given) = (state.lookup("mail").unwrap_or_default(), reply_to.is_some());
    let of_mail = |given: Option<&str>, name: &str| -> Result<String, Error> {
        given.map_or_else(|| Ok(mail.get_attr(name)?.to_string()), |given| Ok(given.to_owned()))
    };
    let (reply_to, subject) = (of_mail(reply_to, "reply_to")?, of_mail(subject, "subject")?);
    let of_letter = mail.get_attr("proof").unwrap_or_default();
    // The address of another letter has a proof of its own, or needs none.
    let proof = if given { proof } else { of_letter.as_str() };
    let answer = proof.map_or_else(|| answer.to_owned(), |proof| format!("{answer}\r\n\r\nProof: {proof}"));
    let (local, domain) = reply_to.split_once('@').unwrap_or_default();
    let link = format!(
        "mailto:{}@{domain}?subject={}&body={}",
        percent(local),
        percent(&format!("Re: {subject}")),
        percent(&answer)
    );
    Ok(Value::from(link))
}

/// RFC 6068: everything but unreserved characters is written as `%XX`.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |value: u8| HEX.get(usize::from(value)).copied().map_or('0', char::from);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

fn local(state: &State, value: &str) -> Result<DateTime<Tz>, Error> {
    let wrong = |what: &'static str| Error::new(ErrorKind::InvalidOperation, what);
    let zone = state.lookup("org").unwrap_or_default().get_attr("zone")?;
    let zone: Tz = zone
        .as_str()
        .and_then(|name| name.parse().ok())
        .ok_or_else(|| wrong("`org.zone` is not a time zone"))?;
    let at: DateTime<Utc> = value.parse().map_err(|_| wrong("this value is not an instant"))?;
    Ok(at.with_timezone(&zone))
}

/// The date in the words of the language; in English short, in a language we do not have `2026-11-24`.
fn date_words(language: &str, date: NaiveDate) -> String {
    match language.split('-').next() {
        Some("en") => date.format("%a %-d %b %Y").to_string(),
        Some(_) | None => tongues::day(language, date),
    }
}

fn language(state: &State) -> String {
    state.lookup("lang").and_then(|tag| tag.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prints a template of one line with `value` as `{{ value }}`, in New York.
    fn shown(template: &str, value: impl Into<Value>, language: &str) -> String {
        let mut environment = Environment::new();
        install(&mut environment);
        let org = minijinja::context! { zone => "America/New_York" };
        let mail = minijinja::context! { reply_to => "intake+t0k@example.org", subject => "Due: R-1 & more" };
        let context = minijinja::context! { value => value.into(), org, mail, lang => language };
        environment.render_str(template, context).unwrap()
    }

    #[test]
    fn times_are_shown_in_the_zone_and_language() {
        for (template, value, language, words) in [
            ("{{ value | when }}", "2026-11-24T20:00:00Z", "en", "Tue 24 Nov 2026, 15:00 EST"),
            ("{{ value | when }}", "2026-07-01T03:30:00Z", "en", "Tue 30 Jun 2026, 23:30 EDT"),
            (
                "{{ value | when }}",
                "2026-11-24T20:00:00Z",
                "es",
                "martes, 24 de noviembre de 2026, 15:00 EST",
            ),
            (
                "{{ value | when }}",
                "2026-11-24T20:00:00Z",
                "es-mx",
                "martes, 24 de noviembre de 2026, 15:00 EST",
            ),
            ("{{ value | when }}", "2026-11-24T20:00:00Z", "so", "2026-11-24, 15:00 EST"),
            ("{{ value | when_short }}", "2026-11-24T20:00:00Z", "es", "Tue 24 Nov 15:00"),
            ("{{ value | clock }}", "2026-11-24T20:00:00Z", "en", "15:00"),
            ("{{ value | day }}", "2026-11-24T03:00:00Z", "en", "Mon 23 Nov 2026"),
            ("{{ value | day }}", "2026-11-24", "en", "Tue 24 Nov 2026"),
            ("{{ value | iso_day }}", "2026-11-24T03:00:00Z", "en", "2026-11-23"),
        ] {
            assert_eq!(shown(template, value, language), words, "{template} {language}");
        }
    }

    #[test]
    fn counts_have_the_right_word() {
        for (template, count, words) in [
            (r#"{{ value | plural("try", "tries") }}"#, 1, "1 try"),
            (r#"{{ value | plural("try", "tries") }}"#, 0, "0 tries"),
            (r#"{{ value | plural("item") }}"#, 2, "2 items"),
        ] {
            assert_eq!(shown(template, count, "en"), words);
        }
    }

    #[test]
    fn only_a_short_plain_word_of_a_partner_is_repeated() {
        for (word, kept) in [("HH-2041", "HH-2041"), ("Ann Smith", ""), ("<b>", ""), ("", ""), ("é", "")] {
            assert_eq!(shown("{{ value | plain_word }}", word, "en"), kept);
        }
        assert_eq!(shown("{{ value | plain_word }}", "x".repeat(41), "en"), "");
    }

    #[test]
    fn a_link_starts_the_reply_and_hides_nothing_in_it() {
        assert_eq!(
            shown("{{ value | mailto }}", "attempt call no answer&cc=x@example.org", "en"),
            "mailto:intake%2Bt0k@example.org?subject=Re%3A%20Due%3A%20R-1%20%26%20more\
             &body=attempt%20call%20no%20answer%26cc%3Dx%40example.org"
        );
    }
}
