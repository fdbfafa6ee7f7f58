//! What follows a verb: its parts, in English or Spanish; `None` for what makes no sense.

use super::super::presence;
use super::{plain, strip_word, verb_and_rest};
use crate::referral::command::Command;
use crate::referral::conflict::Finding;
use crate::referral::contact::Confirmation;
use crate::referral::contact::{Channel, ContactResult, NextStep};
use crate::referral::packet::Field;
use crate::referral::packet::consent::{By, How, Told};
use crate::referral::policy::Tier;
use crate::referral::reason::{self, BounceReason, Reasons};

/// `call no answer`: a channel and a result.
pub(super) fn attempt(rest: &str) -> Option<Command> {
    let channels: [(&[&str], Channel); 5] = [
        (&["call", "phone", "called", "calling", "llamada", "llame", "llamar", "telefono"], Channel::Call),
        (&["text", "sms", "texted", "texting", "mensaje", "texto"], Channel::Text),
        (&["email", "e-mail", "mail", "correo"], Channel::Email),
        (&["portal", "partner"], Channel::Portal),
        (&["letter", "post", "carta"], Channel::Letter),
    ];
    let results: [(&[&str], ContactResult); 6] = [
        (
            &[
                "no answer",
                "no-answer",
                "noanswer",
                "unanswered",
                "nobody answered",
                "did not answer",
                "didn't answer",
                "no reply",
                "sin respuesta",
                "no contest",
                "no respond",
            ],
            ContactResult::NoAnswer,
        ),
        (
            &["left message", "left a message", "voicemail", "message left", "deje mensaje", "buzon"],
            ContactResult::LeftMessage,
        ),
        (
            &[
                "wrong number",
                "wrong address",
                "disconnected",
                "out of service",
                "numero equivocado",
                "returned",
                "bounced",
                "devuelt",
                "rebot",
                "no existe",
            ],
            ContactResult::WrongNumber,
        ),
        (&["busy", "ocupado"], ContactResult::Busy),
        (&["somebody else", "someone else", "other person", "otra persona"], ContactResult::SomebodyElse),
        (&["not now", "call later", "cannot talk", "could not talk", "ahora no"], ContactResult::NotNow),
    ];
    let (first, said) =
        rest.split_once(|c: char| c.is_whitespace() || c == ',' || c == ':').unwrap_or((rest, ""));
    let channel = channels.iter().find(|(words, _)| words.contains(&first)).map(|(_, channel)| *channel)?;
    let result = results
        .iter()
        .find(|(words, _)| words.iter().any(|word| said.contains(word)))
        .map(|(_, result)| *result)?;
    Some(Command::Attempt { channel, result })
}

/// `method call, language Spanish, safe times evenings, next step clinic, deadline Dec 3`, in any order.
pub(super) fn confirmation(rest: &str) -> Confirmation {
    let mut confirmation = Confirmation::default();
    for part in rest.split([',', ';']).map(str::trim) {
        let plain_part = plain(part);
        let after = |words: &[&str]| {
            // Whole words: "deadlines" is none of ours.
            let begins = |word: &&&str| {
                let behind = plain_part.strip_prefix(**word);
                behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
            };
            let word = words.iter().find(begins)?;
            let value: String = part.chars().skip(word.chars().count()).collect();
            // Dots that stand for an answer are none.
            Some(value.trim_start_matches([':', '=', ' ', '-']).trim().to_owned())
                .filter(|value| value.contains(char::is_alphanumeric))
        };
        if let Some(value) = after(&["method", "by", "metodo", "por"]) {
            confirmation.method = channel(&plain(&value));
        } else if let Some(value) = after(&["language", "idioma"]) {
            confirmation.language = Some(value);
        } else if let Some(value) = after(&["safe times", "safe time", "times", "horario seguro", "horario"])
        {
            confirmation.safe_times = Some(value);
        } else if let Some(value) = after(&["next step", "next", "siguiente paso", "proximo paso"]) {
            confirmation.next_step = Some(next_step(&plain(&value)));
        } else if let Some(value) = after(&["deadline", "fecha limite", "plazo"]) {
            confirmation.deadline_on = presence::day(&plain(&value));
            confirmation.deadline = Some(value);
        }
    }
    confirmation
}

fn channel(word: &str) -> Option<Channel> {
    let first = word.split_whitespace().next()?;
    match first {
        "call" | "phone" | "llamada" | "telefono" => Some(Channel::Call),
        "text" | "sms" | "texto" | "mensaje" => Some(Channel::Text),
        "email" | "e-mail" | "correo" => Some(Channel::Email),
        "portal" | "partner" => Some(Channel::Portal),
        "letter" | "post" | "carta" => Some(Channel::Letter),
        _ => None,
    }
}

fn next_step(words: &str) -> NextStep {
    let kinds: [(&[&str], NextStep); 4] = [
        (&["appointment", "cita"], NextStep::Appointment),
        (&["clinic", "clinica"], NextStep::Clinic),
        (&["self-help", "self help", "autoayuda"], NextStep::SelfHelp),
        (&["waitlist", "waiting list", "lista de espera"], NextStep::Waitlist),
    ];
    let named = kinds.iter().find(|(known, _)| known.iter().any(|word| words.contains(word)));
    named.map_or(NextStep::Other, |(_, step)| *step)
}

/// `to ORGANISATION: REASON`, or with a dash or comma between.
pub(super) fn redirect(rest: &str) -> Option<Command> {
    let rest = strip_word(rest, &["to", "a"]);
    let (to, reason) = rest.split_once([':', ',', ';']).or_else(|| rest.split_once(" - "))?;
    let (to, reason) = (to.trim().to_owned(), reason.trim().to_owned());
    (!to.is_empty() && !reason.is_empty()).then_some(Command::Redirect { to, reason })
}

/// The fields somebody names, by any of their common words; nothing named is no field.
pub(super) fn needs(rest: &str) -> Option<Command> {
    const WORDS: [(&str, Field); 34] = [
        ("name", Field::ClientName),
        ("nombre", Field::ClientName),
        ("birth", Field::ClientDob),
        ("phone", Field::ClientPhone),
        ("telefono", Field::ClientPhone),
        ("email", Field::ClientEmail),
        ("address", Field::ClientAddress),
        ("safe time", Field::BestTime),
        ("safe", Field::SafeToContact),
        ("language", Field::Language),
        ("idioma", Field::Language),
        ("matter", Field::Service),
        ("urgency", Field::Urgency),
        ("court", Field::CourtDate),
        ("deadline", Field::FilingDeadline),
        ("documents", Field::Documents),
        ("income", Field::HouseholdIncome),
        ("county", Field::County),
        ("consent", Field::Consent),
        ("opposing", Field::OpposingParty),
        ("nacimiento", Field::ClientDob),
        ("correo", Field::ClientEmail),
        ("direccion", Field::ClientAddress),
        ("horario", Field::BestTime),
        ("segur", Field::SafeToContact),
        ("asunto", Field::Service),
        ("urgencia", Field::Urgency),
        ("audiencia", Field::CourtDate),
        ("plazo", Field::FilingDeadline),
        ("documentos", Field::Documents),
        ("ingresos", Field::HouseholdIncome),
        ("condado", Field::County),
        ("consentimiento", Field::Consent),
        ("parte contraria", Field::OpposingParty),
    ];
    let mut fields = Vec::new();
    for part in rest
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" y "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (_, field) = WORDS.iter().find(|(word, _)| part.contains(word))?;
        fields.push(*field);
    }
    Some(Command::Needs { fields })
}

/// `clear`, `none`, `not applicable`, or `found` and what.
pub(super) fn conflict(rest: &str) -> Option<Command> {
    let first = rest.split_whitespace().next().unwrap_or_default();
    let finding = match plain(rest).as_str() {
        "clear" | "cleared" | "libre" => Finding::Clear,
        "none" | "not applicable" | "n/a" | "ninguno" | "no aplica" => Finding::NotApplicable,
        _ if matches!(plain(first).trim_end_matches([':', ',']), "found" | "hit" | "encontrado") => {
            let words = rest.strip_prefix(first).unwrap_or_default().trim_start_matches([':', ',', '-', ' ']);
            Finding::Found { words: words.to_owned() }
        }
        _ => return None,
    };
    Some(Command::Conflict(finding))
}

/// `yes, by phone, from the client`, its last two parts in any order, each of them a phrase we know; or `no`. Anything
/// else beside it may be somebody's name, and is asked about.
pub(super) fn consent(rest: &str) -> Option<Told> {
    let mut parts = rest.split([',', ';']).map(|part| part.trim().trim_end_matches('.'));
    let answer = parts.next()?;
    let parts: Vec<&str> = parts.collect();
    if answer == "no" && parts.is_empty() {
        return Some(Told::No);
    }
    let ([one, other], true) = (parts.as_slice(), matches!(answer, "yes" | "si")) else { return None };
    let (how, by) = how_told(one).zip(by_whom(other)).or_else(|| how_told(other).zip(by_whom(one)))?;
    Some(Told::Yes { how, by })
}

/// Whether the words behind `consent` begin with an answer.
pub(super) fn is_consent_said(rest: &str) -> bool {
    let first = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    matches!(first, "" | "yes" | "no" | "si" | "given" | "dado")
}

/// Every form of "do not contact": it is the safer reading.
const LEAVE_ALONE: [&str; 6] =
    ["do not contact", "don't contact", "dont contact", "no contactar", "no contacten", "no contactarla"];
/// The client, behind it.
const THEM: [&str; 14] = [
    " her",
    " him",
    " them",
    " the client",
    " client",
    " this client",
    " our client",
    " the person",
    " this person",
    " a ella",
    " a la clienta",
    " al cliente",
    " con ella",
    " con la clienta",
];
/// What may stand before it.
const PLEASE: [&str; 4] = ["please, ", "please ", "por favor, ", "por favor "];

/// What follows the words for "do not contact", and whom they name where they do.
fn alone(whole: &str) -> impl Iterator<Item = &str> {
    let whole = PLEASE.iter().find_map(|word| whole.strip_prefix(word)).unwrap_or(whole);
    let behind = LEAVE_ALONE.iter().filter_map(|said| whole.strip_prefix(said));
    behind.flat_map(|rest| {
        let named = THEM.iter().filter_map(move |them| rest.strip_prefix(them));
        std::iter::once(rest).chain(named)
    })
}

/// "Do not contact" with nothing behind it that says whom else: a reason, or that it is for good.
pub(super) fn leaves_alone(whole: &str) -> bool {
    const STILL: [&str; 6] = ["any more", "anymore", "please", "at all", "again", "mas"];
    alone(whole).any(|rest| {
        let behind = rest.trim_start();
        let is_part = rest.is_empty() || behind.starts_with([',', ';', ':', '.', '!', '-', '–']);
        is_part || rest.len() > behind.len() && STILL.contains(&behind.trim_end_matches(['.', '!']))
    })
}

/// A line that opens with what protects the client, and goes on in plain words: below others nobody would be asked what
/// it means. "Consent no longer needed" is taken for a no: the safer reading.
pub(super) fn goes_on(line: &str) -> Option<Command> {
    const HOW: [&str; 40] = [
        "after", "and", "any", "as", "at", "because", "before", "but", "by", "desde", "directly", "en",
        "ever", "for", "hasta", "he", "here", "if", "in", "now", "on", "or", "para", "pero", "por", "porque",
        "she", "si", "since", "that", "they", "this", "through", "unless", "until", "via", "when", "while",
        "with", "without",
    ];
    if line.starts_with('>') {
        return None;
    }
    let (verb, rest) = verb_and_rest(line);
    let rest = plain(rest);
    let first = |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    if matches!(verb.as_str(), "consent" | "consentimiento") && first(&rest) == "no" {
        return Some(Command::Consent(Told::No));
    }
    let whole = plain(line.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_spaced =
        |behind: &str| behind.strip_prefix(' ').is_some_and(|rest| HOW.contains(&first(rest).as_str()));
    alone(&whole).any(is_spaced).then_some(Command::DoNotContact)
}

/// Whether a line may be the beginning of one that protects.
pub(super) fn begins(line: &str) -> bool {
    const FIRST: &str = " bounce consent consentimiento correo devolver do don't dont email no please ";
    let (verb, _) = verb_and_rest(line);
    FIRST.contains(&format!(" {verb} "))
}

/// `safe, by phone, from the client`, its last two parts in any order, or `not safe` and any words. Safe only as the
/// client said it by phone or in person: what came by mail may have been written by whoever reads theirs, and "email
/// safe, phone" may be said of two channels.
pub(super) fn email(rest: &str) -> Option<Command> {
    let said = plain(rest);
    if is_denied(&said) {
        return Some(Command::EmailNotSafe { why: rest.to_owned() });
    }
    let mut parts = said.split([',', ';']).map(|part| part.trim().trim_end_matches('.'));
    let is_safe = matches!(bare(parts.next()?), "safe" | "seguro");
    let parts: Vec<&str> = parts.collect();
    let [one, other] = parts.as_slice() else { return None };
    let how = |part: &str| how_told(part).filter(|_| !matches!(part, "phone" | "telefono"));
    let (how, by) = how(one).zip(by_whom(other)).or_else(|| how(other).zip(by_whom(one)))?;
    let is_theirs = by == By::Client && matches!(how, How::Phone | How::Spoken);
    // Which letter is answered is not said in words.
    (is_safe && is_theirs).then_some(Command::EmailSafe { how, asked_at: None })
}

/// Whether the words behind `email` begin with an answer.
pub(super) fn is_email_said(rest: &str) -> bool {
    let first = bare(rest).split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    matches!(first, "safe" | "seguro")
}

fn is_denied(said: &str) -> bool {
    ["not safe", "unsafe", "isn't safe", "isnt safe", "no es seguro", "no seguro", "inseguro"]
        .iter()
        .filter_map(|no| bare(said).strip_prefix(no))
        .any(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Without the verb between: `email is safe`.
fn bare(said: &str) -> &str {
    let said = said.trim();
    ["is ", "es "].iter().find_map(|verb| said.strip_prefix(verb)).unwrap_or(said)
}

fn how_told(part: &str) -> Option<How> {
    match part {
        "by phone" | "on the phone" | "phone" | "by call" | "por telefono" | "telefono" => Some(How::Phone),
        "in person" | "face to face" | "en persona" => Some(How::Spoken),
        "in writing" | "written" | "signed" | "por escrito" | "firmado" => Some(How::Writing),
        _ => None,
    }
}

fn by_whom(part: &str) -> Option<By> {
    let from = ["from ", "by ", "de ", "del "].iter().find_map(|word| part.strip_prefix(word));
    let from = from.unwrap_or(part);
    let whom = ["the ", "a ", "her ", "his ", "their ", "la ", "el ", "un ", "una ", "su "];
    match whom.iter().find_map(|word| from.strip_prefix(word)).unwrap_or(from) {
        "client" | "cliente" | "clienta" => Some(By::Client),
        "guardian" | "legal guardian" | "tutor" | "tutora" => Some(By::Guardian),
        "parent" | "mother" | "father" | "madre" | "padre" => Some(By::Parent),
        _ => None,
    }
}

/// `safety` or `deadline`: nothing else is raised to.
pub(super) fn tier(rest: &str) -> Option<Command> {
    let bare = ["to ", "a "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let tier = match bare {
        "safety" | "seguridad" => Tier::Safety,
        "deadline" | "plazo" => Tier::Deadline,
        _ => return None,
    };
    Some(Command::Raise { tier })
}

/// One of the five reasons, by its words or its code, or one the data owner added, whichever says more.
pub(super) fn bounce(rest: &str, reasons: &Reasons) -> Option<Command> {
    let said = reason::plain(rest);
    let five = core_reason(&said);
    let added = reasons.said(rest).filter(|(_, length)| five.is_none_or(|(_, words)| *length > words));
    let (reason, added) = match (added, five) {
        (Some((added, _)), _) => (added.core, Some(added.code.clone())),
        (None, Some((core, _))) => (core, None),
        (None, None) => return None,
    };
    Some(Command::Bounce { reason, added })
}

/// One of the five, and how many letters of what was said named it.
fn core_reason(said: &str) -> Option<(BounceReason, usize)> {
    const WORDS: [(&str, BounceReason); 15] = [
        ("bad contact", BounceReason::BadContactInfo),
        ("wrong number", BounceReason::BadContactInfo),
        ("unsafe", BounceReason::UnsafeToContact),
        ("not safe", BounceReason::UnsafeToContact),
        ("capacity", BounceReason::CapacityDelay),
        ("eligib", BounceReason::EligibilityMismatch),
        ("not eligible", BounceReason::EligibilityMismatch),
        ("language", BounceReason::LanguageAccessGap),
        ("datos", BounceReason::BadContactInfo),
        ("numero equivocado", BounceReason::BadContactInfo),
        ("inseguro", BounceReason::UnsafeToContact),
        ("no es seguro", BounceReason::UnsafeToContact),
        ("capacidad", BounceReason::CapacityDelay),
        ("no elegible", BounceReason::EligibilityMismatch),
        ("idioma", BounceReason::LanguageAccessGap),
    ];
    let whole = BounceReason::ALL.into_iter().map(|reason| (reason.words(), reason));
    let begins = whole.chain(WORDS).filter(|(words, _)| said.starts_with(words));
    begins.map(|(words, reason)| (reason, words.len())).max_by_key(|(_, length)| *length)
}

/// Whether words behind `bounce` would name one of the five, or hide it: settings must not give them another meaning.
#[must_use]
pub fn hides_a_core_reason(words: &str) -> bool {
    let said = reason::plain(words);
    let named = core_reason(&said).is_some_and(|(_, length)| length >= said.len());
    let five = BounceReason::ALL.into_iter().map(BounceReason::words);
    named || five.into_iter().any(|core| core == said || core.starts_with(&format!("{said} ")))
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn said(text: &str) -> Option<Vec<Command>> {
        let said = read(text, &Reasons::default());
        (!said.commands.is_empty() || !said.unclear.is_empty()).then_some(said.commands)
    }

    #[test]
    fn to_leave_somebody_alone_needs_no_exact_words() {
        for text in [
            "do not contact",
            "Do not contact, she asked us to stop writing",
            "do not contact her anymore.",
            "Don't contact - he reads it",
            "do not contact them any more",
            "No contactar, lo pidió ella",
        ] {
            assert_eq!(said(text), Some(vec![Command::DoNotContact]), "{text}");
        }
        for text in ["do not contact the landlord", "do not contact her mother before noon"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn that_email_is_safe_counts_as_said_by_phone_or_in_person_and_that_it_is_not_in_any_words() {
        for (text, how) in [
            ("email safe, by phone, from the client", How::Phone),
            ("Email is safe, on the phone, from the client.", How::Phone),
            ("EMAIL SAFE; from the client; in person", How::Spoken),
            ("correo seguro, por teléfono, de la clienta", How::Phone),
            ("Correo es seguro, en persona, del cliente", How::Spoken),
        ] {
            assert_eq!(said(text), Some(vec![Command::EmailSafe { how, asked_at: None }]), "{text}");
        }
        for (text, why) in [
            ("email not safe", "not safe"),
            ("Email is not safe, he has her password.", "is not safe, he has her password"),
            ("Email: not safe", "not safe"),
            ("email unsafe for now", "unsafe for now"),
            ("correo no es seguro", "no es seguro"),
        ] {
            let why = why.to_owned();
            assert_eq!(said(text), Some(vec![Command::EmailNotSafe { why }]), "{text}");
        }
        for text in [
            "email safe",
            "email safe, phone",
            "email safe, by phone",
            "email safe, phone, from the client",
            "email safe, in writing, from the client",
            "email safe, by phone, from her mother",
            "email safe, by phone, from the client's husband",
            "email safe, by phone, today",
            "email safe, by phone, from the client, today",
            "email is safe, she says",
        ] {
            assert_eq!(said(text), Some(Vec::new()), "asked about: {text}");
        }
        for text in [
            "Email: safe",
            "Email: safe, phone",
            "Email: safe, by phone, from the client",
            "Correo: seguro, por teléfono, de la clienta",
            "Email: ana@mail.example",
            "email her tomorrow",
            "Correo urgente",
            "Email safety plan",
        ] {
            assert_eq!(said(text), None, "no command: {text}");
        }
    }
}
