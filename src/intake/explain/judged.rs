//! What was made of a value, in words for a person: what is believed, and why something is not.

use crate::referral::packet::{Channels, Field, Judged, Packet, Safety};

/// What was made of one value; `None` when its words stand for themselves.
#[must_use]
pub fn words(judged: &Judged) -> Option<String> {
    Some(match judged {
        Judged::Text => return None,
        Judged::Yes => "yes".to_owned(),
        Judged::YesUntil { date, time } => match time {
            Some(time) => format!("yes, until {date} {}", time.format("%H:%M")),
            None => format!("yes, until {date}"),
        },
        Judged::No => "no".to_owned(),
        Judged::Unclear(why) => format!("not believed, somebody must ask: {}", why.trim_end_matches('.')),
        Judged::Channels(channels) => ways(*channels),
        Judged::Phone { e164, problem } => read_as(e164, problem.as_deref()),
        Judged::Email { address, problem } => read_as(address, problem.as_deref()),
        Judged::Date { date, time, ambiguous } => {
            let time = time.map(|time| time.format(" %H:%M").to_string()).unwrap_or_default();
            let doubt = if *ambiguous { ", day and month may be swapped: somebody must ask" } else { "" };
            format!("{date}{time}{doubt}")
        }
        Judged::Language(tag) => format!("language {tag}"),
        Judged::Scope(scope) => format!("covers {}", scope.words()),
        Judged::How(how) => how.words().to_owned(),
        Judged::By(by) => format!("by {}", by.words()),
    })
}

fn read_as(read: &str, problem: Option<&str>) -> String {
    match (read, problem) {
        (read, None) => read.to_owned(),
        ("", Some(problem)) => format!("not usable: {problem}"),
        (read, Some(problem)) => format!("{read}, not usable: {problem}"),
    }
}

/// What follows from all of a packet together: how the person may be reached, and whether they agreed.
#[must_use]
pub(super) fn sum(packet: &Packet) -> String {
    let consent = match (packet.consents(), packet.get(Field::Consent).or(packet.get(Field::ConsentContact)))
    {
        (true, _) => "yes",
        (false, Some(_)) => "not believed, or limited",
        (false, None) => "not said",
    };
    format!("{}; consent: {consent}", ways(packet.channels()))
}

/// "safe: call, text; not safe: voicemail; not said, so not used: email, letter".
#[must_use]
pub fn ways(channels: Channels) -> String {
    let Channels { call, voicemail, text, email, letter } = channels;
    let all =
        [("call", call), ("voicemail", voicemail), ("text", text), ("email", email), ("letter", letter)];
    let kinds =
        [("safe", Safety::Safe), ("not safe", Safety::NotSafe), ("not said, so not used", Safety::Unknown)];
    let of = |(name, kind): (&str, Safety)| {
        let ways: Vec<&str> = all.into_iter().filter(|(_, said)| *said == kind).map(|(way, _)| way).collect();
        (!ways.is_empty()).then(|| format!("{name}: {}", ways.join(", ")))
    };
    kinds.into_iter().filter_map(of).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_says_whether_it_is_believed_and_why_not() {
        let date = "2026-12-03".parse().unwrap();
        for (judged, expected) in [
            (Judged::Text, None),
            (Judged::No, Some("no")),
            (
                Judged::Unclear("the mail warns of it".to_owned()),
                Some("not believed, somebody must ask: the mail warns of it"),
            ),
            (
                Judged::Phone {
                    e164: String::new(),
                    problem: Some("the phone number has 9 digits".to_owned()),
                },
                Some("not usable: the phone number has 9 digits"),
            ),
            (
                Judged::Date { date, time: None, ambiguous: true },
                Some("2026-12-03, day and month may be swapped: somebody must ask"),
            ),
            (
                Judged::Channels(Channels {
                    call: Safety::Safe,
                    email: Safety::NotSafe,
                    ..Channels::default()
                }),
                Some("safe: call; not safe: email; not said, so not used: voicemail, text, letter"),
            ),
        ] {
            assert_eq!(words(&judged).as_deref(), expected);
        }
    }
}
