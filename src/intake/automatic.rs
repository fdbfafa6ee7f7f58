//! Automatic answers told by their words: out-of-office notes, challenges, receipts, calendar answers (A7, A8).
//!
//! Subjects count only at their beginning and without `Re:`, so that a person who answers a note of ours, or writes
//! about an absence, stays a person.

mod notes;

use std::sync::LazyLock;

use super::guard;
use super::head::Head;
use super::quick::AnyOf;

/// Beginnings of subjects that programs write.
const SUBJECTS: &[&str] = &[
    "out of office",
    "out-of-office",
    "out of the office",
    "ooo:",
    "automatic reply",
    "automatic response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "auto response",
    "auto-response",
    "autoresponse",
    "autoresponder",
    "automated reply",
    "automated response",
    "vacation reply",
    "vacation message",
    "vacation notice",
    "away from office",
    "away until",
    "away from my mail",
    "away from my desk",
    "i am away",
    "absence notice",
    "on vacation",
    "on annual leave",
    "on leave:",
    "abwesenheitsnotiz",
    "abwesenheit:",
    "abwesend",
    "automatische antwort",
    "automatische rückantwort",
    "autom. antwort",
    "urlaub:",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "fuera de oficina",
    "ausente:",
    "mensaje de ausencia",
    "resposta automàtica",
    "erantzun automatikoa",
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "absent du bureau",
    "absence :",
    "message d'absence",
    "notification d'absence",
    "risposta automatica",
    "fuori ufficio",
    "fuori sede",
    "assente:",
    "assenza",
    "resposta automática",
    "resposta automatica",
    "fora do escritório",
    "ausência temporária",
    "ausência:",
    "automatisch antwoord",
    "automatische reactie",
    "afwezig:",
    "afwezigheid",
    "niet aanwezig",
    "buiten kantoor",
    "autosvar",
    "automatiskt svar",
    "automatisk svar",
    "frånvaro",
    "fravær",
    "poissa",
    "automaattinen vastaus",
    "ei tavoitettavissa",
    "automatyczna odpowiedź",
    "autoodpowiedź",
    "odpowiedź automatyczna",
    "nieobecność",
    "poza biurem",
    "automatická odpověď",
    "automatická odpoveď",
    "mimo kancelář",
    "automatikus válasz",
    "házon kívül",
    "răspuns automat",
    "raspuns automat",
    "samodejni odgovor",
    "automatski odgovor",
    "automatinis atsakymas",
    "automātiska atbilde",
    "automaatvastus",
    "автоответ",
    "автоматический ответ",
    "автоматична відповідь",
    "автоматичен отговор",
    "αυτόματη απάντηση",
    "otomatik yanıt",
    "otomatik cevap",
    "ofis dışında",
    "ateb awtomatig",
    "自動返信",
    "自動応答",
    "不在通知",
    "自动回复",
    "自动答复",
    "repons otomatik",
    "awtomatikong tugon",
    "自動回覆",
    "자동 회신",
    "자동회신",
    "자동 응답",
    "부재중",
    "trả lời tự động",
    "otomatis:",
    "balasan otomatis",
    "ตอบกลับอัตโนมัติ",
    "رد تلقائي",
    "תשובה אוטומטית",
];

/// Beginnings of subjects that ask the sender to prove being a person.
const CHALLENGES: &[&str] = &[
    "please confirm your message",
    "please confirm (conf#",
    "confirm your email to",
    "sender verification",
    "verification required",
    "your email requires verification",
    "your message requires confirmation",
    "please verify your email to",
    "message awaiting verification",
    "action required: verify your",
    "[confirm]",
    "challenge:",
    "antispam uol",
    "re: verify#",
    "confirmación requerida",
    "bestätigung erforderlich",
    "please authenticate your",
];

/// Beginnings of receipts that mail programs write in the reader's name.
const RECEIPTS: &[&str] = &[
    "read:",
    "read receipt",
    "not read:",
    "gelesen:",
    "ungelesen gelöscht:",
    "lu :",
    "lu:",
    "leído:",
    "leido:",
    "letto:",
    "lida:",
    "gelezen:",
    "läst:",
    "lest:",
    "læst:",
    "przeczytane:",
    "прочитано:",
    "return receipt",
    "disposition notification",
    "lesebestätigung",
];

const RECEIPT_WORDS: &[&str] = &[
    "was read on",
    "was deleted without being read",
    "has been displayed",
    "wurde gelesen",
    "a été lu",
    "fue leído",
    "ha sido leído",
    "è stato letto",
    "foi lida",
    "no guarantee that the message has been read",
];

/// So many bytes may stand before it says so: "Thank you for your mail." A confession is no longer than that.
const NEAR_START: usize = 120;
/// Ways in which a program says of its own text that nobody wrote it.
const CONFESSIONS: &[&str] = &[
    "this is an automated response",
    "this is an automated reply",
    "this is an automatic response",
    "this is an automatic reply",
    "this is an auto-reply",
    "this is an auto reply",
    "this is an autoreply",
    "this is an auto-generated response",
    "this is an auto-generated reply",
    "this is an automatically generated response",
    "this is an automatically generated reply",
    "esta es una respuesta automática",
    "ceci est une réponse automatique",
    "dies ist eine automatische antwort",
    "questa è una risposta automatica",
    "esta é uma resposta automática",
    "dit is een automatisch antwoord",
];

/// Longest text that can be nothing but an absence note.
const NOTE_CHARS: usize = 1_500;

/// Whether a program answered: by header, by subject, or by a short text that is only an absence note.
#[must_use]
pub fn is_answer(head: &Head, subject: &str, text: &str) -> bool {
    if guard::answered_by_itself(head) {
        return true;
    }
    let subject = subject.trim().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| subject.starts_with(word));
    if begins(SUBJECTS) || begins(CHALLENGES) {
        return true;
    }
    let text = text.trim();
    if begins(RECEIPTS) {
        let opening = start_of(text, NOTE_CHARS + 1);
        if RECEIPT_WORDS.iter().any(|words| opening.contains(words)) {
            return true;
        }
    }
    notes::is_note(text) || confesses(text)
}

/// A short text that says of itself that a program wrote it, in a sentence of its own near the start: a person may
/// repeat what a machine said to them.
fn confesses(text: &str) -> bool {
    if !is_short(text) {
        return false;
    }
    let opening = start_of(text, 2 * NEAR_START);
    let begins = |at: usize| {
        let before = opening.get(..at).unwrap_or_default().trim_end();
        at <= NEAR_START && (before.is_empty() || before.ends_with(['.', '!', '*', '-']))
    };
    CONFESSED.is_in(&opening)
        && CONFESSIONS.iter().any(|words| opening.match_indices(words).any(|(at, _)| begins(at)))
}

fn is_short(text: &str) -> bool {
    text.len() <= 4 * NOTE_CHARS && text.chars().count() <= NOTE_CHARS
}

/// The first characters of a text in lower case.
fn start_of(text: &str, chars: usize) -> String {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text).to_lowercase()
}

/// [`CONFESSIONS`], looked for all at once: every mail of a person passes here.
static CONFESSED: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::of(CONFESSIONS.iter().copied()));

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, text: &str, expected: bool) {
        assert_eq!(is_answer(&Head::default(), subject, text), expected, "{subject} / {text}");
    }

    #[test]
    fn a8_automatic_subjects_are_known_in_many_languages() {
        for subject in [
            "Out of Office: your mail",
            "Automatic reply: Referral",
            "Abwesenheitsnotiz",
            "Respuesta automática: hola",
            "Réponse automatique : x",
            "Risposta automatica: x",
            "Автоответ: x",
            "自動返信: x",
            "AUTOSVAR: x",
            "Please confirm your message",
        ] {
            check(subject, "", true);
        }
    }

    #[test]
    fn a_person_who_writes_about_absence_stays_a_person() {
        for (subject, text) in [
            ("Re: Automatic reply: Referral", "Thanks, see below."),
            ("Referral: out of office visit", "Please call her."),
            ("Referral", "I am out of the office until Monday, but here is a client who needs you."),
            ("Read: this book", "It is good."),
            ("Question", "Is the office out of paper?"),
            ("Question", "She only got an automated response."),
            ("Re: Task", "She no longer works at the store, so call her at home until 5."),
            ("Re: Task", "Our office is closed on Friday, let us talk on Monday."),
            (
                "Re: Task",
                "Dana no longer works here. I took over; please direct me, what does the client need?",
            ),
            (
                "Re: Task",
                "attempted call, no answer\nThe recording said: this is an automated response, press 1.",
            ),
        ] {
            check(subject, text, false);
        }
    }

    #[test]
    fn a_note_that_says_whom_to_call_meanwhile_is_an_automatic_answer() {
        for text in [
            "I am out of the office until Monday, November 30. If this is urgent, please call our front desk at 518-555-0100. \
             In an emergency call 911 or the police.",
            "Note: I am out of the office until Monday.",
        ] {
            assert!(notes::is_note(text), "{text}");
        }
    }

    #[test]
    fn a_plea_a_command_and_news_of_a_client_are_never_an_automatic_answer() {
        for text in [
            "My landlord's office is closed and will not reopen before Monday, but the marshal comes tomorrow at 9 \
             to put us out. I have two babies. Please help me. Ana Vega 518-555-0142",
            "The housing office is closed. They reopen Monday but he found us last night. Do not call my phone.",
            "accept\nOur office is closed Friday; we reopen Monday and will call her then.",
            "attempted call, no answer\nThe recording said: our office is closed and will reopen on Monday.",
            "Ann moved, her new number is 518-555-0142. Our office is closed tomorrow, we reopen Monday.",
            "Our office is closed today, we reopen Monday. She sleeps in her car until then.",
            "Our office is closed today, we reopen Monday. The marshal puts Ann out tomorrow at nine.",
            "Mwen pa nan biwo a, men tanpri ede m: yo ap mete m deyo madi, m ap tann jiska 30 novanm.",
            "Me encuentro afuera, fuera de la oficina del juez, y no regreso a casa porque mi esposo me pega. Ayudenme.",
            "I am out of the office until Monday. My husband took the keys, please help.",
            "accept\nI am out of the office until Monday.",
        ] {
            check("Re: hello", text, false);
        }
    }

    #[test]
    fn an_absence_note_without_headers_is_an_answer() {
        check(
            "Re: your mail",
            "Thank you. I am currently out of the office and will return on May 5th.",
            true,
        );
        check("RE: x", "Hola, me encuentro de vacaciones y regreso el lunes 30 de noviembre.", true);
        check("RE: x", "Mwen pa nan biwo a jiska 30 novanm.", true);
        check("RE: x", "Wala po ako sa opisina. Babalik po ako sa Disyembre 1.", true);
        check("自动答复: x", "", true);
        check("Re: x", "Dana no longer works here. This mailbox is not monitored.", true);
        check("Re: x", "Our office is closed for the holiday and will reopen on Monday.", true);
        check("RE: x", "Ich bin im Urlaub und ab dem 5. wieder erreichbar.", true);
        check("Read: x", "Your message was read on Monday.", true);
        check("Ticket received", "Thank you. This is an automated response; an agent will write soon.", true);
    }

    #[test]
    fn a_vacation_header_is_enough() {
        for field in
            ["Auto-Submitted: auto-replied (vacation)\n", "X-Autoreply: yes\n", "Precedence: auto_reply\n"]
        {
            assert!(is_answer(&Head::read(field.as_bytes()), "Re: x", ""), "{field}");
        }
        assert!(!is_answer(&Head::read(b"Auto-Submitted: auto-generated\n"), "x", ""));
    }
}
