//! Automatic answers told by their words: out-of-office notes, challenges, receipts, calendar answers (A7, A8).
//!
//! Subjects count only at their beginning and without `Re:`, so that a person who answers a note of ours, or writes
//! about an absence, stays a person.

mod notes;

use std::sync::LazyLock;

use super::any_of::AnyOf;
use super::guard;
use super::head::Head;

/// The words by which a program says that nobody wrote its mail.
#[derive(Default)]
struct Words {
    /// Beginnings of subjects.
    subjects: Vec<&'static str>,
    /// Beginnings of subjects that ask the sender to prove being a person.
    challenges: Vec<&'static str>,
    /// Beginnings of the subjects of receipts.
    receipts: Vec<&'static str>,
    /// What such a receipt says.
    receipt_texts: Vec<&'static str>,
    /// What a program says of its own text.
    confessions: Vec<&'static str>,
    /// The same, looked for all at once: every mail of a person passes here.
    confessed: AnyOf,
}

static WORDS: LazyLock<Words> = LazyLock::new(Words::load);

impl Words {
    fn load() -> Words {
        let mut words = Words::default();
        for line in include_str!("automatic/words.txt").lines().filter(|line| !line.starts_with('#')) {
            let Some((key, phrases)) = line.split_once(": ") else { continue };
            let list = match key {
                "subject" => &mut words.subjects,
                "challenge" => &mut words.challenges,
                "receipt" => &mut words.receipts,
                "receipt-text" => &mut words.receipt_texts,
                "confession" => &mut words.confessions,
                _ => {
                    debug_assert!(false, "the file of words has an unknown key");
                    continue;
                }
            };
            list.extend(phrases.split(" | "));
        }
        words.confessed = AnyOf::of(words.confessions.iter().copied());
        words
    }
}

/// So many bytes may stand before it says so: "Thank you for your mail." A confession is no longer than that.
const NEAR_START: usize = 120;
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
    if begins(&WORDS.subjects) || begins(&WORDS.challenges) {
        return true;
    }
    let text = text.trim();
    if begins(&WORDS.receipts) {
        let opening = start_of(text, NOTE_CHARS + 1);
        if WORDS.receipt_texts.iter().any(|words| opening.contains(words)) {
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
    WORDS.confessed.is_in(&opening)
        && WORDS.confessions.iter().any(|words| opening.match_indices(words).any(|(at, _)| begins(at)))
}

fn is_short(text: &str) -> bool {
    text.len() <= 4 * NOTE_CHARS && text.chars().count() <= NOTE_CHARS
}

/// The first characters of a text in lower case.
fn start_of(text: &str, chars: usize) -> String {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text).to_lowercase()
}

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
