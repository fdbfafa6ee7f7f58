//! Details: what is needed to call the client, for who is to do it. The only letter that names a person; it goes to the
//! registered address of the owner or the workflow owner, who asked with both proofs, and the history says so.

use super::super::contact::Contact;
use super::super::letter::{Body, Details, Line, Way};
use super::super::packet::consent::TERMS;
use super::super::packet::{Channels, Field, Judged, Packet, Safety};
use super::super::party::Actor;
use super::super::record::{FactKind, Referral};
use super::super::safety;
use super::{Course, ask, attempts, due};

/// What anybody needs who is to reach the person. Why they come, against whom, and what they earn is not among it.
const NEEDED: [Field; 16] = [
    Field::ClientName,
    Field::GenderPronouns,
    Field::Language,
    Field::Interpreter,
    Field::ClientPhone,
    Field::ClientPhoneOther,
    Field::ClientEmail,
    Field::ClientAddress,
    Field::PreferredContact,
    Field::BestTime,
    Field::SafeToContact,
    Field::SafeCall,
    Field::SafeVoicemail,
    Field::SafeText,
    Field::SafeEmail,
    Field::SafetyNotes,
];

/// Sends the details to who asked; that they may ask was seen to.
///
/// # Errors
/// Why not, in one sentence.
pub(super) fn send(course: &mut Course<'_>, by: &Actor) -> Result<(), &'static str> {
    let Actor::Staff(id) = by else { return Err("on this machine, handoffd show tells it") };
    if course.referral.contact == Contact::DoNotContact {
        return Err("the client is not to be contacted");
    }
    let step = course.now.timestamp_millis().to_string();
    let body = Body::Details(details(course));
    course.fact(FactKind::Disclosed, Some(by), format!("what is needed to call the client was sent to {id}"));
    course.write_staff(id, step, body);
    Ok(())
}

fn details(course: &Course<'_>) -> Details {
    let packet = &course.referral.packet;
    let channels = safety::channels(&course.referral);
    let (mut lines, mut withheld) = (Vec::new(), Vec::new());
    for field in NEEDED {
        let Some(value) = packet.text(field).filter(|value| !value.is_empty()) else { continue };
        if is_unsafe(field, channels) {
            withheld.push(field.label());
        } else {
            lines.push(Line { label: field.label(), value: value.to_owned() });
            lines.extend(ask_first(course, field));
        }
    }
    let label = if safety::is_in_doubt(packet) { "Ask first, because" } else { "Was in doubt, because" };
    lines.extend(packet.grounds().iter().map(|ground| Line { label, value: ground.to_owned() }));
    lines.extend(agreed(packet));
    lines.extend(told(course));
    Details {
        reference: course.referral.reference.clone(),
        stopped: course.referral.stopped,
        ways: ways(channels),
        lines,
        withheld,
        due_at: due::contact_due(course),
        answers: answers(&course.referral, channels),
    }
}

/// What is likely to follow a try by the way that may be tried next.
fn answers(referral: &Referral, channels: Channels) -> Vec<&'static str> {
    let next = attempts::next_attempt(referral);
    let may_leave_message = next == Some(super::CALL) && channels.voicemail != Safety::NotSafe;
    let left = may_leave_message.then_some("attempt call left message");
    next.into_iter().chain(left).chain(["confirmed"]).collect()
}

/// The warning beside a number that something else we hold speaks against.
fn ask_first(course: &Course<'_>, field: Field) -> Option<Line> {
    ask::is_asked(&course.referral, field)
        .then(|| Line { label: "Ask first", value: ask::about_phone(field, course.referral.sender.trusted) })
}

/// A number or address that must not be used is not sent around either; one nobody asked about is shown as such.
fn is_unsafe(field: Field, channels: Channels) -> bool {
    let all = |ways: &[Safety]| ways.iter().all(|safety| *safety == Safety::NotSafe);
    if matches!(field, Field::ClientPhone | Field::ClientPhoneOther) {
        return all(&[channels.call, channels.text]);
    }
    (field == Field::ClientEmail && all(&[channels.email]))
        || (field == Field::ClientAddress && all(&[channels.letter]))
}

fn ways(channels: Channels) -> Vec<Way> {
    let words = |safety: Safety| match safety {
        Safety::Safe => "safe",
        Safety::NotSafe => "not safe",
        Safety::Unknown => "nobody knows",
    };
    let all = [
        ("call", channels.call),
        ("voicemail", channels.voicemail),
        ("text", channels.text),
        ("email", channels.email),
        ("letter", channels.letter),
    ];
    all.into_iter().map(|(way, safety)| Way { way, safety: words(safety) }).collect()
}

/// What the client agreed to, in words of ours: who gave a consent may be named in it, and is nobody to send around.
fn agreed(packet: &Packet) -> Vec<Line> {
    let fields = [Field::Consent, Field::ConsentContact].into_iter().chain(TERMS);
    let said = fields.filter_map(|field| Some((field, packet.get(field)?)));
    said.map(|(field, found)| Line { label: field.label(), value: terms(&found.judged) }).collect()
}

fn terms(judged: &Judged) -> String {
    match judged {
        Judged::Yes => "yes".to_owned(),
        Judged::No => "no".to_owned(),
        Judged::YesUntil { date, time } => {
            let time = time.map(|time| time.format(" %H:%M").to_string()).unwrap_or_default();
            format!("yes, until {date}{time}")
        }
        Judged::Scope(scope) => scope.words(),
        Judged::How(how) => how.words().to_owned(),
        Judged::By(by) => by.words().to_owned(),
        Judged::Date { date, .. } => date.to_string(),
        Judged::Text => "only those who are named; see the record".to_owned(),
        Judged::Unclear(_)
        | Judged::Channels(_)
        | Judged::Phone { .. }
        | Judged::Email { .. }
        | Judged::Language(_) => "not clear, please ask".to_owned(),
    }
}

/// What the client said when they were reached is newer than the packet.
fn told(course: &Course<'_>) -> Vec<Line> {
    let consent = course.referral.consent_told;
    let consent =
        consent.map(|heard| Line { label: "Consent, as the client said", value: heard.told.words() });
    let Contact::Confirmed { with, .. } = &course.referral.contact else { return Vec::from_iter(consent) };
    let said = [
        ("Language, as the client said", with.language.clone()),
        ("Safe times, as the client said", with.safe_times.clone()),
        ("Method, as the client said", with.method.map(|channel| channel.word().to_owned())),
    ];
    let said = said.into_iter().filter_map(|(label, value)| Some(Line { label, value: value? }));
    consent.into_iter().chain(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::consent::By;
    use crate::referral::packet::{Confidence, Found};

    fn packet(fields: &[(Field, &str, Judged)]) -> Packet {
        let mut packet = Packet::default();
        for (field, value, judged) in fields {
            let place = "text line 1".to_owned();
            let found = Found {
                value: (*value).to_owned(),
                judged: judged.clone(),
                confidence: Confidence::High,
                place,
            };
            packet.put(*field, found);
        }
        packet
    }

    #[test]
    fn a_way_that_is_not_safe_is_not_sent_around() {
        for (field, closed, hidden) in [
            (Field::ClientPhone, vec![Field::SafeCall, Field::SafeText], true),
            (Field::ClientPhone, vec![Field::SafeCall], false),
            (Field::ClientPhoneOther, vec![Field::SafeCall, Field::SafeText], true),
            (Field::ClientEmail, vec![Field::SafeEmail], true),
            (Field::ClientEmail, vec![Field::SafeCall], false),
            (Field::ClientAddress, vec![Field::SafeLetter], true),
            (Field::ClientAddress, vec![], false),
            (Field::ClientName, vec![Field::SafeCall, Field::SafeText, Field::SafeEmail], false),
        ] {
            let closed: Vec<_> = closed.into_iter().map(|field| (field, "no", Judged::No)).collect();
            assert_eq!(is_unsafe(field, packet(&closed).channels()), hidden, "{field:?}");
        }
    }

    #[test]
    fn what_was_agreed_is_told_in_our_words_and_names_nobody() {
        let by = Judged::By(By::Named);
        let packet = packet(&[
            (Field::Consent, "yes (John Doe)", Judged::Yes),
            (Field::ConsentBy, "John Doe", by),
            (Field::ConsentHow, "he said so", Judged::Unclear(String::new())),
        ]);
        let lines: Vec<String> =
            agreed(&packet).into_iter().map(|line| format!("{}: {}", line.label, line.value)).collect();
        assert_eq!(
            lines,
            [
                "Consent to share: yes",
                "Consent given how: not clear, please ask",
                "Consent given by: somebody who is named"
            ]
        );
    }

    #[test]
    fn a_line_is_never_shown_by_debug() {
        let line = Line { label: "Phone", value: "617-555-0142".to_owned() };
        assert!(!format!("{line:?}").contains("0142"));
    }
}
