//! What staff and partners say in the first lines of a reply: verbs, in English or Spanish, case and punctuation
//! forgiven.
//!
//! Reading stops at the first line that is no command, so that prose below never acts; only what protects the client is
//! heard wherever it stands ([`below`]). A first line that begins like a command but does not make sense is *unclear*:
//! nothing happens, and the nearest right lines are sent back.

mod below;
mod nearly;
pub mod ours;
mod rest;
mod said;

pub use below::with_its_prose;
use nearly::nearest;
pub use nearly::{instead_of_prose, note_of, parts_alone};
pub use rest::hides_a_core_reason;
use rest::{attempt, bounce, confirmation, conflict, consent, needs, redirect, tier};
use rest::{email, is_consent_said, is_email_said, leaves_alone};
pub use said::Said;

use super::presence;
use crate::referral::command::Command;
use crate::referral::contact::Confirmation;
use crate::referral::reason::{BounceReason, Reasons};
use crate::referral::roster::StaffId;

/// Commands in one mail; more is not a reply written by a person.
const MOST: usize = 10;
/// The first lines that may hold commands, blank ones aside.
const LINES: usize = 20;

/// Reads the commands at the top of a text; a bounce may name one of these reasons beside the five. Half of what was
/// said must not be done: a line nobody can read stops all but those that protect the client, wherever they stand.
#[must_use]
pub fn read(text: &str, reasons: &Reasons) -> Said {
    let mut said = Said::default();
    let mut lines = text.lines().map(str::trim);
    let mut below = None;
    for _ in 0..LINES {
        let Some(line) = lines.find(|line| !line.is_empty()) else { break };
        match line_of(line, reasons) {
            Line::Command(command) if said.unclear.is_empty() || command.protects() => {
                said.commands.push(command);
            }
            Line::Command(_) => {}
            Line::Unclear(nearest) => match below::protects(line, lines.clone().next(), reasons) {
                Some(command) => said.commands.push(command),
                None => said.stop_at(nearest),
            },
            Line::Prose => {
                said.begins_as_prose = said.commands.is_empty() && said.unclear.is_empty();
                let paragraph = lines.clone().take_while(|line| !line.is_empty());
                if let Some(nearest) = below::takes_back(&said.commands, line, paragraph) {
                    said.stop_at(nearest);
                }
                below = Some(line);
                break;
            }
        }
        if said.commands.len() == MOST {
            break;
        }
    }
    let below = below.into_iter().chain(lines.filter(|line| !line.is_empty()));
    said.heed(below::protecting(below, reasons));
    said.begins_as_prose &= !said.commands.is_empty();
    if !said.unclear.is_empty() && !said.commands.is_empty() {
        said.commands.push(Command::Unread { nearest: std::mem::take(&mut said.unclear) });
        said.understood.clear();
    }
    said
}

/// Every form of a yes.
const ACCEPT: [&str; 8] =
    ["accept", "accepted", "acepto", "aceptar", "aceptado", "aceptada", "aceptamos", "accepting"];
const IS_CONFIRMED: [&str; 5] = ["confirmed", "confirm", "confirmado", "confirmada", "confirmar"];

enum Line {
    Command(Command),
    Unclear(Vec<String>),
    Prose,
}

fn line_of(line: &str, reasons: &Reasons) -> Line {
    // A quote that was not recognised as one must not act (RELIABILITY C21).
    if line.starts_with('>') {
        return Line::Prose;
    }
    let whole = plain(line.trim_matches(|c: char| !c.is_alphanumeric()));
    let (verb, rest) = verb_and_rest(line);
    let rest_plain = plain(rest);
    let done = |command: Option<Command>, examples: &[&str]| {
        command.map_or_else(
            || Line::Unclear(examples.iter().map(|line| (*line).to_owned()).collect()),
            Line::Command,
        )
    };
    match verb.as_str() {
        "attempt" | "attempted" | "tried" | "intento" | "intente" => {
            done(attempt(&rest_plain), &["attempt call no answer", "attempt text left message"])
        }
        word if IS_CONFIRMED.contains(&word) => {
            if is_prose(&rest_plain) && confirmation(rest) == Confirmation::default() {
                return Line::Prose;
            }
            Line::Command(Command::Confirmed(confirmation(rest)))
        }
        word if ACCEPT.contains(&word) && is_courtesy(&rest_plain) => Line::Command(Command::Accept),
        word if ACCEPT.contains(&word) => Line::Unclear(vec!["accept".to_owned()]),
        // "Closed on Friday" and "declined to say" are how prose begins: such forms are asked about.
        "decline" | "rechazar" | "rechazo" => Line::Command(Command::Decline { reason: rest.to_owned() }),
        "redirect" | "redirigir" => done(redirect(rest), &["redirect to Harbor Legal: outside our county"]),
        "received" | "recibido" | "recibida" if is_courtesy(&rest_plain) => Line::Command(Command::Received),
        "needs" | "need" | "falta" | "faltan" | "necesita" | "necesitamos" => {
            done(needs(&rest_plain), &["needs", "needs phone, language, consent"])
        }
        "conflict" | "conflicto" => done(
            conflict(rest),
            &["conflict clear", "conflict not applicable", "conflict found same landlord"],
        ),
        "assign" | "asignar" | "asigna" => {
            done(one_word(&rest_plain).map(|to| Command::Assign { to: StaffId(to) }), &["assign maria"])
        }
        "raise" | "subir" | "elevar" => done(tier(&rest_plain), &["raise deadline", "raise safety"]),
        "bounce" | "devolver" => bounce(rest, reasons).map_or_else(|| every_bounce(reasons), Line::Command),
        "close" | "cerrar" => Line::Command(Command::Close { reason: rest.to_owned() }),
        "reopen" | "reabrir" => Line::Command(Command::Reopen { reason: rest.to_owned() }),
        "allow" | "permitir" if !strip_word(rest, &["contact", "contacto"]).eq(rest) => {
            let reason = strip_word(rest, &["contact", "contacto"])
                .trim_start_matches([':', ',', '-', ' '])
                .to_owned();
            below::denies(line).map_or(Line::Command(Command::AllowContact { reason }), Line::Unclear)
        }
        "consent" | "consentimiento" => {
            let examples = ["consent yes, by phone, from the client", "consent no"];
            answer(line, consent(&rest_plain).map(Command::Consent), is_consent_said(&rest_plain), examples)
        }
        "email" | "correo" => {
            let examples = ["email safe, by phone, from the client", "email not safe"];
            // With a colon it is a line of a form; a no is one all the same.
            let said = email(rest).filter(|command| command.protects() || !line.contains(':'));
            answer(line, said, is_email_said(&rest_plain), examples)
        }
        "note" | "nota" => done(text(rest), &["note called the court, hearing moved"]),
        "resume" | "seguir" | "reanudar" if is_courtesy(&rest_plain) => Line::Command(Command::Resume),
        "status" | "estado" | "estatus" if rest.chars().count() <= 40 => Line::Command(Command::Status),
        "details" | "detalles" if is_courtesy(&rest_plain) => Line::Command(Command::Details),
        "history" | "historial" if is_courtesy(&rest_plain) => Line::Command(Command::History),
        "help" | "ayuda" if is_courtesy(&rest_plain) => Line::Command(Command::Help),
        "form" | "formulario" if is_courtesy(&rest_plain) => Line::Command(Command::Form),
        _ if leaves_alone(&whole) => Line::Command(Command::DoNotContact),
        _ => match presence::read(&verb, &rest_plain, &whole) {
            Some(Ok(command)) => Line::Command(command),
            Some(Err(examples)) => Line::Unclear(examples),
            None => nearest(&verb, &rest_plain, reasons),
        },
    }
}

/// What the client answered, or how to write it: `Consent: yes` and `Email: safe` are lines of a form.
fn answer(line: &str, command: Option<Command>, is_said: bool, examples: [&str; 2]) -> Line {
    match command {
        Some(command) => Line::Command(command),
        None if is_said && !line.contains(':') => Line::Unclear(examples.map(str::to_owned).to_vec()),
        None => Line::Prose,
    }
}

/// The lines that would have worked where a bounce names no reason of ours.
fn every_bounce(reasons: &Reasons) -> Line {
    let added = reasons.added.iter().filter_map(|added| added.words.first());
    let words = BounceReason::ALL.into_iter().map(|reason| reason.words().to_owned()).chain(added.cloned());
    Line::Unclear(words.map(|words| format!("bounce {words}")).collect())
}

fn text(rest: &str) -> Option<Command> {
    (!rest.is_empty()).then(|| Command::Note { text: rest.to_owned() })
}

fn one_word(rest: &str) -> Option<String> {
    let rest = ["to ", "a "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let rest = rest.trim_start_matches('@');
    (!rest.is_empty() && !rest.contains(char::is_whitespace)).then(|| rest.to_owned())
}

/// Many words without a comma are a sentence, not the parts of a confirmation.
fn is_prose(rest: &str) -> bool {
    rest.split_whitespace().count() > 3
}

/// What follows a verb that needs nothing, and adds nothing to it.
fn is_courtesy(rest: &str) -> bool {
    let words = ["", "please", "thanks", "thank you", "thx", "por favor", "gracias", "muchas gracias"];
    words.contains(&rest.trim_start_matches([',', '-', ' ']).trim_end_matches(['.', '!', '?', ' ']))
}

fn strip_word<'a>(text: &'a str, words: &[&str]) -> &'a str {
    let (first, rest) =
        text.split_once(|c: char| c.is_whitespace() || c == ':' || c == ',').unwrap_or((text, ""));
    if words.contains(&first.to_lowercase().as_str()) { rest.trim() } else { text }
}

/// The first word in plain letters, and what follows it as written.
fn verb_and_rest(line: &str) -> (String, &str) {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (verb, rest) =
        line.split_once(|c: char| c.is_whitespace() || c == ':' || c == ',').unwrap_or((line, ""));
    let rest = rest.trim().trim_start_matches([':', ',', '-']).trim();
    (
        plain(verb).trim_end_matches(['.', '!', '?', ',', ':', ';']).to_owned(),
        rest.trim_end_matches(['.', '!', '?']),
    )
}

/// Lower case, without accents, straight apostrophes.
fn plain(text: &str) -> String {
    text.trim()
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' | 'à' | 'â' => 'a',
            'é' | 'è' | 'ê' => 'e',
            'í' | 'ì' => 'i',
            'ó' | 'ò' => 'o',
            'ú' | 'ù' | 'ü' => 'u',
            'ñ' => 'n',
            '\u{2019}' | '\u{2018}' => '\'',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::conflict::Finding;
    use crate::referral::contact::{Channel, ContactResult, NextStep};
    use crate::referral::packet::Field;
    use crate::referral::packet::consent::{By, How, Told};
    use crate::referral::policy::Tier;

    fn commands(text: &str) -> Vec<Command> {
        read(text, &Reasons::default()).commands
    }

    #[test]
    fn the_lines_of_the_help_letter_are_understood() {
        let attempt = |channel, result| vec![Command::Attempt { channel, result }];
        let table: [(&str, Vec<Command>); 22] = [
            ("attempt call no answer", attempt(Channel::Call, ContactResult::NoAnswer)),
            ("Attempt: call, no answer.", attempt(Channel::Call, ContactResult::NoAnswer)),
            ("ATTEMPT TEXT LEFT MESSAGE", attempt(Channel::Text, ContactResult::LeftMessage)),
            ("intento llamada sin respuesta", attempt(Channel::Call, ContactResult::NoAnswer)),
            ("accept", vec![Command::Accept]),
            ("> accept", vec![]),
            ("decline conflict", vec![Command::Decline { reason: "conflict".into() }]),
            ("decline", vec![Command::Decline { reason: String::new() }]),
            (
                "redirect to Harbor Legal: outside our county",
                vec![Command::Redirect { to: "Harbor Legal".into(), reason: "outside our county".into() }],
            ),
            (
                "needs phone, language",
                vec![Command::Needs { fields: vec![Field::ClientPhone, Field::Language] }],
            ),
            ("needs", vec![Command::Needs { fields: vec![] }]),
            ("assign maria", vec![Command::Assign { to: StaffId("maria".into()) }]),
            ("raise safety", vec![Command::Raise { tier: Tier::Safety }]),
            (
                "bounce bad contact info",
                vec![Command::Bounce { reason: BounceReason::BadContactInfo, added: None }],
            ),
            (
                "bounce bad_contact_info",
                vec![Command::Bounce { reason: BounceReason::BadContactInfo, added: None }],
            ),
            ("Do not contact.", vec![Command::DoNotContact]),
            ("close resolved by phone", vec![Command::Close { reason: "resolved by phone".into() }]),
            ("status", vec![Command::Status]),
            ("Details.", vec![Command::Details]),
            ("detalles", vec![Command::Details]),
            ("ayuda", vec![Command::Help]),
            (
                "accept\nraise deadline\n\nThanks, Maria",
                vec![Command::Accept, Command::Raise { tier: Tier::Deadline }],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(commands(text), expected, "{text}");
        }
    }

    #[test]
    fn every_verb_is_understood_in_english_and_in_spanish_and_courtesy_is_forgiven() {
        for (english, spanish) in [
            ("attempt call no answer", "Intenté llamar, no contestó."),
            ("attempt text left message", "intento: mensaje, dejé mensaje"),
            ("attempt email wrong address", "intento correo rebotado"),
            ("confirmed method call, next step clinic", "confirmado método llamada, siguiente paso clínica"),
            ("ACCEPT, thanks!", "Aceptado, gracias."),
            ("decline conflict", "rechazar conflict"),
            ("redirect to North: full", "redirigir a North: full"),
            ("needs phone, language", "Faltan teléfono, idioma"),
            ("needs phone", "necesita teléfono"),
            ("assign to maria", "asignar a María"),
            ("raise safety", "elevar seguridad"),
            ("bounce bad contact info", "devolver datos incorrectos"),
            ("bounce unsafe to contact", "devolver: no es seguro"),
            ("bounce eligibility mismatch", "devolver no elegible"),
            ("Don't contact.", "No contacten."),
            ("allow contact: she said so", "permitir contacto: she said so"),
            ("close resolved", "cerrar resolved"),
            ("reopen new date", "reabrir new date"),
            ("note hearing moved", "nota hearing moved"),
            ("resume please", "reanudar"),
            ("Status?", "¿Estado?"),
            ("history please", "historial por favor"),
            ("help", "¡Ayuda!"),
            ("form", "formulario"),
            ("details, please", "detalles"),
            ("conflict clear", "conflicto libre"),
            ("received, thank you", "Recibido, muchas gracias"),
            ("away until dec 1", "ausente hasta el 1 de diciembre"),
            ("back", "de vuelta"),
        ] {
            let said = commands(english);
            assert_eq!(said.len(), 1, "{english}");
            assert_eq!(said, commands(spanish), "{english} / {spanish}");
        }
    }

    #[test]
    fn a_consent_is_told_whole_or_asked_about_and_a_label_of_a_form_is_none() {
        let yes = |how, by| Command::Consent(Told::Yes { how, by });
        for (text, expected) in [
            ("consent yes, by phone, from the client", yes(How::Phone, By::Client)),
            ("Consent: yes, in person, from the client.", yes(How::Spoken, By::Client)),
            ("CONSENT YES, from a guardian, in writing", yes(How::Writing, By::Guardian)),
            ("consent yes; on the phone; by her mother", yes(How::Phone, By::Parent)),
            ("consentimiento sí, por teléfono, de la clienta", yes(How::Phone, By::Client)),
            ("Consentimiento: sí, por escrito, del tutor", yes(How::Writing, By::Guardian)),
            ("consent no", Command::Consent(Told::No)),
            ("consentimiento no", Command::Consent(Told::No)),
        ] {
            assert_eq!(commands(text), [expected], "{text}");
        }
        for text in [
            "consent",
            "consent yes",
            "consent yes, by phone",
            "consent yes, from the client",
            "consent yes by phone from the client",
            "consent yes, by phone, from the client's husband",
            "consent yes, by phone, from John",
            "consent yes, by a friend, from the client",
            "consent yes, by phone, in writing",
            "consent yes, by phone, from the client, from John",
            "consent given",
            "consentimiento sí",
        ] {
            let said = read(text, &Reasons::default());
            assert!(said.commands.is_empty(), "{text}: {said:?}");
            assert!(said.unclear.contains(&"consent yes, by phone, from the client".to_owned()), "{text}");
        }
        for text in
            ["Consent: yes", "Consent to share: yes", "Consent form is attached", "Consentimiento: sí"]
        {
            assert_eq!(read(text, &Reasons::default()), Said::default(), "{text}");
        }
    }

    #[test]
    fn what_begins_like_prose_never_ends_a_referral() {
        for text in [
            "Closed on Friday, please call on Monday",
            "Closed for lunch",
            "declined to say",
            "Redirected to voicemail: no answer",
            "rechazado por conflicto",
            "cerrado por hoy",
            "do not contact the landlord",
        ] {
            assert!(commands(text).is_empty(), "{text}");
        }
        assert_eq!(read("rechazado por conflicto", &Reasons::default()).unclear, ["rechazar por conflicto"]);
    }

    #[test]
    fn the_conflict_check_and_a_receipt_are_said_in_plain_words() {
        let found = |words: &str| Command::Conflict(Finding::Found { words: words.to_owned() });
        for (text, expected) in [
            ("conflict clear", Command::Conflict(Finding::Clear)),
            ("Conflict: CLEAR.", Command::Conflict(Finding::Clear)),
            ("conflict none", Command::Conflict(Finding::NotApplicable)),
            ("conflict not applicable", Command::Conflict(Finding::NotApplicable)),
            ("conflict n/a", Command::Conflict(Finding::NotApplicable)),
            ("conflict found same landlord", found("same landlord")),
            ("conflict found: same landlord", found("same landlord")),
            ("conflict found", found("")),
            ("Conflicto encontrado, mismo dueño", found("mismo dueño")),
            ("conflicto no aplica", Command::Conflict(Finding::NotApplicable)),
            ("received", Command::Received),
            ("Received, thank you!", Command::Received),
            ("recibido gracias", Command::Received),
        ] {
            assert_eq!(commands(text), [expected], "{text}");
        }
        for text in ["conflict", "conflict maybe", "conflict clearly none"] {
            let said = read(text, &Reasons::default());
            assert!(said.commands.is_empty() && !said.unclear.is_empty(), "{text}");
        }
        assert_eq!(read("Received your mail, we will look at it", &Reasons::default()), Said::default());
    }

    #[test]
    fn a_confirmation_says_what_was_settled() {
        let said = commands(
            "confirmed method call, language Spanish, safe times after 6pm, next step clinic, deadline Dec 3",
        );
        let [Command::Confirmed(with)] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!(with.method, Some(Channel::Call));
        assert_eq!(with.next_step, Some(NextStep::Clinic));
        assert_eq!(with.safe_times.as_deref(), Some("after 6pm"));
        assert!(with.missing().is_empty());
        let said = commands("Confirmed");
        assert!(matches!(said.as_slice(), [Command::Confirmed(with)] if with.missing().len() == 5));
    }

    #[test]
    fn prose_is_not_a_command_and_stops_the_reading() {
        for text in [
            "Thank you, I will accept the invitation",
            "Confirmed with my supervisor that we will call her tomorrow",
            "I tried to call",
            "Please see below.\naccept",
            "The status of this matter is unclear to me, could you explain what you mean by it?",
        ] {
            assert_eq!(read(text, &Reasons::default()), Said::default(), "{text}");
        }
    }

    #[test]
    fn an_unclear_line_changes_nothing_and_names_the_nearest_right_lines() {
        for (text, nearest) in [
            ("attempt smoke signal", "attempt call no answer"),
            ("acept", "accept"),
            ("bounce because", "bounce bad contact info"),
            ("accept it all", "accept"),
            ("accept\nattempt smoke", "attempt call no answer"),
        ] {
            let said = read(text, &Reasons::default());
            assert!(said.commands.is_empty(), "{text}: {said:?}");
            assert!(said.unclear.iter().any(|line| line == nearest), "{text}: {said:?}");
        }
    }
}
