//! A yes about one way and the words of another: "Safe to email: ok, please call her" is no yes to email.

use crate::intake::form::fold::{fold, words};
use crate::intake::form::lexicon::{LEXICON, channel};
use crate::referral::packet::Field;

/// A yes that cannot be said of anything but the question. "Ok", "fine", "safe" may be said of the other way.
const PLAIN: [&str; 7] = ["yes", "y", "yeah", "yep", "yes please", "si", "si por favor"];

/// How a yes was given. All of it is said of the yes before it.
const GIVEN: [&str; 23] = [
    "verbal",
    "verbally",
    "verbal consent",
    "verbal consent given",
    "informed verbal consent",
    "consent given",
    "consent given verbally",
    "confirmed",
    "confirmed verbally",
    "client confirmed",
    "client has confirmed",
    "client agreed",
    "client agreed verbally",
    "client consented",
    "client consented verbally",
    "client gave consent",
    "client gave verbal consent",
    "client has given verbal consent",
    "verbalmente",
    "de forma verbal",
    "consentimiento verbal",
    "dio su consentimiento",
    "la clienta dio su consentimiento",
];

/// Where it was given, behind how.
const GIVEN_OVER: [&str; 3] = ["over the phone", "over phone", "por telefono"];

/// What begins something that is said beside a yes and takes nothing from it.
const ADDS: [&str; 6] = ["and", "also", "ok to", "okay to", "detailed messages", "y"];

/// Whether an answer about one way names another: "Safe to email: ok to call" is no yes to email.
pub(super) fn names_another_way_than(field: Field, value: &str) -> bool {
    match field {
        Field::SafeCall => names_another_way(channel::CALL | channel::VOICEMAIL, true, value),
        Field::SafeVoicemail => names_another_way(channel::VOICEMAIL, true, value),
        Field::SafeText => names_another_way(channel::TEXT, true, value),
        Field::SafeEmail => names_another_way(channel::EMAIL, false, value),
        Field::SafeLetter => names_another_way(channel::LETTER, false, value),
        _ => false,
    }
}

/// Whether it names other ways than these and none of these. "On her cell", "this number" may be said of whatever goes
/// there, and of nothing that does not.
pub(super) fn names_another_way(own: u8, is_by_phone: bool, value: &str) -> bool {
    let folded = fold(value);
    let words = words(&folded);
    if only_adds(&words) {
        return false;
    }
    let is_of_phones = |word: &&str| LEXICON.phrases("number_words").is(word);
    let (phones, words): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| is_of_phones(word));
    let phone = if phones.is_empty() || is_by_phone { 0 } else { channel::CALL };
    let named = mentioned(&words) | phone;
    named != 0 && named & own == 0
}

/// Whether a plain yes comes first, and what follows it is known to be said beside it: "yes, and ok to call", "yes,
/// client confirmed over the phone". Of anything else nobody knows whether it is said instead: "yes, her phone".
fn only_adds(words: &[&str]) -> bool {
    let rest = behind(words, &PLAIN);
    if rest.len() == words.len() {
        return false;
    }
    let given = behind(rest, &GIVEN);
    let rest = if given.len() < rest.len() { behind(given, &GIVEN_OVER) } else { rest };
    rest.is_empty() || behind(rest, &ADDS).len() < rest.len()
}

/// What stands behind the longest of these phrases that the words begin with.
fn behind<'a, 'w>(words: &'a [&'w str], phrases: &[&str]) -> &'a [&'w str] {
    let size = |phrase: &&str| {
        let is_begun = phrase.split(' ').enumerate().all(|(at, word)| words.get(at) == Some(&word));
        is_begun.then(|| phrase.split(' ').count())
    };
    words.get(phrases.iter().filter_map(size).max().unwrap_or(0)..).unwrap_or_default()
}

const LISTS: [(&str, u8); 5] = [
    ("voicemail", channel::VOICEMAIL),
    ("text", channel::TEXT),
    ("letter", channel::LETTER),
    ("email", channel::EMAIL),
    ("call", channel::CALL),
];

/// The channel whose words begin here, and how many words they are; the longest wins ("text message" is no message).
pub(crate) fn channel_at(words: &[&str]) -> Option<(u8, usize)> {
    LISTS
        .iter()
        .map(|(list, bit)| (*bit, LEXICON.phrases(list).starts(words)))
        .filter(|(_, size)| *size > 0)
        .max_by_key(|(_, size)| *size)
}

/// Every channel the words speak of, as bits.
pub(super) fn mentioned(words: &[&str]) -> u8 {
    let mut bits = 0;
    let mut at = 0;
    while at < words.len().min(200) {
        match channel_at(words.get(at..).unwrap_or_default()) {
            Some((bit, size)) => {
                bits |= bit;
                at += size;
            }
            None => at += 1,
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::super::asked::safe;
    use super::super::{Asked, asked};
    use super::*;
    use crate::intake::form::tests::context;
    use crate::referral::packet::Judged;

    fn is_yes(field: Field, value: &str) -> bool {
        safe(Asked { field, channels: 0, reversed: false }, value).judged == Judged::Yes
    }

    #[test]
    fn a_yes_to_another_way_is_no_yes_to_this_one() {
        for (field, value, expected) in [
            (Field::SafeEmail, "ok to call", false),
            (Field::SafeEmail, "phone is fine", false),
            (Field::SafeEmail, "text ok", false),
            (Field::SafeEmail, "sí, llamar", false),
            (Field::SafeEmail, "yes, email is fine", true),
            (Field::SafeEmail, "yes, call and email", true),
            (Field::SafeEmail, "yes, please", true),
            (Field::SafeEmail, "Yes, and ok to call", true),
            (Field::SafeEmail, "Y - ok to leave voicemail", true),
            (Field::SafeEmail, "yes, client confirmed over the phone", true),
            (Field::SafeEmail, "Yes, verbally over the phone", true),
            (Field::SafeEmail, "yes, by phone", false),
            (Field::SafeEmail, "sí (por teléfono)", false),
            (Field::SafeEmail, "yes, call", false),
            (Field::SafeText, "Yes, detailed messages ok", true),
            (Field::SafeText, "ok to call", false),
            (Field::SafeText, "yes, this phone", true),
            (Field::SafeVoicemail, "ok to call", false),
            (Field::SafeVoicemail, "yes, safe to leave a message", true),
            (Field::SafeCall, "yes, ok to leave voicemail", true),
            (Field::SafeCall, "text ok", false),
            (Field::SafeLetter, "email ok", false),
        ] {
            assert_eq!(is_yes(field, value), expected, "{field:?} {value}");
        }
        assert!(!names_another_way(channel::EMAIL, true, "yes, verbally over the phone"), "how, not which");
        assert!(names_another_way(channel::EMAIL, true, "ok to text"));
    }

    #[test]
    fn what_may_be_said_instead_of_a_yes_is_no_yes() {
        for value in [
            "ok please call her",
            "fine, please text",
            "ok, you may text her phone",
            "okay you may call",
            "Yes, you may call",
            "yes, her phone",
            "yes, the phone is fine",
            "confirmed by client, please call",
            "safe, this number",
            "sí, puede llamar",
            "sí, favor de llamar",
            "sí, por favor llamar",
            "on her phone",
            "x, her phone",
            "sure, call her anytime",
            "Yes, this number is safe",
            "yes, client confirmed this number",
            "yes, client confirmed, call her",
            "yes, absolutely, call",
            "fine, and call her",
            "signed, you can text them",
            "de acuerdo, puede llamar",
            "claro, llamar a su número",
            "sí, este número es seguro",
            "sí, la clienta acepta llamadas",
            "oui, par téléphone",
            "sim, pode ligar",
            "wi, rele li nan telefòn",
        ] {
            assert!(!is_yes(Field::SafeEmail, value), "{value}");
        }
        for value in ["ok, her phone", "yes, you may call", "on her cell"] {
            assert!(!is_yes(Field::SafeLetter, value), "{value}");
        }
        for (field, value) in
            [(Field::SafeText, "fine, you may call"), (Field::SafeVoicemail, "ok, please call her")]
        {
            assert!(!is_yes(field, value), "{value}");
        }
    }

    #[test]
    fn a_consent_beside_another_way_is_none_or_one_to_that_way_alone() {
        for (value, scope) in
            [("ok, please call her", "contact by call"), ("ok, you may text", "contact by text")]
        {
            let verdict = asked::consent(Field::Consent, value, &context());
            let Some((_, _, Judged::Scope(read))) = verdict.also.first() else { panic!("{value}") };
            assert_eq!(read.words(), scope, "{value}");
        }
        let judged = asked::consent(Field::Consent, "on her phone", &context()).judged;
        assert!(matches!(judged, Judged::Unclear(_)));
    }

    #[test]
    fn a_plain_yes_stays_one_whatever_is_said_beside_it() {
        for value in [
            "on",
            "ok",
            "Yes, client has signed the release",
            "yes and please call",
            "yes, verbal consent over the phone",
            "yes - okay to text",
            "Yes, consent given verbally, and ok to leave a message",
            "sí, y puede llamar",
            "sí, verbalmente por teléfono",
            "ok, email is fine",
            "sí, el correo es seguro",
        ] {
            assert!(is_yes(Field::SafeEmail, value), "{value}");
        }
    }
}
