//! Questions about what is safe in words that no list holds: understood as far as harms nobody.

use super::fold::words;
use super::judge::{channel_at, is_answer};
use super::lexicon::{LEXICON, Meaning, Slot, Whose, channel};

/// A label that only names a way to reach somebody, beside a yes or a no: "Text: N". "Safe?" beside ways and answers asks
/// of all. Such a "no" counts, and such a "yes" is asked about.
pub(super) fn bare(key: &str, value: &str) -> Option<Meaning> {
    let words = words(key);
    let is_marked = || value.contains(['☑', '☒', '✓', '✔', '✅', '✗', '✘', '❌', '✕', '✖']);
    if words.len() > 3 || !(is_answer(value) || is_marked()) {
        return None;
    }
    let bits = match channel_at(&words) {
        Some((bit, size)) if size == words.len() => bit,
        None if LEXICON.phrases("safe_alone").is(key) => 0,
        Some(_) | None => return None,
    };
    Some(Meaning { slot: Slot::Safe(bits), whose: Whose::Plain })
}

/// A question about what is safe, in words nobody wrote down: its "no" counts, and its "yes" is asked about.
pub(super) fn delicate(key: &str) -> Option<Meaning> {
    let words = words(key);
    let says = |list: &str| LEXICON.phrases(list).within(&words);
    if words.len() < 3 || !says("safe_questions") || says("safe_otherwise") {
        return None;
    }
    let channels = [
        ("call", channel::CALL),
        ("voicemail", channel::VOICEMAIL),
        ("text", channel::TEXT),
        ("email", channel::EMAIL),
        ("letter", channel::LETTER),
    ];
    // A text message is no message to leave.
    let text = LEXICON.phrases("text");
    let (mut rest, mut at) = (Vec::new(), 0);
    while let Some(word) = words.get(at) {
        let taken = text.starts(words.get(at..).unwrap_or_default());
        if taken == 0 {
            rest.push(*word);
        }
        at += taken.max(1);
    }
    let is_text = rest.len() < words.len();
    let named = |(list, bit): &(&str, u8)| {
        if *bit == channel::TEXT { is_text } else { LEXICON.phrases(list).within(&rest) }
    };
    let bits: Vec<u8> = channels.into_iter().filter(named).map(|(_, bit)| bit).collect();
    let bit = match bits.as_slice() {
        [bit] => *bit,
        // "Is it safe to leave a message when we call?"
        [channel::CALL, channel::VOICEMAIL] => channel::VOICEMAIL,
        _ => return None,
    };
    Some(Meaning { slot: Slot::Safe(bit), whose: Whose::Plain })
}

#[cfg(test)]
mod tests {
    use super::super::judge::UNDATED;
    use super::super::tests::context;
    use super::super::{Source, read};
    use crate::referral::packet::{Channels, Field, Judged, Packet, Safety};

    fn packet(lines: &str) -> Packet {
        let text = format!("Client name: Tess Hall\nPhone: 971-555-0112\n{lines}\n");
        read(Source { text: &text, ..Source::default() }, &context()).packets.remove(0)
    }

    #[test]
    fn a_no_is_heard_however_short_its_label_is() {
        type Way = fn(Channels) -> Safety;
        let text = |channels: Channels| channels.text;
        let voicemail = |channels: Channels| channels.voicemail;
        let cases: [(&str, Way); 9] = [
            ("Ok to lv msg: Y\nText: N", text),
            ("OK VM: N", voicemail),
            ("VM: no", voicemail),
            ("Se le puede textear: no", text),
            ("Is it ok if we text you?\nI don't accept", text),
            ("Is it ok if we text you?\nI do not agree", text),
            ("Ok to text: decline", text),
            ("Safe?: call ✅ text ❌ vm ❌ email ✅", text),
            ("NOT Safe: Text, Mail", text),
        ];
        for (lines, of) in cases {
            assert_eq!(of(packet(lines).channels()), Safety::NotSafe, "{lines}");
        }
        assert_eq!(packet("NOT Safe: Email, Mail").channels().letter, Safety::NotSafe);
        let ticked = packet("Safe?: call ✅ text ❌ vm ❌ email ✅").channels();
        assert_eq!((ticked.call, ticked.voicemail), (Safety::Safe, Safety::NotSafe));
        let table = "<table><tr><th>Client</th><th>Phone</th><th>OK VM</th></tr><tr><td>Ann Lee</td>\
                     <td>919-555-0121</td><td>N</td></tr></table>";
        let harvest = read(Source { html: Some(table), ..Source::default() }, &context());
        assert_eq!(harvest.packets[0].channels().voicemail, Safety::NotSafe);
    }

    #[test]
    fn a_yes_beside_a_label_that_asks_nothing_is_no_sure_yes() {
        for lines in ["Text: Y", "Safe: yes", "VM: ok"] {
            let packet = packet(lines);
            let is_yes = |field: Field| packet.get(field).is_some_and(|found| found.judged == Judged::Yes);
            assert!(
                !is_yes(Field::SafeText) && !is_yes(Field::SafeToContact) && !is_yes(Field::SafeVoicemail)
            );
            assert_ne!(packet.channels().text, Safety::Safe, "{lines}");
        }
    }

    #[test]
    fn people_write_deadlines_and_opponents_shortly() {
        for (lines, field) in [
            ("Ct: 10/2/2026 9am", Field::CourtDate),
            ("ct date 10/22 @ 0930 Rm 4", Field::CourtDate),
            ("Bond hrg: 10/25/26 2:00 PM", Field::CourtDate),
            ("Date on your court papers: 12/09/2026", Field::CourtDate),
            ("Lock-out scheduled: 10/25", Field::LockoutDate),
            ("Must be out by: 10/27/26", Field::LockoutDate),
            ("Debe salir antes del: 27/10/2026", Field::LockoutDate),
            ("Request for hearing must be filed by 11/30/26", Field::FilingDeadline),
            ("EPO expires: 11/30/26", Field::OtherDeadline),
        ] {
            let packet = packet(lines);
            let judged = packet.get(field).map(|found| found.judged.clone());
            assert!(matches!(judged, Some(Judged::Date { .. })), "{lines}: {judged:?}");
            assert!(field == Field::CourtDate || packet.get(Field::CourtDate).is_none(), "{lines}");
        }
        for label in ["OP", "Opp", "Opp party", "L/L", "Perp", "Alleged Perpetrator", "Offender", "Suspect"] {
            let packet = packet(&format!("{label}: Raul Poe\n"));
            assert_eq!(packet.text(Field::OpposingParty), Some("Raul Poe"), "{label}");
        }
        assert!(packet("No hablo inglés").get(Field::Language).is_none());
    }

    #[test]
    fn a_number_beside_a_no_or_somebody_else_is_not_the_sure_one() {
        let text = "Client name: Omar Poe\nPhone numbers:\n - home 716-555-0171 (wife lives there, no)\n - cell \
                    716-555-0172 (ok call/text)\n";
        let harvest = read(Source { text, ..Source::default() }, &context());
        let phone = harvest.packets[0].text(Field::ClientPhone).unwrap();
        assert!(phone.contains("0172"), "{phone}");
        assert!(harvest.problems.iter().any(|problem| problem.contains("somebody else")));
    }

    #[test]
    fn what_is_struck_out_is_no_value() {
        let html = "<p>Client: Tess Hall</p><p>Phone: <s>971-555-0111</s> 971-555-0112</p>\
                    <p>Hearing: <strike>10/24</strike> 12/8</p><p>Language: <del>Spanish</del> Mam</p>";
        for source in [
            Source { html: Some(html), ..Source::default() },
            Source { text: &crate::intake::html::text(html), ..Source::default() },
        ] {
            let packet = read(source, &context()).packets.remove(0);
            assert_eq!(packet.text(Field::ClientPhone), Some("971-555-0112"));
            assert_eq!(packet.text(Field::CourtDate), Some("12/8"));
            assert_eq!(packet.text(Field::Language), Some("Mam"));
        }
    }

    #[test]
    fn a_day_that_is_over_or_counted_from_is_asked_about_and_never_next_years() {
        // The mail arrived on Monday 2026-09-14.
        for (told, field) in [
            ("Her answer is due within 5 days of 9/11.", Field::FilingDeadline),
            ("Hearing on 9/8.", Field::CourtDate),
        ] {
            let text = format!("Please help Marisol, call 518-555-0142.\n{told}\n");
            let harvest = read(Source { text: &text, ..Source::default() }, &context());
            let found = harvest.packets[0].get(field).unwrap();
            assert_eq!((found.value.as_str(), &found.judged), (told, &Judged::Text), "{told}");
            assert!(harvest.problems.iter().any(|said| said == UNDATED), "{told}");
        }
        let both = "Please help Marisol, call 518-555-0142.\nShe had court on 9/8. The hearing is on 12/3.\n";
        let harvest = read(Source { text: both, ..Source::default() }, &context());
        let found = harvest.packets[0].get(Field::CourtDate).unwrap();
        assert!(matches!(found.judged, Judged::Date { date, .. } if date.to_string() == "2026-12-03"));
    }
}
