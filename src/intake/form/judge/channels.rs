//! Which channels are safe, read clause by clause: "text only", "call, no voicemail".

use super::answer::{Answer, safety, unclear};
use super::clauses::{Reading, clause_of, has_doubtful_sign, reading};
use super::ticks::{Mark, options};
use super::ways::mentioned;
use super::{Asked, Verdict};
use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::packet::{Channels, Confidence, Field, Judged, Safety};

/// Judges the general question: a yes or no, or which channels.
pub(super) fn channels(asked: Asked, value: &str) -> Verdict {
    if asked.reversed {
        return reversed(asked, value);
    }
    let folded = fold(value);
    let said = if LEXICON.phrases("either").is(&folded) { Answer::Yes } else { safety(value) };
    let options = options(value);
    let is_doubtful = said == Answer::Yes && options.is_none() && has_doubtful_sign(value);
    let said = if is_doubtful { Answer::Unclear } else { said };
    let mentioned = mentioned(&words(&folded));
    if let Some(options) = options.filter(|_| mentioned != 0) {
        return by_boxes(&options);
    }
    // "Yes, call" to a question about calls and email says nothing of email.
    // An "x" behind a way of several may strike it.
    let is_of_each = || mentioned == asked.channels && !words(&folded).contains(&"x");
    let is_of_all = mentioned == 0 || said == Answer::No || is_of_each();
    if asked.channels != 0 && said != Answer::Unclear && mentioned & !asked.channels == 0 && is_of_all {
        let safety = if said == Answer::Yes { Safety::Safe } else { Safety::NotSafe };
        return Verdict::of(Judged::Channels(set(Channels::default(), asked.channels, safety)));
    }
    if mentioned != 0 {
        return by_clauses(value, said);
    }
    match said {
        Answer::Yes => Verdict::of(Judged::Yes),
        Answer::No => Verdict::of(Judged::No),
        Answer::Unclear => unclear("The answer about safe contact is not clear; please ask.".to_owned()),
    }
}

/// "Do not contact at: work", "Do not contact by: email".
fn reversed(asked: Asked, value: &str) -> Verdict {
    let bits = match options(value).filter(|options| !options.is_empty()) {
        Some(options) => options
            .iter()
            .filter(|(mark, _)| *mark != Mark::Empty)
            .fold(asked.channels, |bits, (_, option)| bits | mentioned(&words(&fold(option)))),
        None => asked.channels | mentioned(&words(&fold(value))),
    };
    if bits != 0 {
        return Verdict::of(Judged::Channels(set(Channels::default(), bits, Safety::NotSafe)));
    }
    unclear("A field says how the person must not be contacted; please ask what is safe.".to_owned())
}

/// "Text only", "call, no voicemail", "phone and email ok": clause by clause. One word we do not know and what was
/// called safe is not known to be; what was called unsafe stays so.
fn by_clauses(value: &str, said: Answer) -> Verdict {
    let Reading { safe, denied, only, mut sure } = reading(value);
    sure &= said != Answer::No || safe == 0 || only || denied != 0;
    let others = if only && sure { !safe } else { 0 };
    let channels = set(Channels::default(), others | denied, Safety::NotSafe);
    if sure {
        return Verdict::of(Judged::Channels(set(channels, safe, Safety::Safe)));
    }
    let problem =
        "The answer about safe contact has a condition or a word we do not know; please ask.".to_owned();
    if denied == 0 { unclear(problem) } else { half_read(value, channels, problem) }
}

/// What was called unsafe of an answer of which the rest is not plain: nobody knows what that says of email, and a yes
/// to email somewhere else is none before a person has asked.
fn half_read(value: &str, denied: Channels, problem: String) -> Verdict {
    let email = (Field::SafeEmail, value.to_owned(), Judged::Unclear(HALF_READ.to_owned()));
    Verdict {
        problem: Some(problem),
        confidence: Confidence::Medium,
        also: if denied.email == Safety::NotSafe { Vec::new() } else { vec![email] },
        ..Verdict::of(Judged::Channels(denied))
    }
}

const HALF_READ: &str = "the answer about safe contact is not plain";

/// Boxes, some of them ticked: what stands beside an empty one was not called safe by whoever filled in the others.
fn by_boxes(options: &[(Mark, String)]) -> Verdict {
    let (mut safe, mut denied, mut sure) = (0, 0, false);
    let mut known = options.iter().all(|(_, words)| !words.contains('?'));
    for (mark, option) in options {
        let read = clause_of(&words(&fold(option)));
        match mark {
            Mark::Ticked => {
                sure = true;
                known &= read.known && (read.safe | read.denied) != 0;
                safe |= read.safe;
                denied |= read.denied;
            }
            Mark::Empty | Mark::Crossed => denied |= read.safe,
        }
    }
    let denied_only = set(Channels::default(), denied, Safety::NotSafe);
    if sure && known && safe & denied == 0 {
        return Verdict::of(Judged::Channels(set(denied_only, safe, Safety::Safe)));
    }
    let problem = "It is not plain which boxes about safe contact are ticked; please ask.".to_owned();
    if denied == 0 || !sure {
        return unclear(problem);
    }
    let denied = set(denied_only, safe & denied, Safety::NotSafe);
    let said: Vec<_> = options.iter().map(|(_, words)| words.as_str()).collect();
    half_read(&said.join(", "), denied, problem)
}

fn set(channels: Channels, bits: u8, safety: Safety) -> Channels {
    let pick = |bit: u8, before: Safety| if bits & bit != 0 { safety } else { before };
    Channels {
        call: pick(channel::CALL, channels.call),
        voicemail: pick(channel::VOICEMAIL, channels.voicemail),
        text: pick(channel::TEXT, channels.text),
        email: pick(channel::EMAIL, channels.email),
        letter: pick(channel::LETTER, channels.letter),
    }
}

/// The safer of two readings, channel by channel: not safe wins, and what only one of them says counts.
pub(crate) fn safer(a: Channels, b: Channels) -> Channels {
    let pick = |a: Safety, b: Safety| match (a, b) {
        (Safety::NotSafe, _) | (_, Safety::NotSafe) => Safety::NotSafe,
        (Safety::Safe, _) | (_, Safety::Safe) => Safety::Safe,
        (Safety::Unknown, Safety::Unknown) => Safety::Unknown,
    };
    Channels {
        call: pick(a.call, b.call),
        voicemail: pick(a.voicemail, b.voicemail),
        text: pick(a.text, b.text),
        email: pick(a.email, b.email),
        letter: pick(a.letter, b.letter),
    }
}

/// "Do not leave voicemail" written beside a phone number: the channels it forbids.
pub(super) fn denied_in(value: &str) -> u8 {
    let read = reading(value);
    // "Text only" forbids the rest of what a number can be used for.
    let others = channel::CALL | channel::VOICEMAIL | channel::TEXT;
    if read.only && read.safe != 0 { read.denied | (others & !read.safe) } else { read.denied }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Judged {
        channels(Asked { field: Field::SafeToContact, channels: 0, reversed: false }, value).judged
    }

    fn said(call: i8, voicemail: i8, text: i8, email: i8, letter: i8) -> Judged {
        let safety = |n: i8| match n {
            1 => Safety::Safe,
            -1 => Safety::NotSafe,
            _ => Safety::Unknown,
        };
        let (call, voicemail, text) = (safety(call), safety(voicemail), safety(text));
        Judged::Channels(Channels { call, voicemail, text, email: safety(email), letter: safety(letter) })
    }

    #[test]
    fn channels_are_read_clause_by_clause() {
        for (value, expected) in [
            ("text only", said(-1, -1, 1, -1, -1)),
            ("Call, no voicemail", said(1, -1, 0, 0, 0)),
            ("phone and email ok", said(1, 0, 0, 1, 0)),
            ("call but do not leave voicemail", said(1, -1, 0, 0, 0)),
            ("No voicemail; text ok", said(0, -1, 1, 0, 0)),
            ("email is not safe", said(0, 0, 0, -1, 0)),
            ("do NOT email", said(0, 0, 0, -1, 0)),
            ("No mail please", said(0, 0, 0, 0, -1)),
            ("solo mensajes de texto", said(-1, -1, 1, -1, -1)),
            ("llamadas sí, no dejar mensaje", said(1, -1, 0, 0, 0)),
            ("Yes", Judged::Yes),
            ("No", Judged::No),
        ] {
            assert_eq!(read(value), expected, "{value}");
        }
        for unclear in ["email is fine but only Tuesdays", "call after 5", "text when he is at work", "safe?"]
        {
            assert!(matches!(read(unclear), Judged::Unclear(_)), "{unclear}");
        }
    }

    #[test]
    fn a_channel_beside_an_empty_box_is_not_called_safe() {
        for (value, expected) in [
            ("☒ Phone ☐ Text ☐ Email ☒ Voicemail", said(1, 1, -1, -1, 0)),
            ("[x] Phone [ ] Text [ ] Email", said(1, 0, -1, -1, 0)),
            ("☑ Phone\n☐ Text\n☐ Email", said(1, 0, -1, -1, 0)),
            ("Phone ☒ Text ☐ Email ☐", said(1, 0, -1, -1, 0)),
            ("■ Phone □ Text □ Email", said(1, 0, -1, -1, 0)),
            ("✓ Phone ✗ Email", said(1, 0, 0, -1, 0)),
            ("☒ Phone, ☐ Email", said(1, 0, 0, -1, 0)),
            ("☒ Email? ☐ Phone", said(-1, 0, 0, 0, 0)),
            ("☒ Phone after 5 ☐ Email", said(0, 0, 0, -1, 0)),
            ("☒ No voicemail ☒ Text", said(0, -1, 1, 0, 0)),
        ] {
            assert_eq!(read(value), expected, "{value}");
        }
        for unclear in ["☐ Phone ☐ Text", "Phone ☒ Text", "☒ ☐ Phone Text ☐", "✓ Phone  Text  ✗"]
        {
            assert!(matches!(read(unclear), Judged::Unclear(_)), "{unclear}");
        }
        let asked = Asked { field: Field::SafeToContact, channels: 0, reversed: true };
        assert_eq!(channels(asked, "☐ Phone ☒ Email").judged, said(0, 0, 0, -1, 0));
    }

    #[test]
    fn a_yes_to_email_beside_an_answer_that_is_half_read_is_none() {
        for (line, expected) in [
            ("Safe contact method: call when he is out, no voicemail", false),
            ("Safe contact method: ☒ Phone after 5 ☐ Text", false),
            ("Safe contact method: call, no voicemail", true),
        ] {
            for text in [format!("{line}\nSafe to email: yes\n"), format!("Safe to email: yes\n{line}\n")] {
                let text = format!("Client name: Ana Vega\n{text}");
                let source = crate::intake::form::Source { text: &text, ..Default::default() };
                let harvest = crate::intake::form::read(source, &crate::intake::form::tests::context());
                assert_eq!(harvest.packets[0].channels().email == Safety::Safe, expected, "{text}");
                assert_eq!(harvest.problems.is_empty(), expected, "{text}");
            }
        }
    }

    #[test]
    fn what_was_called_unsafe_stays_so_beside_a_condition() {
        assert_eq!(read("call after 5, no voicemail"), said(0, -1, 0, 0, 0));
    }
}
