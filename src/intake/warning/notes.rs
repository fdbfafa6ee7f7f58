//! A field for safety notes that says anything but that there is nothing to say: nobody writes by mail before a person
//! has read it.

use super::super::form::fold::fold;
use crate::referral::packet::{Field, Packet};

/// What people write where they have nothing to say, folded; one a line.
const HARMLESS: &str = include_str!("notes.txt");

/// Whether the packet has a safety note that is more than "none".
pub(super) fn is_worrying(packet: &Packet) -> bool {
    let Some(note) = packet.text(Field::SafetyNotes) else { return false };
    let folded = fold(note);
    let is_sign =
        note.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '—' | '–' | '’'));
    let is_harmless = HARMLESS.lines().any(|harmless| harmless == folded);
    // Dashes alone fold to nothing, and say nothing.
    is_sign || note.contains('?') || !folded.is_empty() && !is_harmless
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
        for note in
            ["None", "N/A", "ok.", "No concerns", "no known safety concerns", "-", "Ninguna", "safe to email"]
        {
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
            "no",
            "unknown",
            "❌",
        ] {
            assert!(is_worrying(note), "{note}");
        }
        assert!(!super::is_worrying(&Packet::default()));
        assert!(HARMLESS.lines().all(|line| fold(line) == line && !line.is_empty()));
    }
}
