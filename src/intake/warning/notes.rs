//! A field for safety notes that speaks of writing, or of every way there is: nobody writes by mail before a person has
//! read it. "Prefers mornings" and "no" are none.

use super::super::form::fold::fold;
use crate::referral::packet::{Field, Packet};

/// What people write where they have nothing to say, folded; one a line.
const HARMLESS: &str = include_str!("notes.txt");

/// What a note says of writing, or of every way at once, in the languages we write to clients in, folded.
const WAYS: &str = "email emails e mail mails mailed inbox message messages letter letters write writes writing written send sends sent \
    contact contacted reply read reads see sees opens opened through via advocate landline whatsapp signal noemail notemail \
    unknown nothing nowhere neither nobody never person correo correos carta cartas mensaje mensajes escribir courriel courriels lettre message ecrire imel let mensagem mensagens escrever nada ninguna nenhum aucun rien";
/// The same of languages that bend or join their words.
const PARTS: [&str; 16] = [
    "почт",
    "письм",
    "имейл",
    "بريد",
    "ايميل",
    "رسائل",
    "이메일",
    "메일",
    "邮",
    "郵",
    "信",
    "寄",
    "thu",
    "nguy",
    "писа",
    "емейл",
];

/// Whether the packet has a safety note that speaks of writing, or of every way there is, and is more than "none".
pub(super) fn is_worrying(packet: &Packet) -> bool {
    let Some(note) = packet.text(Field::SafetyNotes) else { return false };
    let folded = fold(note);
    let is_sign = note.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric() && is_picture(c));
    let is_harmless = || HARMLESS.lines().any(|harmless| harmless == folded);
    let is_of_ways = || {
        let has_word = folded.split(' ').any(|word| WAYS.split(' ').any(|way| way == word));
        has_word || !note.is_ascii() && PARTS.iter().any(|part| folded.contains(part))
    };
    is_sign || note.contains('?') || is_of_ways() && !is_harmless()
}

/// A thumb, a cross and the like.
const fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::packet::{Confidence, Found, Judged};

    #[test]
    fn only_a_note_that_says_nothing_is_harmless() {
        let is_worrying = |note: &str| {
            let (judged, confidence) = (Judged::Text, Confidence::High);
            let found = Found { value: note.to_owned(), judged, confidence, place: String::new() };
            let mut packet = Packet::default();
            packet.put(Field::SafetyNotes, found);
            is_worrying(&packet)
        };
        for note in [
            "None",
            "N/A",
            "ok.",
            "No concerns",
            "no known safety concerns",
            "-",
            "Ninguna",
            "safe to email",
            "No",
            "None reported by client",
            "Client reports no safety concerns",
            "No immediate danger",
            "prefers mornings",
            "call after 5 pm",
            "before 9am",
            "protective order in place",
        ] {
            assert!(!is_worrying(note), "{note}");
        }
        for note in [
            "email gets opened by him",
            "email would get her hurt",
            "email is his",
            "email syncs to his phone",
            "neither call nor email",
            "nothing is safe",
            "in person only",
            "no messages",
            "email: unknown",
            "email: refused",
            "email: \u{274c}",
            "courriel: non",
            "imel: non",
            "邮件：否",
            "이메일: 아니요",
            "email: нет",
            "none?",
            "ok \u{1f44e}",
            "none, but he reads along",
            "unknown",
            "through advocate only",
            "via Harbor House",
            "landline only",
            "❌",
        ] {
            assert!(is_worrying(note), "{note}");
        }
        assert!(!super::is_worrying(&Packet::default()));
        assert!(HARMLESS.lines().all(|line| fold(line) == line && !line.is_empty()));
    }
}
